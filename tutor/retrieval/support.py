"""Owns which passages of a chapter stand behind some claims, and how well sentences support one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage, PassageKind
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tutor.retrieval.encoder import Encoder

MOST = 8
"""Passages handed to a grader at most; a chapter's key points stand in fewer sections than this."""


def supporting(passages: Iterable[Passage], claims: Sequence[str]) -> list[Passage]:
    """The body passages that share most content words with each claim, at most `MOST`.

    Every claim brings its best passage before any brings its second, so that each can be cited.
    """
    bodies = [
        (passage, set(content_stems(f"{passage.heading} {passage.text}")))
        for passage in passages
        if passage.kind is not PassageKind.REFERENCE
    ]
    rankings = []
    for claim in claims:
        stems = set(content_stems(claim))
        ranked = sorted(bodies, key=lambda body: -len(stems & body[1]) / (len(body[1]) ** 0.25 or 1))
        rankings.append([passage for passage, words in ranked if stems & words])
    chosen: dict[str, Passage] = {}
    for place in range(max(map(len, rankings), default=0)):
        for ranking in rankings:
            if place < len(ranking) and len(chosen) < MOST:
                chosen.setdefault(ranking[place].id, ranking[place])
    return list(chosen.values())


class SupportMeasure:
    """Cosine of a claim and the nearest sentence, each text encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, claim: str, sentences: Sequence[str]) -> float:
        """-1..1; 0 when there are no sentences."""
        import numpy as np

        wanted = [text for text in dict.fromkeys([claim, *sentences]) if text not in self._known]
        if wanted:
            self._known.update(zip(wanted, self._encoder.encode(wanted), strict=True))
        if not sentences:
            return 0.0
        rows = np.stack([self._known[text] for text in sentences])
        return float((rows @ self._known[claim]).max())
