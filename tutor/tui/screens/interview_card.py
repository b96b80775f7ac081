"""Owns what can be done with a scorecard: judge a point, open its chapter, queue what was missed, write it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.domain.errors import TutorError
from tutor.domain.grade import PointGrade, PointStatus
from tutor.domain.text import visible
from tutor.study.again import Queued, ask_again_today, take_back
from tutor.study.exchange import Exchange, override, undo_decision, void
from tutor.study.report import report
from tutor.study.report_formats import write_report
from tutor.study.scorecard import Asked
from tutor.tui import opening
from tutor.tui.keys import key_of
from tutor.tui.screens.interview_page import InterviewPage
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.scorecard import anchor_of
from tutor.tui.widgets.words import counted

if TYPE_CHECKING:
    from tutor.study.interview import Interview


class InterviewCard(InterviewPage):
    """The learner has the last word on every grade, and only they let a mock reach the schedule."""

    def __init__(self, interview: Interview) -> None:
        super().__init__(interview)
        self._decided: list[list[Exchange]] = []
        self._queued: Queued = []

    def action_finish(self) -> None:
        """Back."""
        self.dismiss()

    def pointed(self) -> tuple[Asked, PointGrade] | None:
        """The point the cursor is on, else the first."""
        points = [
            (asked, point)
            for asked in (self.card.asked if self.card else ())
            if asked.grade is not None
            for point in asked.grade.points
        ]
        cursor = self.query_one("#card", Document).cursor
        return next((pair for pair in points if anchor_of(*pair) == cursor), points[0] if points else None)

    def action_override(self) -> None:
        """The learner's own judgement of the chosen point in place of the engine's."""
        found = self.pointed()
        if found is None:
            self.app.notify("There is no graded point to judge.", markup=False, timeout=4)
            return
        asked, point = found
        covered = point.status is PointStatus.COVERED and point.id not in asked.prompted
        graded = [each for each in asked.exchanges if each.grade and any(p.id == point.id for p in each.grade.points)]
        # The first answer makes a point in full; a point that was not made was made in none of them.
        changed = graded if covered else graded[:1]
        for exchange in changed:
            override(exchange, point.id, PointStatus.MISSING if covered else PointStatus.COVERED, self.workspace.store)
        back = f"{key_of('interview.undo')} takes it back."
        self._decide(changed, f"Counted as {'missing' if covered else 'covered'}: your call. {back}")
        self.query_one("#card", Document).cursor = anchor_of(asked, point)

    def action_void(self) -> None:
        """A grade the learner does not accept counts for nothing."""
        found = self.pointed()
        if found is not None:
            graded = [exchange for exchange in found[0].exchanges if exchange.grade_id is not None]
            for exchange in graded:
                void(exchange, self.workspace.store)
            words = f"The grade of question {found[0].number} is set aside. {key_of('interview.undo')} takes that back."
            self._decide(graded, words)

    def action_undo(self) -> None:
        """Take the last call back."""
        if self._decided:
            for exchange in self._decided.pop():
                undo_decision(exchange, self.workspace.store)
            self.show_card()
        elif self._queued:
            try:
                take_back(self._queued, self.workspace.store)
                self.app.notify("Your schedule is as it was.", markup=False, timeout=4)
            except TutorError as error:
                self.app.notify(str(error), markup=False, timeout=6)
        else:
            self.app.notify("There is nothing to take back.", markup=False, timeout=3)

    def _decide(self, changed: list[Exchange], words: str) -> None:
        self._decided.append(changed)
        self.show_card()
        self.app.notify(words, markup=False, timeout=4)

    def action_again(self) -> None:
        """What was missed is asked again in today's quiz: the one thing here that moves the schedule."""
        assert self.card is not None, "the scorecard is shown"
        retention = self.workspace.settings.retention
        queued = ask_again_today(self.card, self.workspace.store, retention=retention)
        self._queued = queued or self._queued
        words = (
            f"{counted(len(queued), 'question')} will be asked again today. {key_of('interview.undo')} takes that back."
        )
        self.app.notify(words if queued else "There is nothing to add.", markup=False, timeout=4)

    def action_write_report(self) -> None:
        """As a page and as Markdown, beside the learner's other files."""
        assert self.card is not None, "the scorecard is shown"
        agenda = self.interview.agenda
        folder = self.workspace.home.path / "reports"
        name = f"interview-{agenda.started.astimezone():%Y-%m-%d-%H%M}-{agenda.round.value}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            for ending in (".md", ".html"):
                write_report(folder / f"{name}{ending}", report(self.card))
            words = f"Written: {folder / name}.html, and .md beside it."
        except (OSError, TutorError) as error:
            words = f"The report could not be written: {error}"
        self.app.notify(visible(words), markup=False, timeout=8)

    def action_cite(self) -> None:
        """The chapter where the chosen point is stated."""
        found = self.pointed()
        if found is None:
            return
        asked, point = found
        chapter = self.workspace.chapter(asked.question.chapter_id)
        if point.cite is not None:
            opening.read(self.tutor, chapter, quote=point.cite.quote, heading=point.cite.heading)
        else:
            opening.read(self.tutor, chapter)
