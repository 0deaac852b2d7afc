"""From families to the rows a register takes in: villages are drawn, then numbered, then written as rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from muster.kernel.clock import ZONE
from muster.kernel.numbers import Sex, block_of
from muster.law.cards import CardType
from muster.law.numbers import NumberState
from muster.register.rows import CardRow, HouseholdRow, PersonRow
from muster.register.sensitive import Sensitive
from muster.register.words import Kinship
from muster.rehearsal.people import census
from muster.rehearsal.people.census import Weighted
from muster.rehearsal.people.families import ADULT, Household, Member, families
from muster.rehearsal.people.hamlets import Hamlet, spread
from muster.rehearsal.people.ids import Ids
from muster.rehearsal.people.papers import PLACES_OF_OLD_NUMBERS, old_number, papers
from muster.rehearsal.people.persons import BIRTH_PAPER, Identity, Place, identities
from muster.rehearsal.people.places import Commune

SECOND_OLD_NUMBERS_FROM = PLACES_OF_OLD_NUMBERS // 2
ADDRESSES = ("Số {house}, ngõ {lane}", "Số {house}", "Ngõ {lane}", "Xóm {lane}, số {house}")
LANES, HOUSES = 12, 90
OFFICE_HOUR = time(9)  # when an officer confirmed the data

Numbers = Mapping[str, Iterator[str]]  # by block


@dataclass(frozen=True, slots=True)
class Draw:
    """What one run draws from: the seed, the day, and the provinces of `places.Plan`."""

    seed: int
    on: date
    origins: Mapping[int, int]
    prefixes: Mapping[int, str]
    titles: Mapping[int, str]

    def stream(self, of: str) -> Random:
        """Return the random numbers of one thing, the same in every run with this seed."""
        return Random(f"{self.seed} {of}")


@dataclass(frozen=True, slots=True, eq=False)
class Village:
    """The households of one hamlet; its people bear the ordinals from ``first`` on in their commune."""

    commune: Commune
    hamlet: Hamlet
    first: int
    households: Sequence[Household]

    @property
    def people(self) -> int:
        """How many people live there."""
        return sum(len(household.members) for household in self.households)


def villages(commune: Commune, hamlets: Sequence[Hamlet], draw: Draw) -> list[Village]:
    """Draw the families of a commune and give each a hamlet."""
    random = draw.stream(f"families of {place_of(commune)}")
    households = families(census.ages(commune.by_group, random), random)
    random.shuffle(households)
    found, first = [], 0
    for hamlet, living in zip(hamlets, spread(households, hamlets, f"{draw.seed}"), strict=True):
        village = Village(commune, hamlet, first, living)
        first += village.people
        found.append(village)
    return found


def place_of(place: Commune | Hamlet) -> str:
    """Return what names a unit for ever: its code and its first day."""
    return f"{place.code}@{place.valid_from}"


def ids_of(commune: Commune, seed: int) -> Ids:
    """Return the ids of a commune's people."""
    return Ids(f"{seed} {place_of(commune)}")


def drawn(village: Village, draw: Draw) -> list[list[Identity]]:
    """Draw who lives in a village, household by household."""
    commune = village.commune
    others = Weighted.of({one: float(people) for one, people in draw.origins.items() if one != commune.home_province})
    place = Place(commune.name, commune.home_province, commune.province, others)
    random = draw.stream(f"people of {place_of(village.hamlet)}")
    return [identities(household, place, draw.on, random) for household in village.households]


def blocks(homes: Sequence[Sequence[Identity]], draw: Draw) -> Iterator[str]:
    """Yield the block of every number these people need."""
    for home in homes:
        for one in home:
            if block := _block(one, draw):
                yield block


def _block(one: Identity, draw: Draw) -> str:
    if one.number_state is not NumberState.NUMBERED:
        return ""
    sex = Sex.MALE if one.member.male else Sex.FEMALE
    return block_of(draw.prefixes[one.registered_at], sex, one.birth.year)


def rows(
    village: Village, homes: Sequence[Sequence[Identity]], numbers: Numbers, draw: Draw
) -> tuple[list[HouseholdRow], list[PersonRow]]:
    """Return the rows of a village whose people have been drawn, with the numbers reserved for them."""
    writer = _Writer(village, numbers, draw)
    households: list[HouseholdRow] = []
    persons: list[PersonRow] = []
    for home in homes:
        household, members = writer.home(home, village.first + len(persons))
        households.append(household)
        persons += members
    return households, persons


class _Writer:
    """Writes the rows of one village."""

    def __init__(self, village: Village, numbers: Numbers, draw: Draw) -> None:
        commune = village.commune
        self._commune, self._hamlet, self._numbers, self._draw = commune, village.hamlet.unit, numbers, draw
        self._ids = ids_of(commune, draw.seed)
        self._random = draw.stream(f"papers of {place_of(village.hamlet)}")
        province = draw.titles[commune.home_province]
        self._province = province[:1].lower() + province[1:]  # as in "Công an tỉnh Hải Dương"
        self._opens = datetime.combine(draw.on, OFFICE_HOUR, ZONE)

    def home(self, home: Sequence[Identity], first: int) -> tuple[HouseholdRow, list[PersonRow]]:
        """Return the rows of a household whose members bear the ordinals from ``first`` on."""
        ids = {one.member: self._ids.person(first + place) for place, one in enumerate(home)}
        household = HouseholdRow(
            id=self._ids.household(first),
            unit=self._hamlet,
            head=ids[home[0].member],
            file_no=f"{self._commune.code}-{first:06}",
        )
        chance = self._random.random
        address = ADDRESSES[int(chance() * len(ADDRESSES))].format(
            house=1 + int(chance() * HOUSES), lane=1 + int(chance() * LANES)
        )
        persons = [self._person(one, household, first + place, ids, address) for place, one in enumerate(home)]
        return household, persons

    def _person(
        self, one: Identity, household: HouseholdRow, ordinal: int, ids: Mapping[Member, UUID], address: str
    ) -> PersonRow:
        block = _block(one, self._draw)
        number = next(self._numbers[block]) if block else ""
        cards = self._cards(one, number, ordinal)
        commune, precision = self._commune, one.birth.precision
        return PersonRow(
            id=ids[one.member],
            name=one.name,
            other_name=one.other_name,
            sex=Sex.MALE if one.member.male else Sex.FEMALE,
            birth=one.birth,
            birth_paper=BIRTH_PAPER[precision],
            unit=self._hamlet,
            household=household.id,
            relation=one.member.relation,
            number=number,
            old_numbers=tuple(card.number for card in cards if card.type is CardType.CMND_9),
            cards=cards,
            kin=_kin(one.member, household.head, ids),
            birth_unit=one.registered_at or None,
            registered_unit=one.registered_at or None,
            native_unit=one.native or commune.home,
            marital=one.marital,
            resident_since=one.moved_in or (one.born_on if precision == "day" else None),
            life=one.life,
            occupation=one.occupation.value,
            organisation=one.organisation,
            sensitive=self._sensitive(one, address),
            confirmed_at=self._opens - timedelta(one.confirmed_days_ago) if one.confirmed_days_ago else None,
        )

    def _cards(self, one: Identity, number: str, ordinal: int) -> tuple[CardRow, ...]:
        place = self._commune.before + ordinal
        seed = self._draw.seed
        old = old_number(place, seed), old_number(place + SECOND_OLD_NUMBERS_FROM, seed)
        held = papers(one.birth, number, old, self._province, self._draw.on, self._random)
        return tuple(
            CardRow(
                id=self._ids.card(ordinal, place), type=paper.type, number=paper.number, issued_on=paper.issued_on,
                expires_on=paper.expires_on, issued_by=paper.issued_by,
            )
            for place, paper in enumerate(held)
        )  # fmt: skip

    def _sensitive(self, one: Identity, address: str) -> Sensitive:
        return Sensitive(
            phone=one.phone,
            address=address,
            native_place=self._draw.titles[one.native] if one.native else self._commune.home_title,
            ethnicity=one.ethnicity,
            religion=one.religion,
            blood_group=one.blood_group,
            relatives=one.relatives,
        )


def _kin(member: Member, head: UUID, ids: Mapping[Member, UUID]) -> tuple[tuple[Kinship, UUID], ...]:
    """Return the ties of a member; a minor who lives with others has the head as representative."""
    ties = [
        (kinship, ids[other])
        for kinship, other in (
            (Kinship.FATHER, member.father), (Kinship.MOTHER, member.mother), (Kinship.SPOUSE, member.spouse),
        )
        if other
    ]  # fmt: skip
    if not ties and member.age < ADULT and ids[member] != head:
        ties = [(Kinship.REPRESENTATIVE, head)]
    return tuple(ties)
