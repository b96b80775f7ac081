"""The learner's say on a grade: one key each, kept, undone with one more; and grades that come while one goes on."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import CHOOSE, DIFFERENCE, GOOD_GRADE, NOT_GRADED, SHAPES, START, SUPPLIES, TRAINS, FakeWorkspace
from tutor.domain.grade import Grade, Outcome, PointStatus, Receipt
from tutor.domain.review import Rating
from tutor.domain.settings import EngineChoice
from tutor.store.decision import DecisionKind
from tutor.tui.hands import Hands, is_command
from tutor.tui.screens import quiz_page
from tutor.tui.screens.quiz_page import QuizPage
from tutor.tui.widgets.answer_box import AnswerBox

UNSURE = replace(
    GOOD_GRADE, points=tuple(replace(p, status=PointStatus.UNSURE, credit=0.5, note="") for p in GOOD_GRADE.points)
)
BY_MODEL = replace(GOOD_GRADE, engine="ollama:tiny", receipt=Receipt("ollama:tiny", "p1", "abc", START, 2.0))


async def answered(tutor: Driver, text: str = "rag looks things up") -> None:
    """The first question of today, answered and submitted."""
    await tutor.press("enter")
    await tutor.sees("1 of 3", "^s Submit")
    await tutor.type(text)
    await tutor.press("ctrl+s")


async def graded(tutor: Driver) -> None:
    """... and graded."""
    await answered(tutor)
    await tutor.sees("1–2 of 3 points")


async def test_a_notice_names_the_key_that_the_bottom_line_names(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await graded(tutor)
        await tutor.press("x")
        await tutor.sees("u Undo")
        await tutor.until(lambda: any("u takes it back." in n.message for n in tutor.app._notifications))
        await tutor.press("3")
        await tutor.sees("2 of 3", "F5 Undo")
        await tutor.until(lambda: any("F5 takes it back." in n.message for n in tutor.app._notifications))


# Comparing


async def test_a_grade_that_is_not_sure_lays_both_sides_beside_each_other_and_the_learner_marks(
    workspace: FakeWorkspace,
) -> None:
    workspace.script.grade = UNSURE
    async with driven(workspace, (120, 40)) as tutor:
        await answered(tutor)
        await tutor.sees(
            "Not sure, compare yourself 0–3 of 3 points", "Your answer", "What it should hold", "RAG supplies knowledge"
        )
        await tutor.sees("Reference answer", DIFFERENCE.reference.split(".", maxsplit=1)[0])
        assert "▸3" not in tutor.text, "no engine suggests anything"
        await tutor.press("o")
        await tutor.sees("Compare yourself 1 of 3 marked")
        await tutor.press("o", "m")
        await tutor.sees("Good 2 of 3 points your own marks", "▸3 Good")
        await tutor.press("u")
        await tutor.sees("Compare yourself 2 of 3 marked")
        await tutor.press("o", "space")
        await tutor.sees("2 of 3 ·")
    [(_, seen)] = workspace.store.latest_grades()
    assert (seen.outcome, seen.score) == (Outcome.SELF_GRADED, 1.0)
    assert len(workspace.store.reviews()) == 1


async def test_after_a_failure_the_learner_may_grade_point_by_point(workspace: FakeWorkspace) -> None:
    workspace.script.grade = NOT_GRADED
    async with driven(workspace) as tutor:
        await answered(tutor)
        await tutor.sees("Not graded", "Ollama is not running")
        assert "I had this" not in tutor.text, "there is nothing to judge yet"
        await tutor.press("v")
        await tutor.sees("Compare yourself 0 of 3 marked")
        await tutor.press("m", "m", "m")
        await tutor.sees("Weak 0 of 3 points your own marks", "▸1 Again")


# Two columns


async def test_wide_screens_show_ones_own_words_beside_the_points_and_where_a_point_was_found(
    workspace: FakeWorkspace,
) -> None:
    async with driven(workspace, (120, 40)) as tutor:
        await graded(tutor)
        [line] = [line for line in tutor.lines if "Your answer" in line]
        assert "You have the heart of it." in line, "both stand on one line"
        await tutor.press("n")
        own = tutor.app.screen.query_one("#own")
        assert own._marks == {1: [(0, len("rag looks things up"))]}
        await tutor.pilot.resize_terminal(80, 40)
        await tutor.until(lambda: not any("Your answer" in line and "You have" in line for line in tutor.lines))
        await tutor.sees("You have the heart of it.", "Your answer")


async def test_what_speaks_against_a_grade_stands_above_it(workspace: FakeWorkspace) -> None:
    workspace.script.grade = replace(GOOD_GRADE, advisory="It fell short.", second_opinion="The other sees less.")
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.sees("advisory It fell short.", "second opinion The other sees less.")
        await tutor.press("x")
        await tutor.sees("You set this grade aside.")
        assert "It fell short." not in tutor.text


async def test_one_thing_to_study_next_is_one_key_away(workspace: FakeWorkspace) -> None:
    first, second, third = GOOD_GRADE.points
    cited = replace(third, cite=replace(first.cite, heading="When fine-tuning helps more", quote=SHAPES))
    workspace.script.grade = replace(GOOD_GRADE, points=(first, second, cited))
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.sees("▸ study When fine-tuning helps more (y)")
        await tutor.press("y")
        await tutor.until(lambda: any("▌" in line and SHAPES in line for line in tutor.lines))


# Contesting


async def test_what_counts_for_nothing_cannot_be_judged(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.sees("o I had this", "m I missed it")
        await tutor.press("x")
        await tutor.sees("Grade set aside", "u Undo")
        assert "I had this" not in tutor.text
        await tutor.press("o", "m", "d", "x")
        await tutor.press("u")
        await tutor.sees("Good 1–2 of 3 points", "o I had this")
    [attempt] = workspace.store.attempts()
    [kept] = workspace.store.kept_grades(attempt.id)
    assert kept.decisions == ()


async def test_without_a_chosen_point_the_keys_judge_the_first_they_would_change(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.press("m")
        await tutor.sees("You missed this: “RAG supplies", f"○ missing {SUPPLIES}")
        await tutor.press("u", "o")
        await tutor.sees("You had this: “Fine-tuning changes", f"✓ covered {TRAINS}")


async def test_a_dispute_keeps_the_learners_words(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.press("d", "enter")
        await tutor.sees("Write a few words")
        await tutor.type("so 1 says the paper")
        assert workspace.store.reviews() == [], "letters and digits go into the line"
        await tutor.press("enter")
        await tutor.sees("Not graded", "You hold that your answer is right. so 1 says the paper", "u Undo")
        await tutor.until(lambda: any("u takes it back." in n.message for n in tutor.app._notifications))
        await tutor.press("4")
        await tutor.sees("2 of 3")
    [attempt] = workspace.store.attempts()
    [kept] = workspace.store.kept_grades(attempt.id)
    assert [(d.kind, d.note) for d in kept.decisions] == [(DecisionKind.DISPUTE, "so 1 says the paper")]
    assert [review.rating for review in workspace.store.reviews()] == [Rating.EASY]


async def test_a_dispute_can_be_left(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("d")
        await tutor.type("nah")
        await tutor.press("escape")
        await tutor.sees("Good 1–2 of 3 points", "▸3 Good")
    [attempt] = workspace.store.attempts()
    assert workspace.store.kept_grades(attempt.id)[0].decisions == ()


async def test_another_engine_grades_the_same_answer_and_the_learner_says_which_counts(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    scripted = workspace.grade

    def grade(task: object, *, engine: EngineChoice | None = None, cancel: object = None) -> Grade:
        asked.append(engine)
        return scripted(task, engine=engine, cancel=cancel)

    monkeypatch.setattr(workspace, "grade", grade)
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        worse = tuple(replace(p, status=PointStatus.MISSING, credit=0.0, evidence="") for p in BY_MODEL.points)
        workspace.script.grade = replace(BY_MODEL, points=worse)
        await tutor.press("R")
        await tutor.sees("Weak 0 of 3 points Ollama · tiny", "local engine: good · Ollama · tiny: weak counts")
        await tutor.press("w")
        await tutor.sees("Good 1–2 of 3 points local engine", "local engine: good counts")
        workspace.script.grade = NOT_GRADED
        await tutor.press("R")
        await tutor.sees("No second grade: Ollama is not running", "Good 1–2 of 3 points local engine")
    assert asked == [None, EngineChoice.OLLAMA, EngineChoice.OLLAMA]
    [attempt] = workspace.store.attempts()
    assert len(workspace.store.grades(attempt.id)) == 3


# Going on


async def test_an_answer_is_graded_while_the_next_is_written(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await answered(tutor)
        await tutor.sees("F9 Next meanwhile")
        await tutor.press("f9")
        await tutor.sees("2 of 3", "1 being graded")
        await tutor.type("second ans")
        workspace.script.gate.set()
        await tutor.sees("1 graded, F9 shows it", "second ans")
        await tutor.press("f9")
        await tutor.sees("1 of 3", "Good 1–2 of 3 points")
        await tutor.press("3")
        await tutor.sees("2 of 3", "second ans")
        assert "being graded" not in tutor.text
    assert [review.question_id for review in workspace.store.reviews()] == [DIFFERENCE.id]
    assert workspace.store.draft(CHOOSE.id) or workspace.store.draft("rag/what-is-rag#definition")


async def test_the_sitting_waits_for_the_last_grades(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await answered(tutor)
        for number in (2, 3):
            await tutor.press("f9")
            await tutor.sees(f"{number} of 3")
            await tutor.type("words")
            await tutor.press("ctrl+s")
        await tutor.press("f9")
        await tutor.sees("1 of 3", "The last grades are on their way")
        workspace.script.gate.set()
        for number in (1, 2, 3):
            await tutor.sees(f"{number} of 3", "points")
            await tutor.press("2")
        await tutor.sees("That was it.", "3 answers written", "Questions good What is the difference")
    assert len(workspace.store.reviews()) == 3


# Hasty hands


async def test_text_typed_on_into_a_grade_is_no_command(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuizPage, "SETTLE", 0.4)
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await answered(tutor)
        await tutor.type("so skips x2o")
        workspace.script.gate.set()
        await tutor.sees("Good 1–2 of 3 points")
        await tutor.type("mos 1x dv")
        await tutor.pilot.pause(0.1)
        await tutor.sees("1 of 3", "Good 1–2 of 3 points", "▸3 Good")
        await tutor.pilot.pause(0.6)
        await tutor.press("2")
        await tutor.sees("2 of 3")
    assert [review.rating for review in workspace.store.reviews()] == [Rating.HARD]
    [attempt] = workspace.store.attempts()
    assert workspace.store.kept_grades(attempt.id)[0].decisions == ()


def test_hands_rest_before_a_page_listens() -> None:
    hands = Hands()
    hands.show(10.0, 0.5)
    assert [hands.take(at, 0.5) for at in (10.1, 10.4, 10.8)] == [False, False, False], "each key begins the wait anew"
    assert [hands.take(at, 0.5) for at in (11.4, 11.41)] == [True, True], "one who is meant is answered at once"
    hands.type(20.0)
    hands.show(20.1, 0.5)
    assert not hands.take(21.2, 0.5), "one caught typing rests longer"
    assert hands.take(21.8, 0.5)


@pytest.mark.parametrize(
    ("key", "command"),
    [("f3", True), ("ctrl+s", True), ("escape", True), ("pagedown", True), ("f", False), ("1", False), ("space", False),
     ("enter", False), ("left", False)],
)  # fmt: skip
def test_only_keys_nobody_types_pass(key: str, command: bool) -> None:
    assert is_command(key) is command


# Writing


async def test_a_draft_is_kept_while_the_learner_types_on(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiz_page, "KEEP_EVERY", 0.2)
    async with driven(workspace) as tutor:
        await tutor.press("enter")
        await tutor.sees("1 of 3")
        for _ in range(12):  # each key well within the pause that would have been waited for
            await tutor.press("w")
        assert workspace.store.draft(DIFFERENCE.id).startswith("www")


async def test_the_learners_own_editor(workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write(t + ' and tuned')"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f'{sys.executable} -c "{script}"')
    async with driven(workspace) as tutor:
        monkeypatch.setattr(tutor.app, "suspend", nullcontext)
        await tutor.press("enter")
        await tutor.sees("1 of 3")
        await tutor.type("looked up")
        await tutor.press("ctrl+o")
        await tutor.sees("looked up and tuned")
        assert tutor.app.screen.query_one(AnswerBox).text == "looked up and tuned"
        assert workspace.store.draft(DIFFERENCE.id) == "looked up and tuned"


@pytest.mark.parametrize(
    ("editor", "sentence"),
    [("", "No editor is named. Set $EDITOR"), ("no-such-editor-here", "could not be started"), ("false", "as it was")],
)
async def test_an_editor_that_fails_loses_nothing(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch, editor: str, sentence: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    async with driven(workspace) as tutor:
        monkeypatch.setattr(tutor.app, "suspend", nullcontext)
        await tutor.press("enter")
        await tutor.sees("1 of 3")
        await tutor.type("mine")
        await tutor.press("ctrl+o")
        await tutor.sees(sentence, "mine")


async def test_the_tutor_can_be_asked_while_writing(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("enter")
        await tutor.sees("1 of 3")
        await tutor.type("mine")
        await tutor.press("f8")
        await tutor.sees("Ask about the chapters")
        await tutor.press("escape")
        await tutor.sees("1 of 3", "mine")
    assert workspace.store.attempts() == []
