"""Grounds: why a card is issued, exchanged or re-issued, in the words of each law; the first in the table leads."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from muster.law.regimes import CMND_VOID_STARTS, LAW_2014, LAW_2014_STARTS, LAW_2023, LAW_2023_STARTS
from muster.law.tables import Dated, in_force


class Kind(StrEnum):
    """What is done for the person: a first card, another one for a card, one for a card gone, or a certificate."""

    FIRST_ISSUE = "first_issue"  # cấp
    EXCHANGE = "exchange"  # cấp đổi
    RE_ISSUE = "re_issue"  # cấp lại
    IDENTITY_CERTIFICATE = "identity_certificate"  # giấy chứng nhận căn cước


class Obligation(StrEnum):
    """Whether the person must, or may."""

    MANDATORY = "mandatory"
    ON_REQUEST = "on_request"


class Ground(StrEnum):
    """Why somebody is due; where several apply, the first in this order leads."""

    CMND_VOID = "cmnd_void"
    NO_CARD = "no_card"
    AGE = "age"
    CARD_EXPIRED = "card_expired"
    LOST = "lost"
    DAMAGED = "damaged"
    NATIONALITY_RESTORED = "nationality_restored"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    LOOKS = "looks"
    SEX = "sex"
    NATIVE_PLACE = "native_place"
    CARD_ERROR = "card_error"
    NUMBER_REESTABLISHED = "number_reestablished"
    UNITS_REARRANGED = "units_rearranged"
    ON_REQUEST = "on_request"
    OLD_CARD_TYPE = "old_card_type"
    NATIONALITY_UNDETERMINED = "nationality_undetermined"


ORDER = {ground: place for place, ground in enumerate(Ground)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRule(Dated):
    """What a ground leads to while the row is in force.

    ``stated``: the ground is told by the person or the register, not worked out from age and card.
    ``implies_card``: who states it has had a card, even if the register holds none.
    """

    ground: Ground
    kind: Kind
    obligation: Obligation
    stated: bool
    implies_card: bool


_FIRST, _SWAP, _AGAIN, _CERT = Kind.FIRST_ISSUE, Kind.EXCHANGE, Kind.RE_ISSUE, Kind.IDENTITY_CERTIFICATE
_MUST, _MAY = Obligation.MANDATORY, Obligation.ON_REQUEST
_STATED, _HAD_CARD, _WORKED_OUT = (True, False), (True, True), (False, False)

# An age that is reached goes before a loss: Law 26/2023 Art. 24(2)(a) excepts the cases of Art. 21.
# "?" in front of an article: the source was not seen or does not name the case; the row is assumed.
# fmt: off
_TABLE: tuple[tuple[Ground, Kind | None, str, Kind | None, str, Obligation, tuple[bool, bool]], ...] = (
    # ground                         2014    article              2023    article               duty   known how
    (Ground.NO_CARD,                 _FIRST, "Art. 19",           _FIRST, "Art. 19",            _MUST, _WORKED_OUT),
    (Ground.AGE,                     _SWAP,  "Art. 21, 23(1)(a)", _SWAP,  "Art. 21, 24(1)(a)",  _MUST, _WORKED_OUT),
    (Ground.CARD_EXPIRED,            _SWAP,  "? Art. 38(2)",      _SWAP,  "? Art. 46",          _MUST, _WORKED_OUT),
    (Ground.LOST,                    _AGAIN, "Art. 23(2)(a)",     _AGAIN, "Art. 24(2)(a)",      _MUST, _HAD_CARD),
    (Ground.DAMAGED,                 _SWAP,  "Art. 23(1)(b)",     _AGAIN, "Art. 24(2)(a)",      _MUST, _HAD_CARD),
    (Ground.NATIONALITY_RESTORED,    _AGAIN, "Art. 23(2)(b)",     _AGAIN, "Art. 24(2)(b)",      _MUST, _HAD_CARD),
    (Ground.NAME,                    _SWAP,  "Art. 23(1)(c)",     _SWAP,  "Art. 24(1)(b)",      _MUST, _STATED),
    (Ground.BIRTH_DATE,              _SWAP,  "? Art. 23(1)(đ)",   _SWAP,  "Art. 24(1)(b)",      _MUST, _STATED),
    (Ground.LOOKS,                   _SWAP,  "Art. 23(1)(c)",     _SWAP,  "Art. 24(1)(c)",      _MUST, _STATED),
    (Ground.SEX,                     _SWAP,  "Art. 23(1)(d)",     _SWAP,  "Art. 24(1)(c)",      _MUST, _STATED),
    (Ground.NATIVE_PLACE,            _SWAP,  "Art. 23(1)(d)",     None,   "",                   _MUST, _STATED),
    (Ground.CARD_ERROR,              _SWAP,  "Art. 23(1)(đ)",     _SWAP,  "Art. 24(1)(d)",      _MUST, _HAD_CARD),
    (Ground.NUMBER_REESTABLISHED,    _SWAP,  "? Art. 23(1)(đ)",   _SWAP,  "Art. 24(1)(e)",      _MUST, _STATED),
    (Ground.UNITS_REARRANGED,        _SWAP,  "? Art. 23(1)(e)",   _SWAP,  "Art. 24(1)(đ)",      _MAY,  _STATED),
    (Ground.ON_REQUEST,              _SWAP,  "Art. 23(1)(e)",     _SWAP,  "Art. 24(1)(g)",      _MAY,  _STATED),
    (Ground.OLD_CARD_TYPE,           _SWAP,  "Art. 38; Circular 06/2021 Art. 4", _SWAP, "Art. 46", _MAY, _WORKED_OUT),
    (Ground.NATIONALITY_UNDETERMINED, None,  "",                  _CERT,  "Art. 30",            _MUST, _WORKED_OUT),
)
# fmt: on


def _row(ground: Ground, kind: Kind, article: str, duty: Obligation, known: tuple[bool, bool]) -> GroundRule:
    old = article.startswith(LAW_2014)
    return GroundRule(
        ground=ground,
        kind=kind,
        obligation=duty,
        stated=known[0],
        implies_card=known[1],
        valid_from=LAW_2014_STARTS if old else LAW_2023_STARTS,
        valid_to=LAW_2023_STARTS if old else None,
        source=article.replace("? ", ""),
        assumed="? " in article,
    )


def _rows() -> tuple[GroundRule, ...]:
    rows = []
    for ground, old, old_article, new, new_article, duty, known in _TABLE:
        if old is not None:
            rows.append(_row(ground, old, f"{LAW_2014} {old_article}", duty, known))
        if new is not None:
            rows.append(_row(ground, new, f"{LAW_2023} {new_article}", duty, known))
    return tuple(rows)


GROUND_RULES: tuple[GroundRule, ...] = (
    GroundRule(
        ground=Ground.CMND_VOID,
        kind=Kind.EXCHANGE,
        obligation=Obligation.MANDATORY,
        stated=False,
        implies_card=False,
        valid_from=CMND_VOID_STARTS,
        source=f"{LAW_2023} Art. 46(2)",
    ),
    *_rows(),
)

STATED_GROUNDS: frozenset[Ground] = frozenset(rule.ground for rule in GROUND_RULES if rule.stated)


@lru_cache(maxsize=4096)
def grounds_on(on: date) -> dict[Ground, GroundRule]:
    """Return the grounds of a day with what each leads to, the leading ones first. Do not change the answer."""
    return {rule.ground: rule for rule in in_force(GROUND_RULES, on)}
