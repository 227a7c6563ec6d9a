"""Losses: of classes, of numbers, of distances."""

from __future__ import annotations

import math

import rutile as rt
from rutile import _core
from rutile.errors import ArgumentError, OutOfRangeError, ShapeError
from rutile.functions.special import xlogy
from rutile.nn.functional._arguments import check_reduction, check_same_shape, check_together, reduced
from rutile.nn.functional.activation import logsigmoid, softplus


def cross_entropy(
    input: rt.Tensor,
    target: rt.Tensor,
    weight: rt.Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> rt.Tensor:
    """Return the cross entropy of logits `input` (N, C, d...) and `target`: class indices (N, d...) or probabilities.

    `weight` (C,) scales the classes; targets equal to `ignore_index` do not count;
    `reduction` is "mean", "sum" or "none".

    >>> round(cross_entropy(rt.tensor([[0.0, 0.0]]), rt.tensor([1])).item(), 4)
    0.6931
    """
    check_reduction("cross_entropy", reduction)
    if not 0 <= label_smoothing <= 1:
        raise ArgumentError(f"cross_entropy needs 0 <= label_smoothing <= 1, got {label_smoothing}")
    return _core.cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)


def nll_loss(
    input: rt.Tensor,
    target: rt.Tensor,
    weight: rt.Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return minus the input (log-probabilities, (N, C, d...)) at the target class (N, d...).

    `weight` (C,) scales the classes, and the mean is over the weights; `ignore_index` does not count.

    >>> nll_loss(rt.tensor([[-1.0, -2.0]]), rt.tensor([1])).item()
    2.0
    """
    check_reduction("nll_loss", reduction)
    axis = 0 if input.ndim == 1 else 1
    if tuple(target.shape) != input.shape[:axis] + input.shape[axis + 1 :]:
        raise ShapeError(
            f"nll_loss needs targets (N, d...) for an input (N, C, d...), got {target.shape}, {input.shape}"
        )
    line = [1] * input.ndim
    line[axis] = input.shape[axis]
    classes = rt.arange(input.shape[axis], device=input.device).reshape(line)
    target = _core.checked(target, "nll_loss", *_classes(input.shape[axis]), ignore_index)
    wanted = target.astype("int32").unsqueeze(axis)
    hit = (wanted == classes) & (wanted != ignore_index)
    scale = None if weight is None else weight.reshape(line)
    losses = rt.where(hit, -input if scale is None else -input * scale, 0.0).sum(axis)
    if reduction != "mean":
        return losses if reduction == "none" else losses.sum()
    return losses.sum() / rt.where(hit, 1.0 if scale is None else scale, 0.0).sum()


def mse_loss(
    input: rt.Tensor, target: rt.Tensor, reduction: str = "mean", *, weight: rt.Tensor | None = None
) -> rt.Tensor:
    """Return the squared difference of two tensors of one shape; `reduction` is "mean", "sum" or "none".

    With weights of that shape, the mean is a weighted one.

    >>> mse_loss(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    2.0
    """
    check_same_shape("mse_loss", input, target)
    if weight is not None:
        difference = input - target
        return _weighted("mse_loss", difference * difference, weight, reduction)
    return _core.mse_loss(input, target, check_reduction("mse_loss", reduction))


def l1_loss(
    input: rt.Tensor, target: rt.Tensor, reduction: str = "mean", *, weight: rt.Tensor | None = None
) -> rt.Tensor:
    """Return the absolute difference of two tensors of one shape; `reduction` is "mean", "sum" or "none".

    With weights of that shape, the mean is a weighted one.

    >>> l1_loss(rt.tensor([1.0, 3.0]), rt.tensor([1.0, 1.0])).item()
    1.0
    """
    check_same_shape("l1_loss", input, target)
    return _weighted("l1_loss", rt.abs(input - target), weight, reduction)


def smooth_l1_loss(input: rt.Tensor, target: rt.Tensor, reduction: str = "mean", beta: float = 1.0) -> rt.Tensor:
    """Return half the squared difference over beta where it is below beta, else the absolute one less beta / 2.

    >>> smooth_l1_loss(rt.tensor([3.0]), rt.tensor([1.0])).item()
    1.5
    """
    check_same_shape("smooth_l1_loss", input, target)
    if beta < 0:
        raise ArgumentError(f"smooth_l1_loss needs beta of at least 0, got {beta}")
    if beta == 0.0:
        return l1_loss(input, target, reduction)
    difference = input - target
    size = rt.abs(difference)
    losses = rt.where(size < beta, difference * difference * (0.5 / beta), size - 0.5 * beta)
    return reduced("smooth_l1_loss", losses, reduction)


def huber_loss(
    input: rt.Tensor, target: rt.Tensor, reduction: str = "mean", delta: float = 1.0, *, weight: rt.Tensor | None = None
) -> rt.Tensor:
    """Return half the squared difference up to delta, beyond it delta · (absolute difference - delta / 2).

    Weights of the input's shape multiply the losses.

    >>> huber_loss(rt.tensor([3.0]), rt.tensor([1.0])).item()
    1.5
    """
    check_same_shape("huber_loss", input, target)
    if delta <= 0:
        raise ArgumentError(f"huber_loss needs delta above 0, got {delta}")
    difference = input - target
    size = rt.abs(difference)
    losses = rt.where(size <= delta, difference * difference * 0.5, (size - 0.5 * delta) * delta)
    if weight is not None:
        losses = _times("huber_loss", losses, weight)
    return reduced("huber_loss", losses, reduction)


def _weighted(function: str, losses: rt.Tensor, weight: rt.Tensor | None, reduction: str) -> rt.Tensor:
    if weight is None:
        return reduced(function, losses, reduction)
    losses = _times(function, losses, weight)
    if check_reduction(function, reduction) == "mean":
        return losses.sum() / weight.sum()
    return reduced(function, losses, reduction)


def _times(function: str, losses: rt.Tensor, weight: rt.Tensor) -> rt.Tensor:
    if weight.shape != losses.shape:
        raise ShapeError(f"{function} needs a weight of the input's shape, {losses.shape}, got {weight.shape}")
    return losses * weight


def binary_cross_entropy(
    input: rt.Tensor, target: rt.Tensor, weight: rt.Tensor | None = None, reduction: str = "mean"
) -> rt.Tensor:
    """Return the cross entropy of probabilities `input` and `target`; logarithms are no less than -100.

    >>> round(binary_cross_entropy(rt.tensor([0.5]), rt.tensor([1.0])).item(), 4)
    0.6931
    """
    check_same_shape("binary_cross_entropy", input, target)
    losses = -(target * _limited_log(input) + (1.0 - target) * _limited_log(1.0 - input))
    return reduced("binary_cross_entropy", losses if weight is None else losses * weight, reduction)


def _limited_log(x: rt.Tensor) -> rt.Tensor:
    # exp(-100) is below the least float32 beside one, yet above zero.
    return rt.where(x > 3.8e-44, rt.log(rt.where(x > 3.8e-44, x, 1.0)), -100.0)


def binary_cross_entropy_with_logits(
    input: rt.Tensor,
    target: rt.Tensor,
    weight: rt.Tensor | None = None,
    reduction: str = "mean",
    pos_weight: rt.Tensor | None = None,
) -> rt.Tensor:
    """Return the cross entropy of sigmoid(input) and `target`; `pos_weight` scales the positive part.

    >>> round(binary_cross_entropy_with_logits(rt.tensor([0.0]), rt.tensor([1.0])).item(), 4)
    0.6931
    """
    check_same_shape("binary_cross_entropy_with_logits", input, target)
    positive = target * logsigmoid(input)
    if pos_weight is not None:
        positive = positive * pos_weight
    losses = -(positive + (1.0 - target) * logsigmoid(-input))
    return reduced("binary_cross_entropy_with_logits", losses if weight is None else losses * weight, reduction)


def kl_div(input: rt.Tensor, target: rt.Tensor, reduction: str = "mean", log_target: bool = False) -> rt.Tensor:
    """Return target · (log(target) - input), the input being log-probabilities; "batchmean" divides the sum by N.

    >>> kl_div(rt.tensor([0.0]), rt.tensor([1.0])).item()
    0.0
    """
    check_together("kl_div", input, target)
    losses = rt.exp(target) * (target - input) if log_target else xlogy(target, target) - target * input
    if reduction == "batchmean":
        return losses.sum() * (1.0 / max(losses.shape[0], 1))
    return reduced("kl_div", losses, reduction)


def poisson_nll_loss(
    input: rt.Tensor,
    target: rt.Tensor,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return the negative log-likelihood of counts `target` under Poisson rates `input` (their logarithms by default).

    >>> poisson_nll_loss(rt.tensor([0.0]), rt.tensor([3.0])).item()
    1.0
    """
    check_together("poisson_nll_loss", input, target)
    losses = rt.exp(input) - target * input if log_input else input - target * rt.log(input + eps)
    if full:
        large = target > 1
        safe = rt.where(large, target, 2.0)
        stirling = safe * rt.log(safe) - safe + 0.5 * rt.log(safe * (2.0 * math.pi))
        losses = losses + rt.where(large, stirling, 0.0)
    return reduced("poisson_nll_loss", losses, reduction)


def gaussian_nll_loss(
    input: rt.Tensor,
    target: rt.Tensor,
    var: rt.Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return the negative log-likelihood of `target` under normal distributions of mean `input` and variance `var`.

    >>> gaussian_nll_loss(rt.tensor([0.0]), rt.tensor([2.0]), rt.tensor([1.0])).item()
    2.0
    """
    if not isinstance(var, rt.Tensor):
        var = rt.full(input.shape, float(var), dtype=input.dtype, device=input.device)
    if var.ndim == input.ndim - 1:
        var = var.unsqueeze(-1)
    check_together("gaussian_nll_loss", input, target, var)
    # The limit moves the value, and lets the gradient through.
    var = var + rt.where(var < eps, eps - var, 0.0).detach()
    difference = input - target
    losses = (rt.log(var) + difference * difference / var) * 0.5
    return reduced("gaussian_nll_loss", losses + (0.5 * math.log(2 * math.pi) if full else 0.0), reduction)


def hinge_embedding_loss(
    input: rt.Tensor, target: rt.Tensor, margin: float = 1.0, reduction: str = "mean"
) -> rt.Tensor:
    """Return the input where target is 1, and max(0, margin - input) where it is -1.

    >>> hinge_embedding_loss(rt.tensor([0.25]), rt.tensor([-1.0])).item()
    0.75
    """
    check_together("hinge_embedding_loss", input, target)
    losses = rt.where(target == 1, input, 0.0) + rt.where(target == -1, rt.relu(margin - input), 0.0)
    return reduced("hinge_embedding_loss", losses, reduction)


def margin_ranking_loss(
    input1: rt.Tensor, input2: rt.Tensor, target: rt.Tensor, margin: float = 0.0, reduction: str = "mean"
) -> rt.Tensor:
    """Return max(0, -target · (input1 - input2) + margin).

    >>> margin_ranking_loss(rt.tensor([1.0]), rt.tensor([3.0]), rt.tensor([1.0])).item()
    2.0
    """
    check_together("margin_ranking_loss", input1, input2, target)
    return reduced("margin_ranking_loss", rt.relu(-target * (input1 - input2) + margin), reduction)


def soft_margin_loss(input: rt.Tensor, target: rt.Tensor, reduction: str = "mean") -> rt.Tensor:
    """Return log(1 + exp(-target · input)), target being 1 or -1.

    >>> round(soft_margin_loss(rt.tensor([0.0]), rt.tensor([1.0])).item(), 4)
    0.6931
    """
    return reduced("soft_margin_loss", softplus(-target * input, threshold=math.inf), reduction)


def multilabel_soft_margin_loss(
    input: rt.Tensor, target: rt.Tensor, weight: rt.Tensor | None = None, reduction: str = "mean"
) -> rt.Tensor:
    """Return the mean over classes of the cross entropy of sigmoid(input) and target: (N, C) to (N,), reduced.

    >>> round(multilabel_soft_margin_loss(rt.tensor([[0.0]]), rt.tensor([[1.0]])).item(), 4)
    0.6931
    """
    losses = -(target * logsigmoid(input) + (1.0 - target) * logsigmoid(-input))
    losses = losses if weight is None else losses * weight
    return reduced("multilabel_soft_margin_loss", losses.mean(-1), reduction)


def multi_margin_loss(
    input: rt.Tensor,
    target: rt.Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: rt.Tensor | None = None,
    reduction: str = "mean",
) -> rt.Tensor:
    """Return the mean over other classes of max(0, margin - input[target] + input[class])^p: (N, C), (N,).

    >>> multi_margin_loss(rt.tensor([[0.0, 0.5]]), rt.tensor([1])).item()
    0.25
    """
    if p not in (1, 2):
        raise ArgumentError(f"multi_margin_loss needs p of 1 or 2, got {p}")
    single = input.ndim == 1
    x, wanted = (input.unsqueeze(0), target.reshape(1)) if single else (input, target)
    classes = x.shape[1]
    wanted = _core.checked(wanted, "multi_margin_loss", *_classes(classes))
    hit = wanted.unsqueeze(1) == rt.arange(classes, device=x.device)
    chosen = rt.where(hit, x, 0.0).sum(1, keepdims=True)
    gaps = rt.relu(margin - chosen + x)
    gaps = gaps if p == 1 else gaps * gaps
    if weight is not None:
        gaps = gaps * rt.where(hit, weight, 0.0).sum(1, keepdims=True)
    losses = rt.where(hit, 0.0, gaps).sum(1) * (1.0 / classes)
    return reduced("multi_margin_loss", losses.squeeze(0) if single else losses, reduction)


def multilabel_margin_loss(input: rt.Tensor, target: rt.Tensor, reduction: str = "mean") -> rt.Tensor:
    """Return Σ max(0, 1 - (input[wanted] - input[other])) / C over wanted and other classes: (N, C), (N, C).

    The wanted classes stand first in a row of the target, and end at the first -1.

    >>> multilabel_margin_loss(rt.tensor([[0.0, 0.5]]), rt.tensor([[1, -1]])).item()
    0.25
    """
    single = input.ndim == 1
    x, wanted = (input.unsqueeze(0), target.unsqueeze(0)) if single else (input, target)
    classes = x.shape[1]
    wanted = _core.checked(wanted, "multilabel_margin_loss", f"targets from -1 to {classes - 1}", -1, classes - 1)
    counts = rt.cumsum((wanted < 0).astype("int32"), 1) == 0
    hit = (wanted.unsqueeze(2) == rt.arange(classes, device=x.device)) & counts.unsqueeze(2)
    is_wanted = hit.any(1)
    gaps = rt.relu(1.0 - x.unsqueeze(2) + x.unsqueeze(1))
    counted = is_wanted.unsqueeze(2) & is_wanted.unsqueeze(1).logical_not()
    losses = rt.where(counted, gaps, 0.0).sum((1, 2)) * (1.0 / classes)
    return reduced("multilabel_margin_loss", losses.squeeze(0) if single else losses, reduction)


def ctc_loss(
    log_probs: rt.Tensor,
    targets: rt.Tensor,
    input_lengths: rt.Tensor,
    target_lengths: rt.Tensor,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> rt.Tensor:
    """Return connectionist temporal classification's loss (Graves et al., 2006).

    Log-probabilities (T, N, C), targets (N, S) padded or (Σ lengths,) joined, lengths (N,). "mean" divides each loss by
    its target's length. Joined targets are read to the host.

    >>> ctc_loss(rt.zeros((1, 1, 2)) - 1.0, rt.tensor([[1]]), rt.tensor([1]), rt.tensor([1])).item()
    1.0
    """
    check_reduction("ctc_loss", reduction)
    single = log_probs.ndim == 2
    if single:
        log_probs, targets = log_probs.unsqueeze(1), targets.reshape(1, -1)
    device, (steps, batch, classes) = log_probs.device, log_probs.shape
    lengths, wanted = (_lengths(one, device) for one in (input_lengths, target_lengths))
    if targets.ndim == 1:
        targets = _padded(targets, wanted)
    if targets.shape[:1] != (batch,) or targets.ndim != 2 or lengths.shape != (batch,) or wanted.shape != (batch,):
        raise ShapeError(
            f"ctc_loss needs targets (N, S) and two lengths (N,) for log-probabilities (T, N, C) with N = {batch}, got "
            f"{targets.shape}, {lengths.shape} and {wanted.shape}"
        )
    longest = targets.shape[1]
    if not 0 <= blank < classes:
        raise OutOfRangeError(f"ctc_loss needs a blank from 0 to {classes - 1}, got {blank}")
    # What pads a target is no label.
    targets = rt.where(rt.arange(longest, device=device) < wanted.unsqueeze(1), targets, blank)
    targets = _core.checked(targets, "ctc_loss", *_classes(classes))
    # Blanks around and between the labels: (N, 2 · S + 1).
    labels = rt.stack([targets.astype("int32"), rt.full(targets.shape, blank, dtype="int32", device=device)], 2)
    labels = rt.pad(labels.reshape(batch, 2 * longest), [(0, 0), (1, 0)], float(blank))
    states = 2 * longest + 1
    number = rt.arange(states, device=device)
    # A label may be reached past a blank if it differs from the label before.
    before = rt.pad(labels, [(0, 0), (2, -2)], float(blank))
    skips = (labels != blank) & (labels != before) & (number >= 2)
    scores = _core.take_along_axis(log_probs, labels.unsqueeze(0), 2)
    low = float("-inf")
    alpha = rt.where(number < 2, scores[0], low)
    for step in range(1, steps):
        one, two = (rt.pad(alpha, [(0, 0), (places, -places)], low) for places in (1, 2))
        moved = rt.logaddexp(rt.logaddexp(alpha, one), rt.where(skips, two, low)) + scores[step]
        alpha = rt.where((lengths > step).unsqueeze(1), moved, alpha)
    ends = (2 * wanted).unsqueeze(1)
    last = rt.where((number == ends) | (number == ends - 1), alpha, low)
    losses = -rt.logsumexp(last, 1)
    if zero_infinity:
        losses = rt.where(losses == math.inf, 0.0, losses)
    if reduction == "mean":
        return (losses / rt.maximum(wanted, 1).astype(losses.dtype)).mean()
    return losses.sum() if reduction == "sum" else (losses.squeeze(0) if single else losses)


def _classes(count: int) -> tuple[str, int, int]:
    """What targets need to be."""
    return f"targets from 0 to {count - 1}", 0, count - 1


def _lengths(lengths: rt.Tensor, device: str) -> rt.Tensor:
    lengths = lengths if isinstance(lengths, rt.Tensor) else rt.tensor(lengths, dtype="int32", device=device)
    return lengths.reshape(-1).astype("int32")


def _padded(targets: rt.Tensor, lengths: rt.Tensor) -> rt.Tensor:
    counts = lengths.tolist()
    rows, start = [], 0
    for count in counts:
        rows.append(rt.pad(targets[start : start + count], [(0, max(counts) - count)]))
        start += count
    return rt.stack(rows)
