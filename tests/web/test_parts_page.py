"""The component page shows every part in both languages, and asks the database for the clock alone."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "heading"), [("vi", "Các thành phần giao diện"), ("en", "Parts of the screens")])
def test_every_part_is_shown_in_both_languages(client, django_assert_num_queries, language, heading):
    client.cookies["language"] = language
    with django_assert_num_queries(1):
        page = client.get("/ui/")
    body = page.content.decode()
    assert page.status_code == 200
    assert f"<h1>{heading}</h1>" in body
    assert f'<html lang="{language}">' in body
    assert body.count('<svg viewBox="0 0 640') == 5
    assert 'role="columnheader"' in body
