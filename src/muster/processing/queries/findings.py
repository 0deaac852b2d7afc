"""What was found in dossiers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from muster.kernel.arrays import ids
from muster.processing.models import Finding
from muster.processing.words import Code, Severity


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding; ``settled`` is empty while it stands."""

    id: UUID
    dossier: UUID
    attempt: int
    code: Code
    field: str
    rule: str
    severity: Severity
    found_at: datetime
    settled_at: datetime | None
    settled: str
    settled_by: UUID | None


_FIELDS = (
    "id", "dossier_id", "attempt", "code", "field", "rule", "severity", "found_at", "settled_at", "settled",
    "settled_by",
)  # fmt: skip


def findings(dossier: UUID) -> list[FindingLine]:
    """Return everything ever found in a dossier, what stands first, then the newest."""
    rows = Finding.objects.filter(dossier=dossier).order_by("-found_at", "code", "field").values_list(*_FIELDS)
    return sorted((_line(row) for row in rows), key=lambda line: line.settled_at is not None)


def open_findings(dossiers: Collection[UUID]) -> dict[UUID, list[FindingLine]]:
    """Return what stands against dossiers, by dossier; those without any are left out."""
    found: dict[UUID, list[FindingLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {", ".join(_FIELDS)} FROM processing_finding
            WHERE dossier_id = ANY(%s::uuid[]) AND settled_at IS NULL ORDER BY dossier_id, code, field
            """,
            [ids(dossiers)],
        )
        for row in cursor.fetchall():
            found.setdefault(row[1], []).append(_line(row))
    return found


def decided_corrections(dossiers: Collection[UUID]) -> list[tuple[UUID, int, str]]:
    """Return which corrections a person has decided: dossier, attempt that asked, field."""
    rows = Finding.objects.filter(dossier__in=dossiers, code=Code.CORRECTION_ASKED.value, settled_at__isnull=False)
    return list(rows.values_list("dossier_id", "attempt", "field"))


def _line(row: tuple[object, ...]) -> FindingLine:
    told = dict(zip(_FIELDS, row, strict=True))
    told["dossier"] = told.pop("dossier_id")
    told |= {"code": Code(str(told["code"])), "severity": Severity(str(told["severity"]))}
    return FindingLine(**told)  # type: ignore[arg-type]
