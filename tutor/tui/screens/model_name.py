"""Owns the small form that asks for the name of a model to download."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.tui.keys import key_of
from tutor.tui.screens.dialog import Dialog, field
from tutor.tui.widgets.line import Line


class ModelName(Dialog[str]):
    """Gives the name, as typed; empty when the form is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss('')", "Close", id="model-name.close", tooltip="Download nothing"),
    ]

    def compose(self) -> ComposeResult:
        """A line to type in, and what it may hold."""
        with Vertical(classes="form"):
            yield Static(Content.styled("Download a model", "bold $text-primary"), markup=False)
            yield from field('Its name in Ollama\'s library, as after "ollama pull": qwen3:8b', Line())
            close = key_of("model-name.close")
            word = f"Enter begins, {close} closes. Its size is said once it has begun; it can be stopped."
            yield Static(Content.styled(word, "$text-muted"), classes="form-word", markup=False)

    @on(Line.Submitted)
    def give(self, event: Line.Submitted) -> None:
        """What was typed."""
        self.dismiss(event.value.strip())
