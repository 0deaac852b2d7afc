"""Regimes: which law governs a day. Every other table of this room borrows its turning points from here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from muster.law.tables import Dated, the_one

LAW_2014 = "Law 59/2014/QH13"
LAW_2023 = "Law 26/2023/QH15"

LAW_2014_STARTS = date(2016, 1, 1)
CHIP_INTAKE_STARTS = date(2020, 12, 21)
CHIP_ONLY_STARTS = date(2021, 1, 23)
DESK_ORDER_STARTS = date(2021, 7, 1)
EID_STARTS = date(2022, 10, 20)
LAW_2023_STARTS = date(2024, 7, 1)
CMND_VOID_STARTS = date(2025, 1, 1)
DISTRICT_POLICE_ENDS = date(2025, 3, 1)
TWO_TIER_STARTS = date(2025, 7, 1)
DATA_LAW_STARTS = date(2026, 1, 1)
AMENDMENT_STARTS = date(2026, 7, 1)


class RegimeCode(StrEnum):
    """The name of a stretch of time in which nothing in this room changes its rules at large."""

    BARCODE_CARD = "barcode_card"
    CHIP_INTAKE = "chip_intake"
    CHIP_ONLY = "chip_only"
    DESK_ORDER = "desk_order"
    E_ID = "e_id"
    IDENTITY_LAW = "identity_law"
    CMND_VOID = "cmnd_void"
    NO_DISTRICT_POLICE = "no_district_police"
    TWO_TIER = "two_tier"
    DATA_LAW = "data_law"
    AMENDED_LAW = "amended_law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime(Dated):
    """What changed on its first day, in Vietnamese and English; what it does not mention goes on as before."""

    code: RegimeCode
    vi: str
    en: str


_Span = tuple[date, date | None]


def _regime(code: RegimeCode, span: _Span, texts: tuple[str, str], source: str, *, assumed: bool = False) -> Regime:
    start, end = span
    vi, en = texts
    return Regime(valid_from=start, valid_to=end, source=source, assumed=assumed, code=code, vi=vi, en=en)


REGIMES: tuple[Regime, ...] = (
    _regime(
        RegimeCode.BARCODE_CARD,
        (LAW_2014_STARTS, CHIP_INTAKE_STARTS),
        (
            "Thẻ CCCD mã vạch từ 14 tuổi, đổi khi đủ 25, 40, 60; số 12 chữ số.",
            "Barcode card from 14, exchanged at 25, 40, 60; the number of 12 digits.",
        ),
        f"{LAW_2014}; Decree 137/2015; Circulars 07/2016, 11/2016",
    ),
    _regime(
        RegimeCode.CHIP_INTAKE,
        (CHIP_INTAKE_STARTS, CHIP_ONLY_STARTS),
        ("Bắt đầu thu nhận hồ sơ CCCD gắn chíp.", "Intake for chip cards starts."),
        "Start of chip-card intake: 21 or 22 December 2020, sources differ",
        assumed=True,
    ),
    _regime(
        RegimeCode.CHIP_ONLY,
        (CHIP_ONLY_STARTS, DESK_ORDER_STARTS),
        (
            "Chỉ cấp CCCD gắn chíp; thẻ mã vạch còn hạn vẫn dùng được.",
            "Only chip cards are issued; barcode cards stay good to their term.",
        ),
        "Circular 06/2021 Art. 4; Circulars 07/2016, 11/2016 (desk order not seen)",
        assumed=True,
    ),
    _regime(
        RegimeCode.DESK_ORDER,
        (DESK_ORDER_STARTS, EID_STARTS),
        ("Trình tự thu nhận mới: 13 lần thu vân tay.", "The new desk order: 13 fingerprint captures."),
        "Circulars 59/2021, 60/2021",
    ),
    _regime(
        RegimeCode.E_ID,
        (EID_STARTS, LAW_2023_STARTS),
        ("Tài khoản định danh điện tử mức 1 và 2.", "e-ID accounts of level 1 and 2."),
        "Decree 59/2022",
    ),
    _regime(
        RegimeCode.IDENTITY_LAW,
        (LAW_2023_STARTS, CMND_VOID_STARTS),
        (
            "Thẻ căn cước mới, cấp cho trẻ em theo nhu cầu, thu mống mắt.",
            "The new card, for children on request, and iris capture.",
        ),
        f"{LAW_2023}; Decrees 69/2024, 70/2024; Circulars 16/2024, 17/2024",
    ),
    _regime(
        RegimeCode.CMND_VOID,
        (CMND_VOID_STARTS, DISTRICT_POLICE_ENDS),
        ("Chứng minh nhân dân hết giá trị sử dụng.", "Every people's identity card (CMND) is void."),
        f"{LAW_2023} Art. 46(2)",
    ),
    _regime(
        RegimeCode.NO_DISTRICT_POLICE,
        (DISTRICT_POLICE_ENDS, TWO_TIER_STARTS),
        (
            "Không còn Công an cấp huyện; cấp căn cước tại cấp xã và điểm thu nhận.",
            "District police dissolved; issuing moves to communes and intake points.",
        ),
        "Rearrangement of the police of 1 March 2025",
    ),
    _regime(
        RegimeCode.TWO_TIER,
        (TWO_TIER_STARTS, DATA_LAW_STARTS),
        ("34 tỉnh, thành phố; bỏ cấp huyện.", "34 provinces; no districts."),
        "National Assembly resolutions of 2025 on provinces and local government",
    ),
    _regime(
        RegimeCode.DATA_LAW,
        (DATA_LAW_STARTS, AMENDMENT_STARTS),
        ("Luật Bảo vệ dữ liệu cá nhân có hiệu lực.", "The law on personal data protection is in force."),
        "Law 91/2025/QH15; Decree 356/2025",
    ),
    _regime(
        RegimeCode.AMENDED_LAW,
        (AMENDMENT_STARTS, None),
        ("Cơ quan quản lý căn cước: Bộ, tỉnh, xã.", "Identity agencies: ministry, province, commune."),
        f"{LAW_2023} as amended from 1 July 2026",
    ),
)


def regime_on(on: date) -> Regime:
    """Return the regime that governs a day.

    :raises NoLawInForce: before 1 January 2016
    """
    return the_one(REGIMES, on, "regime")
