"""The limits of rest: changed by named decisions alone, never looser than the law, held by the database itself."""

from datetime import timedelta

import pytest

from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.law.rest import REST_RULES, RestLimit
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Cancellation, RuleDecision, Stand
from muster.units.queries import ROOT
from tests.people.factories import officer
from tests.plan.conftest import (
    AN_LAM,
    AT,
    BY,
    DAY,
    DUTY,
    PROVINCE,
    bites,
    codes,
    events,
    other_venue,
    session_row,
    sql,
    units,
    wall,
)  # fmt: skip

__all__ = ["units"]

LATER = DAY + timedelta(days=5)
LAWFUL = [limit.value for limit in RestLimit]


@pytest.fixture
def general(units):
    """Return an officer who decides for the whole country."""
    return officer("tuong", full_name="Nguyễn Văn Cương", is_demo=True)


def decided(row, general, at=AT, roles=((Role.COMMANDER, ROOT),)):
    by = Actor(general.id, ROOT, Purpose.COMMAND)
    grants = Grants(general.id, Kind.OFFICER, ROOT, tuple(roles))
    return plan.decide_rules(decisions=[row], grants=grants, by=by, at=at)


def decision(name="hours_a_day", value=8, **more):
    told = {
        "id": new_id(), "name": name, "number": 1, "value": value, "valid_from": LATER,
        "source": "Quyết định 07/QĐ-C06", "reason": "Nắng nóng gay gắt",
    }  # fmt: skip
    return RuleDecision(**told | more)


def test_a_decision_holds_from_its_day_on_and_names_who_why_and_by_which_paper(general):
    row = decision()
    assert decided(row, general).done == [row.id]
    assert [queries.rules(day)["hours_a_day"].value for day in (LATER - timedelta(days=1), LATER)] == [12, 8]
    line = queries.rules(LATER)["hours_a_day"]
    assert (line.number, line.decided_by, line.decided_by_name, line.decided_at) == (
        2, general.id, "Nguyễn Văn Cương", AT,
    )  # fmt: skip
    assert (line.source, line.reason, line.assumed) == ("Quyết định 07/QĐ-C06", "Nắng nóng gay gắt", False)
    assert line.measure == "hours of an officer in one work day"
    limits = queries.limits()
    assert [limits.on(day).hours for day in (DAY, LATER)] == [timedelta(hours=12), timedelta(hours=8)]
    assert events("rule") == ["decide"]
    assert sql("SELECT reason FROM events_event WHERE thing = %s", row.id) == [
        ("hours_a_day 12 > 8: Quyết định 07/QĐ-C06",)
    ]
    ((batch, who),) = sql("SELECT action, officer FROM audit_batch WHERE action = 'plan.decide_rules' AND detail = '1'")
    assert (batch, who) == ("plan.decide_rules", general.id)


def test_the_same_decision_sent_twice_is_one_and_another_under_its_id_is_refused(general):
    row = decision()
    assert decided(row, general).done == decided(row, general).done == [row.id]
    assert codes(decided(decision(id=row.id, value=9), general)) == [(0, "id_taken")]
    assert events("rule") == ["decide"]


def test_what_is_refused_and_the_good_rows_kept(general):
    tomorrow = DAY + timedelta(days=1)
    rows = [
        decision("sleep", 8),
        decision("hours_a_day", 13),
        decision("rest_hours", 11),
        decision("pause_minutes", 61),
        decision("days_in_a_row", 7),
        decision("overbook", 1001),
        decision("rest_hours", 14, source=" "),
        decision("rest_hours", 14, reason="x" * 121),
        decision("rest_hours", 14, valid_from=AT.date()),
        decision("rest_hours", 14, number=2),
        decision("rest_hours", 14, valid_from=tomorrow),
        decision("rest_hours", 13, number=2, valid_from=AT.date() + timedelta(days=1)),
    ]
    by = Actor(general.id, ROOT, Purpose.COMMAND)
    grants = Grants(general.id, Kind.OFFICER, ROOT, ((Role.COMMANDER, ROOT),))
    result = plan.decide_rules(decisions=rows, grants=grants, by=by, at=AT)
    assert codes(result) == [
        (0, "unknown_rule"), (1, "looser_than_law"), (2, "looser_than_law"), (3, "looser_than_law"),
        (4, "looser_than_law"), (5, "looser_than_law"), (6, "decision_unnamed"), (7, "decision_unnamed"),
        (8, "rule_too_soon"), (9, "changed_meanwhile"), (11, "rule_too_soon"),
    ]  # fmt: skip
    assert result.done == [rows[10].id]
    assert "Labour Code 45/2019/QH14 Art. 110" in result.refused[2].refusal.text("vi")
    assert result.refused[-1].refusal.text("en") == "A new figure holds from 11/05/2021 on at the earliest."


def test_only_a_person_with_the_right_over_the_whole_country_decides(general):
    assert codes(decided(decision(), general, roles=[(Role.COMMANDER, PROVINCE)])) == [(0, "not_allowed")]
    assert codes(decided(decision(), general, roles=[(Role.PLANNER, ROOT)])) == [(0, "not_allowed")]
    machine = plan.decide_rules(decisions=[decision()], grants=None, by=BY, at=AT)
    assert codes(machine) == [(0, "decided_by_nobody")]
    assert events("rule") == []


def test_a_decision_that_has_not_begun_is_followed_by_another(general):
    assert not decided(decision(value=8), general).refused
    assert not decided(decision(value=10, number=2), general).refused
    assert queries.rules(LATER)["hours_a_day"].value == 10
    assert [line.value for line in queries.rule_lines() if line.name == "hours_a_day"] == [10, 8, 12]


def test_scheduling_keeps_to_the_limit_of_the_day(general, campaign, venue, kits, crews):
    assert not decided(decision(value=6), general).refused
    before, on = LATER - timedelta(days=1), LATER
    rows = [session_row(campaign, venue, Stand(kits[0], crews[0]), day=day) for day in (before, on)]
    result = plan.schedule_sessions(sessions=rows, by=BY, at=AT)
    assert codes(result) == [(1, "too_many_hours")]
    assert result.refused[0].refusal.text("en").endswith("more than 6 hours that day.")
    assert result.done == [rows[0].id]


def test_places_are_overbooked_by_the_rule_of_the_day(general, campaign, venue, kits):
    assert not decided(decision("overbook", 0), general).refused
    rows = [session_row(campaign, venue, Stand(kits[0]), day=day) for day in (DAY, LATER)]
    assert not plan.schedule_sessions(sessions=rows, by=BY, at=AT).refused
    assert sql("SELECT overbook FROM plan_session ORDER BY work_day") == [(176,), (0,)]


def test_what_was_planned_before_a_stricter_limit_is_listed_until_somebody_changes_it(
    general, campaign, venue, kits, crews
):
    school = other_venue()
    days = [LATER + timedelta(days=number) for number in range(3)]
    rows = [session_row(campaign, venue, Stand(kits[0], crews[0]), day=day) for day in days]
    early = session_row(
        campaign, school, Stand(kits[1], crews[1]), shift=1, starts="06:00", ends="12:00", day=DAY + timedelta(days=1)
    )
    assert not plan.schedule_sessions(sessions=[*rows, early], by=BY, at=AT).refused
    assert queries.broken(PROVINCE, DAY) == []
    for row in (decision(value=6), decision("rest_hours", 18), decision("days_in_a_row", 2)):
        assert not decided(row, general).refused
    told = [(one.day, one.breach) for one in queries.broken(PROVINCE, DAY, limit=100)]
    assert sorted(set(told)) == sorted(
        [(day, "hours") for day in days] + [(day, "rest") for day in days[1:]] + [(days[-1], "day_off")]
    )
    assert len(told) == 3 * len(set(told))  # each of the three officers of the crew
    assert queries.broken(AN_LAM, days[-1] + timedelta(days=1)) == []
    gone = Cancellation(session=rows[1].id, reason="Giới hạn mới")
    assert not plan.cancel_sessions(cancellations=[gone], by=BY, at=AT).refused
    assert {one.breach for one in queries.broken(PROVINCE, DAY)} == {"hours"}


WRITTEN = """
    INSERT INTO plan_rule (id, name, number, valid_from, value, measure, source, assumed, decided_by_id, decided_at,
                           reason)
    SELECT %s, name, number + 1, %s, %s, measure, 'Quyết định', false, %s, %s, 'Lý do' FROM plan_rule WHERE name = %s
    ORDER BY number DESC LIMIT 1
"""


def written(general, name="hours_a_day", value=8, day=LATER, at=AT):
    """Write a decision past the operations."""
    return sql(WRITTEN, new_id(), day, value, general.id, at, name)


@pytest.mark.parametrize("rule", [rule for rule in REST_RULES if rule.valid_to is None], ids=lambda rule: rule.limit)
def test_the_database_refuses_what_is_looser_than_the_law(general, rule):
    for value in (rule.least - 1, rule.most + 1):
        bites("plan_rule_lawful", lambda value=value: written(general, rule.limit, value))
    for value in (rule.least, rule.most):
        assert written(general, rule.limit, value) == 1


def test_the_database_refuses_a_limit_nobody_knows_of(general):
    bites("plan_rule_lawful", lambda: sql(
        "INSERT INTO plan_rule VALUES ('sleep', 8, 'h', 'x', false, gen_random_uuid(), 1, '2021-01-01', NULL, NULL, '')"
    ))  # fmt: skip


def test_the_database_lets_nobody_change_or_remove_a_rule(general):
    bites("plan_rule_never_changed", lambda: sql("TRUNCATE plan_rule"))
    written(general)
    bites("plan_rule_never_changed", lambda: sql("UPDATE plan_rule SET value = 13 WHERE name = 'hours_a_day'"))
    bites("plan_rule_never_changed", lambda: sql("UPDATE plan_rule SET valid_from = '2030-01-01' WHERE number = 2"))
    bites("plan_rule_never_changed", lambda: sql("DELETE FROM plan_rule WHERE number = 2"))


def test_the_database_wants_a_name_a_paper_and_a_reason(general):
    held = {
        "source": "'Quyết định'", "reason": "'Lý do'", "decided_by_id": f"'{general.id}'::uuid",
        "decided_at": "timestamptz '2021-05-10 12:00+07'",
    }  # fmt: skip

    def unnamed(**more):
        told = held | more
        return sql(
            f"INSERT INTO plan_rule (id, name, number, valid_from, value, measure, assumed, {', '.join(told)}) "
            "SELECT gen_random_uuid(), name, 2, date '2021-07-01', 8, measure, false, "
            f"{', '.join(told.values())} FROM plan_rule WHERE name = 'hours_a_day'"
        )

    bites("plan_rule_decided", lambda: unnamed(decided_by_id="NULL::uuid"))
    bites("plan_rule_decided", lambda: unnamed(decided_at="NULL::timestamptz"))
    bites("plan_rule_decided", lambda: unnamed(source="' '"))
    bites("plan_rule_decided", lambda: unnamed(reason="''"))
    assert unnamed() == 1


def test_the_database_lets_rules_grow_one_after_the_other_and_never_back(general):
    assert written(general, day=LATER) == 1
    bites("plan_rule_grows", lambda: written(general, day=LATER - timedelta(days=1)))  # before the one decided last
    bites("plan_rule_grows", lambda: written(general, at=AT - timedelta(days=1)))
    bites("plan_rule_grows", lambda: written(general, "rest_hours", 14, day=AT.date()))  # for a day that has begun
    bites("plan_rule_grows", lambda: sql(
        "INSERT INTO plan_rule (id, name, number, valid_from, value, measure, source, assumed, decided_by_id, "
        "decided_at, reason) SELECT gen_random_uuid(), name, 5, '2021-07-01', 8, measure, 'x', false, %s, %s, 'y' "
        "FROM plan_rule WHERE name = 'hours_a_day' LIMIT 1", general.id, AT,
    ))  # fmt: skip
    bites("plan_rule_grows", lambda: sql(
        "INSERT INTO plan_rule (id, name, number, valid_from, value, measure, source, assumed, reason) "
        "SELECT gen_random_uuid(), name, 1, '2016-01-01', 12, measure, source, true, '' FROM plan_rule "
        "WHERE name = 'rest_hours'"
    ))  # fmt: skip


def test_the_database_binds_each_day_by_its_own_limit(general, evening, officers):
    shown = wall("18:00", LATER), wall("01:00", LATER + timedelta(days=1))
    sql("UPDATE plan_session SET work_day = work_day + 5, starts_at = %s, ends_at = %s", *shown)
    sql("DELETE FROM plan_duty")
    written(general, value=6, day=LATER + timedelta(days=1))
    assert sql(DUTY, officers[0].id, evening.id) == 1  # seven hours on the last day that allows twelve
    written(general, value=6, day=LATER + timedelta(days=1))
    sql("DELETE FROM plan_duty")
    shown = wall("18:00", LATER + timedelta(days=1)), wall("01:00", LATER + timedelta(days=2))
    sql("UPDATE plan_session SET work_day = work_day + 1, starts_at = %s, ends_at = %s", *shown)
    bites("plan_duty_hours_a_day", lambda: sql(DUTY, officers[0].id, evening.id))


def test_a_day_without_a_rule_lets_nobody_work(evening):
    bites("plan_rule_there", lambda: sql("SELECT plan_limit('hours_a_day', date '2015-12-31')"))
    bites("plan_rule_there", lambda: sql("SELECT plan_limit('sleep', date '2021-05-10')"))


def test_a_guard_that_is_off_is_told(units):
    assert queries.guards() == dict.fromkeys([*LAWFUL, "overbook"], True)
    sql("ALTER TABLE plan_duty DISABLE TRIGGER plan_duty_rest_changed")
    assert {name for name, held in queries.guards().items() if not held} == {
        "rest_hours", "pause_minutes", "days_in_a_row",
    }  # fmt: skip
    sql("ALTER TABLE plan_rule DISABLE TRIGGER plan_rule_never_changed")
    assert not any(queries.guards().values())
