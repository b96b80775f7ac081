"""Owns how a sitting is shown: the question, the answer being written, its grade, the ratings, the summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.domain.grade import Outcome
from tutor.domain.text import visible
from tutor.study.turn import Phase
from tutor.tui.screens.place import Place
from tutor.tui.screens.quiz_keys import ALLOWED, QUIZ_BINDINGS, bar
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.ratings import Ratings
from tutor.tui.widgets.result import reference_blocks, result_blocks
from tutor.tui.widgets.summary import summary_blocks
from tutor.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from tutor.study.quiz import QuizSession

KEEP_AFTER = 1.0
"""Seconds of stillness after which an unfinished answer is written down."""


class QuizPage(Place):
    """Shows where the session stands, and keeps what is being written."""

    NAME = "Quiz"
    SETTLE: ClassVar[float] = 0.35
    """Seconds after a result appears in which keys that were meant for something else are let go."""

    BINDINGS: ClassVar[list[BindingType]] = QUIZ_BINDINGS

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self._settled_at = 0.0
        self._hints = 0
        self._keeping: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The question above, the answer or its grade below."""
        yield Static(id="question", markup=False)
        yield Static(id="hint", markup=False)
        yield AnswerBox()
        yield Waiting()
        yield Document("result")
        yield Ratings()

    def on_mount(self) -> None:
        """Begin with the first question."""
        self.show_phase()

    def bar(self) -> tuple[str, ...]:
        """The keys of this phase."""
        suggested = self.query_one(Ratings).chosen is not None
        return bar(self.session.phase, writing=self.writing, suggested=suggested)

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
            aside = grade.reason if grade.outcome is Outcome.NOT_GRADED else self.tutor.unsaid(grade.reason)
            blocks = result_blocks(replace(grade, reason=aside), text)
        result.show(blocks)
        result.cursor = ""
        result.action_edge(0)
        self.query_one(Ratings).offer(self.session.preview(), self.session.suggestion)
        result.focus()

    def action_point(self, step: int) -> None:
        """To another key point."""
        self.query_one("#result", Document).move_cursor(step)

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
        """Something else comes in front: the draft is safe, and no notice names keys that mean nothing there."""
        self.keep()
        self.app.clear_notifications()
