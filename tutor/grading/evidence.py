"""Owns where an answer says something: its clauses, sentences and pairs of sentences, and the best of them for a point.

Every stretch is `answer[start:end]`, so what is shown as evidence is always the learner's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.domain.text import sentence_spans
from tutor.grading.features import Question, Reader, Reading, compare, join, read, without

if TYPE_CHECKING:
    from tutor.grading.features import Array, Spans

LEXICAL_SHARE = 0.25
"""How much shared stems add to the cosine when the best stretch is chosen."""
LEAD_SHARE = 0.5
"""How much the lead over the other points of the question adds to it; measured by `scripts/fit_grading.py`'s data."""
MAX_SENTENCES = 60
"""Sentences read of one answer; of a longer one the sentences that share most words with the points are read."""
MAX_SENTENCE = 700
"""Characters of one unbroken sentence; a longer one is read in pieces at blanks."""

_CLAUSE = re.compile(
    r"[;:]\s+|\s[-–—]+\s|,\s+(?:and|but|while|whereas|so|which|because|since|not|instead|then|or)\s+|,\s+"
    r"|\s+(?:but|where|while|whereas|because|since|although|though|so that|which means|instead of|rather than"
    r"|and then|however)\s+"
    r"|\s+and\s+(?=(?:it|they|this|that|the|a|an|its|you|we|I|does|is|are|then|fine|rag)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A stretch of the answer that may say a point."""

    start: int
    end: int
    kind: str
    """clause | sentence | pair."""
    sentence: int
    """Number of the (first) sentence it stands in, counted over the sentences read."""
    reading: Reading

    @property
    def text(self) -> str:
        """The learner's words."""
        return self.reading.text


@dataclass(frozen=True, slots=True, eq=False)
class AnswerReading:
    """An answer, read."""

    units: tuple[Unit, ...]
    vectors: Any
    """(u, 384), unit rows."""
    plain: Any
    """(u, 384), the same with the question's share taken out."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best stretch for one phrasing of a point."""

    unit: Unit
    cosine: float
    features: Any
    """(10,), see `features.NAMES`."""


def answer_spans(text: str, wanted: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """The sentences to read, bounded in length and number; of too many, those sharing most stems with `wanted`."""
    from tutor.retrieval.words import content_stems

    spans = [piece for start, end in sentence_spans(text) for piece in _pieces(text, start, end)]
    if len(spans) <= MAX_SENTENCES:
        return spans
    shared = [len(wanted & set(content_stems(text[start:end]))) for start, end in spans]
    best = sorted(range(len(spans)), key=lambda i: (-shared[i], i))[:MAX_SENTENCES]
    return [spans[i] for i in sorted(best)]


def clause_spans(sentence: str) -> list[tuple[int, int]]:
    """Where the clauses of one sentence stand; fragments under three words join the clause before them."""
    cuts, start = [], 0
    for found in _CLAUSE.finditer(sentence):
        if len(sentence[start : found.start()].split()) >= 3:
            cuts.append((start, found.start()))
            start = found.end()
    if cuts and len(sentence[start:].split()) < 3:
        cuts[-1] = (cuts[-1][0], len(sentence))
    else:
        cuts.append((start, len(sentence)))
    return cuts


def read_answer(
    text: str,
    encoder: Reader,
    question: Question,
    wanted: frozenset[str],
    names: Callable[[str], Spans] | None = None,
) -> AnswerReading:
    """Read an answer once; clauses and pairs are pooled from the sentences' token states."""
    import numpy as np

    spans = answer_spans(text, wanted)
    readings = read([text[start:end] for start, end in spans], encoder, question, names)
    units = [u for i in range(len(spans)) for u in _units(text, spans, readings, i) if u.reading.tokens]
    if not units:
        return AnswerReading((), np.zeros((0, 384)), np.zeros((0, 384)))
    vectors = np.stack([unit.reading.pooled() for unit in units])
    return AnswerReading(tuple(units), vectors, without(vectors, question))


def only(answer: AnswerReading, kept: Sequence[bool]) -> AnswerReading:
    """The answer with some of its stretches."""
    import numpy as np

    units = tuple(unit for unit, stays in zip(answer.units, kept, strict=True) if stays)
    at = np.asarray(kept, dtype=bool)
    return AnswerReading(units, answer.vectors[at], answer.plain[at])


def leads(points: Sequence[Sequence[Reading]], answer: AnswerReading) -> Array:
    """How much nearer each stretch is to each point, by its best phrasing, than to any other point; (u, p).

    Zeros where there is only one point.
    """
    import numpy as np

    if len(points) < 2 or not answer.units:
        return np.zeros((len(answer.units), len(points)))
    near = [(answer.vectors @ np.stack([r.pooled() for r in phrasings]).T).max(axis=1) for phrasings in points]
    table = np.stack(near, axis=1)
    rivals = [np.delete(table, i, axis=1).max(axis=1) for i in range(len(points))]
    result: Array = table - np.stack(rivals, axis=1)
    return result


def find(point: Reading, answer: AnswerReading, question: Question, lead: Array) -> Found | None:
    """The stretch that says most of a phrasing, with the features; None for an answer without words.

    `lead` is the point's column of `leads`, (u,).
    """
    import numpy as np

    if not answer.units:
        return None
    vector = point.pooled()
    cosines = answer.vectors @ vector
    plain = answer.plain @ without(vector, question)
    wants = set(point.stems)
    shared = np.array([len(wants & set(u.reading.stems)) for u in answer.units]) / max(1, len(wants))
    best = int((cosines + LEXICAL_SHARE * shared + LEAD_SHARE * lead).argmax())
    whole = np.array([unit.kind != "clause" for unit in answer.units])
    whole = whole if whole.any() else ~whole
    features = compare(
        point,
        answer.units[best].reading,
        question,
        clause=float(plain.max()),
        sentence=float(plain[whole].max()),
        lead=float(lead[best]),
    )
    return Found(answer.units[best], float(cosines[best]), features)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    out = []
    while end - start > MAX_SENTENCE:
        cut = text.rfind(" ", start + 1, start + MAX_SENTENCE)
        cut = cut if cut > start else start + MAX_SENTENCE
        out.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        out.append((start, end))
    return out


def _units(text: str, spans: Sequence[tuple[int, int]], readings: Sequence[Reading], i: int) -> list[Unit]:
    start, end = spans[i]
    out = [Unit(start, end, "sentence", i, readings[i])]
    clauses = clause_spans(text[start:end])
    if len(clauses) > 1:
        out += [Unit(start + a, start + b, "clause", i, readings[i].cut(a, b)) for a, b in clauses]
    if i + 1 < len(spans) and "\n\n" not in text[end : spans[i + 1][0]] and spans[i + 1][0] - end < 8:
        until = spans[i + 1][1]
        pair = join(readings[i], readings[i + 1], text[start:until], spans[i + 1][0] - start)
        out.append(Unit(start, until, "pair", i, pair))
    return out
