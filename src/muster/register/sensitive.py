"""The sensitive fields of a person, sealed as one text under the person's own key (Law 91/2025; law notes)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from muster.people.words import Field

KIND = "person"  # the kind under which the keys of persons are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Somebody of the family as papers name them: role, name, number, nationality."""

    role: str
    name: str = ""
    number: str = ""
    nationality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive:
    """What is sealed. An empty value is not known, or not asked."""

    phone: str = ""
    email: str = ""
    address: str = ""  # permanent: lane, house
    temporary_address: str = ""
    current_address: str = ""
    birth_place: str = ""  # text of the paper beside the unit's code
    native_place: str = ""
    ethnicity: str = ""
    religion: str = ""
    blood_group: str = ""
    relatives: tuple[Relative, ...] = field(default_factory=tuple)
    note: str = ""

    def to_bytes(self) -> bytes:
        """Return the text that is sealed: JSON without what is empty."""
        told = {key: value for key in _PLAIN if (value := getattr(self, key))}
        if self.relatives:
            told["relatives"] = [{k: v for k, v in asdict(one).items() if v} for one in self.relatives]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> Self:
        """Read the text again; a field of a later version is passed over."""
        told: dict[str, Any] = json.loads(text)
        relatives = tuple(Relative(**one) for one in told.pop("relatives", ()))
        return cls(relatives=relatives, **{key: value for key, value in told.items() if key in _PLAIN})

    def seen_with(self, allowed: frozenset[Field]) -> dict[str, Any]:
        """Return the fields that somebody with these rights sees, those that are known."""
        return {key: value for key, need in SEEN_BY.items() if need in allowed and (value := getattr(self, key))}

    def known(self) -> frozenset[str]:
        """Return the names of the fields that hold something: shown to everybody as "held, not shown"."""
        return frozenset(one.name for one in fields(self) if getattr(self, one.name))


_PLAIN = tuple(one.name for one in fields(Sensitive) if one.name != "relatives")

# Which right opens which field.
SEEN_BY: Mapping[str, Field] = {
    "phone": Field.PHONE,
    "email": Field.PHONE,
    "address": Field.ADDRESS,
    "temporary_address": Field.ADDRESS,
    "current_address": Field.ADDRESS,
    "birth_place": Field.ADDRESS,
    "native_place": Field.ADDRESS,
    "note": Field.ADDRESS,
    "ethnicity": Field.ETHNICITY,
    "religion": Field.RELIGION,
    "blood_group": Field.HEALTH,
    "relatives": Field.PARENT_NUMBERS,
}
