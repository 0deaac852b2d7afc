"""What stands on a person's page, section by section: plain values for the parts, made of one page of the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from muster.capture import queries as capture
from muster.kernel import formats
from muster.kernel.formats import Language
from muster.kernel.numbers import NumberMeaning, PersonalNumber
from muster.law.numbers import NUMBER_PARTS, NumberPart
from muster.register.queries import PersonPage
from muster.register.queries.reading import CardLine, Change, LifeLine
from muster.register.sensitive import SEEN_BY, Relative
from muster.survey import queries as survey
from muster.ui.parts import Badge, Cell, Column, Happening, Row, Table
from muster.web.accounts.words import Say
from muster.web.register import words
from muster.web.register.places import Places

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A person's page with all that is needed to put it into words."""

    page: PersonPage
    say: Say
    language: Language
    on: date
    places: Places
    officers: Mapping[UUID, str]

    def table(self, name: str, columns: Sequence[str], rows: list[Row]) -> Table:
        """Return a table of the page, with its caption and columns in words."""
        told = [Column(column, self.say(f"register.column.{column}")) for column in columns]
        return Table(self.say(f"register.section.{name}"), told, rows, self.say(f"register.none.{name}"))


def units_of(page: PersonPage) -> list[int | None]:
    """Return every unit that the page names."""
    corrected = [
        int(value)
        for event in page.life
        for change in event.changes
        if change.field in words.PLACES
        for value in (change.old, change.new)
        if value and value.isdigit()
    ]
    own = [page.line.unit, page.birth_unit, page.registered_unit, page.native_unit]
    return [*own, *(line.unit for line in page.residences), *corrected]


def identity(shown: Shown) -> Pairs:
    """Return who the person is."""
    page, say = shown.page, shown.say
    pairs = [
        (say("register.field.name"), page.line.name),
        (say("register.field.other_name"), page.other_name),
        (say("register.field.birth"), words.birth(say, page.line.birth, shown.on)),
        (say("register.field.birth_paper"), page.birth_paper),
        (say("register.field.sex"), words.sex(say, page.line.sex)),
        (say("register.field.birth_unit"), shown.places.whole(page.birth_unit)),
        (say("register.field.registered_unit"), shown.places.whole(page.registered_unit)),
        (say("register.field.native_unit"), shown.places.whole(page.native_unit)),
        (say("register.field.nationality"), words.told(say, "nationality", page.nationality)),
        (say("register.field.marital"), words.told(say, "marital", page.marital)),
        (say("register.field.occupation"), words.told(say, "occupation", page.occupation)),
        (say("register.field.organisation"), page.organisation),
        (say("register.died_on"), words.partial(page.died_on) if page.died_on else ""),
    ]
    return [(name, value) for name, value in pairs if value and value != formats.NOTHING]


def home(shown: Shown) -> Pairs:
    """Return where the person lives for good, and as what in the household."""
    page, say = shown.page, shown.say
    return [
        (say("register.permanent"), shown.places.whole(page.line.unit)),
        (say("register.since"), formats.day(page.resident_since)),
        (say("register.relation_label"), words.told(say, "relation", page.relation)),
    ]


def sensitive(shown: Shown) -> list[tuple[str, str, Badge | None]]:
    """Return the sensitive fields: the value, or a badge that says why there is none to see."""
    page, say = shown.page, shown.say
    if page.erased or page.lost:
        return []
    hidden = Badge(say("register.held_not_shown"))
    return [
        (say(f"register.field.{name}"), _sensitive(shown, name), None if name in page.sensitive else hidden)
        for name in SEEN_BY
        if name in page.held
    ]


def _sensitive(shown: Shown, name: str) -> str:
    value = shown.page.sensitive.get(name, "")
    if name == "relatives":
        return "; ".join(_relative(shown.say, one) for one in value)
    return words.phone(str(value)) if name == "phone" else str(value)


def _relative(say: Say, one: Relative) -> str:
    return " · ".join(filter(None, [words.told(say, "relative", one.role), one.name, one.number, one.nationality]))


def number_parts(shown: Shown) -> Table | None:
    """Return what the digits of the present number say; nothing without a number."""
    if not shown.page.line.number:
        return None
    number, say = PersonalNumber.parse(shown.page.line.number), shown.say
    meaning = number.explain()
    digits, place = str(number), 0
    rows: list[Row] = []
    for rule in NUMBER_PARTS:
        part = digits[place : place + rule.digits]
        means = rule.en if shown.language == "en" else rule.vi
        rows.append({"digits": part, "stands_for": means, "says": _says(say, rule.part, meaning)})
        place += rule.digits
    return shown.table("digits", ["digits", "stands_for", "says"], rows)


def _says(say: Say, part: NumberPart, meaning: NumberMeaning) -> str:
    if part is NumberPart.PREFIX:
        return meaning.place.province if meaning.place else say("register.number.unknown_prefix")
    if part is NumberPart.CENTURY_SEX:
        return say("register.number.century", century=meaning.century, sex=words.sex(say, meaning.sex))
    return str(meaning.birth_year) if part is NumberPart.YEAR else say("register.number.random")


def numbers(shown: Shown) -> Table:
    """Return every personal and old number the person has or had, the cancelled ones with the reason."""
    page, say = shown.page, shown.say
    rows: list[Row] = [
        {
            "number": Cell(one.number, badge=Badge(say("register.number.cancelled"), "bad") if one.until else None),
            "since": formats.day(one.since),
            "until": formats.day(one.until),
            "reason": words.told(say, "wrong", one.reason) if one.reason else formats.NOTHING,
        }
        for one in page.numbers
    ]
    rows += [{"number": Cell(number, note=say("register.number.old"))} for number in page.old_numbers]
    return shown.table("numbers", ["number", "since", "until", "reason"], rows)


def cards(shown: Shown) -> Table:
    """Return the identity papers the person was issued."""
    rows: list[Row] = [
        {
            "card": words.told(shown.say, "card", one.type),
            "number": one.number,
            "issued_on": formats.day(one.issued_on),
            "expires_on": Cell(formats.day(one.expires_on), note=_ended(shown, one)),
            "issued_by": one.issued_by or formats.NOTHING,
        }
        for one in shown.page.cards
    ]
    return shown.table("cards", ["card", "number", "issued_on", "expires_on", "issued_by"], rows)


def _ended(shown: Shown, card: CardLine) -> str:
    """Return since when a card is good no more, and why; nothing of one that has not ended."""
    return shown.say(f"register.card_end.{card.ended}", day=formats.day(card.ended_on)) if card.ended else ""


def dossiers(shown: Shown) -> Table:
    """Return the dossiers of the person, the newest first."""
    say = shown.say
    columns = [
        Column("taken", say("desk.dossier.taken")),
        Column("kind", say("register.due.kind")),
        Column("state", say("desk.dossier.state")),
        Column("due_on", say("desk.dossier.due_on")),
    ]
    rows: list[Row] = [
        {
            "taken": Cell(formats.moment(one.taken_at), href=reverse("desk:dossier", args=[one.id])),
            "kind": say(f"register.due.kind_{one.kind}"),
            "state": Cell(say(f"desk.state.{one.state}"), note=formats.moment(one.state_since)),
            "due_on": Cell(
                formats.day(one.due_on), badge=Badge(say("desk.overdue"), "bad") if one.overdue(shown.on) else None
            ),
        }
        for one in capture.of_person(shown.page.line.id)
    ]
    return Table(say("desk.dossier.of_person"), columns, rows, say("desk.dossier.none"))


def cases(shown: Shown) -> Table:
    """Return in which campaigns the person is due, whether they were reached, and what makes it hard."""
    say = shown.say
    columns = [
        Column("campaign", say("survey.campaign")),
        Column("state", say("desk.dossier.state")),
        Column("contact", say("survey.contacts.what")),
        Column("hard", say("survey.hard_table.what")),
    ]
    rows: list[Row] = [
        {
            "campaign": Cell(one.campaign_name, note=formats.moment(one.found_at)),
            "state": say(f"survey.state.{one.state}"),
            "contact": say(f"survey.contact.{one.contact}"),
            "hard": say(f"survey.hard.{one.hard or 'none'}"),
        }
        for one in survey.of_person(shown.page.line.id)
    ]
    return Table(say("survey.title"), columns, rows)


def members(shown: Shown) -> Table:
    """Return who lives in the household."""
    own = shown.page.line.id
    rows: list[Row] = [
        {
            "name": Cell(one.name, href="" if one.person == own else _address(one.person)),
            "relation": words.told(shown.say, "relation", one.relation),
            "born": words.partial(one.birth),
        }
        for one in shown.page.members
    ]
    return shown.table("members", ["name", "relation", "born"], rows)


def kin(shown: Shown) -> Table:
    """Return the family that is in the register, wherever it lives."""
    rows: list[Row] = [
        {"name": Cell(one.name, href=_address(one.person)), "kin": words.told(shown.say, "kin", one.kinship)}
        for one in shown.page.kin
    ]
    return shown.table("kin", ["name", "kin"], rows)


def _address(person: UUID) -> str:
    return reverse("register:person", args=[person])


def residences(shown: Shown) -> Table:
    """Return where the person lived before, or lives besides."""
    rows: list[Row] = [
        {
            "residence": words.told(shown.say, "residence", one.kind),
            "unit": shown.places.whole(one.unit),
            "since": formats.day(one.since),
            "until": formats.day(one.until),
            "reason": one.reason or formats.NOTHING,
        }
        for one in shown.page.residences
    ]
    return shown.table("residences", ["residence", "unit", "since", "until", "reason"], rows)


def life(shown: Shown) -> list[Happening]:
    """Return what happened to the person in law and what was corrected, the newest first."""
    return [_happening(shown, event) for event in shown.page.life]


def _happening(shown: Shown, event: LifeLine) -> Happening:
    say = shown.say
    officer = shown.officers.get(event.by_officer) if event.by_officer else say("register.by_system")
    told = [
        *(_change(shown, change) for change in event.changes),
        say("register.happened_on", day=words.partial(event.happened_on)) if event.happened_on else "",
        say("register.on_paper", paper=event.paper) if event.paper else "",
        officer or "",
    ]
    return Happening(
        formats.moment(event.recorded_at), words.told(say, "event", event.kind), " · ".join(filter(None, told))
    )


def _change(shown: Shown, change: Change) -> str:
    field = shown.say(f"register.field.{change.field}")
    if change.new is None:
        return f"{field}: {shown.say('register.held_not_shown')}"
    old, new = (words.value(shown.say, change.field, value or "", shown.places) for value in (change.old, change.new))
    return f"{field}: {old} → {new}"
