"""Capture: what is taken from whom at the desk, in which order, on which day; and what is wrong with a capture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.regimes import DESK_ORDER_STARTS, LAW_2014, LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce


@dataclass(frozen=True, slots=True)
class PrintCapture:
    """One fingerprint capture: its ISO/IEC 39794-4 position, its names, and the fingers it takes (1 to 10)."""

    position: int
    code: str
    vi: str
    en: str
    fingers: tuple[int, ...]

    @property
    def rolled(self) -> bool:
        """Whether one finger is rolled, rather than several laid flat."""
        return len(self.fingers) == 1


@dataclass(frozen=True, slots=True)
class IrisCapture:
    """One iris capture."""

    code: str
    vi: str
    en: str


# Circular 60/2021 Art. 5: flat four right, flat four left, two thumbs; then rolled ten, right hand, then left.
PRINTS: tuple[PrintCapture, ...] = (
    PrintCapture(13, "flat_right_four", "chụm 4 ngón phải", "flat right four fingers", (2, 3, 4, 5)),
    PrintCapture(14, "flat_left_four", "chụm 4 ngón trái", "flat left four fingers", (7, 8, 9, 10)),
    PrintCapture(15, "flat_thumbs", "chụm 2 ngón cái", "flat two thumbs", (1, 6)),
    PrintCapture(1, "rolled_right_thumb", "lăn ngón cái phải", "rolled right thumb", (1,)),
    PrintCapture(2, "rolled_right_index", "lăn ngón trỏ phải", "rolled right index", (2,)),
    PrintCapture(3, "rolled_right_middle", "lăn ngón giữa phải", "rolled right middle", (3,)),
    PrintCapture(4, "rolled_right_ring", "lăn ngón áp út phải", "rolled right ring", (4,)),
    PrintCapture(5, "rolled_right_little", "lăn ngón út phải", "rolled right little", (5,)),
    PrintCapture(6, "rolled_left_thumb", "lăn ngón cái trái", "rolled left thumb", (6,)),
    PrintCapture(7, "rolled_left_index", "lăn ngón trỏ trái", "rolled left index", (7,)),
    PrintCapture(8, "rolled_left_middle", "lăn ngón giữa trái", "rolled left middle", (8,)),
    PrintCapture(9, "rolled_left_ring", "lăn ngón áp út trái", "rolled left ring", (9,)),
    PrintCapture(10, "rolled_left_little", "lăn ngón út trái", "rolled left little", (10,)),
)
IRISES: tuple[IrisCapture, ...] = (
    IrisCapture("right_iris", "mống mắt phải", "right iris"),
    IrisCapture("left_iris", "mống mắt trái", "left iris"),
)


class StepCode(StrEnum):
    """A step at the desk."""

    REPRESENTATIVE_FILES = "representative_files"
    LOOK_UP = "look_up"
    COMPARE = "compare"
    KIND_AND_TRAITS = "kind_and_traits"
    FINGERPRINTS = "fingerprints"
    PHOTO = "photo"
    IRIS = "iris"
    TRAITS = "traits"
    CITIZEN_SIGNS = "citizen_signs"
    REPRESENTATIVE_SIGNS = "representative_signs"
    OFFICER_SIGNS = "officer_signs"
    POPULATION_FORMS = "population_forms"
    FEE = "fee"
    OLD_CARD_TAKEN = "old_card_taken"
    APPOINTMENT_SLIP = "appointment_slip"
    TO_SORTING_DESK = "to_sorting_desk"
    RETURN = "return"


STEP_TEXTS: Mapping[StepCode, tuple[str, str]] = {
    StepCode.REPRESENTATIVE_FILES: ("Người đại diện nộp hồ sơ trực tuyến", "The representative files online"),
    StepCode.LOOK_UP: ("Tra cứu trong cơ sở dữ liệu dân cư", "Find the person in the register"),
    StepCode.COMPARE: ("Đối chiếu thông tin", "Compare with the register"),
    StepCode.KIND_AND_TRAITS: ("Chọn loại cấp, ghi đặc điểm nhân dạng", "Kind of issue, distinguishing features"),
    StepCode.FINGERPRINTS: ("Thu nhận vân tay", "Take the fingerprints"),
    StepCode.PHOTO: ("Chụp ảnh chân dung", "Take the portrait photo"),
    StepCode.IRIS: ("Thu nhận mống mắt", "Take the irises"),
    StepCode.TRAITS: ("Ghi đặc điểm nhân dạng", "Record distinguishing features"),
    StepCode.CITIZEN_SIGNS: ("Công dân kiểm tra, ký phiếu thu nhận", "The citizen checks and signs the intake form"),
    StepCode.REPRESENTATIVE_SIGNS: ("Người đại diện kiểm tra, ký xác nhận", "The representative checks and signs"),
    StepCode.OFFICER_SIGNS: ("Cán bộ thu nhận ký", "The officer signs"),
    StepCode.POPULATION_FORMS: ("Phiếu thông tin dân cư (DC01, DC02)", "Population data forms (DC01, DC02)"),
    StepCode.FEE: ("Thu lệ phí", "Take the fee"),
    StepCode.OLD_CARD_TAKEN: ("Thu thẻ, CMND cũ", "Take the old card"),
    StepCode.APPOINTMENT_SLIP: ("Cấp giấy hẹn trả kết quả", "Give the appointment slip"),
    StepCode.TO_SORTING_DESK: ("Chuyển bộ phận phân loại hồ sơ", "Send to the sorting desk"),
    StepCode.RETURN: ("Trả kết quả, qua bưu chính nếu yêu cầu", "Return the result, by post for a fee"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRule(Dated):
    """What is captured from people of ``age_from`` to under ``age_to`` years, and the order of the desk."""

    age_from: int
    age_to: int | None
    steps: tuple[StepCode, ...]
    representative: bool

    @property
    def photo(self) -> bool:
        """Whether a portrait photo is taken."""
        return StepCode.PHOTO in self.steps

    @property
    def prints(self) -> tuple[PrintCapture, ...]:
        """The fingerprint captures in their order."""
        return PRINTS if StepCode.FINGERPRINTS in self.steps else ()

    @property
    def irises(self) -> tuple[IrisCapture, ...]:
        """The iris captures in their order."""
        return IRISES if StepCode.IRIS in self.steps else ()

    @property
    def traits(self) -> bool:
        """Whether distinguishing features are recorded."""
        return StepCode.TRAITS in self.steps or StepCode.KIND_AND_TRAITS in self.steps


def _steps(codes: str) -> tuple[StepCode, ...]:
    return tuple(StepCode(code) for code in codes.split())


_ORDER_2021 = _steps(
    "look_up kind_and_traits fingerprints photo citizen_signs officer_signs population_forms fee old_card_taken "
    "appointment_slip to_sorting_desk"
)
_ORDER_2024 = _steps("compare photo fingerprints iris traits citizen_signs appointment_slip return")
_ORDER_CHILD = _steps("compare photo fingerprints iris traits representative_signs appointment_slip return")
_ORDER_ONLINE = _steps("representative_files compare representative_signs appointment_slip return")

CAPTURE_RULES: tuple[CaptureRule, ...] = (
    CaptureRule(
        age_from=14,
        age_to=None,
        steps=_ORDER_2021,
        representative=False,
        valid_from=LAW_2014_STARTS,
        valid_to=DESK_ORDER_STARTS,
        source=f"{LAW_2014} Art. 22; Circulars 07/2016, 11/2016, 06/2021 (not seen: the order of 2021 stands in)",
        assumed=True,
    ),
    CaptureRule(
        age_from=14,
        age_to=None,
        steps=_ORDER_2021,
        representative=False,
        valid_from=DESK_ORDER_STARTS,
        valid_to=LAW_2023_STARTS,
        source="Circular 60/2021 Art. 5",
    ),
    CaptureRule(
        age_from=0,
        age_to=6,
        steps=_ORDER_ONLINE,
        representative=True,
        valid_from=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 23(2)(a); Circular 17/2024 (order of the online steps not seen)",
        assumed=True,
    ),
    CaptureRule(
        age_from=6,
        age_to=14,
        steps=_ORDER_CHILD,
        representative=True,
        valid_from=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 23(2)(b); Circular 17/2024",
    ),
    CaptureRule(
        age_from=14,
        age_to=None,
        steps=_ORDER_2024,
        representative=False,
        valid_from=LAW_2023_STARTS,
        source=f"{LAW_2023} Art. 23(1); Circular 17/2024",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the desk, with the captures it is made of."""

    code: StepCode
    vi: str
    en: str
    captures: tuple[PrintCapture | IrisCapture, ...] = ()


@lru_cache(maxsize=4096)
def capture_rule(on: date, age: int) -> CaptureRule:
    """Return what is captured on a day from somebody of an age in completed years.

    :raises NoLawInForce: the law of that day gives no card at that age
    """
    for rule in CAPTURE_RULES:
        if rule.holds(on) and rule.age_from <= age and (rule.age_to is None or age < rule.age_to):
            return rule
    raise NoLawInForce(subject=f"capture at age {age}", on=on.isoformat())


def capture_order(on: date, age: int) -> tuple[Step, ...]:
    """Return the steps of the desk in their order, each fingerprint and iris capture named.

    :raises NoLawInForce: the law of that day gives no card at that age
    """
    rule = capture_rule(on, age)
    captures: dict[StepCode, tuple[PrintCapture | IrisCapture, ...]] = {
        StepCode.FINGERPRINTS: rule.prints,
        StepCode.IRIS: rule.irises,
    }
    return tuple(Step(code, *STEP_TEXTS[code], captures=captures.get(code, ())) for code in rule.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """The legal representative of a child, or of somebody who lost capacity."""

    name: str = ""
    number: str = ""
    relation: str = ""
    signed: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the fields that are empty, or hold nothing but space."""
        given = (self.name.strip(), self.number.strip(), self.relation.strip(), self.signed)
        return tuple(field for field, value in zip(REPRESENTATIVE_FIELDS, given, strict=True) if not value)


REPRESENTATIVE_FIELDS: tuple[str, ...] = ("name", "number", "relation", "signed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What a dossier holds: print positions and iris codes as in the tables, missing fingers (1 to 10) described."""

    photo: bool = False
    prints: frozenset[int] = frozenset()
    missing_fingers: Mapping[int, str] = field(default_factory=dict)
    irises: frozenset[str] = frozenset()
    missing_irises: Mapping[str, str] = field(default_factory=dict)
    traits: bool = False
    representative: Representative | None = None
    lost_capacity: bool = False


class Fault(StrEnum):
    """What is wrong with a capture under the law of its day."""

    NO_CARD_AT_THIS_AGE = "no_card_at_this_age"
    PHOTO_NOT_ALLOWED = "photo_not_allowed"
    PRINTS_NOT_ALLOWED = "prints_not_allowed"
    IRIS_NOT_ALLOWED = "iris_not_allowed"
    TRAITS_NOT_ALLOWED = "traits_not_allowed"
    PHOTO_MISSING = "photo_missing"
    PRINT_MISSING = "print_missing"
    IRIS_MISSING = "iris_missing"
    TRAITS_MISSING = "traits_missing"
    REPRESENTATIVE_MISSING = "representative_missing"
    REPRESENTATIVE_INCOMPLETE = "representative_incomplete"


@dataclass(frozen=True, slots=True)
class CaptureFault:
    """One fault and what it concerns: the code of a capture, or the name of a field."""

    fault: Fault
    what: str = ""


def capture_faults(on: date, age: int, captured: Captured) -> tuple[CaptureFault, ...]:
    """Return everything in a capture that the law of its day forbids, or misses.

    A finger or iris that is not there is no fault when it is described (Circular 60/2021 Art. 5(3)).
    """
    try:
        rule = capture_rule(on, age)
    except NoLawInForce:
        return (CaptureFault(Fault.NO_CARD_AT_THIS_AGE),)
    return (
        *_allowed(captured.photo, rule.photo, Fault.PHOTO_NOT_ALLOWED, Fault.PHOTO_MISSING),
        *_print_faults(rule, captured),
        *_iris_faults(rule, captured),
        *_allowed(captured.traits, rule.traits, Fault.TRAITS_NOT_ALLOWED, Fault.TRAITS_MISSING),
        *_representative_faults(rule, captured),
    )


def _allowed(has: bool, wanted: bool, extra: Fault, missing: Fault) -> tuple[CaptureFault, ...]:  # noqa: FBT001
    if has == wanted:
        return ()
    return (CaptureFault(extra if has else missing),)


def _print_faults(rule: CaptureRule, captured: Captured) -> tuple[CaptureFault, ...]:
    if not rule.prints:
        return (CaptureFault(Fault.PRINTS_NOT_ALLOWED),) if captured.prints else ()
    described = {finger for finger, why in captured.missing_fingers.items() if why.strip()}
    return tuple(
        CaptureFault(Fault.PRINT_MISSING, capture.code)
        for capture in rule.prints
        if capture.position not in captured.prints and not described.issuperset(capture.fingers)
    )


def _iris_faults(rule: CaptureRule, captured: Captured) -> tuple[CaptureFault, ...]:
    if not rule.irises:
        return (CaptureFault(Fault.IRIS_NOT_ALLOWED),) if captured.irises else ()
    described = {code for code, why in captured.missing_irises.items() if why.strip()}
    have = captured.irises | described
    return tuple(CaptureFault(Fault.IRIS_MISSING, iris.code) for iris in rule.irises if iris.code not in have)


def _representative_faults(rule: CaptureRule, captured: Captured) -> tuple[CaptureFault, ...]:
    if not rule.representative and not captured.lost_capacity:
        return ()
    if captured.representative is None:
        return (CaptureFault(Fault.REPRESENTATIVE_MISSING),)
    return tuple(CaptureFault(Fault.REPRESENTATIVE_INCOMPLETE, name) for name in captured.representative.missing)
