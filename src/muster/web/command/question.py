"""What somebody asks of the counts: unit, metric, side, days, age band, and as known at which moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from muster.events.journal import AgeBand
from muster.events.queries import Name, Side
from muster.kernel.clock import moment_typed
from muster.kernel.dates import PartialDate
from muster.kernel.errors import Refusal
from muster.kernel.periods import Period
from muster.ui.texts import catalogue
from muster.units.queries import Unit
from muster.web.accounts.words import Say

FIRST_METRIC: Name = ("person", "take_in")


class NotADay(Refusal):
    code = "not_a_day"
    vi = "“{typed}” không phải một ngày; hãy gõ như 08/05/2021."
    en = "“{typed}” is not a day; type it like 08/05/2021."


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the counts, as typed values and as what they mean."""

    unit: Unit
    metric: Name
    side: Side
    band: AgeBand | None
    days: Period | None
    known_at: datetime | None
    typed: Mapping[str, str]

    @property
    def bands(self) -> list[AgeBand] | None:
        """The age bands that count; all of them without a choice."""
        return None if self.band is None else [self.band]

    def address(self, page: str, unit: int | None = None) -> str:
        """Return the address that asks the same of this or another unit."""
        kept = {name: value for name, value in self.typed.items() if value}
        return f"{page}?{urlencode(kept | {'unit': unit or self.unit.id})}"


def read(asked: Mapping[str, str], unit: Unit) -> tuple[Question, dict[str, Refusal]]:
    """Return the question that was typed, and by field what could not be read; that field then asks nothing."""
    names = ("metric", "side", "band", "first", "last", "known")
    typed = {name: asked.get(name, "").strip() for name in names}
    faults: dict[str, Refusal] = {}
    first, last = (_day(typed[name], name, faults) for name in ("first", "last"))
    known = None
    if typed["known"]:
        try:
            known = moment_typed(typed["known"])
        except Refusal as refusal:
            faults["known"] = refusal
    days = None
    if first or last:
        try:
            days = Period(first or date.min, last + timedelta(days=1) if last else None)
        except Refusal as refusal:
            faults["last"] = refusal
    kind, _, move = typed["metric"].partition(".")
    bands = {str(int(band)): band for band in AgeBand}
    question = Question(
        unit,
        (kind, move) if move else FIRST_METRIC,
        Side.DONE if typed["side"] == Side.DONE.value else Side.RESIDENCE,
        bands.get(typed["band"]),
        days,
        known,
        typed,
    )
    return replace(question, typed=typed | {"side": question.side.value, "metric": ".".join(question.metric)}), faults


def _day(typed: str, name: str, faults: dict[str, Refusal]) -> date | None:
    if not typed:
        return None
    try:
        day = PartialDate.parse(typed)
    except Refusal as refusal:
        faults[name] = refusal
        return None
    if day.precision != "day":
        faults[name] = NotADay(typed=typed[:40])
        return None
    return day.earliest


def metric_in_words(say: Say, metric: Name) -> str:
    """Return a metric in words, or its code where no room has given it words."""
    key = "metric." + "_".join(metric)
    return say(key) if key in catalogue() else ".".join(metric)


def metrics(say: Say, happened: Sequence[Name]) -> list[tuple[str, str]]:
    """Return the metrics to choose from, in words."""
    known = dict.fromkeys([FIRST_METRIC, *happened])
    return sorted(((".".join(one), metric_in_words(say, one)) for one in known), key=lambda pair: pair[1])
