"""The packaged lists in the tables: exact counts, a second load, and rows that changed or broke."""

import csv
import datetime as dt
import shutil
from collections import Counter
from dataclasses import asdict

import pytest
from django.db import connection

from muster.units import operations
from muster.units.models import LoadedLists, Renaming, Succession, Unit
from muster.units.reference import DATA, UnreadableNote, UnreadableRow, digest, read, shares, type_and_name
from tests.units.conftest import AT, BY

pytestmark = pytest.mark.django_db
LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


def lists(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def held(on: dt.date) -> Counter:
    return Counter(unit.level for unit in Unit.objects.all() if unit.valid_on(on))


def test_every_row_of_the_lists_is_loaded(units):
    assert (units.units, units.successions, units.renamings, units.refused) == (14_139, 10_622, 2, [])


def test_the_legacy_tree_holds_until_the_last_day_of_june(units):
    assert held(LAST) == {"country": 1, "province": 63, "district": 696, "commune": 10_035}
    assert held(dt.date(2019, 1, 1)) == held(LAST)
    assert held(dt.date(2018, 12, 31)) == {"country": 1}


def test_the_tree_of_today_holds_from_the_first_of_july(units):
    assert held(FIRST) == {"country": 1, "province": 34, "commune": 3_321}
    assert held(dt.date(2026, 11, 2)) == held(FIRST)


def test_types_are_those_of_the_lists(units):
    types = Counter(Unit.objects.filter(level="commune", valid_from=FIRST).values_list("type_vi", flat=True))
    assert types == {"Xã": 2_621, "Phường": 687, "Đặc khu": 13}
    types = Counter(Unit.objects.filter(level="commune", valid_to=FIRST).values_list("type_vi", flat=True))
    assert types == {"Xã": 7_693, "Phường": 1_726, "Thị trấn": 616}
    types = Counter(Unit.objects.filter(level="district").values_list("type_vi", flat=True))
    assert types == {"Huyện": 508, "Thành phố": 87, "Thị xã": 52, "Quận": 49}


def test_each_province_and_district_has_the_communes_its_list_counts(units):
    below = Counter(Unit.objects.filter(level="commune", valid_from=FIRST).values_list("parent__code", flat=True))
    assert below == {row["code"]: int(row["communes"]) for row in lists("admin_provinces_2025_2026.csv")}
    below = Counter(Unit.objects.filter(level="commune", valid_to=FIRST).values_list("parent__code", flat=True))
    counts = {row["district_code"]: int(row["communes"]) for row in lists("admin_legacy_districts_2025_06.csv")}
    assert below == {code: count for code, count in counts.items() if count}


def test_every_commune_below_is_the_row_of_its_list(units):
    stored = {unit.code: unit for unit in Unit.objects.filter(level="commune", valid_to=FIRST).select_related("parent")}
    for row in lists("admin_legacy_communes.csv"):
        unit = stored.pop(row["commune_code"])
        assert (unit.type_vi, unit.name) == type_and_name(row["type"], row["name"])
        assert unit.parent.code == row["district_code"]
        assert (unit.lat, unit.lon) == (float(row["lat"]), float(row["lon"]))
    assert stored == {}


def test_numbers_follow_the_order_of_the_lists(units):
    first = list(Unit.objects.order_by("id").values_list("code", flat=True)[:5])
    assert first == ["VN", "01", "02", "04", "06"]
    assert sorted(Unit.objects.values_list("id", flat=True)) == list(range(1, 14_140))


def test_a_province_that_took_in_no_other_keeps_its_row(units):
    merged = {row["code"]: row["legacy_codes_merged"] for row in lists("admin_provinces_2025_2026.csv")}
    kept = {code for code, olds in merged.items() if olds == code}
    through = Unit.objects.filter(level="province", valid_from__lt=FIRST, valid_to=None)
    assert {unit.code for unit in through} == kept
    assert Unit.objects.filter(code="01").count() == 1
    assert Unit.objects.filter(code="31").count() == 2  # Hải Phòng, before and with Hải Dương


def test_successions_are_the_conversion_table_with_the_corrections(units):
    stored = set(
        Succession.objects.filter(predecessor__level="commune").values_list(
            "predecessor__code", "successor__code", "note"
        )
    )
    wanted = {(row["legacy_ward"], row["new_ward"], row["note"]) for row in lists("admin_legacy_ward_to_2025.csv")}
    right = {(row["legacy_ward"], row["new_ward"]): row for row in lists("corrections.csv")}
    wanted = {
        (right[old, new]["legacy_ward_used"], right[old, new]["new_ward_used"], note) if (old, new) in right
        else (old, new, note)
        for old, new, note in wanted
    }  # fmt: skip
    assert stored == wanted
    assert len(stored) == 10_565


def test_every_unit_that_closed_or_opened_has_a_succession(units):
    """Districts aside: what became of them is what became of their communes."""
    closed = Unit.objects.filter(valid_to=FIRST).exclude(id__in=Succession.objects.values("predecessor_id"))
    inhabited = Unit.objects.filter(level="commune").values("parent_id")
    assert set(closed.values_list("level", flat=True)) == {"district"}
    assert closed.exclude(id__in=inhabited).count() == 0
    opened = Unit.objects.filter(valid_from=FIRST).exclude(id__in=Succession.objects.values("successor_id"))
    assert opened.count() == 0


def test_island_districts_without_communes_became_special_zones(units):
    derived = Succession.objects.filter(note__startswith="[suy ra]").order_by("predecessor__code")
    assert [(each.predecessor.code, each.successor.name, each.successor.type_vi) for each in derived] == [
        ("318", "Bạch Long Vĩ", "Đặc khu"),
        ("471", "Cồn Cỏ", "Đặc khu"),
        ("498", "Hoàng Sa", "Đặc khu"),
        ("536", "Lý Sơn", "Đặc khu"),
        ("755", "Côn Đảo", "Đặc khu"),
    ]


def test_what_had_to_be_mended_is_told(units):
    assert len(units.mended) == 8 + 2 + 5
    assert "27046 Phường 5: read as Phường, not Xã" in units.mended
    assert [line[:37] for line in units.mended if line.startswith("01615")] == ["01615 -> 01648 read as 01651 -> 01648"]


def test_renamings_keep_the_row(units):
    assert set(Renaming.objects.values_list("unit__code", "unit__name", "on", "type_vi", "name")) == {
        ("46", "Thừa Thiên Huế", dt.date(2025, 1, 1), "Thành phố", "Huế"),
        ("75", "Đồng Nai", dt.date(2026, 4, 30), "Thành phố", "Đồng Nai"),
    }


def everything() -> list[list[tuple]]:
    return [sorted(model.objects.values_list(), key=str) for model in (Unit, Succession, Renaming)]


def journal() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ancestors FROM events_unit ORDER BY id")
        return cursor.fetchall()


def test_a_second_load_changes_nothing(units):
    LoadedLists.objects.all().delete()  # else none of them is read
    before = everything()
    again = operations.load_reference(by=BY, at=AT)
    assert asdict(again) | {"mended": ()} == {
        "units": 0, "successions": 0, "renamings": 0, "refused": [], "mended": (),
    }  # fmt: skip
    assert everything() == before
    assert LoadedLists.objects.get().digest == digest()


def test_the_same_lists_are_not_read_again(units, django_assert_num_queries):
    with django_assert_num_queries(3):  # what is loaded, between the savepoint and its end
        assert operations.load_reference(by=BY, at=AT) == operations.Loaded(0, 0, 0, [], [])


def test_lists_are_the_same_by_every_byte_of_them(folder):
    assert digest(folder) == digest()
    (folder / "README.md").write_text("no list")
    assert digest(folder) == digest()
    edit(folder / "renamings.csv", "Thành phố,Huế", "Thành phố,Phú Xuân")
    assert digest(folder) != digest()


def test_lists_with_a_refused_row_are_read_and_told_again(units, folder):
    edit(folder / "renamings.csv", "Thành phố,Huế", "Thành phố,Phú Xuân")
    told = [[each.values["unit"] for each in load_again(folder).refused] for _ in range(2)]
    assert told == [["46"], ["46"]]
    assert LoadedLists.objects.get().digest == digest()


def test_the_journal_knows_every_unit(units):
    assert journal() == list(Unit.objects.order_by("id").values_list("id", "ancestors"))


def test_a_load_leaves_the_planner_as_it_was(units):
    LoadedLists.objects.all().delete()
    operations.load_reference(by=BY, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone() == ("on",)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    return tmp_path


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def load_again(folder):
    return operations.load_reference(by=BY, at=AT, folder=folder)


def test_a_changed_unit_is_told_and_not_written(units, folder):
    edit(folder / "admin_wards_2025_population.csv", "00004,phường,Ba Đình,01", "00004,phường,Ba Vì,01")
    before = everything()
    loaded = load_again(folder)
    assert [(each.code, each.values) for each in loaded.refused] == [
        ("unit_differs", {"unit": "00004", "on": "2025-07-01", "fields": "name"})
    ]
    assert everything() == before


def test_a_changed_succession_is_told_and_not_written(units, folder):
    edit(
        folder / "admin_legacy_ward_to_2025.csv",
        "00004,001,01,00004,01,Nhập toàn bộ",
        "00004,001,01,00004,01,Nhập một phần",
    )
    before = everything()
    loaded = load_again(folder)
    assert [(each.code, each.values) for each in loaded.refused] == [
        ("succession_differs", {"unit": "00004", "successor": "00004"})
    ]
    assert everything() == before


def test_a_changed_renaming_is_told_and_not_written(units, folder):
    edit(folder / "renamings.csv", "Thành phố,Huế", "Thành phố,Phú Xuân")
    assert [(each.code, each.values["unit"]) for each in load_again(folder).refused] == [("not_renamable", "46")]


def test_a_new_row_is_added_and_others_stay(units, folder):
    with (folder / "admin_legacy_communes.csv").open("a", encoding="utf-8") as file:
        file.write("99998,Xã,Mới,001,01,21.0,105.8\n")
    added = load_again(folder)
    assert added.units == 1
    moved = [(each.code, each.values["unit"], each.values["fields"]) for each in added.refused]
    assert moved == [("unit_differs", code, "lat, lon") for code in ("01", "001")]  # the means of their communes'
    assert Unit.objects.get(code="99998").id > 14_139


def test_a_conversion_of_a_commune_the_list_lacks_is_told(units, folder):
    with (folder / "admin_legacy_ward_to_2025.csv").open("a", encoding="utf-8") as file:
        file.write("99997,001,01,00004,01,Nhập một phần\n")
    loaded = load_again(folder)
    assert [(each.code, each.values["unit"]) for each in loaded.refused] == [("succession_differs", "99997")]


def test_a_row_with_a_broken_quote_is_named(folder):
    edit(folder / "admin_legacy_ward_to_2025.csv", '00112,003,01,00103,01,"Nhập một phần diện tích, toàn bộ dân số"',
         "00112,003,01,00103,01,Nhập một phần diện tích, toàn bộ dân số")  # fmt: skip
    with pytest.raises(UnreadableRow) as caught:
        read(folder)
    assert caught.value.values == {"file": "admin_legacy_ward_to_2025.csv", "line": 74}


@pytest.mark.parametrize(
    ("type_vi", "name", "parted"),
    [
        ("Phường", "Phường 15", ("Phường", "15")),
        ("Xã", "Phường 5", ("Phường", "5")),
        ("Thị trấn", "Yên Viên (Thị trấn)", ("Thị trấn", "Yên Viên")),
        ("Xã", "Bản Lầu", ("Xã", "Bản Lầu")),
        ("Phường", "Phường Đúc", ("Phường", "Phường Đúc")),
    ],
)
def test_a_name_stands_without_its_type(type_vi, name, parted):
    assert type_and_name(type_vi, name) == parted


@pytest.mark.parametrize(
    ("note", "land_and_people"),
    [
        ("Nhập toàn bộ", ("whole", "whole")),
        ("Giữ nguyên", ("whole", "whole")),
        ("Đổi loại hình", ("whole", "whole")),
        ("Đổi tên", ("whole", "whole")),
        ("Sắp xếp toàn bộ xã Thổ Châu thành đặc khu Thổ Châu", ("whole", "whole")),
        ("Nhập một phần", ("part", "part")),
        ("Nhập một  phần", ("part", "part")),
        ("Đổi tên từ một phần Phường 15", ("part", "part")),
        ("Phần còn lại sau khi tách một phần vào xã Canh Vinh", ("part", "part")),
        ("Nhâp một phần diện tích", ("part", "none")),
        ("Nhập một phần diện tích, toàn bộ dân số", ("part", "whole")),
        ("Nhập toàn bộ diện tích", ("whole", "none")),
        ("Nhập một phần dân số", ("none", "part")),
    ],
)
def test_a_note_says_what_went_over(note, land_and_people):
    assert shares(note) == land_and_people


def test_a_note_that_says_nothing_is_refused():
    with pytest.raises(UnreadableNote):
        shares("Xem phụ lục")
