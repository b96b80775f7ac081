"""Gives tests a fake workspace in their own folder, and takes away the pauses that protect a person's hasty fingers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.fakes import FakeWorkspace
from tutor.tui.screens.quiz_page import QuizPage
from tutor.tui.widgets.answer_box import AnswerBox


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[FakeWorkspace]:
    """A learner who has never been here."""
    made = FakeWorkspace(tmp_path / "home")
    yield made
    made.script.gate.set()
    made.preparing.set()
    made.close()


@pytest.fixture(autouse=True)
def nimble(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests press keys faster than people."""
    monkeypatch.setattr(QuizPage, "SETTLE", 0.0)
    monkeypatch.setattr(AnswerBox, "deaf_for", 0.0)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True)
def greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Greetings and weeks follow the learner's clock; here it is the same everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
