"""Owns the questions and answers of a sitting as one page, and which of them the number keys mean."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.domain.answer import Answer, Citation
from tutor.tui.widgets.blocks import Block
from tutor.tui.widgets.document import Document
from tutor.tui.widgets.exchange import question_block

EMPTY = """Ask what you would ask a colleague who knows the chapters by heart.

The answer comes from the chapters alone. Each claim carries a number like [1]; press that number
to read the passage it stands on. When the chapters say nothing, the tutor says so.

- Which failure modes does retrieval add?
- When would you not use RAG?
- How do reranking and hybrid search differ?
"""


@dataclass(slots=True)
class Exchange:
    """One question with what came of it."""

    id: int
    asked: Block
    blocks: list[Block]
    answer: Answer | None = None

    def target(self, number: int) -> Citation | str | None:
        """What a number stands for: a citation, or after an abstention the id of a near chapter."""
        if self.answer is None:
            return None
        if self.answer.abstained:
            return self.answer.nearest[number - 1] if number <= len(self.answer.nearest) else None
        return next((citation for citation in self.answer.citations if citation.n == number), None)


class Transcript(Document):
    """Everything asked in this sitting, the newest last."""

    def __init__(self, identity: str) -> None:
        super().__init__(identity)
        self.exchanges: list[Exchange] = []

    @property
    def current(self) -> Exchange | None:
        """The exchange the cursor is on, else the newest."""
        chosen = [exchange for exchange in self.exchanges if str(exchange.id) == self.cursor]
        return chosen[0] if chosen else self.exchanges[-1] if self.exchanges else None

    def begin(self, question: str) -> Exchange:
        """A new question, at the end."""
        exchange = Exchange(len(self.exchanges) + 1, question_block(question, str(len(self.exchanges) + 1)), [])
        self.exchanges.append(exchange)
        return exchange

    def say(self, *, to_end: bool = False) -> None:
        """Show everything as it is now."""
        self.show([block for exchange in self.exchanges for block in (exchange.asked, *exchange.blocks)])
        if to_end:
            self.action_edge(1)

    def reveal_last(self) -> None:
        """The newest exchange from its question on; numbers mean its citations."""
        self.cursor = ""
        count = len(self.blocks)
        self.reveal(count - 1 - len(self.exchanges[-1].blocks), count - 1)
