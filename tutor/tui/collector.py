"""Owns when the interpreter looks for garbage, so that no key waits for it.

A look through everything takes a quarter of a second once the chapters are in memory, and would come in the middle of
an answer. What is loaded for good is therefore set aside and never looked through; what is left takes a millisecond.
"""

import gc

THRESHOLDS = (5_000, 5, 10)
"""Objects made between two looks at the newest ones, how many of these between two at the older ones, and so on. The
interpreter looks after 700, several times a repaint; a look at more than 25,000 would take longer than a key may wait.
"""


def hold() -> None:
    """Not now: a start only makes what it keeps, and looking through that is a sixth of its work."""
    gc.disable()


def settle() -> None:
    """Everything in memory now was loaded for good. From here on garbage is looked for, among what comes after."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


def release() -> None:
    """Nothing is kept for good any more."""
    gc.unfreeze()
