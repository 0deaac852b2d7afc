"""Where names and codes lead, on the whole tree of the country."""

import datetime as dt

import pytest
from django.db import connection

from muster.kernel.names import syllable_key
from muster.units import operations, queries
from muster.units.operations import NewHamlet, NewRenaming
from muster.units.queries import Fit
from muster.units.spelling import Typed, bare, read
from tests.units.conftest import AT, BY

pytestmark = pytest.mark.django_db
THEN, NOW = dt.date(2021, 5, 8), dt.date(2026, 11, 2)


def found(text, on=NOW, **more):
    return [(one.unit.code, str(one.title), one.fit) for one in queries.find(text, on, **more)]


def codes(text, on=NOW, **more):
    return [one.unit.code for one in queries.find(text, on, **more)]


@pytest.mark.parametrize("text", ["Xã Đồng Tâm, Mỹ Đức", "xã đồng tâm, huyện mỹ đức, hà nội", "X. ĐỒNG TÂM , H. Mỹ Đức",
                                  "đồng tâm, mĩ đức, TP Hà Nội"])  # fmt: skip
def test_a_name_with_the_names_above_it_leads_to_one_unit(units, text):
    assert found(text, THEN) == [("10444", "Xã Đồng Tâm", Fit.NAME_AND_TYPE)]


def test_tone_places_and_marks_do_not_matter_and_the_better_spelling_comes_first(units):
    assert codes("Hoà Bình") == codes("Hòa Bình") == codes("HOÀ BÌNH")
    marked, plain = found("Hòa Bình", THEN, limit=200), found("hoa binh", THEN, limit=200)
    assert {code for code, _, _ in marked} == {code for code, _, _ in plain}
    exact = [code for code, title, fit in marked if fit is Fit.NAME_AND_TYPE]
    assert [code for code, _, fit in plain if fit is Fit.UNMARKED_AND_TYPE][: len(exact)] == exact
    assert [fit for _, _, fit in marked] == sorted(fit for _, _, fit in marked)


def test_every_unit_is_found_by_its_code_and_is_among_those_of_its_name(units):
    for on in (THEN, NOW):
        every = list(queries.as_of(on).order_by("id"))
        titles = queries.titles([unit.id for unit in every], on)
        same = {}
        for unit in every:
            same.setdefault((titles[unit.id].type_vi, syllable_key(titles[unit.id].name)), set()).add(unit.code)
        for unit in every[:: len(every) // 60]:
            assert codes(unit.code, on)[0] == unit.code
            title = titles[unit.id]
            best = [row for row in found(str(title), on, limit=300) if row[2] is Fit.NAME_AND_TYPE]
            assert {code for code, _, _ in best} >= same[title.type_vi, syllable_key(title.name)]


def test_a_type_is_used_to_rank_and_dropped_to_find(units):
    assert found("Phường Đồng Tâm", THEN)[0] == ("00280", "Phường Đồng Tâm", Fit.NAME_AND_TYPE)
    others = [row for row in found("Phường Đồng Tâm", THEN) if not row[1].startswith("Phường")]
    assert {fit for _, _, fit in others} == {Fit.NAME, Fit.WORDS}
    assert ("10444", "Xã Đồng Tâm", Fit.NAME) in others


def test_numbered_wards_however_they_are_written(units):
    district = queries.by_code("771", THEN)  # Quận 10
    for text in ("Phường 15", "P. 15", "p.15", "P15", "phuong 15"):
        assert found(text, THEN, within=[district.id])[0] == ("27163", "Phường 15", Fit.NAME_AND_TYPE)
    assert codes("Q. 10", THEN)[0] == codes("quận 10", THEN)[0] == "771"


def test_only_units_of_the_day_are_found_and_without_a_day_those_of_all_times(units):
    assert found("Tây Đằng", THEN) == [("09619", "Thị trấn Tây Đằng", Fit.NAME_AND_TYPE)]
    assert found("Tây Đằng") == []
    assert found("Tây Đằng", None) == [("09619", "Thị trấn Tây Đằng", Fit.NAME_AND_TYPE)]


def test_a_former_name_leads_to_the_unit_under_its_present_name(units):
    (one,) = queries.find("Thừa Thiên Huế", NOW)
    assert (one.unit.code, str(one.title), one.former) == ("46", "Thành phố Huế", "Tỉnh Thừa Thiên Huế")
    (one,) = queries.find("Thừa Thiên Huế", THEN)
    assert (str(one.title), one.former) == ("Tỉnh Thừa Thiên Huế", "")
    best = queries.find("TP. Huế", NOW)[0]
    assert (best.unit.code, best.former) == ("46", "")
    assert codes("tỉnh Huế, Việt Nam")[0] == "46"
    assert codes("Phú Xuân, Thừa Thiên Huế")[0] == codes("Phú Xuân, Huế")[0]


def test_a_renamed_unit_is_found_by_its_name_of_the_day_first(units):
    operations.rename_units(renamings=[NewRenaming("00004", dt.date(2026, 5, 1), "Phường", "Lá Sen")], by=BY, at=AT)
    assert [(one.unit.code, one.former) for one in queries.find("Lá Sen", NOW)] == [("00004", "")]
    assert codes("Lá Sen", dt.date(2026, 4, 30)) == ["00004"]  # known already, and told under the name of that day
    assert str(queries.find("Lá Sen", dt.date(2026, 4, 30))[0].title) == "Phường Ba Đình"
    assert queries.find("Ba Đình, Hà Nội", NOW)[0].former == "Phường Ba Đình"


def test_it_looks_only_where_it_is_told_to(units):
    ha_noi = queries.by_code("01", NOW)
    everywhere, here = codes("Phú", limit=500), codes("Phú", within=[ha_noi.id], limit=500)
    assert set() < set(here) < set(everywhere)
    assert {one.above[0].name for one in queries.find("Phú", NOW, within=[ha_noi.id])} == {"Hà Nội"}


def test_beginnings_and_words(units):
    fits = dict.fromkeys(fit for _, _, fit in found("Đồng", THEN, limit=300))
    assert list(fits) == [Fit.UNMARKED_AND_TYPE, Fit.BEGINNING, Fit.UNMARKED_BEGINNING, Fit.WORDS]
    assert found("Tây Đằ", THEN) == [("09619", "Thị trấn Tây Đằng", Fit.BEGUN_WORD)]
    assert found("Giám, Hà Nội")[0][1:] == ("Phường Văn Miếu - Quốc Tử Giám", Fit.WORDS)


@pytest.mark.parametrize("text", ["", "  ", ",", "%", "_", "không có xã nào tên này", "'; DROP TABLE x", "\\"])
def test_nothing_leads_nowhere(units, text):
    assert found(text) == []


def test_hamlets_at_any_depth_with_their_path(units):
    rows = [NewHamlet("Thôn", "Hoành"), NewHamlet("Thôn", "Đồng Mít")]
    operations.add_hamlets(parent="10444", on=THEN, rows=rows, by=BY, at=AT)
    operations.add_hamlets(parent="10444.001", on=THEN, rows=[NewHamlet("Xóm", "Trại Cá")], by=BY, at=AT)
    (one,) = queries.find("xóm Trại Cá, thôn Hoành, xã Đồng Tâm", THEN)
    assert (one.unit.code, one.unit.level) == ("10444.001.001", "hamlet")
    assert [str(above) for above in one.above] == [
        "Thành phố Hà Nội", "Huyện Mỹ Đức", "Xã Đồng Tâm", "Thôn Hoành",
    ]  # fmt: skip
    assert codes("10444.002", THEN) == ["10444.002"]


@pytest.mark.parametrize(("text", "questions"), [("Đồng Tâm, Mỹ Đức", 7), ("t", 4), ("10444", 6), ("xã", 6)])
def test_a_search_takes_seven_questions_at_most(units, django_assert_max_num_queries, text, questions):
    with django_assert_max_num_queries(questions):
        queries.find(text, THEN)
    with django_assert_max_num_queries(4):
        queries.find(text, THEN, whole=True)


def test_whole_names_come_first_then_communes_that_fit_in_part_then_hamlets(units):
    operations.add_hamlets(parent="10444", on=THEN, by=BY, at=AT, rows=[
        NewHamlet("Thôn", name) for name in ("Mĩ", "Mĩ Tho", "Mi Sơn", "Tân Mĩ", "Mĩm")
    ])  # fmt: skip
    every = found("Mỹ", THEN, limit=10_000)
    assert every[0] == ("10444.001", "Thôn Mĩ", Fit.NAME_AND_TYPE)
    levels = ["hamlet" if "." in code else "above" for code, _, _ in every]
    assert levels == ["hamlet", *["above"] * (len(every) - 5), *["hamlet"] * 4]
    assert [(title, fit) for _, title, fit in every[-4:]] == [
        ("Thôn Mĩ Tho", Fit.BEGINNING), ("Thôn Mi Sơn", Fit.UNMARKED_BEGINNING), ("Thôn Mĩm", Fit.BEGUN_WORD),
        ("Thôn Tân Mĩ", Fit.WORDS),
    ]  # fmt: skip
    assert found("Mỹ", THEN, whole=True) == every[:1]
    for most in (1, 3, len(every) - 2):
        assert found("Mỹ", THEN, limit=most) == every[:most]
    assert [len(found("Mỹ", THEN, within=within)) for within in ([], [queries.by_code("10444", THEN).id])] == [0, 5]


def test_a_hamlet_is_found_by_its_former_name_too(units):
    operations.add_hamlets(parent="10444", on=THEN, rows=[NewHamlet("Thôn", "Cốm")], by=BY, at=AT)
    operations.rename_units(renamings=[NewRenaming("10444.001", dt.date(2021, 6, 1), "Thôn", "Cam")], by=BY, at=AT)
    later = dt.date(2021, 7, 1)
    for text, fit in (("Cốm", Fit.NAME_AND_TYPE), ("Cố", Fit.BEGUN_WORD)):
        (one,) = [one for one in queries.find(text, later, limit=10_000) if one.unit.code == "10444.001"]
        assert (str(one.title), one.former, one.fit) == ("Thôn Cam", "Thôn Cốm", fit)


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("xã Đồng Tâm", Typed("Xã", "Đồng Tâm")),
        ("TP. Huế", Typed("Thành phố", "Huế")),
        ("tp.Huế", Typed("Thành phố", "Huế")),
        ("thi tran Tay Dang", Typed("Thị trấn", "Tay Dang")),
        ("P15", Typed("Phường", "15")),
        ("tổ dân phố số 3", Typed("Tổ dân phố", "số 3")),
        ("Tổ 3", Typed("Tổ dân phố", "3")),
        ("Tô Hiệu", Typed("", "Tô Hiệu")),  # wrong marks make another word
        ("Xã", Typed("", "Xã")),
        ("", Typed("", "")),
    ],
)
def test_a_type_is_read_in_front_of_a_name(text, parted):
    assert read(text) == parted


def test_the_database_makes_the_same_bare_name_as_we_do(units):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, name_bare FROM units_unit UNION SELECT name, name_bare FROM units_renaming")
        rows = cursor.fetchall()
    assert len(rows) > 7_000
    assert [row for row in rows if bare(row[0]) != row[1]] == []
