"""Which crews there are for shifts that are to be given out, and what their people do already."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from muster.engines.rostering import Spell
from muster.plan.models import Crew, Member
from muster.plan.queries.naming import limits
from muster.plan.queries.sessions import duties


@dataclass(frozen=True, slots=True)
class Roster:
    """Crews, the days on which each stands, and what any of its people does already."""

    crews: Sequence[UUID]
    days: Mapping[UUID, tuple[date, date | None]]
    held: Mapping[UUID, Sequence[Spell]]

    def stands(self, crew: UUID, day: date) -> bool:
        """Say whether a crew stands on a day."""
        since, until = self.days[crew]
        return since <= day and (until is None or day < until)


def roster(unit: int, first: date, last: date, without: Collection[UUID] = ()) -> Roster:
    """Return the crews of a unit and all below it that stand between two days, by unit and name.

    :param without: sessions that are looked away from
    """
    rows = Crew.objects.filter(
        Q(until__isnull=True) | Q(until__gt=first), unit__ancestors__contains=[unit], since__lte=last
    )
    days = {row[0]: row[1:] for row in rows.order_by("unit__code", "name", "id").values_list("id", "since", "until")}
    members: dict[UUID, set[UUID]] = defaultdict(set)
    there = Member.objects.filter(Q(until__isnull=True) | Q(until__gt=first), crew_id__in=days, since__lte=last)
    for crew, officer in there.values_list("crew_id", "officer_id"):
        members[crew].add(officer)
    reach = timedelta(days=limits().in_a_row)
    told = duties({one for people in members.values() for one in people}, first - reach, last + reach, without)
    held = {crew: sorted({spell for one in people for spell in told.get(one, ())}) for crew, people in members.items()}
    return Roster(list(days), days, held)
