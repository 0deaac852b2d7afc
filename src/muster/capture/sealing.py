"""What of a packet is sealed: traits, the representative, what the citizen wants corrected."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from muster.law.capture import Representative


def to_bytes(*, traits: str = "", representative: Representative | None, corrections: Mapping[str, str]) -> bytes:
    """Return the text that is sealed; empty where there is nothing to seal."""
    told = {
        "traits": traits.strip(),
        "representative": asdict(representative) if representative else {},
        "corrections": dict(corrections),
    }
    kept = {name: value for name, value in told.items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() if kept else b""


def from_bytes(text: bytes) -> dict[str, Any]:
    """Read it again."""
    told: dict[str, Any] = json.loads(text) if text else {}
    return told
