"""The schedule. Cron times are UTC, as procrastinate reads them; Việt Nam is seven hours ahead and has no summer time.

A task that is still running or waiting is not queued a second time (``queueing_lock``), and every task may be
repeated: after a crash the next round does what the lost one did not.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from muster.account import operations as account
from muster.account import queries as accounts
from muster.account.rows import Act, Decision
from muster.account.words import Closing
from muster.audit import operations as audit
from muster.card import operations as cards
from muster.card import queries as cards_now
from muster.events import operations as events
from muster.events import queries as journal
from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import work_day
from muster.kernel.errors import BatchResult
from muster.kernel.ids import new_id
from muster.people import operations as people
from muster.plan import operations as plan
from muster.plan import queries as plans
from muster.plan.rows import AppointmentMove
from muster.processing import operations as processing
from muster.processing import queries as checks
from muster.reporting import operations as reporting
from muster.reporting import queries as reports
from muster.reporting.rows import ForecastRow, RankingRow, ReinforcementAsk, SlotRow
from muster.survey import queries as survey
from muster.survey.queries import CampaignLine
from muster.units.queries import ROOT

CHECKED_AT_ONCE = 1_000  # dossiers in one transaction
PRINTED_AT_ONCE = 2_000
CHASED_AT_ONCE = 500  # explanations
APPOINTMENTS_AT_ONCE = 5_000
ACCOUNTS_AT_ONCE, ACCOUNTS_A_ROUND = 5_000, 50_000
GONE = {"dead": Closing.DIED, "deleted": Closing.MERGED}  # what the register says of who holds no account any more
ONE_DAY = timedelta(days=1)
FORECAST_AT_ONCE, FORECAST_LEVELS = 100, frozenset({"province", "district", "commune"})
REINFORCED_LEVELS = frozenset({"province", "district"})  # whose units below lend to each other
Work = Callable[[Sequence[UUID], Actor, datetime], BatchResult[UUID]]


class Find(Protocol):
    """A question for what is to be done next, by province, in a fixed order."""

    def __call__(self, *, limit: int, skip: int) -> Mapping[int, Sequence[UUID]]:
        """Return so many at the most, after so many passed over."""


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="seal_audit")
def seal_audit(timestamp: int) -> None:
    """Sign the state of all audit chains, every five minutes."""
    audit.seal(at=_now(timestamp))


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="check_received")
def check_received(timestamp: int) -> None:
    """Check what was received or has changed since it was checked, and accept what is clean, every two minutes.

    Interrupted, it keeps whole batches; the next round does the rest.
    """
    for province, dossiers in checks.unchecked().items():
        by = Actor(officer=None, unit=province, purpose=Purpose.CHECK, device="check_received")
        for start in range(0, len(dossiers), CHECKED_AT_ONCE):
            batch = dossiers[start : start + CHECKED_AT_ONCE]
            processing.check_dossiers(dossiers=batch, by=by, at=_now(timestamp))


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="tend_accounts")
def tend_accounts(timestamp: int) -> None:
    """Ask for the accounts wished with dossiers, grant those with nothing against them, tell their holders.

    Accounts of the dead, and of rows of the register that were merged into another, are closed.
    What is not granted here waits for an officer: the machine rejects nobody. Every two minutes; interrupted, it keeps
    whole batches.
    """
    at = _now(timestamp)
    _each(accounts.to_request, _requested, at)
    _each(accounts.to_decide, _granted, at)
    _each(accounts.to_notify, _told, at)
    for life, reason in GONE.items():
        _each(partial(accounts.to_close, life), partial(_closed, reason), at)


def _each(find: Find, work: Work, at: datetime) -> None:
    """Do all there is to do now; what is refused keeps its place at the head of those who wait, and is passed over."""
    skip = 0
    while found := find(limit=ACCOUNTS_A_ROUND, skip=skip):
        for province, things in found.items():
            by = Actor(officer=None, unit=province, purpose=Purpose.ISSUE, device="tend_accounts")
            for start in range(0, len(things), ACCOUNTS_AT_ONCE):
                skip += len(work(things[start : start + ACCOUNTS_AT_ONCE], by, at).refused)


def _requested(dossiers: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    return account.request_with_dossiers(dossiers=dossiers, grants=None, by=by, at=at)


def _granted(ids: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    return account.decide(
        decisions=[Decision(account=one, at=at, approve=True) for one in ids], grants=None, by=by, at=at
    )


def _told(ids: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    return account.notify(notices=[Act(account=one, at=at) for one in ids], grants=None, by=by, at=at)


def _closed(reason: Closing, ids: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[UUID]:
    return account.close(
        closings=[Act(account=one, at=at, reason=reason.value) for one in ids], grants=None, by=by, at=at
    )


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="recall_cards")
def recall_cards(timestamp: int) -> None:
    """Take cards out of print whose dossiers were returned or have ended, every two minutes."""
    by = Actor(officer=None, unit=ROOT, purpose=Purpose.ISSUE, device="recall_cards")
    while found := cards_now.to_recall(limit=PRINTED_AT_ONCE):
        if cards.recall_cards(cards=found, grants=None, by=by, at=_now(timestamp)).refused:
            return  # somebody has just printed them; the next round looks again


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="settle_appointments")
def settle_appointments(timestamp: int) -> None:
    """Say which appointments were kept, missed, or are not needed any more, every ten minutes."""
    at, by = _now(timestamp), Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="settle_appointments")
    while found := plans.settled(at, limit=APPOINTMENTS_AT_ONCE):
        moves = [AppointmentMove(id=new_id(), appointment=one, move=move, reason=why) for one, move, why in found]
        if plan.move_appointments(moves=moves, by=by, at=at).refused:
            return  # somebody has just moved them; the next round looks again


@app.periodic(cron="0 22 * * *")
@app.task(queueing_lock="make_print_batches")
def make_print_batches(timestamp: int) -> None:
    """Make print batches of what was accepted, unit by unit, at 05:00. Interrupted, it keeps whole batches."""
    by = Actor(officer=None, unit=ROOT, purpose=Purpose.ISSUE, device="make_print_batches")
    waiting = [unit for unit, *_ in cards_now.waiting_units(ROOT)]
    for unit in sorted(set(cards_now.delivery_units(waiting).values())):
        skip = 0  # what cannot be printed yet keeps its place at the head of those who wait
        while dossiers := cards_now.to_print(unit, limit=PRINTED_AT_ONCE, skip=skip):
            skip += len(cards.make_batches(dossiers=dossiers, grants=None, by=by, at=_now(timestamp)).refused)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="freeze_reports")
def freeze_reports(timestamp: int) -> None:
    """Freeze the report slots whose time has come, those missed in the last days too, then chase who has not signed.

    Every minute; interrupted, it keeps whole slots.
    """
    at = _now(timestamp)
    by = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="freeze_reports")
    for campaign, moment in reports.unfrozen(at):
        reporting.freeze_slots(slots=[SlotRow(campaign=campaign, at=moment)], by=by, at=at)
    for slot in reports.to_chase(at):
        reporting.chase_slots(slots=[slot], by=by, at=at)


@app.periodic(cron="30 21 * * *")
@app.task(queueing_lock="rank_units")
def rank_units(timestamp: int) -> None:
    """Write down where the units of every campaign stood at the end of the work day, at 04:30; repeated, it is once.

    Once a week, on the day its rule names, the ranking of a campaign asks the low units to explain.
    """
    at = _now(timestamp)
    by, day = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="rank_units"), work_day(at) - ONE_DAY
    for campaign in _running(day):
        row = RankingRow(campaign=campaign.id, day=day)
        reporting.rank_units(rankings=[row], by=by, at=at)
        if day.isoweekday() == reports.explain_rule(campaign.id, day).weekday:
            reporting.ask_explanations(rankings=[row], by=by, at=at)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="chase_explanations")
def chase_explanations(timestamp: int) -> None:
    """Ask again, up the line, for answers, decisions and actions that are late, every ten minutes."""
    at = _now(timestamp)
    by = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="chase_explanations")
    late = reports.late_explanations(at)
    for start in range(0, len(late), CHASED_AT_ONCE):
        reporting.chase_explanations(explanations=late[start : start + CHASED_AT_ONCE], by=by, at=at)


@app.periodic(cron="40 21 * * *")
@app.task(queueing_lock="forecast_units")
def forecast_units(timestamp: int) -> None:
    """Forecast the finish of every unit of every campaign from the work day that ended, at 04:40, and score old ones.

    Interrupted, it keeps whole batches; the next round does the rest.
    """
    at = _now(timestamp)
    by, day = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="forecast_units"), work_day(at) - ONE_DAY
    for campaign in _running(day):
        found = reports.reporting_units(campaign, day, FORECAST_LEVELS)
        for start in range(0, len(found), FORECAST_AT_ONCE):
            some = found[start : start + FORECAST_AT_ONCE]
            rows = [ForecastRow(campaign=campaign.id, unit=unit, day=day) for unit in some]
            reporting.forecast_units(forecasts=rows, by=by, at=at)
        reporting.score_forecasts(forecasts=reports.unscored(campaign.id), by=by, at=at)


@app.periodic(cron="50 21 * * *")
@app.task(queueing_lock="propose_reinforcements")
def propose_reinforcements(timestamp: int) -> None:
    """Look for moves that help units which will miss, at 04:50; expire old ones, measure past ones.

    Provinces look at their districts, districts at their communes. Interrupted, it keeps whole units.
    """
    at = _now(timestamp)
    by, day = Actor(officer=None, unit=ROOT, purpose=Purpose.COMMAND, device="propose_reinforcements"), work_day(at)
    reporting.expire_reinforcements(reinforcements=reports.reinforcements_to_expire(day), by=by, at=at)
    reporting.measure_reinforcements(reinforcements=reports.reinforcements_to_measure(day), by=by, at=at)
    for campaign in _running(day):
        for unit in reports.reporting_units(campaign, day, REINFORCED_LEVELS):
            row = ReinforcementAsk(campaign=campaign.id, unit=unit)
            reporting.propose_reinforcements(asked=[row], by=by, at=at)


def _running(day: date) -> list[CampaignLine]:
    return [one for one in survey.campaigns() if one.starts <= day < one.ends]


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="sum_up_counters")
def sum_up_counters(timestamp: int) -> None:
    """Sum up the newest counters for every unit, every ten minutes: what is left to add up for a page stays small."""
    del timestamp
    events.sum_up()


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="forget_guesses")
def forget_guesses(timestamp: int) -> None:
    """Delete the counts of guesses at open doors that are over, every hour; they run on real time."""
    people.forget_guesses(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="10 20 * * *")
@app.task(queueing_lock="end_old_sessions")
def end_old_sessions(timestamp: int) -> None:
    """Delete the sign-in sessions that have ended, at 03:10."""
    del timestamp
    SessionStore.clear_expired()


def _now(timestamp: int) -> datetime:
    return journal.now(datetime.fromtimestamp(timestamp, UTC))
