"""Replies that need not be paid for twice: whole or not there, and only for exactly the same call."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tutor.llm import kept
from tutor.llm.client import OllamaClient
from tutor.llm.kept import KeptReplies
from tutor.llm.nouns import JsonReply, Message

Connect = Callable[..., OllamaClient]
HELLO = [Message("user", "hello")]
SCHEMA = {"type": "object", "required": ["said"], "properties": {"said": {"type": "string"}}}


def ask(client: OllamaClient, folder: Path, messages: list[Message] = HELLO, *, fresh: bool = False) -> JsonReply:
    keep = KeptReplies(folder / "replies", fresh=fresh)
    return client.session().chat_json(messages, SCHEMA, max_tokens=50, keep=keep)


def test_the_same_call_is_sent_once(server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    first, second = ask(connect(), tmp_path), ask(connect(), tmp_path)
    assert (first.data, first.kept, second.data, second.kept) == ({"said": "yes"}, False, {"said": "yes"}, True)
    assert len(server.requests("/api/chat")) == 1


CHANGES = {
    "other words": lambda server: {"messages": [Message("user", "hello!")]},
    "other weights under the same name": lambda server: server.models.update(
        {"small:latest": FakeModel("small:latest", digest="ffff")}
    ),
    "another model": lambda server: server.models.update({"small-instruct:1": FakeModel("small-instruct:1")}),
    "asked afresh": lambda server: {"fresh": True},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_anything_else_is_sent_again(change: Callable, server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    ask(connect(), tmp_path)
    assert not ask(connect(), tmp_path, **(change(server) or {})).kept
    assert len(server.requests("/api/chat")) == 2


def test_so_is_another_context_size(server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    ask(connect(), tmp_path)
    assert not ask(connect(context_tokens=4096), tmp_path).kept


def test_weights_without_a_digest_are_never_taken_for_known_ones(
    server: FakeOllama, connect: Connect, tmp_path: Path
) -> None:
    server.models["small:latest"].digest = ""
    assert [ask(connect(), tmp_path).kept for _ in range(2)] == [False, False]


def test_what_was_asked_afresh_is_kept_in_its_place(server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    ask(connect(), tmp_path)
    server.brain = lambda body: '{"said":"no"}'
    assert ask(connect(), tmp_path, fresh=True).data == {"said": "no"}
    assert ask(connect(), tmp_path).data == {"said": "no"}


DAMAGE = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-20]),
    "a bit flipped in the reply": lambda file: file.write_bytes(file.read_bytes().replace(b"yes", b"yet")),
    "another reply": lambda file: file.write_text(json.dumps({"key": file.stem, "sum": "0", "reply": {"said": "x"}})),
    "not an object": lambda file: file.write_bytes(b"[]"),
    "no text": lambda file: file.write_bytes(b"\xff\xfe\x00"),
    "gone": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_entry_is_as_none(damage: Callable, server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    ask(connect(), tmp_path)
    (file,) = (tmp_path / "replies").iterdir()
    damage(file)
    reply = ask(connect(), tmp_path)
    assert (reply.data, reply.kept) == ({"said": "yes"}, False)


def test_a_reply_that_was_not_usable_is_not_kept(server: FakeOllama, connect: Connect, tmp_path: Path) -> None:
    server.script("/api/chat", Reply(pieces=["no"]), Reply(pieces=["[]"]))
    with pytest.raises(Exception, match="not a JSON object"):
        ask(connect(), tmp_path)
    assert not (tmp_path / "replies").exists()


def test_nobody_else_can_read_them_and_nothing_half_written_stays(connect: Connect, tmp_path: Path) -> None:
    ask(connect(), tmp_path)
    (file,) = (tmp_path / "replies").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_keeps_nothing_and_harms_nothing(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "replies").write_text("in the way")
    assert ask(connect(), tmp_path).data == {"said": "yes"}


def test_the_oldest_go(connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for n in range(6):
        ask(connect(), tmp_path, [Message("user", f"hello {n}")])
    assert len(list((tmp_path / "replies").iterdir())) == 3
    assert ask(connect(), tmp_path, [Message("user", "hello 5")]).kept
