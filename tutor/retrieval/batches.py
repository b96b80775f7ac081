"""Owns which batches are written anew when more come: files of the index are never changed, only joined."""

from collections.abc import Mapping

FEW = 64
"""Things of which it does not matter how many are no longer wanted."""


def joined(sizes: Mapping[str, int], fresh: int, wanted: int) -> list[str]:
    """The batches to be written anew with the fresh things, of all that are there, oldest first.

    The newest ones as far as they are not larger than what comes with them, so that there are few batches and every
    thing is written few times; all of them when most of what they hold is not among the `wanted` any more.
    """
    if sum(sizes.values()) > 2 * max(wanted, FEW):
        return list(sizes)
    names: list[str] = []
    for name in reversed(list(sizes) if fresh else []):
        if sizes[name] > fresh:
            break
        fresh += sizes[name]
        names.insert(0, name)
    return names


def next_name(names: Mapping[str, object]) -> str:
    """A name that none of these batches has, later in order than each of them."""
    return f"s{max((int(name[1:]) for name in names), default=-1) + 1}"
