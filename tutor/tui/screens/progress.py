"""Owns the page of progress: the record as of now, and the way from a missed point to the text it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from tutor.domain.errors import NotFound
from tutor.tui import opening
from tutor.tui.screens.place import Place
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.measure import COLUMN, GUTTER
from tutor.tui.widgets.progress import anchor_of, progress_blocks

if TYPE_CHECKING:
    from tutor.study.progress import WeakPoint
    from tutor.study.record import Record


class Progress(Place):
    """How far one has come."""

    NAME = "Progress"
    AUTO_FOCUS = "#progress"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "point(1)", "Next point", id="progress.next", tooltip="The next point you often missed"),
        Binding("p", "point(-1)", "Previous point", id="progress.previous", tooltip="The point before it"),
        Binding("enter", "open", "Open", id="progress.open", tooltip="The chapter, where this point stands"),
        Binding("x", "practise", "Practise", id="points.practise", tooltip="Answer the question of this point"),
        Binding("q", "quiz", "Quiz", id="go.quiz", tooltip="Start today's quiz"),
        Binding(
            "w", "cram", "Cram", id="today.cram", tooltip="Weakest and heaviest first; your schedule stays as it is"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.record: Record | None = None

    def compose_place(self) -> Iterable[Widget]:
        """One page."""
        yield Document("progress", centred=True)

    def on_screen_resume(self) -> None:
        """Count again: one comes back from a quiz or a chapter."""
        super().on_screen_resume()
        self.record = None
        self.facts_changed()

    def facts_changed(self) -> None:
        """The chapters may only now have been read."""
        if self.is_mounted and self.tutor.library_ready and self.record is None:
            self.record = self.workspace.record()
            self.draw()
        super().facts_changed()

    def on_resize(self, _: events.Resize) -> None:
        """The calendar shows as many weeks as fit."""
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """The page as wide as it is now."""
        if self.record is None:
            return
        settings = self.workspace.settings
        blocks = progress_blocks(
            self.record,
            min(COLUMN, self.app.size.width - GUTTER - 2),
            wanted=settings.retention,
            dated=bool(settings.interview_date),
            flat=settings.flat,
            title_of=self.title_of,
        )
        self.query_one(Document).show(blocks)

    def bar(self) -> tuple[str, ...]:
        """What can be opened first."""
        points = ("progress.open", "points.practise") if self.record and self.record.missed else ()
        moving = ("progress.next",) if points else ()
        return (
            *points,
            "go.quiz",
            "go.back",
            *moving,
            "go.history",
            "today.cram",
            "go.roadmap",
            "go.settings",
            "go.models",
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a missed point there is none to move to."""
        return bool(self.record and self.record.missed) if action in ("point", "open", "practise") else True

    def title_of(self, chapter_id: str) -> str:
        """A chapter's title, or its id when it is gone."""
        try:
            return self.workspace.chapter(chapter_id).title
        except NotFound:
            return chapter_id

    def chosen(self) -> WeakPoint | None:
        """The point under the cursor, else the one missed most."""
        missed = self.record.missed if self.record else ()
        cursor = self.query_one(Document).cursor
        return next((point for point in missed if anchor_of(point) == cursor), missed[0] if missed else None)

    def action_point(self, step: int) -> None:
        """Another point; the page follows."""
        page = self.query_one(Document)
        names = [anchor_of(point) for point in self.record.missed] if self.record else []
        if page.cursor in names and not 0 <= names.index(page.cursor) + step < len(names):
            return
        page.move_cursor(step if page.cursor in names else 1)

    def action_open(self) -> None:
        """The chapter, at the passage that states the point."""
        point = self.chosen()
        if point is not None:
            opening.read_point(self.tutor, point)

    def action_practise(self) -> None:
        """The question of this point, due or not."""
        point = self.chosen()
        if point is not None:
            opening.practise(self.tutor, [point])

    def action_quiz(self) -> None:
        """Today's."""
        opening.start_quiz(self.tutor)

    def action_cram(self) -> None:
        """The weakest and heaviest questions, on a schedule that stays as it is."""
        opening.start_quiz(self.tutor, cram=True)
