"""Every part in every state: what a reader, a keyboard and a screen reader get of it."""

from importlib.resources import files

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from muster.ui import jinja, parts


@pytest.fixture(scope="module")
def draw():
    folder = str(files("muster.ui") / "templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    jinja.install(environment)

    def drawn(file, call, language="vi", **values):
        page = environment.from_string('{% import "ui/' + file + '.html" as it with context %}{{ it.' + call + " }}")
        return " ".join(page.render(language=language, **values).split())

    return drawn


WRONG = parts.Error("impossible_date", "Ngày 31/02/1975 không có trong lịch.")


def test_a_field_names_its_hint_and_its_error(draw):
    field = parts.Field("born", "Sinh", '31/02/1975"', hint="ngày/tháng/năm", error=WRONG, required=True)
    drawn = draw("forms", "field(one)", one=field)
    assert '<label for="born">Sinh <span class="soft small">(bắt buộc)</span></label>' in drawn
    assert 'value="31/02/1975&#34;"' in drawn
    assert 'id="born" name="born" required aria-invalid="true" aria-describedby="born-hint born-error"' in drawn
    assert '<span class="hint" id="born-hint">ngày/tháng/năm</span>' in drawn
    assert '<span class="error" id="born-error"><span>Ngày 31/02/1975 không có trong lịch.</span>' in drawn
    assert '<span class="code">impossible_date</span>' in drawn


def test_a_plain_field_says_nothing_of_errors(draw):
    drawn = draw("forms", "field(one)", one=parts.Field("name", "Họ tên", disabled=True, inputmode="text"))
    assert 'id="name" name="name" disabled>' in drawn
    assert "aria-" not in drawn
    assert 'inputmode="text"' in drawn


def test_one_field_of_a_page_takes_the_cursor(draw):
    drawn = draw("forms", "field(one)", one=parts.Field("number", "Số", lookup=True, focus=True))
    assert 'data-lookup spellcheck="false" id="number" name="number" autofocus>' in drawn


def test_choices_stand_in_a_group_with_a_legend(draw):
    field = parts.Field("sex", "Giới tính", "nu", kind="choices", options=[("nu", "Nữ"), ("nam", "Nam")], error=WRONG)
    drawn = draw("forms", "field(one)", one=field)
    group = '<fieldset id="sex" tabindex="-1" class="field field-bad" aria-describedby="sex-error">'
    assert f"{group} <legend>Giới tính</legend>" in drawn
    assert '<input type="radio" name="sex" value="nu" checked> <span>Nữ</span>' in drawn
    assert '<input type="radio" name="sex" value="nam"> <span>Nam</span>' in drawn


def test_a_select_and_an_area_keep_their_answers(draw):
    select = parts.Field("unit", "Đơn vị", "2", kind="select", options=[("1", "Ỷ La"), ("2", "Ẵm Thượng")])
    assert '<option value="2" selected>Ẵm Thượng</option>' in draw("forms", "field(one)", one=select)
    assert ">a &lt;b&gt;</textarea>" in draw("forms", "field(one)", one=parts.Field("n", "N", "a <b>", kind="area"))


def test_the_list_of_faults_leads_to_the_fields(draw):
    drawn = draw("forms", "faults(all)", "en", all=[("born", WRONG)])
    assert 'role="alert"' in drawn
    assert "To be corrected: 1" in drawn
    assert '<a href="#born">Ngày 31/02/1975 không có trong lịch.</a>' in drawn
    assert draw("forms", "faults(all)", all=[]) == ""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('button("Lưu", "main")', '<button class="button button-main" type="submit">Lưu</button>'),
        ('button("Xem", href="/x/")', '<a class="button button-plain" href="/x/">Xem</a>'),
        ('button("Lưu", disabled=True)', '<button class="button button-plain" type="submit" disabled>Lưu</button>'),
        (
            'button("Huỷ", "danger", confirm="ask")',
            '<button class="button button-danger" type="submit" data-confirm="ask" aria-haspopup="dialog">Huỷ</button>',
        ),
    ],
)
def test_buttons(draw, call, expected):
    assert draw("forms", call) == expected


def test_refusals_name_the_row_as_people_count(draw):
    drawn = draw("forms", "refusals(1240, rows)", rows=[parts.RowTold(7, WRONG)])
    assert 'role="alert"' in drawn
    assert "Đã nhận 1.240 dòng. Không nhận 1 dòng:" in drawn
    assert "<strong>Dòng 7</strong> <span>Ngày 31/02/1975 không có trong lịch.</span>" in drawn
    kept = draw("forms", "refusals(40, [])", "en")
    assert 'role="status"' in kept
    assert "Rows taken: 40." in kept
    assert "<ul" not in kept


def test_a_question_before_an_act_can_be_answered_by_no_first(draw):
    ask = parts.Confirm("ask", "Huỷ?", "Không khôi phục được.", "Huỷ", "/x/", {"id": "7"})
    drawn = draw("forms", "confirm(one)", one=ask)
    assert '<dialog id="ask" aria-labelledby="ask-question">' in drawn
    assert '<form method="post" action="/x/"' in drawn
    assert '<input type="hidden" name="id" value="7">' in drawn
    assert "data-close autofocus>Không, quay lại</button>" in drawn


COLUMNS = [parts.Column("unit", "Đơn vị", sort="?by=unit", sorted="descending"), parts.Column("n", "Số", numeric=True)]


def test_a_table_stays_a_table_on_a_phone(draw):
    rows = [{"unit": parts.Cell("Ỷ La", href="/1/"), "n": "1.234"}]
    drawn = draw("tables", "table(one)", one=parts.Table("Xã", COLUMNS, rows, total={"unit": "Cộng", "n": "1.234"}))
    drawn = drawn.replace("> <a", "><a").replace("</a> <", "</a><").replace("> <span", "><span")
    assert '<table class="table" role="table"> <caption>Xã</caption>' in drawn
    assert '<th scope="col" role="columnheader" aria-sort="descending"><a href="?by=unit">Đơn vị' in drawn
    assert '<th scope="row" role="rowheader"><a href="/1/">Ỷ La</a></th>' in drawn.replace("> <a", "><a").replace(
        "</a> <", "</a><"
    )
    assert '<td role="cell" data-label="Số" class="number"><span>1.234</span>' in drawn
    assert drawn.count("Cộng") == 1


def test_an_empty_table_says_so_in_its_own_words(draw):
    assert "Không có hồ sơ nào." in draw(
        "tables", "table(one)", one=parts.Table("X", COLUMNS, [], "Không có hồ sơ nào.")
    )
    assert "There are no rows." in draw("tables", "table(one)", "en", one=parts.Table("X", COLUMNS, []))
    assert "<thead" not in draw("tables", "table(one)", one=parts.Table("X", COLUMNS, []))


def test_a_rate_stands_with_its_base_and_may_pass_it(draw):
    over = parts.Progress("Ỷ La", 120, 100, "120/100 (120,0 %)")
    drawn = draw("figures", "progress(one)", one=over)
    assert "<span>Ỷ La</span><strong>120/100 (120,0 %)</strong>" in drawn
    assert 'class="fill" x="0" y="0" width="100.0%"' in drawn
    assert 'class="over" x="83.33%"' in drawn
    assert (parts.Progress("", 0, 0, "").filled, parts.Progress("", 1, 4, "").filled) == (0, 25)


def test_a_tile_shows_figure_and_base(draw):
    drawn = draw("figures", "tile(one)", one=parts.Tile("Quá hạn", "38", "trên 9.310 hồ sơ", "bad", href="/late/"))
    assert 'class="tile tone-bad"' in drawn
    assert '<span class="tile-figure">38</span> <span class="tile-base">trên 9.310 hồ sơ</span>' in drawn
    assert 'Xem chi tiết<span class="unseen">: Quá hạn</span>' in drawn


def test_ways_say_where_one_is(draw):
    links = [parts.Link("/", "Việt Nam"), parts.Link("/1/", "Ỷ La", "3", here=True)]
    assert '<span aria-current="page">Ỷ La</span>' in draw("navigation", "trail(all)", all=links)
    assert '<a href="/1/" aria-current="page">Ỷ La <span class="soft small">3</span></a>' in draw(
        "navigation", 'tabs(all, "Xã")', all=links
    )
    assert '<a href="/"><span>Việt Nam</span></a>' in draw("navigation", "links(all)", all=links)


def test_pages_lead_only_where_there_are_rows(draw):
    drawn = draw("tables", "pages(one)", "en", one=parts.Pages("50 of 60", older="?before=7"))
    assert '<a class="button" rel="next" href="?before=7">Older</a>' in drawn
    assert "Newer" not in drawn


def test_a_timeline_tells_when_what_and_by_whom(draw):
    told = [parts.Happening("17:00 01/03/2021", "Tiếp nhận", "Tổ 2", parts.Badge("Đúng hạn", "good"))]
    drawn = draw("figures", "timeline(all)", all=told)
    assert '<span class="when">17:00 01/03/2021</span><strong>Tiếp nhận</strong>' in drawn
    assert '<span class="badge tone-good">Đúng hạn</span><br><span class="soft">Tổ 2</span>' in drawn
