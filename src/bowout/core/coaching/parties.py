"""Who wrote a file: a name that anybody can claim, and two public keys that nobody else has the other half of."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_NAME, Unreadable

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Party:
    """A coach or a learner, as their files show them."""

    name: str
    """As they call themselves; it proves nothing."""
    sign: bytes
    """Ed25519: proves that a file is theirs."""
    box: bytes
    """Curve25519: what is sealed for it only they can open."""

    @property
    def key(self) -> str:
        """What tells one from all others: 64 hexadecimal digits, both keys in one sum."""
        return hashlib.sha256(b"bowout party\0" + self.sign + self.box).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The same for people to compare, 125 bits in five groups: ``K7QZM-3TB2X-…``."""
        letters = base64.b32encode(bytes.fromhex(self.key)).decode("ascii")[:25]
        return "-".join(letters[at : at + 5] for at in range(0, 25, 5))

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "sign": self.sign.hex(), "box": self.box.hex()}


def party_from(value: object, what: str = "from") -> Party:
    """The inverse of ``as_json``. Raises ``Unreadable``."""
    data = fields.mapping(value, what)
    called = fields.text(data, "name", MAX_NAME)
    if not called:
        raise Unreadable(f"“{what}” has no name.")
    sign, box = (bytes.fromhex(fields.digits(data.get(key), key, 2 * KEY_BYTES)) for key in ("sign", "box"))
    return Party(called, sign, box)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for people that are always the same and that nobody without the secret can trace back."""

    secret: bytes

    def of(self, person: str) -> str:
        """``L-7Q4K2M`` for whatever identifies a person within the coach's classes (``Person.id``)."""
        made = hmac.new(self.secret, b"pseudonym\0" + person.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return "L-" + base64.b32encode(made).decode("ascii")[:6]


__all__ = ["KEY_BYTES", "Party", "Pseudonyms", "party_from"]
