"""Time single operations beside every other library that is installed, and against what the machine can do.

The machine's peaks are measured in the same run: the fastest large product of all libraries, and a copy of memory on all
threads. A side is timed only if its result equals rutile's. Sides take turns; the figure is the median call.

    python benches/ops.py [--ops conv,softmax] [--peers torch,jax] [--json PATH]

Peers are found where rutile is installed: `pip install torch jax "mlx[cpu]"`.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from report import Others, arguments, chosen, geometric_mean, limit_threads, print_table, side_cells, write_json

TOLERANCE = 2e-3
"""Of the greatest element: float32 sums of thousands of numbers in another order."""
TURNS = 3
TITLE = "Median milliseconds, rutile's time over each (below 1: rutile is faster), and what rutile reaches of a peak"


def main() -> int:
    parser = arguments("Time single operations beside the other libraries installed.")
    parser.add_argument("--ops", default="", help="only operations whose name holds one of these, with commas between")
    parser.add_argument("--seconds", type=float, default=0.3, help="measured time of each side and operation")
    options = parser.parse_args()
    limit_threads(options.threads)
    # The libraries read the number of threads when they are imported.
    from libraries import LIBRARIES
    from operations import OPERATIONS

    others = Others()
    libraries, unused = open_libraries(chosen(options.peers, LIBRARIES, "peer"), options.threads)
    wanted = options.ops.split(",")
    operations = [operation for operation in OPERATIONS if any(part in operation.name for part in wanted)]
    peaks = {"gflops": product_peak(libraries), "gbytes": copy_peak(options.threads)}
    print(f"Peaks of the machine: {peaks['gflops']:.0f} GFLOP/s, {peaks['gbytes']:.1f} GB/s copied\n")
    results = [compare(operation, libraries, peaks, options) for operation in operations]
    print(f"{TITLE}\n")
    print_table(time_rows(results))
    for name, reason in unused.items():
        print(f"{name}: {reason}")
    for result in results:
        for name, reason in result["unused"].items():
            print(f"{result['name']}, {name}: {reason}")
    write_json(options, others, {"peaks": peaks, "operations": results})
    return 0


def open_libraries(names: list[str], threads: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the libraries that can be used, rutile first, and why others cannot."""
    from libraries import LIBRARIES, Rutile

    libraries: dict[str, Any] = {"rutile": Rutile(threads)}
    unused: dict[str, str] = {}
    for name in names:
        try:
            libraries[name] = LIBRARIES[name](threads)
        except (ImportError, OSError, ValueError) as error:
            unused[name] = str(error).splitlines()[0]
    return libraries, unused


def compare(operation: Any, libraries: dict[str, Any], peaks: dict[str, float], options: Any) -> dict[str, Any]:
    """Return the figures of every library for one operation."""
    arrays = operation.arrays()
    calls: dict[str, Callable[[], Any]] = {}
    unused: dict[str, str] = {}
    expected = None
    for name, library in libraries.items():
        call = call_of(operation, library, arrays)
        result = library.array(call())
        if expected is None:
            expected = result
        gap = greatest_gap(result, expected)
        if gap > TOLERANCE:
            unused[name] = f"not timed, its result differs by {gap:.1e}"
        else:
            calls[name] = call
    moved = bytes_moved(operation, arrays, expected)
    times = take_turns(calls, options.seconds)
    figures = {}
    for name, taken in times.items():
        seconds = statistics.median(taken)
        gflops, gbytes = operation.flops / seconds / 1e9, moved / seconds / 1e9
        figures[name] = {
            "median_ms": seconds * 1e3,
            "gflops": gflops,
            "gbytes": gbytes,
            "of_peak": max(gflops / peaks["gflops"], gbytes / peaks["gbytes"]),
            "rutile_to_this": statistics.median(times["rutile"]) / seconds,
        }
    return {"name": operation.name, "sides": figures, "unused": unused}


def call_of(operation: Any, library: Any, arrays: list[Any]) -> Callable[[], Any]:
    """Return a call of the operation by a library."""
    written = operation.written_for(library.name)
    if operation.differentiated:
        return library.differentiated(written, arrays, operation.differentiated)
    return library.called(written, arrays)


def greatest_gap(result: Any, expected: Any) -> float:
    """Return by how much an element differs at most, of the greatest element."""
    return abs(result.astype("float64") - expected).max() / max(abs(expected).max(), 1e-30)


def bytes_moved(operation: Any, arrays: list[Any], result: Any) -> int:
    """Return the bytes that a call must read and write."""
    written = [arrays[position] for position in operation.differentiated] or [result]
    return operation.touched or sum(array.nbytes for array in [*arrays, *written])


def take_turns(calls: dict[str, Callable[[], Any]], seconds: float) -> dict[str, list[float]]:
    """Return the seconds of each timed call of each side; what takes all of the time at once has one turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, call in calls.items():
            if sum(times[name]) > seconds:
                continue
            call()
            end = time.perf_counter() + seconds / TURNS
            while (start := time.perf_counter()) < end:
                call()
                times[name].append(time.perf_counter() - start)
    return times


def product_peak(libraries: dict[str, Any]) -> float:
    """Return the GFLOP/s of the fastest 2048³ product of the libraries."""
    from operations import product

    operation = product((2048, 2048), (2048, 2048))
    arrays = operation.arrays()
    calls = {name: library.called(operation.written_for(name), arrays) for name, library in libraries.items()}
    # MLX takes seconds for one, and is nobody's peak.
    calls.pop("mlx", None)
    return operation.flops / min(min(taken) for taken in take_turns(calls, 0.6).values()) / 1e9


def copy_peak(threads: int) -> float:
    """Return the GB/s read and written by copying 200 MB on all threads."""
    import numpy as np

    source = [np.ones(25_000_000 // threads, np.float64) for _ in range(threads)]
    target = [np.empty_like(part) for part in source]
    with ThreadPoolExecutor(threads) as pool:
        taken = []
        for _ in range(8):
            start = time.perf_counter()
            list(pool.map(np.copyto, target, source))
            taken.append(time.perf_counter() - start)
    return 2 * sum(part.nbytes for part in source) / min(taken) / 1e9


def time_rows(results: list[dict[str, Any]]) -> list[list[str]]:
    """Return the table: rutile's rates, and every side's time with rutile's time over it."""
    columns = list(dict.fromkeys(name for result in results for name in result["sides"]))
    table = [["", "GFLOP/s", "GB/s", "of peak", *columns]]
    for result in results:
        own = result["sides"]["rutile"]
        figures = [f"{own['gflops']:.1f}" if own["gflops"] else "", f"{own['gbytes']:.1f}", f"{own['of_peak']:.0%}"]
        table.append([result["name"], *figures, *side_cells(result["sides"], columns, "median_ms")])
    means = ["geometric mean", "", "", "", ""]
    for name in columns[1:]:
        of = [result["sides"][name]["rutile_to_this"] for result in results if name in result["sides"]]
        means.append(f"({geometric_mean(of):.2f})")
    return [*table, means]


if __name__ == "__main__":
    sys.exit(main())
