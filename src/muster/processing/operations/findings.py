"""Find differences between received dossiers and the register, a batch at a time; write them and settle them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection

from muster.capture.sealing import from_bytes
from muster.capture.words import KIND
from muster.kernel.arrays import columns, ids
from muster.kernel.ids import new_id
from muster.kernel.numbers import PersonalNumber, Sex, prefix_of
from muster.keys import queries as keys
from muster.law.duty import LifeStatus
from muster.law.numbers import NumberState
from muster.processing import queries
from muster.processing.queries.subjects import Subject, sealed_packets
from muster.processing.words import RULES, WARNINGS, Code, Settled, Severity

Found = tuple[Code, str]  # what is found, and the field it is about
NOT_LIVING = frozenset({LifeStatus.DEAD.value, LifeStatus.RENOUNCED.value, LifeStatus.DELETED.value})
FIELD_LETTERS = 20


def find(checked: Sequence[Subject], at: datetime) -> Mapping[UUID, Collection[Code]]:
    """Write what is found and was not before, settle what is gone; return the codes that stand, by dossier.

    A correction the citizen asked for stands until a person has decided it, and is not asked again afterwards.
    """
    asked = _asked([row.dossier for row in checked if row.differs])
    before = queries.open_findings([row.dossier for row in checked])
    fresh: list[tuple[UUID, int, Found]] = []
    gone: list[UUID] = []
    standing: dict[UUID, set[Code]] = {}
    for row in checked:
        held = {(one.code, one.field): one.id for one in before.get(row.dossier, ())}
        attempt, fields = asked.get(row.dossier, (row.attempt, set()))
        now = {*_found(row), *((Code.CORRECTION_ASKED, field) for field in fields)}
        now |= {one for one in held if one[0] is Code.CORRECTION_ASKED}
        fresh += [
            (row.dossier, attempt if one[0] is Code.CORRECTION_ASKED else row.attempt, one)
            for one in sorted(now - held.keys())
        ]
        gone += [finding for one, finding in held.items() if one not in now]
        if now:
            standing[row.dossier] = {code for code, _ in now}
    settle(gone, Settled.GONE, None, at)
    write(fresh, at)
    return standing


def _asked(dossiers: Sequence[UUID]) -> dict[UUID, tuple[int, set[str]]]:
    """Return which fields citizens say are wrong, by dossier: the attempt that says so last, and what is undecided."""
    if not dossiers:
        return {}
    decided: dict[tuple[UUID, int], set[str]] = defaultdict(set)
    for dossier, attempt, field in queries.decided_corrections(dossiers):
        decided[dossier, attempt].add(field)
    return {
        dossier: (attempt, fields)
        for dossier, (attempt, told) in corrections(dossiers).items()
        if (fields := {field[:FIELD_LETTERS] for field in told} - decided[dossier, attempt])
    }


def corrections(dossiers: Sequence[UUID]) -> dict[UUID, tuple[int, Mapping[str, str]]]:
    """Return what citizens say is wrong: by dossier the last attempt that says so, and its fields with new values."""
    packets = sealed_packets(dossiers)
    texts = keys.open_sealed([(KIND, dossier, sealed) for dossier, _, sealed in packets])
    return {
        dossier: (attempt, told)
        for (dossier, attempt, _), text in zip(packets, texts, strict=True)
        if text and (told := from_bytes(text).get("corrections"))
    }


def _found(row: Subject) -> Iterator[Found]:
    if row.life in NOT_LIVING:
        yield Code.NOT_LIVING, ""
    if row.poor:
        yield Code.POOR_BIOMETRICS, ""
    if row.number:
        yield from _of_number(row.number[:6], row.sex, int(row.birth[:4]), row.province)
    elif row.number_state == NumberState.UNCLEANED.value:
        yield Code.UNCLEANED, "registered_unit"


@lru_cache(1 << 15)
def _of_number(block: str, sex: str, year: int, province: str) -> tuple[Found, ...]:
    """Return in what a number that begins with this block disagrees with its holder."""
    found = PersonalNumber.parse(f"{block}000000").findings(sex=Sex(sex), birth_year=year, prefix=prefix_of(province))
    return tuple((Code(one.code), "number") for one in found)


def write(found: Sequence[tuple[UUID, int, Found]], at: datetime) -> None:
    """Write findings: dossier, attempt, what; each stands once."""
    if not found:
        return
    rows = [
        (
            new_id(), dossier, attempt, code.value, field, RULES.get(code, ""),
            (Severity.WARN if code in WARNINGS else Severity.ERROR).value,
        )
        for dossier, attempt, (code, field) in found
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO processing_finding (id, dossier_id, attempt, code, field, rule, severity, found_at, settled)
            SELECT told.*, %s, '' FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[],
                %s::text[]) AS told ON CONFLICT DO NOTHING
            """,
            [at, *columns(rows)],
        )


def settle(findings: Sequence[UUID], how: Settled, officer: UUID | None, at: datetime) -> None:
    """Settle findings that stand; ``officer``: who decided it, ``None`` where a check did."""
    if not findings:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE processing_finding SET settled = %s, settled_by = %s, settled_at = %s
            WHERE id = ANY(%s::uuid[]) AND settled_at IS NULL
            """,
            [how.value, officer, at, ids(findings)],
        )
