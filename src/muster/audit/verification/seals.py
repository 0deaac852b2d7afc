"""The seals: is each signed, does it point back to the one before, is none missing, and are the chains as it says?"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from muster.audit.chain import START, heads_root, seal_message
from muster.audit.models import Batch, Seal
from muster.audit.queries import seal_hash
from muster.audit.verification.finding import Finding
from muster.keys import provider
from muster.keys.provider import Signature

Heads = Mapping[str, Sequence[Any]]
Fit = Callable[[Sequence[Heads]], list[bool]]
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)  # what a forged seal may raise
DIFFER = "chains differ from what was sealed"
CHUNK = 50
_TOLD = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})")  # the detail of the batch that tells of a seal


class Seals:
    """The seals that stand in the database, and what the audit itself tells of them."""

    def __init__(self) -> None:
        self._told: dict[int, str] = {}  # the root of each, from the batch that tells of its making

    def told_by(self, batches: Iterable[Batch]) -> None:
        """Learn from sound batches which seals were made."""
        for row in batches:
            if row.action == "audit.seal" and (told := _TOLD.fullmatch(row.detail)):
                self._told[int(told[1])] = told[2]

    def check(self, fit: Fit) -> Iterator[Finding]:
        """Check number, link, signature and content of every seal; one that the audit tells of must be there."""
        there, missing = set[int](), set(self._told)
        before: Seal | None = None
        rows = Seal.objects.order_by("no").iterator(CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            sound = [seal for seal in chunk if _is_sound(seal)]
            fits = dict(zip((seal.no for seal in sound), fit([seal.heads for seal in sound]), strict=True))
            for seal in chunk:
                there.add(seal.no)
                if seal.no not in fits:
                    own = self._own_number(seal)
                    there.add(own)
                    yield Finding("seal", str(seal.no), "edited" if own == seal.no else "moved")
                    continue
                missing |= set(range(before.no + 1 if before else 1, seal.no))
                if _breaks(before, seal):
                    yield Finding("seal", str(seal.no), "edited")
                elif not fits[seal.no]:
                    yield Finding("seal", str(seal.no), DIFFER)
                before = seal
        yield from (Finding("seal", str(no), "missing") for no in sorted(missing - there))

    def _own_number(self, seal: Seal) -> int:
        """Return under which number a damaged seal was made, as far as the audit tells; else the one it has."""
        root = bytes(seal.root).hex()
        if self._told.get(seal.no) == root:
            return seal.no
        return next((no for no, told in self._told.items() if told == root), seal.no)


def check_handed_out(handed_out: Sequence[Mapping[str, Any]], fit: Fit) -> Iterator[Finding]:
    """Check the seals that were handed out against today's chains."""
    genuine = [sealed for sealed in handed_out if _is_genuine(sealed)]
    for sealed in handed_out:
        if sealed not in genuine:
            yield Finding("seal", f"handed out {sealed.get('no')}", "forged")
    for sealed, fits in zip(genuine, fit([sealed["heads"] for sealed in genuine]), strict=True):
        if not fits:
            yield Finding("seal", f"handed out {sealed['no']}", DIFFER)


def _breaks(before: Seal | None, seal: Seal) -> bool:
    """Say whether a seal does not point back to the one before it, where that is there and sound."""
    if seal.no == 1:
        return bytes(seal.previous) != START
    return before is not None and before.no == seal.no - 1 and bytes(seal.previous) != seal_hash(before)


def _is_sound(seal: Seal) -> bool:
    """Say whether a seal is signed and its root is that of its heads."""
    message = seal_message(no=seal.no, at=seal.at, size=seal.size, root=bytes(seal.root), previous=bytes(seal.previous))
    try:
        holds = heads_root(seal.heads) == bytes(seal.root)
    except UNREADABLE:
        return False
    return holds and provider.current().verify(message, Signature(seal.key_id, bytes(seal.signature)))


def _is_genuine(sealed: Mapping[str, Any]) -> bool:
    """Say whether a seal that was handed out is signed by the key it names, and its root is that of its heads."""
    try:
        message = seal_message(
            no=sealed["no"],
            at=datetime.fromisoformat(sealed["at"]),
            size=sealed["size"],
            root=bytes.fromhex(sealed["root"]),
            previous=bytes.fromhex(sealed["previous"]),
        )
        signed = provider.verify(sealed["public_key"], message, bytes.fromhex(sealed["signature"]))
        return signed and heads_root(sealed["heads"]).hex() == sealed["root"]
    except UNREADABLE:
        return False
