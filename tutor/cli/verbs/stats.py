"""`tutor stats`: how far the learner is, what is missed most, what the coming days hold, how the graders fared."""

from __future__ import annotations

import argparse

from tutor.cli.graders import graders, record_shape
from tutor.cli.output import counted, emit, json_flag, tell
from tutor.cli.shapes import Shape
from tutor.study.progress import ChapterStanding, WeakPoint
from tutor.study.readiness import standing_words
from tutor.study.record import Record
from tutor.study.retention import DAYS, retention_words
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
        record = workspace.record()
    if options.json:
        emit(record_of(record))
    else:
        show(record)
    return 0


def record_of(record: Record) -> Shape:
    """`tutor stats --json`."""
    return {
        "due": record.counts.due,
        "seen": record.counts.seen,
        "reviews_today": record.counts.reviews_today,
        "streak": record.streak,
        "retention": {
            "days": DAYS,
            "recalled": record.retention.recalled,
            "asked": record.retention.asked,
            "share": None if record.retention.share is None else round(record.retention.share, 3),
        },
        "days": [
            {"day": day.day.isoformat(), "reviews": day.reviews} for week in record.weeks for day in week if day.reviews
        ],
        "sections": [
            {
                "section": standing.id,
                "seen": standing.seen,
                "questions": standing.total,
                "recall": None if standing.recall is None else round(standing.recall, 3),
                "readiness": standing.readiness.value,
            }
            for standing in record.sections
        ],
        "chapters": [standing_shape(standing) for standing in record.chapters],
        "missed": [missed_shape(point) for point in record.missed],
        "forecast": [{"day": day.isoformat(), "due": due} for day, due in record.forecast],
        "graders": [record_shape(grader) for grader in record.graders],
    }


def show(record: Record) -> None:
    """The figures as text; chapters nobody has touched are counted, not listed."""
    seen, today = counted(record.counts.seen, "question"), counted(record.counts.reviews_today, "review")
    tell(f"{record.counts.due} due, {seen} seen, {today} today, {counted(record.streak, 'day')} in a row.")
    tell(f"Of what came back in the last {DAYS} days: {retention_words(record.retention)}.")
    touched = [standing for standing in record.chapters if standing.seen or standing.read]
    if touched:
        tell("\nChapters")
    for standing in touched:
        recall = "" if standing.recall is None else f", recall now about {standing.recall:.0%}"
        tell(f"{standing.title}: {standing.readiness}, {standing.seen} of {standing.total} seen{recall}", indent="  ")
    if len(touched) < len(record.chapters):
        tell(f"{counted(len(record.chapters) - len(touched), 'chapter')} not started", indent="  ")
    if any(section.seen for section in record.sections):
        tell("\nReadiness by section")
        for section in record.sections:
            tell(f"{section.title}: {standing_words(section)}", indent="  ", hang="    ")
    if record.missed:
        tell("\nMost often missed")
    for point in record.missed:
        tell(f"{point.text} (missed {point.missed} of {point.graded}, {point.question_id})", indent="  ", hang="    ")
    tell("\nComing days")
    tell(", ".join(f"{day:%a} {due}" for day, due in record.forecast), indent="  ", hang="  ")


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
