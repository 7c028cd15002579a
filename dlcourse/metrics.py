"""What a trained model says, and how often it is right: predict, accuracy, confusion matrix, precision, recall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array
from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.decision import check_two_classes, class_numbers, found_threshold, has_one_output, predicted_classes
from dlcourse.errors import ArgumentError, DataError, LabelError, ShapeError, WrongTypeError, brief, check_whole
from dlcourse.layers.modes import predicting
from dlcourse.origin import origin_of
from dlcourse.tensor import Tensor

__all__ = [
    "accuracy",
    "check_model",
    "confusion_matrix",
    "outputs_of",
    "precision",
    "predict",
    "recall",
]


def check_model(owner: str, model: Any) -> None:
    """Raise WrongTypeError unless this can be called with a batch."""
    if isinstance(model, type):
        raise WrongTypeError(f"{owner}: {model.__name__} is a class; make a model with {model.__name__}(...).")
    if not callable(model):
        raise WrongTypeError(
            f"{owner}: expects the model first, something callable from batch to tensor, not {brief(model)}."
        )


@explained
def predict(model: Callable[[Any], Any], x: Any, *, batch_size: int = 256) -> Array:
    """Return the model's outputs for many inputs (logits, where it was trained on logits).

    Parameters
    ----------
    model : callable
        A module or a function from tensor to tensor. Dropout and the like are off meanwhile.
    x : Dataset or array, shape (N, ...)
    batch_size : int
        How many are computed at a time: memory stays small, the numbers are the same.

    Returns
    -------
    array, shape (N, ...)

    Raises
    ------
    DataError
        If there are no inputs.

    Examples
    --------
    >>> predict(lambda x: x * 2, [[1.0], [2.0]])
    array([[2.],
           [4.]], dtype=float32)
    """
    check_model("predict", model)
    return outputs_of(model, x, check_whole("predict", "batch_size", batch_size))[0]


def outputs_of(model: Callable[[Any], Any], x: Any, batch_size: int = 256) -> tuple[Array, str]:
    """Return what `predict` returns, and what made it: "probability", the name of an operation, or "" where that is unknown.

    Raises
    ------
    DataError
        If there are no inputs.

    Examples
    --------
    >>> outputs_of(lambda x: x * 2, [[1.0], [2.0]])[1]
    'multiply'
    """
    inputs = x.x if isinstance(x, Dataset) else as_array(x)
    if inputs.ndim == 0 or len(inputs) == 0:
        raise DataError(f"predict: there are no inputs to predict from, shape {inputs.shape}.")
    with predicting(model):
        parts = [model(Tensor(inputs[i : i + batch_size])) for i in range(0, len(inputs), batch_size)]
    arrays = [as_array(part) for part in parts]
    made_by = "probability" if origin_of(parts[-1]) else getattr(parts[-1], "op", "")
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays), made_by


@explained
def accuracy(model: Callable[[Any], Any], data: Dataset, *, threshold: float | None = None) -> float:
    """Return the share of examples whose class the model gets right, 0 to 1.

    The class is the largest of the outputs; with a single output it is 1 where that is above the threshold.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).
    threshold : float, optional
        What a single output is compared with: 0 for logits, 0.5 for probabilities and for what was trained to come near 0
        and 1. Without it this is worked out: by a sigmoid at the end, by the loss that `fit` trained with, by the labels
        (−1 and 1: 0) and by the outputs.

    Raises
    ------
    LabelError
        If y holds no class numbers, or the model has a single output and y more than two classes.
    ShapeError
        If the outputs do not give one class per example.
    ArgumentError
        If the threshold of a single output cannot be told.
    WrongTypeError
        If `data` is not a Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> accuracy(lambda x: x, dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1]))
    0.6666666666666666
    >>> accuracy(dl.sigmoid, dl.data.Dataset([[-3.0], [2.0], [-1.0]], [0, 1, 1]))  # probabilities are above 0 anyway
    0.6666666666666666
    """
    truth, guess = _truth_and_guess("accuracy", model, data, threshold)
    return float((truth == guess).mean())


@explained
def confusion_matrix(model: Callable[[Any], Any], data: Dataset, *, threshold: float | None = None) -> Array:
    """Return how often class i (row) was taken for class j (column), shape (C, C).

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).
    threshold : float, optional
        What a single output is compared with: 0 for logits, 0.5 for probabilities. See `accuracy`.

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class per example.
    ArgumentError
        If the threshold of a single output cannot be told.
    WrongTypeError
        If `data` is not a Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.confusion_matrix(lambda x: x, data)
    array([[1, 0],
           [1, 1]])
    """
    truth, guess = _truth_and_guess("confusion_matrix", model, data, threshold)
    number = max(len(data.classes), int(truth.max()) + 1, int(guess.max()) + 1)
    matrix = np.zeros((number, number), np.int64)
    np.add.at(matrix, (truth, guess), 1)
    return matrix


@explained
def precision(model: Callable[[Any], Any], data: Dataset, *, threshold: float | None = None) -> Array:
    """Return, for each class, the share of right ones among those taken for it, shape (C,); NaN where there are none.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).
    threshold : float, optional
        What a single output is compared with: 0 for logits, 0.5 for probabilities. See `accuracy`.

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class per example.
    ArgumentError
        If the threshold of a single output cannot be told.
    WrongTypeError
        If `data` is not a Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.precision(lambda x: x, data)
    array([0.5, 1. ])
    """
    matrix = confusion_matrix(model, data, threshold=threshold)
    return _share(matrix.diagonal(), matrix.sum(axis=0))


@explained
def recall(model: Callable[[Any], Any], data: Dataset, *, threshold: float | None = None) -> Array:
    """Return, for each class, the share of its examples that were found, shape (C,); NaN where there are none.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).
    threshold : float, optional
        What a single output is compared with: 0 for logits, 0.5 for probabilities. See `accuracy`.

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class per example.
    ArgumentError
        If the threshold of a single output cannot be told.
    WrongTypeError
        If `data` is not a Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.recall(lambda x: x, data)
    array([1. , 0.5])
    """
    matrix = confusion_matrix(model, data, threshold=threshold)
    return _share(matrix.diagonal(), matrix.sum(axis=1))


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _truth_and_guess(owner: str, model: Any, data: Any, threshold: Any) -> tuple[Array, Array]:
    if not isinstance(data, Dataset):
        raise WrongTypeError(f"{owner}: expects a model and a Dataset, such as test, not {brief(data)}.")
    truth = class_numbers(data.y)
    if truth is None:
        raise LabelError(
            f"{owner}: y should hold class numbers, from 0, and {_what_it_is(data.y)}. Its shape is {data.y.shape}."
        )
    outputs, made_by = outputs_of(model, data)
    if has_one_output(outputs):
        check_two_classes(owner, data.y)
        guess = predicted_classes(outputs, _checked(owner, threshold, model, outputs, made_by, data.y))
    elif threshold is not None:
        raise ArgumentError(
            f"{owner}: a threshold is for models with a single output; this one has {outputs.shape[-1]}, and the largest decides."
        )
    else:
        guess = predicted_classes(outputs)
    if guess.shape != truth.shape:
        raise ShapeError(
            f"{owner}: outputs of shape {outputs.shape} give one class per example, and y has shape {data.y.shape}. {_advice(outputs, data.y)}"
        )
    return truth, guess


def _checked(owner: str, threshold: Any, model: Any, outputs: Array, made_by: str, y: Array) -> float:
    if threshold is None:
        return found_threshold(owner, outputs, made_by, y, getattr(model, "_threshold", None))
    if isinstance(threshold, (bool, str)) or not isinstance(threshold, (int, float, np.number)):
        raise WrongTypeError(f"{owner}: threshold should be a number, 0 or 0.5, not {brief(threshold)}.")
    return float(threshold)


def _what_it_is(y: Array) -> str:
    if y.dtype.kind != "f":
        return f"there is a {y.min()} among them"
    whole = (
        ", and its values are whole numbers: y.astype(int) makes labels of them"
        if y.size and y.min() == 0 and np.all(y == np.round(y))
        else ""
    )
    return f"it is of type {y.dtype}{whole}"


def _advice(outputs: Array, y: Array) -> str:
    if outputs.shape == y.shape and not np.all(y.sum(axis=-1) == 1):
        return (
            "Does each example have several answers, yes or no? Then count them by hand: says = dl.predict(model, x) > 0 for "
            "logits, and (says == y).mean()."
        )
    return "Are the answers one-hot? y.argmax(axis=-1) makes labels of them."
