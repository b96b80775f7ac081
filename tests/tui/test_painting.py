"""Only what changed is painted, and that is all that changed: growing answers, scrolling, letters typed."""

from __future__ import annotations

import random

import pytest
from textual.content import Content

from tests.tui.driving import Driver, driven
from tests.tui.fakes import FakeWorkspace
from tests.tui.painting import Painted
from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.exchange import running_blocks
from tutor.tui.widgets.transcript import Transcript

GROWING = """Retrieval **supplies** `knowledge` when it is asked for, [1] so that sources can be named and changed.

1. First, the question is turned into a vector, and that vector is compared with those of all passages.

2. Then the nearest passages are read:

   - by a reranker, [2]
   - or by nobody.

```python
def answer(question: list[str]) -> str:
    return generate(question, retrieve(question))
```

| what | costs |
|---|---|
| retrieval | little |
| generation | much |

> Fine-tuning changes the *model itself*.

And that is all there is to say about it; the rest is evaluation. [1]
"""


async def growing(tutor: Driver, seed: int) -> None:
    """An answer that comes in pieces of any length, each seen whole before the next."""
    await tutor.press("a")
    await tutor.sees("Ask about the chapters")
    transcript = tutor.app.screen.query_one(Transcript)
    exchange = transcript.begin("why rag")
    painted, dice, at = Painted(tutor), random.Random(seed), 0
    while at < len(GROWING):
        at += dice.choice((1, 3, 9, 40))
        exchange.blocks = running_blocks(GROWING[:at])
        transcript.say(to_end=True)
        await painted.settles()


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])
async def test_an_answer_grows_on_the_terminal_as_in_the_app(workspace: FakeWorkspace, size: tuple[int, int]) -> None:
    async with driven(workspace, size) as tutor:
        await growing(tutor, seed=size[0])
        grown = tutor.lines[:-6]
        await tutor.pilot.resize_terminal(size[0] - 1, size[1])
        await tutor.pilot.resize_terminal(*size)
        await tutor.press("tab", "end")
        await tutor.until(lambda: tutor.lines[:-6] == grown)


async def test_the_same_words_in_another_weight_are_painted_anew(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("a")
        await tutor.sees("Ask about the chapters")
        transcript = tutor.app.screen.query_one(Transcript)
        exchange = transcript.begin("why rag")
        for style, bold in (("none", False), ("bold", True)):
            exchange.blocks = [Block(Content.styled("because", style))]
            transcript.say()
            await tutor.sees("because")
            strips = tutor.app.screen._compositor.render_strips()
            assert [bool(s.style and s.style.bold) for line in strips for s in line if s.text == "because"] == [bold]


async def test_what_grew_above_the_window_is_painted_when_one_scrolls_there(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await growing(tutor, seed=1)
        painted = Painted(tutor)
        for key in ("pageup", "up", "up", "pagedown", "down"):
            await tutor.press(key)
            await painted.settles()


async def test_reading_scrolls_the_terminal_as_the_app(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 20)) as tutor:
        await tutor.press("r")
        await tutor.sees("Foundations")
        await tutor.press("enter")
        await tutor.sees("f Find")
        document = tutor.app.screen.query_one(Document)
        assert document.max_scroll_y > 0
        painted = Painted(tutor)
        for key in ("j", "j", "pagedown", "k", "end", "home", "n", "ctrl+d"):
            await tutor.press(key)
            await painted.settles()


async def test_letters_show_as_they_are_typed_beyond_the_end_of_the_line(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 20)) as tutor:
        await tutor.press("a")
        await tutor.sees("Ask about the chapters")
        painted = Painted(tutor)
        for _ in range(7):
            await tutor.type("abcdefghij")
            await painted.settles()
        await tutor.press("home", "x", "delete", "end", "backspace")
        await painted.settles()
