"""`tutor due`: what waits for review now."""

from __future__ import annotations

import argparse

from tutor.cli.output import emit, json_flag, tell
from tutor.store.days import is_due
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List due questions, most overdue first."""
    with Workspace.open(options.home) as workspace:
        now = workspace.now()
        questions = {question.id: question for question in workspace.library.questions()}
        memories = sorted(workspace.store.memories().values(), key=lambda memory: memory.due)
        waiting = [memory for memory in memories if is_due(memory, now) and memory.question_id in questions]
        new = len(questions.keys() - {memory.question_id for memory in memories})
        if options.json:
            items = [
                {"question_id": m.question_id, "question": questions[m.question_id].text, "due": m.due.isoformat()}
                for m in waiting
            ]
            emit({"due": items, "new": new})
            return 0
        if not waiting:
            tell(f"Nothing is due. {new} questions are new: tutor quiz")
        for memory in waiting:
            days = (now - memory.due).days
            late = f"{days} days late" if days > 1 else "due"
            tell(f"{questions[memory.question_id].text}  ({late}, {memory.question_id})", hang="  ")
        return 0
