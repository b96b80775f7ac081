"""Owns the learner's own keys: `<home>/keymap.toml`, what may stand in it, and how it changes what is bound.

    [reader]
    next = "l"
    find = ["f", "ctrl+f"]

A line that cannot be used is said and left out; the others work.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key

from tutor.domain.text import visible
from tutor.tui.keys import bindings, every_module

FILE = "keymap.toml"

_MODIFIERS = re.compile(r"(?:(?:ctrl|alt|shift|super|hyper|meta)\+)*")
_NAMES = frozenset(key.value for key in Keys)


@dataclass(frozen=True, slots=True)
class Keymap:
    """Other keys for some actions."""

    keys: Mapping[str, tuple[str, ...]]
    """Keys by binding id."""
    problems: tuple[str, ...] = ()
    """What was left out and how to mend it; sentences."""

    def apply(self, node: DOMNode) -> None:
        """Give a node and what stands in it these keys."""
        if self.keys:
            for each in node.walk_children(with_self=True):
                each._bindings = rebound(each._bindings, self.keys)


def rebound(bindings: BindingsMap, keys: Mapping[str, tuple[str, ...]]) -> BindingsMap:
    """The bindings with other keys for some ids.

    The framework's own keymap takes every action off a key that one of them is moved from; here a key may mean
    different things at different times, and the others stay.
    """
    changed: dict[str, list[Binding]] = {}
    moved: dict[str, Binding] = {}
    for key, bound in bindings.key_to_bindings.items():
        kept = [binding for binding in bound if binding.id not in keys]
        moved |= {binding.id: binding for binding in bound if binding.id in keys and binding.id}
        if kept:
            changed[key] = kept
    for identity, binding in moved.items():
        for key in keys[identity]:
            changed.setdefault(key, []).insert(0, binding.with_key(key))
    return BindingsMap.from_keys(changed)


def load_keymap(path: Path) -> Keymap:
    """The learner's keys; none when there is no such file. Never raises: a bad file must not keep anybody out."""
    import tomllib

    try:
        text = path.read_text(encoding="utf-8")
        entries = dict(_flat(tomllib.loads(text), ""))
    except FileNotFoundError:
        return Keymap({})
    except UnicodeDecodeError:
        return Keymap({}, (f"{path}: this file is not UTF-8 text. Save it as UTF-8.",))
    except OSError as error:
        return Keymap({}, (visible(f"{path}: cannot be read ({error.strerror}). Your own keys are not used."),))
    except tomllib.TOMLDecodeError as error:
        return Keymap({}, (visible(f'{path}: not TOML ({error}). Write a line like: reader.next = "l"'),))
    known = known_ids()
    keys: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for identity, value in entries.items():
        wrong = _wrong(identity, value, known)
        if wrong:
            problems.append(visible(f"{path}:{_line_of(text, identity)}: {wrong}"))
        else:
            keys[identity] = tuple(map(_named, _listed(value)))
    return Keymap(keys, tuple(problems))


def known_ids() -> list[str]:
    """Every action that can be given another key."""
    return sorted({binding.id or "" for binding in bindings(every_module())})


def _flat(table: Mapping[str, object], before: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def _wrong(identity: str, value: object, known: list[str]) -> str:
    """What is wrong with an entry, and the mend; empty for nothing."""
    if identity not in known:
        close = difflib.get_close_matches(identity, known, n=1)
        hint = f'Did you mean "{close[0]}"?' if close else f"There are: {', '.join(known)}."
        return f'there is no action "{identity}". {hint}'
    listed = _listed(value)
    if not listed:
        return f'{identity} must be a key like "l" or "ctrl+l", or a list of keys.'
    unknown = [key for key in listed if not _is_key(key)]
    hint = 'A key is a sign like "l", or a name like "f2", "space", "ctrl+l".'
    return f'there is no key "{unknown[0]}". {hint}' if unknown else ""


def _listed(value: object) -> list[str]:
    """The keys an entry names; none when it is no key and no list of keys."""
    listed = list(value) if isinstance(value, list) else [value]
    keys = [key for key in listed if isinstance(key, str) and key]
    return keys if len(keys) == len(listed) else []


def _is_key(key: str) -> bool:
    name = _MODIFIERS.sub("", key, count=1)
    return (len(name) == 1 and name.isprintable()) or key in _NAMES or name in _NAMES


def _named(key: str) -> str:
    """A key as the framework names it: `?` is `question_mark`."""
    modifiers = _MODIFIERS.match(key)
    begun = modifiers.end() if modifiers else 0
    return key[:begun] + _character_to_key(key[begun:]) if len(key) == begun + 1 else key


def _line_of(text: str, identity: str) -> int:
    last = re.escape(identity.rpartition(".")[2])
    found = re.search(rf"""^[ \t]*(?:["']?{re.escape(identity)}|["']?{last})["']?[ \t]*=""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
