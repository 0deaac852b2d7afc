from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection

from muster.kernel import arrays

NAMES = ["Lê Thị Mơ", "", "NULL", 'ngoặc "kép"', "a\\b", "{1,2}", "hai\ndòng", " trống ", None]
MOMENT = datetime(2021, 5, 8, 17, 0, 0, 1, tzinfo=UTC)
ONE, OTHER = UUID(int=0x7 << 76 | 1), UUID(int=(1 << 128) - 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("text", arrays.array(NAMES), NAMES),
        ("int", arrays.array([1, None, -3]), [1, None, -3]),
        ("bool", arrays.array([True, False]), [True, False]),
        ("date", arrays.array([date(2021, 5, 8), None]), [date(2021, 5, 8), None]),
        ("timestamptz", arrays.array([MOMENT]), [MOMENT]),
        ("uuid", arrays.array([ONE, None]), [ONE, None]),
        ("uuid", arrays.ids([ONE, OTHER]), [ONE, OTHER]),
        ("uuid", arrays.ids([]), []),
    ],
)
def test_the_database_reads_what_was_written(kind, text, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [text])
        assert cursor.fetchone() == (values,)


def test_rows_become_columns():
    assert arrays.columns([(1, "a"), (2, None)]) == ['{"1","2"}', '{"a",NULL}']
