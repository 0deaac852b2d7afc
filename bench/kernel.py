"""Speed of names and numbering, without a database: ``python -m bench kernel`` (about 30 seconds on one core)."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bench import frame
from muster.engines.numbering import serials
from muster.kernel import names

KEY = bytes(range(32))
ONSETS = "b c ch d đ g gi h k kh l m n ng nh p ph qu r s t th tr v x"
RIMES = "a an ang anh ân âu ăn en ê ên i inh iên o oan oai ô ơ u uy uyên ươi ương ưu y yên"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


def distinct_names(count: int) -> Iterator[str]:
    """Make up names of three or four syllables, each only once."""
    chance, seen = random.Random(2021), set[str]()
    syllables = [
        onset + rime[0] + tone + rime[1:] for onset in ONSETS.split() for rime in RIMES.split() for tone in TONES
    ]
    while len(seen) < count:
        name = " ".join(chance.choices(syllables, k=chance.choice([3, 3, 4]))).title()
        if name not in seen:
            seen.add(name)
            yield name


def seconds(work: Callable[[], object]) -> float:
    """Run once and return how long it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def name_keys(people: list[str]) -> None:
    """Make all three keys of every name, as loading a register does."""
    for name in people:
        names.syllable_key(name), names.ascii_key(name), names.sort_key(name)


def allocate(blocks: int, per_block: int, batch: int) -> None:
    """Take the serials of some blocks in batches, and stop if one comes twice."""
    for block in range(blocks):
        given = bytearray(1_000_000)
        for start in range(0, per_block, batch):
            for serial in serials(KEY, f"{block:03}305", start, batch):
                assert not given[serial], f"serial {serial} of block {block} came twice"
                given[serial] = 1


def main(argv: Sequence[str] = ()) -> None:
    """Measure and print: what, how many, seconds, per second, the limit."""
    frame.arguments("kernel", argv)
    people = list(islice(distinct_names(1_000_000), 1_000_000))
    rows = [
        ("three keys of distinct names", len(people), seconds(lambda: name_keys(people)), "30 s"),
        ("serials, batches of 10,000", 10_000_000, seconds(lambda: allocate(20, 500_000, 10_000)), "-"),
        ("serials, batches of 100", 200_000, seconds(lambda: allocate(20, 10_000, 100)), "-"),
        ("serials, one at a time", 20_000, seconds(lambda: allocate(20, 1_000, 1)), "-"),
    ]
    print(f"{'what':30} {'count':>12} {'seconds':>9} {'a second':>12}  limit")
    for what, count, taken, limit in rows:
        print(f"{what:30} {count:12,} {taken:9.1f} {count / taken:12,.0f}  {limit}")


if __name__ == "__main__":
    main()
