"""e-ID: which account levels an age may have, how fast they are decided, and how long one may wait to activate."""

from dataclasses import dataclass
from datetime import date, timedelta

from muster.law.cards import CardFacts, CardType, usable_until
from muster.law.deadlines import working_days_after
from muster.law.grounds import Obligation
from muster.law.regimes import EID_STARTS, LAW_2023_STARTS
from muster.law.tables import Dated, NoLawInForce, the_one


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule(Dated):
    """The levels open to people of ``age_from`` to under ``age_to`` years, and whether only on request.

    ``card_for``: the levels for which a valid card is wanted. ``consent``: the representative must agree, and confirms
    each use.
    """

    age_from: int
    age_to: int | None
    levels: tuple[int, ...]
    obligation: Obligation | None
    card_for: tuple[int, ...]
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRule(Dated):
    """Within how many working days a level is decided; ``card``: the applicant holds a valid card."""

    level: int
    card: bool
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRule(Dated):
    """Within how many days of the notice the holder activates alone; after that only with help of the hotline."""

    days: int
    devices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKinds(Dated):
    """The kinds of card that count, while they are good, as the valid card an account wants."""

    kinds: frozenset[CardType]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule(Dated):
    """From how many on somebody looks: accounts on one device, activations beside one officer in an hour."""

    accounts_of_device: int
    device_days: int
    activations_of_officer_an_hour: int


def _levels(
    ages: tuple[int, int | None], levels: tuple[int, ...], obligation: Obligation | None, *, new: bool
) -> LevelRule:
    child = ages[1] is not None
    return LevelRule(
        age_from=ages[0],
        age_to=ages[1],
        levels=levels,
        obligation=obligation,
        card_for=levels if new else tuple(level for level in levels if level > 1),
        consent=child,
        valid_from=LAW_2023_STARTS if new else EID_STARTS,
        valid_to=None if new else LAW_2023_STARTS,
        source="Decree 69/2024 Art. 7, 14(2)" if new else "Decree 59/2022",
        assumed=not new,
    )


_MAY = Obligation.ON_REQUEST

# fmt: off
LEVEL_RULES: tuple[LevelRule, ...] = (
    _levels((0, 14),    (),     None, new=False),  # uses the account of a parent or guardian
    _levels((14, None), (1, 2), _MAY, new=False),
    _levels((0, 6),     (1,),   _MAY, new=True),
    _levels((6, 14),    (1, 2), _MAY, new=True),
    _levels((14, None), (1, 2), _MAY, new=True),
)

DECISION_RULES: tuple[DecisionRule, ...] = tuple(
    DecisionRule(level=level, card=card, working_days=days, valid_from=start, valid_to=end, source=source,
                 assumed=start == LAW_2023_STARTS and (level, card) == (1, False))
    for start, end, source in (
        (EID_STARTS, LAW_2023_STARTS, "Decree 59/2022 Art. 17(1)"),
        (LAW_2023_STARTS, None, "Decree 69/2024"),
    )
    for level, card, days in ((1, True, 1), (1, False, 7), (2, True, 3), (2, False, 7))
)

ACTIVATION_RULES: tuple[ActivationRule, ...] = (
    ActivationRule(days=7, devices=1, valid_from=EID_STARTS, valid_to=LAW_2023_STARTS, source="Decree 59/2022"),
    ActivationRule(days=7, devices=1, valid_from=LAW_2023_STARTS, source="Decree 69/2024 Art. 14(1)"),
)

_CHIP = frozenset({CardType.CCCD_CHIP})

CARD_KINDS: tuple[CardKinds, ...] = (
    CardKinds(kinds=_CHIP, valid_from=EID_STARTS, valid_to=LAW_2023_STARTS, source="Decree 59/2022", assumed=True),
    CardKinds(kinds=_CHIP | {CardType.CCCD_BARCODE, CardType.CAN_CUOC}, valid_from=LAW_2023_STARTS,
              source="Decree 69/2024 Art. 7"),
)

ALARM_RULES: tuple[AlarmRule, ...] = (
    AlarmRule(accounts_of_device=5, device_days=30, activations_of_officer_an_hour=30, valid_from=EID_STARTS,
              source="House rule; no law names a number", assumed=True),
)
# fmt: on


def levels_for(on: date, age: int) -> LevelRule:
    """Return the account levels open on a day to an age in completed years.

    :raises NoLawInForce: before 20 October 2022
    """
    for rule in LEVEL_RULES:
        if rule.holds(on) and rule.age_from <= max(age, 0) and (rule.age_to is None or age < rule.age_to):
            return rule
    raise NoLawInForce(subject="e-ID levels", on=on.isoformat())


def decide_by(filed_on: date, level: int, *, has_card: bool = True) -> date:
    """Return the last day on which a decision about an account is in time.

    :raises NoLawInForce: filed before 20 October 2022, or no such level
    """
    for rule in DECISION_RULES:
        if rule.holds(filed_on) and rule.level == level and rule.card == has_card:
            return working_days_after(filed_on, rule.working_days)
    raise NoLawInForce(subject=f"e-ID level {level}", on=filed_on.isoformat())


def activate_by(notified_on: date) -> date:
    """Return the last day on which the holder can activate alone; the day of the notice does not count.

    :raises NoLawInForce: notified before 20 October 2022
    """
    return notified_on + timedelta(days=the_one(ACTIVATION_RULES, notified_on, "e-ID activation").days)


def needs_hotline(notified_on: date, on: date) -> bool:
    """Say whether an account that is not yet activated can only be with help: the outreach list.

    :raises NoLawInForce: notified before 20 October 2022
    """
    return on > activate_by(notified_on)


def card_counts(card: CardFacts | None, birth: date, on: date) -> bool:
    """Say whether a card is the valid card that an account wants on a day; before 20 October 2022 none is.

    :param birth: the holder's birthday, the earliest it may be: its card then ends no later than in truth
    """
    if card is None or not any(rule.holds(on) and card.type in rule.kinds for rule in CARD_KINDS):
        return False
    ends = usable_until(card, birth)
    return ends is None or on < ends


def alarm_rule(on: date) -> AlarmRule:
    """Return from how many on somebody looks.

    :raises NoLawInForce: before 20 October 2022
    """
    return the_one(ALARM_RULES, on, "e-ID alarms")
