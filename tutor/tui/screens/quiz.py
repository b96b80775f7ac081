"""Owns what a learner does in a sitting: answer, be graded, rate, go on. The session decides; workers grade."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widgets import Static

from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.domain.review import Rating
from tutor.domain.text import visible
from tutor.study.schedule import interval
from tutor.study.turn import Phase
from tutor.tui import opening
from tutor.tui.background import in_background
from tutor.tui.messages import Failed, Graded
from tutor.tui.screens.quiz_page import QuizPage
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.ratings import WORDS, Ratings
from tutor.tui.widgets.result import receipt_blocks, reference_blocks
from tutor.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from tutor.domain.content import KeyQuestion
    from tutor.llm.cancel import Cancel
    from tutor.study.quiz import QuizSession


class Quiz(QuizPage):
    """Question, answer, grade, rating, next."""

    def __init__(self, session: QuizSession) -> None:
        super().__init__(session)
        self._awaited: set[str] = set()
        self._cancel: Cancel | None = None

    def on_unmount(self) -> None:
        """Nobody waits for a grade any more; the answer is in the store."""
        if self._cancel is not None:
            self._cancel.cancel()

    def action_write(self) -> None:
        """Back to the answer."""
        self.query_one(AnswerBox).focus()

    def action_hint(self) -> None:
        """One follow-up after another; they point, they never tell."""
        question = self.session.current
        hints = question.follow_ups if question else ()
        words = "This question has no hint. Reveal shows the reference answer, and you rate yourself."
        if hints:
            words = f"An interviewer might go on: {hints[self._hints % len(hints)]}"
            self._hints += 1
        hint = self.query_one("#hint", Static)
        hint.update(Content.styled(visible(words), "$text-accent"))
        hint.display = True

    def action_submit(self) -> None:
        """The answer is on the disk before anybody judges it."""
        text = self.query_one(AnswerBox).text
        if not text.strip():
            self.app.notify("Write a sentence first, or press F3 to see the reference answer.", markup=False)
            return
        question = self.session.current
        attempt = self.session.submit(text)
        self.grade(question, attempt.id, text)

    def action_regrade(self) -> None:
        """The same answer again, perhaps by another engine."""
        question, attempt = self.session.current, self.session.attempt
        if attempt is not None:
            self.session.regrade()
            self.grade(question, attempt.id, attempt.text)

    def grade(self, question: KeyQuestion | None, attempt_id: str, text: str) -> None:
        """Let a worker judge the answer."""
        from tutor.llm.cancel import Cancel

        assert question is not None, "only a shown question is answered"
        self._cancel = Cancel()
        self._awaited.add(attempt_id)
        self.query_one(Waiting).start(f"Grading with {self.tutor.engine_words or 'the local engine'}")
        self.set_focus(None)
        self.show_phase()
        in_background(self, attempt_id, partial(self._work, question, attempt_id, text, self._cancel))

    def _work(self, question: KeyQuestion, attempt_id: str, text: str, cancel: Cancel) -> None:
        grade = self.workspace.grade(self.workspace.task(question, text), cancel=cancel)
        self.post_message(Graded(attempt_id, grade))

    def on_graded(self, message: Graded) -> None:
        """Keep the grade; show it when it is for what is on the screen."""
        if message.attempt_id in self._awaited:
            self.take(message.attempt_id, message.grade)

    def on_failed(self, message: Failed) -> None:
        """No grade; the reason is shown and nothing is scheduled."""
        message.stop()
        if message.request in self._awaited:
            engine = self.tutor.engine.active if self.tutor.engine else "local"
            self.take(str(message.request), Grade(Outcome.NOT_GRADED, engine, reason=message.sentence))

    def take(self, attempt_id: str, grade: Grade) -> None:
        """Hand a grade to the session."""
        self._awaited.discard(attempt_id)
        if self.session.record(attempt_id, grade):
            self._cancel = None
            self.query_one(Waiting).stop()
            self.show_phase()

    def stop_grading(self) -> None:
        """The learner does not want to wait."""
        attempt = self.session.attempt
        if self._cancel is not None and attempt is not None:
            self._cancel.cancel()
            engine = self.tutor.engine.active if self.tutor.engine else "local"
            reason = "You stopped the grading. Compare with the reference (v) and rate yourself, or grade again (R)."
            self.take(attempt.id, Grade(Outcome.NOT_GRADED, engine, reason=reason))

    def action_reveal(self) -> None:
        """The reference answer, in place of a grade or below it."""
        question, phase = self.session.current, self.session.phase
        result = self.query_one("#result", Document)
        if question is not None and phase is Phase.GRADED:
            if not any(block.content.plain == "Reference answer" for block in result.blocks):
                result.show([*result.blocks, *reference_blocks(question, "")[1:]])
            number = next(n for n, b in enumerate(result.blocks) if b.content.plain == "Reference answer")
            result.place(number)
            return
        if self._cancel is not None:
            self._cancel.cancel()
            self._awaited.clear()
            self.query_one(Waiting).stop()
        self.session.reveal(self.query_one(AnswerBox).text)
        self.show_phase()

    def action_rate(self, rating: int) -> None:
        """Rate, and go on."""
        chosen = Rating(rating)
        after = self.session.preview()[chosen]
        self.session.rate(chosen)
        self.session.advance()
        self.app.clear_notifications()
        self.app.notify(f"{WORDS[chosen]}: back in {interval(after)}. F5 takes it back.", markup=False, timeout=3)
        self.show_phase()

    @on(Ratings.Chosen)
    def rate_by_click(self, event: Ratings.Chosen) -> None:
        """A click is the key."""
        self.action_rate(int(event.rating))

    def action_accept(self) -> None:
        """The marked rating."""
        chosen = self.query_one(Ratings).chosen
        if chosen is None:
            self.app.notify("Choose 1 to 4: how well did you know it?", markup=False, timeout=3)
        else:
            self.action_rate(int(chosen))

    def action_choose(self, step: int) -> None:
        """Mark the rating beside."""
        self.query_one(Ratings).move(step)
        self.refresh_frame()

    def action_skip(self) -> None:
        """On to the next, unrated."""
        self.keep()
        if self._cancel is not None:
            self.query_one(Waiting).stop()
            self._cancel = None
        self.session.skip()
        self.show_phase()

    def action_undo(self) -> None:
        """Take back a call on the shown grade, else go back to the question rated last."""
        self.keep()
        try:
            if self.session.decided:
                self.session.undo_decision()
            else:
                self.session.undo()
        except TutorError as error:
            self.app.notify(str(error), markup=False, timeout=4)
            return
        self.app.clear_notifications()
        self.show_phase()

    def action_override(self) -> None:
        """The learner's own judgement of the chosen point (else the first) in place of the engine's."""
        grade, result = self.session.grade, self.query_one("#result", Document)
        if grade is None or not grade.points:
            self.app.notify("There is no graded point to judge. Choose a rating yourself.", markup=False, timeout=4)
            return
        point = next((p for p in grade.points if p.id == result.cursor), grade.points[0])
        covered = point.status is PointStatus.COVERED
        self.session.override(point.id, PointStatus.MISSING if covered else PointStatus.COVERED)
        self.show_phase()
        result.cursor = point.id
        result.move_cursor(0)
        said = "missing" if covered else "covered"
        self.app.notify(f"Counted as {said}: your call. F5 takes it back.", markup=False, timeout=3)

    def action_void(self) -> None:
        """A grade the learner does not accept counts for nothing."""
        self.session.void()
        self.show_phase()
        self.app.notify("Grade set aside; it moves nothing. F5 takes that back.", markup=False, timeout=3)

    def action_cite(self) -> None:
        """The chapter where the chosen point (else the first with a passage) is stated."""
        grade, question = self.session.grade, self.session.current
        if grade is None or question is None:
            return
        chosen = self.query_one("#result", Document).cursor
        cited = [p.cite for p in grade.points if p.cite is not None and chosen in ("", p.id)]
        chapter = self.workspace.chapter(question.chapter_id)
        if cited:
            opening.read(self.tutor, chapter, quote=cited[0].quote, heading=cited[0].heading)
        else:
            opening.read(self.tutor, chapter)

    def action_receipt(self) -> None:
        """Who graded, with what, against what."""
        grade, result = self.session.grade, self.query_one("#result", Document)
        if grade is None or grade.receipt is None:
            self.app.notify("There is no receipt: no engine graded this answer.", markup=False)
        elif "receipt" not in result.anchors:
            result.show([*result.blocks, *receipt_blocks(grade.receipt)])
            result.action_edge(1)

    def action_finish(self) -> None:
        """The sitting is over."""
        super().action_back()

    def action_back(self) -> None:
        """Stop a running grader, leave the box, leave the sitting: one step at a time."""
        if self.session.phase is Phase.GRADING:
            self.stop_grading()
        elif self.writing:
            self.keep()
            self.set_focus(None)
            self.refresh_frame()
        else:
            self.keep()
            super().action_back()
