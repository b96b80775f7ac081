"""Owns a sitting on the screen: it shows where the session stands, and hands it what the learner does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.review import Rating
from tutor.domain.text import visible
from tutor.study.turn import Phase
from tutor.tui import opening
from tutor.tui.background import in_background
from tutor.tui.messages import Failed, Graded
from tutor.tui.screens.place import Place
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.ratings import WORDS, Ratings
from tutor.tui.widgets.result import receipt_blocks, reference_blocks, result_blocks
from tutor.tui.widgets.summary import summary_blocks
from tutor.tui.widgets.waiting import Waiting
from tutor.tui.widgets.words import interval

if TYPE_CHECKING:
    from tutor.domain.content import KeyQuestion
    from tutor.llm.cancel import Cancel
    from tutor.study.quiz import QuizSession

KEEP_AFTER = 1.0
"""Seconds of stillness after which an unfinished answer is written down."""

ALLOWED = {
    "submit": (Phase.ASKING,),
    "write": (Phase.ASKING,),
    "hint": (Phase.ASKING,),
    "reveal": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "skip": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "rate": (Phase.GRADED,),
    "accept": (Phase.GRADED,),
    "choose": (Phase.GRADED,),
    "point": (Phase.GRADED,),
    "cite": (Phase.GRADED,),
    "receipt": (Phase.GRADED,),
    "regrade": (Phase.GRADED,),
    "undo": (Phase.ASKING, Phase.GRADED, Phase.DONE),
    "finish": (Phase.DONE,),
}
"""In which phases an action means something; elsewhere its key does nothing."""


class Quiz(Place):
    """Question, answer, grade, rating, next."""

    NAME = "Quiz"
    SETTLE: ClassVar[float] = 0.35
    """Seconds after a result appears in which keys that were meant for something else are let go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter", "submit", "Submit", id="quiz.submit", tooltip="Submit the answer to be graded"),
        Binding("enter", "write", "Write", id="quiz.write", tooltip="Back to your answer"),
        Binding("space,enter", "accept", "Accept", id="quiz.accept", tooltip="Take the marked rating and go on"),
        Binding("h,f2", "hint", "Hint", id="quiz.hint", tooltip="A follow-up an interviewer might give; never the answer"),
        Binding("v,f3", "reveal", "Reveal", id="quiz.reveal", tooltip="Show the reference answer"),
        Binding("s,f4", "skip", "Skip", id="quiz.skip", tooltip="Leave this question for another day"),
        Binding("u,f6", "undo", "Undo", id="quiz.undo", tooltip="Take the last rating back"),
        *(
            Binding(str(int(r)), f"rate({int(r)})", WORDS[r], id=f"quiz.rate{int(r)}", tooltip=f"Rate it: {WORDS[r]}")
            for r in Rating
        ),
        Binding("left", "choose(-1)", "Rating to the left", id="quiz.left"),
        Binding("right", "choose(1)", "Rating to the right", id="quiz.right"),
        Binding("n", "point(1)", "Next point", id="quiz.next", tooltip="To the next key point"),
        Binding("p", "point(-1)", "Previous point", id="quiz.previous", tooltip="To the previous key point"),
        Binding("c", "cite", "Chapter", id="quiz.cite", tooltip="Open the chapter where this point is stated"),
        Binding("i", "receipt", "Receipt", id="quiz.receipt", tooltip="Who graded, with what, against what"),
        Binding("R", "regrade", "Grade again", id="quiz.regrade", tooltip="Grade the same answer again"),
        Binding("enter,space", "finish", "Done", id="quiz.finish", tooltip="Back to where you came from"),
    ]

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self._waiting: set[str] = set()
        self._cancel: Cancel | None = None
        self._settled_at = 0.0
        self._hints = 0
        self._keeping: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The question above, the answer or its grade below."""
        yield Static(id="question", markup=False)
        yield Static(id="hint", markup=False)
        yield AnswerBox()
        yield Waiting()
        yield Document(id="result")
        yield Ratings()

    def on_mount(self) -> None:
        """Begin with the first question."""
        self.show_phase()

    def bar(self) -> tuple[str, ...]:
        """The keys of this phase."""
        phase = self.session.phase
        if phase is Phase.ASKING:
            first = ("quiz.submit",) if self.writing else ("quiz.write",)
            return (*first, "quiz.hint", "quiz.reveal", "quiz.skip", "quiz.undo", "go.back")
        if phase is Phase.GRADING:
            return ("quiz.reveal", "quiz.skip", "go.back")
        if phase is Phase.GRADED:
            return ("quiz.accept", "quiz.cite", "quiz.next", "quiz.reveal", "quiz.receipt", "quiz.skip", "go.back")
        return ("quiz.finish", "quiz.undo", "go.roadmap", "go.back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys mean something in their phase only, and only once the learner can have seen it."""
        if action not in ALLOWED:
            return True
        if self.session.phase not in ALLOWED[action] or (action == "write" and self.writing):
            return False
        return action in ("submit", "write", "reveal") or monotonic() >= self._settled_at

    def show_phase(self) -> None:
        """Show where the session stands."""
        phase = self.session.phase
        asking, graded = phase is Phase.ASKING, phase in (Phase.GRADED, Phase.DONE)
        box, result = self.query_one(AnswerBox), self.query_one("#result", Document)
        box.display = not graded
        box.read_only = not asking
        result.display = graded
        self.query_one("#hint").display = False
        self.query_one("#question", Static).update(self.question_words())
        self.query_one("#question").display = phase is not Phase.DONE
        self.query_one(Ratings).display = phase is Phase.GRADED
        self._settled_at = monotonic() + (self.SETTLE if graded else 0.0)
        if asking:
            self._hints = 0
            box.begin(self.session.draft)
            box.focus()
        elif phase is Phase.GRADED:
            self.show_result()
        elif phase is Phase.DONE:
            result.show(summary_blocks(self.session.summary, self.workspace.now()))
            result.focus()
        self.refresh_frame()
        if graded:
            self.set_timer(self.SETTLE + 0.01, self.refresh_frame)

    def question_words(self) -> Content:
        """Which question of how many, from where, and its text."""
        question = self.session.current
        if question is None:
            return Content("")
        number, count = self.session.position
        title = self.workspace.chapter(question.chapter_id).title
        head = Content.styled(visible(f"{number} of {count} · {title}"), "$text-muted")
        return Content.assemble(head, "\n", (visible(question.text), "bold"))

    def show_result(self) -> None:
        """The grade, or the reference to compare with; the cursor on the first point."""
        question, grade = self.session.current, self.session.grade
        assert question is not None, "a graded question is the current one"
        result = self.query_one("#result", Document)
        text = self.session.attempt.text if self.session.attempt else ""
        if grade is None or grade.outcome is Outcome.SELF_GRADED:
            blocks = reference_blocks(question, text)
        else:
            blocks = result_blocks(grade, text)
        result.show(blocks)
        result.cursor = ""
        result.action_edge(0)
        self.query_one(Ratings).offer(self.session.preview(), self.session.suggestion)
        result.focus()

    # Writing

    @on(TextArea.Changed)
    def keep_soon(self) -> None:
        """Write the draft down once the learner pauses."""
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self.keep)

    def keep(self) -> None:
        """Write the draft down."""
        if self._keeping is not None:
            self._keeping.stop()
        if self.session.phase is Phase.ASKING:
            self.session.keep_draft(self.query_one(AnswerBox).text)

    def on_screen_suspend(self) -> None:
        """Something else comes in front: the draft is safe."""
        self.keep()

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

    # Grading

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
        self._waiting.add(attempt_id)
        self.query_one(Waiting).start(f"Grading with {self.tutor.engine_words or 'the local engine'}")
        self.set_focus(None)
        self.show_phase()
        in_background(self, attempt_id, partial(self._work, question, attempt_id, text, self._cancel))

    def _work(self, question: KeyQuestion, attempt_id: str, text: str, cancel: Cancel) -> None:
        grade = self.workspace.grade(self.workspace.task(question, text), cancel=cancel)
        self.post_message(Graded(attempt_id, grade))

    def on_graded(self, message: Graded) -> None:
        """Keep the grade; show it when it is for what is on the screen."""
        if message.attempt_id in self._waiting:
            self.take(message.attempt_id, message.grade)

    def on_failed(self, message: Failed) -> None:
        """No grade; the reason is shown and nothing is scheduled."""
        message.stop()
        if message.request in self._waiting:
            engine = self.tutor.engine.active if self.tutor.engine else "local"
            self.take(str(message.request), Grade(Outcome.NOT_GRADED, engine, reason=message.sentence))

    def take(self, attempt_id: str, grade: Grade) -> None:
        """Hand a grade to the session."""
        self._waiting.discard(attempt_id)
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

    # After the grade

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
            self._waiting.clear()
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
        self.app.notify(f"{WORDS[chosen]}: back in {interval(after)}. F6 takes it back.", markup=False, timeout=3)
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

    def action_skip(self) -> None:
        """On to the next, unrated."""
        self.keep()
        if self._cancel is not None:
            self.query_one(Waiting).stop()
            self._cancel = None
        self.session.skip()
        self.show_phase()

    def action_undo(self) -> None:
        """Back to the question rated last."""
        self.keep()
        try:
            self.session.undo()
        except TutorError as error:
            self.app.notify(str(error), markup=False, timeout=4)
            return
        self.show_phase()

    def action_point(self, step: int) -> None:
        """To another key point."""
        self.query_one("#result", Document).move_cursor(step)

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
