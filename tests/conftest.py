"""What all tests share: the devices they run on, and the servers that they read from."""

from __future__ import annotations

import os

# A software adapter is taken only when asked for; set before rutile looks for devices.
os.environ.setdefault("RUTILE_SOFTWARE_GPU", "1")

import pytest
from hypothesis import settings

import rutile as rt

pytest_plugins = ["servers"]

# The same examples on every run: a failure belongs to a change, not to chance.
settings.register_profile("rutile", derandomize=True, deadline=None, database=None)
settings.load_profile("rutile")


@pytest.fixture(params=["cpu", "gpu"])
def device(request: pytest.FixtureRequest) -> str:
    """Each device by name; a missing GPU is a failure, since skipped tests would pass for proof."""
    name: str = request.param
    try:
        rt.eval(rt.zeros((1,), device=name) + 1.0)
    except rt.DeviceError as error:
        pytest.fail(f"the tests need a GPU or llvmpipe (apt install mesa-vulkan-drivers libvulkan1), got: {error}")
    return name
