"""Owns how a learner says a day: `2026-12-05`, `5 Dec`, `in 12 days`, `in 2 weeks`, `12`."""

import re
from datetime import date, timedelta

from tutor.domain.errors import TutorError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FURTHEST = 730
"""Days ahead that still are a date and not a slip of the finger."""


def parse_day(text: str, today: date) -> date | None:
    """The day meant, the next one of that name when the year is left out; None for no text.

    Raises TutorError for what is no day, and for a day that is past or more than two years ahead.
    """
    words = text.strip().casefold()
    if not words:
        return None
    day = _named(words, today)
    if day is None:
        raise TutorError(f'"{text.strip()}" is no day. Write it like 2026-12-05, 5 Dec, or in 12 days.')
    if not today <= day <= today + timedelta(days=FURTHEST):
        raise TutorError(f"{day:%d %B %Y} is {'past' if day < today else 'too far ahead'}. Give a day to come.")
    return day


def _named(words: str, today: date) -> date | None:
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if ahead := re.fullmatch(r"(?:in )?(\d{1,4})(?: days?| (weeks?))?", words.replace("a week", "1 week")):
        return today + timedelta(days=int(ahead[1]) * (7 if ahead[2] else 1))
    try:
        if found := re.fullmatch(r"(\d{1,2})\.? ([a-z]{3})[a-z]*\.?(?: (\d{4}))?", words):
            return _next(int(found[1]), found[2], found[3], today)
        return date.fromisoformat(words)
    except ValueError:
        return None


def _next(number: int, month: str, year: str | None, today: date) -> date | None:
    if month not in _MONTHS:
        return None
    day = date(int(year) if year else today.year, _MONTHS.index(month) + 1, number)
    return day.replace(year=day.year + 1) if not year and day < today else day
