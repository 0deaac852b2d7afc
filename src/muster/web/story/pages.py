"""Begin the story, go on to its next step, leave it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from muster.kernel.errors import Refusal
from muster.people.operations.sign_in import NotThisWay
from muster.web import errors
from muster.web.accounts import words
from muster.web.accounts.sign_in import enter_demo
from muster.web.accounts.visit import Visit, leave
from muster.web.desk.form import Damaged
from muster.web.story import telling
from muster.web.story.telling import COOKIE, WHO, Begun, Step


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show what the story tells, step by step."""
    if not telling.is_told(request):
        return errors.refused(request, NotThisWay())
    return _show(request)


def _show(request: Visit, refusal: Refusal | None = None) -> HttpResponse:
    say = words.saying(request)
    who = {step: words.role(say, role) if role else say("story.citizen") for step, role in WHO.items()}
    values = {
        "steps": [(say(f"story.{step}.title"), say(f"story.{step}.what"), who[step]) for step in WHO],
        "first": next(iter(Step)),
        "error": words.error(request, refusal) if refusal else None,
    }
    return render(request, "story/index.html", values, status=422 if refusal else 200)


@require_POST
def go(request: Visit) -> HttpResponse:
    """Go to a step as the one who takes it; the first one begins the story anew."""
    if not telling.is_told(request):
        return errors.refused(request, NotThisWay())
    try:
        step = Step(request.POST.get("step", ""))
    except ValueError:
        return _show(request, Damaged())
    held = Begun.of(request)
    try:
        begun = telling.begin(request) if step is next(iter(Step)) or held is None else telling.stepped(held, step)
    except Refusal as refusal:
        return _show(request, refusal)
    page, username = telling.page_of(begun.step), telling.username_of(begun.step)
    if username:
        enter_demo(request, username)
    elif request.work_session:
        leave(request, "signed_out")
    answer = HttpResponseRedirect(page)
    begun.keep(answer, request)
    return answer


@require_POST
def end(_: Visit) -> HttpResponse:
    """Leave the story; whoever is signed in stays so."""
    answer = HttpResponseRedirect(reverse("web:home"))
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
