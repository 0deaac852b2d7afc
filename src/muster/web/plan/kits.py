"""The kits of a unit: where each stands, its state, its rate and by whose word; add, hand on, mend, retire one."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from muster.incidents import operations as desk
from muster.incidents import queries as incidents
from muster.kernel import formats
from muster.kernel.actor import Purpose
from muster.kernel.clock import work_day
from muster.plan import operations, queries
from muster.plan.moves import KIT_MOVES
from muster.plan.queries import KitLine
from muster.plan.rows import KitMove, KitRow, KitTransfer
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tone
from muster.units import queries as units
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit, acting, campaign_day, campaign_time
from muster.web.incidents import frame as tickets
from muster.web.language import language_of
from muster.web.plan import sessions, where
from muster.web.plan.asking import Asked, AtField, Doing, Fault, Form, NotChosen, answer, done, shown

KITS = "plan.kits"
MONTH = timedelta(days=30)
TONES: dict[str, Tone] = {"ready": "good", "broken": "bad", "retired": "plain"}
FIELDS = {"code_taken": "code", "bad_kit": "rate", "unit_unknown": "to", "moved_later": "to", "has_ticket": "what"}


@require_http_methods(["GET", "POST"])
def show(request: Visit) -> HttpResponse:
    """Show the kits of a unit; add one when asked to."""
    unit = where.unit_asked(request)

    def add(asked: Asked) -> str:
        at = where.require_at(request, KITS, int(asked.chosen("to", int)))
        row = KitRow(
            id=asked.id("id"), code=asked.text("code"), unit=at, rate=asked.count("rate"), source=asked.text("source"),
            assumed=bool(asked.text("assumed")),
        )  # fmt: skip
        done(operations.register_kits(kits=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.address("kits", unit)

    went, fault = answer(request, {"add": add}, FIELDS)
    if went:
        return went
    values = where.frame(request, "kits", unit)
    values |= {"tables_of": [_kits(request, queries.kits(unit.id, campaign_time(request)))]}
    values |= {"forms_of": [_adding(request, unit, fault)] if where.allowed(request, KITS, unit) else []}
    return shown(request, values, fault)


def _adding(request: Visit, unit: Unit, fault: Fault | None) -> Form:
    ask = Asked(request, "add", fault)
    options = where.choices(request, unit, KITS)
    fields = [
        ask.field("code", ask.say("plan.kit_code"), required=True),
        ask.field("rate", ask.say("plan.rate"), inputmode="numeric", hint=ask.say("plan.rate_hint"), required=True),
        ask.field("source", ask.say("plan.source"), hint=ask.say("plan.source_hint"), required=True),
        ask.field("to", ask.say("plan.held_by"), str(unit.id), kind="select", options=options),
        ask.field("assumed", ask.say("plan.rate_assumed"), kind="check"),
    ]
    return ask.form(ask.say("plan.add_kit"), fields, ask.say("plan.add_kit"), folded=True)


def _kits(request: Visit, kits: list[KitLine]) -> Table:
    say, language = words.saying(request), language_of(request)
    columns = [
        Column("code", say("plan.kit")),
        Column("state", say("plan.state")),
        Column("unit", say("plan.held_by")),
        Column("now", say("plan.works_now")),
        Column("rate", say("plan.rate"), numeric=True),
        Column("source", say("plan.source")),
    ]
    rows: list[Row] = [
        {
            "code": Cell(kit.code, href=where.of_thing("kit", kit.id)),
            "state": Cell("", badge=_state(say, kit), note=say("plan.kit_spare") if kit.spare else ""),
            "unit": kit.unit_name,
            "now": kit.venue_name or formats.NOTHING,
            "rate": formats.count(kit.rate, language),
            "source": Cell(kit.source, note=say("plan.assumed") if kit.assumed else ""),
        }
        for kit in kits
    ]
    return Table(say("plan.kits_of", count=formats.count(len(kits), language)), columns, rows, say("plan.no_kits"))


def _state(say: words.Say, kit: KitLine) -> Badge:
    return Badge(say(f"plan.kit_state.{kit.state}"), TONES[kit.state])


@require_http_methods(["GET", "POST"])
def kit(request: Visit, kit: UUID) -> HttpResponse:
    """Show one kit, where it was and is to work; hand it on, or say that it broke, was mended or is retired."""
    line = queries.kit(kit, campaign_time(request))
    if line is None:
        raise Http404
    unit = where.unit_of(request, line.unit)
    went, fault = answer(request, {"move": _moving(request, line), "mark": _marking(request, line)}, FIELDS)
    if went:
        return went
    say = words.saying(request)
    coming = queries.sessions_of_kit(kit, campaign_time(request))
    values = where.frame(request, "kits", unit) | {
        "title": say("plan.kit_named", code=line.code),
        "badges": [_state(say, line), *([Badge(say("plan.kit_spare"), "info")] if line.spare else [])],
        "notice": say("plan.kit_still_planned", count=len(coming)) if coming and line.state != "ready" else "",
        "pairs": _pairs(request, line),
        "tables_of": [
            sessions.table(request, say("plan.kit_coming"), coming),
            _incidents(request, line),
            _places(request, line),
        ],
        "forms_of": _forms(request, line, unit, fault) if where.allowed(request, KITS, unit) else [],
    }
    return shown(request, values, fault)


def _moving(request: Visit, line: KitLine) -> Doing:
    def move(asked: Asked) -> str:
        where.require_at(request, KITS, line.unit)
        to, at = where.require_at(request, KITS, int(asked.chosen("to", int))), campaign_time(request)
        row = KitTransfer(id=asked.id("id"), kit=line.id, unit=to, since=at)
        done(operations.move_kits(transfers=[row], by=acting(request, Purpose.COMMAND), at=at))
        return where.of_thing("kit", line.id)

    return move


def _marking(request: Visit, line: KitLine) -> Doing:
    def mark(asked: Asked) -> str:
        where.require_at(request, KITS, line.unit)
        if (what := asked.text("what")) not in KIT_MOVES:
            raise AtField("what", NotChosen())
        row = KitMove(id=asked.id("id"), kit=line.id, move=what, reason=asked.text("reason"))
        done(desk.mark_kits(moves=[row], by=acting(request, Purpose.COMMAND), at=campaign_time(request)))
        return where.of_thing("kit", line.id)

    return mark


def _pairs(request: Visit, line: KitLine) -> list[tuple[str, str]]:
    say, language = words.saying(request), language_of(request)
    source = f"{line.source} ({say('plan.assumed')})" if line.assumed else line.source
    return [
        (say("plan.held_by"), f"{line.unit_name}, {formats.moment(line.since)}"),
        (say("plan.works_now"), line.venue_name or formats.NOTHING),
        (say("plan.rate"), formats.count(line.rate, language)),
        (say("plan.source"), source),
    ]


def _incidents(request: Visit, line: KitLine) -> Table:
    """Return the tickets a kit had or went out for, and how long it stood still in the last month."""
    say, at = words.saying(request), campaign_time(request)
    found, day = incidents.of_kit(line.id), work_day(at)
    lost = sum(incidents.lost_of_kit(line.id, day - MONTH, day, at).values())
    return tickets.table(say, say("incidents.of_kit", count=len(found), minutes=lost), found, at)


def _places(request: Visit, line: KitLine) -> Table:
    say, rows = words.saying(request), queries.places_of(line.id)
    titles = units.titles({unit for unit, _, _ in rows}, campaign_day(request))
    columns = [
        Column("unit", say("plan.held_by")),
        Column("since", say("plan.since")),
        Column("until", say("plan.until")),
    ]
    told: list[Row] = [
        {
            "unit": str(titles[unit]),
            "since": formats.moment(since),
            "until": formats.moment(until) if until else formats.NOTHING,
        }
        for unit, since, until in rows
    ]
    return Table(say("plan.kit_places"), columns, told)


def _forms(request: Visit, line: KitLine, unit: Unit, fault: Fault | None) -> list[Form]:
    move, mark = Asked(request, "move", fault), Asked(request, "mark", fault)
    say = move.say
    options = [(name, say(f"plan.kit_move.{name}")) for name, (start, _) in KIT_MOVES.items() if line.state in start]
    if not options:
        return []
    to = [one for one in where.choices(request, unit, KITS) if one[0] != str(line.unit)]
    reason = mark.field("reason", say("plan.reason"), hint=say("plan.kit_reason_hint"))
    first = mark.field("what", say("plan.kit_what"), options[0][0], kind="choices", options=options)
    forms = [mark.form(say("plan.kit_mark"), [first, reason], say("plan.save"))]
    if to:
        where_to = move.field("to", say("plan.kit_to"), kind="select", options=to)
        forms.append(move.form(say("plan.kit_hand_on"), [where_to], say("plan.kit_hand_on")))
    return forms
