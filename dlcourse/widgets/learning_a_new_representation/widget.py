"""Representation: walk through the layers of a small network and watch the plane being bent until one straight cut does.

After Christopher Olah, “Neural Networks, Manifolds, and Topology” (2014). The way through the layers is in
learning_a_new_representation_layers.py, the picture in …_picture.py; TwoViews, for digits, is in …_digits.py.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.layers.module import Sequential
from dlcourse.live.widget import Pointer, Widget, choice, slider, state
from dlcourse.metrics import predicting
from dlcourse.tensor import Tensor
from dlcourse.widgets.learning_a_new_representation import layers, picture
from dlcourse.widgets.learning_a_new_representation.scene import Scene, scene
from dlcourse.widgets.learning_a_new_representation.training import (
    DATA,
    EVERY,
    NETWORKS,
    PENALTY,
    STEPS,
    Problem,
    made,
    problem,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Representation", "RepresentationResult"]


REST = 30
"""Steps that Play stays at either end."""


@lru_cache(maxsize=64)
def _made(points: Problem, widths: tuple[int, ...], seed: int, steps: int) -> tuple[Sequential, Scene]:
    model = made(points, widths, seed, steps)
    return model, scene(model, points)


@dataclass(frozen=True, eq=False)
class RepresentationResult:
    """Where everything is at the shown place between two layers."""

    scene: Scene
    points: Array
    """(N, 3), along the drawn axes; so for the next two."""
    grid: Array
    boundary: Array
    leg: int
    """On which leg of the way, counted from 0."""
    share: float
    """How much of it is done."""
    layers: list[Array]
    """What the points are at the start and after each leg, in the order of the network's neurons: (N, 2) or (N, 3)."""
    right: float
    """Share of the points on their side of the cut."""


@dataclass(frozen=True, eq=False)
class Representation(Widget):
    """A plane on its way through the layers of a network.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, as it is now: from points of a plane, through layers of any width, to a last hidden layer of 2
        or 3 neurons and one `Dense` with one or two outputs.
    points : Dataset, optional
        Your own points, x (N, 2), y 0 or 1.

    Examples
    --------
    >>> round(Representation(network="2").compute().right, 1), Representation(network="3").compute().right
    (0.9, 1.0)
    """

    title: ClassVar[str] = "Representation"
    size: ClassVar[tuple[float, float]] = (7.2, 3.75)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

    way: float = slider(0.0, 0.0, 1.0, step=0.01, label="way through")
    network: str = choice("2", (*NETWORKS, "yours"), label="hidden neurons")
    data: str = choice("disc in ring", (*DATA, "yours"), label="points")
    seed: int = slider(0, 0, 19, label="seed")
    turn: int = slider(0, -180, 180, step=5, label="turn the view")
    steps: int = slider(STEPS, 0, STEPS, step=EVERY, label="training steps")
    model: Any = state(None)
    points: Any = state(None)
    known: Any = state(None)
    grabbed: tuple[float, int] | None = state(None)
    """Where the view was taken hold of, and how it was turned then."""
    back: bool = state(False)
    """Whether Play travels back to the input."""
    rest: int = state(0)
    """For how many more steps Play stands still at an end."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "steps", EVERY * round(self.steps / EVERY))  # a number box takes any
        if self.known is not None:
            return
        object.__setattr__(self, "known", {})  # what is computed once for one's own model and points
        if self.model is not None:
            layers.check_model("Representation", self.model)
            # As it is now: a cell further down may go on training the learner's own.
            object.__setattr__(self, "model", copy.deepcopy(self.model))
            object.__setattr__(self, "network", "yours")
        if self.points is not None:
            object.__setattr__(self, "known", {"points": _checked(self.points)})
            object.__setattr__(self, "data", "yours")

    def replace(self, **changes: Any) -> Self:
        """As every widget's; another seed or number of steps is another network than your own."""
        new = super().replace(**changes)
        stays = self.network == new.network == "yours" and self.model is not None
        if stays and (new.seed, new.steps) != (self.seed, self.steps):
            width = len(self._known_scene().legs[-1].order)
            new = super(Representation, new).replace(network=str(width))
        return new

    # Numbers

    def problem(self) -> Problem:
        """The points that are shown."""
        if self.data == "yours" and self.points is not None:
            own: Problem = self.known["points"]
            return own
        return problem("disc in ring" if self.data == "yours" else self.data)

    def widths(self) -> tuple[int, ...]:
        """Neurons in each hidden layer of a network that is made here."""
        return NETWORKS["3" if self.network == "yours" else self.network]

    def trained(self) -> Sequential:
        """The network that is shown."""
        if self.network == "yours" and self.model is not None:
            own: Sequential = self.model
            return own
        return _made(self.problem(), self.widths(), self.seed, self.steps)[0]

    def _known_scene(self) -> Scene:
        if self.network != "yours" or self.model is None:
            return _made(self.problem(), self.widths(), self.seed, self.steps)[1]
        key = ("scene", id(self.problem()))
        if key not in self.known:
            self.known[key] = scene(self.model, self.problem())
        found: Scene = self.known[key]
        return found

    def compute(self) -> RepresentationResult:
        seen = self._known_scene()
        place = self.way * len(seen.legs)
        leg = min(int(place + 1e-9), len(seen.legs) - 1)
        share = min(max(place - leg, 0.0), 1.0)
        between = seen.legs[leg].between
        points, grid, boundary = (
            between(stops[leg], stops[leg + 1], share) for stops in (seen.points, seen.grid, seen.boundary)
        )
        orders = [(0, 1), *(one.order for one in seen.legs)]
        values = [stop[:, np.argsort(order)] for stop, order in zip(seen.points, orders, strict=True)]
        return RepresentationResult(seen, points, grid, boundary, leg, share, values, seen.right)

    # Picture

    def background(self) -> Hashable:
        return (id(self.problem()), self._known_scene().deep)

    def draw(self, figure: Figure) -> dict[str, Any]:
        return picture.draw(self, figure)

    def paint(self, artists: dict[str, Any], result: RepresentationResult) -> None:
        picture.paint(self, artists, result)

    def where(self, result: RepresentationResult) -> str:
        """The shown place in words."""
        names = ["the input", *(leg.name for leg in result.scene.legs)]
        name = names[result.leg + 1]
        if result.share < 0.005:
            return names[result.leg]
        return name if result.share > 0.995 else f"{result.share:.0%} of the way to {name}"

    def called(self) -> str:
        """The network in words."""
        if self.network == "yours" and self.model is not None:
            return "Your network"
        return f"Network 2 → {' → '.join(map(str, self.widths()))} → 1, seed {self.seed}, {self.steps} steps"

    def describe(self, result: RepresentationResult) -> str:
        name = "your points" if self.data == "yours" and self.points is not None else self.data
        count = len(self.problem().y)
        wrong = count - round(result.right * count)
        cut = "plane" if len(result.scene.legs[-1].order) == 3 else "line"
        asked = ""
        if self.data == "yours" and self.points is None:
            name, asked = "disc in ring", " Your own points: Representation(points=dataset)."
        if self.network == "yours" and self.model is None:
            asked += " Your own network: Representation(model=model)."
        is_ = "is" if wrong == 1 else "are"
        where = f"{wrong} of {count} points {is_} on the wrong side" if wrong else "all points are on their side"
        return (
            f"{self.called()}, on {name}: {where} of its last straight cut, a {cut} ({result.right:.1%} right). "
            f"Shown at {self.where(result)}, turned by {self.turn}°.{asked}".replace("-", "−")
        )

    # Code

    def code(self) -> str:
        text = "import numpy as np\nimport dlcourse as dl\n\n"
        if self.data == "yours" and self.points is not None:
            text += "x, y = data.x, data.y  # your own points\n"
        else:
            text += "rng = np.random.default_rng(0)\n" + DATA["disc in ring" if self.data == "yours" else self.data]
        if self.network != "yours" or self.model is None:
            text += self._training_code()
        text += "\nhidden = dl.predict(model[:-1], x)  # what the last layer sees\n"
        text += "right = np.mean(dl.predict(model, x).argmax(axis=1) == y)\n" if self._two() else (
            "right = np.mean((dl.predict(model, x)[:, 0] > 0) == y)\n"
        )  # fmt: skip
        return text + "print(hidden.shape, f'{right:.1%} right')\n"

    def _two(self) -> bool:
        network = self.trained()
        return bool(network[len(network) - 1].outputs == 2)

    def _training_code(self) -> str:
        sizes = (2, *self.widths())
        dense = "".join(
            f"    dl.Dense({a}, {b}, activation=dl.tanh, rng=rng),\n" for a, b in zip(sizes, sizes[1:], strict=False)
        )
        return (
            f"\nrng = np.random.default_rng({self.seed})\nmodel = dl.Sequential(\n{dense}"
            f"    dl.Dense({sizes[-1]}, 1, rng=rng),\n)\n"
            f"optimizer, penalty = dl.Adam(model.parameters(), 0.1), dl.L2({PENALTY})\n"
            f"for _ in range({self.steps}):\n    optimizer.zero_grad()\n"
            "    (dl.binary_cross_entropy(model(x), y[:, None]) + penalty(model)).backward()\n    optimizer.step()\n"
        )

    def code_results(self, result: RepresentationResult) -> dict[str, Any]:
        with predicting(self.trained()):
            h = self.trained()[:-1](Tensor(self.problem().x)).data
        return {"hidden": h, "right": result.right}

    # Hand

    def step(self) -> Self:
        """A little further on the way, from the input to the end and, after a rest, back again."""
        if self.rest and self.way in (0.0, 1.0):
            return self.replace(rest=self.rest - 1)
        back = self.way >= 1 or (self.back and self.way > 0)
        way = round(self.way + (-0.01 if back else 0.01), 2)
        return self.replace(way=way, back=back, rest=REST if way in (0.0, 1.0) else 0)

    def pointer(self, event: Pointer) -> Self:
        """Dragging the right picture sideways turns the view."""
        if event.kind == "down" and event.axes == "space":
            return self.replace(grabbed=(event.x, self.turn))
        if event.kind == "up" and self.grabbed is not None:
            return self.replace(grabbed=None)
        if event.kind != "drag" or self.grabbed is None:
            return self
        start, turn = self.grabbed
        degrees = 5 * round((turn - 90 * (event.x - start)) / 5)
        return self.replace(turn=(degrees + 180) % 360 - 180)

    def key(self, key: str) -> Self:
        moves: dict[str, dict[str, Any]] = {
            "ArrowRight": {"way": round(self.way + 0.01, 2)}, "ArrowLeft": {"way": round(self.way - 0.01, 2)},
            "ArrowUp": {"turn": self.turn + 5}, "ArrowDown": {"turn": self.turn - 5},
        }  # fmt: skip
        return self.replace(**moves[key]) if key in moves else self


def _checked(data: Any) -> Problem:
    """The learner's points, or an error that says what is wrong with them."""
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"Representation: points should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    if data.x.ndim != 2 or data.x.shape[1] != 2:
        raise ShapeError(f"Representation: points should lie in a plane, x of shape (N, 2), not {data.x.shape}.")
    if data.y.ndim != 1 or not np.isin(data.y, (0, 1)).all() or len(data.y) < 2:
        raise DataError("Representation: the answers should be two classes, 0 and 1, one for each point.")
    low, high = data.x.min(axis=0), data.x.max(axis=0)
    half = 0.6 * float((high - low).max()) or 1.0
    return Problem(data.x.astype(np.float32), data.y, ((low + high) / 2).astype(np.float64), half)
