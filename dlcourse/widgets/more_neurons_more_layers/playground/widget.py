"""Playground: a whole network in the plane that one can build, train, poke at and break.

The rest of it: playground_data.py (what is learned), playground_run.py (the training), playground_numbers.py (what is
measured), playground_layout.py (where things are), playground_picture.py (the look), playground_hand.py (mouse and keys),
playground_words.py (sentence, readout, code).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.errors import FileFormatError, WrongTypeError
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.widgets.more_neurons_more_layers.playground import hand, picture, words
from dlcourse.widgets.more_neurons_more_layers.playground.data import (
    FEATURES,
    LOSSES,
    NUMBERS,
    PROBLEMS,
    Points,
    checked_points,
    dealt,
    made,
    own,
)
from dlcourse.widgets.more_neurons_more_layers.playground.data import inputs as inputs_of
from dlcourse.widgets.more_neurons_more_layers.playground.data import truth as truth_of
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult, errors, measured
from dlcourse.widgets.more_neurons_more_layers.playground.run import INITIALIZERS, OPTIMIZERS, Plan, Recipe, Run, loaded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Kept", "Playground", "PlaygroundResult"]

LAYERS = ("h1", "h2", "h3", "h4", "h5", "h6")
WIDEST = 8
CLASSES = ("1 orange circle", "2 blue square", "3 green triangle", "4 purple diamond")
Place = tuple[int, int, int]


@dataclass(frozen=True)
class Kept:
    """A run that was kept, to compare the next one with."""

    name: str
    steps: int
    curve: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class Playground(Widget):
    """Build a network for points in the plane, train it, look into it.

    Parameters
    ----------
    points : array, shape (N, 3), optional
        Your own points, shown with ``data="yours"``: x₁, x₂ and a class from 0 to 3. A fourth column says with 1 or 0
        whether a point is for training. Coordinates that leave the picture are scaled to −1 … 1.
    function : callable, optional
        Your own activation, from tensor to tensor, used with ``activation="yours"``.

    Examples
    --------
    >>> ring = Playground(h1=4, h2=0)
    >>> for _ in range(40):
    ...     ring = ring.step()
    >>> ring.run.steps, ring.compute().right[0] > 0.9
    (400, True)
    >>> Playground.from_json(ring.to_json()).run.steps
    400

    References
    ----------
    Smilkov, Carter, Sculley, Viégas, Wattenberg (2017), “Direct-Manipulation Visualization of Deep Networks”.
    """

    title: ClassVar[str] = "Playground"
    size: ClassVar[tuple[float, float]] = (7.2, 4.92)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.7)
    smallest_scale: ClassVar[float] = 0.5  # places in the picture are in inches, so it is made smaller as a whole

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

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None and not callable(self.function):
            raise WrongTypeError(f"Playground: function should be a function such as dl.tanh, not {self.function!r}.")
        if not _are_ready(self.points):
            object.__setattr__(self, "points", checked_points(self.points, self.share))
        if not self.features():
            object.__setattr__(self, "x1", True)
        self._bring_run()
        self._bring_places()

    def _bring_run(self) -> None:
        """A network that fits the settings: the present one, or a new one."""
        plan, recipe = self.plan(), self.recipe()
        run = self.run
        if run is None or run.plan != plan:
            object.__setattr__(self, "run", Run.begun(plan, recipe))
            self.run.noted(*errors(self))
        elif run.rule != recipe.optimizer:
            object.__setattr__(self, "run", run.with_rule(recipe))

    def _bring_places(self) -> None:
        """What is chosen must exist."""
        sizes = [len(self.used()), *self.widths(), self.run.plan.outputs]
        layer, i, j = self.weight
        layer = min(layer, len(sizes) - 2)
        weight = (layer, min(i, sizes[layer] - 1), min(j, sizes[layer + 1] - 1))
        number = float(self.run.entry(weight)[0])
        values: dict[str, Any] = {"weight": weight, "value": number if math.isfinite(number) else 0.0}
        for name in ("focus", "hover"):
            place = getattr(self, name)
            if place is not None and not self._exists(place):
                values[name] = None
        if self.data != "yours" or self.picked >= len(self.points_shown().x):
            values["picked"] = -1
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _exists(self, place: tuple[int, int]) -> bool:
        sizes = self.layout().sizes
        return place[0] < len(sizes) and place[1] < sizes[place[0]]

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; `value` changes the chosen weight; noise, number and share of points act on
        the learner's own points too, once they are moved.
        """
        value = changes.pop("value", None)
        controls = self.controls()
        if changes.get("data", self.data) == "yours":
            for name, meant in (("noise", "own_noise"), ("n", "own_n")):
                if name in changes:
                    changes[meant] = controls[name].clip(changes[name])
            if "share" in changes and "points" not in changes:
                changes["points"] = dealt(self.points, controls["share"].clip(changes["share"]))
        new = super().replace(**changes)
        if value is None:
            return new
        return super(Playground, new).replace(run=new.run.with_weight(new.weight, controls["value"].clip(value)))

    # What the settings mean

    def features(self) -> tuple[str, ...]:
        """Names of the inputs that are used."""
        return tuple(name for name in FEATURES if getattr(self, name))

    def used(self) -> tuple[int, ...]:
        """Their numbers among all inputs that are drawn."""
        return tuple(i for i, name in enumerate(FEATURES) if getattr(self, name))

    def widths(self) -> tuple[int, ...]:
        """Neurons in each hidden layer; a layer of 0 is no layer."""
        return tuple(int(getattr(self, name)) for name in LAYERS if getattr(self, name))

    def layout(self, wide: bool = True) -> Layout:
        """Where things are drawn."""
        return Layout(wide, (len(FEATURES), *self.widths(), self.outputs()))

    def points_shown(self) -> Points:
        """The points, what is true there, and which are for training."""
        if self.data == "yours":
            return own(self.points, self.own_noise, self.own_n, self.seed)
        return made(self.data, self.n, self.noise, self.share, self.seed)

    def outputs(self) -> int:
        """How many numbers the network gives: one for two classes or a measured number, else one a class."""
        classes = self.points_shown().classes
        return 1 if classes == 0 or (classes == 2 and not self.softmax) else classes

    def plan(self) -> Plan:
        """What the network is made from."""
        origin = "yours" if self.data == "yours" else (self.data, self.n, self.noise, self.share, self.seed)
        function = self.function if self.activation == "yours" else None
        name = "identity" if self.activation == "yours" else self.activation
        seed = (self.seed, self.draw_number)
        return Plan(self.features(), self.widths(), self.outputs(), name, function, self.initializer, seed, origin)

    def recipe(self) -> Recipe:
        """How it is trained."""
        points = self.points_shown()
        loss, _, _, _ = truth_of(self.loss, points.y, points.classes, self.outputs())
        return Recipe(self.optimizer, self.lr, self.batch, loss, self.l1, self.l2, self.dropout)

    def loss_name(self) -> str:
        """The loss in words: numbers have no cross-entropy and no hinge."""
        return "squared error" if self.data in NUMBERS and self.loss in ("cross-entropy", "hinge") else self.loss

    def examples(self) -> tuple[Points, Array, Array]:
        """The points, what the network sees of them, and the truth in the form that the loss takes."""
        points = self.points_shown()
        _, truth, _, _ = truth_of(self.loss, points.y, points.classes, self.outputs())
        return points, inputs_of(points.x, self.features()), truth

    def compute(self) -> PlaygroundResult:
        return measured(self)

    def idle_controls(self) -> Collection[str]:
        """Only two classes may have one output or two."""
        return () if self.points_shown().classes == 2 else ("softmax",)

    # Learning

    def can_step(self) -> bool:
        """Whether there is anything to learn from, and nothing broke."""
        return not self.run.trouble and bool(self.points_shown().seen.any())

    def step(self) -> Self:
        """As many steps of training as a frame has; nothing more happens after something broke."""
        if not self.can_step():
            return self
        points, x, truth = self.examples()
        run = self.run.advanced(self.recipe(), x[points.seen], truth[points.seen], self.pace)
        new = super().replace(run=run)
        if run.steps > self.run.steps:
            run.noted(*errors(new))
        return new

    @action("New weights")
    def restart(self) -> Self:
        """The same settings, and other first weights."""
        return self.replace(draw_number=self.draw_number + 1)

    @action("Add layer")
    def add_layer(self) -> Self:
        """One more hidden layer, as wide as the last one."""
        widths = self.widths()
        return self.shaped((*widths, widths[-1] if widths else 4)) if len(widths) < len(LAYERS) else self

    @action("Remove layer")
    def remove_layer(self) -> Self:
        """Without the last hidden layer."""
        return self.shaped(self.widths()[:-1]) if self.widths() else self

    def shaped(self, widths: tuple[int, ...]) -> Self:
        """With hidden layers of these sizes."""
        full = (*widths, *(0 for _ in LAYERS))[: len(LAYERS)]
        return self.replace(**dict(zip(LAYERS, full, strict=True)))

    @action("Keep this run")
    def keep(self) -> Self:
        """Remember the curves of this run, and compare the next one with them."""
        return self.replace(kept=Kept(words.short(self), self.run.steps, tuple(self.run.curve)))

    @action("Clear points")
    def clear(self) -> Self:
        """No points, to draw your own."""
        return self.replace(data="yours", points=(), picked=-1, own_noise=0.0, own_n=0)

    # Picture, words, code

    def looked_at(self) -> tuple[int, int] | None:
        """The neuron whose map is shown large: the one under the pointer, or the chosen one."""
        return self.hover if self.hover is not None else self.focus

    def draw(self, figure: Figure) -> dict[str, Any]:
        return picture.draw(figure, self)

    def paint(self, artists: dict[str, Any], result: PlaygroundResult) -> None:
        picture.paint(artists, self, result)

    def words_of_map(self, result: PlaygroundResult) -> str:
        """What stands above the large map."""
        return words.above_map(self, result)

    def words(self, result: PlaygroundResult, wide: bool) -> str:
        """What stands below the network: the settings, and the numbers of the neuron and weight that are looked at."""
        return words.readout(self, result, 118 if wide else 68)

    def describe(self, result: PlaygroundResult) -> str:
        return words.sentence(self, result)

    def code(self) -> str:
        return words.code(self)

    def code_results(self, result: PlaygroundResult) -> dict[str, Any]:
        found: dict[str, Any] = {"outputs": result.points_outputs}
        if not math.isnan(result.train):
            found["train_error"] = result.train
        if not math.isnan(result.test):
            found["test_error"] = result.test
        return found

    # In and out

    def to_json(self) -> str:
        """Everything, as text: settings, own points, weights, optimizer, random numbers, curves.

        Raises
        ------
        WrongTypeError
            If an activation of your own is used: a function is no text.
        """
        if self.activation == "yours" and self.function is not None:
            raise WrongTypeError(
                "Playground: a function of your own cannot be written as JSON; choose an activation by name."
            )
        settings = {name: getattr(self, name) for name in self.controls() if name != "value"}
        state = {
            "kind": "dlcourse playground", "version": 1, "settings": settings, "points": self.points,
            "own_noise": self.own_noise, "own_n": self.own_n, "draw_number": self.draw_number, "weight": self.weight, "focus": self.focus, "run": self.run.to_dict(),
            "kept": None if self.kept is None else [self.kept.name, self.kept.steps, self.kept.curve],
        }  # fmt: skip
        return json.dumps(state, allow_nan=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The playground that `to_json` wrote; training goes on as if it had never stopped.

        Raises
        ------
        FileFormatError
            If the text is broken, or no such thing.
        """
        state = loaded(text)
        try:
            kept = state["kept"]
            focus = state["focus"]
            new = cls(
                **state["settings"],
                points=tuple((float(a), float(b), int(c), bool(d)) for a, b, c, d in state["points"]),
                own_noise=float(state["own_noise"]),
                own_n=int(state["own_n"]),
                draw_number=int(state["draw_number"]),
                weight=tuple(state["weight"]),
                focus=None if focus is None else (int(focus[0]), int(focus[1])),
                kept=None if kept is None else Kept(str(kept[0]), int(kept[1]), tuple(map(tuple, kept[2]))),
            )
            run = state["run"]
        except (KeyError, TypeError, ValueError) as error:
            raise FileFormatError(f"Playground: the settings in this text cannot be read ({error}).") from None
        return super(Playground, new).replace(run=new.run.with_dict(run))

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.kind == "up":
            return self.replace(grabbed="") if self.grabbed else self
        if event.axes in ("network", "narrow network"):
            return hand.in_network(self, event, self.layout(event.axes == "network"))
        if event.axes == "map":
            return hand.in_map(self, event)
        return self.replace(hover=None) if self.hover is not None else self

    def key(self, key: str) -> Self:
        return hand.pressed(self, key)


def _are_ready(points: Any) -> bool:
    return isinstance(points, tuple) and all(
        isinstance(p, tuple) and len(p) == 4 and isinstance(p[3], bool) for p in points[:1]
    )
