"""Owns whether a reply is the JSON that was asked for. Servers are seen to ignore a schema, with status 200."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.domain.text import visible

_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*)\n\s*```\s*", re.DOTALL)
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def read_reply(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object in a reply, its strings made safe to show. A Markdown fence around it is forgiven.

    Raises ValueError with a sentence that says what is wrong with it, written to be sent back to the model.
    """
    fenced = _FENCE.fullmatch(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text)
    except ValueError as error:
        raise ValueError(f"The reply is not JSON: {error}.") from None
    except RecursionError:
        raise ValueError("The reply is nested too deeply.") from None
    if not isinstance(value, dict):
        raise ValueError("The reply is not a JSON object.")
    if faults := check(value, schema, schema, "The reply"):
        raise ValueError(" ".join(faults[:5]))
    return {key: _safe(item) for key, item in value.items()}


def check(value: object, schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> list[str]:
    """What in the value is not as the schema says, as sentences.

    Knows what our schemas use: type, enum, properties, required, additionalProperties, items and local `$ref`. The
    lengths in a schema bound what a server generates; a longer text is still a reply, so they are not checked.
    """
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/$defs/")
        return check(value, root["$defs"][name], root, place)
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(json.dumps(option) for option in schema["enum"])
        return [f"{place} must be one of {allowed}."]
    kind = schema.get("type")
    if kind and not _is(value, str(kind)):
        return [f"{place} must be of type {kind}."]
    if isinstance(value, dict) and "properties" in schema:
        return _check_object(value, schema, root, place)
    if isinstance(value, list) and "items" in schema:
        return [
            fault for n, item in enumerate(value) for fault in check(item, schema["items"], root, f"{place}, item {n}")
        ]
    return []


def _check_object(value: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> list[str]:
    properties: Mapping[str, Any] = schema["properties"]
    required: Sequence[str] = schema.get("required", ())
    faults = [f'{place} lacks "{name}".' for name in required if name not in value]
    if schema.get("additionalProperties") is False:
        faults += [f'{place} must not have "{name}".' for name in value if name not in properties]
    for name, part in properties.items():
        if name in value:
            faults += check(value[name], part, root, f'"{name}"')
    return faults


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _safe(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {visible(key): _safe(item) for key, item in value.items()}
    return value
