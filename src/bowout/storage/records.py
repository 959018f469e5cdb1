"""The user's own history: one folder an attempt, private, local, deletable.

    <root>/20260504T093000120Z-3f9a1c/events.jsonl    what happened, as it happened
                                      audio.wav       the call's recording, if one is kept
    <root>/index.sqlite                               an index over them that can be made again

An attempt appears whole (its folder is renamed into place after the first event) and goes whole (renamed away, then
removed). Two programs may work on the same root at once.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bowout.core.disputes import KIND, Dispute, standing
from bowout.errors import BowoutError, InputError
from bowout.paths import private_dir
from bowout.ports import AttemptSummary, StoredAttempt
from bowout.storage.atomic import disk_error, sync_folder
from bowout.storage.attempt_writer import AUDIO, EVENTS, FileAttemptWriter, stamped, write_start
from bowout.storage.event_log import EventLog, read_events
from bowout.storage.index import Index
from bowout.storage.summary import KINDS, may_drop_audio, summarise
from bowout.storage.wav_writer import repair_wav, wav_seconds

_ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{6}")
_NEW, _GONE = ".new-", ".gone-"
LEFTOVER_S = 3600.0
"""Seconds after which a folder that never got its first event is nobody's any more."""
LEFTOVER_AUDIO = timedelta(hours=24)
"""Age at which the recording of a call whose review was never closed is deleted: time enough to rescue it."""

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class FileRecords:
    """The ``Records`` of the program. Any thread may call any method."""

    def __init__(self, root: Path, clock: Callable[[], datetime] = _utc_now) -> None:
        """
        Args:
            root: ``data_dir() / "attempts"``; made, user-only, when something is written.
            clock: aware time, for ids and events.
        """
        self._root = root
        self._clock = clock
        self._index = Index(root / "index.sqlite")

    def begin(
        self, *, scenario: str, title: str, intent: str, mode: str, ear: str, keep_audio: bool, **meta: Any
    ) -> FileAttemptWriter:
        """Open a new attempt and write its ``start`` event, ``meta`` included.

        ``meta`` may hold ``retention="keep"``: the recording stays after the review.
        Raises ``BowoutError`` if the folder can't be written.
        """
        attempt_id = self._new_id()
        folder, unborn = self._root / attempt_id, self._root / (_NEW + attempt_id)
        start = {"scenario": scenario, "title": title, "intent": intent, "mode": mode, "ear": ear, **meta}
        try:
            if not self._root.parent.exists():
                private_dir(self._root.parent)
            private_dir(self._root)
            unborn.mkdir(mode=0o700)
            write_start(unborn, self._clock, {**start, "keep_audio": keep_audio})
            unborn.rename(folder)
        except OSError as error:
            raise disk_error(error, self._root) from error
        finally:
            if unborn.exists():
                shutil.rmtree(unborn, ignore_errors=True)  # else it is a leftover, swept later
        sync_folder(self._root)
        return FileAttemptWriter(attempt_id, folder, self._clock, keep_audio=keep_audio)

    def list(self) -> list[AttemptSummary]:
        """Newest first, attempts that were broken off included. Reads only folders that changed since the last time."""
        self._sweep()
        return self._index.synced(self._stamps(), self._summary)

    def load(self, attempt_id: str) -> StoredAttempt:
        """Everything about one attempt; its recording's header is repaired if it was left behind.

        Raises ``InputError`` for an unknown id or a record that can't be read.
        """
        folder = self._folder(attempt_id)
        events = read_events(folder / EVENTS)
        audio = folder / AUDIO
        summary = summarise(attempt_id, events, wav_seconds(audio), audio=audio.is_file())
        if summary is None:
            raise InputError(f"The record of attempt {attempt_id} has no beginning.", "Delete it.")
        if summary.audio:
            try:
                repair_wav(audio)
            except BowoutError as error:  # a folder that can't be written: it plays up to its old header
                _log.warning("%s", error.sentence())
        return StoredAttempt(summary, events, audio if summary.audio else None)

    def append(self, attempt_id: str, kind: str, **data: Any) -> None:
        """Add an event to a closed attempt: a correction, new marks, ``reviewed``. Raises ``BowoutError``."""
        log = EventLog(self._folder(attempt_id) / EVENTS, new=False)
        try:
            log.append(stamped(self._clock, kind, data))
        finally:
            log.close()

    def dispute(self, attempt_id: str, dispute: Dispute) -> None:
        """Add the caller's word on a mark, or that they take it back. Raises ``BowoutError``."""
        self.append(attempt_id, KIND, **dispute.as_event())

    def disputes(self, attempt_id: str) -> Mapping[str, Dispute]:
        """What has been disputed and not taken back, by criterion.

        Raises ``InputError`` for an unknown id or a record that can't be read.
        """
        return standing(read_events(self._folder(attempt_id) / EVENTS, (KIND,)))

    def drop_audio(self, attempt_id: str) -> None:
        """Delete the recording, keep the words. Raises ``BowoutError`` if it is still there afterwards."""
        audio = self._folder(attempt_id) / AUDIO
        try:
            audio.unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, audio) from error

    def drop_reviewed_audio(self) -> Sequence[str]:
        """Delete the recordings that have served and return their attempts' ids: the review was closed (an event
        ``reviewed``), or will not come any more since the program died ``LEFTOVER_AUDIO`` ago; never where the attempt
        was begun with ``retention="keep"``.

        For the start of the program: the review itself drops its recording when it is closed.
        """
        dropped = []
        for summary in self.list():
            if not summary.audio:
                continue
            old = self._clock() - datetime.fromisoformat(summary.started_at) > LEFTOVER_AUDIO
            if may_drop_audio(read_events(self._folder(summary.id) / EVENTS), review_is_over=old):
                self.drop_audio(summary.id)
                dropped.append(summary.id)
        return dropped

    def delete(self, attempt_id: str) -> None:
        """Delete the whole attempt, from the index too. Raises ``BowoutError`` if anything of it is left."""
        folder = self._folder(attempt_id)
        gone = self._root / (_GONE + attempt_id)
        try:
            with contextlib.suppress(FileNotFoundError):  # another program deletes it too: help
                folder.rename(gone)
            _erase(gone)
        except OSError as error:
            raise disk_error(error, folder) from error
        sync_folder(self._root)
        self._index.forget(attempt_id)

    def delete_all(self) -> int:
        """Delete every attempt, those of a newer version or without a beginning included; how many there were."""
        if not self._root.is_dir():
            return 0
        ids = [path.name for path in self._root.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]
        for attempt_id in ids:
            with contextlib.suppress(InputError):  # gone this moment
                self.delete(attempt_id)
        for path in self._root.iterdir():
            if path.name.startswith((_NEW, _GONE)):
                _erase(path)
        return len(ids)

    def _new_id(self) -> str:
        now = self._clock().astimezone(timezone.utc)
        return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(3)}"

    def _folder(self, attempt_id: str) -> Path:
        folder = self._root / attempt_id
        if not _ID.fullmatch(attempt_id) or not folder.is_dir():
            raise InputError(f"There is no attempt “{attempt_id}”.", "`bowout recordings list` shows them.")
        return folder

    def _summary(self, attempt_id: str) -> AttemptSummary | None:
        folder = self._root / attempt_id
        try:
            events = read_events(folder / EVENTS, KINDS)
        except InputError as error:  # deleted this moment, or of a newer version; neither may hide the others
            _log.warning("%s", error.sentence())
            return None
        audio = folder / AUDIO
        return summarise(attempt_id, events, wav_seconds(audio), audio=audio.is_file())

    def _stamps(self) -> dict[str, str]:
        """What each attempt's folder looks like now, newest first."""
        if not self._root.is_dir():
            return {}
        stamps = {}
        for name in sorted((path.name for path in self._root.iterdir() if _ID.fullmatch(path.name)), reverse=True):
            folder = self._root / name
            try:
                events = (folder / EVENTS).stat()
                audio = (folder / AUDIO).stat().st_size if (folder / AUDIO).exists() else -1
            except OSError:
                continue  # deleted this moment
            stamps[name] = f"{events.st_size}.{events.st_mtime_ns}.{audio}"
        return stamps

    def _sweep(self) -> None:
        """Finish deletions that were interrupted, remove what never became an attempt."""
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            try:
                stale = path.name.startswith(_NEW) and time.time() - path.stat().st_mtime > LEFTOVER_S
            except OSError:
                continue  # somebody else swept it
            if stale or path.name.startswith(_GONE):
                with contextlib.suppress(OSError):  # tried again next time
                    _erase(path)


def _erase(folder: Path) -> None:
    """Remove a folder that another program may be removing at this moment. Raises ``OSError`` if it stays."""
    for _ in range(10):  # each round removes something, and there are two files
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            if folder.exists():
                continue
        return
    raise OSError(errno.EBUSY, "another program keeps putting files into it", str(folder))
