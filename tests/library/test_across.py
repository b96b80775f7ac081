"""Rules that compare places: each finds its fault, and leaves its honest neighbour alone."""

from pathlib import Path

import pytest

from tutor.library.lint import check_library

QUESTION = """## Key questions

### {question} {{#q}}
Caches keep results so that work is not repeated. Stale entries are the price of a cache. Measure the hit rate first.

Key points:
- (essential) A cache keeps results so that work is not repeated. {{#keeps}}
- Stale entries are the price of a cache you pay. {{#stale}}
- Measure the hit rate before you build a cache. {{#rate}}

Misconceptions:
- {misconception} -> It may be stale.
"""
CHAPTER = """---
id: {slug}
title: {title}
aliases: [{aliases}]
sources: [{{title: A book}}]
---
## In one breath

{body} A cache keeps results so that work is not repeated. Stale entries are the price of a cache you pay. Measure the
hit rate before you build a cache.

"""


def problems_of(tmp_path: Path, *chapters: dict[str, str]) -> list[str]:
    folder = tmp_path / "t" / "01-s"
    folder.mkdir(parents=True)
    (folder.parent / "track.yaml").write_text("id: t\ntitle: T\nsections: [{id: s, title: S}]\n")
    for number, given in enumerate(chapters, 1):
        fields = {
            "slug": f"c{number}",
            "title": f"Title {number}",
            "aliases": "",
            "body": "",
            "question": f"What does cache number {number} keep for its {'readers' * number}?",
            "misconception": "A cached answer is always fresh.",
            **given,
        }
        (folder / f"{number:02}-{fields['slug']}.md").write_text((CHAPTER + QUESTION).format(**fields))
    return [str(problem) for problem in check_library([(tmp_path, False)])]


def test_honest_neighbours_are_left_alone(tmp_path: Path) -> None:
    assert problems_of(tmp_path, {}, {}) == []


def test_the_same_question_in_two_chapters_is_named_with_its_twin(tmp_path: Path) -> None:
    asked = {"question": "Why does a cache need an expiry time?"}
    again = {"question": "Why does a cache need an expiry time at all?"}
    [problem] = problems_of(tmp_path, asked, again)
    assert "02-c2.md" in problem and 'repeats t/c1#q, "Why does a cache need an expiry time?"' in problem


MISCONCEPTIONS = {
    "says what a key point says": ("A cache keeps results so that the work is not repeated.", True),
    "denies what a key point says": ("A cache keeps results but work is never reduced or repeated.", False),
}


@pytest.mark.parametrize(("text", "found"), MISCONCEPTIONS.values(), ids=MISCONCEPTIONS.keys())
def test_a_misconception_that_reads_true(text: str, found: bool, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {"misconception": text})
    assert bool(problems) is found
    assert all("reads like what is right" in problem for problem in problems)


TERMS = {
    "used and not linked": ("LRU decides what goes.", True),
    "used and linked": ("[LRU](c2) decides what goes.", False),
    "part of a longer word": ("The LRUs-like rule decides.", False),
}


@pytest.mark.parametrize(("body", "found"), TERMS.values(), ids=TERMS.keys())
def test_a_term_that_a_later_chapter_teaches(body: str, found: bool, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, {"body": body}, {"aliases": "LRU"})
    assert bool(problems) is found
    assert all('"LRU" is taught later, in c2. Link it: [LRU](c2).' in problem for problem in problems)
