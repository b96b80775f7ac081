"""Owns the small editor for a note of one's own on a section."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from tutor.tui.keys import key_of
from tutor.tui.screens.dialog import Dialog


class Note(Dialog[str]):
    """Gives back what is in the editor, whichever way it is left: a note is never lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "keep", "Keep", id="note.keep", tooltip="Keep the note and close the editor"),
    ]

    def __init__(self, about: str, text: str) -> None:
        super().__init__()
        self._about = about
        self._text = text

    def compose(self) -> ComposeResult:
        """What it is about, the text, and how to leave."""
        with Vertical(id="note"):
            yield Static(Content.styled(self._about, "bold $text-primary"), markup=False)
            yield TextArea(self._text, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
            hint = f"{key_of('note.keep')} keeps it and closes. An empty note is taken away."
            yield Static(Content.styled(hint, "$text-muted"), markup=False)

    def on_mount(self) -> None:
        """The cursor where one would go on."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_keep(self) -> None:
        """Done."""
        self.dismiss(self.query_one(TextArea).text)
