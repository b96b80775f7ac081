"""Owns how an interview is shown: the threshold, the question with its time, and at the end the scorecard."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tutor.domain.text import visible
from tutor.study.interview import Stage
from tutor.study.rounds import format_of
from tutor.study.scorecard import Scorecard, scorecard
from tutor.tui.keys import key_of
from tutor.tui.screens.interview_keys import ALLOWED, ELSEWHERE, INTERVIEW_BINDINGS, bar
from tutor.tui.screens.place import Place
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.measure import COLUMN, GUTTER
from tutor.tui.widgets.scorecard import scorecard_blocks
from tutor.tui.widgets.time_line import TimeLine, here_words, minutes_words
from tutor.tui.widgets.words import counted

if TYPE_CHECKING:
    from tutor.study.interview import Interview

KEEP_AFTER = 1.0
"""Seconds of stillness after which an unfinished answer is written down."""

BEAT = 5.0
"""Seconds between two looks at the clock, and at most so many are lost when the machine fails."""


class InterviewPage(Place):
    """Shows where the interview stands, and keeps what is being written."""

    NAME = "Interview"
    SETTLE: ClassVar[float] = 0.35
    """Seconds after the scorecard appears in which keys that were meant for something else are let go."""

    BINDINGS: ClassVar[list[BindingType]] = INTERVIEW_BINDINGS

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview
        self.card: Scorecard | None = None
        self._settled_at = 0.0
        self._keeping: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The time above, the question, the answer; later the scorecard."""
        yield TimeLine()
        yield Static(id="question", markup=False)
        yield AnswerBox()
        yield Static(id="listening", markup=False)
        yield Document("card")

    def on_mount(self) -> None:
        """The threshold, or the scorecard of an interview that is over."""
        self.set_interval(BEAT, self.beat)
        self.query_one("#listening", Static).update(
            Content.styled("The interviewer reads your answer …", "$text-muted")
        )
        self.show_stage()

    def place_name(self) -> str:
        """Which round this is."""
        return f"Interview · {format_of(self.interview.agenda.round).title}"

    def bar(self) -> tuple[str, ...]:
        """The keys of this stage."""
        return bar(self.interview.stage, writing=self.writing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys mean something at their stage only; while a question is open, nothing leads to the chapters."""
        stage = self.interview.stage
        if action in ELSEWHERE:
            return stage is Stage.DONE
        if action not in ALLOWED:
            return True
        if stage not in ALLOWED[action] or (action == "write" and self.writing):
            return False
        return stage is not Stage.DONE or monotonic() >= self._settled_at

    def show_stage(self) -> None:
        """Show where the interview stands."""
        stage = self.interview.stage
        box, card = self.query_one(AnswerBox), self.query_one("#card", Document)
        box.display = stage in (Stage.ASKING, Stage.LISTENING)
        box.read_only = stage is not Stage.ASKING
        self.query_one(TimeLine).display = stage is not Stage.DONE
        self.query_one("#question").display = stage is not Stage.DONE
        self.query_one("#listening").display = stage is Stage.LISTENING
        card.display = stage is Stage.DONE
        if stage is Stage.ASKING:
            box.begin(self.interview.draft)
            box.focus()
        elif stage is Stage.DONE:
            self._settled_at = monotonic() + self.SETTLE
            self.show_card()
            card.focus()
            self.set_timer(self.SETTLE + 0.01, self.refresh_frame)
        else:
            self.set_focus(None)
        self.show_words()
        self.refresh_frame()

    def show_card(self) -> None:
        """The scorecard as it stands now."""
        standing = self.workspace.round_standing(self.interview.agenda.round)
        self.card = scorecard(self.interview, self.workspace.library, practice=standing)
        width = min(COLUMN, self.app.size.width - GUTTER - 2)
        self.query_one("#card", Document).show(scorecard_blocks(self.card, self.tutor.unsaid, width=width))

    def on_resize(self) -> None:
        """Names of chapters take the room there is."""
        if self.is_mounted and self.interview.stage is Stage.DONE:
            self.show_card()

    def show_words(self) -> None:
        """The question and the time."""
        interview = self.interview
        if interview.stage is Stage.DONE:
            return
        words = self.threshold_words() if interview.stage is Stage.AWAY else self.question_words()
        self.query_one("#question", Static).update(words)
        number, count = interview.number
        where = f"Question {number} of {count}" if number else f"{counted(count, 'question')}"
        time = minutes_words(interview.left) if interview.begun else f"{interview.agenda.minutes} min"
        if interview.stage is Stage.ASKING and interview.left > 0:
            time += " · " + here_words(interview.on_this_question, interview.allowance)
        share = interview.elapsed / (60 * interview.agenda.minutes)
        self.query_one(TimeLine).say(where, time, share)

    def threshold_words(self) -> Content:
        """Before the first question: what awaits one. The question itself stays hidden."""
        form, key = format_of(self.interview.agenda.round), (key_of("interview.begin"), "bold $text-accent")
        lines = (
            "Say the point first, then why, as you would aloud.\n"
            "No feedback until the end; your schedule stays as it is.\n"
            f"{key_of('go.back')} leaves and stops the clock; breaks are counted."
        )
        return Content.assemble((form.about, "bold"), f"\n\n{lines}\n\n", key, "  Begin")

    def question_words(self) -> Content:
        """The question in front; a follow-up under the question it follows."""
        exchange = self.interview.current or self.interview.exchanges[-1]
        text = (visible(exchange.put.text), "bold")
        late = Content.styled("Time is up: finish your thought and hand it in.\n", "$text-warning")
        head = late if self.interview.left <= 0 else Content("")
        if exchange.put.follows is None:
            return Content.assemble(head, text)
        before = Content.styled(visible(exchange.question.text) + "\n", "$text-muted")
        return Content.assemble(head, before, ("Follow-up  ", "$text-accent"), text)

    def beat(self) -> None:
        """The clock moved on."""
        if self.interview.stage is Stage.ASKING:
            self.keep()
            self.show_words()

    def action_today(self) -> None:
        """To the first screen."""
        self.tutor.action_home()

    def action_point(self, step: int) -> None:
        """To another key point."""
        self.query_one("#card", Document).move_cursor(step)

    @on(TextArea.Changed)
    def keep_soon(self) -> None:
        """Write the draft down once the learner pauses."""
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self.keep)

    def keep(self) -> None:
        """Write the draft and the clock down."""
        if self._keeping is not None:
            self._keeping.stop()
        if self.interview.stage is Stage.ASKING:
            self.safely(lambda: self.interview.keep(self.query_one(AnswerBox).text))
