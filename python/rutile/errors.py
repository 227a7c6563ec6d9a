"""Every exception that rutile raises on purpose, in one place.

A message has four parts: the operation, what it needs, what it got, what to do.
"""

from rutile._core import (
    ArgumentError,
    DeviceError,
    DTypeError,
    GradientError,
    LinAlgError,
    OutOfMemoryError,
    OutOfRangeError,
    RutileError,
    ShapeError,
    TracingError,
)

__all__ = [
    "ArgumentError",
    "CheckpointError",
    "ConfigError",
    "DTypeError",
    "DataError",
    "DeviceError",
    "GradientError",
    "LinAlgError",
    "NonFiniteLossError",
    "OutOfMemoryError",
    "OutOfRangeError",
    "RutileError",
    "ShapeError",
    "TracingError",
]


class DataError(RutileError, OSError):
    """A data source cannot be reached, read or understood."""


class CheckpointError(RutileError, ValueError):
    """A weights file or checkpoint is missing, damaged, or does not fit the model."""


class ConfigError(RutileError, ValueError):
    """A training configuration has an unknown key, a missing key or a value of the wrong type."""


class NonFiniteLossError(RutileError, FloatingPointError):
    """The training loss became NaN or infinite; the message names the step."""
