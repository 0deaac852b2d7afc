"""The way in and out: password, second factor, enrolment of a phone, one's own password, one click for a demo."""

import secrets
import unicodedata

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from muster.kernel.actor import Purpose
from muster.kernel.errors import Refusal
from muster.people import operations, queries
from muster.people.operations.sign_in import NotThisWay
from muster.ui.codes import qr_svg
from muster.ui.parts import Error, Field
from muster.web import errors
from muster.web.accounts import limits, words
from muster.web.accounts.visit import (
    Visit,
    acting,
    address_of,
    begin,
    complete,
    first_page,
    from_this_machine,
    leave,
    safe_next,
)

SECRET_BYTES = 20  # of SHA-1, as RFC 4226 asks
RECOVERY_CODES = 8
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
ENDINGS = ("shift_end", "idle", "ended")


@require_http_methods(["GET", "POST"])
def sign_in(request: Visit) -> HttpResponse:
    """Ask for user name and password; lead on to the second factor."""
    if request.work_session:
        return HttpResponseRedirect(first_page())
    typed = unicodedata.normalize("NFC", request.POST.get("username", "")).strip().lower()
    if request.method == "POST":
        officer = auth.authenticate(request, username=typed, password=request.POST.get("password", ""))
        if officer is not None:
            begin(request, officer, safe_next(request, request.POST.get("next", "")))
            return HttpResponseRedirect(reverse("accounts:factor"))
        locked = getattr(request, "axes_locked_out", False)
        action = "sign_in.locked" if locked else "sign_in.failed"
        operations.record_failure(action=action, username=typed, device=address_of(request), at=request.at)
    return render(request, "people/sign_in.html", _sign_in_values(request, typed))


def _sign_in_values(request: Visit, typed: str) -> dict[str, object]:
    say = words.saying(request)
    wrong = Error("wrong_sign_in", say("people.sign_in.wrong")) if request.method == "POST" else None
    ended = request.GET.get("ended", "")
    return {
        "username": Field(
            "username", say("people.username"), typed, required=True, autocomplete="username", error=wrong
        ),
        "password": Field(
            "password", say("people.password"), kind="password", required=True, autocomplete="current-password"
        ),
        "faults": [("username", wrong)] if wrong else [],
        "ended": say(f"people.ended.{ended}") if ended in ENDINGS else "",
        "next": safe_next(request, request.GET.get("next", request.POST.get("next", ""))),
        "demo": _demo_people(request),
    }


def _demo_people(request: Visit) -> list[dict[str, str]]:
    """Return whom one click signs in: nobody outside a demonstration, or from another machine."""
    if not from_this_machine(request):
        return []
    say, people = words.saying(request), list(queries.demo_officers())
    units = words.units(request, (person.unit for person in people))
    return [
        {
            "name": person.full_name,
            "role": words.role(say, operations.demo_role(person.username)),
            "unit": units[person.unit_id],
            "address": reverse("accounts:demo", args=[person.username]),
        }
        for person in people
    ]


@require_POST
def demo(request: Visit, username: str) -> HttpResponse:
    """Sign in a demonstration officer by one click, on this machine only."""
    try:
        return HttpResponseRedirect(enter_demo(request, username))
    except NotThisWay as refusal:
        return errors.refused(request, refusal)


def enter_demo(request: Visit, username: str) -> str:
    """Sign in a demonstration officer instead of whoever is signed in; return where to go.

    :raises NotThisWay: there is no such officer, or the browser is on another machine
    """
    person = next((one for one in queries.demo_officers() if one.username == username), None)
    if person is None or not from_this_machine(request):
        raise NotThisWay
    if request.work_session:
        leave(request, "signed_out")
    auth.login(request, person, backend="muster.web.accounts.browsers.Officers")
    return complete(request, person, request.at)


@require_http_methods(["GET", "POST"])
def factor(request: Visit) -> HttpResponse:
    """Ask for a code of the phone, or a recovery code."""
    say, wrong = words.saying(request), None
    if request.method == "POST":
        try:
            device = operations.prove_factor(officer=request.user.id, code=request.POST.get("code", ""), at=request.at)
        except Refusal as refusal:
            wrong = words.error(request, refusal)
        else:
            answer = HttpResponseRedirect(complete(request, request.user, request.at, device=device))
            limits.remember(answer, request.user.username)
            return answer
    code = Field(
        "code",
        say("people.code"),
        hint=say("people.code_hint"),
        required=True,
        autocomplete="one-time-code",
        error=wrong,
        lookup=True,
    )
    return render(request, "people/factor.html", {"code": code, "faults": [("code", wrong)] if wrong else []})


@require_http_methods(["GET", "POST"])
def enrol(request: Visit) -> HttpResponse:
    """Show the QR code to scan, take the phone's first code as proof, then show the recovery codes once."""
    by, wrong = acting(request, Purpose.ADMINISTER), None
    if request.method == "POST":
        recovery = [_recovery_code() for _ in range(RECOVERY_CODES)]
        plain = [code.replace("-", "") for code in recovery]
        try:
            device = operations.confirm_enrolment(
                officer=request.user.id, code=request.POST.get("code", ""), recovery=plain, by=by, at=request.at
            )
        except Refusal as refusal:
            wrong = words.error(request, refusal)
        else:
            onwards = complete(request, request.user, request.at, device=device)
            shown = render(request, "people/recovery.html", {"codes": recovery, "onwards": onwards})
            limits.remember(shown, request.user.username)
            return shown
    secret = secrets.token_bytes(SECRET_BYTES)
    address = operations.begin_enrolment(officer=request.user.id, secret=secret, by=by, at=request.at)
    return render(request, "people/enrol.html", _enrol_values(request, address, wrong))


def _enrol_values(request: HttpRequest, address: str, wrong: Error | None) -> dict[str, object]:
    say = words.saying(request)
    key = address.split("secret=")[1].split("&", maxsplit=1)[0]
    return {
        "qr": qr_svg(address, say("people.enrol.qr")),
        "key": " ".join(key[place : place + 4] for place in range(0, len(key), 4)),
        "code": Field(
            "code",
            say("people.enrol.first_code"),
            required=True,
            autocomplete="one-time-code",
            inputmode="numeric",
            error=wrong,
        ),
        "faults": [("code", wrong)] if wrong else [],
    }


def _recovery_code() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


@require_http_methods(["GET", "POST"])
def password(request: Visit) -> HttpResponse:
    """Let somebody choose a password of their own; the other sessions end."""
    say, wrong = words.saying(request), None
    if request.method == "POST":
        try:
            _change(request)
        except Refusal as refusal:
            wrong = words.error(request, refusal)
        else:
            return HttpResponseRedirect(first_page())
    faulty = {"wrong_password": "old", "passwords_differ": "again"}.get(wrong.code, "new") if wrong else ""

    def field(name: str, kind: str, hint: str = "") -> Field:
        error = wrong if name == faulty else None
        return Field(
            name,
            say(f"people.password_{name}"),
            kind="password",
            hint=hint,
            required=True,
            autocomplete=kind,
            error=error,
        )

    values = {
        "fields": [
            field("old", "current-password"),
            field("new", "new-password", say("people.password_rule")),
            field("again", "new-password"),
        ],
        "faults": [(faulty, wrong)] if wrong else [],
        "temporary": request.user.password_temporary,
    }
    return render(request, "people/password.html", values)


class PasswordsDiffer(Refusal):
    """The new password was typed in two ways."""

    code = "passwords_differ"
    vi = "Hai lần nhập mật khẩu mới không giống nhau."
    en = "The new password was not typed the same way twice."


def _change(request: Visit) -> None:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise PasswordsDiffer
    operations.change_password(
        officer=request.user.id,
        old=request.POST.get("old", ""),
        new=new,
        keep=request.work_session.id if request.work_session else None,
        by=acting(request, Purpose.ADMINISTER),
        at=request.at,
    )
    request.user.refresh_from_db()
    request.session[auth.HASH_SESSION_KEY] = request.user.get_session_auth_hash()  # this session goes on


@require_POST
def sign_out(request: Visit) -> HttpResponse:
    """End the session and go back to the door."""
    leave(request, "signed_out")
    return HttpResponseRedirect(reverse("accounts:sign_in"))
