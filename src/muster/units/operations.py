"""What is done to units: load the lists of the country, add, merge, rename. Nothing stored is ever overwritten."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from django.db import transaction

from muster.audit import operations as audit
from muster.audit.operations import Subject
from muster.events import operations as events
from muster.events.journal import Move
from muster.events.operations import place_units
from muster.kernel.actor import Actor
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.names import normalise, syllable_key
from muster.units import storage
from muster.units.mergers import Merger, Part
from muster.units.mergers import plan as plan_mergers
from muster.units.queries import UnknownUnit
from muster.units.reference import DATA, NewRenaming, NewSuccession, digest, read
from muster.units.rows import NewUnit, Placed, holding, place, thing
from muster.units.storage import StoredRenaming, StoredSuccession

__all__ = ["HamletsAdded", "Loaded", "Merger", "NamedTwice", "NewHamlet", "NewRenaming", "NewUnit", "Part",
           "add_hamlets", "add_units", "load_reference", "merge_units", "rename_units"]  # fmt: skip


class SuccessionDiffers(Refusal):
    """The succession is there with other shares, contradicts another, or its units do not meet on its day."""

    code = "succession_differs"
    vi = "Chuyển đổi {unit} -> {successor} không khớp với dữ liệu đã có."
    en = "The succession {unit} -> {successor} does not fit what is stored."


class NotRenamable(Refusal):
    """A unit takes a name on a day after it opens and before it closes, once."""

    code = "not_renamable"
    vi = "Đơn vị {unit} không thể đổi tên vào ngày {on}."
    en = "The unit {unit} cannot be renamed on {on}."


class NamedTwice(Refusal):
    """One list names each hamlet once."""

    code = "named_twice"
    vi = "“{name}” được ghi hai lần trong danh sách."
    en = "“{name}” is in the list twice."


@dataclass(frozen=True, slots=True)
class NewHamlet:
    """A hamlet to open: its type and its name; its code is made from that of the unit above."""

    type_vi: str
    name: str


@dataclass(frozen=True, slots=True)
class HamletsAdded(BatchResult[Placed]):
    """What became of a list of hamlets; ``stood`` counts those of the done that were there before."""

    stood: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of the lists did: rows added, rows refused, and what of the lists had to be mended or derived."""

    units: int
    successions: int
    renamings: int
    refused: Sequence[Refusal]
    mended: Sequence[str]


@transaction.atomic
def load_reference(*, by: Actor, at: dt.datetime, folder: Path = DATA) -> Loaded:
    """Load the units of Việt Nam from the packaged lists; a second load of the same lists reads none of them.

    Numbers follow the order of the lists: Việt Nam is 1, then the provinces, districts and communes of the legacy
    tree, then those of today. A row that differs from what is stored is refused and reported, never written over;
    lists with such a row are read again at every load.

    :raises UnreadableRow: a list is broken
    :raises UnreadableNote: a note of the conversion table says nothing we know
    """
    asked = digest(folder)
    if storage.loaded_lists() == asked:
        return Loaded(0, 0, 0, [], [])
    lists = read(folder)
    storage.lock()
    storage.start_numbers()
    with storage.by_whole_sets():
        added = _add(lists.units)
        place_units((unit.id, unit.ancestors) for unit in chain.from_iterable(added.known.values()))
        successions, lost = _add_successions(lists.successions, added.known)
        renamings, unnamed = _add_renamings(lists.renamings, added.known)
    refused = [row.refusal for row in added.refused] + lost + [row.refusal for row in unnamed]
    loaded = Loaded(len(added.new), successions, len(renamings), refused, lists.mended)
    told = (
        f"units {loaded.units}, successions {loaded.successions}, renamings {loaded.renamings}, refused {len(refused)}"
    )
    if loaded != replace(loaded, units=0, successions=0, renamings=0, refused=[]):
        audit.record(by=by, at=at, action="units.load_reference", detail=told)
    if not refused:
        storage.keep_loaded(asked, at)
    return loaded


@transaction.atomic
def add_units(*, rows: Sequence[NewUnit], by: Actor, at: dt.datetime) -> BatchResult[Placed]:
    """Open units below units that stand, or below earlier rows of the batch; one that stands already is returned.

    Bad rows are refused with the refusals of ``units.rows``; the others are opened.
    """
    storage.lock()
    added = _add(rows)
    _tell("units.add", opened=added.new, by=by, at=at)
    return BatchResult(added.done, added.refused)


@transaction.atomic
def add_hamlets(
    *, parent: str, on: dt.date, rows: Sequence[NewHamlet], by: Actor, at: dt.datetime
) -> HamletsAdded:  # fmt: skip
    """Open hamlets below the unit that carries a code, from a day on; number them ``<code>.001`` and up.

    A number is never given twice, not even to a hamlet of another time. One that stands there on that day, by type and
    name, is returned as it is. Refused row by row: ``NamedTwice`` and the refusals of ``units.rows``.

    :raises UnknownUnit: nobody carries the code on that day
    """
    storage.lock()
    above = holding(storage.by_code({parent}), parent, on)
    if above is None:
        raise UnknownUnit(unit=parent, on=on.isoformat())
    below = [unit for unit in storage.below([above.id]) if unit.parent == above.id and unit.holds_on(on)]
    stand = {(unit.type_vi, unit.name_key): unit for unit in _titled(below, on)}
    numbers = count(1 + max((int(code.rpartition(".")[2]) for code in storage.numbered(parent)), default=0))
    done: dict[int, Placed] = {}
    fresh: dict[int, NewUnit] = {}
    refused: list[RowRefusal] = []
    named: set[tuple[str, str]] = set()
    for index, row in enumerate(rows):
        key = normalise(row.type_vi), syllable_key(row.name)
        if key in named:
            refused.append(RowRefusal(index, NamedTwice(name=row.name)))
        elif key in stand:
            done[index] = stand[key]
        else:
            fresh[index] = NewUnit(f"{parent}.{next(numbers):03}", "hamlet", row.type_vi, row.name, parent, on)
        named.add(key)
    stood, places = len(done), list(fresh)
    opened = add_units(rows=list(fresh.values()), by=by, at=at)
    refused += [RowRefusal(places[each.index], each.refusal) for each in opened.refused]
    gone = {each.index for each in refused}
    done |= dict(zip([place for place in places if place not in gone], opened.done, strict=True))
    return HamletsAdded([done[index] for index in sorted(done)], sorted(refused, key=lambda row: row.index), stood)


@transaction.atomic
def merge_units(*, mergers: Sequence[Merger], on: dt.date, by: Actor, at: dt.datetime) -> BatchResult[Placed]:
    """Close units on a day and open their successors (a split is a unit that gives parts to several).

    Hamlets of a unit that goes over whole open again below its successor. People, events and plans keep pointing at
    the unit they were written with; ``queries.at`` says what holds its territory later. A merger done before is
    returned as it stands. Refused row by row with the refusals of ``units.mergers`` and ``units.rows``; mergers that
    share a predecessor are done together or not at all.

    :raises SuccessionDiffers: one of the units went elsewhere on that day already; nothing of the batch is done
    """
    storage.lock()
    olds = {part.code for merger in mergers for part in merger.parts}
    known = storage.by_code(olds)
    below = _titled(storage.below([unit.id for units in known.values() for unit in units if unit.holds_on(on)]), on)
    codes = {merger.successor.code for merger in mergers} | {merger.successor.parent or "" for merger in mergers}
    known |= storage.by_code((codes | {unit.code for unit in below}) - olds)
    plan, refused = plan_mergers(mergers, on, known, below, storage.numbers(len(mergers) + len(below)))
    fresh, contradicted = _fresh(plan.successions)
    if contradicted:
        raise _differs(contradicted[0], chain(chain.from_iterable(known.values()), plan.opened))
    storage.close([unit.id for unit in plan.closed], on)
    storage.insert(plan.opened)
    storage.insert_successions(fresh)
    _tell("units.merge", closed=plan.closed, opened=plan.opened, by=by, at=at)
    return BatchResult(plan.done, refused)


@transaction.atomic
def rename_units(*, renamings: Sequence[NewRenaming], by: Actor, at: dt.datetime) -> BatchResult[StoredRenaming]:
    """Let units of unchanged extent bear another name or type from a day on; refused row by row: ``NotRenamable``."""
    storage.lock()
    known = storage.by_code({row.code for row in renamings})
    done, refused = _add_renamings(renamings, known)
    units = {unit.id: unit for unit in chain.from_iterable(known.values())}
    _tell("units.rename", renamed=[units[each.unit] for each in done], by=by, at=at)
    return BatchResult(done, refused)


@dataclass(slots=True)
class _Added:
    known: dict[str, list[Placed]]
    done: list[Placed]
    new: list[Placed]
    refused: list[RowRefusal]


def _add(rows: Sequence[NewUnit]) -> _Added:
    known = storage.by_code({row.code for row in rows} | {row.parent for row in rows if row.parent})
    stand = {(unit.code, unit.valid_from) for units in known.values() for unit in units}
    numbers = iter(storage.numbers(sum(row.key not in stand for row in rows)))
    added = _Added(known, [], [], [])
    for index, row in enumerate(rows):
        number = 0 if row.key in stand else next(numbers)
        try:
            unit = place(row, known, number)
        except Refusal as refusal:
            added.refused.append(RowRefusal(index, refusal))
            continue
        added.done.append(unit)
        if row.key not in stand:
            stand.add(row.key)
            known.setdefault(row.code, []).append(unit)
            added.new.append(unit)
    storage.insert(added.new)
    return added


def _add_successions(rows: Sequence[NewSuccession], known: Mapping[str, Sequence[Placed]]) -> tuple[int, list[Refusal]]:
    """Write the successions that are not there yet; return how many, and a refusal for each that does not fit."""
    resolved: list[StoredSuccession] = []
    refused: list[Refusal] = []
    for row in rows:
        old, new = holding(known, row.predecessor, row.on - dt.timedelta(days=1)), holding(known, row.successor, row.on)
        if old is None or new is None or (old.valid_to, new.valid_from) != (row.on, row.on):
            refused.append(SuccessionDiffers(unit=row.predecessor, successor=row.successor))
        else:
            resolved.append(StoredSuccession(old.id, new.id, row.on, row.share, row.people, row.note))
    fresh, contradicted = _fresh(resolved)
    storage.insert_successions(fresh)
    return len(fresh), refused + [_differs(row, chain.from_iterable(known.values())) for row in contradicted]


def _differs(row: StoredSuccession, units: Iterable[Placed]) -> SuccessionDiffers:
    codes = {unit.id: unit.code for unit in units}
    return SuccessionDiffers(unit=codes[row.predecessor], successor=codes[row.successor])


def _fresh(rows: Sequence[StoredSuccession]) -> tuple[list[StoredSuccession], list[StoredSuccession]]:
    """Part the successions into those to write, those that stand (left out), and those that contradict another."""
    stored = storage.successions({row.predecessor for row in rows})
    said: dict[int, list[StoredSuccession]] = defaultdict(list)
    for each in stored.values():
        said[each.predecessor].append(each)
    fresh, contradicted = [], []
    for row in rows:
        if stored.get((row.predecessor, row.successor)) == row:
            continue
        if any(_contradict(row, other) for other in said[row.predecessor]):
            contradicted.append(row)
        else:
            said[row.predecessor].append(row)
            fresh.append(row)
    return fresh, contradicted


def _contradict(one: StoredSuccession, other: StoredSuccession) -> bool:
    """Say whether two successions of one unit exclude each other: the whole went to one, or the same pair twice."""
    lands, peoples = {one.share, other.share} - {"none"}, {one.people, other.people} - {"none"}
    both_land, both_people = "none" not in (one.share, other.share), "none" not in (one.people, other.people)
    return one.successor == other.successor or (both_land and "whole" in lands) or (both_people and "whole" in peoples)


def _add_renamings(
    rows: Sequence[NewRenaming], known: Mapping[str, Sequence[Placed]]
) -> tuple[list[StoredRenaming], list[RowRefusal]]:
    """Write the renamings that are not there yet and return them, and the rows that do not fit."""
    stored = {(each.unit, each.on): each for each in storage.renamings([u.id for us in known.values() for u in us])}
    fresh, refused = [], []
    for index, row in enumerate(rows):
        unit, name = holding(known, row.code, row.on), normalise(row.name)
        if unit is None or unit.valid_from == row.on or not (name and row.type_vi.strip()):
            refused.append(RowRefusal(index, NotRenamable(unit=row.code, on=row.on.isoformat())))
            continue
        asked = StoredRenaming(unit.id, row.on, normalise(row.type_vi), name, syllable_key(name))
        if (there := stored.setdefault((unit.id, row.on), asked)) is asked:
            fresh.append(asked)
        elif there != asked:
            refused.append(RowRefusal(index, NotRenamable(unit=row.code, on=row.on.isoformat())))
    storage.insert_renamings(fresh)
    return fresh, refused


def _titled(units: Sequence[Placed], on: dt.date) -> list[Placed]:
    """Return the units with the names and types they bear on a day."""
    titles = {each.unit: each for each in storage.renamings([unit.id for unit in units]) if each.on <= on}
    return [
        replace(unit, type_vi=title.type_vi, name=title.name, name_key=title.name_key)
        if (title := titles.get(unit.id))
        else unit
        for unit in units
    ]


def _tell(
    action: str, *, by: Actor, at: dt.datetime, opened: Sequence[Placed] = (), closed: Sequence[Placed] = (),
    renamed: Sequence[Placed] = (),
) -> None:  # fmt: skip
    """Place new units in the journal, write a move for each unit touched, and the batch into the audit."""
    touched = [("closed", unit) for unit in closed] + [("opened", unit) for unit in opened]
    touched += [("renamed", unit) for unit in renamed]
    if not touched:
        return
    place_units((unit.id, unit.ancestors) for unit in opened)
    moves = [
        Move(thing=thing(unit.code, unit.valid_from), kind="unit", move=move, unit_done=by.unit, occurred_at=at,
             reason=unit.code)
        for move, unit in touched
    ]  # fmt: skip
    recorded = events.record(moves=moves, by=by, at=at)
    subjects = [Subject("unit", move.thing) for move in moves]
    audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded, detail=f"units {len(moves)}")
