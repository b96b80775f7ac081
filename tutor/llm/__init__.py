"""Ollama over HTTP, through its official client: the one door to a language model."""
