"""Owns the settings file: what may stand in it, and how it is read and changed without losing a line of it."""

import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tutor.domain.errors import SettingsError
from tutor.domain.interview import Round
from tutor.domain.settings import EngineChoice, Settings


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one setting may be."""

    allowed: str
    """In words, to follow "must be"."""
    accept: Callable[[Any], bool]


def _text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _number(low: float, high: float, *, whole: bool = False) -> Callable[[Any], bool]:
    kinds = (int,) if whole else (int, float)
    return lambda value: isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def _day(value: object) -> bool:
    if isinstance(value, date):
        return not isinstance(value, datetime)
    try:
        return value == "" or (isinstance(value, str) and bool(date.fromisoformat(value)))
    except ValueError:
        return False


def _rounds(value: object) -> bool:
    return isinstance(value, list) and all(each in list(Round) for each in value)


_RULES = {
    "engine": _Rule('"auto", "local" or "ollama"', lambda value: value in list(EngineChoice)),
    "ollama_host": _Rule("one line of text in quotes", _text),
    "model": _Rule("one line of text in quotes", _text),
    "allow_remote": _Rule("true or false", lambda value: isinstance(value, bool)),
    "context_tokens": _Rule("a whole number from 1024 to 1048576", _number(1024, 2**20, whole=True)),
    "deadline": _Rule("a number of seconds from 1 to 86400", _number(1, 86_400)),
    "encoder": _Rule("one line of text in quotes", _text),
    "new_per_day": _Rule("a whole number from 0 to 200", _number(0, 200, whole=True)),
    "retention": _Rule("a number from 0.7 to 0.97", _number(0.7, 0.97)),
    "interview_date": _Rule('a day like 2026-12-05, or ""', _day),
    "minutes_a_day": _Rule("a whole number from 5 to 600", _number(5, 600, whole=True)),
    "target_rounds": _Rule(f"a list of rounds ({', '.join(Round)})", _rounds),
    "theme": _Rule("one line of text in quotes", _text),
    "flat": _Rule("true or false", lambda value: isinstance(value, bool)),
    "recalibrate": _Rule("true or false", lambda value: isinstance(value, bool)),
}


def allowed(key: str) -> str:
    """What a setting may be, in words that follow "must be"."""
    return _RULES[key].allowed


def with_value(settings: Settings, key: str, text: str) -> Settings:
    """The settings with one of them as somebody typed it; texts and lists need no quotes. Raises SettingsError."""
    kind, typed = type(getattr(Settings(), key)), text.strip()
    value: object = typed
    if kind is tuple:
        value = list(dict.fromkeys(name.strip(" \"'") for name in typed.strip("[]").split(",") if name.strip()))
    elif not issubclass(kind, str):
        try:
            value = tomllib.loads(f"value = {typed}")["value"]
        except tomllib.TOMLDecodeError:
            value = typed
    if not _RULES[key].accept(value):
        raise SettingsError(f"{key} must be {allowed(key)}, not {json.dumps(typed, ensure_ascii=False)}.")
    changed: dict[str, Any] = {key: kind(value)}
    return replace(settings, **changed)


def load_settings(path: Path) -> Settings:
    """The learner's choices; the defaults where the file, or a line in it, is missing.

    Raises SettingsError as `path:line: what is wrong, and what is allowed`. The file is never touched.
    """
    return _parse(path, _read(path))


def save_settings(path: Path, settings: Settings) -> None:
    """Write the choices that changed into the file, leaving its other lines and comments as they are.

    Raises SettingsError, and then the file is as it was: a file that cannot be understood is not overwritten.
    """
    text = _read(path)
    before, after = _lines(_parse(path, text)), _lines(settings)
    for key, value in after.items():
        if value != before[key]:
            text = _with_line(text, key, f"{key} = {value}")
    if _parse(path, text) != settings:
        raise SettingsError(f"{path}: this file is laid out in a way the tutor cannot change. Edit it by hand.")
    partial = path.with_suffix(".partial")
    try:
        with open(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise SettingsError(
            f"{path}: the settings cannot be saved ({error.strerror}). Check the folder and the disk."
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: this file is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}). Make the file readable.") from error


def _parse(path: Path, text: str) -> Settings:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = found.group(1) if found else str(len(text.splitlines()))
        raise SettingsError(
            f"{path}:{line}: not TOML ({error}). Write one setting a line, like: retention = 0.9"
        ) from error
    for key, value in values.items():
        place = f"{path}:{_line_of(text, key)}"
        if key not in _RULES:
            raise SettingsError(f'{place}: there is no setting "{key}".{_suggestion(key, list(_RULES))}')
        if not _RULES[key].accept(value):
            close = _suggestion(value, list(EngineChoice)) if key == "engine" and isinstance(value, str) else ""
            shown = json.dumps(value, ensure_ascii=False, default=str)
            raise SettingsError(f"{place}: {key} must be {_RULES[key].allowed}, not {shown}.{close}")
    typed: dict[str, Any] = {key: type(getattr(Settings(), key))(value) for key, value in values.items()}
    return replace(Settings(), **typed)


def _suggestion(word: str, known: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, known, n=1)
    return f' Did you mean "{close[0]}"?' if close else f" There are: {', '.join(known)}."


def _line_of(text: str, key: str) -> int:
    found = _line_pattern(key).search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _line_pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"""^[ \t]*\[*["']?{re.escape(key)}["']?[ \t]*(?:=.*|[\].].*)$""", re.MULTILINE)


def _lines(settings: Settings) -> dict[str, str]:
    """Each setting as TOML writes its value; JSON's spelling of one-line text, numbers and truth is TOML's as well."""
    return {field.name: json.dumps(getattr(settings, field.name), ensure_ascii=False) for field in fields(settings)}


def _with_line(text: str, key: str, line: str) -> str:
    found = _line_pattern(key).search(text)
    if found:
        return text[: found.start()] + line + text[found.end() :]
    return f"{text.rstrip()}\n{line}\n".lstrip()
