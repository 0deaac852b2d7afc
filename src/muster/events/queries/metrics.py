"""The kinds and moves that ever happened, and the numbers the counters know them by."""

from collections.abc import Iterable

from django.db import connection

Name = tuple[str, str]  # kind and move, such as ("dossier", "receive")


def metrics() -> list[Name]:
    """Return every kind and move that ever happened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, move FROM events_metric ORDER BY kind, move")
        return [(kind, move) for kind, move in cursor.fetchall()]


def metric_numbers(names: Iterable[Name]) -> dict[Name, int]:
    """Return the number of each of these kinds and moves that ever happened."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    kinds, moves = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, move, id FROM events_metric
            JOIN unnest(%s::text[], %s::text[]) AS asked(kind, move) USING (kind, move)
            """,
            [list(kinds), list(moves)],
        )
        return {(kind, move): number for kind, move, number in cursor.fetchall()}
