"""What becomes of a dossier after its capture, and on which day: checked, returned, mended, printed, handed over."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, log

from muster.capture.moves import Step
from muster.capture.words import Mend
from muster.rehearsal.campaign.drawing import chance
from muster.rehearsal.campaign.inputs import Inputs

LAST_WEEKS = 60  # days after which nobody comes any more for a card that lies there
ON_THE_ROAD = 2  # days between the printer and the unit
MENDS = (Mend.POOR_PRINTS, Mend.POOR_PHOTO, Mend.PAPER_MISSING)  # what dossiers are returned for


@dataclass(frozen=True, slots=True)
class Errand:
    """One move to be made in the morning of a day. ``place`` numbers a dossier's moves, and gives each its id."""

    commune: int
    citizen: int
    step: Step
    place: int
    reason: str = ""


@dataclass(slots=True)
class Calendar:
    """The errands of a district, by day."""

    seed: str
    inputs: Inputs
    errands: dict[date, list[Errand]] = field(default_factory=lambda: defaultdict(list))

    def captured(self, commune: int, citizen: int, day: date) -> None:
        """Plan all that will become of what was captured on a day."""
        for place, (on, step, reason) in enumerate(self._course(commune, citizen, day)):
            self.errands[on].append(Errand(commune, citizen, step, place, reason))

    def due(self, day: date) -> list[Errand]:
        """Return the errands of a day, and forget them."""
        return self.errands.pop(day, [])

    def _course(self, commune: int, citizen: int, day: date) -> Iterator[tuple[date, Step, str]]:
        inputs, drawn = self.inputs, f"{self.seed} after {commune} {citizen}"
        checked = day + timedelta(days=inputs.check_days)
        if chance(drawn, 0) < inputs.returned:
            yield checked, Step.RETURNED, MENDS[int(chance(drawn, 1) * len(MENDS))]
            mended = checked + timedelta(days=inputs.mend_days)
            yield mended, Step.RECEIVED_AGAIN, ""
            checked = mended + timedelta(days=inputs.check_days)
        yield checked, Step.ACCEPTED, ""
        printed = checked + timedelta(days=max(1, inputs.print_days - ON_THE_ROAD))
        yield printed, Step.PRODUCED, ""
        if chance(drawn, 2) < inputs.rejected:
            yield printed + timedelta(days=1), Step.PRINT_REJECTED, ""
            printed += timedelta(days=2)
            yield printed, Step.PRODUCED, ""
        arrived = printed + timedelta(days=ON_THE_ROAD)
        yield arrived, Step.ARRIVED, ""
        waits = ceil(log(1 - chance(drawn, 3)) / log(1 - inputs.collected))  # geometric: days until it is fetched
        if waits <= LAST_WEEKS:
            yield arrived + timedelta(days=waits), Step.HANDED_OVER, ""
