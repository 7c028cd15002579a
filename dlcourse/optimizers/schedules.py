"""Schedules: learning rates that change with the number of steps made. Pass one as `lr` to any optimizer.

Each is a plain function of the step number, so that a training that is resumed goes on at the right rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dlcourse.calls import explained, explains_its_settings
from dlcourse.errors import ArgumentError, DataError, brief, check_positive, check_whole

__all__ = ["OnPlateau", "Schedule", "cosine", "exponential_decay", "one_cycle", "step_decay", "warm_up"]

Schedule = Callable[[int], float]


@explained
def step_decay(lr: float, *, every: int, factor: float = 0.1) -> Schedule:
    """lr · factor^⌊step / every⌋: a stair.

    Parameters
    ----------
    lr : float
        Rate of the first steps.
    every : int
        Length of a stair, in steps.
    factor : float
        Height of each stair, relative to the one before.

    Returns
    -------
    callable
        Number of steps made -> rate.

    Raises
    ------
    ArgumentError
        If a setting is not positive.

    Examples
    --------
    >>> rate = step_decay(1.0, every=10, factor=0.5)
    >>> rate(9), rate(10), rate(25)
    (1.0, 0.5, 0.25)
    """
    lr, factor = check_positive("step_decay", "lr", lr), check_positive("step_decay", "factor", factor)
    every = check_whole("step_decay", "every", every)
    return lambda step: lr * factor ** (step // every)


@explained
def exponential_decay(lr: float, *, half_life: float) -> Schedule:
    """lr · 2^(−step / half_life): half as large after every `half_life` steps.

    Parameters
    ----------
    lr : float
        Rate of the first step.
    half_life : float
        In steps.

    Returns
    -------
    callable
        Number of steps made -> rate.

    Raises
    ------
    ArgumentError
        If a setting is not positive.

    Examples
    --------
    >>> rate = exponential_decay(1.0, half_life=10)
    >>> rate(0), rate(10), rate(20)
    (1.0, 0.5, 0.25)
    """
    lr = check_positive("exponential_decay", "lr", lr)
    half_life = check_positive("exponential_decay", "half_life", half_life)
    return lambda step: lr * 2.0 ** (-step / half_life)


@explained
def cosine(lr: float, *, steps: int, least: float = 0.0) -> Schedule:
    """Half a cosine wave from lr down to `least` within `steps`, and `least` from there on.

    Parameters
    ----------
    lr, least : float
        Rate of the first step, and of the last.
    steps : int
        From the one to the other.

    Returns
    -------
    callable
        Number of steps made -> rate.

    Raises
    ------
    ArgumentError
        If lr or steps is not positive, or least is negative.

    References
    ----------
    Loshchilov, Hutter (2017), “SGDR: Stochastic Gradient Descent with Warm Restarts”, equation 5 without restarts.

    Examples
    --------
    >>> rate = cosine(1.0, steps=100)
    >>> [round(rate(step), 3) for step in (0, 25, 50, 100, 200)]
    [1.0, 0.854, 0.5, 0.0, 0.0]
    """
    lr, least = check_positive("cosine", "lr", lr), check_positive("cosine", "least", least, zero=True)
    steps = check_whole("cosine", "steps", steps)
    return lambda step: least + (lr - least) * (1 + math.cos(math.pi * min(step / steps, 1))) / 2


@explained
def warm_up(after: float | Schedule, *, steps: int) -> Schedule:
    """Rise in a straight line to the rate `after` within `steps`; a schedule there starts when the rise is over.

    Parameters
    ----------
    after : float or schedule
        The rate to rise to, or the schedule to go on with.
    steps : int
        Length of the rise; the first step has 1 / steps of the rate.

    Returns
    -------
    callable
        Number of steps made -> rate.

    Raises
    ------
    ArgumentError
        If a setting is not positive.

    Examples
    --------
    >>> rate = warm_up(1.0, steps=4)
    >>> [rate(step) for step in (0, 1, 3, 10)]
    [0.25, 0.5, 1.0, 1.0]
    """
    steps = check_whole("warm_up", "steps", steps)
    later: Schedule = after if callable(after) else _constant(check_positive("warm_up", "after", after))
    return lambda step: later(0) * (step + 1) / steps if step < steps else later(step - steps)


@explained
def one_cycle(lr: float, *, steps: int, rise: float = 0.3, start: float = 25.0, end: float = 1e4) -> Schedule:
    """From lr/start up to lr, then down to lr/end, both along half a cosine wave.

    Parameters
    ----------
    lr : float
        The highest rate.
    steps : int
        Length of the whole cycle.
    rise : float between 0 and 1
        Share of the steps on the way up.
    start, end : float
        lr divided by the first rate, and by the last.

    Returns
    -------
    callable
        Number of steps made -> rate.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    References
    ----------
    Smith, Topin (2019), “Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates”.

    Examples
    --------
    >>> rate = one_cycle(1.0, steps=100)
    >>> [round(rate(step), 4) for step in (0, 30, 65, 100)]
    [0.04, 1.0, 0.5, 0.0001]
    """
    lr, steps = check_positive("one_cycle", "lr", lr), check_whole("one_cycle", "steps", steps, least=2)
    start, end = check_positive("one_cycle", "start", start), check_positive("one_cycle", "end", end)
    if not 0 < check_positive("one_cycle", "rise", rise) < 1:
        raise ArgumentError(f"one_cycle: rise is the share of steps on the way up, between 0 and 1, not {brief(rise)}.")
    top = rise * steps

    def rate(step: int) -> float:
        if step < top:
            return _between(lr / start, lr, step / top)
        return _between(lr, lr / end, min((step - top) / (steps - top), 1))

    return rate


class OnPlateau:
    """Lower the rate when the validation loss has not fallen for some epochs; a callback of `fit`.

    Parameters
    ----------
    factor : float between 0 and 1
        What the rate is multiplied by.
    patience : int
        Epochs to wait for a new best.

    Raises
    ------
    ArgumentError
        If a setting is out of range.
    DataError
        In `fit`, if there is no validation set to watch.

    Examples
    --------
    The validation data contradict the training data, so their loss never falls after epoch 1:

    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Dense(1, 1, initializer=dl.initializers.zeros, rng=rng)
    >>> optimizer = dl.SGD(model.parameters(), lr=0.1)
    >>> train, unseen = dl.data.Dataset([[1.0]], [[1.0]]), dl.data.Dataset([[1.0]], [[-1.0]])
    >>> history = dl.fit(model, train, loss=dl.squared_error, optimizer=optimizer, epochs=5, batch_size=1,
    ...                  validation=unseen, callbacks=[dl.OnPlateau(patience=2)], rng=rng)
    >>> history.lr
    [0.1, 0.1, 0.1, 0.05, 0.05]
    """

    def __init__(self, factor: float = 0.5, patience: int = 3) -> None:
        if not check_positive("OnPlateau", "factor", factor) < 1:
            raise ArgumentError(
                f"OnPlateau: factor should be between 0 and 1, not {brief(factor)}; the rate is multiplied by it."
            )
        self.factor, self.patience = factor, check_whole("OnPlateau", "patience", patience)
        self.best, self.waited = math.inf, 0

    def before_training(self, training: Any) -> None:
        """Forget what was seen in an earlier training."""
        self.best, self.waited = math.inf, 0

    def after_epoch(self, training: Any) -> None:
        """Look at the validation loss of this epoch, and lower the optimizer's rate when patience is over.

        Parameters
        ----------
        training : Training
            Passed by `fit`.

        Raises
        ------
        DataError
            If there is no validation loss.
        """
        if not training.history.validation_loss:
            raise DataError("OnPlateau: watches the validation loss, so fit needs validation=... .")
        loss = training.history.validation_loss[-1]
        self.waited = 0 if loss < self.best else self.waited + 1
        self.best = min(self.best, loss)
        if self.waited >= self.patience:
            training.optimizer.lr = training.optimizer.lr * self.factor
            self.waited = 0


explains_its_settings(OnPlateau)


def _between(first: float, last: float, share: float) -> float:
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2


def _constant(rate: float) -> Schedule:
    return lambda step: rate
