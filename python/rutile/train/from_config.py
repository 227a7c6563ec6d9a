"""Train as a configuration says."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import rutile as rt
from rutile.data import Table
from rutile.errors import ConfigError
from rutile.io import list_checkpoints
from rutile.train.config import TrainConfig, save_config
from rutile.train.fit import fit
from rutile.train.history import History

__all__ = ["fit_from_config"]


def fit_from_config(config: TrainConfig, resume: bool = False) -> History:
    """Make data, model, optimizer and loss, train, and leave config.toml, log.jsonl, loss.png and checkpoints.

    Raises ConfigError where a name does not exist or arguments do not fit; DataError, CheckpointError, DeviceError.
    """
    settings, data = config.train, config.data
    output = Path(settings.output)
    with rt.device(settings.device or rt.default_device()):
        rt.random.seed(settings.seed)
        model = _call("model.factory", _import(config.model.factory), config.model.arguments)
        arguments = {"lr": config.optimizer.lr, **config.optimizer.arguments}
        optimizer_class = _member("optimizer.name", rt.optim, config.optimizer.name)
        optimizer = _call("optimizer.arguments", optimizer_class, {"params": model.parameters(), **arguments})
        loss = _call("train.loss", _member("train.loss", rt.nn, settings.loss), {})
        split: dict[str, Any] = dict(
            batch_size=data.batch_size, seed=data.seed, storage_options=data.storage_options or None
        )
        validation = None
        if data.test_fraction > 0:
            split["test_fraction"] = data.test_fraction
            validation = Table(data.source, data.columns, split="test", **split)
        part = "train" if data.test_fraction > 0 else None
        train = Table(data.source, data.columns, split=part, shuffle=data.shuffle, **split)
        if not resume and list_checkpoints(output):
            raise ConfigError(
                f"config: train.output needs a new directory, got {output} with checkpoints: add --resume"
            )
        save_config(config, output / "config.toml")
        history = fit(
            model,
            train,
            optimizer,
            loss,
            settings.epochs,
            validation=validation,
            checkpoint_dir=output,
            checkpoint_every=settings.checkpoint_every,
            keep_last=settings.keep_last,
            resume="auto" if resume else None,
            plot=output / "loss.png",
            log_every=settings.log_every,
            inputs=settings.inputs,
            target=settings.target,
        )
    return history


def _import(name: str) -> Any:
    module, colon, attribute = name.partition(":")
    if not colon:
        raise ConfigError(f'config: model.factory needs the form "package.module:name", got {name!r}')
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"config: model.factory needs something that can be imported, got {name!r}: {error}"
        ) from error


def _member(key: str, module: Any, name: str) -> Any:
    if name not in module.__all__:
        names = [one for one in module.__all__ if one[0].isupper()]
        raise ConfigError(f"config: {key} needs a name of {module.__name__} ({', '.join(names)}), got {name!r}")
    return getattr(module, name)


def _call(key: str, function: Any, arguments: dict[str, Any]) -> Any:
    try:
        return function(**arguments)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"config: {key} does not accept its arguments: {error}") from error
