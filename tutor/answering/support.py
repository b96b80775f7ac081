"""Owns whether a passage bears out a sentence that cites it, and with which of its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answering.shown import plain
from tutor.domain.passage import Passage
from tutor.domain.text import sentence_spans
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder

COSINE = 0.45
"""A sentence this near a sentence of the passage is borne out. Measured on the key points of the first chapters: as
authored, all pass; worded so as to share no words with them, a third; put to another passage of the same chapter, 7 %,
of another chapter, 4 %. Shared words added nothing to it."""
SHARE = 0.50
"""Without the encoder: the share of a sentence's content stems the passage must have. 45 % of the same claims pass,
11 % of those put to another passage."""
FEWEST_WORDS = 3
"""A shorter sentence is not worth quoting while there are others."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Support:
    """How a passage stands to a sentence."""

    holds: bool
    quote: str
    """The nearest sentence of the passage, exactly as it stands there."""
    cosine: float | None
    """Of the sentence and the quote; None without the encoder."""
    share: float
    """Share of the sentence's content stems found in the passage, 0..1."""


def supports(pairs: Sequence[tuple[str, Passage]], encoder: "Encoder | None") -> list[Support]:
    """For each sentence and passage, whether the passage bears the sentence out.

    Near enough by meaning, or by words without the encoder; but a number that the passage does not have is never
    borne out. It cannot tell a claim from its opposite.
    """
    sentences = {passage.id: _sentences(passage) for _, passage in pairs}
    texts = list(dict.fromkeys([claim for claim, _ in pairs] + [plain(s) for ss in sentences.values() for s in ss]))
    rows = {text: row for row, text in enumerate(texts)}
    vectors = encoder.encode(texts) if encoder is not None and texts else None
    found = []
    for claim, passage in pairs:
        quotes = sentences[passage.id]
        stems = set(content_stems(claim))
        share = _share(stems, f"{passage.chapter} {passage.heading} {plain(passage.text)}")
        if vectors is None:
            quote = max(quotes, key=lambda one: _share(stems, one), default="")
            found.append(Support(share >= SHARE and _numbers_held(claim, passage), quote, None, share))
            continue
        near = [float(vectors[rows[plain(one)]] @ vectors[rows[claim]]) for one in quotes]
        best = max(range(len(near)), key=near.__getitem__, default=-1)
        cosine = near[best] if near else 0.0
        holds = cosine >= COSINE and _numbers_held(claim, passage)
        found.append(Support(holds, quotes[best] if near else "", cosine, share))
    return found


def _sentences(passage: Passage) -> list[str]:
    found = [passage.text[start:end] for start, end in sentence_spans(passage.text)]
    return [one for one in found if len(one.split()) >= FEWEST_WORDS and not one.startswith("|")] or found


def _share(stems: set[str], text: str) -> float:
    return len(stems & set(content_stems(text))) / len(stems) if stems else 0.0


def _numbers_held(claim: str, passage: Passage) -> bool:
    held = set(_NUMBER.findall(f"{passage.chapter} {passage.heading} {passage.text}"))
    return all(number in held for number in _NUMBER.findall(claim))
