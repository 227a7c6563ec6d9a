"""The command `rutile`: devices, demo, train."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app", "main"]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

LOWEST_DEMO_ACCURACY = 0.95


def main() -> None:
    """Run the command line; an error of rutile's is one line and exit status 1, Ctrl-C is status 130."""
    from rutile.errors import RutileError

    try:
        app()
    except RutileError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback()
def describe() -> None:
    """Train deep-learning models on any GPU and any CPU."""


@app.command()
def devices() -> None:
    """List the devices, and say which one is the default and why."""
    from rich.console import Console
    from rich.table import Table

    import rutile as rt

    table = Table(title="devices")
    for column in ("name", "hardware", "kind", "backend", "memory", "features", "default"):
        table.add_column(column, overflow="fold")
    for info in rt.devices():
        memory = f"{info.memory_bytes / 2**30:.1f} GiB" if info.memory_bytes else "unknown"
        default = ("yes" if info.default else "no") + (f": {info.reason}" if info.reason else "")
        table.add_row(info.name, info.hardware, info.kind, info.backend, memory, ", ".join(info.features), default)
    console = Console()
    # A pipe has no width of its own: nothing that a program may want to read is folded.
    console.print(table, width=None if console.is_terminal else 200)


@app.command()
def demo(
    data: Annotated[str | None, typer.Option(help="Parquet files: a path, a glob or a URL such as s3://...")] = None,
    device: Annotated[str | None, typer.Option(help="cpu, gpu, gpu:1, ...; the default device if absent")] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the training images: 20, or 8 on a software adapter.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where checkpoints, log and loss curve go.")] = Path("runs/digits"),
    storage_option: Annotated[
        list[str] | None, typer.Option(help="key=value for the object store; may be repeated.")
    ] = None,
) -> None:
    """Learn handwritten digits; exit status 1 when the test accuracy stays below 95 %."""
    from rutile.demo import DEFAULT_DATA, run_demo

    options = dict(_key_value(option) for option in storage_option or [])
    result = run_demo(data or DEFAULT_DATA, device, epochs, out, options or None)
    if result.accuracy < LOWEST_DEMO_ACCURACY:
        print(f"error: the demo needs {LOWEST_DEMO_ACCURACY:.0%}, got {result.accuracy:.2%}", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A TOML file; see examples/digits.toml.")],
    overrides: Annotated[list[str] | None, typer.Argument(help="section.key=value, as often as needed.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in train.output.")] = False,
) -> None:
    """Train as a TOML file says."""
    from rutile.train.config import load_config
    from rutile.train.from_config import fit_from_config

    settings = load_config(config, overrides or [])
    history = fit_from_config(settings, resume)
    record = history.epochs[-1]
    accuracy = "" if record.validation_accuracy is None else f", validation accuracy {record.validation_accuracy:.2%}"
    print(f"{record.epoch + 1} epochs, {record.step} steps: loss {record.loss:.4f}{accuracy}")
    print(f"files       {settings.train.output}")


def _key_value(option: str) -> tuple[str, str]:
    key, equals, value = option.partition("=")
    if not equals or not key:
        raise typer.BadParameter(f"--storage-option needs key=value, got {option!r}")
    return key, value
