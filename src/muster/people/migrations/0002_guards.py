"""What a check constraint cannot say: a volunteer stays one, and what was given, asked or decided is not rewritten."""

from typing import ClassVar

from django.db import migrations

KIND = """
ALTER TABLE people_assignment ADD CONSTRAINT people_assignment_kind
  FOREIGN KEY (officer_id, kind) REFERENCES people_officer (id, kind);
"""
KIND_BACK = "ALTER TABLE people_assignment DROP CONSTRAINT people_assignment_kind;"

HISTORY = """
CREATE FUNCTION people_guard_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.officer_id, OLD.role, OLD.unit_id, OLD.valid_from, OLD.given_by)
     IS DISTINCT FROM (NEW.id, NEW.officer_id, NEW.role, NEW.unit_id, NEW.valid_from, NEW.given_by)
     OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to
         AND (NEW.valid_to IS NULL OR NEW.valid_to > OLD.valid_to)) THEN
    RAISE EXCEPTION 'assignment %: it may only end, or end earlier', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'people_assignment_history';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER people_guard_assignment BEFORE UPDATE ON people_assignment
  FOR EACH ROW EXECUTE FUNCTION people_guard_assignment();

CREATE FUNCTION people_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.id, OLD.kind, OLD.subject_kind, OLD.subject, OLD.unit_id, OLD.asked_by_id, OLD.asked_at, OLD.reason)
     IS DISTINCT FROM
     (NEW.id, NEW.kind, NEW.subject_kind, NEW.subject, NEW.unit_id, NEW.asked_by_id, NEW.asked_at, NEW.reason)
     OR (OLD.decision <> '' AND (OLD.decision, OLD.decided_by_id, OLD.decided_at, OLD.note, OLD.expires_at)
         IS DISTINCT FROM (NEW.decision, NEW.decided_by_id, NEW.decided_at, NEW.note, NEW.expires_at))
     OR (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at) THEN
    RAISE EXCEPTION 'approval %: what was asked, decided or used stands', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'people_approval_history';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER people_guard_approval BEFORE UPDATE ON people_approval
  FOR EACH ROW EXECUTE FUNCTION people_guard_approval();

CREATE FUNCTION people_guard_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps every row', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_kept';
END $$;

CREATE TRIGGER people_guard_assignment_kept BEFORE DELETE ON people_assignment
  FOR EACH STATEMENT EXECUTE FUNCTION people_guard_kept();
CREATE TRIGGER people_guard_approval_kept BEFORE DELETE ON people_approval
  FOR EACH STATEMENT EXECUTE FUNCTION people_guard_kept();
"""

HISTORY_BACK = """
DROP TRIGGER people_guard_approval_kept ON people_approval;
DROP TRIGGER people_guard_assignment_kept ON people_assignment;
DROP FUNCTION people_guard_kept;
DROP TRIGGER people_guard_approval ON people_approval;
DROP FUNCTION people_guard_approval;
DROP TRIGGER people_guard_assignment ON people_assignment;
DROP FUNCTION people_guard_assignment;
"""


class Migration(migrations.Migration):
    """Put the guards on the tables."""

    dependencies: ClassVar = [("people", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(KIND, KIND_BACK),
        migrations.RunSQL(HISTORY, HISTORY_BACK),
    ]
