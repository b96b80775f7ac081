"""One module a verb: `arguments(parser)` declares its words, `run(options)` does it and returns the exit code."""
