"""Owns how progress reads: the habit, what stays known, what comes back, what is shaky, and whom one agrees with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content

from tutor.domain.text import visible
from tutor.study.agreement import GraderRecord
from tutor.study.progress import Readiness, WeakPoint
from tutor.study.readiness import Standing
from tutor.study.record import Record
from tutor.study.retention import DAYS, retention_words
from tutor.tui.keys import key_of
from tutor.tui.widgets.blocks import HEADING_STYLES, Block, BlockKind, heading_block, plain
from tutor.tui.widgets.heatmap import forecast_blocks, forecast_list, forecast_words, heatmap_blocks, heatmap_words
from tutor.tui.widgets.words import counted, engine_words

LABELS = 12
"""Cells for the names of figures."""

BAR = 10
"""Cells of a section's bar."""

READING = 22
"""Cells for what a section's figures let one say, with the air before it."""

FEW = 5
"""Points one has judged below which agreement with a grader says nothing."""

READY_STYLES = {
    Readiness.READY: "$text-success",
    Readiness.NEARLY: "$text-primary",
    Readiness.SHAKY: "$text-warning",
}

EMPTY = "Nothing to show yet. Each answer you rate is counted here: on which days, what stays known, what comes back."


def progress_blocks(
    record: Record, width: int, *, wanted: float, dated: bool, flat: bool, title_of: Callable[[str], str]
) -> list[Block]:
    """The whole page in so many cells. `wanted` is the retention one wishes for; `dated`: an interview has a day."""
    if not record.counts.seen and not record.missed:
        start = Content.assemble((key_of("go.quiz"), "bold $text-accent"), ("  Start today's quiz", "$text-muted"))
        return [heading_block(Content("Progress"), 1), Block(Content(EMPTY)), Block(start)]
    blocks = [*_figures(record, wanted)]
    blocks.append(heading_block(Content("Days of practice"), 3))
    blocks += heatmap_words(record.weeks) if flat else heatmap_blocks(record.weeks, width)
    blocks += [heading_block(Content("Coming back"), 3), *_ahead(record, width, flat=flat)]
    when = "on the day of your interview" if dated else "a week from now"
    blocks.append(_titled("Readiness", f"practised, and likely recalled {when}"))
    blocks += _sections(record.sections, width)
    blocks += _missed(record, title_of)
    blocks += _graders(record)
    return blocks


def anchor_of(point: WeakPoint) -> str:
    """A point's name to move to."""
    return f"{point.question_id}/{point.point_id}"


def _figures(record: Record, wanted: float) -> Iterator[Block]:
    days = counted(record.streak, "day") + " in a row" if record.streak else "no day in a row yet"
    today = f"{counted(record.counts.reviews_today, 'answer')} today, {record.counts.due} due"
    yield _figure("Streak", Content.assemble((days, "bold"), (f"   {today}", "$text-muted")))
    aside = f"   in {DAYS} days; you wish for {wanted:.0%}"
    bold = "bold" if record.retention.share is not None else ""
    yield _figure("Retention", Content.assemble((retention_words(record.retention), bold), (aside, "$text-muted")))
    seen = sum(standing.seen for standing in record.sections)
    total = sum(standing.total for standing in record.sections)
    yield _figure("Practised", Content.assemble((f"{seen} of {counted(total, 'question')}", "bold")))


def _figure(name: str, words: Content) -> Block:
    return Block(words, indent=LABELS, lead=0, marker=name, above=0)


def _titled(title: str, aside: str) -> Block:
    words = Content.assemble((title, HEADING_STYLES[3]), (f"   {aside}", "$text-muted"))
    return Block(words, BlockKind.HEADING, level=3)


def _ahead(record: Record, width: int, *, flat: bool) -> Iterator[Block]:
    yield Block(Content.styled(forecast_words(record.forecast), "$text-muted"), above=0)
    if any(due for _, due in record.forecast):
        if flat:
            yield Block(Content(forecast_list(record.forecast)), above=0)
        else:
            yield from forecast_blocks(record.forecast, width)


def _sections(standings: Sequence[Standing], width: int) -> Iterator[Block]:
    """In columns: how much of it was practised as a bar, its name, the same in figures, what that lets one say."""
    names = [Content(visible(standing.title)) for standing in standings]
    counts = [f"{standing.seen} of {standing.total}" for standing in standings]
    most = max(map(len, counts), default=0)
    room = min(max((name.cell_length for name in names), default=0), max(LABELS, width - LABELS - most - READING))
    for standing, name, count in zip(standings, names, counts, strict=True):
        full = round(BAR * standing.seen / standing.total)
        bar = "█" * max(full, int(standing.seen > 0))
        style = READY_STYLES.get(standing.readiness, "$text-muted")
        said = "too few to say" if standing.recall is None else f"{standing.readiness}, {standing.recall:.0%}"
        short = name.truncate(room, ellipsis=True)
        gap = " " * (room - short.cell_length + 2)
        words = Content.assemble(short, gap, count.rjust(most), (f"  {said}", style))
        yield Block(words, indent=LABELS, lead=0, marker=bar.ljust(BAR, "·"), marker_style="$text-primary", above=0)


def _missed(record: Record, title_of: Callable[[str], str]) -> Iterator[Block]:
    if not record.missed:
        return
    on, back = key_of("progress.next"), key_of("progress.previous")
    opens, asks = key_of("progress.open"), key_of("points.practise")
    told = f"{on} and {back} choose, {opens} reads, {asks} practises"
    yield _titled("Most often missed", told)
    for point in record.missed:
        chapter = visible(title_of(point.question_id.partition("#")[0]))
        words = Content.assemble(plain(point.text), (f"   {chapter}", "$text-muted"))
        count = f"{point.missed} of {point.graded}"
        yield Block(words, indent=LABELS, lead=0, marker=count, above=0, anchor=anchor_of(point))


def _graders(record: Record) -> Iterator[Block]:
    if not record.graders:
        return
    # The anchor ends what belongs to the point above it.
    yield heading_block(Content("You and the graders"), 3, anchor=" ")
    for grader in record.graders:
        name = Content.styled(engine_words(grader.engine).capitalize(), "bold")
        yield Block(Content.assemble(name, f"   {counted(grader.grades, 'grade')}"), above=0)
        yield Block(Content.styled(_agreement(grader), "$text-muted"), indent=2, above=0)


def _agreement(grader: GraderRecord) -> str:
    if grader.judged < FEW:
        judged = counted(grader.judged, "point")
        judge = f"Judge with {key_of('quiz.had')} and {key_of('quiz.missed')} on a grade."
        return f"You judged {judged} of its: too few to say how far you agree. {judge}"
    stood = "" if grader.stood is None else f" {grader.stood:.0%} of what it called covered or missing stood."
    return f"You judged {grader.judged} of its points and agreed with {grader.confirmed}.{stood}"
