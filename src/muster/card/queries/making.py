"""What making cards must know first: who has one, which unit hands over, what units are called, the traits."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection

from muster.capture.sealing import from_bytes
from muster.capture.words import KIND as DOSSIER
from muster.card.queries.cards import STANDS
from muster.keys import queries as keys
from muster.units import queries as units


def with_card(dossiers: Collection[UUID]) -> set[UUID]:
    """Return those of the dossiers that have a card, scrapped ones left out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT dossier_id FROM card_card WHERE dossier_id = ANY(%s) AND {STANDS}", [list(dossiers)])
        return {dossier for (dossier,) in cursor.fetchall()}


def delivery_units(taken_by: Collection[int]) -> dict[int, int]:
    """Return for each unit that takes dossiers the one that hands the cards over: its commune, else itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit.id, coalesce(commune.id, unit.id) FROM units_unit AS unit
            LEFT JOIN units_unit AS commune ON commune.id = ANY(unit.ancestors) AND commune.level = 'commune'
            WHERE unit.id = ANY(%s)
            """,
            [list(taken_by)],
        )
        return dict(cursor.fetchall())


def names_above(asked: Collection[int], on: date) -> dict[int, list[tuple[str, str, str]]]:
    """Return level, type and name of each unit and all above it, as of a day, the unit first, without the country."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ancestors, level FROM units_unit WHERE id = ANY(%s)", [list(asked)])
        paths = {unit: ancestors for unit, ancestors, _ in cursor.fetchall()}
        above = {unit for ancestors in paths.values() for unit in ancestors}
        cursor.execute("SELECT id, level FROM units_unit WHERE id = ANY(%s)", [list(above)])
        levels = dict(cursor.fetchall())
    titles = units.titles(above, on)
    return {
        unit: [(levels[one], titles[one].type_vi, titles[one].name) for one in reversed(ancestors[1:])]
        for unit, ancestors in paths.items()
    }


def traits(dossiers: Collection[UUID]) -> dict[UUID, str]:
    """Return the identifying marks that the last packet of each dossier tells of."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (dossier_id) dossier_id, sealed FROM capture_packet
            WHERE dossier_id = ANY(%s) AND sealed IS NOT NULL ORDER BY dossier_id, attempt DESC
            """,
            [list(dossiers)],
        )
        rows = [(DOSSIER, dossier, bytes(sealed)) for dossier, sealed in cursor.fetchall()]
    texts = keys.open_sealed(rows)
    return {
        dossier: found
        for (_, dossier, _), text in zip(rows, texts, strict=True)
        if text and (found := from_bytes(text).get("traits", ""))
    }


def next_batch_no() -> int:
    """Return the number of the next batch; whoever asks holds it to the transaction's end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7311, 1)")
        cursor.execute("SELECT coalesce(max(no), 0) + 1 FROM card_batch")
        return int(cursor.fetchone()[0])
