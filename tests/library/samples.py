"""Chapter files that the tests of this room start from."""

from pathlib import Path

FRONT = "---\nid: chunking\ntitle: Chunking\n---\n"
"""Four lines, so that the body starts on line 5."""

QUESTION = """### Why do we split documents? {#why-split}
Because a passage should carry one idea.

Key points:
- (essential) A passage should carry one idea. {#one-idea}
"""

CHAPTER = f"""{FRONT}## In one breath

Splitting makes passages that carry one idea.

## Key questions

{QUESTION}"""


def write_track(root: Path, track_id: str = "course", chapters: dict[str, str] | None = None) -> Path:
    """A track folder with a `basics` section; chapters by file name, texts starting from `CHAPTER`."""
    folder = root / track_id
    section = folder / "01-basics"
    section.mkdir(parents=True)
    (folder / "track.yaml").write_text(f"id: {track_id}\ntitle: Course\nsections:\n  - {{id: basics, title: Basics}}\n")
    for name, text in (chapters or {"01-chunking.md": CHAPTER}).items():
        (section / name).write_text(text, encoding="utf-8")
    return folder


def chapter_text(slug: str, title: str, front: str = "", body: str = "") -> str:
    """A chapter file with a name, further front matter lines and a body."""
    return f"---\nid: {slug}\ntitle: {title}\n{front}---\n{body}"
