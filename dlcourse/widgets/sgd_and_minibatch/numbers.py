"""Numbers of `MinibatchFan`: the gradient of every example, minibatches drawn from them, and the noise of each batch size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.layers.module import Module
from dlcourse.losses import cross_entropy
from dlcourse.widgets.sgd_and_minibatch.training import examples, trained

__all__ = [
    "ARROWS", "STAGES", "FanResult", "Gradients", "check", "check_length", "fan", "gradients_of", "gradients_of_digits",
    "samples",
]  # fmt: skip

ARROWS = 60
"""Minibatches in the fan."""
DRAWS = 600
"""Minibatches of each size whose noise is measured."""
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
STAGES = {"fresh": 0, "after 1 epoch": 1, "after 30 epochs": 30}


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradient of every single example, reduced to what matters here.

    Attributes
    ----------
    length : float
        Length of the true gradient, the mean over all N examples.
    along : array, shape (N, 2)
        Each example's gradient along the true one, and along the direction in which they differ most.
    products : array, shape (N, N)
        Scalar products of the deviations from the true gradient.
    weights : int
        Number of the network's weights: so many directions has a gradient.
    """

    length: float
    along: Array
    products: Array
    weights: int

    @property
    def sigma(self) -> float:
        """Root of the mean squared deviation of one example's gradient."""
        return float(np.sqrt(np.trace(self.products) / len(self.products)))

    def noise(self, counts: Array) -> Array:
        """Distance from the true gradient for samples given as counts, (draws, N): how often each example is in it."""
        size = counts.sum(axis=1)
        squared = np.einsum("di,di->d", counts @ self.products, counts)
        return np.sqrt(np.maximum(squared, 0)) / size

    def law(self, batch: Any, *, replacement: bool) -> Array:
        """σ/√B, and without replacement times √((N − B)/(N − 1))."""
        batch, n = np.asarray(batch, float), len(self.products)
        factor = 1.0 if replacement else np.sqrt((n - batch) / (n - 1))
        return np.asarray(self.sigma / np.sqrt(batch) * factor)


def gradients_of(model: Module, data: Dataset, loss: Any = cross_entropy) -> Gradients:
    """Send every example through the model alone, forward and backward, and keep its gradient.

    Parameters
    ----------
    model : Module
    data : Dataset
        At most a few thousand examples: every pair of them is compared.
    loss : callable
        (prediction, truth) -> scalar tensor.
    """
    rows = []
    for i in range(len(data)):
        model.zero_grad()
        loss(model(data.x[i : i + 1]), data.y[i : i + 1]).backward()
        rows.append(np.concatenate([p.grad.ravel() for p in model.parameters() if p.grad is not None]))
    model.zero_grad()
    each = np.array(rows, dtype=np.float64)  # (N, number of parameters)
    true = each.mean(axis=0)
    length = float(np.linalg.norm(true))
    forward = true / max(length, 1e-12)
    deviation = each - true
    products = deviation @ deviation.T
    # Sideways: the first principal direction of what is left when the part along the true gradient is taken out.
    rest = deviation - np.outer(deviation @ forward, forward)
    values, vectors = np.linalg.eigh(rest @ rest.T)
    sideways = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    along = np.column_stack([each @ forward, sideways])
    return Gradients(length=length, along=along, products=products, weights=each.shape[1])


@lru_cache(maxsize=3)
def gradients_of_digits(epochs: int) -> Gradients:
    """Those of the course's small network after this number of epochs."""
    return gradients_of(trained(epochs), examples())


def samples(rng: np.random.Generator, draws: int, batch: int, n: int, *, replacement: bool) -> Array:
    """Draw minibatches: how often each of n examples is in each of them, (draws, n)."""
    counts = np.zeros((draws, n))
    for row in counts:
        chosen = rng.integers(0, n, batch) if replacement else rng.permutation(n)[:batch]
        row += np.bincount(chosen, minlength=n)
    return counts


@lru_cache(maxsize=8)
def _measured(gradients: Gradients, replacement: bool) -> Array:
    """Root mean squared noise of 600 minibatches of each size."""
    rng, n = np.random.default_rng(0), len(gradients.products)
    sizes = [size for size in SIZES if size <= n]
    noises = [gradients.noise(samples(rng, DRAWS, size, n, replacement=replacement)) for size in sizes]
    return np.array([np.sqrt(np.mean(noise**2)) for noise in noises])


def _fitted(sizes: Array, measured: Array, n: int, replacement: bool) -> tuple[float, float]:
    """The powers of B and of (N − B)/(N − 1) that fit the measured noise best, all on logarithmic axes."""
    some = sizes < n
    b, noise = sizes[some], measured[some]
    columns = [np.ones(len(b)), np.log(b)] + ([] if replacement else [np.log((n - b) / (n - 1))])
    powers = np.linalg.lstsq(np.column_stack(columns), np.log(noise), rcond=None)[0]
    return float(powers[1]), 0.0 if replacement else float(powers[2])


@dataclass(frozen=True)
class FanResult:
    """The fan, and the noise of each batch size."""

    arrows: Array
    """(60, 2): along the true gradient, and sideways, in lengths of the true gradient."""
    uphill: int
    """How many of them point away from the true gradient, more than 90°."""
    noise: float
    """What the law says for this batch size, in lengths of the true gradient."""
    sizes: Array
    measured: Array
    slope: float
    """Fitted to the measured noise of all sizes: the power of B."""
    finite: float
    """Fitted with it: the power of (N − B)/(N − 1). 0 with replacement, where the law has no such factor."""
    gradients: Gradients

    @property
    def on_paper(self) -> float:
        """How far the tips are from that of the true gradient in the picture, root mean square: in two directions of all."""
        return float(np.sqrt(((self.arrows - [1, 0]) ** 2).sum(axis=1).mean()))


def fan(gradients: Gradients, *, batch: int, replacement: bool, seed: int) -> FanResult:
    """Draw 60 minibatches of one size, and measure the noise of all sizes.

    Parameters
    ----------
    gradients : Gradients
        Of all N examples.
    batch : int
        Examples in a minibatch, at most N.
    replacement : bool
        Whether a minibatch can hold an example twice.
    seed : int
        Decides which minibatches are drawn.
    """
    n = len(gradients.products)
    counts = samples(np.random.default_rng(seed), ARROWS, batch, n, replacement=replacement)
    arrows = counts @ gradients.along / batch / gradients.length
    measured = _measured(gradients, replacement)
    sizes = np.array([size for size in SIZES if size <= n])
    slope, finite = _fitted(sizes, measured, n, replacement)
    return FanResult(
        arrows=arrows,
        uphill=int((arrows[:, 0] < 0).sum()),
        noise=float(gradients.law(batch, replacement=replacement)) / gradients.length,
        sizes=sizes,
        measured=measured / gradients.length,
        slope=slope,
        finite=finite,
        gradients=gradients,
    )


def check(model: Any, data: Any) -> None:
    """Raise an error that says what is missing, if there can be no fan of a learner's model and data.

    Raises
    ------
    WrongTypeError
        If only one of them is given, or they are not a network and a data set.
    DataError
        If the examples are too few or too many.
    """
    if (model is None) != (data is None):
        raise WrongTypeError("MinibatchFan: give both, model=… and data=…, or neither.")
    if data is None:
        return
    if not isinstance(model, Module) or not isinstance(data, Dataset):
        raise WrongTypeError(
            "MinibatchFan: model should be a dl.Module, such as Sequential, and data a dl.data.Dataset."
        )
    if not 64 <= len(data) <= 2048:
        raise DataError(
            f"MinibatchFan: 64 to 2048 examples are expected, as every pair is compared; yours are {len(data)}. "
            "data[:1000] takes the first thousand."
        )


def check_length(gradients: Gradients) -> None:
    """Raise an error if the true gradient of a learner's model cannot be a measure.

    Raises
    ------
    DataError
        If its length is 0 or not finite.
    """
    if not 0 < gradients.length < np.inf:
        raise DataError(
            f"MinibatchFan: the gradient over all examples has the length {gradients.length:g}, and the fan is "
            "measured in lengths of it. Did the training of your network blow up, or can it not learn any more?"
        )
