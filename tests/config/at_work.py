"""A program that works on an installation, for the tests that kill, copy and restore it: ``at_work.py begin | ...``."""

import sys
from datetime import UTC, datetime
from uuid import UUID

import django

from muster.config import postgres
from muster.kernel.actor import Actor, Purpose

AT = datetime(2021, 5, 8, 10, tzinfo=UTC)
UNIT = 1
BY = Actor(officer=None, unit=UNIT, purpose=Purpose.REGISTER)


def begin():
    """Make the tables, open a country of one unit, and tie the database to its keys."""
    from datetime import date

    from django.core.management import call_command

    from muster.events.operations import place_units
    from muster.keys.operations import hold_to_folder
    from muster.units.models import Unit

    call_command("migrate", verbosity=0, interactive=False)
    Unit.objects.create(
        id=UNIT, code="VN", level="country", type_vi="country", name="Việt Nam", name_key="việt nam",
        ancestors=[UNIT], valid_from=date(2019, 1, 1),
    )  # fmt: skip
    place_units([(UNIT, [UNIT])])
    hold_to_folder()


def take_in(count):
    """Take persons in, each with a phone, and print their ids."""
    from muster.kernel.dates import PartialDate
    from muster.kernel.ids import new_id
    from muster.kernel.numbers import Sex
    from muster.register import operations
    from muster.register.rows import HouseholdRow, PersonRow
    from muster.register.sensitive import Sensitive
    from muster.register.words import Relation

    homes, persons = [], []
    for n in range(int(count)):
        person, home = new_id(), new_id()
        homes.append(HouseholdRow(id=home, unit=UNIT, head=person))
        persons.append(
            PersonRow(
                id=person, name="Trần Văn Nam", sex=Sex.MALE, birth=PartialDate.parse("1990"), unit=UNIT,
                household=home, relation=Relation.HEAD, registered_unit=UNIT,
                sensitive=Sensitive(phone=f"{551000000 + n:010}"),
            )
        )  # fmt: skip
    result = operations.take_in(households=homes, persons=persons, by=BY, at=AT)
    assert not result.refused, result.refused
    print(*result.done, flush=True)


def read(*persons):
    """Print each person's phone: ``closed`` where it opens no more, ``nobody`` where there is no such person."""
    from muster.people.words import Field
    from muster.register import queries
    from muster.register.models import Person

    for person in map(UUID, persons):
        if not Person.objects.filter(id=person).exists():
            print("nobody")
            continue
        page = queries.person_page(person, allowed=frozenset(Field))
        print((page.sensitive or {}).get("phone", "lost" if page.lost else "closed"))


def mend(person, phone):
    """Correct a person's phone."""
    from muster.register.operations import Correction, correct
    from muster.register.queries import states

    version = states([UUID(person)])[UUID(person)].version
    row = Correction(person=UUID(person), version=version, changes={"phone": phone}, paper="CT01")
    assert not correct(corrections=[row], grants=None, by=BY, at=AT).refused


def erase(*persons):
    """Erase the keys of persons."""
    from muster.register.operations import erase_sensitive

    assert not erase_sensitive(persons=[UUID(person) for person in persons], grants=None, by=BY, at=AT).refused


def record(count):
    """Record moves, one batch after another, and print the id of each that is acknowledged; 0 is without end."""
    from django.db import transaction

    from muster.audit import operations as audit
    from muster.events.journal import Move
    from muster.events.operations import record as write
    from muster.kernel.ids import new_id

    done = 0
    while not int(count) or done < int(count):
        moves = [
            Move(thing=new_id(), kind="dossier", move="receive", unit_done=UNIT, unit_residence=UNIT, occurred_at=AT)
            for _ in range(10)
        ]
        with transaction.atomic():
            audit.record(by=BY, at=AT, action="test.record", events=write(moves=moves, by=BY, at=AT))
        print(*(move.id for move in moves), flush=True)
        done += 1


def check():
    """Print the ids on standard input that the journal does not hold, then how journal, counters and audit agree."""
    from muster.config.cli import main
    from muster.events.models import Event

    asked = {UUID(word) for word in sys.stdin.read().split()}
    print(*(asked - set(Event.objects.filter(id__in=asked).values_list("id", flat=True))))
    assert main(["recount"]) == 0
    assert main(["audit", "verify"]) == 0


def hold():
    """Stay connected until a line comes in."""
    from django.db import connection

    connection.ensure_connection()
    print("connected", flush=True)
    sys.stdin.readline()


ACTS = {"begin": begin, "take-in": take_in, "open": read, "erase": erase, "record": record, "check": check,
        "hold": hold, "mend": mend}  # fmt: skip

if __name__ == "__main__":
    with postgres.Lease(postgres.cluster()):
        django.setup()
        ACTS[sys.argv[1]](*sys.argv[2:])
