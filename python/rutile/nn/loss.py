"""Losses as modules; `rutile.nn.functional` has them as functions. `reduction` is "mean", "sum" or "none"."""

from __future__ import annotations

from collections.abc import Callable

import rutile as rt
from rutile.nn import functional
from rutile.nn.module import Module

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CTCLoss",
    "CosineEmbeddingLoss",
    "CrossEntropyLoss",
    "GaussianNLLLoss",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "MSELoss",
    "MarginRankingLoss",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "NLLLoss",
    "PoissonNLLLoss",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]


class _Weighted(Module):
    """A loss with a weight for each class or element, held as a buffer."""

    weight: rt.Tensor | None

    def hold(self, name: str, values: rt.Tensor | None) -> None:
        """Keep the values as a buffer, so that they move with the module; None stays None."""
        if values is None:
            setattr(self, name, None)
        else:
            # Another tensor of the same values: moving the module leaves the caller's where it is.
            self.register_buffer(name, values.detach())


class CrossEntropyLoss(_Weighted):
    """Cross entropy of logits (N, C, d...) and class indices (N, d...) or probabilities (N, C, d...), a 0-d tensor.

    `weight` (C,) scales the classes; targets equal to `ignore_index` do not count.

    >>> round(CrossEntropyLoss()(rt.tensor([[0.0, 0.0]]), rt.tensor([1])).item(), 4)
    0.6931
    """

    def __init__(
        self,
        weight: rt.Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing
        self.hold("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.cross_entropy(
            input, target, self.weight, self.ignore_index, self.reduction, self.label_smoothing
        )


class NLLLoss(_Weighted):
    """Minus the log-probability (N, C, d...) of the target class (N, d...).

    `weight` (C,) scales the classes; targets equal to `ignore_index` do not count.

    >>> NLLLoss()(rt.tensor([[-1.0, -2.0]]), rt.tensor([1])).item()
    2.0
    """

    def __init__(self, weight: rt.Tensor | None = None, ignore_index: int = -100, reduction: str = "mean") -> None:
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.hold("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.nll_loss(input, target, self.weight, self.ignore_index, self.reduction)


class BCELoss(_Weighted):
    """Cross entropy of probabilities and targets of one shape, times `weight`.

    >>> round(BCELoss()(rt.tensor([0.5]), rt.tensor([1.0])).item(), 4)
    0.6931
    """

    def __init__(self, weight: rt.Tensor | None = None, reduction: str = "mean") -> None:
        self.reduction = reduction
        self.hold("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.binary_cross_entropy(input, target, self.weight, self.reduction)


class BCEWithLogitsLoss(_Weighted):
    """Cross entropy of sigmoid(input) and targets of one shape, times `weight`; `pos_weight` scales the positive part.

    >>> round(BCEWithLogitsLoss()(rt.tensor([0.0]), rt.tensor([1.0])).item(), 4)
    0.6931
    """

    pos_weight: rt.Tensor | None

    def __init__(
        self, weight: rt.Tensor | None = None, reduction: str = "mean", pos_weight: rt.Tensor | None = None
    ) -> None:
        self.reduction = reduction
        self.hold("weight", weight)
        self.hold("pos_weight", pos_weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.binary_cross_entropy_with_logits(input, target, self.weight, self.reduction, self.pos_weight)


class MSELoss(Module):
    """Squared difference of two tensors of one shape.

    >>> MSELoss()(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    2.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.mse_loss(input, target, self.reduction)


class L1Loss(Module):
    """Absolute difference of two tensors of one shape.

    >>> L1Loss()(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    1.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.l1_loss(input, target, self.reduction)


class SmoothL1Loss(Module):
    """Half the squared difference over `beta` where it is below `beta`, else the absolute one less `beta / 2`.

    >>> SmoothL1Loss()(rt.tensor([3.0]), rt.tensor([1.0])).item()
    1.5
    """

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        self.reduction = reduction
        self.beta = beta

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.smooth_l1_loss(input, target, self.reduction, self.beta)


class HuberLoss(Module):
    """Half the squared difference up to `delta`, beyond it `delta` times (absolute difference - delta / 2).

    >>> HuberLoss()(rt.tensor([3.0]), rt.tensor([1.0])).item()
    1.5
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        self.reduction = reduction
        self.delta = delta

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.huber_loss(input, target, self.reduction, self.delta)


class KLDivLoss(Module):
    """target * (log(target) - input), the input being log-probabilities; "batchmean" divides the sum by N.

    >>> KLDivLoss(reduction="batchmean")(rt.tensor([[0.0]]), rt.tensor([[1.0]])).item()
    0.0
    """

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        self.reduction = reduction
        self.log_target = log_target

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.kl_div(input, target, self.reduction, self.log_target)


class PoissonNLLLoss(Module):
    """Negative log-likelihood of counts under Poisson rates `input`, their logarithms if `log_input`.

    >>> PoissonNLLLoss()(rt.tensor([0.0]), rt.tensor([2.0])).item()
    1.0
    """

    def __init__(self, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean") -> None:
        self.log_input = log_input
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def forward(self, log_input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.poisson_nll_loss(log_input, target, self.log_input, self.full, self.eps, self.reduction)


class GaussianNLLLoss(Module):
    """Negative log-likelihood of `target` under normal distributions of mean `input` and variance `var`.

    >>> GaussianNLLLoss()(rt.tensor([3.0]), rt.tensor([1.0]), rt.tensor([1.0])).item()
    2.0
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor, var: rt.Tensor | float) -> rt.Tensor:
        return functional.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)


class HingeEmbeddingLoss(Module):
    """The input where the target is 1, and max(0, margin - input) where it is -1.

    >>> HingeEmbeddingLoss()(rt.tensor([0.25]), rt.tensor([-1.0])).item()
    0.75
    """

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.hinge_embedding_loss(input, target, self.margin, self.reduction)


class MarginRankingLoss(Module):
    """max(0, -target * (input1 - input2) + margin), the target being 1 or -1.

    >>> MarginRankingLoss()(rt.tensor([1.0]), rt.tensor([3.0]), rt.tensor([1.0])).item()
    2.0
    """

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, input1: rt.Tensor, input2: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.margin_ranking_loss(input1, input2, target, self.margin, self.reduction)


class SoftMarginLoss(Module):
    """log(1 + exp(-target * input)), the target being 1 or -1.

    >>> round(SoftMarginLoss()(rt.tensor([0.0]), rt.tensor([1.0])).item(), 4)
    0.6931
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.soft_margin_loss(input, target, self.reduction)


class MultiMarginLoss(_Weighted):
    """Mean over other classes of max(0, margin - input[target] + input[class])^p: (N, C), (N,).

    >>> MultiMarginLoss()(rt.tensor([[1.0, 0.5]]), rt.tensor([0])).item()
    0.25
    """

    def __init__(
        self, p: int = 1, margin: float = 1.0, weight: rt.Tensor | None = None, reduction: str = "mean"
    ) -> None:
        self.p = p
        self.margin = margin
        self.reduction = reduction
        self.hold("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.multi_margin_loss(input, target, self.p, self.margin, self.weight, self.reduction)


class MultiLabelMarginLoss(Module):
    """Sum of max(0, 1 - (input[wanted] - input[other])) / C over wanted and other classes: (N, C), (N, C).

    The wanted classes stand first in a row of the target, and end at the first -1.

    >>> MultiLabelMarginLoss()(rt.tensor([[1.0, 0.5]]), rt.tensor([[0, -1]])).item()
    0.25
    """

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.multilabel_margin_loss(input, target, self.reduction)


class MultiLabelSoftMarginLoss(_Weighted):
    """Mean over classes of the cross entropy of sigmoid(input) and target: (N, C), (N, C).

    >>> round(MultiLabelSoftMarginLoss()(rt.tensor([[0.0]]), rt.tensor([[1.0]])).item(), 4)
    0.6931
    """

    def __init__(self, weight: rt.Tensor | None = None, reduction: str = "mean") -> None:
        self.reduction = reduction
        self.hold("weight", weight)

    def forward(self, input: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.multilabel_soft_margin_loss(input, target, self.weight, self.reduction)


class CosineEmbeddingLoss(Module):
    """1 - cosine where the target is 1, max(0, cosine - margin) where it is -1: (N, D), (N, D), (N,).

    >>> CosineEmbeddingLoss()(rt.tensor([[1.0, 0.0]]), rt.tensor([[1.0, 0.0]]), rt.tensor([1])).item()
    0.0
    """

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        self.margin = margin
        self.reduction = reduction

    def forward(self, input1: rt.Tensor, input2: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        return functional.cosine_embedding_loss(input1, input2, target, self.margin, self.reduction)


class TripletMarginLoss(Module):
    """max(0, distance to positive - distance to negative + margin): three times (N, D) (Balntas et al., 2016).

    >>> round(TripletMarginLoss()(rt.tensor([[0.0]]), rt.tensor([[0.0]]), rt.tensor([[0.5]])).item(), 2)
    0.5
    """

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False, reduction: str = "mean"
    ) -> None:
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap
        self.reduction = reduction

    def forward(self, anchor: rt.Tensor, positive: rt.Tensor, negative: rt.Tensor) -> rt.Tensor:
        settings = (self.margin, self.p, self.eps, self.swap, self.reduction)
        return functional.triplet_margin_loss(anchor, positive, negative, *settings)


class TripletMarginWithDistanceLoss(Module):
    """`TripletMarginLoss` for any distance, a function of two tensors; by default the Euclidean one.

    >>> x = rt.tensor([[0.0]])
    >>> TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(-1))(x, x, x + 0.5).item()
    0.5
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[rt.Tensor, rt.Tensor], rt.Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        self.distance_function = distance_function
        self.margin = margin
        self.swap = swap
        self.reduction = reduction

    def forward(self, anchor: rt.Tensor, positive: rt.Tensor, negative: rt.Tensor) -> rt.Tensor:
        return functional.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )


class CTCLoss(Module):
    """Connectionist temporal classification's loss (Graves et al., 2006).

    Log-probabilities (T, N, C), targets (N, S) padded or joined, lengths of both (N,); "mean" divides each loss by its
    target's length, and `zero_infinity` counts impossible alignments as zero.

    >>> probabilities = rt.full((3, 1, 2), -0.6931472)
    >>> round(CTCLoss()(probabilities, rt.tensor([[1]]), rt.tensor([3]), rt.tensor([1])).item(), 4)
    0.2877
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        self.blank = blank
        self.reduction = reduction
        self.zero_infinity = zero_infinity

    def forward(
        self, log_probs: rt.Tensor, targets: rt.Tensor, input_lengths: rt.Tensor, target_lengths: rt.Tensor
    ) -> rt.Tensor:
        settings = (self.blank, self.reduction, self.zero_infinity)
        return functional.ctc_loss(log_probs, targets, input_lengths, target_lengths, *settings)
