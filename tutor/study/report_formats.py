"""Owns the two formats of an interview's report: Markdown, and one HTML page that stands alone."""

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor.domain.errors import TutorError
from tutor.study.report import Part, PartKind

_MARKED = re.compile(r"([\\`*_\[\]<>#|~&]|^\s*\d+[.)](?=\s)|^\s*[-+=](?=[\s=-]))", re.MULTILINE)
"""What Markdown would read as more than a character, anywhere or at the start of a line."""

_STYLE = """
:root { color-scheme: light dark;
  --ink: #1c2127; --soft: #424952; --ground: #fbf9f5; --line: #cfc6b4; --mark: #0a4668; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8df; --soft: #b5bcc6; --ground: #12161b; --line: #35404e; --mark: #8fcbe6; }
}
body { margin: 3rem auto; max-width: 44rem; padding: 0 1.25rem; background: var(--ground); color: var(--ink);
  font: 1.05rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; color: var(--mark); }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; } p { margin: .4rem 0; }
.verdict { font-size: 1.5rem; font-weight: 700; margin: 1.4rem 0; }
.verdict { border-left: .3rem solid var(--mark); padding-left: .8rem; }
.quiet, .detail { color: var(--soft); } .item { margin-top: .7rem; } .detail { margin-left: 1.5rem; }
blockquote { margin: .6rem 0; padding-left: 1rem; border-left: .2rem solid var(--line); white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
""".strip()

_TAGS = {
    PartKind.TITLE: "h1",
    PartKind.HEADING: "h2",
    PartKind.SUBHEADING: "h3",
    PartKind.QUOTE: "blockquote",
}


def as_markdown(parts: Sequence[Part]) -> str:
    """The report as Markdown; what somebody wrote is escaped, so that it reads as it was written."""
    return "\n\n".join(_markdown(part) for part in parts if part.text.strip()) + "\n"


def as_html(parts: Sequence[Part]) -> str:
    """The report as one page: no scripts, nothing from elsewhere, every text escaped, light and dark."""
    title = html.escape(next((part.text for part in parts if part.kind is PartKind.TITLE), "Mock interview"))
    body = "\n".join(_html(part) for part in parts if part.text.strip())
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


FORMATS: dict[str, Callable[[Sequence[Part]], str]] = {
    ".md": as_markdown,
    ".markdown": as_markdown,
    ".html": as_html,
    ".htm": as_html,
}
"""Formats by the ending of the file."""


def write_report(path: Path, parts: Sequence[Part]) -> None:
    """Write the report in the format of the file's ending. Raises TutorError, and then no file was changed."""
    check_name(path)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(FORMATS[path.suffix.lower()](parts), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise TutorError(f"{path}: the report cannot be written ({error.strerror}). Name another file.") from error


def check_name(path: Path) -> None:
    """Raises TutorError for an ending that is no format."""
    if path.suffix.lower() not in FORMATS:
        raise TutorError(f"{path}: a report is Markdown or HTML. Give the file the ending .md or .html.")


def _markdown(part: Part) -> str:
    text = _MARKED.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], part.text)
    lines = text.split("\n")
    if part.kind is PartKind.QUOTE:
        return "\n".join(f"> {line}".rstrip() + ("  " if line.strip() else "") for line in lines)
    joined = " ".join(" ".join(lines).split())
    before = {PartKind.TITLE: "# ", PartKind.HEADING: "## ", PartKind.SUBHEADING: "### ", PartKind.ITEM: "- "}
    if part.kind is PartKind.VERDICT:
        return f"**{joined}**"
    return f"  {joined}" if part.kind is PartKind.DETAIL else before.get(part.kind, "") + joined


def _html(part: Part) -> str:
    tag = _TAGS.get(part.kind, "p")
    style = "" if tag != "p" or part.kind is PartKind.TEXT else f' class="{part.kind.value}"'
    return f"<{tag}{style}>{html.escape(part.text)}</{tag}>"
