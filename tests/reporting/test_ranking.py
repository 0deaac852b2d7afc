"""The ranking: rows equal to SQL of its own, places and likeness by hand, finish stamps, and what is written once."""

import random
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from muster.engines.plausibility import ceiling
from muster.events import operations as journal
from muster.events.journal import Move
from muster.kernel.clock import ZONE
from muster.kernel.ids import new_id
from muster.reporting import operations, queries
from muster.reporting.models import Standing
from muster.reporting.queries.ranking import Likeness, Measured, _places, likeness
from muster.reporting.rows import RankingRow
from muster.survey import queries as survey
from tests.plan.conftest import sql
from tests.reporting.conftest import (
    AN_LAM,
    DISTRICT,
    HAMLET,
    HOP_TIEN,
    MACHINE,
    PROVINCE,
    campaign,
    codes,
    played,
    units,
)
from tests.survey.conftest import people, surveyed

__all__ = ["campaign", "people", "units"]

DAY = date(2021, 5, 8)
AFTER = datetime(2021, 5, 9, 4, 30, tzinfo=ZONE)


def ranked(campaign, day=DAY, at=AFTER):
    result = operations.rank_units(rankings=[RankingRow(campaign=campaign, day=day)], by=MACHINE, at=at)
    assert not result.refused, result.refused


def rows(campaign, day=DAY):
    return {one.unit_id: one for one in Standing.objects.filter(campaign_id=campaign, day=day)}


def test_every_row_is_what_sql_of_its_own_counts(campaign, people):
    surveyed(campaign)
    played(seed=3, moves=600, days=6)
    ranked(campaign)
    found = rows(campaign)
    assert set(found) == {PROVINCE, DISTRICT, AN_LAM, HOP_TIEN}
    for unit, row in found.items():
        counted = sql(
            """
            SELECT count(*), count(*) FILTER (WHERE work_day > %s)
            FROM events_event JOIN events_metric ON events_metric.id = metric_id
            JOIN units_unit ON units_unit.id = unit_residence
            WHERE kind = 'dossier' AND move = 'received' AND %s = ANY(ancestors)
                AND work_day BETWEEN '2021-05-01' AND %s
            """,
            DAY - timedelta(days=7), unit, DAY,
        )  # fmt: skip
        assert [(row.captured, row.week)] == counted
        cases = sql(
            """
            SELECT count(*) FILTER (WHERE hard <> ''),
                count(*) FILTER (WHERE group_code IN ('working', 'worker', 'pupil'))
            FROM survey_case JOIN units_unit ON units_unit.id = unit_id
            WHERE %s = ANY(ancestors) AND state IN ('open', 'done')
            """,
            unit,
        )
        assert [(row.hard, row.evening)] == cases
    assert (
        sum(found[unit].captured for unit in (AN_LAM, HOP_TIEN)) == found[DISTRICT].captured == found[PROVINCE].captured
    )


def test_a_day_is_written_once_and_never_before_it_is_over(campaign):
    played()
    ranked(campaign)
    before = list(Standing.objects.order_by("unit_id").values_list())
    played(seed=2)
    ranked(campaign)
    assert list(Standing.objects.order_by("unit_id").values_list()) == before
    refused = operations.rank_units(
        rankings=[
            RankingRow(campaign=campaign, day=DAY + timedelta(days=1)),  # 04:30 of the 9th: it has just begun
            RankingRow(campaign=campaign, day=date(2021, 4, 30)),
            RankingRow(campaign=UUID(int=1), day=DAY),
        ],
        by=MACHINE,
        at=AFTER,
    )
    assert codes(refused) == [(0, "day_not_over"), (1, "day_not_over"), (2, "unknown_campaign")]


def received(count, unit, at, apart=timedelta(minutes=1)):
    """Record dossiers one after another."""
    for number in range(count):
        moment = at + number * apart
        move = Move(
            thing=new_id(), kind="dossier", move="received", unit_done=unit, unit_residence=unit, occurred_at=moment
        )
        journal.record(moves=[move], by=MACHINE, at=moment)


def due(count, unit, at):
    moves = [
        Move(thing=new_id(), kind="case", move="found", unit_done=unit, unit_residence=unit, occurred_at=at)
        for _ in range(count)
    ]
    journal.record(moves=moves, by=MACHINE, at=at)


def test_a_small_campaign_counted_by_hand(campaign):
    start = datetime(2021, 5, 1, 8, tzinfo=ZONE)
    due(10, HAMLET, start)  # below An Lam
    due(10, HOP_TIEN, start)
    received(4, HAMLET, start)
    received(8, HOP_TIEN, start + timedelta(hours=1))
    received(5, HAMLET, datetime(2021, 5, 8, 9, tzinfo=ZONE))
    ranked(campaign)
    line = survey.campaign(campaign)
    first, second = queries.ranking(campaign=line, unit=PROVINCE, level="commune", day=DAY)
    assert (first.it.unit, first.it.captured, first.it.target, first.place, first.before, first.moved) == (
        AN_LAM, 9, 10, 1, 2, 1,
    )  # fmt: skip
    assert (second.it.unit, second.it.captured, second.place, second.before, second.moved) == (HOP_TIEN, 8, 2, 1, -1)
    # 8 of the campaign's days are gone, of all until the last: an even plan asks for that part of ten
    whole = (line.last - line.starts).days + 1
    assert first.pace == pytest.approx(9 / (10 * 8 / whole))
    assert (first.like_share, first.ahead) == (None, None)  # two units are no middle
    assert queries.ranking(campaign=line, unit=AN_LAM, level="commune", day=DAY) == [
        queries.ranking(campaign=line, unit=AN_LAM, level="commune", day=DAY)[0]
    ]
    assert queries.ranked_days(campaign) == [DAY]


def test_the_finish_is_stamped_with_the_dossier_that_filled_the_target(campaign):
    start = datetime(2021, 5, 2, 8, tzinfo=ZONE)
    due(3, AN_LAM, start)
    received(5, AN_LAM, start, apart=timedelta(hours=2))
    ranked(campaign, date(2021, 5, 2), datetime(2021, 5, 3, 5, tzinfo=ZONE))
    assert rows(campaign, date(2021, 5, 2))[AN_LAM].finished_at == start + timedelta(hours=4)
    due(1, AN_LAM, datetime(2021, 5, 3, 8, tzinfo=ZONE))  # one more is due: the third no longer filled it
    ranked(campaign, date(2021, 5, 3), datetime(2021, 5, 4, 5, tzinfo=ZONE))
    assert rows(campaign, date(2021, 5, 3))[AN_LAM].finished_at == start + timedelta(hours=6)


def measured(unit, hard, evening, due=100):
    return Measured(unit, "commune", due, DAY, due, hard, evening, 0, 0, None, 0, 0, 0, 0, 0, 0)


def test_units_of_like_difficulty_are_thirds_and_halves():
    shares = [(0, 80), (1, 20), (5, 80), (6, 20), (20, 80), (30, 20)]
    found = likeness([measured(unit, *share) for unit, share in enumerate(shares)])
    assert found == [Likeness(*one) for one in [(0, 1), (0, 0), (1, 1), (1, 0), (2, 1), (2, 0)]]


def test_equal_units_are_alike_and_share_a_place():
    assert set(likeness([measured(unit, 5, 50) for unit in range(9)])) == {Likeness(0, 0)}
    assert _places([-0.5, -0.9, -0.5, -0.1]) == [2, 1, 2, 4]
    assert _places([]) == []


def test_places_by_brute_force():
    rng = random.Random(7)
    shares = [rng.choice([0.1, 0.2, 0.3, 0.4]) for _ in range(40)]
    assert _places([-one for one in shares]) == [1 + sum(other > one for other in shares) for one in shares]


def test_who_is_done_comes_first_by_the_hour_and_gains_nothing_by_more(campaign):
    start = datetime(2021, 5, 2, 8, tzinfo=ZONE)
    due(2, AN_LAM, start)
    due(2, HOP_TIEN, start)
    received(2, AN_LAM, start + timedelta(minutes=10), apart=timedelta(minutes=30))  # done at 08:40
    received(6, HOP_TIEN, start + timedelta(hours=1), apart=timedelta(minutes=5))  # done at 09:05, 300 % in the end
    ranked(campaign)
    line = survey.campaign(campaign)
    found = queries.ranking(campaign=line, unit=PROVINCE, level="commune", day=DAY)
    assert [(one.it.unit, one.place, one.before) for one in found] == [(AN_LAM, 1, 1), (HOP_TIEN, 2, 1)]


def test_who_is_done_in_the_same_hour_shares_a_place(campaign):
    start = datetime(2021, 5, 2, 8, tzinfo=ZONE)
    due(1, AN_LAM, start)
    due(1, HOP_TIEN, start)
    received(1, HOP_TIEN, start + timedelta(minutes=1))
    received(3, AN_LAM, start + timedelta(minutes=59))
    ranked(campaign, date(2021, 5, 9), datetime(2021, 5, 10, 5, tzinfo=ZONE))
    line = survey.campaign(campaign)
    found = queries.ranking(campaign=line, unit=PROVINCE, level="commune", day=date(2021, 5, 9))
    assert [(one.it.unit, one.place, one.before) for one in found] == [(HOP_TIEN, 1, 1), (AN_LAM, 1, 1)]


def test_the_database_keeps_one_row_a_unit_and_day(campaign):
    played()
    ranked(campaign)
    (row,) = list(Standing.objects.filter(unit_id=AN_LAM))
    row.id = new_id()
    with pytest.raises(IntegrityError, match="reporting_standing_once"):
        row.save(force_insert=True)


def dossiers(*taken):
    """Write dossiers of people of the register: when taken, where, by which kit, forced, incomplete."""
    persons = [person for (person,) in sql("SELECT id FROM register_person ORDER BY id")]
    for person, (at, unit, kit, forced, missing) in zip(persons, taken, strict=False):
        sql(
            """
            INSERT INTO capture_dossier (id, person_id, kind, ground, channel, place, state, attempt, law_day,
                unit_done_id, unit_residence_id, kit, taken_at, recorded_at, state_since, reason, form, fee_vnd,
                exemption, old_card_taken, account_level, missing_biometrics, poor_biometrics, suspect_duplicate,
                differs_from_register, version)
            VALUES (%s, %s, 'first_issue', 'no_card', 'in_person', 'desk', 'received', 1, %s, %s, %s, %s, %s, %s, %s,
                '', '', 0, '', false, 0, %s, %s, false, false, 1)
            """,
            new_id(), person, at.date(), unit, unit, kit, at, at, at, missing, forced,
        )  # fmt: skip


def test_quality_counts_what_was_forced_left_out_and_taken_by_night(campaign, people):
    kit, night = new_id(), datetime(2021, 5, 6, 1, 30, tzinfo=ZONE)
    dossiers(
        (datetime(2021, 5, 5, 9, tzinfo=ZONE), HAMLET, kit, True, False),
        (night, HAMLET, kit, False, True),
        (datetime(2021, 5, 6, 0, 59, 59, tzinfo=ZONE), HAMLET, kit, False, False),  # a day that is closed late
        (datetime(2021, 5, 6, 1, tzinfo=ZONE), HAMLET, kit, False, False),  # from one on it is night
        (datetime(2021, 5, 6, 3, 59, 59, tzinfo=ZONE), HAMLET, None, False, False),  # still the night
        (datetime(2021, 5, 6, 4, tzinfo=ZONE), HOP_TIEN, None, True, True),  # the next work day: the crew is early
        (datetime(2021, 5, 9, 3, tzinfo=ZONE), HOP_TIEN, kit, False, False),  # the night after the 8th is the 8th
        (datetime(2021, 5, 9, 4, tzinfo=ZONE), HOP_TIEN, kit, True, True),  # the 9th
    )
    ranked(campaign)
    found = {unit: (row.taken, row.forced, row.missing, row.night) for unit, row in rows(campaign).items()}
    assert found[AN_LAM] == (5, 1, 1, 3)
    assert found[HOP_TIEN] == (2, 1, 1, 1)
    assert found[PROVINCE] == (7, 2, 2, 4)


@pytest.mark.parametrize(("more", "days"), [(0, 0), (1, 1)])
def test_more_than_the_kits_can_have_taken(campaign, people, more, days):
    kit, morning = new_id(), datetime(2021, 5, 5, 9, tzinfo=ZONE)
    dossiers((morning, AN_LAM, kit, False, False), (morning, HOP_TIEN, kit, False, False))
    sql("UPDATE capture_dossier SET state = 'handed_over'")  # then its person may have as many as the test needs
    columns = [name for (name,) in sql(
        "SELECT column_name::text FROM information_schema.columns"
        " WHERE table_name = 'capture_dossier' AND column_name <> 'id'"
    )]  # fmt: skip
    told = ", ".join(columns)
    sql(
        f"INSERT INTO capture_dossier (id, {told}) SELECT gen_random_uuid(), {told} FROM capture_dossier,"
        " generate_series(1, %s) WHERE unit_done_id = %s",
        ceiling(1) - 1 + more, AN_LAM,
    )  # fmt: skip
    ranked(campaign)
    assert {unit: row.impossible for unit, row in rows(campaign).items()} == {
        AN_LAM: days, HOP_TIEN: 0, DISTRICT: days, PROVINCE: days,
    }  # fmt: skip
