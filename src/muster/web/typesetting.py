"""Paper: a sheet of ours set as PDF by typst. It is handed words and figures, and reads nothing but our fonts."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any


def pdf(template: str, told: Mapping[str, Any], pictures: Path | None = None) -> bytes:
    """Return a sheet as PDF; the same words always give the same drawing.

    :param template: its path below the templates of the pages
    :param told: what it lays out, as JSON can hold it
    :param pictures: the folder whose files it may name
    """
    import fontpkg_be_vietnam_pro  # noqa: PLC0415 - loaded by who prints
    import typst  # noqa: PLC0415

    setting: Any = typst.compile  # its own types leave the input open
    written: bytes = setting(
        input=files("muster.web").joinpath("templates", template).read_bytes(),
        root=str(pictures) if pictures else None,
        font_paths=[str(Path(fontpkg_be_vietnam_pro.__file__).parent / "files")],
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told)},
    )
    return written
