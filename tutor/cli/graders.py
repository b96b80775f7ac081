"""Owns `tutor stats --grader`: how far the learner's decisions agree with each engine, and what they have taught."""

from __future__ import annotations

from tutor.cli.output import counted, emit, tell
from tutor.cli.shapes import Shape
from tutor.grading.recalibration import ACTIVE_FROM, Recalibration
from tutor.study.agreement import GraderRecord, agreement, labels
from tutor.workspace import Workspace


def graders(workspace: Workspace, *, as_json: bool) -> int:
    """Print the record of each engine over the newest 500 answers, and the recalibration in use."""
    from tutor.grading.weights import load_weights

    history = workspace.store.graded()
    records = agreement(history)
    judged = sum(label.judged for label in labels(history, (), load_weights().version))
    learned = workspace.recalibrate()
    on = workspace.settings.recalibrate
    if as_json:
        emit(
            {
                "engines": [record_shape(record) for record in records],
                "recalibration": recalibration_shape(learned, judged, on=on),
            }
        )
        return 0
    if not records:
        tell("No answer has been graded yet.")
    for record in records:
        show_record(record)
    tell()
    tell(recalibration_words(learned, judged, on=on))
    return 0


def show_record(record: GraderRecord) -> None:
    """One engine as text."""
    tell(f"{record.engine}: {counted(record.grades, 'grade')}")
    stood = "" if record.stood is None else f" {record.stood:.0%} of what it called covered or missing stood."
    judged = f"you judged {record.judged} of its verdicts on points, and agreed with {record.confirmed}."
    tell(f"{judged[0].upper()}{judged[1:]}{stood}", indent="  ")
    for status, counts in record.statuses.items():
        tell(f"{status.value:13}{counts.given:5} given{counts.had:5} you had{counts.missed:5} you missed", indent="  ")
    tell(
        f"{record.voided} voided, {record.disputed} disputed, {record.disagreed} with another engine's view far apart",
        indent="  ",
    )


def recalibration_words(learned: Recalibration, judged: int, *, on: bool) -> str:
    """What the decisions have taught, as a sentence."""
    if not on:
        return "The local engine does not learn from your decisions: the settings say recalibrate = false."
    if not learned.labels:
        return (
            f"The local engine learns from your decisions once you have judged {ACTIVE_FROM} points; {judged} so far."
        )
    half = learned(0.5)
    return (
        f"The local engine is recalibrated from {learned.labels} of your decisions: what it was undecided about (0.50) "
        f"now counts as {half:.2f}, which is {'kinder' if half > 0.5 else 'stricter'}."
    )


def record_shape(record: GraderRecord) -> Shape:
    """One engine as JSON."""
    engine, _, model = record.engine.partition(":")
    return {
        "engine": engine,
        "model": model or None,
        "grades": record.grades,
        "judged": record.judged,
        "confirmed": record.confirmed,
        "overruled": record.overruled,
        "stood": None if record.stood is None else round(record.stood, 4),
        "statuses": {
            status.value: {"given": counts.given, "had": counts.had, "missed": counts.missed}
            for status, counts in record.statuses.items()
        },
        "voided": record.voided,
        "disputed": record.disputed,
        "second_opinion_disagreed": record.disagreed,
    }


def recalibration_shape(learned: Recalibration, judged: int, *, on: bool) -> Shape:
    """The recalibration as JSON; `labels` counts the learner's own judgements."""
    return {
        "on": on,
        "active": bool(learned.labels),
        "labels": judged,
        "active_from": ACTIVE_FROM,
        "slope": round(learned.slope, 4),
        "shift": round(learned.shift, 4),
    }
