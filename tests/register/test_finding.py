import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.audit import queries as audit
from muster.kernel.actor import Actor, Purpose
from muster.kernel.dates import PartialDate
from muster.kernel.ids import new_id
from muster.people.rights import Grants, NotAllowed
from muster.people.words import Kind, Role
from muster.register import queries
from muster.register.operations import look_up, open_person, search
from muster.register.operations.looking import NobodyFound
from muster.register.qr import NotACardCode, parse
from muster.register.queries import NotANumber, SearchTooWide
from muster.register.sensitive import Sensitive
from muster.register.similarity import one_letter_off, one_slip, similarity
from tests.register.conftest import AN_LAM, AT, HAMLET, HOP_TIEN, PROVINCE, person, taken

OFFICER = new_id()
CODE = "030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Thôn An Lễ, An Lâm|10052021"


def as_officer(role=Role.CREW, unit=AN_LAM, purpose=Purpose.CAPTURE):
    grants = Grants(officer=OFFICER, kind=Kind.OFFICER, unit=unit, roles=((role, unit),))
    return {"grants": grants, "by": Actor(officer=OFFICER, unit=unit, purpose=purpose), "at": AT}


@pytest.fixture
def hoa(units):
    return taken(
        person(
            "Nguyễn Văn Hoà", "1/3/1975", number="030075123456", old_numbers=("141234567",),
            sensitive=Sensitive(phone="0551234567", religion="Phật giáo"),
        )
    )  # fmt: skip


@pytest.mark.parametrize("text", ["030075123456", " 030 075 123456", "141234567", CODE])
def test_a_number_an_old_number_or_a_card_leads_to_the_person(hoa, text):
    assert [line.id for line in look_up(text=text, **as_officer())] == [hoa.id]


@pytest.mark.parametrize("text", ["", "123", "Nguyễn Văn Hoà", "0300751234567"])
def test_what_is_no_number_is_refused(hoa, text):
    with pytest.raises(NotANumber):
        look_up(text=text, **as_officer())


def test_every_look_is_written_with_its_purpose_and_nobody_is_seen_outside_the_area(hoa):
    look_up(text="030075123456", **as_officer())
    (look, _) = audit.looks_at("person", hoa.id)
    assert (look.action, look.officer, look.purpose, look.detail) == (
        "register.look_up",
        OFFICER,
        "capture",
        "elsewhere 0",
    )
    assert look_up(text="030075123456", **as_officer(unit=HOP_TIEN)) == []
    assert audit.latest(limit=1)[0].detail == "elsewhere 1"
    for role, purpose in (
        (Role.COMMANDER, Purpose.COMMAND),
        (Role.CREW, Purpose.SURVEY),
        (Role.VOLUNTEER, Purpose.SURVEY),
    ):
        with pytest.raises(NotAllowed):
            look_up(text="030075123456", **as_officer(role, purpose=purpose))


def test_a_page_opens_the_fields_of_the_role_and_says_which_in_the_audit(hoa):
    page = open_person(person=hoa.id, **as_officer())
    assert page.sensitive == {"phone": "0551234567", "religion": "Phật giáo"}
    page = open_person(person=hoa.id, **as_officer(purpose=Purpose.ISSUE))
    assert (page.sensitive, page.held) == ({"phone": "0551234567"}, frozenset({"phone", "religion"}))
    assert audit.looks_at("person", hoa.id)[0].detail == "phone"
    for elsewhere in (as_officer(unit=HOP_TIEN), as_officer(Role.COMMANDER, PROVINCE, Purpose.COMMAND)):
        with pytest.raises(NobodyFound):
            open_person(person=hoa.id, **elsewhere)
    with pytest.raises(NobodyFound):
        open_person(person=new_id(), **as_officer())


@pytest.mark.parametrize(
    "asked",
    [
        "Nguyễn Văn Hoà",
        "NGUYỄN VĂN HÒA",
        "nguyen van hoa",
        "Nguyễn Văn Hoa",
        "Nguyễn Hoà",
        "Hoà Nguyễn Văn",
        "Nguyễn Vân Hoà",
        "Nguyễn Văm Hoà",
        "Ngyễn Văn Hoà",
        "Nguyễn Văn Hòaa",
        "Nguyễn Văn Hof",
    ],
)
def test_a_name_is_found_however_it_is_written_with_birth_or_commune(hoa, asked):
    taken(person("Trần Thị Lan", "1/3/1975"), person("Nguyễn Văn Hoà", "2/4/1980", unit=HOP_TIEN))
    for more in (
        {"birth": PartialDate(1975, 3, 1)},
        {"unit": AN_LAM},
        {"birth": PartialDate(1975, 3, 1), "unit": AN_LAM},
    ):
        assert [line.id for line in queries.find(asked, **more)] == [hoa.id]


def test_a_lost_family_name_is_found_on_a_day_and_in_a_commune_and_not_by_a_year(hoa):
    assert [line.id for line in queries.find("Văn Hoà", unit=AN_LAM)] == [hoa.id]
    assert [line.id for line in queries.find("Văn Hoà", birth=PartialDate(1975, 3, 1))] == [hoa.id]
    assert queries.find("Văn Hoà", birth=PartialDate(1975)) == []


@pytest.mark.parametrize(
    "asked", ["Nguyễn Văn Hoà", "Nguyễn Hoà", "Nguyễn Văm Hoà", "Nguyễn Văn Hoàn", "Gnuyễn Văn Hoà"]
)
def test_a_year_of_birth_finds_slips_and_a_lost_middle_name_too(hoa, asked):
    for born in (PartialDate(1975), PartialDate(1975, 3)):
        assert [line.id for line in queries.find(asked, birth=born)] == [hoa.id]
        assert [line.id for line in queries.find(asked, birth=born, unit=PROVINCE)] == [hoa.id]
        assert queries.find(asked, birth=born, unit=HOP_TIEN) == []
    assert queries.find(asked, birth=PartialDate(1976)) == []


def test_vague_and_exchanged_dates_are_found(units):
    year, month, day = taken(
        person("Lê Thị Mai", "1975"), person("Lê Thị Mai", "3/1975"), person("Lê Thị Mai", "1/3/1975")
    )
    taken(person("Lê Thị Mai", "1976"))
    ids = {line.id for line in queries.find("Lê Thị Mai", birth=PartialDate(1975, 3, 1))}
    assert ids == {year.id, month.id, day.id}
    assert {line.id for line in queries.find("le thi mai", birth=PartialDate(1975))} == {year.id, month.id, day.id}
    assert day.id in {line.id for line in queries.find("Lê Thị Mai", birth=PartialDate(1975, 1, 3))}
    assert {line.id for line in queries.find("Lê Thị Mãi", birth=PartialDate(1975), unit=HAMLET)} == {
        year.id,
        month.id,
        day.id,
    }


def test_the_most_alike_come_first(units):
    exact, plain, other = taken(
        person("Lê Thị Mai", "1/3/1975"), person("Lê Thị Mãi", "1/3/1975"), person("Lê Thu Mai", "1/3/1975")
    )
    found = queries.find("Lê Thị Mai", birth=PartialDate(1975, 3, 1))
    assert [line.id for line in found] == [exact.id, plain.id, other.id]
    assert found[0].likeness == 1.0 > found[1].likeness > found[2].likeness


def test_a_name_alone_or_with_a_whole_province_is_too_wide(hoa):
    for more in ({}, {"unit": PROVINCE}):
        with pytest.raises(SearchTooWide):
            queries.find("Nguyễn Văn Hoà", **more)
    assert queries.find("Nguyễn Văn Hoà", birth=PartialDate(1975), unit=PROVINCE)[0].id == hoa.id


def test_a_search_shows_the_officers_area_only_and_is_written(hoa):
    born = PartialDate(1975, 3, 1)
    assert [line.id for line in search(name="nguyen van hoa", birth=born, **as_officer())] == [hoa.id]
    assert search(name="nguyen van hoa", birth=born, **as_officer(unit=HOP_TIEN)) == []
    assert audit.looks_at("person", hoa.id)[0].action == "register.search"


def test_a_search_asks_the_database_a_few_questions_however_many_it_finds(units, django_assert_max_num_queries):
    taken(*[person("Lê Thị Mai", "1/3/1975") for _ in range(40)])
    with django_assert_max_num_queries(4):
        assert len(queries.find("Lê Thị Mai", birth=PartialDate(1975, 3, 1))) == 20


def test_the_code_of_a_card_is_read_field_by_field():
    code = parse(CODE)
    assert (code.number, code.old_number, code.name) == ("030075123456", "141234567", "Nguyễn Văn Hoà")
    assert (code.birth, code.issued_on.isoformat(), code.more) == (PartialDate(1975, 3, 1), "2021-05-10", ())
    assert parse(CODE.replace("141234567", "") + "||Lê Thị Mai").more == ("", "Lê Thị Mai")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("030075123456", "03007512345"), "not_twelve_digits"),
        (("141234567", "14123456"), "not_nine_digits"),
        (("01031975", "31021975"), "impossible_date"),
        (("10052021", "10/05/2021"), "unreadable_date"),
        (("|Nam|", "|X|"), "sex"),
        (("|10052021", ""), "7 fields"),
    ],
)
def test_a_code_that_is_not_a_cards_is_refused_by_field(change, field):
    with pytest.raises(NotACardCode) as refused:
        parse(CODE.replace(*change))
    assert refused.value.values == {"field": field}


WORDS = st.lists(
    st.sampled_from(["Nguyễn", "Văn", "Thị", "Hoà", "Hoa", "Mai", "Mãi", "Thu", "Lan", "An"]), min_size=1, max_size=5
).map(" ".join)


@given(WORDS, WORDS)
def test_likeness_is_even_handed_and_whole_only_for_the_same_name(one, other):
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    assert (similarity(one, other) == 1) == (one == other or one.replace("Hoà", "Hòa") == other)


def test_one_slip_of_a_letter_is_told_from_two():
    slips = ["hoang", "hoamg", "hoan", "hoanng", "ohang", "hoagn"]
    assert all(one_letter_off("hoang", slip) for slip in slips)
    assert not any(one_letter_off("hoang", other) for other in ("huong2", "hang2", "ngoah", "hoangab", "hang x"))
    assert not one_letter_off("an", "am")
    assert similarity("", "Mai") == 0


SYLLABLES = st.text(st.sampled_from("abghno"), min_size=1, max_size=6)


@given(SYLLABLES, SYLLABLES)
def test_the_slips_listed_are_those_one_letter_off(one, other):
    assert (other in one_slip(one)) == (one != other and one_letter_off(one, other))


@given(SYLLABLES)
def test_every_slip_listed_is_one_letter_off(one):
    assert all(one_letter_off(one, slip) for slip in one_slip(one))
