"""`tutor models`: what Ollama has installed, and pulling one more."""

from __future__ import annotations

import argparse

from tutor.cli.output import Narrator, emit, json_flag, narrate, tell
from tutor.domain.errors import ModelNotRunning
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--pull", metavar="NAME", help="download a model through the Ollama server")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List the models, or pull one. Raises ModelError."""
    with Workspace.open(options.home) as workspace:
        if options.pull:
            pull(workspace, options.pull)
        status = workspace.ollama.status()
        if options.json:
            emit(
                {
                    "running": status.running,
                    "host": workspace.ollama.host,
                    "version": status.version,
                    "detail": status.detail,
                    "models": [
                        {
                            "name": model.name,
                            "size": model.size,
                            "parameters": model.parameter_size,
                            "quantisation": model.quantisation,
                            "capabilities": list(model.capabilities),
                            "remote": model.remote,
                        }
                        for model in status.models
                    ],
                }
            )
            return 0
        if not status.running:
            raise ModelNotRunning(status.detail)
        for model in status.models:
            where = "  (sends text off this machine)" if model.remote else ""
            tell(f"{model.name}  {model.parameter_size}  {model.size / 1e9:.1f} GB{where}")
        if not status.models:
            tell("No model is installed yet. A good small one to start with: tutor models --pull gemma3:4b")
        return 0


def pull(workspace: Workspace, name: str) -> None:
    """Download a model, with progress on stderr. Raises ModelError."""
    with Narrator() as narrator:
        for step in workspace.ollama.pull(name):
            narrator(step.completed, step.total, step.status)
    narrate(f"{name} is installed.")
