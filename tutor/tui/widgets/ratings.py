"""Owns the four ratings: their keys, when each brings the question back, and which one follows from the grade."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tutor.domain.review import Rating
from tutor.study.schedule import interval

WORDS = {Rating.AGAIN: "Again", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}


class Ratings(Widget):
    """One line of four choices, the suggested one marked; hidden while there is nothing to rate."""

    DEFAULT_CSS = """
    Ratings { height: 3; padding: 1 3; background: $surface; display: none; }
    """

    class Chosen(Message):
        """A rating was clicked."""

        def __init__(self, rating: Rating) -> None:
            super().__init__()
            self.rating = rating

    def __init__(self) -> None:
        super().__init__()
        self._intervals: Mapping[Rating, timedelta] = {}
        self.chosen: Rating | None = None
        self._places: list[tuple[int, int, Rating]] = []

    def offer(self, intervals: Mapping[Rating, timedelta], suggestion: Rating | None) -> None:
        """Show the ratings, the suggested one chosen."""
        self._intervals, self.chosen = intervals, suggestion
        self.display = True
        self.refresh()

    def move(self, step: int) -> None:
        """Choose the one beside."""
        at = (self.chosen or (Rating.AGAIN if step > 0 else Rating.EASY)) + (step if self.chosen else 0)
        self.chosen = Rating(max(Rating.AGAIN, min(Rating.EASY, at)))
        self.refresh()

    def render(self) -> Content:
        """Key, word, interval; intervals give way when the line is too narrow."""
        wide = self._parts(intervals=True)
        parts = wide if sum(len(part) + 3 for part in wide) <= self.size.width else self._parts(intervals=False)
        self._places = []
        at = 0
        for rating, part in zip(Rating, parts, strict=True):
            self._places.append((at, at + part.cell_length, rating))
            at += part.cell_length + 2
        line = Content("  ").join(parts)
        invitation = Content.styled("  How well did you know it?", "$text-muted")
        fits = line.cell_length + invitation.cell_length <= self.size.width
        return line + invitation if self.chosen is None and fits else line

    def _parts(self, *, intervals: bool) -> list[Content]:
        parts = []
        for rating in Rating:
            span = self._intervals.get(rating)
            after = f" {interval(span)}" if intervals and span is not None else ""
            mark, style = ("▸", "bold $text on $panel") if rating is self.chosen else (" ", "$text")
            parts.append(
                Content.assemble(
                    mark, (str(int(rating)), "bold $text-accent"), f" {WORDS[rating]}", (after, "$text-muted"), " "
                ).stylize_before(style)
            )
        return parts

    def on_click(self, event: events.Click) -> None:
        """A click on a rating is its key."""
        x = event.x - self.styles.padding.left
        for start, end, rating in self._places:
            if start <= x < end:
                self.post_message(self.Chosen(rating))
