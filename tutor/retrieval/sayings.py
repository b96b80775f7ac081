"""Owns the bridge from a learner's words to the chapters': what people say, and what the chapters call it.

Written from how people talk about such systems, and measured as a whole by `scripts/eval_answers.py --ablate`.
"""

import re
from collections.abc import Callable

from tutor.retrieval.words import STOP_WORDS, content_stems, only_asks, words

_SAID = {
    r"(?:mak(?:e|es|ing) (?:\w+ ){0,2}up|lie|lies|lying|invents?|inventing|hallucinat\w+|confabulat\w+)": "hallucinate",
    r"docs?": "documents",
    r"(?:fine ?tun\w+|finetun\w+)": "fine-tuning",
    r"llms?": "language model",
    r"(?:outdated|out of date|old answers|up to date|yesterday(?:'s)?|fresh)": "stale freshness",
    r"scan(?:s|ned)?": "OCR parser",
    r"(?:slow|slower|slowly|fast|faster|speed|takes? (?:\d+|\w+) (?:seconds|minutes))": "latency",
    r"(?:bills?|money|expensive|cheap|cheaper|pay|pricey|a fortune)": "cost",
    r"prod": "production",
    r"evals?": "evaluation",
    r"(?:hand(?:s|ed|ing)? over|give up|(?:to|with) a (?:real )?person)": "escalation human",
    r"(?:(?:no|have|without) (?:access|rights?)|allowed to|not supposed to|forbidden)": "access control permission",
    r"(?:left|leaves?|quit|fired|former) .*(?:company|team|employees?)|employees? (?:who )?left": "permission revoke",
    r"log(?:s|ged|ging)?": "trace",
    r"(?:pics?|pictures?|photos?|screenshots?)": "images figures",
    r"(?:in circles|forever|never stops?|endless(?:ly)?|loops?)": "stop rules",
    r"(?:crash\w*|re-?run|half-?way)": "idempotent",
    r"(?:same|identical) .*(?:times|twice|again|thing|copies|files?)": "duplicates",
    r"(?:shrink|squeeze|squash|smaller)": "compression",
    r"(?:messy|typos?|sloppy|badly worded|one-word)": "query rewriting transformation",
    r"(?:thumbs|likes|votes?)": "feedback",
    r"(?:eu|europe|country|abroad)": "residency",
    r"test (?:sets?|questions?|data)": "golden set",
    r"follow-? ?ups?": "conversation history",
    r"chats?": "conversation",
    r"(?:bad|wrong|rubbish|terrible) answers?|something'?s wrong": "failure debugging",
    r"(?:can'?t|cannot|don'?t) see": "observability trace",
    r"(?:nothing|no results?) .*(?:found|relevant|returned)": "empty result abstention",
}
_PATTERNS = tuple((re.compile(rf"\b(?:{said})\b"), meant.split()) for said, meant in _SAID.items())


def widened(question: str, knows: Callable[[str], bool], is_acronym: Callable[[str], bool]) -> str:
    """The question, then the chapters' words for what it says in a learner's; for searching, not for showing.

    A word is added when the material uses it (`knows`, by stem) and the question does not. Three or four words in a row
    bring the acronym they spell: "retrieval-augmented generation" is also RAG.
    """
    asked = question.lower().replace("’", "'")
    held = set(content_stems(question))
    meant = [word for said, words_for in _PATTERNS if said.search(asked) for word in words_for]
    added = dict.fromkeys((*_initials(asked, is_acronym), *meant))
    return " ".join((question, *(one for one in added if _wanted(one, held, knows))))


def _initials(asked: str, is_acronym: Callable[[str], bool]) -> list[str]:
    parts = [part for word in words(asked) for part in word.split("-") if part]
    runs = [parts[at : at + length] for length in (3, 4) for at in range(len(parts) - length + 1)]
    # A run with an acronym in it is not the long form of another, nor is one that goes on beyond the name.
    spelt = ("".join(p[0] for p in run) for run in runs if not any(_no_part(p) or is_acronym(p) for p in run))
    return [one for one in spelt if is_acronym(one)]


def _no_part(word: str) -> bool:
    return word in STOP_WORDS or only_asks(word)


def _wanted(word: str, held: set[str], knows: Callable[[str], bool]) -> bool:
    stems = content_stems(word)
    return not set(stems) <= held and all(knows(one) for one in stems)
