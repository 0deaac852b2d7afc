"""How often one may guess: by the number asked for and by the address, whichever comes first.

Counted in the memory of each server process, so the real limit is as many times higher as there are processes (two by
default), and a restart forgets; it slows guessing down, the three answers are what keeps people apart.
"""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from muster.kernel.errors import Refusal
from muster.web.accounts.visit import address_of

WITHIN = 600  # seconds
BY_NUMBER, BY_ADDRESS = 5, 60


class TooManyQuestions(Refusal):
    """Too many questions in ten minutes."""

    code = "too_many_questions"
    vi = "Đã hỏi quá nhiều lần; hãy thử lại sau mười phút."
    en = "Too many questions; try again in ten minutes."


def check(request: HttpRequest, number: str) -> None:
    """Count a question, and go on only while there are not too many.

    Behind a proxy all addresses are the proxy's, and only the number counts.

    :raises TooManyQuestions: there are
    """
    limits = {f"citizen:number:{number}": BY_NUMBER}
    if not settings.BEHIND_TLS:
        limits[f"citizen:address:{address_of(request)}"] = BY_ADDRESS
    for key, most in limits.items():
        cache.add(key, 0, WITHIN)
        if cache.incr(key) > most:
            raise TooManyQuestions
