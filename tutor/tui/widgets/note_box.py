"""Owns the line in which the learner says why their answer is right."""

from __future__ import annotations

from textual.widgets import Input

MOST = 500
"""Characters of a reason; it is kept with the grade and read by a person."""


class NoteBox(Input):
    """Hidden until it is asked for; Enter keeps what is written, Esc leaves it."""

    def __init__(self) -> None:
        super().__init__(id="reason", max_length=MOST, placeholder="Why is it right? Enter keeps it, Esc leaves")
        self.display = False

    def ask(self) -> None:
        """Show the empty line, ready to type."""
        self.value = ""
        self.display = True
        self.focus()
