"""What `tutor check` tells an author."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.library.samples import chapter_text, write_track
from tutor.library.lint import check_library

FRONT = 'sources: [{title: "A paper"}]\n'
"""With the id and the title it makes five lines, so that the body starts on line 6."""
BODY = """## In one breath

Chunking splits a document so that each passage carries one idea.
A splitter that follows headings keeps tables whole.
Overlap repeats a few sentences at each border of a passage.

## Key questions

### Why do we split documents? {#why-split}
Because a passage should carry one idea.

Key points:
- (essential) Chunking splits a document so that each passage carries one idea. {#one-idea}
- A splitter that follows headings keeps the tables whole. {#headings}
- Overlap repeats a few sentences at each border. {#overlap}
"""


def problems(root: Path, supports=None) -> list[str]:
    found = check_library([(root, False)], supports=supports)
    return [f"{problem.severity} {str(problem).replace(f'{root}/course/01-basics/', '')}" for problem in found]


def checked(root: Path, body: str = BODY, front: str = FRONT, others: dict[str, str] | None = None) -> list[str]:
    """The problems of a course with this chapter in `01-a.md`."""
    write_track(root, chapters={"01-a.md": chapter_text("chunking", "Chunking", front, body), **(others or {})})
    return problems(root)


def test_a_good_chapter_has_no_problem(tmp_path: Path):
    assert checked(tmp_path) == []


LONG = " ".join(["Word", *["word"] * 35]) + "."
MANY = "\n\n".join([" ".join(["word"] * 30) + "."] * 9)
ESSENTIAL = "- (essential) "

FINDINGS = {
    "missing prerequisite": (
        BODY,
        FRONT + "prerequisites: [nothing]\n",
        'error 01-a.md:5: the prerequisite "course/nothing" does not exist. Correct the id or delete it.',
    ),
    "its own prerequisite": (
        BODY,
        FRONT + "prerequisites: [chunking]\n",
        "error 01-a.md:5: the chapter is its own prerequisite. Delete it from the list.",
    ),
    "link to nothing": (
        BODY.replace("## Key", "See [more](rerankin).\n\n## Key"),
        FRONT,
        'error 01-a.md:12: the link to "rerankin" leads to no chapter. Write the id of one, like `(chunking)`.',
    ),
    "anchor to nothing": (
        BODY.replace("## Key", "See [more](#elsewhere).\n\n## Key"),
        FRONT,
        'error 01-a.md:12: the link to "#elsewhere" leads to nothing in that chapter. Correct what follows `#`.',
    ),
    "no sources": (
        BODY,
        "level: core\n",
        "error 01-a.md:1: the chapter names no sources. Add them to the front matter.",
    ),
    "no opening": (
        BODY.replace("In one breath", "Opening"),
        FRONT,
        "error 01-a.md:6: the chapter has no `## In one breath`. Open the body with it: the answer in 60 to 90 words.",
    ),
    "long sentence": (
        BODY.replace("## Key", f"Short.\n{LONG}\n\n## Key"),
        FRONT,
        "warning 01-a.md:13: this sentence has 36 words, over 35. Make it two.",
    ),
    "long section": (
        BODY.replace("## Key", f"## Much\n\n{MANY}\n\n## Key"),
        FRONT,
        'warning 01-a.md:12: the section "Much" has 270 words, over 250. Split it in two.',
    ),
    "short point": (
        BODY.replace("Overlap repeats a few sentences at each border. {", "Overlap repeats sentences. {"),
        FRONT,
        "warning 01-a.md:20: this key point has 3 words. Say one claim in 6 to 18 words.",
    ),
    "no essential": (
        BODY.replace(ESSENTIAL, "- "),
        FRONT,
        "warning 01-a.md:14: no key point is essential. Mark the one that an answer cannot do without.",
    ),
    "three essentials": (
        BODY.replace("- A splitter", f"{ESSENTIAL}A splitter").replace("- Overlap", f"{ESSENTIAL}Overlap"),
        FRONT,
        "error 01-a.md:14: 3 key points are essential. Keep the one or two without which an answer fails.",
    ),
    "two points": (
        BODY.replace("- Overlap repeats a few sentences at each border. {#overlap}\n", ""),
        FRONT,
        "warning 01-a.md:14: the question has 2 key points. Split them into 3 or more claims.",
    ),
    "contrast of strangers": (
        BODY.replace("Key points:", "Contrast: overlap | late chunking\n\nKey points:"),
        FRONT,
        'error 01-a.md:14: the Contrast name "late chunking" is in neither the question nor a key point. '
        "Use their words.",
    ),
    "point not in the body": (
        BODY.replace("Overlap repeats a few sentences at each border of a passage.\n", ""),
        FRONT,
        'warning 01-a.md:19: no sentence of the chapter states the key point "overlap". State it in the body.',
    ),
    "no questions": (
        BODY.partition("## Key")[0],
        FRONT,
        "warning 01-a.md:6: the chapter asks nothing. Add `## Key questions` with a question or more.",
    ),
    "unknown key": (
        BODY,
        FRONT + "wieght: low\n",
        'warning 01-a.md:5: front matter has an unknown key "wieght". Did you mean "weight"?',
    ),
}


@pytest.mark.parametrize(("body", "front", "sentence"), FINDINGS.values(), ids=FINDINGS.keys())
def test_each_rule_names_the_line_and_the_mend(tmp_path: Path, body: str, front: str, sentence: str):
    assert checked(tmp_path, body, front) == [sentence]


def test_faults_of_all_files_are_told_in_a_stable_order(tmp_path: Path):
    others = {
        "03-c.md": "nothing\n",
        "02-b.md": "---\nid: B\ntitle: b\nlevel: x\n---\n",
        "notes.md": "left lying about\n",
    }
    told = checked(tmp_path, others=others)
    assert [line.split(": ")[0] for line in told] == [
        "error 02-b.md:2",
        "error 02-b.md:4",
        "error 03-c.md:1",
        "warning notes.md:1",
    ]
    assert problems(tmp_path) == told


def test_a_broken_chapter_does_not_make_links_to_it_wrong(tmp_path: Path):
    body = BODY.replace("## Key", "See [b](broken) and [here](#why-split).\n\n## Key")
    broken = chapter_text("broken", "Broken", "level: odd\n")
    told = checked(tmp_path, body, FRONT + "prerequisites: [broken]\n", {"02-b.md": broken})
    assert told == ['error 02-b.md:4: level "odd" is unknown. Use core or advanced.']


def test_two_chapters_of_one_id_or_alias_are_told(tmp_path: Path):
    twin = chapter_text("chunking", "Twin", FRONT, BODY.replace("Why do we split documents?", "What is a twin?"))
    own = BODY.replace("Why do we split documents?", "What does a splitter look at?")
    splitter = chapter_text("splitter", "Splitter", FRONT + "aliases: [Chunking]\n", own)
    told = checked(tmp_path, others={"02-twin.md": twin, "03-splitter.md": splitter})
    place = f"{tmp_path}/course/01-basics/"
    assert [line.replace(place, "") for line in told] == [
        'error 02-twin.md:2: chapter id "chunking" is already used by 01-a.md. Give this chapter another id.',
        'error 03-splitter.md:5: the alias "Chunking" also names course/chunking. Keep it on one chapter.',
    ]


def test_links_in_code_pictures_and_addresses_are_no_chapter_links(tmp_path: Path):
    text = "`[x](nowhere)` ![x](nowhere.png) [x](https://nowhere.test) \\[x](nowhere)\n\n```\n[x](nowhere)\n```\n\n"
    assert checked(tmp_path, BODY.replace("## Key", f"{text}## Key")) == []


def test_links_lead_to_chapters_headings_and_questions(tmp_path: Path):
    text = "[a](chunking), [b](course/chunking#in-one-breath), [c](#why-split), [d](chunking#why-split)\n\n"
    assert checked(tmp_path, BODY.replace("## Key", f"{text}## Key")) == []


def test_imported_chapters_are_not_held_to_editorial_rules(tmp_path: Path):
    body = "## Key questions\n\n### Why?\nBecause.\n\nKey points:\n- (derived) Because.\n"
    assert checked(tmp_path, body, "level: core\n") == []


def test_a_measure_of_support_decides_when_words_do_not(tmp_path: Path):
    asked: list[tuple[str, list[str]]] = []

    def measure(claim: str, stated: Sequence[str]) -> float:
        asked.append((claim, list(stated)))
        return 0.9 if claim.startswith("Neighbouring") else 0.3

    unstated, reworded = "Nothing in here says any such thing.", "Neighbouring pieces share some lines too."
    body = BODY.replace("Overlap repeats a few sentences at each border. {", f"{reworded} {{")
    body = body.replace("A splitter that follows headings keeps the tables whole.", unstated)
    write_track(tmp_path, chapters={"01-a.md": chapter_text("chunking", "Chunking", FRONT, body)})
    assert problems(tmp_path, measure) == [
        'error 01-a.md:19: no sentence of the chapter states the key point "headings". State it in the body.'
    ]
    assert [claim.split()[0] for claim, _ in asked] == ["Nothing", "Neighbouring"]
    assert "A splitter that follows headings keeps tables whole." in asked[0][1]
