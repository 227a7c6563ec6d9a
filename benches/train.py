"""Time one training step of the reference workloads, beside every other library that is installed.

Every side trains on the same batch from the same weights with AdamW. A side is timed only if the losses of its first
20 steps equal rutile's to 1e-3. Sides take turns, several times; the figure is the median step.

    python benches/train.py [--workloads cnn,mlp] [--peers torch,jax] [--json PATH] [--device cpu|gpu|null]

Peers are found where rutile is installed: `pip install torch jax "mlx[cpu]" tinygrad` (tinygrad also needs clang).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import Any

from report import Others, arguments, chosen, geometric_mean, limit_threads, print_table, side_cells, write_json

LOSSES = 20
TOLERANCE = 1e-3
PATIENCE = 30.0
"""Seconds that those 20 steps may take by the fastest of the first; a slower peer is left out unless it is named."""
SKIPPED = 3
"""Steps at the start of each turn that are not timed: the caches are another side's."""
TITLE = "Median milliseconds of a step, and rutile's time over each (below 1: rutile is faster)"
BEST = "best that compiles"
COMPILED = ("torch.compile", "jax", "mlx")
"""Peers that compile the step; the best of them is one of the marks to beat."""


def main() -> int:
    parser = arguments("Time one training step beside the other libraries installed.")
    parser.add_argument("--workloads", default="all", help="all, or names with commas between")
    parser.add_argument("--device", default="cpu", help="cpu: times; another (gpu, null, ...): counters of one step")
    parser.add_argument("--seconds", type=float, default=4.0, help="measured time of each side and workload")
    parser.add_argument("--turns", type=int, default=8, help="turns that each side takes")
    options = parser.parse_args()
    limit_threads(options.threads)
    # The libraries read the number of threads when they are imported.
    from peers import PEERS, RutileGraph
    from workloads import WORKLOADS

    others = Others()
    workloads = [WORKLOADS[name] for name in chosen(options.workloads, WORKLOADS, "workload")]
    if options.device != "cpu":
        results = [count_step(workload, options.device, options.threads) for workload in workloads]
        print("Counters of one step\n")
        print_table(counter_rows(results))
        write_json(options, others, {"device": options.device, "workloads": results})
        return 0
    peers = [PEERS[name] for name in chosen(options.peers, PEERS, "peer")]
    results = [compare(workload, peers, options) for workload in workloads]
    means = geometric_means(results, [side.name for side in (RutileGraph, *peers)])
    print(f"{TITLE}\n")
    print_table(time_rows(results, means))
    print("\n".join(notes(results, means)))
    write_json(options, others, {"device": "cpu", "geometric_means": means, "workloads": results})
    return 1 if any(result["differing"] for result in results) else 0


def compare(workload: Any, peers: list[Any], options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of every side for one workload, by side."""
    from peers import Rutile, RutileGraph

    sides: dict[str, Any] = {}
    unused: dict[str, str] = {}
    for peer in [Rutile, RutileGraph, *peers]:
        if options.peers == "all" and workload.name in peer.slow:
            unused[peer.name] = f"{peer.slow[workload.name]}; name it with --peers to wait for it"
            continue
        try:
            sides[peer.name] = peer(workload, options.threads)
        except (ImportError, OSError, ValueError) as error:
            # A library that is there but broken says so with one of these too.
            unused[peer.name] = str(error).splitlines()[0]
    firsts, losses = {}, {}
    for name, side in sides.items():
        is_hurried = options.peers == "all" and not isinstance(side, Rutile)
        firsts[name], fastest, own = first_steps(side, PATIENCE if is_hurried else float("inf"))
        if len(own) < LOSSES:
            unused[name] = f"a step takes {fastest:.1f} s; name it with --peers to wait for it"
        else:
            losses[name] = own
    agreeing, differing = {}, []
    for name, own in losses.items():
        gap = greatest_gap(own, losses["rutile"])
        if gap <= TOLERANCE:
            agreeing[name] = sides[name]
        else:
            differing.append(f"{name} by {gap:.1e} of rutile's")
    times = take_turns(agreeing, options.seconds, options.turns)
    figures = {
        name: {
            "version": sides[name].version,
            "median_ms": statistics.median(taken) * 1e3,
            "fastest_ms": min(taken) * 1e3,
            "first_step_ms": firsts[name] * 1e3,
            "steps": len(taken),
            "rutile_to_this": statistics.median(times["rutile"]) / statistics.median(taken),
        }
        for name, taken in times.items()
    }
    return {"name": workload.name, "sides": figures, "unused": unused, "differing": differing, "losses": losses}


def first_steps(side: Any, patience: float) -> tuple[float, float, list[float]]:
    """Return the seconds of the first step and of the fastest one, and the losses: fewer than 20 if all take too long.

    Some libraries compile during the second step too, so that the third one tells.
    """
    taken, losses = [], []
    while len(losses) < LOSSES and (len(taken) < 3 or min(taken) * LOSSES <= patience):
        start = time.perf_counter()
        side.step()
        taken.append(time.perf_counter() - start)
        losses.append(side.loss())
    return taken[0], min(taken), losses


def greatest_gap(losses: list[float], expected: list[float]) -> float:
    """Return by how much a loss differs at most, of its size."""
    return max(abs(a - b) / max(abs(b), 1e-6) for a, b in zip(losses, expected, strict=True))


def take_turns(sides: dict[str, Any], seconds: float, turns: int) -> dict[str, list[float]]:
    """Return the seconds of each timed step of each side."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(turns):
        for name, side in sides.items():
            begin = time.perf_counter()
            for _ in range(SKIPPED):
                side.step()
                if time.perf_counter() - begin > seconds / turns:
                    break
            end = time.perf_counter() + seconds / turns
            while (start := time.perf_counter()) < end:
                side.step()
                times[name].append(time.perf_counter() - start)
    return times


def geometric_means(results: list[dict[str, Any]], peers: list[str]) -> dict[str, dict[str, Any]]:
    """Return, for each peer and the best of those that compile, the mean of rutile's time over its, and of how many."""
    ratios: dict[str, list[float]] = {name: [] for name in (*peers, BEST)}
    for result in results:
        here = {name: side["rutile_to_this"] for name, side in result["sides"].items() if name in peers}
        compiled = [here[name] for name in COMPILED if name in here]
        if compiled:
            here[BEST] = max(compiled)
        for name, ratio in here.items():
            ratios[name].append(ratio)
    return {name: {"mean": geometric_mean(all), "of": len(all)} for name, all in ratios.items() if all}


def count_step(workload: Any, device: str, threads: int) -> dict[str, Any]:
    """Return the counters of one step that runs a known plan."""
    from peers import Rutile

    side = Rutile(workload, threads, device)
    for _ in range(3):
        side.step()
    return {"name": workload.name, "counters": counters_of(side)}


def counters_of(side: Any) -> dict[str, int]:
    """Return the counters of a step of rutile's."""
    import rutile as rt

    rt.reset_stats(side.device)
    side.step()
    return rt.stats(side.device)


def time_rows(results: list[dict[str, Any]], means: dict[str, dict[str, Any]]) -> list[list[str]]:
    """Return the table of times: rutile, then each peer with rutile's time over its."""
    columns = ["rutile", *(name for name in means if name != BEST)]
    rows = [["", *columns]]
    for result in results:
        rows.append([result["name"], *side_cells(result["sides"], columns, "median_ms")])
    return [*rows, ["geometric mean", "", *(f"({means[name]['mean']:.2f})" for name in columns[1:])]]


def notes(results: list[dict[str, Any]], means: dict[str, dict[str, Any]]) -> list[str]:
    """Return what the table does not show: means of fewer workloads, and who was left out and why."""
    lines = [
        f"{name}: geometric mean {mean['mean']:.2f} of {mean['of']} workloads"
        for name, mean in means.items()
        if name == BEST or mean["of"] < len(results)
    ]
    reasons: dict[str, list[str]] = {}
    for result in results:
        for name, reason in result["unused"].items():
            reasons.setdefault(f"{name}: {reason}", []).append(result["name"])
        for reason in result["differing"]:
            reasons.setdefault(f"not timed, losses differ: {reason}", []).append(result["name"])
    return lines + [f"{reason} [{', '.join(workloads)}]" for reason, workloads in reasons.items()]


def counter_rows(results: list[dict[str, Any]]) -> list[list[str]]:
    """Return the table of counters."""
    counters = list(results[0]["counters"])
    return [["", *counters], *([r["name"], *(f"{r['counters'][c]:,}" for c in counters)] for r in results)]


if __name__ == "__main__":
    sys.exit(main())
