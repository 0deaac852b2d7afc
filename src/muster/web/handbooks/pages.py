"""The list of handbooks, and each as PDF. Officers read all of them, everybody the citizen's."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.kernel.formats import Language
from muster.ui.parts import Cell, Column, Row, Table
from muster.ui.texts import LANGUAGES
from muster.web import files
from muster.web.accounts.doors import Stage, stage_of
from muster.web.accounts.visit import Visit, campaign_day
from muster.web.accounts.words import saying
from muster.web.handbooks import paper, words
from muster.web.handbooks.words import Book
from muster.web.language import language_of

PDF = "application/pdf"


@require_GET
def show(request: Visit) -> HttpResponse:
    """List the handbooks that the reader may take, each in both languages."""
    say, language = saying(request), language_of(request)
    books = list(Book) if stage_of(request) is Stage.IN else [Book.CITIZEN]
    columns = [
        Column("role", say("handbook.role")),
        Column("about", say("handbook.about")),
        *(Column(one, say(f"handbook.in_{one}")) for one in LANGUAGES),
    ]
    rows: list[Row] = [
        {
            "role": words.role(book, language),
            "about": say(f"handbook.{book}.lead"),
            **{one: Cell(say("handbook.paper"), href=_address(book, one)) for one in LANGUAGES},
        }
        for book in books
    ]
    return render(request, "handbooks/index.html", {"table": Table(say("handbook.title"), columns, rows)})


@require_GET
def citizen(request: Visit) -> HttpResponse:
    """Give the citizen's handbook, to everybody."""
    return _paper(request, Book.CITIZEN)


@require_GET
def officer(request: Visit, role: str) -> HttpResponse:
    """Give the handbook of a role, to every officer."""
    if role not in set(Book):
        raise Http404
    return _paper(request, Book(role))


def _paper(request: Visit, book: Book) -> HttpResponse:
    language = _language(request)
    written = paper.pdf(book, language, request.build_absolute_uri("/"), campaign_day(request))
    return files.attached(written, PDF, f"muster-{book}-{language}.pdf")


def _language(request: Visit) -> Language:
    """Return the language that was asked for, else the reader's."""
    asked = request.GET.get("language", "")
    return next((one for one in LANGUAGES if one == asked), language_of(request))


def _address(book: Book, language: Language) -> str:
    own = reverse("handbooks:citizen") if book is Book.CITIZEN else reverse("handbooks:officer", args=[book.value])
    return f"{own}?language={language}"
