"""What we believe of Ollama, checked against the double, and against a real server when OLLAMA_TEST_HOST names one.

The double is only worth something while both pass. A real server needs one small model that can chat.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.doubles.ollama_server import FakeOllama
from tutor.domain.errors import ModelMissing
from tutor.llm import wire
from tutor.llm.address import parse_address
from tutor.llm.client import OllamaClient
from tutor.llm.nouns import Message

REAL = os.environ.get("OLLAMA_TEST_HOST", "")
HELLO = [Message("user", "Say hello in one word.")]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["evidence", "verdict"],
    "properties": {"evidence": {"type": "string", "maxLength": 60}, "verdict": {"enum": ["no", "yes"]}},
}


def _answers(body: dict[str, Any]) -> str:
    return '{"evidence":"hello","verdict":"yes"}' if body.get("format") else "hello there, dear learner, how are you"


@pytest.fixture(params=["double", pytest.param("real", marks=pytest.mark.skipif(not REAL, reason="OLLAMA_TEST_HOST"))])
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "real":
        yield REAL
        return
    with FakeOllama(["small:latest"], brain=_answers) as server:
        yield server.url


def test_status_has_what_we_read(host: str) -> None:
    status = OllamaClient(host).status()
    assert status.running
    assert status.version[0].isdigit()
    chosen = OllamaClient(host).choose_model()
    assert "completion" in chosen.capabilities
    assert chosen.size > 0


def test_a_schema_is_kept_in_its_order(host: str) -> None:
    reply = OllamaClient(host).chat_json(HELLO, SCHEMA, max_tokens=100)
    assert list(reply.data) == ["evidence", "verdict"]
    assert reply.data["verdict"] in ("no", "yes")
    assert reply.prompt_tokens > 0


async def test_a_budget_of_five_tokens_ends_with_length(host: str) -> None:
    model = OllamaClient(host).choose_model().name
    call = wire.Call(model, tuple(HELLO), {"num_predict": 5, "temperature": 0.0})
    chunks = [chunk async for chunk in wire.chat(parse_address(host), call)]
    assert (chunks[-1].done, chunks[-1].reason) == (True, "length")
    assert sum(bool(chunk.text) for chunk in chunks) <= 5


async def test_a_long_prompt_is_cut_without_a_word_or_refused(host: str) -> None:
    model = OllamaClient(host).choose_model().name
    call = wire.Call(model, (Message("user", "word " * 4_000),), {"num_ctx": 1024, "num_predict": 5})
    try:
        chunks = [chunk async for chunk in wire.chat(parse_address(host), call)]
    except Exception as error:
        assert getattr(error, "status_code", 0) == 400
    else:
        assert 0 < chunks[-1].prompt_tokens < 1024


async def test_an_unknown_model_is_a_404(host: str) -> None:
    call = wire.Call("no-such-model:1", tuple(HELLO), {})
    with pytest.raises(Exception, match="not found") as caught:
        [chunk async for chunk in wire.chat(parse_address(host), call)]
    assert getattr(caught.value, "status_code", 0) == 404
    with pytest.raises(ModelMissing):
        OllamaClient(host, model="no-such-model:1").choose_model()


async def test_thinking_asked_of_a_model_without_it_is_a_400(host: str) -> None:
    model = OllamaClient(host).choose_model()
    if "thinking" in model.capabilities:
        pytest.skip("the chosen model thinks")
    call = wire.Call(model.name, tuple(HELLO), {"num_predict": 5}, think=True)
    with pytest.raises(Exception, match="does not support thinking") as caught:
        [chunk async for chunk in wire.chat(parse_address(host), call)]
    assert getattr(caught.value, "status_code", 0) == 400
