"""The benches run without any peer, on the smallest of what they measure, and write their figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCHES = Path(__file__).parent.parent / "benches"


def run(tmp_path: Path, script: str, *options: str) -> dict[str, Any]:
    report = tmp_path / "report.json"
    command = [sys.executable, str(BENCHES / script), "--peers", "none", "--json", str(report), *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return json.loads(report.read_text())


def test_a_step_is_timed(tmp_path: Path) -> None:
    report = run(tmp_path, "train.py", "--workloads", "tiny-mlp", "--seconds", "0.1", "--turns", "2")
    (workload,) = report["workloads"]
    assert workload["sides"]["rutile"]["median_ms"] > 0
    assert len(workload["losses"]["rutile"]) == 20
    assert workload["losses"]["rutile"][-1] < workload["losses"]["rutile"][0]


def test_every_workload_is_counted(tmp_path: Path) -> None:
    report = run(tmp_path, "train.py", "--device", "null")
    names = ["tiny-mlp", "mlp", "cnn", "resnet18", "gpt-nano", "gpt-small", "lstm"]
    assert [workload["name"] for workload in report["workloads"]] == names
    for workload in report["workloads"]:
        counters = workload["counters"]
        assert counters["submits"] == 1 and counters["readbacks"] == 0 and counters["plans_built"] == 0


def test_operations_are_timed(tmp_path: Path) -> None:
    report = run(tmp_path, "ops.py", "--ops", "product 256,softmax,gather,sort 1000x1000", "--seconds", "0.01")
    assert report["peaks"]["gflops"] > 0 and report["peaks"]["gbytes"] > 0
    assert len(report["operations"]) == 6
    for operation in report["operations"]:
        assert operation["sides"]["rutile"]["of_peak"] > 0


def test_memory_is_measured(tmp_path: Path) -> None:
    report = run(tmp_path, "memory.py", "--workloads", "mlp")
    # Its weights, gradients and moments alone are 10 MiB.
    assert report["workloads"][0]["sides"]["rutile"]["over_mib"] > 8


def test_a_gpu_is_timed(tmp_path: Path) -> None:
    options = ["--small", "--seconds", "0.01", "--ops", "product 32,float16,softmax 4x,sum of all,sort 10x,gather"]
    report = run(tmp_path, "gpu.py", *options)
    assert report["device"]["hardware"] and report["device"]["driver"] and report["device"]["limits"]
    assert not report["failed"] and not report["left_out"]
    assert len(report["operations"]) == 9
    (workload,) = report["workloads"]
    assert workload["counters"]["submits"] == 1 and workload["counters"]["readbacks"] == 0
    assert workload["kernels"] == workload["counters"]["kernels"]
    for figures in [*report["operations"], workload]:
        assert figures["sides"]["rutile"]["median_ms"] > 0 and figures["kernels_ms"] > 0
        assert figures["slowest"][0]["milliseconds"] > 0


def test_a_gpu_bench_ends_in_time(tmp_path: Path) -> None:
    report = run(tmp_path, "gpu.py", "--small", "--seconds", "2", "--budget", "1")
    assert len(report["operations"]) < 5 and not report["workloads"] and not report["failed"]
