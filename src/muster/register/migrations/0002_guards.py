"""What the database holds about households and numbers beyond single rows."""

from django.db import migrations

# A head that is not null and points back to a member of this very household: exactly one, always. It is checked at
# the end of the transaction, so that household and head may come in either order.
HEAD = """
ALTER TABLE register_household ADD CONSTRAINT register_household_head_is_a_member
    FOREIGN KEY (id, head) REFERENCES register_person (household_id, id) DEFERRABLE INITIALLY DEFERRED;
"""

# Law notes: a row goes uncleaned -> eligible -> numbered and never back.
NEVER_BACK = """
CREATE FUNCTION register_number_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN array_position(ARRAY['uncleaned', 'eligible', 'numbered'], state);
CREATE FUNCTION register_refuse_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a person never goes back from % to %', OLD.number_state, NEW.number_state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'register_person_never_back';
END $$;
CREATE TRIGGER register_person_never_back BEFORE UPDATE OF number_state ON register_person FOR EACH ROW
    WHEN (register_number_state_rank(NEW.number_state) < register_number_state_rank(OLD.number_state))
    EXECUTE FUNCTION register_refuse_back();
"""

# A number once given out is never taken away from history, nor given to somebody else.
NEVER_REUSED = """
CREATE FUNCTION register_refuse_reuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a personal number is given once and stays in history (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER register_number_never_removed BEFORE DELETE OR TRUNCATE ON register_number
    FOR EACH STATEMENT EXECUTE FUNCTION register_refuse_reuse();
CREATE TRIGGER register_number_never_reused BEFORE UPDATE ON register_number FOR EACH ROW
    WHEN (NEW.number <> OLD.number OR NEW.person <> OLD.person OR OLD.until IS NOT NULL)
    EXECUTE FUNCTION register_refuse_reuse();
"""

UNDO = """
ALTER TABLE register_household DROP CONSTRAINT register_household_head_is_a_member;
DROP TRIGGER register_person_never_back ON register_person;
DROP TRIGGER register_number_never_removed ON register_number;
DROP TRIGGER register_number_never_reused ON register_number;
DROP FUNCTION register_refuse_back, register_number_state_rank, register_refuse_reuse;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [migrations.RunSQL(HEAD + NEVER_BACK + NEVER_REUSED, UNDO)]
