import pytest
from django.db import connection

from bench import country, national
from muster.events import operations, queries, recounting
from muster.events.queries import Side

INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'events\\_%' ORDER BY indexdef"
GUARDS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text LIKE 'events\\_%' ORDER BY 1, 2
"""
TRIGGERS = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"


def guards():
    with connection.cursor() as cursor:
        told = []
        for statement in (INDEXES, GUARDS, TRIGGERS):
            cursor.execute(statement)
            told.append(cursor.fetchall())
    return told


@pytest.mark.django_db
def test_what_the_bench_makes_as_a_whole_equals_a_recount_of_its_journal():
    before = guards()
    national.prepare(9)
    national.write_before(9 * 3_000, 9, map)
    assert guards() == before
    national.write_part(9, 3_000, (0.0, 0.5))
    assert list(recounting.differences()) == []
    operations.sum_up()
    national.write_part(9, 3_000, (0.5, 1.0))
    assert list(recounting.differences()) == []
    names = [("dossier", move) for move in national.MOVES]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT work_day), count(DISTINCT unit_done) FROM events_event")
        events, days, communes = cursor.fetchone()
    assert events == queries.count(unit=country.ROOT, metrics=names)
    assert queries.count(unit=country.ROOT, metrics=names, side=Side.RESIDENCE) == events
    assert 26_500 < events < 27_500
    assert days > 9
    assert communes > 1_000
