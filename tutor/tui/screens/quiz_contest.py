"""Owns the learner's say on a grade: points judged, the grade set aside or disputed, another engine, another choice."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tutor.domain.errors import TutorError
from tutor.domain.grade import PointGrade, PointStatus
from tutor.domain.text import visible
from tutor.study.advice import compares
from tutor.tui.screens.quiz_grade import GradePage
from tutor.tui.widgets.note_box import NoteBox

SHORT = 40
"""Characters of a point in a notice."""


class ContestPage(GradePage):
    """A sitting whose grades can be contested, one key each, and every call undone with one more."""

    def action_mark(self, status: str) -> None:
        """The learner's own judgement in place of the engine's: of the chosen point, else the first it would change."""
        grade = self.session.grade
        assert grade is not None, "the key works on a grade that counts"
        comparing, wanted = compares(grade), PointStatus(status)
        others = [point for point in grade.points if point.status is not wanted]
        point = next((p for p in grade.points if p.id == self.result.cursor), (others or list(grade.points))[0])
        self.session.override(point.id, wanted)
        self.show_phase()
        if not comparing:
            self.result.cursor = point.id
            self._tell(point, wanted)
        if not comparing or compares(self.session.grade):  # else the verdict that the marks make is at the top
            self.result.move_cursor(0)
            self.mark_evidence()

    def _tell(self, point: PointGrade, status: PointStatus) -> None:
        claim = visible(point.text) if len(point.text) <= SHORT else visible(point.text[: SHORT - 1]) + "…"
        said = "You had this" if status is PointStatus.COVERED else "You missed this"
        self.tell_undoable(f"{said}: “{claim}”")

    def action_void(self) -> None:
        """A grade the learner does not accept counts for nothing."""
        self.session.void()
        self.show_phase()
        self.tell_undoable("Grade set aside; it moves nothing.")

    def action_dispute(self) -> None:
        """Ask why the answer is right."""
        self.query_one(NoteBox).ask()
        self.refresh_frame()

    @on(Input.Submitted, "#reason")
    def keep_dispute(self, event: Input.Submitted) -> None:
        """The answer is right, for this reason; the grade counts for nothing."""
        event.stop()
        note = " ".join(event.value.split())
        if not note:
            self.app.notify("Write a few words: what makes your answer right?", markup=False, timeout=4)
            return
        self.close_note()
        self.session.dispute(note)
        self.show_phase()
        self.tell_undoable("Kept with your words; the grade moves nothing.")

    def close_note(self) -> None:
        """Away with the line for reasons."""
        self.query_one(NoteBox).display = False
        self.set_focus(self.result)

    def action_count_other(self) -> None:
        """Of several grades, let the next one count."""
        self.session.choose_other()
        self.show_phase()

    def action_undo(self) -> None:
        """Take back a call on the shown grade, else go back to the question rated last."""
        self.keep()
        try:
            if self.session.decided:
                self.session.undo_decision()
            else:
                self.session.undo()
        except TutorError as error:
            self.app.notify(str(error), markup=False, timeout=4)
            return
        self.app.clear_notifications()
        self.show_phase()
