"""The settings of `Playground`: its fields, and what they mean for points, network and training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from dlcourse.activations import ZOO
from dlcourse.live.widget import Widget, choice, slider, state, toggle
from dlcourse.widgets.more_neurons_more_layers.playground import data as made_of
from dlcourse.widgets.more_neurons_more_layers.playground.data import CLASSES, FEATURES, LOSSES, Aim, Examples, Points
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import Neuron
from dlcourse.widgets.more_neurons_more_layers.playground.problems import NUMBERS, PROBLEMS
from dlcourse.widgets.more_neurons_more_layers.playground.run import INITIALIZERS, OPTIMIZERS, Kept, Place, Plan, Recipe

__all__ = ["LAYERS", "WIDEST", "SettingsState"]

LAYERS = ("h1", "h2", "h3", "h4", "h5", "h6")
WIDEST = 8


@dataclass(frozen=True, eq=False)
class SettingsState(Widget):
    """Fields, and properties that follow from them alone."""

    chooses: ClassVar[Mapping[str, str]] = {"points": "data", "function": "activation"}

    data: str = choice("rings", (*PROBLEMS, "yours"), label="points")
    activation: str = choice("tanh", (*ZOO, "yours"), label="activation")
    h1: int = slider(4, 0, WIDEST, label="layer 1")
    h2: int = slider(2, 0, WIDEST, label="layer 2")
    h3: int = slider(0, 0, WIDEST, label="layer 3")
    lr: float = slider(0.3, 1e-4, 10.0, log=True, label="learning rate")
    pace: int = slider(10, 1, 200, label="steps a frame", advanced=True)
    batch: int = slider(10, 1, 200, label="batch size", advanced=True)
    optimizer: str = choice("SGD", tuple(OPTIMIZERS), label="optimizer", advanced=True)
    loss: str = choice("cross-entropy", tuple(LOSSES), label="loss", advanced=True)
    initializer: str = choice("Glorot uniform", tuple(INITIALIZERS), label="initial weights", advanced=True)
    seed: int = slider(0, 0, 99, label="seed", advanced=True)
    l1: float = slider(0.0, 0.0, 0.1, step=0.001, label="L1, λ₁", advanced=True)
    l2: float = slider(0.0, 0.0, 0.1, step=0.001, label="L2, λ₂", advanced=True)
    dropout: float = slider(0.0, 0.0, 0.9, step=0.05, label="dropout p", advanced=True)
    noise: float = slider(0.1, 0.0, 0.5, step=0.01, label="noise", advanced=True)
    n: int = slider(200, 20, 500, label="how many points", advanced=True)
    share: int = slider(60, 10, 90, label="% for training", advanced=True)
    h4: int = slider(0, 0, WIDEST, label="layer 4", advanced=True)
    h5: int = slider(0, 0, WIDEST, label="layer 5", advanced=True)
    h6: int = slider(0, 0, WIDEST, label="layer 6", advanced=True)
    value: float = slider(0.0, -8.0, 8.0, step=0.01, label="chosen weight", advanced=True)
    brush: str = choice(CLASSES[1], CLASSES, label="a click adds", advanced=True)
    x1: bool = toggle(True, label="input x₁", advanced=True)
    x2: bool = toggle(True, label="input x₂", advanced=True)
    x1x1: bool = toggle(False, label="input x₁²", advanced=True)
    x2x2: bool = toggle(False, label="input x₂²", advanced=True)
    x1x2: bool = toggle(False, label="input x₁x₂", advanced=True)
    sin1: bool = toggle(False, label="input sin 4x₁", advanced=True)
    sin2: bool = toggle(False, label="input sin 4x₂", advanced=True)
    softmax: bool = toggle(False, label="softmax for two classes too", advanced=True)
    show_test: bool = toggle(True, label="show unseen points", advanced=True)
    discrete: bool = toggle(False, label="only the decision", advanced=True)
    gradients: bool = toggle(False, label="links show gradients", advanced=True)
    points: Any = state(())
    function: Callable[[Any], Any] | None = state(None)
    own_noise: float = state(0.0)
    own_n: int = state(0)
    run: Any = state(None)
    draw_number: int = state(0)
    kept: Kept | None = state(None)
    weight: Place = state((0, 0, 0))
    focus: tuple[int, int] | None = state(None)
    hover: tuple[int, int] | None = state(None)
    picked: int = state(-1)
    grabbed: str = state("")
    """What the pointer holds: "point", "weight" or nothing."""
    grip: tuple[float, float] = state((0.0, 0.0))
    """Where a weight was taken, in the picture, and what it was then."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs that are used."""
        return tuple(name for name in FEATURES if getattr(self, name))

    @property
    def used(self) -> tuple[int, ...]:
        """Their numbers among all inputs that are drawn."""
        return tuple(i for i, name in enumerate(FEATURES) if getattr(self, name))

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons in each hidden layer; a layer of 0 is no layer."""
        return tuple(int(getattr(self, name)) for name in LAYERS if getattr(self, name))

    @property
    def outputs(self) -> int:
        """How many numbers the network gives: one for two classes or a measured number, else one per class."""
        classes = self.shown.classes
        return 1 if classes == 0 or (classes == 2 and not self.softmax) else classes

    @property
    def sizes(self) -> tuple[int, ...]:
        """What is drawn in each column: all inputs, the neurons of each hidden layer, the outputs."""
        return (len(FEATURES), *self.widths, self.outputs)

    def layout(self, wide: bool = True) -> Layout:
        """Where things are drawn."""
        return Layout(wide, self.sizes)

    @property
    def shown(self) -> Points:
        """The points, what is true there, and which are for training."""
        if self.data == "yours":
            return made_of.own(self.points, self.own_noise, self.own_n, self.seed)
        return made_of.made(self.data, self.n, self.noise, self.share, self.seed)

    @property
    def aim(self) -> Aim:
        """The loss, and the form in which it takes the truth."""
        return made_of.aim_of(self.loss, self.shown.classes, self.outputs)

    @property
    def examples(self) -> Examples:
        """The points, what the network sees of them, and the truth in the form that the loss takes."""
        points = self.shown
        return Examples(points, made_of.inputs(points.x, self.features), self.aim.truth(points.y, self.outputs))

    @property
    def plan(self) -> Plan:
        """What the network is made from."""
        origin = "yours" if self.data == "yours" else (self.data, self.n, self.noise, self.share, self.seed)
        mine = self.activation == "yours"
        return Plan(
            inputs=self.features, widths=self.widths, outputs=self.outputs, initializer=self.initializer,
            activation="identity" if mine else self.activation, function=self.function if mine else None,
            seed=(self.seed, self.draw_number), data=origin,
        )  # fmt: skip

    @property
    def recipe(self) -> Recipe:
        """How it is trained."""
        return Recipe(
            optimizer=self.optimizer, lr=self.lr, batch=self.batch, loss=self.aim.loss, l1=self.l1, l2=self.l2,
            dropout=self.dropout,
        )  # fmt: skip

    @property
    def looked_at(self) -> Neuron | None:
        """The neuron whose map is shown large: the one under the pointer, or the chosen one."""
        return self.hover if self.hover is not None else self.focus

    @property
    def certain(self) -> bool:
        """Whether the output is a probability."""
        return self.loss == "cross-entropy" and self.data not in NUMBERS

    @property
    def brushed(self) -> int:
        """The class of a point that a click adds."""
        return CLASSES.index(self.brush)
