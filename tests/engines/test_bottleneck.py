"""Each brake by itself, two of them weighed, and properties."""

from hypothesis import given
from hypothesis import strategies as st

from muster.engines.bottleneck import Brake, Facts, named

# A district of ten kits, all shifts planned for a week, 100 dossiers a stand: 3,000 a day, and 2,900 needed.
WHOLE = {
    "needed": 2_900, "reached": 2_000, "days": 7, "kits": 10, "broken": 0, "stands": 210, "crewless": 0,
    "capacity": 21_000, "captured": 21_000,
}  # fmt: skip


def told(**more):
    found = named(Facts(**WHOLE | more))
    return (found.brake, round(found.cost)) if found else None


def test_broken_kits_are_the_machine():
    assert told(broken=4, captured=12_600) == (Brake.MACHINE, 1_200)


def test_kits_that_stood_still_are_the_machine_once():
    assert told(captured=12_600, lost=8_400) == (Brake.MACHINE, 1_200)
    assert told(captured=12_600, lost=4_200, broken=4) == (Brake.MACHINE, 1_200)  # some of them are the broken ones
    assert told(captured=0, lost=50_000) == (Brake.MACHINE, 3_000)  # no more than was planned


def test_stands_without_a_crew_are_the_people():
    assert told(crewless=63, captured=14_700) == (Brake.PEOPLE, 900)


def test_dossiers_that_lie_on_kits_are_the_network():
    assert told(captured=14_000, unsent=7_000) == (Brake.NETWORK, 1_000)


def test_crews_that_wait_are_the_turnout():
    assert told(captured=14_000) == (Brake.TURNOUT, 1_000)


def test_kits_that_nobody_sent_out_are_the_will():
    assert told(stands=70, capacity=7_000, captured=7_000) == (Brake.WILL, 1_900)


def test_nothing_planned_at_all_is_the_will():
    assert told(stands=0, capacity=0, captured=0, kits=0) == (Brake.WILL, 2_900)


def test_a_unit_served_by_kits_from_above_is_measured_by_what_was_planned_for_it():
    assert told(kits=0, stands=70, capacity=7_000, captured=7_000) == (Brake.WILL, 1_900)


def test_the_larger_of_two_is_named():
    assert told(broken=1, crewless=84, captured=11_340)[0] is Brake.PEOPLE
    assert told(broken=5, crewless=21, captured=9_450)[0] is Brake.MACHINE


def test_who_keeps_pace_has_no_brake():
    assert told(reached=2_900, broken=9) is None
    assert told(captured=21_000) is None  # nothing that is known costs anything


@given(
    st.integers(0, 20), st.integers(0, 20), st.integers(1, 300), st.integers(0, 300), st.integers(0, 30_000),
    st.integers(0, 5_000),
)  # fmt: skip
def test_no_cost_is_below_zero_and_the_largest_is_named(kits, broken, stands, crewless, captured, unsent):
    facts = Facts(
        needed=5_000, reached=10, days=7, kits=kits, broken=min(broken, kits), stands=stands,
        crewless=min(crewless, stands), capacity=stands * 100, captured=captured, unsent=unsent,
    )  # fmt: skip
    found = named(facts)
    if found:
        assert all(cost >= 0 for cost in found.costs.values())
        assert found.cost == max(found.costs.values()) > 0
