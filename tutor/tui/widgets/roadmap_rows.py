"""Owns how a chapter is listed: how one stands in it, its title, and what fits of the rest."""

from __future__ import annotations

from textual.content import Content

from tutor.domain.content import Chapter
from tutor.domain.text import visible
from tutor.tui.facts import ChapterState
from tutor.tui.widgets.words import counted

STATE_COLUMN = 13

WIDE = 90
"""Cells from which questions and level have columns of their own."""

WEIGHTS = {"high": "●●●", "medium": "●●○", "low": "●○○"}
"""How often interviews ask, as three signs."""


def chapter_row(chapter: Chapter, state: ChapterState, screen_width: int) -> Content:
    """Sign and word for the standing, the title, and what a screen of this width has room for."""
    word = state.word.ljust(STATE_COLUMN - 2)
    standing = Content.assemble((f"{state.sign} ", state.style), (word, "$text-muted"))
    due = f"{state.due} due" if state.due else ""
    weight = Content.styled(f"{WEIGHTS.get(chapter.weight, ''):<3}", "$text-accent")
    tail = Content.assemble((f"{due:>7}  ", "bold $text-accent"), weight)
    if screen_width >= WIDE:
        level = Content.styled(f"  {chapter.level:<8}", "$text-muted")
        questions = counted(len(chapter.questions), "question")
        tail = Content.assemble(tail, (f"{questions:>14}", "$text-muted"), level)
    room = max(8, screen_width - 7 - STATE_COLUMN - tail.cell_length - 1)
    title = Content(visible(chapter.title)).truncate(room, ellipsis=True)
    return Content.assemble(standing, title, " " * (room - title.cell_length + 1), tail)
