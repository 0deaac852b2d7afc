"""The words of the register on the screens: what its codes mean, and in which tone they are shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from muster.kernel import formats
from muster.kernel.dates import PartialDate, age_on
from muster.kernel.phones import Phone
from muster.law.cards import CardType
from muster.law.duty import LifeStatus, Nationality
from muster.law.numbers import NumberState, WrongPart
from muster.register.words import Kinship, LifeEventKind, Marital, Relation, ResidenceKind
from muster.ui.parts import Badge, Tone
from muster.ui.texts import catalogue
from muster.web.accounts.words import Say
from muster.web.register.places import Places

LIFE_TONES: Mapping[LifeStatus, Tone] = {LifeStatus.ALIVE: "good", LifeStatus.DEAD: "plain"}
STATE_TONES: Mapping[NumberState, Tone] = {NumberState.NUMBERED: "good", NumberState.ELIGIBLE: "info"}
UNITS = ("birth_unit", "registered_unit", "native_unit")
PLACES = (*UNITS, "unit")  # a move tells the unit of residence
CITED = {"Law": "law", "Decree": "decree", "Circular": "circular", "Art.": "article"}
ENUMS: Mapping[str, type[Any]] = {  # the codes that have words, by the table of their texts
    "card": CardType,
    "event": LifeEventKind,
    "kin": Kinship,
    "life": LifeStatus,
    "marital": Marital,
    "nationality": Nationality,
    "number_state": NumberState,
    "relation": Relation,
    "residence": ResidenceKind,
    "wrong": WrongPart,
}


def told(say: Say, kind: str, code: str) -> str:
    """Return what a code of the register means; the code itself where a later version of the law brought it."""
    key = f"register.{kind}.{code}" if code else f"register.{kind}.unknown"
    return say(key) if key in catalogue() else code


def options(say: Say, kind: str) -> list[tuple[str, str]]:
    """Return the words of a kind as the answers of a question, in the order of the law."""
    return [(word.value, told(say, kind, word.value)) for word in ENUMS[kind]]


def occupations(say: Say, present: str) -> list[tuple[str, str]]:
    """Return the occupations that have words, the present one too where it has none."""
    prefix = "register.occupation."
    known = [key.removeprefix(prefix) for key in catalogue() if key.startswith(prefix)]
    named = [code for code in known if code != "unknown"]
    return [(code, told(say, "occupation", code)) for code in dict.fromkeys(["", *named, present])]


def sex(say: Say, code: str) -> str:
    """Return the sex in words."""
    return say(f"register.sex.{code}")


def life(say: Say, status: LifeStatus) -> Badge:
    """Return whether somebody is alive and within reach."""
    return Badge(told(say, "life", status.value), LIFE_TONES.get(status, "warn"))


def number_state(say: Say, state: str) -> Badge:
    """Return how far somebody is on the way to a number."""
    return Badge(told(say, "number_state", state), STATE_TONES.get(NumberState(state), "warn"))


def birth(say: Say, born: PartialDate, on: date) -> str:
    """Return a date of birth with what is not known of it, and the age."""
    age = say("register.age", age=str(age_on(born, on)))
    vague = "" if born.precision == "day" else f" ({say(f'register.known_to.{born.precision}')})"
    return f"{formats.day(born)}{vague} · {age}"


def partial(iso: str) -> str:
    """Return a stored date of any precision as people write it."""
    return formats.day(PartialDate.parse(iso)) if iso else formats.NOTHING


def value(say: Say, field: str, stored: str, places: Places) -> str:
    """Return what a field held before or after a correction, in words."""
    if field in PLACES:
        return places.whole(int(stored)) if stored.isdigit() else formats.NOTHING
    if field in {"marital", "nationality", "occupation", "relation"}:
        return told(say, field, stored)
    if not stored:
        return formats.NOTHING
    if field in {"birth", "died_on"}:
        return partial(stored)
    if field == "phone":
        return phone(stored)
    return sex(say, stored) if field == "sex" else stored


def phone(stored: str) -> str:
    """Return a phone number as people dictate it; as it stands where it is no mobile number of here."""
    return Phone(stored).display if len(stored) == 10 and stored.isdigit() else stored  # noqa: PLR2004 - digits


def source(say: Say, article: str) -> str:
    """Return the article of a law as the language of the page cites it; nothing for what is no law."""
    if not article.startswith(tuple(CITED)):
        return ""
    for english, name in CITED.items():
        article = article.replace(f"{english} ", f"{say(f'register.cited.{name}')} ")
    return article
