"""What InitExplorer shows, in numbers: signals and gradients of every layer, their spread, and what training makes of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import dlcourse as dl
from dlcourse import initializers
from dlcourse.arrays import Array
from dlcourse.errors import CourseError, DataError
from dlcourse.widgets.initializations.formula import ACTIVATIONS, HALVES, foretell
from dlcourse.widgets.initializations.network import EXAMPLES, cached_data, distinct, look, network, spread, teach

__all__ = [
    "BARS", "BUNCH", "FARTHEST", "LAST", "NAMES", "SHOWN", "UNSEEN", "InitResult", "Plan", "Run", "begun", "bins", "check_initializer", "explore", "initializer_of", "reach", "read", "sizes", "trained",
]  # fmt: skip

SHOWN = 32
"""So many neurons of each layer are in the map."""
BUNCH = 2
"""Updates in one step."""
FARTHEST = 10
"""The picture's axis of spreads reaches at most so many powers of ten up and down."""
LAST = 300
"""Updates until training ends."""
UNSEEN = 300
"""So many unseen digits are read."""
EVERY = 10
"""They are read after a multiple of so many updates, since that takes as long as an update."""
BARS = np.linspace(-2, 2, 21)
"""Middles of the bars; what is farther out is in the outermost ones."""


def one_over_inputs(shape: tuple[int, ...], *, rng: Any = None) -> Array:
    """Every weight 1 / K: each neuron takes the mean of its inputs."""
    return initializers.constant(1 / shape[0])(shape)


class Recipe(NamedTuple):
    """An initializer with normal and with uniform weights, and how both are written; equal where there is one only."""

    normal: Callable[..., Array]
    uniform: Callable[..., Array]
    code: tuple[str, str]


def _pair(name: str) -> Recipe:
    both = (f"{name}_normal", f"{name}_uniform")
    return Recipe(getattr(dl, both[0]), getattr(dl, both[1]), (f"dl.{both[0]}", f"dl.{both[1]}"))


def _deviation(value: float) -> Recipe:
    texts = f"dl.initializers.normal({value:g})", f"dl.initializers.uniform({value:g} * 3**0.5)"
    return Recipe(initializers.normal(value), initializers.uniform(value * 3**0.5), texts)


def _one(function: Callable[..., Array], code: str) -> Recipe:
    return Recipe(function, function, (code, code))


RECIPES = {
    "zeros": _one(initializers.zeros, "dl.initializers.zeros"),
    "constant": _one(one_over_inputs, "lambda shape, rng: np.full(shape, 1 / shape[0], np.float32)"),
    "spread 0.01": _deviation(0.01),
    "spread 1": _deviation(1.0),
    "LeCun": _pair("lecun"),
    "Glorot": _pair("glorot"),
    "He": _pair("he"),
    "orthogonal": _one(initializers.orthogonal, "dl.orthogonal"),
}
NAMES = tuple(RECIPES)


class Plan(NamedTuple):
    """What a network begins with; another plan is another network."""

    weights: str
    distribution: str
    scale: float
    activation: str
    depth: int
    width: int
    seed: int
    initializer: Any


@dataclass(frozen=True, eq=False)
class Run:
    """A network after some updates."""

    plan: Plan
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    updates: int
    burst: bool = False
    """The next updates would write numbers that are none."""
    earlier: Run | None = None
    """The network as it was after a multiple of `EVERY` updates, if it has had more."""

    @property
    def reader(self) -> Run:
        """The one that reads the unseen digits: this, or the network as it was up to nine updates earlier."""
        return self.earlier or self


@dataclass(frozen=True, kw_only=True)
class InitResult:
    """All that is told of one network; each array has an entry for each hidden layer."""

    signal: Array
    """Root mean square of the layer's outputs."""
    gradient: Array
    """Root mean square of the loss's gradient with respect to them, compared with that of the last hidden layer."""
    signal_before: Array
    gradient_before: Array
    foretold: tuple[Array, Array] | None
    """Both by the formula; None where it does not hold, because the weights are not spread around 0."""
    factor: float
    """By the formula a layer multiplies the spread by this; NaN where that depends on the spread."""
    different: Array
    """How many neurons are left when those that always say the same are counted once."""
    silent: Array
    """How many neurons say 0 to every digit."""
    units: Array
    """What the first neurons of each layer say to the first digit, (≤ 32, layers)."""
    signal_bars: Array
    """Shares of the chosen layer's outputs, (21,)."""
    gradient_bars: Array
    """The same of the gradients, in units of the last hidden layer's spread."""
    loss: float
    right: float
    """On unseen digits, a share; both of `Run.reader`."""


def initializer_of(weights: str, distribution: str, own: Any) -> Callable[..., Any]:
    """The function that draws the weights."""
    if weights == "yours":
        return own
    return RECIPES[weights].uniform if distribution == "uniform" else RECIPES[weights].normal


def check_initializer(own: Any) -> None:
    """Raise an error if a learner's function cannot draw weights.

    Raises
    ------
    WrongTypeError
        If it is not a function.
    ShapeError
        If it gives another shape than it was asked for.
    DataError
        If it gives NaN or infinity.
    """
    _drawn("yours", "normal", own, (64, 16), 0, 0)


def sizes(depth: int, width: int) -> list[int]:
    """Inputs, neurons of each hidden layer, answers."""
    return [64, *[width] * depth, 10]


@lru_cache(maxsize=8 * 51)  # the deepest network at each of its widths, 40 MB
def _drawn(weights: str, distribution: str, own: Any, shape: tuple[int, int], seed: int, layer: int) -> Array:
    """The weights of one layer, unscaled: the same for every depth and scale, so that sliders do not draw anew."""
    rng = np.random.default_rng([seed, layer])
    values = initializers.drawn("InitExplorer", initializer_of(weights, distribution, own), shape, rng).astype(float)
    if not np.isfinite(values).all():
        raise DataError(f"InitExplorer: your initializer gives NaN or infinity for weights of shape {shape}.")
    return values


@lru_cache(maxsize=8 * 51)
def _moments(
    weights: str, distribution: str, own: Any, shape: tuple[int, int], seed: int, layer: int
) -> tuple[float, float]:
    """Mean and mean square of the same, unscaled."""
    values = _drawn(weights, distribution, own, shape, seed, layer)
    return float(np.mean(values)), float(np.mean(values**2))


@lru_cache(maxsize=8)
def begun(plan: Plan) -> Run:
    """The network before the first update."""
    weights = tuple(plan.scale * _drawn(*layer) for layer in _layers(plan))
    return Run(plan, weights, tuple(np.zeros(weight.shape[1]) for weight in weights), 0)


def _layers(plan: Plan) -> list[tuple[Any, ...]]:
    """What the weights of each layer are drawn from."""
    shapes = itertools.pairwise(sizes(plan.depth, plan.width))
    how = plan.weights, plan.distribution, plan.initializer
    return [(*how, shape, plan.seed, layer) for layer, shape in enumerate(shapes)]


def trained(run: Run) -> Run:
    """Two updates later; the run that is given stays as it was."""
    (x, y), _ = cached_data()
    f, after = ACTIVATIONS[run.plan.activation][1], run.updates + BUNCH
    with np.errstate(all="ignore"), suppress(CourseError):  # the loss of infinity, or a network that cannot be measured
        weights, biases = teach(run.weights, run.biases, f, x, y, run.updates, after)
        later = Run(run.plan, tuple(weights), tuple(biases), after, earlier=run.reader if after % EVERY else None)
        _looked(later)
        if all(np.isfinite(array).all() for array in (*weights, *biases)):
            return later
    return replace(run, burst=True)


def bins(values: Array) -> Array:
    """Shares of the values in the bars, (21,)."""
    places = np.clip(np.rint((np.clip(values, -3, 3) + 2) / 0.2), 0, len(BARS) - 1).astype(int)
    return np.bincount(places.ravel(), minlength=len(BARS)) / places.size


@lru_cache(maxsize=8)
def _looked(run: Run) -> tuple[Array, Array, Array, Array]:
    """Signals, gradients in units of the last layer's spread, both (layers, N, neurons), and the spreads of both."""
    x, y = (part[:EXAMPLES] for part in cached_data()[0])
    with np.errstate(all="ignore"):
        try:
            looks = look(run.weights, run.biases, ACTIVATIONS[run.plan.activation][1], x, y)
        except CourseError:  # the loss of infinity is refused
            looks = [x + np.inf], [x]
        signals, gradients = map(np.array, looks)
        signal, gradient = spread(signals), spread(gradients)
    if not (np.isfinite(signal).all() and np.isfinite(gradient).all()):
        raise DataError(
            f"InitExplorer: with these weights the numbers pass the largest there is within {run.plan.depth} layers. "
            "Take a smaller scale, or fewer layers."
        )
    last = gradient[-1] or 1.0
    return signals, gradients / last, signal, gradient / last


def reach(run: Run) -> int:
    """So many powers of ten up and down hold all spreads, now and before training: 4, or 10 where these are too few."""
    drawn = np.concatenate([curve for one in (run, begun(run.plan)) for curve in _looked(one)[2:]])
    drawn = drawn[drawn > 0]  # what is 0 lies on the lower edge of any axis
    return 4 if not drawn.size or (drawn.min() > 1e-4 and drawn.max() < 1e4) else FARTHEST


@lru_cache(maxsize=8)
def _foretold(plan: Plan) -> tuple[tuple[Array, Array] | None, float]:
    """Both curves by the formula, and the factor of a layer; nothing where the weights are not spread around 0."""
    moments = [_moments(*layer) for layer in _layers(plan)[:-1]]
    shapes = list(itertools.pairwise(sizes(plan.depth, plan.width)))[:-1]
    if not all(k * mean**2 < 0.3 * square for (k, _), (mean, square) in zip(shapes, moments, strict=True)):
        return None, np.nan
    squares = [plan.scale**2 * square for _, square in moments]
    curves = foretell(plan.activation, shapes, squares, spread(cached_data()[0][0][:EXAMPLES]) ** 2)
    share = HALVES.get(plan.activation, np.nan)
    return curves, float(np.sqrt(share * plan.width * np.mean(squares)))


@lru_cache(maxsize=8)
def read(run: Run) -> tuple[float, float]:
    """Loss and share right on the unseen digits.

    In float32, which takes less than half of the time and gives six digits of the loss, unless a number is too large for it.
    """
    x, y = (part[:UNSEEN] for part in cached_data()[1])
    f = ACTIVATIONS[run.plan.activation][1]
    for kind in (np.float32, np.float64):
        with np.errstate(all="ignore"):
            weights, biases = ([array.astype(kind) for array in arrays] for arrays in (run.weights, run.biases))
            logits = network(x.astype(kind), weights, biases, f)[1]
        if np.isfinite(logits.data).all():
            break
    return dl.cross_entropy(logits, y).item(), float((logits.data.argmax(axis=1) == y).mean())


@lru_cache(maxsize=8)
def _said(run: Run) -> tuple[Array, Array, Array]:
    """Of each layer: how many neurons differ, how many are silent, and what the first ones say to the first digit."""
    signals = _looked(run)[0]
    return distinct(signals), (~signals.any(axis=1)).sum(axis=1), signals[:, 0, :SHOWN].T


def explore(run: Run, layer: int) -> InitResult:
    """All numbers of a network, with the bars of one hidden layer, counted from 1."""
    signals, gradients, signal, gradient = _looked(run)
    different, silent, units = _said(run)
    _, _, signal_before, gradient_before = _looked(begun(run.plan))
    foretold, factor = _foretold(run.plan)
    loss, right = read(run.reader) if run.updates else (np.nan, np.nan)
    return InitResult(
        signal=signal,
        gradient=gradient,
        signal_before=signal_before,
        gradient_before=gradient_before,
        foretold=foretold,
        factor=factor,
        different=different,
        silent=silent,
        units=units,
        signal_bars=bins(signals[layer - 1]),
        gradient_bars=bins(gradients[layer - 1]),
        loss=loss,
        right=right,
    )
