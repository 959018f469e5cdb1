"""A message as a link and as a draft that a mail program opens: bytes alone, nothing is sent."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from bowout.core.document import shown
from bowout.core.messages.compose import Message
from bowout.errors import InputError

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_ADDRESS = _PLAIN | frozenset(b"@!$'*+")
"""RFC 6068 allows these in an address as they are; “%”, “&”, “/”, “?” and the like are encoded."""
LONGEST_LINK = 2000
"""Characters that mail programs and desktops are known to take."""


def address(text: str) -> str:
    """A mail address, or nothing. Raises ``InputError`` for a text that is none."""
    plain = text.strip()
    if plain and _ADDRESS.fullmatch(plain) is None:
        raise InputError(f"“{shown(plain)}” is no mail address.", "Write it like maria@example.com, or leave it out.")
    return plain


def mailto(message: Message, to: str = "") -> str:
    """The ``mailto:`` link (RFC 6068): UTF-8, percent-encoded, line ends as CRLF.

    Raises ``InputError`` for the address.
    """
    fields = [("subject", " ".join(message.subject.split())), ("body", _crlf(message.body))]
    query = "&".join(f"{name}={_encoded(text, _PLAIN)}" for name, text in fields if text)
    return f"mailto:{_encoded(address(to), _PLAIN_ADDRESS)}?{query}"


def draft(message: Message, to: str = "", contact: str = "") -> bytes:
    """The message as an ``.eml`` file that opens as a draft (``X-Unsent: 1``): no sender and no date, these are the
    mail program's. Raises ``InputError`` for the address."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(message.subject.split())
    receiver = address(to)
    if receiver:
        mail["To"] = Address(" ".join(contact.split()), addr_spec=receiver)
    mail["X-Unsent"] = "1"
    mail.set_content(message.body.rstrip("\n") + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").replace("\n", "\r\n")


def _encoded(text: str, plain: frozenset[int]) -> str:
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


__all__ = ["LONGEST_LINK", "address", "draft", "mailto"]
