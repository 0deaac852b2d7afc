"""Who the members of a family are: names, birth dates, origin, work, school and phone, all drawn and none real.

Names follow the family: children carry the father's family name, brothers and sisters have different given names;
marital status agrees with who lives here. Shares are assumptions set free, listed at the top; phone numbers all
begin with 055, a range without a network of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from muster.kernel.dates import PartialDate, birthday
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState
from muster.register.sensitive import Relative
from muster.register.words import Marital, Relation
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted, by_age
from muster.rehearsal.people.families import ADULT, Household, Member
from muster.units.reference import TODAY_FROM

# Assumed shares; those by age hold from the age before them on.
YEAR_ONLY = by_age((0, 0.002), (40, 0.02), (60, 0.08), (75, 0.2))  # known by the year of birth alone
MONTH_ONLY = 0.006
TRADITIONAL_MIDDLE = by_age((0, 0.02), (35, 0.25), (50, 0.6))  # Văn and Thị
OTHER_NAME = 0.005
HAS_PHONE = by_age((0, 0.0), (12, 0.45), (16, 0.9), (60, 0.7), (75, 0.35))
BORN_ELSEWHERE = 0.07
NATIVE_ELSEWHERE = 0.12
MOVED_IN = by_age((0, 0.03), (18, 0.12), (25, 0.3))
MOVED_IN_AT_MARRIAGE = 0.7  # of those who married into the household
WIDOWED = by_age((0, 0.0), (35, 0.04), (45, 0.15), (60, 0.6), (75, 0.85))  # of those without a spouse at home
DIVORCED = by_age((0, 0.0), (25, 0.05), (35, 0.2), (45, 0.3), (60, 0.2), (75, 0.05))
UNCLEANED = 0.004  # nothing is known of where the birth is registered
NOT_NUMBERED = by_age((0, 0.12), (1, 0.01))
CONFIRMED = 0.8  # confirmed by an officer within the last year
CONFIRMED_DAYS = 365
HAS_BLOOD_GROUP = 0.05
PARENTS_ON_PAPER = 0.2  # of those whose parents do not live with them
AWAY: tuple[tuple[LifeStatus, float], ...] = (  # of grown-ups who head no household
    (LifeStatus.ABROAD, 0.006),
    (LifeStatus.ADDRESS_UNKNOWN, 0.003),
    (LifeStatus.IN_PRISON, 0.001),
)
ETHNICITY = Weighted.of({"Kinh": 985.0, "Tày": 4.0, "Mường": 4.0, "Nùng": 2.0, "Hoa": 2.0, "Dao": 1.5, "Thái": 1.5})
RELIGION = Weighted.of({"Không": 860.0, "Phật giáo": 70.0, "Công giáo": 65.0, "Tin lành": 5.0})
BLOOD_GROUP = Weighted.of({"O": 42.0, "B": 30.0, "A": 21.0, "AB": 7.0})
BIRTH_PAPER = {"day": "Giấy khai sinh", "month": "Sổ hộ khẩu", "year": "Giấy CMND"}


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
STAYS_AT_SCHOOL, STUDIES = 0.85, 0.4
GROWN_FOR_WORK, DONE_WITH_STUDIES = 18, 23
PENSION_AGE_MAN, PENSION_AGE_WOMAN, PENSIONED = 62, 60, 0.7
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
OFFICES = ("Ủy ban nhân dân", "Trạm Y tế", "Trường Tiểu học", "Trường THCS", "Quỹ tín dụng", "Bưu điện")
COLLEGES = ("Trường Đại học Sư phạm", "Trường Cao đẳng nghề", "Trường Cao đẳng Y tế", "Trường Đại học Kỹ thuật")


@dataclass(frozen=True, slots=True)
class Place:
    """Where households live: the commune, and the provinces, by unit, where births are registered.

    ``province`` is the home province, ``todays`` the one where births of today are registered; ``others`` are the
    provinces other people come from.
    """

    commune: str
    province: int
    todays: int
    others: Weighted[int]


@dataclass(slots=True, eq=False)
class Identity:
    """What one synthetic person is; ``member`` ties it to the family. A province of 0 is not known."""

    member: Member
    name: str
    other_name: str
    birth: PartialDate
    born_on: date
    registered_at: int
    native: int
    moved_in: date | None
    marital: Marital
    occupation: Occupation
    organisation: str
    life: LifeStatus
    number_state: NumberState
    confirmed_days_ago: int  # 0: never
    phone: str
    ethnicity: str
    religion: str
    blood_group: str
    relatives: tuple[Relative, ...]


def identities(household: Household, place: Place, on: date, random: Random) -> list[Identity]:
    """Return who the members of a household are on a day, the head first."""
    draw = random.random
    names = _names(household, random)
    born = _birthdays(household, on, random)
    natives = _natives(household, place, random)
    parents = {parent for member in household.members for parent in (member.father, member.mother)}
    ethnicity, religion = ETHNICITY.draw(random), RELIGION.draw(random)
    told = []
    for member in household.members:
        age, born_on = member.age, born[member]
        occupation, organisation = _occupation(member, place, random)
        clean = draw() >= UNCLEANED
        told.append(
            Identity(
                member=member,
                name=names[member],
                other_name=_given(member, set(), random) if draw() < OTHER_NAME else "",
                birth=as_papers_say(born_on, age, random),
                born_on=born_on,
                registered_at=_registered_at(born_on, place, random) if clean else 0,
                native=natives[member],
                moved_in=_moved_in(member, born_on, on, random),
                marital=_marital(member, member in parents, random),
                occupation=occupation,
                organisation=organisation,
                life=_life(member, random),
                number_state=_number_state(age, random) if clean else NumberState.UNCLEANED,
                confirmed_days_ago=_confirmed_days_ago((on - born_on).days, random),
                phone=f"055{int(draw() * 10_000_000):07}" if draw() < HAS_PHONE[age] else "",
                ethnicity=ethnicity,
                religion=religion,
                blood_group=BLOOD_GROUP.draw(random) if draw() < HAS_BLOOD_GROUP else "",
                relatives=_absent_parents(member, names[member], random) if draw() < PARENTS_ON_PAPER else (),
            )
        )
    return told


def _names(household: Household, random: Random) -> dict[Member, str]:
    """Name the oldest first, so that children find their father named."""
    names: dict[Member, str] = {}
    taken: dict[Member, set[str]] = {}  # by parent: given names of the parents and their children, all different
    for member in sorted(household.members, key=lambda one: -one.age):
        father = names.get(member.father) if member.father else None
        family = father.split(" ", 1)[0] if father else census.names("family", male=member.male).draw(random)
        of_family = [taken[parent] for parent in (member.father, member.mother) if parent in taken]
        own = _given(member, set().union(*of_family), random)
        taken[member] = {own}
        for others in of_family:
            others.add(own)
        middle = _middle(member, random)
        names[member] = f"{family} {middle} {own}" if middle else f"{family} {own}"
    return names


def _middle(member: Member, random: Random) -> str:
    if random.random() < TRADITIONAL_MIDDLE[member.age]:
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
    return turned - timedelta(days=int(random.random() * 365))


def as_papers_say(born_on: date, age: int, random: Random) -> PartialDate:
    """Return as much of a birth date as papers know."""
    chance = random.random()
    if chance < YEAR_ONLY[age]:
        return PartialDate(born_on.year)
    if chance > 1 - MONTH_ONLY:
        return PartialDate(born_on.year, born_on.month)
    return PartialDate.of(born_on)


def _registered_at(born_on: date, place: Place, random: Random) -> int:
    if born_on >= TODAY_FROM:
        return place.todays
    return place.others.draw(random) if random.random() < BORN_ELSEWHERE else place.province


def _natives(household: Household, place: Place, random: Random) -> dict[Member, int]:
    """Return the province each comes from, 0 for this commune: a child's is the father's, else the mother's."""
    natives: dict[Member, int] = {}
    for member in sorted(household.members, key=lambda one: -one.age):
        known = [natives[parent] for parent in (member.father, member.mother) if parent in natives]
        drawn = place.others.draw(random) if random.random() < NATIVE_ELSEWHERE else 0
        natives[member] = known[0] if known else drawn
    return natives


def _moved_in(member: Member, born_on: date, on: date, random: Random) -> date | None:
    """Return the day somebody moved here: who married into the household as a grown-up, others at any age."""
    married_in = member.relation in {Relation.SPOUSE, Relation.CHILD_IN_LAW}
    if random.random() >= (MOVED_IN_AT_MARRIAGE if married_in else MOVED_IN[member.age]):
        return None
    first = birthday(born_on, ADULT) if married_in else born_on
    return first + timedelta(days=int(random.random() * (on - first).days))


def _marital(member: Member, parent: bool, random: Random) -> Marital:  # noqa: FBT001 - a fact of the member
    """Return the marital status: that of married people is their spouse here, that of lone parents is no longer."""
    if member.spouse:
        return Marital.MARRIED
    if member.age < 14:  # noqa: PLR2004 - the register's form asks from 14 on
        return Marital.UNKNOWN
    chance = random.random()
    if chance < WIDOWED[member.age]:
        return Marital.WIDOWED
    if parent or chance < WIDOWED[member.age] + DIVORCED[member.age]:
        return Marital.DIVORCED
    return Marital.SINGLE


def _life(member: Member, random: Random) -> LifeStatus:
    if member.age < ADULT or member.relation is Relation.HEAD:
        return LifeStatus.ALIVE
    chance = random.random()
    for life, part in AWAY:
        chance -= part
        if chance < 0:
            return life
    return LifeStatus.ALIVE


def _number_state(age: int, random: Random) -> NumberState:
    return NumberState.ELIGIBLE if random.random() < NOT_NUMBERED[age] else NumberState.NUMBERED


def _absent_parents(member: Member, name: str, random: Random) -> tuple[Relative, ...]:
    """Return the parents the papers name of somebody who has none of them here."""
    if member.father or member.mother:
        return ()
    father = f"{name.split(' ', 1)[0]} Văn {census.names('given', male=True).draw(random)}"
    family, given = (census.names(part, male=False).draw(random) for part in ("family", "given"))
    return Relative(role="father", name=father), Relative(role="mother", name=f"{family} Thị {given}")


def _confirmed_days_ago(days_old: int, random: Random) -> int:
    """Return how many days ago an officer confirmed what is known of somebody, since the birth; 0 for never."""
    days = 1 + int(random.random() * CONFIRMED_DAYS)
    return days if days < days_old and random.random() < CONFIRMED else 0


def _occupation(member: Member, place: Place, random: Random) -> tuple[Occupation, str]:
    age, draw = member.age, random.random
    if age < SCHOOLS[0][0]:
        return Occupation.AT_HOME, ""
    if age < GROWN_FOR_WORK and (age < SCHOOLS[-1][0] or draw() < STAYS_AT_SCHOOL):
        school = next(name for first_age, name in reversed(SCHOOLS) if age >= first_age)
        return Occupation.PUPIL, f"{school} {place.commune}"
    if age < DONE_WITH_STUDIES and draw() < STUDIES:
        return Occupation.STUDENT, _one(COLLEGES, random)
    if age >= (PENSION_AGE_MAN if member.male else PENSION_AGE_WOMAN):
        return (Occupation.RETIRED if draw() < PENSIONED else Occupation.FARMER), ""
    occupation = WORKING.draw(random)
    if occupation is Occupation.WORKER:
        return occupation, f"Công ty {_one(COMPANIES, random)} {_one(COMPANY_NAMES, random)}"
    return occupation, f"{_one(OFFICES, random)} {place.commune}" if occupation is Occupation.OFFICE else ""


def _one(words: Sequence[str], random: Random) -> str:
    return words[int(random.random() * len(words))]
