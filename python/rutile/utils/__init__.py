"""Helpers under the names that PyTorch gives them."""

from rutile.utils import checkpoint

__all__ = ["checkpoint"]
