"""Owns what the learner may decide about a grade in a sitting. Each decision is on the disk and can be taken back."""

from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.domain.settings import EngineChoice
from tutor.store.decision import DecisionKind
from tutor.study.sitting import OutOfTurn, Sitting
from tutor.study.turn import Phase, Turn


class Contest(Sitting):
    """A sitting whose grades can be contested. A decision takes back a rating that was given."""

    @property
    def decided(self) -> bool:
        """True when something is decided about the grades shown."""
        return self.phase is Phase.GRADED and bool(self._turn.decisions)

    @property
    def contestable(self) -> bool:
        """True when a grade that counts is shown: its points can be judged, and it can be set aside."""
        kept = self.counting
        return kept is not None and not kept.set_aside and bool(kept.given.points)

    @property
    def ungraded(self) -> bool:
        """True when no engine could judge a single point: the learner may still grade the answer themself."""
        kept = self.counting
        return kept is not None and kept.given.outcome is Outcome.NOT_GRADED and not kept.given.points

    @property
    def other_engine(self) -> EngineChoice | None:
        """The engine that did not give the grade that counts; None, the settings' choice, when none gave it."""
        receipt = self.counting.given.receipt if self.counting else None
        if receipt is None:
            return None
        return EngineChoice.OLLAMA if receipt.engine == "local" else EngineChoice.LOCAL

    def override(self, point_id: str, status: PointStatus, note: str = "") -> Grade:
        """Judge one key point yourself; gives the grade as it now reads."""
        return self._decide(DecisionKind.OVERRIDE, point_id, status, note)

    def void(self, note: str = "") -> Grade:
        """Set the grade aside; gives it as it now reads."""
        return self._decide(DecisionKind.VOID, None, None, note)

    def dispute(self, note: str) -> Grade:
        """Say that the answer is right, and why; the grade is set aside. Gives it as it now reads."""
        return self._decide(DecisionKind.DISPUTE, None, None, note)

    def choose_other(self) -> Grade:
        """Let the next of the attempt's grades count; after the last comes the first. Gives it as it reads."""
        turn = self._in(Phase.GRADED, Phase.RATED)
        made = [kept for kept in turn.grades if kept.given.outcome is not Outcome.NOT_GRADED]
        if turn.counting is None or len(made) < 2:
            raise OutOfTurn("There is no other grade of this answer. Grade it by another engine first.")
        at = next((n for n, kept in enumerate(made) if kept.id == turn.counting.id), -1)
        self._take_back_rating(turn)
        self._store.add_decision(made[(at + 1) % len(made)].id, DecisionKind.CHOOSE)
        return self._reread(turn)

    def undo_decision(self) -> Grade:
        """Take the last decision on the grades shown back; gives the grade that counts as it now reads."""
        turn = self._in(Phase.GRADED, Phase.RATED)
        if not turn.decisions:
            raise OutOfTurn("There is no decision on this grade to take back.")
        self._take_back_rating(turn)
        self._store.undo_decision(turn.decisions[-1].id)
        return self._reread(turn)

    def _decide(self, kind: DecisionKind, point_id: str | None, status: PointStatus | None, note: str) -> Grade:
        turn = self._in(Phase.GRADED, Phase.RATED)
        if turn.counting is None:
            raise OutOfTurn("There is no grade to decide about.")
        self._take_back_rating(turn)
        self._store.add_decision(turn.counting.id, kind, point_id, status, note)
        return self._reread(turn)

    def _reread(self, turn: Turn) -> Grade:
        assert turn.attempt is not None, "only a kept grade is decided about"
        turn.grades = self._store.kept_grades(turn.attempt.id)
        assert turn.grade is not None, "a grade that was kept stays"
        return turn.grade
