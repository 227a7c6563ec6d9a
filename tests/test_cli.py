"""The command `rutile`, as a process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import rutile as rt

ROOT = Path(__file__).parent.parent
QUICK_TOML = ["train", "examples/digits.toml", "train.epochs=1", "model.arguments={ width = 4 }"]


def rutile(*arguments: str, status: int = 0, cwd: Path = ROOT) -> str:
    """Run the command, check its exit status, and return what it printed."""
    command = [sys.executable, "-m", "rutile", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_devices_lists_every_device_and_the_default():
    output = rutile("devices")
    for info in rt.devices():
        assert str(info.name) in output and str(info.backend) in output
    assert output.count("yes") == 1
    for column in ("name", "hardware", "kind", "backend", "memory", "features", "default"):
        assert column in output


def test_demo_learns_the_digits(tmp_path):
    output = rutile("demo", "--device", "cpu", "--out", str(tmp_path / "out"))
    assert re.search(r"^device +cpu", output, re.M)
    accuracy = re.search(r"^accuracy +([\d.]+)% on the test images, after ([\d.]+) s$", output, re.M)
    assert accuracy and float(accuracy[1]) >= 97.0 and float(accuracy[2]) < 60.0
    for word in ("checkpoint", "loss curve"):
        path = re.search(rf"^{word} +(.+)$", output, re.M)
        assert path and Path(path[1]).is_file()


@pytest.mark.parametrize(("device", "epochs", "least"), [("cpu", "6", 97.0), ("gpu", "4", 95.0)])
def test_demo_learns_from_an_object_store(s3, device, epochs, least, tmp_path):
    options = [part for key, value in s3.storage_options.items() for part in ("--storage-option", f"{key}={value}")]
    source = ["--data", s3.url("digits/*.parquet"), *options]
    output = rutile("demo", *source, "--device", device, "--epochs", epochs, "--out", str(tmp_path / "out"))
    assert re.search(rf"^device +{device}", output, re.M)
    accuracy = re.search(r"^accuracy +([\d.]+)%", output, re.M)
    assert accuracy and float(accuracy[1]) >= least


def test_demo_fails_below_95_percent_and_can_run_again(tmp_path):
    for _ in range(2):
        output = rutile("demo", "--device", "cpu", "--epochs", "1", "--out", str(tmp_path), status=1)
        assert "error: the demo needs 95%" in output


def test_train_and_resume(tmp_path):
    output = f"train.output={tmp_path / 'out'}"
    assert re.search(r"1 epochs, 45 steps: loss [\d.]+, validation accuracy [\d.]+%", rutile(*QUICK_TOML, output))
    assert "add --resume" in rutile(*QUICK_TOML, output, status=1)
    assert "2 epochs, 90 steps" in rutile(*QUICK_TOML, output, "train.epochs=2", "--resume")


BAD_INPUTS = {
    "device": (["demo", "--device", "abacus"], 1, "abacus"),
    "missing data": (["demo", "--data", "nowhere/*.parquet"], 1, "nowhere"),
    "storage option": (["demo", "--storage-option", "region"], 2, "needs key=value"),
    "missing config": (["train", "nowhere.toml"], 1, "nowhere.toml"),
    "override": (["train", "examples/digits.toml", "train.epochs=x"], 1, "train.epochs needs int"),
    "command": (["tarin"], 2, "tarin"),
}


@pytest.mark.parametrize("row", BAD_INPUTS)
def test_bad_input_is_one_line(row, tmp_path):
    arguments, status, part = BAD_INPUTS[row]
    output = rutile(*arguments, *(["--out", str(tmp_path)] if arguments[0] == "demo" else []), status=status)
    assert part in output and "Traceback" not in output


def test_demo_outside_the_repository_says_what_to_do(tmp_path):
    assert "name the files with --data" in rutile("demo", status=1, cwd=tmp_path)


def test_import_stays_light():
    heavy = ("polars", "obstore", "rich", "typer", "matplotlib")
    code = f"import sys, rutile; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("example", ["training_loop", "train_digits"])
def test_example_runs(example, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    main = __import__(example).main
    assert main(steps=120) < 0.1 if example == "training_loop" else main(epochs=4, checkpoint_dir=str(tmp_path)) > 0.8
