"""The units of Việt Nam as the packaged lists give them: see ``data/README.md``. Knows no database."""

import csv
import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from muster.kernel import names
from muster.kernel.errors import Refusal
from muster.units import rows
from muster.units.rows import NewUnit

DATA = Path(__file__).parent / "data"
READERS = [Path(file) for file in (__file__, rows.__file__, names.__file__)]
INDEPENDENCE = dt.date(1945, 9, 2)
LEGACY_FROM = dt.date(2019, 1, 1)
TODAY_FROM = dt.date(2025, 7, 1)  # Resolution 202/2025/QH15: 34 provinces; districts end (Law 72/2025/QH15)
COUNTRY_CODE = "VN"

_DISTRICT_TYPES = ("Thành phố", "Thị xã", "Quận", "Huyện")
_PROVINCE_TYPES = ("Thành phố", "Tỉnh")
_TYPES_2025 = {"municipality": "Thành phố", "province": "Tỉnh"}
_DERIVED = "[suy ra] huyện đảo thành đặc khu"

Row = dict[str, str]
Position = tuple[float, float]


class UnreadableRow(Refusal):
    """A row of a list has more or fewer fields than its head: a comma outside quotes, or a missing quote."""

    code = "unreadable_row"
    vi = "Tệp {file}, dòng {line}: số cột không khớp tiêu đề."
    en = "File {file}, line {line}: its fields do not fit the head."


class UnreadableNote(Refusal):
    """The note of a succession does not say how much went over."""

    code = "unreadable_note"
    vi = "Không hiểu ghi chú chuyển đổi: {note}."
    en = "The note of a succession is not understood: {note}."


@dataclass(frozen=True, slots=True)
class NewSuccession:
    """What went from one code to another on a day: of the land (share) and of the inhabitants (people)."""

    predecessor: str
    successor: str
    on: dt.date
    share: str
    people: str
    note: str


@dataclass(frozen=True, slots=True)
class NewRenaming:
    """From a day on, the unit that carries a code then bears this type and name."""

    code: str
    on: dt.date
    type_vi: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """All that the lists say: units (parents first), successions, renamings; and what had to be mended or derived."""

    units: Sequence[NewUnit]
    successions: Sequence[NewSuccession]
    renamings: Sequence[NewRenaming]
    mended: Sequence[str]


def read(folder: Path = DATA) -> Reference:
    """Read the lists of a folder.

    :raises UnreadableRow: a row is broken
    :raises UnreadableNote: a note of the conversion table says nothing we know
    """
    lists = _Lists(folder)
    country = NewUnit(COUNTRY_CODE, "country", "Nước", "Việt Nam", None, INDEPENDENCE)
    units = [country, *lists.legacy_units(), *lists.units_of_today()]
    corrected, mended = lists.corrected()
    mended += lists.mistyped()
    derived = list(lists.island_districts({row["new_ward"] for row in corrected}))
    successions = [*lists.mergers_of_provinces(), *map(_succession, corrected), *derived]
    mended += [f"{each.predecessor} -> {each.successor}: {each.note}" for each in derived]
    renamings = [
        NewRenaming(row["code"], dt.date.fromisoformat(row["on"]), row["type_after"], row["name_after"])
        for row in lists.renamings
    ]
    return Reference(units, successions, renamings, mended)


def digest(folder: Path = DATA) -> str:
    """Return the SHA-256 of the lists of a folder and of the code that reads them, in hexadecimal."""
    whole = hashlib.sha256()
    for file in [*sorted(folder.glob("*.csv")), *READERS]:
        content = file.read_bytes()
        whole.update(f"{file.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


class _Lists:
    """The lists of one folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self.provinces = _rows(folder / "admin_provinces_2025_2026.csv")
        self.wards = _rows(folder / "admin_wards_2025_population.csv")
        self.districts = _rows(folder / "admin_legacy_districts_2025_06.csv")
        self.communes = _rows(folder / "admin_legacy_communes.csv")
        self.conversion = _rows(folder / "admin_legacy_ward_to_2025.csv")
        self.corrections = _rows(folder / "corrections.csv")
        self.renamings = _rows(folder / "renamings.csv")
        self.merged = {row["code"]: row["legacy_codes_merged"].split() for row in self.provinces}
        self.merged_into = {old: new for new, olds in self.merged.items() for old in olds}

    def keeps_its_row(self, province: str) -> bool:
        """Say whether a province came through 2025-07-01 with the extent it had."""
        return self.merged[self.merged_into[province]] == [province]

    def legacy_units(self) -> Iterator[NewUnit]:
        """Yield the provinces, districts and communes of the tree until 2025-06-30."""
        of_districts = _centres(self.communes, "district_code")
        of_districts |= {
            row["district_code"]: _position(ward) for row, ward in self._islands()
        }  # they have no commune to stand for them
        of_provinces = _centres(self.communes, "province_code")
        before = {row["code"]: row for row in self.renamings}
        for code, title in sorted({(row["province_code"], row["province"]) for row in self.districts}):
            type_vi, name = _split(title, _PROVINCE_TYPES)
            if (change := before.get(code)) and change["on"] < TODAY_FROM.isoformat():
                type_vi, name = change["type_before"], change["name_before"]
            until = None if self.keeps_its_row(code) else TODAY_FROM
            yield NewUnit(code, "province", type_vi, name, COUNTRY_CODE, LEGACY_FROM, until, *of_provinces[code])
        for row in self.districts:
            code = row["district_code"]
            yield NewUnit(code, "district", *_split(row["district"], _DISTRICT_TYPES), row["province_code"],
                          LEGACY_FROM, TODAY_FROM, *of_districts[code])  # fmt: skip
        for row in self.communes:
            yield NewUnit(row["commune_code"], "commune", *type_and_name(row["type"], row["name"]),
                          row["district_code"], LEGACY_FROM, TODAY_FROM, *_position(row))  # fmt: skip

    def units_of_today(self) -> Iterator[NewUnit]:
        """Yield the provinces that are new on 2025-07-01, and all communes from that day."""
        centres = _centres(self.wards, "province_code")
        for row in self.provinces:
            if not self.keeps_its_row(row["code"]):
                yield NewUnit(row["code"], "province", _TYPES_2025[row["type_2025_07_01"]], row["name"],
                              COUNTRY_CODE, TODAY_FROM, None, *centres[row["code"]])  # fmt: skip
        for row in self.wards:
            yield NewUnit(row["ward_code"], "commune", row["type_2025"].capitalize(), row["name"],
                          row["province_code"], TODAY_FROM, None, *_position(row))  # fmt: skip

    def mergers_of_provinces(self) -> Iterator[NewSuccession]:
        """Yield what became of the provinces that did not keep their row."""
        for old, new in self.merged_into.items():
            if not self.keeps_its_row(old):
                yield NewSuccession(old, new, TODAY_FROM, "whole", "whole", "")

    def mistyped(self) -> list[str]:
        """Return a line for each commune whose type is read out of its name against its column."""
        return [
            f"{row['commune_code']} {row['name']}: read as {type_vi}, not {row['type']}"
            for row in self.communes
            if (type_vi := type_and_name(row["type"], row["name"])[0]) != row["type"]
        ]

    def corrected(self) -> tuple[list[Row], list[str]]:
        """Return the conversion table with the corrections in place, and a line for each."""
        right = {(row["legacy_ward"], row["new_ward"]): row for row in self.corrections}
        rows, mended = [], []
        for given in self.conversion:
            row = given
            if change := right.get((row["legacy_ward"], row["new_ward"])):
                row = row | {"legacy_ward": change["legacy_ward_used"], "new_ward": change["new_ward_used"]}
                mended.append(f"{change['legacy_ward']} -> {change['new_ward']} read as "
                              f"{row['legacy_ward']} -> {row['new_ward']}: {change['reason']}")  # fmt: skip
            rows.append(row)
        return rows, mended

    def island_districts(self, succeeding: set[str]) -> Iterator[NewSuccession]:
        """Yield the successions the conversion table lacks: districts without communes, now special zones."""
        for district, ward in self._islands():
            if ward["ward_code"] not in succeeding:
                yield NewSuccession(
                    district["district_code"], ward["ward_code"], TODAY_FROM, "whole", "whole", _DERIVED
                )

    def _islands(self) -> Iterator[tuple[Row, Row]]:
        inhabited = {row["district_code"] for row in self.communes}
        zones = {(row["province_code"], row["name"]): row for row in self.wards if row["type_2025"] == "đặc khu"}
        for row in self.districts:
            name = _split(row["district"], _DISTRICT_TYPES)[1]
            zone = zones.get((self.merged_into[row["province_code"]], name))
            if row["district_code"] not in inhabited and zone:
                yield row, zone


def type_and_name(type_vi: str, name: str) -> tuple[str, str]:
    """Part a commune's type from its name: the list writes ``Phường 1``, and ``Yên Viên (Xã)`` beside the town.

    Where the name says it is a ward and the type says another thing, the name is right: two wards of Phú Nhuận.
    """
    if number := re.fullmatch(r"Phường (\d+)", name):
        return "Phường", number[1]
    return type_vi, name.removesuffix(f" ({type_vi})")


def shares(note: str) -> tuple[str, str]:
    """Return how much of the land and of the inhabitants a note of the conversion table says went over.

    :raises UnreadableNote: it says nothing we know
    """
    words = " ".join(note.lower().replace("nhâp", "nhập").split())
    if words == "nhập một phần diện tích, toàn bộ dân số":
        return "part", "whole"
    if words == "nhập một phần diện tích":
        return "part", "none"
    if words == "nhập toàn bộ diện tích":
        return "whole", "none"
    if words == "nhập một phần dân số":
        return "none", "part"
    if "một phần" in words:
        return "part", "part"
    if any(whole in words for whole in ("toàn bộ", "giữ nguyên", "đổi tên", "đổi loại hình")):
        return "whole", "whole"
    raise UnreadableNote(note=note)


def _succession(row: Row) -> NewSuccession:
    return NewSuccession(row["legacy_ward"], row["new_ward"], TODAY_FROM, *shares(row["note"]), row["note"])


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise UnreadableRow(file=path.name, line=reader.line_num)
            rows.append(row)
    return rows


def _split(title: str, types: Sequence[str]) -> tuple[str, str]:
    """Split ``Quận Ba Đình`` into type and name."""
    for word in types:
        if title.lower().startswith(f"{word} ".lower()):
            return word, title[len(word) :].strip()
    return "", title  # refused with the row: a unit has a type


def _position(row: Row) -> Position | tuple[None, None]:
    return (float(row["lat"]), float(row["lon"])) if row["lat"] and row["lon"] else (None, None)


def _centres(rows: Iterable[Row], by: str) -> dict[str, Position | tuple[None, None]]:
    """Return the mean position of the rows of each code, to 6 decimals (a tenth of a metre)."""
    gathered: dict[str, list[Position]] = defaultdict(list)
    for row in rows:
        if row["lat"] and row["lon"]:
            gathered[row[by]].append((float(row["lat"]), float(row["lon"])))
    means = {
        code: tuple(round(fmean(axis), 6) for axis in zip(*places, strict=True)) for code, places in gathered.items()
    }
    return defaultdict(lambda: (None, None), {code: (lat, lon) for code, (lat, lon) in means.items()})
