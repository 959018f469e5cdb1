"""A vendor of speech models on the loopback address: serves one archive, as well or as badly as a test wants it."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bowout.speech.ears.vosk_model import GRAPHS, REQUIRED
from bowout.speech.model_lock import LockedModel

NAME = "vosk-model-small-test"
FILES = (*REQUIRED, *GRAPHS[0])


@dataclass
class Behaviour:
    """What the server does to whoever asks."""

    body: bytes
    cut_after: list[int] = field(default_factory=list)
    """For each of the first answers: bytes of it after which the connection is cut."""
    ranges: bool = True
    """Honours ``Range``; otherwise every answer is the whole file."""
    tag: str = '"one"'
    status: int | None = None
    """Refuse with this status."""
    declared: int | None = None
    """Length the server claims."""
    slow_s: float = 0.0
    """Seconds between two blocks of 16 kB."""
    asked: list[str | None] = field(default_factory=list)
    """The ``Range`` of every request so far."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The address of the archive while the server runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            behaviour.asked.append(wanted)
            if behaviour.status is not None:
                self.send_error(behaviour.status)
                return
            same = self.headers.get("If-Range") in (None, behaviour.tag)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and behaviour.ranges and same else 0
            whole = len(behaviour.body)
            if start >= whole:
                self.send_error(416)
                return
            payload = behaviour.body[start:]
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            self.send_header("Content-Length", str(len(payload) if behaviour.declared is None else behaviour.declared))
            self.send_header("ETag", behaviour.tag)
            self.end_headers()
            limit = behaviour.cut_after.pop(0) if behaviour.cut_after else len(payload)
            try:
                for at in range(0, min(limit, len(payload)), 16_384):
                    self.wfile.write(payload[at : min(at + 16_384, limit)])
                    if behaviour.slow_s:
                        time.sleep(behaviour.slow_s)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """A test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/models/{NAME}.zip"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def archive(files: Mapping[str, bytes] | None = None, *, padding: int = 200_000) -> bytes:
    """A ZIP that is built like a model's: every file there, none of them sensible. ``padding`` can't be packed."""
    if files is None:
        files = {f"{NAME}/{name}": f"{name} ".encode() * 20 for name in FILES}
        noise = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(padding // 32))
        files = {**files, f"{NAME}/am/final.mdl": noise or b"x"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def locked(body: bytes, url: str) -> tuple[LockedModel, ...]:
    """The lock file's entry for an archive."""
    digest = hashlib.sha256(body).hexdigest()
    return (LockedModel(NAME, "vosk", "en-US", url, len(body), digest, "Apache-2.0", default=True),)
