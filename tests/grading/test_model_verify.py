"""When a quote is the learner's: found as written, and never across a negation or another number."""

import pytest

from tutor.grading.verify import quoted

ANSWER = (
    "RAG doesn't change the model’s weights; it retrieves documents —\n\n  at query time — and puts them into the "
    "prompt. Recall rose from 70 to 85 percent. It is not free. Café ﬁles are ﬁne."
)
FOUND = {
    "as written": ("it retrieves documents", "it retrieves documents"),
    "another case": ("IT Retrieves Documents", "it retrieves documents"),
    "other blanks and dashes": ("retrieves documents - at query time", "retrieves documents —\n\n  at query time"),
    "other quotation marks": ("the model's weights", "the model’s weights"),
    "in quotation marks, with a full stop": ('"puts them into the prompt."', "puts them into the prompt"),
    "a negation kept": ("doesn't change the model's weights", "doesn't change the model’s weights"),
    "with a gap": ("it retrieves documents ... into the prompt", "it retrieves documents"),
    "with ligatures spelt out": ("Café files are fine", "Café ﬁles are ﬁne"),
    "one letter off": (
        "it retreives documents at query time and puts them",
        "it retrieves documents —\n\n  at query time — and puts them",
    ),
    "a short word more": ("puts them into the long prompt text", ""),
}
NOT_FOUND = {
    "nothing": "",
    "blanks": " … ",
    "one word": "documents",
    "other words": "it searches the web first",
    "a negation lost": "RAG does change the model's weights; it retrieves documents at query time",
    "a negation won": "it is not retrieves documents at query time and puts them into the prompt",
    "a negation cut off in front": "change the model's weights",
    "another number": "Recall rose from 75 to 85 percent",
    "a gap with one part invented": "it retrieves documents ... and trains the model",
    "half words": "trieves docu",
    "words of one sentence in another order": "documents it retrieves",
}


@pytest.mark.parametrize(("quote", "words"), FOUND.values(), ids=FOUND.keys())
def test_is_found(quote: str, words: str) -> None:
    assert quoted(ANSWER, quote) == words
    assert words in ANSWER


@pytest.mark.parametrize("quote", NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_is_not_found(quote: str) -> None:
    assert quoted(ANSWER, quote) == ""


def test_a_number_in_front_negates_nothing() -> None:
    assert quoted("In 2020 RAG retrieved documents.", "RAG retrieved documents") == "RAG retrieved documents"


def test_a_no_that_answers_the_question_negates_nothing() -> None:
    assert quoted("No, RAG retrieves documents.", "RAG retrieves documents") == "RAG retrieves documents"


def test_a_long_answer_is_searched_in_reasonable_time() -> None:
    import time

    answer = " ".join(f"word{n} and another thing" for n in range(2_000))
    begun = time.process_time()
    assert quoted(answer, "there is nothing like this in the whole long answer that was given here") == ""
    assert time.process_time() - begun < 3
