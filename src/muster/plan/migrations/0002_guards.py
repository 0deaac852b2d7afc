"""What the database holds about the plan beyond single rows, and the figures the plan is bound by."""

from django.db import migrations

RULES = """
INSERT INTO plan_rule (name, value, measure, source, assumed) VALUES
    ('hours_a_day', 12, 'hours of an officer in one work day',
     'Labour Code 45/2019/QH14 art. 107(2)(b): work and overtime together at most 12 hours a day; the police follow it by choice of this house', true),
    ('overbook', 176, 'per mille booked on top of the places',
     'planning notes: 15 % of appointments are not kept, 1/0.85 = 1.176', true);
"""

# Copies of a session's hours and life in its stands and duties stay equal to it, whatever changes.
COPIES = """
ALTER TABLE plan_stand ADD CONSTRAINT plan_stand_as_its_session FOREIGN KEY (session_id, starts_at, ends_at, live)
    REFERENCES plan_session (id, starts_at, ends_at, live) ON UPDATE CASCADE;
ALTER TABLE plan_duty ADD CONSTRAINT plan_duty_as_its_session FOREIGN KEY (session_id, starts_at, ends_at, live)
    REFERENCES plan_session (id, starts_at, ends_at, live) ON UPDATE CASCADE;
ALTER TABLE plan_member ADD CONSTRAINT plan_member_is_trained FOREIGN KEY (officer_id, post)
    REFERENCES plan_training (officer_id, post);
ALTER TABLE plan_target ADD CONSTRAINT plan_target_order_id UNIQUE (id, order_id);
ALTER TABLE plan_target ADD CONSTRAINT plan_target_parent_of_one_order FOREIGN KEY (parent_id, order_id)
    REFERENCES plan_target (id, order_id);
ALTER TABLE plan_appointment ADD CONSTRAINT plan_appointment_offered FOREIGN KEY (session_id, offer)
    REFERENCES plan_offer (session_id, group_code);
"""

# The evening's shift ends at 01:00 of the next day and belongs to the evening; the work day begins at 04:00.
WORK_DAY = """
ALTER TABLE plan_session ADD CONSTRAINT plan_session_of_its_work_day CHECK (
    work_day = ((starts_at - interval '4 hours') AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    AND ends_at <= (work_day + 1 + time '04:00') AT TIME ZONE 'Asia/Ho_Chi_Minh');
"""

HOURS = """
CREATE FUNCTION plan_hold_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE worn record;
BEGIN
    SELECT duty.officer_id, duty.work_day, sum(duty.ends_at - duty.starts_at) AS hours INTO worn
    FROM plan_duty AS duty JOIN (SELECT DISTINCT officer_id, work_day FROM fresh WHERE live) AS touched
        USING (officer_id, work_day)
    WHERE duty.live GROUP BY 1, 2
    HAVING sum(duty.ends_at - duty.starts_at) > make_interval(hours => (SELECT value FROM plan_rule WHERE name = 'hours_a_day'))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'officer % would work % on %', worn.officer_id, worn.hours, worn.work_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_duty_hours_a_day';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_duty_hours_added AFTER INSERT ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_hours();
CREATE TRIGGER plan_duty_hours_changed AFTER UPDATE ON plan_duty REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_hours();
"""

ROOM = """
CREATE FUNCTION plan_hold_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE crowded record;
BEGIN
    SELECT stand.session_id, count(*) AS kits, venue.kits AS room INTO crowded
    FROM plan_stand AS stand JOIN (SELECT DISTINCT session_id FROM fresh) AS touched USING (session_id)
        JOIN plan_session AS session ON session.id = stand.session_id JOIN plan_venue AS venue ON venue.id = session.venue_id
    GROUP BY 1, 3 HAVING count(*) > venue.kits LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'session % has % kits where % find room', crowded.session_id, crowded.kits, crowded.room
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_stand_room';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_stand_room AFTER INSERT ON plan_stand REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_room();
"""

# How many may be booked into a slot: places with the overbooking carried from slot to slot, so that 5 places at 17.6 %
# give 5, 6, 6, 6 ... The sessions are locked first: two batches that fill one slot wait for each other.
SLOTS = """
CREATE FUNCTION plan_slot_room(places int, overbook int, nth int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN (nth + 1) * places * (1000 + overbook) / 1000 - nth * places * (1000 + overbook) / 1000;
CREATE FUNCTION plan_hold_slots() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE full_slot record;
BEGIN
    PERFORM 1 FROM plan_session WHERE id IN (SELECT session_id FROM fresh WHERE state = 'booked') ORDER BY id FOR NO KEY UPDATE;
    SELECT taken.session_id, taken.slot, taken.n INTO full_slot
    FROM (
        SELECT session_id, offer, slot, count(*) AS n FROM plan_appointment AS held
        WHERE state = 'booked' AND EXISTS (
            SELECT 1 FROM fresh WHERE fresh.state = 'booked' AND fresh.session_id = held.session_id AND fresh.slot = held.slot
                AND fresh.offer = held.offer)
        GROUP BY 1, 2, 3
    ) AS taken
    JOIN plan_session AS session ON session.id = taken.session_id
    JOIN plan_offer AS offer ON offer.session_id = taken.session_id AND offer.group_code = taken.offer
    WHERE NOT session.live OR taken.slot < offer.starts_at OR taken.slot >= offer.ends_at
        OR mod(extract(epoch FROM taken.slot - offer.starts_at)::int, 900) <> 0
        OR taken.n > plan_slot_room(offer.places, session.overbook, extract(epoch FROM taken.slot - offer.starts_at)::int / 900)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'session % takes no % at %', full_slot.session_id, full_slot.n, full_slot.slot
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_appointment_room';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_appointment_room_added AFTER INSERT ON plan_appointment REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_slots();
CREATE TRIGGER plan_appointment_room_changed AFTER UPDATE ON plan_appointment REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION plan_hold_slots();
"""

# A session never goes while somebody is booked into it: its appointments become "to re-book" first, in one transaction.
NOBODY_LOST = """
CREATE FUNCTION plan_hold_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM plan_appointment WHERE session_id = NEW.id AND state = 'booked')
       AND NOT (SELECT live FROM plan_session WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'session % is cancelled while people are booked into it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_session_nobody_lost';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER plan_session_nobody_lost AFTER UPDATE OF live ON plan_session DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.live AND NOT NEW.live) EXECUTE FUNCTION plan_hold_booked();
CREATE FUNCTION plan_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an appointment ends by a move, it is never removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_appointment_never_removed BEFORE DELETE OR TRUNCATE ON plan_appointment
    FOR EACH STATEMENT EXECUTE FUNCTION plan_refuse_removal();
"""

UNDO = """
DROP TRIGGER plan_appointment_never_removed ON plan_appointment;
DROP TRIGGER plan_session_nobody_lost ON plan_session;
DROP TRIGGER plan_appointment_room_changed ON plan_appointment;
DROP TRIGGER plan_appointment_room_added ON plan_appointment;
DROP TRIGGER plan_stand_room ON plan_stand;
DROP TRIGGER plan_duty_hours_changed ON plan_duty;
DROP TRIGGER plan_duty_hours_added ON plan_duty;
DROP FUNCTION plan_refuse_removal, plan_hold_booked, plan_hold_slots, plan_slot_room, plan_hold_room, plan_hold_hours;
ALTER TABLE plan_session DROP CONSTRAINT plan_session_of_its_work_day;
ALTER TABLE plan_appointment DROP CONSTRAINT plan_appointment_offered;
ALTER TABLE plan_target DROP CONSTRAINT plan_target_parent_of_one_order;
ALTER TABLE plan_target DROP CONSTRAINT plan_target_order_id;
ALTER TABLE plan_member DROP CONSTRAINT plan_member_is_trained;
ALTER TABLE plan_duty DROP CONSTRAINT plan_duty_as_its_session;
ALTER TABLE plan_stand DROP CONSTRAINT plan_stand_as_its_session;
DELETE FROM plan_rule;
"""


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]
    operations = [migrations.RunSQL(RULES + COPIES + WORK_DAY + HOURS + ROOM + SLOTS + NOBODY_LOST, UNDO)]
