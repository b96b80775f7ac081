"""A sitting without a terminal: what to ask next, the quiz as a state machine, the schedule, progress."""
