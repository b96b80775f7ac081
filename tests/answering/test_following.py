"""Follow-ups: what leans on the question before, and what it is read as."""

from collections.abc import Callable

import pytest

from tests.answering.conftest import Material
from tests.doubles.ollama_server import FakeOllama
from tutor.answering import following
from tutor.answering.answerer import Answerer
from tutor.domain.answer import Answer


def said(question: str, text: str = "Something.") -> Answer:
    return Answer(question, "extractive", text)


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("what does it cost?", True),
        ("why is that so", True),
        ("and the second one?", True),
        ("what are their limits", True),
        ("What is chunk overlap?", False),
        ("is it worth reranking?", False),
        ("Why does a system still make things up even though it is the right page that was put in the prompt?", False),
    ],
)  # fmt: skip
def test_a_short_question_with_a_word_for_something_points_back(question: str, leans: bool) -> None:
    assert following.points_back(question) is leans


def test_what_was_named_before_is_carried_along() -> None:
    read = following.carried("What does it cost?", [said("When should I choose RAG over fine-tuning?")])
    assert read == "What does it cost (rag over fine-tuning)?".replace(" over", "")


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_by_itself() -> None:
    history = [said("What is BM25?"), said("How does hybrid search work?"), said("what does it cost?")]
    read = following.carried("and why is that?", history)
    assert "hybrid" in read and "cost" in read
    assert "bm25" not in read


def test_the_second_one_is_the_second_item_of_the_answer() -> None:
    listed = said(
        "Which caches are there?", "Two caches:\n\n- A prefix cache reuses keys [1].\n- A semantic cache [2]."
    )
    assert "semantic" in following.carried("tell me more about the second one", [listed])
    assert "prefix" not in following.carried("tell me more about the second one", [listed])


def test_a_rewriting_is_one_question_about_what_was_talked_of() -> None:
    history = [said("What is RAG?", "RAG retrieves passages.")]
    asked = "what does it cost?"
    assert following.rewritten('Question: "What does RAG cost?"', asked, history) == "What does RAG cost?"
    assert following.rewritten("", asked, history) == ""
    assert following.rewritten("Paris has the Louvre, the Seine and Montmartre.", asked, history) == ""
    assert following.rewritten("What does RAG cost " + "RAG " * 200, asked, history) == ""


def test_a_follow_up_is_answered_and_says_how_it_was_read(material: Material) -> None:
    answerer = material.answerer()
    first = answerer.ask("Why is fine-tuning a poor knowledge store?")
    alone, after = answerer.ask("when does it help?"), answerer.ask("when does it help?", history=[first])
    assert "fine-tuning" not in alone.note
    assert "Read as “when does it help" in after.note and "fine-tuning" in after.note
    assert after.citations[0].chapter_id == "rag/rag-vs-fine-tuning"


def test_a_question_of_its_own_is_not_read_as_a_follow_up(material: Material) -> None:
    answerer = material.answerer()
    first = answerer.ask("Why is fine-tuning a poor knowledge store?")
    assert answerer.ask("What is RAG?", history=[first]) == answerer.ask("What is RAG?")


def test_a_model_rewrites_a_follow_up_before_anything_is_searched(
    ollama: Callable[..., Answerer], server: FakeOllama
) -> None:
    def brain(body: dict[str, object]) -> str:
        system, *_, user = [str(message["content"]) for message in body["messages"]]  # type: ignore[attr-defined]
        if system.startswith("Rewrite"):
            assert "Learner: Why is fine-tuning a poor knowledge store?" in user
            return "When does fine-tuning help more?"
        assert "When does fine-tuning help more?" in user
        return "Fine-tuning helps more when the facts are right and the behaviour is wrong [1]."

    server.brain = brain
    answer = ollama().ask("and when does it help more?", history=[said("Why is fine-tuning a poor knowledge store?")])
    assert answer.note.endswith("Read as “When does fine-tuning help more?”.")


def test_without_a_word_of_rewriting_what_was_named_is_carried_along(
    ollama: Callable[..., Answerer], server: FakeOllama
) -> None:
    server.brain = lambda body: "I am a helpful assistant, ask me anything about Paris, trains and cheese!"
    answer = ollama().ask("and when does it help more?", history=[said("Why is fine-tuning a poor knowledge store?")])
    assert "fine-tuning poor knowledge store" in answer.note
