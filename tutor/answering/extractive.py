"""Owns the answer without a language model: the sentences of the material that answer best, in reading order.

A sentence is worth what its passage and it itself contribute; `taking` decides which of them make an answer.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tutor.answering.asking import Asking, Kind
from tutor.answering.excerpts import Excerpt, excerpts_of
from tutor.answering.taking import Candidate, Taking, sides_in
from tutor.answering.vocabulary import coverage
from tutor.domain.passage import Hit, PassageKind
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder

PASSAGES = 6
"""Passages whose sentences are looked at; encoding the sentences of more would take longer than half a second."""
TWIN = 0.85
"""Cosine from which two sentences say the same."""
SAME_QUESTION = 0.60
"""Cosine of a learner's question and a key question from which its reference answer is quoted too."""

BY_SENTENCE, BY_WORDS, BY_PASSAGE = 0.40, 0.15, 0.45
"""What a sentence's own cosine, its share of the subject's words, and its passage contribute to its score."""
BY_HEADING = 0.5
"""What the cosine of the heading contributes to a passage's score; that of the whole passage contributes the rest."""
CUE, SIDE, TOPIC, NEIGHBOUR = 0.04, 0.03, 0.05, 0.06
"""Bonuses: it has the form asked for; for each compared thing it names; it opens a section (the chapters put the answer
there); it stands beside a taken one."""
FIRST_PERSON = -0.04
"""The same claim without "I" reads better in an answer."""
ASIDE = -0.08
"""A worked example shows; it seldom answers."""

_NEVER = re.compile(r"follow-?up|check yourself|sources|why interviewers|how to say|in this chapter", re.I)
_WRONG = re.compile(r"mistake|red flag|misconception|pitfall", re.I)
_EXAMPLE = re.compile(r"worked example|\bdrill\b|exercise", re.I)


def choose(
    asking: Asking, subject: Mapping[str, float], hits: Sequence[Hit], encoder: "Encoder | None"
) -> list[Excerpt]:
    """The excerpts that answer a question, passage by passage, the best passage first. Empty when nothing is quotable.

    `subject` is the question's stems with their weights. The reference answer of a key question is quoted only when
    the learner's question is nearly the same.
    """
    sources = _sources(asking, subject, hits, encoder)
    excerpts = [(worth, hit, excerpts_of(hit.passage)) for hit, worth in sources]
    likeness = _Likeness(asking.text, [one.text for *_, found in excerpts for one in found], encoder)
    candidates: list[Candidate] = []
    for worth, hit, found in excerpts:
        first = len(candidates)
        for excerpt in found:
            place = len(candidates)
            score = BY_PASSAGE * worth + _score(asking, subject, excerpt, likeness.cosine(place))
            opens = place == first and hit.passage.kind is PassageKind.BODY
            before = _before(excerpt, candidates[first:])
            candidates.append(Candidate(excerpt, score + TOPIC * opens, place, worth, before))
    taken = Taking(asking, candidates, likeness.twins).take()
    best: dict[str, float] = {}
    for one in taken:
        best[one.excerpt.passage.id] = max(best.get(one.excerpt.passage.id, 0.0), one.score)
    return [one.excerpt for one in sorted(taken, key=lambda one: (-best[one.excerpt.passage.id], one.place))]


def _before(excerpt: Excerpt, so_far: Sequence[Candidate]) -> Candidate | None:
    """What a reader has just read when coming to an excerpt; None for the first item of a list that stands as one."""
    for one in reversed(so_far):
        if one.excerpt.end <= excerpt.start:
            return one
        if one.excerpt.items and one.excerpt.items[0][0] == excerpt.start:
            return None
    return None


def _sources(
    asking: Asking, subject: Mapping[str, float], hits: Sequence[Hit], encoder: "Encoder | None"
) -> list[tuple[Hit, float]]:
    """The passages that may be quoted, with how well they bear on the question: 0..1, by cosine of text and heading."""
    wrong_allowed = Kind.MISTAKE in asking.kinds
    kept = [hit for hit in hits if not _NEVER.search(hit.passage.heading)]
    kept = [hit for hit in kept if wrong_allowed or not _WRONG.search(hit.passage.heading)]
    headings = _Likeness(asking.text, [hit.passage.heading for hit in kept], encoder)
    sources = []
    for place, hit in enumerate(kept):
        heading = headings.cosine(place)
        if heading is None or hit.cosine is None:
            heading, text = coverage(subject, [hit.passage.heading]), hit.score
        else:
            text = hit.cosine
        if hit.passage.kind is PassageKind.REFERENCE and heading < SAME_QUESTION:
            continue
        worth = BY_HEADING * heading + (1 - BY_HEADING) * text + ASIDE * bool(_EXAMPLE.search(hit.passage.heading))
        sources.append((hit, worth))
    sources.sort(key=lambda source: -source[1])
    return sources[:PASSAGES]


class _Likeness:
    """How like a question some texts are, and each other; without an encoder, by their stems."""

    def __init__(self, question: str, texts: Sequence[str], encoder: "Encoder | None") -> None:
        self._vectors = encoder.encode([question, *texts]) if encoder is not None and texts else None
        self._stems = [] if self._vectors is not None else [set(content_stems(text)) for text in texts]

    def cosine(self, place: int) -> float | None:
        """Of the question and a text; None without an encoder."""
        return None if self._vectors is None else float(self._vectors[place + 1] @ self._vectors[0])

    def twins(self, one: int, other: int) -> bool:
        """True when two texts say the same."""
        if self._vectors is not None:
            return bool(self._vectors[one + 1] @ self._vectors[other + 1] > TWIN)
        a, b = self._stems[one], self._stems[other]
        return len(a & b) > TWIN * max(1, min(len(a), len(b)))


def _score(asking: Asking, subject: Mapping[str, float], excerpt: Excerpt, cosine: float | None) -> float:
    """What the sentence itself contributes to its score."""
    named = coverage(subject, [excerpt.text])
    own = (BY_SENTENCE + BY_WORDS) * named if cosine is None else BY_SENTENCE * cosine + BY_WORDS * named
    own += CUE * asking.fits(excerpt.text) + SIDE * len(sides_in(asking, excerpt.text))
    return own + FIRST_PERSON * bool(re.search(r"\b(?:I|we|my)\b", excerpt.text))
