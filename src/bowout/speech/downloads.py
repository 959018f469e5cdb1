"""Fetches one big file over HTTP so that nothing but the right file ever counts, and no byte is fetched twice.

The file grows as ``NAME.part``; what is there is kept when the connection is cut, the disk fills up, the user stops or
the process is killed, and the next try asks the server for the rest. Size and sha256 decide in the end.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bowout.errors import BowoutError, InputError, MissingPart
from bowout.ports import check_stop
from bowout.speech.full_disk import full_disk_explained, need_space

CHUNK = 128 * 1024
"""Bytes read at a time: a stop is noticed between two of them."""
CONNECT_S = 5.0
"""Seconds that connecting may take, name look-up included."""
STALL_S = 20.0
"""Seconds without a byte after which the connection counts as cut."""
TRIES = 5
"""Connections in a row that may break off without having brought a byte."""
PAUSE_S = 0.5
"""Seconds before the second of them; doubled each time."""
MOST_CONNECTIONS = 200
"""After so many it is not a bad line but a bad server."""

_UNCHANGED = "If-Range"


class Unreachable(MissingPart):
    """The server could not be reached at all."""


class WrongFile(BowoutError):
    """The server has a file, but it is not the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The one file that will do."""

    url: str
    bytes: int
    sha256: str


OnBytes = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes that are wanted."""


class _Cut(Exception):
    """The connection ended before the file did."""


def fetch(
    wanted: Wanted, part: Path, *, on_bytes: OnBytes, stop: threading.Event, connect_s: float = CONNECT_S
) -> None:
    """Fill ``part`` until it is the wanted file, to the last bit.

    Raises:
        Unreachable: no connection within ``connect_s`` seconds; the part is as it was.
        WrongFile: size or sum are not the wanted ones; the part is gone.
        BowoutError: the connection kept breaking off, or the disk is full; the part is kept for the next try.
        Cancelled: ``stop`` was set; the part is kept.
    """
    if urllib.parse.urlsplit(wanted.url).scheme not in {"http", "https"}:
        raise InputError(f"{wanted.url} is not a web address.", "It must start with https:// or http://.")
    resumed = _drop_unusable(wanted, part)
    _fill(wanted, part, on_bytes, stop, connect_s)
    if _sha256(part, stop) == wanted.sha256:
        _forget(part)
        return
    _discard(part)
    if resumed:  # the first half may have come from another file: once more, from the start
        _fill(wanted, part, on_bytes, stop, connect_s)
        if _sha256(part, stop) == wanted.sha256:
            _forget(part)
            return
        _discard(part)
    raise WrongFile(
        f"What {_host(wanted.url)} sent is not the file that was expected (its sha256 differs); it has been deleted.",
        "Try again later, or name another address with --url.",
    )


def sha256_of(path: Path, stop: threading.Event) -> str:
    """Sum of a file, in lower-case hexadecimal."""
    return _sha256(path, stop)


def _fill(wanted: Wanted, part: Path, on_bytes: OnBytes, stop: threading.Event, connect_s: float) -> None:
    """Connect as often as it takes; give up when connections bring nothing any more."""
    need_space(part.parent, wanted.bytes - _size(part))
    barren = 0
    reached = False
    for _ in range(MOST_CONNECTIONS):
        have = _size(part)
        if have == wanted.bytes:
            break
        check_stop(stop)
        try:
            _one_connection(wanted, part, on_bytes, stop, connect_s)
        except (_Cut, Unreachable) as error:
            reached = reached or isinstance(error, _Cut)
            if not reached:
                raise
            barren = 0 if _size(part) > have else barren + 1
            if barren >= TRIES:
                raise _broke_off(wanted, part, str(error)) from error
            if barren and stop.wait(PAUSE_S * 2 ** (barren - 1)):
                check_stop(stop)
    else:
        raise _broke_off(wanted, part, "again and again")
    on_bytes(wanted.bytes, wanted.bytes)


def _broke_off(wanted: Wanted, part: Path, why: str) -> BowoutError:
    return BowoutError(
        f"The connection to {_host(wanted.url)} broke off at {_size(part) / 1e6:.1f} of {wanted.bytes / 1e6:.1f} MB "
        f"({why}).",
        "Run it again: it goes on from there.",
    )


def _one_connection(wanted: Wanted, part: Path, on_bytes: OnBytes, stop: threading.Event, connect_s: float) -> None:
    """Ask for what is missing and append it, until the end or until the connection is cut."""
    have = _size(part)
    headers = {"User-Agent": "bowout", "Accept-Encoding": "identity"}
    tag = _tag(part, wanted.url)
    if have:
        headers["Range"] = f"bytes={have}-"
        if tag:
            headers[_UNCHANGED] = tag
    response = _connect(urllib.request.Request(wanted.url, headers=headers), connect_s)
    with contextlib.closing(response), full_disk_explained(part.parent, wanted.bytes - have):
        if response.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            _discard(part)
            raise _Cut("there is no such part")
        if response.status == http.HTTPStatus.PARTIAL_CONTENT:
            start, total = _content_range(response)
            if start != have:
                _discard(part)
                raise _Cut("it sent another part")
        else:
            start, total = 0, _number(response.headers.get("Content-Length"))
        if total is not None and total != wanted.bytes:
            _discard(part)
            raise WrongFile(
                f"{_host(wanted.url)} offers a file of {total} bytes, expected are {wanted.bytes}: it is another file.",
                "Try again later, or name another address with --url.",
            )
        if not start:
            _remember(part, wanted.url, response.headers.get("ETag"))
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            _copy(response, file, wanted, on_bytes, stop)


def _copy(
    response: http.client.HTTPResponse, file: BinaryIO, wanted: Wanted, on_bytes: OnBytes, stop: threading.Event
) -> None:
    """Append the answer's bytes, at most as many as are wanted."""
    there = file.tell()
    while there < wanted.bytes:
        check_stop(stop)
        try:
            block = response.read(min(CHUNK, wanted.bytes - there))
        except (OSError, http.client.HTTPException) as error:
            raise _Cut(str(error)) from error
        if not block:
            raise _Cut("it ended too soon")
        file.write(block)
        there += len(block)
        on_bytes(there, wanted.bytes)


def _connect(request: urllib.request.Request, connect_s: float) -> http.client.HTTPResponse:
    """The server's answer. Answers that a range can't be had are returned, other refusals raised."""
    host = _host(request.full_url)
    _look_up(request, connect_s)
    try:
        opener = urllib.request.build_opener(_Handler, _SecureHandler)
        response: http.client.HTTPResponse = opener.open(request, timeout=connect_s)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return error  # type: ignore[return-value]  # it has status, headers and close, which is all that is used
        error.close()
        if error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _Cut(f"{error.code} {error.reason}") from error
        raise WrongFile(
            f"{host} answered “{error.code} {error.reason}” to {request.full_url}.", "Name another address with --url."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise _unreachable(host, str(reason)) from error
    return response


def _look_up(request: urllib.request.Request, connect_s: float) -> None:
    """Resolve the name within the time for connecting: the system's own look-up may take half a minute to give up."""
    address = urllib.parse.urlsplit(request.full_url)
    host = address.hostname or ""
    proxied = address.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host)
    if proxied:
        return
    failure: list[OSError] = []
    answered = threading.Event()

    def ask() -> None:
        try:
            socket.getaddrinfo(host, address.port or address.scheme)
        except OSError as error:
            failure.append(error)
        answered.set()

    threading.Thread(target=ask, name="name look-up", daemon=True).start()
    if not answered.wait(connect_s):
        raise _unreachable(host, f"its name was not found within {connect_s:.0f} s")
    if failure:
        raise _unreachable(host, "its name is not known here") from failure[0]


class _Connection(http.client.HTTPConnection):
    """Connecting is held to a short time, everything after it to a longer one."""

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(STALL_S)


class _SecureConnection(http.client.HTTPSConnection):
    """The same over TLS; its handshake is part of connecting."""

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(STALL_S)


class _Handler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req, context=ssl.create_default_context())


def _unreachable(host: str, why: str) -> Unreachable:
    return Unreachable(
        f"{host} can't be reached ({why}).",
        "Check the network; or fetch the archive elsewhere and install it with: bowout model install --from FILE.zip",
    )


def _drop_unusable(wanted: Wanted, part: Path) -> bool:
    """Delete a part that can't be the beginning of the wanted file. True if a part is left to go on from."""
    if _size(part) > wanted.bytes:
        _discard(part)
    return _size(part) > 0


def _content_range(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """``bytes 100-199/200`` → 100 and 200. A start of -1 if the header makes no sense."""
    unit, _, rest = (response.headers.get("Content-Range") or "").partition(" ")
    span, _, total = rest.partition("/")
    start = _number(span.partition("-")[0])
    if unit.lower() != "bytes" or start is None:
        return -1, None
    return start, _number(total)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path, stop: threading.Event) -> str:
    sum_ = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            check_stop(stop)
            sum_.update(block)
    return sum_.hexdigest()


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).hostname or url


def _notes(part: Path) -> Path:
    """What is remembered of the server's file beside the part: its address and its tag."""
    return part.with_suffix(part.suffix + ".json")


def _remember(part: Path, url: str, tag: str | None) -> None:
    strong = tag if tag and not tag.startswith("W/") else None
    _notes(part).write_text(json.dumps({"url": url, "tag": strong}), encoding="utf-8")


def _tag(part: Path, url: str) -> str | None:
    """The tag of the file that the part came from; only a strong one can vouch for a range."""
    try:
        noted = json.loads(_notes(part).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    tag = noted.get("tag") if isinstance(noted, dict) and noted.get("url") == url else None
    return tag if isinstance(tag, str) else None


def _forget(part: Path) -> None:
    _notes(part).unlink(missing_ok=True)


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _forget(part)


__all__ = ["Unreachable", "Wanted", "WrongFile", "fetch", "sha256_of"]
