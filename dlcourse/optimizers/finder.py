"""The learning-rate finder: raise the rate at every step and watch the loss."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, DivergenceError, WrongTypeError, brief, check_positive, check_whole
from dlcourse.layers.module import Module
from dlcourse.objective import check_known, check_leaves, loss_of, output_of
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.streams import printable

__all__ = ["RateSearch", "find_lr"]

LOWER = "Try a lower `least`, and look at the scale of the inputs."


class RateSearch(NamedTuple):
    """Rates that were tried, and the smoothed loss at each.

    Attributes
    ----------
    lrs, losses : list of float
    suggestion : float
        A rate from the middle of the fall: where the loss falls most steeply per decade of the rate.

    Examples
    --------
    >>> RateSearch(lrs=[0.001, 0.01, 0.1, 1.0], losses=[1.0, 0.9, 0.3, 0.6]).suggestion
    0.01
    """

    lrs: list[float]
    losses: list[float]

    @property
    def suggestion(self) -> float:
        """The rate, before the lowest loss, around which the loss falls most steeply.

        A fall is measured over a fifth of the rates, and not among the first fifth, where the average has not settled:
        otherwise the noise of a few minibatches would look steeper than the fall itself.
        """
        tenth = len(self.lrs) // 10
        centre = np.arange(2 * tenth, max(int(np.argmin(self.losses)), 2 * tenth) + 1)
        left = np.maximum(centre - max(tenth, 1), 0)
        right = np.minimum(centre + max(tenth, 1), len(self.lrs) - 1)
        losses, decades = np.asarray(self.losses), np.log10(self.lrs)
        fall = (losses[right] - losses[left]) / (decades[right] - decades[left])
        return self.lrs[int(centre[np.argmin(fall)])]

    def __repr__(self) -> str:
        tried = f"{len(self.lrs)} rates from {self.lrs[0]:.1e} to {self.lrs[-1]:.1e}"
        return printable(f"RateSearch({tried}, suggestion {self.suggestion:.1e})")

    def plot(self, axes: Any = None) -> Any:
        """Draw the loss against the rate, with the suggestion marked; returns the Matplotlib axes.

        Parameters
        ----------
        axes : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        if axes is None:
            import matplotlib.pyplot as plt

            _, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
        axes.plot(self.lrs, self.losses, color="#0072B2")
        axes.axvline(self.suggestion, color="#D55E00", linestyle="--")
        axes.set(xscale="log", xlabel="learning rate", ylabel="loss")
        return axes


@explained
def find_lr(
    model: Any,
    train: Any,
    *,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    batch_size: int,
    rng: np.random.Generator,
    drop_last: bool = False,
    least: float = 1e-6,
    most: float = 10.0,
    steps: int = 100,
) -> RateSearch:
    """Train a copy with rates that rise from `least` to `most`, until the loss is 4 times its best.

    Model, optimizer and generator stay as they are.

    Parameters
    ----------
    model, train, loss, optimizer, batch_size, rng, drop_last
        As for `fit`.
    least, most : float
        The first rate and the last.
    steps : int
        Number of rates, at least 10, evenly spaced on a logarithmic axis.

    Returns
    -------
    RateSearch
        With the rates, the smoothed losses, a `suggestion`, and `plot`.

    Raises
    ------
    ArgumentError
        If least is not below most, or the loss is not a number even at `least`.
    WrongTypeError
        If the model cannot be called, `train` is not a Dataset, `optimizer` is not an optimizer, or the loss does not give a tensor.
    GradientError
        If the optimizer does not know all that the model learns with, or the model holds parameters where they cannot be
        copied, in a plain function.

    References
    ----------
    Smith (2017), “Cyclical Learning Rates for Training Neural Networks”, section 3.3.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model, moons = dl.Dense(2, 2, rng=rng), dl.data.moons(100, rng=rng)
    >>> optimizer = dl.SGD(model.parameters(), lr=0.1)
    >>> search = dl.find_lr(model, moons, loss=dl.cross_entropy, optimizer=optimizer, batch_size=100, rng=rng)
    >>> 0.1 < search.suggestion < 10, optimizer.lr
    (True, 0.1)
    """
    least, most = check_positive("find_lr", "least", least), check_positive("find_lr", "most", most)
    if least >= most:
        raise ArgumentError(f"find_lr: least ({least:g}) should be below most ({most:g}).")
    steps = check_whole("find_lr", "steps", steps, least=10)
    if isinstance(model, type) or not callable(model):
        raise WrongTypeError(
            f"find_lr: expects the model first, something callable from batch to tensor, not {brief(model)}."
        )
    if not hasattr(train, "batches"):
        raise WrongTypeError(f"find_lr: train should be a dl.data.Dataset(x, y), not {brief(train)}.")
    if not isinstance(optimizer, Optimizer):
        raise WrongTypeError(
            f"find_lr: optimizer should be made first, such as dl.SGD(model.parameters(), 0.1), not {brief(optimizer)}."
        )
    if not callable(loss):
        raise WrongTypeError(f"find_lr: loss should be a function such as dl.cross_entropy, not {brief(loss)}.")
    if isinstance(model, Module):
        check_known("find_lr", model.named_parameters(), optimizer.parameters)
    model, optimizer, rng = copy.deepcopy((model, optimizer, rng))
    if isinstance(model, Module):
        model.train()
    batches = train.batches(batch_size, rng=rng, drop_last=drop_last)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a loss that is not a number ends the search
        return _climb(
            model, batches, loss, optimizer, [least * (most / least) ** (i / (steps - 1)) for i in range(steps)]
        )


def _climb(model: Any, batches: Any, loss: Any, optimizer: Optimizer, rates: list[float]) -> RateSearch:
    """Train with one rate after the other until the loss flies off or they are all used."""
    losses: list[float] = []
    average, best = 0.0, math.inf
    for rate, (x, y) in zip(rates, chain.from_iterable(repeat(batches)), strict=False):
        optimizer.lr = rate
        optimizer.zero_grad()
        prediction = output_of("find_lr", model, x)
        if not losses:
            check_leaves(
                "find_lr", prediction, optimizer.parameters, "and a copy of it, which is trained here, cannot be made: a plain "
                "function or something else that is not a Module holds it. Make it an attribute of a Module."
            )  # fmt: skip
        error = loss_of("find_lr", loss, prediction, y, optimizer.parameters[0].dtype)
        average = 0.9 * average + 0.1 * error.item()
        smooth = average / (1 - 0.9 ** (len(losses) + 1))
        if len(losses) >= 10 and not smooth <= 4 * best:
            break
        if not math.isfinite(smooth):
            raise ArgumentError(f"find_lr: the loss is {smooth:g} already at the rate {rate:.1e}. {LOWER}")
        losses.append(smooth)
        best = min(best, smooth)
        error.backward()
        try:
            optimizer.step()
        except DivergenceError:
            if len(losses) < 10:
                raise ArgumentError(
                    f"find_lr: the gradient is NaN or beyond all measure already at the rate {rate:.1e}. {LOWER}"
                ) from None
            break
    return RateSearch(rates[: len(losses)], losses)
