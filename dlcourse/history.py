"""History: what happened while a model was trained, and a picture of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from dlcourse.calls import explains_its_settings
from dlcourse.streams import printable

__all__ = ["History"]


@dataclass
class History:
    """What happened in each epoch that came to its end; the lists have one number per epoch.

    Attributes
    ----------
    loss : list of float
        The data part of the loss, averaged over the epoch's examples while the weights were changing.
    regularization : list of float
        The other part of the loss, averaged over the epoch's steps; zeros without a regularizer.
    validation_loss, validation_accuracy : list of float
        After each epoch, data part only; empty without validation data (accuracy: where no classes are told apart).
    lr : list of float
        Learning rate of each epoch's last step.
    batch_losses : list of float
        Data part of every step's loss.
    seconds : float
        How long the training took.
    interrupted : bool
        Whether training was stopped by hand before its end.
    stopped : str
        Why a callback ended the training early, or "".

    Examples
    --------
    >>> history = History(loss=[0.5, 0.25], regularization=[0.125, 0.0625])  # `fit` returns one
    >>> history
    History(2 epochs, loss 0.5 → 0.25, regularization 0.0625)
    >>> history.total
    [0.625, 0.3125]
    """

    loss: list[float] = field(default_factory=list)
    regularization: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    batch_losses: list[float] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False
    stopped: str = ""

    @property
    def total(self) -> list[float]:
        """Both parts of the loss together, one number per epoch."""
        return [data + rest for data, rest in zip_longest(self.loss, self.regularization, fillvalue=0.0)]

    def add(self, **numbers: float) -> None:
        """Note an epoch: a number for each of some lists. An interrupt finds all of them noted, or none.

        Examples
        --------
        >>> history = History()
        >>> history.add(loss=0.5, lr=0.1)
        >>> history.loss, history.lr
        ([0.5], [0.1])
        """
        lists = [getattr(self, name) for name in numbers]
        deque(map(list.append, lists, numbers.values()), maxlen=0)  # one call in C: no interrupt gets in between

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no epoch finished)"
        text = f"History({len(self)} epoch{'s' if len(self) > 1 else ''}, loss {self.loss[0]:.3g} → {self.loss[-1]:.3g}"
        if any(self.regularization):
            text += f", regularization {self.regularization[-1]:.3g}"
        if self.validation_loss:
            text += f", validation loss {self.validation_loss[-1]:.3g}"
        if self.validation_accuracy:
            text += f", validation accuracy {self.validation_accuracy[-1]:.3f}"
        text += ", interrupted" if self.interrupted else f", stopped: {self.stopped}" if self.stopped else ""
        return printable(text + ")")

    def plot(self, axes: Any = None) -> Any:
        """Draw the losses against the epochs, on a logarithmic axis; returns the Matplotlib axes.

        Parameters
        ----------
        axes : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        if axes is None:
            import matplotlib.pyplot as plt

            _, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
        lines = [("training (data part)", self.loss, "#0072B2"), ("validation", self.validation_loss, "#D55E00")]
        if any(self.regularization):
            lines.append(("regularization part", self.regularization, "#009E73"))
        for label, values, colour in lines:
            if values:
                axes.plot(range(1, len(values) + 1), values, color=colour)
                axes.annotate(f" {label}", (len(values), values[-1]), color=colour, va="center", annotation_clip=False)
        if all(value > 0 for _, values, _ in lines for value in values):
            axes.set_yscale("log")
        axes.set(xlabel="epoch", ylabel="loss")
        axes.spines[["top", "right"]].set_visible(False)
        return axes


explains_its_settings(History)
