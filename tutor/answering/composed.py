"""Owns the answer by a language model: streamed, then every citation checked before anybody may rely on it."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answering.citations import Claim, Numbering, cited, claims_in, with_plain_marks
from tutor.answering.prompt import ANSWER_TOKENS, NOT_THERE, AnswerTask
from tutor.answering.support import Support, supports
from tutor.domain.answer import Citation
from tutor.domain.errors import ModelReplyInvalid
from tutor.domain.text import visible
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel
    from tutor.llm.client import OllamaClient
    from tutor.retrieval.encoder import Encoder

FEWEST_STEMS = 2
"""A sentence with fewer content words ("Yes.") claims nothing that could be cited."""

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.I)
_DECLINES = re.compile(
    r"not in the passages?\b|(?:passages?|context|material|text|sources?)\s+(?:\w+\s+){0,2}"
    r"(?:do(?:es)? not|don't|doesn't|cannot|can't|did not)\s+(?:\w+\s+){0,2}"
    r"(?:hold|contain|mention|provide|answer|include|say|cover|address|discuss|give|specify|explain|state)"
    r"|(?:no|not any|not enough|insufficient) (?:information|answer|mention)\b.{0,40}\b(?:passages?|context|material)"
    r"|(?:cannot|can't|unable to) (?:be )?answer(?:ed)?\b.{0,40}\b(?:passages?|context|material)",
    re.I | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Composed:
    """A model's answer after checking."""

    text: str
    citations: tuple[Citation, ...]
    unsupported: tuple[str, ...]


def compose(
    task: AnswerTask,
    client: "OllamaClient",
    *,
    encoder: "Encoder | None",
    tell: Callable[[str], None],
    cancel: "Cancel | None" = None,
) -> Composed | None:
    """Stream an answer and check it; None when the model says that the passages do not hold one.

    `tell` gets the text so far, with unknown numbers already left out; numbers there are the passages' own and are
    handed out anew at the end. Raises ModelError; ModelReplyInvalid when no sentence is borne out by what it cites.
    """
    raw = ""
    pieces = client.chat_stream(task.messages(), max_tokens=ANSWER_TOKENS, cancel=cancel)
    with contextlib.closing(pieces) as stream:  # type: ignore[type-var]
        for piece in stream:
            raw += piece
            shown = _clean(raw, task, unfinished=True)
            if shown and not _may_decline(shown):
                tell(shown)
    text = _clean(raw, task)
    if not text:
        raise ModelReplyInvalid("The model gave an empty answer.")
    if declines(text):
        return None
    return checked(text, task, encoder)


def declines(text: str) -> bool:
    """True when a reply says that the passages do not hold the answer, and cites nothing that would be one."""
    return bool(_DECLINES.search(text)) and not any(
        claim.numbers for claim in claims_in(text) if not _DECLINES.search(claim.text)
    )


def checked(text: str, task: AnswerTask, encoder: "Encoder | None") -> Composed:
    """The answer with only the citations that hold, numbered anew in order of first use.

    Raises ModelReplyInvalid when none holds: such a text is not grounded in the material at all.
    """
    claims = claims_in(text)
    pairs = [(claim, n) for claim in claims for n in claim.numbers]
    found = supports([(claim.text, task.passages[n - 1]) for claim, n in pairs], encoder)
    held: dict[Claim, list[tuple[int, Support]]] = {claim: [] for claim in claims}
    for (claim, n), support in zip(pairs, found, strict=True):
        if support.holds:
            held[claim].append((n, support))
    numbering = Numbering()
    rewritten: list[tuple[Claim, str]] = []
    for claim in claims:
        numbers = [numbering.number(task.passages[n - 1], support.quote) for n, support in held[claim]]
        rewritten.append((claim, cited(claim.text, list(dict.fromkeys(numbers)))))
    if not numbering.citations:
        raise ModelReplyInvalid("The model's answer cited no passage that bears it out.")
    for claim, sentence in reversed(rewritten):
        text = text[: claim.start] + sentence + text[claim.end :]
    bare = tuple(claim.text for claim in claims if not held[claim] and _claims_something(claim.text))
    return Composed(text, numbering.citations, bare)


def _claims_something(text: str) -> bool:
    """False for a heading, for what opens a list, and for a word or two."""
    return not text.rstrip("*_ ").endswith(":") and len(content_stems(text)) >= FEWEST_STEMS


def _clean(raw: str, task: AnswerTask, *, unfinished: bool = False) -> str:
    """What a reply shows: no thoughts, no hidden characters, no numbers that were not given, no half-written mark."""
    text = _THOUGHT.sub("", raw)
    if unfinished:
        text = re.sub(r"[\[【][^\[\]【】]{0,24}$|<[a-z]{0,6}$", "", text, flags=re.I)
    return with_plain_marks(visible(text), lambda n: 1 <= n <= len(task.passages)).strip()


def _may_decline(shown: str) -> bool:
    """True while the text so far could still become the words for "not there", which are never shown."""
    start = shown.upper().lstrip("*\"' ")
    return NOT_THERE.startswith(start) or start.startswith(NOT_THERE)
