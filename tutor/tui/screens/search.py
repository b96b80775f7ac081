"""Owns searching: passages as one types, with a look at the chosen one where there is room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tutor.answering.readable import readable
from tutor.domain.text import visible
from tutor.tui import opening
from tutor.tui.background import in_background
from tutor.tui.keys import key_of
from tutor.tui.messages import Failed, Found
from tutor.tui.screens.place import Place
from tutor.tui.widgets.blocks import markdown_blocks
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.line import Line
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.words import counted

if TYPE_CHECKING:
    from tutor.domain.passage import Hit

HITS = 12
PAUSE = 0.12
"""Seconds without a key before a search starts."""
WIDE = 100
"""Cells from which the passage stands beside the list."""
SNIPPET = 110
"""Characters of a passage in the list."""


class SearchLine(Line):
    """The line to type in; Enter opens what is chosen below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Open", id="search.open", tooltip="Open the chapter at this passage"),
    ]


class Search(Place):
    """Find a passage."""

    NAME = "Search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "Next hit", id="search.next", priority=True),
        Binding("up", "choose(-1)", "Previous hit", id="search.previous", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._request = 0
        self._hits: tuple[Hit, ...] = ()
        self._timer: Timer | None = None

    def compose_place(self) -> Iterable[Widget]:
        """The line to type in, what it found, and the chosen passage."""
        yield SearchLine(placeholder="Search the chapters …", id="query")
        yield Static(id="found", markup=False)
        with Horizontal():
            yield Listing(id="hits", markup=False)
            yield Document("look")

    def on_mount(self) -> None:
        """Nothing found yet."""
        self.query_one("#hits").can_focus = False
        self.query_one("#found", Static).update(Content.styled("Type a word or a whole question.", "$text-muted"))

    def arrive(self) -> None:
        """What was typed last stays until something else is typed."""
        for line in self.query(Input):
            line.select_all()

    def on_screen_resume(self) -> None:
        """Ready to type; what was typed last stays."""
        super().on_screen_resume()
        self.query_one("#look").display = self.app.size.width >= WIDE
        self.query_one(Input).focus()

    def bar(self) -> tuple[str, ...]:
        """Open first."""
        return ("search.open", "search.next", "go.back", "search.previous")

    @on(Input.Changed)
    def search_soon(self) -> None:
        """Wait for a pause in typing."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self.search)

    def search(self) -> None:
        """Ask the index, off the main thread."""
        query = self.query_one(Input).value.strip()
        self._request += 1
        if query:
            in_background(self, self._request, partial(self._work, self._request, query))
        else:
            self.show_hits((), "", "Type a word or a whole question.")

    def _work(self, request: int, query: str) -> None:
        self.post_message(Found(request, self.workspace.search(query, k=HITS)))

    def on_found(self, message: Found) -> None:
        """Show what the newest search found."""
        if message.request != self._request:
            return
        result = message.result
        means = "by meaning and keywords" if result.engine == "hybrid" else "by keywords until the encoder is ready"
        count = len(result.hits)
        nothing = f"Nothing found. Try other words, or ask: {key_of('go.back')}, then {key_of('go.ask')}."
        words = f"{counted(count, 'passage')}, {means}" if count else nothing
        said = f"Read as “{result.respelt}”. {words}" if result.respelt else words
        self.show_hits(result.hits, result.respelt or self.query_one(Input).value, said)

    def on_failed(self, message: Failed) -> None:
        """Say why there is nothing."""
        message.stop()
        if message.request == self._request:
            self.show_hits((), "", message.sentence)

    def show_hits(self, hits: tuple[Hit, ...], read: str, words: str) -> None:
        """The list anew, the best on top and chosen, the words of the query as it was read standing out."""
        self._hits = hits
        self.query_one("#found", Static).update(Content.styled(visible(words), "$text-muted"))
        listed = self.query_one("#hits", OptionList)
        listed.clear_options()
        asked = [word for word in re.findall(r"\w+", read) if len(word) > 2]
        listed.add_options(Option(hit_words(hit, asked)) for hit in hits)
        listed.highlighted = 0 if hits else None
        self.show_look()

    def show_look(self) -> None:
        """The chosen passage in full."""
        chosen = self.query_one("#hits", OptionList).highlighted
        text = self._hits[chosen].passage.text if chosen is not None and chosen < len(self._hits) else ""
        look = self.query_one("#look", Document)
        look.show(markdown_blocks(text))
        look.action_edge(0)

    def action_choose(self, step: int) -> None:
        """Another hit, while one goes on typing."""
        listed = self.query_one("#hits", OptionList)
        listed.action_cursor_down() if step > 0 else listed.action_cursor_up()

    @on(OptionList.OptionHighlighted)
    def look_along(self) -> None:
        """Whichever way a hit was chosen, it is shown."""
        self.show_look()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def open_hit(self) -> None:
        """The chapter, at this passage."""
        chosen = self.query_one("#hits", OptionList).highlighted
        if chosen is not None and chosen < len(self._hits):
            passage = self._hits[chosen].passage
            chapter = self.workspace.chapter(passage.chapter_id)
            opening.read(self.tutor, chapter, quote=passage.text, heading=passage.heading)


def hit_words(hit: Hit, asked: list[str]) -> Content:
    """Chapter and heading, then a piece of the text with the asked words standing out."""
    passage = hit.passage
    text = visible(readable(passage.text))
    first = min((at for word in asked if (at := text.casefold().find(word.casefold())) >= 0), default=0)
    start = max(0, text.rfind(" ", 0, max(0, first - 40)) + 1) if first > 60 else 0
    snippet = ("… " if start else "") + _cut(text[start:])
    words = Content.styled(snippet, "$text-muted")
    for word in asked:
        words = words.highlight_regex(re.compile(rf"\b{re.escape(word)}", re.IGNORECASE), style="bold $text")
    title = Content.assemble((visible(passage.chapter), "bold"), ("  " + visible(passage.heading), "$text-primary"))
    return Content.assemble(title, "\n", words, "\n")


def _cut(text: str) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= SNIPPET else text[:SNIPPET].rpartition(" ")[0] + " …"
