"""Names that look the same to people and are not the same to a program."""

from __future__ import annotations

import unicodedata

from bowout.core.coaching.roster import folded

_TWINS = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏгпɡı" + "αβεηικμνορτυχγ" + "01|i",
    "abekmhopctyxljsdqwhlrngl" + "abehlkmvoptuxy" + "olll",
)
"""Letters of other scripts, and digits, to the Latin letter that they are drawn like."""
_BLANK = "\u115f\u1160\u2800"
"""What is a letter or a sign and draws nothing."""


def drawn(name: str) -> str:
    """A name as it is seen: the same for all names that can be taken for each other at a glance.

    Accents, case, width, what draws nothing, and the likeness of Latin, Greek and Cyrillic letters are put aside. To
    compare with, not to show.
    """
    parts = unicodedata.normalize("NFKD", folded(name))
    letters = (" " if each in _BLANK else each for each in parts)
    seen = "".join(each for each in letters if unicodedata.category(each)[0] != "M")
    return " ".join(seen.translate(_TWINS).replace("rn", "m").split())


__all__ = ["drawn"]
