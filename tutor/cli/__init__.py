"""The verbs of the shell: parse, call, print."""
