"""Owns what a candidate does in an interview: begin, answer, pass, leave, end.

Answers are graded behind the questions, one after another; the next question waits a moment for a grade, because a
missed point may bring a follow-up, and comes without it when the grader is slow.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.timer import Timer

from tutor.domain.errors import StoreError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.settings import EngineChoice
from tutor.study.exchange import Exchange
from tutor.study.interview import Stage
from tutor.tui.background import in_background
from tutor.tui.keys import key_of
from tutor.tui.messages import Failed, Graded
from tutor.tui.screens.interview_card import InterviewCard
from tutor.tui.widgets.answer_box import AnswerBox

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel
    from tutor.study.interview import Interview

TWICE_WITHIN = 3.0
"""Seconds between two presses that end a round."""


class InterviewRoom(InterviewCard):
    """One interview from the threshold to the scorecard."""

    PATIENCE: ClassVar[float] = 4.0
    """Seconds the next question waits for a grade."""

    def __init__(self, interview: Interview) -> None:
        super().__init__(interview)
        self._grading = ""
        self._cancel: Cancel | None = None
        self._patience: Timer | None = None
        self._ending = -TWICE_WITHIN

    def on_mount(self) -> None:
        """What was answered before a break, and never graded, is graded now."""
        self.workspace.recalibrate()
        self.grade_next()

    def on_unmount(self) -> None:
        """Nobody waits for a grade any more, the answers are in the store; whichever way led out, the clock stands."""
        if self._cancel is not None:
            self._cancel.cancel()
        with suppress(StoreError):
            self.interview.leave()

    def action_begin(self) -> None:
        """The clock runs."""
        if self.safely(self.interview.go_on):
            self.show_stage()

    def action_write(self) -> None:
        """Back to the answer."""
        self.query_one(AnswerBox).focus()

    def action_submit(self) -> None:
        """The answer is on the disk before anybody judges it."""
        text = self.query_one(AnswerBox).text
        if not text.strip():
            self.app.notify(
                f"Write a sentence first, or pass with {key_of('interview.pass')}.", markup=False, timeout=4
            )
            return
        if self.safely(lambda: self.interview.submit(text)):
            self.listen()

    def action_pass_on(self) -> None:
        """No answer. What is written is not thrown away by one key."""
        if self.query_one(AnswerBox).text.strip():
            words = f"You have begun an answer: {key_of('interview.submit')} hands it in. Empty it to pass."
            self.app.notify(words, markup=False, timeout=4)
            return
        if self.safely(self.interview.pass_on):
            self.listen()

    def listen(self) -> None:
        """Wait a moment for the grade, then go on."""
        self.app.clear_notifications()
        self.grade_next()
        if not self.interview.to_grade:
            self.advance()
            return
        self._patience = self.set_timer(self.PATIENCE, self.advance)
        self.show_stage()

    def advance(self) -> None:
        """The next question, or the scorecard."""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if self.interview.stage is Stage.LISTENING:
            self.safely(self.interview.advance)
            self.show_stage()

    def action_end(self) -> None:
        """To the scorecard; the second press in a row means it."""
        if monotonic() - self._ending > TWICE_WITHIN:
            self._ending = monotonic()
            words = f"Press {key_of('interview.end')} again to end the round. What is open stays unanswered."
            self.app.notify(words, markup=False, timeout=TWICE_WITHIN)
            return
        self.keep()
        self.app.clear_notifications()
        if self.safely(self.interview.finish):
            self.show_stage()

    def on_screen_suspend(self) -> None:
        """Something else comes in front; the clock runs on only while the question is seen."""
        self.keep()
        self.app.clear_notifications()

    def action_back(self) -> None:
        """Leave; the clock stands still until one comes back. A round that never began is none."""
        self.keep()
        if self.interview.stage is Stage.AWAY and not self.interview.begun:
            self.safely(self.interview.finish)
        self.safely(self.interview.leave)
        self.dismiss()

    # Grading

    def grade_next(self) -> None:
        """Let a worker judge the oldest answer without a grade; one at a time, so that none runs into a deadline."""
        from tutor.llm.cancel import Cancel

        waiting = self.interview.to_grade
        if self._grading or not waiting:
            return
        exchange = waiting[0]
        assert exchange.attempt is not None, "only an answer is graded"
        self._grading, self._cancel = exchange.attempt.id, Cancel()
        work = partial(self._work, exchange, exchange.attempt.id, exchange.attempt.text, self._cancel)
        in_background(self, self._grading, work)

    def _work(self, exchange: Exchange, attempt_id: str, text: str, cancel: Cancel) -> None:
        engine = EngineChoice(self.interview.agenda.engine)
        task = self.workspace.task(exchange.judged_as, text)
        self.post_message(Graded(attempt_id, self.workspace.grade(task, engine=engine, cancel=cancel)))

    def on_graded(self, message: Graded) -> None:
        """Keep the grade; strangers are dropped."""
        if message.attempt_id == self._grading:
            self.take(message.attempt_id, message.grade)

    def on_failed(self, message: Failed) -> None:
        """No grade; the scorecard says why."""
        message.stop()
        if message.request == self._grading:
            engine = self.interview.agenda.engine
            self.take(str(message.request), Grade(Outcome.NOT_GRADED, engine, reason=message.sentence))

    def action_regrade(self) -> None:
        """What no engine could grade may work now; the grade from before stays in the history."""
        failed = [each for each in self.interview.exchanges if each.attempt and each.grade and each.grade.score is None]
        for exchange in failed:
            exchange.grade = exchange.grade_id = None
        if not failed:
            self.app.notify("Every answer has its grade.", markup=False, timeout=3)
        self.grade_next()
        self.show_card()

    def take(self, attempt_id: str, grade: Grade) -> None:
        """Hand a grade to the interview, and go on with whatever waited for it."""
        self._grading = ""
        if self.safely(lambda: self.interview.record(attempt_id, grade)):
            self.grade_next()
        if self.interview.stage is Stage.DONE:
            self.show_card()
        elif not self.interview.to_grade:
            self.advance()
