"""Which crews there are for shifts that are to be given out, and what their people do already."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from muster.engines.rostering import Spell, spread
from muster.kernel.clock import work_day
from muster.plan.drafting import Drafted
from muster.plan.models import Crew, Member, Session
from muster.plan.queries.absences import absences, stands_in_for
from muster.plan.queries.resources import trained
from muster.plan.queries.rules import limits
from muster.plan.queries.sessions import duties

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Roster:
    """Crews, the days on which each stands, and what any of its people, or who stands in for one, does already.

    ``away`` are the work days on which one of them is away and no free officer stands in.
    """

    crews: Sequence[UUID]
    days: Mapping[UUID, tuple[date, date | None]]
    held: Mapping[UUID, Sequence[Spell]]
    away: Mapping[UUID, frozenset[date]]

    def stands(self, crew: UUID, day: date) -> bool:
        """Say whether a crew stands on a day, with somebody at each post."""
        since, until = self.days[crew]
        return since <= day and (until is None or day < until) and day not in self.away.get(crew, ())


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer who may stand in a crew: the posts trained for, and the crew stood in on a day."""

    officer: UUID
    name: str
    username: str
    posts: Mapping[str, date]
    crew: UUID | None
    crew_name: str


def candidates(unit: int, on: date, *, limit: int = 500) -> list[Candidate]:
    """Return the officers of a unit and all below it who work here, in the order of a Vietnamese list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT officer.id, officer.full_name, officer.username,
                   coalesce((SELECT jsonb_object_agg(post, "on") FROM plan_training
                             WHERE officer_id = officer.id AND "on" <= %(on)s), '{}'),
                   crew.id, coalesce(crew.name, '')
            FROM people_officer AS officer JOIN units_unit AS unit ON unit.id = officer.unit_id
                LEFT JOIN plan_member AS member ON member.officer_id = officer.id
                    AND daterange(member.since, member.until) @> %(on)s
                LEFT JOIN plan_crew AS crew ON crew.id = member.crew_id
            WHERE officer.is_active AND officer.kind = 'officer' AND unit.ancestors @> ARRAY[%(unit)s]
            ORDER BY officer.name_sort, officer.id LIMIT %(limit)s
            """,
            {"unit": unit, "on": on, "limit": limit},
        )
        rows = cursor.fetchall()
    return [Candidate(row[0], row[1], row[2], _days(row[3]), row[4], row[5]) for row in rows]


def _days(told: str | Mapping[str, str]) -> Mapping[str, date]:
    posts = json.loads(told) if isinstance(told, str) else told
    return {post: date.fromisoformat(day) for post, day in posts.items()}


def roster(unit: int, first: date, last: date, without: Collection[UUID] = ()) -> Roster:
    """Return the crews of a unit and all below it that stand between two days, by unit and name.

    :param without: sessions that are looked away from
    """
    rows = Crew.objects.filter(
        Q(until__isnull=True) | Q(until__gt=first), unit__ancestors__contains=[unit], since__lte=last
    )
    days = {row[0]: row[1:] for row in rows.order_by("unit__code", "name", "id").values_list("id", "since", "until")}
    posts: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    there = Member.objects.filter(Q(until__isnull=True) | Q(until__gt=first), crew_id__in=days, since__lte=last)
    for crew, officer, post in there.values_list("crew_id", "officer_id", "post"):
        posts[crew][officer] = post
    away, covers = _away(posts, first, last)
    people = {crew: {*members, *covers.get(crew, ())} for crew, members in posts.items()}
    reach = timedelta(days=limits().longest)
    told = duties({one for held in people.values() for one in held}, first - reach, last + reach, without)
    held = {crew: sorted({spell for one in found for spell in told.get(one, ())}) for crew, found in people.items()}
    return Roster(list(days), days, held, away)


def _away(
    posts: Mapping[UUID, Mapping[UUID, str]], first: date, last: date
) -> tuple[dict[UUID, frozenset[date]], dict[UUID, set[UUID]]]:
    """Return the days on which crews lack somebody, and who stands in for their people on others.

    Who stands in counts only where nothing else can claim them: in no crew, for one absence, trained for the post.
    """
    told = absences({officer for members in posts.values() for officer in members}, first, last)
    covers = {one.stand_in for lines in told.values() for one in lines if one.stand_in}
    busy = {officer for officer, number in stands_in_for(covers, first, last).items() if number > 1}
    busy |= set(Member.objects.filter(officer_id__in=covers).values_list("officer_id", flat=True))
    busy |= set(absences(covers, first, last))
    skilled = trained(covers)
    lacking: dict[UUID, set[date]] = defaultdict(set)
    standing: dict[UUID, set[UUID]] = defaultdict(set)
    for crew, members in posts.items():
        for officer, post in members.items():
            for one in told.get(officer, ()):
                since = work_day(one.starts_at)
                on = skilled.get((one.stand_in, post)) if one.stand_in and one.stand_in not in busy else None
                if one.stand_in and on is not None and on <= since:
                    standing[crew].add(one.stand_in)
                else:
                    span = (work_day(one.ends_at - MOMENT) - since).days + 1
                    lacking[crew] |= {since + timedelta(days=number) for number in range(span)}
    return {crew: frozenset(found) for crew, found in lacking.items()}, standing


def crewed(unit: int, drafted: Drafted) -> tuple[int, int]:
    """Return for how many of a draft's kits in shifts there is a crew free and rested, and of how many.

    Sessions of the scenario that it would replace are looked away from, as when it is adopted.
    """
    first, last = drafted.asked.first_day, drafted.asked.last_day
    given_way = Session.objects.filter(
        unit__ancestors__contains=[unit], work_day__gte=first, state="planned", scenario__isnull=False
    )
    told = roster(unit, first, last, list(given_way.values_list("id", flat=True)))
    shifts = list(drafted.shifts())
    return len(spread(shifts, told.crews, told.held, limits(), stands=told.stands)), len(shifts)
