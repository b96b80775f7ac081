"""Every way a call was seen to fail becomes one ModelError: its kind, a sentence, a remedy. Over a real socket."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.doubles.ollama_script import go_json
from tests.doubles.ollama_server import FakeOllama, Reply
from tutor.domain.errors import (
    ModelBusy,
    ModelError,
    ModelInterrupted,
    ModelMissing,
    ModelNotRunning,
    ModelRefused,
    ModelReplyInvalid,
)
from tutor.llm.client import OllamaClient
from tutor.llm.nouns import Message

Connect = Callable[..., OllamaClient]
HELLO = [Message("user", "hello")]
SCHEMA = {"type": "object", "required": ["said"], "properties": {"said": {"type": "string"}}}
HTML = b"<html><body>Bad Gateway</body></html>"
CUT = '{"model":"small","message":{"role":"assi'
NESTED = '{"error":{"code":400,"message":"request (6000 tokens) exceeds the available context size (1024 tokens)"}}'


@dataclass
class Fault:
    """One row: what the server does, and what a person is told."""

    reply: Reply
    kind: type[ModelError]
    says: str
    requests: int = 1
    idle: float = 30.0
    deadline: float = 60.0


FAULTS = {
    "400, bad request": Fault(Reply(status=400, error="invalid options"), ModelRefused, "invalid options"),
    "400, error in a string": Fault(Reply(status=400, error=NESTED), ModelRefused, "too long"),
    "401, cloud sign-in": Fault(Reply(status=401, error="unauthorized"), ModelRefused, "ollama signin"),
    "403, empty body": Fault(Reply(status=403, raw=b""), ModelRefused, "OLLAMA_HOST=0.0.0.0"),
    "403, cloud disabled": Fault(
        Reply(status=403, error="ollama cloud is disabled"), ModelRefused, "cloud is disabled"
    ),
    "404, model": Fault(Reply(status=404, error="model 'small' not found"), ModelMissing, "ollama pull small:latest"),
    "404, older words": Fault(
        Reply(status=404, error='model "small" not found, try pulling it first'), ModelMissing, "ollama pull"
    ),
    "404, route": Fault(Reply(status=404, raw=b"404 page not found"), ModelRefused, "Update it"),
    "405": Fault(Reply(status=405, raw=b"405 method not allowed"), ModelRefused, "does not know this request"),
    "301, redirect": Fault(Reply(status=301, raw=b"", location="https://127.0.0.1:1/"), ModelRefused, "https://"),
    "429, rate limit": Fault(Reply(status=429, error="too many requests"), ModelBusy, "Try again"),
    "499, gone while queued": Fault(Reply(status=499, error="request canceled"), ModelInterrupted, "request canceled"),
    "500, out of memory": Fault(
        Reply(status=500, error="model requires more system memory (9 GiB)"), ModelRefused, "smaller model"
    ),
    "500, runner died at start": Fault(
        Reply(status=500, error="llama-server process has terminated: exit status 2"), ModelRefused, "could not load"
    ),
    "500, format": Fault(Reply(status=500, error='invalid format: "x"'), ModelRefused, "invalid format"),
    "500, anything else": Fault(Reply(status=500, error="boom"), ModelInterrupted, "boom"),
    "500, body null": Fault(Reply(status=500, raw=b"null"), ModelReplyInvalid, "not a reply of Ollama"),
    "500, body a list": Fault(Reply(status=500, raw=b"[1]"), ModelReplyInvalid, "not a reply of Ollama"),
    "502, HTML": Fault(Reply(status=502, raw=HTML, raw_type="text/html"), ModelBusy, "cannot reach its model."),
    "200, HTML": Fault(Reply(raw=HTML, raw_type="text/html"), ModelReplyInvalid, "not a reply of Ollama"),
    "a line cut": Fault(Reply(raw=CUT.encode()), ModelReplyInvalid, "not a reply of Ollama"),
    "a blank line": Fault(Reply(raw=b"\n\n"), ModelReplyInvalid, "not a reply of Ollama"),
    "a line null": Fault(Reply(raw=b"null\n"), ModelReplyInvalid, "not a reply of Ollama"),
    "a line without message": Fault(Reply(raw=b'{"model":"small"}\n'), ModelReplyInvalid, "not a reply of Ollama"),
    "no body": Fault(Reply(raw=b""), ModelInterrupted, "broke off"),
    "error in mid-stream": Fault(
        Reply(text="a b c", error="an error was encountered while running the model: x", error_after=2),
        ModelInterrupted,
        "an error was encountered",
    ),
    "error object in mid-stream": Fault(
        Reply(text="a b", error={"code": 500, "message": "x"}, error_after=1), ModelInterrupted, "failed in the middle"
    ),
    "closed without an end": Fault(Reply(text="a b c", drop_after=2), ModelInterrupted, "connection"),
    "reset": Fault(Reply(text="a b c", drop_after=2, drop_how="rst"), ModelInterrupted, "connection"),
    "no done line": Fault(Reply(text="a b c", drop_after=2, drop_how="clean"), ModelInterrupted, "broke off"),
    "31 equal pieces, then nothing": Fault(
        Reply(pieces=["a "] * 31, drop_after=31, drop_how="clean"), ModelInterrupted, "broke off"
    ),
    "cut by the budget": Fault(Reply(text="a b", done_reason="length"), ModelInterrupted, "ran out of room"),
    "silence": Fault(Reply(text="a b", drop_after=1, drop_how="hang"), ModelInterrupted, "fell silent", idle=0.5),
    "never a first word": Fault(Reply(first_delay=120), ModelInterrupted, "deadline", deadline=2.0),
    "nothing said": Fault(Reply(text=""), ModelReplyInvalid, "answered nothing"),
    "the prompt was cut": Fault(
        Reply(text="ok", metrics={"prompt_eval_count": 40}), ModelReplyInvalid, "read only the end"
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_stream_says_what_went_wrong(fault: Fault, server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", fault.reply)
    long_prompt = [Message("user", "word " * 200)]
    with pytest.raises(fault.kind, match=fault.says):
        list(connect(idle=fault.idle, deadline=fault.deadline).chat_stream(long_prompt, max_tokens=50))
    assert len(server.requests("/api/chat")) == fault.requests


@pytest.mark.parametrize(
    ("reply", "kind", "deadline"),
    [
        (Reply(status=400, error="invalid options"), ModelRefused, 60),
        (Reply(status=403, raw=b""), ModelRefused, 60),
        (Reply(text="a b", error="x", error_after=1), ModelInterrupted, 60),
        (Reply(text="a", drop_after=1, drop_how="rst"), ModelInterrupted, 60),
        (Reply(first_delay=120), ModelInterrupted, 2),
    ],
    ids=["bad request", "host check", "mid-stream", "reset", "hang"],
)
def test_json_fails_in_the_same_words(
    reply: Reply, kind: type[ModelError], deadline: float, server: FakeOllama, connect: Connect
) -> None:
    server.script("/api/chat", reply)
    with pytest.raises(kind):
        connect(deadline=deadline).chat_json(HELLO, SCHEMA, max_tokens=50)
    assert len(server.requests("/api/chat")) == 1


def test_no_sentence_shows_a_page_of_html_or_raw_json(server: FakeOllama, connect: Connect) -> None:
    for body in (HTML, NESTED.encode(), b'{"error":"' + b"x" * 5_000 + b'"}', b'{"error":"\x1b[2J"}'):
        server.script("/api/chat", Reply(status=500, raw=body))
        with pytest.raises(ModelError) as caught:
            list(connect().chat_stream(HELLO, max_tokens=50))
        sentence = str(caught.value)
        assert len(sentence) < 400
        assert not set("<{\x1b") & set(sentence)


RETRIED = {
    "busy once": ([Reply(status=503, error="server busy")], 2),
    "busy twice": ([Reply(status=503, error="server busy")] * 2, 3),
    "runner stopped once": ([Reply(status=500, error="model runner has unexpectedly stopped")], 2),
    "runner stopped in mid-reply": ([Reply(text="a b", error="runner unexpectedly stopped", error_after=1)], 2),
}


@pytest.mark.parametrize(("replies", "requests"), RETRIED.values(), ids=RETRIED.keys())
def test_what_passes_is_tried_again(replies: list[Reply], requests: int, server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", *replies)
    reply = connect().chat_json(HELLO, SCHEMA, max_tokens=50)
    assert (reply.data, reply.retries) == ({"said": "yes"}, requests - 1)
    assert len(server.requests("/api/chat")) == requests


def test_trying_again_has_an_end(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", *[Reply(status=503, error="server busy")] * 9)
    with pytest.raises(ModelBusy, match="server busy"):
        list(connect().chat_stream(HELLO, max_tokens=50))
    assert len(server.requests("/api/chat")) == 3
    server.queue.clear()
    server.script("/api/chat", *[Reply(status=500, error="model runner has unexpectedly stopped")] * 9)
    with pytest.raises(ModelInterrupted, match="unexpectedly stopped"):
        list(connect().chat_stream(HELLO, max_tokens=50))
    assert len(server.requests("/api/chat")) == 5


def test_no_rest_goes_past_the_deadline(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", *[Reply(status=503, error="server busy")] * 9)
    begun = time.monotonic()
    with pytest.raises(ModelBusy):
        list(connect(pause=120, deadline=10).chat_stream(HELLO, max_tokens=50))
    assert time.monotonic() - begun < 60


def test_a_stream_that_began_is_not_begun_again(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="a b", error="runner unexpectedly stopped", error_after=1))
    pieces = connect().chat_stream(HELLO, max_tokens=50)
    assert next(pieces) == "a"
    with pytest.raises(ModelInterrupted):
        next(pieces)
    assert len(server.requests("/api/chat")) == 1


def test_nothing_listens() -> None:
    client = OllamaClient("127.0.0.1:1", pause=0.01)
    assert not client.status().running
    with pytest.raises(ModelNotRunning, match=r'not running at 127\.0\.0\.1:1\. Start it with "ollama serve"'):
        client.chat_json(HELLO, SCHEMA, max_tokens=50)


def test_a_server_that_dies_between_two_calls(server: FakeOllama, connect: Connect) -> None:
    session = connect().session()
    assert session.chat_json(HELLO, SCHEMA, max_tokens=50).data == {"said": "yes"}
    server.stop()
    with pytest.raises(ModelNotRunning):
        session.chat_json(HELLO, SCHEMA, max_tokens=50)


def test_a_model_removed_between_listing_and_calling(server: FakeOllama, connect: Connect) -> None:
    listed = {"models": [model.tag(old=False) for model in server.models.values()]}
    server.script("/api/tags", Reply(raw=go_json(listed)))
    server.models.clear()
    with pytest.raises(ModelMissing, match="ollama pull small:latest"):
        list(connect().chat_stream(HELLO, max_tokens=50))
