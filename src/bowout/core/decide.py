"""From the first doubt to a decision: which way, by which channel, and by when. Pure rules, in three tables.

Each rule has an id, the sentence that explains it, and the place in the article it comes from. In ``PATH_RULES`` and
``CHANNEL_RULES`` the first rule that holds decides; of ``NOTES`` all that hold are told. What the rules look at is a
``Situation``, made of the answers to the questions of ``bowout.core.decide_questions``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bowout.core.case import Case, Path
from bowout.core.criteria import Intent
from bowout.core.when import elapsed, end_of_day, kept, later, restored

Contact = Literal["phone", "email", "message", "in_person", "none"]
NOTICE = timedelta(hours=24)
"""From here on an e-mail is usually enough; and so long there is time to confirm, and to withdraw after accepting."""
_UNAVOIDABLE = ("illness", "emergency", "clash")

_START = "The Starting Point: Decide—Cancel, Reschedule, or Exit Early?"
_LEGITIMATE = "The Starting Point › What Counts as a Legitimate Reason"
_AVOID = "The Starting Point › When You Should Avoid Canceling"
_TIMING = "Before the Interview › Timing: Contact as Soon as Possible"
_CHANNEL = "Before the Interview › Channel: Phone, Email, or Text?"
_TONE = "Before the Interview › Tone and Content: Be Brief, Honest, and Respectful"
_OFFER_ONLY = "Before the Interview › Offer Clear Alternatives Only If You Mean It"
_DURING = "During the Interview: How to Leave Early Without Burning Bridges"
_READ_ROOM = "During the Interview › Read the Room: When to Exit Early"
_AFTER_EXIT = "During the Interview › Follow-Up After an Early Exit"
_REAPPLY = "After You Cancel › Draw Clear Lines If You Plan to Reapply"
_GHOSTING = "Common Mistakes › Mistake 1: Ghosting"
_VAGUE = "Common Mistakes › Mistake 3: Vague language"
_OVERCOMMIT = "Common Mistakes › Mistake 4: Over-committing then quitting"
_SOFT_NO = "Common Mistakes › Mistake 5: Rescheduling without intention"
_MOVE = "Manage Competing Offers › When an International Move Forces a Decision"
_VISA = "Manage Competing Offers › Timing With Visas and Sponsorship"
_REPAIR = "Repair Work: If You Believe You Messed Up"
_NERVES = "Confidence, Interview Skills, and Skill Gaps"
_OFFER = "Practical Examples › You Accepted Another Offer"
_ILL = "Practical Examples › Sudden Illness on Interview Day"
_NO_FIT = "Practical Examples › You Realize Mid-Interview the Job Isn’t a Fit"
_ETHICS = "Ethical Considerations and Professional Boundaries"
_MISCONDUCT = "When to Escalate: Serious Misconduct or Legal Concerns"
_SUPPORT = "When You Should Consider Professional Support"
_LOOP = "Closing the Loop: Follow-Up Templates and Timing"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is told."""

    id: str
    says: str
    place: str
    """Where in the article it comes from."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at. Empty texts and ``None`` are what is not known."""

    now: datetime
    stage: str = "before"
    """``before``, ``during`` or ``after`` the interview."""
    happened: str = ""
    want: str = ""
    """``yes``, ``unsure`` or ``no``: is the job still wanted?"""
    signed: bool = False
    """The other offer is accepted, with a start date."""
    video: bool = False
    """It could be done by video at its time."""
    mismatch: str = ""
    """``minor`` or ``material``."""
    feasible: bool = False
    """The job could still be taken, with a constraint that they should know."""
    weak: str = ""
    mobility: str = ""
    interview: datetime | None = None
    accepted: datetime | None = None
    wrote_by: str = ""
    number: str = ""
    path: Path | None = None
    """Once it is decided."""

    @property
    def notice(self) -> timedelta | None:
        """The time that passes until the interview; negative once it has begun."""
        return None if self.interview is None else elapsed(self.now, self.interview)

    @property
    def over(self) -> bool:
        notice = self.notice
        return notice is not None and notice <= timedelta(0)

    @property
    def short(self) -> bool:
        """Less than 24 hours, or the same day where the interview is: a day on which the clocks go back has 25."""
        notice = self.notice
        if notice is None or self.interview is None:
            return False
        there = self.now.astimezone(self.interview.tzinfo)
        return notice < NOTICE or there.date() == self.interview.date()


@dataclass(frozen=True, slots=True)
class PathRule:
    """Holds, and which way it leads."""

    rule: Rule
    path: Path
    holds: Callable[[Situation], bool]


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """Holds, which channel it names, and by when."""

    rule: Rule
    channel: Contact
    holds: Callable[[Situation], bool]
    by: Callable[[Situation], datetime | None]
    confirm: bool = False
    """A written confirmation follows."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something more to say where it holds."""

    rule: Rule
    holds: Callable[[Situation], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say at one moment."""

    path: Path
    intent: Intent | None
    why: Rule
    notes: tuple[Rule, ...]
    channel: Contact
    how: Rule
    by: datetime | None
    """When the contact should be made at the latest; ``None`` where none is needed."""
    confirm: bool
    """Whether a written confirmation has to follow within 24 hours of the contact."""

    @property
    def writes(self) -> bool:
        """The answer is: do not call, write."""
        return self.channel in ("email", "message")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them, the one for the way first."""
        return (self.why, self.how, *self.notes)

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "intent": self.intent,
            "channel": self.channel,
            "by": None if self.by is None else kept(self.by),
            "confirm_in_writing": self.confirm,
            "rules": [{"id": rule.id, "says": rule.says, "place": rule.place} for rule in self.rules],
        }


INTENT_OF: Mapping[Path, Intent | None] = {
    "attend": None,
    "learn": None,
    "disclose": None,
    "pause": None,
    "video": "reschedule",
    "reschedule": "reschedule",
    "withdraw": "withdraw",
    "leave": "leave",
    "repair": "repair",
}
"""Asking for another format is asking to change the interview: it owes what a reschedule owes."""


def _before(s: Situation) -> bool:
    return s.stage == "before"


PATH_RULES: tuple[PathRule, ...] = (
    # It has begun.
    PathRule(
        Rule(
            "during-misconduct",
            "They crossed a line. Leave now; you owe no reason. Whom you tell of it, you decide afterwards.",
            _READ_ROOM,
        ),
        "leave",
        lambda s: s.stage == "during" and s.happened == "misconduct",
    ),
    PathRule(
        Rule("during-emergency", "It can't wait, and it isn't your fault. Say so in one sentence, and go.", _START),
        "leave",
        lambda s: s.stage == "during" and s.happened in ("emergency", "illness"),
    ),
    PathRule(
        Rule(
            "during-material",
            "The job is materially not what you came for: end it politely, and save both sides the time.",
            _NO_FIT,
        ),
        "leave",
        lambda s: s.stage == "during" and s.happened == "mismatch" and s.mismatch == "material" and s.want != "yes",
    ),
    PathRule(
        Rule("during-minor", "It is a practical or a minor point: stay to the end and learn what you can.", _NO_FIT),
        "learn",
        lambda s: s.stage == "during" and s.happened == "mismatch" and s.mismatch == "minor" and s.want != "no",
    ),
    PathRule(
        Rule("during-no", "You don't want this job: say so kindly and end it, rather than sit it out.", _START),
        "leave",
        lambda s: s.stage == "during" and s.want == "no",
    ),
    PathRule(
        Rule("during-unsure", "You don't know yet: ask for a short pause, think, and decide then.", _DURING),
        "pause",
        lambda s: s.stage == "during",
    ),
    # It is over.
    PathRule(
        Rule("after-leaving", "You have left. What is owed now is a short thank-you that confirms it.", _AFTER_EXIT),
        "leave",
        lambda s: s.stage == "after" and s.happened == "left",
    ),
    PathRule(
        Rule("after-misconduct", "You got out. Now write down what happened, while you remember it.", _MISCONDUCT),
        "leave",
        lambda s: s.stage == "after" and s.happened == "misconduct",
    ),
    PathRule(
        Rule(
            "after-badly", "It can be mended: an honest apology, a short explanation, and what you want now.", _REPAIR
        ),
        "repair",
        lambda s: s.stage == "after",
    ),
    PathRule(
        Rule("passed-in-silence", "The hour has passed without a word from you. A short apology still helps.", _REPAIR),
        "repair",
        lambda s: _before(s) and s.over,
    ),
    # It is still to come.
    PathRule(
        Rule(
            "leverage", "Using an interview only to bargain is unfair to them, and it gets around: don't go.", _ETHICS
        ),
        "withdraw",
        lambda s: _before(s) and s.happened == "leverage" and s.want == "no",
    ),
    PathRule(
        Rule(
            "leverage-open",
            "An offer to bargain with is no reason to go. If you might want the job, go to find out, and say so.",
            _ETHICS,
        ),
        "learn",
        lambda s: _before(s) and s.happened == "leverage",
    ),
    PathRule(
        Rule(
            "offer-firm", "Your other offer is firm, so this interview is of no use to either side: withdraw.", _OFFER
        ),
        "withdraw",
        lambda s: _before(s) and s.happened == "offer" and s.signed,
    ),
    PathRule(
        Rule("not-wanted", "You don't want the job: be decisive, and withdraw in good order.", _START),
        "withdraw",
        lambda s: _before(s) and s.want == "no",
    ),
    PathRule(
        Rule(
            "offer-not-firm", "Until the other offer is signed, with a start date, it is none. Go to this one.", _OFFER
        ),
        "attend",
        lambda s: _before(s) and s.happened == "offer",
    ),
    PathRule(
        Rule("move-impossible", "The move makes the job impossible. Say so briefly, and withdraw with thanks.", _MOVE),
        "withdraw",
        lambda s: _before(s) and s.happened == "mobility" and not s.feasible,
    ),
    PathRule(
        Rule("constraint", "You could still take it, with a constraint. Tell them before the final round.", _VISA),
        "disclose",
        lambda s: _before(s) and s.happened == "mobility",
    ),
    PathRule(
        Rule(
            "unavoidable-video", "You can't be there, but you can talk: ask for a video call. It saves the slot.", _ILL
        ),
        "video",
        lambda s: _before(s) and s.happened in _UNAVOIDABLE and s.video,
    ),
    PathRule(
        Rule("unavoidable", "It can't be helped, and you want the job: move it, with two times you will keep.", _START),
        "reschedule",
        lambda s: _before(s) and s.happened in _UNAVOIDABLE,
    ),
    PathRule(
        Rule("mismatch-material", "It is a real mismatch, and you can say which. That is a fair reason.", _LEGITIMATE),
        "withdraw",
        lambda s: _before(s) and s.happened == "mismatch" and s.mismatch == "material" and s.want == "unsure",
    ),
    PathRule(
        Rule(
            "learn-first", "You are not sure that it fits. Go to find out; you can still withdraw afterwards.", _AVOID
        ),
        "learn",
        lambda s: _before(s) and (s.happened in ("mismatch", "doubts") or s.want == "unsure") and s.weak != "nerves",
    ),
    PathRule(
        Rule("attend", "Nothing keeps you from it, and you want the job. Go.", _AVOID),
        "attend",
        lambda s: True,
    ),
)


def _at_once(s: Situation) -> datetime:
    return s.now


def _not_past(s: Situation, *limits: datetime) -> datetime:
    """The earliest of the limits, or now where that has passed; in the user's zone."""
    at = min(limits, key=datetime.timestamp)
    return s.now if at.timestamp() < s.now.timestamp() else at.astimezone(s.now.tzinfo)


def _today(s: Situation) -> datetime:
    return _not_past(s, end_of_day(s.now))


def _while_early(s: Situation) -> datetime:
    """Today, and as long as there are 24 hours left."""
    if s.interview is None:
        return _today(s)
    return _not_past(s, end_of_day(s.now), later(s.interview, -NOTICE))


def _after_accepting(s: Situation) -> datetime:
    """Within 24 hours of accepting, and while there are 24 hours left; at once where that has passed."""
    limits = [later(s.accepted or s.now, NOTICE)]
    if s.interview is not None:
        limits.append(later(s.interview, -NOTICE))
    return _not_past(s, *limits)


def _after_interview(s: Situation) -> datetime:
    """Within 24 hours of it; at once where those have passed."""
    return _not_past(s, later(s.interview or s.now, NOTICE))


def _to_contact(s: Situation) -> bool:
    return s.path in ("withdraw", "reschedule", "video", "disclose")


CHANNEL_RULES: tuple[ChannelRule, ...] = (
    ChannelRule(
        Rule("nothing-to-say", "There is nothing to cancel, and nobody to tell.", _AVOID),
        "none",
        lambda s: s.path == "attend",
        lambda s: None,
    ),
    ChannelRule(
        Rule("in-the-room", "Say it to them now, calmly and in one or two sentences.", _DURING),
        "in_person",
        lambda s: s.stage == "during",
        _at_once,
        confirm=True,
    ),
    ChannelRule(
        Rule("say-it-there", "Say it at the beginning of the interview: being open about it misleads nobody.", _ETHICS),
        "in_person",
        lambda s: s.path == "learn",
        lambda s: s.interview,
    ),
    ChannelRule(
        Rule(
            "after-crossed",
            "You owe them nothing. If you want it on file, write one line to whoever invited you: that you withdraw.",
            _MISCONDUCT,
        ),
        "email",
        lambda s: s.stage == "after" and s.happened == "misconduct",
        lambda s: None,
    ),
    ChannelRule(
        Rule("after-exit-24h", "You have left: one short message within 24 hours. Do not call, write.", _AFTER_EXIT),
        "email",
        lambda s: s.stage == "after" and s.path == "leave",
        _after_interview,
    ),
    ChannelRule(
        Rule("repair-phone", "You have talked before, so talk now. Today, and then put it in writing.", _CHANNEL),
        "phone",
        lambda s: s.path == "repair" and s.wrote_by == "phone" and bool(s.number),
        _today,
        confirm=True,
    ),
    ChannelRule(
        Rule("repair-write", "Do not call, write: they can read it when it suits them. Today.", _REPAIR),
        "email",
        lambda s: s.path == "repair",
        _today,
    ),
    ChannelRule(
        Rule(
            "short-no-number",
            "There is little time and no number: write now, then look for a number (below).",
            _CHANNEL,
        ),
        "email",
        lambda s: _to_contact(s) and s.short and not s.number,
        _at_once,
    ),
    ChannelRule(
        Rule("short-call", "It is less than 24 hours away, or today: call first, then confirm by e-mail.", _TIMING),
        "phone",
        lambda s: _to_contact(s) and s.short,
        _at_once,
        confirm=True,
    ),
    ChannelRule(
        Rule("accepted-24h", "You have accepted elsewhere: an e-mail, within 24 hours of that. Do not call.", _OFFER),
        "email",
        lambda s: s.path == "withdraw" and s.happened == "offer" and s.wrote_by in ("", "email"),
        _after_accepting,
    ),
    ChannelRule(
        Rule("accepted-24h-call", "You have talked by phone so far: call, within 24 hours of accepting.", _CHANNEL),
        "phone",
        lambda s: s.path == "withdraw" and s.happened == "offer" and s.wrote_by == "phone" and bool(s.number),
        _after_accepting,
        confirm=True,
    ),
    ChannelRule(
        Rule("ample-phone", "You have talked by phone so far, so call. Then confirm by e-mail.", _CHANNEL),
        "phone",
        lambda s: _to_contact(s) and s.wrote_by == "phone" and bool(s.number),
        _while_early,
        confirm=True,
    ),
    ChannelRule(
        Rule("ample-message", "You have written messages so far, and there is time: a message is fine.", _CHANNEL),
        "message",
        lambda s: _to_contact(s) and s.wrote_by == "message",
        _while_early,
    ),
    ChannelRule(
        Rule("ample-email", "There are 24 hours or more, and you write e-mails: do not call, write.", _TIMING),
        "email",
        lambda s: True,
        _while_early,
    ),
)

NOTES: tuple[Note, ...] = (
    Note(
        Rule(
            "accepted-late",
            "It is more than 24 hours since you accepted. Withdraw now; one “sorry for the short notice” is enough.",
            _OFFER,
        ),
        lambda s: s.path == "withdraw" and s.accepted is not None and elapsed(s.accepted, s.now) > NOTICE,
    ),
    Note(
        Rule("offer-backup", "Confirm the start date first: until then this interview is your backup.", _OFFER),
        lambda s: s.happened == "offer" and not s.signed,
    ),
    Note(
        Rule(
            "weak-unprepared",
            "It happens to everybody. Cancelling because you haven't prepared harms you most: an hour today does more.",
            _AVOID,
        ),
        lambda s: s.weak == "unprepared" and s.path != "withdraw",
    ),
    Note(
        Rule(
            "weak-journey",
            "A long way is a fair thing to weigh, but you knew it. Ask there how often you would have to come.",
            _AVOID,
        ),
        lambda s: s.weak == "journey" and s.path != "withdraw",
    ),
    Note(
        Rule(
            "weak-review",
            "One bad review is somebody's one bad day. Take it along as a question, and judge for yourself.",
            _AVOID,
        ),
        lambda s: s.weak == "review" and s.path != "withdraw",
    ),
    Note(
        Rule(
            "weak-mood",
            "Not feeling like it passes. If it doesn't, you can withdraw after the first round, and know why.",
            _AVOID,
        ),
        lambda s: s.weak == "mood" and s.path != "withdraw",
    ),
    Note(
        Rule("weak-nerves", "Nerves are no verdict. Rehearse once aloud, and go; it gets easier each time.", _NERVES),
        lambda s: s.weak == "nerves" and s.path != "withdraw",
    ),
    Note(
        Rule(
            "nerves-again", "If nerves keep you away again and again, that is worth some help from outside.", _SUPPORT
        ),
        lambda s: s.weak == "nerves",
    ),
    Note(
        Rule(
            "weak-honest",
            "Don't give the weak reason. That it is not the right fit is true as well, and it is enough.",
            _AVOID,
        ),
        lambda s: bool(s.weak) and s.path == "withdraw",
    ),
    Note(
        Rule(
            "leverage-named",
            "Interviewing only to push another employer's price is called leverage. It costs trust on both sides.",
            _ETHICS,
        ),
        lambda s: s.happened == "leverage",
    ),
    Note(
        Rule("withdraw-later", "If it turns out not to fit, withdraw after the first round; that is no shame.", _AVOID),
        lambda s: s.path == "learn" and s.stage == "before",
    ),
    Note(
        Rule("no-overcommit", "Don't agree to a second round that you know you won't pursue.", _OVERCOMMIT),
        lambda s: s.path == "learn",
    ),
    Note(
        Rule(
            "mean-it",
            "Offer new times only if you will keep them. If you are not sure, withdraw now rather than twice.",
            _SOFT_NO,
        ),
        lambda s: s.path == "reschedule" and s.want == "unsure",
    ),
    Note(
        Rule("two-options", "Give two times, each with a day and an hour: it saves a round of letters.", _OFFER_ONLY),
        lambda s: s.path in ("reschedule", "video"),
    ),
    Note(
        Rule("fit-again", "Come back prepared and rested: a second move would be remembered.", _ILL),
        lambda s: s.path == "reschedule" and s.happened == "illness",
    ),
    Note(
        Rule("constraint-early", "They can only help with a visa or a date that they know of.", _VISA),
        lambda s: s.path == "disclose",
    ),
    Note(
        Rule("return-window", "If you may apply again, say when: a season and a year, no promise.", _REAPPLY),
        lambda s: s.path == "withdraw" and s.happened == "mobility",
    ),
    Note(
        Rule("brief-reason", "The reason in one sentence. “I have accepted another offer” needs no more.", _TONE),
        lambda s: s.path == "withdraw" and not s.weak,
    ),
    Note(
        Rule("no-vague", "“Something came up” annoys people. Name the kind of reason, and nothing more.", _VAGUE),
        lambda s: s.path in ("reschedule", "video"),
    ),
    Note(
        Rule(
            "document",
            "Write down what happened, with date and time, while you remember it. Then decide whom to report it to.",
            _MISCONDUCT,
        ),
        lambda s: s.happened == "misconduct",
    ),
    Note(
        Rule("own-it", "Take responsibility without excuses, apologise once, and say what you want now.", _REPAIR),
        lambda s: s.path == "repair",
    ),
    Note(
        Rule(
            "find-number",
            "Where a number may be: the invitation, their signature, the company's website or switchboard. "
            "If you find one, add it here: then call.",
            _CHANNEL,
        ),
        lambda s: _to_contact(s) and s.short and not s.number,
    ),
    Note(
        Rule("not-ghosting", "Whatever you decide, answer. Silence is worse than a clear no.", _GHOSTING),
        lambda s: _to_contact(s) and s.want != "yes",
    ),
    Note(
        Rule("one-confirmation", "One message within 24 hours of the contact, not two.", _LOOP),
        lambda s: s.path in ("withdraw", "leave") and s.happened != "misconduct",
    ),
)


def situation(answers: Mapping[str, str], now: datetime) -> Situation:
    """What the rules look at, from the answers as they are kept. ``now``: aware."""

    def moment(name: str) -> datetime | None:
        return restored(answers[name]) if answers.get(name) else None

    return Situation(
        now=now,
        stage=answers.get("stage", "before"),
        happened=answers.get("happened", ""),
        want=answers.get("want", ""),
        signed=answers.get("signed") == "yes",
        video=answers.get("video") == "yes",
        mismatch=answers.get("mismatch", ""),
        feasible=answers.get("feasible") == "yes",
        weak=answers.get("weak", "") if answers.get("happened") == "weak" else "",
        mobility=answers.get("mobility", ""),
        interview=moment("interview"),
        accepted=moment("accepted"),
        wrote_by=answers.get("wrote_by", ""),
        number=answers.get("number", ""),
    )


def decide(answers: Mapping[str, str], now: datetime, path: Path | None = None) -> Decision:
    """What the rules say of these answers now. Total: any answers lead somewhere.

    Args:
        answers: as ``bowout.core.decide_questions`` keeps them; moments in ISO 8601 with their offset.
        now: aware.
        path: as it was decided before, where only channel and deadline are wanted anew.
    """
    seen = situation(answers, now)
    found = next(each for each in PATH_RULES if each.holds(seen))
    if path is not None and found.path != path:
        # The hour has come closer or gone by since; what was decided still stands.
        kept = replace(seen, interview=None)
        found = next((each for each in PATH_RULES if each.holds(kept) and each.path == path), found)
    seen = replace(seen, path=path or found.path)
    assert seen.path is not None, "it was just decided"
    how = next(each for each in CHANNEL_RULES if each.holds(seen))
    return Decision(
        path=seen.path,
        intent=INTENT_OF[seen.path],
        why=found.rule,
        notes=tuple(note.rule for note in NOTES if note.holds(seen)),
        channel=how.channel,
        how=how.rule,
        by=how.by(seen),
        confirm=how.confirm,
    )


def answers_of(case: Case) -> dict[str, str]:
    """A case's answers with what has changed in its own fields since."""
    own = {"number": case.number, "wrote_by": case.wrote_by}
    if case.interview is not None:
        own["interview"] = kept(case.interview)
    return {**case.answers, **own}


def decision_of(case: Case, now: datetime) -> Decision:
    """What the rules say of a case now: its way stands, channel and deadline follow the clock."""
    return decide(answers_of(case), now, case.path)


__all__ = [
    "CHANNEL_RULES", "INTENT_OF", "NOTES", "NOTICE", "PATH_RULES", "ChannelRule", "Contact", "Decision", "Note",
    "PathRule", "Rule", "Situation", "answers_of", "decide", "decision_of", "situation",
]  # fmt: skip
