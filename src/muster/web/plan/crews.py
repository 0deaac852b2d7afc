"""The crews of a unit, each post with somebody trained: form one, change its people, let it end, record training."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.plan import operations, queries
from muster.plan.queries import Candidate, CrewLine
from muster.plan.rows import CrewChange, CrewRow, Training
from muster.plan.words import Post
from muster.ui.parts import Cell, Column, Field, Link, Row, Table
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.language import language_of
from muster.web.plan import rules, sessions, where
from muster.web.plan.asking import Asked, Doing, Fault, Form, answer, done, shown

CREWS = "plan.crews"
FIELDS = {
    "crew_without_name": "name", "crew_ended": "since", "in_the_past": "since", "unit_unknown": "to",
    "unknown_officer": "officer",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the crews of a unit and what limits bind them; form one or record training when asked to."""
    unit = where.unit_asked(request)
    went, fault = answer(request, {"form": _forming(request), "train": _training(request, unit)}, FIELDS)
    if went:
        return went
    crews, on = queries.crews(unit.id, campaign_day(request)), campaign_day(request)
    values = where.frame(request, "crews", unit) | {
        "tables_of": [_crews(request, crews), rules.limits(request)],
        "links": [Link(where.address("rules", unit), words.saying(request)("rules.to_page"))],
    }
    if where.allowed(request, CREWS, unit):
        people = queries.candidates(unit.id, on)
        values["forms_of"] = [_form_of_new(request, unit, people, fault), _form_of_training(request, people, fault)]
    return shown(request, values, fault)


def _forming(request: Visit) -> Doing:
    def form(asked: Asked) -> str:
        at = where.require_at(request, CREWS, int(asked.chosen("to", int)))
        members = tuple((asked.id(post.value), post) for post in Post)
        row = CrewRow(id=asked.id("id"), unit=at, name=asked.text("name"), since=asked.day("since"), members=members)
        done(operations.form_crews(crews=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.of_thing("crew", row.id)

    return form


def _training(request: Visit, unit: Unit) -> Doing:
    def train(asked: Asked) -> str:
        where.require(request, CREWS, unit)
        officer = asked.id("officer")
        where.require_at(request, CREWS, queries.officer_units([officer]).get(officer, 0))
        row = Training(officer=officer, post=asked.chosen("post", Post), on=asked.day("on"), where=asked.text("where"))
        done(
            operations.record_training(trainings=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request))
        )
        return where.address("crews", unit)

    return train


def _form_of_new(request: Visit, unit: Unit, people: Sequence[Candidate], fault: Fault | None) -> Form:
    ask = Asked(request, "form", fault)
    fields = [
        ask.field("name", ask.say("plan.crew_name"), required=True),
        ask.field("to", ask.say("plan.unit"), str(unit.id), kind="select", options=where.choices(request, unit, CREWS)),
        ask.field("since", ask.say("plan.since"), formats.day(campaign_day(request)), inputmode="numeric"),
        *_posts(ask, people, {}, None),
    ]
    return ask.form(
        ask.say("plan.form_crew"), fields, ask.say("plan.form_crew"), note=ask.say("plan.crew_means"), folded=True
    )


def _posts(ask: Asked, people: Sequence[Candidate], held: dict[str, str], crew: UUID | None) -> list[Field]:
    """Return one question a post: those trained for it who are in no other crew, whoever holds it now first."""
    fields = []
    for post in Post:
        free = [one for one in people if post in one.posts and one.crew in {None, crew}]
        options = [("", ask.say("plan.choose"))] + [
            (str(one.officer), f"{one.name} ({one.username}), {formats.day(one.posts[post])}") for one in free
        ]
        hint = "" if free else ask.say("plan.nobody_trained")
        fields.append(
            ask.field(
                post.value, ask.say(f"plan.post.{post}"), held.get(post, ""), kind="select", options=options, hint=hint
            )
        )
    return fields


def _form_of_training(request: Visit, people: Sequence[Candidate], fault: Fault | None) -> Form:
    ask = Asked(request, "train", fault)
    who = [("", ask.say("plan.choose"))] + [(str(one.officer), f"{one.name} ({one.username})") for one in people]
    posts = [(post.value, ask.say(f"plan.post.{post}")) for post in Post]
    fields = [
        ask.field("officer", ask.say("plan.officer"), kind="select", options=who),
        ask.field("post", ask.say("plan.trained_for"), posts[0][0], kind="select", options=posts),
        ask.field("on", ask.say("plan.trained_on"), formats.day(campaign_day(request)), inputmode="numeric"),
        ask.field("where", ask.say("plan.trained_where")),
    ]
    return ask.form(ask.say("plan.record_training"), fields, ask.say("plan.record_training"), folded=True)


def _crews(request: Visit, crews: Sequence[CrewLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [Column("name", say("plan.crew")), Column("unit", say("plan.unit"))]
    columns += [Column(post.value, say(f"plan.post.{post}")) for post in Post]
    rows: list[Row] = [
        {
            "name": Cell(crew.name, href=where.of_thing("crew", crew.id)),
            "unit": crew.unit_name,
            **{post.value: ", ".join(name for held, _, name in crew.members if held == post) for post in Post},
        }
        for crew in crews
    ]
    return Table(say("plan.crews_of", count=formats.count(len(crews), language)), columns, rows, say("plan.no_crews"))


@require_http_methods(["GET", "POST"])
def crew(request: Visit, crew: UUID) -> HttpResponse:
    """Show one crew and its coming sessions; change its people or let it end when asked to."""
    on = campaign_day(request)
    line = queries.crew(crew, on)
    if line is None:
        raise Http404
    unit, say = where.unit_of(request, line.unit), words.saying(request)
    went, fault = answer(request, {"change": _changing(request, line), "end": _ending(request, line)}, FIELDS)
    if went:
        return went
    coming = list(queries.sessions_of_crew([crew], on))
    values = where.frame(request, "crews", unit) | {
        "title": line.name,
        "pairs": _pairs(request, line),
        "tables_of": [sessions.table(request, say("plan.crew_coming"), coming)],
        "forms_of": _forms(request, line, unit, fault) if where.allowed(request, CREWS, unit) else [],
    }
    return shown(request, values, fault)


def _pairs(request: Visit, line: CrewLine) -> list[tuple[str, str]]:
    say = words.saying(request)
    people = [
        (say(f"plan.post.{post}"), ", ".join(name for held, _, name in line.members if held == post) or formats.NOTHING)
        for post in Post
    ]
    days = [(say("plan.since"), formats.day(line.since))]
    days += [(say("plan.ends_before"), formats.day(line.until))] if line.until else []
    return [(say("plan.unit"), line.unit_name), *days, *people]


def _changing(request: Visit, line: CrewLine) -> Doing:
    def change(asked: Asked) -> str:
        where.require_at(request, CREWS, line.unit)
        members = tuple((asked.id(post.value), post) for post in Post)
        row = CrewChange(
            crew=line.id, version=asked.count("version"), name=asked.text("name"), since=asked.day("since"),
            members=members,
        )  # fmt: skip
        done(operations.change_crews(changes=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.of_thing("crew", line.id)

    return change


def _ending(request: Visit, line: CrewLine) -> Doing:
    def end(asked: Asked) -> str:
        where.require_at(request, CREWS, line.unit)
        until, by, at = asked.day("since"), acting(request, Purpose.COMMAND), campaign_time(request)
        done(operations.dissolve_crews(crews=[line.id], until=until, by=by, at=at))
        return where.of_thing("crew", line.id)

    return end


def _forms(request: Visit, line: CrewLine, unit: Unit, fault: Fault | None) -> list[Form]:
    on = campaign_day(request)
    if line.until is not None and line.until <= on:
        return []
    change, end = Asked(request, "change", fault), Asked(request, "end", fault)
    say, today = change.say, formats.day(max(on, line.since))
    held = {post: str(officer) for post, officer, _ in line.members}
    people = queries.candidates(where.around(request, unit).id, on)
    fields = [
        change.field("name", say("plan.crew_name"), line.name, required=True),
        change.field("since", say("plan.change_since"), today, inputmode="numeric"),
        *_posts(change, people, held, line.id),
    ]
    version = {"change.version": change.text("version") or str(line.version)}
    forms = [
        change.form(say("plan.change_crew"), fields, say("plan.save"), note=say("plan.change_means"), hidden=version)
    ]
    if line.until is None:
        last = end.field("since", say("plan.ends_before"), inputmode="numeric", required=True)
        note = say("plan.end_means")
        forms.append(
            end.form(say("plan.end_crew"), [last], say("plan.end_crew"), note=note, kind="danger", folded=True)
        )
    return forms
