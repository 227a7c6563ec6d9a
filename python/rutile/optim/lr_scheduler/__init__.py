"""Schedules of learning rates, with PyTorch's names, defaults and order of calls: `scheduler.step()` after `optimizer.step()`.

Learning rates are run-time numbers of a step: a schedule builds no new plan, and compiled steps follow it.
"""

from rutile.optim.lr_scheduler.combined import ChainedScheduler, SequentialLR
from rutile.optim.lr_scheduler.cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from rutile.optim.lr_scheduler.factors import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from rutile.optim.lr_scheduler.plateau import ReduceLROnPlateau
from rutile.optim.lr_scheduler.scheduler import LRScheduler

_LRScheduler = LRScheduler  # PyTorch's older name, which programs with schedules of their own still have

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
