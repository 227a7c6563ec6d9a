"""A row for every layer: how it is made, what it takes, the names of its state, and the same in NumPy or `functional`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import rutile as rt
from layer_formulas import (
    Array,
    State,
    adaptive_log_softmax,
    affine,
    attention,
    attention_sequence_first,
    batch_norm,
    cell,
    decoder_layer,
    encoder_layer,
    group_norm,
    instance_norm,
    layer_norm,
    part,
    recurrent,
    rms_norm,
    sequence_first,
    sigmoid,
    standardised,
    transformer,
)
from rutile import nn
from rutile.nn import functional as F


@dataclass(frozen=True)
class Row:
    """A layer made with these arguments and called with these inputs: shapes of random floats, or arrays."""

    layer: Callable[..., nn.Module]
    inputs: tuple[Any, ...]
    expected: Callable[..., Any]
    """Takes the state and the inputs as float64 arrays; returns an array, or a tuple as the layer does."""
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    keys: str = ""
    """Names of the state, with spaces between."""
    training: bool = False
    slopes: bool = True
    """Whether gradients are those of the values: not where some are held back."""

    def make(self) -> nn.Module:
        rt.random.seed(0)
        # A container's arguments are layers: each instance has its own.
        return self.layer(*copy.deepcopy(self.arguments), **self.options).train(self.training)

    def arrays(self) -> list[Array]:
        generator = np.random.default_rng(0)
        draw = lambda given: generator.standard_normal(given).astype("float32") if isinstance(given, tuple) else given  # noqa: E731
        return [np.asarray(draw(given)) for given in self.inputs]


def function(call: Callable[..., rt.Tensor], *settings: Any, **options: Any) -> Callable[..., Array]:
    """A reference that calls a function, whose own tests stand elsewhere, with the inputs, the state and settings."""

    def expected(state: State, *inputs: Array) -> Array:
        arrays = [*inputs, *state.values()]
        floats = [array.astype("float32") if array.dtype.kind == "f" else array for array in arrays]
        return call(*(rt.tensor(array) for array in floats), *settings, **options).numpy()

    return expected


def recurrent_keys(layers: int, directions: int = 1, projected: bool = False) -> str:
    parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", *["weight_hr"] * projected]
    suffixes = [f"_l{layer}{direction}" for layer in range(layers) for direction in ("", "_reverse")[:directions]]
    return " ".join(part + suffix for suffix in suffixes for part in parts)


def under(name: str, keys: str) -> str:
    """Names of the state of a layer within another."""
    return " ".join(f"{name}.{key}" for key in keys.split())


AFFINE = "weight bias"
TRACKED = "weight bias running_mean running_var num_batches_tracked"
CELL = "weight_ih weight_hh bias_ih bias_hh"
ATTENTION = "in_proj_weight in_proj_bias out_proj.weight out_proj.bias"
FEED = f"{under('linear1', AFFINE)} {under('linear2', AFFINE)}"
NORMS = f"{under('norm1', AFFINE)} {under('norm2', AFFINE)}"
ENCODER = f"{under('self_attn', ATTENTION)} {FEED} {NORMS}"
DECODER = (
    f"{under('self_attn', ATTENTION)} {under('multihead_attn', ATTENTION)} {FEED} {NORMS} {under('norm3', AFFINE)}"
)

NUMBERS = np.array([[1, 4, 2], [0, 1, 4]], "int32")
CLASSES = np.array([2, 0, 1, 2], "int32")
SIGNS = np.array([1, -1, 1, -1], "float32")
SHARES = np.array([[0.1, 0.7, 0.2], [0.5, 0.25, 0.25], [0.3, 0.3, 0.4], [0.9, 0.05, 0.05]], "float32")
COUNTS = np.array([[0, 1, 2], [3, 0, 1], [1, 1, 0], [5, 2, 1]], "float32")
CLASS_WEIGHTS = rt.tensor([0.5, 2.0, 1.0])
BATCH = (4, 3)
SAMPLES = rt.tensor(np.linspace(0.0, 0.9, 12).reshape(2, 3, 2))
DEEP_SAMPLES = rt.tensor(np.linspace(0.0, 0.9, 18).reshape(2, 3, 3))
UNPOOLED = np.array([[[0, 2], [1, 2], [0, 1]], [[2, 1], [1, 0], [0, 2]]], dtype=np.int32)


def class_weights(call: Callable[..., rt.Tensor], *settings: Any) -> Callable[..., Array]:
    """A reference for losses whose function takes the classes' weights third."""
    return lambda s, x, y: function(lambda x, y: call(x, y, CLASS_WEIGHTS, *settings))({}, x, y)


ACTIVATIONS = [
    Row(nn.CELU, (BATCH,), function(F.celu, 1.5), (1.5,)),
    Row(nn.ELU, (BATCH,), function(F.elu, 1.5), (1.5,)),
    Row(nn.GELU, (BATCH,), function(F.gelu)),
    Row(nn.GELU, (BATCH,), function(F.gelu, "tanh"), ("tanh",)),
    Row(nn.GLU, ((3, 4),), lambda s, x: x[:, :2] * sigmoid(x[:, 2:])),
    Row(nn.Hardshrink, (BATCH,), lambda s, x: np.where(np.abs(x) > 0.3, x, 0), (0.3,)),
    Row(nn.Hardsigmoid, (BATCH,), lambda s, x: np.clip(x / 6 + 0.5, 0, 1)),
    Row(nn.Hardswish, (BATCH,), lambda s, x: x * np.clip(x / 6 + 0.5, 0, 1)),
    Row(nn.Hardtanh, (BATCH,), lambda s, x: np.clip(x, -0.5, 0.75), (-0.5, 0.75)),
    Row(nn.LeakyReLU, (BATCH,), lambda s, x: np.where(x > 0, x, 0.2 * x), (0.2,)),
    Row(nn.LogSigmoid, (BATCH,), lambda s, x: np.log(sigmoid(x))),
    Row(nn.LogSoftmax, (BATCH,), function(F.log_softmax, 1), (1,)),
    Row(nn.Mish, (BATCH,), lambda s, x: x * np.tanh(np.log1p(np.exp(x)))),
    Row(nn.PReLU, (BATCH,), lambda s, x: np.where(x > 0, x, s["weight"] * x), (3, 0.1), {}, "weight"),
    Row(nn.RReLU, (BATCH,), lambda s, x: np.where(x > 0, x, 0.3 * x), (0.2, 0.4)),
    Row(nn.ReLU, (BATCH,), lambda s, x: np.maximum(x, 0)),
    Row(nn.ReLU6, (BATCH,), lambda s, x: np.clip(x, 0, 6)),
    Row(nn.SELU, (BATCH,), function(F.selu)),
    Row(nn.SiLU, (BATCH,), lambda s, x: x * sigmoid(x)),
    Row(nn.Sigmoid, (BATCH,), lambda s, x: sigmoid(x)),
    Row(nn.Softmax, (BATCH,), function(F.softmax, 0), (0,)),
    Row(nn.Softmax2d, ((2, 3, 2, 2),), function(F.softmax, 1)),
    Row(nn.Softmin, (BATCH,), function(F.softmin, 1), (1,)),
    Row(nn.Softplus, (BATCH,), lambda s, x: np.log1p(np.exp(2 * x)) / 2, (2.0,)),
    Row(nn.Softshrink, (BATCH,), function(F.softshrink, 0.3), (0.3,)),
    Row(nn.Softsign, (BATCH,), lambda s, x: x / (1 + np.abs(x))),
    Row(nn.Tanh, (BATCH,), lambda s, x: np.tanh(x)),
    Row(nn.Tanhshrink, (BATCH,), lambda s, x: x - np.tanh(x)),
    Row(nn.Threshold, (BATCH,), lambda s, x: np.where(x > 0.3, x, -2), (0.3, -2.0)),
]

LOSSES = [
    Row(nn.BCELoss, (SHARES, np.roll(SHARES, 1, 0)), function(F.binary_cross_entropy)),
    Row(
        nn.BCEWithLogitsLoss,
        (BATCH, SHARES),
        lambda s, x, y: -(y * np.log(sigmoid(x)) * s["pos_weight"] + (1 - y) * np.log(sigmoid(-x))),
        (),
        {"pos_weight": CLASS_WEIGHTS, "reduction": "none"},
        "pos_weight",
    ),
    Row(
        nn.CTCLoss,
        ((5, 2, 4), NUMBERS % 3 + 1, np.array([5, 4], "int32"), np.array([2, 3], "int32")),
        function(F.ctc_loss, 0, "sum"),
        (0, "sum"),
    ),
    Row(nn.CosineEmbeddingLoss, (BATCH, BATCH, SIGNS), function(F.cosine_embedding_loss, 0.1), (0.1,), slopes=False),
    Row(
        nn.CrossEntropyLoss,
        (BATCH, CLASSES),
        function(F.cross_entropy, label_smoothing=0.1),
        (),
        {"label_smoothing": 0.1},
    ),
    Row(nn.CrossEntropyLoss, (BATCH, CLASSES), class_weights(F.cross_entropy, 1), (CLASS_WEIGHTS, 1), {}, "weight"),
    Row(
        nn.GaussianNLLLoss,
        (BATCH, BATCH, SHARES),
        lambda s, x, y, v: 0.5 * (np.log(v) + (x - y) ** 2 / v).sum(),
        (),
        {"reduction": "sum"},
    ),
    Row(nn.HingeEmbeddingLoss, ((4,), SIGNS), function(F.hinge_embedding_loss, 0.8), (0.8,), slopes=False),
    Row(nn.HuberLoss, (BATCH, BATCH), function(F.huber_loss, "sum", 0.6), ("sum", 0.6)),
    Row(nn.KLDivLoss, (BATCH, SHARES), lambda s, x, y: (y * (np.log(y) - x)).sum() / 4, ("batchmean",)),
    Row(nn.L1Loss, (BATCH, BATCH), lambda s, x, y: np.abs(x - y).mean()),
    Row(nn.MSELoss, (BATCH, BATCH), lambda s, x, y: (x - y) ** 2, ("none",)),
    Row(nn.MarginRankingLoss, ((4,), (4,), SIGNS), function(F.margin_ranking_loss, 0.3), (0.3,)),
    Row(
        nn.MultiLabelMarginLoss,
        (BATCH, np.array([[1, -1, 0], [0, 2, -1], [2, 1, 0], [0, -1, -1]], "int32")),
        function(F.multilabel_margin_loss, "sum"),
        ("sum",),
    ),
    Row(nn.MultiLabelSoftMarginLoss, (BATCH, SHARES), function(F.multilabel_soft_margin_loss)),
    Row(
        nn.MultiMarginLoss,
        (BATCH, CLASSES),
        function(lambda x, y, w: F.multi_margin_loss(x, y, 2, 0.7, w)),
        (2, 0.7, CLASS_WEIGHTS),
        {},
        "weight",
    ),
    Row(nn.NLLLoss, (BATCH, CLASSES), lambda s, x, y: -x[np.arange(4), y].mean()),
    Row(nn.NLLLoss, (BATCH, CLASSES), class_weights(F.nll_loss, 1), (CLASS_WEIGHTS, 1), {}, "weight"),
    Row(nn.PoissonNLLLoss, (BATCH, COUNTS), lambda s, x, y: (np.exp(x) - y * x).mean()),
    Row(nn.SmoothL1Loss, (BATCH, BATCH), function(F.smooth_l1_loss, "sum", 0.5), ("sum", 0.5)),
    Row(nn.SoftMarginLoss, ((4,), SIGNS), lambda s, x, y: np.log1p(np.exp(-y * x)).mean()),
    Row(nn.TripletMarginLoss, (BATCH,) * 3, function(F.triplet_margin_loss, 2.0, swap=True), (2.0,), {"swap": True}),
    Row(
        nn.TripletMarginWithDistanceLoss,
        (BATCH,) * 3,
        lambda s, a, p, n: np.maximum(np.abs(a - p).sum(1) - np.abs(a - n).sum(1) + 2, 0).sum(),
        (),
        {"distance_function": lambda a, b: (a - b).abs().sum(-1), "margin": 2.0, "reduction": "sum"},
    ),
]

CONVOLUTIONS = [
    # Enough channels and tiles for Winograd's filtering, of images whose edge lies in the middle of a tile.
    Row(nn.Conv2d, ((2, 16, 9, 9),), function(F.conv2d, 1, 1), (16, 17, 3, 1, 1), {}, AFFINE),
    # Tiles that see nothing but the margin.
    Row(nn.Conv2d, ((1, 16, 8, 4),), function(F.conv2d, 1, (1, 70)), (16, 16, 3, 1, (1, 70)), {}, AFFINE),
    # A plane, or two, for each filter.
    Row(nn.Conv2d, ((2, 4, 9, 11),), function(F.conv2d, 1, 1, 1, 4), (4, 4, 3, 1, 1, 1, 4), {}, AFFINE),
    Row(nn.Conv2d, ((2, 2, 9, 8),), function(F.conv2d, 2, 3, 1, 2), (2, 4, 5, 2, 3, 1, 2), {}, AFFINE),
    Row(nn.Conv1d, ((2, 4, 21),), function(F.conv1d, 1, 4, 2, 2), (4, 4, 5, 1, 4, 2, 2), {}, AFFINE),
    Row(nn.Conv1d, ((2, 4, 9),), function(F.conv1d, 2, 1, 1, 2), (4, 6, 3, 2, 1, 1, 2), {}, AFFINE),
    Row(nn.Conv1d, ((4, 9),), function(F.conv1d, padding="same"), (4, 6, 4, 1, "same"), {}, AFFINE),
    Row(nn.Conv2d, ((2, 4, 8, 8),), function(F.conv2d, 2, 1, 1, 2), (4, 6, 3, 2, 1, 1, 2), {}, AFFINE),
    Row(
        nn.Conv2d,
        ((2, 1, 5, 6),),
        lambda s, x: function(F.conv2d)(s, np.pad(x, [(0, 0), (0, 0), (2, 2), (1, 1)], "reflect")),
        (1, 2, 3),
        {"padding": (2, 1), "padding_mode": "reflect"},
        AFFINE,
    ),
    Row(
        nn.Conv2d,
        ((2, 1, 5, 6),),
        lambda s, x: function(F.conv2d)(s, np.pad(x, [(0, 0), (0, 0), (1, 2), (1, 1)], "wrap")),
        (1, 2, (4, 3)),
        {"padding": "same", "padding_mode": "circular"},
        AFFINE,
    ),
    Row(
        nn.Conv3d,
        ((1, 2, 4, 3, 4),),
        function(F.conv3d, None, 1, (1, 0, 1)),
        (2, 3, 3, 1, (1, 0, 1)),
        {"bias": False},
        "weight",
    ),
    Row(nn.ConvTranspose1d, ((2, 4, 5),), function(F.conv_transpose1d, 2, 1, 1, 2), (4, 6, 3, 2, 1, 1, 2), {}, AFFINE),
    Row(
        nn.ConvTranspose2d,
        ((2, 2, 3, 4),),
        function(F.conv_transpose2d, 2, 0, 0, 1, 2),
        (2, 3, 3, 2),
        {"dilation": 2},
        AFFINE,
    ),
    Row(
        nn.ConvTranspose3d,
        ((1, 2, 2, 3, 2),),
        function(F.conv_transpose3d, None, 2),
        (2, 3, 2, 2),
        {"bias": False},
        "weight",
    ),
    Row(
        nn.Fold,
        ((2, 12, 4),),
        function(F.fold, (3, 4), (2, 2), 1, (0, 0), (1, 2)),
        ((3, 4), (2, 2)),
        {"stride": (1, 2)},
    ),
    Row(nn.Unfold, ((2, 3, 4, 5),), function(F.unfold, (2, 3), 1, 1, 2), ((2, 3), 1, 1, 2)),
]

# The sizes that each rank of pads adds to, NumPy's name for the mode, and what a layer is made with.
PADDING: list[tuple[type[nn.Module], int, dict[str, Any], tuple[Any, ...]]] = [
    (layer, rank, options, arguments)
    for layers, options, arguments in (
        ((nn.ConstantPad1d, nn.ConstantPad2d, nn.ConstantPad3d), {"mode": "constant", "constant_values": 7}, (7.0,)),
        ((nn.ZeroPad1d, nn.ZeroPad2d, nn.ZeroPad3d), {"mode": "constant"}, ()),
        ((nn.ReflectionPad1d, nn.ReflectionPad2d, nn.ReflectionPad3d), {"mode": "reflect"}, ()),
        ((nn.ReplicationPad1d, nn.ReplicationPad2d, nn.ReplicationPad3d), {"mode": "edge"}, ()),
        ((nn.CircularPad1d, nn.CircularPad2d, nn.CircularPad3d), {"mode": "wrap"}, ()),
    )
    for rank, layer in enumerate(layers, 1)
]


def padding_row(layer: type[nn.Module], rank: int, options: dict[str, Any], arguments: tuple[Any, ...]) -> Row:
    sides = [(1, 2), (2, 0), (1, 1)][:rank]
    pairs = [(0, 0), (0, 0), *reversed(sides)]
    numbers = tuple(number for side in sides for number in side)
    expected = lambda s, x: np.pad(x, pairs, **options)  # noqa: E731
    return Row(layer, ((2, 2, 4, 3, 5)[: 2 + rank],), expected, (numbers, *arguments))


POOLS = [
    Row(nn.AdaptiveAvgPool1d, ((2, 3, 6),), lambda s, x: x.reshape(2, 3, 2, 3).mean(3), (2,)),
    Row(nn.AdaptiveAvgPool2d, ((2, 3, 6, 8),), lambda s, x: x.reshape(2, 3, 3, 2, 2, 4).mean((3, 5)), ((3, 2),)),
    Row(nn.AdaptiveAvgPool3d, ((2, 4, 2, 3),), lambda s, x: x.mean((1, 2, 3), keepdims=True), (1,)),
    Row(nn.AdaptiveMaxPool1d, ((2, 3, 7),), function(F.adaptive_max_pool1d, 3), (3,)),
    Row(nn.AdaptiveMaxPool2d, ((2, 3, 6, 8),), lambda s, x: x.reshape(2, 3, 6, 2, 4).max(4), ((None, 2),)),
    Row(nn.AdaptiveMaxPool3d, ((2, 4, 2, 3),), lambda s, x: x.max((1, 2, 3), keepdims=True), (1,)),
    Row(nn.AvgPool1d, ((2, 3, 7),), function(F.avg_pool1d, 3, 2, 1, True, False), (3, 2, 1, True, False)),
    Row(nn.AvgPool2d, ((2, 3, 8, 8),), lambda s, x: x.reshape(2, 3, 4, 2, 4, 2).mean((3, 5)), (2,)),
    Row(nn.AvgPool2d, ((2, 3, 7, 8),), function(F.avg_pool2d, 3, 2, 1, True, True, 5), (3, 2, 1, True, True, 5)),
    Row(nn.AvgPool3d, ((2, 4, 2, 6),), lambda s, x: x.reshape(2, 2, 2, 1, 2, 3, 2).mean((2, 4, 6)), (2,)),
    Row(nn.LPPool1d, ((2, 3, 8),), lambda s, x: np.sqrt((x * x).reshape(2, 3, 4, 2).sum(3)), (2, 2)),
    Row(
        nn.FractionalMaxPool2d,
        ((2, 3, 5, 6),),
        function(F.fractional_max_pool2d, 2, (3, 4), None, False, SAMPLES),
        (2, (3, 4), None, False, SAMPLES),
    ),
    Row(
        nn.FractionalMaxPool3d,
        ((2, 3, 4, 5, 4),),
        function(F.fractional_max_pool3d, 2, None, 0.5, False, DEEP_SAMPLES),
        (2, None, 0.5, False, DEEP_SAMPLES),
    ),
    Row(nn.LPPool2d, ((2, 3, 5, 6),), function(F.lp_pool2d, 2, 2, 3, True), (2, 2, 3, True)),
    Row(nn.LPPool3d, ((2, 4, 2, 6),), function(F.lp_pool3d, 2, 2), (2, 2)),
    Row(nn.MaxUnpool1d, ((2, 3, 2), UNPOOLED), function(F.max_unpool1d, 3, 2, 1), (3, 2, 1)),
    Row(nn.MaxUnpool2d, ((2, 3, 2, 1), UNPOOLED[..., None]), function(F.max_unpool2d, 2), (2,)),
    Row(nn.MaxUnpool3d, ((2, 3, 2, 1, 1), UNPOOLED[..., None, None]), function(F.max_unpool3d, 2), (2,)),
    Row(nn.MaxPool1d, ((2, 3, 8),), function(F.max_pool1d, 3, 2, 1, 2), (3, 2, 1, 2)),
    Row(nn.MaxPool2d, ((2, 3, 8, 8),), lambda s, x: x.reshape(2, 3, 4, 2, 4, 2).max((3, 5)), (2,)),
    Row(nn.MaxPool2d, ((3, 7, 8),), function(F.max_pool2d, 3, 2, 1, 1, True), (3, 2, 1), {"ceil_mode": True}),
    Row(nn.MaxPool3d, ((2, 4, 2, 6),), lambda s, x: x.reshape(2, 2, 2, 1, 2, 3, 2).max((2, 4, 6)), (2,)),
]

NORMALISATIONS = [
    Row(nn.BatchNorm1d, ((5, 3),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm1d, ((5, 3, 4),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm1d, ((5, 3),), affine, (3, 0.0), {}, TRACKED),
    Row(nn.BatchNorm2d, ((2, 3, 4, 5),), batch_norm, (3,), {}, TRACKED, True),
    Row(nn.BatchNorm3d, ((2, 3, 2, 4, 3),), batch_norm, (3,), {"track_running_stats": False}, AFFINE),
    Row(nn.GroupNorm, ((3, 4, 5),), group_norm, (2, 4), {}, AFFINE),
    Row(nn.InstanceNorm1d, ((2, 3, 5),), instance_norm, (3,)),
    Row(nn.InstanceNorm1d, ((3, 5),), lambda s, x: standardised(x, (1,)), (3,)),
    Row(
        nn.InstanceNorm2d,
        ((2, 3, 4, 5),),
        lambda s, x: affine(s, instance_norm(s, x)),
        (3,),
        {"affine": True, "track_running_stats": True},
        TRACKED,
        True,
    ),
    Row(nn.InstanceNorm3d, ((2, 3, 2, 4, 3),), instance_norm, (3,)),
    Row(nn.LayerNorm, ((2, 3, 4),), layer_norm, ((3, 4),), {}, AFFINE),
    Row(nn.LayerNorm, ((2, 4),), lambda s, x: standardised(x, (1,)) * s["weight"], (4,), {"bias": False}, "weight"),
    Row(nn.LocalResponseNorm, ((2, 5, 3),), function(F.local_response_norm, 3, 0.1), (3, 0.1)),
    Row(nn.RMSNorm, ((2, 3, 4),), rms_norm, (4,), {}, "weight"),
]

RECURRENCES = [
    Row(nn.GRU, ((5, 2, 3),), recurrent("GRU", 4), (3, 4, 2), {}, recurrent_keys(2)),
    Row(nn.GRUCell, ((2, 3), (2, 4)), lambda s, x, h: cell("GRU", s, "", x, (h,))[0], (3, 4), {}, CELL),
    Row(nn.LSTM, ((5, 2, 3),), recurrent("LSTM", 4), (3, 4, 2), {}, recurrent_keys(2)),
    Row(
        nn.LSTM,
        ((2, 5, 3),),
        recurrent("LSTM", 4, True),
        (3, 4),
        {"batch_first": True, "bidirectional": True, "num_layers": 2, "proj_size": 2},
        recurrent_keys(2, 2, True),
    ),
    Row(nn.LSTMCell, ((2, 3),), lambda s, x: cell("LSTM", s, "", x, (np.zeros((2, 4)),) * 2), (3, 4), {}, CELL),
    Row(nn.RNN, ((5, 2, 3), (2, 2, 4)), recurrent("RNN", 4), (3, 4), {"bidirectional": True}, recurrent_keys(1, 2)),
    Row(nn.RNNCell, ((2, 3), (2, 4)), lambda s, x, h: cell("RNN", s, "", x, (h,))[0], (3, 4), {}, CELL),
]

TRANSFORMERS = [
    Row(
        nn.MultiheadAttention,
        ((2, 4, 6), (2, 5, 6), (2, 5, 6)),
        lambda s, q, k, v: attention(s, q, k, v, 3),
        (6, 3),
        {"batch_first": True},
        ATTENTION,
    ),
    Row(
        nn.MultiheadAttention,
        ((4, 2, 6), (5, 2, 3), (5, 2, 4)),
        attention_sequence_first,
        (6, 2),
        {"kdim": 3, "vdim": 4, "bias": False},
        "q_proj_weight k_proj_weight v_proj_weight out_proj.weight",
    ),
    Row(
        nn.MultiheadAttention,
        ((4, 6), (5, 6), (5, 6)),
        lambda s, q, k, v: tuple(y[0] for y in attention(s, q[None], k[None], v[None], 2)),
        (6, 2),
        {"add_bias_kv": True},
        "in_proj_weight in_proj_bias bias_k bias_v out_proj.weight out_proj.bias",
    ),
    Row(
        nn.Transformer,
        ((2, 5, 4), (2, 3, 4), np.zeros((5, 5), "float32"), np.triu(np.full((3, 3), -np.inf, "float32"), 1)),
        lambda s, source, target, *masks: transformer(s, source, target),
        (4, 2, 1, 1, 6),
        {"batch_first": True},
        " ".join(
            f"{under(f'{stack}.layers.0', layer)} {under(f'{stack}.norm', AFFINE)}"
            for stack, layer in (("encoder", ENCODER), ("decoder", DECODER))
        ),
        slopes=False,
    ),
    Row(
        nn.TransformerDecoder,
        ((2, 3, 4), (2, 5, 4)),
        lambda s, x, memory: decoder_layer(part(s, "layers.0"), x, memory),
        (nn.TransformerDecoderLayer(4, 2, 6, batch_first=True), 1),
        {},
        under("layers.0", DECODER),
    ),
    Row(nn.TransformerDecoderLayer, ((2, 3, 4), (2, 5, 4)), decoder_layer, (4, 2, 6), {"batch_first": True}, DECODER),
    Row(
        nn.TransformerEncoder,
        ((5, 2, 4),),
        sequence_first(lambda s, x: encoder_layer(part(s, "layers.1"), encoder_layer(part(s, "layers.0"), x))),
        (nn.TransformerEncoderLayer(4, 2, 6), 2),
        {},
        f"{under('layers.0', ENCODER)} {under('layers.1', ENCODER)}",
    ),
    Row(
        nn.TransformerEncoderLayer,
        ((2, 5, 4),),
        lambda s, x: encoder_layer(s, x, True),
        (4, 2, 6),
        {"batch_first": True, "norm_first": True},
        ENCODER,
    ),
]

OTHERS = [
    Row(nn.AlphaDropout, (BATCH,), lambda s, x: x, (0.5,)),
    Row(nn.FeatureAlphaDropout, (BATCH,), lambda s, x: x, (0.5,)),
    Row(
        nn.Bilinear,
        ((5, 3), (5, 4)),
        lambda s, x, y: np.einsum("ni,oij,nj->no", x, s["weight"], y) + s["bias"],
        (3, 4, 2),
        {},
        AFFINE,
    ),
    Row(nn.ChannelShuffle, ((2, 6, 3),), lambda s, x: x.reshape(2, 2, 3, 3).swapaxes(1, 2).reshape(2, 6, 3), (2,)),
    Row(nn.CosineSimilarity, (BATCH, BATCH), function(F.cosine_similarity, 0), (0,)),
    Row(nn.Dropout, (BATCH,), lambda s, x: x, (0.5,)),
    Row(nn.Dropout1d, ((2, 3, 4),), lambda s, x: x, (0.5,)),
    Row(nn.Dropout2d, ((2, 3, 4, 4),), lambda s, x: x, (0.5,)),
    Row(nn.Dropout3d, ((2, 3, 2, 4, 4),), lambda s, x: x, (0.5,)),
    Row(nn.Embedding, (NUMBERS,), lambda s, x: s["weight"][x], (5, 4), {}, "weight"),
    Row(nn.Embedding, (NUMBERS,), lambda s, x: s["weight"][x], (5, 4, 1), {}, "weight", slopes=False),
    Row(nn.EmbeddingBag, (NUMBERS,), lambda s, x: s["weight"][x].mean(1), (5, 4), {}, "weight"),
    Row(nn.Flatten, ((2, 3, 4),), lambda s, x: x.reshape(2, 12)),
    Row(nn.Identity, (BATCH,), lambda s, x: x),
    Row(nn.Linear, ((2, 4, 3),), lambda s, x: x @ s["weight"].T + s["bias"], (3, 5), {}, AFFINE),
    Row(
        nn.PairwiseDistance,
        (BATCH, BATCH),
        lambda s, x, y: np.abs(x - y + 1e-6).sum(1, keepdims=True),
        (1.0,),
        {"keepdim": True},
    ),
    Row(nn.PixelShuffle, ((2, 8, 2, 3),), function(F.pixel_shuffle, 2), (2,)),
    Row(nn.PixelUnshuffle, ((2, 2, 4, 6),), function(F.pixel_unshuffle, 2), (2,)),
    Row(
        nn.Sequential,
        ((5, 3),),
        lambda s, x: np.maximum(x @ s["0.weight"].T + s["0.bias"], 0) @ s["2.weight"].T + s["2.bias"],
        (nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)),
        {},
        "0.weight 0.bias 2.weight 2.bias",
    ),
    Row(
        nn.AdaptiveLogSoftmaxWithLoss,
        ((4, 6), np.array([0, 3, 8, 1], "int32")),
        adaptive_log_softmax,
        (6, 9, (2, 5), 2.0, True),
        {},
        "head.weight head.bias tail.0.0.weight tail.0.1.weight tail.1.0.weight tail.1.1.weight",
    ),
    Row(nn.Unflatten, ((2, 12),), lambda s, x: x.reshape(2, 3, 4), (1, (3, -1))),
    Row(nn.Upsample, ((2, 3, 4, 5),), function(F.interpolate, (6, 4), mode="bicubic"), ((6, 4),), {"mode": "bicubic"}),
    Row(
        nn.UpsamplingBilinear2d,
        ((2, 3, 2, 3),),
        function(F.interpolate, (4, 6), mode="bilinear", align_corners=True),
        ((4, 6),),
    ),
    Row(nn.UpsamplingNearest2d, ((2, 3, 2, 3),), lambda s, x: x.repeat(2, 2).repeat(2, 3), (None, 2)),
]

ROWS = [
    *(*ACTIVATIONS, *LOSSES, *CONVOLUTIONS, *(padding_row(*one) for one in PADDING), *POOLS),
    *(*NORMALISATIONS, *RECURRENCES, *TRANSFORMERS, *OTHERS),
]


def named(rows: list[Row]) -> dict[str, Row]:
    """Rows by the name of their layer, further ones of a layer numbered."""
    result: dict[str, Row] = {}
    for row in rows:
        name, count = row.layer.__name__, 1
        while name in result:
            count += 1
            name = f"{row.layer.__name__} {count}"
        result[name] = row
    return result


LAYERS = named(ROWS)
