"""Reading a question before it is searched for."""

from pathlib import Path

import pytest

from tests.answering.conftest import chapter_of, indexed, library_of
from tutor.domain.content import Chapter
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.reading import Reading


def reading_of(folder: Path, chapter: Chapter) -> Reading:
    return Reading(indexed(library_of(chapter), folder, None).index.lexicon())


SPELT = ("retrieval", "retraining", "broad", "passage", "a reranker of passages")


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("what is retreival", "what is retrieval"),
        ("Is a RERANKR a vector?", "Is a reranker a vector?"),
        ("what is pretraining", "what is pretraining"),
        ("what is a steak", "what is a steak"),
        ("retrieved passages", "retrieved passages"),
        ("gpt-4o costs", "gpt-4o costs"),
        ("slices of bread", "slices of bread"),
        ("a passge of te retriaval", "a passage of te retrieval"),
    ],
    ids=[
        "a letter swapped",
        "a letter missing",
        "another first letter",
        "nothing like it",
        "a known stem",
        "not letters",
        "another word",
        "several",
    ],
)
def test_misspelt_words_are_read_as_the_material_spells_them(tmp_path: Path, asked: str, read: str) -> None:
    reading = reading_of(tmp_path, chapter_of("a", "T", A=" ".join(SPELT), B=" ".join(SPELT)))
    assert reading.respelt(asked) == read


def test_a_learners_word_is_only_added_when_it_is_lacking(tmp_path: Path) -> None:
    knows = reading_of(tmp_path / "knows", chapter_of("a", "T", A="the cost of a query"))
    assert knows.widened("why is it so expensive") == "why is it so expensive cost"
    assert knows.widened("why is the cost so expensive") == "why is the cost so expensive"


def test_words_bring_the_acronym_they_spell(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, chapter_of("a", "What is RAG?", A="rag, an arm and a model"))
    assert reading.widened("what is retrieval-augmented generation") == "what is retrieval-augmented generation rag"
    assert reading.widened("ask really messy questions") == "ask really messy questions"


def test_a_learners_phrase_brings_the_chapters_word(tmp_path: Path) -> None:
    knows = reading_of(tmp_path / "knows", chapter_of("a", "T", A="systems hallucinate"))
    knows_not = reading_of(tmp_path / "not", chapter_of("a", "T", A="systems retrieve"))
    assert knows.widened("why does it make things up") == "why does it make things up hallucinate"
    assert knows_not.widened("why does it make things up") == "why does it make things up"


def test_what_a_passage_says_word_for_word_is_not_widened(tmp_path: Path) -> None:
    rest = {f"S{n}": f"An OCR parser reads page {n}, and a scan costs more." for n in range(120)}
    reading = reading_of(tmp_path, chapter_of("a", "T", A="A sequential scan reads the table.", **rest))
    assert reading.widened("when is a sequential scan cheaper").endswith("OCR parser cost")
    assert reading.widened("what is a sequential scan") == "what is a sequential scan"
    assert reading.widened("what if it is a scan") == "what if it is a scan OCR parser"


@pytest.mark.parametrize(
    ("asked", "held", "added"),
    [
        ("what is quantization", "quantisation of vectors", " quantisation"),
        ("tokenisers compared", "a tokenizer", " tokenizers"),
        ("approximate nearest neighbors", "the nearest neighbours are found", " neighbours"),
        ("what is quantization", "quantization and quantisation", " quantisation"),
        ("a precise promise of errors", "precise errors", ""),
        ("what size is it", "a sise", ""),
    ],
)
def test_a_word_is_looked_for_as_both_shores_spell_it(tmp_path: Path, asked: str, held: str, added: str) -> None:
    assert reading_of(tmp_path, chapter_of("a", "T", A=held)).widened(asked) == asked + added


def test_words_around_a_name_spell_no_acronym(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, chapter_of("a", "DCG and nDCG", A="data is captured, and change is good"))
    assert reading.widened("what is change data capture good for") == "what is change data capture good for"


def test_without_an_index_a_question_is_read_as_it_stands(tmp_path: Path) -> None:
    reading = Reading(SearchIndex(tmp_path).lexicon())
    assert reading.read_as("why is retreival so expensive") == "why is retreival so expensive"
