"""Owns what every part of the store stands on: the open database, the clock and the ids."""

from tutor.store.database import ProgressDatabase
from tutor.store.ids import Clock, Entropy, IdMaker
from tutor.store.moments import text_from_moment


class Shelf:
    """One open database with the means to write dated, numbered rows into it."""

    def __init__(self, database: ProgressDatabase, *, clock: Clock, entropy: Entropy) -> None:
        self._database = database
        self._clock = clock
        self._new_id = IdMaker(clock, entropy)

    def _now(self) -> str:
        return text_from_moment(self._clock())
