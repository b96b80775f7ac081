"""Owns how a grade reads in plain text: the verdict in words, point by point with both sides, what to study next."""

from __future__ import annotations

import shutil
import textwrap
from itertools import zip_longest

from tutor.cli.output import narrate, tell
from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus
from tutor.domain.text import visible
from tutor.study.advice import READINGS, compares, counted_range, own_note, say_instead, study_next

MARKS = {
    PointStatus.COVERED: "✓ covered",
    PointStatus.PARTIAL: "◐ partly",
    PointStatus.MISSING: "✗ missing",
    PointStatus.CONTRADICTED: "! check: this may contradict; no credit, no penalty",
    PointStatus.UNSURE: "? not sure",
}
"""A symbol and a word for each status: never colour or shape alone."""

ROOMY = 100
"""Columns from which two texts stand side by side."""


def show_grade(grade: Grade, question: KeyQuestion | None = None) -> None:
    """The grade as text; with its question also what to say instead. Points are numbered for the calls on them."""
    if grade.outcome is Outcome.NOT_GRADED:
        tell(f"Not graded. {grade.reason}")
        return
    if grade.reason:
        narrate(grade.reason)
    tell(f"{_heading(grade)}  — {grade.engine}")
    if READINGS[grade.verdict]:
        tell(READINGS[grade.verdict])
    tell()
    for number, point in enumerate(grade.points, 1):
        show_point(number, point, question)
    for wrong in grade.misconceptions:
        tell(f"! misconception: {wrong.text} → {wrong.correction}", hang="    ")
    for words in filter(None, (grade.feedback, grade.second_opinion, grade.advisory)):
        tell()
        tell(words)
    following = study_next(grade.points)
    if following and following.cite:
        tell()
        tell(f"Study next: {following.cite.heading or following.text} (tutor show {following.cite.passage_id})")


def show_point(number: int, point: PointGrade, question: KeyQuestion | None) -> None:
    """One point, with the evidence on both sides and one sentence to say instead."""
    essential = " (essential)" if point.essential else ""
    tell(f"{number} {MARKS[point.status]}{essential}: {point.text}", hang="    ")
    if point.evidence:
        tell(f"you: “{' '.join(point.evidence.split())}”", indent="    ")
    if point.cite:
        quote, heading = " ".join(point.cite.quote.split()), point.cite.heading
        states = f"states it under “{heading}”" if quote == point.text and heading else f"“{quote}”"
        tell(f"chapter: {states}", indent="    ")
    say, note = say_instead(point, question), own_note(point)
    if say and say != point.text:
        tell(f"say: “{say}”", indent="    ")
    if note:
        tell(note, indent="    ")


def show_beside(answer: str, reference: str) -> None:
    """One's own answer and the reference: side by side where there is room, else one after the other."""
    width = shutil.get_terminal_size((80, 24)).columns
    if width < ROOMY:
        for title, text in (("Your answer", answer), ("Reference answer", reference)):
            tell()
            tell(title)
            tell(text, indent="  ")
        return
    half = width // 2 - 2
    columns = [_column("Your answer", answer, half), _column("Reference answer", reference, half)]
    print()
    for left, right in zip_longest(*columns, fillvalue=""):
        print(f"{left:<{half}}  │ {right}".rstrip())


def _column(title: str, text: str, width: int) -> list[str]:
    lines = [line for each in visible(text).split("\n") for line in textwrap.wrap(each, width) or [""]]
    return [title, "", *lines]


def _heading(grade: Grade) -> str:
    word = "Not sure, compare yourself" if compares(grade) else grade.verdict.value.capitalize()
    return f"{word}: {counted_range(grade)}"
