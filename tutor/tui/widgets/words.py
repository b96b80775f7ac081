"""Owns small things that are drawn the same everywhere: counts, bars, strips of days, intervals, standings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual.content import Content

from tutor.domain.text import visible

ENGINES = {"local": "local engine", "extractive": "the chapters' own sentences", "": ""}


def engine_words(engine: str) -> str:
    """An engine's name for people: `ollama:llama3.2:3b` is `Ollama · llama3.2:3b`."""
    return visible(ENGINES.get(engine, engine.replace("ollama:", "Ollama · ", 1)))


_EIGHTHS = " ▏▎▍▌▋▊▉█"


def counted(number: int, noun: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def progress_bar(done: int, total: int, width: int = 16) -> Content:
    """A bar with its percentage, and a blank after it."""
    share = max(0.0, min(1.0, done / total)) if total else 0.0
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return Content.assemble((bar.ljust(width), "$text-primary on $quiet"), f" {share:.0%}  ")


def days_strip(days: Sequence[tuple[str, bool]]) -> Content:
    """The last days by initial, a full sign where something was practised."""
    parts = []
    for initial, practised in days:
        sign = ("●", "$text-success") if practised else ("·", "$text-muted")
        parts.append(Content.assemble((initial, "$text-muted"), " ", sign))
    return Content("  ").join(parts)


def ahead(span: timedelta) -> str:
    """How far ahead, in words: `in 10 minutes`, `tomorrow`, `in 4 days`."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return f"in {counted(minutes, 'minute')}"
    if minutes < 24 * 60:
        return f"in {counted(round(minutes / 60), 'hour')}"
    return "tomorrow" if minutes < 48 * 60 else f"in {round(minutes / 1440)} days"
