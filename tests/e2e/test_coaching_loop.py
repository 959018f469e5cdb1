"""A coach and five learners, each with a machine of their own: out, practised, back, answered; then the nasty part."""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.pack_files import pack_files, write_folder
from bowout.bootstrap import build_learner, build_services
from bowout.cli import main
from bowout.core.transcript import from_text
from bowout.rehearsal.assigned import assigned_take
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.parts import Parts, Sounds
from bowout.rehearsal.record import turn_json
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.silent import SilentPlayback
from callfakes import LoudIsVoice, PlainLines, tone
from coachcases import GOOD, WEAK

ROSTER = "sep=;\r\nNachname;Vorname;Nr.;E-Mail\r\nLee;Ben;1;ben@example.org\r\nØdegård;Åse;2;ase@example.org\r\n" + (
    '李;雷;3;lei@example.org\r\n"O’Hara, geb. Müller";Jürgen;4;\r\nLate;Lou;5;lou@example.org\r\nGone;Gil;6;\r\n'
)
PEOPLE = {"ben": "1", "ase": "ase@example.org", "lei": "李雷", "juergen": "4", "lou": "lou@example.org"}
"""By which each is known to the coach, as they type it."""


class Told(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Machines:
    """The command line on several machines: a data folder for each."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.root, self._patch, self._capfd = root, patch, capfd
        self.post = root / "post"
        """What goes by mail."""
        self.post.mkdir()
        self._patch.chdir(self.post)

    def at(self, who: str) -> None:
        config = self.root / who / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "settings.toml").write_text('voice = "silent"\n', encoding="utf-8")
        self._patch.setenv("BOWOUT_CONFIG_DIR", str(config))
        self._patch.setenv("BOWOUT_DATA_DIR", str(self.root / who / "data"))

    def run(self, who: str, *arguments: str | Path, typed: str | None = None, terminal: bool = False) -> Told:
        self.at(who)
        keyboard = io.StringIO(typed or "")
        keyboard.isatty = lambda: terminal  # type: ignore[method-assign]
        self._patch.setattr(sys, "stdin", keyboard)
        self._capfd.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        return Told(code, *self._capfd.readouterr())

    def well(self, who: str, *arguments: str | Path, **more: Any) -> Told:
        told = self.run(who, *arguments, **more)
        assert told.code == 0, (arguments, told)
        return told


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Machines:
    made = Machines(tmp_path, monkeypatch, capfd)
    write_folder(tmp_path / "samples", pack_files())
    (tmp_path / "roster.csv").write_bytes(ROSTER.encode("utf-8-sig"))
    return made


def handed_out(machines: Machines, *more: str, class_name: str = "Class 1") -> Path:
    """The coach's file."""
    file = machines.post / "task.bowassign"
    machines.well(
        "coach", "coach", "assign", f"{machines.root / 'samples'}/one", "--class", class_name,
        "--due", "in 3 days 18:00", "-o", file, *more,
    )  # fmt: skip
    return file


def accepted(machines: Machines, who: str, file: Path) -> str:
    """The assignment's id, once it was accepted."""
    machines.well(who, "open", file, "--name", PEOPLE.get(who, who), "--yes")
    return str(machines.well(who, "assignments", "list", "--json").rows[0]["assignment"])


def practise(machines: Machines, who: str, assignment: str, *turns: str, code: int | None = 0) -> Told:
    """One take, typed."""
    told = machines.run(
        who, "assignments", "practise", assignment, "--typed", "--no-sound", "--json", typed="\n".join(turns) + "\n"
    )
    assert code is None or told.code == code, told
    return told


def scripted_parts(records: Any, clock: Any, answers: tuple[str, ...]) -> Parts:
    """Parts for a call that is spoken to an ear that knows what will be said."""
    clips = [tone(max(1.0, len(answer.split()) / 2.5)) for answer in answers]
    return Parts(
        ear=ScriptedEar(list(answers), ear="builtin"), source=ClipSource(clips), voice_activity=LoudIsVoice(),
        playback=SilentPlayback(), lines=PlainLines(), sounds=Sounds(tone(0.2), lambda clip: clip), records=records,
        clock=clock,
    )  # fmt: skip


def spoken(machines: Machines, who: str, assignment: str, *turns: str) -> str:
    """One take with a recording, heard by the scripted ear; the attempt's id."""
    machines.at(who)
    services, learner = build_services(), build_learner()
    held = learner.load(assignment)
    scenario, options = assigned_take(
        held.assignment, learner.scenario(assignment, "one"), Options(silence_s=0.5, read_pause=False), "keep"
    )
    call = Rehearsal(scenario, scripted_parts(services.records, services.now, turns), options)
    events = list(call.run(threading.Event()))
    return str(events[-1].attempt)  # type: ignore[union-attr]


def test_the_whole_loop(machines: Machines) -> None:
    coach = machines
    me = coach.well("coach", "coach", "init", "--name", "Ana Lee").out
    fingerprint = me.split("Fingerprint: ")[1].split()[0]
    file = handed_out(
        machines, "--roster", str(machines.root / "roster.csv"), "--takes", "2", "--mode", "live", "--limit", "1m30s",
        "--ask", "audio|transcript|marks", "--note", "Take your time.",
    )  # fmt: skip

    # Opened: whom it is from, what is asked, what will be sent back; declined, and accepted.
    shown = machines.run("ben", "open", file, terminal=True, typed="n\n")
    assert shown.code == 1 and "Declined" in shown.out
    for told in (fingerprint, "have not met these keys", "At most 2 takes", "Live:", "90 seconds", "of your voice"):
        assert told in shown.err, told
    assert machines.well("ben", "assignments", "list").out.startswith("You have accepted nothing")
    ids = {who: accepted(machines, who, file) for who in PEOPLE}
    assert len(set(ids.values())) == 1
    assignment = ids["ben"]
    again = machines.run("ben", "open", file)
    assert again.code == 0 and "accepted it already" in again.out and "You know these keys" in again.err

    # Practised: typed, and by the scripted ear with a recording. The third take is not begun.
    practise(machines, "ben", assignment, *WEAK, code=1)
    practise(machines, "ben", assignment, *GOOD)
    third = practise(machines, "ben", assignment, *GOOD, code=2)
    assert "All 2 takes" in third.err
    attempt = spoken(machines, "ase", assignment, *GOOD)
    practise(machines, "lei", assignment, *WEAK, code=1)
    practise(machines, "juergen", assignment, *GOOD)

    # Sent: the least unless more is chosen, and exactly what is shown.
    least = machines.well("ben", "submit", assignment, "--yes", "--json", "-o", "ben.bowresult")
    assert least.rows[0]["parts"] == ["marks"] and least.rows[0]["takes"] == [2]
    assert "[x] the marks" in least.err and "[ ] the transcript" in least.err and "Good morning" not in least.err
    much = machines.well(
        "ase", "submit", assignment, "--marks", "--transcript", "--audio", "--yes", "-o", "ase.bowresult"
    )
    assert "[x] the recording" in much.err and "Good morning" in much.err
    machines.well("lei", "submit", assignment, "--marks", "--transcript", "--yes", "-o", "lei.bowresult")
    machines.well("juergen", "submit", assignment, "--yes", "-o", "j.bowresult")
    for name in ("ben", "ase", "lei", "j"):
        raw = (machines.post / f"{name}.bowresult").read_bytes()
        assert b"cancelled" not in raw and b"example.org" not in raw, "it can be read on its way"

    # Collected, in any order and twice; where the class stands.
    taken = coach.run("coach", "coach", "collect", machines.post)
    assert taken.code == 1 and "4 new, 1 refused" in taken.out, "the assignment itself is no result"
    twice = coach.well("coach", "coach", "collect", "--json", *sorted(machines.post.glob("*.bowresult")))
    assert {row["state"] for row in twice.rows} == {"again"}
    status = coach.well("coach", "coach", "status", "Class 1", "--json").rows
    people = {row["number"]: row for row in status if row["kind"] == "person"}
    assert {number: row["state"] for number, row in people.items()} == {
        "1": "sent", "2": "sent", "3": "sent", "4": "sent", "5": "missing", "6": "missing",
    }  # fmt: skip
    assert people["1"]["reached"] and people["1"]["takes"] == 2 and people["3"]["reached"] is False
    assert people["3"]["name"] == "李雷"
    worst = next(row for row in status if row["kind"] == "criterion")
    assert worst["missed"] == 1 and worst["of"] == 4
    text = coach.well("coach", "coach", "status", "class 1").out
    assert "4 of 6 have sent; 0 late, 1 below the mark, 4 to review" in text and "Missed most:" in text
    hidden = coach.well("coach", "coach", "status", "--pseudonyms").out
    assert "Ben" not in hidden and "李雷" not in hidden and hidden.count("L-") == 6

    # Answered: a comment on words, a mark overridden, and opened by the learner.
    result = people["2"]["result"]
    sound = machines.root / "heard.wav"
    read = coach.well("coach", "coach", "show", result, "--audio", sound).out
    assert "[0–" in read and sound.read_bytes()[:4] == b"RIFF"
    coach.well("coach", "coach", "answer", result[:8], "--comment", "Clear and kind.", "--words", "0-1", "--note-only")
    noted = coach.well(
        "coach", "coach", "answer", result[:8], "--override", "thanks=not_heard", "--reason", "I can't hear it."
    )
    answer = Path(noted.out.split(": for ")[0])
    opened = machines.well("ase", "open", answer).out
    assert "Take 1, “Good morning,”: Clear and kind." in opened and "not heard. I can't hear it." in opened
    assert "with the coach's word" in opened
    kept = [event for event in build_services().records.load(attempt).events if event["kind"] == "coach"]
    assert len(kept) == 1 and kept[0]["from"] == "Ana Lee" and kept[0]["overrides"][0]["criterion"] == "thanks"
    assert "Clear and kind." in machines.well("ase", "assignments", "show", assignment).out
    assert machines.run("lei", "open", answer).code == 2, "it is for somebody else"
    after = coach.well("coach", "coach", "status", "--json").rows
    ase = next(row for row in after if row.get("number") == "2")
    assert ase["phase"] == "answered" and ase["reached"] is False


def test_files_that_were_tampered_with(machines: Machines) -> None:
    machines.well("coach", "coach", "init", "--name", "Ana Lee")
    machines.well("mallory", "coach", "init", "--name", "Ana Lee")
    file = handed_out(machines, "--roster", str(machines.root / "roster.csv"))
    assignment = accepted(machines, "ben", file)
    practise(machines, "ben", assignment, *GOOD)
    good = machines.post / "ben.bowresult"
    machines.well("ben", "submit", assignment, "--yes", "-o", good)
    raw = good.read_bytes()

    # Renamed, doubled, and the newest of several counts.
    shutil.copy(good, machines.post / "holiday.jpg")
    shutil.copy(good, machines.post / "copy.bowresult")
    told = machines.well("coach", "coach", "collect", "holiday.jpg", "copy.bowresult", good)
    assert "1 new, 2 here already" in told.out
    practise(machines, "ben", assignment, *WEAK, code=1)
    machines.well("ben", "submit", assignment, "--take", "2", "--yes", "-o", "second.bowresult")
    machines.well("coach", "coach", "collect", "second.bowresult")
    ben = person(machines, "1")
    assert ben["results"] == 2 and ben["reached"] is False, "the newest counts, even a worse one"
    machines.well("coach", "coach", "collect", good)
    assert person(machines, "1") == ben, "an old one that comes again changes nothing"

    # Packed anew; of another class; with --class.
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as opened, zipfile.ZipFile(again, "w") as made:
        for name in opened.namelist():
            made.writestr(name, opened.read(name))
    (machines.post / "again.bowresult").write_bytes(again.getvalue())
    refused = machines.run("coach", "coach", "collect", "again.bowresult")
    assert refused.code == 1 and "packed anew" in refused.err
    other = machines.run("coach", "coach", "collect", good, "--class", "Class 2")
    assert other.code == 1 and "another class" in other.err

    # Of another coach, who has the same name: the learner is warned, loudly, and nothing is taken.
    fake = machines.post / "fake.bowassign"
    machines.well(
        "mallory", "coach", "assign", f"{machines.root / 'samples'}/one", "--class", "Class 1", "--ask", "audio",
        "-o", fake,
    )  # fmt: skip
    warned = machines.run("ben", "open", fake, "--yes")
    assert warned.code == 1 and "WARNING" in warned.err and "Nothing was accepted" in warned.out
    assert len(machines.well("ben", "assignments", "list", "--json").rows) == 1
    assert machines.run("mallory", "coach", "collect", good).code == 1, "it was made for other keys"
    machines.well("ben", "open", fake, "--yes", "--accept-new-key", "--name", "1")
    assert len(machines.well("ben", "assignments", "list", "--json").rows) == 2

    # Signed by other keys in Ben's name; and Ben with a new machine, whom the coach has asked.
    stolen = accepted(machines, "impostor", file)
    practise(machines, "impostor", stolen, *GOOD)
    machines.at("impostor")
    machines.run("impostor", "assignments", "delete", stolen, "--yes")
    machines.well("impostor", "open", file, "--yes", "--name", "Ben Lee")
    machines.well("impostor", "submit", stolen, "--yes", "-o", "stolen.bowresult")
    refused = machines.run("coach", "coach", "collect", "stolen.bowresult")
    assert refused.code == 1 and "Other keys than before say they are Ben Lee" in refused.err
    machines.well("coach", "coach", "collect", "stolen.bowresult", "--accept-new-key")
    assert person(machines, "1")["reached"] is True

    # Withdrawn: what was sent is deleted, and what comes again is refused.
    machines.well("ben", "assignments", "withdraw", assignment, "-o", "gone.bowresult", "--yes")
    assert machines.run("ben", "submit", assignment, "--yes").code == 2
    told = machines.well("coach", "coach", "collect", "gone.bowresult")
    assert "2 results deleted" in told.out
    late = machines.run("coach", "coach", "collect", "second.bowresult")
    assert late.code == 1 and "taken it back" in late.err
    assert person(machines, "1")["results"] == 1, "the other keys' result stays"


def person(machines: Machines, number: str) -> dict[str, Any]:
    rows = machines.well("coach", "coach", "status", "--json").rows
    return next(row for row in rows if row.get("number") == number)


def test_what_was_corrected_and_disputed_goes_with_both_marks(machines: Machines) -> None:
    machines.well("coach", "coach", "init", "--name", "Ana Lee")
    file = handed_out(machines, "--ask", "marks,transcript")
    assignment = accepted(machines, "ben", file)
    practise(machines, "ben", assignment, *WEAK, code=1)
    machines.at("ben")
    from bowout.core.disputes import Dispute
    from coachcases import marked

    records = build_services().records
    attempt = records.list()[0].id
    turns = [turn_json(turn) for turn in from_text(*GOOD).turns]
    records.append(attempt, "correction", turns=turns)
    records.append(attempt, "marks", result=marked(*GOOD), corrected=True)
    records.dispute(attempt, Dispute("apology", "heard", "not_heard"))
    machines.well("ben", "submit", assignment, "--marks", "--transcript", "--yes", "-o", "b.bowresult")
    machines.well("coach", "coach", "collect", "b.bowresult")
    (row,) = [each for each in machines.well("coach", "coach", "status", "--json").rows if each["kind"] == "person"]
    assert row["disputed"] and row["reached"] is None, "it counts once the coach has said a word"
    shown = machines.well("coach", "coach", "show", row["result"], "--json").rows[0]
    sent = shown["sent"][0]
    assert sent["first_marks"]["score"] < sent["marks"]["score"] and sent["disputes"] == {"apology": "not_heard"}
    assert "Something" in " ".join(word["word"] for word in sent["words"])
    assert "train" in " ".join(word["word"] for word in sent["corrected"])
    machines.well("coach", "coach", "answer", row["result"], "--confirm", "apology", "--note-only")
    assert person(machines, "")["reached"] is True


def test_takes_that_fail_or_are_broken_off_are_listed(machines: Machines) -> None:
    machines.well("coach", "coach", "init", "--name", "Ana Lee")
    file = handed_out(machines, "--takes", "1")
    assignment = accepted(machines, "ben", file)
    machines.at("ben")
    records = build_services().records

    def begun(**more: Any) -> Any:
        return records.begin(
            scenario="one", title="x", intent="reschedule", mode="practice", ear="vosk", keep_audio=False,
            assignment=assignment, **more,
        )  # fmt: skip

    killed = begun()
    killed.event("recruiter", text="Hello?", step="pickup", speaker="")
    killed.close()
    unplugged = begun()
    unplugged.event("notice", part="microphone", message="The microphone was unplugged.")
    unplugged.event("abandoned")
    unplugged.close()
    shown = machines.well("ben", "assignments", "show", assignment).out
    assert shown.count("not counted") == 2
    assert "The program stopped in the middle" in shown and "The microphone was unplugged." in shown
    left = begun()
    left.event("abandoned")
    left.close()
    assert "broken off" in machines.well("ben", "assignments", "show", assignment).out
    refused = practise(machines, "ben", assignment, *GOOD, code=2)
    assert "The one take of this call has been made" in refused.err
    nothing = machines.run("ben", "submit", assignment, "--yes")
    assert nothing.code == 2 and "No take has been made to the end" in nothing.err


def test_keys_are_put_away_and_taken_back(machines: Machines) -> None:
    me = machines.well("coach", "coach", "init", "--name", "Ana Lee").out.split("Fingerprint: ")[1].split()[0]
    phrase = machines.root / "phrase.txt"
    phrase.write_text("correct horse\n", encoding="utf-8")
    copy = machines.root / "ana.bowkeys"
    machines.well("coach", "coach", "keys", "export", copy, "--passphrase-file", phrase)
    assert copy.stat().st_mode & 0o077 == 0 and b'"sign"' not in copy.read_bytes()
    phrase.write_text("wrong horse\n", encoding="utf-8")
    assert "does not open" in machines.run("new", "coach", "keys", "import", copy, "--passphrase-file", phrase).err
    phrase.write_text("correct horse\n", encoding="utf-8")
    assert me in machines.well("new", "coach", "keys", "import", copy, "--passphrase-file", phrase).out
    assert me in machines.well("new", "coach", "keys", "show").out
    machines.well("other", "coach", "init", "--name", "Bea")
    assert machines.run("other", "coach", "keys", "import", copy, "--passphrase-file", phrase).code == 2
    machines.well("other", "coach", "keys", "import", copy, "--passphrase-file", phrase, "--yes")
    assert me in machines.well("other", "coach", "keys", "show").out


def test_schemas_are_printed(machines: Machines) -> None:
    names = [line.split()[0] for line in machines.well("x", "schema").out.splitlines()]
    assert {"assignment", "result", "answer", "score"} <= set(names)
    for name in names:
        assert json.loads(machines.well("x", "schema", name).out)["$schema"].endswith("2020-12/schema")
    assert "Did you mean “result”" in machines.run("x", "schema", "resutl").err


@pytest.mark.model
@pytest.mark.voice
def test_a_take_heard_by_the_real_ear(machines: Machines, built_in_ear: None, caller: Callable[[str], Path]) -> None:
    """A synthetic caller's recordings, the built-in ear, the recording sent along, and heard by the coach."""
    answers = [caller(GOOD[0])]
    machines.well("coach", "coach", "init", "--name", "Ana Lee")
    file = handed_out(machines, "--ask", "marks,transcript,audio", "--mode", "live")
    assignment = accepted(machines, "ben", file)
    told = machines.run(
        "ben", "assignments", "practise", assignment, "--wav", *answers, "--no-sound", "--ear", "builtin", "--json"
    )
    assert told.code in (0, 1), told
    machines.well("ben", "submit", assignment, "--marks", "--transcript", "--audio", "--yes", "-o", "b.bowresult")
    machines.well("coach", "coach", "collect", "b.bowresult")
    result = person(machines, "")["result"]
    shown = machines.well("coach", "coach", "show", result, "--audio", "b.wav", "--json").rows[0]
    assert shown["sent"][0]["marks"]["ear"] == "builtin"
    assert "train" in " ".join(word["word"] for word in shown["sent"][0]["words"]).lower()
    assert Path("b.wav").stat().st_size > 100_000
