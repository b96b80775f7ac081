"""Owns asking: a line to type in, the answers of this sitting, and the passages they cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from tutor.domain.errors import NotFound
from tutor.domain.text import visible
from tutor.tui import opening
from tutor.tui.background import in_background
from tutor.tui.messages import Answered, AnswerGrew, Failed
from tutor.tui.screens.ask_keeping import keep_note, keep_question
from tutor.tui.screens.ask_keys import ASK_BINDINGS, EVERYTHING, AskLine
from tutor.tui.screens.place import Place
from tutor.tui.widgets.blocks import markdown_blocks
from tutor.tui.widgets.exchange import answer_blocks, running_blocks
from tutor.tui.widgets.passage import Beside
from tutor.tui.widgets.transcript import EMPTY, Exchange, Transcript
from tutor.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from tutor.domain.answer import Answer
    from tutor.llm.cancel import Cancel

WIDE = 100
"""Cells from which a cited passage stands beside the answer."""

EVERY = 1 / 12
"""Seconds between two repaints of a growing answer: as smooth as reading needs."""


class Ask(Place):
    """Questions to the material."""

    NAME = "Ask"
    BINDINGS: ClassVar[list[BindingType]] = ASK_BINDINGS

    _cancel: Cancel | None = None
    _begun = False

    def __init__(self) -> None:
        super().__init__()
        self._line = AskLine(id="line", select_on_focus=False)
        self._line.about(EVERYTHING)

    def compose_place(self) -> Iterable[Widget]:
        """The answers, a passage beside them where there is room, the line to type in below."""
        with Horizontal():
            yield Transcript("answers")
            yield Beside(id="beside")
        yield Waiting()
        yield self._line

    def on_mount(self) -> None:
        """Ready to type."""
        self.transcript.show(markdown_blocks(EMPTY))
        self._line.focus()

    def arrive(self) -> None:
        """Ready to type, about anything."""
        self._line.about(EVERYTHING)

    @property
    def transcript(self) -> Transcript:
        """What was asked in this sitting."""
        return self.query_one(Transcript)

    def bar(self) -> tuple[str, ...]:
        """What works depends on where one is."""
        if self.writing:
            return (*(("ask.read",) if self.transcript.exchanges else ()), "ask.widen", "go.back")
        current = self.transcript.current
        cites = [f"ask.cite{n}" for n in range(1, 10) if self._opens(n)][:2]
        keys = ["ask.write", *cites]
        if self.query_one(Beside).display:
            keys.append("ask.open")
        kept = ("ask.note", "ask.question") if current is not None and current.target(1) is not None else ()
        if len(self.transcript.exchanges) > 1:
            keys.append("ask.previous")
        return (*keys, "go.back", *kept)

    def _opens(self, number: int) -> bool:
        """Whether a number is a key: one reads, and the answer in question has that citation."""
        current = self.transcript.current
        return not self.writing and current is not None and current.target(number) is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A number opens only what is there; Tab leads out of the line when one is in it."""
        if action == "cite":
            return self._opens(int(str(parameters[0])))
        if action == "read":
            return self.writing
        return not (action == "open_beside" and not self.query_one(Beside).display)

    @on(Input.Changed)
    def line_changed(self, event: Input.Changed) -> None:
        """Only an empty line can be led away from its section."""
        if bool(event.value) != self._begun:
            self._begun = bool(event.value)
            self.refresh_frame()

    def about(self, title: str, *, section: str = "") -> None:
        """Come from a chapter, or a section of it: the questions asked now are about it."""
        self._line.about(title, section)

    @on(Input.Submitted)
    def send(self, event: Input.Submitted) -> None:
        """Ask what was typed; one answer at a time."""
        question = event.value.strip()
        if not question or self._cancel is not None:
            return
        from tutor.llm.cancel import Cancel

        event.input.clear()
        exchange = self.transcript.begin(question)
        self._cancel = Cancel()
        self.query_one(Waiting).start("Looking in the chapters")
        self.transcript.say(to_end=True)
        asked = self._line.in_full(question)
        history = tuple(one.answer for one in self.transcript.exchanges if one.answer is not None)
        in_background(self, exchange.id, partial(self._work, exchange.id, asked, history, self._cancel))

    def _work(self, request: int, question: str, history: tuple[Answer, ...], cancel: Cancel) -> None:
        last = 0.0

        def on_text(text: str) -> None:
            nonlocal last
            if monotonic() - last >= EVERY:
                last = monotonic()
                self.post_message(AnswerGrew(request, text))

        answer = self.workspace.ask(question, history=history, on_text=on_text, cancel=cancel)
        self.post_message(Answered(request, answer))

    def _awaited(self, request: int | str) -> Exchange | None:
        """The exchange a message belongs to, if it is still being answered."""
        last = self.transcript.exchanges[-1] if self.transcript.exchanges else None
        return last if last is not None and last.id == request and self._cancel is not None else None

    def on_answer_grew(self, message: AnswerGrew) -> None:
        """Show the text so far."""
        exchange = self._awaited(message.request)
        if exchange is not None:
            self.query_one(Waiting).say("Answering")
            exchange.blocks = running_blocks(message.text)
            self.transcript.say(to_end=True)

    def on_answered(self, message: Answered) -> None:
        """The whole answer, with its citations checked."""
        exchange = self._awaited(message.request)
        if exchange is not None:
            exchange.answer = replace(message.answer, note=self.tutor.unsaid(message.answer.note))
            exchange.blocks = answer_blocks(exchange.answer, self.title_of)
            self._finish()

    def on_failed(self, message: Failed) -> None:
        """Say why there is no answer; the question stays. One that was stopped has said so."""
        message.stop()
        exchange = self._awaited(message.request)
        if exchange is not None:
            exchange.blocks += markdown_blocks(f"*{message.sentence}*")
            self._finish()

    def _finish(self) -> None:
        self._cancel = None
        self.query_one(Waiting).stop()
        self.transcript.say()
        self.transcript.reveal_last()
        self.refresh_frame()

    def title_of(self, chapter_id: str) -> str:
        """A chapter's title, or its id when it is gone."""
        try:
            return self.workspace.chapter(chapter_id).title
        except NotFound:
            return chapter_id

    def action_cite(self, number: int) -> None:
        """The passage a number stands for: beside the answer where there is room, else in its chapter."""
        current = self.transcript.current
        target = current.target(number) if current is not None else None
        if target is None:
            return
        if isinstance(target, str):
            opening.read(self.tutor, self.workspace.chapter(target))
            return
        chapter, beside = self.workspace.chapter(target.chapter_id), self.query_one(Beside)
        if self.app.size.width < WIDE or beside.shows(target.passage_id, target.quote):
            opening.read(self.tutor, chapter, quote=target.quote, heading=target.heading)
            return
        beside.show_passage(chapter, target, f"[{number}] {visible(chapter.title)}")
        self.refresh_frame()

    def action_open_beside(self) -> None:
        """The chapter of the passage beside the answer."""
        cited = self.query_one(Beside).cited
        if cited is not None:
            opening.read(self.tutor, self.workspace.chapter(cited.chapter_id), quote=cited.quote, heading=cited.heading)

    def action_exchange(self, step: int) -> None:
        """To another question of this sitting; numbers then mean its citations."""
        self.transcript.move_cursor(step)
        self.refresh_frame()

    def action_keep_note(self) -> None:
        """In the chapter, where it stands."""
        if self.transcript.current is not None:
            keep_note(self, self.transcript.current)

    def action_keep_question(self) -> None:
        """Among the learner's own chapters."""
        if self.transcript.current is not None:
            keep_question(self, self.transcript.current)

    def action_focus_input(self) -> None:
        """Type again."""
        self.query_one(Input).focus()

    def action_read(self) -> None:
        """Among the answers; what was begun in the line stays."""
        self.transcript.focus()

    def action_scroll(self, by: str, step: int) -> None:
        """Move the answers while one is in the line."""
        (self.transcript.action_page if by == "page" else self.transcript.action_line)(step)

    def action_back(self) -> None:
        """Stop a running answer, close the passage, leave the place: one step at a time."""
        beside = self.query_one(Beside)
        if self._cancel is not None:
            self._cancel.cancel()
            self.transcript.exchanges[-1].blocks += markdown_blocks("*Stopped. What was asked stays here.*")
            self._finish()
        elif beside.display:
            beside.display = False
            self.refresh_frame()
        else:
            super().action_back()
