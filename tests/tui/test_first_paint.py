"""The first frame: what it says, where, in which colours, and what it may import; where it stands back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tests.tui.test_today import review
from tutor.domain.settings import Settings
from tutor.tui import first_paint
from tutor.tui.first_paint import frame

SIZE = os.terminal_size((80, 24))


@pytest.fixture(autouse=True)
def colourful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


def words(painted: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", " ", painted)


def test_it_says_what_is_due() -> None:
    assert "Good morning.  12 questions are due" in words(frame(12, 9, Settings(), SIZE)).replace("   ", "  ")
    assert "1 question is due" in words(frame(1, 9, Settings(), SIZE))


@pytest.mark.parametrize("due", [0, None], ids=["nothing due", "not counted"])
def test_it_never_says_what_it_does_not_know(due: int | None) -> None:
    assert "due" not in words(frame(due, 9, Settings(), SIZE))


@pytest.mark.parametrize("why", ["NO_COLOR", "flat", "few colours", "a theme of somebody else"])
def test_it_has_no_colours_of_its_own_where_they_are_not_wanted(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(flat=why == "flat", theme="dracula" if why.startswith("a theme") else "atlas-dark")
    if why == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    if why == "few colours":
        monkeypatch.setenv("COLORTERM", "")
    assert "38;2" not in frame(3, 9, settings, SIZE)
    assert "38;2" in frame(3, 9, Settings(), SIZE) or why in ("NO_COLOR", "few colours")


async def test_the_first_screen_grows_out_of_it(workspace: FakeWorkspace) -> None:
    review(workspace)
    workspace.time = workspace.time.replace(year=2027)
    hour = workspace.now().astimezone().hour
    painted = frame(1, hour, replace(workspace.settings), SIZE)
    places = re.findall(r"\x1b\[(\d+);(\d+)H(?:\x1b\[1m)?([^\x1b]+)", painted)
    assert len(places) == 2
    async with driven(workspace) as tutor:
        await tutor.sees("1 question is due")
        for row, column, said in places:
            assert tutor.lines[int(row) - 1][int(column) - 1 :].startswith(said)


@pytest.mark.parametrize(
    ("term", "size", "paints"),
    [
        ("xterm-256color", (80, 24), True),
        ("dumb", (80, 24), False),
        ("", (80, 24), False),
        ("xterm-256color", (39, 24), False),
        ("xterm-256color", (0, 0), False),
    ],
    ids=["a terminal", "a plain one", "an unnamed one", "a tiny one", "one without a size"],
)
def test_it_stands_back_where_it_would_do_harm(
    term: str, size: tuple[int, int], paints: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size(size))
    assert first_paint._can_paint({"TERM": term}) is paints


def test_nothing_but_small_things_are_imported_before_it() -> None:
    probe = (
        "import sys, tutor.cli.main, tutor.tui.first_paint, tutor.store.counts, tutor.store.settings_file\n"
        "print(*[name for name in ('textual', 'rich', 'argparse', 'asyncio', 'sqlite_utils', 'numpy', 'yaml')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
