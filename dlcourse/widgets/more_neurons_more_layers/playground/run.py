"""A training of the Playground: a model, an optimizer, and what happened so far. Made of the library's own parts."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlcourse import initializers, optimizers
from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.errors import DivergenceError
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.module import Sequential
from dlcourse.optimizers import Optimizer
from dlcourse.widgets.more_neurons_more_layers.playground.training import descend, minibatch, minimized

__all__ = ["INITIALIZERS", "OPTIMIZERS", "Kept", "Place", "Plan", "Recipe", "Run"]

Function = Callable[..., Any]

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "Nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "Adagrad": ("Adagrad", {}),
    "Adadelta": ("Adadelta", {}),
    "RMSprop": ("RMSprop", {}),
    "Adam": ("Adam", {}),
    "AdamW": ("AdamW", {}),
    "Nadam": ("Nadam", {}),
}
"""Name in the list: the library's class and its settings."""

INITIALIZERS: dict[str, tuple[Function, str]] = {
    "Glorot uniform": (initializers.glorot_uniform, "dl.glorot_uniform"),
    "Glorot normal": (initializers.glorot_normal, "dl.glorot_normal"),
    "He uniform": (initializers.he_uniform, "dl.he_uniform"),
    "He normal": (initializers.he_normal, "dl.he_normal"),
    "LeCun normal": (initializers.lecun_normal, "dl.lecun_normal"),
    "orthogonal": (initializers.orthogonal, "dl.orthogonal"),
    "normal, σ = 1": (initializers.normal(1.0), "dl.initializers.normal(1.0)"),
    "all zeros": (initializers.zeros, "dl.initializers.zeros"),
}
POINTS_OF_CURVE = 240
Place = tuple[int, int, int]
"""Of a weight or bias: layer, input, neuron; layers counted from 0, input −1 being the bias."""


@dataclass(frozen=True)
class Plan:
    """What a network is made from; another plan is another network, and training begins anew."""

    inputs: tuple[str, ...]
    widths: tuple[int, ...]
    outputs: int
    activation: str
    function: Function | None
    initializer: str
    seed: tuple[int, int]
    data: Any

    @property
    def shape(self) -> str:
        """The network's sizes, inputs first."""
        return "-".join(map(str, (len(self.inputs), *self.widths, self.outputs)))


@dataclass(frozen=True)
class Recipe:
    """How it is trained; may change while it trains."""

    optimizer: str
    lr: float
    batch: int
    loss: Function
    l1: float
    l2: float
    dropout: float


@dataclass(frozen=True)
class Kept:
    """A run that was kept, to compare the next one with."""

    name: str
    steps: int
    curve: tuple[tuple[float, ...], ...]


@dataclass(eq=False)
class Run:
    """A network in training. `advanced` and `with_weight` return a new one and leave this one as it is."""

    plan: Plan
    model: Sequential
    optimizer: Optimizer
    rng: np.random.Generator
    rule: str
    steps: int = 0
    seen: int = 0
    """Examples used so far; divided by the size of the training set, the epochs."""
    order: Array = field(default_factory=lambda: np.zeros(0, int))
    curve: list[tuple[float, ...]] = field(default_factory=list)
    """Step, error on the training points, error on the others, and what is minimized: error and penalty."""
    trouble: str = ""

    @classmethod
    def begun(cls, plan: Plan, recipe: Recipe) -> Run:
        """A new network by this plan."""
        rng = np.random.default_rng([*plan.seed, 1])
        sizes = (len(plan.inputs), *plan.widths)
        activation = plan.function or ZOO[plan.activation]
        initializer = INITIALIZERS[plan.initializer][0]
        layers: list[Any] = []
        for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
            layers.append(Dense(inputs, outputs, activation=activation, initializer=initializer, rng=rng))
            layers.append(Dropout(0.0, rng=rng))
        layers.append(Dense(sizes[-1], plan.outputs, initializer=initializer, rng=rng))
        model = Sequential(*layers)
        return cls(plan, model, _optimizer(recipe, model), rng, recipe.optimizer)

    def dense(self) -> list[Dense]:
        """The layers that have weights: the hidden ones and the output."""
        return [layer for layer in self.model if isinstance(layer, Dense)]

    def weights(self) -> list[tuple[Array, Array]]:
        """Weight (K, M) and bias (M,) of each of these layers."""
        return [(layer.weight.data, layer.bias.data) for layer in self.dense() if layer.bias is not None]

    def copied(self) -> Run:
        """A run with its own weights, optimizer, random numbers and memory; the rest is shared."""
        memo: dict[int, Any] = {id(self.plan): self.plan, id(self.curve): self.curve, id(self.order): self.order}
        return copy.deepcopy(self, memo)

    def with_rule(self, recipe: Recipe) -> Run:
        """The same network with another optimizer, which remembers nothing yet."""
        new = self.copied()
        new.optimizer, new.rule = _optimizer(recipe, new.model), recipe.optimizer
        return new

    def with_weight(self, place: Place, value: float) -> Run:
        """The same with one weight changed, or a bias where the place says input −1."""
        new = self.copied()
        new.entry(place)[...] = value
        new.trouble = ""
        return new

    def entry(self, place: Place, array: list[tuple[Array, Array]] | None = None) -> Array:
        """One weight or bias as a view: of this network, or of arrays (weight, bias) for each of its layers."""
        layer, i, j = place
        weight, bias = self.weights()[layer] if array is None else array[layer]
        return bias[j : j + 1] if i < 0 else weight[i, j : j + 1]

    # Training

    def advanced(self, recipe: Recipe, x: Array, truth: Array, count: int) -> Run:
        """This many steps further; fewer if something breaks, which is then told in `trouble`."""
        new = self.copied()
        for layer in new.model:
            if isinstance(layer, Dropout):
                layer.p = recipe.dropout
        with np.errstate(all="ignore"):
            for _ in range(count):
                if not new.step(recipe, x, truth):
                    break
        return new

    def step(self, recipe: Recipe, x: Array, truth: Array) -> bool:
        """One step of training in place; whether it went well. If not, the weights are those of before."""
        chosen, self.order = minibatch(self.order, len(x), recipe.batch, self.rng)
        self.optimizer.lr = recipe.lr
        total = minimized(self.model, recipe.loss, x[chosen], truth[chosen], recipe.l2)
        value = total.item()
        if math.isfinite(value):
            with contextlib.suppress(DivergenceError):  # explained below, in the words of the Playground
                descend(total, self.model, self.optimizer, recipe.l1)
                self.steps += 1
                self.seen += len(chosen)
                return True
        self.trouble = self._explained(value, recipe)
        self.optimizer.zero_grad()
        return False

    def _explained(self, value: float, recipe: Recipe) -> str:
        """What broke, at which step, and why."""
        largest = float(np.abs(self.optimizer.flats[0].w).max())
        what = f"the loss became {'NaN' if math.isnan(value) else 'infinite'}"
        if math.isfinite(value):
            what = f"the loss was {value:.3g}, and no step from there stays within the range of numbers"
        if largest > 1e3:
            why = (
                f"The largest weight had grown to {largest:.2g} by then: each step of size {recipe.lr:g} overshot the "
                "valley and landed higher on its other side, so the next gradient was larger still."
            )
        else:
            why = f"A single step of size {recipe.lr:g} was enough to leave the range of numbers."
        return (
            f"Step {self.steps + 1} broke it: {what}. {why} The weights of the step before are kept. "
            f"Go Back, or press New weights, and try a learning rate of {recipe.lr / 10:.2g}."
        )

    def noted(self, train: float, test: float, objective: float) -> Run:
        """With this point on the curves; when they get long, every other point is dropped."""
        curve = [*self.curve, (float(self.steps), train, test, objective)]
        if len(curve) > POINTS_OF_CURVE:
            curve = [*curve[:-1:2], curve[-1]]
        self.curve = curve
        return self


def _optimizer(recipe: Recipe, model: Sequential) -> Optimizer:
    name, settings = OPTIMIZERS[recipe.optimizer]
    return getattr(optimizers, name)(model.parameters(), recipe.lr, **settings)
