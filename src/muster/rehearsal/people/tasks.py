"""One piece of the work: draw the people of some communes and take them in, chunk by chunk."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from muster.kernel.actor import Actor
from muster.kernel.errors import Refusal
from muster.register import queries as register
from muster.register.operations import load, reserve_numbers
from muster.register.operations.taking_in import Family
from muster.rehearsal.people import drafting
from muster.rehearsal.people.drafting import Draw, Village
from muster.rehearsal.people.hamlets import Hamlet
from muster.rehearsal.people.places import Commune

CHUNK = 10_000  # people taken in at once, about
OBJECTS_BETWEEN_COLLECTIONS = 200_000

Step = tuple[int, int]  # people that were there already, and people taken in


class MadeOtherwise(Refusal):
    """People of this seed are there already, and not those that would be made now."""

    code = "made_otherwise"
    vi = "Đơn vị {commune} đã có dân mẫu của hạt giống {seed} theo tỷ lệ khác; hãy giữ tỷ lệ cũ hoặc đổi hạt giống."
    en = "Commune {commune} has people of seed {seed} at another scale: keep that scale, or take another seed."


@dataclass(frozen=True, slots=True)
class Task:
    """Communes to be made one after the other: their hamlets, and whether a run before this one began them."""

    communes: Sequence[tuple[Commune, Sequence[Hamlet], bool]]
    draw: Draw
    by: Actor
    at: datetime

    def work(self) -> Iterator[Step]:
        """Make the people, a chunk of whole hamlets in each transaction; tell after each what was done.

        :raises MadeOtherwise: a commune that was begun holds other people than those that would be made
        """
        with _few_collections():
            chunk: list[Village] = []
            people = 0
            for commune, hamlets, begun in self.communes:
                villages = drafting.villages(commune, hamlets, self.draw)
                there = villages_there(commune, villages, self.draw) if begun else set()
                if there:
                    yield sum(village.people for village in there), 0
                for village in villages:
                    if village not in there:
                        chunk.append(village)
                        people += village.people
                    if people >= CHUNK:
                        yield 0, _take_in(chunk, self)
                        chunk, people = [], 0
            if people:
                yield 0, _take_in(chunk, self)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for unreachable rings of objects more seldom: families are rings, and all are in use at once."""
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def villages_there(commune: Commune, villages: Sequence[Village], draw: Draw) -> set[Village]:
    """Return the villages whose people are in the register.

    :raises MadeOtherwise: a village is there in part: at another scale its people bore other ordinals
    """
    ids = drafting.ids_of(commune, draw.seed)
    known = register.known_persons([ids.person(place) for place in range(commune.people)])
    there = set()
    for village in villages:
        people = range(village.first, village.first + village.people)
        count = sum(ids.person(place) in known for place in people)
        if count not in {0, len(people)}:
            raise MadeOtherwise(commune=commune.code, seed=draw.seed)
        if count:
            there.add(village)
    return there


def _take_in(villages: Sequence[Village], task: Task) -> int:
    """Draw, number and take in the people of villages; return how many."""
    return load([drafted(villages, task.draw)], by=task.by, at=task.at)


def drafted(villages: Sequence[Village], draw: Draw) -> Family:
    """Return the rows of the people of villages, with numbers reserved for them."""
    homes = [drafting.drawn(village, draw) for village in villages]
    wanted = Counter(block for home in homes for block in drafting.blocks(home, draw))
    numbers = {block: iter(reserved) for block, reserved in reserve_numbers(blocks=wanted).items()}
    families = [drafting.rows(village, living, numbers, draw) for village, living in zip(villages, homes, strict=True)]
    return [one for households, _ in families for one in households], [one for _, rows in families for one in rows]
