"""How each library runs a single operation: from arrays to a call that returns when its results are computed (on a GPU: given to it)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

__all__ = ["LIBRARIES", "Library"]

Array = np.ndarray[Any, Any]
Call = Callable[[], Any]


class Library:
    """Made once; raises where the library cannot be used.

    An operation is a function of (library, *tensors) to one tensor. `differentiated` gives calls that compute the
    gradients of it with respect to `inputs` for the gradient that is the last tensor, forward pass included.
    """

    name: str

    def __init__(self, threads: int) -> None:
        raise NotImplementedError

    def called(self, operation: Callable[..., Any], arrays: list[Array]) -> Call:
        """Return a call of the operation, compiled where the library compiles."""
        raise NotImplementedError

    def differentiated(self, operation: Callable[..., Any], arrays: list[Array], inputs: list[int]) -> Call:
        """Return a call of the operation and its gradients."""
        raise NotImplementedError

    def array(self, result: Any) -> Array:
        """Return a result as an array."""
        return np.asarray(result)

    def synchronize(self) -> None:
        """Wait until all calls are computed."""


class Rutile(Library):
    """A new graph for each call, which finds its plan again."""

    name = "rutile"

    def __init__(self, threads: int, device: str = "cpu") -> None:
        self.device = device
        self.rt: Any = import_module("rutile")
        self.functional = self.rt.nn.functional

    def called(self, operation: Callable[..., Any], arrays: list[Array]) -> Call:
        tensors = [self.rt.tensor(array, device=self.device) for array in arrays]
        self.rt.eval(*tensors)

        def run() -> Any:
            result = operation(self, *tensors)
            self.rt.eval(result)
            return result

        return run

    def differentiated(self, operation: Callable[..., Any], arrays: list[Array], inputs: list[int]) -> Call:
        *tensors, gradient = (self.rt.tensor(array, device=self.device) for array in arrays)
        for position in inputs:
            tensors[position].requires_grad_()
        self.rt.eval(*tensors, gradient)

        def run() -> Any:
            operation(self, *tensors).backward(gradient)
            gradients = [tensors[position].grad for position in inputs]
            for position in inputs:
                tensors[position].grad = None
            self.rt.eval(*gradients)
            return gradients[0]

        return run

    def synchronize(self) -> None:
        self.rt.synchronize(self.device)


class Torch(Library):
    """Eager."""

    name = "torch"

    def __init__(self, threads: int, device: str = "cpu") -> None:
        self.device = device
        self.torch: Any = import_module("torch")
        self.torch.set_num_threads(threads)
        self.functional = self.torch.nn.functional

    def called(self, operation: Callable[..., Any], arrays: list[Array]) -> Call:
        tensors = [self._tensor(array) for array in arrays]

        def run() -> Any:
            with self.torch.no_grad():
                return operation(self, *tensors)

        return run

    def differentiated(self, operation: Callable[..., Any], arrays: list[Array], inputs: list[int]) -> Call:
        *tensors, gradient = (self._tensor(array) for array in arrays)
        wanted = [tensors[position].requires_grad_() for position in inputs]
        return lambda: self.torch.autograd.grad(operation(self, *tensors), wanted, gradient)[0]

    def array(self, result: Any) -> Array:
        return result.detach().cpu().numpy()

    def synchronize(self) -> None:
        if self.device != "cpu":
            self.torch.cuda.synchronize()

    def _tensor(self, array: Array) -> Any:
        # Its indices are int64.
        return self.torch.from_numpy(array.astype("int64") if array.dtype.kind == "i" else array).to(self.device)


class Jax(Library):
    """Through `jit`."""

    name = "jax"

    def __init__(self, threads: int) -> None:
        self.jax: Any = import_module("jax")
        self.numpy = self.jax.numpy

    def called(self, operation: Callable[..., Any], arrays: list[Array]) -> Call:
        return self._compiled(lambda *tensors: operation(self, *tensors), arrays)

    def differentiated(self, operation: Callable[..., Any], arrays: list[Array], inputs: list[int]) -> Call:
        def gradients(*tensors: Any) -> Any:
            *values, gradient = tensors

            def of(*wanted: Any) -> Any:
                placed = list(values)
                for position, value in zip(inputs, wanted, strict=True):
                    placed[position] = value
                return operation(self, *placed)

            _, pull = self.jax.vjp(of, *(values[position] for position in inputs))
            return pull(gradient)

        run = self._compiled(gradients, arrays)
        return lambda: run()[0]

    def _compiled(self, function: Callable[..., Any], arrays: list[Array]) -> Call:
        tensors = [self.numpy.array(array) for array in arrays]
        compiled = self.jax.jit(function)
        return lambda: self.jax.block_until_ready(compiled(*tensors))


class Mlx(Library):
    """Through `mlx.core.compile`, on the CPU."""

    name = "mlx"

    def __init__(self, threads: int) -> None:
        self.core: Any = import_module("mlx.core")
        self.nn: Any = import_module("mlx.nn")
        self.core.set_default_device(self.core.cpu)

    def called(self, operation: Callable[..., Any], arrays: list[Array]) -> Call:
        return self._compiled(lambda *tensors: operation(self, *tensors), arrays)

    def differentiated(self, operation: Callable[..., Any], arrays: list[Array], inputs: list[int]) -> Call:
        def weighted(*tensors: Any) -> Any:
            *values, gradient = tensors
            return (operation(self, *values) * gradient).sum()

        run = self._compiled(self.core.grad(weighted, argnums=inputs), arrays)
        return lambda: run()[0]

    def _compiled(self, function: Callable[..., Any], arrays: list[Array]) -> Call:
        tensors = [self.core.array(array) for array in arrays]
        compiled = self.core.compile(function)

        def run() -> Any:
            result = compiled(*tensors)
            self.core.eval(result)
            return result

        return run


LIBRARIES: dict[str, type[Library]] = {library.name: library for library in (Torch, Jax, Mlx)}
