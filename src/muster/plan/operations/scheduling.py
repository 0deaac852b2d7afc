"""Which sessions fit into the calendar: hours, room, kits, crews, rest, closed days, places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from muster.engines import rostering
from muster.engines.rostering import Bounds, Breach, Spell
from muster.kernel.clock import ZONE
from muster.kernel.errors import Refusal
from muster.plan import queries
from muster.plan.operations.common import IdTaken, Known, UnknownCrew, UnknownKit, UnknownVenue, moment
from muster.plan.operations.covering import Cover
from muster.plan.queries import VenueLine
from muster.plan.rows import SessionRow
from muster.plan.words import OVERBOOK, SHIFTS, SLOT_MINUTES, KitState

SLOT = timedelta(minutes=SLOT_MINUTES)
SLOTS_A_SHIFT = 24  # of the six hours a rate is told for
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=12)
DAY_ENDS = timedelta(days=1, hours=4)  # after midnight of the work day


class BadHours(Refusal):
    """A session is of shift 1, 2 or 3, lasts at most 12 hours, and ends before four in the morning."""

    code = "bad_hours"
    vi = "Ca phải là 1, 2 hoặc 3, kéo dài không quá 12 giờ và kết thúc trước 04:00 sáng hôm sau."
    en = "A session is of shift 1, 2 or 3, lasts at most 12 hours and ends before 04:00 of the next morning."


class NoStand(Refusal):
    """A session has at least one kit, none twice."""

    code = "no_stand"
    vi = "Buổi thu nhận phải có ít nhất một bộ thiết bị, không bộ nào ghi hai lần."
    en = "A session has at least one kit, and none twice."


class VenueFull(Refusal):
    """More kits than find room."""

    code = "venue_full"
    vi = "Điểm cấp chỉ đủ chỗ cho {room} bộ thiết bị."
    en = "The venue has room for {room} kits."


class VenueBusy(Refusal):
    """The venue has another session at that time."""

    code = "venue_busy"
    vi = "Điểm cấp đã có buổi khác vào giờ đó."
    en = "The venue has another session at that time."


class KitBusy(Refusal):
    """The kit works elsewhere at that time."""

    code = "kit_busy"
    vi = "Thiết bị {kit} đang làm ở nơi khác vào giờ đó."
    en = "Kit {kit} works elsewhere at that time."


class KitNotReady(Refusal):
    """The kit is broken or retired."""

    code = "kit_not_ready"
    vi = "Thiết bị {kit} đang hỏng hoặc đã thanh lý."
    en = "Kit {kit} is broken or retired."


class KitIsSpare(Refusal):
    """The kit waits in the pool of spares of the technical team."""

    code = "kit_is_spare"
    vi = "Thiết bị {kit} đang là máy dự phòng của tổ kỹ thuật; hãy trả về đơn vị trước khi xếp buổi."
    en = "Kit {kit} waits as a spare of the technical team; give it back before it is planned."


class CrewBusy(Refusal):
    """The crew works elsewhere at that time."""

    code = "crew_busy"
    vi = "Tổ {crew} đang làm ở nơi khác vào giờ đó."
    en = "Crew {crew} works elsewhere at that time."


class OfficerBusy(Refusal):
    """An officer of the crew stands in another session at that time."""

    code = "officer_busy"
    vi = "Cán bộ {officer} đã có ca khác vào giờ đó."
    en = "Officer {officer} stands in another session at that time."


class TooManyHours(Refusal):
    """An officer of the crew would work longer than a day's limit."""

    code = "too_many_hours"
    vi = "Cán bộ {officer} sẽ làm quá {hours} giờ trong ngày."
    en = "Officer {officer} would work more than {hours} hours that day."


class TooLittleRest(Refusal):
    """An officer of the crew would have too little rest before or after this shift."""

    code = "too_little_rest"
    vi = "Cán bộ {officer} phải nghỉ ít nhất {hours} giờ giữa hai ca và giữa hai ngày làm việc."
    en = "Officer {officer} must rest at least {hours} hours between two shifts and two work days."


class NoDayOff(Refusal):
    """An officer of the crew would work too many days in a row."""

    code = "no_day_off"
    vi = "Cán bộ {officer} đã kín {days} ngày liền và phải được nghỉ một ngày."
    en = "Officer {officer} works {days} days in a row already and must have a day off."


class VenueClosed(Refusal):
    """The venue was closed for good."""

    code = "venue_closed"
    vi = "Điểm cấp đã đóng từ ngày {day}."
    en = "The venue is closed from {day} on."


class DayClosed(Refusal):
    """Nothing is taken there on that day."""

    code = "day_closed"
    vi = "Đơn vị tạm dừng ngày {day}: {reason}."
    en = "The unit is closed on {day}: {reason}."


class BadOffer(Refusal):
    """Places are offered once for a group, within the session, on its quarter hours, at least none."""

    code = "bad_offer"
    vi = "Khung chỗ phải nằm trong buổi, tròn 15 phút, mỗi nhóm một lần, số chỗ không âm."
    en = "Places are offered within the session, on its quarter hours, once for a group, and not below zero."


OfferTold = tuple[str, datetime, datetime, int]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A session that fits, with what follows from its row."""

    row: SessionRow
    unit: int
    starts: datetime
    ends: datetime
    duties: Sequence[tuple[UUID, str]]
    offers: Sequence[OfferTold]
    overbook: int


class Diary:
    """Who and what is where on the days of a batch; of officers, what they do around those days too.

    Work days never overlap, so what a venue, a kit or a crew does is looked at day by day.
    """

    def __init__(self, rows: Sequence[SessionRow], *, without: frozenset[UUID] = frozenset()) -> None:
        days = {row.work_day for row in rows}
        kits = {stand.kit for row in rows for stand in row.stands}
        crews = {stand.crew for row in rows for stand in row.stands if stand.crew}
        self._venues = queries.venues_by_id({row.venue for row in rows}, lock=True)
        self._kits = queries.kit_states(kits, lock=True)
        self._members = queries.members_of(crews, lock=True)
        self._called = queries.crew_names(crews)
        self._known = Known((), (row.campaign for row in rows))
        self._paths = queries.unit_paths({venue.unit for venue in self._venues.values()})
        self._closures = queries.closures(days)
        self._stored = queries.sessions_as_scheduled({row.id for row in rows})
        had = queries.sessions_as_rows(without) if without else {}
        # What stands in a session already stays there while it is mended; only what comes new must be ready.
        self._had = {(id_, stand.kit) for id_, one in had.items() for stand in one.stands}
        self._busy: dict[tuple[UUID, date], list[Span]] = {}
        for thing, day, starts, ends in queries.busy(days, without):
            self._busy.setdefault((thing, day), []).append((starts, ends))
        self._overbook = {day: queries.rules(day)[OVERBOOK].value for day in days}
        self._limits = queries.limits()
        members = [one for members in self._members.values() for one in members]
        queries.hold_officers({one.officer for one in members})
        self._cover = Cover(members, days)
        self._officers = self._work_of(days, without)
        self.fresh: list[Scheduled] = []

    def _work_of(self, days: set[date], without: frozenset[UUID]) -> dict[UUID, rostering.Diary]:
        """Return what the officers of the crews do on these days and on as many around them as the limits reach."""
        officers = {one.officer for members in self._members.values() for one in members} | self._cover.stand_ins
        if not officers:
            return {}
        queries.hold_officers(self._cover.stand_ins)
        reach = timedelta(days=self._limits.longest)
        told = queries.duties(officers, min(days) - reach, max(days) + reach, without)
        return {officer: rostering.Diary(told.get(officer, ())) for officer in officers}

    def take(self, row: SessionRow) -> None:
        """Go on only with a session that fits, and hold its hours."""
        told = (row.campaign, row.venue, row.work_day, row.shift, moment(row.work_day, row.starts))
        if row.id in self._stored:
            if self._stored[row.id] != told:
                raise IdTaken(id=row.id)
            return
        scheduled = self.fitted(row)
        self._stored[row.id] = told
        self.hold(scheduled)
        self.fresh.append(scheduled)

    def fitted(self, row: SessionRow) -> Scheduled:
        """Return a session with its hours, duties and places.

        :raises Refusal: it does not fit
        """
        self._known.campaign(row.campaign)
        if row.venue not in self._venues:
            raise UnknownVenue(venue=row.venue)
        starts, ends = hours(row)
        self._check_room(row, starts, ends)
        duties, offers = list(self._duties(row, starts, ends)), self._offers(row, starts, ends)
        unit, overbook = self._venues[row.venue].unit, self._overbook[row.work_day]
        return Scheduled(row, unit, starts, ends, duties, offers, overbook)

    def hold(self, one: Scheduled) -> None:
        """Let nobody else have what a session takes."""
        named = [one.row.venue, *(stand.kit for stand in one.row.stands)]
        named += [stand.crew for stand in one.row.stands if stand.crew]
        for thing in named:
            self._busy.setdefault((thing, one.row.work_day), []).append((one.starts, one.ends))
        for officer, _ in one.duties:
            self._officers[officer].add(Spell(one.starts, one.ends, one.row.work_day))

    def _is_busy(self, thing: UUID, day: date, starts: datetime, ends: datetime) -> bool:
        return any(begun < ends and starts < over for begun, over in self._busy.get((thing, day), ()))

    def _check_room(self, row: SessionRow, starts: datetime, ends: datetime) -> None:
        venue = self._venues[row.venue]
        self._check_open(venue, row.work_day)
        kits = [stand.kit for stand in row.stands]
        if not kits or len(set(kits)) < len(kits):
            raise NoStand
        if len(kits) > venue.kits:
            raise VenueFull(room=venue.kits)
        if self._is_busy(row.venue, row.work_day, starts, ends):
            raise VenueBusy
        for kit in kits:
            if kit not in self._kits:
                raise UnknownKit(kit=kit)
            if self._kits[kit].state != KitState.READY and (row.id, kit) not in self._had:
                raise KitNotReady(kit=self._kits[kit].code)
            if self._kits[kit].spare:
                raise KitIsSpare(kit=self._kits[kit].code)
            if self._is_busy(kit, row.work_day, starts, ends):
                raise KitBusy(kit=self._kits[kit].code)

    def _check_open(self, venue: VenueLine, day: date) -> None:
        if venue.until is not None and not venue.is_open(day):
            raise VenueClosed(day=f"{venue.until:%d/%m/%Y}")
        path = self._paths[venue.unit]
        for closure in self._closures:
            if closure.first <= day <= closure.last and closure.unit in path:
                raise DayClosed(day=f"{day:%d/%m/%Y}", reason=closure.reason)

    def _duties(self, row: SessionRow, starts: datetime, ends: datetime) -> Iterator[tuple[UUID, str]]:
        """Yield the officers of the session's crews and their posts, each there, free and rested, or who stands in."""
        spell, taken = Spell(starts, ends, row.work_day), set[UUID]()
        crews = [stand.crew for stand in row.stands if stand.crew]
        for crew in crews:
            there = [one for one in self._members.get(crew, ()) if one.stands_on(row.work_day)]
            if not there:
                raise UnknownCrew(crew=crew)
            if crews.count(crew) > 1 or self._is_busy(crew, row.work_day, starts, ends):
                raise CrewBusy(crew=self._called[crew])
            for one in there:
                officer, name = self._cover.at_post(one, row.work_day, starts, ends)
                if officer in taken:
                    raise OfficerBusy(officer=name)
                taken.add(officer)
                check_work(self._officers[officer], spell, self._limits, name)
                yield officer, one.post

    def _offers(self, row: SessionRow, starts: datetime, ends: datetime) -> list[OfferTold]:
        if not row.offers:
            rate = sum(self._kits[stand.kit].rate for stand in row.stands)
            return [("", starts, ends, max(1, rate // SLOTS_A_SHIFT))]
        told: list[OfferTold] = []
        for offer in row.offers:
            first = moment(row.work_day, offer.starts) if offer.starts else starts
            last = moment(row.work_day, offer.ends) if offer.ends else ends
            if not starts <= first < last <= ends or offer.places < 0 or (first - starts) % SLOT:
                raise BadOffer
            told.append((offer.group.value if offer.group else "", first, last, offer.places))
        if len({group for group, *_ in told}) < len(told):
            raise BadOffer
        return told


def hours(row: SessionRow) -> Span:
    """Return the moments a session starts and ends.

    :raises BadHours: they are none of a shift
    """
    starts, ends = moment(row.work_day, row.starts), moment(row.work_day, row.ends)
    late = ends - datetime.combine(row.work_day, time.min, ZONE) > DAY_ENDS
    if row.shift not in SHIFTS or not timedelta(0) < ends - starts <= LONGEST or late:
        raise BadHours
    return starts, ends


def check_work(held: rostering.Diary, new: Spell, limits: Bounds, officer: str) -> None:
    """Go on only if an officer may do further work beside what they do already.

    :param officer: what the officer is called
    :raises OfficerBusy: they are elsewhere at that time
    :raises TooManyHours: the day would be too long
    :raises TooLittleRest: too little rest would be left before or after it
    :raises NoDayOff: they would work too many days in a row
    """
    breach, bound = held.breach(new, limits), limits.on(new.day)
    if breach is Breach.BUSY:
        raise OfficerBusy(officer=officer)
    if breach is Breach.HOURS:
        raise TooManyHours(officer=officer, hours=bound.hours // HOUR)
    if breach is Breach.REST:
        raise TooLittleRest(officer=officer, hours=bound.rest // HOUR)
    if breach is Breach.DAY_OFF:
        raise NoDayOff(officer=officer, days=bound.in_a_row)
