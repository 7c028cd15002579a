"""The state of `NeuronExplorer`: a neuron, the points it is shown, what is selected, and the next step of learning."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.activations import ZOO, identity
from dlcourse.arrays import Array
from dlcourse.errors import DataError
from dlcourse.live.own_function import check_activation, need_slope
from dlcourse.live.points import Editor, View
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.losses import binary_cross_entropy, squared_error
from dlcourse.ops.matrix import matmul
from dlcourse.tensor import Tensor
from dlcourse.widgets.single_neuron import numbers
from dlcourse.widgets.single_neuron.numbers import AXIS, CORNERS, PIXELS, SQUARE, TRUTH, Handle, NeuronResult, Points

__all__ = ["LINE", "NeuronState"]

LINE = -1
"""The value of `selected` when the line, and no point, is moved by the arrow keys."""


@dataclass(frozen=True, eq=False)
class NeuronState(Widget):
    """Fields, controls and numbers; `NeuronExplorer` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"points": "data", "function": "activation"}

    w1: float = slider(1.0, -5.0, 5.0, step=0.1, label="w₁")
    w2: float = slider(1.0, -5.0, 5.0, step=0.1, label="w₂")
    b: float = slider(-0.5, -10.0, 10.0, step=0.1, label="b")
    activation: str = choice("sigmoid", (*ZOO, "bump", "yours"), label="activation")
    data: str = choice("AND", (*TRUTH, "yours"), label="points")
    lr: float = slider(0.5, 0.01, 10.0, log=True, label="lr, the step of Play", advanced=True)
    points: Any = state(())
    function: Callable[[Any], Any] | None = state(None)
    threshold: float | None = state(None)
    selected: int = state(3)
    grabbed: str = state("")
    """What the pointer holds: "point", "line", "turn" or nothing."""
    view: View | None = state(None)
    walked: tuple[int, tuple[float, float, float]] = state((0, (0.0, 0.0, 0.0)))
    """How many steps Play has made, and w₁, w₂ and b as the last of them left them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None:
            check_activation("NeuronExplorer", self.function)
        if self.activation == "yours" and self.function is not None:
            with np.errstate(all="ignore"):
                if not np.isfinite(numbers.values_of(self.curve, AXIS)).all():
                    raise DataError(
                        "NeuronExplorer: your function gives NaN or infinity somewhere between −6 and 6. What comes into an "
                        "activation may be any number, so it should have an answer to each."
                    )
        if not (isinstance(self.points, tuple) and self.view is not None):
            points = numbers.check_points(self.points)
            object.__setattr__(self, "points", points)
            object.__setattr__(self, "view", numbers.view_around(points))

    # What follows from the fields

    @property
    def shown(self) -> Points:
        """The points in the picture: x₁, x₂, class."""
        if self.data == "yours":
            return self.points
        return tuple((x, y, label) for (x, y), label in zip(CORNERS, TRUTH[self.data], strict=True))

    @property
    def limits(self) -> View:
        """Left, right, bottom and top of the picture."""
        return self.view if self.data == "yours" and self.view is not None else SQUARE

    @property
    def w(self) -> tuple[float, float]:
        """Both weights."""
        return self.w1, self.w2

    @property
    def steps(self) -> int:
        """Steps of learning since a hand has last moved the line."""
        return self.walked[0] if self.walked[1] == (self.w1, self.w2, self.b) else 0

    @property
    def curve(self) -> Callable[[Any], Any]:
        """The activation as a function."""
        if self.activation == "yours":
            return self.function or identity
        return numbers.bump if self.activation == "bump" else ZOO[self.activation]

    @property
    def cutoff(self) -> float:
        """The neuron says 1 where its output is above this."""
        if self.threshold is not None:
            return float(self.threshold)
        if self.activation == "bump" or (self.activation == "yours" and self.function is not None):
            return 0.5
        return float(numbers.values_of(self.curve, np.zeros(1))[0])

    @property
    def handle(self) -> Handle | None:
        """What the line is turned by; None while both weights are zero."""
        return numbers.handle(self.w, self.b, self.limits)

    @property
    def editor(self) -> Editor[tuple[float, float, int]]:
        """The points, for a hand to edit."""
        return Editor(self.shown, self.selected, self.limits)

    # Numbers

    def compute(self) -> NeuronResult:
        table = np.array(self.shown, float).reshape(-1, 3)
        truth = table[:, 2].astype(int)
        z, output = numbers.neuron(table[:, :2], self.w, self.b, self.curve)
        left, right, bottom, top = self.limits
        middles = (np.arange(PIXELS) + 0.5) / PIXELS  # of the squares of the picture
        gx, gy = np.meshgrid(left + middles * (right - left), bottom + middles * (top - bottom))
        plane_z, surface = numbers.neuron(np.column_stack([gx.ravel(), gy.ravel()]), self.w, self.b, self.curve)
        says = (output > self.cutoff).astype(int)
        levels: tuple[float, ...] = (0.0,)
        if self.activation not in ZOO or self.threshold is not None:
            levels = numbers.crossings(self.curve, float(plane_z.min()), float(plane_z.max()), self.cutoff)
        return NeuronResult(
            z=z, output=output, says=says, truth=truth, right=int((says == truth).sum()),
            error=self.loss(Tensor(z[:, None]), table[:, 2:]).item() if len(table) else 0.0,
            surface=surface.reshape(PIXELS, PIXELS), threshold=self.cutoff, levels=levels,
        )  # fmt: skip

    def background(self) -> Hashable:
        return (self.limits, self.activation, id(self.function), self.data)

    # Learning

    def loss(self, z: Tensor, truth: Array) -> Tensor:
        """What Play makes smaller, from the sums z and the classes, both of shape (N, 1).

        Cross-entropy for the sigmoid; for the others squared error, half a unit above the threshold being the aim for
        class 1 and half a unit below for class 0.
        """
        if self.activation == "sigmoid":
            return binary_cross_entropy(z, truth)
        return squared_error(self.curve(z), truth - 0.5 + self.cutoff)

    def can_step(self) -> bool:
        """Whether there is anything to learn from."""
        return bool(self.shown)

    def step(self) -> Self:
        """One step of gradient descent on all points, down the `loss`."""
        if not self.shown:
            return self
        if self.activation == "yours" and self.function is not None:
            need_slope("NeuronExplorer", self.function)
        table = np.array(self.shown, float)
        truth = table[:, 2:]
        w = Tensor(np.array([[self.w1], [self.w2]]), requires_grad=True)
        b = Tensor(np.array([self.b]), requires_grad=True)
        self.loss(matmul(table[:, :2], w) + b, truth).backward()
        if w.grad is None or b.grad is None:
            return self
        old = np.array([self.w1, self.w2, self.b])
        new = old - self.lr * np.array([*w.grad[:, 0], b.grad[0]])
        if not np.isfinite(new).all() or np.abs(new - old).max() < 1e-7:
            return self
        w1, w2, b_new = map(float, new)
        return self.replace(w1=w1, w2=w2, b=b_new, walked=(self.steps + 1, (w1, w2, b_new)))

    # Line and points, moved

    def placed(self, w1: float, w2: float, b: float) -> Self:
        """With this line; all three are shrunk together where one would leave its slider."""
        shrink = min(1.0, *(5.0 / max(abs(w), 5.0) for w in (w1, w2)), 10.0 / max(abs(b), 10.0))
        return self.replace(w1=round(w1 * shrink, 3), w2=round(w2 * shrink, 3), b=round(b * shrink, 3))

    def edited(self, editor: Editor[tuple[float, float, int]]) -> Self:
        """With what a hand made of the points; they are the learner's own from then on, in the present view."""
        if editor.points != self.shown:
            return self.replace(points=editor.points, data="yours", selected=editor.selected, view=self.limits)
        return self if editor.selected == self.selected else self.replace(selected=editor.selected)

    @action("Flip class")
    def flip(self) -> Self:
        """The ringed point in the other class."""
        row = self.editor.row
        return self if row is None else self.edited(self.editor.marked(1 - row[2]))

    @action("Delete point")
    def remove(self) -> Self:
        """Without the ringed point."""
        return self.edited(self.editor.removed())
