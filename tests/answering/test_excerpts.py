"""What of a passage may be quoted."""

import pytest

from tests.answering.conftest import passage_of
from tutor.answering.excerpts import excerpts_of
from tutor.answering.shown import plain

SENTENCES = {
    "a heading is not a sentence": (
        "## The heading of it.\nRAG retrieves passages first.",
        ["RAG retrieves passages first."],
    ),
    "a table row is not": (
        "| RAG looks things up. | yes it does. |\n\nRAG retrieves passages first.",
        ["RAG retrieves passages first."],
    ),
    "code is not": (
        "```\nThis is code, not prose.\n```\nRAG retrieves passages first.",
        ["RAG retrieves passages first."],
    ),
    "a question is not": ("Would RAG help you here? RAG retrieves passages first.", ["RAG retrieves passages first."]),
    "a quoted wrong answer is not": (
        '"Tuning teaches the model facts." RAG retrieves passages first.',
        ["RAG retrieves passages first."],
    ),
    "half a quotation is not": (
        'He said "RAG learns the files. It trains on them." RAG retrieves first of all.',
        ["RAG retrieves first of all."],
    ),
    "a short cry is not": ("Measure it. RAG retrieves passages first.", ["RAG retrieves passages first."]),
    "a fragment without an end is not": ("the knowledge changes often", []),
    "clauses after a semicolon stay together": (
        "RAG changes the prompt; tuning changes the weights.",
        ["RAG changes the prompt; tuning changes the weights."],
    ),
    "a bold opening stays with its sentence": (
        "**Freshness.** An index is updated in minutes.",
        ["Freshness. An index is updated in minutes."],
    ),
    "wrapped lines are one sentence": (
        "RAG retrieves\npassages at query time.",
        ["RAG retrieves passages at query time."],
    ),
    "items that are sentences are quoted alone": (
        "- RAG retrieves passages first.\n- change\n",
        ["RAG retrieves passages first."],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES.keys())
def test_sentences(text: str, expected: list[str]) -> None:
    assert [one.text for one in excerpts_of(passage_of(text)) if not one.items] == expected


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES.values()], ids=SENTENCES.keys())
def test_a_quote_stands_in_the_passage(text: str) -> None:
    assert all(one.quote in text for one in excerpts_of(passage_of(text)))


LIST = (
    "RAG is usually the better choice when:\n\n- knowledge changes often\n- you need citations\n  or sources\n\nNext."
)


def test_a_list_is_quoted_with_the_sentence_that_opens_it() -> None:
    (found,) = [one for one in excerpts_of(passage_of(LIST)) if one.items]
    assert found.lead == "RAG is usually the better choice when:"
    assert [one.lead for one in excerpts_of(passage_of(LIST)) if not one.items] == []
    assert found.points == ("knowledge changes often", "you need citations or sources")
    assert found.quote == LIST.removesuffix("\n\nNext.")


def test_fragments_without_an_opening_sentence_are_left_out() -> None:
    assert excerpts_of(passage_of("Some words.\n\n## When\n\n- knowledge changes\n- citations\n")) == []


def test_a_sentence_that_only_says_where_to_read_on_is_left_out() -> None:
    text = (
        "Golden sets keep a score honest. [Golden sets](golden-datasets) and [metrics](retrieval-metrics) show the "
        "sums. [Caching](caching) has its own chapter. [Compression](embedding-compression) has a condition: keep the "
        "originals. [The paper](https://example.org) shows the sums."
    )
    assert [one.lead.split()[0] for one in excerpts_of(passage_of(text))] == ["Golden", "Compression", "The"]


def test_a_long_list_is_not_quoted_whole() -> None:
    text = "The steps are:\n" + "\n".join(f"- step number {n}" for n in range(12))
    assert [one for one in excerpts_of(passage_of(text)) if one.items] == []


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**Bold** and *slanted* and `code`", "Bold and slanted and `code`"),
        ("see [the chapter](rag/x) and [that][1]", "see the chapter and that"),
        ("as shown [3] and [1, 2]", "as shown (3) and (1, 2)"),
        ("a claim[^2] with ![art](x.png) in it", "a claim with in it"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("two\nlines", "two lines"),
        ("esc\x1b[31m", "esc␛[31m"),
    ],
    ids=["emphasis", "links", "numbers that are not ours", "notes and images", "not emphasis", "lines", "control"],
)
def test_plain(markdown: str, words: str) -> None:
    assert plain(markdown) == words


def test_a_list_is_not_opened_by_a_word_that_says_nothing() -> None:
    found = excerpts_of(passage_of("Then:\n\n- One thing is checked first.\n- Another is checked after it."))
    assert [one.items for one in found] == [(), ()]
