"""Owns noticing that an answer states one of the wrong ideas the author warned of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tutor.domain.content import Misconception
from tutor.domain.grade import MisconceptionFound
from tutor.grading.claims import Claim, Said
from tutor.grading.features import Reader
from tutor.grading.sides import Sides
from tutor.retrieval.polarity import critical, denies, reverses

COSINE = 0.6
"""A clause that states a misconception is at least this close to it."""
LEAD = 0.07
"""... and this much closer than to any point, to any clause of the reference and to the correction."""
WORDS = 3
"""A clause of fewer content words states nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A misconception, read."""

    noun: Misconception
    bare: str
    """Without the names of the sides, like the clauses it is held against."""
    side: int | None
    vector: Any
    correction: Any
    """(384,), or None."""


def read_beliefs(misconceptions: Sequence[Misconception], sides: Sides | None, encoder: Reader) -> tuple[Belief, ...]:
    """Read the wrong ideas and their corrections."""
    if not misconceptions:
        return ()
    bare = [(sides.masked(m.text) if sides else m.text) or m.text for m in misconceptions]
    right = [(sides.masked(m.correction) if sides else m.correction) or m.text for m in misconceptions]
    rows = zip(misconceptions, bare, encoder.encode(bare), encoder.encode(right), strict=True)
    return tuple(
        Belief(m, b, sides.subject(m.text) if sides else None, w, r if m.correction else None) for m, b, w, r in rows
    )


def found_in(
    beliefs: Sequence[Belief], claims: Sequence[Claim], said: Sequence[Said]
) -> tuple[MisconceptionFound, ...]:
    """The misconceptions an answer states, each with the clause that states it."""
    import numpy as np

    if not beliefs or not said:
        return ()
    rows = np.stack([clause.vector for clause in said])
    nearest = (rows @ np.stack([c.vector for c in claims]).T).max(axis=1) if claims else np.zeros(len(said))
    out = []
    for belief in beliefs:
        best: tuple[float, str] = (0.0, "")
        rivals = nearest if belief.correction is None else np.maximum(nearest, rows @ belief.correction)
        for clause, close, rival in zip(said, (float(v) for v in rows @ belief.vector), rivals, strict=True):
            near = len(clause.stems) >= WORDS and close >= max(COSINE, float(rival) + LEAD) and close > best[0]
            if near and not _turned(clause, belief):
                best = (close, clause.text)
        if best[1]:
            out.append(MisconceptionFound(belief.noun.text, best[1], belief.noun.correction))
    return tuple(out)


def _turned(clause: Said, belief: Belief) -> bool:
    """True when the clause speaks of another side, or denies or reverses the wrong idea."""
    if None not in (clause.side, belief.side) and clause.side != belief.side:
        return True
    return (
        reverses(clause.bare, belief.bare)
        or denies(clause.bare, belief.bare)
        or clause.critical != critical(belief.bare)
    )
