"""Batches are appended by one function, which ties each to the one before it; nothing is ever changed or removed."""

from django.db import migrations

# A connection always writes to the same chain, so a transaction holds at most one head, and takes it last.
# Here and in audit/chain.py stands the same formula for the hash of a batch.
APPEND = """
CREATE FUNCTION audit_append(
    batch uuid, at timestamptz, officer uuid, unit int, purpose text, device text, action text, detail text,
    events_batch uuid, leaves bytea, root bytea, body bytea, kinds text[], subjects uuid[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    chain smallint := pg_backend_pid() % 16;
    head audit_head;
BEGIN
    INSERT INTO audit_head (shard, no, hash) VALUES (chain, 0, sha256('')) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head WHERE shard = chain FOR UPDATE;
    head.no := head.no + 1;
    INSERT INTO audit_batch (id, shard, no, at, officer, unit, purpose, device, action, detail, entries, events_batch,
                             leaves, root, previous, hash)
    VALUES (batch, chain, head.no, at, officer, unit, purpose, device, action, detail, cardinality(subjects),
            events_batch, leaves, root, head.hash,
            sha256('muster/audit/v1'::bytea || head.hash || int2send(chain) || int8send(head.no) || body))
    RETURNING hash INTO head.hash;
    INSERT INTO audit_entry (batch_id, position, subject_kind, subject)
    SELECT batch, place - 1, kind, subject FROM unnest(kinds, subjects) WITH ORDINALITY AS of (kind, subject, place);
    UPDATE audit_head SET no = head.no, hash = head.hash WHERE shard = chain;
END $$;
"""

APPEND_ONLY = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_batch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_batch
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_head_never_removed BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

UNDO = """
DROP TRIGGER audit_batch_append_only ON audit_batch;
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP TRIGGER audit_seal_append_only ON audit_seal;
DROP TRIGGER audit_head_never_removed ON audit_head;
DROP FUNCTION audit_append, audit_refuse_change;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + APPEND_ONLY, UNDO)]
