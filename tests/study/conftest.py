"""An open store on a real file, under a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tutor.store.home import Home
from tutor.store.store import Store


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def store(home: Home, clock: FrozenClock) -> Iterator[Store]:
    with Store.open(home, clock=clock, entropy=counting_entropy()) as opened:
        yield opened
