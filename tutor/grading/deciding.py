"""Owns grading by a model that only decides: a probability for each point, and evidence that code finds."""

from collections.abc import Mapping
from dataclasses import replace

from tutor.domain.grade import Grade, PointGrade, PointStatus
from tutor.grading.reading import Reading, blank
from tutor.grading.task import GradingTask
from tutor.llm.session import Session

DECISION_VERSION = "decisions-1"
"""Goes into receipts; changes with any word below."""
YES_AT, NO_AT = 0.7, 0.3
"""Between the two the model abstains. Set by hand: no such model has been measured here."""

NO_WORDS = "The language model finds this point, and no words of yours that state it; compare yourself."
UNDECIDED = "The language model could not decide; compare yourself."

_POINT = {
    "true": "The learner's answer states this itself, in whatever wording.",
    "false": "The answer is silent on it, vague about it, only repeats the question, or says otherwise.",
}
_CLAIM = {
    "true": "The learner's answer asserts this wrong idea itself.",
    "false": "The answer does not assert it, or mentions it only to deny or to question it.",
}


def decide(task: GradingTask, session: Session, view: Grade | None) -> Reading:
    """One yes or no for every point and misconception. Raises ModelError.

    `view` is the local engine's grade of the same answer: what it quotes is the evidence, and a misconception needs to
    be found by both.
    """
    points = {f"k{n:02}": point for n, point in enumerate(task.points, start=1)}
    claims = {f"m{n:02}": claim for n, claim in enumerate(task.misconceptions, start=1)}
    questions = {key: _asked(f"Does the answer state this: {point.text}", _POINT) for key, point in points.items()}
    questions |= {key: _asked(f"Does the answer assert this: {claim.text}", _CLAIM) for key, claim in claims.items()}
    state = {"question": task.question, "reference": task.reference, "answer": " ".join(task.answer.split())}
    decision = session.decide(state, questions)
    yes = decision.yes
    seen = {point.id: point for point in view.points} if view else {}
    found = {wrong.text: wrong for wrong in view.misconceptions} if view else {}
    reading = Reading(seconds=decision.seconds, counts={"calls": 1, "prompt_tokens": decision.prompt_tokens})
    for key, point in points.items():
        reading.points[point.id] = _decided(blank(point), yes[key], seen.get(point.id))
    for key, claim in claims.items():
        if yes[key] >= YES_AT and claim.text in found:
            reading.claims[claim.text] = found[claim.text]
    return reading


def _asked(instructions: str, criteria: Mapping[str, str]) -> dict[str, object]:
    return {"type": "noul", "instructions": instructions, "criteria": dict(criteria)}


def _decided(point: PointGrade, yes: float, seen: PointGrade | None) -> PointGrade:
    if yes <= NO_AT:
        return point
    if yes < YES_AT:
        return replace(point, status=PointStatus.UNSURE, note=UNDECIDED)
    if seen is None or not seen.evidence:
        return replace(point, status=PointStatus.UNSURE, note=NO_WORDS)
    return replace(point, status=PointStatus.COVERED, credit=1.0, evidence=seen.evidence, note="")
