"""The self-test: its labelled answers are well made, and its report tells a good grader from a bad one."""

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.domain.errors import ModelInterrupted, TutorError
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt
from tutor.grading.guards import judged_in_code
from tutor.grading.selftest.items import DEVELOPMENT, FULL, HELD_OUT, KINDS, TRAPS, half, load_items, quick
from tutor.grading.selftest.report import SelfTestReport, Share, calibration_error
from tutor.grading.selftest.running import PATIENCE, run_selftest
from tutor.grading.selftest.standing import NAME, advisory_for, keep, standings
from tutor.grading.task import GradingTask
from tutor.llm.cancel import Cancel

WHOLE = load_items()
LABELS = {item.task.answer + item.task.question_id: item.labels for item in WHOLE.items}
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Marking = Callable[[GradingTask], dict[str, PointStatus]]


def as_labelled(task: GradingTask) -> dict[str, PointStatus]:
    return dict(LABELS[task.answer + task.question_id])


def always(status: PointStatus) -> Marking:
    return lambda task: {point.id: status for point in task.points}


def grading(mark: Marking, version: str = "1") -> Callable[[GradingTask], Grade]:
    """An engine behind the guards, as the app has it, that marks the points of each answer by a rule."""

    def grade(task: GradingTask) -> Grade:
        judged = judged_in_code(task)
        if judged is not None:
            return judged
        marks = mark(task)
        worth = {PointStatus.COVERED: 1.0, PointStatus.PARTIAL: 0.5, PointStatus.UNSURE: 0.5}
        points = tuple(
            PointGrade(p.id, p.text, marks[p.id], worth.get(marks[p.id], 0.0), p.essential) for p in task.points
        )
        receipt = Receipt("ollama:judge", version, task.revision, START, 1.0)
        return Grade(Outcome.GRADED, "ollama:judge", points=points, receipt=receipt)

    return grade


def ticking(step: float = 2.0) -> Callable[[], datetime]:
    moments = itertools.count()
    return lambda: START + timedelta(seconds=step * next(moments))


def report_on(mark: Marking) -> SelfTestReport:
    return run_selftest(grading(mark), WHOLE, clock=ticking())


PERFECT = report_on(as_labelled)
YES_SAYER = report_on(always(PointStatus.COVERED))
NO_SAYER = report_on(always(PointStatus.MISSING))
UNSURE = report_on(always(PointStatus.UNSURE))


def test_the_set_is_large_and_holds_every_kind_in_both_halves() -> None:
    assert len(WHOLE.items) >= 200
    assert {item.kind for item in WHOLE.items} == set(KINDS)
    for name in (DEVELOPMENT, HELD_OUT):
        part = half(WHOLE, name).items
        assert len(part) >= 100 and {item.kind for item in part} == set(KINDS)
    counts = Counter(item.kind for item in WHOLE.items)
    assert sum(counts[kind] for kind in FULL) >= 60
    assert sum(counts[kind] for kind in TRAPS) >= 80


def test_a_question_belongs_to_one_half_and_the_questions_come_from_many_chapters() -> None:
    halves = {item.task.question_id: item.half for item in WHOLE.items}
    assert all(halves[item.task.question_id] == item.half for item in WHOLE.items)
    assert len(halves) >= 16 and len({name.partition("#")[0] for name in halves}) == len(halves)
    assert abs(sum(name == HELD_OUT for name in halves.values()) - len(halves) / 2) <= 1


def test_ids_are_unique_and_no_answer_is_used_twice() -> None:
    assert len({item.id for item in WHOLE.items}) == len(WHOLE.items)
    texts = Counter(item.task.answer.strip() for item in WHOLE.items if item.kind != "empty")
    assert [text for text, count in texts.items() if count > 1] == []


FITTING: dict[str, Callable[[Counter[PointStatus], int], bool]] = {
    **dict.fromkeys(FULL, lambda found, points: found[PointStatus.COVERED] == points),
    **dict.fromkeys(("swapped", "negated", "wrong"), lambda found, points: found[PointStatus.CONTRADICTED] >= 1),
    **dict.fromkeys(
        ("off-topic", "near-topic", "soup", "echo", "empty"),
        lambda found, points: found[PointStatus.MISSING] == points,
    ),
    "one-wrong": lambda found, points: found == {PointStatus.CONTRADICTED: 1, PointStatus.COVERED: points - 1},
    "injection": lambda found, points: not found[PointStatus.COVERED],
    "partial": lambda found, points: 0 < found[PointStatus.COVERED] < points,
    "ramble": lambda found, points: found[PointStatus.MISSING] >= 1,
    "language": lambda found, points: found[PointStatus.COVERED] >= 3,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_point_has_a_label_that_fits_the_kind(kind: str) -> None:
    for item in (item for item in WHOLE.items if item.kind == kind):
        assert list(item.labels) == [point.id for point in item.task.points], item.id
        found = Counter(item.labels.values())
        assert not found[PointStatus.UNSURE] and FITTING[kind](found, len(item.labels)), item.id


def test_some_questions_come_without_what_only_an_author_writes() -> None:
    tasks = {item.task.question_id: item.task for item in WHOLE.items}.values()
    for name in (DEVELOPMENT, HELD_OUT):
        own = [item.task for item in WHOLE.items if item.half == name]
        assert any(not any(point.also for point in task.points) for task in own)
        assert any(not task.misconceptions for task in own)
    assert any(task.contrast for task in tasks) and any(not task.contrast for task in tasks)


def test_paraphrases_use_words_of_their_own() -> None:
    for item in WHOLE.items:
        if item.kind == "paraphrase":
            said, given = runs(item.task.answer), runs(item.task.reference)
            assert len(said & given) <= 0.1 * len(said), item.id


def runs(text: str, length: int = 4) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_a_perfect_grader_meets_the_bar_with_nothing_to_fault() -> None:
    assert PERFECT.meets_bar and PERFECT.advisory == ""
    assert PERFECT.agreement.value == 1.0
    assert (PERFECT.false_passes.hits, PERFECT.false_fails.hits, PERFECT.wrong_credited.hits) == (0, 0, 0)
    assert PERFECT.passed.value == 1.0 and PERFECT.false_alarms.hits == 0
    assert PERFECT.calibration == pytest.approx(0.0)
    assert (PERFECT.seconds, PERFECT.slowest) == (2.0, 2.0), "two seconds a tick of the given clock"
    assert (PERFECT.engine, PERFECT.version, PERFECT.answers) == ("ollama:judge", "1", len(WHOLE.items))


def test_a_yes_sayer_falls_short_by_passing_what_is_wrong() -> None:
    assert not YES_SAYER.meets_bar
    assert YES_SAYER.false_passes.value > 0.5 and YES_SAYER.wrong_credited.value > 0.9
    assert YES_SAYER.passed.value == 1.0
    assert f"passed {YES_SAYER.false_passes.hits} of {YES_SAYER.false_passes.of} answers" in YES_SAYER.advisory
    assert YES_SAYER.calibration > 0.3


def test_a_no_sayer_falls_short_by_failing_what_is_right() -> None:
    assert NO_SAYER.false_passes.hits == 0
    assert NO_SAYER.false_fails.value == 1.0
    assert "failed" in NO_SAYER.advisory


def test_a_grader_that_is_never_sure_passes_nothing_wrong_and_falls_short_all_the_same() -> None:
    assert (UNSURE.false_passes.hits, UNSURE.false_fails.hits) == (0, 0)
    assert UNSURE.unsure.value > 0.7
    assert "passed only 0 of" in UNSURE.advisory


def test_one_slip_is_allowed_however_few_were_asked_and_two_are_not() -> None:
    assert replace(PERFECT, false_passes=Share(1, 20)).meets_bar
    assert not replace(PERFECT, false_passes=Share(2, 20)).meets_bar
    assert replace(PERFECT, false_passes=Share(3, 100)).meets_bar
    assert not replace(PERFECT, false_passes=Share(4, 100)).meets_bar


def test_kinds_say_where_a_grader_fails() -> None:
    kinds = {kind.kind: kind for kind in YES_SAYER.kinds}
    assert list(kinds) == list(KINDS)
    assert kinds["swapped"].passed.value == 1.0
    assert kinds["soup"].failed.value == 1.0, "the guards judge soup before any engine"


def test_quick_asks_the_same_quarter_every_time_and_every_kind() -> None:
    some = quick(WHOLE)
    assert some.quick and some == quick(WHOLE)
    assert {item.kind for item in some.items} == set(KINDS)
    assert 0.25 * len(WHOLE.items) <= len(some.items) <= 0.3 * len(WHOLE.items)
    assert run_selftest(grading(as_labelled), some, clock=ticking()).quick


def test_progress_goes_from_nothing_to_all() -> None:
    steps: list[int] = []
    some = quick(WHOLE)
    run_selftest(grading(as_labelled), some, clock=ticking(), progress=lambda done, total, _: steps.append(done))
    assert steps == list(range(len(some.items) + 1))


def test_cancelling_ends_the_run_after_the_answer_at_hand() -> None:
    cancel, asked = Cancel(), []

    def grade(task: GradingTask) -> Grade:
        asked.append(task)
        if len(asked) == 5:
            cancel.cancel()
        return grading(as_labelled)(task)

    with pytest.raises(ModelInterrupted):
        run_selftest(grade, WHOLE, clock=ticking(), cancel=cancel)
    assert len(asked) == 5


def test_an_engine_that_cannot_grade_ends_the_run_with_its_own_reason() -> None:
    asked = []

    def grade(task: GradingTask) -> Grade:
        asked.append(task)
        return Grade(Outcome.NOT_GRADED, "ollama", reason="Ollama is not running.")

    with pytest.raises(TutorError, match="Ollama is not running"):
        run_selftest(grade, WHOLE, clock=ticking())
    assert len(asked) == PATIENCE


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    assert calibration_error([(0.95, 1.0), (0.95, 0.0), (0.05, 0.0), (0.05, 0.0)]) == pytest.approx(0.25)


def test_an_outcome_reads_back_as_it_was_and_replaces_only_its_own_predecessor(tmp_path: Path) -> None:
    keep(tmp_path, YES_SAYER)
    keep(tmp_path, replace(NO_SAYER, engine="local", at=START - timedelta(days=1)))
    keep(tmp_path, PERFECT)
    assert standings(tmp_path) == (PERFECT, replace(NO_SAYER, engine="local", at=START - timedelta(days=1)))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 0}', '{"format": 1, "reports": [{"engine": "local"}]}'])
def test_a_damaged_file_counts_as_no_outcome(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert standings(tmp_path) == ()
    keep(tmp_path, PERFECT)
    assert standings(tmp_path) == (PERFECT,)


def test_only_grades_of_the_engine_and_version_that_fell_short_are_marked() -> None:
    task = WHOLE.items[0].task
    kept = (YES_SAYER,)
    assert advisory_for(grading(as_labelled)(task), kept) == YES_SAYER.advisory != ""
    assert advisory_for(grading(as_labelled, version="2")(task), kept) == ""
    assert advisory_for(grading(as_labelled)(task), (PERFECT,)) == ""
    assert advisory_for(Grade(Outcome.NOT_GRADED, "ollama:judge", reason="Gone."), kept) == ""
    empty = judged_in_code(replace(task, answer=""), clock=lambda: START)
    assert empty is not None and advisory_for(empty, kept) == ""
