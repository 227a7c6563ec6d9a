"""A small convolutional network for the UCI handwritten digits."""

from __future__ import annotations

import rutile as rt
from rutile import nn
from rutile.nn import functional

__all__ = ["DigitsNet"]


class DigitsNet(nn.Module):
    """Classify 8 x 8 images: (N, 1, 8, 8) float32, ink from 0 to `white`, to logits (N, classes).

    Two 3 x 3 convolutions (`width`, 2 `width` channels), each with ReLU and 2 x 2 max-pooling, and one linear layer.

    >>> DigitsNet()(rt.zeros((2, 1, 8, 8))).shape
    (2, 10)
    """

    def __init__(self, width: int = 16, classes: int = 10, dropout: float = 0.2, white: float = 16.0) -> None:
        self.white = white
        self.conv1 = nn.Conv2d(1, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(2 * width * 2 * 2, classes)

    def forward(self, image: rt.Tensor) -> rt.Tensor:
        x = image * (1.0 / self.white)  # (N, 1, 8, 8)
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)  # (N, width, 4, 4)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)  # (N, 2 width, 2, 2)
        return self.fc(self.dropout(x.flatten(1)))
