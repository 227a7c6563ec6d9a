"""Weights as safetensors files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy
import safetensors.numpy
from safetensors import SafetensorError

import rutile as rt
from rutile.errors import CheckpointError
from rutile.io.atomic import write_atomic

__all__ = ["load_safetensors", "read_arrays", "save_safetensors", "write_arrays"]


def save_safetensors(
    path: str | os.PathLike[str], tensors: Mapping[str, Any], metadata: Mapping[str, str] | None = None
) -> None:
    """Write Tensors or NumPy arrays by name to a safetensors file, atomically.

    >>> import tempfile, os
    >>> path = os.path.join(tempfile.mkdtemp(), "weights.safetensors")
    >>> save_safetensors(path, {"weight": rt.ones((2, 3))})
    >>> load_safetensors(path)["weight"].shape
    (2, 3)
    """
    write_atomic(path, write_arrays(tensors, metadata))


def load_safetensors(path: str | os.PathLike[str], device: str | None = None) -> dict[str, rt.Tensor]:
    """Return the Tensors of a safetensors file by name, on `device` (the default device when None).

    Raises CheckpointError when the file is missing, cut or not a safetensors file.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise CheckpointError(f"load_safetensors needs a readable file, got {path}: {error.strerror}") from error
    return {name: rt.tensor(array, device=device) for name, array in read_arrays(content, path).items()}


def write_arrays(tensors: Mapping[str, Any], metadata: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a safetensors file; every pending Tensor is evaluated in one plan."""
    rt.eval(*[tensor for tensor in tensors.values() if isinstance(tensor, rt.Tensor)])
    arrays = {name: numpy.asarray(tensor, order="C") for name, tensor in tensors.items()}
    return safetensors.numpy.save(arrays, dict(metadata) if metadata else None)


def read_arrays(content: bytes, path: str | os.PathLike[str]) -> dict[str, numpy.ndarray]:
    """Return the arrays in the bytes of a safetensors file; `path` is named in the error."""
    try:
        return safetensors.numpy.load(content)
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{path} needs to be a whole safetensors file, got {len(content)} bytes that are not ({error}): "
            f"it was cut or damaged; load an earlier file or copy it again"
        ) from error
