"""Owns how a grade is read at a glance: a word for the whole, who said so, and whatever qualifies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tutor.domain.grade import Grade, Outcome, PointStatus, Verdict
from tutor.domain.text import visible
from tutor.store.decision import KeptGrade
from tutor.study.advice import READINGS, compares, counted_range
from tutor.tui.keys import key_of
from tutor.tui.widgets.words import engine_words


@dataclass(frozen=True, slots=True)
class Look:
    """A sign, a word and a colour: any one of them says it."""

    sign: str
    word: str
    style: str


STATUS_LOOKS = {
    PointStatus.COVERED: Look("✓", "covered", "$text-success"),
    PointStatus.PARTIAL: Look("◐", "partly", "$text-warning"),
    PointStatus.MISSING: Look("○", "missing", "$text-error"),
    PointStatus.CONTRADICTED: Look("!", "check", "$text-error"),
    PointStatus.UNSURE: Look("?", "unsure", "$text-muted"),
}

VERDICT_STYLES = {
    Verdict.STRONG: "bold $text-success",
    Verdict.GOOD: "bold $text-success",
    Verdict.PARTIAL: "bold $text-warning",
    Verdict.WEAK: "bold $text-error",
    Verdict.WRONG: "bold $text-error",
    Verdict.UNSURE: "bold $text",
}

QUIET = "$text-muted"


def head_lines(grade: Grade | None, *, aside: str = "") -> list[Content]:
    """What stands above the points: the verdict, how it would go in an interview, and whatever qualifies it.

    `aside` is the grade's reason as far as it is still worth saying.
    """
    if grade is None:
        return [Content.assemble(("Compare yourself", "bold $text"), ("   then choose a rating", QUIET))]
    lines = [_headline(grade)]
    if compares(grade):
        had, missed = key_of("quiz.had"), key_of("quiz.missed")
        told = f"Mark each point: {had} I had this, {missed} I missed it. Your marks make the grade."
        lines.append(Content.styled(told, QUIET))
    elif grade.outcome is not Outcome.NOT_GRADED:
        lines.append(Content.styled(READINGS[grade.verdict], QUIET))
    counts = grade.outcome is Outcome.GRADED
    notes = [("advisory", grade.advisory), ("second opinion", grade.second_opinion)] if counts else []
    notes.append(("", aside))
    for label, sentence in notes:
        if sentence:
            lines.append(Content.assemble((f"{label}  " if label else "", "$text-warning"), (visible(sentence), QUIET)))
    return lines


def _headline(grade: Grade) -> Content:
    engine = "your own marks" if grade.outcome is Outcome.SELF_GRADED else engine_words(grade.engine)
    if grade.outcome is Outcome.NOT_GRADED:
        return Content.assemble(
            ("Not graded", "bold $text"), ("   the schedule does not move until you rate it", QUIET)
        )
    if compares(grade):
        marked = sum(point.status is not PointStatus.UNSURE for point in grade.points)
        told = f"   {marked} of {len(grade.points)} marked"
        if grade.outcome is Outcome.GRADED:
            told = f"   {counted_range(grade)}   {engine}"
        word = "Not sure, compare yourself" if grade.outcome is Outcome.GRADED else "Compare yourself"
        return Content.assemble((word, "bold $text"), (told, QUIET))
    verdict = (grade.verdict.value.capitalize(), VERDICT_STYLES[grade.verdict])
    return Content.assemble(verdict, f"   {counted_range(grade)}", (f"   {engine}", QUIET))


def grades_line(grades: Sequence[KeptGrade], counting: KeptGrade | None) -> Content | None:
    """When an answer has several grades: which there are, and which one counts."""
    made = [kept for kept in grades if kept.given.outcome is not Outcome.NOT_GRADED]
    if len(made) < 2 or counting is None:
        return None
    parts = []
    for kept in made:
        counts = kept.id == counting.id
        words = f"{engine_words(kept.given.engine) or 'you'}: {kept.seen.verdict.value}"
        parts.append(Content.assemble((words, "bold $text" if counts else QUIET), (" counts" if counts else "", QUIET)))
    return Content.assemble(("grades  ", "$text-warning"), Content.styled("  ·  ", QUIET).join(parts))
