"""Where the clauses of a sentence end."""

import pytest

from tutor.grading.evidence import clause_spans


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        ("first the cheap pass 2) then the exact one", ["first the cheap pass", "2) then the exact one"]),
        ("pre: filter before it\npost: filter behind it", ["pre: filter before it", "post: filter behind it"]),
        ("a line that was broken\nin the middle", ["a line that was broken\nin the middle"]),
        ("many small tenants -> one shared index", ["many small tenants", "one shared index"]),
        ("RAG looks text up, but training changes weights", ["RAG looks text up", "training changes weights"]),
        ("a top-k of 5 keeps five passages", ["a top-k of 5 keeps five passages"]),
    ],
)
def test_clauses_end_at_marks_lines_and_numbers(sentence: str, clauses: list[str]) -> None:
    assert [sentence[start:end] for start, end in clause_spans(sentence)] == clauses
