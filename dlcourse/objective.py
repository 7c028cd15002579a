"""One batch through a model and a loss, with every mistake that can be made there named; for whatever trains a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dlcourse.arrays import Array
from dlcourse.calls import call_user_function
from dlcourse.errors import GradientError, ShapeError, WrongTypeError, brief, counted
from dlcourse.tensor import Tensor

__all__ = ["check_known", "check_leaves", "loss_of", "output_of"]


def output_of(owner: str, model: Callable[[Any], Any], x: Array) -> Tensor:
    """Return what a model says of a batch.

    Raises
    ------
    WrongTypeError
        If that is not a tensor.

    Examples
    --------
    >>> import numpy as np
    >>> output_of("fit", lambda x: x * 2, np.ones(3)).data
    array([2., 2., 2.])
    """
    output = model(Tensor(x))
    if not isinstance(output, Tensor):
        forgotten = " Did forward forget its return?" if output is None else ""
        raise WrongTypeError(f"{owner}: the model should return a tensor, not {brief(output)}.{forgotten}")
    return output


def loss_of(owner: str, loss: Callable[[Tensor, Any], Any], prediction: Tensor, y: Array, kind: Any) -> Tensor:
    """Return the loss of a prediction; measured answers y are cast to `kind`, labels stay whole.

    Raises
    ------
    WrongTypeError
        If the loss is called in another way, or gives no tensor.
    ShapeError
        If it gives more than one number.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> loss_of("fit", dl.squared_error, dl.Tensor([[1.0]]), np.zeros((1, 1)), np.float32).item()
    1.0
    """
    truth = y.astype(kind) if y.dtype.kind == "f" and y.dtype != kind else y
    error = call_user_function(owner, "the loss is called as loss(prediction, truth).", loss, prediction, truth)
    if not isinstance(error, Tensor):
        raise WrongTypeError(
            f"{owner}: the loss should be a tensor, computed from the prediction by operations of dlcourse, not {brief(error)}. "
            "From .data or by NumPy's functions there is no way back to the weights."
        )
    if error.size != 1:
        raise ShapeError(
            f"{owner}: the loss should be one number, this one has shape {error.shape}. Average over the batch, with .mean()."
        )
    return error


def check_known(owner: str, named: Mapping[str, Tensor], known: Iterable[Tensor]) -> None:
    """Raise an error unless an optimizer knows all that a model learns, and there is something to learn.

    Parameters
    ----------
    owner : str
    named : mapping of str to Parameter
        The model's parameters by name.
    known : iterable of Parameter
        Those of the optimizer.

    Raises
    ------
    GradientError
        It says which are not known.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0])
    >>> check_known("fit", {"weight": w}, [w])
    """
    ids = {id(p) for p in known}
    strangers = [name for name, p in named.items() if id(p) not in ids and p.requires_grad]
    if not named:
        raise GradientError(
            f"{owner}: the model has no parameters, so there is nothing to learn. Does it hold its layers as attributes?"
        )
    if not any(p.requires_grad for p in named.values()):
        raise GradientError(
            f"{owner}: every parameter of the model is frozen, requires_grad is False, so there is nothing to learn."
        )
    if strangers:
        raise GradientError(
            f"{owner}: the optimizer does not know the model's {', '.join(strangers)}. Was a layer replaced or added after the "
            "optimizer was made? Make it again: optimizer = dl.Adam(model.parameters(), ...)."
        )


def check_leaves(owner: str, output: Tensor, known: Iterable[Tensor], advice: str) -> None:
    """Raise an error if the output depends on something to learn that is not among the known parameters.

    Raises
    ------
    GradientError
        It says which.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0])
    >>> check_leaves("fit", w * 2, [w], "")
    """
    names = {id(tensor) for tensor in known}
    visited, waiting, strangers = {id(output)}, [output], []
    while waiting:
        tensor = waiting.pop()
        if not tensor.parents and tensor.requires_grad and id(tensor) not in names:
            strangers.append(tensor)
        new = [parent for parent in tensor.parents if parent.requires_grad and id(parent) not in visited]
        visited.update(id(parent) for parent in new)
        waiting += new
    if strangers:
        first = strangers[-1]
        name = f"{first.name!r} of shape {first.shape}" if first.name else f"of shape {first.shape}"
        what = f"a tensor {name}" if len(strangers) == 1 else f"{counted(len(strangers), 'tensor')}, one {name},"
        raise GradientError(f"{owner}: the model computes with {what} that asks for a gradient, {advice}")
