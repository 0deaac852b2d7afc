"""Static files may be kept for a year, since their addresses change with what they hold."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from muster.web import assets

SHEET = Path(settings.STATICFILES_DIRS[0]) / "ui" / "tokens.css"


def test_an_address_carries_a_mark_of_the_content(client):
    mark = hashlib.sha256(SHEET.read_bytes()).hexdigest()[:12]
    address = assets.address("ui/tokens.css")
    assert address == f"/static/ui/tokens.css?v={mark}"
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == SHEET.read_bytes()
    assert answer.headers["Cache-Control"] == "max-age=31536000, public"


def test_a_face_has_the_one_address_that_the_sheet_names_too(client):
    address = assets.address("fonts/BeVietnamPro-Regular.ttf")
    assert address == "/static/fonts/BeVietnamPro-Regular.ttf"
    assert "../fonts/BeVietnamPro-Regular.ttf" in SHEET.read_text(encoding="utf-8")
    assert client.get(address).headers["Content-Type"] == "font/ttf"


def test_a_slip_in_a_template_is_a_fault():
    with pytest.raises(assets.UnknownAsset, match=r"ui/no\.css"):
        assets.address("ui/no.css")
