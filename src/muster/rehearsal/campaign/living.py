"""Play a district's campaign into the base: the sessions that are drawn become intakes, and all that follows moves.

Every batch is one of the operations that desks and kits use, and is safe to repeat; the ids of dossiers, packets and
moves follow from run and citizen. A day that was played whole is told in the journal, so that a run that was broken
off goes on with the next one and only repeats what it was in the middle of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

from django.db import transaction

from muster.audit import operations as audit
from muster.capture.moves import Step
from muster.capture.operations import move_dossiers, receive
from muster.capture.rows import PHOTO, CaptureRecord, DossierMove, Intake
from muster.capture.words import Missing, Place
from muster.events import operations as journal
from muster.events import queries as events
from muster.events.journal import Move
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.law.capture import CaptureRule, capture_rule
from muster.law.forms import Signer
from muster.rehearsal.campaign import accepting, issuing
from muster.rehearsal.campaign.calendar import Calendar, Errand
from muster.rehearsal.campaign.drawing import chance
from muster.rehearsal.campaign.equipment import Equipment
from muster.rehearsal.campaign.inputs import SCENARIOS, Inputs
from muster.rehearsal.campaign.playing import Fault, Session, Visit, days, district
from muster.rehearsal.campaign.roster import groups, roster
from muster.rehearsal.people.ids import Ids
from muster.units import queries as units
from muster.units.queries import ROOT

MORNING = time(9)  # when desks and centres do what the day before left
KIND = "rehearsal"
SIGNED = frozenset({Signer.CITIZEN, Signer.OFFICER})
TRAITS = ("Nốt ruồi dưới mắt trái", "Sẹo chấm trên trán", "Nốt ruồi cạnh cánh mũi phải", "Sẹo dài ở cằm")
WORN_FINGERS = ("rolled_right_thumb", "rolled_left_thumb")
QUALITY = (62, 14)  # mean and spread of NFIQ 2 drawn for a print
VARIED = 1024  # sets of qualities that captures are drawn from: drawing each anew took a tenth of a rehearsal

Told = tuple[int, date, int]  # district, day, captured on it


@dataclass(frozen=True, slots=True)
class DistrictTask:
    """One district to be played: its number, its communes, its share of kits, the people's scale, until when."""

    scenario: str
    seed: int
    district: int
    communes: Sequence[int]
    kits: float
    scale: float
    until: datetime

    def work(self) -> Iterator[Told]:
        """Play day by day what has not been played, and tell after each day how many were captured."""
        yield from _Played(self).all_days()


class _Played:
    """A district while it is played."""

    def __init__(self, task: DistrictTask) -> None:
        self.task = task
        scenario = SCENARIOS[task.scenario]
        self.inputs: Inputs = scenario.inputs
        self.seed = f"{task.scenario} {task.seed} {task.district}"
        self.rosters = [roster(unit, self.inputs) for unit in task.communes]
        coming = [groups(citizens, self.inputs, self.seed) for citizens in self.rosters]
        self.drawn = district(self.seed, self.inputs, coming, task.kits, task.scale)
        self.calendar = Calendar(self.seed, self.inputs)
        self.ids = [Ids(f"{self.seed} {unit}") for unit in task.communes]
        wanted = [task.district, *task.communes]
        named = {unit.id: unit for unit in units.subtree(task.district).filter(id__in=wanted)}
        self.equipment = Equipment(
            scenario, named[task.district], [named[unit] for unit in task.communes], len(self.drawn.kits),
            task.kits * task.scale / len(self.drawn.kits), self._by(ROOT, Purpose.ADMINISTER),
        )  # fmt: skip
        self.late: list[Intake] = []  # what a cut line keeps until the morning
        self.marker = Ids(f"{self.seed} played").person(0)

    def all_days(self) -> Iterator[Told]:
        """Draw every day from the first one on; write those that are not played yet."""
        played = {event.work_day for event in events.life(self.marker)}
        if not played:
            self.equipment.enter()
        for day in days(self.inputs):
            if datetime.combine(day, MORNING, ZONE) > self.task.until:
                return
            captured = self._day(day, write=day not in played)
            yield self.task.district, day, captured

    def _day(self, day: date, *, write: bool) -> int:
        morning = datetime.combine(day, MORNING, ZONE)
        errands, late = self.calendar.due(day), self.late
        self.late = []
        if write:
            self._receive(late, morning)
            self._run(errands, morning)
        captured, sessions = 0, list(self.drawn.play(day))
        opens = self.inputs.moment(day, 0, 0)
        if write and opens <= self.task.until:
            self.equipment.plan(day, sessions, opens)
        for shift in range(self.inputs.shifts):
            there = [one for one in sessions if one.shift == shift]
            rows = [row for one in there for row in self._intakes(one)]
            captured += len(rows)
            if write and self.inputs.moment(day, shift, 0) <= self.task.until:
                self._shift(day, shift, there, rows)
            self.equipment.know(self._faults(shift))
        if write and self.inputs.shift_ends(day, self.inputs.shifts - 1) <= self.task.until:
            self._mark(day)
        return captured

    def _shift(self, day: date, shift: int, there: Sequence[Session], rows: Sequence[Intake]) -> None:
        """Hold the sessions of a shift, as far as it has got, and receive what they took."""
        over, until = self.inputs.shift_ends(day, shift), self.task.until
        self.equipment.begin(day, shift, there, self._faults(shift), self.inputs.moment(day, shift, 0))
        self._receive([row for row in rows if row.taken_at <= until], min(over, until))
        if over <= until:
            self.equipment.end(day, shift, there, over)
        else:
            self.equipment.run(day, shift, there, self.inputs.moment(day, shift, 0))

    def _faults(self, shift: int) -> list[Fault]:
        return [one for one in self.drawn.faults if one.shift == shift]

    def _intakes(self, session: Session) -> list[Intake]:
        """Return what a session took; what a cut line holds back is kept for the morning."""
        rows = [self._intake(session, visit) for visit in session.visits]
        for visit in session.visits:
            self.calendar.captured(session.commune, visit.citizen, session.day)
        if session.cut:
            self.late += rows
            return []
        return rows

    def _intake(self, session: Session, visit: Visit) -> Intake:
        citizen, ids = self.rosters[session.commune][visit.citizen], self.ids[session.commune]
        drawn = f"{self.seed} capture {session.commune} {visit.citizen}"
        taken_at = self.inputs.moment(session.day, session.shift, visit.minute)
        return Intake(
            id=ids.person(visit.citizen), packet=ids.card(visit.citizen, 1), person=citizen.person, taken_at=taken_at,
            captures=_captures(capture_rule(taken_at.date(), citizen.age), visit.worn, int(chance(drawn, 0) * VARIED)),
            signed=SIGNED, traits=TRAITS[int(chance(drawn, 1) * len(TRAITS))],
            place=Place.HOME if visit.home else Place.MOBILE,
            kit=self.equipment.kits[session.kit], unit=self.task.communes[session.commune], old_card_taken=True,
            session=self.equipment.session(session.day, session.shift, session.commune),
        )  # fmt: skip

    def _receive(self, rows: Sequence[Intake], at: datetime) -> None:
        if rows:
            receive(intakes=rows, by=self._by(self.task.district, Purpose.CAPTURE), at=at).whole()

    def _run(self, errands: Sequence[Errand], at: datetime) -> None:
        """Do the errands of a morning, move by move in the order of a dossier's life."""
        for step in Step:
            some = [one for one in errands if one.step is step]
            if some:
                self._do(step, some, at)

    def _do(self, step: Step, errands: Sequence[Errand], at: datetime) -> None:
        dossiers = [self.ids[one.commune].person(one.citizen) for one in errands]
        here = self._by(self.task.district, Purpose.ISSUE)
        centre = self._by(ROOT, Purpose.ISSUE)
        if step is Step.RETURNED:
            move_dossiers(moves=[self._return(one, at) for one in errands], by=here, at=at).whole()
        elif step is Step.RECEIVED_AGAIN:
            self._receive([self._mended(one, at) for one in errands], at)
        elif step is Step.ACCEPTED:
            by = replace(here, purpose=Purpose.CHECK)
            accepting.accept(dossiers, by=by, checker=replace(by, officer=self.equipment.checker), at=at)
        elif step is Step.PRODUCED:
            issuing.print_cards(dossiers, by=centre, at=at)
        elif step is Step.PRINT_REJECTED:
            issuing.scrap(dossiers, by=centre, at=at)
        elif step is Step.ARRIVED:
            issuing.arrive(dossiers, by=here, at=at)
        else:
            issuing.hand(dossiers, by=here, at=at)

    def _mended(self, errand: Errand, at: datetime) -> Intake:
        session = Session(errand.commune, at.date(), 0, 0, (), 0, cut=False)
        row = self._intake(session, Visit(errand.citizen, 0.0, worn=False))
        packet = self.ids[errand.commune].card(errand.citizen, 2)
        return replace(row, attempt=2, packet=packet, taken_at=at, place=Place.DESK, session=None)

    def _return(self, errand: Errand, at: datetime) -> DossierMove:
        ids = self.ids[errand.commune]
        return DossierMove(
            dossier=ids.person(errand.citizen), step=errand.step, at=at, reason=errand.reason,
            event=ids.card(errand.citizen, 3 + errand.place),
        )  # fmt: skip

    def _by(self, unit: int, purpose: Purpose) -> Actor:
        return Actor(officer=None, unit=unit, purpose=purpose, device=f"{self.task.scenario}/{self.task.seed}")

    @transaction.atomic
    def _mark(self, day: date) -> None:
        """Tell the journal that a day was played whole."""
        at = datetime.combine(day + timedelta(days=1), time(2), ZONE)
        told = Move(
            id=Ids(f"{self.seed} played {day}").person(0), thing=self.marker, kind=KIND, move="played",
            unit_done=self.task.district, occurred_at=at,
        )  # fmt: skip
        by = self._by(self.task.district, Purpose.ADMINISTER)
        recorded = journal.record(moves=[told], by=by, at=at)
        if recorded.events:
            audit.record(by=by, at=at, action="rehearsal.played", events=recorded, detail=day.isoformat())


@cache
def _captures(rule: CaptureRule, worn: bool, drawn: int) -> tuple[CaptureRecord, ...]:  # noqa: FBT001 - cached by place
    """Return what the law takes at an age, with qualities drawn; worn thumbs after patient retries are described.

    :param drawn: which of the `VARIED` sets of qualities
    """
    random = Random(drawn)
    rows = [CaptureRecord(PHOTO)]
    for one in rule.prints:
        if worn and one.code in {*WORN_FINGERS, "flat_thumbs"}:
            rows += [CaptureRecord(one.code, tries=5, missing=Missing.WORN)] if one.rolled else []
        else:
            rows.append(CaptureRecord(one.code, max(5, min(95, round(random.gauss(*QUALITY)))), random.randint(1, 2)))
    return (*rows, *(CaptureRecord(one.code) for one in rule.irises))
