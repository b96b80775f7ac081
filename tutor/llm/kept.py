"""Owns replies that were paid for once: kept in a folder under a hash of everything that made them."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tutor.llm.wire import Call

MOST = 2_000
"""Replies kept; beyond it the oldest go. About 3 kB each."""


class KeptReplies:
    """A cache folder. Whatever cannot be read, or is not whole, counts as not there; nothing here ever raises."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        """`fresh` finds nothing, so that every reply is made anew; it is kept all the same."""
        self._folder = folder
        self._fresh = fresh

    def get(self, key: str) -> dict[str, Any] | None:
        """The reply kept under a key; None for none, a damaged one, or an empty key."""
        if not key or self._fresh:
            return None
        try:
            entry = json.loads(self._file(key).read_text(encoding="utf-8"))
            data = entry["reply"]
            whole = entry["key"] == key and entry["sum"] == _digest(data)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return data if whole and isinstance(data, dict) else None

    def put(self, key: str, data: Mapping[str, Any]) -> None:
        """Keep a reply, whole or not at all, readable by the learner alone."""
        if not key:
            return
        text = json.dumps({"key": key, "sum": _digest(data), "reply": data})
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                os.replace(name, self._file(key))
            except OSError:
                os.unlink(name)
                raise
            self._forget_oldest()

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _forget_oldest(self) -> None:
        files = list(self._folder.iterdir())
        if len(files) > MOST:
            files.sort(key=lambda file: file.stat().st_mtime)
            for file in files[: len(files) - MOST]:
                file.unlink(missing_ok=True)


def key_of(call: Call, digest: str) -> str:
    """The hash of a call to a model whose weights have this digest; empty when the server does not say it."""
    return _digest([asdict(call), digest]) if digest else ""


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
