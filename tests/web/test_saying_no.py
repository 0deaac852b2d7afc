"""Every page that says no: its status, its sentence in the reader's language, its code."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import include, path
from django.views.decorators.http import require_POST

from muster.kernel.errors import Refusal
from muster.people.rights import NotAllowed
from muster.web import refusals
from muster.web.accounts import doors


class TooLate(Refusal):
    code = "too_late"
    vi = "Ca {shift} đã đóng."
    en = "Shift {shift} is closed."


def refuse(request):
    raise TooLate(shift="3")


def fail(request):
    raise ZeroDivisionError


@require_POST
def send(request):
    return HttpResponse("sent")


urlpatterns = [
    path("send/", send, name="send"),
    path("refuse/", refuse, name="refuse"),
    path("fail/", fail, name="fail"),
    path("", include("muster.web.urls")),
    path("", include("muster.web.handbooks.urls")),  # the foot of every page leads there
]
handler404 = "muster.web.errors.not_found"
handler500 = "muster.web.errors.failed"


@pytest.fixture(autouse=True)
def _open(monkeypatch):
    monkeypatch.setattr(doors, "OPEN", doors.OPEN | {"refuse", "fail", "send"})


@pytest.mark.parametrize(
    ("language", "sentence"), [("vi", "Ca 3 đã đóng."), ("en", "Shift 3 is closed.")], ids=["vi", "en"]
)
@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_becomes_a_page_with_its_sentence_and_code(client, django_assert_num_queries, language, sentence):
    client.cookies["language"] = language
    with django_assert_num_queries(0):
        answer = client.get("/refuse/")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in body
    assert "<code>too_late</code>" in body
    assert f'<html lang="{language}"' in body


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_is_only_sent_to_says_so_when_it_is_opened(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/send/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Trang này không nhận thao tác đó." in answer.content.decode()
    assert client.post("/send/").content == b"sent"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_our_own_fault_says_so_and_asks_nothing_of_the_database(client, django_assert_num_queries):
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/fail/")
    assert answer.status_code == 500
    assert "<code>500</code>" in answer.content.decode()


def test_a_page_that_is_not_there(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()


def test_what_a_reader_may_not_do_is_forbidden():
    gate = refusals.Refusals(HttpResponse)
    request = RequestFactory().get("/")
    denied = gate.process_exception(request, NotAllowed(action="look"))
    assert denied.status_code == 403
    assert NotAllowed.code in denied.content.decode()
    assert gate.process_exception(request, ZeroDivisionError()) is None


@pytest.mark.django_db
def test_every_answer_carries_the_policy_and_stays_in_no_cache(client):
    answer = client.get("/ui/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.content.decode()
    assert " style=" not in body
    assert "<style" not in body
    assert " onclick=" not in body
