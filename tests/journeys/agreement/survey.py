"""The survey: its page at any unit, its lists page by page, on paper and as a workbook."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from muster.survey.words import Contact, Group, Hard
from tests.journeys.agreement.frame import World, below, one, rows, say, units_with_people
from tests.journeys.pages import CellRead, Node, Page, number

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ALONE = 500  # lines that one person may take away
GROUPS = [group.value for group in Group]


def compare(world: World, *, pages: int, lists: int) -> None:
    """Compare the survey of random units, and random hamlets' lists."""
    ((campaign, surveyed_at),) = rows("SELECT id, opened_at FROM survey_campaign")
    where = units_with_people()
    tops = [unit for unit, _, level in where if level in {"province", "district"}][:2]
    for unit in [*tops, *(unit for unit, _, level in world.some(where, pages) if level not in {"country", "region"})]:
        _page(world, campaign, unit, surveyed_at)
    marked = [unit for (unit,) in rows("SELECT DISTINCT unit_id FROM survey_case WHERE hard <> '' ORDER BY 1 LIMIT 1")]
    hamlets = [unit for unit, _, level in where if level == "hamlet"]
    for unit in [*marked, *world.some(hamlets, lists)]:
        if one(f"SELECT count(*) FROM survey_case WHERE unit_id {below(unit)}") <= ALONE:
            _list(world, campaign, unit)


def _of(unit: int, campaign: UUID, what: str, where: str = "TRUE") -> dict[Any, int]:
    return dict(
        rows(
            f"SELECT {what}, count(*) FROM survey_case WHERE campaign_id = %s AND unit_id {below(unit)} "
            f"AND state IN ('open', 'done') AND {where} GROUP BY 1",
            campaign,
        )
    )


def _page(world: World, campaign: UUID, unit: int, surveyed_at: Any) -> None:
    page, same = world.page("commander", f"/survey/?unit={unit}&campaign={campaign}"), world.tally.same
    states, duties = _of(unit, campaign, "state"), _of(unit, campaign, "obligation")
    due, left = sum(states.values()), states.get("open", 0)
    opened = "state = 'open'"
    contacts, hard = _of(unit, campaign, "contact", opened), _of(unit, campaign, "hard", opened)
    outside = dict(
        rows(
            f"SELECT reason, sum(n)::bigint FROM survey_excluded WHERE campaign_id = %s AND unit_id {below(unit)} "
            "GROUP BY 1",
            campaign,
        )
    )
    registered = one(
        f"""
        SELECT count(DISTINCT thing) FROM events_event WHERE unit_residence {below(unit)} AND recorded_at <= %s
        AND metric_id = (SELECT id FROM events_metric WHERE kind = 'person' AND move = 'take_in')
        """,
        surveyed_at,
    )
    figures = [number(tile.figure) for tile in page.tiles]
    wanted = [
        due, duties.get("mandatory", 0), states.get("done", 0), left - contacts.get("not_reached", 0),
        left - hard.get("", 0),
    ]  # fmt: skip
    same("survey tiles", unit, figures, wanted)
    same("survey register", unit, due + sum(outside.values()), registered)
    bases = [registered, due, due, left, left]
    shown = [f"{base:,}".replace(",", ".") in tile.base for base, tile in zip(bases, page.tiles, strict=True)]
    same("survey bases", unit, shown, [True] * 5)
    _tables(world, page, unit, campaign, hard, contacts, outside)


def _tables(
    world: World, page: Page, unit: int, campaign: UUID, hard: dict[str, int], contacts: dict[str, int],
    outside: dict[str, int],
) -> None:  # fmt: skip
    same = world.tally.same
    same("survey hard", unit, _read(page, "hard_table"), _words(hard, "survey.hard.", "n"))
    same("survey contacts", unit, sorted(_read(page, "contacts").values()), sorted(contacts.get(c, 0) for c in Contact))
    same("survey outside", unit, sorted(_read(page, "outside_table").values()), sorted(outside.values()))
    grounds = rows(
        f"SELECT ground, obligation, count(*) FROM survey_case WHERE campaign_id = %s AND unit_id {below(unit)} "
        "AND state IN ('open', 'done') GROUP BY 1, 2",
        campaign,
    )
    told = {f"{say(f'register.ground.{ground}')} {say(f'survey.obligation.{duty}')}": n for ground, duty, n in grounds}
    same("survey grounds", unit, _read(page, "grounds", notes=True), told)
    own = f"(SELECT ancestors[array_position(ancestors, {unit}) + 1] FROM units_unit WHERE id = unit_id)"
    cells = rows(
        f"""
        SELECT coalesce({own}, {unit}), group_code, state, hard <> '', contact, count(*) FROM survey_case
        WHERE campaign_id = %s AND unit_id {below(unit)} AND state IN ('open', 'done') GROUP BY 1, 2, 3, 4, 5
        """,
        campaign,
    )
    (table,) = [one for one in page.tables if say("survey.column.all") in one.heads]
    by_child: dict[int, dict[str, int]] = {}
    for child, group, state, is_hard, contact, n in cells:
        kinds = [group, "all", *(["done"] if state == "done" else [])]
        kinds += ["hard"] if is_hard and state == "open" else []
        kinds += ["not_reached"] if (state, contact) == ("open", "not_reached") else []
        for kind in kinds:
            row = by_child.setdefault(child, {})
            row[kind] = row.get(kind, 0) + n
    columns = {say(f"survey.column.{code}"): code for code in (*GROUPS, "all", "not_reached", "hard", "done")}
    figures = {head: code for head, code in columns.items() if head in table.heads}
    children = rows(
        "SELECT id FROM units_unit WHERE parent_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)",
        unit, world.now.date(), world.now.date(),
    )  # fmt: skip
    everybody = {child: by_child.get(child, {}) for (child,) in children} | by_child
    shown = sorted(tuple(number(row[head].text) for head in figures) for row in table.rows)
    same("survey by unit", unit, shown, sorted(
        tuple(row.get(code, 0) for code in figures.values()) for row in everybody.values()
    ))  # fmt: skip
    if table.total:
        total = {code: number(table.total[head].text) for head, code in figures.items()}
        summed = {code: sum(row.get(code, 0) for row in everybody.values()) for code in figures.values()}
        same("survey total", unit, total, summed)


def _words(found: dict[str, int], prefix: str, _: str) -> dict[str, int]:
    return {say(f"{prefix}{Hard(code)}"): n for code, n in found.items() if code}


def _read(page: Page, key: str, *, notes: bool = False) -> dict[str, int]:
    """Return one of the small tables: what, and how many; empty where it says that there is nothing."""
    head = say(f"survey.{key}.what")
    caption = say(f"survey.{key}.caption", count="|").partition("|")[0].strip()
    found = [one for one in page.tables if head in one.heads and one.caption.startswith(caption)]
    if not found:
        return {}
    told = {}
    for row in found[0].rows:
        cell: CellRead = row[head]
        told[f"{cell.text} {cell.note}".strip() if notes else cell.text] = number(row[say("survey.people")].text)
    return told


_LIST = """
    SELECT person.name, person.birth, person.sex, held.group_code, person.organisation, held.contact, held.hard
    FROM survey_case AS held JOIN register_person AS person ON person.id = held.person_id
    JOIN units_unit AS place ON place.id = held.unit_id
    WHERE held.campaign_id = %s AND held.unit_id IN (SELECT id FROM units_unit WHERE %s = ANY(ancestors))
    AND (%s::text IS NULL OR held.state = %s) AND (%s::text IS NULL OR held.group_code = %s)
    ORDER BY place.code COLLATE "C", person.sort_key, held.id
"""


def _list(world: World, campaign: UUID, unit: int) -> None:
    world.works_for("desk_lead", "survey")
    for state, group in (("open", None), ("done", None), (None, None), ("open", world.random.choice(GROUPS))):
        found = rows(_LIST, campaign, unit, state, state, group, group)
        query = f"?state={state or 'all'}" + (f"&group={group}" if group else "")
        address = f"/survey/{campaign}/list/{unit}/"
        shown, size = _shown(world, f"{address}{query}")
        same, what = world.tally.same, (unit, state, group)
        same("list names", what, [name for name, _, _ in shown], [row[0] for row in found])
        same("list births", what, [birth for _, birth, _ in shown], [_birth(row[1]) for row in found])
        same("list numbers", what, [place for *_, place in shown], list(range(1, len(found) + 1)))
        same("list size", what, size, len(found))
        paper = world.page("desk_lead", f"{address}print/{query}")
        names = [_column(row, say("survey.list.name")) for table in paper.tables for row in table.rows]
        same("list on paper", what, names, [row[0] for row in found])
        _workbook(world, f"{address}list.xlsx{query}", what, found)


def _shown(world: World, address: str) -> tuple[list[tuple[str, str, int]], int]:
    told: list[tuple[str, str, int]] = []
    size = 0
    while address:
        page = world.page("desk_lead", address)
        size = int(re.sub(r"\D", "", page.table(say("survey.list.name")).caption))
        for body in page.root.all("tbody"):
            told += [_line(row) for row in body.all("tr")]
        following = [one.attributes["href"] for one in page.root.all("a") if one.attributes.get("rel") == "next"]
        address = following[0] if following else ""
    return told, size


def _line(row: Node) -> tuple[str, str, int]:
    head = next(row.all("th"))
    name = next(iter([*head.all("a"), *[one for one in head.all("span") if "badge" not in one.classes]])).text()
    cells = {one.attributes.get("data-label"): one.text() for one in row.all("td")}
    return name, cells[say("survey.list.birth")], number(cells[say("survey.list.number")])


def _column(row: dict[str, CellRead], head: str) -> str:
    return row[head].text


def _birth(stored: str) -> str:
    """Return a partial date as people write it, from how it is stored: 1975-03-01, 1975-03, 1975."""
    return "/".join(reversed(stored.split("-")))


def _workbook(world: World, address: str, what: object, found: list[tuple[Any, ...]]) -> None:
    with ZipFile(BytesIO(world.browsers["desk_lead"].get(address).content)) as book:
        strings = [
            "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
        ]
        sheets = sorted((one for one in book.namelist() if one.startswith("xl/worksheets/sheet")), key=_place)
        told = [row for sheet in sheets for row in _sheet(book.read(sheet), strings)]
    keys = ("name", "birth", "group", "contact", "hard")
    shown = [tuple(row[say(f"survey.list.{key}")] for key in keys) for row in told]
    wanted = [
        (
            name, _birth(birth), ", ".join(part for part in (say(f"survey.column.{group}"), company) if part),
            say(f"survey.contact.{contact}"), say(f"survey.hard.{hard}") if hard else "",
        )
        for name, birth, _, group, company, contact, hard in found
    ]  # fmt: skip
    world.tally.same("workbook", what, shown, wanted)


def _place(name: str) -> int:
    return int(re.sub(r"\D", "", name.rpartition("/")[2]))


def _sheet(content: bytes, strings: list[str]) -> list[dict[str, str]]:
    """Return the lines of a sheet by the heads of its sixth row; a line has a number in its first column."""
    table: dict[int, dict[str, str]] = {}
    for cell in ET.fromstring(content).iter(f"{SHEET}c"):  # noqa: S314 - our own file
        column, row = re.fullmatch(r"([A-Z]+)([0-9]+)", cell.attrib["r"]).groups()
        value = cell.find(f"{SHEET}v")
        if value is not None and cell.attrib.get("t") == "s":
            table.setdefault(int(row), {})[column] = strings[int(value.text)]
    heads = table.get(6, {})
    return [
        {head: line.get(column, "") for column, head in heads.items()}
        for row, line in sorted(table.items())
        if row > 6 and line.get("A", "").replace(".", "").isdigit()
    ]
