"""Owns the layout for screen readers: signs that are only drawn become blanks or letters, nothing moves by itself, and
the terminal's own cursor stands where the attention belongs.

Every replacement is as wide as what it replaces, so that one layout serves both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Offset

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

_DRAWN = {code: " " for code in range(0x2500, 0x25A0)} | dict.fromkeys(map(ord, "○◔◑◕◐⠀"), " ")
_SAID = {ord(sign): letter for sign, letter in {"●": "*", "•": "-", "▸": ">", "·": ",", "✓": "+", "…": "."}.items()}
_LETTERS = _DRAWN | _SAID


def show_cursor(app: App[int]) -> None:
    """Let the terminal's own cursor be seen; the framework moves it along and never shows it."""
    if app._driver is not None and not app.is_headless:
        app._driver.write("\x1b[?25h")


class Flattened(LineFilter):
    """Lines without anything that is only drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in letters, blanks and punctuation."""
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(_LETTERS), segment.style)
            for segment in segments
        ]


def still(screen: Screen[None]) -> None:
    """Stop what blinks."""
    from textual.widgets import Input, TextArea

    for field in screen.query("Input, TextArea"):
        if isinstance(field, Input | TextArea):
            field.cursor_blink = False


def stand_at(widget: Widget, x: int, y: int) -> None:
    """Put the terminal's cursor on this cell of the focused widget; it goes there with the next thing painted."""
    if widget.has_focus and widget.screen.is_current and widget.region:
        widget.app.cursor_position = Offset(widget.region.x + x, widget.region.y + max(0, y))
