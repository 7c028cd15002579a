"""What a learner gives to a widget, as it is at that moment: a cell further down may go on training it."""

from __future__ import annotations

import contextlib
import copy
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

from dlcourse.errors import WrongTypeError
from dlcourse.layers.module import Module

__all__ = ["as_it_is_now"]

Given = TypeVar("Given")

_copies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""All copies that are in use, by `id`: none is copied again when a widget hands on its fields to the next state."""


def as_it_is_now(
    model: Given,
    *,
    owner: str = "The widget",
    reads_only: bool = True,
    check: Callable[[Given], None] | None = None,
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
        (model) -> None, raises an error if the widget cannot show this model; called before it is copied, and not again.

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
