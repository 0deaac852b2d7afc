from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection

from muster.audit.verification import verify
from muster.events import recounting
from muster.kernel.dates import PartialDate, age_on, birthday
from muster.kernel.numbers import PersonalNumber, Sex
from muster.law.cards import CardType, was_issued
from muster.people.words import Field
from muster.register import queries as register
from muster.rehearsal import crew
from muster.rehearsal.people import making, tasks
from muster.rehearsal.people.making import BeingMade, DayAhead, SeedOutOfBounds
from muster.rehearsal.people.places import plan
from muster.rehearsal.people.tasks import MadeOtherwise
from muster.units import queries as unit_queries
from tests.rehearsal.people.conftest import AT, ON, PEOPLE, everything, made, run_and_undo, sql

pytestmark = pytest.mark.django_db
IN_ALL = 1375  # one in a hundred of Thanh Miện


def test_the_people_of_a_district_are_those_of_its_census_to_the_person(thanh_mien):
    assert (thanh_mien.people, thanh_mien.new, thanh_mien.hamlets) == (IN_ALL, IN_ALL, 152)
    assert abs(IN_ALL - PEOPLE / 100) < 1
    by_commune = dict(
        sql(
            "SELECT commune.code, count(*) FROM register_person AS person"
            " JOIN units_unit AS hamlet ON hamlet.id = person.unit_id JOIN units_unit AS commune"
            " ON commune.id = hamlet.parent_id WHERE hamlet.level = 'hamlet' GROUP BY 1"
        )
    )
    planned = plan(unit_queries.by_code("300", ON), scale=0.01, on=ON)
    assert by_commune == {one.code: one.people for one in planned.communes}


def test_ages_are_those_of_the_census(thanh_mien):
    planned = plan(unit_queries.by_code("300", ON), scale=0.01, on=ON)
    ages = Counter()
    for birth, count in sql("SELECT birth, count(*) FROM register_person WHERE length(birth) = 10 GROUP BY 1"):
        ages[min(age_on(PartialDate.parse(birth), ON).low // 5, 17)] += count
    vague = sql("SELECT count(*) FROM register_person WHERE length(birth) < 10")[0][0]
    wanted = [sum(group) for group in zip(*(one.by_group for one in planned.communes), strict=True)]
    assert sum(want - ages[group] for group, want in enumerate(wanted)) == vague
    assert all(want - ages[group] >= 0 for group, want in enumerate(wanted))


def test_every_household_lives_in_one_hamlet_and_has_one_head(thanh_mien):
    heads = sql("SELECT count(*) FROM register_person WHERE relation = 'head' GROUP BY household_id")
    assert {count for (count,) in heads} == {1}
    homes = sql(
        "SELECT count(*), count(*) FILTER (WHERE home.unit_id = person.unit_id AND home.head = head.id)"
        " FROM register_household AS home JOIN register_person AS person ON person.household_id = home.id"
        " JOIN register_person AS head ON head.household_id = home.id AND head.relation = 'head'"
    )
    assert homes == [(IN_ALL, IN_ALL)]


def test_numbers_say_who_and_where_and_each_is_given_once(thanh_mien):
    rows = sql(
        "SELECT person.number, sex, birth, province.code FROM register_person AS person"
        " JOIN units_unit AS province ON province.id = registered_unit_id WHERE person.number IS NOT NULL"
    )
    assert len(rows) > IN_ALL * 0.95
    for number, sex, birth, province in rows:
        parsed = PersonalNumber.parse(number)
        assert (parsed.sex, parsed.birth_year) == (Sex(sex), PartialDate.parse(birth).year)
        assert parsed.place.code == province
    assert sql("SELECT count(*) FROM register_number")[0][0] == len(rows) == len({number for number, *_ in rows})


def test_a_few_have_no_number_and_few_of_them_are_not_clean(thanh_mien):
    states = dict(sql("SELECT number_state, count(*) FROM register_person GROUP BY 1"))
    assert states["numbered"] > IN_ALL * 0.95
    assert 0 < states["uncleaned"] < states["eligible"] < IN_ALL * 0.04


def test_every_card_is_legal_on_its_day_and_in_one_hand(thanh_mien):
    rows = sql(
        "SELECT card.type, card.number, issued_on, expires_on, birth, person.number, person.id"
        " FROM register_card AS card JOIN register_person AS person ON person.id = person_id"
    )
    kinds = Counter(row[0] for row in rows)
    assert set(kinds) == {"cmnd_9", "cccd_barcode", "cccd_chip"}
    for kind, number, issued, expires, birth, personal, _ in rows:
        assert was_issued(CardType(kind), issued)
        assert birthday(PartialDate.parse(birth).latest, 14) <= issued < ON
        if kind == "cmnd_9":
            assert expires == birthday(issued, 15)
        else:
            assert number == personal
        if kind == "cccd_chip":
            assert issued >= date(2021, 1, 23)
    old = [(number, person) for kind, number, *_, person in rows if kind == "cmnd_9"]
    assert sorted(old) == sql("SELECT number, person_id FROM register_old_number ORDER BY 1, 2")
    assert len({number for number, _ in old}) == len(old)


def test_kin_are_in_the_register_and_agree_with_each_other(thanh_mien):
    people = {
        row[0]: row[1:] for row in sql("SELECT id, sex, birth, marital, household_id, relation FROM register_person")
    }
    kin = sql("SELECT person_id, kinship, other_id FROM register_kin")
    assert {kinship for _, kinship, _ in kin} >= {"father", "mother", "spouse"}
    for person, kinship, other in kin:
        sex, birth, marital, household, _ = people[other]
        assert household == people[person][3]
        if kinship == "spouse":
            assert (other, "spouse", person) in kin
            assert (marital, sex) == ("married", "female" if people[person][0] == "male" else "male")
        elif kinship in {"father", "mother"}:
            assert sex == ("male" if kinship == "father" else "female")
            assert int(birth[:4]) < int(people[person][1][:4]) - 15
    married = [person for person, one in people.items() if one[2] == "married"]
    assert len(married) == sum(kinship == "spouse" for _, kinship, _ in kin)


def test_a_minor_among_others_has_the_head_as_representative(units):
    made(scale=0.1)
    rows = sql(
        "SELECT person.relation, kin.other_id = home.head, birth FROM register_kin AS kin"
        " JOIN register_person AS person ON person.id = kin.person_id"
        " JOIN register_household AS home ON home.id = household_id WHERE kinship = 'representative'"
    )
    assert rows
    for relation, is_head, birth in rows:
        assert (relation, is_head) == ("other", True)
        assert age_on(PartialDate.parse(birth), ON).low < 18


def test_twins_share_mother_and_birthday(units):
    made(scale=0.1)
    twins = sql(
        "SELECT count(*) FROM (SELECT other_id, birth_from FROM register_kin JOIN register_person ON id = person_id"
        " WHERE kinship = 'mother' AND length(birth) = 10 GROUP BY 1, 2 HAVING count(*) = 2) AS twins"
    )
    assert 10 < twins[0][0] < 100


def test_what_is_sensitive_is_sealed_and_opens(thanh_mien):
    people = sql("SELECT id FROM register_person ORDER BY id LIMIT 20")
    for (person,) in people:
        page = register.person_page(person, allowed=frozenset(Field))
        assert {"address", "native_place", "ethnicity", "religion"} <= set(page.sensitive)
    assert sql("SELECT count(*) FROM keys_record WHERE kind = 'person'") == [(IN_ALL,)]
    assert sql("SELECT count(*) FROM register_person WHERE position('Kinh'::bytea in sealed) > 0") == [(0,)]


def test_counts_equal_a_recount_and_the_audit_finds_nothing(thanh_mien):
    assert list(recounting.differences()) == []
    assert list(verify()) == []
    assert sql(
        "SELECT count(*) FROM events_event JOIN events_metric AS m ON m.id = metric_id WHERE move = 'take_in'"
    ) == [(IN_ALL,)]


def test_the_same_command_again_adds_nobody_and_draws_no_number(thanh_mien):
    before = everything(), sql("SELECT * FROM register_number_block ORDER BY block")
    again = made()
    assert (again.people, again.new, again.hamlets) == (IN_ALL, 0, 0)
    assert (everything(), sql("SELECT * FROM register_number_block ORDER BY block")) == before


def test_the_same_seed_makes_the_same_people_in_chunks_of_any_size(units, monkeypatch):
    with_default = run_and_undo()
    monkeypatch.setattr(tasks, "CHUNK", 60)
    monkeypatch.setattr(making, "BATCH", 200)
    told = []
    assert run_and_undo(progress=lambda done, all_: told.append((done, all_))) == with_default
    assert told[-1] == (IN_ALL, IN_ALL)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 12


def test_another_seed_makes_others(units):
    one, other = run_and_undo(seed=1), run_and_undo(seed=2)
    assert len(one["persons"]) == len(other["persons"])
    assert {row[0] for row in one["persons"]}.isdisjoint({row[0] for row in other["persons"]})


def test_two_seeds_live_side_by_side(thanh_mien):
    assert made(seed=5).new == IN_ALL
    assert sql("SELECT count(*) FROM register_person") == [(2 * IN_ALL,)]


@pytest.fixture
def interrupts(monkeypatch):
    """Let the next run be interrupted after some chunks, and only that one."""
    monkeypatch.setattr(tasks, "CHUNK", 60)
    real = tasks.load

    def after(chunks):
        left = [None] * chunks

        def load(*args, **more):
            if not left:
                monkeypatch.setattr(tasks, "load", real)
                raise KeyboardInterrupt
            left.pop()
            return real(*args, **more)

        monkeypatch.setattr(tasks, "load", load)

    return after


@pytest.mark.parametrize("chunks", [1, 5, 12])
def test_interrupted_and_started_again_it_ends_with_the_same_people(units, interrupts, chunks):
    def interrupted_then_again():
        interrupts(chunks)
        with pytest.raises(KeyboardInterrupt):
            made()
        ((there,),) = sql("SELECT count(*) FROM register_person")
        assert 0 < there < IN_ALL
        told = []
        again = made(progress=lambda done, all_: told.append((done, all_)))
        assert (again.people, again.new, told[-1]) == (IN_ALL, IN_ALL - there, (IN_ALL, IN_ALL))

    assert run_and_undo(interrupted_then_again) == run_and_undo()


def test_a_commune_made_before_its_district_is_passed_over(units):
    assert made("11242").new == 61
    rest = made()
    assert (rest.people, rest.new) == (IN_ALL, IN_ALL - 61)


@pytest.mark.parametrize("scale", [0.005, 0.02, 0.0101])
def test_another_scale_with_the_same_seed_is_refused(units, scale):
    made("11242")
    with pytest.raises(MadeOtherwise, match="11242"):
        made(scale=scale)
    assert sql("SELECT count(DISTINCT parent_id) FROM units_unit WHERE level = 'hamlet'") == [(1,)]


def test_a_begun_commune_with_other_people_is_refused(units, interrupts):
    interrupts(1)
    with pytest.raises(KeyboardInterrupt):
        made("11242", scale=0.03)
    with pytest.raises(MadeOtherwise, match="11242"):
        made("11242", scale=0.035)


def test_people_of_today_are_made_in_todays_tree(units):
    on, at = date(2026, 11, 2), AT.replace(year=2026, month=11, day=2)
    result = made("11239", scale=0.02, on=on, at=at)
    assert (result.people, result.new) == (908, 908)
    prefixes = Counter(number[:3] for (number,) in sql("SELECT number FROM register_number"))
    assert prefixes["030"] > 700
    born = sql("SELECT DISTINCT left(number, 3) FROM register_person WHERE birth_from >= '2025-07-01' AND number > ''")
    assert born == [("031",)]


def test_a_district_without_communes_has_its_people_in_hamlets_of_its_own(units):
    result = made("536", scale=0.01)
    assert (result.people, result.hamlets) == (185, 21)
    assert sql(
        "SELECT DISTINCT ancestors[3] = parent_id FROM register_person JOIN units_unit AS unit ON unit.id = unit_id"
    ) == [(True,)]


def test_a_day_that_has_not_come_is_refused(units):
    with pytest.raises(DayAhead, match="09/05/2021"):
        made(on=ON + timedelta(days=1))
    with pytest.raises(SeedOutOfBounds):
        made(seed=-1)
    assert sql("SELECT count(*) FROM units_unit WHERE level = 'hamlet'") == [(0,)]


def test_with_one_task_no_process_is_started(units, monkeypatch):
    monkeypatch.setattr(crew, "_process", None)
    assert made(scale=0.001, workers=4).new == 138


def test_two_at_once_are_refused_in_words_and_the_second_goes_on_when_the_first_is_done(units):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", making.MAKING)
        with pytest.raises(BeingMade):
            made(unit="10939", scale=0.1)
        assert not register.has_persons()
    finally:
        other.close()
    first, second = made(unit="10939", scale=0.1), made(unit="10939", scale=0.1)
    assert (first.new, second.new) == (first.people, 0)
