"""What a trained model says, and how often it is right: predict, accuracy, confusion matrix, precision, recall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array
from dlcourse.data.dataset import Dataset
from dlcourse.errors import DataError, LabelError, ShapeError, WrongTypeError, brief, check_whole
from dlcourse.layers.module import predicting
from dlcourse.tensor import Tensor

__all__ = [
    "accuracy",
    "check_model",
    "class_numbers",
    "confusion_matrix",
    "precision",
    "predict",
    "predicted_classes",
    "predicting",
    "recall",
]


def check_model(owner: str, model: Any) -> None:
    """Raise WrongTypeError unless this can be called with a batch."""
    if isinstance(model, type):
        raise WrongTypeError(f"{owner}: {model.__name__} is a class; make a model with {model.__name__}(...).")
    if not callable(model):
        raise WrongTypeError(
            f"{owner}: wants the model first, something callable from batch to tensor, not {brief(model)}."
        )


def predict(model: Callable[[Any], Any], x: Any, *, batch_size: int = 256) -> Array:
    """Return the model's outputs for many inputs (logits, where it was trained on logits).

    Parameters
    ----------
    model : callable
        A module or a function from tensor to tensor. Dropout and the like are off meanwhile.
    x : Dataset or array, shape (N, ...)
    batch_size : int
        Computed so many at a time: memory stays small, the numbers are the same.

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
    inputs = x.x if isinstance(x, Dataset) else as_array(x)
    size = check_whole("predict", "batch_size", batch_size)
    if inputs.ndim == 0 or len(inputs) == 0:
        raise DataError(f"predict: there are no inputs to predict from, shape {inputs.shape}.")
    with predicting(model):
        parts = [as_array(model(Tensor(inputs[i : i + size]))) for i in range(0, len(inputs), size)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def predicted_classes(outputs: Array) -> Array:
    """Return the class that each row of outputs speaks for: the largest, or, with one output, whether it is above 0.

    Parameters
    ----------
    outputs : array, shape (N, C), (N, 1) or (N,)

    Returns
    -------
    array of int, shape (N,)

    Examples
    --------
    >>> predicted_classes(np.array([[0.9, 0.1], [0.2, 0.8]])), predicted_classes(np.array([[-2.0], [3.0]]))
    (array([0, 1]), array([0, 1]))
    """
    if outputs.ndim == 1 or outputs.shape[-1] == 1:
        return (outputs.reshape(len(outputs), -1)[:, 0] > 0).astype(np.int64)
    return outputs.argmax(axis=-1)


def class_numbers(y: Array) -> Array | None:
    """Return y as class numbers from 0, or None where it holds something else.

    A column loses its axis, and −1 and 1, as `hinge` takes them, become 0 and 1.

    Parameters
    ----------
    y : array, shape (N,), (N, 1) or (N, ...)

    Examples
    --------
    >>> class_numbers(np.array([[-1], [1]])), class_numbers(np.array([0.5]))
    (array([0, 1]), None)
    """
    labels = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if labels.dtype.kind not in "iub":
        return None
    if labels.size and labels.min() < 0:
        return (labels > 0).astype(np.int64) if np.isin(labels, (-1, 1)).all() else None
    return labels.astype(np.int64, copy=False)


def accuracy(model: Callable[[Any], Any], data: Dataset) -> float:
    """Return the share of examples whose class the model gets right, 0 to 1.

    The class is the largest of the outputs; with a single output it is 1 where that is above 0.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class an example.
    WrongTypeError
        If `data` is no Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> accuracy(lambda x: x, dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1]))
    0.6666666666666666
    """
    truth, guess = _truth_and_guess("accuracy", model, data)
    return float((truth == guess).mean())


def confusion_matrix(model: Callable[[Any], Any], data: Dataset) -> Array:
    """Return how often class i (row) was taken for class j (column), shape (C, C).

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class an example.
    WrongTypeError
        If `data` is no Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.confusion_matrix(lambda x: x, data)
    array([[1, 0],
           [1, 1]])
    """
    truth, guess = _truth_and_guess("confusion_matrix", model, data)
    number = max(len(data.classes), int(truth.max()) + 1, int(guess.max()) + 1)
    matrix = np.zeros((number, number), np.int64)
    np.add.at(matrix, (truth, guess), 1)
    return matrix


def precision(model: Callable[[Any], Any], data: Dataset) -> Array:
    """Return, for each class, the share of right ones among those taken for it, shape (C,); NaN where there are none.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class an example.
    WrongTypeError
        If `data` is no Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.precision(lambda x: x, data)
    array([0.5, 1. ])
    """
    matrix = confusion_matrix(model, data)
    return _share(matrix.diagonal(), matrix.sum(axis=0))


def recall(model: Callable[[Any], Any], data: Dataset) -> Array:
    """Return, for each class, the share of its examples that were found, shape (C,); NaN where there are none.

    Parameters
    ----------
    model : callable
    data : Dataset
        y holds class numbers, shape (N,) or (N, 1).

    Raises
    ------
    LabelError
        If y holds no class numbers.
    ShapeError
        If the outputs do not give one class an example.
    WrongTypeError
        If `data` is no Dataset.

    Examples
    --------
    >>> import dlcourse as dl
    >>> data = dl.data.Dataset([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1])  # the third is taken for class 0
    >>> dl.recall(lambda x: x, data)
    array([1. , 0.5])
    """
    matrix = confusion_matrix(model, data)
    return _share(matrix.diagonal(), matrix.sum(axis=1))


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _truth_and_guess(owner: str, model: Any, data: Any) -> tuple[Array, Array]:
    if not isinstance(data, Dataset):
        raise WrongTypeError(f"{owner}: wants a model and a Dataset, such as test, not {brief(data)}.")
    truth = class_numbers(data.y)
    if truth is None:
        found = f"is of type {data.y.dtype}" if data.y.dtype.kind == "f" else f"has a {data.y.min()} among them"
        raise LabelError(f"{owner}: y should hold class numbers, from 0, but {found}, shape {data.y.shape}.")
    outputs = predict(model, data)
    guess = predicted_classes(outputs)
    if guess.shape != truth.shape:
        raise ShapeError(
            f"{owner}: outputs of shape {outputs.shape} give one class an example, and y has shape {truth.shape}. Are the answers "
            "one-hot? y.argmax(axis=-1) makes labels of them."
        )
    return truth, guess
