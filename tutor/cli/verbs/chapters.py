"""`tutor chapters`: everything there is to read, in order."""

from __future__ import annotations

import argparse

from tutor.cli.output import counted, emit, json_flag, narrate, tell
from tutor.cli.shapes import chapter_line, library_shape
from tutor.domain.content import Library, StudyPath
from tutor.domain.errors import NotFound
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--path", metavar="ID", help="only the chapters of this study path, in its order")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List tracks, sections and chapters."""
    with Workspace.open(options.home) as workspace:
        library = workspace.library
        if options.path is not None:
            show_path(workspace, find_path(library, options.path), as_json=options.json)
        elif options.json:
            emit(library_shape(library))
        else:
            for track in library.tracks:
                tell(f"{track.title}  ({track.id})")
                for section in (s for s in track.sections if s.chapters):
                    tell(section.title, indent="  ")
                    for chapter in section.chapters:
                        questions = counted(len(chapter.questions), "question")
                        tell(f"{chapter.title}  {chapter.id}  {chapter.level}, {questions}", indent="    ")
                if track.paths:
                    tell("Study paths (tutor chapters --path ID)", indent="  ")
                for path in track.paths:
                    tell(f"{path.id}: {path.title}, {len(path.chapters)} chapters. {path.about}", indent="    ")
        for problem in workspace.problems:
            narrate(f"left out: {problem}")
        return 0


def find_path(library: Library, name: str) -> StudyPath:
    """The study path with this id. Raises NotFound."""
    paths = {path.id: path for track in library.tracks for path in track.paths}
    if name not in paths:
        raise NotFound(f'There is no study path "{name}". The paths are: {", ".join(paths) or "none yet"}.')
    return paths[name]


def show_path(workspace: Workspace, path: StudyPath, *, as_json: bool) -> None:
    """The chapters of a path in its order."""
    chapters = [workspace.chapter(name) for name in path.chapters]
    if as_json:
        emit({"id": path.id, "title": path.title, "about": path.about, "chapters": [chapter_line(c) for c in chapters]})
        return
    tell(f"{path.title}. {path.about}")
    for number, chapter in enumerate(chapters, 1):
        tell(f"{number:>2}  {chapter.title}  {chapter.id}", indent="  ")
