"""Who the members of a family are: names, birth dates, papers, work, school and phone, all drawn and none real.

Names follow the family: children carry the father's family name, brothers and sisters have different given names.
Shares here are assumptions set free, listed at the top; phone numbers all begin with 055, a range without a
network of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from muster.kernel.dates import PartialDate
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted
from muster.rehearsal.people.families import Household, Member

YEAR_ONLY = ((0, 0.002), (40, 0.02), (60, 0.08), (75, 0.2))  # known by the year of birth alone, by age
MONTH_ONLY = 0.006
TRADITIONAL_MIDDLE = ((0, 0.02), (35, 0.25), (50, 0.6))  # Văn and Thị, by age
HAS_PHONE = ((0, 0.0), (12, 0.45), (16, 0.9), (60, 0.7), (75, 0.35))
BORN_ELSEWHERE = 0.07
NO_CARD_SHARE = 0.04
CHIPLESS_CARD_FROM = date(2016, 1, 1)  # Law 59/2014: the 12-digit card with a bar code
FIRST_CARD_AGE = 14
CMND_YEARS = 15
ETHNICITY = Weighted.of({"Kinh": 985.0, "Tày": 4.0, "Mường": 4.0, "Nùng": 2.0, "Hoa": 2.0, "Dao": 1.5, "Thái": 1.5})
RELIGION = Weighted.of({"Không": 860.0, "Phật giáo": 70.0, "Công giáo": 65.0, "Tin lành": 5.0})


class Occupation(StrEnum):
    """What somebody does by day, as the survey groups people (field notes 2)."""

    AT_HOME = "at_home"
    PUPIL = "pupil"
    STUDENT = "student"
    FARMER = "farmer"
    WORKER = "worker"
    OFFICE = "office"
    TRADE = "trade"
    RETIRED = "retired"


SCHOOLS = ((6, "Trường Tiểu học"), (11, "Trường THCS"), (15, "Trường THPT"))
WORKING = Weighted.of(
    {
        Occupation.FARMER: 30.0,
        Occupation.WORKER: 30.0,
        Occupation.OFFICE: 14.0,
        Occupation.TRADE: 18.0,
        Occupation.AT_HOME: 8.0,
    }
)
COMPANIES = ("May", "Giày da", "Điện tử", "Cơ khí", "Gốm sứ", "Bao bì", "Thực phẩm", "Dây cáp điện")
COMPANY_NAMES = ("Sao Mai", "Bình Minh", "Hồng Hà", "Thái Dương", "An Phát", "Đại Thành", "Tân Tiến", "Phú Cường")


@dataclass(frozen=True, slots=True)
class Paper:
    """One identity paper: its kind (``cmnd``, ``cccd_barcode``), number and days of issue and expiry."""

    kind: str
    number: str
    issued: date
    expires: date | None


@dataclass(slots=True, eq=False)
class Identity:
    """What one synthetic person is; ``member`` ties it to the family."""

    member: Member
    name: str
    birth: PartialDate
    born_on: date
    registered_at: str  # code of the province of birth registration
    occupation: Occupation
    organisation: str
    phone: str
    ethnicity: str
    religion: str
    card: Paper | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household lives: commune and province, for schools and numbers; the other provinces people come from."""

    commune: str
    province: str
    others: Weighted[str]


def identities(household: Household, place: Place, on: date, random: Random) -> list[Identity]:
    """Return who the members of a household are on a day, the head first."""
    names = _names(household, random)
    born = _birthdays(household, on, random)
    return [_identity(member, names[member], born[member], place, random) for member in household.members]


def _identity(member: Member, name: str, born_on: date, place: Place, random: Random) -> Identity:
    occupation, organisation = _occupation(member, place, random)
    return Identity(
        member=member,
        name=name,
        birth=_as_papers_say(born_on, member.age, random),
        born_on=born_on,
        registered_at=place.others.draw(random) if random.random() < BORN_ELSEWHERE else place.province,
        occupation=occupation,
        organisation=organisation,
        phone=f"055{random.randrange(10_000_000):07}" if random.random() < _share(HAS_PHONE, member.age) else "",
        ethnicity=ETHNICITY.draw(random),
        religion=RELIGION.draw(random),
    )


def _share(table: Sequence[tuple[int, float]], age: int) -> float:
    return next((share for first_age, share in reversed(table) if age >= first_age), 0.0)


def _names(household: Household, random: Random) -> dict[Member, str]:
    """Name the oldest first, so that children find their father named."""
    names: dict[Member, str] = {}
    for member in sorted(household.members, key=lambda one: -one.age):
        father = names.get(member.father) if member.father else None
        family = father.split(" ", 1)[0] if father else census.names("family", male=member.male).draw(random)
        siblings = {names[other].rsplit(" ", 1)[1] for other in names if other.father is member.father is not None}
        names[member] = " ".join(filter(None, (family, _middle(member, random), _given(member, siblings, random))))
    return names


def _middle(member: Member, random: Random) -> str:
    if random.random() < _share(TRADITIONAL_MIDDLE, member.age):
        return "Văn" if member.male else "Thị"
    middle = census.names("middle", male=member.male).draw(random)
    return "" if middle == census.NO_MIDDLE else middle


def _given(member: Member, taken: set[str], random: Random) -> str:
    draw = census.names("given", male=member.male)
    for _ in range(20):
        given = draw.draw(random)
        if given not in taken:
            return given
    return given


def _birthdays(household: Household, on: date, random: Random) -> dict[Member, date]:
    """Draw a birthday for each; twins share theirs."""
    born: dict[Member, date] = {}
    for member in household.members:
        twin = born.get(member.twin) if member.twin else None
        born[member] = twin or _birthday(member.age, on, random)
    return born


def _birthday(age: int, on: date, random: Random) -> date:
    """Return a birth date on which somebody is of that age on the day ``on``."""
    month, day = (on.month, on.day) if (on.month, on.day) != (2, 29) else (2, 28)
    turned = date(on.year - age, month, day)
    return turned - timedelta(days=random.randrange(365))


def _as_papers_say(born_on: date, age: int, random: Random) -> PartialDate:
    chance = random.random()
    if chance < _share(YEAR_ONLY, age):
        return PartialDate(born_on.year)
    if chance > 1 - MONTH_ONLY:
        return PartialDate(born_on.year, born_on.month)
    return PartialDate.of(born_on)


def _occupation(member: Member, place: Place, random: Random) -> tuple[Occupation, str]:
    age = member.age
    if age < SCHOOLS[0][0]:
        return Occupation.AT_HOME, ""
    if age < 18 and (age < 15 or random.random() < 0.85):  # noqa: PLR2004 - school ages
        school = next(name for first_age, name in reversed(SCHOOLS) if age >= first_age)
        return Occupation.PUPIL, f"{school} {place.commune}"
    if age < 23 and random.random() < 0.4:  # noqa: PLR2004 - university ages
        return Occupation.STUDENT, ""
    if age >= (62 if member.male else 60):
        return (Occupation.RETIRED if random.random() < 0.7 else Occupation.FARMER), ""  # noqa: PLR2004
    occupation = WORKING.draw(random)
    return occupation, _company(random) if occupation is Occupation.WORKER else ""


def _company(random: Random) -> str:
    return f"Công ty {random.choice(COMPANIES)} {random.choice(COMPANY_NAMES)}"


def papers(person: Identity, on: date, numbers: Iterator[str], personal_number: str, random: Random) -> Paper | None:
    """Return the identity paper somebody holds on a day before chip cards: none, the old CMND or the bar-code card.

    ``numbers`` gives 9-digit numbers nobody else holds.
    """
    years_entitled = person.member.age - FIRST_CARD_AGE
    if years_entitled < 0 or random.random() < NO_CARD_SHARE or (years_entitled == 0 and random.random() < 0.7):  # noqa: PLR2004
        return None
    issued = on - timedelta(days=random.randrange(1, min(years_entitled + 1, CMND_YEARS + 5) * 365))
    if issued >= CHIPLESS_CARD_FROM and random.random() < 0.6:  # noqa: PLR2004
        return Paper("cccd_barcode", personal_number, issued, None)
    return Paper("cmnd", next(numbers), issued, issued + timedelta(days=CMND_YEARS * 365 + 4))
