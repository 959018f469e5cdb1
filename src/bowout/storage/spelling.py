"""Known misspellings, found by codespell in a process of its own (it is GPL, and never imported).

It knows mistakes, not words: names, job titles, and British and American spelling are all left alone.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Collection, Mapping

from bowout.errors import MissingPart

PATIENCE_S = 10.0
"""It takes about 0.15 s."""
_FOUND = re.compile(r"^\t(\S+) ==> (.+)$", re.MULTILINE)


def misspelt(text: str, names: Collection[str]) -> Mapping[str, str]:
    """Misspelt words of ``text`` → what is meant (the first guess). Words of ``names`` are left alone.

    Raises ``MissingPart``: there is no codespell here, or it does not answer.
    """
    if importlib.util.find_spec("codespell_lib") is None:
        raise MissingPart("Spelling can't be checked: codespell is not installed.", "Read it once more yourself.")
    try:
        done = subprocess.run(
            # Python's isolated mode and another folder: nothing from where the user stands is run or read.
            [sys.executable, "-I", "-m", "codespell_lib", "--builtin", "clear", "-"],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            cwd=sys.prefix,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingPart(
            "Spelling can't be checked: codespell does not run.", "Read it once more yourself."
        ) from error
    if done.returncode not in (0, 64, 65) and not done.stdout:
        raise MissingPart("Spelling can't be checked: codespell does not run.", "Read it once more yourself.")
    known = {word.lower() for name in names for word in re.findall(r"\w+", name)}
    found = _FOUND.findall(done.stdout.decode("utf-8", "replace").replace("\r\n", "\n"))
    return {word: better.split(",")[0].strip() for word, better in found if word.lower() not in known}


__all__ = ["misspelt"]
