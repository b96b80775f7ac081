"""Owns how probably an answer says each point, and which of its words may stand as evidence for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.domain.content import KeyPoint
from tutor.grading.claims import Claim, Contrary, Said
from tutor.grading.contradiction import doubts
from tutor.grading.evidence import AnswerReading, Found, Standing, Unit, find, stand
from tutor.grading.exchange import mixes_up, unfit
from tutor.grading.features import Question, Reading
from tutor.grading.recalibration import IDENTITY, Recalibration
from tutor.grading.weights import COVERED_AT, Weights

DOUBTED = 0.49
"""What a point is worth at most that rests on words which may speak against it: unsure, and short of one half."""
TURNED_SHARE = 0.5
"""An answer that may contradict this share of the points, two at least, is not taken at its word on the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One answer with what it is judged against, all of it read."""

    question: Question
    phrasings: Mapping[str, Sequence[Reading]]
    """Point id -> its wordings."""
    claims: Sequence[Claim]
    answer: AnswerReading
    said: Sequence[Said]
    against: Mapping[str, Contrary]
    """Point id -> the words that may contradict it."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How probably the answer says a point, and where."""

    probability: float
    found: Found | None
    raw: float | None = None
    """The probability before recalibration; None where something else decided."""
    turned: Said | None = None
    """The clause that would say the point if it did not seem to deny it."""


def judge_all(
    points: Sequence[KeyPoint], case: Case, weights: Weights, *, learned: Recalibration = IDENTITY
) -> list[Judged]:
    """For each point the best of its phrasings: how probably the answer says it, and the stretch that does.

    A stretch may carry a point unless it holds words that speak of another side, that deny the point, or that are held
    against another one. Where none may, and where half of the points are contradicted, the point is unsure at most.
    """
    standing = stand([case.phrasings[point.id] for point in points], case.answer, case.question)
    reversed_ = len(case.against) >= max(2, TURNED_SHARE * len(points))
    mixed_up = mixes_up(case.claims, case.said)
    sided = {claim.point for claim in case.claims if claim.side is not None}
    denying = doubts(case.claims, case.said)
    out = []
    for i, point in enumerate(points):
        doubted = denying.get(point.id, [])
        spoiled = [(s.start, s.end) for s in (*unfit(case.claims, case.said, point.id), *doubted)]
        spoiled += [(c.start, c.end) for other, c in case.against.items() if other != point.id]
        fit = [not _touches(unit, spoiled) for unit in case.answer.units]
        best = _best(case.phrasings[point.id], i, case, standing, fit=fit, weights=weights)
        turned = None
        if best.probability < COVERED_AT and doubted:
            every = [True] * len(fit)
            heard = _best(case.phrasings[point.id], i, case, standing, fit=every, weights=weights)
            turned = _turned(heard, doubted)
        own = learned(best.probability)
        doubtful = reversed_ or point.id in case.against or (mixed_up and point.id in sided)
        if turned is None and any(fit) and not doubtful:
            out.append(Judged(own, best.found, best.probability))
        else:
            out.append(Judged(min(DOUBTED, own), best.found, turned=turned))
    return out


def _best(
    phrasings: Sequence[Reading], i: int, case: Case, standing: Standing, *, fit: Sequence[bool], weights: Weights
) -> Judged:
    may = fit if any(fit) else [True] * len(fit)
    found = [f for f in (find(phrasing, i, case.answer, standing, may) for phrasing in phrasings) if f is not None]
    judged = [Judged(weights.probability(f.features, len(phrasings)), f) for f in found]
    return max(judged, key=lambda j: j.probability, default=Judged(0.0, None))


def _turned(heard: Judged, doubted: Sequence[Said]) -> Said | None:
    """The doubted clause that the point would have been covered by."""
    if heard.found is None or heard.probability < COVERED_AT:
        return None
    unit = heard.found.unit
    return next((clause for clause in doubted if _touches(unit, [(clause.start, clause.end)])), None)


def _touches(unit: Unit, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < unit.end and end > unit.start for start, end in spans)
