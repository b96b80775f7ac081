"""Whatever text is imported, it becomes a chapter that loads, or a sentence; and importing it again changes nothing."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.library.samples import CHAPTER
from tutor.domain.errors import ContentError
from tutor.library.catalogue import load_library
from tutor.library.importers import import_source

TODAY = date(2026, 11, 22)
PAGE = "Atlas\n\nBasics\n\nTitle\n\n3 April 2026\n\n"
PAGE_PIECES = ["\n\n", "\n", "Heading\n\n", "Key Questions\n\n", "Q: Why?\n", "Q: ", "A: So it is.\n"]
LIST_PIECES = ["A: ", "• item\n", "1. x\n", "# Title\n"]
MARKERS = ["```\n", "~~~", "{#x}", "(essential) ", "Also: x y z. ", "Contrast: a|b\n", "Key points:\n", "\\", "->"]
SENTENCES = ["Can a be b?", "Yes. ", "when a b c, when d e f g h, or when i j k"]
CONTROLS = ["\x1b[2J", "\u202e", "#", "\ufffe", "\u2028", "\r"]
PIECES = [*CHAPTER.splitlines(keepends=True), *PAGE_PIECES, *LIST_PIECES, *MARKERS, *SENTENCES, *CONTROLS]
BODIES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=25).map("".join)


@settings(deadline=None, max_examples=200)
@given(BODIES, st.sampled_from([PAGE, "Q: First?\nA: The first.\n", "# Title\n\nQ: First?\nA: The first.\n\n", ""]))
@example("Key Questions\n\nQ: \x1b[2J?\n\nAlso: (essential) {#x} -> y.", PAGE)
@example("Q: \nid: chunking\n", PAGE)
@example("Q: Why?\nA: # Title\n", PAGE)
@example("Q: Why?\nA: So it is.\n#", PAGE)
@example("A: x\n# Key questions\n## Key questions:\n", "Q: First?\n")
def test_any_text_is_imported_as_a_chapter_that_loads_or_refused_with_a_sentence(body: str, start: str):
    with tempfile.TemporaryDirectory() as folder:
        source, packs = Path(folder, "page.txt"), Path(folder, "packs")
        source.write_text(start + body, encoding="utf-8", newline="")
        try:
            report = import_source(source, packs, today=TODAY)
        except ContentError as error:
            assert error.path == str(source) and error.line >= 1 and error.message.endswith(".")
            return
        loaded = load_library([(packs, False)])
        assert loaded.problems == ()
        assert [chapter.id for chapter in loaded.library.chapters()] == list(report.chapter_ids)
        again = import_source(source, packs, today=TODAY)
        assert (again.written, again.unchanged, again.notes) == ((), 1, ())
