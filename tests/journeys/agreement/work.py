"""What waits and what was done: checks, cards, accounts, stations; and the states against the journal."""

import json
from datetime import datetime, timedelta
from typing import Any

from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.people.operations import NewToken, make_tokens
from muster.web.frame import real_now
from tests.journeys.agreement.frame import SYSTEM, World, below, one, rows, say
from tests.journeys.pages import Page, number

WHERE = {
    "all": "TRUE", "differs": "differs_from_register", "suspect": "suspect_duplicate", "poor": "poor_biometrics",
    "overdue": "due_on < %(on)s",
}  # fmt: skip
CARD_STATES = ("printing", "printed", "missing", "arrived", "undelivered", "handed_over")
# where each move of docs/states.md leads; "packet" and flags are no moves of a dossier
LEADS = {
    "filed": "filed", "announced": "announced", "received": "received", "received_again": "received",
    "accepted": "accepted", "print_rejected": "accepted", "produced": "produced", "arrived": "arrived",
    "arrived_again": "arrived", "undelivered": "undelivered", "handed_over": "handed_over", "returned": "returned",
    "lapsed": "lapsed", "refused": "refused", "withdrawn": "withdrawn", "voided": "withdrawn",
}  # fmt: skip
ACCOUNT_LEADS = {
    "requested": "requested", "approved": "approved", "rejected": "rejected", "notified": "notified",
    "activated": "activated", "device_changed": "activated", "locked": "locked", "unlocked": "activated",
    "closed": "closed",
}  # fmt: skip


def of(role: str) -> int:
    """Return the unit at which a role works."""
    return one("SELECT unit_id FROM people_officer WHERE username = %s", f"demo.{role}")


def checks(world: World) -> None:
    """Compare the checker's queue, kind by kind and page by page, and the pairs."""
    unit, on = of("checker"), world.now.astimezone(ZONE).date()
    received = (
        "FROM capture_dossier AS held JOIN register_person AS person ON person.id = person_id "
        f"WHERE held.state = 'received' AND unit_done_id {below(unit)}"
    )
    page = world.page("checker", "/checking/")
    tabs = _tabs(page)
    for kind, where in WHERE.items():
        found = _dict(f"SELECT person.name {received} AND {where} ORDER BY due_on, state_since, held.id", on=on)
        world.tally.same("checks tabs", kind, tabs[kind], len(found))
        shown = world.whole("checker", f"/checking/?kind={kind}", [say("checking.column.due")], most=400)
        names = [row[say("checking.column.name")].text for row in shown]
        world.tally.same("checks", kind, names, _as_far([name for (name,) in found], names, 400))
    pairs = rows(
        f"SELECT score FROM processing_suspicion WHERE state IN ('open', 'same_person') AND unit_id {below(unit)}"
    )
    world.tally.same("checks tabs", "pairs", tabs["pairs"], len(pairs))
    shown = world.whole("checker", "/checking/?kind=pairs", [say("checking.column.score")])
    scores = sorted(int(row[say("checking.column.score")].text) for row in shown)
    world.tally.same("checks pairs", "scores", scores, sorted(score for (score,) in pairs))


def _as_far(wanted: list[Any], shown: list[Any], most: int) -> list[Any]:
    """Return what is wanted as far as the pages were read: whole, unless there are more of them than ``most``."""
    return wanted[: len(shown)] if len(shown) >= most else wanted


def _dict(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _tabs(page: Page) -> dict[str, int]:
    found = {}
    for nav in page.root.all("ul", "tabs"):
        for link in nav.all("a"):
            kind = link.attributes["href"].rpartition("kind=")[2]
            found[kind] = number(next(link.all("span", "soft")).text())
    return found


def cards(world: World) -> None:
    """Compare the issue desk, what waits for print, batches and their cards."""
    world.works_for("desk_lead", "issue")
    for role in ("desk_lead", "crew"):
        if role == "crew":
            world.works_for("crew", "issue")
        _desk(world, role, of(role))
    unit = of("checker")
    page = world.page("checker", "/cards/print/")
    waiting = rows(
        f"""
        SELECT count(*) FROM capture_dossier AS held WHERE state = 'accepted' AND unit_done_id {below(unit)}
        AND NOT EXISTS (SELECT FROM card_card WHERE dossier_id = held.id AND state <> 'rejected') GROUP BY unit_done_id
        """
    )
    told = [table for table in page.tables if say("cards.column.since") in table.heads]
    sizes = sorted(number(row[say("cards.column.size")].text) for table in told for row in table.rows)
    world.tally.same("cards waiting", unit, sizes, sorted(n for (n,) in waiting))
    caption = say("cards.waiting", count=sum(n for (n,) in waiting))
    world.tally.same("cards waiting", "caption", caption in page.root.text(), True)  # noqa: FBT003
    found = rows(
        f"""
        SELECT batch.no, batch.size, count(card.id) FILTER (WHERE card.state = 'printing')
        FROM card_batch AS batch JOIN card_card AS card ON card.batch_id = batch.id
        WHERE batch.unit_id {below(unit)} GROUP BY batch.id
        ORDER BY batch.delivered_at IS NOT NULL, batch.made_at DESC, batch.no DESC
        """
    )
    shown = world.whole("checker", "/cards/print/", [say("cards.column.print")], most=600)
    lines = [
        (row[say("cards.column.no")].text, number(row[say("cards.column.size")].text),
         number(row[say("cards.column.print")].text))
        for row in shown
    ]  # fmt: skip
    wanted = [(say("cards.batch", no=no), size, printing) for no, size, printing in found]
    world.tally.same("card batches", unit, lines, _as_far(wanted, lines, 600))
    for batch, size in world.some(rows("SELECT id, size FROM card_batch ORDER BY id"), 4):
        _batch(world, batch, size)


def _desk(world: World, role: str, unit: int) -> None:
    page = world.page(role, "/cards/")
    states = dict(rows(f"SELECT state, count(*) FROM card_card WHERE unit_id {below(unit)} GROUP BY 1"))
    labels = {say(f"cards.state.{state}"): states.get(state, 0) for state in CARD_STATES}
    shown = {tile.label: number(tile.figure) for tile in page.tiles}
    world.tally.same("cards desk", (role, unit), shown, labels)
    # a card lies uncollected from the day after the thirtieth since its first arrival
    midnight = datetime.combine(world.now.astimezone(ZONE).date(), datetime.min.time(), ZONE)
    old = rows(
        f"""
        SELECT person.name FROM card_card AS card JOIN register_person AS person ON person.id = person_id
        WHERE card.state IN ('arrived', 'undelivered') AND card.unit_id {below(unit)} AND arrived_at < %s
        ORDER BY arrived_at, card.id
        """,
        midnight - timedelta(days=30),
    )
    lines = world.whole(role, "/cards/", [say("cards.column.collect")], most=400)
    names = [row[say("cards.column.name")].text for row in lines]
    wanted = _as_far([name for (name,) in old], names, 400)
    world.tally.same("cards uncollected", (role, unit), names, wanted)
    caption = say("cards.uncollected", count=len(old))
    world.tally.same("cards uncollected", "caption", caption in page.root.text(), True)  # noqa: FBT003


def _batch(world: World, batch: Any, size: int) -> None:
    page = world.page("checker", f"/cards/batch/{batch}/")
    held = rows(
        "SELECT name FROM card_card AS card JOIN register_person AS person ON person.id = person_id "
        "WHERE batch_id = %s ORDER BY place",
        batch,
    )
    names = [row[say("cards.column.name")].text for table in page.tables for row in table.rows]
    world.tally.same("card batch", batch, (names, size), ([name for (name,) in held], len(held)))


def accounts(world: World) -> None:
    """Compare the queue of accounts, the outreach list and the alarms."""
    world.works_for("desk_lead", "issue")
    unit, on = of("desk_lead"), world.now.astimezone(ZONE).date()
    kinds = {"decide": "requested", "notify": "approved", "told": "notified", "active": "activated", "locked": "locked"}
    states = dict(rows(f"SELECT state, count(*) FROM account_account WHERE unit_done_id {below(unit)} GROUP BY 1"))
    silent = rows(
        "SELECT person.name FROM account_account AS held JOIN register_person AS person ON person.id = person_id "
        f"WHERE held.state = 'notified' AND activate_by < %s AND unit_residence_id {below(unit)}",
        on,
    )
    page = world.page("desk_lead", "/eid/")
    wanted = {kind: states.get(state, 0) for kind, state in kinds.items()} | {"outreach": len(silent)}
    world.tally.same("accounts tabs", unit, _tabs(page), wanted)
    for kind, state in kinds.items():
        found = rows(
            "SELECT person.name FROM account_account AS held JOIN register_person AS person ON person.id = person_id "
            f"WHERE held.state = %s AND unit_done_id {below(unit)}",
            state,
        )
        lines = world.whole("desk_lead", f"/eid/?kind={kind}", [say("eid.column.since")])
        names = sorted(row[say("eid.column.name")].text for row in lines)
        world.tally.same("accounts", kind, names, sorted(name for (name,) in found))
    lines = world.whole("desk_lead", "/eid/?kind=outreach", [say("eid.column.told")])
    names = sorted(row[say("eid.column.name")].text for row in lines)
    world.tally.same("accounts outreach", unit, names, sorted(name for (name,) in silent))
    late = one(
        "SELECT count(*) FROM account_account WHERE state = 'requested' AND decide_by < %s "
        f"AND unit_done_id {below(unit)}",
        on,
    )
    told = say("eid.late", count=late) if late else ""
    world.tally.same("accounts late", unit, told in page.root.text(), True)  # noqa: FBT003
    _alarms(world)


def _alarms(world: World) -> None:
    page = world.page("desk_lead", "/eid/alarms/")
    devices = rows(
        """
        SELECT left(encode(device, 'hex'), 8), count(DISTINCT account_id) FROM account_device
        WHERE since > %s AND since <= %s GROUP BY device HAVING count(DISTINCT account_id) > 3
        """,
        world.now - timedelta(days=30), world.now,
    )  # fmt: skip
    tables = [table for table in page.tables if say("eid.alarms.device") in table.heads]
    shown = sorted(
        (row[say("eid.alarms.device")].text, number(row[say("eid.alarms.accounts")].text))
        for table in tables for row in table.rows
    )  # fmt: skip
    world.tally.same("alarms", "devices", shown, sorted(devices))


def stations(world: World, *, asked: int) -> None:
    """Ask the API where random dossiers are, as the crew that took or has them."""
    officer, unit = rows("SELECT id, unit_id FROM people_officer WHERE username = 'demo.crew'")[0]
    real = real_now()
    row = NewToken(new_id(), officer, "agreement", real + timedelta(days=1))
    ((_, token),) = make_tokens(tokens=[row], by=SYSTEM, at=real).done
    found = rows(
        "SELECT id, state, attempt, to_char(due_on, 'YYYY-MM-DD'), reason, unit_done_id, unit_residence_id, owner_id "
        "FROM capture_dossier ORDER BY id"
    )
    near = [row for row in found if _near(unit, row[5:])]
    for dossier, *told in world.some(near, asked):
        answer = world.browsers["crew"].get(f"/api/v1/dossiers/{dossier}", headers={"Authorization": f"Bearer {token}"})
        said = json.loads(answer.content)
        shown = [said.get(key) for key in ("state", "attempt", "due_on", "reason")]
        world.tally.same("API", dossier, shown, told[:4])


def _near(unit: int, places: Any) -> bool:
    return any(
        place is not None
        and one(f"SELECT count(*) FROM units_unit WHERE id = %s AND {int(unit)} = ANY(ancestors)", place)
        for place in places
    )


def rehearsal(world: World) -> None:
    """Compare the rehearsal's page with the journal of the province."""
    ((until,),) = rows("SELECT played_until FROM rehearsal_run ORDER BY id DESC LIMIT 1")
    page = world.page("commander", "/rehearsal/")
    province = one("SELECT id FROM units_unit WHERE code = '30' AND level = 'province'")
    moves = ("received", "accepted", "produced", "handed_over")
    counted = [
        one(
            f"SELECT count(*) FROM events_event WHERE unit_residence {below(province)} AND work_day BETWEEN "
            "'2021-03-16' AND %s AND metric_id = (SELECT id FROM events_metric WHERE kind = 'dossier' AND move = %s)",
            until.astimezone(ZONE).date(), move,
        )
        for move in moves
    ]  # fmt: skip
    world.tally.same("rehearsal", "tiles", [number(tile.figure) for tile in page.tiles], counted)


def states(world: World) -> None:
    """Hold the tables' states against the last move that the journal tells of each thing."""
    last = """
        SELECT move, count(*) FROM (
            SELECT DISTINCT ON (thing) thing, move FROM events_event
            JOIN events_metric AS metric ON metric.id = metric_id
            WHERE kind = ANY(%s) ORDER BY thing, recorded_at DESC, occurred_at DESC, events_event.id DESC
        ) AS latest GROUP BY 1
    """
    for kinds, leads, table in (
        (["dossier"], LEADS, "capture_dossier"), (["account_1", "account_2"], ACCOUNT_LEADS, "account_account"),
    ):  # fmt: skip
        told: dict[str, int] = {}
        for move, n in rows(last, kinds):
            told[leads[move]] = told.get(leads[move], 0) + n
        world.tally.same("states", table, dict(rows(f"SELECT state, count(*) FROM {table} GROUP BY 1")), told)
    cards = dict(rows("SELECT state, count(*) FROM card_card GROUP BY 1"))
    moves = dict(
        rows(
            "SELECT move, count(*) FROM events_event JOIN events_metric AS metric ON metric.id = metric_id "
            "WHERE kind = 'dossier' GROUP BY 1"
        )
    )
    made = {"made": sum(cards.values()), "rejected": cards.get("rejected", 0), "handed": cards.get("handed_over", 0)}
    told = {
        "made": moves.get("produced", 0),
        "rejected": moves.get("print_rejected", 0),
        "handed": moves.get("handed_over", 0),
    }
    world.tally.same("states", "cards", made, told)


def units(world: World) -> None:
    """Compare the page of random units: what is below, and how many below that."""
    on = world.now.astimezone(ZONE).date()
    holds = "valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)"
    above = rows(
        f"SELECT DISTINCT parent_id FROM units_unit WHERE {holds} AND parent_id IS NOT NULL ORDER BY 1", on, on
    )
    for (unit,) in world.some(above, 4):
        page = world.page("administrator", f"/units/?unit={unit}&on={on:%d/%m/%Y}")
        found = rows(
            f"SELECT code, (SELECT count(*) FROM units_unit WHERE parent_id = held.id AND {holds}) "
            f"FROM units_unit AS held WHERE parent_id = %s AND {holds}",
            on, on, unit, on, on,
        )  # fmt: skip
        table = page.table(say("units.code"), say("units.below"))
        shown = sorted((row[say("units.code")].text, number(row[say("units.below")].text)) for row in table.rows)
        world.tally.same("units", unit, shown, sorted(found))
