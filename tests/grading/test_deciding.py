"""Grading by a model that only decides: probabilities from it, evidence from code."""

from datetime import UTC, datetime

import pytest

from tests.doubles.ollama_brains import Honest
from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tests.grading import answers
from tutor.domain.grade import Grade, Outcome, PointStatus, Verdict
from tutor.grading.deciding import NO_WORDS, UNDECIDED
from tutor.grading.local import LocalEngine
from tutor.grading.model import ModelEngine
from tutor.grading.task import GradingTask
from tutor.llm.client import OllamaClient

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DECIDER = FakeModel("nimble:9b", ("decision",))
BOTH = FakeModel("nimble:9b", ("completion", "decision"))
FULL = next(row for row in answers.rows("development_answers.jsonl") if row["id"] == "difference/full-2")["answer"]


def task(answer: str = FULL) -> GradingTask:
    return answers.task("development", "difference", answer)


def decided(
    says: object, engine: LocalEngine | None, asked: GradingTask, *, model: FakeModel = DECIDER, version: str = "0.40.4"
) -> tuple[Grade, FakeOllama]:
    decider = says if callable(says) else lambda state, question: says
    with FakeOllama([model], brain=Honest({}), version=version, decider=decider) as server:
        client = OllamaClient(server.url, deadline=60, pause=0.01)
        local = (lambda: engine) if engine else None
        return ModelEngine(client, lambda: NOW, local=local).grade(asked), server


def test_each_point_is_asked_about_once_and_quoted_by_code(engine: LocalEngine) -> None:
    grade, server = decided(
        lambda state, question: 0.9 if "state this" in question["instructions"] else 0.1, engine, task()
    )
    assert (grade.outcome, grade.verdict, grade.engine) == (Outcome.GRADED, Verdict.STRONG, "ollama:nimble:9b")
    assert all(point.evidence and point.evidence in FULL for point in grade.points)
    (seen,) = server.requests("/v1/systemone")
    assert not server.requests("/api/chat")
    assert set(seen.body["state"]) == {"question", "reference", "answer"}
    assert [question["type"] for question in seen.body["questions"].values()] == ["noul"] * 5
    assert grade.receipt is not None and grade.receipt.version.startswith("decisions")
    assert grade.misconceptions == ()


@pytest.mark.parametrize(("yes", "status"), [(0.1, PointStatus.MISSING), (0.5, PointStatus.UNSURE)])
def test_a_no_is_missing_and_the_middle_is_unsure(yes: float, status: PointStatus, engine: LocalEngine) -> None:
    grade, _ = decided(yes, engine, task())
    assert {point.status for point in grade.points} == {status}
    assert grade.score == 0.0
    assert status is PointStatus.MISSING or {point.note for point in grade.points} == {UNDECIDED}


def test_a_yes_without_words_for_it_is_unsure(engine: LocalEngine) -> None:
    grade, _ = decided(1.0, engine, task("My grandmother baked bread every Sunday and sang."))
    assert {point.status for point in grade.points} == {PointStatus.UNSURE}
    assert {point.note for point in grade.points} == {NO_WORDS}
    alone, _ = decided(1.0, None, task())
    assert {point.note for point in alone.points} == {NO_WORDS}


def test_a_yes_to_everything_does_not_pass_an_answer_that_swaps_the_sides(engine: LocalEngine) -> None:
    for row in [row for row in answers.rows("development_answers.jsonl") if row["kind"] == "swapped"][:4]:
        grade, _ = decided(1.0, engine, answers.task("development", row["question_id"], row["answer"]))
        assert grade.verdict not in (Verdict.STRONG, Verdict.GOOD), row["id"]


def test_an_old_server_is_asked_in_words_if_the_model_can_chat(engine: LocalEngine) -> None:
    grade, server = decided(1.0, engine, task(), model=BOTH, version="0.33.0")
    assert grade.outcome is Outcome.GRADED
    assert server.requests("/api/chat")


def test_an_old_server_and_a_model_that_cannot_chat_is_a_grade_not_made(engine: LocalEngine) -> None:
    grade, _ = decided(1.0, engine, task(), version="0.33.0")
    assert grade.outcome is Outcome.NOT_GRADED
    assert "only decides between yes and no" in grade.reason and "Update Ollama" in grade.reason


ODD = {
    "a question left out": b'{"model":"nimble:9b","answers":{},"usage":{"input_tokens":1,"output_tokens":1}}',
    "no JSON": b"hello",
    "no usage": b'{"model":"nimble:9b","answers":{}}',
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD.keys())
def test_a_decision_that_is_none_is_a_grade_not_made(raw: bytes, engine: LocalEngine) -> None:
    with FakeOllama([DECIDER], version="0.40.4") as server:
        server.script("/v1/systemone", Reply(raw=raw))
        client = OllamaClient(server.url, deadline=60, pause=0.01)
        grade = ModelEngine(client, lambda: NOW, local=lambda: engine).grade(task())
    assert grade.outcome is Outcome.NOT_GRADED
    assert grade.reason.endswith(".")


def test_a_probability_beyond_one_is_refused(engine: LocalEngine) -> None:
    grade, _ = decided(7.0, engine, task())
    assert grade.outcome is Outcome.NOT_GRADED


def test_too_much_to_read_is_refused_before_anything_is_sent(engine: LocalEngine) -> None:
    grade, server = decided(1.0, engine, task("word " * 6_000))
    assert "too long" in grade.reason
    assert not server.requests("/v1/systemone")
