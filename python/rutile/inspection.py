"""What the array API standard lets a program ask about rutile."""

from __future__ import annotations

from typing import Any

from rutile import _core
from rutile.dtypes import BY_NAME, KINDS, DType, float32, int32

API_VERSION = "2024.12"
# Those that the standard knows: half-precision floats are rutile's own.
_STANDARD = {name: dtype for name, dtype in BY_NAME.items() if name not in ("float16", "bfloat16")}


class NamespaceInfo:
    """What `rutile.__array_namespace_info__()` gives: capabilities, devices and dtypes, as the array API names them.

    Example:
        >>> import rutile as rt
        >>> rt.__array_namespace_info__().default_dtypes()["real floating"]
        rutile.float32
    """

    def capabilities(self) -> dict[str, Any]:
        """Which optional parts of the standard there are: boolean indexing, shapes that depend on data, any rank."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}

    def default_device(self) -> str:
        """The device of new tensors."""
        return _core.default_device()

    def default_dtypes(self, *, device: str | None = None) -> dict[str, DType]:
        """The dtypes that Python's numbers take, and that of positions; there is none for complex numbers."""
        return {"real floating": float32, "integral": int32, "indexing": int32}

    def dtypes(self, *, device: str | None = None, kind: Any = None) -> dict[str, DType]:
        """The standard's dtypes that a device holds, by name: all, or those of a kind or of several; see `isdtype`."""
        kinds = KINDS if kind is None else (kind,) if isinstance(kind, str) else kind
        letters = "".join(KINDS[one] for one in kinds)
        held = _core.held_dtypes(device)
        return {name: dtype for name, dtype in _STANDARD.items() if dtype.kind in letters and name in held}

    def devices(self) -> list[str]:
        """The devices that tensors can be on, without software adapters, which are used only when named."""
        return [row.name for row in _core.devices() if row.default or not row.software]


def __array_namespace_info__() -> NamespaceInfo:
    """What the array API standard lets a program ask about rutile: capabilities, devices, dtypes.

    Example:
        >>> import rutile as rt
        >>> rt.__array_namespace_info__().capabilities()["boolean indexing"]
        True
    """
    return NamespaceInfo()
