"""Questions in a learner's words find the passage of the shipped chapters that answers them, before all others."""

from pathlib import Path

import pytest

from tutor.domain.passage import PassageKind
from tutor.library.catalogue import load_library
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import to_index

CONTENT = Path(__file__).parents[2] / "content"
WHAT, PIPELINE, TUNING = CHAPTERS = ("rag/what-is-rag", "rag/rag-pipeline", "rag/rag-vs-fine-tuning")
BREATH = "In one breath"
QUESTIONS = {
    "situations where RAG is the wrong tool": (WHAT, "When not to use RAG"),
    "definition of RAG and where it comes from": (WHAT, BREATH, "RAG: definition and origin"),
    "Why do answers still contain invented facts although documents were retrieved?": (
        WHAT,
        "Why RAG systems still hallucinate",
    ),
    "difference between parametric and non-parametric memory": (WHAT, "Parametric and non-parametric memory"),
    "Do documents and queries have to be embedded by the same model?": (
        PIPELINE,
        "What must match between indexing and query time",
    ),
    "What happens to a document before anyone can search it?": (PIPELINE, BREATH, "The offline path: indexing"),
    "What should I measure at each stage of the pipeline?": (PIPELINE, "One metric per pipeline stage"),
    "What are the steps between a user's question and the answer?": (
        PIPELINE,
        "The online path: from question to logged answer",
    ),
    "Should new facts go into the weights by training?": (TUNING, "Why fine-tuning is a poor knowledge store"),
    "combining both a tuned model and retrieval": (TUNING, "Using RAG and fine-tuning together"),
}
"""Each with its chapter and the headings under which it is answered."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> SearchIndex:
    library = load_library([(CONTENT, True)]).library
    index = SearchIndex(tmp_path_factory.mktemp("shipped"))
    chapters = [chapter for chapter in library.chapters() if chapter.id in CHAPTERS]
    index.sync([passage for chapter in chapters for passage in to_index(chapter)], encoder=encoder)
    return index


@pytest.mark.parametrize(("question", "place"), QUESTIONS.items(), ids=QUESTIONS)
def test_the_right_passage_comes_first(
    shipped: SearchIndex, encoder: Encoder, question: str, place: tuple[str, ...]
) -> None:
    result = shipped.search(question, encoder=encoder, kinds=frozenset({PassageKind.BODY}))
    first = result.hits[0].passage
    chapter_id, *headings = place
    assert first.chapter_id == chapter_id
    assert first.heading_path[-1] in headings
