"""Documentation: every public name has it, and every example in it runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import rutile as rt
from rutile.testing import report
from rutile.testing.docs import render

MODULES = [
    "rutile",
    *sorted(module.name for module in pkgutil.walk_packages(rt.__path__, "rutile.") if "__main__" not in module.name),
]
_PACKAGES = ("autograd", "data", "func", "io", "models", "nn", "nn.utils", "optim", "special", "testing", "train")
PACKAGES = {"": rt} | {name: importlib.import_module(f"rutile.{name}") for name in (*_PACKAGES, "optim.lr_scheduler")}


def public_names() -> dict[str, Any]:
    """Everything that a user reaches: from rutile itself, and from the packages' lists of what they export."""
    names = {}
    for package, module in PACKAGES.items():
        for name in getattr(module, "__all__", dir(module)):
            value = getattr(module, name)
            ours = getattr(value, "__module__", "").startswith("rutile")
            if ours and not name.startswith("_") and callable(value):
                names[f"{package}.{name}".lstrip(".")] = value
    return names


PUBLIC = public_names()


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str):
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_documented(name: str):
    value = PUBLIC[name]
    assert inspect.getdoc(value), f"rutile.{name} has no docstring"
    if inspect.isclass(value):
        for method, member in vars(value).items():
            if not method.startswith("_") and (inspect.isroutine(member) or isinstance(member, property)):
                assert inspect.getdoc(getattr(value, method)), f"rutile.{name}.{method} has no docstring"


@pytest.mark.parametrize("name", [name for name, value in PUBLIC.items() if "." not in name])
def test_functions_of_tensors_show_an_example(name: str):
    value = PUBLIC[name]
    if not (inspect.isclass(value) and (issubclass(value, Exception) or value is rt.DeviceInfo)):
        assert ">>>" in (inspect.getdoc(value) or ""), f"rutile.{name} shows no example"


@pytest.mark.parametrize("name", MODULES)
def test_modules_say_what_they_are(name: str):
    assert importlib.import_module(name).__doc__, name


def test_the_page_of_functions_is_current():
    page = Path(__file__).parent.parent / "docs" / "ops.md"
    assert page.read_text() == render(), "run RUTILE_SOFTWARE_GPU=1 python -m rutile.testing docs > docs/ops.md"


def test_the_report_counts_every_class(capsys: pytest.CaptureFixture[str]):
    assert report.main() == 0
    lines = capsys.readouterr().out.partition("\n\n")[0].splitlines()
    assert {line.split("  ")[0] for line in lines[2:-1]} >= {"elementwise", "reduction", "network", "linear algebra"}
    assert int(lines[-1].split()[1]) == sum(int(line.rsplit(None, 11)[1]) for line in lines[2:-1])
    assert int(lines[-1].split()[-1]) > 300
