"""Owns the frame of a sitting: the question, the answer being written and kept, and which keys are meant for it."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.domain.text import visible
from tutor.study.turn import Phase
from tutor.tui.hands import Hands, is_command
from tutor.tui.keys import key_name, key_of
from tutor.tui.screens.place import Place
from tutor.tui.screens.quiz_keys import ALLOWED, CONTESTING, QUIZ_BINDINGS, bar
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.bars import Key
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.note_box import NoteBox
from tutor.tui.widgets.ratings import Ratings
from tutor.tui.widgets.summary import summary_blocks
from tutor.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from tutor.study.quiz import QuizSession

KEEP_EVERY = 1.0
"""Seconds after a change within which an unfinished answer is on the disk, also while the learner types on."""


class QuizPage(Place):
    """Shows where the session stands, and keeps what is being written."""

    NAME = "Quiz"
    SETTLE: ClassVar[float] = 0.35
    """Seconds of rest after which a page that has just appeared takes keys; see `hands`."""

    BINDINGS: ClassVar[list[BindingType]] = QUIZ_BINDINGS

    def __init__(self, session: QuizSession) -> None:
        super().__init__()
        self.session = session
        self._hands = Hands()
        self._hints = 0
        self._keeping: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The question above, the answer or its grade below."""
        yield Static(id="question", markup=False)
        yield Static(id="hint", markup=False)
        yield AnswerBox()
        yield Waiting()
        yield Static(id="head", markup=False)
        with Horizontal(id="pair"):
            yield Document("own")
            yield Document("result")
        yield NoteBox()
        yield Ratings()

    def on_mount(self) -> None:
        """Begin with the first question."""
        self.show_phase()

    def bar(self) -> tuple[str, ...]:
        """The keys of this phase."""
        session, suggested = self.session, self.query_one(Ratings).chosen is not None
        return bar(
            session.phase,
            writing=self.writing,
            suggested=suggested,
            written=session.attempt is not None,
            contestable=session.contestable,
            decided=session.decided,
        )

    def keys_now(self) -> list[Key]:
        """Letters do nothing while a grade is awaited, so help goes by its other key."""
        keys = super().keys_now()
        if self.session.phase is Phase.GRADING:
            return [*keys[:-1], Key(key_of("go.help", typing=True), "Help", "go.help")]
        return keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys mean something in their phase only, and where there is something for them to do."""
        session = self.session
        if action in CONTESTING and not session.contestable:
            return False
        if action == "look":
            return session.phase in ALLOWED["look"] and session.awaited[1] > 0
        if action == "count_other":
            return len([kept for kept in session.grades if kept.given.score is not None]) > 1
        return action not in ALLOWED or (session.phase in ALLOWED[action] and not (action == "write" and self.writing))

    def on_key(self, event: events.Key) -> None:
        """Let go of what was typed for another page; letters reach no command while a grade is awaited."""
        if self.writing or is_command(event.key) or self.session.phase is Phase.ASKING:
            return
        now = monotonic()
        if self.session.phase is Phase.GRADING:
            self._hands.type(now)
        elif self._hands.take(now, self.SETTLE):
            return
        event.stop()
        event.prevent_default()

    def show_phase(self) -> None:
        """Show where the session stands."""
        phase = self.session.phase
        asking, shown = phase is Phase.ASKING, phase in (Phase.GRADED, Phase.DONE)
        box = self.query_one(AnswerBox)
        box.display = not shown
        box.read_only = not asking
        self.query_one("#pair").display = shown
        for name in ("#hint", "#head", "#own", "#reason"):
            self.query_one(name).display = False
        self.say_question()
        self.query_one(Ratings).display = phase is Phase.GRADED
        if asking:
            self._hints = 0
            box.begin(self.session.draft)
            box.focus()
        elif phase is Phase.GRADING:
            box.load_text(self.session.attempt.text if self.session.attempt else "")
            self.set_focus(None)
        else:
            self._hands.show(monotonic(), self.SETTLE)
            self.show_result()
        self.refresh_frame()

    def show_result(self) -> None:
        """Once nothing is left to ask, how it went; subclasses show grades."""
        result = self.query_one("#result", Document)
        result.show(summary_blocks(self.session.summary, self.workspace.now()))
        result.focus()

    def say_question(self) -> None:
        """Which question of how many, from where, its text; and what is still being graded."""
        question = self.session.current
        place = self.query_one("#question", Static)
        place.display = question is not None
        if question is None:
            return
        head = self.whereabouts(self.workspace.chapter(question.chapter_id).title)
        running, ready = self.session.awaited
        head += f" · {running} being graded" if running else ""
        told = (f" · {ready} graded, {key_of('quiz.look')} shows it" if ready else "", "$text-accent")
        title = Content.assemble((visible(head), "$text-muted"), told)
        place.update(Content.assemble(title, "\n", (visible(question.text), "bold")))

    def whereabouts(self, chapter: str) -> str:
        """Which question of how many, from where; that it was answered in a sitting that was left."""
        number, count = self.session.position
        attempt = self.session.attempt
        earlier = attempt is not None and attempt.session_id != self.session.id
        return f"{number} of {count} · {chapter}" + (" · answered earlier, not rated yet" if earlier else "")

    # Writing

    @on(TextArea.Changed)
    def keep_soon(self) -> None:
        """Write the draft down soon, however long the learner goes on typing."""
        if self._keeping is None:
            self._keeping = self.set_timer(KEEP_EVERY, self.keep)

    def keep(self) -> None:
        """Write the draft down."""
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        if self.session.phase is Phase.ASKING:
            self.safely(lambda: self.session.keep_draft(self.query_one(AnswerBox).text))

    def action_write(self) -> None:
        """Back to the answer."""
        self.query_one(AnswerBox).focus()

    def tell_undoable(self, words: str) -> None:
        """Say what was done, and by which key of the bottom line it is taken back, once that line is up to date."""

        def tell() -> None:
            undo = self.bound().get("quiz.undo")
            back = f" {key_name(undo.binding.key)} takes it back." if undo is not None else ""
            self.app.notify(words + back, markup=False, timeout=3)

        self.app.clear_notifications()
        self.call_after_refresh(tell)

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

    def on_screen_suspend(self) -> None:
        """Something else comes in front: the draft is safe, and no notice names keys that mean nothing there."""
        self.keep()
        self.app.clear_notifications()
