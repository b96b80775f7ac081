"""Search by words."""

from pathlib import Path

import pytest

from tests.retrieval.material import OVERLAP_QUESTION, passages
from tutor.domain.passage import Passage, PassageKind
from tutor.retrieval import keywords
from tutor.retrieval.keywords import KeywordIndex
from tutor.retrieval.passage_rows import stamp_of, text_number


def indexed(folder: Path, *found: Passage) -> KeywordIndex:
    keywords.update(folder, add=found, remove=())
    return KeywordIndex(folder)


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    return indexed(tmp_path, *passages())


def headings(index: KeywordIndex, query: str, **options: object) -> list[str]:
    found = [entry.stamp for entry in index.search(query, 10, **options)]  # type: ignore[arg-type]
    shown = index.passages(found)
    return [shown[stamp].heading for stamp in found]


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("reranked candidates", "Reranking"),
        ("EMBEDDINGS blurring error codes", "Keyword search"),
        ("duplicate results", "Overlap"),
        ("cross encoder", "Reranking"),
        ("bm25", "Keyword search"),
        ("naïve sizes", "Size"),
    ],
    ids=["other endings", "other case", "singular", "without hyphen", "with digits", "with accents"],
)
def test_words_are_found_whatever_their_form(index: KeywordIndex, query: str, heading: str) -> None:
    assert headings(index, query)[0] == heading


def test_a_word_in_the_heading_counts_more_than_in_the_text(tmp_path: Path) -> None:
    about = Passage("a:1", "a", "Costs", ("Latency",), "Milliseconds add up over the stages of a pipeline.")
    aside = Passage("a:2", "a", "Costs", ("Prices",), "Tokens are billed, and latency grows with their number too.")
    assert headings(indexed(tmp_path, aside, about), "latency") == ["Latency", "Prices"]


@pytest.mark.parametrize(
    "query",
    [
        '"unclosed', "(((", "a:b:c", "+ - ! ^ ~", "* ?", "[a TO b]", "{x}", "AND OR NOT", "`", "\\", "title:zebra^9",
        "IN [a b]", "/regex(/", "\x00", "\ud800", "😀", "Überlappung 検索", "-zebra", "zebra~2", "'", "<script>",
    ],
)  # fmt: skip
def test_no_text_is_syntax_and_none_raises(index: KeywordIndex, query: str) -> None:
    index.search(query, 5)
    assert headings(index, f"{query} reranking")[0] == "Reranking"


@pytest.mark.parametrize("query", ["", "   ", "what is the", "?!", "😀"])
def test_a_query_without_a_content_word_finds_nothing(index: KeywordIndex, query: str) -> None:
    assert index.search(query, 5) == {}


def test_a_pasted_book_is_a_query_like_any_other(index: KeywordIndex) -> None:
    book = "reranking " + " ".join(f"word{number}" for number in range(15_000))
    assert headings(index, book) == ["Reranking"]


def test_only_the_wanted_kinds_are_found(index: KeywordIndex) -> None:
    query = "fact on a border"
    assert OVERLAP_QUESTION.text in headings(index, query)
    assert headings(index, query, kinds={PassageKind.BODY}) == ["Overlap"]
    assert headings(index, query, kinds={PassageKind.REFERENCE}) == [OVERLAP_QUESTION.text]


def test_the_reference_of_a_hidden_question_is_not_found(index: KeywordIndex) -> None:
    assert headings(index, "fact on a border", exclude={OVERLAP_QUESTION.id}) == ["Overlap"]


def test_removed_passages_are_gone_and_added_ones_there(tmp_path: Path) -> None:
    first, *rest = passages()
    indexed(tmp_path, first, *rest[:2])
    keywords.update(tmp_path, add=rest[2:], remove=[stamp_of(first)])
    index = KeywordIndex(tmp_path)
    queries = ("chunk", "overlap", "score", "rare words", "border")
    found = {entry.stamp for query in queries for entry in index.search(query, 9)}
    assert found == {entry.stamp for entry in index.entries()} == {stamp_of(passage) for passage in rest}


def test_passages_come_back_as_they_were(index: KeywordIndex) -> None:
    first, *_, last = passages()
    assert index.passages([stamp_of(last), stamp_of(first), 7]) == {stamp_of(p): p for p in (first, last)}
    assert index.passage(last.id) == last
    assert index.passage("rag/x:0") is None
    assert {entry.stamp for entry in index.entries(first.chapter_id)} == {
        stamp_of(passage) for passage in passages() if passage.chapter_id == first.chapter_id
    }


def test_texts_are_had_as_long_as_they_may_be_shown(index: KeywordIndex) -> None:
    texts = [text_number(passage.hash) for passage in passages()]
    assert {entry.text for entry in index.having(texts)} == set(texts)
    assert index.having([7]) == index.having([]) == []
    hidden = index.having(texts, exclude={OVERLAP_QUESTION.id})
    assert len(hidden) == len(index.having(texts, kinds={PassageKind.BODY})) == len(texts) - 1


def test_every_passage_with_a_text_is_had_however_many_share_it(tmp_path: Path) -> None:
    shared = [Passage("a:1", "a", "Costs", (), "Tokens are billed.", line=line) for line in range(20)]
    index = indexed(tmp_path, *shared, *passages())
    assert {entry.stamp for entry in index.having([text_number(shared[0].hash)])} == set(map(stamp_of, shared))


def test_the_best_comes_first_with_its_score(index: KeywordIndex) -> None:
    scores = list(index.search("overlap chunks border", 5).values())
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


def test_one_word_of_many_is_not_plenty(index: KeywordIndex) -> None:
    [whole], [little] = (
        list(index.search(query, 1).values())
        for query in ("reranking reranked candidates cross encoder", "reranked invoices of the zoo in winter")
    )
    assert whole > 1 > little


def test_a_word_that_every_passage_has_counts_as_one_also_when_most_were_removed(tmp_path: Path) -> None:
    before = [Passage(f"a:{number}", "a", "Costs", (), f"Tokens are billed {number}.") for number in range(20)]
    after = [Passage(f"b:{number}", "b", "Costs", (), f"Tokens {number}.") for number in range(2)]
    indexed(tmp_path, *before)
    keywords.update(tmp_path, add=after, remove=map(stamp_of, before[4:]))
    scores = list(KeywordIndex(tmp_path).search("tokens", 9).values())
    assert len(scores) == 6
    assert min(scores) > 0
