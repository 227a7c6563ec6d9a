"""The demo: a convolutional network learns the UCI handwritten digits from Parquet shards."""

from __future__ import annotations

import glob
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rutile as rt
from rutile.data import Table
from rutile.errors import DataError
from rutile.io import delete_checkpoints, list_checkpoints
from rutile.models import DigitsNet
from rutile.nn import CrossEntropyLoss
from rutile.optim import AdamW
from rutile.train import Callback, Run, fit

__all__ = ["DEFAULT_DATA", "DemoResult", "run_demo"]

DEFAULT_DATA = "examples/data/digits*.parquet"
COLUMNS = {"image": (1, 8, 8), "label": None}


@dataclass(frozen=True)
class DemoResult:
    """What the demo reached, and where it left its files."""

    accuracy: float
    seconds: float
    checkpoint: Path
    plot: Path | None


def run_demo(
    data: str = DEFAULT_DATA,
    device: str | None = None,
    epochs: int | None = None,
    out: str | Path = "runs/digits",
    storage_options: Mapping[str, str] | None = None,
) -> DemoResult:
    """Train DigitsNet on `data` (a path or a URL of Parquet files with `image` and `label`) and print how it goes.

    Without `epochs` there are 20, or 8 on a software adapter. Checkpoints, log and loss curve are written into `out`;
    checkpoints of an earlier demo there are deleted.

    Raises DataError when the data is not there, DeviceError when the device is not.
    """
    if data == DEFAULT_DATA and not glob.glob(data):
        raise DataError(
            f"the demo needs the digits as {DEFAULT_DATA} below the current folder, got none: "
            f"run it in rutile's repository, or name the files with --data"
        )
    with rt.device(device or rt.default_device()):
        epochs = epochs or (8 if _is_software(rt.default_device()) else 20)
        rt.random.seed(0)
        settings: dict[str, Any] = dict(batch_size=32, seed=0, storage_options=storage_options)
        train = Table(data, COLUMNS, split="train", shuffle=True, **settings)
        test = Table(data, COLUMNS, split="test", **settings)
        model = DigitsNet()
        optimizer = AdamW(model.parameters(), lr=6e-3, weight_decay=0.1)
        print(f"device      {describe_device()}")
        print(f"data        {data}: {train.rows} images to train on, {test.rows} to test on")
        print(f"model       {sum(parameter.size for parameter in model.parameters()):,} parameters")
        out = Path(out)
        delete_checkpoints(out)
        plot = out / "loss.png"
        plot.unlink(missing_ok=True)
        started = time.perf_counter()
        history = fit(
            model,
            train,
            optimizer,
            CrossEntropyLoss(),
            epochs,
            validation=test,
            checkpoint_dir=out,
            plot=plot,
            callbacks=[_Decay(optimizer.lr, epochs * len(train)), _PrintEpoch()],
        )
        seconds = time.perf_counter() - started
    result = DemoResult(history.accuracy or 0.0, seconds, list_checkpoints(out)[-1], plot if plot.exists() else None)
    print(f"accuracy    {result.accuracy:.2%} on the test images, after {seconds:.1f} s")
    print(f"checkpoint  {result.checkpoint}")
    print(f"loss curve  {result.plot or 'not drawn: pip install matplotlib'}")
    return result


def describe_device() -> str:
    """Return the default device's name, hardware and backend in words."""
    name = rt.default_device()
    for info in rt.devices():
        if info.name == name:
            return f"{name}: {info.hardware} ({info.backend}{', in software' if info.software else ''})"
    return name


def _is_software(device: str) -> bool:
    return any(info.name == device and info.software for info in rt.devices())


class _Decay(Callback):
    """Lower the learning rate to 0 along half a cosine: a new number every step, never a new plan."""

    def __init__(self, start: float, steps: int) -> None:
        self.start = start
        self.steps = steps

    def on_step(self, run: Run) -> None:
        run.optimizer.lr = self.start * (0.5 + 0.5 * math.cos(math.pi * run.step / self.steps))


class _PrintEpoch(Callback):
    def on_epoch(self, run: Run) -> None:
        record = run.history.epochs[-1]
        accuracy = f"test accuracy {record.validation_accuracy:.2%}" if record.validation_accuracy is not None else ""
        print(
            f"epoch {run.epoch:>3}/{run.epochs}  loss {record.loss:.4f}  {accuracy}  {record.seconds:.2f} s", flush=True
        )
