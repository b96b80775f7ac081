"""Owns which model the setting `encoder` names: a folder, or a model downloaded before. Nothing is ever fetched."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from tutor.domain.errors import EncoderRefused

SHIPPED = "all-MiniLM-L6-v2"
"""The model that comes with the program."""
MODULES = "modules.json"
"""The file by which sentence-transformers knows its models."""
PARTS = {".json", ".safetensors", ".bin", ".txt", ".model"}
"""Endings of the files that decide what vectors a model gives."""


def is_shipped(chosen: str) -> bool:
    """True when a setting means the model that comes along."""
    return chosen.strip() in ("", SHIPPED, f"sentence-transformers/{SHIPPED}")


def state_of(chosen: str) -> str:
    """12 hex digits that change with the setting, and whenever a file of the model it names does.

    Raises EncoderRefused when the model is not on this machine.
    """
    folder = model_folder(chosen)
    seen = [chosen.strip()]
    for file in _parts(folder):
        found = file.stat()
        seen.append(f"{file.relative_to(folder)} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(seen).encode("utf-8", "replace")).hexdigest()[:12]


def model_folder(chosen: str) -> Path:
    """Where the model lies that a setting names. Raises EncoderRefused when it is not on this machine."""
    folder = _folder(chosen) or _downloaded(chosen.strip())
    _examine(folder)
    return folder


def version_of(chosen: str, folder: Path) -> str:
    """The model's name and 12 hex digits of everything that decides its vectors."""
    digest = hashlib.sha256()
    for file in _parts(folder):
        digest.update(f"{file.relative_to(folder)}\n".encode("utf-8", "replace"))
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"{name_of(chosen)} {digest.hexdigest()[:12]}"


def name_of(chosen: str) -> str:
    """What to call the model of a setting: its name, or the last part of its folder's."""
    folder = _folder(chosen)
    return chosen.strip() if folder is None else folder.name


def _folder(chosen: str) -> Path | None:
    """The folder a setting names; None when it is the name of a model."""
    if chosen.strip().startswith("~"):
        return Path(os.path.expanduser(chosen.strip()))
    path = Path(chosen.strip())
    return path if path.is_absolute() else None


def _examine(folder: Path) -> None:
    if not folder.is_dir():
        raise EncoderRefused(f"There is no folder {folder}. Write the full path of a model's folder into the settings.")
    if not (folder / MODULES).is_file():
        raise EncoderRefused(
            f"{folder} holds no sentence-transformers model (no {MODULES}). Name a folder that "
            "SentenceTransformer.save wrote, or one downloaded whole."
        )


def _parts(folder: Path) -> Iterator[Path]:
    """Files of the model in their order, without the copies in other formats that some bring along."""
    for file in sorted(folder.rglob("*")):
        inner = file.relative_to(folder).parts
        if file.suffix in PARTS and inner[0] not in ("onnx", "openvino") and file.is_file():
            yield file


def _downloaded(name: str) -> Path:
    """The folder of a model in the local Hugging Face cache."""
    import huggingface_hub
    from huggingface_hub.errors import HFValidationError

    names = (name,) if "/" in name else (f"sentence-transformers/{name}", name)
    for full in names:
        try:
            return Path(huggingface_hub.snapshot_download(full, local_files_only=True))
        except (OSError, HFValidationError):  # not there, or not a name at all
            continue
    raise EncoderRefused(
        f'The model "{name}" is not on this machine, and the tutor downloads nothing by itself. Download it '
        f"(hf download {names[0]}), or write the full path of a folder that holds a model."
    )
