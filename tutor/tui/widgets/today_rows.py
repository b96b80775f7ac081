"""Owns the lines of the first screen that say how things stand: interview, week, weak points, engine, search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.domain.text import visible
from tutor.tui.facts import TodayFacts
from tutor.tui.keys import key_of
from tutor.tui.messages import EngineKnown, IndexProgress
from tutor.tui.widgets.blocks import Block, plain
from tutor.tui.widgets.layout import indented, laid_out
from tutor.tui.widgets.today_words import acting
from tutor.tui.widgets.words import counted, days_strip, progress_bar

if TYPE_CHECKING:
    from tutor.study.plan import Plan

LABELS = 12
"""Cells for the names of the lines."""

BAR = 10
"""Cells of a bar that leaves room for its words on the same line."""

Row = tuple[str, Content]


def practice_rows(facts: TodayFacts | None) -> list[Row]:
    """The interview and its plan, the week, and the points missed most often."""
    if facts is None:
        return []
    rows = plan_rows(facts.plan) if facts.plan is not None else []
    if not facts.first_run:
        rows.append(("This week", days_strip(facts.week)))
    for number, point in enumerate(facts.weakest, 1):
        name = Content.styled(key_of(f"today.point{number}"), "bold $text-accent")
        words = Content.assemble(name, f"  {plain(point.text)}")
        rows.append(("" if number > 1 else "Weakest", acting(words, f"point({number})")))
    if facts.weakest:
        asks = Content.assemble((key_of("points.practise"), "bold $text-accent"), ("  practises them", "$text-muted"))
        rows.append(("", acting(asks, "practise")))
    return rows


def plan_rows(plan: Plan) -> list[Row]:
    """How far away the interview is, what today holds, and where the pace leads."""
    from tutor.study.plan import plan_words, today_words

    if plan.days <= 0:
        return [("Interview", Content(plan_words(plan)))]
    far = counted(plan.days, "day") + " to go"
    rows = [("Interview", Content.assemble((far, "bold"))), ("Today", Content(visible(today_words(plan))))]
    return [*rows, ("", Content.styled(plan_words(plan), "$text-muted"))]


def engine_rows(words: str, engine: EngineKnown | None, index: IndexProgress) -> list[Row]:
    """Which engine answers and why, and how far the search is."""
    rows: list[Row] = [("Engine", Content(words or "looking for Ollama …"))]
    if engine is not None and engine.detail:
        rows.append(("", Content.styled(visible(engine.detail), "$text-muted")))
    how = "by meaning and by keywords" if index.ready else "by keywords until the encoder is ready"
    rows.append(("Search", Content(how)))
    trouble = index.trouble or index.label
    bar = progress_bar(index.done, index.total, BAR) if index.total and not index.trouble else Content("")
    if trouble:
        rows.append(("", Content.assemble(bar, (visible(trouble), "$text-muted"))))
    return rows


def in_columns(rows: Sequence[Row], width: int) -> Content:
    """Names at the left, words hanging under themselves at the right."""
    blocks = [Block(words, indent=LABELS, lead=0, marker=label) for label, words in rows]
    lines = [indented(b, first=n == 0) + line for b in blocks for n, line in enumerate(laid_out(b, width - LABELS))]
    return Content("\n").join(lines)
