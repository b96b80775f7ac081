"""Makes the vectors that come with the shipped chapters; run it after editing them.

    .venv/bin/python scripts/make_vectors.py

Embeds every passage of content/ with the exported encoder (preparing it in a temporary folder when --encoder names
none) and writes content/<track>/vectors.npz. A test says when that file no longer fits the chapters.
"""

import argparse
import tempfile
from pathlib import Path

from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.embedding import embed
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.passages import to_index
from tutor.retrieval.prepare import encoder_folder, prepare_encoder
from tutor.retrieval.shipped import FILE, write_shipped


def main() -> None:
    """Embed and write, track by track."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, help="folder of an exported encoder")
    folder = parser.parse_args().encoder
    with tempfile.TemporaryDirectory() as cache:
        if folder is None:
            folder = encoder_folder(Path(cache))
            prepare_encoder(Path(cache), lambda done, total, label: print(f"{label} ({done}/{total})"))
        encoder = Encoder(folder)
        for track in load_library([(shipped_root(), True)]).library.tracks:
            passages = [p for section in track.sections for chapter in section.chapters for p in to_index(chapter)]
            vectors = embed(passages, encoder)
            file = shipped_root() / track.id / FILE
            write_shipped(file, encoder.version, vectors)
            many = sum(map(len, vectors.values()))
            print(f"{track.id}: {many} vectors of {len(vectors)} passages, {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
