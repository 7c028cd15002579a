"""Schedules: learning rates that change with the number of steps made. Pass one as `lr` to any optimizer.

Each is a function of the step number alone, so that a training that is resumed goes on at the right rate; it keeps its
settings where they can be seen, copied and sent to another process.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, brief, check_positive, check_whole, joined
from dlcourse.streams import printable

__all__ = ["Schedule", "cosine", "exponential_decay", "one_cycle", "step_decay", "warm_up"]

Schedule = Callable[[int], float]


class Formula:
    """A rate by a formula of the step number and some settings."""

    def __init__(self, name: str, formula: Callable[..., float], **settings: Any) -> None:
        self.name, self.formula, self.settings = name, formula, settings

    def __call__(self, step: int) -> float:
        return self.formula(step, **self.settings)

    def __repr__(self) -> str:
        return printable(f"{self.name}({joined(f'{key}={described(value)}' for key, value in self.settings.items())})")


def described(rate: Any) -> str:
    """A rate or a schedule in words that are the same in every process.

    Examples
    --------
    >>> described(warm_up(cosine(0.1, steps=9), steps=1)), described(lambda step: 0.1)
    ('warm_up(after=cosine(lr=0.1, steps=9, least=0.0), steps=1)', 'a lambda')
    """
    return repr(rate) if isinstance(rate, (int, float, Formula)) else brief(rate)


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
    return Formula("step_decay", _stair, lr=lr, every=every, factor=factor)


def _stair(step: int, *, lr: float, every: int, factor: float) -> float:
    return lr * factor ** (step // every)


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
    return Formula("exponential_decay", _halved, lr=lr, half_life=half_life)


def _halved(step: int, *, lr: float, half_life: float) -> float:
    return lr * 2.0 ** (-step / half_life)


@explained
def cosine(lr: float, *, steps: int, least: float = 0.0) -> Schedule:
    """Half a cosine wave from lr down to `least` within `steps`, and `least` from there on.

    Parameters
    ----------
    lr, least : float
        Rate of the first step, and of the last.
    steps : int
        How many steps the fall takes.

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
    return Formula("cosine", _wave, lr=lr, steps=steps, least=least)


def _wave(step: int, *, lr: float, steps: int, least: float) -> float:
    return _between(lr, least, min(step / steps, 1))


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

    References
    ----------
    Goyal et al. (2017), “Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour”, section 2.2.

    Examples
    --------
    >>> rate = warm_up(1.0, steps=4)
    >>> [rate(step) for step in (0, 1, 3, 10)]
    [0.25, 0.5, 1.0, 1.0]
    """
    steps = check_whole("warm_up", "steps", steps)
    later = after if callable(after) else check_positive("warm_up", "after", after)
    return Formula("warm_up", _risen, after=later, steps=steps)


def _risen(step: int, *, after: float | Schedule, steps: int) -> float:
    rate = after(max(step - steps, 0)) if callable(after) else after
    return rate * (step + 1) / steps if step < steps else rate


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
    return Formula("one_cycle", _up_and_down, lr=lr, steps=steps, rise=float(rise), start=start, end=end)


def _up_and_down(step: int, *, lr: float, steps: int, rise: float, start: float, end: float) -> float:
    top = rise * steps
    if step < top:
        return _between(lr / start, lr, step / top)
    return _between(lr, lr / end, min((step - top) / (steps - top), 1))


def _between(first: float, last: float, share: float) -> float:
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2
