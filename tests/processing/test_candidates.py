"""The keys against every pair: what all pairs of a small crowded register say, by plain Python, the keys find."""

import random
from itertools import combinations

from django.db import connection

from muster.kernel.names import ascii_key, syllable_key
from muster.processing import queries
from muster.processing.likeness import Side, asked, signs
from muster.processing.words import Sign
from tests.processing.conftest import AN_LAM, HAMLET, HOP_TIEN, person, taken

FAMILIES, MIDDLES, GIVEN = ("Nguyễn", "Nguyên", "Trần"), ("Văn", "Vân", ""), ("Hoà", "Hòa", "Hoàn", "Hoa", "An", "Lan")
BIRTHS = ("1/3/1975", "3/1/1975", "3/1975", "1/1975", "1975", "1/1/1975", "2/3/1975", "1/3/1976", "12/12/1976")
REACHED = {Sign.SAME_NAME, Sign.SAME_LETTERS}  # by every key; a near name by its day of birth and given name
PEOPLE = 260


def crowd():
    random.seed(7)
    draw = random.choice
    return taken(*[
        person(
            " ".join(filter(None, [draw(FAMILIES), draw(MIDDLES), draw(GIVEN)])), draw(BIRTHS),
            unit=draw([AN_LAM, HOP_TIEN, HAMLET]), registered_unit=draw([AN_LAM, HOP_TIEN, None]),
            old_numbers=(f"1420000{random.randrange(40):02}",) if random.random() < 0.3 else (),
        )
        for _ in range(PEOPLE)
    ])  # fmt: skip


def side(row):
    commune = AN_LAM if row.unit == HAMLET else row.unit
    return Side(row.id, row.name, syllable_key(row.name), ascii_key(row.name), row.birth, row.sex, row.unit, commune,
                row.registered_unit, bool(row.old_numbers))  # fmt: skip


def key(one, other):
    return tuple(sorted((one.id, other.id)))


def test_the_keys_find_what_every_pair_says(units):
    people = crowd()
    sides = {row.id: side(row) for row in people}
    shared = {key(one, two) for one, two in combinations(people, 2) if set(one.old_numbers) & set(two.old_numbers)}
    births = {Sign.SAME_BIRTH, Sign.BIRTH_EXCHANGED, Sign.BIRTH_VAGUE}
    meant = set()
    for one, two in combinations(people, 2):
        found = signs(sides[one.id], sides[two.id], old_number=key(one, two) in shared)
        near = (
            Sign.NEAR_NAME in found
            and Sign.SAME_BIRTH in found
            and sides[one.id].letters[-3:] == sides[two.id].letters[-3:]
        )
        if asked(found) and (key(one, two) in shared or near or (REACHED & set(found) and births & set(found))):
            meant.add(key(one, two))
    found = queries.candidates([(row.id, row.birth.iso, ascii_key(row.name).split()[-1]) for row in people])
    told = {key(one.one, one.other) for one in found}
    assert meant
    assert meant - told == set()
    assert {key(one.one, one.other) for one in found if one.old_number} == shared
    assert all(one.one == sides[one.one.id] and one.other == sides[one.other.id] for one in found)
    with connection.cursor() as cursor:  # by other words: no pair twice, none of somebody with themselves
        cursor.execute("SELECT count(*) FROM register_person")
        assert cursor.fetchone() == (PEOPLE,)
    assert len(told) == len(found)
    assert all(one != two for one, two in told)


def test_one_person_is_asked_about_as_in_a_batch(units):
    people = crowd()
    asked_for = {row.id: (row.id, row.birth.iso, ascii_key(row.name).split()[-1]) for row in people}
    batch = {key(one.one, one.other) for one in queries.candidates(list(asked_for.values()))}
    for row in random.sample(people, 12):
        alone = {key(one.one, one.other) for one in queries.candidates([asked_for[row.id]])}
        assert alone <= batch
        likely = {pair for pair in batch if row.id in pair and asked(_signs(people, pair))}
        assert likely <= alone


def _signs(people, pair):
    one, two = (next(row for row in people if row.id == person) for person in pair)
    return signs(side(one), side(two), old_number=bool(set(one.old_numbers) & set(two.old_numbers)))
