"""A learner's own loss, tried on a few examples before a widget goes by it."""

from __future__ import annotations

from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import CourseError, DataError, GradientError, WrongTypeError, brief
from dlcourse.live.numbers import minus

__all__ = ["check"]


def check(loss: Any, owner: str, *, inputs: str, like: str, at: Array, truths: Array, may_be: str) -> None:
    """Raise an error that says what is wrong with a learner's own loss.

    Parameters
    ----------
    loss : anything
        What was given as one.
    owner : str
        The widget, which begins each message.
    inputs : str
        What the loss judges, in one word, such as "scores".
    like : str
        A loss of the library that judges the same.
    at, truths : arrays, shape (N,)
        The examples that it is tried on.
    may_be : str
        A sentence that says which inputs and truths there are.

    Raises
    ------
    WrongTypeError
        If it is no function of inputs and truths, or does not return one number.
    GradientError
        If no slope comes back through it.
    DataError
        If it is not the mean over the examples, or if it or its slope is NaN or infinite for them.
    """
    if not callable(loss):
        raise WrongTypeError(
            f"{owner}: function should be a loss such as {like}, called with ({inputs}, truths), not {brief(loss)}."
        )
    given = dl.Tensor(at, requires_grad=True)
    try:
        with np.errstate(all="ignore"):
            whole = loss(given, truths)
            alone = [_plain(loss(dl.Tensor(at[i : i + 1]), truths[i : i + 1])) for i in range(len(at))]
    except (CourseError, TypeError, ValueError) as error:
        raise WrongTypeError(
            f"{owner}: your loss gets a tensor of {inputs}, shape (N,), and an array of truths of the same shape, and could not answer: {error}"
        ) from error
    if np.size(_plain(whole)) != 1:
        raise WrongTypeError(
            f"{owner}: your loss should return one number, the mean over the examples; for {len(at)} {inputs} it returned shape {np.shape(_plain(whole))}. Is a .mean() missing at the end?"
        )
    if not (isinstance(whole, dl.Tensor) and whole.requires_grad):
        raise GradientError(
            f"{owner}: no slope comes back through your loss, so nothing can be learned by it. Write it with operations of dlcourse, such as dl.log or dl.absolute; NumPy's keep no gradient."
        )
    mean = np.mean([np.asarray(one, float).reshape(-1)[0] for one in alone])
    if not np.isclose(whole.item(), mean, rtol=1e-4, atol=1e-6, equal_nan=True):
        raise DataError(
            f"{owner}: your loss of {len(at)} examples is {whole.item():.4g}, and the mean of the {len(at)} alone {mean:.4g}. A loss is the mean over its examples: .mean() at the end, not .sum()."
        )
    with np.errstate(all="ignore"):
        whole.backward()
    if not (np.isfinite(whole.data) and np.isfinite(np.asarray(given.grad)).all()):
        tried = ", ".join(minus(f"{one:g}") for one in at)
        raise DataError(
            f"{owner}: your loss or its slope is NaN or infinite for some of the {inputs} {tried}. {may_be}"
        )


def _plain(value: Any) -> Any:
    """The array of a tensor; what is none stays as it is."""
    return value.data if isinstance(value, dl.Tensor) else value
