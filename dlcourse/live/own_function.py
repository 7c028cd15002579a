"""An activation that a learner has written, and what it must be able to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.errors import CourseError, GradientError, WrongTypeError
from dlcourse.tensor import Tensor

__all__ = ["check_activation", "need_slope"]

SAMPLE = np.array([[-1.5, -0.5], [0.5, 1.5]])


def check_activation(owner: str, function: Any) -> None:
    """Raise an error if a function is none, or cannot answer to many numbers at once.

    Raises
    ------
    WrongTypeError
        If it is not a function, or if it asks one question of the whole array, as `1 if z > 0 else 0` does.
    """
    if not callable(function):
        raise WrongTypeError(f"{owner}: function should be a function such as dl.tanh, not {function!r}.")
    try:
        function(Tensor(SAMPLE))
    except (CourseError, TypeError, ValueError) as error:
        raise WrongTypeError(
            f"{owner}: your function gets many numbers at once, a tensor such as one of shape (2, 2), and could not answer: "
            f"{error} It should act on each entry. For a step, write dl.where(z > 0, 1.0, 0.0) in place of "
            "1 if z > 0 else 0."
        ) from error


def need_slope(owner: str, function: Callable[[Any], Any]) -> None:
    """Raise an error if nothing can be learned through a function, because no gradient comes back through it.

    Raises
    ------
    GradientError
        If its result does not depend on its input, as far as the derivatives know.
    """
    out = function(Tensor(SAMPLE, requires_grad=True))
    if not (isinstance(out, Tensor) and out.requires_grad):
        raise GradientError(
            f"{owner}: no slope comes back through your function, so no step can be taken. A step function is flat "
            "everywhere, and NumPy's functions keep no gradient: take a smooth one such as dl.sigmoid, or write yours with "
            "operations of dlcourse."
        )
