"""Which ear listens. Importing this loads no model and none of the libraries behind the ears."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.errors import MissingPart, UsageError
from bowout.ports import Recogniser, Verdict

if TYPE_CHECKING:
    from bowout.speech.aligner import Aligner

ORDER = ("vosk", "builtin", "typed")
"""The best first."""


def available(vosk_model: Path | None = None) -> dict[str, Verdict]:
    """For each ear, best first, whether it can be had. Cheap: looks for files and packages, loads nothing."""
    return {
        "vosk": _vosk(vosk_model),
        "builtin": _builtin(),
        "typed": Verdict(True, "Answers are typed."),
    }


def choose_ear(settings_ear: str, *, vosk_model: Path | None, aligner: Aligner | None) -> Recogniser:
    """The ear the user named, or with ``auto`` the best there is. Nothing is loaded before its ``start``.

    Raises:
        MissingPart: the ear that was named is not there; the hint says how to get it.
        UsageError: there is no ear of that name.
    """
    if settings_ear not in ("auto", *ORDER):
        raise UsageError(f"There is no ear “{settings_ear}”.", f"Choose one of: auto, {', '.join(ORDER)}.")
    verdicts = available(vosk_model)
    name = next(n for n in ORDER if verdicts[n].ok) if settings_ear == "auto" else settings_ear
    if not verdicts[name].ok:
        raise MissingPart(verdicts[name].detail, verdicts[name].fix)
    if name == "vosk" and vosk_model is not None:
        from bowout.speech.ears.vosk import VoskEar

        return VoskEar(vosk_model, aligner=aligner)
    if name == "builtin":
        from bowout.speech.ears.builtin import BuiltinEar

        return BuiltinEar(aligner=aligner)
    from bowout.speech.ears.typed import TypedEar

    return TypedEar()


def _vosk(folder: Path | None) -> Verdict:
    from bowout.speech.ears import vosk_model

    if importlib.util.find_spec("vosk") is None:
        return Verdict(False, "Vosk is not installed.", "Install it with: pip install vosk")
    if folder is None:
        return Verdict(False, "Vosk's English model is not here.", "Fetch it with: bowout model install")
    try:
        vosk_model.check(folder)
    except MissingPart as problem:
        return Verdict(False, problem.message, problem.hint)
    return Verdict(True, f"Vosk with {folder.name}.")


def _builtin() -> Verdict:
    fix = "Install it with: pip install 'bowout[builtin-ear]'"
    spec = importlib.util.find_spec("moonshine_voice")
    folders = [Path(place) / "assets" / "tiny-en" for place in (spec.submodule_search_locations or [])] if spec else []
    if not any((folder / "decoder_model_merged.ort").is_file() for folder in folders):
        return Verdict(False, "The built-in ear's model is not installed.", fix)
    if importlib.util.find_spec("onnxruntime") is None:
        return Verdict(False, "The built-in ear needs onnxruntime, which is not installed.", fix)
    return Verdict(True, "Built-in ear with Moonshine's tiny English model.")


__all__ = ["ORDER", "available", "choose_ear"]
