"""From a question to a grounded answer whose citations have been checked."""
