"""Finding one among a million people (or ten): by number, by name and birth, by name and commune.

The people are made by set-based SQL out of the tables of names, in communes of the size asked for, ten hamlets each,
so that ten million are there in minutes; names are asked as clerks type them: with marks, without, with a slip,
with the middle name lost. Each look-up is measured as a query, and as the audited operation that a page calls.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from statistics import mean
from typing import Any

from django.db import connection, transaction

from bench import frame
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.kernel.names import ascii_key, sort_key, syllable_key
from muster.people.rights import Grants
from muster.people.words import Kind, Role
from muster.register import operations, queries
from muster.rehearsal.people import census
from muster.units.operations import load_reference
from muster.units.queries import ROOT

AT = datetime(2021, 5, 8, 9, tzinfo=ZONE)
HAMLETS, DRAWN = 10, 1_000
BY = Actor(officer=new_id(), unit=ROOT, purpose=Purpose.REGISTER)
GRANTS = Grants(BY.officer or new_id(), Kind.OFFICER, ROOT, ((Role.DESK_LEAD, ROOT),))


def main(argv: Sequence[str]) -> int:
    """Load, then ask; the limits are those of issue and register notes."""
    asked = frame.arguments(
        "search", argv, people=(1_000_000, "people"), asks=(400, "questions of a kind"), seconds=(60, "longest a kind"),
        commune=(9_000, "people in a commune"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        load(asked.people, asked.commune)
        sample = sample_of(asked.asks)
        print(
            f"{asked.people:,} people in {_communes(asked.people, asked.commune):,} communes; {len(sample):,} asked for"
        )
        for what, most, ask in _kinds():
            found: list[bool] = []
            works = (partial(_ask, ask, one, found) for one in sample)
            told.time(what, frame.times_of(works, within=asked.seconds), most=most)
            told.fact("  of them found", f"{mean(found):.1%}", n=len(found))
    return len(told.missed)


def _communes(people: int, commune: int) -> int:
    return max(1, people // commune)


def load(people: int, commune: int) -> None:
    """Make people in communes of a size, unless they are there."""
    load_reference(by=BY, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_person")
        if cursor.fetchone()[0] >= people:
            return
        cursor.execute(_HAMLETS, [_communes(people, commune), HAMLETS])
        with transaction.atomic():
            for statement in _PEOPLE:
                cursor.execute(statement, {"people": people, "drawn": DRAWN, **_names()})
        cursor.execute("VACUUM ANALYZE register_person, register_household, register_number, units_unit")


_HAMLETS = """
    INSERT INTO units_unit (code, level, type_vi, name, name_key, valid_from, valid_to, parent_id, ancestors, id)
    SELECT code || '.' || place, 'hamlet', 'Thôn', 'Số ' || place, 'sô4 ' || place, valid_from, valid_to, above,
           ancestors || number, number
    FROM (SELECT commune.*, commune.id AS above, place,
                 nextval(pg_get_serial_sequence('units_unit', 'id'))::int AS number
          FROM (SELECT * FROM units_unit WHERE level = 'commune' AND valid_to IS NOT NULL
                ORDER BY code LIMIT %s) AS commune
          CROSS JOIN generate_series(1, %s) AS place) AS opened
"""
_PEOPLE = (
    """
    CREATE TEMPORARY TABLE hamlet AS
    SELECT row_number() OVER (ORDER BY random()) AS place, id FROM units_unit WHERE level = 'hamlet'
    """,
    "CREATE UNIQUE INDEX ON hamlet (place)",
    """
    CREATE TEMPORARY TABLE drawn AS
    SELECT n, lpad(to_hex(n), 32, '0')::uuid AS id, lpad(n::text, 12, '0') AS number,
           1 + (random() * (%(drawn)s - 1))::int AS f, 1 + (random() * (%(drawn)s - 1))::int AS m,
           1 + (random() * (%(drawn)s - 1))::int AS g,
           date '1940-01-01' + (random() * 29000)::int AS born, random() AS vague, random() AS sex,
           1 + (n %% (SELECT count(*) FROM hamlet)) AS place
    FROM generate_series(1, %(people)s) AS n
    """,
    "INSERT INTO register_number (number, person, reason) SELECT number, id, '' FROM drawn",
    "SET CONSTRAINTS ALL DEFERRED",
    """
    INSERT INTO register_household (id, unit_id, head, file_no)
    SELECT drawn.id, hamlet.id, drawn.id, '' FROM drawn JOIN hamlet USING (place)
    """,
    """
    INSERT INTO register_person (id, number, number_state, name, other_name, name_key, name_ascii, sort_key, birth,
        birth_from, birth_to, birth_paper, sex, nationality, marital, unit_id, household_id, relation, life, died_on,
        occupation, organisation, version)
    SELECT drawn.id, number, 'numbered', concat_ws(' ', fn[f], mn[m], gn[g]), '', concat_ws(' ', fs[f], ms[m], gs[g]),
           concat_ws(' ', fa[f], ma[m], ga[g]), concat_ws(' ', gr[g], fr[f], mr[m]),
           CASE WHEN vague < 0.03 THEN to_char(born, 'YYYY') ELSE to_char(born, 'YYYY-MM-DD') END,
           CASE WHEN vague < 0.03 THEN date_trunc('year', born)::date ELSE born END,
           CASE WHEN vague < 0.03 THEN (date_trunc('year', born) + interval '1 year - 1 day')::date ELSE born END,
           '', CASE WHEN sex < 0.5 THEN 'male' ELSE 'female' END, 'vietnamese', '', hamlet.id, drawn.id, 'head',
           'alive', '', '', '', 1
    FROM drawn JOIN hamlet USING (place)
    CROSS JOIN (SELECT %(fn)s::text[] AS fn, %(fs)s::text[] AS fs, %(fa)s::text[] AS fa, %(fr)s::text[] AS fr,
                       %(mn)s::text[] AS mn, %(ms)s::text[] AS ms, %(ma)s::text[] AS ma, %(mr)s::text[] AS mr,
                       %(gn)s::text[] AS gn, %(gs)s::text[] AS gs, %(ga)s::text[] AS ga, %(gr)s::text[] AS gr) AS names
    """,
)


def _names() -> dict[str, list[str]]:
    """Return for each part of a name a thousand draws with their three keys, as often as the tables count them."""
    chance, told = random.Random(7), {}
    for letter, part in (("f", "family"), ("m", "middle"), ("g", "given")):
        table = census.names(part, male=True)
        names = [name if (name := table.draw(chance)) != census.NO_MIDDLE else "Văn" for _ in range(DRAWN)]
        told |= {f"{letter}n": names, f"{letter}s": [syllable_key(name) for name in names]}
        told |= {f"{letter}a": [ascii_key(name) for name in names], f"{letter}r": [sort_key(name) for name in names]}
    return told


Person = tuple[Any, ...]  # id, number, name, birth, hamlet, commune, province


def sample_of(count: int) -> list[Person]:
    """Draw persons of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person.id, number, person.name, birth, unit_id, ancestors[4], ancestors[2]
            FROM register_person AS person JOIN units_unit AS unit ON unit.id = unit_id
            WHERE person.id IN (SELECT lpad(to_hex(1 + (random() * (most - 1))::int), 32, '0')::uuid
                                FROM (SELECT count(*) AS most FROM register_person) AS all_, generate_series(1, %s))
            """,
            [count],
        )
        return list(cursor.fetchall())


def typed(name: str, number: str) -> str:
    """Return a name as one of four clerks types it: as it is, without marks, with a slip, without its middle."""
    words = name.split()
    way = int(number[-2:]) % 4
    if way == 1:
        return ascii_key(name)
    if way == 2:
        return " ".join([*words[:-1], words[-1][:-1] + "x" if len(words[-1]) > 3 else words[-1]])
    return f"{words[0]} {words[-1]}" if way else name


Ask = Callable[[Person], Sequence[queries.PersonLine]]


def _kinds() -> Iterator[tuple[str, float | None, Ask]]:
    """Yield what is asked, its limit in seconds, and how."""
    by = {"grants": GRANTS, "by": BY, "at": AT}
    yield "number", 0.005, lambda one: queries.by_number(one[1])
    yield "number, audited", 0.02, lambda one: operations.look_up(text=one[1], **by)
    yield "name and birth date", 0.02, lambda one: queries.find(typed(one[2], one[1]), birth=day_of(one))
    yield (
        "name and birth date, audited",
        0.04,
        lambda one: operations.search(name=typed(one[2], one[1]), birth=day_of(one), **by),
    )
    yield "name and commune", 0.08, lambda one: queries.find(typed(one[2], one[1]), unit=one[5])
    yield (
        "name and birth year, in the whole country",
        None,
        lambda one: queries.find(typed(one[2], one[1]), birth=PartialDate(int(one[3][:4]))),
    )
    yield (
        "name and birth year, in a province",
        None,
        lambda one: queries.find(typed(one[2], one[1]), birth=PartialDate(int(one[3][:4])), unit=one[6]),
    )


def day_of(one: Person) -> PartialDate:
    """Return the day as a paper has it: of who is in the register with a year alone, some day of that year."""
    birth = PartialDate.parse(one[3])
    return birth if birth.precision == "day" else PartialDate(birth.year, 7, 15)


def _ask(ask: Ask, one: Person, found: list[bool]) -> None:
    found.append(one[0] in {line.id for line in ask(one)})
