"""Which questions a round asks: those of its study path, the weighty and the weak likelier, all of it by the seed."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from tests.doubles.grades import STRONG, WEAK, chapter, library, question
from tutor.domain.content import Library, StudyPath
from tutor.domain.interview import Round
from tutor.domain.review import Attempt
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.study.rounds import (
    FORMATS,
    OTHERS,
    chapters_of,
    choose_questions,
    draw_questions,
    length_of,
    question_weights,
    weaknesses,
)

BASICS, SEARCH, DEPTH = chapter("basics", 3, weight="high"), chapter("search", 3), chapter("depth", 3, weight="low")


def with_path(round_: Round, *chapters: str) -> Library:
    """Three chapters, and a study path for a round."""
    (track,) = library(BASICS, SEARCH, DEPTH).tracks
    path = StudyPath(round_.value, "", "", tuple(f"rag/{name}" for name in chapters))
    return Library((replace(track, paths=(path,)),))


def test_a_round_asks_what_its_study_path_is_about() -> None:
    shelf = with_path(Round.DEBUGGING, "depth", "basics")
    assert [each.slug for each in chapters_of(shelf, Round.DEBUGGING)] == ["depth", "basics"]
    drawn = draw_questions(shelf, Round.DEBUGGING, 6, random.Random(1), standing={})
    assert [each.chapter_id for each in drawn] == ["rag/depth"] * 3 + ["rag/basics"] * 3


def test_a_track_without_paths_is_searched_by_wording() -> None:
    typical = replace(question("rag/search#broken"), text="Quality fell overnight. Investigate.")
    shelf = library(BASICS, replace(SEARCH, questions=(*SEARCH.questions, typical)))
    assert list(question_weights(shelf, Round.DEBUGGING, {})) == [typical]
    everything = question_weights(library(BASICS), Round.CODING, {})
    assert len(everything) == 3


def test_the_same_seed_draws_the_same_questions_and_another_does_not() -> None:
    shelf = library(*(chapter(f"c{n}", 4) for n in range(10)))
    drawn = [draw_questions(shelf, Round.MIXED, 6, random.Random(seed), standing={}) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_no_chapter_is_asked_twice_before_every_chapter_once() -> None:
    shelf = with_path(Round.SCREENING, "basics", "search", "depth")
    for seed in range(20):
        drawn = draw_questions(shelf, Round.SCREENING, 5, random.Random(seed), standing={})
        assert sorted(Counter(each.chapter_id for each in drawn).values()) == [1, 2, 2]


@pytest.mark.parametrize(
    ("standing", "recent", "likelier"),
    [
        ({}, (), "rag/basics#q1"),
        ({"rag/search#q1": 2.5, "rag/basics#q1": 0.4}, (), "rag/search#q1"),
        ({}, ("rag/basics#q1",), "rag/search#q1"),
    ],
    ids=["the weighty", "the weak", "what was not just asked"],
)
def test_what_is_drawn_more_often(standing: dict[str, float], recent: tuple[str, ...], likelier: str) -> None:
    shelf = library(chapter("basics", 1, weight="high"), chapter("search", 1, weight="medium"))
    weights = question_weights(shelf, Round.MIXED, standing, recent)
    drawn = Counter(choose_questions(weights, 1, random.Random(seed))[0].id for seed in range(300))
    assert drawn.most_common(1)[0][0] == likelier


def test_weakness_follows_the_newest_decided_grade() -> None:
    first, other = question("rag/basics#one"), question("rag/basics#two")

    def attempt(name: str) -> Attempt:
        return Attempt("x", name, "", None, "")  # type: ignore[arg-type]

    found = weaknesses({}, [(attempt(first.id), STRONG), (attempt(first.id), WEAK), (attempt(other.id), WEAK)])
    assert found[first.id] < 1 < found[other.id]


@pytest.mark.parametrize(
    ("questions", "minutes", "expected"),
    [(None, None, (6, 25)), (3, None, (3, 12)), (None, 12, (3, 12)), (2, 45, (2, 45)), (None, 1, (1, 1))],
    ids=["as usual", "by questions", "by minutes", "as told", "a minute"],
)
def test_questions_and_minutes_follow_from_each_other(
    questions: int | None, minutes: int | None, expected: tuple[int, int]
) -> None:
    assert length_of(Round.SCREENING, questions, minutes) == expected


def test_every_round_of_the_shipped_track_has_a_path_with_questions_to_spare() -> None:
    loaded = load_library(((shipped_root(), True),)).library
    for round_ in OTHERS:
        assert chapters_of(loaded, round_), f"no study path has the id {round_}"
        count, _ = length_of(round_, None, None)
        assert len(question_weights(loaded, round_, {})) >= 3 * count
        drawn = draw_questions(loaded, round_, count, random.Random(5), standing={})
        assert len({each.id for each in drawn}) == count
    mixed = draw_questions(loaded, Round.MIXED, 6, random.Random(5), standing={})
    assert len({each.chapter_id for each in mixed}) == 6
    assert set(FORMATS) == set(Round)
