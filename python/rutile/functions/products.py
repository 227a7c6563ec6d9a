"""Products of tensors over axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core, manipulation
from rutile.errors import ArgumentError, ShapeError
from rutile.functions.arranging import broadcast_shapes, diagonal, normal_axis

if TYPE_CHECKING:
    from rutile.tensor import Tensor


def outer(x: Tensor, y: Tensor, /) -> Tensor:
    """Products of each element of x with each of y: (n), (m) to (n, m).

    Example:
        >>> import rutile as rt
        >>> rt.outer(rt.tensor([1.0, 2.0]), rt.tensor([3.0])).tolist()
        [[3.0], [6.0]]
    """
    if x.ndim != 1 or y.ndim != 1:
        raise ShapeError(f"outer needs two vectors, got {x.shape} and {y.shape}: flatten them first")
    return x.reshape(x.size, 1) * y.reshape(1, y.size)


def dot(x: Tensor, y: Tensor, /) -> Tensor:
    """Sum of the products of two 1-D tensors.

    Example:
        >>> import rutile as rt
        >>> rt.dot(rt.tensor([1.0, 2.0]), rt.tensor([3.0, 4.0])).item()
        11.0
    """
    return _core.matmul(x, y)


def mm(x: Tensor, y: Tensor, /) -> Tensor:
    """Matrix product of two matrices.

    Example:
        >>> import rutile as rt
        >>> rt.mm(rt.ones((1, 2)), rt.ones((2, 1))).tolist()
        [[2.0]]
    """
    if x.ndim != 2 or y.ndim != 2:
        raise ShapeError(f"mm needs two matrices, got {x.shape} and {y.shape}: use matmul")
    return _core.matmul(x, y)


def bmm(x: Tensor, y: Tensor, /) -> Tensor:
    """Matrix products of (b, n, m) and (b, m, p): (b, n, p).

    Example:
        >>> import rutile as rt
        >>> rt.bmm(rt.ones((1, 1, 2)), rt.ones((1, 2, 1))).tolist()
        [[[2.0]]]
    """
    if x.ndim != 3 or y.ndim != 3 or x.shape[0] != y.shape[0]:
        raise ShapeError(f"bmm needs (b, n, m) and (b, m, p), got {x.shape} and {y.shape}: use matmul")
    return _core.matmul(x, y)


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · (mat1 @ mat2).

    Example:
        >>> import rutile as rt
        >>> rt.addmm(rt.ones((1,)), rt.ones((1, 2)), rt.ones((2, 1))).tolist()
        [[3.0]]
    """
    return _added(input, mm(mat1, mat2), beta, alpha)


def mv(x: Tensor, y: Tensor, /) -> Tensor:
    """Product of a matrix (n, m) and a vector (m): (n).

    Example:
        >>> import rutile as rt
        >>> rt.mv(rt.ones((1, 2)), rt.ones((2,))).tolist()
        [2.0]
    """
    if x.ndim != 2 or y.ndim != 1:
        raise ShapeError(f"mv needs a matrix and a vector, got {x.shape} and {y.shape}: use matmul")
    return _core.matmul(x, y)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · (mat @ vec).

    Example:
        >>> import rutile as rt
        >>> rt.addmv(rt.ones((1,)), rt.ones((1, 2)), rt.ones((2,))).tolist()
        [3.0]
    """
    return _added(input, mv(mat, vec), beta, alpha)


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · outer(vec1, vec2).

    Example:
        >>> import rutile as rt
        >>> rt.addr(rt.ones((1, 2)), rt.ones((1,)), rt.ones((2,))).tolist()
        [[2.0, 2.0]]
    """
    return _added(input, outer(vec1, vec2), beta, alpha)


def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · (batch1 @ batch2), for batches of matrices.

    Example:
        >>> import rutile as rt
        >>> rt.baddbmm(rt.ones((1, 1, 1)), rt.ones((1, 1, 2)), rt.ones((1, 2, 1))).tolist()
        [[[3.0]]]
    """
    return _added(input, bmm(batch1, batch2), beta, alpha)


def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · (the sum of batch1 @ batch2 over the batch).

    Example:
        >>> import rutile as rt
        >>> rt.addbmm(rt.ones((1, 1)), rt.ones((2, 1, 2)), rt.ones((2, 2, 1))).tolist()
        [[5.0]]
    """
    return _added(input, manipulation.sum(bmm(batch1, batch2), 0), beta, alpha)


def _added(input: Tensor, product: Tensor, beta: float, alpha: float) -> Tensor:
    product = product if alpha == 1 else product * alpha
    return product if beta == 0 else product + (input if beta == 1 else input * beta)


def inner(x: Tensor, y: Tensor, /) -> Tensor:
    """Sums of products along the last axes of x and y, for all their other positions; 0-d operands multiply.

    Example:
        >>> import rutile as rt
        >>> rt.inner(rt.tensor([[1.0, 2.0]]), rt.tensor([3.0, 4.0])).tolist()
        [11.0]
    """
    return x * y if x.ndim == 0 or y.ndim == 0 else tensordot(x, y, axes=([-1], [-1]))


def vecdot(x: Tensor, y: Tensor, /, *, axis: int = -1, dim: int | None = None) -> Tensor:
    """Sum of the products along an axis, which both have; the other axes broadcast.

    Raises:
        ShapeError: the axis has not the same size in both.

    Example:
        >>> import rutile as rt
        >>> rt.vecdot(rt.tensor([1.0, 2.0]), rt.tensor([3.0, 4.0])).item()
        11.0
    """
    axis = axis if dim is None else dim
    sizes = [z.shape[normal_axis("vecdot", axis, z.ndim)] for z in (x, y)]
    if sizes[0] != sizes[1]:
        raise ShapeError(f"vecdot needs equal sizes of axis {axis}, got {x.shape} and {y.shape}")
    products = x * y
    return manipulation.sum(products, axis, dtype=products.dtype)


def tensordot(x: Tensor, y: Tensor, /, axes: Any = 2, *, dims: Any = None) -> Tensor:
    """Products summed over axes: the last `axes` of x with the first of y, or over given pairs of axes.

    Example:
        >>> import rutile as rt
        >>> rt.tensordot(rt.ones((2, 3)), rt.ones((3, 2)), axes=1).tolist()
        [[3.0, 3.0], [3.0, 3.0]]
    """
    axes = axes if dims is None else dims
    if isinstance(axes, int):
        if not 0 <= axes <= min(x.ndim, y.ndim):
            raise ArgumentError(f"tensordot needs axes from 0 to {min(x.ndim, y.ndim)}, got {axes}")
        left, right = list(range(x.ndim - axes, x.ndim)), list(range(axes))
    else:
        left = [normal_axis("tensordot", axis, x.ndim) for axis in axes[0]]
        right = [normal_axis("tensordot", axis, y.ndim) for axis in axes[1]]
    shared = [x.shape[axis] for axis in left]
    if shared != [y.shape[axis] for axis in right]:
        raise ShapeError(f"tensordot needs equal sizes of the axes summed over, got {x.shape} and {y.shape}: {axes}")
    rows = [axis for axis in range(x.ndim) if axis not in left]
    columns = [axis for axis in range(y.ndim) if axis not in right]
    count = math.prod(shared)
    a = _core.reshape(_core.permute(x, rows + left), [math.prod(x.shape[axis] for axis in rows), count])
    b = _core.reshape(_core.permute(y, right + columns), [count, math.prod(y.shape[axis] for axis in columns)])
    return _core.reshape(_core.matmul(a, b), [x.shape[i] for i in rows] + [y.shape[i] for i in columns])


def kron(x: Tensor, y: Tensor, /) -> Tensor:
    """Kronecker product: each element of x replaced by its product with y.

    Example:
        >>> import rutile as rt
        >>> rt.kron(rt.tensor([1.0, 2.0]), rt.tensor([1.0, 1.0])).tolist()
        [1.0, 1.0, 2.0, 2.0]
    """
    rank = max(x.ndim, y.ndim)
    a, b = [1] * (rank - x.ndim) + list(x.shape), [1] * (rank - y.ndim) + list(y.shape)
    left = _core.reshape(x, [part for size in a for part in (size, 1)])
    right = _core.reshape(y, [part for size in b for part in (1, size)])
    return _core.reshape(left * right, [n * m for n, m in zip(a, b, strict=True)])


def cross(x: Tensor, y: Tensor, /, *, axis: int = -1, dim: int | None = None) -> Tensor:
    """Cross products of the 3-vectors along an axis.

    Example:
        >>> import rutile as rt
        >>> rt.cross(rt.tensor([1.0, 0.0, 0.0]), rt.tensor([0.0, 1.0, 0.0])).tolist()
        [0.0, 0.0, 1.0]
    """
    from rutile.functions.arranging import roll

    shape = list(broadcast_shapes(x.shape, y.shape))
    x, y = _core.expand(x, shape), _core.expand(y, shape)
    number = normal_axis("cross", axis if dim is None else dim, x.ndim)
    if shape[number] != 3:
        raise ShapeError(f"cross needs an axis of size 3, got size {shape[number]}")

    def turned(vectors: Tensor, places: int) -> Tensor:
        return roll(vectors, -places, axis=number)

    return turned(x, 1) * turned(y, 2) - turned(x, 2) * turned(y, 1)


def matrix_power(x: Tensor, n: int, /) -> Tensor:
    """x (..., m, m) multiplied with itself n times; its inverse -n times where n is negative.

    Example:
        >>> import rutile as rt
        >>> rt.linalg.matrix_power(rt.tensor([[2.0]]), 3).tolist()
        [[8.0]]
    """
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"matrix_power needs square matrices, got {x.shape}")
    if n < 0:
        from rutile.functions.systems import inv

        return matrix_power(inv(x), -n)
    numbers = _core.iota(x.shape[-1], x.device)
    identity = _core.cast(_core.unsqueeze(numbers, 1) == numbers, x.dtype_name)
    result, square = None, x
    while n:
        if n & 1:
            result = square if result is None else _core.matmul(result, square)
        n >>= 1
        square = _core.matmul(square, square) if n else square
    return _core.expand(identity, list(x.shape)) if result is None else result


def einsum(equation: str, *operands: Any) -> Tensor:
    """Products summed over the axes whose letters the result lacks, in Einstein's notation; "..." broadcasts.

    Operands are joined from left to right, each time by one batched matrix product.

    Raises:
        ArgumentError: the equation does not fit the operands.

    Example:
        >>> import rutile as rt
        >>> rt.einsum("ij,jk->ik", rt.ones((1, 2)), rt.ones((2, 1))).tolist()
        [[2.0]]
    """
    tensors = list(operands[0]) if len(operands) == 1 and isinstance(operands[0], list | tuple) else list(operands)
    terms, result = _parsed(equation, tensors)
    sizes: dict[str, int] = {}
    labelled: list[tuple[str, Tensor]] = []
    for term, tensor in zip(terms, tensors, strict=True):
        for letter, size in zip(term, tensor.shape, strict=True):
            if size != 1 and sizes.get(letter, 1) not in (1, size):
                raise ShapeError(f"einsum needs one size for {letter!r}, got {sizes[letter]} and {size}: {equation}")
            sizes[letter] = max(sizes.get(letter, 1), size) if size else 0
        labelled.append(_without_repeats(term, tensor))
    for letter in result:
        if letter not in sizes:
            raise ArgumentError(f"einsum needs each letter of the result in an operand, got {letter!r}: {equation}")
    name, tensor = labelled[0]
    for number, (other_name, other) in enumerate(labelled[1:], 1):
        later = set(result).union(*(term for term, _ in labelled[number + 1 :]))
        name, tensor = _joined(name, tensor, other_name, other, later, sizes)
    gone = [axis for axis, letter in enumerate(name) if letter not in result]
    if gone:
        tensor = manipulation.sum(tensor, gone)
        name = "".join(letter for letter in name if letter in result)
    return _core.permute(tensor, [name.index(letter) for letter in result])


def _parsed(equation: str, tensors: Sequence[Tensor]) -> tuple[list[str], str]:
    """The letters of each operand and of the result, with those of broadcast axes in place of "..."."""
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(tensors):
        raise ArgumentError(f"einsum needs one term for each operand, got {len(terms)} and {len(tensors)}: {equation}")
    spare = [chr(code) for code in range(ord("À"), ord("À") + 64)]
    widest, named = 0, []
    for term, tensor in zip(terms, tensors, strict=True):
        rest = tensor.ndim - len(term.replace("...", ""))
        if rest < 0 or (rest and "..." not in term):
            raise ArgumentError(f"einsum needs a letter for each axis, got {term!r} for {tensor.shape}: {equation}")
        widest = max(widest, rest)
        named.append((term, rest))
    letters = spare[:widest]
    terms = [term.replace("...", "".join(letters[widest - rest :])) for term, rest in named]
    if arrow:
        return terms, right.replace("...", "".join(letters))
    together = "".join(terms)
    once = sorted(letter for letter in set(together) if together.count(letter) == 1 and letter not in letters)
    return terms, "".join(letters) + "".join(once)


def _without_repeats(term: str, tensor: Tensor) -> tuple[str, Tensor]:
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            tensor = diagonal(tensor, 0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    return term, tensor


def _joined(
    a_name: str, a: Tensor, b_name: str, b: Tensor, later: set[str], sizes: dict[str, int]
) -> tuple[str, Tensor]:
    """Two operands as one batched matrix product, over the letters that nothing later needs."""
    for name, letters in ((a_name, b_name), (b_name, a_name)):
        alone = [axis for axis, letter in enumerate(name) if letter not in letters and letter not in later]
        if alone:
            kept = "".join(letter for axis, letter in enumerate(name) if axis not in alone)
            if name is a_name:
                a, a_name = manipulation.sum(a, alone), kept
            else:
                b, b_name = manipulation.sum(b, alone), kept
    batch = [letter for letter in a_name if letter in b_name and letter in later]
    inner = [letter for letter in a_name if letter in b_name and letter not in later]
    rows = [letter for letter in a_name if letter not in b_name]
    columns = [letter for letter in b_name if letter not in a_name]

    def arranged(name: str, x: Tensor, *groups: list[str]) -> Tensor:
        order = [letter for group in groups for letter in group]
        moved = _core.permute(x, [name.index(letter) for letter in order])
        stretched = _core.expand(moved, [sizes[letter] for letter in order])
        lead = [sizes[letter] for letter in groups[0]]
        return _core.reshape(stretched, lead + [math.prod(sizes[letter] for letter in group) for group in groups[1:]])

    product = _core.matmul(arranged(a_name, a, batch, rows, inner), arranged(b_name, b, batch, inner, columns))
    name = [*batch, *rows, *columns]
    return "".join(name), _core.reshape(product, [sizes[letter] for letter in name])
