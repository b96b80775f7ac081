"""What the learner's decisions teach the local engine: a little, late, and never the opposite."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.domain.content import KeyPoint
from tutor.domain.grade import PointStatus
from tutor.grading.local import LocalEngine
from tutor.grading.recalibration import ACTIVE_FROM, IDENTITY, SURE, Label, Recalibration, from_receipt, recalibrate
from tutor.grading.task import task_from_text
from tutor.grading.weights import COVERED_AT, MISSING_AT

EVERY = [n / 100 for n in range(101)]


def judged(probability: float, had: bool) -> Label:
    return Label(probability, float(had), judged=True)


def passed(probability: float) -> Label:
    return Label(probability, probability, judged=False)


def drawn(count: int, truth: Callable[[float], float], seed: int = 1) -> list[Label]:
    """Points whose engine says p, and which are had with probability truth(p)."""
    chance = random.Random(seed)
    ps = [chance.uniform(0.02, 0.98) for _ in range(count)]
    return [judged(p, chance.random() < truth(p)) for p in ps]


def test_nothing_changes_before_twenty_points_are_judged() -> None:
    labels = [judged(0.2, True)] * (ACTIVE_FROM - 1) + [passed(0.5)] * 100
    assert recalibrate(labels) is IDENTITY
    assert [IDENTITY(p) for p in EVERY] == EVERY


def test_an_engine_that_is_too_strict_becomes_kinder() -> None:
    strict = recalibrate(drawn(200, lambda p: 1 / (1 + math.exp(-(math.log(p / (1 - p)) + 1.0)))))
    assert strict.shift == pytest.approx(1.0, abs=0.35)
    assert strict(0.6) > 0.7 and strict.labels == 200


def test_a_good_engine_is_left_nearly_as_it_is() -> None:
    fair = recalibrate(drawn(200, lambda p: p))
    assert all(abs(fair(p) - p) < 0.08 for p in EVERY)


def test_the_receipt_says_how_many_decisions_and_can_be_read_back() -> None:
    made = recalibrate(drawn(30, lambda p: p**0.5))
    receipt = made.receipt()
    assert receipt["recalibrated"] == "from 30 of your decisions"
    assert from_receipt(receipt)(0.4) == pytest.approx(made(0.4), abs=1e-3)
    assert (IDENTITY.receipt(), from_receipt({})) == ({}, IDENTITY)


LABELS = st.lists(
    st.builds(Label, st.floats(0, 1), st.sampled_from([0.0, 1.0]), judged=st.just(True)), min_size=20, max_size=80
)


@given(LABELS)
def test_whatever_the_labels_the_order_stands_and_nothing_missing_becomes_covered(labels: list[Label]) -> None:
    made = recalibrate(labels)
    moved = [made(p) for p in EVERY]
    assert moved == sorted(moved) and all(0 <= p <= 1 for p in moved)
    assert all(after < COVERED_AT for before, after in zip(EVERY, moved, strict=True) if before <= MISSING_AT)
    assert all(after > MISSING_AT for before, after in zip(EVERY, moved, strict=True) if before >= SURE)


def test_twenty_complaints_about_missing_points_do_not_cover_everything() -> None:
    """One who contests only false alarms: twenty of the sixty points that were called missing, and no other verdict."""
    complaints = [judged(p, True) for p in [0.15, 0.2, 0.25, 0.28] * 5]
    accepted = [passed(p) for p in [0.03, 0.05, 0.08, 0.1, 0.8, 0.85, 0.9, 0.95] * 10]
    alone, among = recalibrate(complaints), recalibrate(complaints + accepted)
    assert all(alone(p) < COVERED_AT for p in EVERY if p <= MISSING_AT), "not even with nothing but complaints"
    assert among(0.05) < alone(0.05)
    assert among(0.05) <= MISSING_AT, "what is plainly not there stays missing"
    assert among(0.28) > MISSING_AT, "what they contested is no longer called missing"


def test_the_engine_grades_by_it_and_keeps_its_own_probability(engine: LocalEngine) -> None:
    task = task_from_text(
        "Why chunk?",
        "Small chunks match a query more precisely. Large chunks keep more context.",
        None,
        "Small chunks match what was asked for more precisely. The rest I forget.",
    )
    kinder = LocalEngine(engine._encoder, engine._clock, lambda: Recalibration(1.0, 1.0, labels=25))
    before, after = engine.grade(task), kinder.grade(task)
    assert [p.probability for p in before.points] == [p.probability for p in after.points]
    assert all(a.credit >= b.credit for a, b in zip(after.points, before.points, strict=True))
    assert any(a.credit > b.credit for a, b in zip(after.points, before.points, strict=True))
    assert before.receipt and after.receipt
    assert "recalibrated" not in before.receipt.options
    assert after.receipt.options["recalibrated"] == "from 25 of your decisions"


def test_a_status_that_rests_on_no_probability_teaches_none(engine: LocalEngine) -> None:
    point = KeyPoint("p1", "Fine-tuning changes the weights of the model.")
    task = task_from_text("What does it do?", point.text, None, "Fine-tuning does not change the weights of the model.")
    [seen] = engine.grade(task).points
    assert seen.status is PointStatus.CONTRADICTED and seen.probability is None
