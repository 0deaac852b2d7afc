"""What a verification yields."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One damaged row: which table, which row, and what happened to it."""

    what: str  # batch, entry, event, metric, head, seal
    where: str  # the row: chain and number, batch and position, event id, kind and move, seal number
    damage: str  # edited, missing, added, moved, forged
