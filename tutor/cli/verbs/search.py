"""`tutor search`: passages for a query, best first."""

from __future__ import annotations

import argparse

from tutor.answering.readable import readable
from tutor.cli.output import Narrator, emit, json_flag, narrate, tell
from tutor.domain.errors import TutorError
from tutor.domain.passage import SearchResult
from tutor.workspace import Workspace
from tutor.workspace.finding import SOON

MAX_RESULTS = 100
SHOWN = 240
"""Characters of a passage."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to look for")
    parser.add_argument("-k", type=int, default=5, metavar="N", help=f"how many passages, 1 to {MAX_RESULTS} (5)")
    parser.add_argument("--batch", metavar="FILE", help='answer a file of {"id","query"} lines; - reads stdin')
    parser.add_argument(
        "--engine",
        choices=("hybrid", "keyword"),
        default="hybrid",
        help="by words and meaning, or by words alone, at once (hybrid)",
    )
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Search once, or once per line of a batch."""
    if not 1 <= options.k <= MAX_RESULTS:
        raise TutorError(f"-k is {options.k}; give a number from 1 to {MAX_RESULTS}.")
    if options.query and options.batch:
        raise TutorError("there is a query and a batch. Give either a query or --batch FILE.")
    with Workspace.open(options.home) as workspace:
        by_words = options.engine == "keyword"
        with Narrator() as narrator:
            report = workspace.refresh_index(narrator, most=0 if by_words else SOON)
        if options.batch:
            return run_lines(workspace, options, by_words)
        query = " ".join(options.query).strip()
        if not query:
            raise TutorError('there is nothing to search for. Write it after the verb: tutor search "chunk overlap".')
        result = workspace.search(query, options.k, by_words=by_words)
        if options.json:
            from tutor.cli.shapes import search_shape

            emit(search_shape(result))
        else:
            show(result)
        if report.waiting and result.engine == "hybrid":
            narrate(f'{report.waiting} passages are known by their words only. "tutor index" reads their meaning.')
        if result.engine == "keyword" and not by_words:
            narrate('Searched by keywords only: the sentence encoder is not ready. "tutor index" prepares it, once.')
        return 0


def run_lines(workspace: Workspace, options: argparse.Namespace, by_words: bool) -> int:
    """Search once per line of a batch."""
    from tutor.cli.batch import run_batch, text_field
    from tutor.cli.shapes import Shape, search_shape

    def answer(item: dict[str, object]) -> Shape:
        return search_shape(workspace.search(text_field(item, "query"), options.k, by_words=by_words))

    return run_batch(options.batch, answer)


def show(result: SearchResult) -> None:
    """The hits as text."""
    if result.respelt:
        narrate(f"Read as “{result.respelt}”.")
    if not result.hits:
        tell("Nothing in the material matches.")
    elif not any(hit.keyword for hit in result.hits):
        narrate("No passage holds these words; below are the nearest in meaning.")
    for rank, hit in enumerate(result.hits, 1):
        tell(f"{rank}. {hit.passage.chapter} › {hit.passage.heading}  ({hit.score:.2f})")
        first = readable(hit.passage.text)
        tell(first if len(first) <= SHOWN else first[:SHOWN].rpartition(" ")[0] + " …", indent="   ")
        tell(hit.passage.id, indent="   ")
        tell()
