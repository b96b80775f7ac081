"""Markdown becomes blocks that say what was written: no more, no less, and never markup of the screen."""

from __future__ import annotations

import pytest

from tutor.tui.widgets.blocks import Block, BlockKind, markdown_blocks, plain
from tutor.tui.widgets.layout import column_widths, height_of, laid_out
from tutor.tui.widgets.measure import Measure

LITERAL = {
    "type": "a list[int] b",
    "closing tag": "c[/] and [/a-z]",
    "action": "[@click=app.quit]press[/]",
    "html": "<script>alert(1)</script>",
    "unclosed link": "[link=https://x.example",
}


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
def test_text_that_looks_like_markup_shows_as_itself(text: str) -> None:
    assert [block.content.plain for block in markdown_blocks(text)] == [text]


def test_control_characters_become_visible_at_the_door() -> None:
    assert plain("a\x1b[2Jb") == "a␛[2Jb"


def test_styles_and_targets_of_links() -> None:
    [block] = markdown_blocks("**bold** *it* `x` and [the paper](https://arxiv.org/abs/1)")
    assert block.content.plain == "bold it x and the paper ‹https://arxiv.org/abs/1›"
    styles = {block.content.plain[span.start : span.end]: str(span.style) for span in block.content.spans}
    assert styles["bold"] == "bold"
    assert styles["it"] == "italic"
    assert "accent" in styles["x"]
    assert styles["the paper"] == "underline"


def test_a_link_that_shows_its_target_is_not_said_twice() -> None:
    assert plain("<https://arxiv.org/abs/1>") == "https://arxiv.org/abs/1"


def test_lists_have_markers_indents_and_no_gaps() -> None:
    blocks = markdown_blocks("- one\n- two\n  1. first\n  2. second\n\nafter")
    assert [(b.marker, b.indent, b.above, b.content.plain) for b in blocks] == [
        ("•", 2, 1, "one"),
        ("•", 2, 0, "two"),
        ("1.", 5, 0, "first"),
        ("2.", 5, 0, "second"),
        ("", 0, 1, "after"),
    ]


def test_blocks_know_their_line_in_the_file() -> None:
    blocks = markdown_blocks("para\n\n- item\n\n```python\nx = 1\n```", first_line=10)
    assert [(block.kind, block.line) for block in blocks] == [
        (BlockKind.TEXT, 10),
        (BlockKind.TEXT, 12),
        (BlockKind.CODE, 14),
    ]


def test_a_quote_is_drawn_as_one() -> None:
    [block] = markdown_blocks("> said")
    assert block.quoted


def _lines(block: Block, width: int) -> list[str]:
    return [line.plain for line in laid_out(block, width)]


def test_a_table_shares_the_width_and_wraps_in_its_cells() -> None:
    [table] = markdown_blocks("| a | what |\n|---|---|\n| x | one two three four five six |\n| y | z |")
    lines = _lines(table, 24)
    assert lines[0].split() == ["a", "what"]
    assert set(lines[1].replace(" ", "")) == {"─"}
    assert max(map(len, lines)) <= 24
    assert " ".join(" ".join(lines[2:]).split()) == "x one two three four five six y z"


def test_long_code_is_folded_and_never_wrapped_at_words() -> None:
    [code] = markdown_blocks("```\n" + "ab " * 20 + "\n    indented\n```")
    lines = _lines(code, 22)
    assert all(len(line) <= 22 for line in lines)
    assert "".join(line[1:21] for line in lines[:3]).rstrip() == ("ab " * 20).rstrip()
    assert lines[-1].startswith("     indented")


@pytest.mark.parametrize("code", ["x: list[int] = []", "\n\nleading()", "def f(a):\n\treturn a[0]  # [/]"])
def test_coloured_code_is_the_same_text(code: str) -> None:
    [block] = markdown_blocks(f"```python\n{code}\n```")
    shown = "\n".join(line.plain[1:].rstrip() for line in laid_out(block, 60))
    assert shown == code.expandtabs(4)


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [([3, 4], 20, [3, 4]), ([3, 40], 20, [3, 17]), ([30, 30], 20, [10, 10]), ([30, 30], 5, [6, 6])],
    ids=["fits", "wide one gives way", "shared", "never below the least"],
)
def test_column_widths(wanted: list[int], room: int, given: list[int]) -> None:
    assert column_widths(wanted, room) == given


SAMPLE = """# T\n\nA paragraph that is long enough to wrap at any of the widths we try here, twice.\n
- item with enough words to wrap around at least once at the narrow widths\n
| a | b |\n|---|---|\n| words in a cell that wrap | more words in another cell |\n
```python\nlong_line = "x" * 100  # and a comment that makes it longer still\n```\n\n---\n\n> quoted words\n"""


@pytest.mark.parametrize("width", [16, 40, 78, 120])
def test_counted_heights_are_the_heights_drawn(width: int) -> None:
    blocks = markdown_blocks(SAMPLE)
    measure = Measure(blocks, width, centred=False)
    for block in blocks:
        inner = measure.inner(block)
        lines = laid_out(block, inner)
        assert height_of(block, inner) == len(lines)
        assert all(line.cell_length <= max(inner, 16) for line in lines)


def test_a_growing_document_is_counted_from_where_it_changed() -> None:
    blocks = markdown_blocks("one\n\ntwo\n\nthree")
    before = Measure(blocks, 40, centred=False)
    grown = Measure([*blocks, *markdown_blocks("four")], 40, centred=False, like=before)
    assert grown.kept == 3
    assert grown.starts == Measure([*blocks, *markdown_blocks("four")], 40, centred=False).starts
