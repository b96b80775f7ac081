"""When garbage is looked for: not during a start, and never among what was loaded for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import FakeWorkspace
from tutor.domain.content import Library
from tutor.tui import collector
from tutor.tui.running import LiveApp


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


async def test_a_start_that_held_it_lets_it_go_on_without_what_was_loaded(workspace: FakeWorkspace) -> None:
    collector.hold()
    assert not gc.isenabled()
    async with driven(workspace):
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
        gc.collect()
        assert gc.get_freeze_count() > 10_000


async def test_after_the_app_nothing_is_kept(workspace: FakeWorkspace) -> None:
    async with driven(workspace):
        pass
    assert gc.get_freeze_count() == 0


class Unreadable(FakeWorkspace):
    """Chapters on a disk that has gone."""

    @property
    def library(self) -> Library:
        raise OSError("the disk has gone")


async def test_it_goes_on_when_the_chapters_cannot_be_read(tmp_path: Path) -> None:
    collector.hold()
    app = LiveApp(Unreadable(tmp_path / "home"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        tutor = Driver(app, pilot)
        await tutor.sees("went wrong")
        assert gc.isenabled()
