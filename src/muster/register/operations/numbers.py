"""Personal numbers: given once, in an order nobody foresees, never again; replaced only by two people.

The serials of a block come in the order of a secret permutation (engines.numbering, ADR 0005); the register keeps
how far each block has been used. Blocks are locked in the order of their names, so that allocators never wait in a
ring, and a serial that is taken already (numbers of old registers) is passed over.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from muster.audit import operations as audit
from muster.engines import numbering
from muster.events import operations as journal
from muster.events.journal import Move, age_band
from muster.kernel.actor import Actor
from muster.kernel.arrays import array, ids
from muster.kernel.clock import local
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.kernel.numbers import SERIALS_IN_BLOCK, block_of, prefix_of
from muster.keys import provider
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState, WrongPart
from muster.people import operations as people
from muster.people.operations.approvals import ApprovalUse
from muster.people.words import ApprovalKind
from muster.register import queries
from muster.register.facts import wrong_in
from muster.register.queries import PersonState
from muster.register.sensitive import KIND


class UnknownPerson(Refusal):
    """Nobody in the register has this id."""

    code = "unknown_person"
    vi = "Không có người mang mã {person}."
    en = "There is no person {person}."


class NotEligible(Refusal):
    """Numbers are given only to clean rows, with the place where the birth is registered."""

    code = "not_eligible"
    vi = "Chưa thể cấp số cho người {person}: dữ liệu chưa được làm sạch hoặc thiếu nơi đăng ký khai sinh."
    en = "Person {person} cannot be numbered: the row is not clean, or the place of birth registration is missing."


class NoPrefix(Refusal):
    """No number prefix belongs to the province where the birth is registered."""

    code = "no_prefix"
    vi = "Không có mã số định danh cho tỉnh {province}."
    en = "There is no number prefix for province {province}."


class NotNumbered(Refusal):
    """Only a number that was given can be replaced."""

    code = "not_numbered"
    vi = "Người {person} chưa có số định danh."
    en = "Person {person} has no personal number."


class ReplacedAlready(Refusal):
    """A person's number is replaced once in a batch."""

    code = "replaced_already"
    vi = "Số của người {person} đã được thay trong cùng lần gửi này."
    en = "The number of person {person} is replaced by an earlier row already."


class NumberAgrees(Refusal):
    """The number agrees with the register in the part that is said to be wrong: correct the register first."""

    code = "number_agrees"
    vi = "Số định danh đang khớp với dữ liệu ({wrong}); hãy sửa dữ liệu sai trước khi lập số mới."
    en = "The number agrees with the register ({wrong}); correct what is wrong before a new number is established."


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReplacement:
    """A number to be cancelled and established anew: whose, what was wrong, and the approval of a second officer."""

    person: UUID
    wrong: WrongPart
    approval: UUID


@transaction.atomic
def reserve_numbers(*, blocks: Mapping[str, int]) -> dict[str, list[str]]:
    """Take that many numbers out of each block, for good; return them by block.

    :param blocks: how many numbers of each block, named by its six digits
    :raises BlockFull: a block has not that many serials left
    """
    key = provider.current().derive("numbering")
    wanted = {block: count for block, count in blocks.items() if count}
    places = _lock(sorted(wanted))
    drawn: dict[str, list[str]] = {block: [] for block in sorted(wanted)}
    while short := {block: count - len(drawn[block]) for block, count in wanted.items() if count > len(drawn[block])}:
        candidates = {block: _candidates(key, block, places[block], count) for block, count in short.items()}
        taken = queries.owners_of([number for numbers in candidates.values() for number in numbers])
        for block, numbers in candidates.items():
            places[block] += len(numbers)
            drawn[block] += [number for number in numbers if number not in taken]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE register_number_block AS block SET next = used.next
            FROM unnest(%s::text[], %s::int[]) AS used (block, next) WHERE block.block = used.block
            """,
            [list(places), list(places.values())],
        )
    return drawn


def _candidates(key: bytes, block: str, place: int, count: int) -> list[str]:
    """Return the numbers at the next places of a block."""
    if count > SERIALS_IN_BLOCK - place:
        raise numbering.BlockFull(block=block, left=SERIALS_IN_BLOCK - place, count=count)
    return [f"{block}{serial:06}" for serial in numbering.serials(key, block, place, count)]


def _lock(blocks: Sequence[str]) -> dict[str, int]:
    """Hold blocks, in the order given, until the end of the transaction; return how far each has been used."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO register_number_block (block, next) SELECT block, 0 FROM unnest(%s::text[]) AS block
            ON CONFLICT DO NOTHING
            """,
            [list(blocks)],
        )
        cursor.execute(
            "SELECT block, next FROM register_number_block WHERE block = ANY(%s) ORDER BY block FOR UPDATE",
            [list(blocks)],
        )
        return dict(cursor.fetchall())


@transaction.atomic
def allocate_numbers(*, persons: Sequence[UUID], by: Actor, at: datetime) -> BatchResult[tuple[UUID, str]]:
    """Give each person a personal number; who has one keeps it, so a batch may be sent again.

    :returns: person and number, in the order given; refusals by the place in ``persons``
    """
    held = queries.states(persons, lock=True)
    refused: dict[int, Refusal] = {}
    blocks: dict[UUID, str] = {}
    for place, person in enumerate(persons):
        try:
            block = _block(person, held.get(person))
        except Refusal as refusal:
            refused[place] = refusal
        else:
            if block:
                blocks[person] = block
    numbers = _give(blocks, at)
    tell([held[person] for person in blocks], "number", "register.allocate_number", by, at)
    told = {person: numbers.get(person) or held[person].number for person in held}
    done = [(person, told[person]) for place, person in enumerate(persons) if place not in refused]
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _block(person: UUID, state: PersonState | None) -> str:
    """Return the block a person's number comes from; nothing for who has one.

    :raises UnknownPerson: nobody has this id
    :raises NotEligible: the row is not clean, or not alive in the register
    :raises NoPrefix: the province of registration has no prefix
    """
    if state is None:
        raise UnknownPerson(person=person)
    if state.number:
        return ""
    if (
        state.life in {LifeStatus.DEAD, LifeStatus.DELETED}
        or state.number_state is not NumberState.ELIGIBLE
        or not state.province
    ):
        raise NotEligible(person=person)
    return _block_of(state)


def _block_of(state: PersonState) -> str:
    prefix = prefix_of(state.province)
    if prefix is None:
        raise NoPrefix(province=state.province)
    return block_of(prefix, state.sex, state.birth.year)


def _give(blocks: Mapping[UUID, str], at: datetime) -> dict[UUID, str]:
    """Draw and write numbers; return them by person."""
    if not blocks:
        return {}
    drawn = reserve_numbers(blocks=Counter(blocks.values()))
    waiting: dict[str, list[UUID]] = defaultdict(list)
    for person in blocks:
        waiting[blocks[person]].append(person)
    given = {
        person: number
        for block, people_ in waiting.items()
        for person, number in zip(people_, drawn[block], strict=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO register_number (number, person, since, reason)
            SELECT number, person, %s, '' FROM unnest(%s::text[], %s::uuid[]) AS given (number, person)
            """,
            [local(at).date(), array(given.values()), ids(given)],
        )
        cursor.execute(
            """
            UPDATE register_person AS person SET number = given.number, number_state = 'numbered', version = version + 1
            FROM unnest(%s::text[], %s::uuid[]) AS given (number, id) WHERE person.id = given.id
            """,
            [array(given.values()), ids(given)],
        )
    return given


@transaction.atomic
def replace_numbers(
    *, requests: Sequence[NumberReplacement], by: Actor, at: datetime, real: datetime
) -> BatchResult[tuple[UUID, str]]:
    """Cancel numbers that say something wrong and establish new ones; old and new stay tied in history.

    Each takes an approval of a second officer (`people`, kind ``cancel_number``), which is used up. A request
    whose number was replaced by the same approval before is refused there, so nothing is replaced twice. Refused are
    also a person named by an earlier row (`ReplacedAlready`), and a number that says of the part named as wrong what
    the register says (`NumberAgrees`): the register is corrected first, and the new number follows from it.

    :param real: the real time, by which approvals expire whatever the campaign's clock shows
    :returns: person and new number; refusals by the place in ``requests``
    """
    held = queries.states([request.person for request in requests], lock=True)
    refused: dict[int, Refusal] = {}
    good: list[NumberReplacement] = []
    named: set[UUID] = set()
    for place, request in enumerate(requests):
        try:
            if request.person in named:
                raise ReplacedAlready(person=request.person)
            with transaction.atomic():
                _check_replacement(request, held.get(request.person), by, real)
        except Refusal as refusal:
            refused[place] = refusal
        else:
            good.append(request)
            named.add(request.person)
    _cancel(good, held, at)
    given = _give({request.person: _block_of(held[request.person]) for request in good}, at)
    tell([held[request.person] for request in good], "number_replaced", "register.replace_number", by, at)
    return BatchResult(list(given.items()), [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _check_replacement(request: NumberReplacement, state: PersonState | None, by: Actor, real: datetime) -> None:
    if state is None:
        raise UnknownPerson(person=request.person)
    if not state.number:
        raise NotNumbered(person=request.person)
    if not state.province:
        raise NotEligible(person=request.person)
    _block_of(state)
    if request.wrong not in wrong_in(state.number, state.sex, state.birth.year, state.province):
        raise NumberAgrees(wrong=request.wrong.value)
    use = ApprovalUse(
        approval=request.approval,
        kind=ApprovalKind.CANCEL_NUMBER,
        subject_kind=KIND,
        subject=request.person,
        unit=state.unit,
    )
    people.use_approvals(uses=[use], by=by, at=real)


def _cancel(requests: Sequence[NumberReplacement], held: Mapping[UUID, PersonState], at: datetime) -> None:
    numbers = [held[request.person].number for request in requests]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE register_number AS old SET until = %s, reason = wrong.part
            FROM unnest(%s::text[], %s::text[]) AS wrong (number, part) WHERE old.number = wrong.number
            """,
            [local(at).date(), numbers, [request.wrong.value for request in requests]],
        )


TOLD_ONE_BY_ONE = 1000  # persons; a longer batch is told in the audit by its events, which name each already


def tell(persons: Sequence[PersonState], move: str, action: str, by: Actor, at: datetime) -> None:
    """Write the events of a change of persons, and its audit."""
    if not persons:
        return
    moves = [
        Move(
            thing=person.id, kind=KIND, move=move, unit_done=by.unit, unit_residence=person.unit, occurred_at=at,
            age_band=age_band(person.birth, local(at).date()),
        )
        for person in persons
    ]  # fmt: skip
    recorded = journal.record(moves=moves, by=by, at=at)
    subjects = [audit.Subject(KIND, person.id) for person in persons] if len(persons) <= TOLD_ONE_BY_ONE else []
    audit.record(by=by, at=at, action=action, subjects=subjects, events=recorded)
