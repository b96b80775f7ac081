"""A sitting: nothing written is lost, nothing is rated by accident, and every grade shows its evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import CHOOSE, DIFFERENCE, GOOD_GRADE, NOT_GRADED, SUPPLIES, FakeWorkspace
from tutor.domain.errors import EncoderMissing, StoreError
from tutor.domain.grade import Outcome, PointStatus
from tutor.domain.review import Rating
from tutor.tui.screens.quiz import Quiz
from tutor.tui.screens.quiz_page import QuizPage
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.workspace import EngineStatus


async def asked(tutor: Driver) -> Quiz:
    """Today's sitting, at its first question."""
    await tutor.press("enter")
    await tutor.sees("1 of 3", "difference between RAG and fine-tuning?", "^s Submit")
    assert isinstance(tutor.app.screen, Quiz)
    return tutor.app.screen


async def graded(tutor: Driver, text: str = "rag looks things up") -> Quiz:
    """The first answer, graded."""
    quiz = await asked(tutor)
    await tutor.type(text)
    await tutor.press("ctrl+s")
    await tutor.sees("Good 1–2 of 3 points")
    return quiz


async def test_a_grade_shows_each_point_with_both_sides(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.sees("Good 1–2 of 3 points local engine", "You have the heart of it.")
        await tutor.sees(f"✓ covered {SUPPLIES} essential", "you said “rag looks things up”")
        await tutor.sees("chapter states it under “In one breath”", "◐ partly", "○ missing")
        await tutor.sees("say Say that fine-tuning shapes")


async def test_the_answer_is_on_disk_before_it_is_graded(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("my words")
        await tutor.press("ctrl+s")
        await tutor.sees("Grading with local engine", "Esc stops it")
        [attempt] = workspace.store.attempts(DIFFERENCE.id)
        assert attempt.text == "my words"
        assert workspace.store.grades(attempt.id) == []
        workspace.script.gate.set()
        await tutor.sees("Good 1–2 of 3")
        assert len(workspace.store.grades(attempt.id)) == 1


async def test_ratings_show_when_the_question_comes_back_and_the_suggested_one_is_marked(
    workspace: FakeWorkspace,
) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.sees("1 Again 10 min", "2 Hard", "▸3 Good", "4 Easy")
        await tutor.press("space")
        await tutor.sees("2 of 3", "Good: back in")
    [review] = workspace.store.reviews()
    assert (review.rating, review.question_id) == (Rating.GOOD, DIFFERENCE.id)


@pytest.mark.parametrize(("key", "rating"), [("1", Rating.AGAIN), ("2", Rating.HARD), ("4", Rating.EASY)])
async def test_number_keys_rate(workspace: FakeWorkspace, key: str, rating: Rating) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press(key)
        await tutor.sees("2 of 3")
    assert [review.rating for review in workspace.store.reviews()] == [rating]


async def test_arrows_choose_another_rating(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("left")
        await tutor.sees("▸2 Hard")
        await tutor.press("enter")
        await tutor.sees("2 of 3")
    assert [review.rating for review in workspace.store.reviews()] == [Rating.HARD]


async def test_undo_brings_the_question_and_its_grade_back(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("1")
        await tutor.sees("2 of 3")
        await tutor.press("f5")
        await tutor.sees("1 of 3", "✓ covered", "▸3 Good")
        assert workspace.store.reviews() == []
        await tutor.press("3")
        await tutor.sees("2 of 3")
    assert [review.rating for review in workspace.store.reviews()] == [Rating.GOOD]


async def test_keys_typed_while_grading_answer_nothing(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s", "1", "space", "enter", "4", "x")
        await tutor.sees("Grading")
        workspace.script.gate.set()
        await tutor.sees("1 of 3", "▸3 Good")
    assert workspace.store.reviews() == []


async def test_keys_that_come_right_after_a_result_are_let_go(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuizPage, "SETTLE", 60.0)
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("1", "space", "s")
        await tutor.sees("1 of 3", "✓ covered")
    assert workspace.store.reviews() == []


async def test_keys_that_come_right_after_a_rating_do_not_begin_the_next_answer(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        monkeypatch.setattr(AnswerBox, "deaf_for", 60.0)
        await tutor.press("3", "3")
        await tutor.sees("2 of 3")
        assert tutor.app.screen.query_one(AnswerBox).text == ""


async def test_a_draft_survives_leaving(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("half an ans")
        await tutor.press("escape", "escape")
        await tutor.sees("Good evening.")
        assert workspace.store.draft(DIFFERENCE.id) == "half an ans"
        await tutor.press("enter")
        await tutor.sees("half an ans")
        await tutor.type("wer")
        await tutor.sees("half an answer")


async def test_an_empty_answer_is_not_submitted(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.press("ctrl+s")
        await tutor.sees("Write a sentence first", "1 of 3")
    assert workspace.store.attempts() == []


async def test_escape_stops_a_grader_and_its_late_grade_is_dropped(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s")
        await tutor.sees("Grading")
        await tutor.press("escape")
        await tutor.sees("Not graded", "You stopped the grading.", "Your answer", "words")
        workspace.script.gate.set()
        await tutor.pilot.pause(0.1)
        await tutor.sees("Not graded")
        await tutor.press("space")
        await tutor.sees("Choose 1 to 4")
    assert workspace.store.reviews() == []


async def test_a_reference_shown_without_an_answer_offers_only_what_can_be_done(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.press("f3")
        await tutor.sees("Compare yourself then choose a rating", "c Chapter", "s Skip")
        assert not any(word in tutor.line(-1) for word in ("Reveal", "Other engine", "Receipt"))


async def test_not_graded_says_why_and_the_learner_rates(workspace: FakeWorkspace) -> None:
    workspace.script.grade = NOT_GRADED
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s")
        await tutor.sees("Not graded the schedule does not move", "Ollama is not running")
        assert "▸" not in tutor.text
        await tutor.press("v")
        await tutor.sees("Compare yourself 0 of 3 marked", f"? unsure {SUPPLIES}")
        await tutor.press("v")
        await tutor.sees("Reference answer", "RAG injects external knowledge")
        await tutor.press("2")
        await tutor.sees("2 of 3")
    assert [review.rating for review in workspace.store.reviews()] == [Rating.HARD]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (EncoderMissing("The encoder is not prepared yet."), "The encoder is not prepared yet"),
        (RuntimeError("boom"), "Something unexpected went wrong (RuntimeError"),
    ],
    ids=["a failure with a remedy", "a bug"],
)
async def test_a_grader_that_fails_never_makes_a_score(workspace: FakeWorkspace, error: Exception, said: str) -> None:
    workspace.script.error = error
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s")
        await tutor.sees("Not graded", said)
    [attempt] = workspace.store.attempts()
    [(_, grade)] = workspace.store.grades(attempt.id)
    assert grade.outcome is Outcome.NOT_GRADED
    assert grade.score is None


async def test_the_learner_has_the_last_word_on_a_point_and_can_take_it_back(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        quiz = await graded(tutor)
        await tutor.press("n", "n", "o")
        await tutor.sees("Good 2 of 3 points", "You judged this point yourself")
        await tutor.sees("You had this: “Fine-tuning changes the model itself")
        [attempt] = workspace.store.attempts(DIFFERENCE.id)
        [(grade_id, kept)] = workspace.store.grades(attempt.id)
        assert kept.points[1].status is PointStatus.PARTIAL, "the engine's own grade stays in the history"
        assert len(workspace.store.decisions(grade_id)) == 1
        await tutor.press("u")
        await tutor.sees("Good 1–2 of 3 points")
        assert not quiz.session.decided


async def test_a_grade_that_is_set_aside_suggests_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        quiz = await graded(tutor)
        await tutor.press("x")
        await tutor.sees("Not graded", "Grade set aside")
        assert quiz.session.suggestion is None
        await tutor.press("u")
        await tutor.sees("Good 1–2 of 3 points")


async def test_grading_again_keeps_both_grades(workspace: FakeWorkspace) -> None:
    workspace.script.grade = NOT_GRADED
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s")
        await tutor.sees("Not graded")
        workspace.script.grade = FakeWorkspace(workspace.home.path).script.grade
        await tutor.press("R")
        await tutor.sees("Good 1–2 of 3")
    [attempt] = workspace.store.attempts()
    assert len(workspace.store.grades(attempt.id)) == 2


async def test_a_hint_is_a_follow_up_and_never_the_reference(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.press("f2")
        await tutor.sees("How would you decide with one week and 200 examples?")
        assert "inference time" not in tutor.text


async def test_reveal_shows_the_reference_and_keeps_what_was_written(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor)
        await tutor.type("half")
        await tutor.press("f3")
        await tutor.sees("Compare yourself", "Your answer", "half", "What it should hold", SUPPLIES, "Reference answer")
        await tutor.press("3")
        await tutor.sees("2 of 3")
    [attempt] = workspace.store.attempts()
    assert attempt.text == "half"


async def test_skip_rates_nothing(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.press("f4")
        await tutor.sees("2 of 3")
    assert workspace.store.reviews() == []


async def test_the_receipt_says_who_graded(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (80, 40)) as tutor:
        await graded(tutor)
        await tutor.press("i")
        await tutor.sees("Receipt", "engine local", "version 3", "took 0.4 s")


async def test_a_point_opens_its_chapter_highlighted(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("n", "c")
        await tutor.sees("In one breath", "f Find")
        assert any("▌" in line and SUPPLIES in line for line in tutor.lines)
        await tutor.press("escape")
        await tutor.sees("✓ covered", "▸3 Good")


async def test_escape_folds_what_was_opened_below_a_grade_before_it_leaves(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("left", "i")
        await tutor.sees("Receipt", "▸2 Hard")
        await tutor.press("escape")
        await tutor.sees("1–2 of 3 points", "▸2 Hard")
        assert "Receipt" not in tutor.text
        await tutor.press("escape")
        await tutor.sees("Good evening.", "A graded answer of yours waits for your rating")
    assert workspace.store.reviews() == []


async def test_a_contradiction_shows_both_sides_and_claims_no_more(workspace: FakeWorkspace) -> None:
    grade = workspace.script.grade
    odd = replace(grade.points[0], status=PointStatus.CONTRADICTED, credit=0.0, evidence="tuning looks things up")
    workspace.script.grade = replace(grade, points=(odd, *grade.points[1:]))
    async with driven(workspace, (80, 40)) as tutor:
        await asked(tutor)
        await tutor.type("words")
        await tutor.press("ctrl+s")
        await tutor.sees("! check", "you said “tuning looks things up”", "may say the opposite", "no penalty")


async def test_a_sitting_ends_with_a_summary(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("3")
        await tutor.sees("2 of 3")
        await tutor.press("f4")
        await tutor.sees("3 of 3")
        await tutor.press("f3")
        await tutor.sees("Compare yourself")
        await tutor.press("2")
        await tutor.sees("That was it.", "1 answer written, 1 skipped", "good █", "hard █", "comes back")
        await tutor.press("enter")
        await tutor.sees("Good evening.")


async def test_asking_in_between_never_counts_as_the_answer(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await asked(tutor)
        await tutor.type("mine")
        await tutor.press("escape", "a")
        await tutor.sees("Ask about the chapters")
        await tutor.type("why")
        await tutor.press("enter")
        await tutor.sees("[1]")
        await tutor.press("escape")
        await tutor.sees("1 of 3", "mine")
    assert workspace.store.attempts() == []
    assert CHOOSE.id not in workspace.store.memories()


async def test_that_no_server_runs_is_said_on_the_first_screen_and_not_on_every_grade(workspace: FakeWorkspace) -> None:
    detail = "Ollama is not running at 127.0.0.1:11434."
    workspace.engine = EngineStatus("local", detail)
    workspace.script.grade = replace(GOOD_GRADE, reason=f"{detail} The local engine graded this.")
    async with driven(workspace) as tutor:
        await tutor.sees(detail)
        await graded(tutor)
        await tutor.sees("3 points local engine")
        assert detail not in tutor.text
        assert "graded this" not in tutor.text


async def test_any_other_reason_for_another_engine_is_said_on_the_grade(workspace: FakeWorkspace) -> None:
    workspace.engine = EngineStatus("ollama:llama3.2:3b", "Ollama runs at 127.0.0.1:11434.")
    workspace.script.grade = replace(GOOD_GRADE, reason="Ollama stopped answering. The local engine graded this.")
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.sees("Ollama stopped answering. The local engine graded this.")


async def test_a_notice_covers_no_rating_and_goes_when_it_is_no_longer_true(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await graded(tutor)
        await tutor.press("x")
        await tutor.sees("Grade set aside; it moves nothing.", "1 Again 10 min", "3 Good", "4 Easy")
        await tutor.press("u")
        await tutor.until(lambda: "Grade set aside" not in tutor.text)
        await tutor.press("x")
        await tutor.sees("Grade set aside")
        await tutor.press("escape")
        await tutor.until(lambda: "Good evening." in tutor.text and "Grade set aside" not in tutor.text)


async def test_a_point_judged_by_the_learner_stays_in_view(workspace: FakeWorkspace) -> None:
    async with driven(workspace, (60, 20)) as tutor:
        await graded(tutor)
        await tutor.press("n", "n", "n", "o")
        await tutor.sees("✓ covered Fine-tuning is for behaviour")


async def test_a_disk_that_refuses_is_said_at_every_step_and_costs_no_word(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full. Make room and try again.")

    async def refused(tutor: Driver, step: str, *keys: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(workspace.store, step, full)
            tutor.app.clear_notifications()
            await tutor.press(*keys)
            await tutor.until(lambda: any("disk is full" in each.message for each in tutor.app._notifications))

    async with driven(workspace) as tutor:
        quiz = await asked(tutor)
        await refused(tutor, "save_draft", *"mine")
        await refused(tutor, "add_attempt", "ctrl+s")
        assert (quiz.query_one(AnswerBox).text, workspace.store.attempts()) == ("mine", [])
        await refused(tutor, "add_grade", "ctrl+s")
        [attempt] = workspace.store.attempts()
        assert attempt.text == "mine"
        await tutor.press("escape")
        await tutor.sees("You stopped the grading.")
        await refused(tutor, "add_review", "3")
        assert workspace.store.reviews() == []
        await tutor.press("3")
        await tutor.sees("2 of 3")
        assert len(workspace.store.reviews()) == 1
