"""Owns the first words of the day, needed before the framework is there and again once it is."""


def greeting(hour: int) -> str:
    """By the learner's clock."""
    if hour < 5:
        return "Still up?"
    return "Good morning." if hour < 12 else "Good afternoon." if hour < 18 else "Good evening."


def due_words(due: int) -> str:
    """How many questions are due, without a full stop, so that more can follow."""
    return f"{due} question{'' if due == 1 else 's'} {'is' if due == 1 else 'are'} due"
