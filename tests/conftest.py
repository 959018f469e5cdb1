"""Every test runs on an isolated machine: a data folder of its own, no network, a terminal without surprises."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from needs import IN_CI, has_module, has_program, need

__all__ = ["IN_CI", "has_module", "has_program", "need"]


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home, data and config folder that end with the test."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("BOWOUT_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("BOWOUT_CACHE_DIR", str(home / "cache"))
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.delenv("BOWOUT_VOSK_MODEL", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    yield


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse internet sockets; a test marked ``loopback`` may reach this machine. Unix sockets (audio) stay."""
    local = request.node.get_closest_marker("loopback") is not None
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not (local and (host.startswith("127.") or host in {"localhost", "::1"})):
                raise AssertionError(f"a test reached for the network: {address!r}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a state, never for a time."""
    import time

    def wait(condition: Callable[[], bool], what: str = "the state", seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come within {seconds} s")
            time.sleep(0.01)

    return wait
