"""dlcourse: a deep-learning course one can take apart.

A small NumPy library (tensors, derivatives, layers, training), lessons in Jupyter, and widgets that run the very code
the lessons teach. `import dlcourse` loads NumPy and nothing heavier; data sets, widgets and exercises load when asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

from dlcourse import activations, calculus, errors, initializers, losses
from dlcourse.activations import (
    elu,
    gelu,
    hard_sigmoid,
    hard_tanh,
    identity,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
    tanh,
)
from dlcourse.calculus import gradcheck, gradient, hessian, hessian_vector_product, jacobian
from dlcourse.initializers import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    orthogonal,
)
from dlcourse.layers.convolution import AvgPool2D, Conv1D, Conv2D, GlobalAvgPool2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.losses import (
    absolute_error,
    binary_cross_entropy,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
    squared_error,
)
from dlcourse.metrics import accuracy, confusion_matrix, precision, predict, recall
from dlcourse.ops.convolution import avg_pool2d, conv2d, max_pool2d
from dlcourse.ops.elementwise import (
    absolute,
    add,
    clip,
    cos,
    divide,
    exp,
    log,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    sin,
    sqrt,
    subtract,
    where,
)
from dlcourse.ops.matrix import affine, matmul
from dlcourse.ops.normalization import normalize
from dlcourse.ops.recurrence import gru, lstm, simple_rnn
from dlcourse.ops.reduction import max_ as max
from dlcourse.ops.reduction import mean
from dlcourse.ops.reduction import min_ as min
from dlcourse.ops.reduction import sum_ as sum
from dlcourse.ops.shape import broadcast_to, concatenate, index, pad, reshape, stack, transpose
from dlcourse.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Nadam, Optimizer, RMSprop
from dlcourse.regularizers import L1, L1L2, L2, MaxNorm
from dlcourse.saving import load, save
from dlcourse.tensor import OPERATIONS, Parameter, Tensor, differentiable, no_grad
from dlcourse.training import EarlyStopping, History, Training, fit

__version__ = "0.1.0.dev0"

# Modules that load something heavier, or that only lessons use.
_LATER = ("data", "exercises", "widgets")


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return importlib.import_module(f"dlcourse.{name}")
    raise AttributeError(f"dlcourse has no {name!r}. dir(dlcourse) lists what there is.")


__all__ = [name for name in globals() if not name.startswith("_") and name not in ("Any", "annotations", "importlib")]
