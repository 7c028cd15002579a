"""What the Playground measures: every neuron in all the plane, errors, gradients. Through the library's own functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import sigmoid, softmax
from dlcourse.arrays import Array
from dlcourse.decision import predicted_classes
from dlcourse.layers.dense import Dense
from dlcourse.layers.modes import evaluating, predicting
from dlcourse.live.numbers import minus, raised
from dlcourse.metrics import predict
from dlcourse.regularizers import L1, L2
from dlcourse.tensor import Tensor
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, FEATURES, NUMBERS, Points, inputs

__all__ = ["GRID", "PlaygroundResult", "errors", "measured", "plane", "scaled", "written"]

GRID = 96
"""The plane is computed at GRID × GRID points."""
HUGE = 1e30


@dataclass(frozen=True)
class PlaygroundResult:
    """What the network says everywhere, how far off it is, and all its numbers.

    Attributes
    ----------
    hidden : list of array, shape (GRID², M)
        What every neuron of every hidden layer says in all the plane.
    outputs : array, shape (GRID², F)
        The same for the output: logits, or the numbers that it predicts.
    field : array, shape (GRID, GRID)
        The large map: from −1 to 1, or, where there are `classes`, how sure the network is, from 0 to 1.
    points_outputs : array, shape (N, F)
        The output for the points.
    train, test, penalty : float
        Error on the training points and on the others, without the penalty, and the penalty.
    right : (float, float) or None
        Share of training points and of the others whose class is right.
    weights, gradients : list of (array, array)
        Weight and bias of every layer, and their gradient over all training points.
    dead : tuple of int
        For every hidden layer, how many neurons are 0 everywhere.
    """

    hidden: list[Array]
    outputs: Array
    field: Array
    classes: Array | None
    points_outputs: Array
    train: float
    test: float
    penalty: float
    right: tuple[float, float] | None
    weights: list[tuple[Array, Array]]
    gradients: list[tuple[Array, Array]]
    loss_name: str
    dead: tuple[int, ...]

    @property
    def objective(self) -> float:
        """What is minimized: the error on the training points and the penalty."""
        return self.train + self.penalty


@lru_cache(maxsize=1)
def plane() -> Array:
    """The points at which every neuron's map is computed, shape (GRID², 2), the lowest row first."""
    line = (np.arange(GRID) + 0.5) / GRID * 2 * EDGE - EDGE
    x1, x2 = np.meshgrid(line, line)
    return np.column_stack([x1.ravel(), x2.ravel()]).astype(np.float32)


@lru_cache(maxsize=16)
def _plane_inputs(features: tuple[str, ...]) -> Array:
    return inputs(plane(), features)


def scaled(values: Array) -> Array:
    """Values divided by the largest of their size, so that the shape shows; all zeros stay zeros."""
    largest = float(np.abs(values).max())
    return values / largest if largest > 1e-12 else values


def written(value: float) -> str:
    """A number with three digits, a true minus, and no word that a reader must look up."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite"
    text = f"{value:.3g}"
    if "e" in text or 0 < abs(value) < 1e-3:
        digits, power = f"{value:.1e}".split("e")
        text = f"{digits}·10{raised(int(power))}"
    return minus(text)


def measured(state: Any) -> PlaygroundResult:
    """All numbers of a state of the Playground."""
    points, x, truth = state.examples()
    with np.errstate(all="ignore"):
        hidden, grid = _maps(state)
        outputs = _predicted(state, x)
        train, test = _compared(state, points, outputs, truth)
        field, classes = _field(state, hidden, grid)
        right = None
        if points.classes:
            hit = predicted_classes(outputs) == points.y if len(x) else np.zeros(0, bool)
            right = _mean(hit[points.seen]), _mean(hit[~points.seen])
        return PlaygroundResult(
            hidden=hidden, outputs=grid, field=field, classes=classes,
            points_outputs=outputs, train=train, test=test, penalty=_penalty(state), right=right,
            weights=[(layer.weight.data, _bias(layer).data) for layer in state.run.dense()],
            gradients=_gradients(state, x[points.seen], truth[points.seen]), loss_name=state.loss_name(),
            dead=tuple(int((np.abs(maps).max(axis=0) < 1e-12).sum()) for maps in hidden),
        )  # fmt: skip


def errors(state: Any) -> tuple[float, float, float]:
    """Error on the training points, on the others, and what is minimized."""
    points, x, truth = state.examples()
    with np.errstate(all="ignore"):
        train, test = _compared(state, points, _predicted(state, x), truth)
        return train, test, train + _penalty(state)


def _predicted(state: Any, x: Array) -> Array:
    return predict(state.run.model, x) if len(x) else np.zeros((0, state.outputs()), np.float32)


def _compared(state: Any, points: Points, outputs: Array, truth: Array) -> tuple[float, float]:
    loss = state.recipe().loss
    found = []
    for seen in (True, False):
        keep = points.seen == seen
        found.append(float(loss(outputs[keep], truth[keep]).item()) if keep.any() else math.nan)
    return found[0], found[1]


def _penalty(state: Any) -> float:
    model = state.run.model
    return sum(float(kind(strength)(model).item()) for kind, strength in _penalties(state))


def _penalties(state: Any) -> list[tuple[Any, float]]:
    return [(kind, strength) for kind, strength in ((L1, state.l1), (L2, state.l2)) if strength]


def _maps(state: Any) -> tuple[list[Array], Array]:
    """What every hidden neuron, and the output, says in all the plane."""
    value: Any = Tensor(_plane_inputs(state.features()))
    found = []
    with predicting(state.run.model):
        for layer in state.run.model:
            value = layer(value)
            if isinstance(layer, Dense):
                found.append(np.nan_to_num(value.numpy(), posinf=HUGE, neginf=-HUGE))
    return found[:-1], found[-1]


def _field(state: Any, hidden: list[Array], grid: Array) -> tuple[Array, Array | None]:
    """The large map: values from −1 to 1, or how sure the output is, from 0 to 1, and of which class."""
    look = state.looked_at()
    last = len(hidden) + 1
    if look is not None and (look[0] < last or grid.shape[1] > 1):
        layer, j = look
        if layer == 0:
            values = FEATURES[list(FEATURES)[j]][1](plane())
        else:
            values = (hidden[layer - 1] if layer < last else grid)[:, j]
        return scaled(values).reshape(GRID, GRID), None
    probable = state.loss == "cross-entropy" and state.data not in NUMBERS
    if grid.shape[1] == 1:
        values = 2 * sigmoid(grid).numpy() - 1 if probable else np.clip(grid, -1, 1)
        return values[:, 0].reshape(GRID, GRID), None
    chance = 1 / grid.shape[1]
    p = softmax(grid if probable else 2 * grid).numpy()
    return ((p.max(axis=1) - chance) / (1 - chance)).reshape(GRID, GRID), grid.argmax(axis=1).reshape(GRID, GRID)


def _gradients(state: Any, x: Array, truth: Array) -> list[tuple[Array, Array]]:
    """The gradient of what is minimized, over all training points at once, for every weight and bias."""
    model, dense = state.run.model, state.run.dense()
    if not len(x):
        return [(np.zeros_like(layer.weight.data), np.zeros_like(_bias(layer).data)) for layer in dense]
    model.zero_grad()
    with evaluating(model):
        total = state.recipe().loss(model(Tensor(x)), truth)
    for kind, strength in _penalties(state):
        total = total + kind(strength)(model)
    total.backward()
    found = [(np.nan_to_num(_grad(layer.weight)), np.nan_to_num(_grad(_bias(layer)))) for layer in dense]
    model.zero_grad()
    return found


def _bias(layer: Dense) -> Tensor:
    assert layer.bias is not None
    return layer.bias


def _grad(parameter: Tensor) -> Array:
    return parameter.grad if parameter.grad is not None else np.zeros_like(parameter.data)


def _mean(hits: Array) -> float:
    return float(hits.mean()) if len(hits) else math.nan
