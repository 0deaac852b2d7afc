"""Who stands at the posts of a crew while one of its people is away: whoever stands in, trained and there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from muster.kernel.clock import local
from muster.kernel.errors import Refusal
from muster.plan import queries
from muster.plan.queries import AbsenceLine, MemberLine
from muster.plan.words import POSTS, Post


class NotTrained(Refusal):
    """The officer was not trained for this post by that day."""

    code = "not_trained"
    vi = "Cán bộ {officer} chưa được tập huấn vị trí {post_vi} vào ngày đó."
    en = "Officer {officer} is not trained for {post_en} by that day."


class OfficerAbsent(Refusal):
    """The officer is away then, and nobody stands in."""

    code = "officer_absent"
    vi = "Cán bộ {officer} vắng đến {until} và chưa có người thay."
    en = "Officer {officer} is away until {until}, and nobody stands in."


def check_trained(trained: Mapping[tuple[UUID, str], date], officer: UUID, post: Post, since: date, name: str) -> None:
    """Go on only with somebody trained for a post by a day.

    :raises NotTrained: they are not
    """
    on = trained.get((officer, post))
    if on is None or on > since:
        raise NotTrained(officer=name, post_vi=POSTS[post][0], post_en=POSTS[post][1])


class Cover:
    """The absences of crews' people on some days, and of those who stand in for them."""

    def __init__(self, members: Iterable[MemberLine], days: Iterable[date]) -> None:
        officers, on = {one.officer for one in members}, sorted(days)
        self._away: dict[UUID, Sequence[AbsenceLine]] = {}
        if officers and on:
            self._away = dict(queries.absences(officers, on[0], on[-1]))
        self.stand_ins = {one.stand_in for lines in self._away.values() for one in lines if one.stand_in} - officers
        if self.stand_ins:
            self._away |= queries.absences(self.stand_ins, on[0], on[-1])
        everybody = {one.stand_in for lines in self._away.values() for one in lines if one.stand_in}
        self._trained = queries.trained(everybody) if everybody else {}

    def at_post(self, member: MemberLine, day: date, starts: datetime, ends: datetime) -> tuple[UUID, str]:
        """Return who stands at the post of somebody in a session, and what they are called.

        :raises OfficerAbsent: they are away, and nobody stands in who is there
        :raises NotTrained: who stands in is not trained for that post
        """
        away = self._absence(member.officer, starts, ends)
        if away is None:
            return member.officer, member.name
        if away.stand_in is None or self._absence(away.stand_in, starts, ends):
            raise OfficerAbsent(officer=member.name, until=f"{local(away.ends_at):%H:%M %d/%m/%Y}")
        name = away.stand_in_name or ""
        check_trained(self._trained, away.stand_in, Post(member.post), day, name)
        return away.stand_in, name

    def _absence(self, officer: UUID, starts: datetime, ends: datetime) -> AbsenceLine | None:
        return next((one for one in self._away.get(officer, ()) if one.meets(starts, ends)), None)
