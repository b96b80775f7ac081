"""Encodes the texts on standard input with sentence-transformers itself: the parity test runs it in its own process."""

import json
import sys

from tutor.retrieval.encoder_export import load, packaged


def main() -> None:
    """A JSON list of texts in, a JSON list of vectors out."""
    model = load(packaged())
    vectors = model.encode(json.load(sys.stdin), normalize_embeddings=True)
    sys.stdout.write(json.dumps(vectors.tolist()))


if __name__ == "__main__":
    main()
