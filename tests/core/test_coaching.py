"""The rules of coaching: takes, rosters, what is sent, where a class stands, and the coach's last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.assessment import rules_of
from bowout.core.coaching.answer import Comment, Override, Review, Verdict, against, quoted, review_from
from bowout.core.coaching.fields import Unreadable, moment
from bowout.core.coaching.parties import Party, Pseudonyms, party_from
from bowout.core.coaching.result import Result, result_from
from bowout.core.coaching.roster import Person, Roster, read_roster, roster_from
from bowout.core.coaching.sending import chosen_parts, chosen_takes, rows, sent_take
from bowout.core.coaching.standing import Collected, counts, misses, standings
from bowout.core.coaching.takes import STOPPED, Take, allowance, best, numbered, run_of, take_of
from bowout.core.coaching.terms import Assignment, Terms, assignment_from, reached, terms_from, terms_in_words
from bowout.core.coaching.verdict import open_disputes, verdict, verdicts
from bowout.core.coaching.words import standing_words
from bowout.errors import InputError
from coachcases import GOOD, NOW, TERMS, WEAK, events, made_take, marked, scenario

COACH = Party("Ana Lee", b"\1" * 32, b"\2" * 32)
LEARNER = Party("Ben", b"\3" * 32, b"\4" * 32)
ASSIGNMENT = Assignment("a" * 32, COACH, NOW, "samples", 1, "Samples", TERMS, {"one": "Your train is cancelled"})


def asked(**changes: Any) -> Assignment:
    return replace(ASSIGNMENT, terms=replace(TERMS, **changes))


# Takes.


def event(kind: str, **data: Any) -> dict[str, Any]:
    return {"at": NOW.isoformat(), "kind": kind, **data}


START = event("start", scenario="one", mode="live", ear="vosk")
MARKS = event("marks", result={"score": 90, "passed": True, "ear": "vosk"})
LOST = event("notice", part="microphone", message="The microphone was unplugged.")


@pytest.mark.parametrize(
    ("story", "state", "counted", "cause"),
    [
        ((START, MARKS, event("end", outcome="x")), "done", True, ""),
        ((START, event("abandoned")), "broken_off", True, ""),
        ((START,), "failed", False, STOPPED),
        ((START, event("turn", index=0)), "failed", False, STOPPED),
        ((START, LOST, MARKS), "failed", False, "The microphone was unplugged."),
        ((START, LOST, event("abandoned")), "failed", False, "The microphone was unplugged."),
        ((START, event("notice", part="ear", message="It broke.")), "failed", False, "It broke."),
        ((START, event("notice", part="speakers", message="None."), MARKS), "done", True, ""),
        (
            (START, event("notice", part="microphone", message="The microphone gives nothing but silence."), MARKS),
            "done",
            True,
            "",
        ),
    ],
)
def test_what_became_of_a_take(story: tuple[dict[str, Any], ...], state: str, counted: bool, cause: str) -> None:
    take = take_of("x", story)
    assert take is not None
    assert (take.state, take.counted, take.cause) == (state, counted, cause)


def test_a_record_without_a_beginning_is_no_take() -> None:
    assert take_of("x", (MARKS,)) is None
    assert take_of("x", ({**START, "at": "soon"},)) is None


def test_takes_are_numbered_and_those_against_the_terms_say_why() -> None:
    takes = [
        made_take(1),
        made_take(2, mode="practice"),
        made_take(3, scenario="two"),
        made_take(4, state="failed", counted=False, cause="It broke."),
        made_take(5, drill="pace"),
        made_take(6),
        made_take(7),
        made_take(8),
    ]
    made = numbered(reversed(takes), TERMS)
    assert [take.number for take in made] == list(range(1, 9))
    assert [take.number for take in made if take.counted] == [1, 6, 7]
    assert "practice mode" in made[1].cause and "not asked" in made[2].cause and made[3].cause == "It broke."
    assert "another exercise" in made[4].cause and "more than was allowed" in made[7].cause


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["done", "broken_off", "failed"]), max_size=12), st.integers(1, 5))
def test_never_more_takes_count_than_were_allowed(states: list[Any], most: int) -> None:
    takes = [made_take(n + 1, state=state, counted=state != "failed") for n, state in enumerate(states)]
    made = numbered(takes, replace(TERMS, takes=most))
    used = sum(take.counted for take in made)
    assert used == min(most, sum(state != "failed" for state in states))
    may = allowance(asked(takes=most), made, "one", NOW)
    assert may.left == most - used and may.may == (used < most)


def test_a_late_take_may_begin_and_says_so() -> None:
    late = allowance(ASSIGNMENT, (), "one", NOW + timedelta(days=3))
    assert late.may and "late" in late.why
    assert allowance(asked(takes=None), (), "one", NOW).left is None
    assert not allowance(ASSIGNMENT, (), "two", NOW).may


def test_how_a_take_is_run() -> None:
    run = run_of(asked(limit_s=45, drill="pace"), "one")
    assert (run.mode, run.strict, run.speaking_s, run.drill) == ("live", True, 45, "pace")
    assert run.meta == {"assignment": ASSIGNMENT.id, "drill": "pace"}
    assert not run_of(ASSIGNMENT, "one").strict


def test_the_best_take_is_a_sound_one() -> None:
    takes = [made_take(1, score=70, passed=False), made_take(2, score=85), made_take(3, score=99, disputed=True)]
    assert best(takes, "one") == takes[1]
    assert best([takes[2]], "one") == takes[2]
    assert best([made_take(1, score=None, passed=None)], "one") is None


# Terms.


def test_terms_survive_the_file() -> None:
    full = replace(TERMS, limit_s=45.0, drill="drills/pace", mark=85, note="Be\nkind.")
    for terms in (TERMS, full, Terms("C", ("one",))):
        assert terms_from(terms.as_json()) == terms
    made = replace(ASSIGNMENT, terms=full)
    assert assignment_from(made.id, made.head()) == made
    assert reached(full, 84, True) is False and reached(TERMS, 10, True) is True


def test_terms_say_what_is_asked_and_what_goes_back() -> None:
    words = "\n".join(terms_in_words(asked(limit_s=45, takes=1, note="Slowly.")))
    for told in ("Ana Lee for Class 1", "At most 1 take;", "45 seconds", "Live", "recording of your voice", "Slowly."):
        assert told in words
    assert "as you choose" in words and "as you choose" not in "\n".join(terms_in_words(asked(ask=("marks",))))


@pytest.mark.parametrize("text", ["2026-11-27", "2026-11-27T10:00:00", "0001-01-01T00:00:00+00:00", "x", 7, None])
def test_what_is_no_moment(text: object) -> None:
    with pytest.raises(Unreadable):
        moment(text, "at")


# People.


def test_a_person_is_their_keys_and_not_their_name() -> None:
    assert party_from(COACH.as_json()) == COACH
    assert COACH.key == replace(COACH, name="Other").key != LEARNER.key
    groups = COACH.fingerprint.split("-")
    assert len(groups) == 5 and all(len(group) == 5 for group in groups)


def test_pseudonyms_are_stable_and_need_the_secret() -> None:
    mine, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    names = {mine.of(f"number:{n}") for n in range(1000)}
    assert len(names) == 1000 and mine.of("number:1") in names
    assert mine.of("number:1") != other.of("number:1")


ROSTERS: dict[str, tuple[bytes, list[tuple[str, str, str]]]] = {
    "plain": (b"name,email\nBen Lee,ben@x.org\n", [("Ben Lee", "", "ben@x.org")]),
    "excel": ("\ufeffsep=;\r\nNr.;Name\r\n7;Jürgen Müller\r\n".encode(), [("Jürgen Müller", "7", "")]),
    "tabs": ("Student ID\tFull Name\n0012\tÅse Ø\n".encode("utf-16"), [("Åse Ø", "0012", "")]),
    "utf-16-unmarked": ("name;nr\nBen;1\n".encode("utf-16-le"), [("Ben", "1", "")]),
    "quoted": (b'Name;E-Mail\n"Lee; Ben";ben@x.org\n', [("Lee; Ben", "", "ben@x.org")]),
    "two-lines": (b'name,nr\n"Ben\nLee",1\n', [("Ben Lee", "1", "")]),
    "apart": ("Vorname,Nachname\nBen,Lee\n雷,李\n".encode(), [("Ben Lee", "", ""), ("李雷", "", "")]),
    "french": ("Nom;Courriel\nZoé;z@x.fr\n".encode(), [("Zoé", "", "z@x.fr")]),
    "spanish": (b"Nombre,Apellidos\nAna,Gil\n", [("Ana Gil", "", "")]),
    "cyrillic": ("ФИО\nИван Петров\n".encode(), [("Иван Петров", "", "")]),
    "arabic": ("الاسم\nليلى\n".encode(), [("ليلى", "", "")]),
    "no-headings": (
        b"1,Ben Lee,ben@x.org\n2,Cleo,c@x.org\n",
        [("Ben Lee", "1", "ben@x.org"), ("Cleo", "2", "c@x.org")],
    ),
    "names-alone": (b"Ben Lee\nCleo\n", [("Ben Lee", "", ""), ("Cleo", "", "")]),
    "number-alone": (b"student number\n17\n", [("17", "17", "")]),
    "extra": (b"Group,Name,Points\nA,Ben,3\n", [("Ben", "", "")]),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_a_table_is_read(name: str) -> None:
    raw, people = ROSTERS[name]
    roster, refused = read_roster(raw)
    assert [(person.name, person.number, person.email) for person in roster.people] == people
    assert refused == ()
    assert roster_from(roster.as_json()) == roster


def test_rows_that_cannot_be_used_are_named() -> None:
    raw = "name;nr\nBen;1\n=cmd|x;2\nCleo;1\n\u202eEve;3\n;\nLong {};4\nDora;@SUM\n".format("x" * 200).encode()
    roster, refused = read_roster(raw)
    assert [person.name for person in roster.people] == ["Ben"]
    assert [row.line for row in refused] == [3, 4, 5, 7, 8]
    assert "formula" in refused[0].why and "already" in refused[1].why and "draw nothing" in refused[2].why


def test_somebody_is_found_by_number_address_or_name() -> None:
    people = (Person("Ben Lee", "1", "ben@x.org"), Person("Ben Lee", "2"), Person("ＣＬＥＯ", "3"), Person("4"))
    roster = Roster(people)
    assert (
        roster.find(" BEN@x.org ") == people[0] and roster.find("2") == people[1] and roster.find("cleo") == people[2]
    )
    assert roster.find("ben lee") is None, "there are two"
    assert roster.find("nobody") is None and roster.find("") is None


# What is sent.


def result(*turns: str, parts: tuple[Any, ...] = ("marks", "transcript"), said: list[Any] | None = None) -> Result:
    said = said or events(ASSIGNMENT.id, *(turns or GOOD))
    take = take_of("x", said)
    assert take is not None
    takes = numbered([take], TERMS)
    return Result(
        "b" * 32, ASSIGNMENT.id, LEARNER, NOW, 1, "Ben", parts, rows(takes, parts), (sent_take(takes[0], said, parts),)
    )


def test_a_result_survives_the_file() -> None:
    for parts in (("marks",), ("transcript",), ("marks", "transcript")):
        made = result(parts=parts)
        assert result_from(made.id, made.head(), made.as_json()) == made


def test_without_the_transcript_no_word_goes() -> None:
    text = str(result(parts=("marks",)).as_json())
    assert "train" not in text and "'score': 1" in text
    bare = result(parts=("transcript",))
    assert bare.sent[0].marks is None and bare.takes[0].score is None and "train" in str(bare.as_json())


def test_both_marks_go_where_the_words_were_corrected() -> None:
    said = events(ASSIGNMENT.id, *WEAK)
    said += [event("correction"), event("marks", result=marked(*GOOD), corrected=True)]
    said += [event("dispute", criterion="apology", engine="heard", user="not_heard")]
    sent = result(said=said).sent[0]
    assert sent.marks is not None and sent.first_marks is not None
    assert sent.first_marks["score"] < sent.marks["score"]
    assert sent.disputes == {"apology": "not_heard"}
    assert sent.counting == sent.corrected and sent.words != sent.corrected


def test_nothing_is_sent_that_was_not_asked_for() -> None:
    with pytest.raises(InputError, match="did not ask for the audio"):
        chosen_parts(asked(ask=("marks",)), ("marks", "audio"))
    with pytest.raises(InputError, match="Nothing was chosen"):
        chosen_parts(ASSIGNMENT, ())
    assert chosen_parts(ASSIGNMENT, ("audio", "marks")) == ("marks", "audio")


@pytest.mark.parametrize(
    ("numbers", "told"),
    [((9,), "There is no take 9"), ((3,), "was not marked"), ((1, 2), "same call"), ((4,), "not of a call")],
)
def test_takes_that_cannot_be_sent(numbers: tuple[int, ...], told: str) -> None:
    takes = [made_take(1), made_take(2), made_take(3, score=None, state="broken_off"), made_take(4, scenario="two")]
    with pytest.raises(InputError, match=told):
        chosen_takes(ASSIGNMENT, takes, numbers)
    assert [take.number for take in chosen_takes(ASSIGNMENT, takes, (2,))] == [2]


# The coach's word.


def test_an_override_makes_the_score_anew() -> None:
    sent = result().sent[0]
    assert sent.marks is not None and sent.marks["passed"]
    rules = rules_of(scenario())
    same = verdict(sent, (), rules)
    assert same == Verdict(1, sent.marks["score"], True)
    worse = verdict(sent, [Override(1, "reason", "not_heard", "No.")], rules)
    assert worse.score < same.score and not worse.passed
    fault = verdict(sent, [Override(1, "soft_no", "found", "Yes.")], rules)
    assert fault.score == same.score - 15 and not fault.passed
    assert verdict(sent, [Override(1, "reason", "heard", "Yes.")], rules) == same


def test_an_override_of_a_weak_call_can_mend_it() -> None:
    sent = result(*WEAK).sent[0]
    assert sent.marks is not None
    owed = [id_ for id_, mark in sent.marks["items"].items() if mark["required"]]
    overrides = [Override(1, id_, "heard", "x") for id_ in owed]
    overrides += [Override(1, id_, "not_found", "x") for id_ in sent.marks["faults"]]
    assert verdict(sent, overrides) == Verdict(1, 100, True)


def test_a_review_must_fit_the_result() -> None:
    made = result()
    good = Review(
        (Comment("Well.", 1, 0, 2), Comment("All.")), (Override(1, "ask", "not_heard", "x"),), ((1, "thanks"),)
    )
    assert against(good, made) == ""
    assert quoted(good, made).comments[0].quote == "Good morning, this"
    assert review_from(good.as_json()) == good
    for bad, told in (
        (Review(overrides=(Override(2, "ask", "heard", "x"),)), "was not sent"),
        (Review(overrides=(Override(1, "nothing", "heard", "x"),)), "no mark"),
        (Review(overrides=(Override(1, "ask", "found", "x"),)), "is heard or not_heard"),
        (Review(overrides=(Override(1, "ask", "heard", ""),)), "Say why"),
        (Review(confirmed=((1, "nothing"),)), "no mark"),
        (Review((Comment(""),)), "empty"),
        (Review((Comment("x", 7),)), "no take 7"),
        (Review((Comment("x", 1, 0, 999),)), "points at others"),
    ):
        assert told in against(bad, made)


def test_the_last_word_on_a_mark_counts() -> None:
    override = Override(1, "ask", "not_heard", "x")
    review = Review().agreed(1, "ask").overridden(override)
    assert review.overrides == (override,) and review.confirmed == ()
    assert review.agreed(1, "ask") == Review(confirmed=((1, "ask"),))


# Where a class stands.


def collected(person: Person, *turns: str, made: Any = NOW, sequence: int = 1, rank: int = 1, **more: Any) -> Collected:
    base = replace(result(*turns), made=made, sequence=sequence, id=f"{len(person.id):016x}{sequence:08x}{rank:08x}")
    review = more.pop("review", Review())
    return Collected(base, person, True, NOW, rank, review, verdicts(base, review, {}), **more)


BEN, CLEO, DORA = Person("Ben", "1"), Person("Cleo", "2"), Person("Dora", "3")


def test_a_class_at_a_glance() -> None:
    late = NOW + timedelta(days=5)
    came = [
        collected(BEN, *GOOD, sequence=2),
        collected(BEN, *WEAK, sequence=1),
        collected(CLEO, *WEAK, made=late),
        collected(Person("Eve", key="e" * 64), *GOOD),
    ]
    made = standings(ASSIGNMENT, Roster((BEN, CLEO, DORA)), came, NOW)
    by_name = {row.person.name: row for row in made}
    assert list(by_name) == ["Ben", "Cleo", "Dora", "Eve"]
    ben, cleo, dora, eve = made
    assert ben.reached and len(ben.all) == 2 and ben.latest == came[0], "the newest counts, in whatever order they came"
    assert cleo.below and cleo.late and dora.state == "missing" and not dora.late and not eve.listed
    assert standing_words(dora) == "nothing yet" and "not on the roster" in standing_words(eve)
    assert "below the mark, late" in standing_words(cleo) and "newest of 2" in standing_words(ben)
    seen = counts(made)
    assert (seen.people, seen.sent, seen.missing, seen.late, seen.below, seen.to_review) == (4, 3, 1, 1, 1, 3)
    assert standings(ASSIGNMENT, Roster((DORA,)), [], late)[0].late
    gone = standings(ASSIGNMENT, Roster((DORA,)), [], late, [DORA])[0]
    assert gone.withdrawn and not gone.late and standing_words(gone) == "has withdrawn"


def test_what_a_class_misses_has_the_coachs_word_in_force() -> None:
    heard = Review(overrides=(Override(1, "reason", "heard", "x"),))
    rows_ = standings(ASSIGNMENT, Roster(), [collected(BEN, *WEAK), collected(CLEO, *WEAK, review=heard)], NOW)
    missed = {each.criterion: each for each in misses(rows_)}
    assert (missed["reason"].missed, missed["reason"].of) == (1, 2)
    assert missed["vague_reason"].fault and missed["vague_reason"].missed == 2
    shares = [each.share for each in misses(rows_)]
    assert shares == sorted(shares, reverse=True)


def test_an_open_dispute_leaves_the_question_open() -> None:
    said = [*events(ASSIGNMENT.id, *GOOD), event("dispute", criterion="thanks", engine="heard", user="not_heard")]
    base = result(said=said)
    assert open_disputes(base.sent[0], Review()) == {"thanks": "not_heard"}
    for review, known in ((Review(), None), (Review().agreed(1, "thanks"), True)):
        each = Collected(base, BEN, True, NOW, 1, review, verdicts(base, review, {}))
        row = standings(ASSIGNMENT, Roster((BEN,)), [each], NOW)[0]
        assert row.reached is known and row.disputed == (known is None)


def test_times_of_takes_are_shown_where_the_reader_is() -> None:
    from bowout.core.coaching.takes import take_words

    take: Take = replace(made_take(1), started=NOW)
    assert take_words(take, timezone(timedelta(hours=2))).startswith("1. 2026-11-25 11:00, live, to the end, 90 of 100")
