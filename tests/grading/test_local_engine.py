"""The local engine on single answers: swapped roles, misconceptions, odd input, and the same grade twice."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.grading import answers
from tutor.domain.content import KeyPoint, Misconception
from tutor.domain.grade import Outcome, PointStatus, Verdict
from tutor.grading.grader import Grader
from tutor.grading.local import LocalEngine
from tutor.grading.task import GradingTask, task_from_text
from tutor.retrieval.encoder import Encoder

GOOD = (
    "RAG looks up relevant passages when the question arrives and puts them into the prompt, so it gives access to "
    "knowledge. Fine-tuning trains the weights on examples and shapes how the model behaves."
)
SWAPPED = "RAG retrains the weights of the model, whereas fine-tuning injects documents into the prompt at runtime."


def difference(answer: str) -> GradingTask:
    return answers.task("development", "difference", answer)


def test_a_good_paraphrase_is_strong_or_good_with_its_own_words_as_evidence(grader: Grader) -> None:
    grade = grader.grade(difference(GOOD))
    assert grade.verdict in (Verdict.STRONG, Verdict.GOOD)
    assert grade.points[0].evidence.startswith("RAG looks up relevant passages")


def test_swapped_roles_never_pass_and_both_sides_are_shown(grader: Grader) -> None:
    grade = grader.grade(difference(SWAPPED))
    turned = [point for point in grade.points if point.status is PointStatus.CONTRADICTED]
    assert turned
    assert grade.verdict in (Verdict.WEAK, Verdict.WRONG)
    assert all(point.evidence in point.note and point.text.rstrip(".") in point.note for point in turned)


def test_a_reference_without_points_is_graded_sentence_by_sentence(grader: Grader) -> None:
    task = task_from_text(
        "What does a load balancer do?",
        "It spreads requests over several servers. It stops sending requests to servers that fail their health checks.",
        None,
        "Traffic is distributed across many machines, and those that fail the health check get no more requests.",
    )
    grade = grader.grade(task)
    assert [point.id for point in grade.points] == ["p1", "p2"]
    assert (grade.score or 0) > 0.6


def test_a_stated_misconception_is_named_and_caps_the_verdict(grader: Grader) -> None:
    base = difference(f"{GOOD} Fine-tuning teaches the model new facts.")
    grade = grader.grade(base)
    assert [found.text for found in grade.misconceptions] == ["Fine-tuning teaches the model new facts."]
    assert grade.verdict in (Verdict.PARTIAL, Verdict.WEAK)


def test_denying_a_misconception_is_not_stating_it(grader: Grader) -> None:
    grade = grader.grade(difference(f"{GOOD} Fine-tuning does not teach the model new facts."))
    assert grade.misconceptions == ()


OPENINGS = {
    "a plain no to a yes": ("Yes, both can be used at once.", "No, they can be used at once only in theory.", True),
    "a plain yes to a no": ("No, both cannot be used at once.", "Yes, both are used at once.", True),
    "the same opening": ("Yes, both can be used at once.", "Sure, both are used at once in many systems.", False),
    "no opening at all": ("Yes, both can be used at once.", "Both are used at once in many systems.", False),
    "a no that is no answer": ("Yes, both can be used at once.", "No doubt both are used at once.", False),
}


@pytest.mark.parametrize(("reference", "answer", "reversed_"), OPENINGS.values(), ids=OPENINGS.keys())
def test_yes_and_no_are_taken_at_their_word(grader: Grader, reference: str, answer: str, reversed_: bool) -> None:
    points = ["Both can be used at once."] if reference.startswith("Yes") else ["Both cannot be used at once."]
    grade = grader.grade(task_from_text("Can both be used at once?", reference, points, answer))
    assert (grade.points[0].status is PointStatus.CONTRADICTED) is reversed_


def test_another_number_of_the_same_thing_is_shown_beside_the_reference(grader: Grader) -> None:
    point = "A chunk should hold about 300 tokens."
    grade = grader.grade(
        task_from_text("How long is a chunk?", point, [point], "A chunk should hold about 3000 tokens.")
    )
    assert grade.points[0].status is PointStatus.CONTRADICTED


def test_an_answer_in_another_language_is_not_given_a_score(grader: Grader) -> None:
    german = "RAG ruft zur Laufzeit Dokumente ab, und das Fine-Tuning verändert das Modell durch Training."
    grade = grader.grade(difference(german))
    assert grade.outcome is Outcome.NOT_GRADED
    assert grade.score is None
    assert grade.verdict is Verdict.UNSURE
    assert "German" in grade.reason


@pytest.mark.parametrize(
    "answer",
    [
        "RAG\x00 looks\x1b[31m up passages\u202e at \ud800 runtime.\r\nFine-tuning trains.",
        "\ufeff" + GOOD,
        "RAG " * 400,
        "a" * 30_000,
        "?" * 2_000,
        "| RAG | fine-tuning |\n|---|---|\n| looks documents up | trains weights |",
        "🙂 RAG 🙂 looks things up 🙂",
    ],
    ids=["control characters", "byte order mark", "one word", "one letter", "marks", "table", "emoji"],
)
def test_odd_input_is_graded_without_harm(grader: Grader, answer: str) -> None:
    grade = grader.grade(difference(answer))
    assert grade.outcome is Outcome.GRADED
    assert len(grade.points) == 4


def test_a_hundred_kilobytes_of_rambling_are_bounded_and_the_answer_in_them_is_found(grader: Grader) -> None:
    filler = "We had many meetings about the office and the coffee was good that year. "
    began = time.process_time()
    grade = grader.grade(difference(filler * 700 + GOOD + " " + filler * 700))
    assert time.process_time() - began < 15
    assert (grade.score or 0) > 0.6
    assert "long answer" in grade.feedback


def test_the_same_answer_gets_the_same_grade_from_any_thread_and_a_fresh_engine(
    encoder: Encoder, engine: LocalEngine
) -> None:
    first = engine.grade(difference(GOOD))
    with ThreadPoolExecutor(4) as pool:
        assert all(again == first for again in pool.map(engine.grade, [difference(GOOD)] * 8))
    fresh = LocalEngine(encoder, engine._clock)
    assert fresh.grade(difference(GOOD)) == first


def test_a_changed_misconception_or_contrast_is_not_answered_from_memory(grader: Grader) -> None:
    task = difference("Retrieval is free of any cost whatsoever.")
    changed = GradingTask(
        task.question_id,
        task.question,
        task.reference,
        task.points,
        (Misconception("Retrieval is free of any cost."),),
        task.contrast,
        task.answer,
        (),
        task.revision,
    )
    assert grader.grade(task).misconceptions == ()
    assert len(grader.grade(changed).misconceptions) == 1


def test_another_wording_of_a_point_is_taken_too(grader: Grader) -> None:
    answer = "People can follow the links and verify what was said."
    plain = KeyPoint("p", "Answers are traceable.")
    worded = KeyPoint("p", "Answers are traceable.", also=("Readers can follow links and verify what was said.",))
    earned = []
    for point in (plain, worded):
        task = GradingTask(
            "", "Why cite?", "Answers are traceable.", (point,), (), (), answer, (), str(len(point.also))
        )
        earned.append(grader.grade(task).points[0].credit)
    assert earned[1] > max(0.85, earned[0])
