"""Wrong calls of every class of ops: each row names the exception and the text that a user reads."""

# Wrong on purpose, in their types too.
# pyright: reportArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rutile as rt
from rutile import nn
from rutile.nn import functional as F

Row = tuple[Callable[[], Any], type[Exception], str]


def ones(*shape: int, dtype: Any = None) -> rt.Tensor:
    return rt.ones(shape, dtype=dtype)


def numbers(*values: int) -> rt.Tensor:
    return rt.tensor(list(values))


def leaf(*shape: int) -> rt.Tensor:
    return rt.tensor(np.ones(shape), requires_grad=True)


IMAGE, TAPS, LOGITS = ones(1, 1, 4, 4), ones(1, 1, 2, 2), ones(2, 3)

CREATION: dict[str, Row] = {
    "arange to infinity": (
        lambda: rt.arange(0, float("inf")),
        rt.ArgumentError,
        "arange needs finite numbers, got 0, inf, 1",
    ),
    "arange of text": (lambda: rt.arange("a"), rt.ArgumentError, "arange needs finite numbers, got 0, 'a', 1"),
    "full of text": (lambda: rt.full((2,), "a"), TypeError, "full needs a number or a bool as fill_value, got str"),
    "size of text": (lambda: rt.zeros("ab"), TypeError, "a shape needs integers, got 'ab'"),
    "size of a fraction": (lambda: rt.ones((2.5,)), TypeError, "a shape needs integers, got (2.5,)"),
    "full beyond int8": (
        lambda: rt.full((1,), 300, dtype="int8"),
        rt.ArgumentError,
        "an integer from -128 to 127 for int8, got 300",
    ),
    "negative eye": (lambda: rt.eye(-1), ValueError, "a shape needs sizes of at least 0, got (-1, -1)"),
    "logspace": (lambda: rt.logspace(0, 1, -2), rt.ArgumentError, "logspace needs at least 0 numbers, got -2"),
    "like a list": (
        lambda: rt.ones_like([1]),
        TypeError,
        "a tensor like another needs a Tensor, got list: use rutile.tensor",
    ),
    "tensor of nothing": (lambda: rt.tensor(None), TypeError, "tensor needs numbers or bools, got object data"),
    "tensor beyond int8": (lambda: rt.tensor(300, dtype="int8"), ValueError, "integers that fit into int8, got 300"),
    "integer of NaN": (lambda: rt.tensor(float("nan"), dtype="int32"), ValueError, "finite numbers to make int32 of"),
    "vander": (lambda: rt.vander(ones(2, 2)), rt.ShapeError, "vander needs a vector, got shape (2, 2)"),
}
SHAPE: dict[str, Row] = {
    "diag": (
        lambda: rt.diag(ones(2, 2, 2)),
        rt.ShapeError,
        "diag needs a vector or a matrix, got shape (2, 2, 2): use diagonal",
    ),
    "trace": (lambda: rt.trace(ones(2)), rt.ShapeError, "trace needs matrices, (…, m, n), got (2,)"),
    "diagonal of a vector": (lambda: rt.diagonal(ones(2)), rt.ShapeError, "diagonal needs an axis from -1 to 0, got 1"),
    "diagonal of one axis": (
        lambda: rt.diagonal(ones(2, 2), 0, 1, -1),
        rt.ArgumentError,
        "diagonal needs two different axes, got (1, -1)",
    ),
    "rot90": (lambda: rt.rot90(ones(2, 2), 1, (0, 0)), rt.ArgumentError, "rot90 needs two different axes, got (0, 0)"),
    "tril": (lambda: rt.tril(ones(3)), rt.ShapeError, "needs a tensor of at least 2 axes, got (3,)"),
    "meshgrid": (
        lambda: rt.meshgrid(ones(2, 2), ones(1)),
        rt.ShapeError,
        "meshgrid needs tensors of at most one axis, got (2, 2), (1,)",
    ),
    "stack": (lambda: rt.stack([ones(2), ones(3)]), rt.ShapeError, "stack needs tensors of one shape, got (2,), (3,)"),
    "stack of nothing": (
        lambda: rt.stack([]),
        TypeError,
        "stack needs a sequence of tensors, got an empty one",
    ),
    "concat of a number": (lambda: rt.concat(3), TypeError, "concat needs a sequence of tensors, got int"),
    "cat of numbers": (
        lambda: rt.cat([1, 2]),
        TypeError,
        "cat needs a sequence of tensors, got int, int",
    ),
    "split": (lambda: rt.split(ones(4), 0), rt.ArgumentError, "split needs pieces of at least 1 element, got 0"),
    "chunk": (lambda: rt.chunk(ones(4), 0), rt.ArgumentError, "chunk needs at least 1 piece, got 0"),
    "tile": (lambda: rt.tile(ones(2), (-1,)), rt.ArgumentError, "tile needs repetitions of at least 0, got (-1,)"),
    "repeat": (lambda: rt.repeat(ones(2), -1), rt.ArgumentError, "needs repeats of at least 0, got -1"),
    "roll": (
        lambda: rt.roll(ones(2, 2), (1, 2), axis=0),
        rt.ArgumentError,
        "roll needs one shift for each axis, got 2 and 1",
    ),
    "roll by nothing": (lambda: rt.roll(ones(2)), TypeError, "roll needs how far to move the elements, got no shift"),
    "unfold": (
        lambda: ones(3).unfold(0, 4, 1),
        rt.ArgumentError,
        "unfold needs a size from 0 to that of axis 0, and a step of at least 1, got 4 and 1",
    ),
    "unfold by 0": (lambda: ones(3).unfold(0, 2, 0), rt.ArgumentError, "a step of at least 1, got 2 and 0"),
    "block_diag": (
        lambda: rt.block_diag(ones(2, 2, 2)),
        rt.ShapeError,
        "block_diag needs tensors of at most 2 axes, got (2, 2, 2)",
    ),
    "cartesian_prod": (
        lambda: rt.cartesian_prod(ones(2, 2)),
        rt.ShapeError,
        "cartesian_prod needs vectors, got (2, 2)",
    ),
    "view": (lambda: ones(2).view("a"), TypeError, "a shape needs integers, got 'a'"),
    "broadcast_shapes": (
        lambda: rt.broadcast_shapes((2,), (3,)),
        rt.ShapeError,
        "broadcasting needs sizes that are equal or 1",
    ),
}
INDEXING: dict[str, Row] = {
    "gather of floats": (
        lambda: rt.gather(ones(2), 0, ones(2)),
        rt.DTypeError,
        "gather needs integers, got float32: use .astype(int32)",
    ),
    "index_select": (
        lambda: rt.index_select(ones(2, 2), 0, rt.tensor([[0]])),
        rt.ShapeError,
        "index_select needs an index of one axis, got shape (1, 1)",
    ),
    "index_add": (
        lambda: rt.index_add(ones(2, 2), 0, numbers(0), ones(2, 2)),
        rt.ShapeError,
        "index_add needs a source of shape (1, 2) for 1 positions, got (2, 2)",
    ),
    "index_copy": (
        lambda: rt.index_copy(ones(2, 2), 0, numbers(0), ones(3, 3)),
        rt.ShapeError,
        "index_copy needs an index of 2 axes",
    ),
    "masked_fill": (
        lambda: rt.masked_fill(ones(2), ones(2), 0.0),
        rt.DTypeError,
        "needs a bool condition, got float32: compare first",
    ),
    "scatter": (
        lambda: rt.scatter(ones(2, 2), 0, rt.tensor([[0, 1, 1]]), ones(1, 3)),
        rt.ShapeError,
        "scatter needs an index of 2 axes, no larger than (2, 2)",
    ),
    "take_along_axis": (
        lambda: rt.take_along_axis(ones(2, 2), numbers(0)),
        rt.ShapeError,
        "take_along_axis needs positions of 2 axes, got (1,)",
    ),
    "nonzero": (lambda: rt.nonzero(ones()), rt.ShapeError, "nonzero needs a tensor of at least one axis"),
    "as_strided_scatter": (
        lambda: rt.as_strided_scatter(ones(2, 2), ones(3), (2,), (1,)),
        rt.ShapeError,
        "as_strided_scatter needs a src of shape (2,), got (3,)",
    ),
    "where": (lambda: rt.where(1, ones(2), ones(2)), TypeError, "where needs a bool Tensor as condition, got int"),
    "one_hot": (
        lambda: F.one_hot(numbers(5), 3).numpy(),
        rt.OutOfRangeError,
        "one_hot needs numbers from 0 to 2, got 5",
    ),
    "embedding": (
        lambda: F.embedding(numbers(0), ones(3)),
        rt.ShapeError,
        "embedding needs a weight of two axes, got (3,)",
    ),
    "embedding_bag": (
        lambda: F.embedding_bag(numbers(0, 1), ones(3, 2)),
        rt.ShapeError,
        "embedding_bag needs offsets for an input of one axis",
    ),
}
ORDER: dict[str, Row] = {
    "diff": (lambda: rt.diff(ones(3), n=-1), rt.ArgumentError, "diff needs n of at least 0, got -1"),
    "cumsum": (lambda: rt.cumsum(ones(2, 2)), rt.ArgumentError, "needs an axis for a tensor of 2 axes, got None"),
    "quantile": (lambda: rt.quantile(ones(3), 1.5), rt.ArgumentError, "quantile needs q from 0 to 1, got 1.5"),
    "nanquantile": (
        lambda: rt.nanquantile(ones(3), -0.5),
        rt.ArgumentError,
        "nanquantile needs q from 0 to 1, got -0.5",
    ),
    "median": (
        lambda: rt.median(ones(0)),
        rt.ShapeError,
        "median needs at least one element to choose from, got shape (0,)",
    ),
    "kthvalue": (lambda: rt.kthvalue(ones(3), 5), rt.ShapeError, "kthvalue needs k from 1 to 3, got 5"),
    "histc": (lambda: rt.histc(ones(3), 0), rt.ArgumentError, "histc needs at least 1 bin, got 0"),
    "bincount": (
        lambda: rt.bincount(numbers(-1)).numpy(),
        rt.OutOfRangeError,
        "bincount needs integers that are not negative, got -1",
    ),
    "bincount of floats": (
        lambda: rt.bincount(ones(2)),
        rt.ShapeError,
        "bincount needs integers in one axis, got float32 of shape (2,)",
    ),
    "searchsorted": (
        lambda: rt.searchsorted(ones(2, 3), ones(3, 3)),
        rt.ShapeError,
        "searchsorted needs one sorted sequence, or one for each row of the values, got (2, 3) and (3, 3)",
    ),
    "searchsorted's side": (
        lambda: rt.searchsorted(ones(2), ones(3), side="up"),
        rt.ArgumentError,
        'searchsorted needs side="left" or "right", got \'up\'',
    ),
    "bucketize": (
        lambda: rt.bucketize(ones(2), ones(2, 2)),
        rt.ShapeError,
        "bucketize needs boundaries of one axis, got shape (2, 2)",
    ),
}
PRODUCT: dict[str, Row] = {
    "matmul of a number": (
        lambda: ones(2) @ 3,
        TypeError,
        "matmul needs two tensors, got int: multiply numbers with *",
    ),
    "matmul of text": (lambda: "a" @ ones(2), TypeError, "matmul needs two tensors, got str"),
    "mm": (
        lambda: rt.mm(ones(2, 2, 2), ones(2, 2)),
        rt.ShapeError,
        "mm needs two matrices, got (2, 2, 2) and (2, 2): use matmul",
    ),
    "bmm": (lambda: rt.bmm(ones(2, 2, 2), ones(3, 2, 2)), rt.ShapeError, "bmm needs (b, n, m) and (b, m, p)"),
    "outer": (
        lambda: rt.outer(ones(2, 2), ones(2)),
        rt.ShapeError,
        "outer needs two vectors, got (2, 2) and (2,): flatten them first",
    ),
    "cross": (lambda: rt.linalg.cross(ones(2), ones(2)), rt.ShapeError, "cross needs an axis of size 3, got size 2"),
    "cdist": (
        lambda: rt.cdist(ones(2, 3), ones(2, 4)),
        rt.ShapeError,
        "cdist needs rows of one length, (…, P, M) and (…, R, M), got (2, 3) and (2, 4)",
    ),
    "tensordot": (
        lambda: rt.tensordot(ones(2, 3), ones(2, 3), axes=5),
        rt.ArgumentError,
        "tensordot needs axes from 0 to 2, got 5",
    ),
    "einsum": (
        lambda: rt.einsum("ij->k", ones(2, 2)),
        rt.ArgumentError,
        "einsum needs each letter of the result in an operand, got 'k'",
    ),
    "matrix_power": (
        lambda: rt.matrix_power(ones(2, 3), 2),
        rt.ShapeError,
        "matrix_power needs square matrices, got (2, 3)",
    ),
}
NETWORK: dict[str, Row] = {
    "conv's rank": (
        lambda: F.conv2d(ones(3, 3), TAPS),
        rt.ShapeError,
        "conv2d needs an input (N, C, …) and a weight (F, C / groups, …) of 4 axes each",
    ),
    "conv's groups": (
        lambda: F.conv2d(ones(1, 3, 4, 4), ones(4, 1, 2, 2), groups=2),
        rt.ShapeError,
        "conv2d needs weight.shape[1] == input.shape[1] / groups with groups = 2",
    ),
    "conv's stride": (
        lambda: F.conv2d(IMAGE, TAPS, stride=0),
        rt.ArgumentError,
        "conv2d needs stride of at least 1, got 0",
    ),
    "conv's strides": (
        lambda: F.conv2d(IMAGE, TAPS, stride=(1, 2, 3)),
        rt.ShapeError,
        "conv2d needs one or two numbers as stride, got (1, 2, 3)",
    ),
    "conv's same": (
        lambda: F.conv2d(IMAGE, TAPS, stride=2, padding="same"),
        rt.ShapeError,
        'conv2d with padding="same" needs stride 1, got 2',
    ),
    "conv's padding": (
        lambda: F.conv2d(IMAGE, TAPS, padding="all"),
        ValueError,
        'conv2d needs padding as numbers, "same" or "valid", got \'all\'',
    ),
    "conv_transpose's output": (
        lambda: F.conv_transpose2d(IMAGE, TAPS, output_padding=3),
        rt.ShapeError,
        "conv_transpose2d needs output_padding below stride or dilation, got 3",
    ),
    "fold": (
        lambda: F.fold(ones(1, 4, 5), (3, 3), (2, 2)),
        rt.ShapeError,
        "fold needs an input (N, C * 4, 4) for output_size (3, 3), got (1, 4, 5)",
    ),
    "patches": (
        lambda: F.unfold(ones(1, 1, 2, 2), 3),
        rt.ShapeError,
        "unfold needs a window no larger than the padded input, got 3 for 2",
    ),
    "pool's stride": (
        lambda: F.max_pool2d(IMAGE, 2, 0),
        rt.ArgumentError,
        "max_pool2d needs stride of at least 1, got 0",
    ),
    "pool's kernel": (
        lambda: F.avg_pool2d(IMAGE, 0),
        rt.ArgumentError,
        "avg_pool2d needs kernel_size of at least 1, got 0",
    ),
    "pool's rank": (
        lambda: F.max_pool2d(ones(4, 4), 2),
        rt.ShapeError,
        "max_pool2d needs an input of 4 axes, or 3 without the batch, got (4, 4)",
    ),
    "adaptive pool": (
        lambda: F.adaptive_avg_pool2d(IMAGE, -1),
        rt.ArgumentError,
        "adaptive_avg_pool2d needs output sizes of at least 0, or None, got (-1, -1)",
    ),
    "fractional pool": (
        lambda: F.fractional_max_pool2d(IMAGE, 2),
        rt.ArgumentError,
        "fractional_max_pool2d needs output_size or output_ratio, and not both",
    ),
    "fractional pool's size": (
        lambda: F.fractional_max_pool2d(IMAGE, 2, 4),
        rt.ShapeError,
        "needs an output of 1 to 3 for size 4 and kernel 2, got 4",
    ),
    "fractional pool's ratio": (
        lambda: F.fractional_max_pool2d(IMAGE, 2, None, 1.5),
        rt.ArgumentError,
        "an output_ratio between 0 and 1, or 2 of them, got 1.5",
    ),
    "fractional pool's samples": (
        lambda: F.fractional_max_pool2d(IMAGE, 2, 2, None, False, ones(1, 1, 3)),
        rt.ShapeError,
        "samples of shape (1, 1, 2), got (1, 1, 3)",
    ),
    "interpolate": (
        lambda: F.interpolate(IMAGE),
        ValueError,
        "interpolate needs one of size and scale_factor, got None and None",
    ),
    "grid_sample": (
        lambda: F.grid_sample(IMAGE, ones(1, 2, 2, 3)),
        rt.ShapeError,
        "grid_sample needs (N, C, H, W) and (N, H', W', 2)",
    ),
    "affine_grid": (
        lambda: F.affine_grid(ones(1, 2, 2), (1, 1, 2, 2)),
        rt.ShapeError,
        "affine_grid needs theta (N, 2, 3)",
    ),
    "pixel_shuffle": (
        lambda: F.pixel_shuffle(ones(1, 3, 2, 2), 2),
        rt.ShapeError,
        "pixel_shuffle needs (..., C * 4, H, W), got (1, 3, 2, 2)",
    ),
    "pad": (
        lambda: F.pad(ones(2, 2), (1,)),
        rt.ShapeError,
        "pad needs two numbers for each axis padded of shape (2, 2), got (1,)",
    ),
    "rms_norm": (
        lambda: F.rms_norm(ones(2, 4), (3,)),
        rt.ShapeError,
        "rms_norm needs an input whose last axes are (3,), got (2, 4)",
    ),
    "batch_norm": (
        lambda: F.batch_norm(LOGITS, None, None),
        ValueError,
        "batch_norm needs running_mean and running_var unless training",
    ),
    "attention's mask": (
        lambda: F.scaled_dot_product_attention(ones(1, 2, 4), ones(1, 3, 4), ones(1, 3, 4), ones(5, 5)),
        rt.ShapeError,
        "scaled_dot_product_attention needs a mask that broadcasts to (…, 2, 3), got (5, 5)",
    ),
    "gumbel_softmax": (
        lambda: F.gumbel_softmax(ones(2), tau=0),
        rt.ArgumentError,
        "gumbel_softmax needs tau above 0, got 0",
    ),
    "glu": (lambda: F.glu(ones(3)), rt.ShapeError, "glu needs an axis of even size, got 3 of shape (3,)"),
    "prelu": (lambda: F.prelu(LOGITS, ones(2)), rt.ShapeError, "prelu needs a weight of 1 or 3 elements, got (2,)"),
    "igamma": (
        lambda: rt.igamma(leaf(2), ones(2)),
        rt.GradientError,
        "igamma needs a first argument that requires no gradient",
    ),
}
LOSS: dict[str, Row] = {
    "nll_loss of floats": (
        lambda: F.nll_loss(LOGITS, ones(2)),
        rt.DTypeError,
        "nll_loss needs integers, got float32: use .astype(int32)",
    ),
    "nll_loss outside": (
        lambda: F.nll_loss(LOGITS, numbers(0, 5)).item(),
        rt.OutOfRangeError,
        "nll_loss needs targets from 0 to 2, got 5",
    ),
    "cross_entropy's weight": (
        lambda: F.cross_entropy(LOGITS, numbers(0, 1), ones(4)),
        rt.ShapeError,
        "cross_entropy needs a weight of shape (3,), got (4,)",
    ),
    "cross_entropy's smoothing": (
        lambda: F.cross_entropy(LOGITS, numbers(0, 1), label_smoothing=2.0),
        rt.ArgumentError,
        "cross_entropy needs 0 <= label_smoothing <= 1, got 2.0",
    ),
    "binary_cross_entropy": (
        lambda: F.binary_cross_entropy(ones(2), ones(3)),
        rt.ShapeError,
        "binary_cross_entropy needs input.shape == target.shape",
    ),
    "kl_div": (
        lambda: F.kl_div(ones(2), ones(3)),
        rt.ShapeError,
        "kl_div needs shapes that broadcast together, got (2,), (3,): reshape one",
    ),
    "poisson_nll_loss": (
        lambda: F.poisson_nll_loss(ones(2), ones(3)),
        rt.ShapeError,
        "poisson_nll_loss needs shapes that broadcast together",
    ),
    "hinge_embedding_loss": (
        lambda: F.hinge_embedding_loss(ones(2), ones(3)),
        rt.ShapeError,
        "hinge_embedding_loss needs shapes that broadcast together",
    ),
    "margin_ranking_loss": (
        lambda: F.margin_ranking_loss(ones(2), ones(3), ones(2)),
        rt.ShapeError,
        "margin_ranking_loss needs shapes that broadcast together, got (2,), (3,), (2,)",
    ),
    "gaussian_nll_loss": (
        lambda: F.gaussian_nll_loss(ones(2), ones(2), ones(3)),
        rt.ShapeError,
        "gaussian_nll_loss needs shapes that broadcast together",
    ),
    "triplet_margin_loss": (
        lambda: F.triplet_margin_loss(LOGITS, LOGITS, ones(2, 4)),
        rt.ShapeError,
        "triplet_margin_loss needs shapes that broadcast together, got (2, 3), (2, 3), (2, 4)",
    ),
    "cosine_embedding_loss": (
        lambda: F.cosine_embedding_loss(LOGITS, ones(2, 4), ones(2)),
        rt.ShapeError,
        "cosine_embedding_loss needs input.shape == target.shape, got (2, 3) and (2, 4)",
    ),
    "huber_loss": (
        lambda: F.huber_loss(ones(2), ones(2), delta=-1.0),
        rt.ArgumentError,
        "huber_loss needs delta above 0, got -1.0",
    ),
    "smooth_l1_loss": (
        lambda: F.smooth_l1_loss(ones(2), ones(2), beta=-1.0),
        rt.ArgumentError,
        "smooth_l1_loss needs beta of at least 0, got -1.0",
    ),
    "multi_margin_loss": (
        lambda: F.multi_margin_loss(LOGITS, numbers(0, 1), p=3),
        rt.ArgumentError,
        "multi_margin_loss needs p of 1 or 2, got 3",
    ),
    "ctc_loss": (
        lambda: F.ctc_loss(ones(4, 1, 3), rt.tensor([[1]]), numbers(4), rt.tensor([[1, 2]])),
        rt.ShapeError,
        "ctc_loss needs targets (N, S) and two lengths (N,) for log-probabilities (T, N, C) with N = 1, got (1, 1), (1,) and ",
    ),
    "ctc_loss's blank": (
        lambda: F.ctc_loss(ones(4, 3), rt.tensor([[1]]), numbers(4), numbers(1), blank=9),
        rt.OutOfRangeError,
        "ctc_loss needs a blank from 0 to 2, got 9",
    ),
}
LAYER: dict[str, Row] = {
    "adaptive softmax": (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 5, [9]),
        rt.ArgumentError,
        "AdaptiveLogSoftmaxWithLoss needs cutoffs from 1 to 4 in rising order, got [9]",
    ),
    "adaptive softmax's classes": (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 5, [2])(ones(2, 4), numbers(0, 7)).loss.item(),
        rt.OutOfRangeError,
        "AdaptiveLogSoftmaxWithLoss needs targets from 0 to 4, got 7",
    ),
    "adaptive softmax's shapes": (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 5, [2])(ones(2, 4), numbers(0)),
        rt.ShapeError,
        "an input (N, 4) and targets (N,), or one row and one target, got (2, 4) and (1,)",
    ),
    "fractional pool": (
        lambda: nn.FractionalMaxPool2d(2),
        rt.ArgumentError,
        "FractionalMaxPool2d needs output_size or output_ratio, and not both",
    ),
    "forward": (
        lambda: nn.Module()(1),
        NotImplementedError,
        "Module needs a method forward(self, ...): define it in the class",
    ),
    "get_submodule": (
        lambda: nn.Linear(2, 2).get_submodule("head"),
        AttributeError,
        "Linear needs a module that it has, got 'head'",
    ),
    "get_parameter": (
        lambda: nn.Linear(2, 2).get_parameter("scale"),
        AttributeError,
        "Linear needs a parameter that it has, got 'scale': it has weight, bias",
    ),
    "clip_grad_value_": (
        lambda: nn.utils.clip_grad_value_([leaf(2)], -1),
        rt.ArgumentError,
        "clip_grad_value_ needs clip_value >= 0, got -1",
    ),
    "clip_grad_norm_": (
        lambda: nn.utils.get_total_norm([ones(2) * float("nan")], error_if_nonfinite=True),
        rt.ArgumentError,
        "get_total_norm needs a finite norm of order 2.0, got nan",
    ),
    "vector_to_parameters": (
        lambda: nn.utils.vector_to_parameters(ones(3), [leaf(2)]),
        rt.ShapeError,
        "vector_to_parameters needs a vector of the parameters' 2 elements, got (3,)",
    ),
    "pad_sequence": (
        lambda: nn.utils.rnn.pad_sequence([ones(2), ones(2, 2)]),
        rt.ShapeError,
        "sequences (length, *) whose shapes differ in the first axis alone, got (2,), (2, 2)",
    ),
    "pad_sequence's side": (
        lambda: nn.utils.rnn.pad_sequence([ones(2)], padding_side="top"),
        rt.ArgumentError,
        'pad_sequence needs padding_side="left" or "right", got \'top\'',
    ),
}
PROGRAM: dict[str, Row] = {
    "one Tensor to optimise": (
        lambda: rt.optim.SGD(leaf(2)),
        TypeError,
        "SGD needs an iterable of Tensors, got one Tensor: pass [tensor]",
    ),
    "checkpoint": (lambda: rt.checkpoint(3), TypeError, "checkpoint needs a function, got int"),
    "generator": (
        lambda: rt.rand(2, generator=3),
        TypeError,
        "a draw needs a rutile.Generator or None as generator, got int",
    ),
    "normal": (lambda: rt.random.normal((2,), 0.0, -1.0), rt.ArgumentError, "normal needs std of at least 0, got -1"),
    "multinomial": (
        lambda: rt.multinomial(ones(2), 5),
        rt.ArgumentError,
        "multinomial needs at most 2 samples without replacement, got 5",
    ),
    "format": (
        lambda: f"{ones(2):.2f}",
        rt.ShapeError,
        "item needs a tensor of one element, got shape (2,): use numpy() or tolist()",
    ),
    "comparison with text": (lambda: ones(2) < "a", TypeError, "needs tensors, arrays or numbers, got str"),
    "bfloat16 to NumPy": (
        lambda: ones(2, dtype="bfloat16").numpy(),
        rt.DTypeError,
        "numpy needs a dtype that NumPy has, got bfloat16: convert it with .astype(rutile.float32)",
    ),
    "gradcheck": (
        lambda: rt.autograd.gradcheck(lambda x: x.detach() * x, ones(1)),
        AssertionError,
        "gradient for input 0 needs",
    ),
}
# Padding that would cut off elements.
CROPPING: dict[str, Callable[[], Any]] = {
    "conv1d": lambda: F.conv1d(ones(1, 1, 4), ones(1, 1, 2), padding=-1),
    "conv2d": lambda: F.conv2d(IMAGE, TAPS, padding=(0, -1)),
    "conv_transpose2d": lambda: F.conv_transpose2d(IMAGE, TAPS, padding=-1),
    "avg_pool2d": lambda: F.avg_pool2d(IMAGE, 2, padding=-1),
    "max_pool2d": lambda: F.max_pool2d(IMAGE, 2, padding=-1),
    "max_unpool2d": lambda: F.max_unpool2d(IMAGE, IMAGE.astype("int32"), 2, padding=-1),
    "unfold": lambda: F.unfold(IMAGE, 2, padding=-1),
    "fold": lambda: F.fold(ones(1, 4, 1), (4, 4), 2, padding=-1),
    "Conv2d": lambda: nn.Conv2d(1, 1, 2, padding=-1, padding_mode="circular")(IMAGE),
}
NETWORK |= {
    f"padding of {name}": (call, rt.ArgumentError, f"{name} needs padding of at least 0, got ")
    for name, call in CROPPING.items()
}

CLASSES: dict[str, dict[str, Row]] = {
    "creation": CREATION,
    "shape": SHAPE,
    "indexing": INDEXING,
    "order": ORDER,
    "product": PRODUCT,
    "network": NETWORK | LOSS,
    "layers": LAYER,
    "programs": PROGRAM,
}
