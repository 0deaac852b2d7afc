"""All comparisons, one room after another."""

from tests.journeys.agreement import counts, plan, survey, work
from tests.journeys.agreement.frame import World
from tests.journeys.agreement.playing import accounts_opened

LEAST = frozenset({
    "API", "accounts", "accounts outreach", "accounts tabs", "alarms", "appointments", "appointments slots",
    "card batch", "card batches", "cards desk", "cards uncollected", "cards waiting", "checks", "checks pairs",
    "checks tabs", "counts", "counts chart", "counts table", "counts.csv", "counts.csv below", "crews", "home",
    "kits", "list names", "list on paper", "plan week", "plan week booked", "plan week days", "plan week table",
    "rehearsal", "session", "session list", "states", "survey by unit", "survey contacts", "survey grounds",
    "survey hard", "survey outside", "survey register", "survey tiles", "survey total", "targets", "units", "venues",
    "workbook",
})  # fmt: skip


def compare_all(world: World, *, often: int) -> None:
    """Compare what every page shows; ``often`` times as many units, days and moments as the test draws."""
    counts.compare(world, questions=16 * often)
    survey.compare(world, pages=4 * often, lists=2 * often)
    plan.compare(world, pages=3 * often)
    work.checks(world)
    work.cards(world)
    work.stations(world, asked=20 * often)
    work.rehearsal(world)
    work.units(world)
    accounts_opened(world)
    work.accounts(world)
    work.cards(world)
    work.states(world)
    counts.compare(world, questions=4 * often)
