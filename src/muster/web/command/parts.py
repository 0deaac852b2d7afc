"""The parts of a board that its page and the briefings show: tiles, curves, map and table, in the reader's language."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from muster.engines.bottleneck import Named
from muster.engines.plausibility import Finding
from muster.kernel import formats
from muster.reporting import queries
from muster.reporting.queries import Board, Stand
from muster.reporting.words import OWED, Figure, State
from muster.ui import charts, standings
from muster.ui.parts import Badge, Cell, Column, Row, Table, Tile, Tone
from muster.ui.standings import Course, Standing
from muster.units.queries import Unit
from muster.web.accounts import words
from muster.web.accounts.visit import Visit
from muster.web.accounts.words import Say
from muster.web.incidents import ways as incidents
from muster.web.language import language_of

SHOWN = 12  # units behind that are named in one line
FAR = 3_650  # days; nobody waits for what is done in ten years
_COLUMNS = ("unit", "captured", "today", "reached", "needed", "finish", "kits", "slot", "brake")


def address(unit: int, typed: str) -> str:
    """Return the address of a unit's board, as of the moment typed."""
    return f"{reverse('command:board')}?{urlencode({'unit': unit} | ({'known': typed} if typed else {}))}"


def as_of(request: Visit, board: Board) -> str:
    """Return up to when a board's figures are told: up to now, or as they were known at the moment asked for."""
    live = not request.GET.get("known", "").strip()
    return words.saying(request)("board.now" if live else "board.then", at=formats.moment(board.at))


def tiles(request: Visit, board: Board) -> list[Tile]:
    """Return the unit's own figures, the four that a wall shows first."""
    say, own = words.saying(request), board.own
    share = partial(_share, request)
    done, day = own.captured >= own.target, formats.day(board.deadline)
    tone: Tone = "good" if done else "bad" if own.late else "plain"
    base = say("board.of_target" if own.planned else "board.of_due", share=share(own.captured, own.target))
    pace = say("board.pace_base", needed=_pace(request, own.needed), day=day, days=own.days)
    handed, active = own.totals[Figure.HANDED_OVER], own.totals[Figure.ACTIVATED_2]
    kits = say("board.kits_base", held=own.kits.held, broken=own.kits.broken)
    count = partial(formats.count, language=language_of(request))
    today = say("home.work_day", day=formats.day(board.day))
    of_captured = say("home.of_captured", share=share(handed, own.captured))
    machines = Tile(
        say("board.kits"), count(own.kits.up), kits, "warn" if own.kits.broken else "plain", href=desk(request, own)
    )
    accounts = Tile(say("reports.figure.activated_2"), count(active), say("board.of_due", share=share(active, own.due)))
    return [
        Tile(say("reports.figure.captured"), count(own.captured), base, tone),
        Tile(say("board.pace"), _pace(request, own.reached), pace, tone),
        Tile(say("board.finish"), _finish(request, board, own), say("board.finish_base", day=day), tone),
        _brake_tile(request, own),
        Tile(say("home.today"), count(own.today), today),
        Tile(say("reports.figure.handed_over"), count(handed), of_captured),
        *([accounts] if own.totals[Figure.RECEIVED_2] else []),
        *([machines] if own.kits.held else []),
        *_stood_tiles(request, own),
        *_unsent_tiles(request, own),
        _slot_tile(request, board),
    ]


def _share(request: Visit, part: int, base: int) -> str:
    return formats.share(part, base, 1, language_of(request))


def _finish(request: Visit, board: Board, one: Stand) -> str:
    """Return the day on which a unit is done at the pace it has reached."""
    if one.finish_in == 0:
        return words.saying(request)("board.done")
    if one.finish_in is None or one.finish_in > FAR:
        return formats.NOTHING
    return formats.day(board.day + timedelta(days=one.finish_in))


def _pace(request: Visit, pace: float) -> str:
    return formats.decimal(pace, 0 if pace >= 100 else 1, language_of(request))  # noqa: PLR2004 - a whole number does


def _slot_tile(request: Visit, board: Board) -> Tile:
    say = words.saying(request)
    if board.last is None:
        return Tile(say("board.slot"), formats.NOTHING, say("board.no_slot"))
    states = board.states.get(board.own.unit, {})
    owed, whole = sum(states.get(state, 0) for state in OWED), sum(states.values())
    base = say("board.slot_base", at=formats.moment(board.last.at), certified=states.get(State.CERTIFIED, 0))
    tone: Tone = "bad" if states.get(State.LATE) else "warn" if owed else "good"
    address = f"{reverse('reports:show')}?unit={board.own.unit}"
    return Tile(say("board.slot"), f"{whole - owed}/{whole}", base, tone, href=address)


def _unsent_tiles(request: Visit, own: Stand) -> list[Tile]:
    """Return what lies on kits and has not arrived, where there is any."""
    if own.unsent is None:
        return []
    say, since = words.saying(request), formats.moment(own.unsent.since)
    figure = formats.count(own.unsent.count, language_of(request))
    return [Tile(say("board.unsent"), figure, say("board.unsent_base", since=since), "warn")]


def desk(request: Visit, own: Stand) -> str:
    """Return the address of a unit's incidents, none for who may not read them."""
    if request.officer_grants is None or not incidents.reads(request.officer_grants):
        return ""
    return f"{reverse('incidents:queue')}?{urlencode({'unit': own.unit})}"


def _stood_tiles(request: Visit, own: Stand) -> list[Tile]:
    """Return how long kits stood still today and in the days of the pace, where they did."""
    today, before = own.lost
    if not today.minutes and not before.minutes:
        return []
    say, count = words.saying(request), partial(formats.count, language=language_of(request))
    dossiers = count(before.dossiers + today.dossiers)
    base = say("board.stood_base", minutes=count(before.minutes), days=own.days, dossiers=dossiers)
    told = say("incidents.minutes", count=count(today.minutes))
    tone: Tone = "warn" if today.minutes else "plain"
    return [Tile(say("board.stood"), told, base, tone, href=desk(request, own))]


def _brake_tile(request: Visit, own: Stand) -> Tile:
    say = words.saying(request)
    if own.brake is None:
        return Tile(say("board.brake"), say("board.no_brake"), say("board.no_brake_base"), "good")
    return Tile(say("board.brake"), say(f"board.brakes.{own.brake.brake.value}"), _cost(request, own.brake), "warn")


def _cost(request: Visit, brake: Named) -> str:
    say = words.saying(request)
    return say(f"board.cost.{brake.brake.value}", cost=_pace(request, brake.cost))


def curves(request: Visit, board: Board) -> charts.Chart | None:
    """Return the four curves and the even plan, from the first day to the deadline or the last day known."""
    say, language = words.saying(request), language_of(request)
    start, whole = board.campaign.starts, max((board.deadline - board.campaign.starts).days, 1)
    if not board.days:
        return None
    ends = max(whole, len(board.days) - 1)
    labels = [f"{start + timedelta(days=n):%d/%m}" for n in range(ends + 1)]
    empty: list[int | None] = [None] * (ends + 1 - len(board.days))
    series = [
        charts.Series(say(f"reports.figure.{figure.value}"), [*board.curves[figure], *empty])
        for figure in queries.CURVES
    ]
    even: list[int | None] = [round(board.own.target * min(n, whole) / whole) for n in range(ends + 1)]
    series.append(charts.Series(say("board.plan"), even, dashed=True))
    title = say("board.curves")
    sentence = say(
        "board.curves_told", captured=formats.count(board.own.captured, language), day=formats.day(board.day)
    )
    return charts.chart(title, lambda size: charts.line(title, sentence, labels, series, language, size))


def _course(one: Stand) -> Course:
    return "done" if one.captured >= one.target else "late" if one.late else "going"


def unit_map(request: Visit, board: Board, children: list[Unit]) -> charts.Chart | None:
    """Return the map of the units below, where they have places."""
    say, language = words.saying(request), language_of(request)
    at = {one.id: one for one in children}
    shown = [
        Standing(at[one.unit].name, one.captured, one.target, _course(one), at[one.unit].lat, at[one.unit].lon)
        for one in board.below
    ]
    if all(one.lat is None for one in shown):
        return None
    keys = (say("board.late"), say("board.going"), say("board.finished"))
    told = say("board.map_told", late=sum(one.course == "late" for one in shown), count=len(shown))
    title = say("board.map")
    return charts.chart(title, lambda size: standings.unit_map(title, told, shown, keys, language, size))


def behind(request: Visit, board: Board, names: Mapping[int, str]) -> str:
    """Return who is behind in one line: what a wall shows instead of the table."""
    late = sorted((one for one in board.below if one.late), key=lambda one: one.captured / one.target)
    if not late:
        return words.saying(request)("board.nobody_late")
    told = [f"{names[one.unit]} {formats.percent(one.captured, one.target, 1, language_of(request))}" for one in late]
    return words.saying(request)("board.behind", count=len(late), units=", ".join(told[:SHOWN]))


def table(
    request: Visit, board: Board, titles: dict[int, str], codes: dict[int, str], odd_ones: dict[int, list[Finding]]
) -> Table:
    """Return the units below, those behind first."""
    say = words.saying(request)
    columns = [
        Column(one, say(f"board.column.{one}"), numeric=one not in {"unit", "slot", "brake"}) for one in _COLUMNS
    ]
    order = sorted(
        board.below, key=lambda one: (not one.late, one.captured / one.target if one.target else 2, one.unit)
    )
    rows: list[Row] = [
        _row(request, board, one, titles[one.unit], codes[one.unit], one.unit in odd_ones) for one in order
    ]
    return Table(say("board.below"), columns, rows, say("counts.none_below"), say("board.below_note"))


def _row(request: Visit, board: Board, one: Stand, title: str, code: str, is_odd: bool) -> Row:  # noqa: FBT001
    say, language = words.saying(request), language_of(request)
    mark = Badge(say("reports.odd_mark"), "bad") if is_odd else Badge(say("board.late"), "bad") if one.late else None
    return {
        "unit": Cell(
            title,
            href=address(one.unit, request.GET.get("known", "").strip()),
            note=" · ".join(filter(None, [code, _commander(say, board, one.unit)])),
        ),
        "captured": Cell(formats.share(one.captured, one.target, 1, language)),
        "today": formats.count(one.today, language),
        "reached": Cell(_pace(request, one.reached), badge=mark),
        "needed": _pace(request, one.needed),
        "finish": _finish(request, board, one),
        "kits": f"{one.kits.up}/{one.kits.held}" if one.kits.held else formats.NOTHING,
        "slot": Cell("", badge=_slot_badge(say, board, one.unit)),
        "brake": Cell(say(f"board.brakes.{one.brake.brake.value}"), note=_cost(request, one.brake))
        if one.brake
        else "",
    }


def _commander(say: Say, board: Board, unit: int) -> str:
    """Return who must act for a unit below; that nobody does, only where others of its level have somebody."""
    held = board.in_charge.get(unit)
    if held and held.name:
        return say("command.told", name=held.name)
    named = any(board.in_charge[one.unit].name for one in board.below if one.unit in board.in_charge)
    return say("command.told", name=say("command.nobody")) if named else ""


def _slot_badge(say: Say, board: Board, unit: int) -> Badge | None:
    states = board.states.get(unit)
    if not states:
        return None
    owed, whole = sum(states.get(state, 0) for state in OWED), sum(states.values())
    tone: Tone = "bad" if states.get(State.LATE) else "info" if owed else "good"
    return Badge(say("board.signed", signed=whole - owed, count=whole), tone)
