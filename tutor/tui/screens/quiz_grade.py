"""Owns how a graded answer is laid out: head, points, one's own words beside them, and the ways into the chapter."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.domain.answer import Citation
from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.study.advice import compares, study_next
from tutor.study.turn import Phase
from tutor.tui import opening
from tutor.tui.screens.quiz_page import QuizPage
from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.ratings import Ratings
from tutor.tui.widgets.result import (
    comparison_blocks,
    evidence_marks,
    own_words,
    receipt_blocks,
    reference_blocks,
    result_blocks,
)
from tutor.tui.widgets.verdict import grades_line, head_lines

WIDE = 100
"""Columns from which one's own answer stands beside the points."""


class GradePage(QuizPage):
    """A sitting that shows grades, and references to compare with."""

    unfolded = False
    """Whether the receipt or the reference was opened below the grade."""

    @property
    def wide(self) -> bool:
        """Whether there is room for two columns; a screen reader is better off with one."""
        return self.size.width >= WIDE and not self.workspace.settings.flat

    @property
    def result(self) -> Document:
        """Where the points are."""
        return self.query_one("#result", Document)

    def on_resize(self) -> None:
        """Two columns become one, or one two."""
        if self.session.phase is Phase.GRADED and self.query_one("#own").display != self.wide:
            self.fold()

    def show_result(self) -> None:
        """The grade, or the reference to compare with."""
        self.unfolded = False
        question, grade = self.session.current, self.session.grade
        if question is None:
            super().show_result()
            return
        text = self.session.attempt.text if self.session.attempt else ""
        head = self._head(grade)
        body = comparison_blocks(question, grade) if compares(grade) else self._graded(grade, question)
        self.query_one("#head", Static).update(Content("\n").join(head))
        own, beside = self.query_one("#own", Document), self.wide and bool(text)
        self.query_one("#head").display = own.display = beside
        own.show(own_words(text))
        if not beside:
            body = [*(Block(line, above=0) for line in head), *body, *own_words(text)]
        self.result.show(body)
        self.result.action_edge(0)
        self.result.cursor = self._first_open(grade)
        self.mark_evidence()
        self.query_one(Ratings).offer(self.session.preview(), self.session.suggestion)
        self.result.focus()

    def _head(self, grade: Grade | None) -> list[Content]:
        reason = grade.reason if grade else ""
        graded = grade is not None and grade.outcome is not Outcome.NOT_GRADED
        aside = "" if graded and self.tutor.unsaid(reason) != reason else reason  # the head names the engine
        counts = grades_line(self.session.grades, self.session.counting)
        return [*head_lines(grade, aside=aside), *([counts] if counts else [])]

    def _graded(self, grade: Grade | None, question: KeyQuestion) -> list[Block]:
        return result_blocks(grade, question) if grade is not None else []

    def _first_open(self, grade: Grade | None) -> str:
        """While comparing, the first point to mark."""
        if grade is None or not compares(grade):
            return ""
        return next((point.id for point in grade.points if point.status is PointStatus.UNSURE), "")

    def action_point(self, step: int) -> None:
        """To another key point, and to the words it was found in."""
        self.result.move_cursor(step)
        self.mark_evidence()

    def mark_evidence(self) -> None:
        """Highlight in one's own answer what the chosen point was found in."""
        grade, own = self.session.grade, self.query_one("#own", Document)
        point = next((p for p in grade.points if p.id == self.result.cursor), None) if grade else None
        if own.display:
            marks = evidence_marks(own.blocks, point.evidence if point else "")
            own.show(own.blocks, marks=marks)
            if marks:
                own.reveal(min(marks), max(marks))

    def action_cite(self) -> None:
        """The chapter where the chosen point (else the first with a passage) is stated."""
        chosen, grade = self.result.cursor, self.session.grade
        cited = [p.cite for p in grade.points if p.cite is not None and chosen in ("", p.id)] if grade else []
        self._open(cited[0] if cited else None)

    def fold(self) -> None:
        """The grade without what was opened below it; the chosen point and rating stay chosen."""
        ratings = self.query_one(Ratings)
        at, chosen = self.result.cursor, ratings.chosen
        self.show_result()
        self.result.cursor, ratings.chosen = at, chosen

    def action_study(self) -> None:
        """The one passage most worth reading next."""
        point = study_next(self.session.grade.points) if self.session.grade else None
        self._open(point.cite if point else None)

    def _open(self, cited: Citation | None) -> None:
        question = self.session.current
        if question is None:
            return
        chapter = self.workspace.chapter(question.chapter_id)
        if cited is None:
            opening.read(self.tutor, chapter)
        else:
            opening.read(self.tutor, chapter, quote=cited.quote, heading=cited.heading)

    def action_receipt(self) -> None:
        """Who graded, with what, against what."""
        grade, attempt = self.session.grade, self.session.attempt
        if grade is None or grade.receipt is None or attempt is None:
            self.app.notify("There is no receipt: no engine graded this answer.", markup=False)
        elif "receipt" not in self.result.anchors:
            self.result.show([*self.result.blocks, *receipt_blocks(grade.receipt, attempt.id)])
            self.result.action_edge(1)
            self.unfolded = True

    def show_reference(self, question: KeyQuestion) -> None:
        """The reference answer, below the grade."""
        blocks = list(self.result.blocks)
        if not any(block.content.plain == "Reference answer" for block in blocks):
            blocks += reference_blocks(question)
            self.result.show(blocks)
            self.unfolded = True
        self.result.place(next(n for n, b in enumerate(blocks) if b.content.plain == "Reference answer"))
