"""Owns how a grader's self-test reads: whether it meets the bar, each figure beside its bar, each kind of answer."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.domain.text import visible
from tutor.grading.selftest.figures import figures
from tutor.grading.selftest.report import SelfTestReport
from tutor.tui.keys import key_of
from tutor.tui.widgets.blocks import Block, BlockKind, heading_block
from tutor.tui.widgets.words import counted, engine_words

NUMBER = 8
"""Cells for a share."""

INTRODUCTION = """Your engine grades labelled answers of ours: right ones, wrong ones, and some that try to cheat. \
What comes out is measured against a bar; below it the engine still grades, and each grade says so."""


def selftest_blocks(reports: Sequence[SelfTestReport], engine: str) -> list[Block]:
    """The newest test of the engine in use first, or what a test would be."""
    ours = [report for report in reports if report.engine == engine]
    others = [report for report in reports if report.engine != engine]
    blocks = [heading_block(Content(visible(f"Testing the grader: {engine_words(engine)}")), 1), _text(INTRODUCTION)]
    if not ours:
        blocks.append(Block(Content.styled("It was not tested here yet.", "bold")))
    for report in (*ours[:1], *others):
        blocks += report_blocks(report)
    return blocks


def cost_words(engine: str) -> str:
    """How long a test takes."""
    if engine == "local":
        return "The local engine takes some seconds for all of them."
    leaves, stops = key_of("go.back"), key_of("selftest.stop")
    return f"A small model takes some ten seconds an answer; {leaves} leaves it running, {stops} stops it."


def report_blocks(report: SelfTestReport) -> list[Block]:
    """One test."""
    which = "a part" if report.quick else "all"
    when = f"{report.at.astimezone():%Y-%m-%d %H:%M}, {which}: {counted(report.answers, 'answer')}"
    meets = ("✓ It meets the bar.", "$text-success") if report.meets_bar else ("✗ Below the bar.", "$text-warning")
    blocks = [
        heading_block(Content(visible(engine_words(report.engine))), 3),
        Block(Content.styled(visible(f"version {report.version}, {when}"), "$text-muted"), above=0),
        Block(Content.assemble((meets[0], f"bold {meets[1]}"), f" {visible(report.advisory)}")),
    ]
    for number, (words, share, bar) in enumerate(figures(report)):
        told = f"{words}, {share.hits} of {share.of}"
        line = Content.assemble(told, (f"   {bar}" if bar else "", "$text-muted"))
        value = f"{share.value:.3f}" if share.of else "–"
        blocks.append(Block(line, indent=NUMBER, lead=0, marker=value, marker_style="bold", above=int(not number)))
    took = f"{report.seconds:.1f} s a grade; nine in ten take at most {report.slowest:.1f} s"
    blocks.append(Block(Content.styled(took, "$text-muted"), indent=NUMBER, above=0))
    head = tuple(Content(name) for name in ("answers", "of", "passed", "failed", "unsure"))
    table = [head]
    for kind in report.kinds:
        counts = (kind.passed.of, kind.passed.hits, kind.failed.hits, kind.unsure.hits)
        table.append((Content(kind.kind), *(Content(f"{count:>4}") for count in counts)))
    joined = Content("\n").join(Content(" ").join(row) for row in table)
    blocks.append(Block(joined, BlockKind.TABLE, rows=tuple(table)))
    return blocks


def _text(words: str) -> Block:
    return Block(Content.styled(words, "$text-muted"))
