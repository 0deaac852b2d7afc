"""Write ``docs/rights.md`` from the tables of rights: ``python -m tools.rights``. A test fails when it is stale."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from muster.people.rights import FIELDS, GLASS_ACTIONS, GLASS_FIELDS, RIGHTS, TERMS
from muster.people.words import Role

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rights.md"

HEAD = """# Rights

Written from `src/muster/people/rights.py` by `python -m tools.rights`; do not edit by hand.

A role is held at a unit and reaches that unit and everything below it. A cell lists the purposes for which the role may
do the action; an empty cell means never. A volunteer holds the role `volunteer` and no other.
"""


def render() -> str:
    """Return the page: actions by role, sensitive fields by role and purpose, acts of two people, break-glass."""
    return "\n".join([HEAD, *_actions(), "", *_fields(), "", *_two_people(), "", *_glass(), ""])


def _actions() -> Iterator[str]:
    yield "## What each role may do, and for what purpose\n"
    yield from _table(
        ["action", *Role],
        ([f"`{action}`", *(_list(holders.get(role, ())) for role in Role)] for action, holders in RIGHTS.items()),
    )


def _fields() -> Iterator[str]:
    yield "## Which sensitive fields each role sees\n"
    rows = ([role, purpose, _list(seen)] for role, sight in FIELDS.items() for purpose, seen in sight.items())
    yield from _table(["role", "purpose", "fields"], rows)


def _two_people() -> Iterator[str]:
    yield "## Acts that need two people\n"
    yield from _table(
        ["act", "asked by", "decided by", "waits for a decision", "may then be used within"],
        (
            [f"`{kind}`", _list(RIGHTS[f"{kind}.ask"]), _list(RIGHTS[f"{kind}.decide"]),
             f"{terms.to_decide.total_seconds() / 3600:g} h", f"{terms.to_use.total_seconds() / 3600:g} h"]
            for kind, terms in TERMS.items()
        ),
    )  # fmt: skip


def _glass() -> Iterator[str]:
    yield "## Break-glass\n"
    yield f"Granted, it opens for the asker, at the unit asked for and below: {_list(GLASS_ACTIONS)}."
    yield f"Fields seen: {_list(GLASS_FIELDS)}. Every look made so carries the purpose `break_glass` in the audit."


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    yield from ("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
