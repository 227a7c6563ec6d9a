"""A training run as a TOML file: typed, checked, with `a.b=c` overrides, and written back beside the checkpoints."""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rutile.errors import ConfigError
from rutile.io.atomic import write_atomic

__all__ = ["DataConfig", "FitConfig", "ModelConfig", "OptimizerConfig", "TrainConfig", "load_config", "save_config"]


@dataclass
class DataConfig:
    """Arguments of `rutile.data.Table`; `columns` maps a tensor's name to the shape of one row ([] for a number)."""

    source: str | list[str]
    columns: dict[str, list]
    batch_size: int = 32
    shuffle: bool = True
    seed: int = 0
    test_fraction: float = 0.2
    storage_options: dict[str, Any] = field(default_factory=dict)


@dataclass
class ModelConfig:
    """`factory` is "package.module:name" of a Module class or a function; `arguments` are its keyword arguments."""

    factory: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass
class OptimizerConfig:
    """`name` is a class of `rutile.optim`; `arguments` are its further keyword arguments."""

    name: str = "AdamW"
    lr: float = 1e-3
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass
class FitConfig:
    """Arguments of `rutile.train.fit`; `loss` is a class of `rutile.nn`; `output` is where all files go."""

    output: str
    epochs: int
    loss: str = "CrossEntropyLoss"
    inputs: str | list[str] = "image"
    target: str = "label"
    device: str | None = None
    seed: int = 0
    checkpoint_every: int | None = None
    keep_last: int = 2
    log_every: int = 20


@dataclass
class TrainConfig:
    """The whole file: sections [data], [model], [optimizer] and [train]."""

    data: DataConfig
    model: ModelConfig
    train: FitConfig
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)


def load_config(path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> TrainConfig:
    """Read a TOML file, apply overrides such as "optimizer.lr=0.01", and check every name and type.

    Raises ConfigError naming the key, what it needs, what it got, and the keys that exist.
    """
    try:
        table = tomllib.loads(Path(path).read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"train needs a readable TOML file, got {path}: {error}") from error
    for override in overrides:
        _apply(table, override)
    return _build(TrainConfig, table, "")


def save_config(config: TrainConfig, path: str | os.PathLike[str]) -> None:
    """Write `config` as TOML, atomically; `load_config` gives it again, except for secrets of the object store."""
    sections = []
    table = dataclasses.asdict(config)
    options = table["data"]["storage_options"]
    table["data"]["storage_options"] = {key: value for key, value in options.items() if not _is_secret(key)}
    for name, section in table.items():
        lines = [f"{key} = {_toml(value)}" for key, value in section.items() if value is not None]
        sections.append("\n".join([f"[{name}]", *lines]))
    write_atomic(path, ("\n\n".join(sections) + "\n").encode())


def _is_secret(option: str) -> bool:
    return any(word in option.lower() for word in ("secret", "token", "password", "account_key", "sas"))


def _apply(table: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    *sections, last = key.strip().split(".")
    if not equals or not last:
        raise ConfigError(f"an override needs the form section.key=value, got {override!r}")
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise ConfigError(f"override {override!r} needs {section} to be a section, got a value")
    try:
        table[last] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        table[last] = text


def _build(kind: Any, table: dict[str, Any], section: str) -> Any:
    """Return the dataclass `kind` made of `table`, its sections likewise."""
    hints = typing.get_type_hints(kind)
    where = f"[{section}]" if section else "the file"
    unknown = table.keys() - hints.keys()
    if unknown:
        raise ConfigError(f"config: {where} has no {', '.join(sorted(unknown))}: it has {', '.join(hints)}")
    values = {}
    for one in dataclasses.fields(kind):
        hint, key = hints[one.name], f"{section}.{one.name}" if section else one.name
        if one.name not in table:
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
                raise ConfigError(f"config: {where} needs {one.name} ({_words(hint)}), got none: add it")
            continue
        value = table[one.name]
        if dataclasses.is_dataclass(hint):
            if not isinstance(value, dict):
                raise ConfigError(f"config: {key} needs a section [{key}], got {value!r}")
            value = _build(hint, value, key)
        elif not _matches(value, hint):
            raise ConfigError(f"config: {key} needs {_words(hint)}, got {value!r}")
        elif hint is float:
            value = float(value)
        values[one.name] = value
    return kind(**values)


def _matches(value: Any, hint: Any) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_matches(value, argument) for argument in arguments)
    if origin is list:
        return isinstance(value, list) and all(_matches(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(_matches(item, arguments[1]) for item in value.values())
    if hint in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if hint is float else hint)


def _words(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint).replace("typing.", "")


def _toml(value: Any) -> str:
    """Return a TOML value; JSON's strings, numbers and booleans are TOML's too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
