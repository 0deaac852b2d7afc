"""How alike two Vietnamese names are, for the few rows that a key has found: 0 to 1.

Syllables are compared one by one: the same with marks 1, the same without marks 0.9, one letter off 0.7. The best
order-keeping match counts, a changed order costs a little, and so does a syllable that only one name has (a lost
middle name). Names have two to five syllables, so the O(n·m) table is a handful of cells.
"""

from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

from muster.kernel.names import ascii_key, syllable_key

WITHOUT_MARKS, ONE_LETTER_OFF, OTHER_ORDER = 0.9, 0.7, 0.9
LONG_ENOUGH_TO_MISTYPE = 3


def similarity(one: str, other: str) -> float:
    """Return how alike two names are: 1 for spellings of one name, 0 where no syllable fits."""
    ours, theirs = _syllables(one), _syllables(other)
    if not ours or not theirs:
        return 0.0
    in_order = _best_match(ours, theirs)
    any_order = OTHER_ORDER * _best_match(tuple(sorted(ours)), tuple(sorted(theirs)))
    return max(in_order, any_order) * 2 / (len(ours) + len(theirs))


@lru_cache(1 << 12)
def _syllables(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(zip(ascii_key(name).split(), syllable_key(name).split(), strict=True))


def _best_match(ours: tuple[tuple[str, str], ...], theirs: tuple[tuple[str, str], ...]) -> float:
    """Return the most that an order-keeping pairing of syllables gives (longest common subsequence, weighted)."""
    row = [0.0] * (len(theirs) + 1)
    for mine in ours:
        before, row = row, [0.0]
        for place, yours in enumerate(theirs):
            row.append(max(before[place + 1], row[place], before[place] + _alike(mine, yours)))
    return row[-1]


def _alike(mine: tuple[str, str], yours: tuple[str, str]) -> float:
    if mine[1] == yours[1]:
        return 1.0
    if mine[0] == yours[0]:
        return WITHOUT_MARKS
    return ONE_LETTER_OFF if one_letter_off(mine[0], yours[0]) else 0.0


def one_letter_off(one: str, other: str) -> bool:
    """Say whether one slip makes one text of the other: a letter changed, lost, added, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or max(len(one), len(other)) < LONG_ENOUGH_TO_MISTYPE:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    if len(rest) == len(others):
        exchanged = rest[:2] == others[1::-1] and rest[2:] == others[2:]
        return rest[1:] == others[1:] or (len(rest) > 1 and exchanged)
    return rest[1:] == others or rest == others[1:]


@lru_cache(1 << 12)
def one_slip(syllable: str) -> frozenset[str]:
    """Return every text of small letters without marks that ``one_letter_off`` finds one slip away."""
    return frozenset(slip for slip in _edits(syllable) if slip != syllable and one_letter_off(syllable, slip))


def _edits(text: str) -> Iterator[str]:
    for place in range(len(text) + 1):
        start, rest = text[:place], text[place:]
        yield start + rest[1:]
        yield start + rest[1::-1] + rest[2:]
        for letter in ascii_lowercase:
            yield start + letter + rest
            yield start + letter + rest[1:]
