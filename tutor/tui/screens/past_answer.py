"""Owns one answer of the past: its grades as they stand, contested or made again; nothing here moves the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.study.turn import Phase
from tutor.tui.screens.quiz import Quiz
from tutor.tui.widgets.past_rows import when_words
from tutor.tui.widgets.ratings import WORDS, Ratings

if TYPE_CHECKING:
    from tutor.study.lookback import LookBack

SITTING = ("rate", "accept", "choose", "skip", "later", "look", "finish", "editor", "write")
"""What belongs to a sitting that goes on."""


class PastAnswerPage(Quiz):
    """A graded page without ratings; Esc leads back to the list."""

    NAME = "History"

    def __init__(self, session: LookBack) -> None:
        super().__init__(session)
        self._past = session.past

    def bar(self) -> tuple[str, ...]:
        """Another grade first; then the learner's say."""
        if self.session.phase is not Phase.GRADED:
            return ("go.back",)
        calls = ("quiz.undo",) if self.session.decided else ()
        had, missed = (("quiz.had",), ("quiz.missed", "quiz.void")) if self.session.contestable else ((), ())
        rest = ("quiz.count", "quiz.next", "quiz.cite", "quiz.receipt", "quiz.reveal")
        return ("quiz.regrade", *calls, *had, "go.back", *missed, *rest)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is rated, and there is no next question."""
        if action == "undo":
            return self.session.decided
        return action not in SITTING and super().check_action(action, parameters)

    def show_phase(self) -> None:
        """As in a sitting, without ratings."""
        super().show_phase()
        self.query_one(Ratings).display = False

    def whereabouts(self, chapter: str) -> str:
        """When it was written, from where, how it was rated then."""
        parts = [when_words(self._past.attempt.at), chapter]
        parts += [f"rated {WORDS[self._past.rating].lower()}"] if self._past.rating else []
        parts += ["the question was revised since"] if self._past.revised else []
        return " · ".join(parts)

    def leave(self) -> None:
        """Back to the list; there is nothing to say."""
        self.dismiss()
