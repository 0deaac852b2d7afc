"""A worker of the server gets ready before it takes its first visitor: nobody waits for what is made only once."""

import gc
import io
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connections
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from muster.kernel.memory import collect_seldom

SWITCH_SECONDS = 0.001  # how long a thread computes while another wants to; Python's own default is 0.005
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> None:
    """Compile every template, load every page's code by asking for the door once, and quiet the garbage collector.

    A thread that comes back from the database waits for the one that computes, at every statement of its page: a
    shorter turn keeps a page with many statements from waiting many times over. What is loaded now stays for good, so
    the collector need not look through it again; a full look took as long as several pages.
    """
    for engine in engines.all():
        if isinstance(engine, Jinja2):
            for name in engine.env.list_templates(extensions=["html"]):
                engine.env.get_template(name)
    answer = application(_door(), lambda *_: None)
    b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    connections.close_all()  # this thread answers nobody: each that does has a connection of its own
    gc.collect()
    collect_seldom()
    sys.setswitchinterval(SWITCH_SECONDS)


def _door() -> dict[str, Any]:
    """Return what a browser sends that asks for the page of signing in (PEP 3333)."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/sign-in/", "QUERY_STRING": "",
        "SERVER_NAME": host, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
