"""Owns turning text into vectors: an exported model through onnxruntime and its own tokenizer.

The folder it reads is made by `encoder_export`: all-MiniLM-L6-v2, or the model a learner chose for search. A fresh
process has its first vector of MiniLM in about half a second.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing
from tutor.retrieval.libraries import load_onnxruntime
from tutor.retrieval.manifest import read_manifest, verified_manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

    Floats = NDArray[np.float32]
    Batch = tuple[list[int], dict[str, NDArray[np.int64]], list[Encoding]]

TOKEN_LAYERS = (0, 3, 6)
"""Layers of all-MiniLM-L6-v2 whose token states leave its graph: the embeddings, the middle and the last."""
BATCH = 16
"""Texts at a time; with texts sorted by length it is the fastest on one and two threads."""
GRAPH = "encoder.onnx"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True, eq=False)
class TokenStates:
    """One text, token by token, without the marks the model puts around it."""

    tokens: list[str]
    """Word pieces, t of them; a piece that continues a word starts with `##`."""
    offsets: "NDArray[np.int32]"
    """(t, 2): where each piece stands in the text, as characters from and to."""
    layers: "Floats"
    """(3, t, 384): unit rows for each of `TOKEN_LAYERS`."""
    vector: "Floats"
    """(384,): the unit vector of the whole text, as `Encoder.encode` gives it."""


class Encoder:
    """A sentence encoder, opened and checked. Every method may be called from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Open an exported encoder. Raises EncoderMissing when the folder is missing, foreign or damaged."""
        manifest = verified_manifest(folder)
        if manifest is None:
            raise EncoderMissing(_MISSING)
        self.name = str(manifest.get("name"))
        """The model's name."""
        self.version = str(manifest.get("version"))
        """Model and weights; vectors of different versions must not be compared."""
        try:
            self.dimensions = int(str(manifest["dimensions"]))
            """Of every vector it makes."""
            self._padding = int(str(manifest.get("padding", 0)))
            self._query_prompt = str(manifest.get("query_prompt", ""))
            self._passage_prompt = str(manifest.get("passage_prompt", ""))
            self._tokenizer = _open_tokenizer(folder / TOKENIZER, int(str(manifest["max_tokens"])))
            self._session = _open_session(folder / GRAPH)
        except Exception as error:  # both libraries raise their own kinds, some of them bare Exception
            raise EncoderMissing(f"{_MISSING} ({error})") from error

    @staticmethod
    def ready(folder: Path) -> bool:
        """True when an exported encoder stands there, by its manifest and file sizes; takes microseconds."""
        return read_manifest(folder) is not None

    @staticmethod
    def version_in(folder: Path) -> str:
        """The version of the encoder that stands there, without opening it; empty when none is ready."""
        return str((read_manifest(folder) or {}).get("version", ""))

    def encode(self, texts: Sequence[str], batch: int = BATCH) -> "Floats":
        """(n, dimensions) unit rows of passages in their order; what is beyond the model's tokens (256) is cut off."""
        return self._encoded([self._passage_prompt + text for text in texts], batch)

    def encode_query(self, query: str) -> "Floats":
        """The (dimensions,) unit vector of what somebody looks for; some models read it otherwise than a passage."""
        vector: Floats = self._encoded([self._query_prompt + query], 1)[0]
        return vector

    def tokens(self, texts: Sequence[str], batch: int = BATCH) -> list[TokenStates]:
        """The token states of each text, in order; texts beyond 256 tokens are cut there. all-MiniLM-L6-v2 alone."""
        import numpy as np

        outputs = ["embedding", *(f"hidden_{layer}" for layer in TOKEN_LAYERS)]
        states: dict[int, TokenStates] = {}
        for order, feed, encodings in self._batches(texts, batch):
            vectors, *layers = self._session.run(outputs, feed)
            stacked = np.stack(layers)
            for row, (place, encoding) in enumerate(zip(order, encodings, strict=True)):
                inner = slice(1, len(encoding.ids) - 1)
                own = stacked[:, row, inner]
                norms = np.maximum(np.linalg.norm(own, axis=-1, keepdims=True), 1e-12)
                offsets = np.array(encoding.offsets[inner], dtype=np.int32).reshape(-1, 2)
                states[place] = TokenStates(encoding.tokens[inner], offsets, own / norms, vectors[row])
        return [states[place] for place in range(len(texts))]

    def _encoded(self, texts: Sequence[str], batch: int) -> "Floats":
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for order, feed, _ in self._batches(texts, batch):
            vectors[order] = self._session.run(["embedding"], feed)[0]
        return vectors

    def _batches(self, texts: Sequence[str], batch: int) -> "Iterator[Batch]":
        """Places of the texts in each batch, the graph's input, and the tokenised texts; longest texts first.

        Sorting by length keeps padding small, and the longest first lets memory grow once.
        """
        import numpy as np

        encodings = self._tokenizer.encode_batch([_encodable(text) for text in texts])
        order = sorted(range(len(texts)), key=lambda place: -len(encodings[place].ids))
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            chosen = [encodings[place] for place in places]
            ids = np.full((len(chosen), len(chosen[0].ids)), self._padding, dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, encoding in enumerate(chosen):
                ids[row, : len(encoding.ids)] = encoding.ids
                mask[row, : len(encoding.ids)] = 1
            yield places, {"input_ids": ids, "attention_mask": mask}, chosen


_MISSING = 'The sentence encoder is not prepared. Run "tutor index" once; until then search goes by keywords.'


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced one for one so that offsets stay true."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _open_tokenizer(path: Path, max_tokens: int) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length=max_tokens)
    tokenizer.no_padding()
    return tokenizer


def _open_session(path: Path) -> "InferenceSession":
    onnxruntime = load_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(2, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session: InferenceSession = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session
