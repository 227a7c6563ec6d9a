"""fit: the training loop."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import rutile as rt
from rutile.errors import DataError, NonFiniteLossError
from rutile.io import latest_checkpoint, load_checkpoint
from rutile.nn.module import Module
from rutile.optim.optimizer import Optimizer
from rutile.train.callback import Callback
from rutile.train.evaluate import Evaluation, evaluate, split_batch
from rutile.train.history import EpochRecord, History
from rutile.train.interrupt import StopSignals
from rutile.train.log import StepLog
from rutile.train.losses import LossWindow
from rutile.train.plot import save_loss_curve
from rutile.train.progress import ProgressBar
from rutile.train.run import Run

__all__ = ["fit"]

PathLike = str | os.PathLike[str]


def fit(
    model: Module,
    data: Iterable[Any],
    optimizer: Optimizer,
    loss: Callable[[Any, rt.Tensor], rt.Tensor],
    epochs: int,
    *,
    validation: Iterable[Any] | None = None,
    checkpoint_dir: PathLike | None = None,
    checkpoint_every: int | None = None,
    keep_last: int = 2,
    resume: PathLike | None = None,
    plot: PathLike | None = None,
    progress: bool = True,
    log_every: int = 20,
    inputs: str | Sequence[str] = "image",
    target: str = "label",
    callbacks: Sequence[Callback] = (),
    compile: bool = True,
) -> History:
    """Train `model` for `epochs` passes over `data` and return the losses and the validation results.

    A batch is a dict of Tensors, of which `inputs` and `target` are taken, or a pair (input, target). Losses are read
    every `log_every` steps, in one copy. With `checkpoint_dir`, a checkpoint is written at the end of every epoch,
    every `checkpoint_every` steps, and on Ctrl-C or SIGTERM, beside the log `log.jsonl`. `resume` is the path of a
    checkpoint, or "auto" for the last whole one in `checkpoint_dir`, if any: training goes on with the same bits as
    if it had never stopped. The step goes through `rutile.compile`, which changes no bit of what is computed: a step
    that cannot be compiled runs as it is, and `run.train_step.reason` says why; `compile=False` does so from the start.
    `plot` is the path of a PNG of the loss curve.

    Raises NonFiniteLossError naming the step, CheckpointError, DataError; KeyboardInterrupt after saving.

    >>> model = rt.nn.Linear(2, 1)
    >>> batch = (rt.ones((4, 2)), rt.zeros((4, 1)))
    >>> history = fit(model, [batch], rt.optim.SGD(model.parameters(), lr=0.1), rt.nn.MSELoss(), epochs=3)
    >>> len(history.losses), history.losses[2] < history.losses[0]
    (3, True)
    """
    if epochs < 1 or log_every < 1 or (checkpoint_every is not None and checkpoint_every < 1):
        raise ValueError(
            f"fit needs epochs, log_every, checkpoint_every >= 1, got {epochs}, {log_every}, {checkpoint_every}"
        )
    run = Run(model, optimizer, data, epochs)
    _resume(run, resume, checkpoint_dir)
    if checkpoint_dir is not None and resume != "auto":
        run.refuse_to_overwrite(checkpoint_dir)
    log = StepLog(Path(checkpoint_dir) / "log.jsonl", run.step) if checkpoint_dir is not None else None
    settings: dict[str, Any] = dict(
        checkpoint_every=checkpoint_every, keep_last=keep_last, inputs=inputs, target=target, compile=compile
    )
    loop = _Loop(run, loss, validation, checkpoint_dir, log, log_every, callbacks, **settings)
    model.train()
    try:
        with ProgressBar(progress) as bar, StopSignals() as signals:
            loop.run_epochs(bar, signals)
        for callback in callbacks:
            callback.on_end(run)
    finally:
        if plot is not None and run.history.losses:
            save_loss_curve(run.history, plot)
    return run.history


def _resume(run: Run, resume: PathLike | None, checkpoint_dir: PathLike | None) -> None:
    if resume is None:
        return
    if resume != "auto":
        run.restore(load_checkpoint(resume))
        return
    if checkpoint_dir is None:
        raise ValueError('fit with resume="auto" needs checkpoint_dir, got None: name the directory of the checkpoints')
    checkpoint, problems = latest_checkpoint(checkpoint_dir)
    for problem in problems:
        print(f"skipped: {problem}", file=sys.stderr)
    if checkpoint is not None:
        run.restore(checkpoint)


def _train_step(
    model: Module, optimizer: Optimizer, loss: Callable[[Any, rt.Tensor], rt.Tensor], window: LossWindow
) -> Callable[[list[rt.Tensor], rt.Tensor], None]:
    """Return what trains on one batch: forward, backward and update are one plan, and nothing is read."""

    def train_step(features: list[rt.Tensor], labels: rt.Tensor) -> None:
        optimizer.zero_grad()
        value = loss(model(*features), labels)
        value.backward()
        optimizer.step(also=(window.shift_in(value),), keep_grads=False)

    return train_step


class _Loop:
    """The loop itself; `run` holds all of its state that outlives the process."""

    def __init__(
        self,
        run: Run,
        loss: Callable[[Any, rt.Tensor], rt.Tensor],
        validation: Iterable[Any] | None,
        checkpoint_dir: PathLike | None,
        log: StepLog | None,
        log_every: int,
        callbacks: Sequence[Callback],
        *,
        checkpoint_every: int | None,
        keep_last: int,
        inputs: str | Sequence[str],
        target: str,
        compile: bool,
    ) -> None:
        self.run = run
        self.loss = loss
        self.validation = validation
        self.checkpoint_dir = checkpoint_dir
        self.checkpoint_every = checkpoint_every
        self.keep_last = keep_last
        self.log = log
        self.callbacks = callbacks
        self.inputs, self.target = inputs, target
        self.device = next(run.model.parameters()).device
        self.window = LossWindow(log_every, self.device)
        train_step = _train_step(run.model, run.optimizer, loss, self.window)
        run.train_step = rt.compile(train_step) if compile else train_step
        self.inside_step = False
        self.saved_step = run.step

    def run_epochs(self, bar: ProgressBar, signals: StopSignals) -> None:
        """Train until the last epoch, `run.stop` or a signal."""
        run = self.run
        try:
            while run.epoch < run.epochs and not run.stop:
                self._run_epoch(bar, signals)
                signals.raise_received()
        except NonFiniteLossError:
            raise
        except BaseException:
            self._save_what_is_whole()
            raise

    def _run_epoch(self, bar: ProgressBar, signals: StopSignals) -> None:
        run = self.run
        started = time.perf_counter()
        bar.start_epoch(run.epoch, run.epochs, run.batch, run.batches_per_epoch())
        for batch in run.batches():
            self._step(batch)
            saved = self.checkpoint_every is not None and run.step % self.checkpoint_every == 0
            if self.window.full or saved:
                self._read_losses(bar)
            for callback in self.callbacks:
                callback.on_step(run)
            if saved:
                self._save()
            bar.advance(run.batch)
            signals.raise_received()
            if run.stop:
                self._read_losses(bar)
                self._save()
                return
        self._end_epoch(bar, time.perf_counter() - started)

    def _step(self, batch: Any) -> None:
        self.inside_step = True
        run = self.run
        run.train_step(*split_batch(batch, self.inputs, self.target))
        self.window.count()
        run.step += 1
        run.batch += 1
        self.inside_step = False

    def _read_losses(self, bar: ProgressBar) -> None:
        losses = self.window.read(self.run.step)
        if not losses:
            return
        self.run.history.losses.extend(losses)
        mean = sum(losses) / len(losses)
        bar.show(loss=mean)
        if self.log is not None:
            self.log.write(step=self.run.step, epoch=self.run.epoch, loss=mean, lr=self.run.optimizer.lr)

    def _end_epoch(self, bar: ProgressBar, seconds: float) -> None:
        run = self.run
        if run.batch == 0:
            raise DataError("fit needs at least one batch per epoch, got none: check the split, filters and batch size")
        self._read_losses(bar)
        losses = run.history.losses[-run.batch :]
        record = EpochRecord(run.epoch, run.step, sum(losses) / len(losses), seconds=seconds)
        if self.validation is not None:
            result = self._validate(self.validation)
            record.validation_loss, record.validation_accuracy = result.loss, result.accuracy
            bar.show(accuracy=result.accuracy)
        run.history.epochs.append(record)
        if self.log is not None:
            self.log.write(**run.history.epochs_as_json()[-1])
        run.epoch, run.batch = run.epoch + 1, 0
        for callback in self.callbacks:
            callback.on_epoch(run)
        self._save()

    def _validate(self, validation: Iterable[Any]) -> Evaluation:
        return evaluate(self.run.model, validation, self.loss, self.inputs, self.target)

    def _save(self) -> None:
        if self.checkpoint_dir is not None:
            self.run.save(self.checkpoint_dir, self.keep_last)
            self.saved_step = self.run.step

    def _save_what_is_whole(self) -> None:
        """Save after a signal or an error, unless it cut a step in two, and say what is on the disk."""
        run = self.run
        if self.checkpoint_dir is None:
            print("stopped; nothing was saved: fit was called without checkpoint_dir", file=sys.stderr)
            return
        if not self.inside_step and run.step != self.saved_step:
            run.history.losses.extend(self.window.read(run.step))
            self._save()
        if run.checkpoint is not None:
            print(f'stopped; the checkpoint is {run.checkpoint}: go on with resume="auto"', file=sys.stderr)
