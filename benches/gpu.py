"""Time operations and training steps on a GPU: TFLOP/s, GB/s, milliseconds, and what a step asks of the device.

A GPU works while the program goes on, so calls are timed many at a time, up to a wait for the last. Results are compared
with those of rutile on the CPU, and the losses of the first 20 steps with PyTorch's where that has CUDA. Where the device
has timestamp queries, the milliseconds of the kernels alone stand beside those of a call.

    python benches/gpu.py [--device vulkan:0] [--ops conv,softmax] [--workloads cnn] [--json PATH] [--small]

It ends within `--budget` seconds, 450 by default, whatever the device: what would take too long is left out and named.
A software adapter wants `--small`, and RUTILE_SOFTWARE_GPU=1 or its name.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from ops import bytes_moved, call_of
from ops import greatest_gap as gap_of_arrays
from report import Others, arguments, chosen, limit_threads, print_table, side_cells, write_json
from train import LOSSES, TOLERANCE, counters_of
from train import greatest_gap as gap_of_losses

OPERATION_TOLERANCE = 2e-3
"""Of the greatest element: sums of thousands of numbers in another order, or rounded to float16."""
TURNS = 5
"""Waits that each side is timed between, and calls that are profiled."""
MOST_CALLS = 500
"""Calls up to a wait."""
COMPUTE_BOUND = 10
"""Operations for each byte from which on they, not memory, decide about the time."""
LONGEST_CALL = 3.0
"""Seconds; what would take longer is left out."""
CHECKED_STEPS = 3
"""Steps whose losses are compared with the CPU's."""
SLOWEST = 12
"""Kernels of each workload that the JSON has."""
TITLE = "Milliseconds of a call, of its kernels alone, and rutile's time over PyTorch's (below 1: rutile is faster)"


@dataclass
class Bench:
    """What is known so far; the thread that measures fills it, the main thread reports it when time is up."""

    options: argparse.Namespace
    deadline: float
    operations: list[dict[str, Any]] = field(default_factory=list)
    workloads: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flops_rate: float = 0.0
    bytes_rate: float = 0.0

    def has_time_for(self, name: str, flops: float, moved: float = 0.0) -> bool:
        """Return whether an item is worth beginning, by the best rates so far; else note that it is left out."""
        rates = [(flops, self.flops_rate), (moved, self.bytes_rate)]
        call = max((work / rate for work, rate in rates if rate), default=0.0)
        if call > LONGEST_CALL:
            self.left_out[name] = f"a call would take about {call:.0f} s"
        elif time.perf_counter() + 3 * TURNS * call > self.deadline:
            self.left_out[name] = "no time was left"
        return name not in self.left_out

    def attempt(self, name: str, measured: Callable[[], dict[str, Any]], results: list[dict[str, Any]]) -> None:
        """Add the figures of an item to `results`, or why there are none."""
        import rutile as rt

        try:
            result = measured()
        except (rt.RutileError, MemoryError, RuntimeError) as error:
            self.failed[name] = str(error).splitlines()[0]
        else:
            results.append(result)
            print(f"{name}: {result['sides']['rutile']['median_ms']:.3f} ms", file=sys.stderr, flush=True)


def main() -> int:
    parser = arguments("Time operations and training steps on a GPU.")
    parser.add_argument("--device", default="gpu", help="gpu, gpu:1, or by backend, such as vulkan:0")
    parser.add_argument("--ops", default="", help="only operations whose name holds one of these; none: no operation")
    parser.add_argument("--workloads", default="all", help="all, none, or names with commas between")
    parser.add_argument("--seconds", type=float, default=0.5, help="measured time of each side and item")
    parser.add_argument("--budget", type=float, default=450.0, help="seconds after which all ends")
    parser.add_argument("--small", action="store_true", help="tiny sizes, and tiny-mlp alone: for software adapters")
    options = parser.parse_args()
    limit_threads(options.threads)
    bench = Bench(options, time.perf_counter() + options.budget)
    others = Others()
    device = describe(options.device)
    # A call into a driver cannot be broken off, but left behind.
    worker = threading.Thread(target=measure_all, args=(bench,), daemon=True)
    worker.start()
    worker.join(options.budget)
    if worker.is_alive():
        bench.notes.append(f"ended after {options.budget:.0f} s with something still running")
    report(bench)
    found = {"operations": bench.operations, "workloads": bench.workloads}
    write_json(options, others, {"device": device, **found, "left_out": bench.left_out, "failed": bench.failed})
    code = 1 if bench.failed else 0
    if worker.is_alive():
        sys.stdout.flush()
        os._exit(code)
    return code


def describe(name: str) -> dict[str, Any]:
    """Return the adapter, its driver, limits and features, and print them."""
    import rutile as rt

    rt.eval(rt.zeros((1,), device=name) + 1.0)
    rows = {row.name: row for row in rt.devices()}
    # By its backend's name a device has no row of its own.
    family, _, number = name.partition(":")
    row = rows.get(name) or [row for row in rows.values() if row.backend == family][int(number or 0)]
    device = {key: getattr(row, key) for key in ("hardware", "kind", "backend", "driver", "features", "limits")}
    print(f"{row.hardware} ({row.kind}, {row.backend}, {row.driver or 'driver unknown'})")
    print(f"features: {', '.join(row.features) or 'none'}")
    print(f"limits: {', '.join(f'{limit} {value:,}' for limit, value in sorted(row.limits.items()))}\n", flush=True)
    return device


def measure_all(bench: Bench) -> None:
    try:
        measure_operations(bench)
        measure_workloads(bench)
    except Exception as error:
        traceback.print_exc()
        bench.failed["the bench"] = str(error)


def measure_operations(bench: Bench) -> None:
    from device_operations import device_operations
    from libraries import Rutile, Torch

    options = bench.options
    if options.ops == "none":
        return
    libraries: dict[str, Any] = {"rutile": Rutile(options.threads, options.device)}
    if uses_torch(bench):
        libraries["torch"] = Torch(options.threads, "cuda")
    reference = Rutile(options.threads)
    for operation in device_operations(options.small):
        wanted = any(part in operation.name for part in options.ops.split(","))
        if wanted and bench.has_time_for(operation.name, operation.flops):
            arrays = operation.arrays()
            if bench.has_time_for(operation.name, operation.flops, sum(array.nbytes for array in arrays)):
                measured = partial(one_operation, bench, operation, arrays, libraries, reference)
                bench.attempt(operation.name, measured, bench.operations)


def uses_torch(bench: Bench) -> bool:
    """Return whether PyTorch is wanted, is there and has CUDA; a note says why not."""
    if not chosen(bench.options.peers, ["torch"], "peer"):
        return False
    try:
        import torch  # pyright: ignore[reportMissingImports]
    except (ImportError, OSError) as error:
        reason = str(error).splitlines()[0]
    else:
        if torch.cuda.is_available():
            # The same maths: no TF32, which is its default for convolutions.
            torch.backends.cudnn.allow_tf32 = False
            return True
        reason = "it has no CUDA device"
    note = f"torch: not run, {reason}"
    if note not in bench.notes:
        bench.notes.append(note)
    return False


def one_operation(
    bench: Bench, operation: Any, arrays: list[Any], libraries: dict[str, Any], reference: Any
) -> dict[str, Any]:
    """Return the figures of an operation by side."""
    expected = reference.array(call_of(operation, reference, arrays)())
    calls: dict[str, Callable[[], Any]] = {}
    for name, library in libraries.items():
        call = call_of(operation, library, arrays)
        gap = gap_of_arrays(library.array(call()), expected)
        if gap > OPERATION_TOLERANCE:
            bench.failed[f"{operation.name}, {name}"] = f"not timed, its result differs by {gap:.1e} from the CPU's"
        else:
            calls[name] = call
    moved = bytes_moved(operation, arrays, expected)
    times = take_turns({name: (call, libraries[name].synchronize) for name, call in calls.items()}, bench)
    sides = figures(times)
    for side in sides.values():
        seconds = side["median_ms"] / 1e3
        side |= {"tflops": operation.flops / seconds / 1e12, "gbytes": moved / seconds / 1e9}
    # Each rate by what it bounds.
    if operation.flops > COMPUTE_BOUND * moved:
        bench.flops_rate = max(bench.flops_rate, sides["rutile"]["tflops"] * 1e12)
    else:
        bench.bytes_rate = max(bench.bytes_rate, sides["rutile"]["gbytes"] * 1e9)
    return {"name": operation.name, "sides": sides, **kernels_of(bench, calls["rutile"])}


def measure_workloads(bench: Bench) -> None:
    from train import count_step
    from workloads import WORKLOADS

    options = bench.options
    names = "tiny-mlp" if options.small and options.workloads == "all" else options.workloads
    with_torch = uses_torch(bench)
    for name in chosen(names, WORKLOADS, "workload"):
        counters = count_step(WORKLOADS[name], "null", options.threads)["counters"]
        if bench.has_time_for(name, counters["flops"], counters["bytes_read"] + counters["bytes_written"]):
            bench.attempt(name, partial(one_workload, bench, WORKLOADS[name], with_torch), bench.workloads)


def one_workload(bench: Bench, workload: Any, with_torch: bool) -> dict[str, Any]:
    """Return the figures of a training step by side, and what it asks of the device."""
    from peers import Rutile
    from peers.torch import Torch

    options = bench.options
    sides: dict[str, Any] = {"rutile": Rutile(workload, options.threads, options.device)}
    if with_torch:
        sides["torch"] = Torch(workload, options.threads, "cuda")
    reference = Rutile(workload, options.threads)
    expected = losses_of(reference, CHECKED_STEPS)
    losses, firsts = {}, {}
    for name, side in list(sides.items()):
        start = time.perf_counter()
        losses[name] = losses_of(side, 1)
        firsts[name] = (time.perf_counter() - start) * 1e3
        losses[name] += losses_of(side, LOSSES - 1)
        wrong = [(losses[name][:CHECKED_STEPS], expected, "the CPU's"), (losses[name], losses["rutile"], "rutile's")]
        for found, right, whose in wrong:
            gap = gap_of_losses(found, right)
            if gap > TOLERANCE:
                bench.failed[f"{workload.name}, {name}"] = f"not timed, its losses differ by {gap:.1e} from {whose}"
                sides.pop(name, None)
    times = take_turns({name: (side.step, side.synchronize) for name, side in sides.items()}, bench)
    found = figures(times)
    for name, side in found.items():
        side["first_step_ms"] = firsts[name]
    counters = counters_of(sides["rutile"])
    return {
        "name": workload.name,
        "sides": found,
        "counters": counters,
        "losses": losses,
        **kernels_of(bench, sides["rutile"].step),
    }


def losses_of(side: Any, steps: int) -> list[float]:
    losses = []
    for _ in range(steps):
        side.step()
        losses.append(side.loss())
    return losses


def take_turns(sides: dict[str, tuple[Callable[[], Any], Callable[[], None]]], bench: Bench) -> dict[str, list[float]]:
    """Return the seconds of a call of each side, one figure for each row of calls that was waited for."""
    if "rutile" not in sides:
        raise RuntimeError("rutile's result differs")

    def row(call: Callable[[], Any], synchronize: Callable[[], None], calls: int) -> float:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        synchronize()
        return (time.perf_counter() - start) / calls

    calls, times = {}, {name: [] for name in sides}
    for name, (call, synchronize) in sides.items():
        row(call, synchronize, 3)
        once = row(call, synchronize, 1)
        calls[name] = max(1, min(MOST_CALLS, int(bench.options.seconds / TURNS / once)))
    for _ in range(TURNS):
        for name, (call, synchronize) in sides.items():
            if not times[name] or time.perf_counter() < bench.deadline:
                times[name].append(row(call, synchronize, calls[name]))
    return times


def figures(times: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    own = statistics.median(times["rutile"])
    return {
        name: {
            "median_ms": statistics.median(taken) * 1e3,
            "fastest_ms": min(taken) * 1e3,
            "rutile_to_this": own / statistics.median(taken),
        }
        for name, taken in times.items()
    }


def kernels_of(bench: Bench, call: Callable[[], Any]) -> dict[str, Any]:
    """Return how many kernels a call is, their milliseconds by the device's clock, and the slowest of them."""
    import rutile as rt

    try:
        with rt.profile(bench.options.device) as profile:
            for _ in range(TURNS):
                call()
    except rt.DeviceError as error:
        note = f"no times of kernels: {str(error).splitlines()[0]}"
        if note not in bench.notes:
            bench.notes.append(note)
        return {}
    return {
        "kernels": sum(kernel.calls for kernel in profile.kernels) // TURNS,
        "kernels_ms": sum(kernel.milliseconds for kernel in profile.kernels) / TURNS,
        "slowest": [asdict(kernel) for kernel in profile.kernels[:SLOWEST]],
    }


def report(bench: Bench) -> None:
    """Print the tables and what they do not show."""
    sides = list(dict.fromkeys(name for result in [*bench.operations, *bench.workloads] for name in result["sides"]))
    print(f"{TITLE}\n")
    if bench.operations:
        print_table(operation_rows(bench.operations, sides))
        print(f"\nbest: {bench.flops_rate / 1e12:.3g} TFLOP/s, {bench.bytes_rate / 1e9:.3g} GB/s\n")
    if bench.workloads:
        print_table(step_rows(bench.workloads, sides))
    for name, reason in [*bench.left_out.items(), *bench.failed.items()]:
        print(f"{name}: {reason}")
    for note in bench.notes:
        print(note)


def operation_rows(results: list[dict[str, Any]], sides: list[str]) -> list[list[str]]:
    """Return the table of operations: rutile's rates, and every side's time with rutile's time over it."""
    table = [["", "TFLOP/s", "GB/s", "kernels", "their ms", *sides]]
    for result in results:
        own = result["sides"]["rutile"]
        flops = f"{own['tflops']:.3g}" if own["tflops"] else ""
        cells = [flops, f"{own['gbytes']:.1f}", *kernel_cells(result)]
        table.append([result["name"], *cells, *side_cells(result["sides"], sides, "median_ms")])
    return table


def step_rows(results: list[dict[str, Any]], sides: list[str]) -> list[list[str]]:
    """Return the table of training steps."""
    table = [["", "submits", "readbacks", "MB moved", "GFLOP", "kernels", "their ms", "first ms", *sides]]
    for result in results:
        counters = result["counters"]
        moved = (counters["bytes_read"] + counters["bytes_written"]) / 1e6
        cells = [str(counters["submits"]), str(counters["readbacks"]), f"{moved:.1f}", f"{counters['flops'] / 1e9:.3f}"]
        first = f"{result['sides']['rutile']['first_step_ms']:.0f}"
        cells += [*kernel_cells(result), first]
        table.append([result["name"], *cells, *side_cells(result["sides"], sides, "median_ms")])
    return table


def kernel_cells(result: dict[str, Any]) -> list[str]:
    return [str(result["kernels"]), f"{result['kernels_ms']:.3f}"] if "kernels" in result else ["", ""]


if __name__ == "__main__":
    sys.exit(main())
