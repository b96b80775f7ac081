"""Owns making one ranking of two: a convex sum of normalised keyword scores and cosines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

KEYWORD_WEIGHT = 0.4
"""Share of the keyword score. Best or within 0.002 nDCG@10 of the best on three collections, and better than
reciprocal rank fusion on each."""


Name = TypeVar("Name", int, str)


@dataclass(frozen=True, slots=True)
class Fused(Generic[Name]):
    """One passage with both its scores and what they make together."""

    id: Name
    score: float
    """0..1."""
    keyword: float
    """Its keyword score over the best of the query, or over 1 when that is more; 0..1."""
    cosine: float | None
    """-1..1; None when the passage has no vector yet."""


def fuse(
    keyword: Mapping[Name, float],
    cosine: Mapping[Name, float],
    most: int | None = None,
    weight: float = KEYWORD_WEIGHT,
) -> list[Fused[Name]]:
    """Both rankings as one, best first: weight * keyword / max keyword + (1 - weight) * cosine, cosines cut at 0.

    Beside cosines, keyword scores that are all below 1 stay as they are: no passage has much of what is asked, so words
    should not decide. A passage the keywords did not find has keyword score 0. A passage without a vector is ranked as
    if its cosine were the median of the others, which neither lifts nor sinks it; with no cosines at all, keywords
    alone decide. `most` is how many of the best are wanted.
    """
    best = max(keyword.values(), default=0.0) or 1.0
    best = max(best, 1.0) if cosine else best
    share = weight if cosine else 1.0
    usual = _median(cosine.values())
    ranked = sorted(
        (-share * keyword.get(name, 0.0) / best - (1 - share) * max(0.0, cosine.get(name, usual)), name)
        for name in {**keyword, **cosine}
    )
    return [Fused(name, -lost, keyword.get(name, 0.0) / best, cosine.get(name)) for lost, name in ranked[:most]]


def least_cosine(
    keyword: Mapping[Name, float], cosine: Mapping[Name, float], most: int, weight: float = KEYWORD_WEIGHT
) -> float:
    """What cosine a passage that the keywords did not find must have to come among the best `most` of these.

    Every passage has its cosine here. -1 where there are fewer than `most`.
    """
    ranked = fuse(keyword, cosine, most, weight)
    return ranked[-1].score / (1 - weight) if 0 < most <= len(ranked) else -1.0


def _median(values: Collection[float]) -> float:
    """The middle value, 0 of none; `statistics` would be a tenth of what a search by words imports."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0
