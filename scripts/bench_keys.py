"""Times the keys of a running app while something else runs beside it; the third table of bench_tui.py."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.tui.running import LiveApp
    from tutor.workspace import Workspace

SECONDS = 6
TOKENS = 60
"""Of the streamed answer, a second."""

WORDS = "Retrieval **supplies** `knowledge` when it is asked for, [1] so that sources can be named.\n\n- And so on.\n\n"

Work = Callable[[threading.Event], None]
"""What runs beside the app until the event is set."""


async def measure_keys(home: Path, size: tuple[int, int]) -> None:
    """Letters typed into the line of Ask, twenty a second: how long until each is in the line."""
    from tutor.tui import opening
    from tutor.tui.running import LiveApp
    from tutor.workspace import Workspace

    with Workspace.open(home) as workspace:
        app = LiveApp(workspace)
        async with app.run_test(size=size) as pilot:
            while app.today is None:
                await pilot.pause(0.05)
            opening.visit(app, "ask")
            await pilot.pause(1.0)
            print(f"\nkeys, ms until handled, {SECONDS} s each                      median     worst   share of a core")
            for label, work in (
                ("while nothing runs", None),
                (f"while an answer streams, {TOKENS} tokens a second", streaming(app)),
                ("while answers are graded by the local engine", grading(workspace)),
                ("while passages are encoded", encoding(workspace)),
            ):
                waits, share = await typed(app, work)
                print(f"  {label:52} {statistics.median(waits):10.1f} {max(waits):9.1f} {share:15.0%}")


def streaming(app: LiveApp) -> Work:
    """An answer that grows as a model's does."""
    from tutor.llm.cancel import Cancel
    from tutor.tui.messages import AnswerGrew
    from tutor.tui.screens.ask import EVERY, Ask
    from tutor.tui.widgets.transcript import Transcript

    screen = app.screen
    assert isinstance(screen, Ask)
    tokens = [token + " " for token in WORDS.split(" ")]

    def work(over: threading.Event) -> None:
        screen._cancel = Cancel()
        exchange = screen.query_one(Transcript).begin("Why?")
        text, last, number = "", 0.0, 0
        while not over.wait(1 / TOKENS):
            text += tokens[number % len(tokens)]
            number += 1
            if time.monotonic() - last >= EVERY:
                last = time.monotonic()
                screen.post_message(AnswerGrew(exchange.id, text))

    return work


def grading(workspace: Workspace) -> Work:
    """Reference answers, graded one after another."""
    questions = list(workspace.library.questions())

    def work(over: threading.Event) -> None:
        while not over.is_set():
            for question in questions:
                if not over.is_set():
                    workspace.grade(workspace.task(question, question.reference))

    return work


def encoding(workspace: Workspace) -> Work:
    """All passages, a few at a time."""
    texts = [section.text for chapter in workspace.library.chapters() for section in chapter.sections]

    def work(over: threading.Event) -> None:
        encoder = workspace.encoder()
        assert encoder is not None, "the home was prepared"
        for start in range(0, 10**9, 16):
            if over.is_set():
                break
            at = start % len(texts)
            encoder.encode(texts[at : at + 16])

    return work


async def typed(app: LiveApp, work: Work | None) -> tuple[Sequence[float], float]:
    """Milliseconds each key took, and the share of a core that the app's own thread used."""
    from textual import events
    from textual.widgets import Input

    line = app.screen.query_one(Input)
    line.focus()
    over = threading.Event()
    worker = threading.Thread(target=work or (lambda over: None), args=(over,), daemon=True)
    worker.start()
    waits: list[float] = []
    cpu, begun = time.thread_time(), time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        before, at = line.value, time.perf_counter()
        app.post_message(events.Key("x", "x"))
        while line.value == before:
            await asyncio.sleep(0.001)
        waits.append((time.perf_counter() - at) * 1000)
        if len(line.value) > 60:
            line.value = ""
        await asyncio.sleep(0.05)
    share = (time.thread_time() - cpu) / (time.perf_counter() - begun)
    over.set()
    await asyncio.to_thread(worker.join)
    return waits, share
