"""Owns what the learner can choose, and the defaults."""

from dataclasses import dataclass
from enum import StrEnum


class EngineChoice(StrEnum):
    """Which engine answers and grades."""

    AUTO = "auto"
    """Ollama when it runs and has a model, else the local engine; a fallback is always said."""
    LOCAL = "local"
    OLLAMA = "ollama"


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from `<home>/settings.toml`; every line is optional there."""

    engine: EngineChoice = EngineChoice.AUTO
    """auto | local | ollama."""
    ollama_host: str = ""
    """`host:port` or an address; empty takes $OLLAMA_HOST, else 127.0.0.1:11434."""
    model: str = ""
    """Name of the Ollama model; empty takes the first installed one that can chat."""
    allow_remote: bool = False
    """Permit models whose name sends text off this machine."""
    context_tokens: int = 8192
    """The context size asked of Ollama on every call; changing it between calls would reload the model."""
    deadline: float = 300.0
    """Seconds after which a model call is given up."""
    encoder: str = ""
    """The sentence-transformers model for search, by name or folder; empty takes the one that comes along."""
    new_per_day: int = 8
    """New questions mixed into a day's quiz, 0..200."""
    retention: float = 0.9
    """Share of due questions you want to still know, 0.7..0.97; higher means more reviews."""
    theme: str = "atlas-dark"
    """Name of a colour theme; the palette lists them."""
    flat: bool = False
    """Lay the app out for a screen reader: no lines, boxes or moving signs, the cursor on the row that matters."""
    interview_date: str = ""
    """The day of your interview, `2026-12-05`; empty when there is none yet. It gives each day a plan."""
    minutes_a_day: int = 30
    """How long you want to practise a day, 5..600 minutes; the plan fits into it or says that it cannot."""
    target_rounds: tuple[str, ...] = ()
    """The rounds ahead of you, like `["screening", "system-design"]`; empty plans for the whole track."""
    recalibrate: bool = True
    """Let your own decisions on grades move how sure the local engine must be, once you have judged 20 points."""
