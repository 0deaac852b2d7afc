"""Whoever has just given the three answers: a signed word says who was meant, for fifteen minutes.

Nothing of it stands in an address, and nobody else's word can be made.
"""

from uuid import UUID

from django.core import signing

from muster.capture import queries as capture
from muster.kernel.actor import Actor, Purpose
from muster.kernel.errors import Refusal
from muster.register.queries import PersonLine
from muster.register.queries import lines as people
from muster.web.accounts.visit import Visit
from muster.web.desk.form import Damaged

SALT, SECONDS = "citizen.answered", 900


class TooLate(Refusal):
    """The word of the three answers is not good any more: answer again."""

    code = "answers_too_old"
    vi = "Đã quá 15 phút; hãy trả lời lại ba câu hỏi."
    en = "More than 15 minutes have passed; give the three answers again."


def word(person: UUID) -> str:
    """Return the word that says who gave the answers."""
    return signing.dumps(str(person), salt=SALT)


def meant(request: Visit) -> PersonLine:
    """Return who gave the answers.

    :raises TooLate: the word is old, or none of ours
    """
    try:
        person = UUID(signing.loads(request.POST.get("word", ""), salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError):
        raise TooLate from None
    (line,) = people([person])
    return line


def commune(line: PersonLine) -> int:
    """Return the commune somebody lives in."""
    return capture.commune_of(line.unit) or line.unit


def actor(line: PersonLine) -> Actor:
    """Return the citizen as one who does something."""
    return Actor(officer=None, unit=commune(line), purpose=Purpose.CITIZEN, device="citizen")


def typed_id(request: Visit, name: str) -> UUID:
    """Return an id that was made with a form.

    :raises Damaged: it cannot be read
    """
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Damaged from None
