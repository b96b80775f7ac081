"""Owns the keys of reading: what each does, which are shown, and what they are called while words are looked for."""

from __future__ import annotations

from textual.binding import Binding, BindingType

READER_BINDINGS: list[BindingType] = [
    Binding("q,enter", "quiz", "Quiz", id="reader.quiz", tooltip="Answer this chapter's key questions"),
    Binding("n", "next(1)", "Next", id="reader.next", tooltip="Next section, or next place of the words found"),
    Binding("p,N", "next(-1)", "Previous", id="reader.previous", tooltip="Previous section, or place found"),
    Binding("space", "page(1)", "Page down", id="reader.page", tooltip="On by a page"),
    Binding("b", "page(-1)", "Page up", id="reader.pageback", tooltip="Back by a page"),
    Binding("o", "outline", "Outline", id="reader.outline", tooltip="Headings of this chapter"),
    Binding("f,ctrl+f", "find", "Find", id="reader.find", tooltip="Find words in this chapter"),
    Binding("m", "mark_read", "Mark read", id="reader.read", tooltip="Mark this chapter as read"),
    Binding("e", "note", "Note", id="reader.note", tooltip="Write a note of your own on this section"),
    Binding("w", "cram", "Cram", id="reader.cram", tooltip="Its weakest first; your schedule stays as it is"),
    Binding("a", "ask", "Ask", id="go.ask", tooltip="Ask the tutor about this section"),
]

FINDING = {"reader.next": "Next match", "reader.previous": "Previous match"}
"""What keys are called that go between the places of words found, else between sections."""


def bar(*, finding: bool) -> tuple[str, ...]:
    """Ids of the keys that matter, the most important first."""
    rest = ("go.back", "go.ask", "reader.note", "reader.read", "links.follow", "reader.cram")
    if finding:
        return ("reader.next", "go.back", "reader.previous", "reader.find", "reader.quiz", *rest[1:])
    return ("reader.quiz", "reader.next", "reader.outline", "reader.find", *rest)
