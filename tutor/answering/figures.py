"""Owns which figures a sentence states - amounts and dates - and when two of them cannot both be right.

Every figure is an interval: "at least four" reaches upwards without end, "about 3" a good deal to both sides, and a
plain number as far as it may have been rounded. Figures exclude each other when they are of one unit and do not meet.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import date

from tutor.retrieval.words import STOP_WORDS, stem

ROUNDED = 0.1
"""A plain number may be off by half of its last digit, but by no more than this share of itself."""
ABOUT = 0.5
"""A number said to be about right may be off by this share."""

_SECOND = {
    **dict.fromkeys(("µs", "us", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("day", "days"), 86_400.0),
    **dict.fromkeys(("week", "weeks"), 7 * 86_400.0),
    **dict.fromkeys(("month", "months"), 30.4 * 86_400.0),
    **dict.fromkeys(("year", "years"), 365.25 * 86_400.0),
}
_BYTE = {
    **dict.fromkeys(("byte", "bytes"), 1.0),
    **dict.fromkeys(("kb", "kib"), 1e3),
    **dict.fromkeys(("mb", "mib"), 1e6),
    **dict.fromkeys(("gb", "gib"), 1e9),
    **dict.fromkeys(("tb", "tib"), 1e12),
}
_SHARE = dict.fromkeys(("%", "percent", "percentage"), 1.0)
_TIMES = dict.fromkeys(("x", "×", "times", "fold"), 1.0)
_UNITS = {
    word: (unit, size)
    for unit, words in (("second", _SECOND), ("byte", _BYTE), ("%", _SHARE), ("times", _TIMES))
    for word, size in words.items()
}
"""Word -> the unit it is counted in, and how many of them it is. Binary and decimal bytes differ less than rounding."""
_MAGNITUDES = {"k": 1e3, "m": 1e6, "thousand": 1e3, "million": 1e6, "billion": 1e9, "hundred": 1e2}
_COUNTED = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_NUMBERS = {word: float(value) for value, word in enumerate(_COUNTED.split(), 2)} | {
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "ninety": 90.0,
}
"""Not "one", which mostly counts nothing."""
_SHARES = {"half": 50.0, "a third": 100 / 3, "two thirds": 200 / 3, "a quarter": 25.0, "three quarters": 75.0}
_YEARLY = "january february march april may june july august september october november december"
_MONTHS = _YEARLY.split()

_N = rf"(?:\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{'|'.join(_NUMBERS)})\b)"
_MOST = r"up to|at most|no more than|not more than|within|under|below|less than|fewer than|a maximum of|maximum|max"
_LEAST = r"at least|no fewer than|no less than|more than|over|above|from|a minimum of|minimum|min"
_ABOUT = r"about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|~|≈|close to|on the order of"
_KNOWN = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?:\b(?P<most>{_MOST})\s+|\b(?P<least>{_LEAST})\s+)?(?:(?<!\w)(?P<about>{_ABOUT})\s*)?(?P<between>between\s+)?"
    rf"(?P<money>[$€£])?(?<![\w.#/-])(?P<low>{_N})(?:\s*(?P<first>[km])\b)?"
    rf"(?:\s*(?:-|–|to\b|or\b|(?(between)and\b|(?!)))\s*(?P<high>{_N}))?"
    r"(?:\s*(?P<size>k|m|thousand|million|billion|hundred)\b)?"
    rf"(?:\s*(?P<unit>{_KNOWN})(?![\w-])|(?![\w/]|[.,]\d|-[^\W\d])(?:\s+(?P<word>[^\W\d_]+))?)",
    re.I,
)
_PART = re.compile(rf"\b({'|'.join(_SHARES)})\b(?=\s+(?:of|the|all)\b)", re.I)
_DATE = re.compile(
    rf"(?:(?P<when>in|on|since|until|till|by|from|before|after|of|is|was|as of)\s+)?"
    rf"(?:(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{'|'.join(_MONTHS)})\s+(?:(?P<day2>\d{{1,2}}),\s+)?)?"
    r"(?P<year>(?:19|20)\d\d)\b(?![-\d]|,\d|\s*(?:%|ms|tokens?|words|bytes))",
    re.I,
)
_MONTH = re.compile(rf"\b(?P<when>in|since|until|till|by|from)\s+(?P<month>{'|'.join(_MONTHS)})\b", re.I)
_BOUNDING = {"since": "since", "from": "since", "after": "since", "until": "until", "till": "until", "by": "until"} | {
    "before": "until",
    "as of": "as of",
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = re.compile(
    r"(?:\b(?-i:[A-Z])[\w.-]*|\b(?:figure|table|section|step|chapter|level|layer|phase|part|version|type|class|stage"
    r"|rule|option|case|question|appendix|line|page|port|error|top))\s+$",
    re.I,
)
"""What stands before a number that belongs to a name: "Llama 3 models", "step 2"."""
_LABEL = re.compile(r"([^\W\d]\w*)\s*(?:\bof|\bis|=|\bto)\s*$")
"""A number without a unit is of what it is given to: "k = 60", "a temperature of 0.2"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount or a date as a sentence states it."""

    unit: str
    """What is counted, in a unit that others can be turned into; `date` for days of the calendar."""
    low: float
    high: float
    """What it may stand for."""
    start: int
    end: int
    """Where it stands in the sentence, with its unit."""

    def excludes(self, other: "Figure") -> bool:
        """True when both cannot be right of the same thing."""
        return self.unit == other.unit and (self.high < other.low or other.high < self.low)

    def hedged(self) -> "Figure":
        """The same where the sentence only says what is usual."""
        if self.is_date:
            return self
        return replace(self, low=self.low * (1 - ABOUT), high=self.high * (1 + ABOUT))

    @property
    def is_date(self) -> bool:
        """True when it says when, not how many."""
        return self.unit.startswith(("date", "month"))


def figures_in(text: str) -> list[Figure]:
    """The figures of a sentence in order. Numbers that belong to a name ("GPT-4", "p95", "RFC 7540") are none."""
    found: list[Figure] = []
    for one in (*_dates(text), *_parts(text), *_amounts(text)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _dates(text: str) -> list[Figure]:
    found = []
    for match in _DATE.finditer(text):
        if match["when"] is None and match["month"] is None:
            continue
        first, last = _days(int(match["year"]), match["month"], match["day"] or match["day2"])
        when = _BOUNDING.get((match["when"] or "").lower(), "")
        found.append(Figure(f"date {when}".strip(), first, last, match.start(), match.end()))
    for match in _MONTH.finditer(text):
        month = float(_MONTHS.index(match["month"].lower()))
        when = _BOUNDING.get(match["when"].lower(), "")
        found.append(Figure(f"month {when}".strip(), month, month, match.start(), match.end()))
    return found


def _days(year: int, month: str | None, day: str | None) -> tuple[float, float]:
    """First and last day, as ordinals, of what is named of a date."""
    if month is None:
        return float(date(year, 1, 1).toordinal()), float(date(year, 12, 31).toordinal())
    number = _MONTHS.index(month.lower()) + 1
    first = date(year, number, 1).toordinal()
    if day is not None and 1 <= int(day) <= 28:
        return float(first + int(day) - 1), float(first + int(day) - 1)
    return float(first), float(first + 30)


def _parts(text: str) -> list[Figure]:
    return [
        Figure("%", value * (1 - ROUNDED), value * (1 + ROUNDED), found.start(), found.end())
        for found in _PART.finditer(text)
        for value in (_SHARES[found[1].lower()],)
    ]


def _amounts(text: str) -> list[Figure]:
    found = []
    for match in _AMOUNT.finditer(text):
        unit, size, end = _unit(match, text)
        if not unit:
            continue
        size *= _MAGNITUDES.get((match["size"] or "").lower(), 1.0)
        first = _MAGNITUDES.get((match["first"] or "").lower(), 1.0)
        low, low_off = _read(match["low"])
        high, high_off = _read(match["high"] or match["low"])
        low, low_off = low * first, low_off * first
        if match["high"] is None:
            high, high_off = low, low_off
        if match["about"]:
            low_off, high_off = low * ABOUT, high * ABOUT
        low, high = min(low, high), max(low, high)
        lowest = -math.inf if match["most"] else (low - low_off) * size
        highest = math.inf if match["least"] and match["high"] is None else (high + high_off) * size
        found.append(Figure(unit, lowest, highest, match.start(), end))
    return found


def _unit(match: re.Match[str], text: str) -> tuple[str, float, int]:
    """What an amount counts, how many units each is, and where it ends; an empty unit for a number of a name."""
    bare = match.end() if match["word"] is None else match.start("word")
    if match["money"]:
        return match["money"], 1.0, bare
    if match["unit"]:
        return *_UNITS[match["unit"].lower()], match.end()
    word = (match["word"] or "").lower()
    if word and (match["word"] != word or _YEAR.fullmatch(match["low"]) or _NAMED.search(text, 0, match.start("low"))):
        return "", 1.0, bare
    if word and word not in STOP_WORDS:
        return f"count {stem(word)}", 1.0, match.end()
    label = _LABEL.search(text, 0, match.start())
    return (f"value {stem(label[1].lower())}", 1.0, bare) if label else ("", 1.0, bare)


def _read(written: str) -> tuple[float, float]:
    """A number, and how far it may be off for having been rounded."""
    if written.lower() in _NUMBERS:
        value = _NUMBERS[written.lower()]
        return value, 0.1 * value if value < 5 else 0.49
    plain = written.replace(",", "")
    value = float(plain)
    digits = plain.partition(".")[2]
    last = 10.0 ** -len(digits) if digits else 10.0 ** (len(plain) - len(plain.rstrip("0") or "0"))
    return value, min(ROUNDED * value, 0.49 * last)
