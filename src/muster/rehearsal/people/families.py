"""Families that make sense: the census' ages, put together as couples, children, grandparents and people alone.

The ages of a commune are drawn first and exactly; families are then made out of them, so the age pyramid stays
the census'. What is fixed by nature or law always holds: a mother is 18 to 42 years older than her child, a father
17 to 60, brothers and sisters are at least two years apart or twins, a household has one head, an adult where there
is one. Shares (who is married, who lives with whom) are set free: they are assumptions, listed here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Self

from muster.register.words import Relation
from muster.rehearsal.people.census import by_age

ADULT = 18
MOTHER_GAP = range(18, 43)  # years between a mother and her child
FATHER_GAP = range(17, 61)
MEAN_MOTHER_GAP, SPREAD_MOTHER_GAP = 27.0, 4.5
SIBLING_GAP = 2
COUPLE_GAP = 15
MAX_CHILDREN = (1, 2, 2, 2, 2, 3, 3, 4)  # drawn evenly: how many children a couple raises at most
TWIN_CHANCE = 0.04  # when two children of one age meet in a family: about one birth in ninety

# Assumed shares, by the first age they hold for.
MALE_SHARE = by_age((0, 0.525), (15, 0.505), (50, 0.485), (60, 0.46), (70, 0.41), (80, 0.34))
MARRIED_WOMEN = by_age((0, 0.0), (18, 0.12), (20, 0.42), (25, 0.80), (30, 0.93), (60, 0.76), (75, 0.45))
LIVES_WITH_PARENTS = by_age((0, 0.97), (23, 0.75), (28, 0.55), (35, 0.4), (45, 0.25))
STAYS_WHEN_MARRIED = by_age((0, 0.6), (25, 0.4), (30, 0.25), (40, 0.1))
ELDERLY, ELDERLY_WITH_FAMILY = 60, 0.75


@dataclass(slots=True, eq=False)
class Member:
    """One person of a household: age in whole years, sex, relation to the head, and the family known of them."""

    age: int
    male: bool
    relation: Relation = Relation.HEAD
    father: "Member | None" = None
    mother: "Member | None" = None
    spouse: "Member | None" = None
    twin: "Member | None" = None


@dataclass(slots=True, eq=False)
class Household:
    """People who live together; the first is the head."""

    members: list[Member]
    room: int = 0  # children it may still raise
    children: list[Member] = field(default_factory=list)

    @classmethod
    def of(cls, head: Member, *others: Member) -> Self:
        """Return a household of a head and others."""
        return cls([head, *others])


def families(ages: Sequence[int], random: Random) -> list[Household]:
    """Put the people of a commune, one for each age given, into households.

    :param ages: the age in whole years of every person; the households hold exactly these
    """
    people = [Member(age, random.random() < MALE_SHARE[age]) for age in ages]
    random.shuffle(people)
    couples, singles = _couples(people, random)
    households = [_household_of_couple(man, woman, random) for man, woman in couples]
    children = [person for person in singles if person.age < ADULT]
    adults = [person for person in singles if person.age >= ADULT]
    stays: list[Member] = []
    alone: list[Member] = []
    for person in adults:
        (stays if random.random() < LIVES_WITH_PARENTS[person.age] else alone).append(person)
    orphans = _raise_children([*children, *stays], households, random)
    households = _young_couples_move_in(households, random)
    alone = _elderly_move_in(alone, households, random)
    households += [Household.of(person) for person in [*alone, *(grown for grown in orphans if grown.age >= ADULT)]]
    _take_in([child for child in orphans if child.age < ADULT], households, random)
    return households


def _couples(people: list[Member], random: Random) -> tuple[list[tuple[Member, Member]], list[Member]]:
    """Marry women and men of about the same rank of age; return the couples and everybody else."""
    brides = [one for one in people if not one.male and random.random() < MARRIED_WOMEN[one.age]]
    grooms = [one for one in people if one.male and one.age >= ADULT + 2]
    brides.sort(key=lambda woman: woman.age + random.gauss(0, 2))
    grooms.sort(key=lambda man: man.age - 3 + random.gauss(0, 2))
    spare = max(len(grooms) - len(brides), 0)
    left_over = set(random.sample(range(len(grooms)), spare)) if spare else set()
    matched = [man for place, man in enumerate(grooms) if place not in left_over]
    couples = []
    for woman, man in zip(brides, matched, strict=False):
        if abs(woman.age - man.age) <= COUPLE_GAP:
            woman.spouse, man.spouse = man, woman
            couples.append((man, woman))
    return couples, [person for person in people if person.spouse is None]


def _household_of_couple(man: Member, woman: Member, random: Random) -> Household:
    woman.relation = Relation.SPOUSE
    household = Household.of(man, woman)
    household.room = random.choice(MAX_CHILDREN)
    return household


def _raise_children(children: list[Member], households: list[Household], random: Random) -> list[Member]:
    """Give each child to a couple whose ages fit; return those for whom none was left."""
    by_age: dict[int, list[Household]] = defaultdict(list)
    for household in households:
        by_age[household.members[1].age].append(household)
    children.sort(key=lambda child: -child.age)
    without = []
    for child in children:
        home = _home_for(child, by_age, random)
        if home is None:
            without.append(child)
        else:
            _add_child(home, child)
    return without


def _home_for(child: Member, by_age: dict[int, list[Household]], random: Random) -> Household | None:
    wanted = child.age + int(random.gauss(MEAN_MOTHER_GAP, SPREAD_MOTHER_GAP))
    for age in _nearest(wanted, child.age + MOTHER_GAP.start, child.age + MOTHER_GAP.stop - 1):
        homes = by_age.get(age)
        if not homes:
            continue
        for _ in range(min(len(homes), 4)):
            place = random.randrange(len(homes))
            home = homes[place]
            if home.room <= len(home.children):
                homes[place] = homes[-1]
                homes.pop()
                if not homes:
                    break
            elif _fits(home, child, random):
                return home
    return None


def _nearest(wanted: int, lowest: int, highest: int) -> Iterator[int]:
    """Yield all ages from lowest to highest, those nearest to the wanted one first."""
    wanted = min(max(wanted, lowest), highest)
    yield wanted
    for step in range(1, highest - lowest + 1):
        if wanted + step <= highest:
            yield wanted + step
        if wanted - step >= lowest:
            yield wanted - step


def _fits(home: Household, child: Member, random: Random) -> bool:
    father = home.members[0]
    if father.age - child.age not in FATHER_GAP:
        return False
    for other in home.children:
        if other.age == child.age and other.twin is None and child.twin is None and random.random() < TWIN_CHANCE:
            other.twin, child.twin = child, other
        elif abs(other.age - child.age) < SIBLING_GAP:
            return False
    return True


def _add_child(home: Household, child: Member) -> None:
    father, mother = home.members[:2]
    child.father, child.mother, child.relation = father, mother, Relation.CHILD
    home.children.append(child)
    home.members.append(child)


def _young_couples_move_in(households: list[Household], random: Random) -> list[Household]:
    """Let some young couples live with the husband's parents: three generations under one roof."""
    hosts: dict[int, list[Household]] = defaultdict(list)
    for household in households:
        hosts[household.members[1].age].append(household)
    stay = []
    for household in households:
        man = household.members[0]
        moves = random.random() < STAYS_WHEN_MARRIED[man.age]
        host = _host(man, hosts, random) if moves else None
        if host is None:
            stay.append(household)
        else:
            _join(host, household)
    return stay


def _host(man: Member, hosts: dict[int, list[Household]], random: Random) -> Household | None:
    """Return a couple that can be the man's parents and has no grown child with a family at home yet."""
    for age in _nearest(man.age + 25, man.age + MOTHER_GAP.start, man.age + MOTHER_GAP.stop - 1):
        candidates = hosts.get(age)
        if not candidates:
            continue
        host = candidates.pop(random.randrange(len(candidates)))
        gaps_hold = all(abs(child.age - man.age) >= SIBLING_GAP for child in host.children)
        if gaps_hold and host.members[0].age - man.age in FATHER_GAP and host.members[0].relation is Relation.HEAD:
            return host
    return None


def _join(host: Household, guest: Household) -> None:
    man, woman, *children = guest.members
    man.father, man.mother = host.members[:2]
    man.relation, woman.relation = Relation.CHILD, Relation.CHILD_IN_LAW
    for child in children:
        child.relation = Relation.GRANDCHILD
    host.children.append(man)
    host.members += guest.members


def _elderly_move_in(alone: list[Member], households: list[Household], random: Random) -> list[Member]:
    """Let part of the elderly who are alone live with a couple that can be their child's; return the others."""
    by_age: dict[int, list[Household]] = defaultdict(list)
    for household in households:
        by_age[household.members[0].age].append(household)
    still_alone = []
    for person in alone:
        home = None
        if person.age >= ELDERLY and random.random() < ELDERLY_WITH_FAMILY:
            home = _child_of(person, by_age, random)
        if home is None:
            still_alone.append(person)
        else:
            person.relation = Relation.PARENT
            home.members.append(person)
    return still_alone


def _child_of(parent: Member, by_age: dict[int, list[Household]], random: Random) -> Household | None:
    gap = FATHER_GAP if parent.male else MOTHER_GAP
    for age in _nearest(parent.age - 26, max(parent.age - gap.stop + 1, ADULT), parent.age - gap.start):
        homes = by_age.get(age)
        if not homes:
            continue
        home = homes.pop(random.randrange(len(homes)))
        head = home.members[0]
        if head.father is None and head.mother is None:
            head.father, head.mother = (parent, None) if parent.male else (None, parent)
            return home
    return None


def _take_in(children: list[Member], households: list[Household], random: Random) -> None:
    """Give children for whom no parents were left a home with an adult, as a relative or ward."""
    homes = [home for home in households if home.members[0].age >= ADULT]
    for child in children:
        child.relation = Relation.OTHER if homes else Relation.HEAD
        if homes:
            random.choice(homes).members.append(child)
        else:
            households.append(Household.of(child))
