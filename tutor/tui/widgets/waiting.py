"""Owns the one line that says something is being worked on, calmly, and how long it has taken."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from tutor.tui.keys import key_of

STEPS = ("·  ", "·· ", "···", " ··", "  ·", "   ")


class Waiting(Widget):
    """Hidden unless something runs; three dots that come and go, the seconds, and the way to stop."""

    DEFAULT_CSS = """
    Waiting { height: 1; padding: 0 3; color: $text-muted; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._label = ""
        self._since = 0.0
        self._timer: Timer | None = None

    def start(self, label: str) -> None:
        """Something began."""
        self._label, self._since = label, monotonic()
        self.display = True
        if self._timer is None and self.app.animation_level != "none":
            self._timer = self.set_interval(0.4, self.refresh)
        self.refresh()

    def say(self, label: str) -> None:
        """It came further."""
        if label != self._label:
            self._label = label
            self.refresh()

    def stop(self) -> None:
        """It ended."""
        self.display = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def render(self) -> Content:
        """Dots, what is done, seconds after the first few, the way out."""
        seconds = int(monotonic() - self._since)
        dots = STEPS[int((monotonic() - self._since) / 0.4) % len(STEPS)]
        took = f"  {seconds} s" if seconds >= 3 else ""
        return Content.assemble(
            (dots, "$text-primary"), f" {self._label}{took}", (f"   {key_of('go.back')} stops it", "$text-muted")
        )
