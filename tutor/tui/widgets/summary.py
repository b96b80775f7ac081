"""Owns how a finished sitting reads."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tutor.domain.text import visible
from tutor.study.summary import Asked, Summary
from tutor.tui.widgets.blocks import Block, heading_block
from tutor.tui.widgets.ratings import WORDS
from tutor.tui.widgets.verdict import VERDICT_STYLES
from tutor.tui.widgets.words import ahead, counted

BAR = 24
"""Cells of the longest bar."""


def summary_blocks(summary: Summary, now: datetime) -> list[Block]:
    """What was done, how it went, when the next question comes back."""
    done = f"{counted(summary.answered, 'answer')} written"
    if summary.skipped:
        done += f", {summary.skipped} skipped"
    if summary.not_graded:
        done += f", {summary.not_graded} not graded"
    blocks = [heading_block(Content("That was it."), 1), Block(Content(done + "."))]
    verdicts = [(v.value, n, VERDICT_STYLES[v]) for v, n in summary.verdicts.items()]
    ratings = [(WORDS[r].lower(), n, "$text-primary") for r, n in sorted(summary.ratings.items(), reverse=True)]
    for title, rows in (("Grades", verdicts), ("Ratings", ratings)):
        if rows:
            blocks.append(heading_block(Content(title), 3))
            most = max(n for _, n, _ in rows)
            blocks += [_bar(name, n, most, style) for name, n, style in rows]
    if len(summary.questions) > 1:
        blocks.append(heading_block(Content("Questions"), 3))
        blocks += [_question(asked) for asked in summary.questions]
    if summary.next_due is not None:
        blocks.append(Block(Content(f"The next question comes back {ahead(summary.next_due - now)}."), above=2))
    return blocks


def _bar(name: str, count: int, most: int, style: str) -> Block:
    bar = "█" * max(1, round(BAR * count / most))
    return Block(Content.assemble((bar, style), f" {count}"), indent=10, lead=0, marker=name, above=0)


def _question(asked: Asked) -> Block:
    """The verdict before the question, the rating after it."""
    graded = asked.grade is not None and asked.grade.score is not None
    word = asked.grade.verdict.value if asked.grade is not None and graded else "not graded" if asked.grade else "–"
    style = VERDICT_STYLES[asked.grade.verdict] if asked.grade is not None and graded else "$text-muted"
    rated = f"   {WORDS[asked.rating].lower()}" if asked.rating else "   skipped"
    words = Content.assemble(visible(asked.question.text), (rated, "$text-muted"))
    return Block(words, indent=12, lead=0, marker=word, marker_style=style, above=0)
