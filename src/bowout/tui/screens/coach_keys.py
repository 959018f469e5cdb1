"""The keys of a coach's review. Which of them count depends on page and result (``ResultScreen.check_action``)."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("c", "confirm", "Agree", id="coach.confirm", tooltip="You agree with the chosen mark; again takes it back"),
    Binding("o", "override", "Override", id="coach.override", tooltip="You have another word on the chosen mark"),
    Binding("m", "comment", "Comment", id="coach.comment", tooltip="A comment on the chosen words, or on the whole"),
    Binding("p", "play", "Play", id="coach.play", tooltip="Play from the chosen quote or word; again stops"),
    Binding("delete", "remove", "Remove", id="coach.remove", tooltip="Take the chosen note back"),
    Binding("t", "other_take", "Take", show=False, id="coach.take", tooltip="The next call that was sent"),
    Binding("n", "next", "Next", id="coach.next", tooltip="The next result that is to be reviewed"),
    Binding("a", "answer", "Answer", id="coach.answer", tooltip="Write every answer that is ready"),
    Binding("d", "done", "Done", show=False, id="coach.done", tooltip="Put this result away; again takes it up"),
    Binding("1", "tab('marks')", "Marks", show=False, id="coach.marks", tooltip="The marks"),
    Binding("2", "tab('words')", "Words", show=False, id="coach.words", tooltip="What was said"),
    Binding("3", "tab('takes')", "Takes", show=False, id="coach.takes", tooltip="Every take that was made"),
    Binding("4", "tab('noted')", "Noted", show=False, id="coach.noted", tooltip="What you have noted so far"),
    Binding("right", "turn(1)", "Next page", show=False, id="coach.next_page", tooltip="To the next page"),
    Binding("left", "turn(-1)", "Page before", show=False, id="coach.page_before", tooltip="To the page before"),
    Binding("escape", "back", "Back", id="coach.back", tooltip="Back to the queue"),
]
