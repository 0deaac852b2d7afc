"""What a rehearsed district works with, written into the plan: commanders, kits, crews, venues, sessions, faults.

All ids follow from scenario and district, so that what was written before is passed over.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from muster.kernel.actor import Actor
from muster.kernel.clock import ZONE
from muster.people.operations import NewOfficer, add_officers
from muster.plan import operations as plan
from muster.plan.rows import CrewRow, KitMove, KitRow, Naming, SessionRow, Stand, Training, VenueRow
from muster.plan.words import Post, Seat, VenueKind
from muster.rehearsal.campaign.inputs import Scenario
from muster.rehearsal.campaign.playing import Fault, Session
from muster.rehearsal.people.ids import Ids
from muster.units.queries import Unit

CREWS = 4  # of a kit: three shifts and a day off, so that nobody works two shifts on end (assumed)
TRAINED_BEFORE = timedelta(days=15)  # the first day (field notes 4: crews are trained first; assumed)
FAULT = "Máy hỏng"
PAPER = "Quyết định 06/QĐ-CAH"  # who answers for which commune (field notes 7; the number is invented)
SOURCE = "ghi chép thực địa, mục 4: 3–5 phút một người"  # the demonstration speaks Vietnamese, as its officers do
CALLED = {Seat.COMMANDER: "ch", Seat.DEPUTY: "ph"}  # how their user names begin
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
GIVEN = ("Thu Hằng", "Minh Đức", "Văn Sơn", "Thị Lan", "Quốc Việt", "Ngọc Anh", "Hữu Nam", "Thanh Tùng")


@dataclass(frozen=True, slots=True)
class Officers:
    """The officers of one crew, post by post."""

    crew: UUID
    posts: tuple[tuple[UUID, Post], ...]


class Equipment:
    """The commanders, kits, crews and venues of a district.

    :param kits: how many it has; :param slower: how much of a kit's rate each has, at the scale of the people
    """

    def __init__(
        self, scenario: Scenario, district: Unit, communes: Sequence[Unit], kits: int, slower: float, by: Actor
    ) -> None:
        self.scenario, self.inputs, self.district, self.communes, self.by = (
            scenario, scenario.inputs, district, communes, by,
        )  # fmt: skip
        self._ids = f"{scenario.code} {district.code}"
        self.kits = [Ids(f"{self._ids} kits").person(place) for place in range(kits)]
        self.venues = [Ids(f"{self._ids} venues").person(place) for place in range(len(communes))]
        self.checker = Ids(f"{self._ids} checker").person(0)
        self.seats = {seat: Ids(f"{self._ids} {seat}") for seat in Seat}
        self.crews = [[self._crew(kit, crew) for crew in range(CREWS)] for kit in range(kits)]
        self.rate = max(1, round(self.inputs.shift_hours * 60 / self.inputs.usual_minutes * slower))
        self._back: dict[int, int] = {}  # kit: the shift, counted from the first day, in which it works again

    def _crew(self, kit: int, crew: int) -> Officers:
        ids = Ids(f"{self._ids} crew {crew}")
        return Officers(ids.person(kit), tuple((ids.card(kit, place), post) for place, post in enumerate(Post)))

    def enter(self) -> None:
        """Write what a district has into the plan, before its first day."""
        at = datetime.combine(self.inputs.first_day, self.inputs.first_shift, ZONE) - TRAINED_BEFORE
        officers = list(self._officers())
        add_officers(officers=officers, by=self.by, at=at).whole()
        plan.name_commanders(namings=list(self._namings(at.date())), grants=None, by=self.by, at=at).whole()
        where = f"Công an {self.district.type_vi.lower()} {self.district.name}"
        trainings = [
            Training(officer=officer, post=post, on=at.date(), where=where)
            for crews in self.crews
            for crew in crews
            for officer, post in crew.posts
        ]
        plan.record_training(trainings=trainings, by=self.by, at=at).whole()
        plan.form_crews(crews=list(self._crew_rows(at.date())), by=self.by, at=at).whole()
        plan.register_kits(kits=list(self._kit_rows()), by=self.by, at=at).whole()
        plan.open_venues(venues=list(self._venue_rows()), by=self.by, at=at).whole()

    def _officers(self) -> Iterator[NewOfficer]:
        code = self.district.code
        yield NewOfficer(self.checker, f"kt{code}", f"Cán bộ thẩm tra {self.district.name}", self.district.id)
        for place, commune in enumerate(self.communes):
            for seat, unit in ((Seat.COMMANDER, self.district.id), (Seat.DEPUTY, commune.id)):
                number = place + 5 * (seat is Seat.DEPUTY)
                name = f"{FAMILY[(number + 2) % 8]} {GIVEN[(5 * number + number // 8) % 8]}"
                yield NewOfficer(self.seats[seat].person(place), f"{CALLED[seat]}{code}.{place + 1}", name, unit)
        for kit, crews in enumerate(self.crews):
            for number, crew in enumerate(crews):
                for place, (officer, _) in enumerate(crew.posts):
                    name = f"{FAMILY[(kit + place) % 8]} {GIVEN[(3 * kit + number + place) % 8]}"
                    yield NewOfficer(officer, f"to{code}.{kit + 1}.{number + 1}.{place + 1}", name, self._home(kit))

    def _namings(self, since: date) -> Iterator[Naming]:
        """Yield who answers for each commune: an officer of the district, and one of the commune as deputy."""
        for place, commune in enumerate(self.communes):
            for number, (seat, ids) in enumerate(self.seats.items()):
                command = Ids(f"{self._ids} commands").card(place, number)
                yield Naming(
                    id=command, unit=commune.id, officer=ids.person(place), seat=seat, since=since, paper=PAPER
                )

    def _home(self, kit: int) -> int:
        return self.communes[kit % len(self.communes)].id

    def _crew_rows(self, since: date) -> Iterator[CrewRow]:
        for kit, crews in enumerate(self.crews):
            for number, crew in enumerate(crews):
                name = f"Tổ {kit + 1}{'ABCD'[number]}"
                yield CrewRow(id=crew.crew, unit=self._home(kit), name=name, since=since, members=crew.posts)

    def _kit_rows(self) -> Iterator[KitRow]:
        for place, kit in enumerate(self.kits):
            code = f"{self.district.code}-{place + 1:02}"
            yield KitRow(id=kit, code=code, unit=self.district.id, rate=self.rate, source=SOURCE, assumed=True)

    def _venue_rows(self) -> Iterator[VenueRow]:
        for venue, commune in zip(self.venues, self.communes, strict=True):
            name = f"Trụ sở UBND {commune.type_vi.lower()} {commune.name}"
            yield VenueRow(
                id=venue, unit=commune.id, name=name, kind=VenueKind.MOBILE, kits=self.inputs.kits_at_once, seats=60
            )

    def session(self, day: date, shift: int, commune: int) -> UUID:
        """Return the id of the session of a shift at a commune."""
        return Ids(f"{self._ids} session {day}").card(commune, shift)

    def plan(self, day: date, drawn: Sequence[Session], at: datetime) -> None:
        """Put a day's sessions into the plan, but for those of kits that will only be mended that day."""
        morning = self.inputs.shift_number(day, 0)
        self._schedule([row for row in self._sessions(day, drawn) if not self._late(row, morning)], at)

    def begin(self, day: date, shift: int, drawn: Sequence[Session], faults: Sequence[Fault], at: datetime) -> None:
        """Tell which kits are back and which broke as a shift begins, and open the sessions of kits mended today."""
        number = self.inputs.shift_number(day, shift)
        moves = [
            KitMove(id=Ids(f"{self._ids} mended {number}").person(kit), kit=self.kits[kit], move="mend")
            for kit in self.back(number)
        ]
        moves += [
            KitMove(
                id=Ids(f"{self._ids} broken {number}").person(one.kit), kit=self.kits[one.kit], move="break",
                reason=FAULT,
            )
            for one in faults
        ]  # fmt: skip
        if moves:
            plan.mark_kits(moves=moves, by=self.by, at=at).whole()
        morning = self.inputs.shift_number(day, 0)
        self._schedule([row for row in self._sessions(day, drawn) if self._late(row, morning)], at)

    def _schedule(self, rows: Sequence[SessionRow], at: datetime) -> None:
        if rows:
            plan.schedule_sessions(sessions=rows, by=self.by, at=at).whole()

    def _late(self, row: SessionRow, morning: int) -> bool:
        """Say whether a kit of a session was out of order in the morning."""
        out = {self.kits[kit] for kit, back in self._back.items() if back >= morning}
        return any(stand.kit in out for stand in row.stands)

    def back(self, number: int) -> list[int]:
        """Return the kits that work again from a shift on."""
        return sorted(kit for kit, back in self._back.items() if back == number)

    def know(self, faults: Sequence[Fault]) -> None:
        """Remember until when kits are out of order."""
        self._back |= {one.kit: one.back for one in faults}

    def _sessions(self, day: date, drawn: Sequence[Session]) -> Iterator[SessionRow]:
        kits: dict[tuple[int, int], list[int]] = defaultdict(list)
        for one in drawn:
            kits[one.commune, one.shift].append(one.kit)
        number = (day - self.inputs.first_day).days
        for (commune, shift), there in kits.items():
            starts, ends = self.inputs.moment(day, shift, 0), self.inputs.shift_ends(day, shift)
            stands = tuple(Stand(self.kits[kit], self.crews[kit][(shift - number) % CREWS].crew) for kit in there)
            yield SessionRow(
                id=self.session(day, shift, commune), campaign=self.scenario.campaign, venue=self.venues[commune],
                work_day=day, shift=shift + 1, starts=starts.time(), ends=ends.time(), stands=stands,
            )  # fmt: skip

    def end(self, day: date, shift: int, drawn: Sequence[Session], at: datetime) -> None:
        """Tell that the sessions of a shift are over."""
        plan.finish_sessions(sessions=self._held(day, shift, drawn), by=self.by, at=at).whole()

    def run(self, day: date, shift: int, drawn: Sequence[Session], at: datetime) -> None:
        """Tell that the sessions of a shift have begun and still run."""
        plan.start_sessions(sessions=self._held(day, shift, drawn), by=self.by, at=at).whole()

    def _held(self, day: date, shift: int, drawn: Sequence[Session]) -> list[UUID]:
        return [self.session(day, shift, commune) for commune in dict.fromkeys(one.commune for one in drawn)]
