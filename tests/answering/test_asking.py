"""Reading what a question wants."""

import pytest

from tutor.answering.asking import Kind, read


def anything(stem: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("What is the difference between RAG and fine-tuning?", ["rag", "fine tune"]),
        ("rag vs fine tuning", ["rag", "fine tune"]),
        ("rag or fine-tuning", ["rag", "fine tune"]),
        ("When should I choose RAG over fine-tuning?", ["rag", "fine tune"]),
        ("How do RAG and fine-tuning differ?", ["rag", "fine tune"]),
        ("Would you use retrieval instead of training?", ["retriev", "train"]),
        ("Compare BM25 with vectors", ["bm25", "vector"]),
        ("How would you decide between prompting, RAG and fine-tuning?", ["prompt", "rag", "fine tune"]),
        ("is a vector database the same as RAG", ["databas vector", "rag"]),
    ],
)
def test_sides_of_a_comparison(question: str, sides: list[str]) -> None:
    asking = read(question, anything)
    assert [set(side.split()) for side in sides] == [set(side) for side in asking.sides]
    assert Kind.COMPARE in asking.kinds


@pytest.mark.parametrize(
    "question", ["What is RAG?", "Should I use it or not?", "over and over", "RAG or RAG", "How is a store chosen?"]
)
def test_no_sides(question: str) -> None:
    assert read(question, anything).sides == ()


def test_a_side_the_material_does_not_know_is_none() -> None:
    assert read("RAG or porridge?", lambda stem: stem == "rag").sides == ()


@pytest.mark.parametrize(
    ("question", "kind", "fits", "misses"),
    [
        ("When do I need RAG?", Kind.WHEN, "Choose RAG when facts change.", "RAG has two paths."),
        ("Why does it fail?", Kind.WHY, "It fails because the index is stale.", "Indexes hold vectors."),
        ("How do I debug it?", Kind.HOW, "First read the trace.", "RAG has two paths."),
        ("How many candidates?", Kind.AMOUNT, "Take 50 candidates.", "Take candidates."),
        ("What is RAG?", Kind.WHAT, "RAG is a way to supply knowledge.", "Never forget evaluation."),
    ],
)
def test_kinds_and_the_sentences_that_fit_them(question: str, kind: Kind, fits: str, misses: str) -> None:
    asking = read(question, anything)
    assert kind in asking.kinds
    assert asking.fits(fits) > asking.fits(misses)
