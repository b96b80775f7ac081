"""Owns reading both sides clause by clause: what the reference claims, what the answer says, and of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tutor.domain.content import KeyPoint
from tutor.domain.text import sentence_spans
from tutor.grading.evidence import AnswerReading, Unit, clause_spans
from tutor.grading.features import Reader, unit_rows
from tutor.grading.following import follow
from tutor.grading.sides import Sides
from tutor.retrieval.polarity import critical, polarity
from tutor.retrieval.words import content_stems

WHOLE_WORDS = 30
"""A phrasing of several clauses is also taken as a whole when it is a single sentence of so many words at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A clause of the reference side that an answer can turn around."""

    point: str
    """Id of its point; empty for a clause of the reference answer."""
    text: str
    bare: str
    """The clause without the names of the sides."""
    critical: bool
    """It denies something, or says something against its subject."""
    side: int | None
    vector: Any
    """(384,), of `bare`."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A clause of the answer with the side it speaks of."""

    start: int
    end: int
    text: str
    bare: str
    critical: bool
    stems: tuple[str, ...]
    """Content stems without the names of the sides."""
    side: int | None
    named: frozenset[int]
    """Every side it names, were it only to hold it against the one it speaks of."""
    vector: Any
    """(384,), of `bare`."""


@dataclass(frozen=True, slots=True)
class Contrary:
    """Words of the answer that may say the opposite of a point."""

    kind: str
    """denied | swapped | number."""
    start: int
    end: int
    said: str
    closeness: float
    plain: bool = True
    """False when the answer says the point nearly as closely: it is then in doubt, not contradicted."""


def read_claims(points: Sequence[KeyPoint], reference: str, sides: Sides | None, encoder: Reader) -> tuple[Claim, ...]:
    """Every clause of the points and of the reference answer, with the side it speaks of."""
    rows: list[tuple[str, str, int | None]] = []
    for point in points:
        own = _sides_in(point.text, sides)
        for phrasing in point.phrasings:
            found = _sides_in(phrasing, sides)
            named = any(side is not None for _, side in found)
            rows += [(point.id, text, side if named else own[0][1]) for text, side in found]
            if len(found) > 1 and len(sentence_spans(phrasing)) == 1 and len(phrasing.split()) <= WHOLE_WORDS:
                rows.append((point.id, phrasing, found[0][1] if named else own[0][1]))
    rows += [("", text, side) for text, side in _sides_in(reference, sides)]
    if not rows:
        return ()
    bare = [(sides.masked(text) if sides else text) or text for _, text, _ in rows]
    vectors = encoder.encode(bare)
    return tuple(Claim(p, t, b, critical(b), s, v) for (p, t, s), b, v in zip(rows, bare, vectors, strict=True))


def read_said(answer: AnswerReading, sides: Sides | None, encoder: Reader) -> list[Said]:
    """The clauses of an answer in order. Those that name a side are read once more without the names, and those that
    deny something once more by themselves, and both readings count: in a sentence they lean on what stands beside them.

    Pooling around the names instead is cheaper and lets more exchanged roles through (measured on our own answers).
    """
    clauses = _finest(answer)
    if not clauses:
        return []
    bare = [unit.text for unit in clauses]
    vectors = [unit.reading.pooled() for unit in clauses]
    speaks: Sequence[int | None] = [None] * len(bare)
    named: list[frozenset[int]] = [frozenset()] * len(bare)
    if sides is not None:
        grouped: dict[int, list[str]] = {}
        for unit in clauses:
            grouped.setdefault(unit.sentence, []).append(unit.text)
        speaks = follow(sides, list(grouped.values()))
        named = [sides.named(text) for text in bare]
        bare = [sides.masked(text) or text for text in bare]
    again = [i for i, u in enumerate(clauses) if bare[i] != u.text or (u.kind == "clause" and polarity(u.text).cues)]
    for i, row in zip(again, encoder.encode([bare[i] for i in again]) if again else [], strict=True):
        vectors[i] = row if bare[i] != clauses[i].text else unit_rows(vectors[i] + row)
    return [
        Said(u.start, u.end, u.text, b, critical(b), tuple(content_stems(b)), side, n, v)
        for u, b, side, n, v in zip(clauses, bare, speaks, named, vectors, strict=True)
    ]


def _finest(answer: AnswerReading) -> list[Unit]:
    split = {unit.sentence for unit in answer.units if unit.kind == "clause"}
    return [u for u in answer.units if u.kind == "clause" or (u.kind == "sentence" and u.sentence not in split)]


def _sides_in(text: str, sides: Sides | None) -> list[tuple[str, int | None]]:
    """The clauses of a reference text with the side each speaks of; None where it speaks of several or of none."""
    sentences = []
    for start, end in sentence_spans(text) or [(0, len(text))]:
        part = text[start:end]
        sentences.append([part[a:b] for a, b in clause_spans(part)])
    flat = [clause for clauses in sentences for clause in clauses]
    if sides is None:
        return [(clause, None) for clause in flat]
    speaks = follow(sides, sentences)
    return [(c, None if len(sides.abreast(c)) > 1 else side) for c, side in zip(flat, speaks, strict=True)]
