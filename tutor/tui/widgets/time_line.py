"""Owns how the time of a round is shown: in whole minutes and one thin line; nothing ticks beside the answer."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

MARGIN = 6
"""Cells of padding, left and right together."""


class TimeLine(Widget):
    """Where one is at the left, how much time there is at the right, and under both a line that fills."""

    DEFAULT_CSS = """
    TimeLine { height: 3; padding: 1 3 0 3; max-width: 90; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._where = ""
        self._time = ""
        self._share = 0.0

    def say(self, where: str, time: str, share: float) -> None:
        """Show this place and this time; `share` of the round, 0..1, is over."""
        if (where, time, round(share, 3)) != (self._where, self._time, round(self._share, 3)):
            self._where, self._time, self._share = where, time, share
            self.refresh()

    def render(self) -> Content:
        """Two lines; at the right, the time stays when both do not fit."""
        width = self.size.width
        time = Content.styled(self._time, "$text")
        where = Content.styled(self._where, "$text-muted").truncate(max(0, width - len(time) - 2), ellipsis=True)
        room = max(1, width - where.cell_length - time.cell_length)
        full = min(width, round(width * max(0.0, min(1.0, self._share))))
        line = Content.assemble(("━" * full, "$text-primary"), ("─" * (width - full), "$quiet"))
        return Content.assemble(where, " " * room, time, "\n", line)


def minutes_words(seconds: float) -> str:
    """Time that is left, in words that change once a minute."""
    if seconds <= 0:
        return "time is up"
    return "less than a minute left" if seconds < 60 else f"{round_up(seconds)} min left"


def here_words(spent: float, allowance: float) -> str:
    """Time on this question against what it may take."""
    share = max(1, round(allowance / 60))
    if spent < 60:
        return f"about {share} min for this"
    return f"{int(spent // 60)} of about {share} min on this"


def round_up(seconds: float) -> int:
    """Whole minutes, begun ones counted."""
    return int(-(-seconds // 60))
