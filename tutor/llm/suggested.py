"""Owns the models one may begin with: a short list with sizes, so that nobody downloads gigabytes unawares.

Names and sizes are the Ollama library's of 2025, rounded. None of these was measured as a grader here; the self-test
tells how one does.
"""

from dataclasses import dataclass

AS_OF = "2025"
"""When the sizes were read."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model that can be had."""

    name: str
    """As it is pulled."""
    parameters: str
    gigabytes: float
    """To download, and about as much memory to run."""
    about: str
    """A few words."""


SUGGESTED = (
    Suggestion("llama3.2:3b", "3B", 2.0, "small; runs on most machines"),
    Suggestion("qwen3:4b-instruct", "4B", 2.5, "small; answers without thinking aloud"),
    Suggestion("phi4-mini", "3.8B", 2.5, "small"),
    Suggestion("gemma3:4b", "4B", 3.3, "small; keeps to the form it is asked for"),
    Suggestion("qwen3:8b", "8B", 5.2, "wants 8 GB of memory to itself"),
    Suggestion("gpt-oss:20b", "20B", 14.0, "wants 16 GB of memory or a large graphics card"),
)
"""The smallest first."""
