"""Optimizers: how the weights move along the gradient, and how large the steps are."""

from dlcourse.optimizers.adaptive import Adadelta, Adagrad, Adam, AdamW, Nadam, RMSprop
from dlcourse.optimizers.flat import Flat
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.optimizers.plateau import OnPlateau
from dlcourse.optimizers.schedules import cosine, exponential_decay, one_cycle, step_decay, warm_up
from dlcourse.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Flat",
    "Nadam",
    "OnPlateau",
    "Optimizer",
    "RMSprop",
    "cosine",
    "exponential_decay",
    "one_cycle",
    "step_decay",
    "warm_up",
]
