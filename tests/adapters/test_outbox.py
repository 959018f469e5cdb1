"""Files around a message: own wordings, calendars read and written, the speller, the editor."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bowout.core.case import Report
from bowout.core.messages.entries import entries
from bowout.errors import BowoutError, InputError, MissingPart
from bowout.storage import calendar_file, spelling
from bowout.storage.calendar_file import busy, written
from bowout.storage.editor import edited
from bowout.storage.outbox import MOST_BYTES, FileOutbox
from core.test_messages import BERLIN, FACTS, NOW, SLOT, TIMES, ZONES

EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n"


@pytest.fixture
def outbox(tmp_path: Path) -> FileOutbox:
    return FileOutbox(tmp_path / "data" / "messages", lambda: "")


def calendar_of(path: Path, *events: str) -> Path:
    made = "".join(EVENT.format(uid=n, lines=lines) for n, lines in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{made}END:VCALENDAR\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


# Own wordings.


def test_own_wordings_are_kept_for_the_user_alone(outbox: FileOutbox, tmp_path: Path) -> None:
    assert outbox.own() == {}
    outbox.keep_own("withdrawal", "Subject: {caller}\n\nGrüße")
    assert outbox.own() == {"withdrawal": "Subject: {caller}\n\nGrüße\n"}
    file = tmp_path / "data" / "messages" / "withdrawal.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    outbox.keep_own("withdrawal", "  \n")
    assert outbox.own() == {} and not file.exists()
    outbox.keep_own("withdrawal", "")


def test_an_unknown_kind_and_a_broken_file_are_sentences(outbox: FileOutbox, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No wording of your own"):
        outbox.keep_own("../../etc/passwd", "x")
    outbox.keep_own("reschedule", "x")
    file = tmp_path / "data" / "messages" / "reschedule.txt"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        outbox.own()
    file.write_bytes(b"x" * (MOST_BYTES + 1))
    with pytest.raises(InputError, match="too large"):
        outbox.own()


def test_a_file_is_private_and_never_replaced_unasked(outbox: FileOutbox, tmp_path: Path) -> None:
    path = tmp_path / "draft.eml"
    outbox.store(path, b"one\r\n", replace=False)
    assert path.read_bytes() == b"one\r\n" and stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        outbox.store(path, b"two", replace=False)
    path.chmod(0o644)
    outbox.store(path, b"two", replace=True)
    assert path.read_bytes() == b"two" and stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InputError, match="can't be written"):
        outbox.store(tmp_path / "nowhere" / "x", b"", replace=False)


# A calendar that is written.


def test_a_calendar_reads_back_as_what_was_meant() -> None:
    facts = {**FACTS, "role": "analyst; senior, night", "company": "Näh\nAG"}
    made = entries(facts, Report(NOW, "agreed", slot=SLOT), NOW)
    raw = written(made, NOW)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(raw)
    assert calendar.errors == [] and str(calendar["VERSION"]) == "2.0" and "METHOD" not in calendar
    slot, confirmation = calendar.walk("VEVENT")
    assert slot.errors == [] and slot.start == SLOT and slot.end == SLOT + timedelta(hours=1)
    assert str(slot["SUMMARY"]) == "Interview: analyst; senior, night, Näh AG"
    assert [alarm.TRIGGER for alarm in slot.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-1)]
    assert (slot["TRANSP"], confirmation["TRANSP"]) == ("OPAQUE", "TRANSPARENT")
    assert all(alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"] for alarm in calendar.walk("VALARM"))


def test_importing_twice_makes_nothing_twice() -> None:
    made = entries(FACTS, Report(NOW, "agreed", slot=SLOT), NOW)
    uids = [[str(e["UID"]) for e in Calendar.from_ical(written(made, at)).walk("VEVENT")] for at in (NOW, SLOT)]
    assert uids[0] == uids[1] and len(set(uids[0])) == 2


@given(at=TIMES, zone=ZONES)
def test_a_slot_is_the_same_moment_in_every_zone(at: datetime, zone: ZoneInfo) -> None:
    slot = at.replace(second=0, microsecond=0, tzinfo=zone)
    before = slot.astimezone(timezone.utc) - timedelta(days=3)
    made = entries(FACTS, Report(before, "agreed", slot=slot), before)
    read = Calendar.from_ical(written(made, before)).walk("VEVENT")[0]
    assert read.start.astimezone(timezone.utc) == slot.astimezone(timezone.utc)


def test_what_was_written_is_read_as_busy(tmp_path: Path) -> None:
    """Round trip through our own reader; the reminder, which takes no time, is not in the way."""
    made = entries(FACTS, Report(NOW, "agreed", slot=SLOT), NOW)
    path = tmp_path / "mine.ics"
    path.write_bytes(written(made, NOW))
    assert [name for _, _, name in busy(path, [SLOT + timedelta(minutes=30)])] == [
        "Interview: operations analyst, Northwind"
    ]
    assert busy(path, [SLOT + timedelta(hours=1)]) == [] and busy(path, [e.begins for e in made[1:]]) == []


# A calendar that is read.


@pytest.mark.parametrize(
    ("lines", "clash"),
    [
        ("DTSTART:20261130T090000Z\nDTEND:20261130T093000Z", True),
        ("DTSTART:20261130T093000Z\nDURATION:PT15M", True),
        ("DTSTART:20261130T100000Z\nDTEND:20261130T110000Z", False),
        ("DTSTART:20261130T080000Z\nDTEND:20261130T090000Z", False),
        ("DTSTART;TZID=America/New_York:20261130T040000\nDTEND;TZID=America/New_York:20261130T050000", True),
        ("DTSTART:20261130T100000\nDTEND:20261130T110000", True),  # floating: the reader's own zone
        ("DTSTART;VALUE=DATE:20261130", True),
        ("DTSTART;VALUE=DATE:20261130\nTRANSP:TRANSPARENT", False),
        ("DTSTART:20261130T090000Z\nDTEND:20261130T100000Z\nSTATUS:CANCELLED", False),
        # Weekly at ten in Berlin since summer: the clocks have been changed in between.
        ("DTSTART;TZID=Europe/Berlin:20260706T100000\nDTEND;TZID=Europe/Berlin:20260706T103000\n"
         "RRULE:FREQ=WEEKLY", True),
        ("DTSTART;TZID=Europe/Berlin:20260706T100000\nDTEND;TZID=Europe/Berlin:20260706T103000\nRRULE:FREQ=WEEKLY\n"
         "EXDATE;TZID=Europe/Berlin:20261130T100000", False),
        ("DTSTART;TZID=Europe/Berlin:20260706T100000\nDTEND;TZID=Europe/Berlin:20260706T103000\n"
         "RRULE:FREQ=WEEKLY;UNTIL=20261001T000000Z", False),
    ],
)  # fmt: skip
def test_clashes(tmp_path: Path, lines: str, clash: bool) -> None:
    path = calendar_of(tmp_path / "x.ics", f"{lines}\nSUMMARY:Dentist \x1b[31m\\n{'y' * 90}")
    found = busy(path, [SLOT])
    assert bool(found) is clash
    if found:
        name = found[0][2]
        assert name.startswith("Dentist �[31m yyy") and len(name) <= 61 and name.isprintable()
        assert found[0][0].tzinfo is not None


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_a_file_that_is_no_calendar(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.ics"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no calendar file"):
        busy(path, [SLOT])


def test_a_calendar_that_is_missing_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="can't be read"):
        busy(tmp_path / "none.ics", [SLOT])
    monkeypatch.setattr(calendar_file, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="larger than"):
        busy(calendar_of(tmp_path / "x.ics"), [SLOT])


def test_the_named_file_is_asked_for_every_time(tmp_path: Path) -> None:
    named = [""]
    outbox = FileOutbox(tmp_path, lambda: named[0])
    assert outbox.busy([SLOT]) == []
    named[0] = str(calendar_of(tmp_path / "x.ics", "DTSTART:20261130T090000Z\nDTEND:20261130T100000Z"))
    assert len(outbox.busy([SLOT])) == 1 and outbox.busy([]) == []


def test_an_hour_that_the_clocks_repeat(tmp_path: Path) -> None:
    """02:30 comes twice on 25 October 2026 in Berlin: only the second one is taken."""
    path = calendar_of(tmp_path / "x.ics", "DTSTART:20261025T013000Z\nDTEND:20261025T014500Z")
    first = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)
    assert busy(path, [first]) == []
    assert len(busy(path, [datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)])) == 1


# Spelling.


def test_misspellings_are_found_and_names_and_british_words_left_alone() -> None:
    text = "Dear Thier, I recieve and apologise for the colour of my organisation, untill tommorow."
    found = spelling.misspelt(text, ("Mr Thier",))
    assert found == {"recieve": "receive", "untill": "until", "tommorow": "tomorrow"}
    assert spelling.misspelt("All is well – naïve café.", ()) == {}


def test_a_speller_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingPart, match="codespell is not installed"):
        spelling.misspelt("x", ())


def test_a_speller_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling.sys, "executable", "/nowhere/python")
    with pytest.raises(MissingPart, match="does not run"):
        spelling.misspelt("x", ())


@given(st.text(max_size=200))
def test_what_is_kept_comes_back(text: str) -> None:
    import tempfile

    plain = text.encode("utf-8", "ignore").decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        outbox = FileOutbox(Path(folder) / "messages", lambda: "")
        outbox.keep_own("same_day", plain)
        assert outbox.own().get("same_day", "").removeprefix("\ufeff").strip() == plain.removeprefix("\ufeff").strip()


# The editor.


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make ``$EDITOR`` a program with this body; ``path`` is the file it is given."""

    def make(body: str) -> None:
        script = tmp_path / "my editor.py"
        script.write_text(
            f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[-1])\n{body}\n", encoding="utf-8"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')

    return make


def test_the_editor_round_trip_is_private(editor: Callable[[str], None], tmp_path: Path) -> None:
    editor(
        "assert path.stat().st_mode & 0o077 == 0\n"
        "path.write_bytes(path.read_bytes().replace('ü'.encode(), b'ue') + b'\\r\\nmore')"
    )
    assert edited("Grüße", tmp_path / "text.txt") == "Grueße\nmore"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("sys.exit(3)", "ended with an error"),
        ("path.write_bytes(b'x' * 300_000)", "too large"),
        ("path.write_bytes(bytes([255, 0, 255]))", "can't be read"),
        ("path.unlink()", "can't be read"),
    ],
)
def test_an_editor_that_fails_changes_nothing(
    editor: Callable[[str], None], tmp_path: Path, body: str, says: str
) -> None:
    editor(body)
    with pytest.raises(BowoutError, match=says):
        edited("text", tmp_path / "text.txt")


@pytest.mark.parametrize("named", ["no-such-editor -w", "'unclosed"])
def test_an_editor_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", named)
    with pytest.raises(MissingPart, match="EDITOR"):
        edited("text", tmp_path / "text.txt")
