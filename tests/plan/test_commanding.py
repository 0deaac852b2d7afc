"""Who answers for a unit: named from above, one at a time, replaced and relieved; the database holds it."""

from datetime import date, timedelta

import pytest

from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.people.models import Officer
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.queries import InCharge
from muster.plan.rows import Naming, Relief
from muster.plan.words import Seat
from muster.units.models import Unit
from tests.people.factories import officer
from tests.plan.conftest import AN_LAM, AT, BY, HOP_TIEN, PROVINCE, bites, codes, events, sql, units
from tests.register.conftest import COUNTRY, DISTRICT

__all__ = ["units"]

TODAY, LATER = AT.date(), AT.date() + timedelta(days=10)


@pytest.fixture
def staff(units):
    """Return officers by where they work: the district has two."""
    at = {"district": DISTRICT, "second": DISTRICT, "commune": AN_LAM, "beside": HOP_TIEN, "province": PROVINCE}
    return {
        name: officer(f"cb.{name}", full_name=f"Trần {name}", unit=Unit.objects.get(id=unit), is_demo=True)
        for name, unit in at.items()
    }


def naming(who, unit=AN_LAM, **more):
    told = {"id": new_id(), "seat": Seat.COMMANDER, "since": TODAY, "paper": "QĐ 12/CAH"} | more
    return Naming(unit=unit, officer=who.id, **told)


def named(*rows, grants=None, by=BY, at=AT):
    return plan.name_commanders(namings=rows, grants=grants, by=by, at=at)


def relieved(command, until=LATER, reason="Nhận nhiệm vụ khác"):
    row = Relief(command=command, until=until, reason=reason)
    return plan.relieve_commanders(reliefs=[row], grants=None, by=BY, at=AT)


def test_officers_are_named_in_one_batch_and_the_same_sent_twice_is_done_once(staff):
    rows = [
        naming(staff["district"]),
        naming(staff["commune"], seat=Seat.DEPUTY),
        naming(staff["district"], HOP_TIEN),  # one officer may answer for several units
    ]
    assert named(*rows).done == named(*rows).done == [row.id for row in rows]
    assert queries.in_charge([AN_LAM, HOP_TIEN, DISTRICT], TODAY) == {
        AN_LAM: InCharge(staff["district"].id, "Trần district", "Trần commune"),
        HOP_TIEN: InCharge(staff["district"].id, "Trần district"),
    }
    assert queries.in_charge([AN_LAM], TODAY - timedelta(days=1)) == {}
    assert events("command") == ["name"] * 3
    assert sql("SELECT action, detail FROM audit_batch WHERE action = 'plan.command'") == [("plan.command", "3")]
    assert codes(named(naming(staff["second"], id=rows[0].id))) == [(0, "id_taken")]


def test_what_is_refused_and_the_good_rows_kept(staff):
    volunteer = officer("tnv", unit=Unit.objects.get(id=AN_LAM), kind=Kind.VOLUNTEER.value)
    gone = officer("cb.cu", unit=Unit.objects.get(id=AN_LAM), is_active=False, deactivated_at=AT)
    first = naming(staff["district"], until=LATER)
    rows = [
        first,
        naming(staff["district"], 999),
        naming(volunteer),
        naming(gone),
        naming(staff["commune"], DISTRICT),  # below, never above
        naming(staff["district"], HOP_TIEN, paper=" "),
        naming(staff["district"], HOP_TIEN, paper="x" * 121),
        naming(staff["district"], HOP_TIEN, since=TODAY - timedelta(days=1)),
        naming(staff["district"], HOP_TIEN, until=TODAY),
        naming(staff["second"], since=LATER - timedelta(days=1)),
        naming(staff["district"], seat=Seat.DEPUTY),
        naming(staff["second"], since=LATER),
        naming(staff["beside"], seat=Seat.DEPUTY),  # another commune of the district
        naming(staff["commune"], PROVINCE),
    ]
    result = named(*rows)
    assert codes(result) == [
        (1, "unit_unknown"), (2, "unknown_officer"), (3, "unknown_officer"), (4, "out_of_line"), (5, "no_paper"),
        (6, "no_paper"), (7, "in_the_past"), (8, "ends_before_it_begins"), (9, "has_commander"), (10, "two_seats"),
        (13, "out_of_line"),
    ]  # fmt: skip
    assert result.done == [rows[place].id for place in (0, 11, 12)]
    assert "Trần district" in result.refused[8].refusal.text("vi")


def test_whoever_replaces_relieves_and_only_of_what_was_read(staff):
    first, second = naming(staff["district"]), naming(staff["second"], since=LATER)
    assert not named(first).refused
    assert codes(named(second)) == [(0, "has_commander")]
    assert not named(naming(staff["second"], since=LATER, id=second.id, replaces=first.id, paper="QĐ 30")).refused
    days = (LATER - timedelta(days=1), LATER)
    assert [queries.in_charge([AN_LAM], day)[AN_LAM].name for day in days] == ["Trần district", "Trần second"]
    lines = queries.commands_of([AN_LAM])[AN_LAM]
    assert [(line.officer, line.until, line.reason) for line in lines] == [
        (staff["second"].id, None, ""), (staff["district"].id, LATER, "QĐ 30"),
    ]  # fmt: skip
    assert events("command") == ["name", "relieve", "name"]
    stale = naming(staff["province"], since=LATER, replaces=first.id)
    assert codes(named(stale)) == [(0, "has_commander")]


def test_a_command_ends_for_a_reason_and_one_that_never_began_never_was(staff):
    row, coming = naming(staff["district"]), naming(staff["commune"], seat=Seat.DEPUTY, since=LATER)
    assert not named(row, coming).refused
    assert relieved(row.id).done == relieved(row.id).done == [row.id]
    assert codes(relieved(row.id, LATER + timedelta(days=1))) == [(0, "command_ended")]
    assert codes(relieved(row.id, TODAY - timedelta(days=1))) == [(0, "in_the_past")]
    assert codes(relieved(row.id, TODAY, reason="")) == [(0, "no_paper")]
    assert codes(relieved(new_id())) == [(0, "unknown_command")]
    assert not relieved(row.id, LATER - timedelta(days=5)).refused  # earlier than was said first
    assert not relieved(coming.id, TODAY).refused
    assert queries.commands_by_ids([coming.id])[coming.id].until == LATER
    assert queries.in_charge([AN_LAM], LATER) == {}
    assert not named(naming(staff["commune"], since=LATER)).refused
    assert events("command") == ["name", "name", "relieve", "relieve", "relieve", "name"]


def test_nobody_names_who_commands_where_they_hold_the_right_but_only_below(staff):
    by = Actor(staff["district"].id, DISTRICT, Purpose.COMMAND)

    def tried(unit, role=Role.COMMANDER, held=DISTRICT):
        grants = Grants(staff["district"].id, Kind.OFFICER, DISTRICT, ((role, held),))
        return codes(named(naming(staff["district"], unit), grants=grants, by=by))

    assert tried(DISTRICT) == [(0, "not_allowed")]
    assert tried(AN_LAM, Role.PLANNER) == tried(AN_LAM, held=HOP_TIEN) == [(0, "not_allowed")]
    assert tried(AN_LAM) == []
    assert tried(DISTRICT, held=PROVINCE) == []
    row = Relief(command=queries.commands_of([DISTRICT])[DISTRICT][0].id, until=LATER, reason="x")
    grants = Grants(staff["district"].id, Kind.OFFICER, DISTRICT, ((Role.COMMANDER, DISTRICT),))
    assert codes(plan.relieve_commanders(reliefs=[row], grants=grants, by=by, at=AT)) == [(0, "not_allowed")]


def test_communes_without_anybody_are_listed_and_who_left_the_service_answers_for_nothing(staff):
    assert queries.without_commander(COUNTRY, TODAY) == [AN_LAM, HOP_TIEN]
    assert not named(naming(staff["district"]), naming(staff["second"], HOP_TIEN, since=LATER)).refused
    assert queries.without_commander(PROVINCE, TODAY) == [HOP_TIEN]
    assert queries.without_commander(PROVINCE, LATER) == []
    assert queries.without_commander(AN_LAM, TODAY) == []
    Officer.objects.filter(id=staff["district"].id).update(is_active=False, deactivated_at=AT)
    assert queries.without_commander(AN_LAM, TODAY) == [AN_LAM]
    assert queries.in_charge([AN_LAM], TODAY) == {}
    assert not queries.commands_of([AN_LAM])[AN_LAM][0].serves


def test_those_who_may_be_named_are_told_nearest_first(staff):
    path = Unit.objects.get(id=AN_LAM).ancestors
    told = [one.username for one in queries.nameable(path)]
    assert told == ["cb.commune", "cb.district", "cb.second", "cb.province"]


ROW = """
    INSERT INTO plan_command (id, unit_id, officer_id, kind, seat, since, until, paper, reason)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '')
"""


def written(who, unit=AN_LAM, seat="commander", since=TODAY, until=None, kind="officer", paper="QĐ"):
    """Write a command past the operations."""
    return sql(ROW, new_id(), unit, who.id, kind, seat, since, until, paper)


def test_the_database_itself_holds_one_commander_at_a_time_and_no_volunteer(staff):
    assert written(staff["district"], until=LATER) == 1
    bites("plan_command_one_a_seat", lambda: written(staff["second"], since=LATER - timedelta(days=1)))
    bites("plan_command_one_seat_each", lambda: written(staff["district"], seat="deputy"))
    assert written(staff["second"], since=LATER) == 1
    bites("plan_command_seat", lambda: written(staff["second"], HOP_TIEN, seat="general"))
    bites("plan_command_days", lambda: written(staff["second"], HOP_TIEN, until=TODAY - timedelta(days=1)))
    bites("plan_command_paper", lambda: written(staff["second"], HOP_TIEN, paper=" "))
    volunteer = officer("tnv", unit=Unit.objects.get(id=AN_LAM), kind=Kind.VOLUNTEER.value)
    bites("plan_command_no_volunteer", lambda: written(volunteer, HOP_TIEN, kind="volunteer"))
    bites("plan_command_of_an_officer", lambda: written(volunteer, HOP_TIEN))


def test_the_database_itself_lets_a_command_end_earlier_and_nothing_else(staff):
    bites("plan_command_kept", lambda: sql("TRUNCATE plan_command"))
    written(staff["district"])
    for change in (
        f"officer_id = '{staff['second'].id}'", f"unit_id = {HOP_TIEN}", "seat = 'deputy'", "since = '2021-01-01'",
        "paper = 'khác'", "reason = 'x'", f"until = '{LATER}'", "until = NULL, reason = 'x'",
    ):  # fmt: skip
        bites("plan_command_kept", lambda change=change: sql(f"UPDATE plan_command SET {change}"))
    assert sql("UPDATE plan_command SET until = %s, reason = 'x'", LATER) == 1
    bites("plan_command_kept", lambda: sql("UPDATE plan_command SET until = %s", LATER + timedelta(days=1)))
    assert sql("UPDATE plan_command SET until = %s", date(LATER.year, LATER.month, LATER.day - 1)) == 1
    bites("plan_command_kept", lambda: sql("DELETE FROM plan_command"))
