"""Owns how the figures of a self-test are called, and the bar beside each that has one."""

from tutor.grading.selftest.report import (
    LEAST_AGREEMENT,
    LEAST_PASSED,
    MOST_FALSE_FAILS,
    MOST_FALSE_PASSES,
    SelfTestReport,
    Share,
)


def figures(report: SelfTestReport) -> list[tuple[str, Share, str]]:
    """Each share with its name and its bar in words; no words for one that has no bar."""
    return [
        ("answers passed that should not", report.false_passes, f"at most {MOST_FALSE_PASSES} or one"),
        ("full answers passed", report.passed, f"at least {LEAST_PASSED}"),
        ("full answers failed", report.false_fails, f"at most {MOST_FALSE_FAILS}"),
        ("decided points judged as labelled", report.agreement, f"at least {LEAST_AGREEMENT}"),
        ("wrong points credited", report.wrong_credited, ""),
        ("wrong points noticed", report.contradictions, ""),
        ("right points called contradicted", report.false_alarms, ""),
        ("points left unsure", report.unsure, ""),
    ]
