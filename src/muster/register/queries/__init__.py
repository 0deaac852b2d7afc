"""Ask the register: find people, read a person, and what operations must know before they write."""

from muster.register.queries.finding import (
    PersonLine,
    SearchTooWide,
    by_number,
    by_old_number,
    find,
    lines,
    wards,
)
from muster.register.queries.reading import PersonPage, person_page
from muster.register.queries.states import (
    LawRow,
    PersonState,
    Resident,
    existing_units,
    has_persons,
    known_persons,
    law_rows,
    merged_into,
    open_households,
    others_in,
    owners_of,
    residents,
    states,
)

__all__ = [
    "LawRow",
    "PersonLine",
    "PersonPage",
    "PersonState",
    "Resident",
    "SearchTooWide",
    "by_number",
    "by_old_number",
    "existing_units",
    "find",
    "has_persons",
    "known_persons",
    "law_rows",
    "lines",
    "merged_into",
    "open_households",
    "others_in",
    "owners_of",
    "person_page",
    "residents",
    "states",
    "wards",
]
