"""Cut the pictures of the handbooks from a running demonstration: ``python -m tools.handbooks [address]``.

Start one with ``make run`` on an empty base first; nothing in it is changed. Only a demonstration lets in by one click,
so no picture can show anybody but its invented people.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muster.ui.texts import LANGUAGES
from muster.web.handbooks.words import PICTURES, Book, file

CHROMIUM = "/usr/bin/chromium"
ADDRESS = "http://127.0.0.1:8000"
LARGEST = 60_000  # bytes of one picture
WINDOW = {"width": 420, "height": 1200}  # as on a phone: what it shows is read on paper too
Page = Any  # a tab of the browser; its library is not typed here


@dataclass(frozen=True)
class Cut:
    """One picture: how its screen is reached from a signed-in first page, and which parts of it are shown."""

    book: Book
    name: str
    reach: Callable[[Page], None]
    parts: tuple[str, ...]  # the first of each; the picture reaches around all of them
    margin: int = 0  # around them


def to(address: str) -> Callable[[Page], None]:
    """Return the way to a page by its address."""
    return lambda page: page.goto(address)


def to_first(address: str, *links: str) -> Callable[[Page], None]:
    """Return the way through the first link of each kind, beginning at a page."""

    def reach(page: Page) -> None:
        page.goto(address)
        for link in links:
            page.goto(page.locator(link).first.get_attribute("href"))

    return reach


def scanned(page: Page) -> None:
    """Type the number of the citizen of the story, without sending it."""
    page.goto("/story/")
    while not page.locator(".story-answers dd").count():  # on to the desk, where the number is told
        page.locator("form[action='/story/go/'] button").first.click()
        page.wait_for_load_state()
    page.fill("[data-lookup]", page.locator(".story-answers dd").first.inner_text())


def taking(page: Page) -> None:
    """Open the form of that citizen and tick the signatures, without sending it."""
    scanned(page)
    page.keyboard.press("Enter")
    page.locator("main a[href^='/desk/person/']").first.click()
    page.wait_for_selector("input[name^='sign.']")
    for box in page.query_selector_all("input[name^='sign.']"):
        box.check()


def answered(page: Page) -> None:
    """Ask where the card of a citizen is whom the checkers have before them."""
    enter(page, "checker")
    page.goto("/checking/next/")
    number, _, born, *_ = page.locator(".page-head p").first.inner_text().split(" · ")
    name = page.locator("h1").inner_text()
    page.goto("/card/")
    for field, value in (("number", number), ("name", name), ("birth", born)):
        page.fill(f"input[name='{field}']", value)
    page.locator("main form .button-main").click()
    page.wait_for_selector("[aria-labelledby='answer']")


HAMLET = ("main table a[href*='unit=']", "main a[href*='/list/']")
ROW, TICKET = "[data-lines] tr >> nth=0", "main table tbody tr"
CUTS = (
    Cut(Book.CREW, "find", scanned, ("form[action='/register/']",)),
    Cut(
        Book.CREW,
        "captures",
        taking,
        ("[aria-labelledby='captures'] h2", "[aria-labelledby='captures'] tr >> nth=1"),
        12,
    ),
    Cut(Book.CREW, "sign", taking, ("[aria-labelledby='signed']", "form.stack-wide > .columns .row .button-main")),
    Cut(Book.DESK_LEAD, "list", to_first("/survey/", *HAMLET), (f"{ROW} >> select", f"{ROW} >> select >> nth=1"), 12),
    Cut(Book.DESK_LEAD, "day", to("/"), (".tile >> nth=2", ".tile >> nth=3")),
    Cut(Book.DESK_LEAD, "report", to("/reports/"), ("#own h2", "#own .tile"), 12),
    Cut(Book.COMMANDER, "tiles", to("/board/"), (".tile >> nth=1", ".tile >> nth=2")),
    Cut(Book.COMMANDER, "below", to("/board/"), ("[data-part='table'] tbody tr",)),
    Cut(
        Book.COMMANDER,
        "proposal",
        to("/board/reinforcement/"),
        ("[data-proposal] h2", "[data-proposal] > p >> nth=1"),
        12,
    ),
    Cut(Book.PLANNER, "try", to("/plan/make/"), ("form.panel .field >> nth=2", "form.panel .button-main"), 12),
    Cut(Book.PLANNER, "bound", to("/plan/make/"), (".tile >> nth=0", ".tile >> nth=1")),
    Cut(Book.PLANNER, "week", to("/plan/"), (".tile >> nth=2", ".tile >> nth=3")),
    Cut(Book.CHECKER, "beside", to("/checking/next/?kind=differs"), (".beside tr:has(+ .differs)", ".beside .differs")),
    Cut(Book.CHECKER, "decide", to("/checking/next/"), ("[aria-labelledby='acts']",)),
    Cut(Book.CHECKER, "pair", to("/checking/pairs/next/"), ("#deciding .field >> nth=1", "#deciding .row"), 12),
    Cut(Book.TECHNICIAN, "queue", to("/incidents/"), ("main .table-box tbody tr",)),
    Cut(Book.TECHNICIAN, "ticket", to_first("/incidents/", f"{TICKET} >> nth=0 >> a"), ("main .panel >> nth=1",)),
    Cut(
        Book.TECHNICIAN,
        "mend",
        to_first("/incidents/", f"{TICKET} >> nth=1 >> a"),
        ("main .panel:has([name='mend.cause'])",),
    ),
    Cut(Book.CITIZEN, "ask", to("/card/"), ("main form",)),
    Cut(Book.CITIZEN, "answer", answered, ("[aria-labelledby='answer']",)),
)


def enter(page: Page, role: str) -> None:
    """Go in as a role of the demonstration."""
    page.goto("/sign-in/")
    page.locator(f"form[action='/sign-in/demo/demo.{role}'] button").click()
    page.wait_for_load_state()


def cut(page: Page, one: Cut) -> bytes:
    """Return one picture as PNG."""
    page.set_viewport_size(WINDOW)
    if one.book is not Book.CITIZEN:
        enter(page, one.book.value)
    one.reach(page)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    boxes = [page.locator(part).first.bounding_box() for part in one.parts]
    left, top = (min(box[side] for box in boxes) - one.margin for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes) + one.margin
    bottom = max(box["y"] + box["height"] for box in boxes) + one.margin
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    written: bytes = page.screenshot(full_page=True, clip=clip)
    return written


def pictures(address: str) -> Iterator[tuple[Path, bytes]]:
    """Yield every picture in every language, with its file."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who makes pictures has it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for language in LANGUAGES:
            for one in CUTS:
                context = browser.new_context(base_url=address, device_scale_factor=1.5, color_scheme="light")
                context.add_cookies([{"name": "language", "value": language, "url": address}])
                yield PICTURES / file(one.book, one.name, language), cut(context.new_page(), one)
                context.close()
        browser.close()


def main() -> None:
    """Write every picture and print its size; exit 1 if one is too large."""
    large = False
    for path, written in pictures(sys.argv[1] if len(sys.argv) > 1 else ADDRESS):
        path.write_bytes(written)
        large |= len(written) > LARGEST
        print(f"{path.name}: {len(written):,} bytes{' (too large)' if len(written) > LARGEST else ''}")
    sys.exit(large)


if __name__ == "__main__":
    main()
