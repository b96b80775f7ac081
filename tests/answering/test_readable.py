"""A passage as it reads on a line of a list."""

import pytest

from tests.answering.conftest import CONTENT
from tutor.answering.readable import readable
from tutor.domain.passage import FOUND
from tutor.library.catalogue import load_library
from tutor.retrieval.passages import to_index


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("A *library* of [vectors](embeddings).\n\n- `faiss`\n- more", "A library of vectors. faiss more"),
        (
            "Stores differ.\n\n| Family | Method | Cost |\n|---|:--:|---|\n| Flat | exact | high |\n| IVF | lists | |",
            "Stores differ. Flat: exact · high; IVF: lists.",
        ),
        ("| Flat | exact |\n| IVF | lists |\n\nThen choose.", "Flat: exact; IVF: lists. Then choose."),
        ("Cosine in code:\n\n```python\ndot(a, b)\n```\n\nIt is short.", "Cosine in code: It is short."),
        ("    return total\n```\n\nThe total is a sum.", "The total is a sum."),
        ("It starts here.\n\n```python\nimport math", "It starts here."),
        ("```python\nimport math\n\nmath.pi\n```", "import math math.pi"),
        ("## Steps\n\n> Ask first.\n\n---\n\n1. Read.", "Steps Ask first. 1. Read."),
        ("| a \\| b | c |", "a | b: c."),
        ("", ""),
    ],
)
def test_markup_is_read_as_words(markdown: str, read: str) -> None:
    assert readable(markdown) == read


def test_no_passage_of_the_track_shows_a_table_or_a_fence() -> None:
    library = load_library([(CONTENT, True)]).library
    passages = [one for chapter in library.chapters() for one in to_index(chapter) if one.kind in FOUND]
    shown = {one.id: readable(one.text) for one in passages}
    assert len(shown) > 500
    assert not [
        one for one, text in shown.items() if not text or text.startswith("|") or "```" in text or "|--" in text
    ]
