"""`tutor due`: what waits for review now."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

from tutor.cli.output import counted, emit, json_flag, tell
from tutor.cli.shapes import Shape
from tutor.domain.errors import SettingsError
from tutor.store.days import day_start, is_due
from tutor.study.plan import Plan, plan_words, today_words
from tutor.study.readiness import Standing, group_standing, section_standings, standing_words
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--plan", action="store_true", help="the way to your interview: today, the pace, readiness")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List due questions, most overdue first."""
    with Workspace.open(options.home) as workspace:
        if options.plan:
            return show_plan(workspace, as_json=options.json)
        now = workspace.now()
        questions = workspace.library.questions_by_id()
        memories = sorted(workspace.store.memories().values(), key=lambda memory: memory.due)
        waiting = [memory for memory in memories if is_due(memory, now) and memory.question_id in questions]
        new = len(questions.keys() - {memory.question_id for memory in memories})
        if options.json:
            items = [
                {"question_id": m.question_id, "question": questions[m.question_id].text, "due": m.due.isoformat()}
                for m in waiting
            ]
            emit({"due": items, "new": new})
            return 0
        if not waiting:
            tell(f"Nothing is due. {new} questions are new: tutor quiz")
        for memory in waiting:
            days = (now - memory.due).days
            late = f"{days} days late" if days > 1 else "due"
            tell(f"{questions[memory.question_id].text}  ({late}, {memory.question_id})", hang="  ")
        return 0


def show_plan(workspace: Workspace, *, as_json: bool) -> int:
    """The plan of today, where its pace leads, and readiness by section. Raises SettingsError without a date."""
    plan, settings = workspace.plan(), workspace.settings
    if plan is None:
        raise SettingsError(
            f"{workspace.home.settings_file}: there is no interview date to plan for. Add a line like: "
            'interview_date = "2026-12-05"'
        )
    now, memories = workspace.now(), workspace.store.memories()
    at = day_start(date.fromisoformat(settings.interview_date))
    sections = section_standings(workspace.library, memories, now, at=at)
    whole = group_standing("all", "All", list(workspace.library.questions()), memories, now, at=at)
    if as_json:
        emit(plan_shape(plan, settings.interview_date, [*sections, whole]))
        return 0
    tell(f"{counted(plan.days, 'day')} to the interview." if plan.days > 0 else plan_words(plan))
    if plan.days > 0:
        tell(f"Today: {today_words(plan)}.")
        tell(plan_words(plan))
    tell("\nReadiness on the day")
    for standing in [*sections, whole]:
        tell(f"{standing.title}: {standing_words(standing)}", indent="  ", hang="    ")
    return 0


def plan_shape(plan: Plan, day: str, standings: Sequence[Standing]) -> Shape:
    """`tutor due --plan --json`."""
    return {
        "interview_date": day,
        "days": plan.days,
        "minutes_a_day": plan.minutes,
        "today": {
            "due": plan.due,
            "fits": plan.fits,
            "new": plan.new,
            "read": [chapter.id for chapter in plan.read],
        },
        "wanted": plan.wanted,
        "reached": plan.reached,
        "high_weight_only": plan.high,
        "minutes_needed": plan.needed,
        "readiness": [
            {
                "section": standing.id,
                "seen": standing.seen,
                "questions": standing.total,
                "recall": None if standing.recall is None else round(standing.recall, 3),
                "readiness": standing.readiness.value,
            }
            for standing in standings
        ],
    }
