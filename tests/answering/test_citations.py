"""Numbers in a text, and what they point to."""

import pytest

from tests.answering.conftest import passage_of
from tutor.answering.citations import Numbering, cited, claims_in, with_plain_marks, written
from tutor.answering.excerpts import excerpts_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A claim [1].", "A claim [1]."),
        ("A claim. [1] Another [2].", "A claim [1]. Another [2]."),
        ("A claim.[1][2]", "A claim [1][2]."),
        ("A claim [1, 3].", "A claim [1][3]."),
        ("A claim [1-3].", "A claim [1][2][3]."),
        ("A claim [passage 2].", "A claim [2]."),
        ("A claim 【2】.", "A claim [2]."),
        ("A claim [^2].", "A claim [2]."),
        ("A claim [2](http://evil.example/x).", "A claim [2]."),
        ("A claim [7].", "A claim."),
        ("A claim [1, 9].", "A claim [1]."),
        ("A claim [0][999].", "A claim."),
        ("In 2024 [sic] it was (2) so.", "In 2024 [sic] it was (2) so."),
    ],
)
def test_marks_are_spelt_one_way_and_unknown_numbers_go(text: str, plain: str) -> None:
    assert with_plain_marks(text, lambda n: 1 <= n <= 3) == plain


def test_claims_carry_their_numbers() -> None:
    claims = claims_in("First claim [2]. Second one [1][2].\n\n- An item [3]\n- A bare item")
    assert [(claim.text, claim.numbers) for claim in claims] == [
        ("First claim.", (2,)),
        ("Second one.", (1, 2)),
        ("An item", (3,)),
        ("A bare item", ()),
    ]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("It ends.", "It ends [1][2]."),
        ("It says so:", "It says so [1][2]:"),
        ('He said "so."', 'He said "so." [1][2]'),
        ("an item", "an item [1][2]"),
    ],
)
def test_a_number_stands_before_the_full_stop(sentence: str, shown: str) -> None:
    assert cited(sentence, [1, 2]) == shown


def test_a_quote_that_is_not_in_the_passage_is_not_verified() -> None:
    numbering = Numbering()
    passage = passage_of("RAG retrieves passages.")
    assert [numbering.number(passage, quote) for quote in ("RAG retrieves", "RAG trains", "RAG retrieves", "")] == [
        1,
        2,
        1,
        3,
    ]
    assert [one.verified for one in numbering.citations] == [True, False, False]


def test_sentences_that_follow_each_other_share_a_quote() -> None:
    text = "RAG retrieves **passages** first. It reads them then.\n\nTuning changes the weights instead."
    shown, citations = written(excerpts_of(passage_of(text)))
    assert shown == "RAG retrieves passages first [1]. It reads them then [1]. Tuning changes the weights instead [2]."
    assert [one.quote for one in citations] == text.split("\n\n")


def test_every_item_of_a_list_has_the_number() -> None:
    text = "Choose it when:\n- facts change. They do daily.\n- sources count"
    shown, (citation,) = written([one for one in excerpts_of(passage_of(text)) if one.items])
    assert shown == "Choose it when [1]:\n\n- facts change [1]. They do daily [1].\n- sources count [1]"
    assert citation.quote == text
