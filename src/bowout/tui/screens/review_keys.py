"""The keys of a review. Which of them count depends on call and page (``ReviewScreen.check_action``)."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("p", "play", "Play", id="review.play", tooltip="Play your recording from the chosen quote; again stops"),
    Binding("e", "correct", "Edit", id="review.correct", tooltip="Correct what was heard, and be marked again"),
    Binding(
        "d",
        "dispute",
        "Dispute",
        id="review.dispute",
        tooltip="Say that the chosen mark is wrong: yours is kept beside it; again takes it back",
    ),
    Binding("h", "hear", "Hear", id="review.hear", tooltip="Hear it: you, the model, you then and you today"),
    Binding("i", "if_then", "If-then", id="review.if_then", tooltip="One sentence for next time: said aloud and kept"),
    Binding("r", "again", "Redo", id="review.again", tooltip="The same call at once"),
    Binding("c", "coached", "Coach", show=False, id="review.coached", tooltip="All that your coach has said of it"),
    Binding("s", "send", "Send", id="review.send", tooltip="The message that must follow"),
    Binding("1", "tab('marks')", "Marks", show=False, id="review.marks", tooltip="The marked checklist"),
    Binding("2", "tab('delivery')", "Delivery", show=False, id="review.delivery", tooltip="How it was said"),
    Binding("3", "tab('words')", "Words", show=False, id="review.words", tooltip="The conversation, labelled"),
    Binding("4", "tab('details')", "Details", show=False, id="review.details", tooltip="What the result rests on"),
    Binding("right", "turn(1)", "Next page", show=False, id="review.next", tooltip="To the next page"),
    Binding("left", "turn(-1)", "Page before", show=False, id="review.before", tooltip="To the page before"),
    Binding("escape", "back", "Back", id="review.back", tooltip="Close the review"),
]
