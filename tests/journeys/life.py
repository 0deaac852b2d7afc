"""One citizen's way through the campaign, step by step, by the operations that desks, centres and clocks use.

Each step does what its name says, asserts that nothing was refused, and goes on in time; a test reads like the notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from muster.account import queries as accounts
from muster.account.operations import activate, decide, notify, request_with_dossiers
from muster.account.queries import AccountState
from muster.account.rows import Act, Activation, Decision
from muster.capture import queries as dossiers
from muster.capture.moves import Step
from muster.capture.operations import file_online, move_dossiers, receive
from muster.capture.queries import DossierState
from muster.capture.rows import PHOTO, CaptureRecord, DossierMove, Filing, Intake
from muster.card import queries as cards
from muster.card.operations import deliver, hand_over, make_batches, record_prints
from muster.card.rows import Delivery, HandOver, PrintResult
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.law.capture import IRISES, PRINTS, Representative
from muster.law.forms import Signer
from muster.law.handover import IdentityCheck, TakerGround
from muster.plan import operations as plan
from muster.plan.rows import AppointmentMove, Booking, SessionRow, Stand
from muster.processing.operations import check_dossiers
from muster.register.rows import PersonRow
from muster.survey import operations as survey
from muster.survey import queries as surveyed
from muster.survey.rows import CampaignRow
from muster.survey.words import Group
from tests.plan.conftest import kit_row, venue_row
from tests.register.conftest import AN_LAM, BY, COUNTRY, PROVINCE

CREW = Actor(officer=BY.officer, unit=AN_LAM, purpose=Purpose.CAPTURE)
DESK = Actor(officer=BY.officer, unit=AN_LAM, purpose=Purpose.ISSUE)
CENTRE = Actor(officer=None, unit=PROVINCE, purpose=Purpose.CHECK)
PRINTERS = Actor(officer=None, unit=COUNTRY, purpose=Purpose.ISSUE)
PLANNER = Actor(officer=None, unit=PROVINCE, purpose=Purpose.COMMAND)
GRANDMOTHER = Representative(name="Lê Thị Tư", number="030150123456", relation="grandmother", signed=True)
MOTHER = Representative(name="Lê Thị Hoa", number="030190123456", relation="mother", signed=True)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENING = 18


def everything(*, prints: bool = True, irises: bool = True) -> tuple[CaptureRecord, ...]:
    """Return all captures a kit can take, written by hand: a photo, 13 prints, two irises; or without some."""
    found = [CaptureRecord(PHOTO)]
    found += [CaptureRecord(one.code, 60) for one in PRINTS] if prints else []
    return (*found, *([CaptureRecord(one.code) for one in IRISES] if irises else []))


@dataclass
class Life:
    """A citizen, the moment of the visit, and how far the way has gone."""

    citizen: PersonRow
    at: datetime
    captures: tuple[CaptureRecord, ...] = ()
    representative: Representative | None = None
    told: Mapping[str, Any] = field(default_factory=dict)  # what else the desk writes
    level: int = 0
    campaign: UUID | None = None
    session: UUID | None = None
    appointment: UUID | None = None
    dossier: UUID = field(default_factory=new_id)
    card: UUID | None = None
    account: UUID | None = None

    def is_surveyed(self) -> "surveyed.CaseState | None":
        """Open a campaign over the province on the eve, and return the citizen's case in it."""
        eve = self.at - DAY
        row = CampaignRow(
            id=new_id(), name=f"{self.at:%Y}", unit=PROVINCE, starts=eve.date(), ends=self.at.date() + 60 * DAY
        )
        assert not survey.open_campaigns(campaigns=[row], by=CENTRE, at=eve).refused
        survey.survey_campaign(campaign=row.id, by=CENTRE, at=eve)
        self.campaign = row.id
        return next(iter(surveyed.of_person(self.citizen.id)), None)

    def is_booked(self, group: Group) -> None:
        """Plan the session in which the visit falls, and give the citizen the slot before it."""
        assert self.campaign
        eve, kit, venue = self.at - DAY, kit_row("HD-01"), venue_row()
        assert not plan.register_kits(kits=[kit], by=PLANNER, at=eve).refused
        assert not plan.open_venues(venues=[venue], by=PLANNER, at=eve).refused
        self.session, day, hours, shift, slot = new_id(), *self._shift()
        row = SessionRow(
            id=self.session, campaign=self.campaign, venue=venue.id, work_day=day, shift=shift,
            starts=hours[0], ends=hours[1], stands=(Stand(kit.id),),
        )  # fmt: skip
        assert not plan.schedule_sessions(sessions=[row], by=PLANNER, at=eve).refused
        booking = Booking(id=new_id(), person=self.citizen.id, session=row.id, slot=slot, group=group)
        assert not plan.book_appointments(bookings=[booking], by=PLANNER, at=eve).refused
        self.appointment = booking.id

    def _shift(self) -> tuple[date, tuple[time, time], int, datetime]:
        """Return work day, hours and shift of the visit, and the slot the citizen is given."""
        if self.at.hour < 4:  # the night belongs to the evening before
            day = self.at.date() - DAY
            return day, (time(EVENING), time(1)), 3, datetime.combine(day + DAY, time(0, 45), ZONE)
        return self.at.date(), (time(7), time(12)), 1, self.at.replace(minute=0)

    def intake(self, **changed: Any) -> Intake:
        """Return what the crew brings of the visit."""
        helper = {Signer.REPRESENTATIVE} if self.representative else {Signer.CITIZEN}
        row: dict[str, Any] = {
            "id": self.dossier, "person": self.citizen.id, "taken_at": self.at, "captures": self.captures,
            "signed": frozenset({Signer.OFFICER, *helper}), "traits": "Nốt ruồi dưới mắt trái",
            "representative": self.representative, "account_level": self.level, "session": self.session,
        }  # fmt: skip
        return Intake(**row | dict(self.told) | changed)

    def is_taken(self) -> DossierState:
        """Let the crew take the citizen; who had an appointment has kept it."""
        assert receive(intakes=[self.intake()], by=CREW, at=self.at).done == [self.dossier]
        if self.appointment:
            move = AppointmentMove(id=new_id(), appointment=self.appointment, move="keep")
            assert not plan.move_appointments(moves=[move], by=PLANNER, at=self.at).refused
        return self.held

    def filing(self) -> Filing:
        """Return what the parent sends from home."""
        return Filing(
            id=self.dossier, person=self.citizen.id, filed_at=self.at, representative=self.representative,
            account_level=self.level,
        )  # fmt: skip

    def is_filed_online(self) -> DossierState:
        """Let the parent file from home, and the commune receive it the same day."""
        assert file_online(filings=[self.filing()], by=CREW, at=self.at).done == [self.dossier]
        move = DossierMove(dossier=self.dossier, step=Step.RECEIVED, at=self.at + 2 * HOUR)
        assert move_dossiers(moves=[move], by=CREW, at=move.at).done == [self.dossier]
        return self.held

    @property
    def held(self) -> DossierState:
        """The dossier as it stands."""
        return dossiers.states([self.dossier])[self.dossier]

    def is_checked(self) -> DossierState:
        """Let the machine check the dossier on the morning after."""
        check_dossiers(dossiers=[self.dossier], by=CENTRE, at=self.at + DAY)
        return self.held

    def card_comes(self) -> None:
        """Make, print and deliver the card."""
        made, printed, there = (self.at + days * DAY for days in (2, 3, 4))
        assert not make_batches(dossiers=[self.dossier], grants=None, by=PRINTERS, at=made).refused
        line = cards.of_dossiers([self.dossier])[self.dossier]
        self.card = line.id
        prints = [PrintResult(card=line.id, at=printed)]
        assert record_prints(prints=prints, grants=None, by=PRINTERS, at=printed).done == [line.id]
        parcel = [Delivery(batch=line.batch, at=there)]
        assert not deliver(deliveries=parcel, grants=None, by=PRINTERS, at=there).refused

    def takes_the_card(self, **changed: Any) -> None:
        """Hand the card over: to the citizen by the face, of a child to who signed for it, by the papers."""
        assert self.card
        then = self.at + 5 * DAY
        told: dict[str, Any] = {"card": self.card, "at": then, "check": IdentityCheck.FACE}
        if self.representative:
            told |= {"check": IdentityCheck.PAPER, "ground": TakerGround.MINOR, "taker": self.representative}
        assert hand_over(rows=[HandOver(**told | changed)], grants=None, by=DESK, at=then).done == [self.card]

    def account_is_used(self) -> AccountState:
        """Ask for the account with the dossier, grant it, tell of it, and activate it on the last day of seven."""
        (self.account,) = request_with_dossiers(dossiers=[self.dossier], grants=None, by=PRINTERS, at=self.at).done
        decided, used = self.at + DAY, self.at + 8 * DAY
        granted = Decision(account=self.account, at=decided, approve=True)
        assert decide(decisions=[granted], grants=None, by=PRINTERS, at=decided).done == [self.account]
        assert notify(notices=[Act(account=self.account, at=decided)], grants=None, by=PRINTERS, at=decided).done == [
            self.account
        ]
        row = Activation(account=self.account, at=used, device=f"phone of {self.citizen.id}")
        assert activate(activations=[row], grants=None, by=PRINTERS, at=used).done == [self.account]
        return accounts.states([self.account])[self.account]
