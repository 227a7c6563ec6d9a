"""fit: exact resume, crashes, signals, logs. Runs are real processes on the digits of examples/data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rutile as rt
from rutile import nn
from rutile.errors import CheckpointError, ConfigError, DataError, NonFiniteLossError
from rutile.io import list_checkpoints, load_checkpoint, load_safetensors, save_checkpoint, save_safetensors
from rutile.train import Callback, evaluate, fit
from rutile.train.config import load_config, save_config
from rutile.train.from_config import fit_from_config

ROOT = Path(__file__).parent.parent

# 1,413 training rows in batches of 64: 23 steps per epoch, the last of them with 5 rows.
SCRIPT = """
import os, signal, sys
import rutile as rt
from rutile import nn
from rutile.data import Table
from rutile.models import DigitsNet
from rutile.train import Callback, fit

directory, epochs, stop, resume, every, die = sys.argv[1:]

class StopAt(Callback):
    def on_step(self, run):
        run.stop = run.step == int(stop)
        if run.step == 3:
            print("training", flush=True)

if int(die) >= 0:
    # A real kill -9, at the chosen moment of writing the second checkpoint.
    import rutile.io.atomic as atomic
    calls = []
    def traced(name, real):
        def call(*arguments):
            calls.append(name)
            if len(calls) == int(die):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)
        return call
    os.fsync, os.replace = traced("fsync", os.fsync), traced("replace", os.replace)

rt.random.seed(0)
columns = {"image": (1, 8, 8), "label": None}
source = "examples/data/digits*.parquet"
train = Table(source, columns, batch_size=64, shuffle=True, seed=3, split="train")
test = Table(source, columns, batch_size=128, split="test")
model = DigitsNet(width=4)
optimizer = rt.optim.AdamW(model.parameters(), lr=4e-3)
fit(model, train, optimizer, nn.CrossEntropyLoss(), int(epochs), validation=test, checkpoint_dir=directory,
    resume=resume or None, callbacks=[StopAt()], checkpoint_every=int(every) or None)
"""


def start(directory: Path, epochs: int = 2, stop: int = 0, resume: str = "", every: int = 0, die: int = -1):
    command = [sys.executable, "-c", SCRIPT, *map(str, (directory, epochs, stop, resume, every, die))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def train_process(directory: Path, expected_status: int = 0, **arguments) -> str:
    process = start(directory, **arguments)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == expected_status, errors
    return output + errors


def assert_same_checkpoint(first: Path, second: Path) -> None:
    """The last checkpoints of two directories hold the same bits; only the seconds may differ."""
    a, b = load_checkpoint(first), load_checkpoint(second)
    assert a.arrays.keys() == b.arrays.keys()
    for name, array in a.arrays.items():
        np.testing.assert_array_equal(array, b.arrays[name], err_msg=name)
    for checkpoint in (a, b):
        for record in checkpoint.state["epochs"]:
            record["seconds"] = 0.0
    assert a.state == b.state and a.step == b.step


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("uninterrupted")
    train_process(directory)
    return directory


# In the middle of an epoch, before its last and ragged batch, after it, at the first step of the next epoch.
@pytest.mark.parametrize("stop", [10, 22, 23, 24])
def test_resume_is_bitwise(stop, uninterrupted, tmp_path):
    train_process(tmp_path, stop=stop)
    assert load_checkpoint(tmp_path).step == stop
    train_process(tmp_path, resume="auto")
    assert_same_checkpoint(uninterrupted, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    steps = [line["step"] for line in lines if "lr" in line]
    assert steps == sorted(set(steps)) and steps[-1] == 46
    assert [line["epoch"] for line in lines if "validation_accuracy" in line] == [0, 1]


def test_resume_at_the_epoch_boundary_trains_on(uninterrupted, tmp_path):
    train_process(tmp_path, epochs=1)
    train_process(tmp_path, epochs=2, resume=str(list_checkpoints(tmp_path)[-1]))
    assert_same_checkpoint(uninterrupted, tmp_path)


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 1), ("SIGTERM", 143)])
def test_signal_leaves_a_checkpoint(name, status, uninterrupted, tmp_path):
    process = start(tmp_path, epochs=2000)
    assert process.stdout is not None and process.stdout.readline() == "training\n"
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=60)
    expected = {status, -signal.SIGINT} if name == "SIGINT" else {status}
    assert process.returncode in expected, errors
    assert f"the checkpoint is {list_checkpoints(tmp_path)[-1]}" in errors
    step = load_checkpoint(tmp_path).step
    assert step >= 3
    epochs = 2 if step < 46 else step // 23 + 1
    train_process(tmp_path, epochs=epochs, resume="auto")
    if epochs == 2:
        assert_same_checkpoint(uninterrupted, tmp_path)


# A checkpoint makes six calls: file fsync, replace, directory fsync, for the tensors and then for the JSON.
@pytest.mark.parametrize("die", range(7, 13))
def test_kill_in_the_middle_of_a_write_leaves_the_one_before(die, uninterrupted, tmp_path):
    train_process(tmp_path, expected_status=-signal.SIGKILL, every=10, die=die)
    assert load_checkpoint(tmp_path).step == (20 if die == 12 else 10)
    train_process(tmp_path, resume="auto")
    assert_same_checkpoint(uninterrupted, tmp_path)
    files = {path.suffix for path in tmp_path.iterdir() if path.name.startswith("step-")}
    assert files == {".json", ".safetensors"}
    assert len(list(tmp_path.glob("step-*"))) == 4


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_checkpoint_cut_in_half(suffix, uninterrupted, tmp_path):
    train_process(tmp_path, stop=30)
    assert [load_checkpoint(path).step for path in list_checkpoints(tmp_path)] == [23, 30]
    last = list_checkpoints(tmp_path)[-1]
    (damaged,) = tmp_path.glob(f"{last.stem}*{suffix}")
    cut(damaged)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(last)
    message = str(caught.value)
    assert str(last) in message and "cannot be loaded" in message and "step-00000023.json instead" in message
    output = train_process(tmp_path, resume="auto")
    assert f"skipped: checkpoint {last}" in output
    assert_same_checkpoint(uninterrupted, tmp_path)


def pairs(count: int = 4, seed: int = 0) -> list[tuple[rt.Tensor, rt.Tensor]]:
    """Batches of 8 points in the plane, labelled by the sign of their first coordinate."""
    generator = np.random.default_rng(seed)
    batches = []
    for _ in range(count):
        points = generator.standard_normal((8, 2)).astype(np.float32)
        batches.append((rt.tensor(points), rt.tensor((points[:, 0] > 0).astype(np.int32))))
    return batches


def fit_pairs(epochs: int = 3, lr: float = 0.5, data=None, **options):
    rt.random.seed(0)
    model = nn.Linear(2, 2)
    optimizer = rt.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    return model, fit(model, data or pairs(), optimizer, nn.CrossEntropyLoss(), epochs, progress=False, **options)


def test_history_log_plot_and_checkpoints(tmp_path):
    plot = tmp_path / "plots" / "loss.png"
    model, history = fit_pairs(
        8, validation=pairs(seed=1), checkpoint_dir=tmp_path, keep_last=3, plot=plot, log_every=3
    )
    assert len(history.losses) == 32 and history.losses[-1] < history.losses[0] / 2
    assert [record.epoch for record in history.epochs] == list(range(8)) and (history.accuracy or 0.0) > 0.9
    np.testing.assert_allclose(history.epochs[1].loss, np.mean(history.losses[4:8]), rtol=1e-6)
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert [load_checkpoint(path).step for path in list_checkpoints(tmp_path)] == [24, 28, 32]
    assert len(list(tmp_path.glob("step-*.safetensors"))) == 3
    state = load_checkpoint(tmp_path)
    np.testing.assert_array_equal(state.arrays["model.weight"], model.weight.numpy())
    np.testing.assert_array_equal(state.arrays["history.losses"], np.array(history.losses, np.float32))
    result = evaluate(model, pairs(seed=1), nn.CrossEntropyLoss())
    assert (result.accuracy, result.count) == (history.accuracy, 32) and model.training


def test_losses_are_those_of_a_hand_written_loop():
    _, history = fit_pairs(2)
    rt.random.seed(0)
    model = nn.Linear(2, 2)
    optimizer = rt.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    losses = []
    for x, y in pairs() * 2:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    np.testing.assert_allclose(history.losses, losses, rtol=1e-6)


def test_missing_matplotlib_is_a_note(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    fit_pairs(1, plot=tmp_path / "loss.png")
    assert "pip install matplotlib" in capsys.readouterr().err
    assert not (tmp_path / "loss.png").exists()


class Poison(Callback):
    """Make the weights NaN after a step, so that the loss of the next one is NaN."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step(self, run):
        if run.step == self.step:
            weight = next(run.model.parameters())
            weight.assign_(weight.detach() * float("nan"))


def test_nan_names_the_step_and_is_not_saved(tmp_path):
    with pytest.raises(NonFiniteLossError, match=r"got nan at step 7, after 0\.\d+ the step before"):
        fit_pairs(5, callbacks=[Poison(6)], checkpoint_dir=tmp_path, log_every=100)
    assert load_checkpoint(tmp_path).step == 4


def test_exception_in_a_callback_leaves_a_checkpoint(tmp_path):
    class Fail(Callback):
        def on_step(self, run):
            if run.step == 6:
                raise KeyError("a mistake of the user's")

    with pytest.raises(KeyError):
        fit_pairs(5, callbacks=[Fail()], checkpoint_dir=tmp_path)
    assert load_checkpoint(tmp_path).step == 6
    _, resumed = fit_pairs(5, checkpoint_dir=tmp_path, resume="auto")
    _, straight = fit_pairs(5)
    assert resumed.losses == straight.losses


def test_callback_changes_the_learning_rate_and_stops(tmp_path):
    class Warm(Callback):
        def on_step(self, run):
            run.optimizer.lr = 0.5 / run.step
            run.stop = run.step == 6

    fit_pairs(5, callbacks=[Warm()], checkpoint_dir=tmp_path)
    checkpoint = load_checkpoint(tmp_path)
    assert checkpoint.step == 6 and checkpoint.state["optimizer"]["param_groups"][0]["lr"] == 0.5 / 6


def test_steps_build_no_plan_and_read_nothing():
    class Count(Callback):
        def __init__(self):
            self.seen = []

        def on_step(self, run):
            stats = rt.stats()
            self.seen.append((stats["plans_built"], stats["readbacks"]))

    count = Count()
    fit_pairs(3, callbacks=[count], log_every=100)
    first_epoch = count.seen[:4]
    assert first_epoch[1:] == first_epoch[:1] * 3
    assert len({plans for plans, _ in count.seen}) == 1


def run_twice(tmp_path):
    fit_pairs(1, checkpoint_dir=tmp_path)
    fit_pairs(1, checkpoint_dir=tmp_path)


def resume_other_model(tmp_path):
    fit_pairs(1, checkpoint_dir=tmp_path)
    model = nn.Linear(2, 3)
    fit(model, pairs(), rt.optim.SGD(model.parameters()), nn.CrossEntropyLoss(), 2, resume=tmp_path)


def resume_foreign(tmp_path):
    save_checkpoint(tmp_path, 1, {"weight": np.zeros(1, "float32")}, {})
    fit_pairs(1, resume=tmp_path)


def load_cut_weights(tmp_path):
    save_safetensors(tmp_path / "w.safetensors", {"w": rt.ones((100,))})
    cut(tmp_path / "w.safetensors")
    load_safetensors(tmp_path / "w.safetensors")


BAD_INPUTS = {
    "directory in use": (run_twice, CheckpointError, ["step-00000004.json", 'resume="auto"']),
    "other model": (resume_other_model, CheckpointError, ["weight needs (3, 2), got (2, 2)"]),
    "foreign checkpoint": (resume_foreign, CheckpointError, ["a checkpoint that fit wrote"]),
    "no checkpoint": (
        lambda path: fit_pairs(resume=path / "none.json"),
        CheckpointError,
        ["none.json", "no such file"],
    ),
    "empty directory": (lambda path: fit_pairs(resume=path), CheckpointError, ["got none"]),
    "auto without directory": (lambda path: fit_pairs(resume="auto"), ValueError, ["checkpoint_dir"]),
    "cut weights": (load_cut_weights, CheckpointError, ["w.safetensors", "bytes", "cut or damaged"]),
    "no weights": (lambda path: load_safetensors(path / "w"), CheckpointError, ["No such file"]),
    "epochs": (lambda path: fit_pairs(0), ValueError, ["epochs"]),
    "no batches": (lambda path: fit_pairs(data=iter(())), DataError, ["at least one batch"]),
    "no validation": (lambda path: fit_pairs(validation=[]), DataError, ["at least one batch"]),
    "column": (lambda path: fit_pairs(data=[{"x": rt.zeros((1, 2))}]), DataError, ["image, label, got x"]),
    "keep": (lambda path: fit_pairs(checkpoint_dir=path, keep_last=0), ValueError, ["keep_last >= 1"]),
}


@pytest.mark.parametrize("row", BAD_INPUTS)
def test_bad_input_is_refused(row, tmp_path):
    function, error, parts = BAD_INPUTS[row]
    with pytest.raises(error) as caught:
        function(tmp_path)
    for part in parts:
        assert part in str(caught.value)


def test_loop_costs_little_over_a_hand_written_one():
    """The loop, its window of losses included, against the same steps by hand; the bar is loose, machines are noisy."""
    batches = pairs(300)
    fit_pairs(1, data=batches)
    started = time.perf_counter()
    fit_pairs(1, data=batches)
    loop = time.perf_counter() - started
    model = nn.Linear(2, 2)
    optimizer = rt.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    started = time.perf_counter()
    for x, y in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step(also=[loss], keep_grads=False)
    hand = time.perf_counter() - started
    assert (loop - hand) / len(batches) < 300e-6


CONFIG = ROOT / "examples" / "digits.toml"
QUICK = ["train.epochs=1", "model.arguments={ width = 4 }"]


def test_saved_config_reproduces_the_run(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = load_config(CONFIG, [*QUICK, f"train.output={tmp_path / 'first'}", "optimizer.lr=0.01"])
    assert config.optimizer.lr == 0.01 and config.train.device is None
    first = fit_from_config(config)
    again = load_config(tmp_path / "first" / "config.toml", [f"train.output={tmp_path / 'second'}"])
    assert fit_from_config(again).losses == first.losses
    assert {"config.toml", "log.jsonl", "loss.png"} <= {path.name for path in (tmp_path / "first").iterdir()}


def test_saved_config_holds_no_secret(tmp_path):
    config = load_config(CONFIG, ["data.storage_options.secret_access_key=hunter2", "data.storage_options.region=auto"])
    save_config(config, tmp_path / "config.toml")
    assert "hunter2" not in (tmp_path / "config.toml").read_text()
    assert load_config(tmp_path / "config.toml").data.storage_options == {"region": "auto"}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("train.epochs=many", "train.epochs needs int, got 'many'"),
        ("train.epochs=true", "train.epochs needs int, got True"),
        ("train.epoch=3", "[train] has no epoch: it has output, epochs"),
        ("tranquil.x=3", "the file has no tranquil"),
        ("optimizer=3", "optimizer needs a section [optimizer]"),
        ("epochs", "section.key=value"),
        ("optimizer.name=Lion", "Lion"),
        ("optimizer.arguments={ beta = 1 }", "optimizer.arguments"),
        ("model.factory=rutile.models", "package.module:name"),
        ("model.factory=rutile.models:Nothing", "rutile.models:Nothing"),
        ("train.loss=Loss", "CrossEntropyLoss"),
    ],
)
def test_bad_config_is_refused(override, message, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(ConfigError) as caught:
        fit_from_config(load_config(CONFIG, [*QUICK, f"train.output={tmp_path}", override]))
    assert message in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_config_without_a_required_key(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[data]\nsource = "x"\ncolumns = {}\n[model]\nfactory = "a:b"\n[train]\nepochs = 1\n')
    with pytest.raises(ConfigError, match=r"\[train\] needs output \(str\), got none"):
        load_config(path)


def test_new_files_have_ordinary_permissions(tmp_path):
    save_safetensors(tmp_path / "w.safetensors", {"w": rt.ones((1,))})
    (tmp_path / "plain").write_text("")
    assert os.stat(tmp_path / "w.safetensors").st_mode == os.stat(tmp_path / "plain").st_mode


class WarmUp(Callback):
    """Changes the learning rate at each step, and keeps the run."""

    def on_step(self, run):
        self.run = run
        run.optimizer.lr = 0.01 * min(1.0, run.step / 5)


def small_fit(compile: bool, loss=None, layer: nn.Module | None = None):
    """Four epochs of five batches, the last one shorter, with dropout, validation and a learning rate that changes."""
    rt.random.seed(1)
    generator = np.random.default_rng(0)
    x, y = generator.standard_normal((34, 3)).astype(np.float32), generator.integers(0, 2, 34).astype(np.int32)
    data = [(rt.tensor(x[i : i + 8]), rt.tensor(y[i : i + 8])) for i in range(0, 34, 8)]
    model = nn.Sequential(nn.Linear(3, 4), layer or nn.Dropout(0.5), nn.Linear(4, 2))
    callback = WarmUp()
    settings: dict[str, Any] = dict(
        epochs=4, validation=data[:1], log_every=3, progress=False, callbacks=[callback], compile=compile
    )
    history = fit(model, data, rt.optim.AdamW(model.parameters()), loss or nn.CrossEntropyLoss(), **settings)
    weights = [value.numpy().tobytes() for value in model.state_dict().values()]
    records = [(record.loss, record.validation_loss) for record in history.epochs]
    return [history.losses, records, weights, rt.random.get_state()], callback.run


@pytest.mark.parametrize("layer", [lambda: nn.Dropout(0.5), lambda: nn.BatchNorm1d(4)])
def test_fit_compiles_its_step_and_computes_the_same_bits(layer):
    plain, _ = small_fit(False, layer=layer())
    compiled, run = small_fit(True, layer=layer())
    assert compiled == plain
    # Two calls of each of the two shapes are recorded, and the first one shows which code runs.
    assert (run.train_step.replays, run.train_step.reason) == (20 - 5, None)


def test_fit_runs_a_step_that_cannot_be_compiled_as_it_is():
    def loss(prediction, labels):
        value = nn.functional.cross_entropy(prediction, labels)
        return value if value.item() > 0.6 else value * 2.0

    plain, _ = small_fit(False, loss)
    with pytest.warns(UserWarning, match=r"runs .*train_step as it is: it reads a value"):
        compiled, run = small_fit(True, loss)
    assert compiled == plain
    assert run.train_step.replays == 0
    assert "item()" in run.train_step.reason
