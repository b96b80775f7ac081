"""Owns the question before a link is followed: where it leads, in full, and whether one wants to go there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.domain.errors import TutorError
from tutor.domain.text import visible
from tutor.tui.browser import open_in_browser
from tutor.tui.keys import key_of
from tutor.tui.links import Destination
from tutor.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp


class FollowLink(Dialog[None]):
    """Nothing is opened before its address was read here, and nothing but the address shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="link.open", tooltip="Open it in your browser"),
        Binding("c", "copy", "Copy", id="link.copy", tooltip="Copy the address"),
        Binding("escape", "dismiss", "Close", id="link.close", tooltip="Leave it"),
    ]

    def __init__(self, target: Destination, words: str) -> None:
        super().__init__()
        self._target = target
        self._words = words

    def compose(self) -> ComposeResult:
        """What it is called, where it leads, what to know of it, and the keys."""
        with Vertical(id="link"):
            yield Static(Content.styled("This link leads to", "bold $text-primary"), markup=False)
            yield Static(self.address_words(), id="link-address", markup=False)
            yield Static(Content("\n").join(self.remarks()), id="link-about", markup=False)

    def address_words(self) -> Content:
        """The address in full, the name of its site standing out."""
        url = Content(self._target.url)
        at = self._target.url.find(self._target.host, len("http"))
        return url.stylize("bold $text-accent", at, at + len(self._target.host))

    def remarks(self) -> Iterator[Content]:
        """Its words, whatever is worth knowing, and the keys."""
        if self._words and self._words != self._target.url:
            yield Content.styled(f"The text calls it “{visible(self._words)}”.", "$text-muted")
        for caution in self._target.cautions:
            yield Content.styled(caution, "$text-warning")
        does = {"open": "opens it in your browser", "copy": "copies it", "close": "leaves it"}
        parts = [
            Content.assemble((key_of(f"link.{name}"), "bold $text-accent"), f" {words}") for name, words in does.items()
        ]
        yield Content("\n") + Content("   ").join(parts)

    def action_open(self) -> None:
        """Out into the browser."""
        self.dismiss()
        try:
            open_in_browser(cast("TutorApp", self.app), self._target)
        except TutorError as error:
            self.app.notify(str(error), severity="warning", markup=False, timeout=8)
        else:
            self.app.notify(f"Opened in your browser: {self._target.host}", markup=False, timeout=4)

    def action_copy(self) -> None:
        """For a browser elsewhere."""
        self.dismiss()
        self.app.copy_to_clipboard(self._target.url)
        self.app.notify("Copied.", markup=False, timeout=3)
