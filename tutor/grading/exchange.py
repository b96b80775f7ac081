"""Owns noticing that an answer gives one side's role to the other.

With the names taken out, what is said of one side is held against what the reference says of both. Correct answers lean
to their own side; a clause, or a whole answer, that leans clearly to the other has exchanged them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.grading.claims import Claim, Contrary, Said

if TYPE_CHECKING:
    from tutor.grading.features import Array

SHORT, SHORT_COSINE = 3, 0.6
"""A clause of fewer content words says little; it must be closer to speak against anything."""
SWAPS = ((0.5, 0.2), (0.35, 0.3))
"""A swapped clause, names taken out, is so close to what the reference says of the other side, and so much closer than
to anything it says of its own; the farther, the clearer the lead must be."""
NEAR_COPY, FARTHER = 0.8, 1.6
"""A clause this close to what is said of the other side, and so many times farther from its own, has the words of one
with the name of the other."""
EXCHANGED_LEAD = 0.1
EXCHANGED = ((0.2, 0.05),)
"""When the clauses of an answer lean so far to the other side on average, it has exchanged the roles throughout, and
each is read so. Correct answers lean the other way by 0.1 to 0.9 (our own labelled answers)."""
MIXED_LEAD = 0.03
"""An answer that leans so far to the other side on average is in doubt. Of 69 answers made of authored phrasings to
contrasting questions of the chapters 1 does, and of 45 with the names exchanged 34."""
MIXED_CLAUSES = 3
"""... from so many clauses on: of a sentence or two, names alone tell too little."""
LEANING_COSINE = 0.25
"""A clause farther from everything leans nowhere."""
NEARER = 0.02
"""A clause so much nearer to what is said of the other side, names taken out, is no evidence for its own."""
MANY_SIDES = 3
"""With so many sides a clause names them in passing, and nothing is read into it."""
POINT_COSINE = 0.35
"""A swapped clause speaks against those points of the other side that are this close to it, names taken out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Leaning:
    """How a clause about one side stands to what the reference says of both."""

    i: int
    other: Array
    """(c,), True for claims about the other side that deny as the clause does."""
    value: float
    """Closeness to the nearest of them, names taken out."""
    own: float
    """Closeness to the nearest claim about the clause's own side."""


def swaps(claims: Sequence[Claim], said: Sequence[Said], close: Array) -> dict[str, Contrary]:
    """For each point id the clause that gives its role to another side; points without one are left out.

    `close` is (said, claims): cosines with the names taken out.
    """
    import numpy as np

    leanings = _leanings(claims, said, close)
    throughout = _lead(leanings) >= EXCHANGED_LEAD
    found: dict[str, Contrary] = {}
    for lean in leanings:
        clause = said[lean.i]
        bounds = EXCHANGED if throughout else SWAPS
        clear = any(lean.value >= near and lean.value - lean.own >= lead for near, lead in bounds)
        clear |= lean.value >= NEAR_COPY and 1 - lean.own >= FARTHER * (1 - lean.value)
        short = len(clause.stems) <= SHORT and lean.value < SHORT_COSINE and not throughout
        if not clear or short:
            continue
        for k in (int(k) for k in np.flatnonzero(lean.other & (close[lean.i] >= min(POINT_COSINE, lean.value)))):
            point = claims[k].point
            kept = any(
                s.side == claims[k].side and (close[n, k] >= close[lean.i, k] or _alike(s, clause))
                for n, s in enumerate(said)
            )
            if point and not kept and (point not in found or close[lean.i, k] > found[point].closeness):
                found[point] = Contrary("swapped", clause.start, clause.end, clause.text, float(close[lean.i, k]))
    return found


def _alike(one: Said, other: Said) -> bool:
    """True when the same is said of both, whatever stops stand around it."""
    return one.bare.strip(" .,;:") == other.bare.strip(" .,;:")


def _leanings(claims: Sequence[Claim], said: Sequence[Said], close: Array) -> list[_Leaning]:
    import numpy as np

    speaks = np.array([-1 if claim.side is None else claim.side for claim in claims])
    denies_too = np.array([claim.critical for claim in claims])
    out = []
    for i, clause in enumerate(said):
        other = (speaks >= 0) & (speaks != clause.side) & (denies_too == clause.critical)
        if clause.side is not None and other.any():
            own = float(close[i][speaks == clause.side].max(initial=0.0))
            out.append(_Leaning(i, other, float(close[i][other].max()), own))
    return out


def mixes_up(claims: Sequence[Claim], said: Sequence[Said]) -> bool:
    """True when an answer, all its clauses together, rather gives each side what the reference says of the other.

    It is then not taken at its word on what one side does, even where no clause is plain enough to be called swapped.
    """
    import numpy as np

    if not claims or not said or 1 + max((c.side or 0 for c in claims), default=0) >= MANY_SIDES:
        return False
    close = np.stack([s.vector for s in said]) @ np.stack([c.vector for c in claims]).T
    return _lead(_leanings(claims, said, close), MIXED_CLAUSES) >= MIXED_LEAD


def _lead(leanings: Sequence[_Leaning], least: int = 2) -> float:
    """How much nearer the clauses are to what is said of the other side than of their own, on average.

    Fewer clauses than `least` tell nothing.
    """
    leads = [lean.value - lean.own for lean in leanings if max(lean.value, lean.own) >= LEANING_COSINE]
    return sum(leads) / len(leads) if len(leads) >= least else -1.0


def unfit(claims: Sequence[Claim], said: Sequence[Said], point: str) -> list[Said]:
    """The clauses that cannot carry a point about one side.

    They speak of another without so much as naming it, or what they say of it is nearer to what the reference says of
    another.
    """
    sides = {claim.side for claim in claims if claim.point == point and claim.side is not None}
    if len(sides) != 1:
        return []
    mine = [claim for claim in claims if claim.side in sides]
    others = [claim for claim in claims if claim.side is not None and claim.side not in sides]
    return [s for s in said if _of_another(s, sides) or _nearer(s, sides, others, mine)]


def _of_another(clause: Said, sides: set[int]) -> bool:
    return clause.side is not None and clause.side not in sides and not (clause.named & sides)


def _nearer(clause: Said, sides: set[int], others: Sequence[Claim], mine: Sequence[Claim]) -> bool:
    if clause.side not in sides or not others:
        return False
    other = max(float(clause.vector @ claim.vector) for claim in others)
    return other >= max(float(clause.vector @ claim.vector) for claim in mine) + NEARER
