"""Owns what the learner is told: what was held, the one thing most worth adding, and how to check what is uncertain."""

from collections.abc import Sequence

from tutor.domain.grade import MisconceptionFound, PointGrade, PointStatus

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MAX_QUOTE = 160


def feedback(
    points: Sequence[PointGrade], misconceptions: Sequence[MisconceptionFound], *, notes: Sequence[str] = ()
) -> str:
    """Two or three sentences. Similarity alone never calls an answer wrong: it says what to compare."""
    said = [*notes[:1], _held(points), _correction(points, misconceptions) or _next_step(points)]
    return " ".join(sentence for sentence in said if sentence)


def missing_note(text: str) -> str:
    """What to say instead of nothing."""
    return f"Not found in your answer. You could say: {_sentence(text)}"


def unsure_note(text: str) -> str:
    """Why there is no verdict."""
    return f"Your words come near, but not near enough to be sure. Compare with: {_sentence(text)}"


def partial_note(text: str) -> str:
    """Which part is left."""
    return f"Half of this is there. Still to say: {_sentence(text)}"


def contrary_note(kind: str, said: str, text: str) -> str:
    """Both sides, for the learner to judge."""
    why = {
        "swapped": "This may give one side's role to the other.",
        "number": "The number differs from the reference.",
        "denied": "This may say the opposite of the reference.",
    }[kind]
    return f"{why} You wrote: “{_short(said)}” The reference says: “{_short(text)}”"


def _held(points: Sequence[PointGrade]) -> str:
    held = [point for point in points if point.status is PointStatus.COVERED]
    if len(held) == len(points):
        return "You have every point of the reference answer." if len(points) > 1 else "You have the point."
    if not held:
        near = any(point.status in (PointStatus.UNSURE, PointStatus.PARTIAL) for point in points)
        return (
            "Parts of this come near the reference answer." if near else "I found none of the key points in this yet."
        )
    best = max(held, key=lambda point: (point.essential, point.credit))
    count = f"{_number(len(held)).capitalize()} of {_number(len(points))} points"
    if len(held) == 1:
        return f"{count} is there: {_sentence(best.text)}"
    return f"{count} are there, among them this one: {_sentence(best.text)}"


def _correction(points: Sequence[PointGrade], misconceptions: Sequence[MisconceptionFound]) -> str:
    if misconceptions:
        found = misconceptions[0]
        instead = f" {_sentence(found.correction)}" if found.correction else ""
        return f"Look again at “{_short(found.evidence)}”: it sounds like a common misconception.{instead}"
    turned = [point for point in points if point.status is PointStatus.CONTRADICTED]
    if not turned:
        return ""
    first = max(turned, key=lambda point: point.essential)
    return f"Check “{_short(first.evidence)}”: it may say the opposite of this: {_sentence(first.text)}"


def _next_step(points: Sequence[PointGrade]) -> str:
    order = (PointStatus.MISSING, PointStatus.PARTIAL, PointStatus.UNSURE)
    left = [point for point in points if point.status in order]
    if not left:
        return "Now say it aloud in under a minute."
    first = min(left, key=lambda point: (not point.essential, order.index(point.status), point.credit))
    if first.status is PointStatus.UNSURE:
        return f"I am not sure whether you meant this; say it outright: {_sentence(first.text)}"
    if first.status is PointStatus.PARTIAL:
        return f"This one is only half said: {_sentence(first.text)}"
    return f"The most important thing to add: {_sentence(first.text)}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _MAX_QUOTE else plain[: _MAX_QUOTE - 1].rsplit(" ", 1)[0] + "…"
