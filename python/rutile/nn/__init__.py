"""Layers, losses and `functional`, with PyTorch's names, defaults and state-dict keys."""

from rutile.nn import functional, init
from rutile.nn.activation import GELU, ReLU, Sigmoid, Tanh
from rutile.nn.container import Sequential
from rutile.nn.conv import Conv2d
from rutile.nn.dropout import Dropout
from rutile.nn.embedding import Embedding, EmbeddingBag
from rutile.nn.linear import Identity, Linear
from rutile.nn.loss import CrossEntropyLoss, MSELoss
from rutile.nn.module import Module, Parameter
from rutile.nn.normalisation import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    GroupNorm,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    LayerNorm,
    LocalResponseNorm,
    RMSNorm,
)
from rutile.nn.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from rutile.nn.recurrent import GRU, LSTM, RNN
from rutile.nn.recurrent_cells import GRUCell, LSTMCell, RNNCell
from rutile.nn.shape import Flatten

__all__ = [
    "Embedding",
    "EmbeddingBag",
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "GroupNorm",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "LayerNorm",
    "LocalResponseNorm",
    "RMSNorm",
    "AdaptiveAvgPool2d",
    "GRU",
    "LSTM",
    "RNN",
    "GRUCell",
    "LSTMCell",
    "RNNCell",
    "GELU",
    "AvgPool2d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "Identity",
    "Linear",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "functional",
    "init",
]
