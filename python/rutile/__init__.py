"""Deep learning on any hardware: tensors, gradients, layers, data and training loops.

Example:
    >>> import rutile as rt
    >>> x = rt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> y = (x @ x.mT).relu().sum(axis=-1).mean()
    >>> y.backward()
    >>> x.grad.shape
    (2, 2)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rutile import autograd, func, linalg, nn, optim, random, utils
from rutile.creation import (
    arange,
    as_tensor,
    asarray,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    scalar_tensor,
    tensor,
    zeros,
    zeros_like,
)
from rutile.devices import (
    DeviceInfo,
    default_device,
    device,
    devices,
    eval,
    reset_stats,
    set_default_device,
    stats,
    synchronize,
)
from rutile.dtypes import (
    DType,
    bfloat16,
    bool,
    can_cast,
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    isdtype,
    promote_types,
    result_type,
    uint8,
    uint16,
    uint32,
    uint64,
)
from rutile.elementwise import (
    abs,
    add,
    astype,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    ceil,
    clip,
    cos,
    divide,
    equal,
    erf,
    exp,
    floor,
    floor_divide,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    pow,
    reciprocal,
    relu,
    remainder,
    round,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    subtract,
    tanh,
    trunc,
    where,
)
from rutile.errors import (
    ArgumentError,
    CheckpointError,
    DataError,
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
from rutile.exchange import from_arrow, from_dlpack, from_numpy, frombuffer
from rutile.functions.aliases import (
    absolute,
    adjoint,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    bitwise_not,
    clamp,
    concatenate,
    div,
    eq,
    fix,
    ge,
    ger,
    gt,
    le,
    lt,
    movedim,
    mul,
    ne,
    row_stack,
    sgn,
    sub,
    swapaxes,
    swapdims,
    trapz,
    true_divide,
    vdot,
)
from rutile.functions.arithmetic import (
    addcdiv,
    addcmul,
    angle,
    clamp_max,
    clamp_min,
    conj,
    copysign,
    float_power,
    fmax,
    fmin,
    fmod,
    frac,
    frexp,
    gcd,
    heaviside,
    imag,
    lcm,
    ldexp,
    lerp,
    neg,
    nextafter,
    positive,
    real,
    rsub,
    signbit,
)
from rutile.functions.arranging import (
    broadcast_arrays,
    broadcast_shapes,
    broadcast_tensors,
    cat,
    chunk,
    concat,
    diag,
    diag_embed,
    diagonal,
    meshgrid,
    moveaxis,
    repeat,
    repeat_interleave,
    roll,
    rot90,
    split,
    stack,
    tile,
    trace,
    tril,
    triu,
    unbind,
    unstack,
)
from rutile.functions.assigning import (
    as_strided_scatter,
    diagonal_scatter,
    index_put,
    index_reduce,
    masked_scatter,
    put,
    scatter_reduce,
    select_scatter,
    slice_scatter,
)
from rutile.functions.choosing import max, min
from rutile.functions.factors import cholesky
from rutile.functions.gamma import (
    digamma,
    i0,
    i1,
    igamma,
    igammac,
    lgamma,
    mvlgamma,
    polygamma,
)
from rutile.functions.indexing import (
    argwhere,
    gather,
    index_add,
    index_copy,
    index_fill,
    index_select,
    masked_fill,
    masked_select,
    nonzero,
    scatter,
    scatter_add,
    take,
    take_along_axis,
    take_along_dim,
    unravel_index,
)
from rutile.functions.logic import (
    allclose,
    isclose,
    isfinite,
    isinf,
    isnan,
    isneginf,
    isposinf,
    isreal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    nan_to_num,
)
from rutile.functions.matrices import chain_matmul, det, logdet, matrix_exp, slogdet
from rutile.functions.products import (
    addbmm,
    addmm,
    addmv,
    addr,
    baddbmm,
    bmm,
    cross,
    dot,
    einsum,
    inner,
    kron,
    matrix_power,
    mm,
    mv,
    outer,
    tensordot,
    vecdot,
)
from rutile.functions.questions import (
    clone,
    detach,
    is_complex,
    is_floating_point,
    is_nonzero,
    is_same_size,
    is_tensor,
    numel,
)
from rutile.functions.samples import (
    corrcoef,
    cov,
    cumulative_trapezoid,
    dist,
    gradient,
    histogram,
    renorm,
    trapezoid,
)
from rutile.functions.scanning import (
    cummax,
    cummin,
    cumprod,
    cumsum,
    cumulative_prod,
    cumulative_sum,
    diff,
    logcumsumexp,
)
from rutile.functions.sets import (
    isin,
    unique,
    unique_all,
    unique_consecutive,
    unique_counts,
    unique_inverse,
    unique_values,
)
from rutile.functions.sorting import (
    argsort,
    bincount,
    bucketize,
    histc,
    kthvalue,
    median,
    mode,
    msort,
    nanmedian,
    nanquantile,
    quantile,
    searchsorted,
    sort,
    topk,
)
from rutile.functions.special import (
    erfc,
    erfinv,
    exp2,
    expm1,
    hypot,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    logit,
    rsqrt,
    xlogy,
)
from rutile.functions.stacking import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    block_diag,
    cartesian_prod,
    column_stack,
    combinations,
    dsplit,
    dstack,
    hsplit,
    hstack,
    tensor_split,
    tril_indices,
    triu_indices,
    vander,
    vsplit,
    vstack,
)
from rutile.functions.statistics import (
    amax,
    amin,
    aminmax,
    cdist,
    count_nonzero,
    logsumexp,
    nanmean,
    nansum,
    norm,
    std_mean,
    var_mean,
    vector_norm,
)
from rutile.functions.systems import cholesky_inverse, cholesky_solve, pinverse
from rutile.functions.systems import inv as inverse
from rutile.functions.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cosh,
    deg2rad,
    rad2deg,
    sinc,
    sinh,
    tan,
)
from rutile.functions.viewing import (
    as_strided,
    diagflat,
    fliplr,
    flipud,
    narrow,
    permute,
    ravel,
    select,
    t,
    transpose,
    unflatten,
    unfold,
    unsqueeze,
)
from rutile.functions.windows import (
    bartlett_window,
    blackman_window,
    hamming_window,
    hann_window,
    kaiser_window,
)
from rutile.inspection import API_VERSION as __array_api_version__
from rutile.inspection import __array_namespace_info__
from rutile.manipulation import (
    all,
    any,
    argmax,
    argmin,
    broadcast_to,
    expand_dims,
    flatten,
    flip,
    log_softmax,
    matmul,
    matrix_transpose,
    mean,
    pad,
    permute_dims,
    prod,
    reshape,
    softmax,
    squeeze,
    std,
    sum,
    var,
)
from rutile.nn.functional import (
    adaptive_avg_pool1d,
    adaptive_max_pool1d,
    alpha_dropout,
    avg_pool1d,
    bilinear,
    celu,
    channel_shuffle,
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
    cosine_similarity,
    dropout,
    feature_alpha_dropout,
    group_norm,
    hardshrink,
    layer_norm,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    pairwise_distance,
    pdist,
    pixel_shuffle,
    pixel_unshuffle,
    prelu,
    rms_norm,
    rrelu,
    selu,
    threshold,
)
from rutile.printing import set_printoptions
from rutile.profiling import KernelTime, profile
from rutile.random import Generator
from rutile.random.torch_names import (
    bernoulli,
    manual_seed,
    multinomial,
    normal,
    poisson,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)
from rutile.tensor import Tensor
from rutile.transforms.checkpoint import checkpoint
from rutile.transforms.compiled import compile
from rutile.transforms.custom import custom_vjp
from rutile.transforms.gradients import grad, jvp, value_and_grad, vjp
from rutile.transforms.jacobians import hessian, hvp, jacfwd, jacobian, jacrev
from rutile.transforms.modes import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from rutile.transforms.vectorise import vmap

if TYPE_CHECKING:
    from rutile import data, io, models, special, testing, train

__version__ = "0.1.0"

# The array API's constants.
e = math.e
pi = math.pi
inf = math.inf
nan = math.nan
newaxis = None

# PyTorch's names of dtypes.
short = int16
int = int32
long = int64
half = float16
float = float32
double = float64

# Loaded when first used, as not every program has a use for them, and most bring more with them.
_LAZY = ("data", "io", "models", "special", "testing", "train")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        return importlib.import_module(f"rutile.{name}")
    raise AttributeError(f"module 'rutile' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
