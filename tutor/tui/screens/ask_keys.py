"""Owns the keys of asking: those of reading the answers, and those that work while one is in the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from tutor.domain.text import visible
from tutor.tui.widgets.line import Line

if TYPE_CHECKING:
    from tutor.tui.screens.place import Place

EVERYTHING = "the chapters"
"""What a question is about that was not begun in a chapter."""


class AskLine(Line):
    """The line to type in, where every letter and number is part of a question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "backspace",
            "widen",
            "All chapters",
            show=False,
            priority=True,
            id="ask.widen",
            tooltip="Ask about all chapters, no longer about one section",
        ),
        Binding("backspace", "delete_left", show=False),  # the framework's own, which the one above would replace
    ]

    _subject, _section = "", ""

    def about(self, title: str, section: str = "") -> None:
        """What is asked now is about a chapter, or a section of it."""
        self._subject, self._section = title, section
        self.placeholder = f"Ask about {visible(section) or title} …"
        self.focus()

    def in_full(self, question: str) -> str:
        """A question with what it is about."""
        return f"{question} ({self._subject}: {self._section})" if self._section else question

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only an empty line can be led away from its section; in another the key rubs out a letter."""
        if action == "widen":
            return bool(self._section) and not self.value
        return super().check_action(action, parameters)

    def action_widen(self) -> None:
        """No longer about one section."""
        self.about(EVERYTHING)
        cast("Place", self.screen).refresh_frame()


ASK_BINDINGS: list[BindingType] = [
    Binding("tab", "read", "Read, open", id="ask.read", tooltip="To the answers, where letters and numbers are keys"),
    Binding("i,tab", "focus_input", "Write", id="ask.write", tooltip="Back to the line where you type"),
    Binding("n", "exchange(1)", "Next", id="ask.next", tooltip="Next question of this sitting"),
    Binding("p", "exchange(-1)", "Previous", id="ask.previous", tooltip="Previous question of this sitting"),
    Binding("a", "focus_input", "Ask", show=False),
    Binding("down", "scroll('line', 1)", "Down", show=False),
    Binding("up", "scroll('line', -1)", "Up", show=False),
    Binding("pagedown", "scroll('page', 1)", "Page down", show=False),
    Binding("pageup", "scroll('page', -1)", "Page up", show=False),
    *(
        Binding(str(n), f"cite({n})", f"Open [{n}]", show=False, id=f"ask.cite{n}", tooltip=f"Open citation {n}")
        for n in range(1, 10)
    ),
    Binding("e", "keep_note", "Keep", id="ask.note", tooltip="Keep this as a note at the section it stands on"),
    Binding("w", "keep_question", "Make a question", id="ask.question", tooltip="Make it a key question of yours"),
    Binding("o", "open_beside", "Open chapter", id="ask.open", tooltip="Open the chapter of the passage shown"),
]
