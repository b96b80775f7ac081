"""Owns how answers of the past are listed: when, how they were judged, to what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.domain.grade import Outcome
from tutor.domain.text import visible
from tutor.tui.widgets.ratings import WORDS
from tutor.tui.widgets.verdict import VERDICT_STYLES
from tutor.tui.widgets.words import counted, engine_words

if TYPE_CHECKING:
    from tutor.study.lookback import PastAnswer

WHEN = 14
"""Cells for the moment."""

VERDICT = 12
"""Cells for how it was judged."""


def when_words(at: datetime) -> str:
    """A moment on the learner's clock."""
    return f"{at.astimezone():%d %b %Y, %H:%M}"


def past_row(past: PastAnswer, width: int) -> Content:
    """One line: moment, verdict, question."""
    when = f"{past.attempt.at.astimezone():%d %b %H:%M}".ljust(WHEN)
    word, style = judged(past)
    text = visible(past.question.text) if past.question else f"no longer in the chapters: {past.attempt.question_id}"
    room = max(8, width - WHEN - VERDICT)
    question = Content.styled(text, "" if past.question else "$text-muted").truncate(room, ellipsis=True)
    return Content.assemble((when, "$text-muted"), (word.ljust(VERDICT), style), question)


def judged(past: PastAnswer) -> tuple[str, str]:
    """The verdict as the learner left it, and its style."""
    grade = past.grade
    if grade is None or (grade.outcome is Outcome.NOT_GRADED and grade.score is None):
        return "not graded", "$text-muted"
    return grade.verdict.value, VERDICT_STYLES[grade.verdict]


def about_past(past: PastAnswer, chapter: str) -> Content:
    """What is known of the chosen one: where from, who graded it, how it was rated, and how it begins."""
    engines = dict.fromkeys(engine_words(kept.given.engine) or "you" for kept in past.grades)
    parts = [
        visible(chapter),
        f"{counted(len(past.grades), 'grade')}" + (f" by {', '.join(engines)}" if engines else ""),
    ]
    parts.append(f"rated {WORDS[past.rating].lower()}" if past.rating else "not rated")
    parts += ["revised since"] if past.revised else []
    words = visible(" ".join(past.attempt.text.split()))
    return Content.assemble((" · ".join(parts), "$text-muted"), f"\n“{words}”")
