"""Owns how a key point and an answer are compared: seven similarities, none of them length.

A text is read once by the encoder (see `Reading`); clauses, sentences and pairs are slices of what was read. Every
feature rises when the answer says more of the point, so the coefficients over them are kept non-negative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tutor.retrieval.words import STOP_WORDS, content_stems, stem

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]
    Spans = Sequence[tuple[int, int]]

NAMES = ("recall", "agreement", "lead", "ahead", "company", "whole", "fresh")
"""How much of the point finds a like token in the stretch, and the harmonic mean of that and its reverse; how much
nearer the stretch is to this point than to the nearest other point, and than to the others on average; how near the
answer comes to the other points; how near all that it says of the points comes to all of them, as it stands and with
the question's share taken out."""

QUESTION_DAMPING = 0.15
"""Words of the question weigh this much: repeating it is no answer."""
STOP_WEIGHT = 0.05
SHORT_WORD_WEIGHT = 0.7
"""Words of up to four letters weigh less than longer ones, which are rarer: a stand-in for inverse frequency."""


class States(Protocol):
    """What the encoder tells of one text: its tokens, their character offsets (t, 2), unit states (3, t, 384)."""

    tokens: list[str]
    offsets: Array
    layers: Array


class Reader(Protocol):
    """The part of the sentence encoder that grading uses."""

    def tokens(self, texts: Sequence[str]) -> list[Any]:
        """States of the tokens of each text."""

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit rows (n, 384)."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What the question gives away."""

    stems: frozenset[str]
    vector: Array
    """Unit, (384,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as the encoder saw it."""

    text: str
    tokens: tuple[str, ...]
    offsets: Array
    """(t, 2), characters in `text`."""
    layers: Array
    """(3, t, 384), unit rows for hidden layers 0, 3, 6."""
    weights: Array
    """(t,), how much each token says."""
    stems: tuple[str, ...]
    """Content stems in order."""

    def pooled(self) -> Array:
        """The unit mean of the top layer, (384,); near to the encoder's own vector."""
        import numpy as np

        mean = self.layers[2].mean(axis=0) if len(self.tokens) else np.zeros(self.layers.shape[2], np.float32)
        return unit_rows(mean)

    def cut(self, start: int, end: int) -> Reading:
        """The part between two characters, offsets counted from `start`."""
        keep = (self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= end)
        tokens = tuple(token for token, kept in zip(self.tokens, keep, strict=True) if kept)
        text = self.text[start:end]
        return Reading(
            text,
            tokens,
            self.offsets[keep] - start,
            self.layers[:, keep],
            self.weights[keep],
            tuple(content_stems(text)),
        )


def join(first: Reading, second: Reading, text: str, gap: int) -> Reading:
    """Two readings side by side; `gap` is where the second begins in `text`."""
    import numpy as np

    return Reading(
        text,
        first.tokens + second.tokens,
        np.concatenate([first.offsets, second.offsets + gap]),
        np.concatenate([first.layers, second.layers], axis=1),
        np.concatenate([first.weights, second.weights]),
        first.stems + second.stems,
    )


def read(
    texts: Sequence[str], encoder: Reader, question: Question | None, names: Callable[[str], Spans] | None = None
) -> list[Reading]:
    """Read the texts in one go; with a question, its words are damped.

    `names` gives the spans of the things that the question sets against each other: their tokens are passed over, so
    that a clause is not near a point for speaking of the same thing. Who it speaks of is judged elsewhere.
    """
    import numpy as np

    known = question.stems if question else frozenset()
    out = []
    for text, states in zip(texts, encoder.tokens(texts), strict=True):
        offsets = np.asarray(states.offsets).reshape(-1, 2)
        kept = _outside(offsets, names(text) if names else ())
        weights = _weights(text, states.tokens, offsets, known)[kept]
        tokens = tuple(token for token, stays in zip(states.tokens, kept, strict=True) if stays)
        layers = np.asarray(states.layers)[:, kept]
        out.append(Reading(text, tokens, offsets[kept], layers, weights, tuple(content_stems(text))))
    return out


def _outside(offsets: Array, spans: Spans) -> Array:
    import numpy as np

    kept = np.ones(len(offsets), dtype=bool)
    for start, end in spans:
        kept &= (offsets[:, 1] <= start) | (offsets[:, 0] >= end)
    return kept if kept.any() else ~kept


def read_question(text: str, encoder: Reader) -> Question:
    """What the question gives away, for damping."""
    return Question(frozenset(content_stems(text)), encoder.encode([text])[0])


def without(vector: Array, question: Question) -> Array:
    """The unit vector with its share along the question's taken out; rows are treated one by one."""
    import numpy as np

    shares = vector @ question.vector
    rest = vector - np.multiply.outer(shares, question.vector)
    return unit_rows(rest)


def alignment(point: Reading, unit: Reading) -> tuple[float, float]:
    """How much of the point finds a like token in the stretch, and the harmonic mean of that and its reverse; 0..1."""
    if not point.tokens or not unit.tokens or not point.weights.sum() or not unit.weights.sum():
        return 0.0, 0.0
    similar = point.layers[2] @ unit.layers[2].T
    recall = max(0.0, float((similar.max(axis=1) * point.weights).sum() / point.weights.sum()))
    precision = max(0.0, float((similar.max(axis=0) * unit.weights).sum() / unit.weights.sum()))
    return recall, 2 * recall * precision / max(1e-9, recall + precision)


def _weights(text: str, tokens: Sequence[str], offsets: Array, known: frozenset[str]) -> Array:
    import numpy as np

    weights = np.zeros(len(tokens), np.float32)
    i = 0
    while i < len(tokens):
        j = i + 1
        while j < len(tokens) and tokens[j].startswith("##"):
            j += 1
        word = text[offsets[i, 0] : offsets[j - 1, 1]].lower()
        weights[i:j] = word_weight(word, known) / (j - i) ** 0.5
        i = j
    return weights if weights.sum() > 0 else weights + 1.0


def word_weight(word: str, known: frozenset[str]) -> float:
    """How much one lower-case word says, 0..1."""
    if not re.match(r"\w", word):
        return 0.0
    if word in STOP_WORDS:
        return STOP_WEIGHT
    weight = SHORT_WORD_WEIGHT if len(word) <= 4 and word.isalpha() else 1.0
    return weight * (QUESTION_DAMPING if stem(word) in known else 1.0)


def unit_rows(rows: Array) -> Array:
    """Each row, or the one vector, at length 1; zeros stay."""
    import numpy as np

    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    result: Array = rows / np.maximum(norms, 1e-9)
    return result
