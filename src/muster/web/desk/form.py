"""The form of an intake: what the law of the day asks of this person, and how it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from muster.capture.operations.checks import MOST_QUALITY
from muster.capture.rows import PHOTO, CaptureRecord, Filing, Intake
from muster.capture.words import Missing, Place
from muster.kernel.dates import age_on
from muster.kernel.errors import Refusal
from muster.law.capture import IRISES, PRINTS, CaptureRule, IrisCapture, PrintCapture, Representative, capture_rule
from muster.law.due import who_is_due
from muster.law.duty import Channel
from muster.law.eid import levels_for
from muster.law.facts import Due, PersonFacts
from muster.law.fees import exemptions_of_age, fee
from muster.law.forms import Signer, who_signs
from muster.law.grounds import STATED_GROUNDS, Ground, grounds_on
from muster.law.tables import NoLawInForce
from muster.register.facts import facts_of
from muster.register.queries import PersonPage
from muster.web.accounts.words import Say

CORRECTABLE = ("name", "birth", "sex", "native_place")
CORRECTIONS = 2  # rows of the form; more go to the correction page


class NotANumber(Refusal):
    """A quality is a whole number of 0 to 100."""

    code = "not_a_quality"
    vi = "Chất lượng phải là số từ 0 đến 100."
    en = "A quality is a number of 0 to 100."


class Damaged(Refusal):
    """A form comes back as it was shown, with answers that it offered."""

    code = "form_damaged"
    vi = "Biểu mẫu bị hỏng; hãy mở lại trang này rồi làm tiếp."
    en = "The form is damaged; open this page again."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the law of a day asks of a person: the rule of capture, who signs, what may be stated, the fee."""

    page: PersonPage
    on: date
    facts: PersonFacts
    due: Due
    rule: CaptureRule | None
    signers: tuple[Signer, ...]
    grounds: tuple[Ground, ...]
    levels: tuple[int, ...]
    vnd: int

    @property
    def online(self) -> bool:
        """Whether the dossier is filed by a representative without any capture."""
        return self.due.channel is Channel.ONLINE

    @property
    def represented(self) -> bool:
        """Whether a representative stands for the person."""
        return self.rule is not None and self.rule.representative


def asked(page: PersonPage, on: date, *, stated: frozenset[Ground] = frozenset(), lost: bool = False) -> Asked:
    """Return what is asked of a person on a day; of a vague birth date what holds of the older age."""
    known = facts_of(page)
    facts = PersonFacts(
        birth=known.birth, life=known.life, card=known.card, reasons=known.reasons | stated, lost_capacity=lost,
        nationality=known.nationality, lives_here_since=known.lives_here_since,
    )  # fmt: skip
    due = who_is_due(facts, on)
    age = age_on(page.line.birth, on).high
    try:
        rule, signers = capture_rule(on, age), who_signs(on, age, lost_capacity=lost)
    except NoLawInForce:
        rule, signers = None, ()
    grounds = tuple(ground for ground in grounds_on(on) if ground in STATED_GROUNDS)
    card = facts.card.type if facts.card else None
    vnd = fee(due.kind, on, ground=due.ground, card=card, exemptions=exemptions_of_age(age, on)).vnd if due.kind else 0
    return Asked(page, on, facts, due, rule, signers, grounds, _levels(on, age), vnd)


def _levels(on: date, age: int) -> tuple[int, ...]:
    try:
        return levels_for(on, age).levels
    except NoLawInForce:
        return ()


Posted = Mapping[str, str]


def stated(posted: Posted) -> frozenset[Ground]:
    """Return the grounds that were ticked."""
    return frozenset(ground for ground in STATED_GROUNDS if posted.get(f"ground.{ground}"))


def representative(posted: Posted) -> Representative | None:
    """Return the representative, if any field of one was filled in."""
    told = {name: posted.get(f"rep.{name}", "").strip() for name in ("name", "number", "relation")}
    if not any(told.values()):
        return None
    return Representative(**told, signed=bool(posted.get("rep.signed")))


def intake(what: Asked, posted: Posted, at: datetime) -> Intake:
    """Return the intake that was filled in.

    :raises NotANumber: a quality cannot be read
    :raises Damaged: an answer is none that the form offered
    """
    try:
        return _intake(what, posted, at)
    except (ValueError, KeyError):
        raise Damaged from None


def _intake(what: Asked, posted: Posted, at: datetime) -> Intake:
    signed = {who for who in Signer if posted.get(f"sign.{who}")}
    if posted.get("rep.signed"):
        signed.add(Signer.REPRESENTATIVE)
    return Intake(
        id=UUID(posted["dossier"]), packet=UUID(posted["packet"]), person=what.page.line.id, taken_at=at,
        captures=tuple(_captures(what, posted)), signed=frozenset(signed), stated=stated(posted),
        place=Place(posted.get("place") or Place.DESK), traits=posted.get("traits", ""),
        lost_capacity=bool(posted.get("lost")), representative=representative(posted),
        corrections=dict(_corrections(posted)), old_card_taken=bool(posted.get("old_card")),
        account_level=int(posted.get("level") or 0), attempt=int(posted.get("attempt") or 1),
    )  # fmt: skip


def filing(what: Asked, posted: Posted, at: datetime) -> Filing:
    """Return the filing for a child under six that was filled in.

    :raises Damaged: an answer is none that the form offered
    """
    try:
        return _filing(what, posted, at)
    except (ValueError, KeyError):
        raise Damaged from None


def _filing(what: Asked, posted: Posted, at: datetime) -> Filing:
    return Filing(
        id=UUID(posted["dossier"]), packet=UUID(posted["packet"]), person=what.page.line.id, filed_at=at,
        representative=representative(posted) or Representative(), account_level=int(posted.get("level") or 0),
    )  # fmt: skip


def _captures(what: Asked, posted: Posted) -> Iterator[CaptureRecord]:
    if what.rule is None:
        return
    if what.rule.photo and posted.get("photo"):
        yield CaptureRecord(PHOTO)
    for code in capture_codes(what.rule):
        missing = posted.get(f"missing.{code}", "")
        if missing == "not_taken":
            continue
        yield CaptureRecord(code, _quality(posted.get(f"quality.{code}", "")), 1, Missing(missing) if missing else None)


def capture_name(say: Say, code: str) -> str:
    """Return a print or an iris in words."""
    one = _NAMES[code]
    return one.vi if say("desk.language") == "vi" else one.en


_NAMES: Mapping[str, PrintCapture | IrisCapture] = {
    **{one.code: one for one in PRINTS},
    **{one.code: one for one in IRISES},
}


def capture_codes(rule: CaptureRule) -> list[str]:
    """Return the codes of the prints and irises that a rule asks for, in the order of the desk."""
    return [*(one.code for one in rule.prints), *(one.code for one in rule.irises)]


def _quality(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not typed.strip().isdecimal() or int(typed) > MOST_QUALITY:
        raise NotANumber
    return int(typed)


def _corrections(posted: Posted) -> Iterator[tuple[str, str]]:
    for place in range(CORRECTIONS):
        name, value = posted.get(f"wrong.{place}", ""), posted.get(f"right.{place}", "").strip()
        if name in CORRECTABLE and value:
            yield name, value
