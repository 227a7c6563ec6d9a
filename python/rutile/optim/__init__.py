"""Optimizers and schedules of learning rates, with PyTorch's names, defaults and update rules."""

from rutile.optim import lr_scheduler as lr_scheduler
from rutile.optim.adadelta import Adadelta
from rutile.optim.adagrad import Adagrad
from rutile.optim.adam import Adam, AdamW
from rutile.optim.adamax import Adamax
from rutile.optim.asgd import ASGD
from rutile.optim.nadam import NAdam
from rutile.optim.optimizer import Optimizer
from rutile.optim.radam import RAdam
from rutile.optim.rmsprop import RMSprop
from rutile.optim.rprop import Rprop
from rutile.optim.sgd import SGD

__all__ = [
    "ASGD",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
]
