"""The ground floor: frozen nouns and errors that every other floor speaks in. Standard library only."""
