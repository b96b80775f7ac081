"""Owns the front matter of a chapter file: which keys there are and what each may hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from tutor.domain.content import Source
from tutor.library.fields import Field, read_fields
from tutor.library.problem import Faults
from tutor.library.slugs import ID_RULE, is_id

LEVELS = ("core", "advanced")
WEIGHTS = ("high", "medium", "low")
KEYS = (
    "id", "title", "level", "weight", "updated", "prerequisites", "aliases", "sources", "answers", "beyond", "imported",
)  # fmt: skip
SOURCE_KEYS = ("title", "ref", "year")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above the body."""

    slug: str
    """Empty when it is missing or malformed."""
    title: str
    level: str
    weight: str
    updated: date | None
    prerequisites: tuple[str, ...]
    """As written: `chapter` of the same track, or `track/chapter`."""
    aliases: tuple[str, ...]
    sources: tuple[Source, ...]
    answers: Mapping[str, tuple[str, ...]]
    """Questions in learners' words by the heading that answers them."""
    beyond: tuple[str, ...]
    """Questions near the subject that no chapter answers."""
    lines: Mapping[str, int]
    """The line of each key that is there."""


def bordered(texts: Sequence[str]) -> int | None:
    """How many lines front matter takes with both its borders; None when it is not there or not closed."""
    if not texts or texts[0].rstrip() != "---":
        return None
    return next((index + 1 for index in range(1, len(texts)) if texts[index].rstrip() == "---"), None)


def split_front_matter(texts: Sequence[str], faults: Faults) -> int | None:
    """How many lines the front matter takes with both its borders; None once the fault is noted."""
    size = bordered(texts)
    if size is not None:
        return size
    if not texts or texts[0].rstrip() != "---":
        faults.error(1, "front matter is missing. Start with the lines `---`, `id: ...`, `title: ...`, `---`.")
        return None
    faults.error(1, "front matter is opened here and never closed. Add a line `---` after its last key.")
    return None


def read_front_matter(texts: Sequence[str], faults: Faults) -> FrontMatter | None:
    """Read the lines between the borders; None when they hold no mapping."""
    fields = read_fields("\n".join(texts), "front matter", first_line=2, faults=faults)
    if fields is None:
        return None
    warn_of_unknown_keys(fields, KEYS, "front matter", faults)
    return FrontMatter(
        slug=read_id(fields, "id", "front matter", 1, faults),
        title=read_text(fields, "title", "front matter", 1, faults),
        level=_choice(fields, "level", LEVELS, "core", faults),
        weight=_choice(fields, "weight", WEIGHTS, "medium", faults),
        updated=_day(fields, faults),
        prerequisites=_prerequisites(fields, faults),
        aliases=_texts(fields, "aliases", faults),
        sources=_sources(fields, faults),
        answers=_answers(fields, faults),
        beyond=_texts(fields, "beyond", faults),
        lines={key: field.line for key, field in fields.items()},
    )


def warn_of_unknown_keys(fields: Mapping[str, Field], known: Sequence[str], what: str, faults: Faults) -> None:
    """A warning for each key that nothing reads, with the one that was probably meant."""
    for key in fields:
        if key not in known:
            close = get_close_matches(key.lower(), known, n=1, cutoff=0.6)
            mend = f'Did you mean "{close[0]}"?' if close else f"Known keys are {', '.join(known)}."
            faults.warning(fields[key].line, f'{what} has an unknown key "{key[:40]}". {mend}')


def read_text(fields: Mapping[str, Field], key: str, what: str, line: int, faults: Faults) -> str:
    """The text that must stand under a key; empty once its absence is noted."""
    field = fields.get(key)
    if field is None:
        faults.error(line, f"{what} has no {key}. Add a line `{key}: ...`.")
    elif not isinstance(field.value, str):
        faults.error(field.line, f"{key} must be a text. Write `{key}: ...` on one line.")
    elif not field.value:
        faults.error(field.line, f"{key} is empty. Write it after the colon.")
    else:
        return field.value
    return ""


def read_id(fields: Mapping[str, Field], key: str, what: str, line: int, faults: Faults) -> str:
    """The id that must stand under a key; empty once its fault is noted."""
    found = read_text(fields, key, what, line, faults)
    if found and not is_id(found):
        faults.error(fields[key].line, f'{key} "{found[:80]}" is not an id. {ID_RULE}.')
        return ""
    return found


def read_list(fields: Mapping[str, Field], key: str, example: str, faults: Faults) -> tuple[Field, ...]:
    """The list under a key, empty when the key is absent or holds nothing."""
    field = fields.get(key)
    if field is None or field.value == "":
        return ()
    if not isinstance(field.value, tuple):
        faults.error(field.line, f"{key} must be a list. Write `{key}: {example}`.")
        return ()
    return field.value


def _choice(fields: Mapping[str, Field], key: str, allowed: Sequence[str], default: str, faults: Faults) -> str:
    field = fields.get(key)
    if field is None:
        return default
    if isinstance(field.value, str) and field.value in allowed:
        return field.value
    shown = f' "{field.value[:40]}"' if isinstance(field.value, str) else ""
    faults.error(field.line, f"{key}{shown} is unknown. Use {', '.join(allowed[:-1])} or {allowed[-1]}.")
    return default


def _day(fields: Mapping[str, Field], faults: Faults) -> date | None:
    field = fields.get("updated")
    if field is None:
        return None
    if isinstance(field.value, str) and _DAY.fullmatch(field.value):
        try:
            return date.fromisoformat(field.value)
        except ValueError:
            pass
    shown = f' "{field.value[:40]}"' if isinstance(field.value, str) else ""
    faults.error(field.line, f"updated{shown} is not a date. Write it as year-month-day, like 2026-03-30.")
    return None


def _texts(fields: Mapping[str, Field], key: str, faults: Faults) -> tuple[str, ...]:
    texts = []
    for item in read_list(fields, key, "[first, second]", faults):
        if isinstance(item.value, str) and item.value:
            texts.append(item.value)
        else:
            faults.error(item.line, f"{key} holds something that is not a text. Write each as one word or phrase.")
    return tuple(texts)


def _prerequisites(fields: Mapping[str, Field], faults: Faults) -> tuple[str, ...]:
    names = []
    for name in _texts(fields, "prerequisites", faults):
        parts = name.split("/")
        if len(parts) <= 2 and all(is_id(part) for part in parts):
            names.append(name)
        else:
            line = fields["prerequisites"].line
            faults.error(line, f'prerequisite "{name[:80]}" is not a chapter id. Write `chapter` or `track/chapter`.')
    return tuple(names)


def _sources(fields: Mapping[str, Field], faults: Faults) -> tuple[Source, ...]:
    example = '{title: "...", ref: "...", year: 2024}'
    sources = []
    for item in read_list(fields, "sources", f"[{example}]", faults):
        if not isinstance(item.value, dict):
            faults.error(item.line, f"a source must be a mapping. Write {example}.")
            continue
        warn_of_unknown_keys(item.value, SOURCE_KEYS, "a source", faults)
        title = read_text(item.value, "title", "a source", item.line, faults)
        ref = item.value["ref"].value if "ref" in item.value else ""
        if not isinstance(ref, str):
            faults.error(item.line, 'the ref of a source must be a text. Write `ref: "arXiv:2005.11401"`.')
        elif title:
            sources.append(Source(title, ref, _year(item.value, faults)))
    return tuple(sources)


def _answers(fields: Mapping[str, Field], faults: Faults) -> dict[str, tuple[str, ...]]:
    field = fields.get("answers")
    if field is None or field.value == "":
        return {}
    if not isinstance(field.value, dict):
        faults.error(field.line, "answers must be a mapping. Write `Heading: [a question, another]` on lines under it.")
        return {}
    return {heading: _texts(field.value, heading, faults) for heading in field.value}


def _year(source: Mapping[str, Field], faults: Faults) -> int | None:
    field = source.get("year")
    if field is None:
        return None
    if isinstance(field.value, str) and _YEAR.fullmatch(field.value):
        return int(field.value)
    faults.error(field.line, "the year of a source must have four digits, like 2024. Correct it or leave it out.")
    return None
