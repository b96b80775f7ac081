"""Owns what a learner does in a sitting: answer, be graded, rate, go on. The session decides; workers grade."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import SuspendNotSupported

from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.review import Rating
from tutor.domain.settings import EngineChoice
from tutor.study.schedule import interval
from tutor.study.turn import Phase
from tutor.tui.background import in_background
from tutor.tui.keys import key_of
from tutor.tui.messages import Failed, Graded
from tutor.tui.screens.quiz_contest import ContestPage
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.note_box import NoteBox
from tutor.tui.widgets.ratings import WORDS, Ratings
from tutor.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from tutor.domain.content import KeyQuestion
    from tutor.llm.cancel import Cancel
    from tutor.study.quiz import QuizSession

ENGINES = {EngineChoice.LOCAL: "the local engine", EngineChoice.OLLAMA: "Ollama"}


class Quiz(ContestPage):
    """Question, answer, grade, rating, next."""

    def __init__(self, session: QuizSession) -> None:
        super().__init__(session)
        self._graders: dict[str, Cancel] = {}

    def on_unmount(self) -> None:
        """Nobody waits for a grade any more; the answers are in the store."""
        for cancel in self._graders.values():
            cancel.cancel()

    def show_phase(self) -> None:
        """Show where the session stands, and what one waits for."""
        if self.session.phase is not Phase.GRADING:
            self.query_one(Waiting).stop()
        super().show_phase()

    def action_editor(self) -> None:
        """The answer in the learner's own editor, and back."""
        from tutor.tui.editor import edited

        box = self.query_one(AnswerBox)
        self.keep()
        try:
            with self.app.suspend():
                text = edited(box.text, os.environ)
        except SuspendNotSupported:
            self.app.notify("This terminal cannot be lent to an editor.", markup=False, timeout=4)
        except TutorError as error:
            self.app.notify(str(error), markup=False, timeout=6)
        else:
            box.begin(text)
            self.keep()
        box.focus()

    def action_submit(self) -> None:
        """The answer is on the disk before anybody judges it."""
        text = self.query_one(AnswerBox).text
        if not text.strip():
            shows = f"{key_of('quiz.reveal', typing=True)} shows the reference answer"
            self.app.notify(f"Write a sentence first; {shows}.", markup=False)
            return
        question = self.session.current
        attempt = self.session.submit(text)
        self.grade(question, attempt.id, text, None)

    def action_regrade(self) -> None:
        """The same answer by the other engine; every grade is kept."""
        question, attempt = self.session.current, self.session.attempt
        if attempt is None:
            self.app.notify("There is no answer to grade: only the reference was shown.", markup=False, timeout=4)
            return
        engine = self.session.other_engine
        self.session.regrade()
        self.grade(question, attempt.id, attempt.text, engine)

    def grade(self, question: KeyQuestion | None, attempt_id: str, text: str, engine: EngineChoice | None) -> None:
        """Let a worker judge the answer, by what the learner's decisions have taught so far."""
        from tutor.llm.cancel import Cancel

        assert question is not None, "only a shown question is answered"
        self.workspace.recalibrate()
        cancel = self._graders[attempt_id] = Cancel()
        self.show_phase()
        named = ENGINES.get(engine) if engine else None
        self.query_one(Waiting).start(f"Grading with {named or self.tutor.engine_words or 'the local engine'}")
        in_background(self, attempt_id, partial(self._work, question, attempt_id, text, engine, cancel))

    def _work(
        self, question: KeyQuestion, attempt_id: str, text: str, engine: EngineChoice | None, cancel: Cancel
    ) -> None:
        grade = self.workspace.grade(self.workspace.task(question, text), engine=engine, cancel=cancel)
        self.post_message(Graded(attempt_id, grade))

    def on_graded(self, message: Graded) -> None:
        """Keep the grade; show it when it is for what is on the screen."""
        if message.attempt_id in self._graders:
            self.take(message.attempt_id, message.grade)

    def on_failed(self, message: Failed) -> None:
        """No grade; the reason is shown and nothing is scheduled."""
        message.stop()
        if message.request in self._graders:
            engine = self.tutor.engine.active if self.tutor.engine else "local"
            self.take(str(message.request), Grade(Outcome.NOT_GRADED, engine, reason=message.sentence))

    def take(self, attempt_id: str, grade: Grade) -> None:
        """Hand a grade to the session. One that the disk refuses is still awaited: Esc goes on without it."""
        try:
            shown = self.session.record(attempt_id, grade)
        except TutorError as error:
            self.tutor.tell_trouble(error)
            return
        self._graders.pop(attempt_id, None)
        if shown:
            self.show_phase()
            if grade.outcome is Outcome.NOT_GRADED and self.session.grade != grade:
                told = f"No second grade: {grade.reason} The one before still counts."
                self.app.notify(told, markup=False, timeout=8)
        elif self.session.phase is not Phase.DONE and self.session.awaited[1]:
            self.say_question()
            self.refresh_frame()
            verdict = grade.verdict.value if grade.outcome is Outcome.GRADED else "not graded"
            self.app.notify(
                f"An answer you went on from: {verdict}. {key_of('quiz.look')} shows it.", markup=False, timeout=4
            )

    def stop_grading(self) -> None:
        """The learner does not want to wait."""
        attempt = self.session.attempt
        if attempt is not None and attempt.id in self._graders:
            self._graders[attempt.id].cancel()
            engine = self.tutor.engine.active if self.tutor.engine else "local"
            compare, again = key_of("quiz.reveal"), key_of("quiz.regrade")
            told = (
                f"You stopped the grading. Compare with the reference ({compare}) and rate yourself, "
                f"or grade again ({again})."
            )
            self.take(attempt.id, Grade(Outcome.NOT_GRADED, engine, reason=told))

    def action_later(self) -> None:
        """The next question, while this answer is graded."""
        self.session.later()
        self.show_phase()
        self._wait_again()

    def action_look(self) -> None:
        """The grade that came in meanwhile; what is being written stays."""
        self.keep()
        self.session.look()
        self.app.clear_notifications()
        self.show_phase()

    def _wait_again(self) -> None:
        if self.session.phase is Phase.GRADING:
            self.query_one(Waiting).start("The last grades are on their way")

    def action_reveal(self) -> None:
        """The reference answer, in place of a grade or below it."""
        question, attempt = self.session.current, self.session.attempt
        if question is not None and self.session.phase is Phase.GRADED and not self.session.ungraded:
            self.show_reference(question)
            return
        if attempt is not None and attempt.id in self._graders:
            self._graders.pop(attempt.id).cancel()
        self.session.reveal(self.query_one(AnswerBox).text)
        self.show_phase()

    def action_rate(self, rating: int) -> None:
        """Rate, and go on."""
        chosen = Rating(rating)
        after = self.session.preview().get(chosen)
        self.session.rate(chosen)
        self.session.advance()
        told = "your schedule stays as it is" if after is None else f"back in {interval(after)}"
        self.show_phase()
        self.tell_undoable(f"{WORDS[chosen]}: {told}.")
        self._wait_again()

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
        self.session.skip()
        self.show_phase()
        self._wait_again()

    def action_finish(self) -> None:
        """The sitting is over."""
        super().action_back()

    def action_back(self) -> None:
        """Leave the reason, stop a grader, leave the box, fold what was opened, leave the sitting: step by step."""
        if self.query_one(NoteBox).display:
            self.close_note()
        elif self.session.phase is Phase.GRADING:
            self.stop_grading()
        elif self.writing:
            self.keep()
            self.set_focus(None)
            self.refresh_frame()
        elif self.session.phase is Phase.GRADED and self.unfolded:
            self.fold()
        else:
            self.keep()
            self.leave()

    def leave(self) -> None:
        """Out of the sitting; what is left unrated is said."""
        if self.session.phase is Phase.GRADED and self.session.attempt is not None:
            told = "Left unrated: the next quiz begins with it. Your answer and its grade are kept."
            told = told if self.session.KIND == "quiz" else "Your answer and its grade are kept."
            self.app.notify(told, markup=False, timeout=5)
        super().action_back()
