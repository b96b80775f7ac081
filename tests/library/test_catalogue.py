"""What becomes of a folder of tracks, and how chapters and questions are found in it."""

import os
from pathlib import Path

import pytest

from tests.library.samples import CHAPTER, chapter_text, write_track
from tutor.domain.content import Library
from tutor.domain.errors import NotFound
from tutor.library.catalogue import find_chapter, find_question, load_library
from tutor.library.roots import shipped_root

ASKED = """
## Key questions

### {text} {{#{name}}}
Because.

Key points:
- (essential) Because it is so. {{#so}}
"""


def ids(library: Library) -> list[str]:
    return [chapter.id for chapter in library.chapters()]


def sentences(root: Path, *, shipped: bool = False) -> list[str]:
    """The problems of loading one root, without the root's own path."""
    return [str(problem).replace(f"{root}/", "") for problem in load_library([(root, shipped)]).problems]


def test_the_shipped_track_loads_without_a_problem():
    loaded = load_library([(shipped_root(), True)])
    assert loaded.problems == ()
    assert loaded.library.tracks[0].id == "rag" and loaded.library.tracks[0].shipped
    assert {"rag/what-is-rag", "rag/rag-pipeline", "rag/rag-vs-fine-tuning"} <= set(ids(loaded.library))


def test_sections_follow_track_yaml_and_chapters_their_numbers(tmp_path: Path):
    track = tmp_path / "course"
    (track / "01-second").mkdir(parents=True)
    (track / "02-first").mkdir()
    (track / "track.yaml").write_text(
        "id: course\ntitle: Course\nsections:\n  - {id: first, title: First}\n  - {id: second, title: Second}\n"
        "  - {id: empty, title: Empty}\n"
    )
    for place in ("01-second/02-b", "01-second/10-c", "01-second/1-a", "02-first/01-d"):
        name = place.rpartition("-")[2]
        (track / f"{place}.md").write_text(chapter_text(name, name))
    library = load_library([(tmp_path, False)]).library
    assert ids(library) == ["course/d", "course/a", "course/b", "course/c"]
    assert [(section.id, section.title) for section in library.tracks[0].sections] == [
        ("first", "First"),
        ("second", "Second"),
        ("empty", "Empty"),
    ]
    assert not library.tracks[0].shipped


def test_a_broken_chapter_is_left_out_and_the_rest_loads(tmp_path: Path):
    write_track(tmp_path, chapters={"01-a.md": "no front matter", "02-chunking.md": CHAPTER})
    assert ids(load_library([(tmp_path, False)]).library) == ["course/chunking"]
    assert sentences(tmp_path) == [
        "course/01-basics/01-a.md:1: front matter is missing. "
        "Start with the lines `---`, `id: ...`, `title: ...`, `---`."
    ]


def test_an_unknown_section_folder_is_a_problem_and_comes_last(tmp_path: Path):
    track = write_track(tmp_path)
    (track / "00-extra-things").mkdir()
    (track / "00-extra-things" / "01-more.md").write_text(chapter_text("more", "More"))
    loaded = load_library([(tmp_path, False)])
    assert ids(loaded.library) == ["course/chunking", "course/more"]
    assert loaded.library.tracks[0].sections[1].title == "Extra things"
    assert sentences(tmp_path) == [
        'course/track.yaml:1: the folder "course/00-extra-things" is no section of this track. '
        'Add {id: extra-things, title: "..."} to its sections, or rename the folder.'
    ]


def _not_utf8(track: Path) -> None:
    (track / "01-basics" / "02-x.md").write_bytes(CHAPTER.encode() + b"\nbad \xff byte\n")


def _too_large(track: Path) -> None:
    (track / "01-basics" / "02-x.md").write_text(CHAPTER + "x" * 2_000_000)


def _link_out(track: Path) -> None:
    outside = track.parent.parent / "outside.md"
    outside.write_text(chapter_text("outside", "Outside"))
    (track / "01-basics" / "02-x.md").symlink_to(outside)


def _folder_link_out(track: Path) -> None:
    (track / "02-x").symlink_to(track.parent.parent)


def _pipe(track: Path) -> None:
    os.mkfifo(track / "01-basics" / "02-x.md")


def _folder(track: Path) -> None:
    (track / "01-basics" / "02-x.md").mkdir()


def _dangling(track: Path) -> None:
    (track / "01-basics" / "02-x.md").symlink_to(track / "nothing.md")


def _same_id(track: Path) -> None:
    (track / "01-basics" / "02-x.md").write_text(CHAPTER)


REFUSED = {
    "not UTF-8": (_not_utf8, "course/01-basics/02-x.md:17: this line is not UTF-8 text. Save the file as UTF-8."),
    "too large": (_too_large, "course/01-basics/02-x.md:1: is larger than 2 MB. Split it into several chapters."),
    "file link leading out": (
        _link_out,
        "course/01-basics/02-x.md:1: a symbolic link leads out of this folder. Put the file itself here.",
    ),
    "folder link leading out": (
        _folder_link_out,
        "course/02-x:1: a symbolic link leads out of this folder. Put the folder itself here.",
    ),
    "named pipe": (_pipe, "course/01-basics/02-x.md:1: is not an ordinary file. Put a text file here."),
    "folder": (_folder, "course/01-basics/02-x.md:1: is not an ordinary file. Put a text file here."),
    "link to nothing": (
        _dangling,
        "course/01-basics/02-x.md:1: a symbolic link leads out of this folder. Put the file itself here.",
    ),
    "same id": (
        _same_id,
        'course/01-basics/02-x.md:2: chapter id "chunking" is already used by course/01-basics/01-chunking.md. '
        "Give this chapter another id.",
    ),
}


@pytest.mark.parametrize(("damage", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_a_sentence_and_the_rest_loads(tmp_path: Path, damage, sentence: str):
    root = tmp_path / "root"
    damage(write_track(root))
    assert sentences(root) == [sentence]
    assert ids(load_library([(root, False)]).library) == ["course/chunking"]


def test_a_link_that_stays_inside_is_followed(tmp_path: Path):
    track = write_track(tmp_path)
    (tmp_path / "kept.md").write_text(chapter_text("kept", "Kept"))
    (track / "01-basics" / "02-kept.md").symlink_to(tmp_path / "kept.md")
    assert ids(load_library([(tmp_path, False)]).library) == ["course/chunking", "course/kept"]
    assert sentences(tmp_path) == []


TRACKS = {
    "missing": (None, "1: is missing. Write it with `id:`, `title:` and `sections:`."),
    "no id": ("title: x\n", "1: the track has no id. Add a line `id: ...`."),
    "bad id": (
        "id: A B\ntitle: x\n",
        '1: id "A B" is not an id. Use lower-case letters, digits and single hyphens, at most 80 of them.',
    ),
    "sections a text": (
        "id: x\ntitle: x\nsections: y\n",
        '3: sections must be a list. Write `sections: [{id: first, title: "First"}]`.',
    ),
    "section a text": (
        "id: x\ntitle: x\nsections:\n  - y\n",
        '4: a section must be a mapping. Write {id: first, title: "First"}.',
    ),
    "section twice": (
        "id: x\ntitle: x\nsections:\n  - {id: y, title: Y}\n  - {id: y, title: Z}\n",
        '5: section id "y" is already used. Give this section another.',
    ),
}


@pytest.mark.parametrize(("text", "sentence"), TRACKS.values(), ids=TRACKS.keys())
def test_a_malformed_track_file_is_named_with_the_mend(tmp_path: Path, text: str | None, sentence: str):
    (tmp_path / "course").mkdir()
    if text is not None:
        (tmp_path / "course" / "track.yaml").write_text(text)
    assert sentences(tmp_path) == [f"course/track.yaml:{sentence}"]


def test_packs_may_be_absent_but_shipped_chapters_may_not(tmp_path: Path):
    assert sentences(tmp_path / "none") == []
    assert sentences(tmp_path / "none", shipped=True) == [
        f"{tmp_path}/none:1: the shipped chapters are missing. Install the tutor again."
    ]


def test_a_pack_cannot_take_the_id_of_a_shipped_track(tmp_path: Path):
    write_track(tmp_path / "shipped")
    write_track(tmp_path / "packs", chapters={"01-other.md": chapter_text("other", "Other")})
    loaded = load_library([(tmp_path / "packs", False), (tmp_path / "shipped", True)])
    assert ids(loaded.library) == ["course/chunking"]
    assert [str(problem) for problem in loaded.problems] == [
        f'{tmp_path}/packs/course/track.yaml:1: track id "course" is already used by another track. '
        "Give this one another id."
    ]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A shipped track and a pack that share a slug, a title, an alias and a question id."""
    why = ASKED.format(text="Why split?", name="why")
    write_track(
        tmp_path / "shipped",
        "rag",
        {
            "01-chunking.md": chapter_text("chunking", "Chunking", "aliases: [splitting, Shared]\n", why),
            "02-reranking.md": chapter_text("reranking", "Reranking", "aliases: [cross-encoder]\n", why),
        },
    )
    write_track(
        tmp_path / "packs",
        "mine",
        {
            "01-chunking.md": chapter_text("chunking", "My chunking", "aliases: [shared]\n"),
            "02-notes.md": chapter_text("notes", "Notes", "", ASKED.format(text="How so?", name="how")),
        },
    )
    return load_library([(tmp_path / "packs", False), (tmp_path / "shipped", True)]).library


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("mine/chunking", "mine/chunking"),
        ("chunking", "rag/chunking"),
        ("Chunking ", "rag/chunking"),
        ("MY  CHUNKING", "mine/chunking"),
        ("Splitting", "rag/chunking"),
        ("cross-Encoder", "rag/reranking"),
        ("notes", "mine/notes"),
    ],
    ids=["full id", "shipped before pack", "case", "title", "alias", "alias case", "pack slug"],
)
def test_a_chapter_is_found_by_whatever_it_is_called(library: Library, name: str, found: str):
    assert find_chapter(library, name).id == found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("shared", '2 chapters answer to "shared". Name one by its id: rag/chunking, mine/chunking.'),
        ("crossencoder", 'There is no chapter "crossencoder". Did you mean rag/reranking?'),
        ("steak", 'There is no chapter "steak". Run "tutor chapters" to see them all.'),
        ("  ", 'No chapter was named. Run "tutor chapters" to see them all.'),
        ("\x1b[31m" + "x" * 100, f'There is no chapter "␛[31m{"x" * 74}…". Run "tutor chapters" to see them all.'),
    ],
    ids=["ambiguous", "near", "nothing near", "blank", "hostile"],
)
def test_a_chapter_that_is_not_found_gives_a_sentence(library: Library, name: str, sentence: str):
    with pytest.raises(NotFound) as caught:
        find_chapter(library, name)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("rag/chunking#why", "rag/chunking#why"),
        ("reranking#why", "rag/reranking#why"),
        ("how", "mine/notes#how"),
        ("#how", "mine/notes#how"),
        ("how SO?", "mine/notes#how"),
    ],
    ids=["full id", "chapter and id", "own id", "own id with mark", "text"],
)
def test_a_question_is_found_by_whatever_it_is_called(library: Library, name: str, found: str):
    assert find_question(library, name).id == found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("why", '2 questions answer to "why". Name one by its id: rag/chunking#why, rag/reranking#why.'),
        ("Why split?", '2 questions answer to "Why split?". Name one by its id: rag/chunking#why, rag/reranking#why.'),
        ("notes#hwo", 'There is no question "notes#hwo". Did you mean mine/notes#how?'),
        ("", 'No question was named. Run "tutor show" with a chapter to see its questions.'),
    ],
    ids=["ambiguous id", "ambiguous text", "near", "blank"],
)
def test_a_question_that_is_not_found_gives_a_sentence(library: Library, name: str, sentence: str):
    with pytest.raises(NotFound) as caught:
        find_question(library, name)
    assert str(caught.value) == sentence
