"""``bowout message``: for a scenario and for a case; printed, checked, saved as a draft or a calendar; never sent."""

from __future__ import annotations

import json
import stat
import sys
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from icalendar import Calendar

from bowout.core.case import Case, Report
from bowout.local_time import now
from bowout.paths import data_dir
from bowout.storage.cases import FileCases
from told import Bowout


@pytest.fixture
def cases() -> FileCases:
    return FileCases(data_dir() / "cases", now)


def a_case(cases: FileCases, **more: object) -> Case:
    """To move an interview of the day after tomorrow; two alternatives on working days."""
    begun = now()
    days = [d for d in (begun + timedelta(days=n) for n in range(3, 12)) if d.weekday() < 5]
    first, second = (d.replace(hour=10, minute=0, second=0, microsecond=0) for d in days[:2])
    fields: dict[str, object] = {
        "caller": "Sam Lee", "contact": "Maria Keller", "company": "Northwind", "role": "analyst",
        "interview": (begun + timedelta(days=2)).replace(minute=0, second=0, microsecond=0),
        "email": "maria@example.com", "reason": "I have come down with a fever",
        "reason_written": "I have come down with a fever", "options": (first, second), **more,
    }  # fmt: skip
    return cases.begin(Case("", begun, "reschedule", "reschedule", **fields))  # type: ignore[arg-type]


def test_practice_is_said_and_makes_no_appointment(bowout: Bowout, tmp_path: Path) -> None:
    done = bowout("message", "--scenario", "accepted-another-offer")
    assert done.code == 0 and done.out.startswith("Subject: ") and "As I said on the phone" in done.out
    assert "Send it to nobody" in done.err
    done = bowout("message", "--scenario", "accepted-another-offer", "--out", str(tmp_path / "x.ics"))
    assert done.code == 2 and "makes no appointment" in done.err and not (tmp_path / "x.ics").exists()


def test_a_case_without_a_report_speaks_of_no_call(bowout: Bowout, cases: FileCases) -> None:
    case = a_case(cases)
    done = bowout("message", "reschedule", "--case", case.id)
    assert done.code == 0, done.err
    assert "phone" not in done.out and "No call has been reported made" in done.err
    assert "message_ready" in cases.load(case.id).done


def test_the_newest_open_case_is_taken(bowout: Bowout, cases: FileCases) -> None:
    assert bowout("message").code == 2
    a_case(cases, role="clerk")
    newest = a_case(cases, role="baker")
    done = bowout("message", "reschedule")
    assert "baker interview" in done.out
    cases.close(newest.id, now())
    assert "clerk interview" in bowout("message", "reschedule").out


def test_a_draft_is_private_opens_as_one_and_is_never_replaced_unasked(
    bowout: Bowout, cases: FileCases, tmp_path: Path
) -> None:
    case, target = a_case(cases), tmp_path / "mail.eml"
    arguments = ("message", "reschedule", "--case", case.id, "--out", str(target))
    done = bowout(*arguments)
    assert done.code == 0 and "Nothing has been sent" in done.out
    mail = BytesParser(policy=policy.default).parsebytes(target.read_bytes())
    assert mail["X-Unsent"] == "1" and mail["To"].addresses[0].addr_spec == "maria@example.com"
    assert mail.get_content().startswith("Dear Maria Keller,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    target.write_text("mine", encoding="utf-8")
    assert bowout(*arguments).code == 2 and target.read_text(encoding="utf-8") == "mine"
    assert bowout(*arguments, "--replace").code == 0 and b"X-Unsent" in target.read_bytes()


def test_a_report_fills_the_confirmation_and_the_calendar(bowout: Bowout, cases: FileCases, tmp_path: Path) -> None:
    case = a_case(cases)
    slot = case.options[0]
    cases.report(case.id, Report(now(), "agreed", slot=slot))
    done = bowout("message", "--case", case.id)
    assert done.code == 0 and "To confirm what we agreed" in done.out, done.err
    target = tmp_path / "slot.ics"
    assert bowout("message", "--case", case.id, "--out", str(target)).code == 0
    made = Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert [str(event["SUMMARY"]).partition(":")[0] for event in made] == ["Interview", "Send one written confirmation"]
    assert made[0].start == slot and made[0].walk("VALARM")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_and_a_text_message(bowout: Bowout, cases: FileCases, tmp_path: Path) -> None:
    case = a_case(cases)
    done = bowout("message", "reschedule", "--case", case.id, "--mailto")
    assert done.out.startswith("mailto:maria@example.com?subject=Sam%20Lee") and done.out.count("\n") == 1
    done = bowout("message", "reschedule", "--case", case.id, "--short")
    assert done.out.startswith("Hello Maria Keller, this is Sam Lee.") and len(done.out) <= 321
    done = bowout("message", "reschedule", "--case", case.id, "--short", "--out", str(tmp_path / "x.eml"))
    assert done.code == 2 and "no mail draft" in done.err


def test_a_text_is_checked(bowout: Bowout, cases: FileCases, tmp_path: Path) -> None:
    case, file = a_case(cases), tmp_path / "mine.txt"
    file.write_text(
        "Subject: Interview\n\nDear [Name], as I said on the phone, something came up. Sam", encoding="utf-8"
    )
    done = bowout("message", "reschedule", "--case", case.id, "--check", str(file))
    assert done.code == 1
    for told in ("“[Name]” is still to be filled in", "subject is not specific", "no call has been reported made",
                 "No alternative is offered", "only an empty phrase"):  # fmt: skip
        assert told in done.out
    assert "The message differs." in done.out and "message_ready" not in cases.load(case.id).done
    good = bowout("message", "reschedule", "--case", case.id).out
    file.write_text(good, encoding="utf-8")
    done = bowout("message", "reschedule", "--case", case.id, "--check", str(file))
    assert done.code == 0 and done.out == "Ready.\n"


def test_json_is_alone_on_standard_output(bowout: Bowout, cases: FileCases) -> None:
    case = a_case(cases, caller="")
    done = bowout("message", "withdrawal", "--case", case.id, "--json")
    made = json.loads(done.out)
    assert done.code == 1 and made["ready"] is False and made["missing"] == ["caller"] and made["practice"] is False
    assert {"blank"} <= {finding["id"] for finding in made["findings"] if finding["weight"] == "stop"}
    assert list(made) == ["schema", "kind", "practice", "case", "subject", "body", "missing", "ready", "findings"]


def test_kinds_are_listed_what_suits_first(bowout: Bowout, cases: FileCases) -> None:
    case = a_case(cases)
    lines = bowout("message", "--case", case.id, "--kinds").out.splitlines()
    assert len(lines) == 15 and lines[0].startswith("reschedule ") and lines[2] == "The others:"
    assert len(bowout("message", "--case", case.id, "--kinds", "--json").out.splitlines()) == 14


def test_an_own_wording_is_kept_used_and_forgotten(bowout: Bowout, cases: FileCases, tmp_path: Path) -> None:
    case, file = a_case(cases), tmp_path / "mine.txt"
    assert bowout("message", "withdrawal", "--case", case.id, "--own").code == 2
    file.write_text("Subject: Sam Lee, analyst\n\nDear Maria Keller, my own words. Sam Lee", encoding="utf-8")
    assert bowout("message", "withdrawal", "--case", case.id, "--keep", str(file)).code == 0
    other = a_case(cases, contact="Mr Wood", caller="Ada Byron")
    done = bowout("message", "withdrawal", "--case", other.id, "--own")
    assert "Dear Mr Wood, my own words. Ada Byron" in done.out and "Subject: Ada Byron, analyst" in done.out
    file.write_text("", encoding="utf-8")
    assert "forgotten" in bowout("message", "withdrawal", "--case", case.id, "--keep", str(file)).out
    assert bowout("message", "withdrawal", "--case", case.id, "--own").code == 2


def test_the_editor_changes_it_first(
    bowout: Bowout, cases: FileCases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "ed.py"
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\np.write_text(p.read_text().replace('Maria', 'Mary'))\n",
        encoding="utf-8",
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    case = a_case(cases)
    assert "Dear Mary Keller" in bowout("message", "reschedule", "--case", case.id, "--edit").out
    assert "message_ready" in cases.load(case.id).done
    # What was written is there again, whatever became of the program.
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\np.write_text(p.read_text() + 'TBD\\n')\n", encoding="utf-8"
    )
    other = bowout("message", "withdrawal", "--case", case.id, "--edit")
    assert other.code == 2 and "began another message" in other.err
    again = bowout("message", "--case", case.id, "--edit")
    assert "Dear Mary Keller" in again.out and "[draft]" in again.err and again.code == 1
    assert "message_ready" not in cases.load(case.id).done, "changed, and not ready any more"
    anew = bowout("message", "withdrawal", "--case", case.id, "--anew")
    assert "Dear Maria Keller" in anew.out and "withdraw" in anew.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nonsense", "--scenario", "not-a-fit"), "There is no message “nonsense”"),
        (("--case", "20260101T000000000Z-abcdef"), "no case"),
        (("--scenario", "not-a-fit", "--out", "x.pdf"), "ends with none of"),
        (("--scenario", "not-a-fit", "--check", "/nowhere/x.txt"), "can't be read"),
        (("after_leaving", "--scenario", "not-a-fit", "--keep", "/dev/null"), "No wording of your own is kept"),
    ],
)
def test_what_was_typed_wrong_is_a_sentence(bowout: Bowout, arguments: tuple[str, ...], says: str) -> None:
    done = bowout("message", *arguments)
    assert done.code == 2 and says in done.err, done.err
