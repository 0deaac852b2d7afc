"""Reinforcements as they stand: what was proposed and promised, what was decided, what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from muster.engines.reinforcement import Kind
from muster.plan import queries as plan
from muster.reporting.models import Effect, Promise, Reinforcement
from muster.reporting.reinforcing import TAKEN, Part, State

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """What a move does to one unit: the finish by the plan without it and with it; none: not by the deadline."""

    unit: int
    left: int
    finish_before: date | None
    cautious_before: date | None
    late_before: int
    finish_after: date | None
    cautious_after: date | None
    late_after: int
    served_without: int
    served_with: int

    @property
    def more(self) -> int:
        """How many people more are served on the days of the move; below 0 fewer."""
        return self.served_with - self.served_without


@dataclass(frozen=True, slots=True)
class EffectLine:
    """What came of it at one unit: dossiers on the days of the move and on days before, and forecasts then and now."""

    days_before: int
    before: int
    days: int
    after: int
    finish_before: date | None
    low_before: date | None
    high_before: date | None
    finish_after: date | None
    low_after: date | None
    high_after: date | None
    measured_at: datetime

    @property
    def was(self) -> float | None:
        """Dossiers a day before; none where no day was."""
        return self.before / self.days_before if self.days_before else None

    @property
    def came(self) -> float:
        """Dossiers a day on the days of the move."""
        return self.after / self.days


@dataclass(frozen=True, slots=True)
class ReinforcementLine:
    """A reinforcement with its promises and effects."""

    id: UUID
    campaign: UUID
    above: int
    receiver: int
    donor: int | None
    kind: Kind
    day: date
    first: date
    last: date
    deadline: date
    kits: Sequence[UUID]
    crews: Sequence[UUID]
    place: int
    gained: int
    turns: int
    proposed_at: datetime
    state: State
    decision: UUID | None
    decided_by: UUID | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    promises: Mapping[Part, PromiseLine]
    effects: Mapping[Part, EffectLine]
    paths: Mapping[Part, Sequence[int]]
    kit_codes: Sequence[str]
    crew_names: Sequence[str]

    @property
    def units(self) -> Mapping[Part, int]:
        """The receiver, and the donor if there is one."""
        told = {Part.RECEIVER: self.receiver}
        return told if self.donor is None else told | {Part.DONOR: self.donor}

    @property
    def days(self) -> int:
        """How many days it takes, those of travel too."""
        return (self.last - self.first).days + 1

    def above_both(self) -> frozenset[int]:
        """Return the units above all it is about."""
        return frozenset.intersection(*(frozenset(path[:-1]) for path in self.paths.values()))


_LINE = (
    "id", "campaign_id", "above_id", "receiver_id", "donor_id", "kind", "day", "first", "last", "deadline", "kits",
    "crews", "place", "gained", "turns", "proposed_at", "state", "decision", "decided_by_id", "decided_by__full_name",
    "decided_at", "reason",
)  # fmt: skip
_PROMISE = (
    "unit_id", "left", "finish_before", "cautious_before", "late_before", "finish_after", "cautious_after",
    "late_after", "served_without", "served_with",
)  # fmt: skip
_EFFECT = (
    "days_before", "before", "days", "after", "finish_before", "low_before", "high_before", "finish_after",
    "low_after", "high_after", "measured_at",
)  # fmt: skip


def _lines(rows: "QuerySet[Reinforcement]") -> list[ReinforcementLine]:
    told = list(rows.values_list(*_LINE))
    ids = [row[0] for row in told]
    promises: dict[UUID, dict[Part, PromiseLine]] = {one: {} for one in ids}
    effects: dict[UUID, dict[Part, EffectLine]] = {one: {} for one in ids}
    for id_, part, *values in Promise.objects.filter(reinforcement_id__in=ids).values_list(
        "reinforcement_id", "part", *_PROMISE
    ):
        promises[id_][Part(part)] = PromiseLine(*values)
    for id_, part, *values in Effect.objects.filter(reinforcement_id__in=ids).values_list(
        "reinforcement_id", "part", *_EFFECT
    ):
        effects[id_][Part(part)] = EffectLine(*values)
    paths = plan.unit_paths({unit for row in told for unit in row[3:5] if unit is not None})
    kits = {one: held.code for one, held in plan.kit_states({kit for row in told for kit in row[10]}).items()}
    crews = plan.crew_names({crew for row in told for crew in row[11]})
    return [
        ReinforcementLine(*one)
        for row in told
        for one in [(
            *row[:5], Kind(row[5]), *row[6:16], State(row[16]), *row[17:19], row[19] or "", *row[20:],
            promises[row[0]], effects[row[0]],
            {part: paths[unit] for part, unit in zip(Part, row[3:5], strict=True) if unit is not None},
            [kits[one] for one in row[10]], [crews[one] for one in row[11]],
        )]
    ]  # fmt: skip


def reinforcements_by_ids(ids: Collection[UUID]) -> dict[UUID, ReinforcementLine]:
    """Return reinforcements by id."""
    return {one.id: one for one in _lines(Reinforcement.objects.filter(id__in=ids))}


def proposed_reinforcements(campaign: UUID, above: int, on: date) -> list[ReinforcementLine]:
    """Return what is proposed to the units right below one and may still begin after a day, in the order found."""
    rows = Reinforcement.objects.filter(campaign_id=campaign, above_id=above, state=State.PROPOSED.value, first__gt=on)
    return _lines(rows.order_by("-day", "place", "id"))


def decided_reinforcements(campaign: UUID, above: int, *, limit: int = 50) -> list[ReinforcementLine]:
    """Return what was accepted or declined of the units right below one, the last first."""
    states = [*(one.value for one in TAKEN), State.DECLINED.value]
    rows = Reinforcement.objects.filter(campaign_id=campaign, above_id=above, state__in=states)
    return _lines(rows.order_by("-decided_at", "id")[:limit])


def reinforcement_turns(campaign: UUID, above: int) -> dict[int, tuple[int, int]]:
    """Return the person-turns that units right below one have given to others and received; one without is left out."""
    rows = Reinforcement.objects.filter(campaign_id=campaign, above_id=above, state__in=[one.value for one in TAKEN])
    found: dict[int, tuple[int, int]] = {}
    for donor, receiver, turns in rows.values_list("donor_id", "receiver_id", "turns"):
        gave, had = found.get(receiver, (0, 0))
        found[receiver] = gave, had + turns
        if donor is not None:
            gave, had = found.get(donor, (0, 0))
            found[donor] = gave + turns, had
    return found


def reinforcements_to_expire(on: date, *, limit: int = 1_000) -> list[UUID]:
    """Return proposals whose first day is that work day or before it, the oldest first."""
    rows = Reinforcement.objects.filter(state=State.PROPOSED.value, first__lte=on)
    return list(rows.order_by("first", "id").values_list("id", flat=True)[:limit])


def reinforcements_to_measure(on: date, *, limit: int = 1_000) -> list[UUID]:
    """Return what was carried out and whose days are over before a work day, the oldest first."""
    rows = Reinforcement.objects.filter(state=State.CARRIED_OUT.value, last__lt=on)
    return list(rows.order_by("last", "id").values_list("id", flat=True)[:limit])


def open_proposals(campaign: UUID, above: int, about: Collection[int] | None = None) -> set[UUID]:
    """Return what is proposed to the units right below one and was not decided; only what is about some, if asked."""
    rows = Reinforcement.objects.filter(campaign_id=campaign, above_id=above, state=State.PROPOSED.value)
    if about is not None:
        rows = rows.filter(Q(receiver_id__in=about) | Q(donor_id__in=about))
    return set(rows.values_list("id", flat=True))


def reinforcement_decisions(decisions: Collection[UUID]) -> dict[UUID, tuple[object, ...]]:
    """Return what was decided by these decisions: on what, whether accepted, why, and by whom."""
    rows = Reinforcement.objects.filter(decision__in=decisions)
    return {
        decision: (id_, state != State.DECLINED, reason, officer)
        for decision, id_, state, reason, officer in rows.values_list(
            "decision", "id", "state", "reason", "decided_by_id"
        )
        if decision
    }
