"""Ollama at its worst: every failure seen of it, through the real client, ends in a grade or in a sentence.

Each row is followed by an ordinary call that must work: no failure leaves anything behind, and none moves the schedule.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.doubles.clock import FrozenClock
from tests.doubles.ollama_brains import Honest
from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tutor.domain.content import KeyPoint, KeyQuestion
from tutor.domain.grade import Grade, Outcome
from tutor.domain.review import Rating, RatingSource
from tutor.grading.model import ModelEngine
from tutor.grading.task import GradingTask, task_for
from tutor.llm.cancel import Cancel
from tutor.llm.client import OllamaClient
from tutor.store.home import Home
from tutor.store.store import Store
from tutor.study.quiz import QuizSession
from tutor.study.schedule import following

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DEADLINE, IDLE, SLACK = 3.0, 1.0, 60.0
"""Seconds, where a row is about them; the slack is for a machine that has other things to do."""
LONG = 2 * SLACK
"""Seconds a server hangs: more than anybody waits here."""
POINTS = (
    KeyPoint("first", "RAG retrieves documents at query time.", essential=True),
    KeyPoint("second", "Fine-tuning trains the weights."),
)
QUESTION = KeyQuestion("rag/x#y", "What differs?", "RAG retrieves documents at query time.", POINTS)
ANSWER = "RAG retrieves the documents at query time. Fine-tuning trains its weights."
QUOTES = {"RAG retrieves": "RAG retrieves the documents at query time", "Fine-tuning": "Fine-tuning trains its weights"}
THINKS = FakeModel("gpt-oss:20b", ("completion", "thinking"))
NESTED = '{"error":{"code":400,"message":"request (6000 tokens) exceeds the available context size (1024 tokens)"}}'
HTML = b"<html><body>Bad Gateway</body></html>"
GOOD = {"evidence": "", "reason": "Because.", "verdict": "no"}


def reply_with(words: str) -> str:
    return json.dumps({"checks": {"k01": GOOD, "k02": GOOD}, "feedback": words}, ensure_ascii=False)


@dataclass
class Row:
    """What the server does to the next call, and what comes of it."""

    replies: tuple[Reply, ...]
    says: str = ""
    """A part of the reason; empty when there is a grade all the same."""
    model: FakeModel | None = None
    path: str = "/api/chat"
    times: int = 0
    """Requests to the path; 0 where it does not matter."""
    deadline: float = SLACK
    idle: float = SLACK


THOUGHT = Reply(thinking="let me see", text="", done_reason="length")
SHORT = {"prompt_eval_count": 40}
FAILS = {
    "hangs while loading": Row(
        (Reply(first_delay=LONG),), "did not finish within the deadline", times=1, deadline=DEADLINE
    ),
    "hangs in mid-reply": Row((Reply(text="a b", drop_after=1, drop_how="hang"),), "fell silent", times=1, idle=IDLE),
    "writes for ever, slowly": Row(
        (Reply(text="word " * 4000, gap=0.05),), "did not finish within the deadline", deadline=DEADLINE
    ),
    "403, empty body": Row((Reply(status=403, raw=b""),), "only takes calls that name its own machine", times=1),
    "403, cloud disabled": Row((Reply(status=403, error="ollama cloud is disabled"),), "does not allow this"),
    "404, model gone": Row((Reply(status=404, error="model 'small' not found"),), "ollama pull small:latest", times=1),
    "404, no such route": Row((Reply(status=404, raw=b"404 page not found"),), "does not know this request", times=1),
    "401, cloud sign-in": Row((Reply(status=401, error="unauthorized"),), "ollama signin", times=1),
    "400, bad request": Row((Reply(status=400, error="invalid options"),), "invalid options", times=1),
    "400, prompt too long": Row((Reply(status=400, error=NESTED),), "too long for the model", times=1),
    "400, grammar refused": Row((Reply(status=400, error="failed to parse grammar"),), "failed to parse grammar"),
    "429, cloud rate limit": Row((Reply(status=429, error="slow down"),), "too busy", times=1),
    "500, out of memory": Row((Reply(status=500, error="requires more system memory"),), "smaller model", times=1),
    "500, runner died, again and again": Row(
        (Reply(status=500, error="model runner has unexpectedly stopped"),) * 2, "unexpectedly stopped", times=2
    ),
    "502, a page of HTML": Row((Reply(status=502, raw=HTML),), "too busy or cannot reach its model"),
    "503, busy three times": Row((Reply(status=503, error="server busy"),) * 3, "too busy", times=3),
    "error in mid-reply": Row((Reply(text="a b", error="boom", error_after=1),), "boom", times=1),
    "nested error in mid-reply": Row((Reply(text="a b", error={"message": "boom"}, error_after=1),), "failed"),
    "connection closed in mid-reply": Row((Reply(text="a b", drop_after=1, drop_how="fin"),), "broke", times=1),
    "connection reset in mid-reply": Row((Reply(text="a b", drop_after=1, drop_how="rst"),), "broke", times=1),
    "no done line, twice": Row((Reply(text="{", drop_after=1, drop_how="clean"),) * 2, "broke off", times=2),
    "31 equal pieces, twice": Row((Reply(pieces=["a "] * 31, drop_after=31, drop_how="clean"),) * 2, "broke off"),
    "a line that is not JSON": Row((Reply(raw=b"hello\n"),), "is not a reply of Ollama", times=1),
    "a body that is null": Row((Reply(raw=b"null\n"),), "is not a reply of Ollama"),
    "a cut line": Row((Reply(raw=b'{"model":"small","message":{"role":"assi'),), "is not a reply of Ollama"),
    "schema ignored, twice": Row(
        (Reply(pieces=["Of course!"]), Reply(pieces=["[]"])), "form it was asked for", times=2
    ),
    "the schema echoed, twice": Row((Reply(pieces=['{"type":"object"}']),) * 2, "form it was asked for", times=2),
    "cut by the budget, twice": Row((Reply(pieces=['{"checks":{'], done_reason="length"),) * 2, "out of room", times=2),
    "nothing said, twice": Row((Reply(text=""),) * 2, "answered nothing", times=2),
    "thinking ate the budget, twice": Row((THOUGHT,) * 2, "thought, and then answered nothing", model=THINKS, times=2),
    "the prompt was cut": Row((Reply(pieces=[reply_with("ok")], metrics=SHORT),), "read only the end", times=1),
    "the window overflowed": Row(
        (Reply(pieces=[reply_with("ok")], metrics={"prompt_eval_count": 8_000, "eval_count": 900}),),
        "read only the end",
    ),
    "no answer to the first look": Row((Reply(status=500, error="boom"),), "", path="/api/version"),
    "strange models listed": Row((Reply(raw=b'{"models":7}'),), "no model that can chat", path="/api/tags"),
}
WORKS = {
    "a cold load inside the deadline": Row((Reply(pieces=[reply_with("ok")], first_delay=2.5),), idle=2),
    "a slow reply that keeps coming": Row((Reply(text=reply_with("one two three"), gap=0.2),), idle=2),
    "bytes cut anywhere": Row((Reply(pieces=[reply_with("naïve 日本")], split_bytes=1),)),
    "U+0085 in the text": Row((Reply(pieces=[reply_with("a\x85b")]),)),
    "U+2028 and escapes in the text": Row((Reply(pieces=[reply_with("a\u2028b \u001b[2J")]),)),
    "schema ignored once": Row((Reply(pieces=["Of course! Here you are."]),), times=2),
    "a fence around the JSON": Row((Reply(pieces=[f"```json\n{reply_with('ok')}\n```"]),)),
    "cut once": Row((Reply(pieces=['{"checks":{'], done_reason="length"),), times=2),
    "no done line once": Row((Reply(text="{", drop_after=1, drop_how="clean"),), times=2),
    "thinking ate the budget once": Row((THOUGHT,), model=THINKS, times=2),
    "503 once": Row((Reply(status=503, error="server busy"),), times=2),
    "500, runner died once": Row((Reply(status=500, error="model runner has unexpectedly stopped"),), times=2),
}


def task() -> GradingTask:
    return task_for(QUESTION, ANSWER)


def client_of(server: FakeOllama, **changes: object) -> OllamaClient:
    settings = {"deadline": SLACK, "idle": SLACK, "pause": 0.01} | changes
    return OllamaClient(server.url, **settings)  # type: ignore[arg-type]


def grade(server: FakeOllama, cancel: Cancel | None = None, **changes: object) -> Grade:
    return ModelEngine(client_of(server, **changes), lambda: NOW).grade(task(), cancel=cancel)


def spoilt(server: FakeOllama, row: Row) -> Grade:
    if row.model:
        server.models = {row.model.name: row.model}
    server.script(row.path, *row.replies)
    begun = time.monotonic()
    given = grade(server, deadline=row.deadline, idle=row.idle)
    assert time.monotonic() - begun < row.deadline + SLACK
    assert len(server.requests(row.path)) >= row.times
    server.queue.clear()
    return given


def rated_afterwards(home: Path, given: Grade) -> Rating | None:
    """The rating the grade suggests for an answer to a question that is due; it moves no schedule by itself."""
    clock = FrozenClock(NOW - timedelta(days=30))
    with Store.open(Home(home), clock=clock, entropy=os.urandom) as store:
        follow = following(QUESTION.id, Rating.GOOD)
        store.add_review(QUESTION.id, Rating.GOOD, RatingSource.LEARNER, follow=follow)
        clock.forward(days=30)
        memories, reviews = store.memories(), store.reviews()
        assert memories[QUESTION.id].due < clock()
        session = QuizSession([QUESTION], store, clock=clock)
        session.submit(ANSWER)
        assert session.attempt is not None
        session.record(session.attempt.id, given)
        suggested = session.suggestion
        session.finish()
        assert (store.memories(), store.reviews()) == (memories, reviews)
        assert [attempt.text for attempt in store.attempts()] == [ANSWER]
    return suggested


def works_again(server: FakeOllama) -> None:
    after = grade(server)
    assert (after.outcome, after.score) == (Outcome.GRADED, 1.0), after.reason


@pytest.mark.parametrize("row", FAILS.values(), ids=FAILS.keys())
def test_a_failure_is_a_grade_not_made_with_its_reason_and_the_next_one_is_made(row: Row, tmp_path: Path) -> None:
    with FakeOllama(["small:latest"], brain=Honest(QUOTES)) as server:
        given = spoilt(server, row)
        assert (given.outcome, given.score, given.points, given.misconceptions) == (Outcome.NOT_GRADED, None, (), ())
        assert row.says in given.reason
        assert given.reason[0].isupper() or given.reason[0] in '"1'
        assert given.reason.endswith(".") and not set("<{\x1b") & set(given.reason)
        works_again(server)
    assert rated_afterwards(tmp_path, given) is None


@pytest.mark.parametrize("row", WORKS.values(), ids=WORKS.keys())
def test_what_can_be_mended_is(row: Row, tmp_path: Path) -> None:
    with FakeOllama(["small:latest"], brain=Honest(QUOTES)) as server:
        given = spoilt(server, row)
        assert given.outcome is Outcome.GRADED, given.reason
        assert "\x1b" not in repr(given) and "\x85" not in repr(given)
        works_again(server)
    assert rated_afterwards(tmp_path, given) is not None


HANGS = {
    "while the model loads": ("/api/chat", Reply(first_delay=LONG)),
    "in mid-reply": ("/api/chat", Reply(text="a b", drop_after=1, drop_how="hang")),
    "between slow pieces": ("/api/chat", Reply(text="a b c d", gap=LONG)),
    "while looking at the server": ("/api/version", Reply(first_delay=LONG)),
}


@pytest.mark.parametrize(("path", "reply"), HANGS.values(), ids=HANGS.keys())
def test_cancelling_ends_it_wherever_it_hangs_and_the_server_notices(path: str, reply: Reply) -> None:
    with FakeOllama(["small:latest"], brain=Honest(QUOTES)) as server:
        server.script(path, reply)
        cancel, given = Cancel(), []
        worker = threading.Thread(target=lambda: given.append(grade(server, cancel, deadline=LONG, idle=LONG)))
        worker.start()
        wait_for(lambda: server.requests(path))
        cancel.cancel()
        worker.join(SLACK)
        assert [grade.reason for grade in given] == ["You stopped the language model before it had finished."]
        if path == "/api/chat":
            wait_for(lambda: server.requests(path)[0].client_gone_after is not None)
        server.queue.clear()
        works_again(server)


def test_one_deadline_holds_for_all_calls_of_a_grade() -> None:
    points = tuple(KeyPoint(f"p{n}", f"Statement {n} about documents.") for n in range(24))
    checks = {f"k{n:02}": GOOD for n in range(1, 9)}
    with FakeOllama(["small:latest"]) as server:
        slow = Reply(pieces=[json.dumps({"checks": checks, "feedback": ""})], first_delay=1.4 * DEADLINE)
        server.script("/api/chat", *[slow] * 9)
        client = client_of(server, deadline=2 * DEADLINE)
        client.status()  # what has to be loaded is
        begun = time.monotonic()
        given = ModelEngine(client, lambda: NOW).grade(replace(task(), points=points))
        assert time.monotonic() - begun < 2 * DEADLINE + SLACK
        assert len(server.requests("/api/chat")) == 2
    assert "deadline" in given.reason


WRONG_MODELS = {
    "not installed": ("other:1", False, "does not have the model"),
    "one that only embeds": ("embed:1", False, "turns text into vectors"),
    "the cloud by name": ("big:cloud", False, "sent to ollama.com"),
    "the cloud by name, never pulled": ("gpt-oss:120b-cloud", False, "sent to ollama.com"),
    "the cloud under another name": ("alias:latest", False, "sent to ollama.com"),
    "the cloud, allowed in the settings": ("alias:latest", True, ""),
}


@pytest.mark.parametrize(("model", "allowed", "says"), WRONG_MODELS.values(), ids=WRONG_MODELS.keys())
def test_the_wrong_model_gets_no_text(model: str, allowed: bool, says: str) -> None:
    installed = [
        FakeModel("small:latest"),
        FakeModel("embed:1", ("embedding",)),
        FakeModel("alias:latest", remote_host="https://ollama.com:443"),
    ]
    with FakeOllama(installed, brain=Honest(QUOTES)) as server:
        given = grade(server, model=model, allow_remote=allowed)
        assert bool(server.requests("/api/chat")) is allowed
    assert (given.outcome is Outcome.GRADED) is allowed
    assert says in given.reason


def test_nothing_listens_there() -> None:
    given = ModelEngine(OllamaClient("127.0.0.1:1"), lambda: NOW).grade(task())
    assert given.outcome is Outcome.NOT_GRADED
    assert 'Start it with "ollama serve"' in given.reason


def wait_for(happened: Callable[[], object]) -> None:
    begun = time.monotonic()
    while not happened():
        if time.monotonic() - begun > SLACK:
            raise AssertionError("it did not happen")
        time.sleep(0.01)
