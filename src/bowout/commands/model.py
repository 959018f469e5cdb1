"""``bowout model install|check|list``: the speech model of the product's own ear."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.common import add_json
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, BowoutError, UsageError

if TYPE_CHECKING:
    from bowout.speech.model_store import Progress

FETCH = "bowout model install"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("model", help="fetch, check or list the speech model")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    install = actions.add_parser("install", help="fetch a model from its makers, or take it from a file")
    install.add_argument("name", nargs="?", help="which model (default: Vosk's small English one)")
    source = install.add_mutually_exclusive_group()
    source.add_argument(
        "--from", dest="source", type=Path, metavar="FILE.zip|DIR", help="an archive or a folder you have"
    )
    source.add_argument("--url", help="another address of the same archive")
    install.add_argument("--for-setup", action="store_true", help=argparse.SUPPRESS)
    add_json(install)
    install.set_defaults(func=run_install)

    check = actions.add_parser("check", help="are all its files there, and does it decode")
    check.add_argument("name", nargs="?", help="a model's name or folder (default: the one in use)")
    add_json(check)
    check.set_defaults(func=run_check)

    listing = actions.add_parser("list", help="the models there are, and where they lie")
    add_json(listing)
    listing.set_defaults(func=run_list)


def run_install(arguments: argparse.Namespace) -> int:
    from bowout.speech.model_store import install

    try:
        installed = install(arguments.name, source=arguments.source, url=arguments.url, progress=_Display().show)
    except BowoutError as error:
        if not arguments.for_setup:
            raise
        tell(f"  {error.message} The built-in ear listens instead; “{FETCH}” fetches Vosk's English model later.")
        return error.exit_code
    if arguments.json:
        emit(
            {
                "name": installed.name,
                "path": str(installed.path),
                "verified": installed.verified,
                "fresh": installed.fresh,
                "detail": installed.detail,
            }
        )
        return EXIT_DONE
    tell_or_say = tell if arguments.for_setup else say
    tell_or_say(f"{installed.name} is {'installed' if installed.fresh else 'there already'}: {installed.detail}.")
    tell_or_say(f"It lies in {installed.path}")
    if not installed.verified:
        tell_or_say("Where it comes from could not be verified: only its makers' archive has a known sha256.")
    return EXIT_DONE


def run_check(arguments: argparse.Namespace) -> int:
    from bowout.speech.model_store import check_model

    folder = _folder(arguments.name)
    if folder is None:
        if arguments.json:
            emit({"ok": False, "path": None, "detail": "no Vosk model was found", "fix": FETCH})
        tell(f"No Vosk model was found. Fetch it with: {FETCH}")
        return EXIT_MISSING
    verdict = check_model(folder)
    if arguments.json:
        emit({"ok": verdict.ok, "path": str(folder), "detail": verdict.detail, "fix": verdict.fix})
    else:
        say(f"{folder}: {'well' if verdict.ok else 'not well'}: {verdict.detail}")
        if verdict.fix:
            tell(f"Fix: {verdict.fix}")
    return EXIT_DONE if verdict.ok else EXIT_NO


def run_list(arguments: argparse.Namespace) -> int:
    from bowout.speech.model_lock import read_lock
    from bowout.speech.model_store import model_folders

    found = model_folders()
    for model in read_lock():
        path = found.pop(model.name, None)
        if arguments.json:
            emit(_listed(model.name, path, megabytes=round(model.bytes / 1e6, 1), licence=model.licence, url=model.url))
        else:
            say(f"{model.name}  {model.bytes / 1e6:.0f} MB, {model.licence}: {path or f'not here; {FETCH} fetches it'}")
    for name, path in found.items():
        if arguments.json:
            emit(_listed(name, path, megabytes=None, licence=None, url=None))
        else:
            say(f"{name}  (not in the list of models): {path}")
    return EXIT_DONE


def _listed(name: str, path: Path | None, **facts: Any) -> dict[str, Any]:
    return {"name": name, "path": str(path) if path else None, **facts}


def _folder(name: str | None) -> Path | None:
    """The folder that is meant; one that exists although it is not whole is found as well, so that it can be told."""
    from bowout.speech.model_store import find_vosk_model, model_folders

    if name is not None:
        folder = model_folders(whole=False).get(name, Path(name))
        if not folder.is_dir():
            raise UsageError(f"There is no model and no folder “{name}”.", "See: bowout model list")
        return folder
    return find_vosk_model() or next(iter(model_folders(whole=False).values()), None)


class _Display:
    """Progress on standard error: a moving bar on a terminal, a line for every tenth elsewhere."""

    WIDTH = 30
    REDRAW_S = 0.1

    def __init__(self) -> None:
        self._stage = ""
        self._tenth = -1
        self._drawn_at = 0.0
        self._moving = 0

    def show(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            self._wipe()
            self._stage, self._tenth = progress.stage, -1
            line = {
                "wait": "waiting for another installation to end",
                "connect": f"fetching {progress.note}",
                "download": "",
                "verify": f"verifying {progress.note}",
                "unpack": f"unpacking {progress.note}".rstrip(),
                "test": "trying it: decoding half a second",
                "done": "",
            }[progress.stage]
            if line:
                tell(line)
        if progress.total:
            self._bar(progress.done, progress.total)

    def _bar(self, done: int, total: int) -> None:
        text = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
        if not sys.stderr.isatty():
            if done * 10 // total > self._tenth:
                self._tenth = done * 10 // total
                tell(f"  {text}")
            return
        now = time.monotonic()
        if done < total and now - self._drawn_at < self.REDRAW_S:
            return
        self._drawn_at = now
        full = done * self.WIDTH // total
        line = f"  [{'#' * full}{'.' * (self.WIDTH - full)}] {text}"
        sys.stderr.write("\r" + line.ljust(self._moving))
        sys.stderr.flush()
        self._moving = len(line)
        if done >= total:
            self._wipe()

    def _wipe(self) -> None:
        if self._moving:
            sys.stderr.write("\r" + " " * self._moving + "\r")
            self._moving = 0
