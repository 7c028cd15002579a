"""dlcourse: a deep-learning course one can take apart.

A small NumPy library (tensors, derivatives, layers, training), lessons in Jupyter, and widgets that run the very code
the lessons teach. `import dlcourse` loads NumPy and nothing heavier; data sets, widgets and exercises load when asked for.
"""

# ruff: noqa: E402

from __future__ import annotations

import gc
import importlib
from typing import TYPE_CHECKING, Any

# Nothing that is made while modules load is garbage, and to look for some would take a fifth of the time.
_collects = gc.isenabled()
gc.disable()

from dlcourse import activations, errors, initializers, losses
from dlcourse import copies as _copies
from dlcourse import own_loops as _own_loops
from dlcourse.activations import (
    elu,
    gelu,
    hard_sigmoid,
    hard_tanh,
    identity,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
    tanh,
)
from dlcourse.differentiable import OPERATIONS, differentiable
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
from dlcourse.memory import keep_freed_memory
from dlcourse.metrics import accuracy, confusion_matrix, precision, predict, recall
from dlcourse.ops import with_numpy as _with_numpy
from dlcourse.ops.convolution import conv2d
from dlcourse.ops.elementwise import (
    absolute,
    add,
    astype,
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
from dlcourse.ops.pooling import avg_pool2d, max_pool2d
from dlcourse.ops.recurrence import gru, lstm, simple_rnn
from dlcourse.ops.reduction import max, mean, min, sum
from dlcourse.ops.shape import broadcast_to, concatenate, embedding, index, pad, reshape, stack, transpose
from dlcourse.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Nadam,
    OnPlateau,
    Optimizer,
    RMSprop,
    schedules,
)
from dlcourse.recording import no_grad
from dlcourse.regularizers import L1, L1L2, L2, MaxNorm
from dlcourse.tensor import Parameter, Tensor
from dlcourse.training import EarlyStopping, History, Training, fit

__version__ = "0.2.0"

keep_freed_memory()
if _collects:
    gc.enable()

if TYPE_CHECKING:
    from dlcourse import calculus, landscape
    from dlcourse.calculus import gradcheck, gradient, hessian, hessian_vector_product, jacobian, paths
    from dlcourse.diagnosis.diagnose import diagnose
    from dlcourse.landscape import random_slice
    from dlcourse.optimizers.finder import find_lr
    from dlcourse.reviews import review
    from dlcourse.saving import load, save
    from dlcourse.sweeps import spaces
    from dlcourse.sweeps.sweep import sweep
    from dlcourse.translation import load_from, translate
    from dlcourse.ways.glossary import glossary

# Modules that load something heavier, or that only lessons use; and what else is asked for seldom, with its module.
_LATER = ("calculus", "data", "exercises", "landscape", "widgets")
_SELDOM = {
    "diagnose": "diagnosis",
    "find_lr": "optimizers.finder",
    "glossary": "ways.glossary",
    "gradcheck": "calculus",
    "gradient": "calculus",
    "hessian": "calculus",
    "hessian_vector_product": "calculus",
    "jacobian": "calculus",
    "load": "saving",
    "load_from": "translation",
    "paths": "calculus",
    "random_slice": "landscape",
    "review": "reviews",
    "save": "saving",
    "spaces": "sweeps",
    "sweep": "sweeps",
    "translate": "translation",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return importlib.import_module(f"dlcourse.{name}")
    if name in _SELDOM:
        return getattr(importlib.import_module(f"dlcourse.{_SELDOM[name]}"), name)
    meant = errors.closest(name, __all__)
    hint = f"Did you mean {meant!r}?" if meant else "dir(dlcourse) lists what there is."
    raise errors.UnknownNameError(f"dlcourse has no {name!r}. {hint}")


def __dir__() -> list[str]:
    """What completion in a notebook offers, whether it is loaded yet or not."""
    return sorted({*globals(), *__all__, *_LATER})


__all__ = [
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "AvgPool2D",
    "BatchNorm",
    "Conv1D",
    "Conv2D",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Flatten",
    "GRU",
    "GlobalAvgPool2D",
    "History",
    "L1",
    "L1L2",
    "L2",
    "LSTM",
    "LayerNorm",
    "MaxNorm",
    "MaxPool2D",
    "Module",
    "Nadam",
    "OPERATIONS",
    "OnPlateau",
    "Optimizer",
    "Parameter",
    "RMSprop",
    "SGD",
    "Sequential",
    "SimpleRNN",
    "Tensor",
    "Training",
    "absolute",
    "absolute_error",
    "accuracy",
    "activations",
    "add",
    "affine",
    "astype",
    "avg_pool2d",
    "binary_cross_entropy",
    "broadcast_to",
    "calculus",
    "clip",
    "concatenate",
    "confusion_matrix",
    "conv2d",
    "cos",
    "cross_entropy",
    "diagnose",
    "differentiable",
    "divide",
    "elu",
    "embedding",
    "errors",
    "exp",
    "find_lr",
    "fit",
    "gelu",
    "glorot_normal",
    "glorot_uniform",
    "glossary",
    "gradcheck",
    "gradient",
    "gru",
    "hard_sigmoid",
    "hard_tanh",
    "he_normal",
    "he_uniform",
    "hessian",
    "hessian_vector_product",
    "hinge",
    "huber",
    "identity",
    "index",
    "initializers",
    "jacobian",
    "kl_divergence",
    "landscape",
    "leaky_relu",
    "lecun_normal",
    "lecun_uniform",
    "load",
    "load_from",
    "log",
    "log_sigmoid",
    "log_softmax",
    "losses",
    "lstm",
    "matmul",
    "max",
    "max_pool2d",
    "maximum",
    "mean",
    "min",
    "minimum",
    "multiply",
    "negative",
    "no_grad",
    "normalize",
    "orthogonal",
    "pad",
    "paths",
    "power",
    "precision",
    "predict",
    "random_slice",
    "recall",
    "relu",
    "reshape",
    "review",
    "save",
    "schedules",
    "sigmoid",
    "silu",
    "simple_rnn",
    "sin",
    "softmax",
    "softplus",
    "softsign",
    "spaces",
    "sqrt",
    "squared_error",
    "stack",
    "subtract",
    "sum",
    "sweep",
    "tanh",
    "translate",
    "transpose",
    "where",
]
