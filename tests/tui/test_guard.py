"""Whatever a text holds, nothing that acts on a terminal leaves through the last door."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tutor.tui.guard import TerminalGuard

BLACK = Color(0, 0, 0)

HARMFUL = {
    "clear screen": "a\x1b[2Jb",
    "set title": "a\x1b]0;owned\x07b",
    "write clipboard": "a\x1b]52;c;aGk=\x1b\\b",
    "C1 control": "a\x9b2Jb",
    "bell": "a\x07b",
    "right-to-left override": "a\u202eb",
    "zero width space": "a\u200bb",
    "tag characters": "a\U000e0041b",
    "lone surrogate": "a\ud800b",
    "line separator": "a\u2028b",
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL.keys())
def test_acting_characters_are_dropped(text: str) -> None:
    painted = "".join(segment.text for segment in TerminalGuard().apply([Segment(text)], BLACK))
    assert painted.startswith("a")
    assert painted.endswith("b")
    assert painted.isprintable()


def test_a_flood_of_marks_is_cut_to_what_a_script_may_need() -> None:
    [segment] = TerminalGuard().apply([Segment("a" + "\u0301" * 5000 + "b")], BLACK)
    assert segment.text == "a" + "\u0301" * 8 + "b"


def test_terminal_hyperlinks_are_taken_off_and_letters_stay() -> None:
    [segment] = TerminalGuard().apply([Segment("docs", Style(bold=True, link="https://evil.example"))], BLACK)
    assert segment.text == "docs"
    assert segment.style is not None
    assert segment.style.bold
    assert not segment.style.link


def test_ordinary_lines_pass_as_they_are() -> None:
    segments = [Segment("Naïve café 日本 ✓ list[int]", Style(italic=True)), Segment(" ")]
    assert TerminalGuard().apply(segments, BLACK) is segments
