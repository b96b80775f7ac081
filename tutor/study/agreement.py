"""Owns what the learner's decisions say about the graders: how often they agree, by engine, and what they teach one.

Every label comes from the history and can be derived again: the engine's own status of a point, and what the learner
did about it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tutor.domain.grade import Outcome, PointGrade, PointStatus
from tutor.domain.review import Attempt
from tutor.grading.recalibration import Label, from_receipt
from tutor.store.decision import Decision, DecisionKind, KeptGrade, standing

History = Iterable[tuple[Attempt, tuple[KeptGrade, ...]]]
"""What `Store.graded` gives."""

DECIDED = (PointStatus.COVERED, PointStatus.MISSING)


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """What became of one status an engine gives."""

    given: int
    """Points that got it."""
    had: int
    """Of those, how many the learner said they had."""
    missed: int
    """Of those, how many the learner said they missed."""


@dataclass(frozen=True, slots=True)
class GraderRecord:
    """One engine and model, as the learner found it."""

    engine: str
    """`local`, or `ollama:MODEL`; `learner` where they graded themself."""
    grades: int
    """Graded answers."""
    statuses: Mapping[PointStatus, StatusRecord]
    """Only statuses that occurred."""
    voided: int
    disputed: int
    disagreed: int
    """Grades on which another engine's view was far apart."""

    @property
    def judged(self) -> int:
        """Points called covered or missing that the learner judged themself."""
        return sum(self.statuses[s].had + self.statuses[s].missed for s in DECIDED if s in self.statuses)

    @property
    def confirmed(self) -> int:
        """Of `judged`, those on which the learner says the same."""
        none = StatusRecord(0, 0, 0)
        return self.statuses.get(PointStatus.COVERED, none).had + self.statuses.get(PointStatus.MISSING, none).missed

    @property
    def overruled(self) -> int:
        """Of `judged`, those on which the learner says the opposite."""
        return self.judged - self.confirmed

    @property
    def stood(self) -> float | None:
        """Share, 0..1, of points called covered or missing that nobody overruled; None when there are none."""
        given = sum(self.statuses[s].given for s in DECIDED if s in self.statuses)
        return 1 - self.overruled / given if given else None


@dataclass(slots=True)
class _Tally:
    grades: int = 0
    given: Counter[PointStatus] = field(default_factory=Counter)
    had: Counter[PointStatus] = field(default_factory=Counter)
    missed: Counter[PointStatus] = field(default_factory=Counter)
    voided: int = 0
    disputed: int = 0
    disagreed: int = 0


def agreement(history: History) -> list[GraderRecord]:
    """How each engine fared, the one with the most grades first.

    An answer counts once for each engine that graded it, also where another engine's grade counts: of one engine's
    grades of it, the one that `standing` names.
    """
    tallies: dict[str, _Tally] = {}
    for _, grades in history:
        made = [kept for kept in grades if kept.given.outcome is Outcome.GRADED]
        for engine in dict.fromkeys(kept.given.engine for kept in made):
            if counting := standing([kept for kept in made if kept.given.engine == engine]):
                _count(tallies.setdefault(engine, _Tally()), counting)
    records = [_record(engine, tally) for engine, tally in tallies.items()]
    return sorted(records, key=lambda record: (-record.grades, record.engine))


def labels(history: History, rated: Collection[str], version: str) -> Iterator[Label]:
    """What the learner's decisions teach the local engine of this version (`Receipt.version`).

    A point they judged is a label for what they said. A point called covered or missing that they passed over, in the
    grade that counts of an attempt they rated (`rated` holds such attempts' ids), is a label for what it was shown as.
    A grade set aside says nothing of single points, and a point that no probability decided teaches nothing.
    """
    for attempt, grades in history:
        counts = standing(grades)
        for kept in grades:
            receipt = kept.given.receipt
            if kept.set_aside or receipt is None or receipt.engine != "local" or receipt.version != version:
                continue
            shown = from_receipt(receipt.options)
            said = _said(kept.decisions)
            accepted = kept is counts and attempt.id in rated
            for point in kept.given.points:
                if point.probability is None:
                    continue
                if point.id in said:
                    yield Label(point.probability, float(said[point.id] is PointStatus.COVERED), judged=True)
                elif accepted and point.status in DECIDED:
                    yield Label(point.probability, shown(point.probability), judged=False)


def contested(history: History) -> Iterator[tuple[Attempt, KeptGrade, Decision]]:
    """Every decision against an engine, newest answer first: a point overruled, a grade voided, a dispute."""
    for attempt, grades in history:
        for kept in grades:
            points = {point.id: point for point in kept.given.points}
            for decision in kept.decisions:
                if _against(decision, points):
                    yield attempt, kept, decision


def _against(decision: Decision, points: Mapping[str, PointGrade]) -> bool:
    if decision.kind is DecisionKind.OVERRIDE:
        point = points.get(decision.point_id or "")
        return point is not None and point.status not in (PointStatus.UNSURE, decision.status)
    return decision.kind in (DecisionKind.VOID, DecisionKind.DISPUTE)


def _said(decisions: Iterable[Decision]) -> dict[str, PointStatus]:
    """The last word on each point that was called covered or missing."""
    said = {d.point_id: d.status for d in decisions if d.kind is DecisionKind.OVERRIDE}
    return {point: status for point, status in said.items() if point and status in DECIDED and status}


def _count(tally: _Tally, kept: KeptGrade) -> None:
    said = _said(kept.decisions)
    tally.grades += 1
    tally.disagreed += bool(kept.given.second_opinion)
    tally.voided += any(d.kind is DecisionKind.VOID for d in kept.decisions)
    tally.disputed += any(d.kind is DecisionKind.DISPUTE for d in kept.decisions)
    for point in kept.given.points:
        tally.given[point.status] += 1
        tally.had[point.status] += said.get(point.id) is PointStatus.COVERED
        tally.missed[point.status] += said.get(point.id) is PointStatus.MISSING


def _record(engine: str, tally: _Tally) -> GraderRecord:
    statuses = {s: StatusRecord(tally.given[s], tally.had[s], tally.missed[s]) for s in PointStatus if tally.given[s]}
    return GraderRecord(engine, tally.grades, statuses, tally.voided, tally.disputed, tally.disagreed)
