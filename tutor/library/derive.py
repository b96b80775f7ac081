"""Owns key points that nobody authored: made from a reference answer, sentence by sentence."""

import re
from collections.abc import Iterator

from tutor.domain.content import KeyPoint, digest
from tutor.domain.text import normalise, sentences
from tutor.library.slugs import slug_of_sentence

MOST_POINTS = 12
"""A question with more claims than this cannot be answered in one breath; the rest stays in the reference."""
MOST_ESSENTIAL = 2
_FEWEST_WORDS = 3
_LONGEST_QUESTION = 500
"""Characters looked at for its shape."""
_SPLIT_FROM = 10
"""Words. A shorter sentence makes one claim even when it has a comma."""
_AGREEMENT = re.compile(r"(?:yes|no|correct|right|true|not really|exactly)[.,;:!]*\s*", re.IGNORECASE)
_MODAL = re.compile(r"(can|could|should|must|may|might|will|would)\s+(.+?)\s+be\s+(.+?)\s*\?*$", re.IGNORECASE)
_OPPOSED = re.compile(r",\s+(?:while|whereas)\s+", re.IGNORECASE)
_CONDITION = re.compile(r"\b(when|if|because|where|since|for|by)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:differences? between|compare|contrast|distinguish)\s+(.+?)\s+(?:and|with|from)\s+(.+)", re.IGNORECASE
)
_ALSO = re.compile(r"^also\s*:\s*(?=\S)", re.IGNORECASE)
_VERSUS = re.compile(r"\b(?:choose|prefer|use|pick)\s+(.+?)\s+(?:over|rather than|instead of)\s+(.+)", re.IGNORECASE)
_TAIL = re.compile(r"[?.!,;:(].*$|\s+(?:in|for|when|if|as|on|at|within|during)\s.*$", re.IGNORECASE | re.DOTALL)


def derived_points(question: str, reference: str) -> tuple[KeyPoint, ...]:
    """At most 12 key points from a reference answer, all marked as derived, one or two of them essential.

    A sentence is a point; one that lists conditions ("when A, when B, or when C") or sets two things against each
    other ("A, while B") is taken apart. Essential is the first point, or, where the question contrasts things, the
    first point about each of them.
    """
    points: dict[str, str] = {}
    seen: set[str] = set()
    for claim in _claims(question, reference):
        if len(points) == MOST_POINTS:
            break
        if normalise(claim) in seen:
            continue
        seen.add(normalise(claim))
        name = slug_of_sentence(claim)
        points[f"{name[:70].rstrip('-')}-{digest(claim)[:6]}" if name in points else name] = claim
    essential = _essential(list(points.values()), derived_contrast(question))
    return tuple(KeyPoint(name, text, text in essential, (), True) for name, text in points.items())


def derived_contrast(question: str) -> tuple[str, ...]:
    """The two things that a question sets against each other, else nothing."""
    question = question[:_LONGEST_QUESTION]
    found = _DIFFERENCE.search(question) or _VERSUS.search(question)
    if not found:
        return ()
    names = tuple(_TAIL.sub("", name).replace("|", "/").strip() for name in found.groups())
    return names if all(0 < len(name.split()) <= 4 for name in names) else ()


def _claims(question: str, reference: str) -> Iterator[str]:
    held = ""
    for written in sentences(reference):
        sentence = _ALSO.sub("", " ".join(written.split()))
        if _AGREEMENT.fullmatch(sentence + " ") and (restated := _restated(question, sentence)):
            yield restated
        elif len(sentence.split()) < _FEWEST_WORDS:
            held = f"{held} {sentence}".strip()
        else:
            yield from _atoms(f"{held} {sentence}".strip())
            held = ""
    if held:
        yield held


def _restated(question: str, agreement: str) -> str:
    """ "Can A be B?" with "Yes." is the claim "A can be B."."""
    found = _MODAL.match(question[:_LONGEST_QUESTION])
    if not found or not agreement.lower().startswith(("yes", "correct", "right", "true", "exactly")):
        return ""
    return _as_sentence(f"{found[2]} {found[1].lower()} be {found[3]}")


def _atoms(sentence: str) -> Iterator[str]:
    if len(sentence.split()) < _SPLIT_FROM:
        yield sentence
        return
    sides = _OPPOSED.split(sentence)
    if len(sides) == 2 and all(len(side.split()) >= _FEWEST_WORDS for side in sides):
        yield from (_as_sentence(side) for side in sides)
        return
    yield from _conditions(sentence) or [sentence]


def _conditions(sentence: str) -> list[str]:
    """`X when A, when B, or when C` as `X when A`, `X when B` and `X when C`; empty for any other sentence."""
    found = _CONDITION.search(sentence)
    if not found or not sentence[: found.start()].strip():
        return []
    repeat = re.compile(rf",\s+(?:(?:and|or)\s+)?(?={found[1]}\b)", re.IGNORECASE)
    items = repeat.split(sentence[found.start() :])
    if len(items) < 2 or any(len(item.split()) < _FEWEST_WORDS for item in items):
        return []
    return [_as_sentence(sentence[: found.start()] + item) for item in items]


def _as_sentence(text: str) -> str:
    """With a capital, unless the first word has one inside, and with a full stop."""
    text = text.strip().rstrip(".,;")
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", "!")) else ".")


def _essential(claims: list[str], contrast: tuple[str, ...]) -> set[str]:
    about = (next((claim for claim in claims if _opens_with(claim, name)), None) for name in contrast)
    found = {claim for claim in about if claim is not None}
    return found if len(found) == MOST_ESSENTIAL else set(claims[:1])


def _opens_with(claim: str, name: str) -> bool:
    return normalise(claim).startswith(normalise(name) + " ")
