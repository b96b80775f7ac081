"""Owns YAML: a small mapping of texts and lists, with the line each value stands on.

Values stay texts, so `title: No` and `id: 007` mean what they say. Aliases, anchors, tags and deep nesting are refused,
which leaves a hostile file nothing to multiply.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from tutor.domain.text import visible
from tutor.library.problem import Faults

MOST_CHARACTERS = 64_000
DEEPEST = 5
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Field:
    """One value and where it stands."""

    value: "str | tuple[Field, ...] | dict[str, Field]"
    """Text has single blanks and no control characters, however it was escaped."""
    line: int


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_fields(text: str, what: str, *, first_line: int, faults: Faults) -> dict[str, Field] | None:
    """The mapping written in `text`, or None once the fault is noted.

    `what` names the text in sentences (`front matter`); `first_line` is the line of the file that it starts on.
    """
    if len(text) > MOST_CHARACTERS:
        faults.error(first_line, f"{what} is longer than {MOST_CHARACTERS:,} characters. Move text into the body.")
        return None
    try:
        root = _root(yaml.parse(text, Loader=_LOADER), first_line)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        line = first_line + (min(at.line, text.count("\n")) if at else 0)
        reason = visible(str(error.problem or error.context or "unreadable"))
        faults.error(line, f'{what} is not valid YAML ({reason}). Put values with ": " or " #" in double quotes.')
    except yaml.YAMLError as error:
        reason = visible(str(error)).partition("\n")[0]
        faults.error(first_line, f"{what} is not valid YAML ({reason}). Delete that character.")
    except _Refused as refusal:
        faults.error(refusal.line, f"{what} {refusal}")
    else:
        if root is not None and isinstance(root.value, dict):
            return root.value
        faults.error(first_line, f"{what} is not a mapping. Write it as lines like `title: The title`.")
    return None


def _root(events: Iterator[yaml.Event], first_line: int) -> Field | None:
    root = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise _Refused(first_line + _line(event), "holds two documents. Keep one mapping.")
        elif isinstance(event, yaml.NodeEvent):
            root = _node(event, events, first_line, depth=1)
    return root


def _node(event: yaml.NodeEvent, events: Iterator[yaml.Event], first_line: int, depth: int) -> Field:
    line = first_line + _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise _Refused(line, "uses a YAML alias or anchor (`*name`, `&name`). Write the value out, or quote it.")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        raise _Refused(line, "uses a YAML tag (`!name`). Delete the tag, or quote the value.")
    if depth > DEEPEST:
        raise _Refused(line, f"is nested deeper than {DEEPEST} levels. Flatten it.")
    if isinstance(event, yaml.ScalarEvent):
        return Field(" ".join(visible(event.value).split()), line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Field(tuple(_node(item, events, first_line, depth + 1) for item in _until_end(events)), line)
    return Field(_mapping(events, first_line, depth), line)


def _mapping(events: Iterator[yaml.Event], first_line: int, depth: int) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for event in _until_end(events):
        key = _node(event, events, first_line, depth + 1)
        if not isinstance(key.value, str):
            raise _Refused(key.line, "has a list or mapping where a key belongs. Write `key: value`.")
        if key.value in found:
            raise _Refused(key.line, f'has the key "{key.value}" twice. Keep one of them.')
        value = _node(_next_node(events), events, first_line, depth + 1)
        found[key.value] = Field(value.value, key.line)
    return found


def _line(event: yaml.Event) -> int:
    """Lines above the event, from 0."""
    return event.start_mark.line if event.start_mark else 0


def _until_end(events: Iterator[yaml.Event]) -> Iterator[yaml.NodeEvent]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        assert isinstance(event, yaml.NodeEvent)
        yield event


def _next_node(events: Iterator[yaml.Event]) -> yaml.NodeEvent:
    event = next(events)
    assert isinstance(event, yaml.NodeEvent)
    return event
