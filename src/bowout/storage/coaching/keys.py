"""A person's two keys: to sign what they write, and to open what was sealed for them.

Ed25519 signatures and sealed boxes (X25519, XSalsa20-Poly1305) are PyNaCl's; nothing here is of our own making. PyNaCl
is imported when a key is needed and not before.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bowout.core.coaching import fields
from bowout.core.coaching.fields import MAX_NAME, Unreadable
from bowout.core.coaching.parties import KEY_BYTES, Party
from bowout.errors import InputError, MissingPart, UsageError
from bowout.storage.atomic import write_atomic
from bowout.storage.strict_json import read_json, written

KIND = "bowout-keys"
MAX_KEY_FILE = 16 * 1024
SIGNATURE_BYTES = 64
_SALT_BYTES = 16
SHORTEST = 8
"""Characters of a pass phrase."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret halves, and the name that goes with them."""

    name: str
    seed: bytes = field(repr=False)
    """Of the Ed25519 key."""
    secret: bytes = field(repr=False)
    """Of the Curve25519 key."""

    @property
    def party(self) -> Party:
        from nacl.public import PrivateKey
        from nacl.signing import SigningKey

        return Party(self.name, bytes(SigningKey(self.seed).verify_key), bytes(PrivateKey(self.secret).public_key))

    def sign(self, message: bytes) -> bytes:
        """The signature alone, 64 bytes."""
        from nacl.signing import SigningKey

        return SigningKey(self.seed).sign(message).signature

    def unseal(self, sealed: bytes) -> bytes | None:
        """What was sealed for these keys; ``None`` if it was not, or has changed since."""
        from nacl.exceptions import CryptoError
        from nacl.public import PrivateKey, SealedBox

        try:
            return SealedBox(PrivateKey(self.secret)).decrypt(sealed)
        except (CryptoError, ValueError, TypeError):
            return None

    def pseudonym_secret(self) -> bytes:
        """For ``Pseudonyms``: as lasting as the keys, and told by none of them."""
        import hashlib

        return hashlib.sha256(b"bowout pseudonyms\0" + self.seed).digest()


def new_keys(name: str) -> Keys:
    """Keys that nobody has had before. Raises ``MissingPart`` without PyNaCl."""
    needs_nacl()
    return Keys(name, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def needs_nacl() -> None:
    """Raises ``MissingPart`` where PyNaCl is not installed."""
    import importlib.util

    if importlib.util.find_spec("nacl") is None:
        raise MissingPart("PyNaCl, which signs and seals, is not installed.", "Install it: pip install pynacl")


def signed_by(party: Party, message: bytes, signature: bytes) -> bool:
    """Whether it is this party's signature."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(party.sign).verify(message, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def seal(party: Party, data: bytes) -> bytes:
    """Only ``party`` can open it. Raises ``InputError`` for a key that nothing can be sealed for."""
    from nacl.exceptions import CryptoError
    from nacl.public import PublicKey, SealedBox

    try:
        return SealedBox(PublicKey(party.box)).encrypt(data)
    except (CryptoError, RuntimeError, ValueError, TypeError) as error:
        raise InputError(f"Nothing can be sealed for {party.name}: the key is none.", "Ask for a new file.") from error


# Files of keys.


def save(path: Path, keys: Keys) -> None:
    """Keep keys, readable by the user alone. Raises ``BowoutError``."""
    write_atomic(path, written(_open_form(keys)))


def load(path: Path) -> Keys | None:
    """The keys of a file that ``save`` wrote; ``None`` if there is none. Raises ``InputError`` for a damaged one."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check who owns it.") from error
    try:
        return imported(raw, str(path), "")
    except InputError as error:
        hint = "Take a copy back (bowout coach keys import, bowout assignments keys import), or delete that file."
        raise InputError(f"The keys in {path} are damaged.", hint) from error


def exported(keys: Keys, phrase: str) -> bytes:
    """A copy to put away. With a pass phrase it is of no use without it (Argon2id, XSalsa20-Poly1305)."""
    if not phrase:
        return written(_open_form(keys))
    if len(phrase) < SHORTEST:
        raise UsageError(f"A pass phrase has at least {SHORTEST} characters.", "Take a few words that you remember.")
    from nacl.secret import SecretBox

    salt = secrets.token_bytes(_SALT_BYTES)
    locked = bytes(SecretBox(_stretched(phrase, salt)).encrypt(written(_open_form(keys))))
    return written({"kind": KIND, "schema": 1, "name": keys.name, "salt": salt.hex(), "locked": locked.hex()})


def is_locked(raw: bytes) -> bool:
    """Whether a file of keys asks for a pass phrase."""
    try:
        read = read_json(raw)
    except ValueError:
        return False
    return isinstance(read, dict) and "locked" in read


def imported(raw: bytes, name: str, phrase: str) -> Keys:
    """The keys of a copy. Raises ``InputError``: it is none, or the pass phrase is another."""
    wrong = InputError(f"{name} is no file of keys.", "“bowout coach keys export” writes one.")
    if len(raw) > MAX_KEY_FILE:
        raise wrong
    try:
        data = fields.mapping(read_json(raw), "keys")
        if data.get("kind") != KIND:
            raise wrong
        if data.get("schema") != 1:
            raise InputError(f"{name} was made for a later version of Bow Out.", "Install the newest version.")
        if "locked" in data:
            return _unlocked(data, name, phrase)
        called = fields.text(data, "name", MAX_NAME)
        seed, secret = (bytes.fromhex(fields.digits(data.get(key), key, 2 * KEY_BYTES)) for key in ("sign", "box"))
    except ValueError as error:  # Unreadable is one, too
        raise wrong from error
    needs_nacl()
    return Keys(called, seed, secret)


def _unlocked(data: object, name: str, phrase: str) -> Keys:
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    needs_nacl()
    locked = fields.mapping(data, "keys")
    salt = bytes.fromhex(fields.digits(locked.get("salt"), "salt", 2 * _SALT_BYTES))
    text = fields.text(locked, "locked", MAX_KEY_FILE)
    try:
        opened = SecretBox(_stretched(phrase, salt)).decrypt(bytes.fromhex(text))
    except (CryptoError, ValueError, TypeError) as error:
        raise InputError(f"This pass phrase does not open {name}.", "Try again.") from error
    if b'"locked"' in opened:
        raise Unreadable("locked twice")
    return imported(opened, name, "")


def _stretched(phrase: str, salt: bytes) -> bytes:
    from nacl.pwhash import argon2id

    return argon2id.kdf(
        KEY_BYTES,
        phrase.encode("utf-8", "surrogatepass"),
        salt,
        opslimit=argon2id.OPSLIMIT_MODERATE,
        memlimit=argon2id.MEMLIMIT_INTERACTIVE,
    )


def _open_form(keys: Keys) -> dict[str, str | int]:
    return {"kind": KIND, "schema": 1, "name": keys.name, "sign": keys.seed.hex(), "box": keys.secret.hex()}


__all__ = [
    "SHORTEST", "SIGNATURE_BYTES", "Keys", "exported", "imported", "is_locked", "load", "needs_nacl", "new_keys",
    "save", "seal", "signed_by",
]  # fmt: skip
