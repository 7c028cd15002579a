"""From the outputs of a model to classes, and how a single output is read: as a logit, or as a number from 0 to 1.

Several outputs speak for the class with the largest. A single one speaks for class 1 where it is above a threshold: 0 for
logits and other scores, ½ for probabilities and for whatever was trained to come near 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import ArgumentError, LabelError, counted
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor

__all__ = [
    "check_two_classes",
    "class_numbers",
    "found_threshold",
    "has_one_output",
    "predicted_classes",
    "threshold_of_loss",
    "two_classes",
]

# Operations after which an output may be any number.
LINEAR = {"affine", "matmul", "add", "subtract", "multiply", "index", "reshape", "sum", "mean"}
# Operations after which it lies on both sides of 0, like the labels −1 and 1.
AROUND_ZERO = {"tanh", "hard_tanh", "softsign"}


def has_one_output(outputs: Array) -> bool:
    """Whether there is a single output per example (or step), shape (..., 1) or (N,).

    Examples
    --------
    >>> has_one_output(np.zeros((5, 1))), has_one_output(np.zeros(5)), has_one_output(np.zeros((5, 2)))
    (True, True, False)
    """
    return outputs.ndim < 2 or outputs.shape[-1] == 1


def predicted_classes(outputs: Array, threshold: float = 0.0) -> Array:
    """Return the class that each row of outputs speaks for: the largest, or, with one output, whether it is above the threshold.

    Parameters
    ----------
    outputs : array, shape (..., C), (..., 1) or (N,)
    threshold : float
        0 for logits, 0.5 for probabilities.

    Returns
    -------
    array of int, shape (...) or (N,)

    Examples
    --------
    >>> predicted_classes(np.array([[0.9, 0.1], [0.2, 0.8]])), predicted_classes(np.array([[-2.0], [3.0]]))
    (array([0, 1]), array([0, 1]))
    >>> predicted_classes(np.array([0.2, 0.8]), threshold=0.5)
    array([0, 1])
    """
    if not has_one_output(outputs):
        return outputs.argmax(axis=-1)
    return ((outputs if outputs.ndim < 2 else outputs[..., 0]) > threshold).astype(np.int64)


def class_numbers(y: Array) -> Array | None:
    """Return y as class numbers from 0, or None where it holds something else.

    A column loses its axis, and −1 and 1, as `hinge` takes them, become 0 and 1. Floats are labels where there are only two of
    them, 0.0 and 1.0 or −1.0 and 1.0: all others are measured values.

    Parameters
    ----------
    y : array, shape (N,), (N, 1) or (N, ...)

    Examples
    --------
    >>> class_numbers(np.array([[-1], [1]])), class_numbers(np.array([0.0, 1.0])), class_numbers(np.array([0.5]))
    (array([0, 1]), array([0, 1]), None)
    """
    labels = y[..., 0] if y.ndim > 1 and y.shape[-1] == 1 else y
    if labels.dtype.kind == "f" and two_classes(labels) is not None:
        labels = labels.astype(np.int64)
    if labels.dtype.kind not in "iub":
        return None
    if labels.size and labels.min() < 0:
        return (labels > 0).astype(np.int64) if np.isin(labels, (-1, 1)).all() else None
    return labels.astype(np.int64, copy=False)


def two_classes(y: Array) -> tuple[int, int] | None:
    """Return how two classes are labelled, (0, 1) or (−1, 1), or None where y holds something else.

    Examples
    --------
    >>> two_classes(np.array([0, 1, 1])), two_classes(np.array([-1, 1])), two_classes(np.array([0, 1, 2]))
    ((0, 1), (-1, 1), None)
    """
    if y.dtype.kind not in "iubf" or not y.size:
        return None
    if np.all((y == 0) | (y == 1)):
        return 0, 1
    return (-1, 1) if np.all((y == -1) | (y == 1)) else None


def check_two_classes(owner: str, y: Array) -> None:
    """Raise LabelError unless y holds two classes, which a single output can tell apart.

    Raises
    ------
    LabelError
        It says what y holds.

    Examples
    --------
    >>> check_two_classes("accuracy", np.array([0, 1, 1]))
    """
    if two_classes(y) is None:
        raise LabelError(
            f"{owner}: a single output tells two classes apart, 0 and 1, and y goes from {y.min()} to {y.max()}. Are these measured "
            "numbers? Then look at the loss: none of them is right or wrong. For more classes, give the model one output each."
        )


def threshold_of_loss(
    loss: Callable[[Any, Any], Any], outputs: Array, y: Array, labels: tuple[int, int] = (0, 1)
) -> float | None:
    """Return the threshold that a loss trains a single output for: where it finds both classes equally wrong.

    Parameters
    ----------
    loss : callable
        (prediction, truth) -> scalar.
    outputs : array, shape (N, 1) or (N,)
    y : array
        The answers to these outputs.
    labels : (int, int)
        What stands for the two classes in y.

    Returns
    -------
    float or None
        0 (for logits) or 0.5 (for aims at 0 and 1); None where the loss does not say.

    Examples
    --------
    >>> import dlcourse as dl
    >>> outputs, y = np.zeros((1, 1)), np.array([[1]])
    >>> [threshold_of_loss(loss, outputs, y) for loss in (dl.binary_cross_entropy, dl.hinge, dl.squared_error)]
    [0.0, 0.0, 0.5]
    """

    def of(threshold: float, label: int) -> float:
        output = np.full_like(outputs[:1], threshold)
        return float(loss(Tensor(output), np.full_like(y[:1], label)).item())

    fair = []
    with no_grad(), np.errstate(all="ignore"):
        for threshold in (0.0, 0.5):
            try:
                low, high = (of(threshold, label) for label in labels)
            except Exception:  # a loss of the learner's own may want whole batches, or anything
                return None
            if abs(low - high) <= 1e-5 * max(abs(low), abs(high)):
                fair.append(threshold)
    return fair[0] if len(fair) == 1 else None


def found_threshold(owner: str, outputs: Array, made_by: str, y: Array, noted: float | None = None) -> float:
    """Return what a single output is to be compared with, from all that is known of it, of the loss and of the answers.

    Parameters
    ----------
    owner : str
        Who asks, for the message.
    outputs : array, shape (N, 1) or (N,)
    made_by : str
        The operation that the outputs come from, or "probability".
    y : array
        Labels 0 and 1, or −1 and 1.
    noted : float, optional
        What is known from the loss.

    Raises
    ------
    ArgumentError
        If it cannot be told.

    Examples
    --------
    >>> found_threshold("accuracy", np.array([[0.006], [0.988]]), "probability", np.array([[0], [1]]))
    0.5
    """
    if made_by == "probability":
        return 0.5
    if noted is not None:
        return noted
    if made_by == "log_sigmoid":
        return math.log(0.5)
    between = bool(outputs.size and outputs.min() >= 0 and outputs.max() <= 1)
    if two_classes(y) == (-1, 1):
        says_so = _explained(outputs, (y + 1) / 2) > 0.2 if made_by in LINEAR else made_by not in AROUND_ZERO
        return 0.5 if between and says_so else 0.0
    if made_by not in LINEAR and between:
        return 0.5
    return _told_by_the_outputs(owner, outputs, y)


def _explained(outputs: Array, y: Array) -> float:
    """How much of the spread of y the outputs explain as estimates of it: 1 if all, below 0 if its mean is the better one."""
    x, truth = outputs.reshape(-1).astype(np.float64), y.reshape(-1).astype(np.float64)
    spread = float(np.square(truth - truth.mean()).sum())
    return 1 - float(np.square(truth - x).sum()) / spread if spread and x.size == truth.size else 0.0


def _told_by_the_outputs(owner: str, outputs: Array, y: Array) -> float:
    """Numbers that aim at 0 and 1 come near them; logits lie on both sides of 0, and explain nothing as numbers."""
    doubtful = int(np.count_nonzero((outputs > 0) & (outputs <= 0.5)))
    if not doubtful or outputs.size != y.size:
        return 0.0
    explained = _explained(outputs, y)
    if explained > 0.2:
        return 0.5
    if explained < -0.1:
        return 0.0
    raise ArgumentError(
        f"{owner}: {counted(doubtful, 'output')} of {outputs.size} lie between 0 and 0.5, and it cannot be told what that means. Are they "
        "logits, as for binary_cross_entropy and hinge? threshold=0. Probabilities, or trained to come near 0 and 1? threshold=0.5."
    )
