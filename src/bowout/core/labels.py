"""Plain words for ids that people see before there is any result."""

from __future__ import annotations

INTENT_WORDS: dict[str, str] = {
    "reschedule": "move the interview",
    "withdraw": "withdraw",
    "leave": "leave politely",
    "repair": "make amends",
}
CHANNEL_WORDS: dict[str, str] = {"phone": "by phone", "in_person": "face to face", "video": "by video"}
DIFFICULTY_WORDS = ("easy", "fair", "tricky", "hard", "very hard")
EAR_WORDS: dict[str, str] = {"vosk": "Vosk", "builtin": "built-in", "typed": "typed words"}
