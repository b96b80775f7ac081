"""Owns which words of a clause are denied, and which clauses turn each other round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tutor.retrieval.opposites import opposites, word_set
from tutor.retrieval.words import STOP_WORDS, stem

_CUES = word_set("""not never no none neither nor without cannot hardly barely rarely seldom fail fails failed
    failing unable nothing nobody nowhere cant dont doesnt isnt arent wont""")
_ONLY = word_set("only just merely simply solely always necessarily")
"""After "not" these do not deny what follows: "not only fast" is fast."""
_FEW = frozenset({("hardly", "any"), ("barely", "any")})
"""Few, which denies nothing: "hardly any matches"."""
_EMPTY = word_set("need reason way point longer")
"""After "no" these carry nothing of their own: "no need to measure" denies the measuring."""
_SCOPE_END = word_set("but where whereas while because since although though instead whenever if unless so")
_LISTING = word_set("or nor")
"""A comma shortly before one of these divides a list and ends nothing: "cannot count, sum or rank"."""
_COORDINATING = word_set("and or nor ,")
"""A negation after one of these goes on with the one before it: "no loss, no duplicates" denies once."""
_VERBS = word_set("can could may might must should will would is are was were do does did has have had")
"""Verbs that end what "without" denies."""
_LIGHT = word_set("make makes made making do done use used uses take takes get gets give gives let lets really")
"""Verbs that carry nothing of their own: in "does not make it valid" the denied word is "valid"."""
AKIN, AKIN_MORE = 5, 3
"""A stem of so many letters and the same with so many more at its end are one word."""
MOST = 0.6
"""A clause denies another as a whole when this share of what it denies stands there."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,;:.()]")
_AS_BEFORE = re.compile(
    r"\b(?:leaves?|keeps?|remains?|stays?)\b(.{0,40}?)\bas (?:it|they) (?:was|is|were|are)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The words of a clause with what is denied in it."""

    denied: dict[str, bool]
    """Stem -> True when it stands under an odd number of negations. Stop words are left out."""
    heads: frozenset[str]
    """Stems of the first content word after each negation: what is denied first of all."""
    plain: frozenset[str]
    """Stems that stand in a stretch, up to a comma or "but", without any negation."""
    cues: int
    """Negations in the clause."""


@lru_cache(maxsize=8_192)
def polarity(clause: str) -> Polarity:
    """Read a clause. A negation reaches to the next comma, "but" or the like; two of them cancel.

    "Without" reaches no farther than the verb: "a claim without support can be true". "Too slow to run" denies the
    running.
    """
    denied: dict[str, bool] = {}
    heads: set[str] = set()
    stretches: list[tuple[set[str], bool]] = [(set(), False)]
    depth, cues, waiting, too, aside = 0, 0, False, False, False
    tokens = _tokens(clause)
    for i, word in enumerate(tokens):
        said, negated = stretches[-1]
        if word == "," and _LISTING & set(tokens[i + 1 : i + 4]):
            continue
        if word in _SCOPE_END or not word[0].isalnum():
            depth, waiting, too, aside = 0, False, False, False
            stretches.append((set(), False))
        elif word == "to" and too:
            depth, too, waiting = depth + 1, False, True
            stretches.append((set(), True))
        elif _is_cue(word, tokens[i + 1 : i + 2]):
            again = cues > 0 and (word == "nor" or tokens[i - 1] in _COORDINATING)
            depth, cues, waiting = (1, cues, True) if again else (depth + 1, cues + 1, True)
            stretches[-1] = said, True
            aside = word == "without"
        elif aside and word in _VERBS:
            depth, aside = depth - 1, False
            stretches.append((set(), depth > 0))
        elif word == "too":
            too = True
        elif word not in STOP_WORDS or stem(word) in opposites():
            parts = [stem(part) for part in word.split("-") if part]
            denied |= {part: depth % 2 == 1 for part in parts}
            said |= set(parts)
            stretches[-1] = said, negated
            if waiting and word not in STOP_WORDS and word not in _EMPTY and word not in _LIGHT:
                heads.add(parts[-1])
                waiting = False
    plain = {s for said, negated in stretches if not negated for s in said}
    return Polarity(denied, frozenset(heads), frozenset(plain), cues)


_WITHOUT, _BEFORE = (
    re.compile(pattern, re.IGNORECASE) for pattern in (r"\bwithout\b", r"\b(?:before|prior to|ahead of)\b")
)
_SHORT_NO = re.compile(r"^\W*no\s*[,.;:]", re.IGNORECASE)
_CITED = re.compile(r"""["“'‘](?:not|no|never|nor|without)["”'’]""", re.IGNORECASE)
"""A word that is spoken of and denies nothing: the text says "not"."""
_VARIOUS = re.compile(r"\b(more|fewer|many|several|few|most)\s+different\b", re.IGNORECASE)
"""Here "different" counts and compares nothing."""
_EITHER_WAY = re.compile(r"\b(?:or|if)\s+not\b|\bor\s+if\s+not\b", re.IGNORECASE)


def _tokens(clause: str) -> list[str]:
    clause = _EITHER_WAY.sub("", _SHORT_NO.sub("", _CITED.sub("", _VARIOUS.sub(r"\1", clause))))
    plain = _AS_BEFORE.sub(r"leaves\1 unchanged", clause.replace("’", "'"))
    return [token.lower() for token in _WORD.findall(plain)]


def _is_cue(word: str, following: list[str]) -> bool:
    if following and (following[0] in _ONLY if word == "not" else (word, following[0]) in _FEW):
        return False
    return word in _CUES or word.endswith("n't")


def denies(said: str, point: str) -> bool:
    """True when one text plainly denies what the other says: its head word stands undenied in the other.

    Where both deny equally often, it must stand in a stretch without any negation.
    """
    if _not_yet(said, point) or _not_yet(point, said):
        return False
    left, right = polarity(said), polarity(point)
    return _turns(left, right) or _turns(right, left)


def _not_yet(one: str, other: str) -> bool:
    """True for "without knowing the question" beside "before it knows the question"."""
    return bool(_WITHOUT.search(one) and polarity(one).cues == 1 and _BEFORE.search(other))


def _turns(one: Polarity, other: Polarity) -> bool:
    heads = {head for head in one.heads if one.denied.get(head)}
    if one.cues % 2 != other.cues % 2:
        undenied = {word for word, denied in other.denied.items() if not denied}
        return any(akin(head, word) for head in heads for word in undenied)
    return bool(heads & other.plain)


def akin(one: str, other: str) -> bool:
    """True for one stem, or a longer word made of it: "distract" and "distractor"."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= AKIN and long.startswith(short) and len(long) - len(short) <= AKIN_MORE)


def denies_most(said: str, point: str) -> bool:
    """True when one text denies and the other does not, and nearly all that is denied stands undenied there.

    A pair of opposites between them turns it round once more: "fails to find" and "misses" agree.
    """
    left, right = polarity(said), polarity(point)
    if left.cues % 2 == right.cues % 2 or any(
        opposites().get(word, frozenset()) & left.denied.keys() for word in right.denied
    ):
        return False
    denying, plain = (left, right) if left.cues % 2 else (right, left)
    denied = {word for word, turned in denying.denied.items() if turned}
    undenied = {word for word, turned in plain.denied.items() if not turned}
    shared = sum(any(akin(word, other) for other in undenied) for word in denied)
    return shared >= 2 and shared >= MOST * len(denied)


def exchanged(said: str, point: str) -> set[tuple[str, str]]:
    """Pairs of opposites of which the point has one and the clause has the other, where both deny equally often."""
    left, right = polarity(said), polarity(point)
    if left.cues % 2 != right.cues % 2:
        return set()
    return {
        (wanted, other)
        for wanted in right.denied
        if wanted not in left.denied
        for other in opposites().get(wanted, ())
        if other in left.denied and other not in right.denied and left.denied[other] == right.denied[wanted]
    }


def reverses(said: str, point: str) -> bool:
    """True when opposites turn a claim round: an odd number of them, or any number behind the same beginning.

    Two that turn round both halves leave it as it was: "less, the nearer" is "more, the farther".
    """
    pairs = exchanged(said, point)
    turned = min(len({wanted for wanted, _ in pairs}), len({other for _, other in pairs}))
    if turned == 0 or turned % 2:
        return turned > 0
    first, wanted = next(iter(polarity(said).denied)), next(iter(polarity(point).denied))
    return akin(first, wanted)


_CAN = re.compile(r"\b(?:can|could|able\s+to|capable\s+of)\b(?!\s*(?:not|'t))", re.IGNORECASE)
_CANNOT = re.compile(r"\b(?:can\s*not|can't|cannot|could\s+not|couldn't|unable|not\s+(?:be\s+)?able|incapable)\b", re.I)


def allows_what_is_not(said: str, point: str) -> bool:
    """True when a clause says that something can be where the point says that it cannot."""
    plain, wanted = said.replace("’", "'"), point.replace("’", "'")
    return bool(_CANNOT.search(wanted) and _CAN.search(plain) and not _CANNOT.search(plain)) and not polarity(said).cues


_POOR = re.compile(
    r"\b(?:poor|bad|weak|terrible|hopeless)(?:ly)?\s+(?:at|for|on|with|choice|fit|idea|substitute|way|tool|place|suited)\b"
    r"|\b(?:unsuitable|unsuited|useless|ill-suited|struggles?|pointless)\b",
    re.IGNORECASE,
)
_APPROVAL = word_set("suitable suited good useful appropriate helpful recommended right fit ideal")
_LOSS = word_set("miss misses missed ignore ignores lose loses overlook overlooks wrong stale lack lacks lacking")


def disapproves(clause: str) -> bool:
    """True when a clause says that something does not serve: "poor at", "not suitable", "struggles with"."""
    tokens = _tokens(clause)
    for i, word in enumerate(tokens):
        denied = any(_is_cue(before, tokens[k + 1 : k + 2]) for k, before in enumerate(tokens[:i]) if i - k <= 3)
        if word in _APPROVAL and denied:
            return True
    return bool(_POOR.search(clause)) and polarity(clause).cues % 2 == 0


def critical(clause: str) -> bool:
    """True when a clause says something against its subject, or denies anything at all."""
    tokens = {token.lower() for token in _WORD.findall(clause)}
    return polarity(clause).cues > 0 or bool(tokens & _LOSS) or bool(_POOR.search(clause))
