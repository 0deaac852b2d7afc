from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.engines.ff1 import FF1
from muster.engines.numbering import BlockFull, NotABlock, place, serials

KEY = bytes(range(32))
MILLION = 1_000_000
HANOI_GIRLS_2005, HANOI_BOYS_2005, HANOI_GIRLS_2006 = "001305", "001205", "001306"


@pytest.fixture(scope="module")
def whole_block():
    return serials(KEY, HANOI_GIRLS_2005, 0, MILLION)


def correlation(xs, ys):
    mean = (MILLION - 1) / 2
    variance = (MILLION**2 - 1) / 12
    return sum((x - mean) * (y - mean) for x, y in zip(xs, ys, strict=True)) / len(xs) / variance


def chi_square(observed, cells, total):
    expected = total / cells
    return sum((observed.get(cell, 0) - expected) ** 2 / expected for cell in range(cells))


def test_a_block_gives_every_serial_exactly_once(whole_block):
    assert len(whole_block) == MILLION
    assert sorted(whole_block) == list(range(MILLION))


def test_the_same_place_always_gives_the_same_serial(whole_block):
    assert serials(KEY, HANOI_GIRLS_2005, 999_990, 10) == whole_block[-10:]
    assert serials(KEY, HANOI_GIRLS_2005, 123_456, 1) == whole_block[123_456:123_457]
    assert serials(KEY, HANOI_GIRLS_2005, 500, 3000) == whole_block[500:3500]
    assert [place(KEY, HANOI_GIRLS_2005, serial) for serial in whole_block[:20]] == list(range(20))


def test_it_is_ff1_with_the_block_as_tweak(whole_block):
    order = FF1(KEY, radix=10, length=6, tweak=b"001305")
    assert order.encrypt([0, 1, 999_999]) == [whole_block[0], whole_block[1], whole_block[999_999]]


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.integers(0, MILLION), st.integers(0, 3000))
def test_batches_join_without_repeat(key, start, count):
    count = min(count, MILLION - start)
    cut = count // 3
    together = serials(key, HANOI_BOYS_2005, start, count)
    assert (
        serials(key, HANOI_BOYS_2005, start, cut) + serials(key, HANOI_BOYS_2005, start + cut, count - cut) == together
    )
    assert len(set(together)) == count


def test_the_end_of_a_block():
    assert serials(KEY, HANOI_GIRLS_2005, MILLION, 0) == []
    with pytest.raises(BlockFull) as refusal:
        serials(KEY, HANOI_GIRLS_2005, 999_998, 3)
    assert refusal.value.code == "block_full"
    assert refusal.value.text() == "Dãy số 001305 chỉ còn 2 số, không đủ 3 số."
    with pytest.raises(BlockFull) as refusal:
        serials(KEY, HANOI_GIRLS_2005, MILLION + 1, 1)
    assert refusal.value.text("en") == "Block 001305 has 0 serials left, not 1."


@pytest.mark.parametrize("block", ["", "00130", "0013055", "00130x", "００１３０５", "0013 5"])
def test_a_block_is_six_digits(block):
    with pytest.raises(NotABlock):
        serials(KEY, block, 0, 1)
    with pytest.raises(NotABlock):
        place(KEY, block, 0)


@pytest.mark.parametrize(("start", "count"), [(-1, 1), (0, -1)])
def test_places_are_not_negative(start, count):
    with pytest.raises(ValueError, match="must not be negative"):
        serials(KEY, HANOI_GIRLS_2005, start, count)


def test_other_blocks_and_other_keys_have_another_order(whole_block):
    first = whole_block[:100_000]
    for other in (
        serials(KEY, HANOI_BOYS_2005, 0, 100_000),
        serials(KEY, HANOI_GIRLS_2006, 0, 100_000),
        serials(KEY[::-1], HANOI_GIRLS_2005, 0, 100_000),
    ):
        assert sum(a == b for a, b in zip(first, other, strict=True)) <= 5  # 0.1 by chance
        assert abs(correlation(first, other)) < 0.015  # chance: 0.003


# The limits below lie five standard deviations off chance, and key and block are fixed: they pass or fail for good.


@pytest.mark.parametrize("lag", [1, 2, 3, 10, 100, 1000])
def test_a_serial_says_nothing_of_the_ones_after_it(whole_block, lag):
    assert abs(correlation(whole_block[:-lag], whole_block[lag:])) < 0.005


def test_differences_do_not_repeat(whole_block):
    """The step from one serial to the next, modulo a million, hits a million cells as evenly as chance does."""
    steps = Counter((b - a) % MILLION for a, b in pairwise(whole_block))
    assert max(steps.values()) <= 12
    assert abs(chi_square(Counter(step // 1000 for step in steps.elements()), 1000, MILLION - 1) - 999) < 224


@pytest.mark.parametrize("part", [10, 100, 1000])
def test_early_serials_are_spread_over_leading_and_trailing_digits(whole_block, part):
    early = whole_block[:100_000]
    limit = 5 * (2 * part) ** 0.5
    assert abs(chi_square(Counter(serial * part // MILLION for serial in early), part, len(early)) - part) < limit
    assert abs(chi_square(Counter(serial % part for serial in early), part, len(early)) - part) < limit


def test_neighbours_share_digits_only_by_chance(whole_block):
    """Each of the six digits of the next serial is the same as before in one case of ten."""
    pairs = list(pairwise(whole_block[:200_000]))
    for position in range(6):
        unit = 10**position
        same = sum(a // unit % 10 == b // unit % 10 for a, b in pairs)
        assert abs(same - len(pairs) / 10) < 5 * (len(pairs) * 0.09) ** 0.5
