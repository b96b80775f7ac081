"""`tutor import`: notes and saved pages become chapters of the learner's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli.output import Narrator, emit, json_flag, narrate, tell
from tutor.domain.errors import TutorError
from tutor.library.importers import ImportReport, import_source
from tutor.workspace import Workspace
from tutor.workspace.finding import SOON

PATIENCE = 600.0
"""Seconds to wait for another import on the same home; one of 2,000 files takes less than a minute."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("source", nargs="+", type=Path, metavar="FILE|DIR", help="chapters, Q:/A: notes, saved pages")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Import each source; one that cannot be read is reported and the rest goes on. Returns 2 when any failed."""
    failed = False
    reports: list[ImportReport] = []
    with Workspace.open(options.home) as workspace:
        today = workspace.now().date()
        with workspace.writing_packs(PATIENCE) as packs:
            for source in options.source:
                try:
                    with Narrator() as narrator:
                        reports.append(import_source(source, packs, today=today, progress=narrator))
                except TutorError as error:
                    failed = True
                    narrate(f"tutor: {error}")
                else:
                    for note in reports[-1].notes:
                        narrate(note)
        workspace.reload()
        workspace.refresh_index(most=SOON)
    if options.json:
        emit({"imports": [report_shape(report) for report in reports]})
    else:
        for report in reports:
            tell_report(report)
    return 2 if failed else 0


def tell_report(report: ImportReport) -> None:
    """One import in words."""
    if not report.chapter_ids:
        tell("Nothing was imported: no file there holds notes that can be.")
        return
    tell(f"{report.track_id}: {len(report.written)} written, {report.unchanged} unchanged")
    for chapter_id in report.chapter_ids:
        tell(chapter_id, indent="  ")


def report_shape(report: ImportReport) -> dict[str, object]:
    """One import as JSON."""
    return {
        "track_id": report.track_id,
        "chapter_ids": list(report.chapter_ids),
        "written": [str(path) for path in report.written],
        "unchanged": report.unchanged,
        "notes": list(report.notes),
    }
