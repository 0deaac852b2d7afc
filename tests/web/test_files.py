"""Tables that are taken away: CSV and workbook have the same cells, and no text becomes anything else."""

import csv
import io
import zipfile

from muster.web import files

COLUMNS, ROWS = ["code", "unit", "count"], [["030", "Hải Dương", 7], ["=1+1", "http://an.lam", 0]]


def test_a_csv_is_marked_as_utf_8_and_has_every_cell():
    written = files.as_csv(COLUMNS, ROWS)
    assert written.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert read == [COLUMNS, ["030", "Hải Dương", "7"], ["=1+1", "http://an.lam", "0"]]


def test_a_workbook_keeps_codes_as_text_and_makes_no_formula_and_no_link():
    book = zipfile.ZipFile(io.BytesIO(files.as_workbook("sheet", COLUMNS, ROWS, {1: 24})))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert '<c r="A2" t="s">' in sheet
    assert '<c r="C2"><v>7</v></c>' in sheet
    assert "<t>030</t>" in book.read("xl/sharedStrings.xml").decode()


def test_a_file_comes_under_its_name():
    answer = files.attached(b"x", files.CSV, "counts-030.csv")
    assert answer.content == b"x"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="counts-030.csv"'
