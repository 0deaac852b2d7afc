"""What the citizen says is wrong in the register: a person decides field by field, on the word of a paper."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from muster.audit import operations as audit
from muster.capture import operations as capture
from muster.capture.words import KIND as DOSSIER
from muster.kernel.actor import Actor
from muster.kernel.dates import PartialDate
from muster.kernel.errors import BatchResult, Refusal, RowRefusal
from muster.processing import queries
from muster.processing.operations import findings
from muster.processing.operations.examining import examine
from muster.processing.queries.findings import FindingLine
from muster.processing.words import Code, Settled
from muster.register import operations as register
from muster.register.operations.asked import Correction

UNITS = frozenset({"birth_unit", "registered_unit", "native_unit"})


class NoSuchCorrection(Refusal):
    """The citizen has not asked for this, or it has been decided."""

    code = "no_such_correction"
    vi = "Công dân không đề nghị sửa “{field}”, hoặc việc này đã được quyết định."
    en = "No correction of “{field}” is asked for, or it has been decided."


class NotReadable(Refusal):
    """The value asked for is none that this field can hold."""

    code = "not_readable"
    vi = "Giá trị đề nghị cho “{field}” không đọc được; hãy nhập lại theo giấy tờ."
    en = "The value asked for “{field}” cannot be read; type it from the paper."


class PaperNeeded(Refusal):
    """The register is corrected on the word of a paper."""

    code = "paper_needed"
    vi = "Cần ghi giấy tờ làm căn cứ để sửa."
    en = "A correction names the paper it stands on."


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDecision:
    """One field of a dossier: the register is corrected, or it is right as it is.

    ``version`` is that of the person as read. ``value`` is what the paper says, where it is not what was asked.
    """

    dossier: UUID
    field: str
    apply: bool
    version: int
    paper: str = ""
    value: str | None = None


@transaction.atomic
def decide_corrections(*, decisions: Sequence[CorrectionDecision], by: Actor, at: datetime) -> BatchResult[UUID]:
    """Decide corrections that citizens asked for; those of one dossier are applied together or not at all.

    Every dossier is examined anew: a corrected sex, birth year or place of registration makes the number wrong, which
    is replaced by two people before the dossier can be accepted.

    :returns: the dossiers decided; refusals by the place in ``decisions``
    """
    dossiers = list(dict.fromkeys(row.dossier for row in decisions))
    exam = examine(dossiers, by, at)
    stands = queries.open_findings(dossiers)
    asked = findings.corrections(dossiers)
    places: dict[UUID, list[int]] = defaultdict(list)
    for place, row in enumerate(decisions):
        places[row.dossier].append(place)
    refused: dict[int, Refusal] = {}
    for dossier, own in places.items():
        try:
            with transaction.atomic():
                if dossier not in exam.known:
                    raise capture.UnknownDossier(dossier=dossier)
                rows = [decisions[place] for place in own]
                lines = {line.field: line for line in stands.get(dossier, ()) if line.code is Code.CORRECTION_ASKED}
                _decide(rows, exam.known[dossier].person, lines, asked.get(dossier, (0, {}))[1], by, at)
        except Refusal as refusal:
            refused |= dict.fromkeys(own, refusal)
    done = [dossier for dossier in dossiers if places[dossier][0] not in refused]
    if done:
        examine(done, by, at)
        audit.record(
            by=by, at=at, action="processing.decide_corrections", subjects=[audit.Subject(DOSSIER, one) for one in done]
        )
    return BatchResult(done, [RowRefusal(place, refused[place]) for place in sorted(refused)])


def _decide(
    rows: Sequence[CorrectionDecision],
    person: UUID,
    lines: Mapping[str, FindingLine],
    asked: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> None:
    for row in rows:
        if row.field not in lines:
            raise NoSuchCorrection(field=row.field)
    changes = {row.field: _value(row, asked) for row in rows if row.apply}
    if changes:
        papers = [row.paper.strip() for row in rows if row.apply]
        if not all(papers):
            raise PaperNeeded
        told = ", ".join(dict.fromkeys(papers))
        correction = Correction(person=person, version=rows[0].version, changes=changes, paper=told)
        # what one may do to a dossier is asked as checking.correct
        register.correct(corrections=[correction], grants=None, by=by, at=at).whole()
    for how, applied in ((Settled.APPLIED, True), (Settled.DECLINED, False)):
        settled = [lines[row.field].id for row in rows if row.apply is applied]
        findings.settle(settled, how, by.officer, at)


def _value(row: CorrectionDecision, asked: Mapping[str, str]) -> Any:
    text = (asked.get(row.field, "") if row.value is None else row.value).strip()
    if row.field in UNITS:
        if not text.isdecimal():
            raise NotReadable(field=row.field)
        return int(text)
    return PartialDate.parse(text) if row.field == "birth" else text
