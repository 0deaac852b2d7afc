"""The plan: the week, kits, crews, venues, targets, appointments, one session, its list on paper."""

import re
from datetime import date, timedelta
from typing import Any

from muster.kernel.clock import ZONE
from tests.journeys.agreement.frame import World, below, day, one, rows, say, units_with_people
from tests.journeys.pages import Page, number

BOOKED_OF = re.compile(say("plan.booked_of", booked="([0-9.]+)", places="([0-9.]+)"))
TAKEN = "('booked', 'kept', 'missed')"


def compare(world: World, *, pages: int) -> None:
    """Compare the plan's pages of random units and days."""
    planned = [
        unit
        for (unit,) in rows(
            "SELECT DISTINCT unnest(ancestors) AS unit FROM units_unit WHERE id IN (SELECT unit_id FROM plan_session) "
            "ORDER BY 1"
        )
    ]
    with_people = {unit: level for unit, _, level in units_with_people()}
    inside = [unit for unit in planned if with_people.get(unit) in {"province", "district", "commune"}]
    booked = rows(
        "SELECT DISTINCT unit_id, work_day FROM plan_session WHERE id IN (SELECT session_id FROM plan_appointment)"
    )
    asked = [(unit, world.random.choice(_days(unit))) for unit in world.some(inside, pages)]
    for unit, on in [*asked, *world.some(sorted(booked), pages)]:
        _week(world, unit, on)
        _appointments(world, unit, on)
    district = next((unit for unit in inside if with_people[unit] == "district"), inside[0])
    for unit in [district, *world.some(inside, pages)]:
        _kits(world, unit)
        _crews(world, unit)
        _venues(world, unit)
        _targets(world, unit)
    for (session,) in world.some(
        rows("SELECT id FROM plan_session WHERE state <> 'cancelled' ORDER BY id"), pages
    ) + rows("SELECT session_id FROM plan_appointment WHERE state = 'booked' ORDER BY 1 LIMIT 1"):
        _session(world, session)


def _days(unit: int) -> list[date]:
    found = rows(f"SELECT DISTINCT work_day FROM plan_session WHERE unit_id {below(unit)} ORDER BY 1")
    return [on for (on,) in found]


def _sessions(unit: int, first: date, last: date) -> list[tuple[Any, ...]]:
    """Return work day, id, places and booked of the sessions that stand: planned, running or done, none cancelled."""
    return rows(
        f"""
        SELECT session.work_day, session.id, overbook,
               (SELECT count(*) FROM plan_appointment WHERE session_id = session.id AND state IN {TAKEN}),
               (SELECT count(*) FROM plan_stand WHERE session_id = session.id),
               (SELECT count(*) FROM plan_stand WHERE session_id = session.id AND crew_id IS NOT NULL)
        FROM plan_session AS session WHERE unit_id {below(unit)} AND work_day BETWEEN %s AND %s
        AND state <> 'cancelled' ORDER BY 1, 2
        """,
        first, last,
    )  # fmt: skip


def _places(session: Any, overbook: int) -> int:
    """Return a session's places by hand: quarters of an hour, places each, and the part by which it is overbooked."""
    found = rows(
        "SELECT extract(epoch FROM ends_at - starts_at)::int, places FROM plan_offer WHERE session_id = %s", session
    )
    return sum(-(-seconds // 900) * places * (1000 + overbook) // 1000 for seconds, places in found)


def _share(part: int, base: int) -> str:
    return f"{part:,}/{base:,}".replace(",", ".")


def _week(world: World, unit: int, on: date) -> None:
    page, same = world.page("planner", f"/plan/?unit={unit}&day={day(on)}"), world.tally.same
    monday = on - timedelta(days=on.weekday())
    of_week = _sessions(unit, monday, monday + timedelta(days=6))
    tabs = [link.text().split() for link in page.root.all("a") if f"{monday:%d/%m}" in link.text() or _in(link, monday)]
    shown = {told[-2]: int(told[-1]) for told in tabs if told[-1].isdigit() and "/" in told[-2]}
    counted = {f"{monday + timedelta(days=place):%d/%m}": 0 for place in range(7)}
    for row in of_week:
        counted[f"{row[0]:%d/%m}"] += 1
    same("plan week days", (unit, monday), shown, counted)
    today = [row for row in of_week if row[0] == on]
    kits = one(
        f"SELECT count(DISTINCT kit_id) FROM plan_stand WHERE session_id IN (SELECT id FROM plan_session "
        f"WHERE unit_id {below(unit)} AND work_day = %s AND state <> 'cancelled')",
        on,
    )
    booked, places = sum(row[3] for row in today), sum(_places(row[1], row[2]) for row in today)
    lacking = sum(row[4] - row[5] for row in today)
    figures = [tile.figure for tile in page.tiles]
    same("plan week", (unit, on), [number(figures[place]) for place in (0, 1, 3)], [len(today), kits, lacking])
    same("plan week booked", (unit, on), figures[2].partition(" (")[0], _share(booked, places))
    tables = [table for table in page.tables if say("plan.venue") in table.heads]
    notes = " ".join(cell.note for table in tables for row in table.rows for cell in row.values())
    told = sorted((number(booked), number(places)) for booked, places in BOOKED_OF.findall(notes))
    wanted = sorted((row[3], _places(row[1], row[2])) for row in today)
    same("plan week table", (unit, on), told, wanted)


def _in(link: Any, monday: date) -> bool:
    return any(f"{monday + timedelta(days=place):%d/%m}" in link.text() for place in range(7))


def _appointments(world: World, unit: int, on: date) -> None:
    page, same = world.page("planner", f"/plan/appointments/?unit={unit}&day={day(on)}"), world.tally.same
    today = _sessions(unit, on, on)
    booked, places = sum(row[3] for row in today), sum(_places(row[1], row[2]) for row in today)
    waits = one(
        "SELECT count(*) FROM plan_appointment WHERE state IN ('missed', 'to_rebook') "
        f"AND unit_residence_id {below(unit)}"
    )
    figures = [tile.figure for tile in page.tiles]
    same("appointments", (unit, on), figures[0].partition(" (")[0], _share(booked, places))
    same("appointments waiting", (unit, on), number(figures[1]), waits)
    slots = rows(
        f"""
        SELECT to_char(slot AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI'), count(*) FROM plan_appointment
        WHERE state IN {TAKEN} AND session_id IN (SELECT id FROM plan_session WHERE unit_id {below(unit)}
            AND work_day = %s AND state <> 'cancelled') GROUP BY session_id, 1 ORDER BY 1, 2
        """,
        on,
    )
    shown = [
        (row[say("plan.slot")].text, sum(int(word) for word in row[say("plan.who_comes")].text.replace(",", "").split()
                                         if word.isdigit()))
        for table in page.tables if say("plan.slot") in table.heads for row in table.rows
    ]  # fmt: skip
    same("appointments slots", (unit, on), sorted(shown), sorted(slots))
    free = [table for table in page.tables if say("plan.shift_label") in table.heads]
    rooms = sorted(number(row[say("plan.room")].text) for table in free for row in table.rows)
    same("appointments unbooked", (unit, on), rooms, sorted(_places(row[1], row[2]) for row in today if not row[3]))


def _kits(world: World, unit: int) -> None:
    page = world.page("planner", f"/plan/kits/?unit={unit}")
    found = rows(
        f"""
        SELECT code, state, rate FROM plan_kit WHERE id IN (
            SELECT kit_id FROM plan_kit_place WHERE unit_id {below(unit)} AND starts_at <= %s
            AND (ends_at IS NULL OR ends_at > %s)) ORDER BY code
        """,
        world.now, world.now,
    )  # fmt: skip
    told = [
        (row[say("plan.kit")].text, row[say("plan.state")].text, number(row[say("plan.rate")].text))
        for table in page.tables if say("plan.kit") in table.heads for row in table.rows
    ]  # fmt: skip
    wanted = [(code, say(f"plan.kit_state.{state}"), rate) for code, state, rate in found]
    world.tally.same("kits", unit, told, wanted)


def _crews(world: World, unit: int) -> None:
    page = world.page("planner", f"/plan/crews/?unit={unit}")
    on = world.now.astimezone(ZONE).date()
    found = rows(
        f"SELECT name FROM plan_crew WHERE unit_id {below(unit)} AND (until IS NULL OR until > %s) ORDER BY name", on
    )
    told = sorted(
        row[say("plan.crew")].text for table in page.tables if say("plan.crew") in table.heads for row in table.rows
    )
    world.tally.same("crews", unit, told, sorted(name for (name,) in found))


def _venues(world: World, unit: int) -> None:
    page = world.page("planner", f"/plan/venues/?unit={unit}")
    found = rows(f"SELECT name, kits, seats FROM plan_venue WHERE unit_id {below(unit)}")
    told = sorted(
        (row[say("plan.venue")].text, *(number(row[say(f"plan.venue_{kind}")].text) for kind in ("kits", "seats")))
        for table in page.tables if say("plan.venue_seats") in table.heads for row in table.rows
    )  # fmt: skip
    world.tally.same("venues", unit, told, sorted(found))


def _targets(world: World, unit: int) -> None:
    page = world.page("planner", f"/plan/targets/?unit={unit}")
    tables = [table for table in page.tables if say("plan.parts_sum") in table.heads]
    for row in (row for table in tables for row in table.rows):
        holder = row[say("plan.holder")].text.lstrip("› ")
        told = (number(row[say("plan.base")].text), number(row[say("plan.quantity")].text))
        found = rows(
            """
            SELECT base, quantity, (SELECT sum(quantity)::int FROM plan_target WHERE parent_id = held.id)
            FROM plan_target AS held LEFT JOIN units_unit AS unit ON unit.id = held.unit_id
            LEFT JOIN plan_crew AS crew ON crew.id = crew_id LEFT JOIN people_officer AS who ON who.id = officer_id
            WHERE %s IN (unit.type_vi || ' ' || unit.name, crew.name, who.full_name)
            """,
            holder,
        )
        parts = row[say("plan.parts_sum")].text
        shown = (*told, number(parts) if parts != "–" else None)
        world.tally.same("targets", (unit, holder), shown in found, True)  # noqa: FBT003


def _session(world: World, session: Any) -> None:
    page: Page = world.page("planner", f"/plan/sessions/{session}/")
    ((overbook, booked),) = rows(
        f"SELECT overbook, (SELECT count(*) FROM plan_appointment WHERE session_id = held.id AND state IN {TAKEN}) "
        "FROM plan_session AS held WHERE id = %s",
        session,
    )
    told = say("plan.booked_of", booked=f"{booked:,}".replace(",", "."),
               places=f"{_places(session, overbook):,}".replace(",", "."))  # fmt: skip
    world.tally.same("session", session, told in page.root.text(), True)  # noqa: FBT003
    who = rows(
        "SELECT name FROM plan_appointment JOIN register_person AS person ON person.id = person_id "
        f"WHERE session_id = %s AND state IN {TAKEN} ORDER BY 1",
        session,
    )
    world.works_for("desk_lead", "capture")
    paper = world.page("desk_lead", f"/plan/sessions/{session}/list/")
    names = sorted(
        row[head].text for table in paper.tables for row in table.rows for head in row if head == say("plan.list.name")
    )
    world.tally.same("session list", session, names, [name for (name,) in who])
