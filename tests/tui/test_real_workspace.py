"""The app on the real workspace with the shipped chapters: no encoder and no model, and still usable."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import driven
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.home import Home
from tutor.workspace import Workspace


class Unprepared(Workspace):
    """The real thing, except that the encoder never gets ready."""

    def prepare(self, progress: object = None) -> None:
        """Not in this test: exporting takes half a minute."""


@pytest.fixture
def real(tmp_path: Path) -> Workspace:
    """A fresh home on the local engine."""
    home = Home(tmp_path)
    home.prepare()
    return Unprepared(home, Settings(engine=EngineChoice.LOCAL), environ={})


async def test_shipped_chapters_can_be_read_and_searched(real: Workspace) -> None:
    async with driven(real) as tutor:
        await tutor.sees("Start your first quiz")
        await tutor.press("r")
        await tutor.sees("RAG vs Fine-tuning")
        await tutor.press("enter")
        await tutor.sees("f Find")
        await tutor.press("slash")
        await tutor.sees("Type a word or a whole question.")
        await tutor.type("fine-tuning")
        await tutor.sees("by keywords until the encoder is ready")
        await tutor.press("enter")
        await tutor.sees("f Find")
        assert any("▌" in line for line in tutor.lines)


async def test_an_answer_is_kept_and_rated_even_when_nothing_can_grade_it(real: Workspace) -> None:
    async with driven(real) as tutor:
        await tutor.press("enter")
        await tutor.sees("^s Submit")
        await tutor.type("It retrieves passages and the model answers from them")
        await tutor.press("ctrl+s")
        await tutor.sees("Not graded")
        await tutor.press("2")
        await tutor.sees("2 of")
    [review] = real.store.reviews()
    [attempt] = real.store.attempts()
    assert review.attempt_id == attempt.id
    assert attempt.text == "It retrieves passages and the model answers from them"
    real.close()
