"""Owns which sentence of the chapter stands behind a key point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.domain.answer import Citation
from tutor.domain.content import KeyPoint
from tutor.domain.passage import Passage, PassageKind
from tutor.domain.text import holds_quote, sentence_spans
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.grading.features import Array, Reader

SUPPORT_FLOOR = 0.6
"""Cosine plus a quarter of the shared stems under which a sentence is not cited."""
_STEM_SHARE = 0.25
_MARKUP = re.compile(r"^(?:#{1,6}\s|\||```|\s*[-|:]+\s*$)")


def cite(point: KeyPoint, passages: Sequence[Passage], encoder: Reader) -> Citation | None:
    """The sentence of a body passage that best supports the point, word for word; None when none does."""
    return cite_all([point], passages, encoder)[0]


def cite_all(points: Sequence[KeyPoint], passages: Sequence[Passage], encoder: Reader) -> list[Citation | None]:
    """One citation for each point, in order; every passage is read once. `n` is the point's place, from 1."""
    import numpy as np

    rows = [(p, s) for p in passages if p.kind is PassageKind.BODY for s in _sentences(p.text)]
    if not rows or not points:
        return [None] * len(points)
    vectors = encoder.encode([sentence for _, sentence in rows])
    said = [set(content_stems(sentence)) for _, sentence in rows]
    wanted = encoder.encode([point.text for point in points])
    out = []
    for n, point in enumerate(points, start=1):
        stems = set(content_stems(point.text))
        shared = np.array([len(stems & s) / max(1, len(stems)) for s in said])
        scores = vectors @ wanted[n - 1] + _STEM_SHARE * shared
        out.append(_citation(n, scores, rows))
    return out


def _citation(n: int, scores: Array, rows: Sequence[tuple[Passage, str]]) -> Citation | None:
    best = int(scores.argmax())
    passage, quote = rows[best]
    if float(scores[best]) < SUPPORT_FLOOR:
        return None
    verified = holds_quote(passage.text, quote)
    return Citation(n, passage.id, passage.chapter_id, passage.heading, quote, verified) if verified else None


def _sentences(text: str) -> list[str]:
    found = (text[start:end] for start, end in sentence_spans(text))
    return [sentence for sentence in found if len(sentence.split()) >= 4 and not _MARKUP.match(sentence)]
