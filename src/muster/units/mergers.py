"""What a merger (or a split, which is one too) does to the tree, worked out before anything is written.

The rule: nothing moves silently. A predecessor closes, a successor opens, a succession joins them. What stands below a
predecessor that goes over whole (its hamlets) closes too and opens again, under its code, below the successor; what
stands below one that is divided must be named in the batch itself. Knows no database.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from muster.kernel.errors import Refusal, RowRefusal
from muster.units.rows import MalformedUnit, NewUnit, Placed, holding, place
from muster.units.storage import StoredSuccession


class UnknownPredecessor(Refusal):
    """No unit carries the code until the day of the merger, or it ends on another day already."""

    code = "unknown_predecessor"
    vi = "Không có đơn vị {unit} kết thúc được vào ngày {on}."
    en = "There is no unit {unit} that could end on {on}."


class SharesDisagree(Refusal):
    """The land, and the people, of a predecessor go whole to one successor or in parts to two or more."""

    code = "shares_disagree"
    vi = "Các phần của đơn vị {unit} không khớp: toàn bộ vào một đơn vị, hoặc một phần vào ít nhất hai đơn vị."
    en = "The shares of unit {unit} do not agree: the whole to one, or parts to at least two."


class ChildrenLeft(Refusal):
    """A divided unit leaves units below it that the batch does not mention, or that open later."""

    code = "children_left"
    vi = "Chưa nêu {children} đơn vị cấp dưới của {unit} về đâu."
    en = "The batch does not say where {children} units below {unit} go."


class BoundToRefused(Refusal):
    """Another merger that takes a part of the same unit was refused."""

    code = "bound_to_refused"
    vi = "Không thực hiện vì một phần việc sắp xếp đơn vị {unit} bị từ chối."
    en = "Not done because another merger of unit {unit} was refused."


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit gives: how much of its land (share) and of its inhabitants (people): whole, part or none."""

    code: str
    share: str = "whole"
    people: str = "whole"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Merger:
    """A unit that opens, and the units it comes from."""

    successor: NewUnit
    parts: Sequence[Part]


@dataclass(slots=True)
class Plan:
    """What a batch of mergers will do."""

    done: list[Placed] = field(default_factory=list)  # successors, of new and of repeated mergers
    opened: list[Placed] = field(default_factory=list)
    closed: list[Placed] = field(default_factory=list)
    successions: list[StoredSuccession] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """One attempt at a set of mergers: the tree as it would be, and what must happen for it."""

    on: dt.date
    known: dict[str, list[Placed]]
    number: Iterator[int]
    plan: Plan = field(default_factory=Plan)

    def close(self, unit: Placed) -> None:
        if unit.valid_to != self.on:
            units = self.known[unit.code]
            units[units.index(unit)] = replace(unit, valid_to=self.on)
            self.plan.closed.append(unit)

    def open(self, row: NewUnit) -> Placed:
        stands = {unit.id for unit in self.known.get(row.code, ())}
        unit = place(row, self.known, next(self.number))
        if unit.id not in stands:
            self.known.setdefault(row.code, []).append(unit)
            self.plan.opened.append(unit)
        return unit

    def join(self, old: Placed, new: Placed, part: Part) -> None:
        self.plan.successions.append(StoredSuccession(old.id, new.id, self.on, part.share, part.people, part.note))


def plan(
    mergers: Sequence[Merger], on: dt.date, known: Mapping[str, Sequence[Placed]], below: Sequence[Placed],
    numbers: Sequence[int],
) -> tuple[Plan, list[RowRefusal]]:  # fmt: skip
    """Work out a batch of mergers on one day; one that is refused takes along all that share a predecessor with it.

    :param known: all units that carry or carried a code of the batch, of a parent, or of a unit of ``below``
    :param below: all units below the predecessors, parents first
    :param numbers: enough for every successor and every unit of ``below``
    """
    refused: dict[int, Refusal] = {}
    while True:
        active = {index: merger for index, merger in enumerate(mergers) if index not in refused}
        draft = _Draft(on, {code: list(units) for code, units in known.items()}, iter(numbers))
        failed = _attempt(draft, active, below)
        if not failed:
            return draft.plan, [RowRefusal(index, refused[index]) for index in sorted(refused)]
        refused |= failed | _bound(mergers, failed, active)


def _bound(
    mergers: Sequence[Merger], failed: Mapping[int, Refusal], active: Mapping[int, Merger]
) -> dict[int, Refusal]:
    """Return the refusal of each active merger that shares a predecessor with one that failed."""
    touched = {part.code for index in failed for part in mergers[index].parts}
    return {
        index: BoundToRefused(unit=part.code)
        for index, merger in active.items()
        if index not in failed
        for part in merger.parts
        if part.code in touched
    }


def _attempt(draft: _Draft, active: Mapping[int, Merger], below: Sequence[Placed]) -> dict[int, Refusal]:
    """Apply all active mergers to the draft; return those that cannot be, by their place in the batch."""
    failed: dict[int, Refusal] = {}
    olds: dict[str, Placed] = {}
    for index, merger in active.items():
        try:
            olds |= _predecessors(merger, draft)
        except Refusal as refusal:
            failed[index] = refusal
    if failed:
        return failed
    gives: dict[str, list[Part]] = defaultdict(list)
    for merger in active.values():
        for part in merger.parts:
            gives[part.code].append(part)
    children = _open_children(below, draft.on)
    for old in olds.values():
        draft.close(old)
    for index, merger in active.items():
        try:
            _apply(merger, draft, olds, gives, children)
        except Refusal as refusal:
            failed[index] = refusal
    return failed


def _predecessors(merger: Merger, draft: _Draft) -> dict[str, Placed]:
    if merger.successor.valid_from != draft.on or not merger.parts:
        raise MalformedUnit(unit=merger.successor.code, field="valid_from" if merger.parts else "parts")
    found = {}
    for part in merger.parts:
        unit = holding(draft.known, part.code, draft.on - dt.timedelta(days=1))
        if unit is None or unit.valid_to not in {None, draft.on}:
            raise UnknownPredecessor(unit=part.code, on=draft.on.isoformat())
        found[part.code] = unit
    return found


def _open_children(below: Sequence[Placed], on: dt.date) -> dict[int, list[Placed]]:
    children: dict[int, list[Placed]] = defaultdict(list)
    for unit in below:
        if unit.parent is not None and (unit.valid_to is None or unit.valid_to > on):
            children[unit.parent].append(unit)
    return children


def _apply(
    merger: Merger, draft: _Draft, olds: Mapping[str, Placed], gives: Mapping[str, Sequence[Part]],
    children: Mapping[int, Sequence[Placed]],
) -> None:  # fmt: skip
    new = draft.open(merger.successor)
    draft.plan.done.append(new)
    for part in merger.parts:
        old = olds[part.code]
        if not accounted(gives[part.code]):
            raise SharesDisagree(unit=part.code)
        draft.join(old, new, part)
        left = [child for child in children[old.id] if child.code not in olds]
        late = [child for child in left if child.valid_from >= draft.on]
        if late or (left and part.share != "whole"):
            raise ChildrenLeft(unit=part.code, children=len(late or left))
        for child in left:
            _carry(child, new, draft, olds, children)


def _carry(
    child: Placed, parent: Placed, draft: _Draft, olds: Mapping[str, Placed], children: Mapping[int, Sequence[Placed]],
) -> None:  # fmt: skip
    """Close a unit and open it again below its new parent, with all that stands below it."""
    draft.close(child)
    again = draft.open(NewUnit(child.code, child.level, child.type_vi, child.name, parent.code, draft.on,
                               child.valid_to, child.lat, child.lon))  # fmt: skip
    draft.join(child, again, Part(child.code))
    for inner in children[child.id]:
        if inner.valid_from >= draft.on:
            raise ChildrenLeft(unit=child.code, children=1)
        if inner.code not in olds:
            _carry(inner, again, draft, olds, children)


def accounted(parts: Sequence[Part]) -> bool:
    """Say whether the shares of one predecessor add up: the whole to one, or parts to two or more."""
    return all(
        sorted(given) == ["whole"] or (len(given) > 1 and set(given) == {"part"})
        for given in (
            [part.share for part in parts if part.share != "none"],
            [part.people for part in parts if part.people != "none"],
        )
    )
