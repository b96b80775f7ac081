"""Run by test_cache_while_open.py: search in caches whose files are damaged meanwhile, and tell what was found.

Arguments: the encoder's folder, a folder of caches, and the bytes up to which a generation counts as small. One line of
JSON goes out when all are open; when one has come in, one for each cache.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from tests.retrieval import material
from tutor.domain.errors import TutorError
from tutor.retrieval import generations
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex

PASSAGES = material.passages()
EDITED = [replace(PASSAGES[0], text=f"{PASSAGES[0].text} Changed."), *PASSAGES[1:]]
MEANING = "finding an exact product code"


def run(encoder_folder: Path, caches: Path, small: int) -> None:
    """Open, tell, wait, search, bring in step, search."""
    generations.SMALL = small
    encoder = Encoder(encoder_folder)
    opened = {folder.name: SearchIndex(folder) for folder in sorted(caches.iterdir())}

    def headings(name: str) -> list[str]:
        return [hit.passage.heading for hit in opened[name].search(MEANING, 9, encoder=encoder).hits]

    print(json.dumps([headings(name) for name in opened]), flush=True)
    sys.stdin.readline()
    for name, index in opened.items():
        print(f"[{json.dumps(name)}, ", end="", flush=True)  # if it ends the process, one sees which it was
        found = [headings(name) for _ in range(2)]
        said = ""
        try:
            index.sync(EDITED, encoder=encoder)
            index.draw(encoder.version)
        except TutorError as error:
            said = str(error)
        print(json.dumps({"found": found, "said": said, "after": headings(name)}) + "]", flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
