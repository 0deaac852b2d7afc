"""QR codes as drawings."""

import io

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around a code (ISO/IEC 18004)


def qr_svg(text: str, title: str) -> Markup:
    """Return a QR code as SVG: always dark on white, whatever the theme, for cameras read it best."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, border=QUIET, dark="#000", light="#fff", title=title)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno escapes the title; the rest is numbers
