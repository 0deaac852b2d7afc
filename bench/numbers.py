"""Personal numbers given out by several writers at once: none twice, how fast, and whether any pattern shows.

Writers are processes, each with a connection of its own; all draw from the same blocks, in batches, by the register's
own `reserve_numbers`, every batch a transaction. Afterwards each block's serials, in the order in which they were given
out, are held against what chance would do; a p-value below 0.0001 is a pattern. The serials of a block come without
repeat, as chance without replacement does: blocks are used to a fifth at most, and what is counted of single serials
is held against the smaller variance of such draws.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from django.db import connection

from bench import frame
from muster.kernel.numbers import SERIALS_IN_BLOCK
from muster.register.operations import reserve_numbers

PER_BLOCK = 200_000  # a fifth of a block
LEAST = 0.0001  # of every p-value
Serials = Sequence[int]
Drawn = list[tuple[str, list[int]]]  # by one writer: a block, and the serials of a batch


def main(argv: Sequence[str]) -> int:
    """Draw, look for repeats, look for patterns."""
    asked = frame.arguments(
        "numbers", argv, numbers=(1_000_000, "numbers to draw"), writers=(4, "processes"),
        batch=(1_000, "numbers in a batch"),
    )  # fmt: skip
    with frame.database(keep=asked.keep) as told:
        blocks = [f"001{digit}{year:02}" for digit in (0, 1) for year in range(100)]
        blocks = blocks[: max(1, asked.numbers // PER_BLOCK)]
        each = asked.numbers // len(blocks) // asked.writers // asked.batch
        with frame.workers(asked.writers) as pool:
            pool.map(places, [blocks] * asked.writers, chunksize=1)  # connections are made before anything is measured
            shares = [(seed, blocks, each, asked.batch) for seed in range(asked.writers)]
            written: list[Drawn] = []
            seconds = frame.timed(lambda: written.extend(pool.starmap(draw, shares, chunksize=1)))
        _repeats(told, written, blocks, seconds)
        _patterns(told, written, blocks)
    return len(told.missed)


def places(blocks: Sequence[str]) -> int:
    """Return how many blocks have been used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_number_block WHERE block = ANY(%s)", [list(blocks)])
        return int(cursor.fetchone()[0])


def draw(seed: int, blocks: Sequence[str], each: int, batch: int) -> Drawn:
    """Draw so many batches out of each block, the blocks in an order of this writer's own."""
    order = [block for block in blocks for _ in range(each)]
    random.Random(seed).shuffle(order)
    return [(block, [int(number[6:]) for number in reserve_numbers(blocks={block: batch})[block]]) for block in order]


def _repeats(told: frame.Told, written: Sequence[Drawn], blocks: Sequence[str], seconds: float) -> None:
    total = twice = 0
    for block in blocks:
        seen = bytearray(SERIALS_IN_BLOCK)
        for serial in (serial for part in written for name, serials in part if name == block for serial in serials):
            twice += seen[serial]
            seen[serial] = 1
            total += 1
    batches = sum(map(len, written))
    told.fact(f"numbers drawn by {len(written)} writers at once", f"{total:,}", n=batches)
    told.rate("numbers a second, all writers", [seconds], total)
    told.fact("numbers that came twice", f"{twice:,}", limit="none", held=not twice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(next) FROM register_number_block")
        used = int(cursor.fetchone()[0])
    told.fact("places of the blocks used", f"{used:,}", limit="as many", held=used == total)


def _patterns(told: frame.Told, written: Sequence[Drawn], blocks: Sequence[str]) -> None:
    """Test what one writer was given, in its order, and what came of neighbouring blocks at the same places."""
    sequence = [serial for part in written for _, serials in part for serial in serials]
    for lag in (1, 2, 10, 1_000):
        _tell(told, f"serial correlation, {lag:,} apart", correlation(sequence, sequence[lag:]))
    left = 1 - len(sequence) / (len(blocks) * SERIALS_IN_BLOCK)  # of the variance, for serials do not come back
    for place in range(6):
        counts = Counter(serial // 10**place % 10 for serial in sequence)
        _tell(told, f"chi-square of digit {6 - place} of the serial", chi_square(counts, 10, left))
    _tell(
        told, "chi-square of the leading two digits", chi_square(Counter(one // 10_000 for one in sequence), 100, left)
    )
    _tell(
        told, "chi-square of the last three digits", chi_square(Counter(one % 1_000 for one in sequence), 1_000, left)
    )
    for bit in range(0, 20, 4):
        ones = sum(serial >> bit & 1 for serial in sequence)
        share = sum(value >> bit & 1 for value in range(SERIALS_IN_BLOCK)) / SERIALS_IN_BLOCK
        _tell(
            told, f"ones at bit {bit}", normal(ones, len(sequence) * share, len(sequence) * share * (1 - share) * left)
        )
    steps = Counter((after - before) % SERIALS_IN_BLOCK // 1_000 for before, after in pairwise(sequence))
    _tell(told, "chi-square of the steps between neighbours", chi_square(steps, 1_000))
    pairs = Counter((before % 10, after % 10) for before, after in pairwise(sequence))
    _tell(told, "chi-square of pairs of last digits", chi_square(pairs, 100))
    _tell(told, "runs above and below the middle", runs(sequence))
    _tell(told, "rising neighbours", rising(sequence))
    first = {block: next(serials for part in written for name, serials in part if name == block) for block in blocks}
    beside = [pair for one, other in pairwise(blocks) for pair in zip(first[one], first[other], strict=True)]
    if beside:
        _tell(told, "correlation of neighbouring blocks", correlation(*zip(*beside, strict=True)))


def _tell(told: frame.Told, what: str, p: float) -> None:
    told.fact(what, f"p = {p:.4f}", limit=f">= {LEAST}", held=p >= LEAST)


def normal(found: float, mean: float, variance: float) -> float:
    """Return how probable it is that chance strays as far from the mean, in either direction."""
    return math.erfc(abs(found - mean) / math.sqrt(2 * variance))


def chi_square(counts: "Counter[int] | Counter[tuple[int, int]]", cells: int, left: float = 1) -> float:
    """Return how probable it is that chance spreads as unevenly or more so (Wilson and Hilferty, 1931).

    :param left: the share of the variance of independent draws
    """
    expected = counts.total() / cells
    square = sum((n - expected) ** 2 / expected for n in counts.values()) + (cells - len(counts)) * expected
    square /= left
    free = cells - 1
    z = ((square / free) ** (1 / 3) - (1 - 2 / (9 * free))) / math.sqrt(2 / (9 * free))
    return math.erfc(z / math.sqrt(2)) / 2


def correlation(xs: Serials, ys: Serials) -> float:
    """Return how probable it is that chance correlates two sequences as strongly; the longer one is cut."""
    middle, variance = (SERIALS_IN_BLOCK - 1) / 2, (SERIALS_IN_BLOCK**2 - 1) / 12
    pairs = min(len(xs), len(ys))
    found = sum((x - middle) * (y - middle) for x, y in zip(xs, ys, strict=False))
    return normal(found / variance, 0, pairs)


def runs(serials: Serials) -> float:
    """Return how probable so many or so few runs above and below the middle are (Wald and Wolfowitz, 1940)."""
    high = [serial >= SERIALS_IN_BLOCK // 2 for serial in serials]
    above = sum(high)
    below, n = len(high) - above, len(high)
    mean = 2 * above * below / n + 1
    return normal(1 + sum(a != b for a, b in pairwise(high)), mean, (mean - 1) * (mean - 2) / (n - 1))


def rising(serials: Serials) -> float:
    """Return how probable it is that so many follow a smaller one: a half, with a variance of (n + 1) / 12."""
    return normal(sum(a < b for a, b in pairwise(serials)), (len(serials) - 1) / 2, (len(serials) + 1) / 12)
