"""Functions of tensors as methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import manipulation
from rutile.functions import (
    arranging,
    factors,
    indexing,
    matrices,
    products,
    scanning,
    sorting,
    special,
    statistics,
    systems,
    trigonometry,
)
from rutile.manipulation import Axis, sizes_of

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class FunctionMethods:
    """Methods of Tensor with the arguments of the function of their name, or PyTorch's where the two differ."""

    __slots__ = ()

    split = arranging.split
    chunk = arranging.chunk
    unbind = arranging.unbind
    repeat_interleave = arranging.repeat_interleave
    moveaxis = arranging.moveaxis
    diagonal = arranging.diagonal
    diag_embed = arranging.diag_embed
    diag = arranging.diag
    trace = arranging.trace
    gather = indexing.gather
    scatter = indexing.scatter
    scatter_add = indexing.scatter_add
    index_select = indexing.index_select
    index_add = indexing.index_add
    index_copy = indexing.index_copy
    index_fill = indexing.index_fill
    masked_fill = indexing.masked_fill
    masked_select = indexing.masked_select
    nonzero = indexing.nonzero
    argwhere = indexing.argwhere
    take_along_dim = indexing.take_along_dim
    msort = sorting.msort
    topk = sorting.topk
    kthvalue = sorting.kthvalue
    median = sorting.median
    mode = sorting.mode
    quantile = sorting.quantile
    bincount = sorting.bincount
    histc = sorting.histc
    unique = sorting.unique
    cumsum = scanning.cumsum
    cumprod = scanning.cumprod
    cummax = scanning.cummax
    cummin = scanning.cummin
    logcumsumexp = scanning.logcumsumexp
    diff = scanning.diff
    amax = statistics.amax
    amin = statistics.amin
    aminmax = statistics.aminmax
    count_nonzero = statistics.count_nonzero
    logsumexp = statistics.logsumexp
    norm = statistics.norm
    nansum = statistics.nansum
    nanmean = statistics.nanmean
    outer = products.outer
    dot = products.dot
    mm = products.mm
    bmm = products.bmm
    addmm = products.addmm
    cross = products.cross
    matrix_power = products.matrix_power
    matrix_exp = matrices.matrix_exp
    det = matrices.det
    logdet = matrices.logdet
    slogdet = matrices.slogdet
    cholesky = factors.cholesky
    cholesky_solve = systems.cholesky_solve
    cholesky_inverse = systems.cholesky_inverse
    inverse = systems.inv
    pinverse = systems.pinverse
    neg = special.neg
    isnan = special.isnan
    isinf = special.isinf
    isfinite = special.isfinite
    isclose = special.isclose
    allclose = special.allclose
    nan_to_num = special.nan_to_num
    expm1 = special.expm1
    log1p = special.log1p
    exp2 = special.exp2
    log2 = special.log2
    log10 = special.log10
    rsqrt = special.rsqrt
    tan = trigonometry.tan
    sinh = trigonometry.sinh
    cosh = trigonometry.cosh
    atan = trigonometry.atan
    atan2 = trigonometry.atan2
    asin = trigonometry.asin
    acos = trigonometry.acos
    asinh = trigonometry.asinh
    acosh = trigonometry.acosh
    atanh = trigonometry.atanh
    erfc = special.erfc
    erfinv = special.erfinv
    lgamma = special.lgamma
    digamma = special.digamma
    logit = special.logit
    sinc = trigonometry.sinc
    frac = special.frac
    hypot = special.hypot
    logaddexp = special.logaddexp
    xlogy = special.xlogy
    copysign = special.copysign
    fmod = special.fmod
    lerp = special.lerp
    addcmul = special.addcmul
    addcdiv = special.addcdiv
    logical_not = special.logical_not
    logical_and = special.logical_and
    logical_or = special.logical_or
    logical_xor = special.logical_xor
    matmul = manipulation.matmul

    def sort(self: Any, dim: Any = -1, descending: Any = False, stable: Any = True) -> sorting.ValuesAndIndices:
        """The elements of an axis in order, and the positions that they come from."""
        return sorting.sort_with_indices(self, dim, descending)

    def argsort(self: Any, dim: Any = -1, descending: Any = False, stable: Any = True) -> Tensor:
        """Positions that sort an axis; equal elements keep their order."""
        return sorting.argsort(self, axis=dim, descending=descending)

    def repeat(self: Any, *repeats: Any) -> Tensor:
        """Laid beside itself: repeats[i] times along axis i, given as numbers or as one sequence; as PyTorch's."""
        return arranging.tile(self, sizes_of(repeats))

    def tile(self: Any, *repeats: Any) -> Tensor:
        """Laid beside itself: repeats[i] times along axis i, given as numbers or as one sequence."""
        return arranging.tile(self, sizes_of(repeats))

    def roll(self: Any, shifts: Any, dims: Axis = None) -> Tensor:
        """Elements moved along axes; see `rutile.roll`."""
        return arranging.roll(self, shifts, axis=dims)

    def rot90(self: Any, k: Any = 1, dims: Sequence[Any] = (0, 1)) -> Tensor:
        """Turned k times by 90 degrees; see `rutile.rot90`."""
        return arranging.rot90(self, k, dims)

    def tril(self: Any, diagonal: Any = 0) -> Tensor:
        """The elements on and below a diagonal; see `rutile.tril`."""
        return arranging.tril(self, k=diagonal)

    def triu(self: Any, diagonal: Any = 0) -> Tensor:
        """The elements on and above a diagonal; see `rutile.triu`."""
        return arranging.triu(self, k=diagonal)
