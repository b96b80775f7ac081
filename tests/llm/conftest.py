"""A double with one plain model, and a client of it that waits as long as a loaded machine needs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.doubles.ollama_server import FakeOllama
from tutor.llm.client import OllamaClient

MODEL = "small:latest"


@pytest.fixture
def server() -> Iterator[FakeOllama]:
    with FakeOllama([MODEL], brain=lambda body: '{"said":"yes"}') as running:
        yield running


@pytest.fixture
def connect(server: FakeOllama) -> Callable[..., OllamaClient]:
    def made(**changes: Any) -> OllamaClient:
        settings: dict[str, Any] = {"deadline": 60.0, "idle": 30.0, "pause": 0.01} | changes
        return OllamaClient(server.url, **settings)

    return made
