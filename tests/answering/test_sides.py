"""The sides of a comparison."""

import pytest

from tests.answering.conftest import passage_of
from tutor.answering.asking import read
from tutor.answering.excerpts import Excerpt, excerpts_of
from tutor.answering.sides import completed, told

ASKING = read("BM25 vs embeddings", lambda stem: True)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("BM25 adds up one weight for each term.", {0}),
        ("An embedding model maps a text to a vector.", {1}),
        ("BM25 counts words, while an embedding stands for meaning.", {0, 1}),
        ("Part numbers, error codes and ids carry little meaning for an embedding model.", set()),
        ("Long passages with many words are what BM25 discounts.", set()),
        ("A question goes to both: BM25 looks for its words.", {0}),
    ],
)
def test_a_sentence_tells_of_what_a_clause_opens_with(text: str, sides: set[int]) -> None:
    assert told(ASKING, text) == sides


def test_the_sides_are_named_as_the_question_writes_them() -> None:
    assert ASKING.names == ("bm25", "embeddings")


def about(name: str) -> list[Excerpt]:
    text = {"bm25": "BM25 counts the words of a question.", "embeddings": "An embedding stands for a meaning."}
    return excerpts_of(passage_of(text[name.removeprefix("what is ")], name))


def test_a_passage_that_tells_of_both_is_the_answer() -> None:
    chosen = excerpts_of(passage_of("BM25 counts the words of a text. Embeddings stand for a meaning."))
    assert completed(chosen, ASKING, about) == chosen


def test_nothing_is_taken_away_where_a_side_is_told_of_nowhere() -> None:
    chosen = excerpts_of(passage_of("BM25 counts the words of a text."))
    assert completed(chosen, ASKING, lambda name: about("bm25")) == chosen


def test_one_passage_that_tells_of_each_side_is_quoted_once_and_in_order() -> None:
    passage = passage_of("Embeddings stand for a meaning. BM25 counts the words of a question.")
    sentences = excerpts_of(passage)
    chosen = excerpts_of(passage_of("Searching by words is older than searching by meaning."))
    assert completed(chosen, ASKING, lambda name: sentences) == sentences
