"""Owns what can still be read of a damaged database, table by table, row by row, around the pages that are lost."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tutor.store.contents import read_only
from tutor.store.rows import Row

PROBES = 20_000
"""Rows asked for one by one in a gap that can be read neither from its start nor from its end."""

_ROWS = "SELECT rowid AS position, * FROM {table} NOT INDEXED"


def readable_rows(database: Path, tables: Iterable[str]) -> dict[str, list[Row]]:
    """Every row of these tables that SQLite can still give, in the order they were written.

    A table that cannot be read at all has none. Damage never raises, and the file is not changed.
    """
    found: dict[str, list[Row]] = {table: [] for table in tables}
    try:
        with closing(read_only(database)) as connection:
            connection.row_factory = lambda cursor, row: dict(
                zip((column[0] for column in cursor.description), row, strict=True)
            )
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for table in found:
                found[table] = _around_damage(connection, _ROWS.format(table=table))
    except sqlite3.Error:
        pass
    return found


def _around_damage(connection: sqlite3.Connection, query: str) -> list[Row]:
    """From the start up to the damage, from the end back to it, and one by one what lies between."""
    ahead, whole = _until_damage(connection, f"{query} ORDER BY rowid")
    if not whole:
        back, _ = _until_damage(connection, f"{query} ORDER BY rowid DESC")
        first = ahead[-1]["position"] if ahead else 0
        last = back[-1]["position"] if back else first + PROBES
        for position in range(first + 1, min(last, first + PROBES)):
            ahead += _until_damage(connection, f"{query} WHERE rowid = {position}")[0]
        ahead += [row for row in reversed(back) if row["position"] > first]
    for row in ahead:
        del row["position"]
    return ahead


def _until_damage(connection: sqlite3.Connection, query: str) -> tuple[list[Row], bool]:
    """The rows of a query up to the first that cannot be read, and whether that was all of them."""
    rows: list[Row] = []
    try:
        for row in connection.execute(query):
            rows.append(row)
    except sqlite3.Error:
        return rows, False
    return rows, True
