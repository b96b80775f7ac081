"""A double with one plain model, and a client of it that waits for nothing long."""

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
        settings: dict[str, Any] = {"deadline": 5.0, "idle": 2.0, "pause": 0.01} | changes
        return OllamaClient(server.url, **settings)

    return made
