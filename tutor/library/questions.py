"""Owns the grammar under `## Key questions`: from its lines to KeyQuestion nouns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tutor.domain.content import KeyPoint, KeyQuestion, Misconception
from tutor.library.lines import Line, joined
from tutor.library.problem import Faults
from tutor.library.slugs import ID_RULE, is_id, slug_of_sentence

LONGEST = 2_000
"""Characters of a question; it is shown whole above the answer, and every grade reads it."""
POINTS, MISCONCEPTIONS, FOLLOW_UPS = "key points", "misconceptions", "follow-ups"
_LIST = re.compile(r" {0,3}(key points|misconceptions|follow-ups)[ \t]*:[ \t]*$", re.IGNORECASE)
_CONTRAST = re.compile(r" {0,3}contrast[ \t]*:(.*)$", re.IGNORECASE)
_ITEM = re.compile(r"( {0,1}|[ \t]{2,})[-*](?:[ \t]+(.*)|)$")
_ALSO = re.compile(r"also[ \t]*:[ \t]*(.*)$", re.IGNORECASE)
_FLAG = re.compile(r"\((essential|derived)\)(?:\s+|$)", re.IGNORECASE)
_AUTHORED_ID = re.compile(r"(?:^|\s+)\{#([^{}]*)\}$")
_ARROW = re.compile(r"\s*(?:->|→)\s*")


@dataclass(slots=True)
class _Item:
    """A list item, its continuation lines joined on, and the items indented under it."""

    line: int
    text: str
    under: "list[_Item]" = field(default_factory=list)


def read_questions(lines: Sequence[Line], heading: int, chapter_id: str, faults: Faults) -> tuple[KeyQuestion, ...]:
    """The questions in the lines under `## Key questions`, which itself stands on line `heading`."""
    starts = [index for index, line in enumerate(lines) if line.level == 3]
    for line in lines[: starts[0] if starts else len(lines)]:
        if line.text.strip():
            faults.error(line.number, "this text belongs to no question. Start the question with `### `.")
            break
    if not starts:
        faults.error(heading, "there is no question under this heading. Add `### The question? {#id}`, or delete it.")
    questions: dict[str, KeyQuestion] = {}
    for start, end in pairwise([*starts, len(lines)]):
        question = _read_question(lines[start], lines[start + 1 : end], chapter_id, faults)
        if question.id in questions:
            first = questions[question.id].line
            name = question.id.partition("#")[2]
            message = f'question id "{name}" is already used on line {first}. Give one another {{#id}}.'
            faults.error(question.line, message)
        questions.setdefault(question.id, question)
    return tuple(questions.values())


def _read_question(head: Line, lines: Sequence[Line], chapter_id: str, faults: Faults) -> KeyQuestion:
    text, name = _with_id(head.heading, "question", head.number, faults)
    if not text:
        faults.error(head.number, "question has no text. Write it after `###`.")
    if len(text) > LONGEST:
        faults.error(head.number, f"question is longer than {LONGEST:,} characters. Move its story into the body.")
    parts = _take_apart(lines, faults)
    reference = joined(parts.prose)
    if not reference:
        faults.error(head.number, "question has no reference answer. Write it as prose under the question.")
    if POINTS not in parts.lists:
        faults.error(head.number, 'question has no key points. Add a line "Key points:" and a "- " line for each.')
    return KeyQuestion(
        id=f"{chapter_id}#{name}",
        text=text,
        reference=reference,
        points=_points(parts.lists.get(POINTS, ()), faults),
        misconceptions=_misconceptions(parts.lists.get(MISCONCEPTIONS, ()), faults),
        follow_ups=_follow_ups(parts.lists.get(FOLLOW_UPS, ()), faults),
        contrast=parts.contrast,
        line=head.number,
    )


@dataclass(slots=True)
class _Parts:
    """A question taken apart line by line."""

    faults: Faults
    prose: list[Line] = field(default_factory=list)
    contrast: tuple[str, ...] = ()
    lists: dict[str, list[_Item]] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    """The line of each list's name."""
    current: str = ""
    """The list that items go to; empty while the reference answer lasts."""

    def take(self, line: Line) -> None:
        """Put the next line where it belongs."""
        name = None if line.fenced else _LIST.match(line.text)
        contrast = None if line.fenced else _CONTRAST.match(line.text)
        if line.level:
            self.faults.error(line.number, "a heading cannot stand inside a question. Use bold text, or `###`.")
        elif name:
            self._open(name[1].lower(), line.number)
        elif contrast:
            self._set_contrast(contrast[1], line.number)
        elif not self.current:
            self.prose.append(line)
        elif line.text.strip():
            _add_to_list(self.lists[self.current], line, self.current, self.faults)

    def _open(self, name: str, line: int) -> None:
        if name in self.lists:
            self.faults.error(line, f'this question already has a "{_shown(name)}:" list. Join the two.')
        self.lists.setdefault(name, [])
        self.opened.setdefault(name, line)
        self.current = name

    def _set_contrast(self, written: str, line: int) -> None:
        names = tuple(" ".join(name.split()) for name in written.split("|"))
        if self.contrast:
            self.faults.error(line, "this question already has a Contrast line. Join the two with `|`.")
        elif len(names) < 2 or not all(names):
            self.faults.error(line, "Contrast needs two names or more. Write `Contrast: RAG | fine-tuning`.")
        else:
            self.contrast = names


def _take_apart(lines: Sequence[Line], faults: Faults) -> _Parts:
    parts = _Parts(faults)
    for line in lines:
        parts.take(line)
    for name, items in parts.lists.items():
        # A line that could not be placed has already said why the list is empty.
        if not items and all(problem.line <= parts.opened[name] for problem in faults.problems):
            message = f'"{_shown(name)}:" has no items. Add a "- " line under it, or delete it.'
            faults.error(parts.opened[name], message)
    return parts


def _add_to_list(items: list[_Item], line: Line, name: str, faults: Faults) -> None:
    """Put a line of a list where it belongs: a new item, one under the last, or more of the last one's text."""
    found = None if line.fenced else _ITEM.match(line.text)
    indented = line.text[:2].isspace()
    words = " ".join((found[2] or "" if found else line.text).split())
    if found and name == POINTS and _ALSO.match(words) and (len(found[1]) < 2 or not items):
        faults.error(line.number, _STRAY_ALSO)
    elif found and len(found[1]) < 2:
        items.append(_Item(line.number, words))
    elif not items or line.fenced or not indented:
        mend = 'Start an item with "- ", or indent the line by two spaces to go on with the item above'
        faults.error(line.number, f'this line belongs to no item of "{_shown(name)}:". {mend}.')
    elif found:
        items[-1].under.append(_Item(line.number, words))
    else:
        last = items[-1].under[-1] if items[-1].under else items[-1]
        last.text = f"{last.text} {words}".strip()


_STRAY_ALSO = "`also:` stands under no key point. Indent it by two spaces under the point it says in other words."


def _points(items: Sequence[_Item], faults: Faults) -> tuple[KeyPoint, ...]:
    points: dict[str, KeyPoint] = {}
    for item in items:
        point = _point(item, faults)
        if point is None:
            continue
        if point.id in points:
            first = points[point.id].line
            message = f'key point id "{point.id}" is already used on line {first}. Give one another {{#id}}.'
            faults.error(item.line, message)
        points.setdefault(point.id, point)
    return tuple(points.values())


def _point(item: _Item, faults: Faults) -> KeyPoint | None:
    text, flags = item.text, set()
    while flag := _FLAG.match(text):
        flags.add(flag[1].lower())
        text = text[flag.end() :]
    text, name = _with_id(text, "key point", item.line, faults)
    if not text:
        faults.error(item.line, "key point has no text. Write one sentence after the dash.")
        return None
    also = []
    for under in item.under:
        found = _ALSO.match(under.text)
        if not found:
            faults.error(under.line, "only `- also: ...` may stand under a key point. Move this out, or write `also:`.")
        elif not found[1]:
            faults.error(under.line, "`also:` has no text. Write another way to say the point, or delete the line.")
        else:
            also.append(found[1])
    return KeyPoint(name, text, "essential" in flags, tuple(also), "derived" in flags, item.line)


def _misconceptions(items: Sequence[_Item], faults: Faults) -> tuple[Misconception, ...]:
    found = []
    for item in items:
        text, *correction = _ARROW.split(item.text, maxsplit=1)
        if not text:
            faults.error(item.line, "misconception has no text. Write the wrong sentence, `->` and its correction.")
        else:
            _refuse_items_under(item, faults)
            found.append(Misconception(text, correction[0] if correction else "", item.line))
    return tuple(found)


def _follow_ups(items: Sequence[_Item], faults: Faults) -> tuple[str, ...]:
    for item in items:
        _refuse_items_under(item, faults)
        if not item.text:
            faults.error(item.line, "follow-up has no text. Write a question after the dash.")
    return tuple(item.text for item in items if item.text)


def _refuse_items_under(item: _Item, faults: Faults) -> None:
    for under in item.under:
        faults.error(under.line, 'this list has one level. Start the line with "- ", without a blank before it.')


def _with_id(text: str, what: str, line: int, faults: Faults) -> tuple[str, str]:
    """The text without its `{#id}`, and the id: the authored one, else one made from the words."""
    found = _AUTHORED_ID.search(text)
    if not found:
        return text, slug_of_sentence(text)
    text = text[: found.start()]
    if is_id(found[1]):
        return text, found[1]
    faults.error(line, f'{what} id "{found[1][:80]}" is not an id. {ID_RULE}.')
    return text, slug_of_sentence(text)


def _shown(name: str) -> str:
    return name.capitalize()
