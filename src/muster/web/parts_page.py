"""The component page: every part of the screens in every state. Only made-up figures."""

from datetime import date, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muster.kernel import formats
from muster.kernel.clock import ZONE
from muster.kernel.formats import Language
from muster.ui import charts, standings
from muster.ui.parts import (
    Badge,
    Cell,
    Column,
    Confirm,
    Error,
    Field,
    Happening,
    Link,
    Pages,
    Progress,
    Row,
    RowTold,
    Table,
    Tile,
)
from muster.ui.texts import text
from muster.web.language import language_of

AT = datetime(2021, 3, 1, 17, 0, tzinfo=ZONE)
DAYS = [date(2021, 3, day) for day in range(1, 15)]
PLAN = [180, 360, 540, 720, 900, 1080, 1260, 1440, 1620, 1800, 1980, 2160, 2340, 2520]
FACT = [95, 250, 470, 690, 905, 1130, 1295, 1320, 1560, None, None, None, None, None]
BANDS = [[30, 44, 61], [72, 95, 110], [120, 131, 99], [40, 52, 47]]
DISTRICTS = [
    standings.Standing("Tứ Kỳ", 96412, 95870, "done", 20.818, 106.402),
    standings.Standing("Thanh Hà", 81205, 88940, "going", 20.896, 106.426),
    standings.Standing("Chí Linh", 88347, 94100, "going", 21.132, 106.384),
    standings.Standing("Kinh Môn", 84926, 93515, "going", 20.993, 106.502),
    standings.Standing("Bình Giang", 61882, 67300, "going", 20.873, 106.181),
    standings.Standing("Gia Lộc", 66420, 83077, "late", 20.868, 106.295),
    standings.Standing("Ninh Giang", 64118, 84260, "late", 20.733, 106.330),
]
COMMUNES = [("Đồng Tâm", 1432, 1500), ("Ẵm Thượng", 980, 1750), ("Quỳnh Lưu", 2105, 2010), ("Ỷ La", 0, 640)]


def show(request: HttpRequest) -> HttpResponse:
    """Show every part of the screens."""
    language = language_of(request)
    say = partial(text, language=language)
    values = {
        "fields": _fields(language),
        "tiles": _tiles(language),
        "bars": [Progress(name, part, base, formats.share(part, base, 1, language)) for name, part, base in COMMUNES],
        "badges": [Badge(say(f"parts.badge_{tone}"), tone) for tone in ("plain", "good", "warn", "bad", "info")],
        "table": _table(language),
        "no_rows": Table(say("parts.table_none"), [], [], say("parts.table_none_now")),
        "refused": [RowTold(7, _error(language)), RowTold(41, _error(language))],
        "faults": [("number", _error(language))],
        "pairs": _pairs(language),
        "tabs": [
            Link("#tabs", say("parts.tab_all"), formats.count(2105, language), here=True),
            Link("#tabs", say("parts.tab_late"), "38"),
        ],
        "trail": [Link("#trail", "Việt Nam"), Link("#trail", "Hà Nội"), Link("#trail", "Ẵm Thượng", here=True)],
        "links": [Link("#links", say("parts.link"), say("parts.link_note")), Link("#links", say("parts.tab_late"))],
        "pages": Pages(say("parts.pages", count=formats.count(2105, language)), newer="#pages", older="#pages"),
        "happenings": _happenings(language),
        "charts": _charts(language),
        "ask": Confirm("sample-ask", say("parts.ask"), say("parts.ask_means"), say("parts.ask_yes"), "#confirm"),
        "colours": ("ink", "ink-soft", "brand", "good", "warn", "bad", "info"),
    }
    return render(request, "web/parts.html", values)


def _error(language: Language) -> Error:
    return Error("impossible_date", text("parts.error", language))


def _fields(language: Language) -> list[Field]:
    say = partial(text, language=language)
    kinds = [("nu", say("parts.female")), ("nam", say("parts.male"))]
    return [
        Field(
            "number",
            say("parts.number"),
            "001203000",
            hint=say("parts.number_hint"),
            error=_error(language),
            inputmode="numeric",
            required=True,
        ),
        Field("name", say("parts.name"), "Nguyễn Thị Ỷ Nhi", hint=say("parts.name_hint")),
        Field("sex", say("parts.sex"), "nu", kind="choices", options=kinds),
        Field("unit", say("parts.unit"), "2", kind="select", options=[("1", "Đồng Tâm"), ("2", "Ẵm Thượng")]),
        Field("closed", say("parts.closed"), "17:00", disabled=True),
        Field("note", say("parts.note"), kind="area"),
    ]


def _tiles(language: Language) -> list[Tile]:
    say = partial(text, language=language)
    spark = charts.spark(say("parts.spark"), [12, 18, 9, 22, 31, 27, 35])
    return [
        Tile(
            say("parts.tile_received"),
            formats.count(1234567, language),
            say("parts.tile_received_base"),
            "plain",
            spark,
        ),
        Tile(say("parts.tile_rate"), formats.percent(104, 100, 1, language), say("parts.tile_rate_base"), "good"),
        Tile(say("parts.tile_late"), formats.count(38, language), say("parts.tile_late_base"), "bad", href="#tiles"),
        Tile(say("parts.tile_none"), formats.percent(0, 0, 1, language), say("parts.tile_none_base"), "warn"),
    ]


def _table(language: Language) -> Table:
    say = partial(text, language=language)
    columns = [
        Column("unit", say("parts.unit"), sort="#tables", sorted="ascending"),
        Column("received", say("parts.received"), numeric=True, sort="#tables"),
        Column("base", say("parts.base"), numeric=True),
        Column("rate", say("parts.rate"), numeric=True),
        Column("state", say("parts.state")),
    ]
    states = [
        Badge(say("parts.badge_warn"), "warn"),
        Badge(say("parts.badge_bad"), "bad"),
        Badge(say("parts.badge_good"), "good"),
        Badge(say("parts.badge_plain")),
    ]
    rows: list[Row] = [
        {
            "unit": Cell(name, href="#tables"),
            "received": formats.count(part, language),
            "base": formats.count(base, language),
            "rate": formats.percent(part, base, 1, language),
            "state": Cell("", badge=state),
        }
        for (name, part, base), state in zip(COMMUNES, states, strict=True)
    ]
    part, base = sum(row[1] for row in COMMUNES), sum(row[2] for row in COMMUNES)
    total = {
        "unit": say("parts.total"),
        "received": formats.count(part, language),
        "base": formats.count(base, language),
        "rate": formats.percent(part, base, 1, language),
    }
    return Table(say("parts.table"), columns, rows, note=formats.moment(AT), total=total)


def _pairs(language: Language) -> list[tuple[str, str]]:
    say = partial(text, language=language)
    return [
        (say("parts.name"), "Nguyễn Thị Ỷ Nhi"),
        (say("parts.born"), "03/1975"),
        (say("parts.day"), formats.long_day(AT.date(), language)),
        (say("parts.fee"), formats.dong(30000, language)),
    ]


def _happenings(language: Language) -> list[Happening]:
    say = partial(text, language=language)
    return [
        Happening(
            formats.moment(AT),
            say("parts.happened_received"),
            say("parts.happened_by"),
            Badge(say("parts.badge_good"), "good"),
        ),
        Happening("16:12 01/03/2021", say("parts.happened_captured"), "KIT-014"),
    ]


def _charts(language: Language) -> list[charts.Chart]:
    say = partial(text, language=language)
    labels = [f"{day:%d/%m}" for day in DAYS]
    plan_and_fact = [charts.Series(say("parts.fact"), FACT), charts.Series(say("parts.plan"), PLAN, dashed=True)]
    ages = [say("parts.ages_1"), say("parts.ages_2"), say("parts.ages_3"), say("parts.ages_4")]
    bands = [charts.Series(name, values) for name, values in zip(ages, BANDS, strict=True)]
    rows = [(name, part) for name, part, _ in COMMUNES]
    line, stack, bars = say("parts.chart_line"), say("parts.chart_bands"), say("parts.chart_bars")
    rank, where = say("parts.chart_ranking"), say("parts.chart_map")
    courses = (say("parts.course_late"), say("parts.course_going"), say("parts.course_done"))
    told = say("parts.chart_told")
    return [
        charts.chart(line, lambda size: charts.line(line, told, labels, plan_and_fact, language, size)),
        charts.chart(stack, lambda size: charts.stacked(stack, told, labels[:3], bands, language, size)),
        charts.chart(bars, lambda size: charts.bars(bars, told, rows, language, size)),
        charts.chart(rank, lambda size: standings.ranking(rank, told, DISTRICTS, language, size)),
        charts.chart(where, lambda size: standings.unit_map(where, told, DISTRICTS, courses, language, size)),
    ]
