"""Atlas Tutor: a terminal tutor for interview preparation."""

__version__ = "0.1.0"
