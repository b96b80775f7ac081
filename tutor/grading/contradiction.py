"""Owns the second channel of the local grader: where an answer may say the opposite of a key point.

Similarity hardly sees a denial and not at all an exchange of roles, so neither is left to it. A clause is held against
a point when it plainly denies or reverses a like clause of the point (`polarity`), when it says of one side what the
point says of the other (`sides`), or when it states another number of the same thing. Each needs a clause that is
close in meaning, and each yields to a clause that says the point at least as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.domain.content import KeyPoint
from tutor.domain.text import sentence_spans
from tutor.grading.evidence import AnswerReading, Unit, clause_spans
from tutor.grading.polarity import critical, denies, disapproves, exchanged
from tutor.grading.sides import Sides, follow
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.grading.features import Array, Reader

DENIAL_COSINE = 0.40
"""A clause that denies a point must be this close to it."""
REVERSAL_COSINE = 0.55
"""A clause that puts an opposite in its place ("slower" for "faster"), or that says it does not serve, this close."""
NUMBER_COSINE = 0.7
"""A clause that states another number of the same thing, this close."""
DENIAL_LEAD = 0.03
"""A denial stands when it is this much closer to the point than anything that says the point."""
WHOLE_WORDS = 30
"""A phrasing of several clauses is also taken as a whole when it is a single sentence of so many words at most."""
OTHER_LEAD = 0.12
"""... or when its clause is this much closer to what is said of another point."""
SHORT, SHORT_COSINE = 3, 0.5
"""A clause of fewer content words says little; it must be closer to speak against anything."""
SWAPS = ((0.5, 0.2), (0.35, 0.3))
"""A swapped clause, names taken out, is so close to what the reference says of the other side, and so much closer than
to anything it says of its own; the farther, the clearer the lead must be."""
MANY_SIDES = 3
"""With so many sides a clause names them in passing, and nothing is read into it."""
POINT_COSINE = 0.35
"""A swapped clause speaks against those points of the other side that are this close to it, names taken out."""


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
    """(384,), of the clause as written."""
    masked: Any
    """(384,), of the clause without the names of the sides; the same as `vector` when there are none."""


@dataclass(frozen=True, slots=True)
class Contrary:
    """Words of the answer that may say the opposite of a point."""

    kind: str
    """denied | swapped | number."""
    start: int
    end: int
    said: str
    closeness: float


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
    if sides:
        rows += [("", text, side) for text, side in _sides_in(reference, sides) if side is not None]
    if not rows:
        return ()
    vectors = encoder.encode([text for _, text, _ in rows])
    bare = [(sides.masked(text) if sides else text) or text for _, text, _ in rows]
    masked = encoder.encode(bare) if sides else vectors
    return tuple(
        Claim(p, t, b, critical(b), s, v, m) for (p, t, s), b, v, m in zip(rows, bare, vectors, masked, strict=True)
    )


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
    vector: Any
    masked: Any


def read_said(answer: AnswerReading, sides: Sides | None, encoder: Reader) -> list[Said]:
    """The clauses of an answer in order; with sides, they are read once more without the names."""
    clauses = _finest(answer)
    if not clauses:
        return []
    texts = [unit.text for unit in clauses]
    vectors = [unit.reading.pooled() for unit in clauses]
    bare, masked = texts, vectors
    speaks: Sequence[int | None] = [None] * len(texts)
    if sides is not None:
        grouped: dict[int, list[str]] = {}
        for unit in clauses:
            grouped.setdefault(unit.sentence, []).append(unit.text)
        speaks = follow(sides, list(grouped.values()))
        bare = [sides.masked(text) or text for text in texts]
        masked = list(encoder.encode(bare))
    return [
        Said(u.start, u.end, u.text, b, critical(b), tuple(content_stems(b)), side, v, m)
        for u, b, side, v, m in zip(clauses, bare, speaks, vectors, masked, strict=True)
    ]


def contraries(claims: Sequence[Claim], said: Sequence[Said]) -> dict[str, Contrary]:
    """For each point id the clause that speaks most clearly against it; points without one are left out."""
    import numpy as np

    if not claims or not said:
        return {}
    plain = np.stack([s.vector for s in said]) @ np.stack([c.vector for c in claims]).T
    bare = np.stack([s.masked for s in said]) @ np.stack([c.masked for c in claims]).T
    sides = 1 + max((c.side or 0 for c in claims), default=0)
    found = _swaps(claims, said, bare) if sides < MANY_SIDES else {}
    for point, contrary in _denials(claims, said, plain).items():
        if point not in found or contrary.closeness > found[point].closeness:
            found[point] = contrary
    return found


def _denials(claims: Sequence[Claim], said: Sequence[Said], close: Array) -> dict[str, Contrary]:
    against: dict[str, Contrary] = {}
    support: dict[str, float] = {}
    for i, clause in enumerate(said):
        spoken_of: dict[str, float] = {}
        denied: dict[str, Contrary] = {}
        for j, claim in enumerate(claims):
            value = float(close[i, j])
            least = DENIAL_COSINE if len(clause.stems) >= SHORT else SHORT_COSINE
            apart = claim.side is not None and clause.side is not None and claim.side != clause.side
            if not claim.point or value < DENIAL_COSINE or apart:
                continue
            kind = _contrary_kind(clause.bare, claim.bare, value)
            if kind == "number" and _known_number(clause.text, claims):
                kind = ""
            if not kind and clause.critical == claim.critical:
                spoken_of[claim.point] = max(spoken_of.get(claim.point, 0.0), value)
            elif kind and value >= least and (claim.point not in denied or value > denied[claim.point].closeness):
                denied[claim.point] = Contrary(kind, clause.start, clause.end, clause.text, value)
        elsewhere = max(spoken_of.values(), default=0.0)
        for point, value in spoken_of.items():
            support[point] = max(support.get(point, 0.0), value)
        for point, contrary in denied.items():
            clear = contrary.closeness + OTHER_LEAD > elsewhere
            if clear and (point not in against or contrary.closeness > against[point].closeness):
                against[point] = contrary
    return {p: c for p, c in against.items() if support.get(p, 0.0) < c.closeness - DENIAL_LEAD}


def _contrary_kind(said: str, claim: str, closeness: float) -> str:
    if denies(said, claim):
        return "denied"
    if closeness < REVERSAL_COSINE:
        return ""
    if len(exchanged(said, claim)) % 2 or (disapproves(said) and not critical(claim)):
        return "denied"
    return "number" if closeness >= NUMBER_COSINE and _other_number(said, claim) else ""


def _swaps(claims: Sequence[Claim], said: Sequence[Said], close: Array) -> dict[str, Contrary]:
    import numpy as np

    speaks = np.array([-1 if claim.side is None else claim.side for claim in claims])
    found: dict[str, Contrary] = {}
    for i, clause in enumerate(said):
        other = (speaks >= 0) & (speaks != clause.side)
        if clause.side is None or not other.any():
            continue
        own = float(close[i][speaks == clause.side].max(initial=0.0))
        j = int(np.where(other, close[i], -1.0).argmax())
        value = float(close[i, j])
        clear = any(value >= near and value - own >= lead for near, lead in SWAPS)
        short = len(clause.stems) <= SHORT and value < SHORT_COSINE
        if not clear or short or clause.critical != claims[j].critical:
            continue
        for k in (int(k) for k in np.flatnonzero(other & (close[i] >= min(POINT_COSINE, value)))):
            point = claims[k].point
            kept = any(s.side == claims[k].side and close[n, k] >= close[i, k] for n, s in enumerate(said))
            if point and not kept and (point not in found or close[i, k] > found[point].closeness):
                found[point] = Contrary("swapped", clause.start, clause.end, clause.text, float(close[i, k]))
    return found


def misplaced(claims: Sequence[Claim], said: Sequence[Said], start: int, end: int, point: str) -> bool:
    """True when a point about one side rests on words that speak of another side only."""
    sides = {claim.side for claim in claims if claim.point == point and claim.side is not None}
    heard = {s.side for s in said if s.start < end and s.end > start}
    return len(sides) == 1 and None not in heard and bool(heard) and not (heard & sides)


_NUMBER = re.compile(r"(?<![\w.])(\d+(?:[.,]\d+)*)\s*(%|[a-z]+)?", re.IGNORECASE)


def _other_number(said: str, claim: str) -> bool:
    """True when both count the same thing and arrive at different numbers."""
    left = {unit.lower(): value for value, unit in _NUMBER.findall(said) if unit}
    right = {unit.lower(): value for value, unit in _NUMBER.findall(claim) if unit}
    same = left.keys() & right.keys()
    return bool(same) and all(left[unit] != right[unit] for unit in same)


def _known_number(said: str, claims: Sequence[Claim]) -> bool:
    known = {number for claim in claims for number in _NUMBER.findall(claim.text)}
    return any(number in known for number in _NUMBER.findall(said))


def _finest(answer: AnswerReading) -> list[Unit]:
    split = {unit.sentence for unit in answer.units if unit.kind == "clause"}
    return [u for u in answer.units if u.kind == "clause" or (u.kind == "sentence" and u.sentence not in split)]


def _sides_in(text: str, sides: Sides | None) -> list[tuple[str, int | None]]:
    sentences = []
    for start, end in sentence_spans(text) or [(0, len(text))]:
        part = text[start:end]
        sentences.append([part[a:b] for a, b in clause_spans(part)])
    flat = [clause for clauses in sentences for clause in clauses]
    speaks: Sequence[int | None] = follow(sides, sentences) if sides else [None] * len(flat)
    return list(zip(flat, speaks, strict=True))
