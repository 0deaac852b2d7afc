"""Read what a page shows: tiles, tables by the heads of their columns, tabs with their counts. Nothing is guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "line"})


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The classes of the element."""
        return set(self.attributes.get("class", "").split())

    def all(self, tag: str = "", kind: str = "") -> "Iterator[Node]":
        """Yield the elements inside, of a tag and of a class, in their order."""
        for one in self.inside:
            if isinstance(one, Node):
                if (not tag or one.tag == tag) and (not kind or kind in one.classes):
                    yield one
                yield from one.all(tag, kind)

    def text(self) -> str:
        """Return all text inside, single spaced."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, Node):
                yield " "
                yield from one._texts()
                yield " "
            else:
                yield one


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self._open[-1].tag != tag:  # li and p may be left open
            self._open.pop()
        self._open.pop()

    def handle_startendtag(self, tag, attrs):
        self._open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self._open[-1].inside.append(data)


@dataclass(frozen=True)
class Tile:
    """A figure with its name and its base."""

    label: str
    figure: str
    base: str


@dataclass(frozen=True)
class CellRead:
    """What stands in a cell: its text without the note, the note, where it leads."""

    text: str
    note: str
    href: str


@dataclass(frozen=True)
class TableRead:
    """A table by the heads of its columns."""

    caption: str
    heads: list[str]
    rows: list[dict[str, CellRead]]
    total: dict[str, CellRead] | None

    def column(self, head: str) -> list[str]:
        """Return the texts of a column."""
        return [row[head].text for row in self.rows]

    def numbers(self, name: str, figure: str) -> dict[str, int]:
        """Return the figures of a column by the texts of another; each text must be there once."""
        found = {row[name].text: number(row[figure].text) for row in self.rows}
        assert len(found) == len(self.rows), self.column(name)
        return found


def number(text: str) -> int:
    """Return a figure as it is written in Vietnamese: 1.234; a dash is none of them."""
    plain = text.replace(".", "").replace("\u00a0", "").strip()
    assert re.fullmatch(r"-?[0-9]+", plain), text
    return int(plain)


class Page:
    """A page that was answered with 200."""

    def __init__(self, answer: HttpResponse) -> None:
        assert answer.status_code == 200, (answer.status_code, answer.content[:500])
        tree = _Tree()
        tree.feed(answer.content.decode())
        self.root = tree.root

    @property
    def tiles(self) -> list[Tile]:
        """The tiles in their order."""
        found = []
        for one in self.root.all(kind="tile"):
            parts = [next(one.all(kind=f"tile-{part}"), Node("")).text() for part in ("label", "figure", "base")]
            found.append(Tile(*parts))
        return found

    @property
    def tables(self) -> list[TableRead]:
        """The tables in their order."""
        return [_table(one) for one in self.root.all("table")]

    def table(self, *heads: str) -> TableRead:
        """Return the one table with these columns."""
        (found,) = [one for one in self.tables if set(heads) <= set(one.heads)]
        return found

    def tabs(self) -> dict[str, int]:
        """Return the counts on the tabs by what their addresses ask for."""
        found = {}
        for link in self.root.all("a"):
            count = next(link.all(kind="count"), None)
            asked = re.search(r"kind=([a-z_]+)", link.attributes.get("href", ""))
            if count is not None and asked:
                found[asked[1]] = number(count.text())
        return found


def _table(node: Node) -> TableRead:
    heads = [one.text() for head in node.all("thead") for one in head.all("th")]
    caption = next(node.all("caption"), Node("")).text()
    rows = [_row(heads, row) for body in node.all("tbody") for row in body.all("tr")]
    total = [_row(heads, row) for foot in node.all("tfoot") for row in foot.all("tr")]
    return TableRead(caption, heads, rows, total[0] if total else None)


def _row(heads: list[str], row: Node) -> dict[str, CellRead]:
    cells = [one for one in row.inside if isinstance(one, Node) and one.tag in {"th", "td"}]
    assert len(cells) == len(heads), (heads, [one.text() for one in cells])
    return {head: _cell(one) for head, one in zip(heads, cells, strict=True)}


def _cell(node: Node) -> CellRead:
    note = next(node.all(kind="soft"), None)
    text = node.text()
    if note is not None and (told := note.text()):
        text = text.removesuffix(told).strip()
    link = next(node.all("a"), Node("")).attributes.get("href", "")
    return CellRead(text, note.text() if note is not None else "", link)
