"""The text of a new scenario, and of the pack around it, from ten answers and a template.

What is written is meant to be read and changed by hand: comments say what each part is for, and texts keep their
``{blanks}``, so that a name stands in one place. Pure: files and the check belong to ``storage``.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bowout.core.criteria import Intent
from bowout.core.pack_template import Kit
from bowout.core.scenario import Channel
from bowout.core.text import normalise
from bowout.core.transcript import from_text

MAX_ID = 60
_WIDTH = 100
"""Characters of a line of the file, more or less."""
_BLANK = re.compile(r"<<([a-z_]+)>>")
_WHOLE = re.compile(r"( *)<<([a-z_]+)>>")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
"""Names that no file can have on Windows."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the questions were answered with, checked and in the form of the files (``bowout.core.pack_questions``)."""

    intent: Intent
    situation: str
    channel: Channel
    caller: str
    contact: str
    company: str
    role: str
    interview: str
    reason: str
    pushback: str
    template: str
    alternatives: tuple[str, str] | None = None
    """Two other times; asked for where the interview is to be moved."""


def slug(text: str, fallback: str, taken: Collection[str] = ()) -> str:
    """Lower-case words joined by hyphens, as ids and file names are; never one of ``taken``."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    made = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    made = made[:MAX_ID].rsplit("-", 1)[0] if len(made) > MAX_ID and "-" in made[:MAX_ID] else made[:MAX_ID]
    if not made or made in _DEVICES or made == "pack":
        made = fallback
    number, free = 2, made
    while free in taken:
        free, number = f"{made}-{number}", number + 1
    return free


def said_by_model(answers: Answers, kit: Kit) -> list[str]:
    """What a good caller says, one text a turn, with ``{blanks}``."""
    press = kit.pushbacks[answers.pushback].cells[answers.intent]
    opening = " ".join(part for part in _opening(answers, kit) if part)
    turns = []
    for turn in kit.template(answers.template).turns:
        if isinstance(turn, str):
            turns.append(opening if turn == "opening" else press.reply)
        else:
            turns.append(turn[answers.intent])
    turns[-1] += f" {kit.intents[answers.intent].closing}"
    return turns


def _opening(answers: Answers, kit: Kit) -> tuple[str, str, str]:
    """Who is calling, what they want, what they offer. The reason is kept back where the other side will ask why."""
    wording = kit.intents[answers.intent]
    asked = "reason" in kit.pushbacks[answers.pushback].cells[answers.intent].asks
    return wording.hello, wording.without_reason if asked else wording.with_reason, wording.offer


def said_by_weak(answers: Answers, kit: Kit) -> tuple[list[str], list[str]]:
    """What a weak caller says, and the faults in it: two sentences, after what any caller says first."""
    wording = kit.intents[answers.intent]
    press = kit.pushbacks[answers.pushback].cells[answers.intent]
    before = []
    for turn in kit.template(answers.template).turns:
        if isinstance(turn, str):
            break
        before.append(turn[answers.intent])
    if press.weak:
        return [*before, wording.weak_first, press.weak], [press.weak_fault]
    return [*before, wording.weak_first, wording.weak_second], list(wording.weak_faults)


def scenario_text(
    id_: str, answers: Answers, kit: Kit, cues: Mapping[str, Sequence[str]] = {}, *, insists: bool = False
) -> str:
    """The scenario's file.

    Args:
        id_: lower-case words joined by hyphens.
        cues: item → patterns for wordings that the marking does not know by itself (``wording_of``).
        insists: say the pushback even where what it asks for seems to have been heard.
    """
    wording, template = kit.intents[answers.intent], kit.template(answers.template)
    press = kit.pushbacks[answers.pushback].cells[answers.intent]
    weak, faults = said_by_weak(answers, kit)
    situation = answers.situation.rstrip(".")
    blanks = {
        **wording.blanks,
        **{name: words[answers.intent] for name, words in template.words.items()},
        "title_plain": situation,
        "template": template.title,
        "id": id_,
        "title": quoted(situation),
        "intent": answers.intent,
        "channel": answers.channel,
        "difficulty": str(template.difficulty),
        "tag": answers.pushback.replace("_", " "),
        "you": quoted(f"You are {{caller}}. {situation}."),
        "goal": "\n".join(textwrap.wrap(wording.goal, _WIDTH)),
        "pace": str(template.pace),
        "people": f"people:\n{textwrap.indent(template.people, '  ')}" if template.people else "",
        "script": _texts(part for part in (*_opening(answers, kit), press.reply, wording.closing) if part),
        "start": template.start,
        "openings": template.openings.get(answers.channel, ""),
        "press": _press(answers, kit, insists=insists),
        "spoils": ", ".join(wording.spoils),
        "steps": template.steps,
        "outcomes": wording.outcomes,
        "checklist": _checklist(cues),
        "model": _texts(said_by_model(answers, kit)),
        "weak": _texts(weak),
        "weak_faults": ", ".join(faults),
        "follow_up": wording.follow_up,
        "interview": answers.interview,
        "option_facts": "",
        "option_times": "",
        **{name: quoted(getattr(answers, name)) for name in ("caller", "contact", "company", "role", "reason")},
    }
    if answers.alternatives is not None:
        first, second = answers.alternatives
        blanks["option_times"] = f"first: {first}\nsecond: {second}"
        blanks["option_facts"] = "\n".join(
            f'{fact}: "{{{time}}}"'
            for fact, time in (
                ("option_1", "first"),
                ("option_2", "second"),
                ("option_1_date", "first_date"),
                ("option_2_date", "second_date"),
            )
        )
    return re.sub(r"\n{3,}", "\n\n", _put(kit.frame, blanks)).strip() + "\n"


def pack_text(id_: str, title: str, scenarios: Sequence[str]) -> str:
    """The file of a new pack."""
    return "\n".join(
        [
            "# A pack of scenarios for Bow Out. “bowout pack check FOLDER” says what is wrong with it, and",
            "# “bowout pack build FOLDER” makes one file of it to give away. Raise the version whenever you do that.",
            "schema: 1",
            f"id: {id_}",
            "version: 1",
            f"title: {quoted(title)}",
            'description: "Calls of my own."',
            '# author: "Your name"',
            "# license: CC-BY-4.0",
            "",
            "# The files of this folder, without “.yaml”, in the order to show them.",
            "scenarios:",
            *(f"  - {name}" for name in scenarios),
            "",
        ]
    )


def wording_of(text: str) -> str:
    """A pattern that matches these very words; empty if there is nothing in them to match."""
    return " ".join(re.sub(r"[^a-z0-9']", "", word) for word in normalise(from_text(text)).texts).strip()


def quoted(text: str) -> str:
    """A text of one line as YAML, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def _texts(texts: Iterable[str]) -> str:
    """A list of texts; long ones are folded."""
    lines = []
    for text in texts:
        if len(text) <= _WIDTH:
            lines.append(f"- {quoted(text)}")
        else:
            lines += ["- >-", *(f"  {line}" for line in textwrap.wrap(text, _WIDTH, break_long_words=False))]
    return "\n".join(lines)


def _press(answers: Answers, kit: Kit, *, insists: bool) -> str:
    """The step in which the caller is pressed."""
    pushback = kit.pushbacks[answers.pushback]
    press = pushback.cells[answers.intent]
    lines = [f"# The pushback. {pushback.title}: {pushback.says}.", "press:", f"  pushback: {pushback.id}"]
    if pushback.wait_s:
        lines.append(f"  wait_s: {pushback.wait_s}")
    if press.asks and not insists:
        lines.append(f"  asks: [{', '.join(press.asks)}]")
    lines += [f"  hint: {quoted(press.hint)}", "  say:"]
    lines += [f"    {line}" for line in press.say.splitlines()]
    lines.append("  next:")
    if pushback.id != "silence":
        lines.append("    - {silence: true, go: spoiled}")
    after = kit.template(answers.template).after_press
    lines += ["    - {faults: [<<spoils>>], go: spoiled}", f"    - {{go: {after}}}"]
    return "\n".join(lines)


def _checklist(cues: Mapping[str, Sequence[str]]) -> str:
    if not cues:
        return ""
    lines = ["# Wordings that the marking does not know by itself; the pattern language is in docs/patterns.md."]
    lines += ["checklist:", "  cues:"]
    return "\n".join([*lines, *(f"    {item}: [{', '.join(map(quoted, each))}]" for item, each in cues.items())])


def _put(text: str, blanks: Mapping[str, str]) -> str:
    """Fill the blanks. What is put into the middle of a line is final; a whole line may bring blanks of its own."""
    lines: list[str] = []
    for line in text.split("\n"):
        whole = _WHOLE.fullmatch(line)
        if whole is None:
            lines.append(_BLANK.sub(lambda found: blanks[found[1]], line))
        elif blanks[whole[2]]:
            lines += [whole[1] + each if each else "" for each in _put(blanks[whole[2]], blanks).split("\n")]
    return "\n".join(lines)


__all__ = [
    "Answers", "pack_text", "quoted", "said_by_model", "said_by_weak", "scenario_text", "slug", "wording_of",
]  # fmt: skip
