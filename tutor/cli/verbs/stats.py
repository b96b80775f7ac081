"""`tutor stats`: how far the learner is, what is missed most, what the coming days hold, how the graders fared."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

from tutor.cli.graders import graders
from tutor.cli.output import counted, emit, json_flag, tell
from tutor.study.progress import ChapterStanding, WeakPoint, chapter_standing, forecast, weakest_points
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--grader", action="store_true", help="how far your own decisions agree with each engine")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Print counts, chapters, missed points and the forecast."""
    if options.grader:
        with Workspace.open(options.home) as workspace:
            return graders(workspace, as_json=options.json)
    with Workspace.open(options.home) as workspace:
        store, now = workspace.store, workspace.now()
        memories = store.memories()
        counts, streak = store.counts(now), store.streak(now)
        standings = chapter_standing(workspace.library, memories, store.read_chapters(), now)
        missed = weakest_points(store.latest_grades())
        days = forecast(memories.values(), now)
    if options.json:
        emit(
            {
                "due": counts.due,
                "seen": counts.seen,
                "reviews_today": counts.reviews_today,
                "streak": streak,
                "chapters": [standing_shape(standing) for standing in standings],
                "missed": [missed_shape(point) for point in missed],
                "forecast": [{"day": day.isoformat(), "due": due} for day, due in days],
            }
        )
        return 0
    seen, today = counted(counts.seen, "question"), counted(counts.reviews_today, "review")
    tell(f"{counts.due} due, {seen} seen, {today} today, {counted(streak, 'day')} in a row.")
    show(standings, missed, days)
    return 0


def show(standings: Sequence[ChapterStanding], missed: Sequence[WeakPoint], days: Sequence[tuple[date, int]]) -> None:
    """The tables as text; chapters nobody has touched are counted, not listed."""
    touched = [standing for standing in standings if standing.seen or standing.read]
    if touched:
        tell("\nChapters")
    for standing in touched:
        recall = "" if standing.recall is None else f", recall now about {standing.recall:.0%}"
        tell(f"{standing.title}: {standing.readiness}, {standing.seen} of {standing.total} seen{recall}", indent="  ")
    if len(touched) < len(standings):
        tell(f"{counted(len(standings) - len(touched), 'chapter')} not started", indent="  ")
    if missed:
        tell("\nMost often missed")
    for point in missed:
        tell(f"{point.text} (missed {point.missed} of {point.graded}, {point.question_id})", indent="  ", hang="    ")
    tell("\nComing days")
    tell(", ".join(f"{day:%a} {due}" for day, due in days), indent="  ")


def standing_shape(standing: ChapterStanding) -> dict[str, object]:
    """One chapter's standing as JSON."""
    return {
        "chapter_id": standing.chapter_id,
        "title": standing.title,
        "read": standing.read,
        "seen": standing.seen,
        "questions": standing.total,
        "recall": None if standing.recall is None else round(standing.recall, 3),
        "readiness": standing.readiness.value,
    }


def missed_shape(point: WeakPoint) -> dict[str, object]:
    """One point that answers keep missing as JSON."""
    return {
        "question_id": point.question_id,
        "point_id": point.point_id,
        "text": point.text,
        "missed": point.missed,
        "graded": point.graded,
    }
