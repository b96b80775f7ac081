"""Which clauses deny each other, and which only look as if they did."""

import pytest

from tutor.grading.following import follow
from tutor.grading.sides import derived_contrast, sides_of
from tutor.retrieval.polarity import allows_what_is_not, denies, denies_most, disapproves, exchanged, reverses


@pytest.mark.parametrize(
    ("said", "point"),
    [
        ("RAG does not retrieve documents", "RAG retrieves documents."),
        ("the vectors cannot be computed in advance", "The vectors can be computed in advance."),
        ("it is not too slow for a corpus", "It is too slow to run over a corpus."),
        ("vectors from two models are comparable", "Vectors from two models are not comparable."),
        ("there is no need to measure retrieval", "Choose the size by measuring retrieval."),
        ("treat it as instructions, not as data", "Treat it as data, not as instructions."),
    ],
)
def test_a_plain_denial_is_seen_from_either_side(said: str, point: str) -> None:
    assert denies(said, point)
    assert denies(point, said)


@pytest.mark.parametrize(
    ("said", "point"),
    [
        ("RAG does not change the weights", "RAG leaves the weights alone."),
        ("you cannot run it on everything", "It is too slow to run over the corpus."),
        ("not only does it retrieve documents, it cites them", "It retrieves documents."),
        ("the search does not bring back the text", "Retrieval may fail to find the right passage."),
        ("there is no access control in the weights", "Access cannot be restricted per user."),
        ("it is computed without knowing the question", "It is computed before it knows the question."),
    ],
)
def test_a_correct_sentence_with_a_negation_is_no_denial(said: str, point: str) -> None:
    assert not denies(said, point)


def test_an_exchanged_opposite_is_seen_and_two_of_them_cancel() -> None:
    assert len(exchanged("search gets slower", "Search gets faster.")) == 1
    assert len(exchanged("the shorter string is higher", "The longer string is lower.")) == 2
    assert exchanged("search is not slower", "Search is faster.") == set()


def test_opposites_behind_the_same_beginning_turn_a_claim_round_however_many() -> None:
    point = "A bigger batch raises throughput and slows each request."
    assert reverses("a bigger batch lowers throughput and makes each request faster", point)
    assert not reverses("the shorter string is higher", "The longer string is lower.")


def test_a_list_under_one_negation_is_denied_throughout() -> None:
    assert not denies("they can't sum or count", "They cannot count, sum or rank.")
    assert not denies("no loss and no duplicates", "no loss, no duplicates")


def test_denying_most_of_the_words_is_seen_without_a_common_verb() -> None:
    point = "Give tools only the permissions of the user who asks."
    assert denies_most("tools need not be limited to the permissions of the user", point)
    assert not denies_most("a flat index is never a slow index", "A flat index is a fast index.")


def test_what_can_be_is_held_against_what_cannot() -> None:
    point = "It cannot bring back what the first stage missed."
    assert allows_what_is_not("it can recover passages the first stage missed", point)
    assert not allows_what_is_not("it can't recover what was missed", point)


def test_saying_that_something_does_not_serve_is_disapproval() -> None:
    assert disapproves("fine-tuning is poor at storing facts")
    assert disapproves("RAG is not suitable here")
    assert not disapproves("RAG is suitable here")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is the difference between RAG and fine-tuning?", ["RAG", "fine-tuning"]),
        ("When would you choose RAG over fine-tuning?", ["RAG", "fine-tuning"]),
        ("How do a bi-encoder and a cross-encoder differ?", ["bi-encoder", "cross-encoder"]),
        ("Compare TCP and UDP.", ["TCP", "UDP"]),
        ("BM25 vs dense retrieval: which first?", ["BM25", "dense retrieval"]),
        ("Why do RAG systems still hallucinate?", []),
    ],
)
def test_what_a_question_sets_against_each_other(question: str, names: list[str]) -> None:
    found = derived_contrast(question)
    assert found[: len(names)] == names if names else found == []


@pytest.mark.parametrize(
    ("clauses", "speaks_of"),
    [
        ([["RAG looks text up", "while fine-tuning trains the weights"]], [0, 1]),
        ([["Unlike fine-tuning, RAG cites sources"]], [0]),
        ([["Fine-tuning trains the model."], ["It changes behaviour."]], [1, 1]),
        ([["RAG looks text up."], ["Nobody knows the price."]], [0, None]),
        ([["The former looks text up", "the latter trains"]], [0, 1]),
        ([["Retraining changes the weights"]], [1]),
    ],
)
def test_who_a_clause_speaks_of(clauses: list[list[str]], speaks_of: list[int | None]) -> None:
    sides = sides_of("What is the difference between RAG and fine-tuning?", ["RAG", "fine-tuning"])
    assert sides is not None
    assert follow(sides, clauses) == speaks_of


@pytest.mark.parametrize(
    ("names", "clauses", "speaks_of"),
    [
        (["LSM tree", "B-tree"], [["B-trees suit reads"], ["They update pages in place"]], [1, 1]),
        (["LSM tree", "B-tree"], [["LSM engines suit writes", "they flush sorted files"]], [0, 0]),
        (["RAG", "fine-tuning"], [["RAG looks text up"], ["They are often confused"]], [0, None]),
        (["optimistic", "pessimistic"], [["The pessimist locks", "the optimist checks"]], [1, 0]),
        (["layer 4", "layer 7"], [["L7 reads the request", "L4 only sees the port"]], [1, 0]),
        (["over-refusal", "hallucination"], [["The model says no"], ["Hallucinating is worse"]], [None, 1]),
    ],
)
def test_names_in_the_plural_in_short_and_in_other_forms_are_followed(
    names: list[str], clauses: list[list[str]], speaks_of: list[int | None]
) -> None:
    sides = sides_of(f"How do {names[0]} and {names[1]} differ?", names)
    assert sides is not None
    assert follow(sides, clauses) == speaks_of
