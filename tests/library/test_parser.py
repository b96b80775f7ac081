"""What a chapter file holds, and what is said about one that is malformed."""

from datetime import date

import pytest

from tests.library.samples import CHAPTER, FRONT, QUESTION
from tutor.domain.content import Chapter, Source
from tutor.domain.errors import ContentError
from tutor.library.front_matter import KEYS
from tutor.library.parser import examine_chapter, parse_chapter
from tutor.library.writer import chapter_markdown

WHOLE = """---
id: rag-vs-fine-tuning
title: "RAG: or fine-tuning"
level: advanced
weight: high
updated: 2026-11-22
prerequisites: [rag-pipeline, other/track-chapter]
aliases: [LoRA, 007]
sources:
  - {title: "A paper", ref: "arXiv:2312.05934", year: 2023}
  - title: A book
---
Opening words.

## In one breath

First.

### Deeper

```python
# not a heading
## nor this
```

## Key questions

### What is the difference? {#difference}
RAG retrieves.

Fine-tuning trains:

- on examples

Contrast: RAG | fine-tuning

Key points:
- (essential) RAG retrieves documents
  when asked. {#retrieves}
  - also: It looks text up.
  - also: It reads
    before it answers.
- (derived) Fine-tuning trains.

Misconceptions:
- Fine-tuning teaches facts. -> It shapes behaviour. -> Really.
- RAG is training.

Follow-ups:
- Which first?

### And C#?
It is a language.

Key points:
- It is a language.

## Check yourself

Last.
"""


def parsed(text: str) -> Chapter:
    return parse_chapter(text, path="ch.md", track_id="rag", section_id="foundations")


def test_front_matter_becomes_the_chapter_with_texts_left_as_texts():
    chapter = parsed(WHOLE)
    assert (chapter.id, chapter.slug, chapter.track_id) == ("rag/rag-vs-fine-tuning", "rag-vs-fine-tuning", "rag")
    assert (chapter.title, chapter.section_id, chapter.path) == ("RAG: or fine-tuning", "foundations", "ch.md")
    assert (chapter.level, chapter.weight, chapter.updated) == ("advanced", "high", date(2026, 11, 22))
    assert chapter.prerequisites == ("rag/rag-pipeline", "other/track-chapter")
    assert chapter.aliases == ("LoRA", "007")
    assert chapter.sources == (Source("A paper", "arXiv:2312.05934", 2023), Source("A book", ""))
    assert chapter.markdown == WHOLE.split("---\n", 2)[2]


def test_body_follows_headings_and_leaves_fences_and_key_questions_alone():
    sections = parsed(WHOLE).sections
    assert [(s.heading, s.level, s.path, s.line) for s in sections] == [
        ("", 1, (), 13),
        ("In one breath", 2, ("In one breath",), 15),
        ("Deeper", 3, ("In one breath", "Deeper"), 19),
        ("Check yourself", 2, ("Check yourself",), 58),
    ]
    assert [s.text for s in sections] == [
        "Opening words.",
        "First.",
        "```python\n# not a heading\n## nor this\n```",
        "Last.",
    ]


def test_a_key_question_holds_everything_written_under_it():
    question = parsed(WHOLE).questions[0]
    assert (question.id, question.text, question.line) == (
        "rag/rag-vs-fine-tuning#difference",
        "What is the difference?",
        28,
    )
    assert question.reference.startswith("RAG retrieves.\n\nFine-tuning trains:\n\n- on examples")
    assert "Contrast" not in question.reference
    assert question.contrast == ("RAG", "fine-tuning")
    first, second = question.points
    assert (first.id, first.text, first.essential, first.derived, first.line) == (
        "retrieves",
        "RAG retrieves documents when asked.",
        True,
        False,
        38,
    )
    assert first.also == ("It looks text up.", "It reads before it answers.")
    assert (second.id, second.essential, second.derived, second.line) == ("fine-tuning-trains", False, True, 43)
    assert [(m.text, m.correction, m.line) for m in question.misconceptions] == [
        ("Fine-tuning teaches facts.", "It shapes behaviour. -> Really.", 46),
        ("RAG is training.", "", 47),
    ]
    assert question.follow_ups == ("Which first?",)


def test_ids_that_nobody_wrote_come_from_the_words_and_not_from_the_place():
    question = QUESTION.replace(" {#why-split}", "").replace(" {#one-idea}", "")
    other = "### Something else? {#else}\nYes.\n\nKey points:\n- Yes it is.\n\n"
    alone = parsed(f"{FRONT}## Key questions\n{question}").questions[0]
    moved = parsed(f"{FRONT}## Key questions\n{other}{question.replace('Why do', 'why  DO')}").questions[1]
    assert alone.id == moved.id == "rag/chunking#why-we-split-documents"
    assert alone.points[0].id == moved.points[0].id == "passage-should-carry-one-idea"


def test_a_question_without_latin_letters_has_an_id_too():
    text = f"{FRONT}## Key questions\n### なぜ？\nはい。\n\nKey points:\n- はい。\n"
    question = parsed(text).questions[0]
    assert question.id.startswith("rag/chunking#x-") and question.points[0].id.startswith("x-")


@pytest.mark.parametrize(
    ("written", "heading"),
    [("## C#", "C#"), ("## C # ##", "C #"), ("  ##\tTabs", "Tabs"), ("## a   b ", "a b")],
    ids=["sharp", "closing-marks", "tab", "blanks"],
)
def test_headings_are_read_as_markdown_reads_them(written: str, heading: str):
    assert [s.heading for s in parsed(f"{FRONT}{written}\n").sections] == [heading]


@pytest.mark.parametrize(
    "fence",
    ["```\n# x\n~~~\n```", "~~~~\n# x\n~~~\n# y\n~~~~", "  ```py\n# x\n  ```", "    # indented code"],
    ids=["backticks", "longer-fence", "indented-fence", "indented-code"],
)
def test_code_holds_no_headings(fence: str):
    assert [s.heading for s in parsed(f"{FRONT}## Code\n\n{fence}\n").sections] == ["Code"]


def test_hidden_and_control_characters_become_visible_however_they_were_written():
    front = 'id: a\ntitle: "\\e[31mred\\u202e"\naliases: ["x\\ny"]'
    chapter = parsed(f"---\n{front}\n---\ntext \x1b[2J \u200b here\r\nnext\n")
    assert (chapter.title, chapter.aliases) == ("␛[31mred�", ("x y",))
    assert chapter.markdown == "text ␛[2J � here\nnext\n"


def test_a_byte_order_mark_is_no_fault():
    assert parsed("\ufeff" + CHAPTER).slug == "chunking"


def block(text: str) -> str:
    return f"{FRONT}## Key questions\n{text}"


def points(text: str) -> str:
    """Its first list line is line 10."""
    return block(f"### Why? {{#why}}\nBecause.\n\nKey points:\n{text}")


MALFORMED = {
    "empty file": (
        "",
        "1: front matter is missing. Start with the lines `---`, `id: ...`, `title: ...`, `---`.",
    ),
    "no front matter": (
        "## Heading\n",
        "1: front matter is missing. Start with the lines `---`, `id: ...`, `title: ...`, `---`.",
    ),
    "front matter never closed": (
        "---\nid: a\ntitle: b\n",
        "1: front matter is opened here and never closed. Add a line `---` after its last key.",
    ),
    "front matter is a list": (
        "---\n- id\n---\n",
        "2: front matter is not a mapping. Write it as lines like `title: The title`.",
    ),
    "front matter is empty": (
        "---\n---\n",
        "2: front matter is not a mapping. Write it as lines like `title: The title`.",
    ),
    "not YAML": (
        "---\nid: a\ntitle: RAG: the thing\n---\n",
        "3: front matter is not valid YAML (mapping values are not allowed in this context). "
        'Put values with ": " or " #" in double quotes.',
    ),
    "alias": (
        "---\nid: a\ntitle: &t b\nlevel: *t\n---\n",
        "3: front matter uses a YAML alias or anchor (`*name`, `&name`). Write the value out, or quote it.",
    ),
    "tag": (
        "---\nid: a\ntitle: !!python/name:os.system b\n---\n",
        "3: front matter uses a YAML tag (`!name`). Delete the tag, or quote the value.",
    ),
    "too deep": (
        "---\nid: a\ntitle: b\naliases: [[[[[[x]]]]]]\n---\n",
        "4: front matter is nested deeper than 5 levels. Flatten it.",
    ),
    "key twice": ("---\nid: a\nid: b\n---\n", '3: front matter has the key "id" twice. Keep one of them.'),
    "no id": ("---\ntitle: b\n---\n", "1: front matter has no id. Add a line `id: ...`."),
    "no title": ("---\nid: a\n---\n", "1: front matter has no title. Add a line `title: ...`."),
    "empty title": ("---\nid: a\ntitle:\n---\n", "3: title is empty. Write it after the colon."),
    "title is a list": (
        "---\nid: a\ntitle: [b]\n---\n",
        "3: title must be a text. Write `title: ...` on one line.",
    ),
    "bad id": (
        "---\nid: RAG Basics\ntitle: b\n---\n",
        '2: id "RAG Basics" is not an id. Use lower-case letters, digits and single hyphens, at most 80 of them.',
    ),
    "bad level": (
        "---\nid: a\ntitle: b\nlevel: hard\n---\n",
        '4: level "hard" is unknown. Use core or advanced.',
    ),
    "bad weight": (
        "---\nid: a\ntitle: b\nweight: heavy\n---\n",
        '4: weight "heavy" is unknown. Use high, medium or low.',
    ),
    "bad date": (
        "---\nid: a\ntitle: b\nupdated: 2026-02-30\n---\n",
        '4: updated "2026-02-30" is not a date. Write it as year-month-day, like 2026-03-30.',
    ),
    "date in words": (
        "---\nid: a\ntitle: b\nupdated: Mar 30\n---\n",
        '4: updated "Mar 30" is not a date. Write it as year-month-day, like 2026-03-30.',
    ),
    "aliases not a list": (
        "---\nid: a\ntitle: b\naliases: LoRA\n---\n",
        "4: aliases must be a list. Write `aliases: [first, second]`.",
    ),
    "bad prerequisite": (
        "---\nid: a\ntitle: b\nprerequisites: [RAG!]\n---\n",
        '4: prerequisite "RAG!" is not a chapter id. Write `chapter` or `track/chapter`.',
    ),
    "source is a text": (
        "---\nid: a\ntitle: b\nsources:\n  - A paper\n---\n",
        '5: a source must be a mapping. Write {title: "...", ref: "...", year: 2024}.',
    ),
    "source without title": (
        "---\nid: a\ntitle: b\nsources:\n  - {ref: x}\n---\n",
        "5: a source has no title. Add a line `title: ...`.",
    ),
    "bad year": (
        "---\nid: a\ntitle: b\nsources: [{title: x, year: soon}]\n---\n",
        "4: the year of a source must have four digits, like 2024. Correct it or leave it out.",
    ),
    "title as heading": (
        f"{FRONT}# Chunking\n",
        "5: a heading with one `#` is the chapter's title, kept in front matter. Use `##`.",
    ),
    "empty heading": (f"{FRONT}## \n", "5: heading has no text. Write it after the `#` marks, or delete them."),
    "open fence": (
        f"{FRONT}text\n\n```\n## Key questions\n",
        "7: the code fence opened here is never closed. Add a line ````` where the code ends.",
    ),
    "two question blocks": (
        block(QUESTION) + "\n## Key questions\n",
        "12: key questions already start on line 5. Move these there.",
    ),
    "no question in the block": (
        block("\n## Next\n"),
        "5: there is no question under this heading. Add `### The question? {#id}`, or delete it.",
    ),
    "text before the first question": (
        block(f"Say these aloud.\n{QUESTION}"),
        "6: this text belongs to no question. Start the question with `### `.",
    ),
    "question without text": (
        block("### {#why}\nBecause.\n\nKey points:\n- One.\n"),
        "6: question has no text. Write it after `###`.",
    ),
    "bad question id": (
        block("### Why? {#Why Not}\nBecause.\n\nKey points:\n- One.\n"),
        '6: question id "Why Not" is not an id. Use lower-case letters, digits and single hyphens, at most 80 of them.',
    ),
    "question id twice": (
        block(QUESTION + "\n" + QUESTION),
        '12: question id "why-split" is already used on line 6. Give one another {#id}.',
    ),
    "no reference": (
        block("### Why?\n\nKey points:\n- One.\n"),
        "6: question has no reference answer. Write it as prose under the question.",
    ),
    "no key points": (
        block("### Why?\nBecause.\n"),
        '6: question has no key points. Add a line "Key points:" and a "- " line for each.',
    ),
    "heading in a question": (
        block("### Why?\nBecause.\n\n#### Really\n\nKey points:\n- One.\n"),
        "9: a heading cannot stand inside a question. Use bold text, or `###`.",
    ),
    "key points without items": (
        points("\n"),
        '9: "Key points:" has no items. Add a "- " line under it, or delete it.',
    ),
    "empty point": (points("-\n"), "10: key point has no text. Write one sentence after the dash."),
    "empty point with flag and id": (
        points("- (essential) {#x}\n"),
        "10: key point has no text. Write one sentence after the dash.",
    ),
    "point id twice": (
        points("- One. {#a}\n- Two. {#a}\n"),
        '11: key point id "a" is already used on line 10. Give one another {#id}.',
    ),
    "bad point id": (
        points("- One. {#A_b}\n"),
        '10: key point id "A_b" is not an id. Use lower-case letters, digits and single hyphens, at most 80 of them.',
    ),
    "also at the margin": (
        points("- One.\n- also: Uno.\n"),
        "11: `also:` stands under no key point. Indent it by two spaces under the point it says in other words.",
    ),
    "also before any point": (
        points("  - also: Uno.\n"),
        "10: `also:` stands under no key point. Indent it by two spaces under the point it says in other words.",
    ),
    "also without text": (
        points("- One.\n  - also:\n"),
        "11: `also:` has no text. Write another way to say the point, or delete the line.",
    ),
    "other bullet under a point": (
        points("- One.\n  - Two.\n"),
        "11: only `- also: ...` may stand under a key point. Move this out, or write `also:`.",
    ),
    "prose after the points": (
        points("- One.\n\nAnd then.\n"),
        '12: this line belongs to no item of "Key points:". '
        'Start an item with "- ", or indent the line by two spaces to go on with the item above.',
    ),
    "list twice": (
        points("- One.\n\nKey points:\n- Two.\n"),
        '12: this question already has a "Key points:" list. Join the two.',
    ),
    "contrast of one": (
        points("- One.\n\nContrast: RAG\n"),
        "12: Contrast needs two names or more. Write `Contrast: RAG | fine-tuning`.",
    ),
    "contrast with a gap": (
        points("- One.\n\nContrast: RAG | \n"),
        "12: Contrast needs two names or more. Write `Contrast: RAG | fine-tuning`.",
    ),
    "empty misconception": (
        points("- One.\n\nMisconceptions:\n- -> No.\n"),
        "13: misconception has no text. Write the wrong sentence, `->` and its correction.",
    ),
    "empty follow-up": (
        points("- One.\n\nFollow-ups:\n-\n"),
        "13: follow-up has no text. Write a question after the dash.",
    ),
    "nested follow-up": (
        points("- One.\n\nFollow-ups:\n- Why?\n  - How?\n"),
        '14: this list has one level. Start the line with "- ", without a blank before it.',
    ),
}


@pytest.mark.parametrize(("text", "sentence"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_named_by_line_with_the_mend(text: str, sentence: str):
    with pytest.raises(ContentError) as caught:
        parsed(text)
    assert str(caught.value) == f"ch.md:{sentence}"


def test_all_faults_of_a_file_are_found_and_the_first_by_line_is_raised():
    text = points("- One. {#A}\n- \n").replace("title: Chunking", "title: Chunking\nlevel: x\nwieght: low")
    reading = examine_chapter(text, path="ch.md", track_id="rag", section_id="s")
    assert [problem.line for problem in reading.problems if problem.severity == "warning"] == [5]
    assert [problem.line for problem in reading.problems if problem.severity == "error"] == [4, 12, 13]
    assert not reading.sound
    with pytest.raises(ContentError, match=r"ch\.md:4: level"):
        parsed(text)


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        ("alias", 'Did you mean "aliases"?'),
        ("Title2", 'Did you mean "title"?'),
        ("zzz", f"Known keys are {', '.join(KEYS)}."),
    ],
    ids=["near", "case", "nothing near"],
)
def test_an_unknown_key_is_a_warning_and_the_chapter_is_read(key: str, mend: str):
    text = CHAPTER.replace("title: Chunking\n", f"title: Chunking\n{key}: x\n")
    reading = examine_chapter(text, path="ch.md", track_id="rag", section_id="s")
    assert [str(p) for p in reading.problems] == [f'ch.md:4: front matter has an unknown key "{key}". {mend}']
    assert reading.sound
    assert parsed(text).title == "Chunking"


def test_a_file_of_nothing_but_faults_is_not_listed_without_end():
    reading = examine_chapter(points("- \n" * 10_000), path="ch.md", track_id="rag", section_id="s")
    assert len(reading.problems) == 50


def test_a_section_has_the_questions_that_it_answers():
    asked = "answers:\n  Size: [how big, how long]\n  Size > Overlap:\n    - how much overlap\n"
    text = CHAPTER.replace("title: Chunking\n", f"title: Chunking\n{asked}")
    body = "## Size\n\nLong.\n\n### Overlap\n\nShared.\n\n## Key questions"
    chapter = parse_chapter(text.replace("## Key questions", body), path="ch.md", track_id="rag", section_id="s")
    answers = {section.heading: section.answers for section in chapter.sections if section.answers}
    assert answers == {"Size": ("how big", "how long"), "Overlap": ("how much overlap",)}
    again = parse_chapter(chapter_markdown(chapter), path="ch.md", track_id="rag", section_id="s")
    assert [section.answers for section in again.sections] == [section.answers for section in chapter.sections]


def test_questions_under_no_heading_of_the_chapter_are_a_warning():
    text = CHAPTER.replace("title: Chunking\n", "title: Chunking\nanswers: {Nowhere: [how]}\n")
    reading = examine_chapter(text, path="ch.md", track_id="rag", section_id="s")
    wanted = 'ch.md:4: answers names "Nowhere", which is no heading here. Copy the heading exactly.'
    assert [str(p) for p in reading.problems] == [wanted]
    assert reading.sound


def test_questions_that_are_no_mapping_are_an_error():
    text = CHAPTER.replace("title: Chunking\n", "title: Chunking\nanswers: [how]\n")
    reading = examine_chapter(text, path="ch.md", track_id="rag", section_id="s")
    assert [p.severity for p in reading.problems] == ["error"]
    assert "answers must be a mapping" in reading.problems[0].message


def test_a_chapter_has_the_questions_beyond_it():
    asked = 'beyond: [how many bytes, "what is a chunk in minecraft?"]'
    text = CHAPTER.replace("title: Chunking\n", f"title: Chunking\n{asked}\n")
    chapter = parse_chapter(text, path="ch.md", track_id="rag", section_id="s")
    assert chapter.beyond == ("how many bytes", "what is a chunk in minecraft?")
    again = parse_chapter(chapter_markdown(chapter), path="ch.md", track_id="rag", section_id="s")
    assert again.beyond == chapter.beyond


def test_questions_beyond_a_chapter_that_are_no_list_are_an_error():
    text = CHAPTER.replace("title: Chunking\n", "title: Chunking\nbeyond: {Size: [how]}\n")
    reading = examine_chapter(text, path="ch.md", track_id="rag", section_id="s")
    assert [p.severity for p in reading.problems] == ["error"]
    assert "beyond" in reading.problems[0].message
