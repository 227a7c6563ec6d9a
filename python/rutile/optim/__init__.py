"""Optimizers, with PyTorch's names, defaults and update rules."""

from rutile.optim.adam import Adam, AdamW
from rutile.optim.optimizer import Optimizer
from rutile.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
