"""Owns how the shell shows a grader's self-test, as text and as JSON."""

from __future__ import annotations

from tutor.cli.output import tell
from tutor.cli.shapes import Shape
from tutor.grading.selftest.figures import figures
from tutor.grading.selftest.report import SelfTestReport, Share

ROW = "{:<12}{:>9}{:>9}{:>9}{:>9}{:>9}"


def report_shape(report: SelfTestReport) -> Shape:
    """`tutor doctor --grader --json`."""
    shares = {
        "agreement": report.agreement,
        "false_passes": report.false_passes,
        "passed": report.passed,
        "false_fails": report.false_fails,
        "wrong_credited": report.wrong_credited,
        "contradictions": report.contradictions,
        "false_alarms": report.false_alarms,
        "unsure": report.unsure,
    }
    return {
        "engine": report.engine,
        "version": report.version,
        "at": report.at.isoformat(timespec="seconds"),
        "set": report.set_version,
        "quick": report.quick,
        "answers": report.answers,
        "meets_bar": report.meets_bar,
        "advisory": report.advisory,
        **{name: _share(share) for name, share in shares.items()},
        "calibration": round(report.calibration, 4),
        "seconds": round(report.seconds, 3),
        "slowest": round(report.slowest, 3),
        "kinds": [
            {
                "kind": kind.kind,
                "answers": kind.passed.of,
                "passed": kind.passed.hits,
                "failed": kind.failed.hits,
                "unsure": kind.unsure.hits,
                "agreement": _share(kind.agreement),
            }
            for kind in report.kinds
        ],
    }


def show_report(report: SelfTestReport) -> None:
    """The report as text: what kinds of answers passed, then each figure with its bar."""
    what = "part of the labelled answers" if report.quick else "every labelled answer"
    tell(f"{report.engine}, version {report.version}: {what}, {report.answers} in all")
    tell()
    print(ROW.format("kind", "answers", "passed", "failed", "unsure", "points"))
    for kind in report.kinds:
        counts = (kind.passed.of, kind.passed.hits, kind.failed.hits, kind.unsure.hits)
        right = f"{kind.agreement.value:.2f}" if kind.agreement.of else "–"
        print(ROW.format(kind.kind, *counts, right))
    tell()
    for words, share, bar in figures(report):
        told = f", {bar}" if bar else ""
        tell(f"{words}: {share.value:.3f} ({share.hits} of {share.of}){told}", hang="  ")
    tell(f"calibration error of a point's credit: {report.calibration:.3f}")
    tell(f"seconds a grade: {report.seconds:.2f}; nine in ten take at most {report.slowest:.2f}")
    tell()
    tell("✓ It meets the bar." if report.meets_bar else f"✗ Below the bar, so its grades are marked. {report.advisory}")


def _share(share: Share) -> Shape:
    return {"value": round(share.value, 4), "hits": share.hits, "of": share.of}
