"""Training: `fit`, `evaluate`, callbacks and the loss curve."""

from rutile.train.callback import Callback
from rutile.train.evaluate import Evaluation, evaluate
from rutile.train.fit import fit
from rutile.train.history import EpochRecord, History
from rutile.train.plot import save_loss_curve
from rutile.train.run import Run

__all__ = ["Callback", "EpochRecord", "Evaluation", "History", "Run", "evaluate", "fit", "save_loss_curve"]
