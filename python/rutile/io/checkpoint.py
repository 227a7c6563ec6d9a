"""Checkpoints: a JSON file that names, and holds the SHA-256 of, a safetensors file beside it.

`step-00000120.json` is written last, so it never names a file that is not whole on the disk; the safetensors file
is named by its content, so no write changes a file that another checkpoint names. A crash leaves the previous one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from rutile.errors import CheckpointError
from rutile.io.atomic import write_atomic
from rutile.io.weights import read_arrays, write_arrays

__all__ = [
    "Checkpoint",
    "delete_checkpoints",
    "latest_checkpoint",
    "list_checkpoints",
    "load_checkpoint",
    "save_checkpoint",
]

FORMAT = 1


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint in memory: arrays by name, and whatever JSON holds."""

    path: Path
    step: int
    arrays: dict[str, numpy.ndarray]
    state: dict[str, Any]


def save_checkpoint(
    directory: str | os.PathLike[str],
    step: int,
    tensors: Mapping[str, Any],
    state: Mapping[str, Any],
    keep_last: int = 2,
) -> Path:
    """Write a checkpoint of `step` into `directory`, delete all but the last `keep_last`, and return its JSON path.

    `tensors` are Tensors or NumPy arrays by name; `state` must be expressible in JSON.

    >>> import tempfile
    >>> path = save_checkpoint(tempfile.mkdtemp(), 7, {"weight": numpy.ones(2, "float32")}, {"epoch": 1})
    >>> path.name, load_checkpoint(path).state
    ('step-00000007.json', {'epoch': 1})
    """
    if keep_last < 1:
        raise ValueError(f"save_checkpoint needs keep_last >= 1, got {keep_last}")
    directory = Path(directory)
    content = write_arrays(tensors)
    digest = hashlib.sha256(content).hexdigest()
    name = f"step-{step:08d}-{digest[:12]}.safetensors"
    manifest = {"format": FORMAT, "step": step, "tensors": name, "sha256": digest, "state": dict(state)}
    text = json.dumps(manifest, indent=1)
    write_atomic(directory / name, content)
    path = directory / f"step-{step:08d}.json"
    write_atomic(path, text.encode())
    _delete_old(directory, [*list_checkpoints(directory)[-keep_last:], path])
    return path


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a checkpoint: the path of its JSON file, or a directory, of which the last checkpoint is taken.

    Raises CheckpointError when there is none, or either of its two files is missing, cut or changed.
    """
    path = Path(path)
    if path.is_dir():
        found = list_checkpoints(path)
        if not found:
            raise CheckpointError(f"{path} needs to hold a checkpoint (step-*.json), got none: check the directory")
        path = found[-1]
    manifest = _read_manifest(path)
    tensors = path.parent / manifest["tensors"]
    try:
        content = tensors.read_bytes()
    except OSError as error:
        raise _damaged(path, f"{tensors.name} is not readable ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise _damaged(
            path, f"the {len(content)} bytes of {tensors.name} do not match the SHA-256: it was cut or changed"
        )
    return Checkpoint(path, manifest["step"], read_arrays(content, tensors), manifest["state"])


def list_checkpoints(directory: str | os.PathLike[str]) -> list[Path]:
    """Return the JSON paths of the checkpoints in `directory`, the last step last; empty when there is none."""
    found = [path for path in Path(directory).glob("step-*.json") if re.fullmatch(r"step-\d{8,}\.json", path.name)]
    return sorted(found, key=lambda path: int(path.stem[5:]))


def delete_checkpoints(directory: str | os.PathLike[str]) -> None:
    """Delete every checkpoint in `directory`, and nothing else."""
    _delete_old(Path(directory), [])


def latest_checkpoint(directory: str | os.PathLike[str]) -> tuple[Checkpoint | None, list[str]]:
    """Return the last checkpoint that is whole (None when there is none at all), and what is wrong with later ones.

    Raises CheckpointError when there are checkpoints, and all are damaged.
    """
    problems: list[str] = []
    for path in reversed(list_checkpoints(directory)):
        try:
            return load_checkpoint(path), problems
        except CheckpointError as error:
            problems.append(str(error))
    if problems:
        raise CheckpointError("; ".join(problems))
    return None, problems


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text())
        if manifest["format"] != FORMAT:
            raise _damaged(path, f"it has format {manifest['format']}, this version of rutile reads {FORMAT}")
        if not {"step", "tensors", "sha256", "state"} <= manifest.keys():
            raise KeyError("step, tensors, sha256 or state")
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{path} needs to be a checkpoint (step-*.json), got no such file: check the path"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise _damaged(path, f"it is not a whole checkpoint ({error})") from error
    return manifest


def _damaged(path: Path, problem: str) -> CheckpointError:
    others = [other.name for other in list_checkpoints(path.parent) if other != path]
    hint = f"load {path.parent / others[-1]} instead" if others else "copy it again, or train from the start"
    return CheckpointError(f"checkpoint {path} cannot be loaded: {problem}: {hint}")


def _delete_old(directory: Path, keep: list[Path]) -> None:
    """Delete the JSON files that are not in `keep`, then every safetensors file that no JSON file names."""
    try:
        named = {_read_manifest(path)["tensors"] for path in keep}
    except CheckpointError:
        # A damaged JSON file may still have named a file worth rescuing: delete nothing.
        return
    for path in list_checkpoints(directory):
        if path not in keep:
            path.unlink()
    for path in directory.glob("step-*.safetensors"):
        if path.name not in named:
            path.unlink()
