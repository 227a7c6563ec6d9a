"""Checks for users who write their own functions of tensors, and what rutile says about its own.

`python -m rutile.testing docs` writes the table of all functions, `python -m rutile.testing report` what is tested.
"""

from rutile.testing.gradcheck import gradcheck

__all__ = ["gradcheck"]
