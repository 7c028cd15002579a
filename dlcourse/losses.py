"""Objectives: comparing a prediction to the truth. Each returns one number, the mean over the batch.

Losses for classes take logits, the scores before softmax or sigmoid: computed in one step, they neither overflow nor
stall.

Examples
--------
>>> certainly_wrong = np.array([[1000.0, 0.0]])
>>> cross_entropy(certainly_wrong, [1]).item()  # −log(softmax(…)) would be infinite
1000.0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.activations import stable_sigmoid
from dlcourse.arrays import ONE, ZERO, Array, plain_array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ArgumentError, DataError, LabelError, ShapeError, brief, check_positive
from dlcourse.labels import check_labels, named, signs

__all__ = [
    "absolute_error",
    "binary_cross_entropy",
    "cross_entropy",
    "hinge",
    "huber",
    "kl_divergence",
    "squared_error",
]


def _check_pair(loss: str, prediction: Array, truth: Array) -> int:
    """Return the number of examples."""
    if prediction.shape != truth.shape:
        column = prediction.ndim == truth.ndim + 1 and prediction.shape[-1] == 1
        hint = (
            " The prediction has an extra axis of size 1; take prediction[:, 0], or give the truth that axis: truth[:, None]."
            if column
            else " They are compared entry by entry, so they need the same shape."
        )
        if prediction.ndim == truth.ndim + 1 and not column and bool(np.all(truth == np.floor(truth))):
            hint += " For classes use cross_entropy."
        raise ShapeError(f"{loss}: the prediction has shape {prediction.shape}, the truth {truth.shape}.{hint}")
    return _check_batch(loss, prediction)


def _check_batch(loss: str, prediction: Array) -> int:
    """Return the number of examples."""
    if prediction.size == 0:
        raise DataError(f"{loss}: the batch is empty, shape {prediction.shape}; the mean of nothing is not a number.")
    return len(prediction) if prediction.ndim else 1


def _check_classes(loss: str, logits: Array) -> None:
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ShapeError(f"{loss}: logits need an axis of classes at the end, (N, C); these have shape {logits.shape}.")


@differentiable
def squared_error(prediction: Array, truth: Array) -> Result:
    """|expected − computed|², summed over features and averaged over the batch.

    Parameters
    ----------
    prediction, truth : Tensor, shape (N, ...)
        Of equal shape.

    Raises
    ------
    ShapeError
        If the shapes differ (they are never broadcast).
    DataError
        If the batch is empty.

    Notes
    -----
    ∂/∂prediction = 2 (prediction − truth) / N. There is no factor ½.

    Examples
    --------
    >>> squared_error([[1.0, 2.0]], [[0.0, 0.0]]).item()
    5.0
    """
    prediction, truth = np.asarray(prediction), np.asarray(truth)
    number = _check_pair("squared_error", prediction, truth)
    difference = prediction - truth

    def vjp_prediction(g: Array) -> Array:
        return difference * np.asarray(float(g) * 2 / number, difference.dtype)

    def vjp_truth(g: Array) -> Array:
        return -vjp_prediction(g)

    return np.vdot(difference, difference) / number, (vjp_prediction, vjp_truth)


@differentiable
def absolute_error(prediction: Array, truth: Array) -> Result:
    """|expected − computed|, summed over features and averaged over the batch. At equality the derivative is 0.

    Parameters
    ----------
    prediction, truth : Tensor, shape (N, ...)
        Of equal shape.

    Raises
    ------
    ShapeError
        If the shapes differ (they are never broadcast).
    DataError
        If the batch is empty.

    Notes
    -----
    ∂/∂prediction = sign(prediction − truth) / N: the same pull from near and far.

    Examples
    --------
    >>> absolute_error([[1.0, 2.0]], [[0.0, 0.0]]).item()
    3.0
    """
    prediction, truth = np.asarray(prediction), np.asarray(truth)
    number = _check_pair("absolute_error", prediction, truth)
    difference = prediction - truth

    def vjp_prediction(g: Array) -> Array:
        return np.sign(difference) * (float(g) / number)

    def vjp_truth(g: Array) -> Array:
        return np.sign(difference) * (-float(g) / number)

    return np.abs(difference).sum() / number, (vjp_prediction, vjp_truth)


@differentiable
def huber(prediction: Array, truth: Array, *, delta: float = 1.0) -> Result:
    """d²/2 for |d| ≤ δ and δ (|d| − δ/2) beyond, d the difference: a square near 0 and a slope far out.

    Summed over features, averaged over the batch. The derivative is d, held between −δ and δ.

    Parameters
    ----------
    prediction, truth : Tensor, shape (N, ...)
        Of equal shape.
    delta : float, more than 0
        δ, where the square becomes a line.

    Raises
    ------
    ShapeError
        If the shapes differ (they are never broadcast).
    DataError
        If the batch is empty.
    ArgumentError
        If δ is not more than 0.

    References
    ----------
    Huber (1964), “Robust Estimation of a Location Parameter”.

    Examples
    --------
    >>> huber([[0.5, 3.0]], [[0.0, 0.0]]).item()  # 0.5²/2 + (3 − 0.5)
    2.625
    """
    delta = check_positive("huber", "delta", delta)
    prediction, truth = np.asarray(prediction), np.asarray(truth)
    number = _check_pair("huber", prediction, truth)
    difference = prediction - truth
    held = np.clip(difference, -delta, delta)

    def vjp_prediction(g: Array) -> Array:
        return held * (float(g) / number)

    def vjp_truth(g: Array) -> Array:
        return held * (-float(g) / number)

    return (held * (difference - 0.5 * held)).sum() / number, (vjp_prediction, vjp_truth)


def _refused(why: str, expected: str = "logits") -> dict[str, str]:
    """What to say to each operation that makes probabilities, where scores are expected."""
    return {
        name: f"the prediction comes from {name} already, {why}. Leave the {name} out of the model: {expected} are expected."
        for name in ("softmax", "sigmoid", "hard_sigmoid")
    }


@differentiable(constants=(1,), refuses=_refused("and this loss applies softmax itself"))
def cross_entropy(
    logits: Array, labels: Array, *, smoothing: float = 0.0, class_weights: Any = None, mask: Any = None
) -> Result:
    """−log of the probability that softmax gives to the right class, averaged over the batch.

    Parameters
    ----------
    logits : Tensor, shape (..., C)
        Scores before softmax.
    labels : whole numbers 0 … C − 1, shape (...)
    smoothing : float in [0, 1)
        Share of the truth spread evenly over all classes (label smoothing).
    class_weights : array, shape (C,), optional
        Weight of each example, by its class; the mean is weighted.
    mask : array of 0 and 1, shape (...), optional
        Examples with 0 are left out, such as the padding of sequences. It does not matter what stands there: logits may be
        NaN, and labels −1.

    Raises
    ------
    LabelError
        If labels are one-hot, floats, or out of range.
    ShapeError
        If logits have no class axis, or the mask has another shape than the labels.
    DataError
        If the batch is empty, or all of it is masked.
    ArgumentError
        If `smoothing`, `class_weights` or the mask are out of range.
    WrongTypeError
        If the logits are probabilities: from softmax or sigmoid.

    Notes
    -----
    ∂/∂logits = (softmax(logits) − truth) / N: what the network says minus what is so.

    References
    ----------
    For label smoothing: Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), “Rethinking the Inception Architecture for
    Computer Vision”, section 7.

    Examples
    --------
    >>> round(cross_entropy([[0.0, 0.0]], [1]).item(), 4)  # log 2
    0.6931
    """
    logits = np.asarray(logits)
    _check_classes("cross_entropy", logits)
    _check_batch("cross_entropy", logits)
    if not check_positive("cross_entropy", "smoothing", smoothing, zero=True) < 1:
        raise ArgumentError(f"cross_entropy: smoothing is a share from 0 to less than 1, not {brief(smoothing)}.")
    classes = logits.shape[-1]
    labels = check_labels("cross_entropy", labels, classes, logits.shape[:-1], mask).reshape(-1)
    x = logits.reshape(-1, classes)
    weights, chosen = _example_weights(labels, classes, class_weights, mask, x.dtype), None
    if not isinstance(weights, float):  # what stands in an example that does not count must not matter, not even NaN
        chosen = np.flatnonzero(weights)
        x, labels, weights = x[chosen], labels[chosen], weights[chosen]
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1)
    log_total = np.log(total)
    losses = log_total - shifted[rows, labels]  # −log softmax(x) of the right class
    if smoothing:
        losses = (1 - smoothing) * losses + smoothing * (log_total - shifted.mean(axis=1))

    def vjp(g: Array) -> Array:
        gradient = e / total[:, None]
        gradient[rows, labels] -= 1 - smoothing
        if smoothing:
            gradient -= smoothing / classes
        if chosen is None:  # every example counts the same
            gradient *= g * weights
            return gradient.reshape(logits.shape)
        spread = np.zeros((logits.size // classes, classes), logits.dtype)
        spread[chosen] = gradient * (g * weights)[:, None]
        return spread.reshape(logits.shape)

    return np.asarray((losses * weights).sum(), x.dtype), (vjp, None)


def _example_weights(labels: Array, classes: int, class_weights: Any, mask: Any, dtype: Any) -> Any:
    """What each example counts for; together they sum to 1."""
    if class_weights is None and mask is None:
        return 1 / len(labels)
    weights = np.ones(len(labels), dtype)
    if class_weights is not None:
        by_class = plain_array(class_weights)
        numbers = by_class.dtype.kind in "iufb" and bool(np.all((by_class >= 0) & np.isfinite(by_class)))
        if by_class.shape != (classes,) or not numbers:
            raise ArgumentError(
                f"cross_entropy: class_weights should be {classes} numbers of 0 or more, one per class, not {brief(class_weights)}."
            )
        weights = weights * by_class.astype(dtype)[labels]
    if mask is not None:
        weights = weights * plain_array(mask).reshape(-1).astype(dtype)
    total = weights.sum()
    if not total > 0:
        raise DataError("cross_entropy: every example is masked out or weighs 0; the mean of nothing is not a number.")
    return weights / total


@differentiable(constants=(1,), refuses=_refused("and this loss applies sigmoid itself"))
def binary_cross_entropy(logits: Array, truth: Array) -> Result:
    """−log of the probability that sigmoid gives to what is so, averaged over all entries; for yes/no questions.

    Parameters
    ----------
    logits : Tensor, any shape
        Scores before sigmoid.
    truth : array of the same shape, from 0 to 1

    Raises
    ------
    LabelError
        If the truth leaves 0 … 1.
    ShapeError
        If the shapes differ.
    DataError
        If the batch is empty.
    WrongTypeError
        If the logits are probabilities: from sigmoid or softmax.

    Notes
    -----
    Computed as max(x, 0) − x·t + log(1 + e^−|x|). ∂/∂x = (sigmoid(x) − t) / (number of entries).

    Examples
    --------
    >>> round(binary_cross_entropy([0.0, 0.0], [0, 1]).item(), 4)  # undecided: log 2
    0.6931
    """
    x, t = np.asarray(logits), np.asarray(truth)
    _check_pair("binary_cross_entropy", x, t)
    if t.dtype.kind not in "iufb":
        raise LabelError(f"binary_cross_entropy: the truth is a probability from 0 to 1, not {named(t)}.")
    least, most = t.min(), t.max()
    if not (least >= 0 and most <= 1):
        advice = " Are your labels −1 and 1? (labels + 1) / 2." if least == -1 else ""
        raise LabelError(
            f"binary_cross_entropy: the truth is a probability from 0 to 1; there is {most if least >= 0 else least:g} among it.{advice}"
        )
    t = t.astype(x.dtype, copy=False)
    losses = np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x)))

    def vjp(g: Array) -> Array:
        return (stable_sigmoid(x) - t) * (g / x.size)

    return np.asarray(losses.mean(), x.dtype), (vjp, None)


@differentiable(
    constants=(1,),
    refuses=_refused("so it is between 0 and 1, and no margin of 1 fits in", "scores on both sides of 0"),
)
def hinge(scores: Array, labels: Array) -> Result:
    """max(0, 1 − y·score), y = −1 or 1, averaged over all entries: right is not enough, by a margin of 1 it must be.

    Parameters
    ----------
    scores : Tensor, shape (N,) or (N, 1)
    labels : the same shape or (N,)
        Either −1 and 1, or 0 and 1.

    Raises
    ------
    LabelError
        If there are other labels.
    ShapeError
        If the shapes differ.
    DataError
        If the batch is empty.
    WrongTypeError
        If the scores are probabilities: from sigmoid or softmax.

    Notes
    -----
    ∂/∂score = −y / N where y·score < 1, else 0.

    References
    ----------
    Cortes, Vapnik (1995), “Support-Vector Networks”.

    Examples
    --------
    >>> hinge([2.0, 0.5], [1, 1]).item()  # nothing for the first, 0.5 for the second
    0.25
    """
    x, y = np.asarray(scores), np.asarray(labels)
    if x.ndim == y.ndim + 1 and x.shape[-1] == 1:
        y = y[..., None]
    _check_pair("hinge", x, y)
    sign = signs(y, x.dtype)
    margin = ONE - sign * x

    def vjp(g: Array) -> Array:
        return sign * (margin > ZERO) * (-float(g) / x.size)

    return np.asarray(np.maximum(margin, ZERO).sum() / x.size, x.dtype), (vjp, None)


@differentiable(constants=(1,), refuses=_refused("and this loss applies softmax itself"))
def kl_divergence(logits: Array, truth: Array) -> Result:
    """Σ t·log(t/p), p = softmax(logits), averaged over the batch: how far p is from the distribution t, in nats.

    Parameters
    ----------
    logits : Tensor, shape (..., C)
    truth : array of the same shape, each row a distribution

    Raises
    ------
    DataError
        If a row of the truth is not a distribution, or the batch is empty.
    ShapeError
        If the shapes differ, or there is no axis of classes.
    WrongTypeError
        If the logits are probabilities: from softmax or sigmoid.

    Notes
    -----
    0·log 0 counts as 0. ∂/∂logits = (p − t) / N.

    References
    ----------
    Kullback, Leibler (1951), “On Information and Sufficiency”.

    Examples
    --------
    >>> round(kl_divergence([[0.0, 0.0]], [[1.0, 0.0]]).item(), 4)  # log 2
    0.6931
    """
    x, t = np.asarray(logits), np.asarray(truth)
    _check_classes("kl_divergence", x)
    _check_pair("kl_divergence", x, t)
    if t.dtype.kind not in "iufb" or t.min() < 0 or not np.allclose(t.sum(axis=-1), 1, atol=1e-4):
        raise DataError(
            "kl_divergence: each row of the truth should be a distribution: no entry below 0, and a sum of 1."
        )
    number, t = x.size // x.shape[-1], t.astype(x.dtype, copy=False)
    shifted = x - x.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    ratios = np.where(t > 0, np.log(np.where(t > 0, t, 1)) - log_p, 0)

    def vjp(g: Array) -> Array:
        return (np.exp(log_p) - t) * (g / number)

    return np.asarray((t * ratios).sum() / number, x.dtype), (vjp, None)
