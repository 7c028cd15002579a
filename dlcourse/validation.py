"""Measuring a model on examples that it does not learn from: the loss and, where classes are told apart, the accuracy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.decision import (
    class_numbers,
    found_threshold,
    has_one_output,
    predicted_classes,
    threshold_of_loss,
    two_classes,
)
from dlcourse.errors import ArgumentError
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Module
from dlcourse.metrics import outputs_of
from dlcourse.objective import loss_of
from dlcourse.tensor import Tensor

__all__ = ["Judge", "evaluate"]


def evaluate(model: Any, data: Dataset, loss: Callable[[Tensor, Any], Tensor]) -> tuple[float, float | None]:
    """Return the loss over a data set, and the accuracy (None where no classes are told apart).

    Parameters
    ----------
    model : callable
    data : Dataset
    loss : callable
        (prediction, truth) -> scalar tensor.

    Examples
    --------
    >>> import dlcourse as dl
    >>> loss, share = evaluate(lambda x: x, dl.data.Dataset([[2.0, 0.0], [0.0, 2.0]], [0, 0]), dl.cross_entropy)
    >>> round(loss, 3), share
    (1.127, 0.5)
    """
    numbers = Judge(model, loss, [data.y]).measured(data)
    return numbers["validation_loss"], numbers.get("validation_accuracy")


def _are_labels(answers: list[Array]) -> bool:
    """Whether these are classes: whole numbers, or floats among which there are two, as in 0.0 and 1.0."""
    if not all(y.size and class_numbers(y) is not None for y in answers):
        return False
    return (
        any(y.dtype.kind != "f" for y in answers) or len({float(label) for y in answers for label in np.unique(y)}) == 2
    )


class Judge:
    """What is measured after each epoch. Whether an accuracy is among it is decided once, so that its list has no gaps.

    Parameters
    ----------
    model, loss
        As for `fit`.
    answers : list of array
        All answers y that there will be: together they say whether these are two classes.
    """

    def __init__(self, model: Any, loss: Callable[[Tensor, Any], Tensor], answers: list[Array]) -> None:
        self.model, self.loss = model, loss
        whole = _are_labels(answers)
        few = np.array(
            [int(end) for y in answers for end in (y.min(), y.max(), 0 if (y == 0).any() else y.max())] if whole else []
        )
        self.labels, self.most = (two_classes(few), int(few.max())) if whole else (None, 0)
        self.threshold: float | None = None
        self.counts: bool | None = None

    def look(self, outputs: Array, y: Array) -> None:
        """Find out, from a few outputs and answers, what the loss trains a single output for; the model remembers it."""
        if self.labels is not None and has_one_output(outputs):
            self.threshold = threshold_of_loss(self.loss, outputs, y, self.labels)
        if isinstance(self.model, Module):
            self.model._threshold = self.threshold

    def measured(self, data: Dataset) -> dict[str, float]:
        """The loss and perhaps the accuracy on a data set, under the names that `History` has for them."""
        outputs, made_by = outputs_of(self.model, data)
        with predicting(self.model):
            value = loss_of("fit", self.loss, Tensor(outputs), data.y, outputs.dtype).item()
        share = None if self.counts is False else self._share(outputs, made_by, data.y)
        self.counts = share is not None
        return {"validation_loss": value} | ({} if share is None else {"validation_accuracy": share})

    def _share(self, outputs: Array, made_by: str, y: Array) -> float | None:
        """The share of right classes, or None where outputs or answers are not classes, or it cannot be told which."""
        truth = class_numbers(y)
        if truth is None:
            return None
        if not has_one_output(outputs):
            guess = predicted_classes(outputs) if self.most < outputs.shape[-1] else None
        elif self.labels is None:
            return None
        else:
            try:
                self.threshold = found_threshold("fit", outputs, made_by, y, self.threshold)
            except ArgumentError:
                return None
            guess = predicted_classes(outputs, self.threshold)
        return None if guess is None or guess.shape != truth.shape else float((guess == truth).mean())
