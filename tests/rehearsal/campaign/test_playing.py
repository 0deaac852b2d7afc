from datetime import date, timedelta
from itertools import pairwise

import pytest

from muster.capture.moves import MOVES, Step, after
from muster.capture.words import State
from muster.rehearsal.campaign.calendar import Calendar
from muster.rehearsal.campaign.inputs import SCENARIOS, Inputs
from muster.rehearsal.campaign.playing import EVENING, Group, days, district, share_kits

INPUTS = Inputs(last_day=date(2021, 4, 14))
GROUPS = [[Group.DAY] * 300 + [Group.EVENING] * 250 + [Group.AWAY] * 20 + [Group.BEDRIDDEN] * 5 for _ in range(3)]


def played(seed="one", inputs=INPUTS, kits=2.0):
    drawn = district(seed, inputs, GROUPS, kits)
    return [session for day in days(inputs) for session in drawn.play(day)]


def test_the_same_seed_plays_the_same_campaign_and_another_one_another():
    assert played() == played()
    assert played() != played("two")


def test_nobody_is_captured_twice_and_all_who_can_come_are_in_the_end():
    captured = [(one.commune, visit.citizen) for one in played() for visit in one.visits]
    assert len(captured) == len(set(captured))
    at_home = sum(group in {Group.DAY, Group.EVENING} for groups in GROUPS for group in groups)
    assert at_home <= len(captured) <= sum(map(len, GROUPS))


def test_working_people_come_in_the_evening_or_at_weekends_only():
    groups = {(place, number): group for place, some in enumerate(GROUPS) for number, group in enumerate(some)}
    for one in played():
        kinds = {groups[one.commune, visit.citizen] for visit in one.visits}
        if one.shift != EVENING and one.day.weekday() < 5:
            assert Group.EVENING not in kinds


def test_a_kit_is_at_one_place_in_a_shift_and_no_shift_is_longer_than_it_can_be():
    seen = set()
    for one in played():
        assert (one.day, one.shift, one.kit) not in seen
        seen.add((one.day, one.shift, one.kit))
        most = INPUTS.shift_hours * 60 + (INPUTS.overrun * 60 if one.shift == INPUTS.shifts - 1 else 0)
        minutes = [visit.minute for visit in one.visits]
        assert minutes == sorted(minutes)
        assert max(minutes, default=0) <= most
    assert max(sum(1 for place in seen if place[:2] == (day, 0)) for day in days(INPUTS)) <= 2


def test_no_crew_is_faster_than_the_best_one_that_was_told_of():
    quick = Inputs(usual_minutes=0.1, last_day=INPUTS.last_day)
    for one in played(inputs=quick, kits=1.0):
        if one.visits and not one.visits[0].home:
            assert one.visits[-1].minute / len(one.visits) >= 0.7 * quick.best_minutes


def test_kits_are_shared_by_people_and_none_is_lost():
    assert share_kits(10, [100, 300, 600]) == [1, 3, 6]
    assert sum(share_kits(120, [7, 11, 13, 29])) == 120


def test_the_errands_of_a_dossier_are_moves_that_follow_on_each_other():
    inputs = Inputs(returned=0.3, rejected=0.3)
    for citizen in range(300):
        calendar = Calendar("seed", inputs)
        calendar.captured(0, citizen, inputs.first_day)
        state, steps = State.RECEIVED, [one for day in sorted(calendar.errands) for one in calendar.errands[day]]
        for one in steps:
            state = after(state, one.step)
        assert state in {State.HANDED_OVER, State.ARRIVED}
        assert [one.place for one in steps] == list(range(len(steps)))


def test_every_input_says_where_it_comes_from_or_that_it_was_set_free():
    told = list(SCENARIOS["haiduong-2021"].inputs.told())
    sources = [bool(one.source) for one in told]
    assert sources == sorted(sources, reverse=True)
    assert {one.name for one in told if one.source} >= {"target", "last_day", "shifts", "reported", "reported_on"}
    assert {one.name for one in told if not one.source} >= {"kits", "comes", "away"}


@pytest.mark.parametrize("kits", [0.4, 1.6])
def test_a_part_of_a_kit_is_a_slower_one(kits):
    drawn = district("one", INPUTS, GROUPS, kits)
    assert len(drawn.kits) == max(1, round(kits))
    whole = district("one", INPUTS, GROUPS, float(len(drawn.kits)))
    assert drawn.kits[0].speed == pytest.approx(whole.kits[0].speed * kits / len(drawn.kits))


def test_the_days_run_from_the_first_to_the_deadline():
    found = list(days(INPUTS))
    assert (found[0], found[-1], len(found)) == (INPUTS.first_day, INPUTS.last_day, 30)
    assert all(later - day == timedelta(days=1) for day, later in pairwise(found))
    assert set(MOVES) == set(Step)
