"""Ready-made models, one small file each."""

from rutile.models.digits import DigitsNet

__all__ = ["DigitsNet"]
