"""Owns the names that things go by when a question sets them against each other."""

import re

from tutor.retrieval.words import STOP_WORDS

_OTHER_NAMES = (
    ("rag", "retrieval augmented generation", "retrieval augmentation"),
    ("fine tuning", "finetuning", "fine tune", "fine tuned", "fine tunes", "finetune", "tuned model"),
    (
        "keyword search",
        "keyword matching",
        "bm25",
        "lexical search",
        "full text search",
        "lexical side",
        "lexical index",
    ),
    ("vector search", "dense retrieval", "semantic search", "dense search", "semantic side", "vector index"),
    ("bi encoder", "biencoder", "dual encoder", "two tower model"),
    ("cross encoder", "crossencoder"),
    ("long context", "long window", "long context window", "context stuffing"),
    ("prompting", "prompt engineering", "few shot prompting"),
)
"""Names in use for the things that questions of this field set against each other, hyphens as blanks."""
_AS_SUBJECT = (
    ("rag", "retrieval"),
    ("fine tuning", "tuning", "tuned", "training", "retraining"),
    ("keyword search", "keyword", "keywords", "lexical", "sparse"),
    ("vector search", "vector", "vectors", "dense", "semantic", "embeddings"),
    ("prompting", "prompt"),
)
"""Words that stand for a side when a clause begins with them, and for nothing elsewhere."""
_SIZES = (("small", "smaller", "short", "shorter", "tiny"), ("large", "larger", "big", "bigger", "long", "longer"))
_WORD = re.compile(r"[^\W_]+")


def _plain(name: str) -> str:
    return " ".join(word for word in _WORD.findall(name.lower()) if word not in ("a", "an", "the"))


def names_of(name: str) -> set[tuple[str, ...]]:
    """Every name of a side as lower-case words."""
    plain = _plain(name)
    texts = {plain}
    for group in _OTHER_NAMES:
        if plain in group or plain.removesuffix("s") in group:
            texts |= set(group)
    first, _, rest = plain.partition(" ")
    initials = "".join(word[0] for word in plain.split())
    if rest and initials not in STOP_WORDS:
        texts.add(initials)
    for sizes in _SIZES:
        if first in sizes and rest:
            texts |= {f"{size} {word}" for size in sizes for word in (rest, "ones", "pieces", "passages", "parts")}
    return {tuple(text.split()) for text in texts if text}


def standing_for(name: str) -> set[str]:
    """Single words that stand for a side where a clause begins with them."""
    plain = _plain(name)
    own = {word for group in _AS_SUBJECT if plain.removesuffix("s") == group[0] for word in group[1:]}
    first, _, rest = plain.partition(" ")
    sizes = {size for group in _SIZES if first in group for size in group}
    return own | sizes | ({first} if rest and len(first) > 1 else set())
