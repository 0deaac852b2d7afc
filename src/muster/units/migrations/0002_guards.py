"""What a check constraint cannot say: the tree is whole on every day, and successions meet at one day.

Statement-level triggers look at all changed rows at once, so a load of thousands of units pays for one join. The
parents are locked FOR SHARE: nobody closes a parent while a child is being put below it.
"""

from typing import ClassVar

from django.db import migrations

TREE = """
CREATE FUNCTION units_level_rank(level text) RETURNS int LANGUAGE sql IMMUTABLE
RETURN array_position(ARRAY['country', 'province', 'district', 'commune', 'hamlet'], level);

CREATE FUNCTION units_guard_tree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  PERFORM 1 FROM units_unit p WHERE p.id IN (SELECT parent_id FROM changed) ORDER BY p.id FOR SHARE;

  SELECT c.id, c.code INTO bad FROM changed c
   WHERE c.parent_id IS NULL AND c.ancestors <> ARRAY[c.id] LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unit % (%): the root is its only ancestor', bad.code, bad.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'units_unit_ancestors';
  END IF;

  -- every changed row below its parent, and every child of a changed row
  FOR bad IN
    SELECT u.id, u.code,
           u.ancestors <> p.ancestors || u.id AS lost,
           NOT (units_level_rank(u.level) > units_level_rank(p.level)
                OR (u.level = 'hamlet' AND p.level = 'hamlet')) AS upside_down,
           NOT (daterange(u.valid_from, u.valid_to) <@ daterange(p.valid_from, p.valid_to)) AS orphaned
      FROM units_unit u JOIN units_unit p ON p.id = u.parent_id
     WHERE u.id IN (SELECT id FROM changed) OR u.parent_id IN (SELECT id FROM changed)
  LOOP
    IF bad.lost THEN
      RAISE EXCEPTION 'unit % (%): its ancestors are not those of its parent and itself', bad.code, bad.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'units_unit_ancestors';
    ELSIF bad.upside_down THEN
      RAISE EXCEPTION 'unit % (%): its level is not below that of its parent', bad.code, bad.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'units_unit_below';
    ELSIF bad.orphaned THEN
      RAISE EXCEPTION 'unit % (%): its parent does not hold on all its days', bad.code, bad.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'units_unit_parent_valid';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER units_guard_tree_insert AFTER INSERT ON units_unit
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION units_guard_tree();
CREATE TRIGGER units_guard_tree_update AFTER UPDATE ON units_unit
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION units_guard_tree();
"""

TREE_BACK = """
DROP TRIGGER units_guard_tree_update ON units_unit;
DROP TRIGGER units_guard_tree_insert ON units_unit;
DROP FUNCTION units_guard_tree;
DROP FUNCTION units_level_rank;
"""

SUCCESSION = """
CREATE FUNCTION units_guard_succession() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT c.predecessor_id, c.successor_id INTO bad
    FROM changed c JOIN units_unit p ON p.id = c.predecessor_id JOIN units_unit s ON s.id = c.successor_id
   WHERE p.valid_to IS DISTINCT FROM c."on" OR s.valid_from <> c."on" LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'succession % -> %: one must close and the other open on its day',
      bad.predecessor_id, bad.successor_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'units_succession_day';
  END IF;

  -- all of the land, or all of the people, leaves nothing for another
  SELECT s.predecessor_id INTO bad FROM units_succession s
   WHERE s.predecessor_id IN (SELECT predecessor_id FROM changed)
   GROUP BY s.predecessor_id
  HAVING bool_or(s.share = 'whole') AND count(*) FILTER (WHERE s.share <> 'none') > 1
      OR bool_or(s.people = 'whole') AND count(*) FILTER (WHERE s.people <> 'none') > 1
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unit % cannot go whole to one successor and in part to another', bad.predecessor_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'units_succession_whole_alone';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER units_guard_succession_insert AFTER INSERT ON units_succession
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION units_guard_succession();
CREATE TRIGGER units_guard_succession_update AFTER UPDATE ON units_succession
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION units_guard_succession();

CREATE FUNCTION units_guard_days_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT u.id, u.code INTO bad
    FROM changed u JOIN units_succession s ON u.id IN (s.predecessor_id, s.successor_id)
   WHERE (u.id = s.predecessor_id AND u.valid_to IS DISTINCT FROM s."on")
      OR (u.id = s.successor_id AND u.valid_from <> s."on") LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unit % (%): a succession holds its day', bad.code, bad.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'units_succession_day';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER units_guard_days_kept_update AFTER UPDATE ON units_unit
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION units_guard_days_kept();

CREATE FUNCTION units_guard_renaming() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM units_unit u
   WHERE u.id = NEW.unit_id AND NEW."on" > u.valid_from AND (u.valid_to IS NULL OR NEW."on" < u.valid_to) FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unit % does not hold on the day of its renaming', NEW.unit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'units_renaming_day';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER units_guard_renaming BEFORE INSERT OR UPDATE ON units_renaming
  FOR EACH ROW EXECUTE FUNCTION units_guard_renaming();
"""

SUCCESSION_BACK = """
DROP TRIGGER units_guard_renaming ON units_renaming;
DROP FUNCTION units_guard_renaming;
DROP TRIGGER units_guard_days_kept_update ON units_unit;
DROP FUNCTION units_guard_days_kept;
DROP TRIGGER units_guard_succession_update ON units_succession;
DROP TRIGGER units_guard_succession_insert ON units_succession;
DROP FUNCTION units_guard_succession;
"""


class Migration(migrations.Migration):
    """Put the guards on the tables."""

    dependencies: ClassVar = [("units", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(TREE, TREE_BACK),
        migrations.RunSQL(SUCCESSION, SUCCESSION_BACK),
    ]
