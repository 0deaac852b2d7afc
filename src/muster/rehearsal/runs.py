"""Keep which rehearsals were played, so that a page can tell of them and a second command goes on with the same one."""

from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction

from muster.kernel.errors import Refusal
from muster.rehearsal.campaign.band import Band, Run
from muster.rehearsal.campaign.rehearsing import Rehearsal
from muster.rehearsal.models import Run as Row


class RehearsedOtherwise(Refusal):
    """A rehearsal of this scenario and seed is here, at another scale, of other districts or kits."""

    code = "rehearsed_otherwise"
    vi = "Kịch bản {scenario} với hạt giống {seed} đã được diễn ở tỷ lệ {scale}; hãy giữ nguyên hoặc đổi hạt giống."
    en = "Scenario {scenario} with seed {seed} was rehearsed at scale {scale}: keep to it, or take another seed."


def begin(what: Rehearsal) -> None:
    """Write down that a rehearsal is played here.

    :raises RehearsedOtherwise: the same one was played at another scale, of other districts, or with other kits
    """
    told = {"scale": str(what.scale), "districts": ",".join(sorted(what.districts)), "kits": what.kits}
    row, _ = Row.objects.get_or_create(scenario=what.scenario, seed=what.seed, defaults=told)
    if (row.scale, row.districts, row.kits) != tuple(told.values()):
        raise RehearsedOtherwise(scenario=what.scenario, seed=what.seed, scale=row.scale)


def played(what: Rehearsal, *, until: datetime) -> None:
    """Write down how far a rehearsal was played."""
    Row.objects.filter(scenario=what.scenario, seed=what.seed).update(played_until=until)


def keep_band(what: Rehearsal, band: Band) -> None:
    """Keep the band drawn for a rehearsal."""
    told = {name: [_plain(run) for run in runs] for name, runs in (("runs", band.runs), ("beside", band.beside))}
    Row.objects.filter(scenario=what.scenario, seed=what.seed).update(band=told)


def _plain(run: Run) -> dict[str, object]:
    return {**asdict(run), "finished": run.finished.isoformat() if run.finished else None}


def latest() -> tuple[Rehearsal, datetime | None, Band | None] | None:
    """Return the rehearsal begun last: what it is, how far it was played, and its band if one was drawn."""
    row = Row.objects.order_by("-id").first()
    if row is None:
        return None
    what = Rehearsal(
        scenario=row.scenario,
        scale=Fraction(row.scale),
        seed=row.seed,
        districts=frozenset(filter(None, row.districts.split(","))),
        kits=row.kits,
    )
    band = Band(*([_run(one) for one in row.band[name]] for name in ("runs", "beside"))) if row.band else None
    return what, row.played_until, band


def _run(told: dict[str, str | int]) -> Run:
    finished = told["finished"]
    day = date.fromisoformat(str(finished)) if finished else None
    return Run(int(told["kits"]), int(told["seed"]), day, int(told["by_report"]))
