"""Run: everything that a checkpoint holds, and how it is written and read back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy

import rutile as rt
from rutile.errors import CheckpointError
from rutile.io import Checkpoint, list_checkpoints, save_checkpoint
from rutile.nn.module import Module
from rutile.optim.optimizer import Optimizer
from rutile.train.history import EpochRecord, History

__all__ = ["Run"]


class Run:
    """A training run: what is trained, on what, and how far it is. Callbacks get it and may change it.

    `epoch` and `batch` (both from 0) say which batch comes next, `step` how many optimizer steps are done;
    `stop = True` ends the run after the step; `checkpoint` is the path of the last checkpoint; `train_step` trains on
    a batch, and is a `rutile.compile`d function unless `fit` was told otherwise.
    """

    def __init__(self, model: Module, optimizer: Optimizer, data: Iterable[Any], epochs: int) -> None:
        self.model = model
        self.optimizer = optimizer
        self.data = data
        self.epochs = epochs
        self.epoch = 0
        self.batch = 0
        self.step = 0
        self.stop = False
        self.history = History()
        self.checkpoint: Path | None = None
        self.train_step: Callable[..., None] | Any = None

    def batches(self) -> Iterator[Any]:
        """Yield the rest of this epoch's batches, from `batch` on."""
        data: Any = self.data
        if hasattr(data, "load_state_dict"):
            # The run knows what was trained on; the data may count what it has only prefetched.
            data.load_state_dict({**data.state_dict(), "epoch": self.epoch, "batch": self.batch})
            return iter(data)
        if hasattr(data, "set_epoch"):
            data.set_epoch(self.epoch)
        return islice(data, self.batch, None)

    def batches_per_epoch(self) -> int | None:
        """Return how many batches an epoch has, None when the data does not say."""
        try:
            return len(self.data)  # pyright: ignore[reportArgumentType]
        except TypeError:
            return None

    def save(self, directory: str | os.PathLike[str], keep_last: int) -> Path:
        """Write a checkpoint; must be called between two steps."""
        optimizer = self.optimizer.state_dict()
        tensors: dict[str, Any] = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        numbers: dict[str, dict[str, Any]] = {}
        for index, state in optimizer["state"].items():
            numbers[str(index)] = {}
            for name, value in state.items():
                if isinstance(value, rt.Tensor):
                    tensors[f"optimizer.{index}.{name}"] = value
                else:
                    numbers[str(index)][name] = value
        tensors["history.losses"] = numpy.asarray(self.history.losses, dtype=numpy.float32)
        state = {
            "epoch": self.epoch,
            "batch": self.batch,
            "optimizer": {"state": numbers, "param_groups": optimizer["param_groups"]},
            "random": rt.random.get_state(),
            "data": self.data.state_dict() if hasattr(self.data, "state_dict") else None,  # pyright: ignore
            "epochs": self.history.epochs_as_json(),
        }
        self.checkpoint = save_checkpoint(directory, self.step, tensors, state, keep_last)
        return self.checkpoint

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on exactly where `checkpoint` was written: weights, optimizer, random numbers, data order, history."""
        arrays, state = checkpoint.arrays, checkpoint.state
        try:
            optimizer = {index: dict(numbers) for index, numbers in state["optimizer"]["state"].items()}
            for name, array in arrays.items():
                if name.startswith("optimizer."):
                    _, index, part = name.split(".", 2)
                    optimizer.setdefault(index, {})[part] = array
            weights = {name[len("model.") :]: array for name, array in arrays.items() if name.startswith("model.")}
            losses, records = arrays["history.losses"], [EpochRecord(**record) for record in state["epochs"]]
            groups, generator, data = state["optimizer"]["param_groups"], state["random"], state["data"]
            epoch, batch = state["epoch"], state["batch"]
        except (KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(
                f"fit needs a checkpoint that fit wrote, got {checkpoint.path} without {error}: "
                f"load its weights with load_checkpoint and model.load_state_dict"
            ) from error
        self.model.load_state_dict(weights)
        self.optimizer.load_state_dict({"state": optimizer, "param_groups": groups})
        rt.random.set_state(generator)
        if data is not None and hasattr(self.data, "load_state_dict"):
            self.data.load_state_dict(data)  # pyright: ignore
        self.epoch, self.batch, self.step = epoch, batch, checkpoint.step
        self.history = History(losses.tolist(), records)
        self.checkpoint = checkpoint.path

    def refuse_to_overwrite(self, directory: str | os.PathLike[str]) -> None:
        """Raise CheckpointError when `directory` holds checkpoints of later steps: they would mix with this run's."""
        later = [path.name for path in list_checkpoints(directory) if int(path.stem[5:]) > self.step]
        if later:
            raise CheckpointError(
                f"fit needs a checkpoint_dir without later checkpoints, got {directory} with {', '.join(later)}: "
                f'go on from them with resume="auto", or name another directory'
            )
