"""Labels: the whole numbers that stand for classes. What a loss makes sure of, and what it says if they are something else."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import ONE, Array, plain_array
from dlcourse.errors import ArgumentError, LabelError, ShapeError, axes, brief

__all__ = ["check_labels", "check_mask", "named", "signs"]


def check_labels(loss: str, labels: Any, classes: int, shape: tuple[int, ...], mask: Any = None) -> Array:
    """Return labels as an integer array of this shape, with values from 0 to classes − 1.

    Parameters
    ----------
    loss : str
        Whose labels they are.
    labels : array
    classes : int
    shape : tuple of int
    mask : array, optional
        Where it is 0, any label may stand, such as −1; 0 is returned there.

    Raises
    ------
    LabelError
        If they have another shape, are not whole, or are out of range; it says which, and how to mend that.

    Examples
    --------
    >>> check_labels("cross_entropy", [0, 2, -1], classes=3, shape=(3,), mask=[1, 1, 0])
    array([0, 2, 0])
    """
    labels = np.asarray(labels)
    if labels.shape != shape:
        raise LabelError(f"{loss}: {_wrong_shape(labels.shape, classes, shape)}")
    keep = None if mask is None else check_mask(loss, mask, shape) > 0
    if labels.dtype.kind not in "iub":
        raise LabelError(
            f"{loss}: the labels are {named(labels)}; a label is the position of a class, a whole number. "
            + _whole_instead(labels if keep is None else labels[keep])
        )
    if keep is not None:
        labels = np.where(keep, labels, 0)
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise LabelError(f"{loss}: {_out_of_range(int(labels.min()), int(labels.max()), classes)}")
    return labels.astype(np.intp, copy=False)


def _wrong_shape(given: tuple[int, ...], classes: int, shape: tuple[int, ...]) -> str:
    if given == (*shape, classes):
        return (
            f"the labels have shape {given}, one column per class. Whole numbers are expected, shape {shape}: "
            "labels.argmax(axis=-1)."
        )
    if given == (*shape, 1):
        advice = " Take the column out of its axis: labels[..., 0]."
    elif given[:-1] == shape and shape:
        advice = " If there is a label for every step, the recurrent layer needs return_sequences=True."
    elif given == shape[:-1] and given:
        advice = " If the last step alone counts, the recurrent layer needs return_sequences=False."
    elif len(given) > len(shape) + 1 or not shape:
        advice = " The logits come first, then the labels."
    else:
        advice = ""
    if not shape:
        return f"one example has one label, a single number; the labels have shape {given}.{advice}"
    return f"one label per example is expected, shape {axes(shape, 'N')}; the labels have shape {given}.{advice}"


def named(labels: Array) -> str:
    """What kind of labels these are, for messages.

    Examples
    --------
    >>> named(np.array([0.5])), named(np.array(["cat"]))
    ('of type float64', 'words')
    """
    return "words" if labels.dtype.kind in "US" else f"of type {labels.dtype}"


def _whole_instead(labels: Array) -> str:
    if labels.dtype.kind in "US":
        return "Number them: names, labels = np.unique(words, return_inverse=True)."
    if labels.dtype.kind == "O" and not all(isinstance(label, (int, np.integer)) for label in labels.flat):
        return "Fill or drop what is no number among them, then labels.astype(int)."
    if labels.dtype.kind == "O" or labels.dtype.kind == "f" and bool(np.all(labels == np.floor(labels))):
        return "Yours are whole: labels.astype(int)."
    return "For measured numbers use squared_error."


def _out_of_range(least: int, most: int, classes: int) -> str:
    if classes == 1:
        return (
            "the model has a single output, so there is a single class. Give it one output per class, or use "
            "binary_cross_entropy."
        )
    message = (
        f"there is a label {least if least < 0 else most}, but the {classes} classes are numbered 0 to {classes - 1}."
    )
    if least == 1 and most == classes:
        message += " Yours begin at 1: labels - 1."
    if least == -1 and most == 1:
        message += " For −1 and 1 use hinge, or (labels + 1) // 2."
    return message


def check_mask(loss: str, mask: Any, shape: tuple[int, ...]) -> Array:
    """Return a mask as an array: one number per label, 0 to leave it out.

    Raises
    ------
    ShapeError
        If it has another shape than the labels.
    ArgumentError
        If it holds anything but numbers of 0 or more.

    Examples
    --------
    >>> check_mask("cross_entropy", [True, False], (2,))
    array([ True, False])
    """
    array = plain_array(mask)
    if array.shape != shape:
        raise ShapeError(
            f"{loss}: the mask has shape {array.shape}, the labels have {shape}. One number for each is expected, 1 to keep it and "
            "0 to leave it out."
        )
    if array.dtype.kind not in "iufb" or not bool(np.all((array >= 0) & np.isfinite(array))):
        raise ArgumentError(f"{loss}: a mask is made of 1 to keep an example and 0 to leave it out, not {brief(mask)}.")
    return array


def signs(labels: Array, dtype: Any) -> Array:
    """−1 and 1 for two classes, however they are labelled.

    Raises
    ------
    LabelError
        If there are others.

    Examples
    --------
    >>> signs(np.array([0, 1, 1]), np.float32)
    array([-1.,  1.,  1.], dtype=float32)
    """
    if labels.dtype.kind in "iufb":
        y = labels.astype(dtype)
        square = y * y
        if not np.count_nonzero(square != y):
            return y + y - ONE
        if not np.count_nonzero(square != ONE):
            return y
    advice = "For more, use cross_entropy."
    if labels.dtype.kind in "US":
        advice = "Number words: names, labels = np.unique(words, return_inverse=True)."
    raise LabelError(f"hinge: two classes are expected, labelled 0 and 1 (or −1 and 1). {advice}")
