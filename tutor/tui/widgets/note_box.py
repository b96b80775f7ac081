"""Owns the line in which the learner says why their answer is right."""

from __future__ import annotations

from textual.widgets import Input

from tutor.tui.keys import key_of

MOST = 500
"""Characters of a reason; it is kept with the grade and read by a person."""


class NoteBox(Input):
    """Hidden until it is asked for; Enter keeps what is written, Esc leaves it."""

    def __init__(self) -> None:
        asked = f"Why is it right? Enter keeps it, {key_of('go.back')} leaves"
        super().__init__(id="reason", max_length=MOST, placeholder=asked)
        self.display = False

    def ask(self) -> None:
        """Show the empty line, ready to type."""
        self.value = ""
        self.display = True
        self.focus()
