"""What a learner may rely on, as rates over our labelled answers. Bounds leave slack; the measured rates are better."""

import re

import pytest

from tests.grading.answers import Judged
from tutor.domain.grade import Outcome, PointStatus, Verdict

PASSING = (Verdict.STRONG, Verdict.GOOD)


def of_kind(judged: list[Judged], *kinds: str, stem: str = "") -> list[Judged]:
    found = [item for item in judged if item.kind in kinds and item.id.startswith(stem)]
    assert found, f"no answers of kind {kinds}"
    return found


def passing(items: list[Judged]) -> list[str]:
    return [item.id for item in items if item.grade.verdict in PASSING]


@pytest.mark.parametrize(
    "kind", ["negated", "soup", "echo", "injection", "off-topic", "ramble-empty", "near", "foreign"]
)
def test_no_answer_of_this_kind_passes(judged: list[Judged], kind: str) -> None:
    assert passing(of_kind(judged, kind)) == []


def test_exchanged_roles_do_not_pass_where_a_question_contrasts_two_things(judged: list[Judged]) -> None:
    items = of_kind(judged, "swapped")
    contrasting = [item for item in items if item.contrasting]
    assert len(contrasting) >= 15
    assert passing(contrasting) == []
    assert len(passing(items)) <= 2, "without a contrast nothing tells who does what"


@pytest.mark.parametrize("kind", ["soup", "injection", "foreign", "echo"])
def test_no_point_is_credited_for_what_says_nothing(judged: list[Judged], kind: str) -> None:
    for item in of_kind(judged, kind):
        assert not [p.id for p in item.grade.points if p.status is PointStatus.COVERED], item.id


def test_a_reference_answer_has_nearly_all_of_its_points(judged: list[Judged]) -> None:
    low = {item.id: item.grade.score for item in of_kind(judged, "reference") if (item.grade.score or 0) < 0.9}
    assert low == {}


def test_good_paraphrases_read_strong_or_good(judged: list[Judged]) -> None:
    """Correct answers in fresh words, some of them full of negations; the rest abstain more than they fail."""
    for stem, share in (("development", 0.85), ("varied", 0.8), ("heldout", 0.7), ("unseen", 0.7), ("fresh", 0.8)):
        items = of_kind(judged, "full", stem=stem)
        assert len(passing(items)) >= share * len(items), stem


def test_rambling_around_a_good_answer_costs_little(judged: list[Judged]) -> None:
    items = of_kind(judged, "ramble")
    assert sum(item.grade.score or 0.0 for item in items) / len(items) >= 0.75


def test_a_correct_paraphrase_is_hardly_ever_called_contrary(judged: list[Judged]) -> None:
    points = [p for item in of_kind(judged, "full", "ramble", "reference") for p in item.grade.points]
    flagged = [p.text for p in points if p.status is PointStatus.CONTRADICTED]
    assert len(flagged) <= 0.03 * len(points), flagged


def test_reversed_points_are_credited_to_few(judged: list[Judged]) -> None:
    """A role given to the other side, or a denied point, earns nothing in most cases."""
    labelled = [
        (item.id, point)
        for item in of_kind(judged, "swapped", "negated")
        for point in item.grade.points
        if item.labels[point.id] == "contradicted"
    ]
    credited = [(name, point.id) for name, point in labelled if point.status is PointStatus.COVERED]
    assert len(credited) <= 0.1 * len(labelled), credited


def test_points_left_out_are_not_credited(judged: list[Judged]) -> None:
    left_out = [
        (item.id, point)
        for item in of_kind(judged, "partial", "near", "off-topic")
        for point in item.grade.points
        if item.labels[point.id] == "missing"
    ]
    credited = [(name, p.id) for name, p in left_out if p.status is PointStatus.COVERED]
    assert len(credited) <= 0.08 * len(left_out), credited


def test_what_is_said_beside_an_order_to_the_grader_still_counts(judged: list[Judged]) -> None:
    held = []
    for item in of_kind(judged, "injected-partial"):
        held += [p for p in item.grade.points if item.labels[p.id] == "covered"]
        assert "left out" in item.grade.feedback
    assert all(p.status in (PointStatus.COVERED, PointStatus.UNSURE) for p in held)
    assert sum(p.status is PointStatus.COVERED for p in held) >= 0.8 * len(held)


def test_evidence_is_always_the_learners_own_words(judged: list[Judged]) -> None:
    for item in judged:
        for point in item.grade.points:
            assert point.evidence in item.answer, (item.id, point.id)
            assert bool(point.evidence) or point.status not in (PointStatus.COVERED, PointStatus.CONTRADICTED)


def test_missing_points_quote_nothing_and_say_what_to_add(judged: list[Judged]) -> None:
    missing = [p for item in judged for p in item.grade.points if p.status is PointStatus.MISSING]
    assert missing
    assert all(point.evidence == "" and point.note for point in missing)


def test_every_grade_names_its_engine_and_has_a_receipt(judged: list[Judged]) -> None:
    for item in judged:
        assert item.grade.engine == "local"
        assert item.grade.outcome is Outcome.NOT_GRADED or item.grade.receipt is not None


def test_every_graded_answer_gets_a_few_words(judged: list[Judged]) -> None:
    for item in judged:
        if item.grade.outcome is Outcome.GRADED:
            assert 20 <= len(item.grade.feedback) <= 700, item.id
            assert "wrong" not in re.sub("“[^”]*”", "", item.grade.feedback.lower()), item.id
