"""The grader's self-test: labelled answers that ship with the tutor, and how well an engine judges them."""
