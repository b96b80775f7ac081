"""The sentence of the chapter behind a point, and the key question behind a learner's own words."""

import pytest

from tutor.domain.content import KeyPoint, KeyQuestion
from tutor.domain.passage import Passage, PassageKind
from tutor.domain.text import holds_quote
from tutor.grading.citing import cite
from tutor.grading.matching import match_question
from tutor.retrieval.encoder import Encoder

BODY = Passage(
    "rag/x:1",
    "rag/x",
    "X",
    ("Core",),
    "## Core\n\nFine-tuning trains the model on **examples**. RAG retrieves documents when the question arrives. "
    "Both cost money.",
)
REFERENCE = Passage(
    "rag/x:2", "rag/x", "X", (), "RAG supplies knowledge by retrieving documents.", PassageKind.REFERENCE, "rag/x#q"
)
QUESTIONS = [
    KeyQuestion(f"rag/x#{n}", text, "", ())
    for n, text in enumerate(
        [
            "What is the difference between RAG and fine-tuning?",
            "When would you choose RAG over fine-tuning?",
            "What do you trade off when you choose a chunk size?",
            "Why combine keyword search with vector search?",
        ]
    )
]


def test_the_best_sentence_of_a_body_passage_is_quoted_exactly(encoder: Encoder) -> None:
    found = cite(KeyPoint("p", "RAG supplies knowledge by retrieving documents."), [REFERENCE, BODY], encoder)
    assert found is not None
    assert found.quote == "RAG retrieves documents when the question arrives."
    assert found.verified
    assert holds_quote(BODY.text, found.quote)
    assert found.passage_id == BODY.id


def test_nothing_is_cited_where_the_chapter_does_not_say_it(encoder: Encoder) -> None:
    assert cite(KeyPoint("p", "Semantic caches can serve stale answers."), [BODY], encoder) is None
    assert cite(KeyPoint("p", "RAG supplies knowledge by retrieving documents."), [REFERENCE], encoder) is None


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("what is the difference between rag and fine-tuning", 0),
        ("How does RAG differ from fine-tuning?", 0),
        ("In which cases is RAG better than fine-tuning?", 1),
        ("How big should chunks be, and what do you give up either way?", 2),
        ("Why would I use BM25 keyword search together with vectors?", 3),
    ],
)
def test_a_question_in_other_words_is_recognised(encoder: Encoder, asked: str, meant: int) -> None:
    found = match_question(asked, QUESTIONS, encoder)
    assert found is not None
    assert found.question is QUESTIONS[meant]


@pytest.mark.parametrize(
    "asked",
    [
        "How long do I rest a steak?",
        "Why is fine-tuning a guitar difficult?",
        "When would you choose NoSQL over SQL?",
        "What is the difference between a process and a thread?",
        "How do I reverse a linked list?",
        "",
        "???",
    ],
)
def test_an_unrelated_question_is_matched_to_nothing(encoder: Encoder, asked: str) -> None:
    assert match_question(asked, QUESTIONS, encoder) is None


def test_the_same_words_are_a_certain_match_without_regard_to_case(encoder: Encoder) -> None:
    found = match_question("WHY COMBINE keyword search with vector search", QUESTIONS, encoder)
    assert found is not None
    assert found.similarity == 1.0
