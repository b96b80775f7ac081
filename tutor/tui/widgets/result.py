"""Owns how a grade reads point by point: a sign and a word, both sides' words, and what to say instead."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt
from tutor.domain.text import visible
from tutor.store.decision import OVERRIDE_NOTE
from tutor.study.advice import own_note, say_instead, study_next
from tutor.tui.keys import key_of
from tutor.tui.widgets.blocks import Block, heading_block, markdown_blocks, plain
from tutor.tui.widgets.verdict import QUIET, STATUS_LOOKS

COLUMN = 11
"""Cells for the sign and the word of a point, and for the labels under it: all texts begin at one edge."""

AGAINST = "This may say the opposite of the point. No credit, no penalty: judge for yourself."


def result_blocks(grade: Grade, question: KeyQuestion) -> list[Block]:
    """A grade below its head: the engine's words in sum, the next thing to study, then point by point."""
    if grade.outcome is Outcome.NOT_GRADED and not grade.points:
        return []
    blocks = markdown_blocks(grade.feedback) if grade.feedback and grade.outcome is Outcome.GRADED else []
    if grade.outcome is not Outcome.NOT_GRADED:
        blocks += study_blocks(grade)
    for point in grade.points:
        blocks += point_blocks(point, question)
    for found in grade.misconceptions:
        blocks.append(_row("!", "mix-up", "$text-error", Content(plain(found.text))))
        blocks += [_detail("you said", f"“{visible(found.evidence)}”"), _detail("rather", plain(found.correction))]
    return [block for block in blocks if block.content.plain.strip()]


def study_blocks(grade: Grade) -> list[Block]:
    """The one thing to study next, and the key that opens it."""
    point = study_next(grade.points)
    if point is None or point.cite is None:
        return []
    words = Content.assemble(
        (plain(point.cite.heading or point.text), "$text"), (f"   ({key_of('quiz.study')})", QUIET)
    )
    return [Block(words, indent=COLUMN, lead=0, marker="▸ study", marker_style="bold $text-accent")]


def point_blocks(point: PointGrade, question: KeyQuestion) -> list[Block]:
    """One point: its claim, the evidence on both sides, what to say instead."""
    look = STATUS_LOOKS[point.status]
    claim = Content.assemble(plain(point.text), ("  essential" if point.essential else "", "$text-muted italic"))
    blocks = [_row(look.sign, look.word, look.style, claim, anchor=point.id)]
    if point.evidence:
        blocks.append(_detail("you said", f"“{visible(' '.join(point.evidence.split()))}”"))
    if point.status is PointStatus.CONTRADICTED:
        blocks.append(_detail("but", AGAINST))
    say, note = plain(say_instead(point, question)), plain(own_note(point))
    if say and say != plain(point.text):
        blocks.append(_detail("say", f"“{say}”"))
    elif note and note != OVERRIDE_NOTE and point.status in (PointStatus.MISSING, PointStatus.PARTIAL):
        blocks.append(_detail("say", note))
        note = ""
    if point.cite is not None and point.cite.quote:
        quote, heading = plain(point.cite.quote), plain(point.cite.heading)
        states = f"states it under “{heading}”" if quote == plain(point.text) and heading else f"“{quote}”"
        blocks.append(_detail("chapter", states, quiet=True))
    if note:
        blocks.append(_detail("note", note, quiet=True))
    return blocks


def comparison_blocks(question: KeyQuestion, grade: Grade | None) -> list[Block]:
    """The reference to hold one's own answer against: its points to mark, then its words."""
    blocks = [heading_block(Content("What it should hold"), 3)]
    if grade is not None and grade.points:
        for point in grade.points:
            blocks += point_blocks(point, question)
    else:
        for number, authored in enumerate(question.points):
            claim = plain(authored.text) + ("  (essential)" if authored.essential else "")
            blocks.append(Block(Content(claim), indent=2, marker="•", above=int(number == 0)))
    return [*blocks, *reference_blocks(question)]


def reference_blocks(question: KeyQuestion) -> list[Block]:
    """The reference answer."""
    return [heading_block(Content("Reference answer"), 3, anchor="reference"), *markdown_blocks(question.reference)]


def own_words(answer: str) -> list[Block]:
    """What the learner wrote, exactly."""
    if not answer.strip():
        return []
    lines = visible(answer.strip()).split("\n")
    quoted = [Block(Content(line), quoted=True, above=int(n == 0)) for n, line in enumerate(lines)]
    return [heading_block(Content("Your answer"), 3, anchor="own"), *quoted]


def evidence_marks(blocks: Sequence[Block], evidence: str) -> dict[int, list[tuple[int, int]]]:
    """Where the evidence stands in one's own words: numbers of blocks with the spans to highlight."""
    wanted = " ".join(visible(evidence).split()).casefold()
    marks: dict[int, list[tuple[int, int]]] = {}
    for number, block in enumerate(blocks):
        line = block.content.plain.casefold()
        at = line.find(wanted) if wanted else -1
        if block.quoted and at >= 0:
            marks[number] = [(at, at + len(wanted))]
        elif block.quoted and line.strip() and line.strip() in wanted:
            marks[number] = [(0, len(line))]
    return marks


def receipt_blocks(receipt: Receipt, attempt_id: str) -> list[Block]:
    """Who graded, with what, against what, when; the attempt's id, by which the shell can grade it again."""
    rows = [
        ("engine", receipt.engine),
        ("version", receipt.version),
        ("content", receipt.content),
        ("at", receipt.at.astimezone().isoformat(sep=" ", timespec="seconds")),
        ("took", f"{receipt.seconds:.1f} s"),
        *sorted(receipt.options.items()),
        ("attempt", attempt_id),
    ]
    head = heading_block(Content("Receipt"), 3, anchor="receipt")
    width = max(len(name) for name, _ in rows) + 2
    return [
        head,
        *(Block(Content(visible(str(v))), indent=width, lead=0, marker=visible(n), above=0) for n, v in rows),
    ]


def _row(sign: str, word: str, style: str, claim: Content, *, anchor: str = "") -> Block:
    return Block(claim, indent=COLUMN, lead=0, marker=f"{sign} {word}", marker_style=f"bold {style}", anchor=anchor)


def _detail(label: str, words: str, *, quiet: bool = False) -> Block:
    content = Content.styled(words, QUIET if quiet else "$text") if words else Content("")
    return Block(content, indent=COLUMN, lead=2, marker=label, marker_style=QUIET, above=0)
