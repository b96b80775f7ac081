"""Owns the sentence on how far the local engine's view of an answer is from a language model's grade."""

from collections.abc import Sequence

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict

STEPS = (Verdict.STRONG, Verdict.GOOD, Verdict.PARTIAL, Verdict.WEAK, Verdict.WRONG)
FAR = 2
"""Verdicts so many steps apart, or so many points on which one says covered and the other missing or contradicted."""

NOBODY = "The sentence encoder is not ready, so nobody checked whether the quoted words say what the points do."
FOREIGN = "The local engine reads English only, so nobody checked whether the quoted words say what the points do."

_AGAINST = (PointStatus.MISSING, PointStatus.CONTRADICTED)


def second_opinion(grade: Grade, view: Grade | None) -> str:
    """One sentence where the local engine reads the answer quite differently, or could not read it; else empty."""
    if view is None:
        return NOBODY
    if view.outcome is not Outcome.GRADED:
        return FOREIGN
    apart = _apart(grade.points, view.points)
    if _steps(grade.verdict, view.verdict) < FAR and len(apart) < FAR:
        return ""
    same = view.verdict is grade.verdict
    others = "agrees on the whole" if same else f"reads this answer as {view.verdict.value}"
    if not apart:
        return f"The local engine {others}."
    first = apart[0]
    word = {PointStatus.COVERED: "finds", PointStatus.MISSING: "does not find"}.get(first.status, "doubts")
    more = f", and differs on {len(apart) - 1} more" if len(apart) > 1 else ""
    return f"The local engine {others}: it {word} “{first.text.rstrip('.')}”{more}."


def _apart(graded: Sequence[PointGrade], seen: Sequence[PointGrade]) -> list[PointGrade]:
    """The points that one of the two finds and the other does not, as the local engine sees them; essential first."""
    pairs = zip(graded, seen, strict=True)
    apart = [
        there
        for here, there in pairs
        if (here.status is PointStatus.COVERED and there.status in _AGAINST)
        or (there.status is PointStatus.COVERED and here.status in _AGAINST)
    ]
    return sorted(apart, key=lambda point: not point.essential)


def _steps(left: Verdict, right: Verdict) -> int:
    """How many steps apart two verdicts are; none where either is unsure."""
    if left not in STEPS or right not in STEPS:
        return 0
    return abs(STEPS.index(left) - STEPS.index(right))
