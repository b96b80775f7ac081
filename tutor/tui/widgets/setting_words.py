"""Owns what the settings are called and what each does, one sentence each."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.domain.settings import EngineChoice, Settings

GROUPS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Engine": {
        "engine": ("Engine", "Who answers and grades: auto takes Ollama when it runs, else the local engine."),
        "model": ("Model", "Which Ollama model answers and grades; M lists them. Empty takes the first that can chat."),
        "ollama_host": (
            "Ollama at",
            "Where the Ollama server listens. Empty takes $OLLAMA_HOST, else 127.0.0.1:11434.",
        ),
        "allow_remote": (
            "Remote models",
            "Permits models that run elsewhere: your questions and answers are sent there.",
        ),
        "context_tokens": ("Context", "Tokens a model may read at once; more needs memory, and loads the model anew."),
        "deadline": ("Deadline", "Seconds after which a model is given up and the local engine takes over."),
        "encoder": (
            "Search model",
            "The sentence-transformers model search goes by: a name or a folder. Empty takes the one that comes along.",
        ),
        "recalibrate": ("Learn from me", "Lets your decisions on grades move how sure the local engine must be."),
    },
    "Practice": {
        "new_per_day": ("New a day", "New questions mixed into a day's quiz; 0 brings only what is due."),
        "retention": ("Retention", "The share of due questions you want to still know; higher means more reviews."),
        "interview_date": ("Interview", "The day of your interview; it gives each day a plan. Empty for none."),
        "minutes_a_day": (
            "Minutes a day",
            "How long you want to practise a day; the plan fits into it or says it cannot.",
        ),
        "target_rounds": (
            "Rounds ahead",
            "The rounds you expect; the plan takes their chapters. Empty plans for everything.",
        ),
    },
    "Screen": {
        "theme": (
            "Colours",
            "The colours of the app; two sets have the highest contrast, two are your terminal's own.",
        ),
        "flat": ("Flat layout", "Lays the app out for a screen reader: no lines, boxes or moving signs."),
    },
}
"""By group and key: a name, and the effect. A change holds from the next thing one does."""

EMPTY = {
    "model": "automatic",
    "ollama_host": "automatic",
    "encoder": "all-MiniLM-L6-v2",
    "interview_date": "none",
    "target_rounds": "everything",
}
"""What no value means."""

UNITS = {"context_tokens": "tokens", "deadline": "seconds"}

WORDS = {key: words for group in GROUPS.values() for key, words in group.items()}


def value_words(key: str, value: object) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or EMPTY[key]
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{shown} {UNITS[key]}" if key in UNITS else shown or EMPTY[key]


def choices(key: str, themes: tuple[str, ...]) -> tuple[object, ...]:
    """Every value of a setting that has few; empty for what is typed."""
    if isinstance(getattr(Settings(), key), bool):
        return (False, True)
    return {"engine": tuple(EngineChoice), "theme": themes}.get(key, ())
