"""What a learner gives to a widget, as it is at that moment: a cell further down may go on training it. And whether it reads digits."""

from __future__ import annotations

import contextlib
import copy
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError, brief, counted
from dlcourse.layers.module import Module
from dlcourse.metrics import predict

__all__ = ["as_it_is_now", "ten_scores"]

Given = TypeVar("Given")

_copies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""All copies that are in use, by `id`: none is copied again when a widget hands on its fields to the next state."""


def as_it_is_now(
    model: Given,
    *,
    owner: str = "The widget",
    reads_only: bool = True,
    check: Callable[[Given], object] | None = None,
) -> Given:
    """A copy of a learner's model that later training does not change; a copy that was made here is returned as it is.

    A plain function is not copied: if it calls a model, it goes on calling that one.

    Parameters
    ----------
    model : Module or callable
        The learner's own.
    owner : str
        The widget, for the error.
    reads_only : bool
        Put the copy into evaluation mode; else it stays in the mode that the model is in.
    check : callable, optional
        (model) -> anything; it raises an error if the widget cannot show this model; called before it is copied, and not again.

    Returns
    -------
    Module or callable
        The copy.

    Raises
    ------
    WrongTypeError
        If the model holds something that cannot be copied, such as an open file or a generator.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> model = dl.Dense(2, 1, rng=np.random.default_rng(0))
    >>> own = as_it_is_now(model)
    >>> model.weight.data[:] = 0
    >>> bool((own.weight.data != 0).all()), as_it_is_now(own) is own
    (True, True)
    """
    if _copies.get(id(model)) is model:
        return model
    if check is not None:
        check(model)
    try:
        own = copy.deepcopy(model)
    except TypeError as error:
        raise WrongTypeError(
            f"{owner} shows your model as it is now, and keeps a copy; but this one cannot be copied: {error}. "
            "Does one of its attributes hold an open file, a generator or a lock?"
        ) from error
    if reads_only and isinstance(own, Module):
        own.eval()
    with contextlib.suppress(TypeError):  # few things cannot be referred to weakly
        _copies[id(own)] = own
    return own


def ten_scores(model: Callable[..., Any], owner: str, pictures: Array | None = None) -> Array:
    """What a learner's network says of pictures of digits: ten scores for each.

    Parameters
    ----------
    model : callable
        From pictures, (N, 8, 8, 1), to scores, (N, 10).
    owner : str
        The widget, for the errors.
    pictures : array, shape (N, 8, 8, 1), optional
        Without them two empty ones, to find out whether the network fits.

    Returns
    -------
    array, shape (N, 10)

    Raises
    ------
    WrongTypeError
        If the model cannot be called.
    ShapeError
        If it does not give ten numbers for a picture.
    DataError
        If one of them is not finite.

    Examples
    --------
    >>> import dlcourse as dl
    >>> ten_scores(dl.Sequential(dl.Flatten(), dl.Dense(64, 10, rng=np.random.default_rng(0))), "Mine").shape
    (2, 10)
    """
    if not callable(model):
        raise WrongTypeError(
            f"{owner}: the model should be a network from pictures (N, 8, 8, 1) to scores (N, 10), not {brief(model)}."
        )
    pictures = np.zeros((2, 8, 8, 1), np.float32) if pictures is None else pictures
    scores = np.asarray(predict(model, pictures))
    if scores.shape != (len(pictures), 10):
        raise ShapeError(
            f"{owner}: for {counted(len(pictures), 'picture')}, (N, H, W, C) = {pictures.shape}, the model should give ten scores "
            f"each, (N, 10) = ({len(pictures)}, 10), but gave {scores.shape}. Is the last layer Dense(…, 10), and is there a "
            "Flatten before the first?"
        )
    if not np.isfinite(scores).all():
        raise DataError(
            f"{owner}: the model's scores have NaN or infinity. Did its training blow up? Try a smaller lr."
        )
    return scores
