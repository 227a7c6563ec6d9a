"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

import rutile as rt
from rutile.errors import ShapeError

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def parameters_to_vector(parameters: Iterable[rt.Tensor]) -> rt.Tensor:
    """Return the elements of all parameters one after another, with their history.

    >>> parameters_to_vector(rt.nn.Linear(3, 2).parameters()).shape
    (8,)
    """
    return rt.concat([x.reshape(-1) for x in parameters])


def vector_to_parameters(vec: rt.Tensor, parameters: Iterable[rt.Tensor]) -> None:
    """Give parameters the values of a vector, the inverse of `parameters_to_vector`.

    Raises ShapeError when the vector has another number of elements than the parameters together.

    >>> layer = rt.nn.Linear(3, 2)
    >>> vector_to_parameters(rt.zeros((8,)), layer.parameters())
    >>> layer.bias.tolist()
    [0.0, 0.0]
    """
    listed = list(parameters)
    count = sum(x.size for x in listed)
    if vec.shape != (count,):
        raise ShapeError(f"vector_to_parameters needs a vector of the parameters' {count} elements, got {vec.shape}")
    first = 0
    for x in listed:
        part = vec.detach()[first : first + x.size].reshape(x.shape)
        x.assign_(part.astype(x.dtype).to(x.device))
        first += x.size
