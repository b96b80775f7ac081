"""Whatever schema a database stopped at, bringing it up to date keeps every row of every table."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from tutor.store.contents import look_into
from tutor.store.home import Home
from tutor.store.migrations import MIGRATIONS, migrate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROWS = 3


def tables_of(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'"
    return [name for (name,) in connection.execute(query)]


def fill(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """A few rows in every table, each belonging to the row of the same number in the table it refers to."""
    written: dict[str, list[dict[str, object]]] = {}
    for table in tables_of(connection):
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        owners = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
        for number in range(1, ROWS + 1):
            row: dict[str, object] = {}
            for _, name, kind, *_ in columns:
                row[name] = f"id-{number}" if name == "id" or name in owners else f"{table} {name} {number}"
                if kind in ("INTEGER", "REAL"):
                    row[name] = number
                elif name in ("at", "started", "due", "last_review"):
                    row[name] = f"2026-11-2{number}T12:00:00.000000+00:00"
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
            written.setdefault(table, []).append(row)
    return written


@pytest.mark.parametrize("start", range(1, len(MIGRATIONS) + 1), ids=[step.__name__ for step in MIGRATIONS])
def test_no_row_is_lost_on_the_way_from_any_schema(tmp_path: Path, start: int) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        db = Database(connection, execute_plugins=False)
        migrate(db, home, NOW, MIGRATIONS[:start])
        written = fill(connection)
        migrate(db, home, NOW)
        for table, rows in written.items():
            names = ", ".join(rows[0])
            found = connection.execute(f"SELECT {names} FROM {table} ORDER BY rowid").fetchall()
            assert found == [tuple(row.values()) for row in rows], table
        tables = len(tables_of(connection))
    assert look_into(home.database).attempts == ROWS
    assert len(list(home.backups.glob("*-before-*.db"))) == len(MIGRATIONS) - start
    assert len(written) <= tables
