"""Addresses of static files that a browser may keep for a year: each carries a mark of what the file holds."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

FONTS = "fonts/"  # named by the style sheet too, which knows no marks; a face does not change under its name


class UnknownAsset(LookupError):
    """No static file has this path: a slip in a template."""


def address(path: str) -> str:
    """Return the address of a static file, marked by its content.

    :raises UnknownAsset: there is no such file
    """
    return _look(path) if settings.DEBUG else _known(path)


def _look(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise UnknownAsset(path)
    if path.startswith(FONTS):
        return static(path)
    return f"{static(path)}?v={hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]}"


_known = cache(_look)
