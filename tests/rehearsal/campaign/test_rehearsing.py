from collections import Counter
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from django.db import connection, transaction

from muster.audit.verification import verify
from muster.events.recounting import differences
from muster.kernel.clock import ZONE
from muster.plan import queries as plan
from muster.rehearsal import runs, surveyed
from muster.rehearsal.campaign import living
from muster.rehearsal.campaign.inputs import SCENARIOS
from muster.rehearsal.campaign.rehearsing import (
    NoSuchScenario,
    Rehearsal,
    curve,
    draw_band,
    play,
    settle,
    surveyed_unit,
    target,
)
from muster.rehearsal.demo import SYSTEM
from muster.units import queries as units
from muster.units.operations import load_reference

WHAT = Rehearsal(scenario="haiduong-2021", scale=Fraction(1, 250), districts=frozenset({"300"}), kits=200)
UNTIL = datetime(2021, 4, 20, 17, 0, tzinfo=ZONE)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    load_reference(by=SYSTEM, at=UNTIL)
    settle(WHAT, lambda *_: None)
    surveyed.survey(WHAT, unit=surveyed_unit(WHAT), by=SYSTEM, progress=lambda *_: None)


def state():
    """Return everything a rehearsal leaves that does not hang on which batch wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, person_id, state, attempt, taken_at, state_since, recorded_at, unit_done_id, kit
            FROM capture_dossier ORDER BY id
            """
        )
        dossiers = cursor.fetchall()
        cursor.execute(
            """
            SELECT CASE WHEN kind NOT IN ('suspicion', 'card_batch') THEN thing END, kind, move, occurred_at,
                recorded_at, work_day, unit_done, unit_residence
            FROM events_event JOIN events_metric ON events_metric.id = metric_id ORDER BY 1, 4, 2, 3, 8
            """
        )
        return dossiers, cursor.fetchall()


def test_a_campaign_is_played_and_everything_counted_agrees_with_sql(people):
    play(WHAT, until=UNTIL, progress=lambda *_: None)
    assert list(differences()) == []
    assert list(verify()) == []
    dossiers, events = state()
    counted = Counter(move for _, kind, move, *_ in events if kind == "dossier")
    last = curve(WHAT)[-1]
    assert len(dossiers) == counted["received"] == last.received > 100
    assert counted["handed_over"] == last.handed_over > 0
    assert all(row[8] for row in dossiers)  # each by a kit
    assert max(row[6] for row in dossiers) <= UNTIL


def test_broken_off_in_the_middle_it_goes_on_to_the_state_of_an_unbroken_run(people, monkeypatch):
    with transaction.atomic():
        play(WHAT, until=UNTIL, progress=lambda *_: None)
        unbroken = state()
        transaction.set_rollback(True)
    assert state()[0] == []
    received = living.receive
    calls = iter(range(10_000))

    def breaks(**asked):
        if next(calls) == 70:
            raise KeyboardInterrupt
        return received(**asked)

    monkeypatch.setattr(living, "receive", breaks)
    with pytest.raises(KeyboardInterrupt):
        play(WHAT, until=UNTIL, progress=lambda *_: None)
    play(WHAT, until=UNTIL, progress=lambda *_: None)
    assert state() == unbroken


def test_stopped_in_mid_shift_it_goes_on_without_doing_anything_twice(people):
    noon = datetime(2021, 3, 20, 14, 30, tzinfo=ZONE)
    play(WHAT, until=noon, progress=lambda *_: None)
    dossiers, _ = state()
    assert max(row[4] for row in dossiers) <= noon
    play(WHAT, until=UNTIL, progress=lambda *_: None)
    stopped = {row[0]: row[:6] for row in state()[0]}
    assert len(stopped) == len(state()[0])
    assert list(differences()) == []


def test_a_rehearsal_is_kept_with_its_band_and_not_mixed_with_another_scale(people):
    runs.begin(WHAT)
    runs.begin(WHAT)
    with pytest.raises(runs.RehearsedOtherwise):
        runs.begin(Rehearsal(scenario=WHAT.scenario, scale=Fraction(1, 20)))
    band = draw_band(WHAT, lambda *_: None, range(1, 4))
    assert [run.seed for run in band.runs] == [1, 2, 3]
    assert [run.kits for run in band.beside] == [120, 160, 250]
    low, middle, high = band.captured()
    assert 0 < low <= middle <= high
    runs.keep_band(WHAT, band)
    runs.played(WHAT, until=UNTIL)
    what, until, kept = runs.latest()
    assert (what, until) == (WHAT, UNTIL)
    assert (list(kept.runs), list(kept.beside)) == (list(band.runs), list(band.beside))


def test_targets_go_by_people_and_scale(people):
    province = units.by_code("30", UNTIL.date())
    assert province.code == "30"
    whole = Rehearsal(scenario=WHAT.scenario, scale=Fraction(1, 20))
    assert target(whole) == 49_410
    assert 0 < target(WHAT) < target(Rehearsal(scenario=WHAT.scenario, scale=WHAT.scale))
    with pytest.raises(NoSuchScenario):
        target(Rehearsal(scenario="nowhere", scale=WHAT.scale))


def test_the_plan_holds_the_kits_crews_sessions_and_faults_of_what_was_played(people, monkeypatch):
    often = replace(WHAT.told, inputs=replace(WHAT.told.inputs, kit_faults=0.2))
    monkeypatch.setitem(SCENARIOS, WHAT.scenario, often)
    play(WHAT, until=UNTIL, progress=lambda *_: None)
    district = units.by_code("300", UNTIL.date())
    held = plan.sessions(district.id, WHAT.told.inputs.first_day, UNTIL.date())
    assert {one.state for one in held if one.ends_at <= UNTIL} == {"done"}
    assert {(one.shift, one.state) for one in held if one.ends_at > UNTIL} <= {(2, "running"), (3, "planned")}
    assert all(len(one.crews) == len(one.kits) for one in held)
    kits = plan.kits(district.id, UNTIL)
    taken = {kit for kit, _ in taken_by()}
    assert taken <= {one.id for one in kits}
    assert {session for _, session in taken_by() if session} <= {one.id for one in held}
    moves = Counter(move for _, kind, move, *_ in state()[1] if kind == "kit")
    assert moves["register"] == len(kits)
    assert 0 <= moves["break"] - moves["mend"] <= len(kits)
    assert moves["break"] > 5


def taken_by():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT kit, session FROM capture_dossier")
        return cursor.fetchall()
