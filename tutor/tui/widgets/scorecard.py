"""Owns how a scorecard reads on the screen: the verdict first, then what to do about it, then every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.content import Content

from tutor.domain.grade import PointGrade, Verdict
from tutor.domain.text import visible
from tutor.study.exchange import Exchange
from tutor.study.hiring import RULE, Hire
from tutor.study.readiness import standing_words
from tutor.study.report import clock_words, engine_notes, reading_words, time_words, verdict_words
from tutor.study.rounds import format_of
from tutor.study.scorecard import Asked, Cost, Scorecard
from tutor.tui.widgets.blocks import Block, heading_block, plain
from tutor.tui.widgets.verdict import STATUS_LOOKS, VERDICT_STYLES
from tutor.tui.widgets.words import counted, engine_words

WORD_COLUMN = 11
DETAIL_COLUMN = WORD_COLUMN + 10
BAR = 10
NUMBER = 4
READING = 12
OVERVIEW = NUMBER + BAR + 6 + READING
"""Cells before the chapter's name in the line of a question."""

HIRE_STYLES = {
    Hire.STRONG_HIRE: "bold $text-success",
    Hire.HIRE: "bold $text-success",
    Hire.NO_HIRE: "bold $text-warning",
    Hire.STRONG_NO_HIRE: "bold $text-error",
}


def scorecard_blocks(card: Scorecard, unsaid: Callable[[str], str] = str, *, width: int) -> list[Block]:
    """The whole scorecard in so many cells; each judged point has an anchor, `number:point`.

    `unsaid` takes out of a note what was said elsewhere.
    """
    return list(_blocks(card, unsaid, width))


def anchor_of(asked: Asked, point: PointGrade) -> str:
    """The place of a point in the scorecard."""
    return f"{asked.number}:{point.id}"


def _blocks(card: Scorecard, unsaid: Callable[[str], str], width: int) -> Iterator[Block]:
    agenda, found = card.agenda, card.finding
    style = HIRE_STYLES.get(found.verdict, "bold $text") if found.verdict and not card.waiting else "bold $text"
    yield Block(Content.assemble((verdict_words(card), style), (f"   {format_of(agenda.round).title}", "$text-muted")))
    why = f"{counted(card.waiting, 'answer')} to go; the verdict comes with the last." if card.waiting else found.why
    yield Block(Content(why), above=0)
    when = f"{agenda.started.astimezone():%d %B, %H:%M} · {time_words(card)}"
    yield Block(Content.styled(when, "$text-muted"), above=0)
    for note in filter(None, map(unsaid, engine_notes(card))):
        yield Block(Content.styled(visible(note), "$text-muted"), above=0)
    for number, asked in enumerate(card.asked):
        yield _overview(asked, width - OVERVIEW, above=int(number == 0))
    if card.costs:
        yield heading_block(Content("What cost the most"), 3)
        yield from (_cost(cost) for cost in card.costs)
    if card.strengths:
        yield heading_block(Content("What carried you"), 3)
    for asked, point in card.strengths:
        words = Content.assemble(plain(point.text), (f"  ({asked.number})", "$text-muted"))
        yield Block(words, indent=2, lead=0, marker="✓", marker_style="bold $text-success", above=0)
    yield from _plan(card)
    for asked in card.asked:
        yield from _question(asked)
    if card.not_reached:
        yield heading_block(Content("Not reached"), 3)
    for question in card.not_reached:
        yield Block(Content(visible(question.text)), indent=2, lead=0, marker="·", above=0)
    yield heading_block(Content("How the verdict is reached"), 3)
    yield Block(Content.styled(RULE, "$text-muted"), above=0)


def _overview(asked: Asked, room: int, *, above: int) -> Block:
    """One line a question: how it went, and what it was about."""
    share = asked.score or 0.0
    full = round(BAR * share)
    bar = Content.assemble(("█" * full, "$text-primary"), ("·" * (BAR - full), "$text-muted"))
    number = "" if asked.score is None else f"{asked.score:.0%}"
    reading = reading_words(asked).split(",")[0].ljust(READING)
    chapter = Content.styled(visible(asked.chapter), "$text-muted").truncate(max(8, room), ellipsis=True)
    line = Content.assemble(bar, f" {number:>4} ", (reading, _reading_style(asked)), chapter)
    return Block(line, indent=NUMBER, lead=0, marker=str(asked.number), above=above)


def _reading_style(asked: Asked) -> str:
    if asked.passed:
        return VERDICT_STYLES[Verdict.WEAK]
    return VERDICT_STYLES[asked.grade.verdict] if asked.grade is not None else "$text-muted"


def _cost(cost: Cost) -> Block:
    what = "Passed on: " + visible(cost.asked.question.text) if cost.point is None else plain(cost.text)
    prompted = ", made after a follow-up" if cost.point is not None and _prompted(cost.asked, cost.point) else ""
    words = Content.assemble(what, (f"  ({cost.asked.number}{prompted})", "$text-muted"))
    return Block(words, indent=7, lead=0, marker=f"−{cost.share:.0%}", marker_style="bold $text-warning", above=0)


def _plan(card: Scorecard) -> Iterator[Block]:
    if card.plan:
        yield heading_block(Content("Study next"), 3)
    for number, step in enumerate(card.plan, 1):
        count = counted(len(step.questions), "question")
        words = Content.assemble(visible(step.title), (f"  read it, then answer {count} again", "$text-muted"))
        yield Block(words, indent=NUMBER, lead=0, marker=f"{number}.", above=0)
    if card.plan and card.practice is not None:
        told = f"Questions of this round in memory: {standing_words(card.practice)}."
        yield Block(Content.styled(told, "$text-muted"), above=0)


def _question(asked: Asked) -> Iterator[Block]:
    yield heading_block(Content(visible(f"{asked.number}. {asked.question.text}")), 2)
    score = "" if asked.score is None or asked.passed else f"  {asked.score:.0%}"
    reading = Content.styled(f"{reading_words(asked).capitalize()}{score}", _reading_style(asked))
    yield Block(Content.assemble(reading, (f"   {visible(asked.chapter)}", "$text-muted")), above=0)
    for exchange in asked.exchanges:
        yield from _exchange(exchange)
    grade = asked.grade
    if grade is None:
        return
    for note in (grade.advisory, grade.reason if grade.score is None else ""):
        if note:
            yield Block(Content.styled(visible(note), "$text-muted"))
    for point in grade.points:
        yield from _point(asked, point)
    for found in grade.misconceptions:
        yield _row("!", "mix-up", "$text-error", Content(plain(found.text)))
        yield _detail("you said", f"“{visible(found.evidence)}”")
        yield _detail("rather", plain(found.correction))


def _exchange(exchange: Exchange) -> Iterator[Block]:
    if exchange.put.follows is not None:
        yield Block(Content.assemble(("Follow-up  ", "$text-accent"), (visible(exchange.put.text), "bold")))
    if exchange.attempt is None:
        yield Block(Content.styled("passed on" if exchange.reply else "not answered", "$text-muted"), above=0)
        return
    for number, line in enumerate(visible(exchange.attempt.text.strip()).split("\n")):
        yield Block(Content(line), quoted=True, above=int(number == 0))
    took = f"took {clock_words(exchange.reply.seconds)}" if exchange.reply else ""
    engine = engine_words(exchange.grade.engine) if exchange.grade and exchange.grade.score is not None else ""
    yield Block(Content.styled(" · ".join(part for part in (took, engine) if part), "$text-muted"), above=0)


def _point(asked: Asked, point: PointGrade) -> Iterator[Block]:
    look = STATUS_LOOKS[point.status]
    marks = [
        word
        for word, holds in (("essential", point.essential), ("after a follow-up", _prompted(asked, point)))
        if holds
    ]
    claim = Content.assemble(plain(point.text), (f"  {', '.join(marks)}" if marks else "", "$text-muted italic"))
    yield _row(look.sign, look.word, look.style, claim, anchor=anchor_of(asked, point))
    if point.evidence:
        yield _detail("you said", f"“{visible(point.evidence)}”")
    if point.cite is not None and point.cite.quote:
        quote, heading = plain(point.cite.quote), plain(point.cite.heading)
        states = f"states it under “{heading}”" if quote == plain(point.text) and heading else f"“{quote}”"
        yield _detail("chapter", states, quiet=True)
    if point.note and point.text not in point.note:
        yield _detail("note", plain(point.note))


def _prompted(asked: Asked, point: PointGrade) -> bool:
    return point.id in asked.prompted


def _row(sign: str, word: str, style: str, claim: Content, *, anchor: str = "") -> Block:
    return Block(
        claim, indent=WORD_COLUMN, lead=0, marker=f"{sign} {word}", marker_style=f"bold {style}", anchor=anchor
    )


def _detail(label: str, words: str, *, quiet: bool = False) -> Block:
    content = Content.styled(words, "$text-muted" if quiet else "$text")
    return Block(content, indent=DETAIL_COLUMN, lead=WORD_COLUMN, marker=label, marker_style="$text-muted", above=0)
