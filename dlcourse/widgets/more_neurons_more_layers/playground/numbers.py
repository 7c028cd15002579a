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
from dlcourse.metrics import predict
from dlcourse.regularizers import L1, L2, Regularizer
from dlcourse.tensor import Tensor
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, FEATURES, Examples, inputs
from dlcourse.widgets.more_neurons_more_layers.playground.run import Recipe, Run

__all__ = ["GRID", "Neuron", "PlaygroundResult", "errors", "measured", "plane", "scaled"]

Neuron = tuple[int, int]
"""Its layer, 0 being the inputs, and its number in it."""

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


def measured(run: Run, recipe: Recipe, examples: Examples, *, look: Neuron | None, certain: bool) -> PlaygroundResult:
    """All numbers of a training on these examples.

    Parameters
    ----------
    look : (int, int) or None
        The neuron whose map is the large one, None for the output.
    certain : bool
        The outputs are compared as probabilities, and the map shows how sure they are.
    """
    points, x, truth = examples
    with np.errstate(all="ignore"):
        hidden, grid = _maps(run)
        outputs = _predicted(run, x)
        train, test = _compared(recipe, examples, outputs)
        field, classes = _large(hidden, grid, look, certain)
        right = None
        if points.classes:
            hit = predicted_classes(outputs) == points.y if len(x) else np.zeros(0, bool)
            right = _mean(hit[points.seen]), _mean(hit[~points.seen])
        return PlaygroundResult(
            hidden=hidden, outputs=grid, field=field, classes=classes, points_outputs=outputs, train=train, test=test,
            penalty=_penalty(run, recipe), right=right,
            weights=run.weights(),
            gradients=_gradients(run, recipe, x[points.seen], truth[points.seen]),
            dead=tuple(int((np.abs(maps).max(axis=0) < 1e-12).sum()) for maps in hidden),
        )  # fmt: skip


def errors(run: Run, recipe: Recipe, examples: Examples) -> tuple[float, float, float]:
    """Error on the training points, on the others, and what is minimized."""
    with np.errstate(all="ignore"):
        train, test = _compared(recipe, examples, _predicted(run, examples.x))
        return train, test, train + _penalty(run, recipe)


def _predicted(run: Run, x: Array) -> Array:
    return predict(run.model, x) if len(x) else np.zeros((0, run.plan.outputs), np.float32)


def _compared(recipe: Recipe, examples: Examples, outputs: Array) -> tuple[float, float]:
    """Error on the training points, and on the others."""
    seen, truth = examples.points.seen, examples.truth
    train, test = (
        float(recipe.loss(outputs[which], truth[which]).item()) if which.any() else math.nan for which in (seen, ~seen)
    )
    return train, test


def _penalty(run: Run, recipe: Recipe) -> float:
    return sum(float(penalty(run.model).item()) for penalty in _penalties(recipe))


def _penalties(recipe: Recipe) -> list[Regularizer]:
    return [kind(strength) for kind, strength in ((L1, recipe.l1), (L2, recipe.l2)) if strength]


def _maps(run: Run) -> tuple[list[Array], Array]:
    """What every hidden neuron, and the output, says in all the plane."""
    value: Any = Tensor(_plane_inputs(run.plan.inputs))
    maps = []
    with predicting(run.model):
        for layer in run.model:
            value = layer(value)
            if isinstance(layer, Dense):
                maps.append(np.nan_to_num(value.numpy(), posinf=HUGE, neginf=-HUGE))
    return maps[:-1], maps[-1]


def _large(hidden: list[Array], grid: Array, look: Neuron | None, certain: bool) -> tuple[Array, Array | None]:
    """The large map: values from −1 to 1, or how sure the output is, from 0 to 1, and of which class."""
    last = len(hidden) + 1
    if look is not None and (look[0] < last or grid.shape[1] > 1):
        layer, j = look
        if layer == 0:
            values = list(FEATURES.values())[j][1](plane())
        else:
            values = (hidden[layer - 1] if layer < last else grid)[:, j]
        return scaled(values).reshape(GRID, GRID), None
    if grid.shape[1] == 1:
        values = 2 * sigmoid(grid).numpy() - 1 if certain else np.clip(grid, -1, 1)
        return values[:, 0].reshape(GRID, GRID), None
    chance = 1 / grid.shape[1]
    p = softmax(grid if certain else 2 * grid).numpy()
    return ((p.max(axis=1) - chance) / (1 - chance)).reshape(GRID, GRID), grid.argmax(axis=1).reshape(GRID, GRID)


def _gradients(run: Run, recipe: Recipe, x: Array, truth: Array) -> list[tuple[Array, Array]]:
    """The gradient of what is minimized, over all training points at once, for every weight and bias."""
    model, dense = run.model, run.dense()
    if not len(x):
        return [(np.zeros_like(weight), np.zeros_like(bias)) for weight, bias in run.weights()]
    model.zero_grad()
    with evaluating(model):
        total = recipe.loss(model(Tensor(x)), truth)
    for penalty in _penalties(recipe):
        total = total + penalty(model)
    total.backward()
    gradients = [(np.nan_to_num(_grad(layer.weight)), np.nan_to_num(_grad(_bias(layer)))) for layer in dense]
    model.zero_grad()
    return gradients


def _bias(layer: Dense) -> Tensor:
    assert layer.bias is not None
    return layer.bias


def _grad(parameter: Tensor) -> Array:
    return parameter.grad if parameter.grad is not None else np.zeros_like(parameter.data)


def _mean(hits: Array) -> float:
    return float(hits.mean()) if len(hits) else math.nan
