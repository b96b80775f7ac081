"""Owns how a grade reads: each point with a sign and a word, both sides' words, and what to say instead."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt, Verdict
from tutor.domain.text import visible
from tutor.tui.widgets.blocks import Block, heading_block, markdown_blocks, plain
from tutor.tui.widgets.words import engine_words

WORD_COLUMN = 11
"""Cells for the sign and the word of a point."""

LABEL_COLUMN = WORD_COLUMN + 10


@dataclass(frozen=True, slots=True)
class Look:
    """A sign, a word and a colour: any one of them says it."""

    sign: str
    word: str
    style: str


STATUS_LOOKS = {
    PointStatus.COVERED: Look("✓", "covered", "$text-success"),
    PointStatus.PARTIAL: Look("◐", "partly", "$text-warning"),
    PointStatus.MISSING: Look("○", "missing", "$text-error"),
    PointStatus.CONTRADICTED: Look("!", "check", "$text-error"),
    PointStatus.UNSURE: Look("?", "unsure", "$text-muted"),
}

VERDICT_STYLES = {
    Verdict.STRONG: "bold $text-success",
    Verdict.GOOD: "bold $text-success",
    Verdict.PARTIAL: "bold $text-warning",
    Verdict.WEAK: "bold $text-error",
    Verdict.WRONG: "bold $text-error",
    Verdict.UNSURE: "bold $text",
}


def result_blocks(grade: Grade, answer: str) -> list[Block]:
    """A graded answer: the reading of it in one line, then point by point."""
    blocks = [Block(headline(grade))]
    if grade.outcome is Outcome.NOT_GRADED:
        reason = grade.reason or "No engine could grade this answer."
        blocks += [Block(Content(visible(reason))), *own_words(answer)]
        return blocks
    if grade.reason:
        blocks.append(Block(Content.styled(visible(grade.reason), "$text-muted"), above=0))
    if grade.feedback:
        blocks += markdown_blocks(grade.feedback)
    for point in grade.points:
        blocks += point_blocks(point)
    for found in grade.misconceptions:
        blocks.append(_row("!", "mix-up", "$text-error", Content(plain(found.text))))
        blocks += [_detail("you said", f"“{visible(found.evidence)}”"), _detail("rather", plain(found.correction))]
    return [block for block in blocks if block.content.plain.strip()]


def headline(grade: Grade) -> Content:
    """Verdict, points covered, engine; or that there is no grade."""
    engine = engine_words(grade.engine)
    if grade.outcome is Outcome.NOT_GRADED:
        aside = ("   the schedule does not move until you rate it", "$text-muted")
        return Content.assemble(("Not graded", "bold $text"), aside)
    sure, most = grade.covered
    count = f"{sure}" if sure == most else f"{sure}–{most}"
    verdict = grade.verdict
    word = "Unsure, compare yourself" if verdict is Verdict.UNSURE else verdict.value.capitalize()
    return Content.assemble(
        (word, VERDICT_STYLES[verdict]), f"   {count} of {len(grade.points)} points", (f"   {engine}", "$text-muted")
    )


def point_blocks(point: PointGrade) -> list[Block]:
    """One point: its claim, then the evidence on both sides, then what to say."""
    look = STATUS_LOOKS[point.status]
    claim = Content.assemble(plain(point.text), ("  essential" if point.essential else "", "$text-muted italic"))
    blocks = [_row(look.sign, look.word, look.style, claim, anchor=point.id)]
    if point.evidence:
        blocks.append(_detail("you said", f"“{visible(point.evidence)}”"))
    if point.status is PointStatus.CONTRADICTED:
        blocks.append(_detail("", "may say the opposite of the point; no credit, no penalty"))
    if point.cite is not None and point.cite.quote:
        blocks.append(_detail("chapter", f"“{plain(point.cite.quote)}”", quiet=True))
    if point.note:
        blocks.append(_detail("say" if point.status is PointStatus.MISSING else "note", plain(point.note)))
    return blocks


def reference_blocks(question: KeyQuestion, answer: str) -> list[Block]:
    """The reference answer beside one's own, when the learner grades themself."""
    blocks = [Block(Content.assemble(("Compare yourself", "bold $text"), ("   then choose a rating", "$text-muted")))]
    blocks += own_words(answer)
    blocks.append(heading_block(Content("Reference answer"), 3))
    blocks += markdown_blocks(question.reference)
    blocks.append(heading_block(Content("Key points"), 3))
    for number, point in enumerate(question.points):
        claim = plain(point.text) + ("  (essential)" if point.essential else "")
        blocks.append(Block(Content(claim), indent=2, marker="•", above=int(number == 0)))
    return blocks


def own_words(answer: str) -> list[Block]:
    """What the learner wrote, exactly."""
    if not answer.strip():
        return []
    lines = visible(answer.strip()).split("\n")
    quoted = [Block(Content(line), quoted=True, above=0) for line in lines]
    return [heading_block(Content("Your answer"), 3), *quoted]


def receipt_blocks(receipt: Receipt) -> list[Block]:
    """Who graded, with what, against what, when."""
    rows = [
        ("engine", receipt.engine),
        ("version", receipt.version),
        ("content", receipt.content),
        ("at", receipt.at.astimezone().isoformat(sep=" ", timespec="seconds")),
        ("took", f"{receipt.seconds:.1f} s"),
        *sorted(receipt.options.items()),
    ]
    head = heading_block(Content("Receipt"), 3, anchor="receipt")
    width = max(len(name) for name, _ in rows) + 2
    return [
        head,
        *(Block(Content(visible(str(v))), indent=width, lead=0, marker=visible(n), above=0) for n, v in rows),
    ]


def _row(sign: str, word: str, style: str, claim: Content, *, anchor: str = "") -> Block:
    return Block(
        claim, indent=WORD_COLUMN, lead=0, marker=f"{sign} {word}", marker_style=f"bold {style}", anchor=anchor
    )


def _detail(label: str, words: str, *, quiet: bool = False) -> Block:
    content = Content.styled(words, "$text-muted" if quiet else "$text") if words else Content("")
    return Block(content, indent=LABEL_COLUMN, lead=WORD_COLUMN, marker=label, marker_style="$text-muted", above=0)
