"""Owns the question whether a chapter's body states a key point."""

import re
from collections.abc import Callable, Sequence

from tutor.library.parser import Reading
from tutor.library.problem import Faults
from tutor.library.prose import statements

Supports = Callable[[str, Sequence[str]], float]
"""Cosine, -1..1, of a claim and the nearest of some sentences."""
SUPPORT_COSINE = 0.65
"""Measured on the 75 key points of the first three chapters with all-MiniLM-L6-v2: in its own chapter the nearest
sentence of a point has a cosine of 0.75 or more, in another chapter nine points of ten stay under 0.68."""
SUPPORT_WORDS = 0.7
"""Share of a point's content words in two statements that follow each other; on the same points at least 0.80 in the
own chapter, and at most 0.67 in another for 98 of 100."""
_WORD = re.compile(r"[^\W_]+")
_COMMON = """a an and are as at be because been but by can could do does for from had has have how if in into is it its
many may more most must no nor not of off on one or other own same should so some such than that the their them then
there these they this those to too was were what when where which while who why will with would you your"""


def check_support(reading: Reading, supports: Supports | None, faults: Faults) -> None:
    """Name every authored key point that the body does not state.

    With `supports` an unstated point is an error; by words alone it is a warning, since wording may differ.
    """
    if reading.chapter is None:
        return
    stated = [statement.text for statement in statements(reading)]
    common = frozenset(_COMMON.split())
    bags = [_stems(text, common) for text in stated]
    windows = [bag | after for bag, after in zip(bags, [*bags[1:], frozenset[str]()], strict=True)] if bags else []
    for question in reading.chapter.questions:
        for point in question.points:
            wanted = _stems(point.text, common)
            recall = max((len(wanted & window) / len(wanted) for window in windows if wanted), default=0.0)
            if point.derived or recall >= SUPPORT_WORDS:
                continue
            message = f'no sentence of the chapter states the key point "{point.id}". State it in the body.'
            if supports is None:
                faults.warning(point.line, message)
            elif supports(point.text, stated) < SUPPORT_COSINE:
                faults.error(point.line, message)


def _stems(text: str, common: frozenset[str]) -> frozenset[str]:
    """Content words cut to six letters or rid of a plural s: enough to meet their inflections."""
    words = (word for word in _WORD.findall(text.casefold()) if word not in common)
    return frozenset(word[:6] if len(word) > 6 else word.rstrip("s") or word for word in words)
