"""What is sent, what comes back, and how waiting ends."""

import json
import threading
import time
from collections.abc import Callable

import pytest

from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tutor.domain.errors import ModelError, ModelInterrupted, ModelRefused, ModelReplyInvalid
from tutor.llm.cancel import Cancel
from tutor.llm.client import OllamaClient
from tutor.llm.nouns import Message

Connect = Callable[..., OllamaClient]
HELLO = [Message("user", "hello")]
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["said"],
    "properties": {"said": {"type": "string"}},
}


def wait_for(happened: Callable[[], object], seconds: float = 30.0) -> float:
    begun = time.monotonic()
    while not happened():
        if time.monotonic() - begun > seconds:
            raise AssertionError("it did not happen")
        time.sleep(0.005)
    return time.monotonic() - begun


def test_text_comes_in_pieces(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="Chunking cuts documents.", split_bytes=3))
    assert list(connect().chat_stream(HELLO, max_tokens=50)) == ["Chunking", " cuts", " documents."]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\x85b", "a�b"),
        ("café — naïve 日本", "café — naïve 日本"),
        ("line\u2028separator", "line�separator"),
        ("\x1b[31mred", "␛[31mred"),
        ("zero\u200bwidth", "zero�width"),
    ],
    ids=["next line", "letters", "line separator", "escape", "hidden"],
)
@pytest.mark.parametrize("size", [0, 1, 7])
def test_any_character_arrives_safe_to_show(
    sent: str, shown: str, size: int, server: FakeOllama, connect: Connect
) -> None:
    server.script("/api/chat", Reply(pieces=[sent], split_bytes=size))
    assert "".join(connect().chat_stream(HELLO, max_tokens=50)) == shown


def test_thinking_is_not_the_answer(server: FakeOllama, connect: Connect) -> None:
    server.models = {"gpt-oss:20b": FakeModel("gpt-oss:20b", ("completion", "thinking"))}
    server.script("/api/chat", Reply(thinking="let me see", text="yes"))
    assert list(connect().chat_stream(HELLO, max_tokens=50)) == ["yes"]


def test_thought_without_an_answer(server: FakeOllama, connect: Connect) -> None:
    server.models = {"gpt-oss:20b": FakeModel("gpt-oss:20b", ("completion", "thinking"))}
    thought = Reply(thinking="let me see", text="", done_reason="length")
    server.script("/api/chat", thought, thought, thought)
    client = connect()
    with pytest.raises(ModelReplyInvalid, match="thought, and then answered nothing"):
        list(client.chat_stream(HELLO, max_tokens=50))
    with pytest.raises(ModelReplyInvalid, match="thought, and then answered nothing"):
        client.chat_json(HELLO, SCHEMA, max_tokens=50)


def test_load_options_never_change(server: FakeOllama, connect: Connect) -> None:
    client = connect(context_tokens=4096)
    client.chat_json(HELLO, SCHEMA, max_tokens=50)
    list(client.chat_stream(HELLO, max_tokens=90))
    of_json, of_text = (seen.body for seen in server.requests("/api/chat"))
    assert of_json["options"] == {"num_ctx": 4096, "seed": 7, "temperature": 0.0, "num_predict": 50}
    assert of_text["options"] | {"temperature": 0.0, "num_predict": 50} == of_json["options"]
    assert of_json["keep_alive"] == of_text["keep_alive"]
    assert of_json["stream"] and of_text["stream"]
    assert json.dumps(of_json["format"]) == json.dumps(SCHEMA)
    assert "format" not in of_text


THINK = {
    "a plain model": (FakeModel("m:1"), "0.33.0", None, 50),
    "one that thinks": (FakeModel("m:1", ("completion", "thinking")), "0.33.0", False, 50),
    "a source build": (FakeModel("m:1", ("completion", "thinking")), "0.0.0", False, 50),
    "an old server that would drop the schema": (
        FakeModel("m:1", ("completion", "thinking")),
        "0.31.1",
        None,
        50 + 1024,
    ),
    "one that cannot stop thinking": (FakeModel("gpt-oss:20b", ("completion", "thinking")), "0.33.0", "low", 50 + 1024),
    "a server too old to list abilities": (FakeModel("m:1", ("completion", "thinking")), "0.20.1", None, 50 + 1024),
}


@pytest.mark.parametrize(("model", "version", "think", "budget"), THINK.values(), ids=THINK.keys())
def test_thinking_is_kept_short(model: FakeModel, version: str, think: object, budget: int) -> None:
    with FakeOllama([model], version=version, brain=lambda body: '{"said":"yes"}') as server:
        OllamaClient(server.url).chat_json(HELLO, SCHEMA, max_tokens=50)
        body = server.requests("/api/chat")[0].body
    assert (body.get("think"), body["options"]["num_predict"]) == (think, budget)


BROKEN = {
    "prose": ("Of course! Here you are.", "not JSON"),
    "a list": ("[1]", "not a JSON object"),
    "a missing key": ("{}", 'lacks "said"'),
    "a key too many": ('{"said":"x","more":1}', 'must not have "more"'),
    "a wrong type": ('{"said":1}', '"said" must be of type string'),
    "the schema itself": (json.dumps(SCHEMA), 'lacks "said"'),
}


@pytest.mark.parametrize(("text", "fault"), BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_shape_is_asked_for_once_more(text: str, fault: str, server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=[text]))
    reply = connect().chat_json(HELLO, SCHEMA, max_tokens=50)
    assert (reply.data, reply.retries) == ({"said": "yes"}, 1)
    first, second = (seen.body["messages"] for seen in server.requests("/api/chat"))
    assert second[: len(first)] == first
    assert second[-2] == {"role": "assistant", "content": text}
    assert fault in second[-1]["content"]


def test_a_wrong_shape_twice_is_an_error(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=["no"]), Reply(pieces=["[]"]))
    with pytest.raises(ModelReplyInvalid, match="not a JSON object"):
        connect().chat_json(HELLO, SCHEMA, max_tokens=50)
    assert len(server.requests("/api/chat")) == 2


def test_a_fence_around_json_is_forgiven(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=['```json\n{"said":"x"}\n```\n']))
    assert connect().chat_json(HELLO, SCHEMA, max_tokens=50).retries == 0


def test_a_cut_reply_gets_twice_the_room(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=['{"said":"']), Reply(pieces=['{"said":"'], done_reason="length"))
    server.queue["/api/chat"][0].done_reason = "length"
    with pytest.raises(ModelInterrupted, match="ran out of room"):
        connect().chat_json(HELLO, SCHEMA, max_tokens=50)
    first, second = (seen.body for seen in server.requests("/api/chat"))
    assert (first["options"]["num_predict"], second["options"]["num_predict"]) == (50, 100)
    assert second["messages"] == first["messages"]


def test_strings_in_json_are_safe_to_show(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=['{"said":"\\ud83d \\u001b[2J"}']))
    said = connect().chat_json(HELLO, SCHEMA, max_tokens=50).data["said"]
    assert said == "� ␛[2J"
    assert said.encode()


def test_a_prompt_that_would_be_cut_is_not_sent(server: FakeOllama, connect: Connect) -> None:
    client = connect(context_tokens=1000)
    for text in ("word " * 950, "字" * 475, "7" * 950):
        with pytest.raises(ModelRefused, match=r"too long for the language model: about \d+ tokens"):
            client.chat_json([Message("user", text)], SCHEMA, max_tokens=50)
    server.models["small:latest"].context_length = 500
    with pytest.raises(ModelRefused, match="it reads 500"):
        client.chat_json([Message("user", "word " * 450)], SCHEMA, max_tokens=50)
    assert not server.requests("/api/chat")


def test_a_server_that_cuts_the_prompt_all_the_same_is_found_out(server: FakeOllama, connect: Connect) -> None:
    server.models["small:latest"].context_length = 1024
    server.version = "0.20.0"
    with pytest.raises(ModelReplyInvalid, match="read only the end of what it was sent"):
        connect().chat_json([Message("user", "word " * 2_000)], SCHEMA, max_tokens=50)


def test_nothing_is_sent_before_the_first_piece_is_asked_for(server: FakeOllama, connect: Connect) -> None:
    pieces = connect().chat_stream(HELLO, max_tokens=50)
    assert not server.seen
    next(iter(pieces))
    assert server.requests("/api/chat")


@pytest.mark.parametrize("delay", [{"first_delay": 120.0}, {"gap": 120.0}], ids=["while loading", "in mid-reply"])
def test_cancelling_from_another_thread_ends_it_at_once(delay: dict, server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="a b c d", **delay))
    cancel, ended = Cancel(), []

    def call() -> None:
        try:
            connect(idle=120, deadline=120).chat_json(HELLO, SCHEMA, max_tokens=50, cancel=cancel)
        except ModelError as error:
            ended.append(error)

    worker = threading.Thread(target=call)
    worker.start()
    wait_for(lambda: server.requests("/api/chat"))
    time.sleep(0.05)
    cancel.cancel()
    worker.join(60)  # half of what anything else that could end it would take
    [error] = ended
    assert isinstance(error, ModelInterrupted)
    assert "You stopped" in str(error)
    wait_for(lambda: server.requests("/api/chat")[0].client_gone_after is not None)


def test_cancelling_needs_no_reader(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="a b c d", gap=120.0))
    cancel = Cancel()
    pieces = connect(idle=120, deadline=120).chat_stream(HELLO, max_tokens=50, cancel=cancel)
    assert next(pieces) == "a"
    cancel.cancel()
    wait_for(lambda: server.requests("/api/chat")[0].client_gone_after is not None)
    with pytest.raises(ModelInterrupted):
        list(pieces)


def test_closing_the_stream_closes_the_connection(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="a b c d", gap=120.0))
    pieces = connect(idle=120, deadline=120).chat_stream(HELLO, max_tokens=50)
    assert next(pieces) == "a"
    pieces.close()
    wait_for(lambda: server.requests("/api/chat")[0].client_gone_after is not None)
    assert not [thread for thread in threading.enumerate() if thread.name == "ollama-stream"]


def test_a_slow_reply_that_keeps_coming_is_waited_for(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(text="a b c d e f g h", gap=0.4))
    assert len(list(connect(idle=2.5).chat_stream(HELLO, max_tokens=50))) == 8


def test_the_deadline_covers_loading_and_all_tries(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/chat", Reply(pieces=["no"], first_delay=0.2), Reply(pieces=["no"], first_delay=120))
    begun = time.monotonic()
    with pytest.raises(ModelInterrupted, match="deadline"):
        connect(deadline=2).chat_json(HELLO, SCHEMA, max_tokens=50)
    assert time.monotonic() - begun < 60
