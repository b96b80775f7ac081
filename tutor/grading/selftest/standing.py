"""Owns how the outcome of self-tests is kept: one small file in the cache, an entry for each engine and version."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome
from tutor.grading.selftest.report import KindReport, SelfTestReport, Share

NAME = "selftest.json"
FORMAT = 1


def standings(cache: Path) -> tuple[SelfTestReport, ...]:
    """The outcomes that are kept, newest first; none when the file is missing or damaged."""
    try:
        document = json.loads((cache / NAME).read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            return ()
        reports = [_report_from(row) for row in document["reports"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(sorted(reports, key=lambda report: report.at, reverse=True))


def keep(cache: Path, report: SelfTestReport) -> None:
    """Keep an outcome in place of an earlier one of the same engine and version. Raises TutorError.

    The file appears whole or not at all.
    """
    others = [kept for kept in standings(cache) if (kept.engine, kept.version) != (report.engine, report.version)]
    rows = [asdict(kept) | {"at": kept.at.isoformat()} for kept in (report, *others)]
    target = cache / NAME
    fresh = target.with_name(f"{NAME}.{os.getpid()}.new")
    try:
        fresh.write_text(json.dumps({"format": FORMAT, "reports": rows}, indent=1), encoding="utf-8")
        os.replace(fresh, target)
    except OSError as error:
        raise TutorError(
            f"{target}: the outcome of the self-test cannot be kept ({error.strerror}). Make room, or mend the "
            "folder's permissions, and test again."
        ) from error


def advisory_for(grade: Grade, kept: tuple[SelfTestReport, ...]) -> str:
    """The sentence a grade carries because its engine fell short; empty when it did not, or was not tested."""
    if grade.outcome is not Outcome.GRADED or grade.receipt is None:
        return ""
    who = grade.receipt.engine, grade.receipt.version
    return next((report.advisory for report in kept if (report.engine, report.version) == who), "")


def _report_from(row: dict[str, Any]) -> SelfTestReport:
    kinds = tuple(KindReport(**_with_shares(kind)) for kind in row["kinds"])
    return SelfTestReport(**(_with_shares(row) | {"at": datetime.fromisoformat(row["at"]), "kinds": kinds}))


def _with_shares(row: dict[str, Any]) -> dict[str, Any]:
    return {name: Share(**value) if isinstance(value, dict) else value for name, value in row.items()}
