"""The exact bytes of a report, of a signature and of a verdict: what is hashed, and what is signed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from muster.engines import merkle


@dataclass(frozen=True, slots=True)
class Frozen:
    """What of a report is frozen."""

    slot: UUID
    unit: int
    at: datetime
    layout: int
    totals: Sequence[int]
    today: Sequence[int]
    due: Sequence[int]
    targets: Sequence[int | None]

    def hash(self) -> bytes:
        """Return the SHA-256 leaf hash (RFC 6962) of all of it."""
        rows = (_row(self.totals), _row(self.today), _row(self.due), _row(self.targets))
        return merkle.leaf(
            _joined("muster.report.1", self.slot, self.unit, _moment(self.at), self.layout, *rows).encode()
        )


def signature_message(report_hash: bytes, note: str, officer: UUID, at: datetime) -> bytes:
    """Return what the head of a unit signs."""
    return _joined("muster.signature.1", report_hash.hex(), officer, _moment(at), note).encode()


def verdict_message(
    report_hash: bytes, counts: Sequence[int], said: tuple[bool, str, str], by: UUID, at: datetime
) -> bytes:
    """Return what a commander above signs: of which figures, whether they are certified, the cause and why not."""
    certified, cause, why = said
    told = (report_hash.hex(), _row(counts), int(certified), cause, by, _moment(at), why)
    return _joined("muster.verdict.1", *told).encode()


def _joined(*parts: object) -> str:
    return "\x1f".join(map(str, parts))


def _row(numbers: Iterable[int | None]) -> str:
    return ",".join("" if number is None else str(number) for number in numbers)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
