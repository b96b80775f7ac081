"""Owns the box an answer is written in."""

from __future__ import annotations

from time import monotonic

from textual import events
from textual.widgets import TextArea

DEAF = 0.35
"""Seconds after a new question appears in which keys meant for the one before are let go."""


class AnswerBox(TextArea):
    """Several lines, soft wrapped; deaf for a moment when a new question comes up."""

    deaf_for = DEAF

    def __init__(self) -> None:
        super().__init__(
            id="answer", soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False
        )
        self.placeholder = "Answer as you would aloud …"
        self._deaf_until = 0.0

    def begin(self, draft: str) -> None:
        """A new question: what was begun earlier, the cursor at its end."""
        self.load_text(draft)
        self.move_cursor(self.document.end)
        self._deaf_until = monotonic() + self.deaf_for

    async def _on_key(self, event: events.Key) -> None:
        if monotonic() < self._deaf_until:
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)
