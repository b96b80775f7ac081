"""Owns the sentences for a database that cannot be used: each says what is wrong, where, and how to mend it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tutor.domain.errors import StoreError
from tutor.store.home import Home

NO_ROOM = 64 * 1024
"""Bytes; SQLite's index of its log is 32 KiB."""


@contextmanager
def explained(home: Home) -> Iterator[None]:
    """Turn what SQLite or the file system raises inside into a StoreError; the caller's own mistakes pass through."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            raise
        raise StoreError(_sentence(home, _cause(home, code & 0xFF), str(error))) from error
    except OSError as error:
        where = error.filename or home.path
        raise StoreError(
            f"{where}: the file system refused ({error.strerror or error}). Check that the disk has room and that "
            f"{home.path} belongs to you."
        ) from error


def newer(home: Home, *, found: int, known: int) -> StoreError:
    """The refusal of a database that a newer program has written."""
    return StoreError(
        f"{home.database}: written by a newer Atlas Tutor (its schema is {found}, this program knows {known}). "
        "Update the tutor; the database is left untouched."
    )


def damaged(home: Home, detail: str) -> StoreError:
    """The refusal of a database whose content cannot be trusted."""
    return StoreError(
        f'{home.database}: damaged, or not a progress database ({detail}). "tutor restore --recover" reads what can '
        'still be read of it; "tutor restore" lists the copies there are.'
    )


def _cause(home: Home, code: int) -> int:
    """What an error of the disk comes from: without room for its index of the log, SQLite calls a full disk broken."""
    if code == sqlite3.SQLITE_IOERR:
        import shutil

        with suppress(OSError):
            if shutil.disk_usage(home.path).free < NO_ROOM:
                return sqlite3.SQLITE_FULL
    return code


def _sentence(home: Home, code: int, detail: str) -> str:
    """`code` is SQLite's primary result code (sqlite.org/rescode.html)."""
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return str(damaged(home, detail))
    remedies = {
        sqlite3.SQLITE_BUSY: (
            "another program has kept it locked for too long. Close the other program and try again; nothing was lost."
        ),
        sqlite3.SQLITE_READONLY: f"it cannot be written. Make it and the folder {home.path} writable for you.",
        sqlite3.SQLITE_PERM: f"it cannot be written. Make it and the folder {home.path} writable for you.",
        sqlite3.SQLITE_CANTOPEN: (
            f"it cannot be opened. Check that it is a file and that you may read and write in {home.path}."
        ),
        sqlite3.SQLITE_FULL: "the disk is full. Free some space and try again; what was saved before is safe.",
        sqlite3.SQLITE_IOERR: (
            f"the disk reported an error ({detail}). Check the disk, and copy {home.path} elsewhere soon."
        ),
    }
    known = remedies.get(code)
    return f"{home.database}: {known or f'the database refused ({detail}). `tutor doctor` checks it.'}"
