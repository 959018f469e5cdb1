"""Moonshine's tiny English model, run by onnxruntime on one core: greedy decoding with a key/value cache.

The two networks and the vocabulary travel inside the wheel ``moonshine-voice==0.1.0`` (later wheels have none). Its own
library is not loaded: it burns two cores for the work of one and gives no token probabilities.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bowout.errors import BowoutError, MissingPart
from bowout.ports import RATE

Samples = npt.NDArray[np.float32]
"""Mono, ``RATE``, −1…1."""

FILES = ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin")
FIX = "Install it with: pip install 'bowout[builtin-ear]'"
LAYERS, HEADS, WIDTH = 6, 8, 36
"""Shape of the tiny decoder's cache: per layer a key and a value of (1, HEADS, positions, WIDTH)."""
START, END = 1, 2
"""``<s>`` and ``</s>`` in ``tokenizer.bin``."""
TOKENS_PER_S = 6.5
"""Nobody speaks faster; the bound the model's authors use. Ends runaway decoding."""
GHOSTS = frozenset(("you", "the"))
"""All that is written for sounds without speech (measured: zeros, hum, tones, taps give “You”, hiss “The”)."""
SHORTEST_S = 0.6
"""Shorter audio is padded with silence to this: slivers come out as “You”."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One decoded word, punctuation included."""

    text: str
    probability: float
    """Product of the probabilities of its tokens; those that are punctuation alone don't count. Not calibrated."""


def assets() -> Path | None:
    """Folder of the model inside the installed wheel, or ``None``. Imports nothing of it."""
    spec = importlib.util.find_spec("moonshine_voice")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "assets" / "tiny-en"
        if all((folder / name).is_file() for name in FILES):
            return folder
    return None


class Moonshine:
    """The loaded model. ``decode`` may be called from several threads at once."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load from ``folder`` (default: the wheel). Takes 0.3–0.6 s; raises ``MissingPart``."""
        place = folder or assets()
        if place is None:
            raise MissingPart("The built-in ear's model is not installed.", FIX)
        try:
            import onnxruntime
        except ImportError as problem:
            raise MissingPart("The built-in ear needs onnxruntime, which is not installed.", FIX) from problem
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._vocabulary = read_vocabulary((place / FILES[2]).read_bytes())
            self._encoder, self._decoder = (
                onnxruntime.InferenceSession(str(place / name), options, providers=["CPUExecutionProvider"])
                for name in FILES[:2]
            )
        except Exception as problem:  # onnxruntime raises a dozen classes of its own
            raise MissingPart(f"The built-in ear's model can't be loaded: {problem}", FIX) from problem
        self._value = onnxruntime.OrtValue.ortvalue_from_numpy

    def decode(self, samples: Samples) -> list[Guess]:
        """Words of up to 30 s of speech; nothing for no samples. Raises ``BowoutError`` if the runtime fails."""
        if not samples.size:
            return []
        short = int(SHORTEST_S * RATE) - samples.size
        if short > 0:
            samples = np.pad(samples, (short // 2, short - short // 2))
        try:
            tokens, probabilities = self._greedy(samples)
        except Exception as problem:
            raise BowoutError(f"The built-in ear failed: {problem}", "Say it again.") from problem
        return believed(self._words(tokens, probabilities))

    def _greedy(self, samples: Samples) -> tuple[list[int], list[float]]:
        audio = np.ascontiguousarray(samples, dtype=np.float32)[None]
        mask = np.ones(audio.shape, dtype=np.int64)
        hidden = self._encoder.run(None, {"input_values": audio, "attention_mask": mask})[0]
        nothing = self._value(np.zeros((1, HEADS, 0, WIDTH), dtype=np.float32))
        cache = [
            f"{n}.{half}.{kv}" for n in range(LAYERS) for half in ("decoder", "encoder") for kv in ("key", "value")
        ]
        feed: dict[str, Any] = {f"past_key_values.{name}": nothing for name in cache}
        feed["encoder_hidden_states"] = self._value(hidden)
        feed["encoder_attention_mask"] = self._value(mask)
        feed["use_cache_branch"] = self._value(np.array([False]))
        token, tokens, probabilities = START, [], []
        for step in range(int(audio.shape[1] / RATE * TOKENS_PER_S) + 2):
            feed["input_ids"] = self._value(np.array([[token]], dtype=np.int64))
            found = self._decoder.run_with_ort_values(["logits", *(f"present.{name}" for name in cache)], feed)
            logits = found[0].numpy()[0, -1]
            token = int(logits.argmax())
            if token == END:
                break
            tokens.append(token)
            probabilities.append(float(1.0 / np.exp(logits - logits[token]).sum()))
            feed.update(zip((f"past_key_values.{name}" for name in cache), found[1:], strict=True))
            if step == 0:  # the encoder's half of the cache never changes again: don't copy it about
                feed["use_cache_branch"] = self._value(np.array([True]))
                cache = [name for name in cache if ".decoder." in name]
        return tokens, probabilities

    def _words(self, tokens: list[int], probabilities: list[float]) -> list[Guess]:
        words: list[tuple[bytes, float]] = []
        for token, probability in zip(tokens, probabilities, strict=True):
            piece = self._vocabulary[token]
            starts = piece.startswith(_SPACE)
            piece = piece.removeprefix(_SPACE)
            counts = probability if any(chr(b).isalnum() or b > 127 for b in piece) else 1.0
            if starts or not words:
                words.append((piece, counts))
            else:
                text, so_far = words[-1]
                words[-1] = (text + piece, so_far * counts)
        decoded = ((text.replace(_SPACE, b" ").decode("utf-8", "ignore"), p) for text, p in words)
        return [Guess(_TWICE.sub(r"\1", part), p) for text, p in decoded for part in text.split()]


def believed(guesses: list[Guess]) -> list[Guess]:
    """Without signs that are no words (music gives “♪”), and nothing at all if only ``GHOSTS`` are left."""
    words = [g for g in guesses if any(sign.isalnum() for sign in g.text)]
    return words if any(g.text.strip(".,!?").lower() not in GHOSTS for g in words) else []


_TWICE = re.compile(r"([.,!?;:])[.,]+$")
"""“p.m..”, “um,,”: where a phrase ended inside a sentence, the model closes it again."""
_SPACE = "▁".encode()


def read_vocabulary(data: bytes) -> list[bytes]:
    """``tokenizer.bin``: for each token its length (one byte, or two from 128 on: low 7 bits first) and its bytes."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length += (data[at] - 1) * 128
            at += 1
        pieces.append(data[at : at + length])
        at += length
    return [bytes([int(p[3:5], 16)]) if len(p) == 6 and p.startswith(b"<0x") else p for p in pieces]


__all__ = ["Guess", "Moonshine", "Samples", "assets", "read_vocabulary"]
