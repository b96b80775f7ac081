"""Owns what keys are called on the screen, and which key stands for an action now, so that no text names another.

One terminal shows one app with one keymap: like a locale it is known to the whole process, and adopted once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from textual.binding import Binding

from tutor.tui.hands import is_command

NAMES = {
    "enter": "Enter",
    "space": "Space",
    "escape": "Esc",
    "tab": "Tab",
    "backspace": "Backspace",
    "slash": "/",
    "question_mark": "?",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}

_own: dict[str, tuple[str, ...]] = {}
_usual: dict[str, tuple[str, ...]] = {}


def key_name(key: str) -> str:
    """A key as the learner knows it: `ctrl+s` is `^s`."""
    if key.startswith("ctrl+"):
        return "^" + key_name(key[5:])
    return NAMES.get(key, key.upper() if key[:1] == "f" and key[1:].isdigit() else key)


def adopt(keys: Mapping[str, tuple[str, ...]]) -> None:
    """From now on these keys stand for these actions, the usual ones for all others."""
    _own.clear()
    _own.update(keys)


def key_of(identity: str, *, typing: bool = False) -> str:
    """The name of the key of an action; of several the first, or while one is typing the first no text holds."""
    keys = _own.get(identity) or _usual_keys(identity)
    commands = [each for each in keys if is_command(each)]
    return key_name(commands[0] if typing and commands else keys[0])


def bindings(modules: Iterable[ModuleType]) -> Iterator[Binding]:
    """Every action with an id that these modules bind, in their classes or in a list for one."""
    for module in modules:
        for each in list(vars(module).values()):
            found = vars(each).get("BINDINGS", ()) if isinstance(each, type) else each if isinstance(each, list) else ()
            yield from (binding for binding in found if isinstance(binding, Binding) and binding.id)


def every_module() -> list[ModuleType]:
    """All that may bind a key, loaded, which takes a good part of a second."""
    import pkgutil

    from tutor.tui import screens, widgets

    names = [f"{p.__name__}.{found.name}" for p in (screens, widgets) for found in pkgutil.iter_modules(p.__path__)]
    return [import_module(name) for name in ("tutor.tui.app", *names)]


def _usual_keys(identity: str) -> tuple[str, ...]:
    """As bound where nothing was changed; looked for in what is loaded, then where its name leads, then everywhere."""
    for modules in (_loaded, partial(_named_after, identity), every_module):
        if identity not in _usual:
            _usual.update((binding.id or "", tuple(binding.key.split(","))) for binding in bindings(modules()))
    return _usual[identity]


def _loaded() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.startswith("tutor.tui.")]


def _named_after(identity: str) -> list[ModuleType]:
    """The place whose actions begin like this one: its keys where they have a module of their own."""
    place = f"tutor.tui.screens.{identity.partition('.')[0]}"
    name = next((name for name in (f"{place}_keys", place) if find_spec(name)), "")
    return [import_module(name)] if name else []
