"""Owns how days are drawn: practice behind one as a calendar, what falls due ahead as bars, both also in words.

Signs of growing density say what the colour says; for a screen reader the same figures are sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from textual.content import Content

from tutor.study.calendar import STEPS, Day, Week
from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.words import counted

SIGNS = ("·", "░", "▒", "▓", "█")
"""One for each density of a day."""

STYLES = ("$text-muted", "$text-primary", "$text-primary", "$text-primary", "$text-primary")

CELL = 3
"""Cells of a day: two signs and air."""

LABEL = 5
"""Cells for the names of the days."""

HEIGHT = 4
"""Lines of the highest bar."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def heatmap_blocks(weeks: Sequence[Week], width: int) -> Iterator[Block]:
    """As many of the last weeks as fit, a line for each day of the week, the months above them."""
    shown = weeks[-max(1, (width - LABEL) // CELL) :]
    yield _line("", Content.styled(_months(shown), "$text-muted"))
    for number, name in enumerate(("Mon", "", "Wed", "", "Fri", "", "Sun")):
        days = [week[number] if number < len(week) else None for week in shown]
        yield _line(name, Content("").join(_cell(day) for day in days))
    steps = Content(" ").join(Content.styled(sign, style) for sign, style in zip(SIGNS, STYLES, strict=True))
    told = f"   from {', '.join(map(str, STEPS))} answers a day"
    yield Block(Content.assemble(steps, (told, "$text-muted")), indent=LABEL, lead=0)


def heatmap_words(weeks: Sequence[Week], most: int = 8) -> Iterator[Block]:
    """The last weeks as sentences, the newest first."""
    for week in reversed(weeks[-most:]):
        practised = [day for day in week if day.reviews]
        total = sum(day.reviews for day in practised)
        days = f"{counted(total, 'answer')} on {counted(len(practised), 'day')}" if total else "no answers"
        yield Block(Content(f"Week of {_day(week[0].day)}: {days}."), above=0)


def forecast_blocks(ahead: Sequence[tuple[date, int]], width: int) -> Iterator[Block]:
    """A bar for each day with its number above it, as high as the day is full, today first."""
    cell = min(5, width // len(ahead))
    most = max(HEIGHT, *(due for _, due in ahead))
    eighths = [max(1, round(due / most * HEIGHT * 8)) if due else 0 for _, due in ahead]
    for row in range(-(-max(eighths) // 8), -1, -1):
        parts = []
        for (_, due), filled in zip(ahead, eighths, strict=True):
            top = -(-filled // 8)
            if row == top:
                parts.append(Content.styled(f"{due or '·':<{cell}}", "bold $text" if due else "$text-muted"))
            else:
                inside = max(0, min(8, filled - 8 * row))
                parts.append(Content.styled((_EIGHTHS[inside] * 2).ljust(cell), "$text-primary"))
        yield _line("", Content("").join(parts), indent=0)
    names = "".join(f"{day:%a}"[:2].ljust(cell) for day, _ in ahead)
    yield _line("", Content.styled(names, "$text-muted"), indent=0)


def forecast_words(ahead: Sequence[tuple[date, int]]) -> str:
    """The days ahead in a sentence or two."""
    total = sum(due for _, due in ahead)
    if not total:
        return f"Nothing comes back in the next {len(ahead)} days."
    words = f"{counted(total, 'question')} in {len(ahead)} days"
    day, most = max(ahead, key=lambda pair: pair[1])
    if most == 1:
        return f"{words}."
    when = "today" if day == ahead[0][0] else f"on {_day(day)}"
    return f"{words}, the most {when}: {most}."


def forecast_list(ahead: Sequence[tuple[date, int]]) -> str:
    """Every day that holds something, as a list for the ear."""
    return ", ".join(f"{_day(day)}: {due}" for day, due in ahead if due)


def _cell(day: Day | None) -> Content:
    if day is None:
        return Content(" " * CELL)
    sign = SIGNS[day.density]
    drawn = sign if not day.density else sign * 2
    return Content.styled(drawn.ljust(CELL), STYLES[day.density])


def _months(weeks: Sequence[Week]) -> str:
    """A month's name over the week that holds its first day; the first week's when there is room for it."""
    names = [""] * len(weeks)
    for number, week in enumerate(weeks):
        if any(day.day.day == 1 for day in week):
            names[number] = f"{week[-1].day:%b}"
    if not any(names[:2]):
        names[0] = f"{weeks[0][0].day:%b}"
    return "".join(name.ljust(CELL) for name in names).rstrip()


def _line(label: str, content: Content, *, indent: int = LABEL) -> Block:
    return Block(content, indent=indent, lead=0, marker=label, above=0)


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
