"""How two rankings become one."""

import pytest

from tutor.retrieval.fusion import fuse


def scores(keyword: dict[str, float], cosine: dict[str, float]) -> dict[str, float]:
    return {each.id: each.score for each in fuse(keyword, cosine, weight=0.4)}


def test_the_score_is_the_weighted_sum_of_normalised_parts() -> None:
    assert scores({"a": 12.0, "b": 6.0}, {"a": 0.5, "b": 0.9}) == pytest.approx({"a": 0.7, "b": 0.74})


def test_words_that_no_passage_has_much_of_do_not_decide() -> None:
    assert scores({"a": 0.5, "b": 0.25}, {"a": 0.1, "b": 0.5}) == pytest.approx({"a": 0.26, "b": 0.4})
    assert scores({"a": 0.5, "b": 0.25}, {}) == {"a": 1.0, "b": 0.5}


def test_a_passage_the_keywords_missed_is_carried_by_its_cosine() -> None:
    assert scores({"a": 3.0}, {"a": 0.1, "b": 0.8}) == pytest.approx({"a": 0.46, "b": 0.48})


def test_a_passage_without_a_vector_counts_as_the_median_one() -> None:
    fused = {each.id: each for each in fuse({"new": 4.0, "a": 4.0}, {"a": 0.2, "b": 0.4, "c": 0.6}, weight=0.4)}
    assert fused["new"].score == pytest.approx(0.4 + 0.6 * 0.4)
    assert fused["new"].cosine is None


def test_without_any_cosine_the_keywords_alone_decide() -> None:
    assert scores({"a": 2.0, "b": 1.0}, {}) == {"a": 1.0, "b": 0.5}


def test_opposite_meaning_is_no_worse_than_unrelated() -> None:
    assert scores({}, {"a": -0.4}) == {"a": 0.0}


def test_the_best_comes_first_and_ties_keep_one_order() -> None:
    assert [each.id for each in fuse({"b": 1.0, "a": 1.0, "c": 3.0}, {})] == ["c", "a", "b"]


def test_nothing_found_is_an_empty_ranking() -> None:
    assert fuse({}, {}) == []
