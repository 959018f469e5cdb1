"""The user's own history: one folder an attempt, private, local, deletable.

    <root>/20260504T093000120Z-3f9a1c/events.jsonl    what happened, as it happened
                                      audio.wav       the call's recording, if one is kept
    <root>/index/index.sqlite                         an index over them that can be made again

An attempt appears whole (its folder is renamed into place after the first event) and goes whole (renamed away, then
removed). Two programs may work on the same root at once.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bowout.core.disputes import KIND, Dispute, standing
from bowout.errors import BowoutError, InputError
from bowout.paths import private_dir
from bowout.ports import AttemptSummary, HistoryPage, HistoryQuery, StorageSize, StoredAttempt
from bowout.storage import history
from bowout.storage.atomic import disk_error, sync_folder
from bowout.storage.attempt_writer import AUDIO, EVENTS, FileAttemptWriter, stamped, write_start
from bowout.storage.event_log import EventLog, read_events
from bowout.storage.index import Index
from bowout.storage.rows import Row
from bowout.storage.summary import ENDS, KINDS, may_drop_audio, summarise
from bowout.storage.wav_writer import repair_wav, wav_seconds

_ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{6}")
_NEW, _GONE = ".new-", ".gone-"
_OLD_INDEX = "index.sqlite"
"""Where versions 1 and 2 of the index lay, with their logs."""
LEFTOVER_S = 3600.0
"""Seconds after which a folder that never got its first event is nobody's any more."""
LEFTOVER_AUDIO = timedelta(hours=24)
"""Age at which the recording of a call whose review was never closed is deleted: time enough to rescue it."""
SURE_NS = 3_000_000_000
"""Nanoseconds after which a folder's time of change tells of every change before: FAT's steps are two seconds."""
YOUNG = timedelta(days=1)
"""Age up to which a call without an end may still be going on."""

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
        self._index = Index(root / "index" / "index.sqlite", self)

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
        closed = functools.partial(self._index.unsettle, attempt_id)
        return FileAttemptWriter(attempt_id, folder, self._clock, keep_audio=keep_audio, closed=closed)

    def list(self) -> list[AttemptSummary]:
        """Newest first, attempts that were broken off included. Reads only folders that are new or may have changed
        since the last time, as ``page``, ``latest``, ``recent`` and ``size`` do."""
        return self._index.ask(history.everything) or []

    def page(self, query: HistoryQuery, *, offset: int = 0, limit: int = 50) -> HistoryPage:
        found = self._index.ask(lambda db: history.page(db, query, offset, limit))
        return found or HistoryPage((), 0, max(0, offset))

    def latest(self) -> Sequence[AttemptSummary]:
        return self._index.ask(history.latest) or []

    def recent(self, limit: int = 200, *, scenario: str = "", drill: str = "") -> Sequence[AttemptSummary]:
        return self._index.ask(lambda db: history.recent(db, limit, scenario, drill)) or []

    def size(self) -> StorageSize:
        attempts, audio, other = self._index.ask(history.sizes) or (0, 0, 0)
        return StorageSize(attempts, audio, other + self._index.size())

    def verify(self) -> int:
        return self._index.verify()

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
        path = self._folder(attempt_id) / EVENTS
        with self._changing(attempt_id):
            log = EventLog(path, new=False)
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
        with self._changing(attempt_id):
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
        before = (self._clock() - LEFTOVER_AUDIO).astimezone(timezone.utc).isoformat(timespec="milliseconds")
        dropped = []
        for attempt_id in self._index.ask(lambda db: history.served(db, before)) or []:
            with contextlib.suppress(InputError):  # gone this moment
                events = read_events(self._folder(attempt_id) / EVENTS)
                started = next((event.get("at") for event in events if event.get("kind") == "start"), None)
                if may_drop_audio(events, review_is_over=isinstance(started, str) and started < before):
                    self.drop_audio(attempt_id)
                    dropped.append(attempt_id)
        return dropped

    def delete(self, attempt_id: str) -> None:
        """Delete the whole attempt, from the index too. Raises ``BowoutError`` if anything of it is left."""
        self._delete_folder(attempt_id)
        sync_folder(self._root)
        self._index.forget([attempt_id])

    def _delete_folder(self, attempt_id: str) -> None:
        folder = self._folder(attempt_id)
        gone = self._root / (_GONE + attempt_id)
        try:
            with contextlib.suppress(FileNotFoundError):  # another program deletes it too: help
                folder.rename(gone)
            _erase(gone)
        except OSError as error:
            raise disk_error(error, folder) from error

    def delete_all(self) -> int:
        """Delete every attempt, those of a newer version or without a beginning included; how many there were."""
        if not self._root.is_dir():
            return 0
        ids = [path.name for path in self._root.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]
        for attempt_id in ids:
            with contextlib.suppress(InputError):  # gone this moment
                self._delete_folder(attempt_id)
        for path in self._root.iterdir():
            if path.name.startswith((_NEW, _GONE)):
                _erase(path)
        sync_folder(self._root)
        self._index.forget(ids)
        return len(ids)

    @contextlib.contextmanager
    def _changing(self, attempt_id: str) -> Iterator[None]:
        """Told before, so that a program that dies has said it; and after, since another may have looked meanwhile."""
        self._index.unsettle(attempt_id)
        try:
            yield
        finally:
            self._index.unsettle(attempt_id)

    def _new_id(self) -> str:
        now = self._clock().astimezone(timezone.utc)
        return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(3)}"

    def _folder(self, attempt_id: str) -> Path:
        folder = self._root / attempt_id
        if not _ID.fullmatch(attempt_id) or not folder.is_dir():
            raise InputError(f"There is no attempt “{attempt_id}”.", "`bowout recordings list` shows them.")
        return folder

    # What the index asks of the folders.

    def mark(self) -> int | None:
        """When an attempt last came or went, in nanoseconds; ``None`` where that was a moment ago, or is still to come:
        file systems tell times in steps, and two changes in one step would look like one."""
        try:
            changed = self._root.stat().st_mtime_ns
        except OSError:
            return None
        return changed if time.time_ns() - changed > SURE_NS else None

    def names(self, known: Set[str] = frozenset()) -> Set[str]:
        """Ids of the attempts that are there. What programs that died have left is removed on the way. Raises
        ``BowoutError``: the folder can't be read."""
        try:
            found = set(os.listdir(self._root))  # noqa: PTH208 (20,000 names, and nothing else of them is wanted)
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()
        except OSError as error:
            message = f"{self._root} can't be read: {error.strerror or error}."
            raise BowoutError(message, "Check who owns the folder and its rights.") from error
        names = found & known
        for name in found - known:
            if _ID.fullmatch(name):
                names.add(name)
            elif name.startswith((_NEW, _GONE, _OLD_INDEX)):
                self._sweep(self._root / name)
        return names

    def stamp(self, attempt_id: str) -> str | None:
        """Sizes of diary and recording, and when the diary was last written."""
        folder = f"{self._root}{os.sep}{attempt_id}{os.sep}"
        try:
            events = os.stat(folder + EVENTS)  # noqa: PTH116 (there may be 20,000, and a Path costs more than the call)
            try:
                audio = os.stat(folder + AUDIO).st_size  # noqa: PTH116 (the same)
            except FileNotFoundError:
                audio = -1
        except OSError:
            return None
        return f"{events.st_size}.{events.st_mtime_ns}.{audio}"

    def row(self, attempt_id: str) -> Row | None:
        """The attempt as the index keeps it."""
        folder = self._root / attempt_id
        stamp = self.stamp(attempt_id)  # before the files are read: what comes after it is seen the next time
        try:
            events = read_events(folder / EVENTS, KINDS)
        except InputError as error:  # deleted this moment, or of a newer version; neither may hide the others
            _log.warning("%s", error.sentence())
            return None
        audio = folder / AUDIO
        summary = summarise(attempt_id, events, wav_seconds(audio), audio=audio.is_file())
        if summary is None or stamp is None:
            return None
        other_bytes, _, audio_bytes = map(int, stamp.split("."))
        kinds = {event.get("kind") for event in events}
        return Row(
            summary,
            stamp,
            settled=not kinds.isdisjoint(ENDS) or not self.young(attempt_id),
            kept=not may_drop_audio(events, review_is_over=True),
            reviewed="reviewed" in kinds,
            audio_bytes=max(0, audio_bytes),
            other_bytes=other_bytes,
        )

    def young(self, attempt_id: str) -> bool:
        """Whether the call, going by its id, may still be going on; so does one from the future, the clock was set."""
        try:
            begun = datetime.strptime(attempt_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=timezone.utc)
        except ValueError:
            return False
        return self._clock() - begun < YOUNG

    @staticmethod
    def _sweep(path: Path) -> None:
        """Finish a deletion that was interrupted, remove what never became an attempt, and the index of old."""
        with contextlib.suppress(OSError):  # somebody else swept it, or it is tried again next time
            if path.name.startswith(_OLD_INDEX):
                path.unlink()
            elif path.name.startswith(_GONE) or time.time() - path.stat().st_mtime > LEFTOVER_S:
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
