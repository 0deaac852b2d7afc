"""Handbooks: one A4 a role and language, in words and addresses that the screens have; who may take which."""

import re
import struct
from datetime import date
from string import Formatter

import pytest
from django.test import Client
from django.urls import resolve

from muster.people.words import Role
from muster.ui.texts import LANGUAGES, UnknownText, catalogue, text
from muster.web import typesetting
from muster.web.handbooks import paper, words
from muster.web.handbooks.words import PICTURES, Book, Piece
from tests.register.conftest import DISTRICT, PROVINCE, units
from tests.web.accounts.conftest import HERE, come_in
from tools.handbooks import CUTS, LARGEST

__all__ = ["units"]
BASE, DAY = "https://muster.example/", date(2021, 5, 8)
OFFICERS = [book for book in Book if book is not Book.CITIZEN]
SENTENCES = {
    key: entry
    for key, entry in catalogue().items()
    if re.fullmatch(rf"handbook\.({'|'.join(Book)})\..+\.(do|call\.\d)|handbook\.({'|'.join(Book)})\.call\.\d", key)
}
PLACE = DISTRICT, PROVINCE


def sheets(written: bytes) -> list[tuple[float, float]]:
    """Return the width and height of every page of a PDF, in points."""
    pages = re.findall(rb"/Type\s*/Page\b.*?/MediaBox\s*\[([^\]]+)\]", written, re.DOTALL)
    return [tuple(float(side) for side in box.split()[2:]) for box in pages]


def named(sentence: str) -> list[tuple[str, str]]:
    """Return what a sentence of the catalogue puts in: the word's key, or the kind and what it is."""
    return [(name, of or "") for _, name, of, _ in Formatter().parse(sentence) if name is not None]


def all_pieces(book: Book, language: str) -> list[Piece]:
    found = words.handbook(book, language)
    return [piece for one in (*found.steps, *found.troubles) for piece in one.do] + [
        piece for call in found.calls for piece in call
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("book", Book)
def test_it_is_exactly_one_a4_and_the_same_each_time(book, language):
    written = paper.pdf(book, language, BASE, DAY)
    [(width, height)] = sheets(written)
    assert (round(width), round(height)) == (595, 842)
    assert typesetting.pdf(paper.SHEET, paper.told(book, language, BASE, DAY), PICTURES).count(
        b"/Image"
    ) == written.count(b"/Image")


def test_a_page_too_full_would_be_seen():
    told = paper.told(Book.CREW, "vi", BASE, DAY)
    assert len(sheets(typesetting.pdf(paper.SHEET, told | {"troubles": told["troubles"] * 4}, PICTURES))) == 2


@pytest.mark.parametrize("book", Book)
def test_it_says_what_a_wall_needs(book):
    found = words.handbook(book, "vi")
    assert 5 <= len(found.steps) <= 7
    assert 2 <= len(found.pictures) <= 3
    assert len(found.troubles) == 4
    assert len(found.calls) >= 2
    told = paper.told(book, "vi", BASE, DAY)
    assert told["address"] == f"Mở trên máy: {BASE}"
    assert told["footer"].startswith("Muster 0.1.0 · lập ngày 08/05/2021")


def test_no_text_of_a_role_is_left_out():
    """Numbers without a gap: a step 4 after a step 2 would never be printed."""
    for book in Book:
        found = words.handbook(book, "vi")
        held = {part: {key.split(".")[3] for key in catalogue() if key.startswith(f"handbook.{book}.{part}.")}
                for part in ("step", "trouble", "call")}  # fmt: skip
        assert [len(held[part]) for part in ("step", "trouble", "call")] == [
            len(found.steps), len(found.troubles), len(found.calls),
        ]  # fmt: skip


def test_every_word_that_is_quoted_is_one_of_the_screens():
    assert len(SENTENCES) > 70
    for key, entry in SENTENCES.items():
        for language, sentence in entry.items():
            for name, _ in named(sentence):
                if name not in {"go", "key"}:
                    assert not name.startswith("handbook."), key
                    assert "{" not in text(name, language), f"{key} quotes {name}, which has places of its own"


def test_both_languages_name_the_same_words_pages_and_keys():
    for key, entry in SENTENCES.items():
        first, second = (sorted(named(entry[language])) for language in LANGUAGES)
        assert first == second, key


def test_a_word_follows_its_screen_and_one_that_is_gone_is_told():
    assert words.pieces("Xem {board.title} ở {go:command:board}, {key:J}.", "vi") == [
        Piece("text", "Xem "), Piece("word", "Bảng chỉ huy"), Piece("text", " ở "), Piece("address", "/board/"),
        Piece("text", ", "), Piece("key", "J"), Piece("text", "."),
    ]  # fmt: skip
    with pytest.raises(UnknownText):
        words.pieces("{board.no_such_word}", "vi")


@pytest.mark.parametrize("book", Book)
def test_every_address_is_a_page(book):
    addresses = [piece.text for piece in all_pieces(book, "vi") if piece.kind == "address"]
    assert len(addresses) >= 2
    for address in addresses:
        assert resolve(address).view_name


@pytest.mark.parametrize("unit", PLACE)
@pytest.mark.parametrize("book", Book)
def test_every_page_it_sends_to_opens_to_its_role(book, unit, units):
    outside = Client(SERVER_NAME=HERE)
    inside = outside if book is Book.CITIZEN else come_in(Role(book), unit)
    for address in {piece.text for piece in all_pieces(book, "vi") if piece.kind == "address"}:
        reader = outside if address in {"/sign-in/", "/card/"} else inside
        assert reader.get(address).status_code == 200, address


def test_every_picture_is_there_small_and_large_enough_to_print():
    files = {words.file(book, name, language): (book, name)
             for book in Book for name in words.pictures(book) for language in LANGUAGES}  # fmt: skip
    assert {path.name for path in PICTURES.iterdir()} == set(files)
    assert {(one.book, one.name) for one in CUTS} == set(files.values())
    for name in files:
        written = (PICTURES / name).read_bytes()
        assert written.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(written) < LARGEST, name
        width, height = struct.unpack(">II", written[16:24])
        assert width > 500, name
        assert height < width * 1.2, name


def test_no_number_of_a_person_stands_in_the_texts():
    told = " ".join(sentence for key, entry in catalogue().items() if key.startswith("handbook.")
                    for sentence in entry.values())  # fmt: skip
    assert re.findall(r"\d{7,}", told) == []


def rows(page: str) -> list[str]:
    return re.findall(r'href="(/handbook/[a-z_]+\.pdf\?language=(?:vi|en))"', page)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VOLUNTEER])
def test_every_officer_reads_all_of_them(role, units):
    reader = come_in(role, PROVINCE)
    assert len(rows(reader.get("/handbook/").content.decode())) == 2 * len(Book)
    answer = reader.get("/handbook/crew.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="muster-crew-vi.pdf"'
    assert len(sheets(answer.content)) == 1
    assert reader.get("/handbook/nobody.pdf").status_code == 404


def test_citizens_take_theirs_and_no_other(units):
    anybody = Client(SERVER_NAME=HERE)
    assert 'href="/handbook/"' in anybody.get("/card/").content.decode()  # on the foot of every page
    assert rows(anybody.get("/handbook/").content.decode()) == [
        "/handbook/citizen.pdf?language=vi", "/handbook/citizen.pdf?language=en",
    ]  # fmt: skip
    answer = anybody.get("/handbook/citizen.pdf?language=en")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="muster-citizen-en.pdf"'
    assert len(sheets(answer.content)) == 1
    for book in OFFICERS:
        assert anybody.get(f"/handbook/{book}.pdf")["Location"].startswith("/sign-in/")


def test_it_is_in_the_language_asked_for_else_the_readers(units):
    reader = Client(SERVER_NAME=HERE, headers={"Accept-Language": "en"})
    for asked, given in (("", "en"), ("?language=vi", "vi"), ("?language=xx", "en")):
        name = reader.get(f"/handbook/citizen.pdf{asked}").headers["Content-Disposition"]
        assert name == f'attachment; filename="muster-citizen-{given}.pdf"'
