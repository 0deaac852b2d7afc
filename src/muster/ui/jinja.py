"""What every template may call besides its own values: texts and formats in the language of the page, and charts.

The language stands in the page's context as ``language``; macros that call these are imported ``with context``.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from muster.kernel import formats
from muster.ui import texts


def install(environment: Environment) -> None:
    """Give a Jinja2 environment the functions of the screens."""
    environment.globals["t"] = _text
    environment.filters.update(
        count=_told(formats.count),
        decimal=_told(formats.decimal),
        long_day=_told(formats.long_day),
        weekday=_told(formats.weekday),
        day=formats.day,
        hour=formats.hour,
        moment=formats.moment,
    )
    environment.globals.update(percent=_told(formats.percent), share=_told(formats.share))


def language_of(context: Context) -> str:
    """Return the language of the page, Vietnamese where none is told."""
    return str(context.get("language") or texts.LANGUAGES[0])


@pass_context
def _text(context: Context, key: str, **values: object) -> str:
    return texts.text(key, language_of(context), **values)


def _told(function: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def told(context: Context, *values: Any, **named: Any) -> str:
        return function(*values, language=language_of(context), **named)

    return told
