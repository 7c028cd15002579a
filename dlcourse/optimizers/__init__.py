"""Optimizers: how the weights move along the gradient, and how large the steps are."""

from dlcourse.optimizers.adaptive import Adadelta, Adagrad, Adam, AdamW, Nadam, RMSprop
from dlcourse.optimizers.optimizer import Flat, Optimizer
from dlcourse.optimizers.sgd import SGD

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Flat", "Nadam", "Optimizer", "RMSprop"]
