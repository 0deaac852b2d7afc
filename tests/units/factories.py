"""Units made by hand, past the operations: what the database itself lets in and keeps out."""

import datetime as dt
from typing import Any

from muster.kernel.names import syllable_key
from muster.units.models import ROOT, Unit

OPENED = dt.date(2019, 1, 1)


def root() -> Unit:
    """Return Việt Nam, made when it is not there."""
    return Unit.objects.get_or_create(
        id=ROOT,
        defaults={
            "code": "VN", "level": "country", "type_vi": "Nước", "name": "Việt Nam",
            "name_key": syllable_key("Việt Nam"), "valid_from": dt.date(1945, 9, 2), "ancestors": [ROOT],
        },
    )[0]  # fmt: skip


def unit(id: int, parent: Unit | None = None, **changes: Any) -> Unit:  # noqa: A002
    """Save one unit below its parent (Việt Nam when none is given)."""
    above = parent or root()
    name = str(changes.get("name", f"Số {id}"))
    values: dict[str, Any] = {
        "code": f"c{id}", "level": "province", "type_vi": "Tỉnh", "name": name, "name_key": syllable_key(name),
        "valid_from": OPENED, "ancestors": [*above.ancestors, id], "parent": above,
    }  # fmt: skip
    return Unit.objects.create(id=id, **{**values, **changes})
