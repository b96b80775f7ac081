"""Owns noticing that an answer states one of the wrong ideas the author warned of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tutor.domain.content import Misconception
from tutor.domain.grade import MisconceptionFound
from tutor.grading.contradiction import Claim, Said
from tutor.grading.features import Reader
from tutor.grading.polarity import critical, denies, exchanged

COSINE = 0.65
"""A clause that states a misconception is at least this close to it."""
LEAD = 0.1
"""... and this much closer than to any point, to any clause of the reference and to the correction."""


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """A misconception, read."""

    noun: Misconception
    vector: Any
    correction: Any
    """(384,), or None."""


def read_beliefs(misconceptions: Sequence[Misconception], encoder: Reader) -> tuple[Belief, ...]:
    """Read the wrong ideas and their corrections."""
    if not misconceptions:
        return ()
    wrong = encoder.encode([m.text for m in misconceptions])
    right = encoder.encode([m.correction or m.text for m in misconceptions])
    rows = zip(misconceptions, wrong, right, strict=True)
    return tuple(Belief(m, w, r if m.correction else None) for m, w, r in rows)


def found_in(
    beliefs: Sequence[Belief], claims: Sequence[Claim], said: Sequence[Said]
) -> tuple[MisconceptionFound, ...]:
    """The misconceptions an answer states, each with the clause that states it."""
    out = []
    for belief in beliefs:
        best: tuple[float, str] = (0.0, "")
        for clause in said:
            close = float(clause.vector @ belief.vector)
            rivals = [float(clause.vector @ claim.vector) for claim in claims]
            rivals += [float(clause.vector @ belief.correction)] if belief.correction is not None else []
            turned = (
                denies(clause.text, belief.noun.text)
                or len(exchanged(clause.text, belief.noun.text)) % 2 == 1
                or critical(clause.text) != critical(belief.noun.text)
            )
            if not turned and close >= max(COSINE, max(rivals, default=0.0) + LEAD) and close > best[0]:
                best = (close, clause.text)
        if best[1]:
            out.append(MisconceptionFound(belief.noun.text, best[1], belief.noun.correction))
    return tuple(out)
