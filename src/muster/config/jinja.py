"""The Jinja2 environment that every page is rendered with."""

from typing import Any

from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from muster.ui import jinja as screens
from muster.web.assets import address


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names are errors, blocks leave no blank lines."""
    options |= {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    built = Environment(**options)  # noqa: S701 - autoescape is set just above
    built.globals.update(static=address, url=reverse)
    screens.install(built)
    return built
