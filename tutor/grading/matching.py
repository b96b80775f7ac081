"""Owns finding the key question that a question in the learner's own words comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.domain.content import KeyQuestion
from tutor.domain.text import normalise
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.grading.features import Reader

FLOOR = 0.58
"""Under this nearness no key question is meant."""
_STEM_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """The key question meant."""

    question: KeyQuestion
    similarity: float
    """0..1: 0.8 x cosine of the questions + 0.2 x shared stems (Dice); 1.0 for the same words."""


def match_question(text: str, questions: Sequence[KeyQuestion], encoder: Reader) -> Match | None:
    """The nearest key question, or None when none is near enough to be meant (`FLOOR`)."""
    wanted = normalise(text).strip(" ?.!")
    for question in questions:
        if wanted and normalise(question.text).strip(" ?.!") == wanted:
            return Match(question, 1.0)
    if not questions or not content_stems(text):
        return None
    vectors = encoder.encode([text, *(question.text for question in questions)])
    cosines = vectors[1:] @ vectors[0]
    stems = set(content_stems(text))
    scores = [
        (1 - _STEM_SHARE) * float(cosine) + _STEM_SHARE * _dice(stems, set(content_stems(question.text)))
        for cosine, question in zip(cosines, questions, strict=True)
    ]
    best = max(range(len(scores)), key=lambda i: scores[i])
    return Match(questions[best], round(scores[best], 4)) if scores[best] >= FLOOR else None


def _dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / max(1, len(left) + len(right))
