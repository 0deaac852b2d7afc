"""The counts: page, file and first page, of any unit, metric, side, band, days, as known at any moment."""

import csv
from datetime import date, datetime, timedelta
from typing import Any

from muster.kernel.clock import ZONE
from tests.journeys.agreement.frame import World, below, day, moment, one, rows, say, units_with_people
from tests.journeys.pages import Node, Page, number

OFTEN = [("dossier", "received"), ("dossier", "accepted"), ("dossier", "handed_over"), ("person", "take_in")]
LONGEST_CHART, SEEN = 400, 0.006
SIDES = {"unit_residence": "unit_residence", "unit_done": "unit_done"}


def compare(world: World, *, questions: int) -> None:
    """Ask random questions of the page and its file."""
    where, asked = units_with_people(), rows("SELECT kind, move FROM events_metric ORDER BY kind, move")
    days = [found for (found,) in rows("SELECT DISTINCT work_day FROM events_event ORDER BY 1")]
    tops = [unit for unit in where if unit[2] not in {"commune", "hamlet"}]
    for unit, _, _ in [*world.some(where, questions // 2), *world.random.choices(tops, k=questions - questions // 2)]:
        question = _question(world, world.random.choice([asked, OFTEN, OFTEN]), days)
        _compare(world, unit, question)
    for level in ("country", "province", "district", "commune"):  # each level once at least
        unit = next((unit for unit, _, found in where if found == level), None)
        if unit is not None and level != "country":
            _compare(world, unit, _question(world, [("dossier", "received")], days) | {"first": None, "last": None})
    _home(world)


def _question(world: World, asked: list[Any], days: list[date]) -> dict[str, Any]:
    random = world.random
    first, last = sorted((random.choice(days), random.choice(days)))
    known = datetime.combine(random.choice(days), datetime.min.time(), ZONE) + timedelta(minutes=random.randrange(1440))
    return {
        "metric": ".".join(random.choice(asked)),
        "side": random.choice(list(SIDES)),
        "band": random.choice(["", "", "", "", "3", "3", random.choice("012")]),
        "first": random.choice([None, None, first]),
        "last": random.choice([None, None, last]),
        "known": random.choice([None, known]),
    }


def _counted(unit: int, asked: dict[str, Any], select: str = "count(*)", group: str = "") -> list[tuple[Any, ...]]:
    """Count events by hand: the journal alone, the work day, the side, what was recorded until the moment."""
    kind, _, move = asked["metric"].partition(".")
    told = ["TRUE"]
    told += [f"age_band = {asked['band']}"] if asked["band"] else []
    told += [f"work_day >= '{asked['first']}'"] if asked["first"] else []
    told += [f"work_day <= '{asked['last']}'"] if asked["last"] else []
    told += [f"recorded_at <= '{asked['known'].isoformat()}'"] if asked["known"] else []
    return rows(
        f"SELECT {select} FROM events_event WHERE {' AND '.join(told)} AND {SIDES[asked['side']]} {below(unit)} "
        f"AND metric_id = (SELECT id FROM events_metric WHERE kind = %s AND move = %s) {group}",
        kind, move,
    )  # fmt: skip


def _compare(world: World, unit: int, asked: dict[str, Any]) -> None:
    typed = {
        "unit": str(unit), "metric": asked["metric"], "side": asked["side"], "band": asked["band"],
        "first": day(asked["first"]) if asked["first"] else "", "last": day(asked["last"]) if asked["last"] else "",
        "known": moment(asked["known"]) if asked["known"] else "",
    }  # fmt: skip
    told = {name: value for name, value in asked.items() if value}
    page = Page(world.browsers["commander"].get("/counts/", typed))
    ((total,),) = _counted(unit, asked)
    same = world.tally.same
    same("counts", (unit, told), number(page.tiles[0].figure), total)
    children = _children(world, unit)
    parts = {code: _counted(child, asked)[0][0] for child, code in children.items()}
    shown = {row[say("counts.unit")].note: number(row[say("counts.count")].text) for row in _table(page)}
    same("counts table", (unit, told), shown, parts)
    shares = {row[say("counts.unit")].note: row[say("counts.share")].text for row in _table(page)}
    same("counts shares", (unit, told), shares, {code: _percent(n, total) for code, n in parts.items()})
    file = world.browsers["commander"].get("/counts/table.csv", typed).content.decode("utf-8-sig")
    head, *lines = csv.reader(file.splitlines())
    same("counts.csv", (unit, told), [int(line[-1]) for line in lines[:1]], [total])
    same("counts.csv below", (unit, told), {line[0]: int(line[-1]) for line in lines[1:]}, parts)
    same("counts.csv head", unit, head, ["code", "unit", "metric", "side", "count"])
    by_day = dict(_counted(unit, asked, "work_day, count(*)", "GROUP BY 1"))
    same("counts chart", (unit, told), _bars(page), _drawn(page, by_day))


def _children(world: World, unit: int) -> dict[int, str]:
    """Return the units right below that hold on the clock's day."""
    return dict(
        rows(
            "SELECT id, code FROM units_unit WHERE parent_id = %s AND valid_from <= %s "
            "AND (valid_to IS NULL OR valid_to > %s)",
            unit, world.now.date(), world.now.date(),
        )
    )  # fmt: skip


def _table(page: Page) -> list[dict[str, Any]]:
    found = [table for table in page.tables if say("counts.share") in table.heads]
    return list(found[0].rows) if found else []


def _percent(part: int, base: int) -> str:
    """Return a share by hand: one decimal, halves up, never 100 % for less than all."""
    if base == 0:
        return "–"
    tenths = min((2000 * part + base) // (2 * base), 999 if part < base else 10**9)
    return f"{tenths // 10},{tenths % 10} %"


def _bars(page: Page) -> list[float]:
    """Return the heights of the wide chart's bars against the highest."""
    wide = next(page.root.all(kind="chart-wide"), Node(""))
    heights = [float(bar.attributes["height"]) for bar in wide.all("rect", "bar")]
    return [height / max(heights) for height in heights]


def _drawn(page: Page, by_day: dict[date, int]) -> list[float]:
    """Return the counts of days as their bars must stand, each as it does stand where the eye sees no difference."""
    days = (max(by_day) - min(by_day)).days + 1 if by_day else 0
    if not 1 < days <= LONGEST_CHART:
        return []
    wanted = [by_day[key] / max(by_day.values()) for key in sorted(by_day)]
    shown = _bars(page)
    if len(shown) != len(wanted):
        return wanted
    return [bar if abs(bar - height) < SEEN else height for bar, height in zip(shown, wanted, strict=True)]


def _home(world: World) -> None:
    """Compare the tiles of the first page with the journal, at the province and at a commune."""
    for role in ("commander", "crew"):
        unit = one("SELECT unit_id FROM people_officer WHERE username = %s", f"demo.{role}")
        today = (world.now.astimezone(ZONE) - timedelta(hours=4)).date()
        page = world.page(role, "/")
        tiles = {tile.label: tile for tile in page.tiles}
        counted = {
            name: _counted(unit, _plain(name))[0][0]
            for name in ("dossier.received", "dossier.handed_over", "person.take_in")
        }
        of_today = _counted(unit, _plain("dossier.received") | {"first": today, "last": today})[0][0]
        same = world.tally.same
        same(
            "home",
            (role, "received"),
            number(tiles[say("metric.dossier_received")].figure),
            counted["dossier.received"],
        )
        taken_in = f"{counted['person.take_in']:,}".replace(",", ".")
        same("home", (role, "registered"), taken_in in tiles[say("metric.dossier_received")].base, True)  # noqa: FBT003
        same("home", (role, "today"), number(tiles[say("home.today")].figure), of_today)
        handed = tiles[say("metric.dossier_handed_over")]
        same("home", (role, "handed"), number(handed.figure), counted["dossier.handed_over"])
        returned = one(f"SELECT count(*) FROM capture_dossier WHERE state = 'returned' AND unit_done_id {below(unit)}")
        shown = tiles.get(say("home.returned"))
        same("home", (role, "returned"), number(shown.figure) if shown else 0, returned)


def _plain(metric: str) -> dict[str, Any]:
    return {"metric": metric, "side": "unit_residence", "band": "", "first": None, "last": None, "known": None}
