"""Owns the lines of the first screen that say how things stand: interview, week, weak points, engine, search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

KEY = 3
"""Cells for the key of a line that has one, and the air after it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or several that hang under its words."""

    label: str
    words: Content
    key: str = ""
    """As shown before the words; empty for none."""
    does: str = ""
    """What the key does."""


def practice_rows(facts: TodayFacts | None) -> list[Row]:
    """The interview and its plan, the week, and the points missed most often."""
    if facts is None:
        return []
    rows = plan_rows(facts.plan) if facts.plan is not None else []
    if not facts.first_run:
        rows.append(Row("This week", days_strip(facts.week)))
    for number, point in enumerate(facts.weakest, 1):
        key = key_of(f"today.point{number}")
        rows.append(Row("" if number > 1 else "Weakest", Content(plain(point.text)), key, f"point({number})"))
    if facts.weakest:
        asks = Content.styled("practises them", "$text-muted")
        rows.append(Row("", asks, key_of("points.practise"), "practise"))
    return rows


def plan_rows(plan: Plan) -> list[Row]:
    """How far away the interview is, what today holds, and where the pace leads."""
    from tutor.study.plan import plan_words, today_words

    if plan.days <= 0:
        return [Row("Interview", Content(plan_words(plan)))]
    far = counted(plan.days, "day") + " to go"
    rows = [Row("Interview", Content.assemble((far, "bold"))), Row("Fits today", Content(visible(today_words(plan))))]
    return [*rows, Row("", Content.styled(plan_words(plan), "$text-muted"))]


def engine_rows(words: str, engine: EngineKnown | None, index: IndexProgress) -> list[Row]:
    """Which engine answers and why, and how far the search is."""
    rows: list[Row] = [Row("Engine", Content(words or "looking for Ollama …"))]
    if engine is not None and engine.detail:
        rows.append(Row("", Content.styled(visible(engine.detail), "$text-muted")))
    how = "by meaning and by keywords" if index.ready else "by keywords until the encoder is ready"
    rows.append(Row("Search", Content(how)))
    trouble = index.trouble or index.label
    bar = progress_bar(index.done, index.total, BAR) if index.total and not index.trouble else Content("")
    if trouble:
        rows.append(Row("", Content.assemble(bar, (visible(trouble), "$text-muted"))))
    return rows


def in_columns(rows: Sequence[Row], width: int) -> Content:
    """Names at the left, words hanging under themselves at the right."""
    return Content("\n").join(line for row in rows for line in _lines(row, width - LABELS))


def _lines(row: Row, room: int) -> Iterator[Content]:
    inset = max(KEY, len(row.key) + 2) if row.key else 0
    block = Block(row.words, indent=LABELS, lead=0, marker=row.label)
    for number, line in enumerate(laid_out(block, room - inset)):
        key = Content.styled(("" if number else row.key).ljust(inset), "bold $text-accent")
        whole = key + line
        yield indented(block, first=number == 0) + (acting(whole, row.does) if row.does else whole)
