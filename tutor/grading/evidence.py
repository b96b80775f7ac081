"""Owns where an answer says something: its clauses, sentences and pairs of sentences, and the best of them for a point.

Every stretch is `answer[start:end]`, so what is shown as evidence is always the learner's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.domain.text import sentence_spans
from tutor.grading.features import Question, Reader, Reading, alignment, join, read, unit_rows, without

if TYPE_CHECKING:
    from tutor.grading.features import Spans

LEXICAL_SHARE = 0.25
"""How much shared stems add to the cosine when the best stretch is chosen."""
LEAD_SHARE = 0.5
"""How much the lead over the other points of the question adds to it; measured by `scripts/fit_grading.py`'s data."""
BEST = 3
"""So many of the best stretches are aligned with a point token by token."""
MAX_SENTENCES = 60
"""Sentences read of one answer; of a longer one the sentences that share most words with the points are read."""
MAX_SENTENCE = 700
"""Characters of one unbroken sentence; a longer one is read in pieces at blanks."""

_CLAUSE = re.compile(
    r"[;:]\s+|\s*\n\s*(?=[\w-]+(?: [\w-]+)?:\s)|\s+(?=\(?[1-9a-e]\)\s)|\s(?:[-–—]+|[-=]+>|→|⇒)\s"
    r"|,\s+(?:and|but|while|whereas|so|which|because|since|not|instead|then|or)\s+|,\s+"
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


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How an answer stands to the points of a question, all of them together."""

    near: Any
    """(u, p): cosine of each stretch and each point, by its best phrasing."""
    company: Any
    """(p,): how near the best stretches come to the other points, on average; to itself where it is alone."""
    whole: float
    """Cosine of what the best stretches say together and what the points say together."""
    fresh: float
    """The same with the question's share taken out."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best stretch for one phrasing of a point."""

    unit: Unit
    cosine: float
    features: Any
    """(7,), see `features.NAMES`."""


def answer_spans(text: str, wanted: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """The sentences to read, bounded in length and number; of too many, those sharing most stems with `wanted`."""
    from tutor.retrieval.words import content_stems

    spans = [piece for start, end in sentence_spans(text, typed=True) for piece in _pieces(text, start, end)]
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
        return AnswerReading((), np.zeros((0, 384)))
    return AnswerReading(tuple(units), np.stack([unit.reading.pooled() for unit in units]))


def stand(points: Sequence[Sequence[Reading]], answer: AnswerReading, question: Question) -> Standing:
    """How the answer stands to the points, each given as its phrasings."""
    import numpy as np

    vectors = [np.stack([phrasing.pooled() for phrasing in phrasings]) for phrasings in points]
    if not answer.units:
        return Standing(np.zeros((0, len(points))), np.zeros(len(points)), 0.0, 0.0)
    near = np.stack([(answer.vectors @ rows.T).max(axis=1) for rows in vectors], axis=1)
    best = near.max(axis=0)
    company = (best.sum() - best) / (len(points) - 1) if len(points) > 1 else best
    said = unit_rows(answer.vectors[near.argmax(axis=0)].mean(axis=0))
    meant = unit_rows(np.stack([unit_rows(rows.mean(axis=0)) for rows in vectors]).mean(axis=0))
    fresh = float(without(said, question) @ without(meant, question))
    return Standing(near, company, float(said @ meant), fresh)


def find(phrasing: Reading, i: int, answer: AnswerReading, standing: Standing, may: Sequence[bool]) -> Found | None:
    """The stretch that says most of a phrasing of point `i`, with the features; None for an answer without words.

    `may` tells for each stretch whether it is looked at.
    """
    import numpy as np

    rows = np.flatnonzero(np.asarray(may, dtype=bool))
    if not len(rows):
        return None
    cosines = answer.vectors[rows] @ phrasing.pooled()
    others = np.delete(standing.near[rows], i, axis=1)
    alone = others.shape[1] == 0
    lead = np.zeros(len(rows)) if alone else cosines - others.max(axis=1)
    ahead = np.zeros(len(rows)) if alone else cosines - others.mean(axis=1)
    wants = set(phrasing.stems)
    shared = np.array([len(wants & set(answer.units[u].reading.stems)) for u in rows]) / max(1, len(wants))
    order = np.argsort(-(cosines + LEXICAL_SHARE * shared + LEAD_SHARE * lead), kind="stable")[:BEST]
    aligned = [alignment(phrasing, answer.units[rows[k]].reading) for k in order]
    best = int(order[0])
    recall, agreement = (max(column) for column in zip(*aligned, strict=True))
    company = float(standing.company[i])
    features = [recall, agreement, lead[best], ahead.max(), company, standing.whole, standing.fresh]
    return Found(answer.units[rows[best]], float(cosines[best]), np.asarray(features, dtype=np.float64))


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
