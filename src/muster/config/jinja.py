"""The Jinja2 environment that every page is rendered with."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names are errors, blocks leave no blank lines."""
    options.setdefault("autoescape", True)
    built = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - set just above
    built.globals.update(static=static, url=reverse)
    return built
