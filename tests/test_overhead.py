"""The cost of a call and of the import, with bounds that hold on a busy machine: benches/overhead.py has figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent.parent / "benches" / "overhead.py"


def test_calls_and_the_import_are_quick(tmp_path: Path) -> None:
    report = tmp_path / "overhead.json"
    subprocess.run([sys.executable, str(BENCH), "--json", str(report)], capture_output=True, timeout=120)
    figures = json.loads(report.read_text())
    nanoseconds = {name: value for name, value in figures.items() if name != "import rutile"}
    assert max(nanoseconds.values()) < 20_000, nanoseconds
    assert figures["x + y"] < 10_000
    assert figures["import rutile"] < 500


def test_the_import_leaves_slow_packages_alone() -> None:
    slow = ("polars", "matplotlib", "rich", "obstore", "typer")
    code = f"import sys, rutile; print([name for name in {slow} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
