"""Functions of tensors as methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rutile import _core, elementwise, manipulation
from rutile.functions import (
    arithmetic,
    arranging,
    assigning,
    choosing,
    factors,
    gamma,
    indexing,
    logic,
    matrices,
    products,
    samples,
    scanning,
    sets,
    sorting,
    special,
    stacking,
    statistics,
    systems,
    trigonometry,
    viewing,
)
from rutile.manipulation import Axis, sizes_of

if TYPE_CHECKING:
    from rutile.tensor import Tensor


class FunctionMethods:
    """Methods of Tensor with the arguments of the function of their name, or PyTorch's where the two differ."""

    __slots__ = ()

    # Elements

    abs = elementwise.abs
    absolute = elementwise.abs
    sign = elementwise.sign
    sgn = elementwise.sign
    negative = elementwise.negative
    neg = elementwise.negative
    exp = elementwise.exp
    log = elementwise.log
    sqrt = elementwise.sqrt
    square = elementwise.square
    reciprocal = elementwise.reciprocal
    sin = elementwise.sin
    cos = elementwise.cos
    tanh = elementwise.tanh
    erf = elementwise.erf
    floor = elementwise.floor
    ceil = elementwise.ceil
    round = elementwise.round
    trunc = elementwise.trunc
    fix = elementwise.trunc
    relu = elementwise.relu
    sigmoid = elementwise.sigmoid
    bitwise_not = elementwise.bitwise_invert
    add = elementwise.add
    sub = elementwise.subtract
    subtract = elementwise.subtract
    mul = elementwise.multiply
    multiply = elementwise.multiply
    div = elementwise.divide
    divide = elementwise.divide
    true_divide = elementwise.divide
    floor_divide = elementwise.floor_divide
    remainder = elementwise.remainder
    pow = elementwise.pow
    maximum = elementwise.maximum
    minimum = elementwise.minimum
    clip = elementwise.clip
    clamp = elementwise.clip
    less = elementwise.less
    lt = elementwise.less
    less_equal = elementwise.less_equal
    le = elementwise.less_equal
    greater = elementwise.greater
    gt = elementwise.greater
    greater_equal = elementwise.greater_equal
    ge = elementwise.greater_equal
    eq = elementwise.equal
    not_equal = elementwise.not_equal
    ne = elementwise.not_equal
    bitwise_and = elementwise.bitwise_and
    bitwise_or = elementwise.bitwise_or
    bitwise_xor = elementwise.bitwise_xor
    bitwise_left_shift = elementwise.bitwise_left_shift
    bitwise_right_shift = elementwise.bitwise_right_shift
    positive = arithmetic.positive
    angle = arithmetic.angle
    real = property(arithmetic.real)
    imag = property(arithmetic.imag)
    conj = arithmetic.conj
    resolve_conj = arithmetic.conj
    fmod = arithmetic.fmod
    frac = arithmetic.frac
    copysign = arithmetic.copysign
    nextafter = arithmetic.nextafter
    signbit = arithmetic.signbit
    lerp = arithmetic.lerp
    addcmul = arithmetic.addcmul
    addcdiv = arithmetic.addcdiv
    fmax = arithmetic.fmax
    fmin = arithmetic.fmin
    clamp_min = arithmetic.clamp_min
    clamp_max = arithmetic.clamp_max
    float_power = arithmetic.float_power
    gcd = arithmetic.gcd
    lcm = arithmetic.lcm
    heaviside = arithmetic.heaviside
    ldexp = arithmetic.ldexp
    frexp = arithmetic.frexp
    expm1 = special.expm1
    log1p = special.log1p
    exp2 = special.exp2
    log2 = special.log2
    log10 = special.log10
    rsqrt = special.rsqrt
    erfc = special.erfc
    erfinv = special.erfinv
    logit = special.logit
    hypot = special.hypot
    logaddexp = special.logaddexp
    logaddexp2 = special.logaddexp2
    xlogy = special.xlogy
    lgamma = gamma.lgamma
    digamma = gamma.digamma
    mvlgamma = gamma.mvlgamma
    igamma = gamma.igamma
    igammac = gamma.igammac
    i0 = gamma.i0
    tan = trigonometry.tan
    sinh = trigonometry.sinh
    cosh = trigonometry.cosh
    atan = trigonometry.atan
    arctan = trigonometry.atan
    atan2 = trigonometry.atan2
    arctan2 = trigonometry.atan2
    asin = trigonometry.asin
    arcsin = trigonometry.asin
    acos = trigonometry.acos
    arccos = trigonometry.acos
    asinh = trigonometry.asinh
    arcsinh = trigonometry.asinh
    acosh = trigonometry.acosh
    arccosh = trigonometry.acosh
    atanh = trigonometry.atanh
    arctanh = trigonometry.atanh
    sinc = trigonometry.sinc
    deg2rad = trigonometry.deg2rad
    rad2deg = trigonometry.rad2deg
    isnan = logic.isnan
    isinf = logic.isinf
    isfinite = logic.isfinite
    isposinf = logic.isposinf
    isneginf = logic.isneginf
    isreal = logic.isreal
    isclose = logic.isclose
    allclose = logic.allclose
    nan_to_num = logic.nan_to_num
    logical_not = logic.logical_not
    logical_and = logic.logical_and
    logical_or = logic.logical_or
    logical_xor = logic.logical_xor

    # Folds

    sum = manipulation.sum
    prod = manipulation.prod
    mean = manipulation.mean
    var = manipulation.var
    std = manipulation.std
    any = manipulation.any
    all = manipulation.all
    argmax = manipulation.argmax
    argmin = manipulation.argmin
    softmax = manipulation.softmax
    log_softmax = manipulation.log_softmax
    amax = statistics.amax
    amin = statistics.amin
    aminmax = statistics.aminmax
    count_nonzero = statistics.count_nonzero
    logsumexp = statistics.logsumexp
    norm = statistics.norm
    nansum = statistics.nansum
    nanmean = statistics.nanmean
    cov = samples.cov
    corrcoef = samples.corrcoef
    dist = samples.dist
    renorm = samples.renorm
    histogram = samples.histogram
    cumsum = scanning.cumsum
    cumprod = scanning.cumprod
    cummax = scanning.cummax
    cummin = scanning.cummin
    logcumsumexp = scanning.logcumsumexp
    diff = scanning.diff

    # Order

    max = choosing.max
    min = choosing.min
    argsort = sorting.argsort
    msort = sorting.msort
    topk = sorting.topk
    kthvalue = sorting.kthvalue
    median = sorting.median
    nanmedian = sorting.nanmedian
    mode = sorting.mode
    quantile = sorting.quantile
    nanquantile = sorting.nanquantile
    bincount = sorting.bincount
    histc = sorting.histc
    unique = sets.unique
    unique_consecutive = sets.unique_consecutive

    # Shapes

    flatten = manipulation.flatten
    matmul = manipulation.matmul
    broadcast_to = manipulation.broadcast_to
    split = arranging.split
    chunk = arranging.chunk
    unbind = arranging.unbind
    repeat_interleave = arranging.repeat_interleave
    moveaxis = arranging.moveaxis
    movedim = arranging.moveaxis
    diagonal = arranging.diagonal
    diag_embed = arranging.diag_embed
    diag = arranging.diag
    trace = arranging.trace
    tril = arranging.tril
    triu = arranging.triu
    tensor_split = stacking.tensor_split
    hsplit = stacking.hsplit
    vsplit = stacking.vsplit
    dsplit = stacking.dsplit
    transpose = viewing.transpose
    swapaxes = viewing.transpose
    swapdims = viewing.transpose
    t = viewing.t
    unsqueeze = viewing.unsqueeze
    ravel = viewing.ravel
    unflatten = viewing.unflatten
    narrow = viewing.narrow
    select = viewing.select
    fliplr = viewing.fliplr
    flipud = viewing.flipud
    diagflat = viewing.diagflat
    unfold = viewing.unfold
    as_strided = viewing.as_strided

    # Elements by position

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
    take = indexing.take
    take_along_dim = indexing.take_along_dim
    index_put = assigning.index_put
    put = assigning.put
    masked_scatter = assigning.masked_scatter
    scatter_reduce = assigning.scatter_reduce
    index_reduce = assigning.index_reduce
    select_scatter = assigning.select_scatter
    slice_scatter = assigning.slice_scatter
    diagonal_scatter = assigning.diagonal_scatter
    as_strided_scatter = assigning.as_strided_scatter

    # Products

    outer = products.outer
    ger = products.outer
    dot = products.dot
    vdot = products.dot
    inner = products.inner
    mm = products.mm
    mv = products.mv
    bmm = products.bmm
    addmm = products.addmm
    addmv = products.addmv
    addr = products.addr
    baddbmm = products.baddbmm
    addbmm = products.addbmm
    cross = products.cross
    kron = products.kron
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

    # Methods whose arguments are PyTorch's

    def adjoint(self: Any) -> Tensor:
        """The last two axes exchanged, as there are no complex numbers to conjugate."""
        return _core.transpose(self, -1, -2)

    mH = property(adjoint)
    H = property(viewing.t)

    def split_with_sizes(self: Any, split_sizes: Sequence[Any], dim: Any = 0) -> tuple[Tensor, ...]:
        """Pieces of these sizes along an axis."""
        return arranging.split(self, list(split_sizes), dim)

    def narrow_copy(self: Any, dim: Any, start: Any, length: Any) -> Tensor:
        """`narrow`: no tensor shares what another could change."""
        return viewing.narrow(self, dim, start, length)

    def prelu(self: Any, weight: Tensor) -> Tensor:
        """Leaky with a learnt slope; see `rutile.nn.functional.prelu`."""
        from rutile.nn import functional

        return functional.prelu(self, weight)

    def hardshrink(self: Any, lambd: Any = 0.5) -> Tensor:
        """Zero where within `lambd` of zero; see `rutile.nn.functional.hardshrink`."""
        from rutile.nn import functional

        return functional.hardshrink(self, lambd)

    def lu_solve(self: Any, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """The solution for this right side; see `rutile.linalg.lu_solve`."""
        return systems.lu_solve(LU_data, LU_pivots, self)

    def sort(self: Any, dim: Any = None, descending: Any = False, stable: Any = True, *, axis: Any = None) -> Any:
        """The elements of an axis in order with the positions that they come from; along `axis`, the elements alone."""
        if dim is None and axis is not None:
            return sorting.sort(self, None, descending, axis=axis)
        return sorting.sort(self, -1 if dim is None else dim, descending)

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

    def reshape(self: Any, *shape: Any) -> Tensor:
        """The same elements in another shape, given as numbers or as one sequence; one size may be -1."""
        return _core.reshape(self, sizes_of(shape))

    view = reshape

    def permute(self: Any, *dims: Any) -> Tensor:
        """The axes in another order, given as numbers or as one sequence."""
        return _core.permute(self, sizes_of(dims))

    def expand(self: Any, *shape: Any) -> Tensor:
        """Broadcast to a shape; -1 keeps a size."""
        sizes = sizes_of(shape)
        added = len(sizes) - self.ndim
        return _core.expand(self, [self.shape[i - added] if size == -1 else size for i, size in enumerate(sizes)])

    def squeeze(self: Any, *dim: Any) -> Tensor:
        """Without axes of size one: the given ones, or all."""
        return manipulation.squeeze(self, sizes_of(dim) if dim else None)

    def flip(self: Any, *dims: Any) -> Tensor:
        """Reversed along axes, given as numbers or as one sequence, or along all."""
        return manipulation.flip(self, sizes_of(dims) if dims else None)

    def where(self: Any, condition: Tensor, other: Any) -> Tensor:
        """This tensor where the condition holds, else the other."""
        return elementwise.where(condition, self, other)

    def equal(self: Any, other: Tensor) -> Any:
        """Whether another tensor has the same shape and elements, as PyTorch's; the answer is read to the host."""
        return self.shape == other.shape and bool(elementwise.equal(self, other).all().item())

    def polygamma(self: Any, n: Any) -> Tensor:
        """The n-th derivative of the digamma function; see `rutile.polygamma`."""
        return gamma.polygamma(n, self)

    def multinomial(self: Any, num_samples: Any, replacement: Any = False, *, generator: Any = None) -> Tensor:
        """Positions along the last axis drawn by weight; see `rutile.multinomial`."""
        from rutile.random import torch_names

        return torch_names.multinomial(self, num_samples, replacement, generator=generator)

    def bernoulli(self: Any, p: Any = None, *, generator: Any = None) -> Tensor:
        """Ones with the probabilities that are the elements, or p, else zeros; see `rutile.bernoulli`."""
        from rutile.random import torch_names

        return torch_names.bernoulli(self, p, generator=generator)
