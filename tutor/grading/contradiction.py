"""Owns the second channel of the local grader: where an answer may say the opposite of a key point.

Similarity hardly sees a denial and not at all an exchange of roles, so neither is left to it. A clause is held against
a point when it plainly denies or reverses a like clause of the point (`polarity`), when it says of one side what the
point says of the other (`sides`), or when it states another number of the same thing. Each needs a clause that is
close in meaning, and each yields to a clause that says the point at least as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.domain.content import KeyPoint
from tutor.domain.text import normalise, sentence_spans
from tutor.grading.claims import Claim, Contrary, Said
from tutor.grading.exchange import MANY_SIDES, SHORT, SHORT_COSINE, swaps
from tutor.retrieval.polarity import allows_what_is_not, critical, denies, denies_most, disapproves, reverses

if TYPE_CHECKING:
    from tutor.grading.features import Array

DENIAL_COSINE = 0.40
"""A clause that denies a point must be this close to it."""
SAME_SIDE_COSINE = 0.30
"""... or this close, names taken out, when both speak of the same side."""
REVERSAL_COSINE = 0.55
"""A clause that puts an opposite in its place ("slower" for "faster"), or that says it does not serve, this close."""
WHOLE_COSINE = 0.65
"""A clause that denies nearly every word it shares with the point, this close."""
NUMBER_COSINE = 0.7
"""A clause that states another number of the same thing, this close."""
DOUBT_COSINE = 0.3
"""A clause that may deny a point must be this close to it to be doubted as evidence."""
DENIAL_LEAD = 0.03
"""A denial puts a point in doubt when it is this much closer to the point than anything that says the point ..."""
PLAIN_LEAD = 0.1
"""... and stands when it is closer by so much; between the two the point is unsure. Of 300 answers with full marks in
Beetle, SAF and SciEntsBank 11 instead of 17 are so called contrary, and 3 of 101 denials less are noticed."""


def contraries(claims: Sequence[Claim], said: Sequence[Said]) -> dict[str, Contrary]:
    """For each point id the clause that speaks most clearly against it; points without one are left out."""
    import numpy as np

    if not claims or not said:
        return {}
    close = np.stack([s.vector for s in said]) @ np.stack([c.vector for c in claims]).T
    sides = 1 + max((c.side or 0 for c in claims), default=0)
    found = swaps(claims, said, close) if sides < MANY_SIDES else {}
    for point, contrary in _denials(claims, said, close).items():
        if point not in found or (contrary.plain and contrary.closeness > found[point].closeness):
            found[point] = contrary
    return found


def _denials(claims: Sequence[Claim], said: Sequence[Said], close: Array) -> dict[str, Contrary]:
    frank = {claim.point for claim in claims if claim.critical}
    worded = [(claim.point, normalise(claim.text)) for claim in claims]
    against: dict[str, Contrary] = {}
    support: dict[str, float] = {}
    for i, clause in enumerate(said):
        # Word for word a part of a claim: what such a clause denies, the claim denies.
        part = normalise(clause.text).strip(" .,;:")
        whole = {point for point, words in worded if part in words}
        spoken_of: dict[str, float] = {}
        denied: dict[str, Contrary] = {}
        for j, claim in enumerate(claims):
            value = float(close[i, j])
            known = claim.side is not None and clause.side is not None
            if value < SAME_SIDE_COSINE or (known and claim.side != clause.side):
                continue
            kind = _contrary_kind(clause.bare, claim.bare, value, frank=claim.point in frank)
            if kind == "number" and _known_number(clause.text, claims):
                kind = ""
            if not kind and clause.critical == claim.critical:
                spoken_of[claim.point] = max(spoken_of.get(claim.point, 0.0), value)
            elif (
                kind
                and claim.point
                and claim.point not in whole
                and value >= _least(clause, known)
                and (claim.point not in denied or value > denied[claim.point].closeness)
            ):
                denied[claim.point] = Contrary(kind, clause.start, clause.end, clause.text, value)
        elsewhere = max(spoken_of.values(), default=0.0)
        for point, value in spoken_of.items():
            support[point] = max(support.get(point, 0.0), value) if point else 0.0
        for point, contrary in denied.items():
            nearest = contrary.closeness >= elsewhere
            if nearest and (point not in against or contrary.closeness > against[point].closeness):
                against[point] = contrary
    leads = {point: contrary.closeness - support.get(point, 0.0) for point, contrary in against.items()}
    return {p: replace(c, plain=leads[p] > PLAIN_LEAD) for p, c in against.items() if leads[p] > DENIAL_LEAD}


def _least(clause: Said, same_side: bool) -> float:
    if same_side:
        return SAME_SIDE_COSINE
    return DENIAL_COSINE if len(clause.stems) >= SHORT else SHORT_COSINE


def _contrary_kind(said: str, claim: str, closeness: float, *, frank: bool) -> str:
    """`frank`: the point has something against its subject to say itself, in this clause or another."""
    if denies(said, claim):
        return "denied"
    if closeness < REVERSAL_COSINE:
        return ""
    turned = reverses(said, claim) or allows_what_is_not(said, claim)
    turned = turned or (closeness >= WHOLE_COSINE and critical(said) and denies_most(said, claim))
    if turned or (disapproves(said) and not frank):
        return "denied"
    return "number" if closeness >= NUMBER_COSINE and _other_number(said, claim) else ""


def doubts(claims: Sequence[Claim], said: Sequence[Said]) -> dict[str, list[Said]]:
    """For each point id the clauses that may deny or reverse it and so are no evidence for it, however near they come.

    Less is asked than of a contradiction. A clause that comes nearer to another wording of the point, and does not deny
    that one, is left alone.
    """
    import numpy as np

    found: dict[str, list[Said]] = {}
    worded = [claim for claim in claims if claim.point]
    if not worded or not said:
        return found
    close = np.stack([s.vector for s in said]) @ np.stack([c.vector for c in worded]).T
    for clause, row in zip(said, close, strict=True):
        kinds: dict[str, tuple[float, bool]] = {}
        for j in np.flatnonzero(row >= DOUBT_COSINE):
            claim, value = worded[j], float(row[j])
            turned = denies(clause.bare, claim.bare) or denies_most(clause.bare, claim.bare)
            turned = turned or allows_what_is_not(clause.bare, claim.bare)
            turned = turned or (value >= REVERSAL_COSINE and reverses(clause.bare, claim.bare))
            kinds[claim.point] = max(kinds.get(claim.point, (0.0, False)), (value, turned))
        for point, (_, turned) in kinds.items():
            if turned:
                found.setdefault(point, []).append(clause)
    return found


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


_OPENING = re.compile(
    r"\W*(yes|yeah|yep|sure|of\s+course|no|nope)\b(?!\s+(?:idea|clue|doubt|matter|single|one)\b)", re.IGNORECASE
)


def answered_the_other_way(points: Sequence[KeyPoint], reference: str, answer: str) -> dict[str, Contrary]:
    """A plain no where the reference says yes, or the reverse: it denies the first essential point, else the first."""
    wanted, said = _OPENING.match(reference), _OPENING.match(answer)
    if not points or wanted is None or said is None or _is_no(wanted[1]) == _is_no(said[1]):
        return {}
    start, end = sentence_spans(answer)[0]
    denied = next((point for point in points if point.essential), points[0])
    return {denied.id: Contrary("denied", start, end, answer[start:end], 1.0)}


def _is_no(opening: str) -> bool:
    return opening.lower() in ("no", "nope")
