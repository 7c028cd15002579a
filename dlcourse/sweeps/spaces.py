"""Spaces: what one setting of a sweep may be. Each draws a value at random, and has levels for a grid."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, WrongTypeError, brief, check_whole
from dlcourse.streams import printable

__all__ = ["Space", "choice", "grid", "integers", "log_uniform", "uniform"]


class Space(ABC):
    """What one setting may be; made by `uniform`, `log_uniform`, `integers`, `choice` or `grid`.

    Attributes
    ----------
    log : bool
        Whether its axis in a picture is logarithmic.
    options : list
        What there is to choose from; only of `choice` and `grid`.

    Examples
    --------
    >>> import dlcourse as dl
    >>> isinstance(dl.spaces.uniform(0, 1), Space)
    True
    """

    log = False
    options: list[Any]

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> Any:
        """Choose a value at random.

        Parameters
        ----------
        rng : numpy Generator
        """

    @abstractmethod
    def levels(self, number: int) -> list[Any]:
        """Values for a grid: this many from one end to the other, or all there are.

        Parameters
        ----------
        number : int
            1 or more; a single one lies in the middle.
        """


class _Range(Space):
    """Numbers from `low` to `high`, spread evenly, or evenly on a logarithmic axis."""

    def __init__(self, name: str, low: float, high: float, *, log: bool = False) -> None:
        self.name, self.low, self.high, self.log = name, low, high, log

    def draw(self, rng: np.random.Generator) -> Any:
        return self._at(rng.random())

    def levels(self, number: int) -> list[Any]:
        return [self._at(share) for share in ([0.5] if number == 1 else np.linspace(0, 1, number))]

    def _at(self, share: float) -> Any:
        if self.log:
            return float(min(max(self.low * (self.high / self.low) ** share, self.low), self.high))
        return float(self.low + share * (self.high - self.low))

    def __repr__(self) -> str:
        return printable(f"{self.name}({self.low:g}, {self.high:g})")


class _Whole(_Range):
    """Whole numbers from `low` to `high`, both of them included."""

    def draw(self, rng: np.random.Generator) -> int:
        return int(rng.integers(int(self.low), int(self.high), endpoint=True))

    def levels(self, number: int) -> list[int]:
        return sorted({round(value) for value in super().levels(number)})


class _Options(Space):
    """Some values, and nothing between them."""

    def __init__(self, name: str, options: tuple[Any, ...]) -> None:
        self.name, self.options = name, list(options)

    def draw(self, rng: np.random.Generator) -> Any:
        return self.options[int(rng.integers(len(self.options)))]

    def levels(self, number: int) -> list[Any]:
        return list(self.options)

    def __repr__(self) -> str:
        return printable(f"{self.name}({', '.join(label(option) for option in self.options)})")


@explained
def uniform(low: float, high: float) -> Space:
    """Any number from `low` to `high`, each as likely.

    Parameters
    ----------
    low, high : float

    Raises
    ------
    ArgumentError
        If `high` is not more than `low`.
    WrongTypeError
        If they are no numbers.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.spaces.uniform(0, 0.5).levels(3)
    [0.0, 0.25, 0.5]
    """
    return _Range("uniform", *_ends("uniform", low, high))


@explained
def log_uniform(low: float, high: float) -> Space:
    """Any number from `low` to `high`; each factor of ten is as likely as the next. For learning rates, λ and the like.

    Parameters
    ----------
    low, high : float
        More than 0.

    Raises
    ------
    ArgumentError
        If `low` is not more than 0, or `high` not more than `low`.
    WrongTypeError
        If they are no numbers.

    References
    ----------
    Bergstra, Bengio (2012), “Random Search for Hyper-Parameter Optimization”.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> rates = dl.spaces.log_uniform(0.0001, 1)
    >>> rng = np.random.default_rng(0)
    >>> round(float(np.mean([rates.draw(rng) < 0.01 for _ in range(1000)])), 1)
    0.5
    """
    low, high = _ends("log_uniform", low, high)
    if low <= 0:
        raise ArgumentError(
            f"log_uniform: low should be more than 0, not {low:g}: no number of tenths leads there. Is uniform meant?"
        )
    return _Range("log_uniform", low, high, log=True)


@explained
def integers(low: int, high: int) -> Space:
    """Any whole number from `low` to `high`, each as likely, both ends among them.

    Parameters
    ----------
    low, high : int

    Raises
    ------
    ArgumentError
        If `high` is not more than `low`.
    WrongTypeError
        If they are no whole numbers.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.spaces.integers(1, 5).levels(3)
    [1, 3, 5]
    """
    low = check_whole("integers", "low", low, least=-(2**62))
    high = check_whole("integers", "high", high, least=-(2**62))
    return _Whole("integers", *_ends("integers", low, high))


@explained
def choice(*options: Any) -> Space:
    """One of these: activations, optimizers, names. Nothing lies between them.

    Parameters
    ----------
    *options
        Two or more.

    Raises
    ------
    ArgumentError
        If there are fewer.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.spaces.choice(dl.relu, dl.tanh)
    choice(relu, tanh)
    """
    return _Options("choice", _several("choice", options))


@explained
def grid(*values: float) -> Space:
    """One of these numbers, in this order; a grid tries all of them.

    Parameters
    ----------
    *values : float
        Two or more.

    Raises
    ------
    ArgumentError
        If there are fewer.
    WrongTypeError
        If one is no number.

    Examples
    --------
    >>> import dlcourse as dl
    >>> dl.spaces.grid(0.001, 0.01, 0.1).levels(2)  # all of them, however many are asked for
    [0.001, 0.01, 0.1]
    """
    for value in values:
        _number("grid", "each value", value)
    space = _Options("grid", _several("grid", values))
    smallest, largest = min(values), max(values)
    space.log = smallest > 0 and largest / smallest >= 50
    return space


def is_number(value: Any) -> bool:
    """Whether a setting is a number, with others above and below it."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def label(value: Any) -> str:
    """A setting in few letters: a number, or a name."""
    if isinstance(value, (bool, str, type(None))):
        return str(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.3g}"
    return str(getattr(value, "__name__", "")) or brief(value)


def _number(owner: str, name: str, value: Any) -> float:
    if not is_number(value):
        raise WrongTypeError(f"{owner}: {name} should be a number, not {brief(value)}.")
    if not math.isfinite(value):
        raise ArgumentError(f"{owner}: {name} should be a finite number, not {value}.")
    return value


def _ends(owner: str, low: Any, high: Any) -> tuple[Any, Any]:
    low, high = _number(owner, "low", low), _number(owner, "high", high)
    if not high > low:
        raise ArgumentError(f"{owner}: high should be more than low, and {high:g} is not more than {low:g}.")
    return low, high


def _several(owner: str, options: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(options) < 2:
        given = "one list" if options and isinstance(options[0], (list, tuple)) else f"{len(options)}"
        raise ArgumentError(
            f"{owner}: two options or more are expected, one after the other, {owner}(a, b); {given} came. A setting that never "
            "changes belongs into the function."
        )
    return options
