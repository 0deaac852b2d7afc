"""What an officer asks the register: a number, or a name and one thing more.

The question is kept for reload and "back" in the browser's session, sealed, since it names a citizen; it never stands
in an address.
"""

import base64
import json
from dataclasses import asdict, dataclass

from django.http import QueryDict

from muster.kernel.numbers import NumberKind, looks_like
from muster.keys import provider, sealing
from muster.register.qr import looks_like_a_card_code
from muster.web.accounts.visit import Visit

KEPT = "asked"


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed or scanned, as it was."""

    number: str = ""
    name: str = ""
    birth: str = ""
    unit: str = ""

    @classmethod
    def posted(cls, values: QueryDict) -> "Question":
        """Read a form; a number or a card's code that went into the field of the name is taken for what it is."""
        number, name = values.get("number", "").strip(), values.get("name", "").strip()
        if not number and (looks_like_a_card_code(name) or looks_like(name) is not NumberKind.NEITHER):
            number, name = name, ""
        return cls(number, name, values.get("birth", "").strip(), values.get("unit", "").strip())

    @property
    def by_name(self) -> bool:
        """Whether people are asked for by name rather than by number."""
        return not self.number and bool(self.name or self.birth or self.unit)


def keep(request: Visit, question: Question) -> None:
    """Keep a question for as long as the sign-in lasts; nobody else can open it."""
    told = json.dumps(asdict(question), ensure_ascii=False).encode()
    sealed = sealing.seal_text(_key(), told, sealing.context(KEPT, request.user.id))
    request.session[KEPT] = base64.b64encode(sealed).decode()


def kept(request: Visit) -> Question | None:
    """Return the last question asked by name in this sign-in."""
    held = request.session.get(KEPT)
    if held is None:
        return None
    told = sealing.open_text(_key(), base64.b64decode(held), KEPT, request.user.id)
    return Question(**json.loads(told))


def forget(request: Visit) -> None:
    """Let go of the last question: somebody has been found otherwise."""
    request.session.pop(KEPT, None)


def _key() -> bytes:
    return provider.current().derive("web/question")
