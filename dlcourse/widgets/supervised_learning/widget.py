"""FitAFunction: examples, a few learners, and the error on points that none of them has seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError, counted
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.losses import squared_error
from dlcourse.widgets.supervised_learning import learners, picture
from dlcourse.widgets.supervised_learning.picture import number, off, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


__all__ = ["FitAFunction", "FitResult"]

Points = tuple[tuple[float, float, int], ...]
View = tuple[float, float, float, float]
MODELS = ("nearest neighbour", "line", "polynomial", "network")
GRID = 400
VIEWS: dict[str, View] = {
    "wave": (-1.1, 1.1, -2.0, 2.0), "jump": (-1.1, 1.1, -2.0, 2.0), "petals": (0.6, 7.3, -0.3, 3.1),
    "tumours": (5.5, 29.5, -200.0, 2800.0), "": (-1.1, 1.1, -2.0, 2.0),
}  # fmt: skip


@dataclass(frozen=True)
class FitResult:
    """What the learners made of the seen points."""

    seen: tuple[Array, Array]
    unseen: tuple[Array, Array]
    grid: Array
    curves: dict[str, Array]
    """The function that each learner chose, at `grid`; nothing while there are no points."""
    seen_errors: dict[str, float]
    unseen_errors: dict[str, float]
    """Mean squared errors, by learner; of the unseen points only if there are any and they may be shown."""
    told: Array
    """What the chosen learner says at each seen point."""


@dataclass(frozen=True, eq=False)
class FitAFunction(Widget):
    """Some points are seen, some are not. Each learner chooses a function from the seen ones.

    Parameters
    ----------
    points : array, shape (N, 2) or (N, 3), optional
        Your own points, x and y, and in a third column 1 for a seen point and 0 for an unseen one. They are shown with
        ``data="yours"``.
    fit : callable, optional
        Your own learner: ``fit(x, y)`` takes examples of shape (N,) and returns a function from new x to answers. It
        stands in the list as "yours".

    Examples
    --------
    >>> result = FitAFunction(data="wave", examples=12).compute()
    >>> result.seen_errors["nearest neighbour"], result.unseen_errors["nearest neighbour"] > 0.1
    (0.0, True)
    """

    title: ClassVar[str] = "Fit a function"
    size: ClassVar[tuple[float, float]] = (7.2, 3.7)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.2)
    steps_per_second: ClassVar[float] = 5.0

    data: str = choice("wave", (*learners.SOURCES, "yours"), label="points")
    model: str = choice("nearest neighbour", (*MODELS, "yours"), label="learner")
    degree: int = slider(9, 0, 15, label="polynomial degree")
    examples: int = slider(12, 2, learners.UNSEEN_FROM, label="seen points")
    unseen: bool = toggle(True, label="unseen points")
    everyone: bool = toggle(False, label="all curves")
    width: int = slider(16, 1, 32, label="neurons of the network", advanced=True)
    steps: int = slider(150, 0, 400, step=10, label="training steps of the network", advanced=True)
    fit: Callable[[Array, Array], Callable[[Array], Array]] | None = state(None)
    points: Any = state(())
    source: tuple[str, int] = state(("", 0))
    """Where the unseen points of one's own come from: the source, and its seed, that was changed by hand."""
    seed: int = state(0)
    selected: int = state(0)
    grabbed: bool = state(False)
    view: View | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fit is not None and not callable(self.fit):
            raise WrongTypeError(f"FitAFunction: fit should be a function fit(x, y), not {type(self.fit).__name__}.")
        if not (isinstance(self.points, tuple) and self.view is not None):
            points = _checked(self.points)
            object.__setattr__(self, "points", points)
            object.__setattr__(self, "view", _view(points))

    # Numbers

    def origin(self) -> tuple[str, int]:
        """The source and the seed of the points; "" for points that are all one's own."""
        return self.source if self.data == "yours" else (self.data, self.seed)

    def editable(self) -> Points:
        """The points that can be moved: x, y, and 1 where seen."""
        if self.data == "yours":
            return self.points
        x, y = learners.table(self.data, self.seed)
        return tuple((float(a), float(b), 1) for a, b in zip(x[: self.examples], y[: self.examples], strict=True))

    def unseen_of_source(self) -> tuple[Array, Array]:
        """The unseen points that cannot be moved."""
        name, seed = self.origin()
        x, y = learners.table(name, seed) if name else (np.zeros(0), np.zeros(0))
        return x[learners.UNSEEN_FROM :], y[learners.UNSEEN_FROM :]

    def open(self) -> bool:
        """Whether the unseen points may be shown."""
        return self.unseen and not self.hides

    def limits(self) -> View:
        """Left, right, bottom and top of the picture."""
        return self.view if self.data == "yours" and self.view is not None else VIEWS[self.data]

    def names(self) -> tuple[str, ...]:
        """The learners in the list."""
        return (*MODELS, "yours") if self.fit is not None or self.model == "yours" else MODELS

    def learner(self, name: str) -> Callable[[Array, Array], Callable[[Array], Array]]:
        """A learner by name, as a function fit(x, y)."""
        if name == "yours":
            return self.fit or learners.always_the_mean
        if name == "polynomial":
            return partial(learners.polynomial, self.degree)
        if name == "network":
            return partial(learners.network, self.width, self.steps)
        return learners.nearest_neighbour if name == "nearest neighbour" else learners.best_line

    def predictor(self, name: str, seen: tuple[tuple[float, float], ...]) -> Callable[[Array], Array]:
        """The function that a learner chooses from these examples."""
        settings = {"polynomial": (self.degree,), "network": (self.width, self.steps)}.get(name, ())
        if name == "yours" and self.fit is not None:
            x, y = np.array(seen).T
            return learners.call(self.fit, x, y)
        return _chosen(name, settings, seen)

    def compute(self) -> FitResult:
        editable = np.array(self.editable(), float).reshape(-1, 3)
        mine = editable[:, 2] > 0
        x, y = editable[mine, 0], editable[mine, 1]
        more = self.unseen_of_source()
        new_x = np.concatenate([more[0], editable[~mine, 0]])
        new_y = np.concatenate([more[1], editable[~mine, 1]])
        left, right, _, _ = self.limits()
        grid = np.linspace(left, right, GRID)
        curves: dict[str, Array] = {}
        seen_errors, unseen_errors = {}, {}
        told = np.zeros(0)
        everything = np.concatenate([grid, x, new_x])
        for name in self.names() if len(x) else ():
            answers = self.predictor(name, tuple(zip(x.tolist(), y.tolist(), strict=True)))(everything)
            curves[name] = answers[:GRID]
            at_seen = answers[GRID : GRID + len(x)]
            seen_errors[name] = squared_error(at_seen, y).item()
            if self.open() and len(new_x):
                unseen_errors[name] = squared_error(answers[GRID + len(x) :], new_y).item()
            if name == self.model:
                told = at_seen
        return FitResult((x, y), (new_x, new_y), grid, curves, seen_errors, unseen_errors, told)

    # Picture

    def background(self) -> Hashable:
        return (self.limits(), self.origin(), self.data, self.open(), self.names(), self.model)

    def draw(self, figure: Figure) -> dict[str, Any]:
        return picture.draw(self, figure)

    def paint(self, artists: dict[str, Any], result: FitResult) -> None:
        picture.paint(self, artists, result)

    def called(self, name: str) -> str:
        """A learner's name in the picture and the sentence."""
        if name == "polynomial":
            return f"polynomial of degree {self.degree}"
        if name == "network":
            return f"network ({counted(self.width, 'neuron')}, {counted(self.steps, 'step')})"
        if name == "yours":
            return self.own_name() or "yours (the mean, until you give fit=)"
        return name

    def own_name(self) -> str:
        """What the learner's own function is called; "fit" where it has no name, "" where there is none."""
        name = getattr(self.fit, "__name__", "fit") if self.fit is not None else ""
        return "fit" if name == "<lambda>" else name

    def describe(self, result: FitResult) -> str:
        seen, unseen = len(result.seen[0]), len(result.unseen[0])
        if not seen:
            return "There is no seen point yet, so there is nothing to learn from. Click into the picture to add some."
        kind = {"petals": "petal", "tumours": "tumour"}.get(self.origin()[0], "point") + "s" * (seen != 1)
        called = self.called(self.model)
        if self.model != "yours":
            called = called[0].upper() + called[1:]
        text = f"{called}, {seen} seen {kind}: mean squared error {number(result.seen_errors[self.model])} on them"
        if result.unseen_errors:
            text += f", {number(result.unseen_errors[self.model])} on {counted(unseen, 'unseen one')}. "
            best = min(result.unseen_errors, key=lambda name: result.unseen_errors[name])
            text += f"Smallest on unseen: {'this one' if best == self.model else best}."
        elif unseen and self.hides:
            stay = "ones stay" if unseen != 1 else "one stays"
            text += f". The {unseen} unseen {stay} hidden until you have made your choice."
        else:
            text += (
                ". The unseen ones are not shown."
                if unseen
                else ". There are no unseen ones: press u to hide a point from the learners."
            )
        return text + self._others(result) + self._one_point(result)

    def _others(self, result: FitResult) -> str:
        """The rest of the board, for those who do not see it."""
        both = {
            name: ", ".join(number(errors[name]) for errors in (result.seen_errors, result.unseen_errors) if errors)
            for name in result.curves
            if name != self.model
        }
        rows = "; ".join(f"{self.called(name)} {numbers}" for name, numbers in both.items())
        return f" The others, seen{' and unseen' * bool(result.unseen_errors)}: {rows}."

    def _one_point(self, result: FitResult) -> str:
        points = self.editable()
        if not 0 <= self.selected < len(points):
            return ""
        x, y, is_seen = points[self.selected]
        if not is_seen:
            return f" The ringed point ({signed(x)}, {signed(y)}) is unseen."
        says = float(result.told[sum(flag for *_, flag in points[: self.selected])])
        return (
            f" At the ringed point x = {signed(x)} it says {signed(says)}; the truth is {signed(y)}: off by "
            f"{off(says - y)}, squared {number((says - y) ** 2)}."
        )

    # Code

    def code(self) -> str:
        left, right, _, _ = self.limits()
        name, seed = self.origin()
        text = "import numpy as np\nimport dlcourse as dl\n\n"
        if name:
            text += learners.plain_source(learners.SOURCES[name]) + "\n"
            text += f"x, y = {name}(np.random.default_rng({seed}))\n"
            text += f"unseen_x, unseen_y = x[{learners.UNSEEN_FROM}:], y[{learners.UNSEEN_FROM}:]\n"
        if self.data == "yours":
            own = [point[:2] for point in self.points if point[2]]
            hidden_ones = [point[:2] for point in self.points if not point[2]]
            text += f"seen = np.array({own!r}).reshape(-1, 2)\nseen_x, seen_y = seen.T\n"
            if hidden_ones or not name:
                text += f"kept_back = np.array({hidden_ones!r}).reshape(-1, 2)\n"
                text += (
                    "unseen_x, unseen_y = np.append(unseen_x, kept_back[:, 0]), np.append(unseen_y, kept_back[:, 1])\n"
                    if name
                    else "unseen_x, unseen_y = kept_back.T\n"
                )
        else:
            text += f"seen_x, seen_y = x[:{self.examples}], y[:{self.examples}]\n"
        if not any(point[2] for point in self.editable()):
            return text + "count = len(seen_x)  # no examples, nothing to learn\n"
        text += self._fit_code() + f"curve = predict(np.linspace({left!r}, {right!r}, {GRID}))\n"
        text += "seen_error = dl.squared_error(predict(seen_x), seen_y).item()\n"
        shown = "seen_error"
        if self.open() and (name or any(not point[2] for point in self.points)):
            text += "unseen_error = dl.squared_error(predict(unseen_x), unseen_y).item()\n"
            shown += ", unseen_error"
        return text + f"print({shown})\n"

    def _fit_code(self) -> str:
        if self.model == "yours" and self.fit is not None:
            return f"\npredict = {self.own_name()}(seen_x, seen_y)  # your own function\n"
        function = self.learner(self.model)
        source = learners.plain_source(function)
        name = source.split("(")[0].removeprefix("def ")
        values = "".join(f"{value}, " for value in function.args) if isinstance(function, partial) else ""
        return f"\n\n{source}\n\npredict = {name}({values}seen_x, seen_y)\n"

    def code_results(self, result: FitResult) -> dict[str, Any]:
        if self.model not in result.curves:
            return {"count": 0}
        found: dict[str, Any] = {
            "curve": result.curves[self.model], "seen_error": result.seen_errors[self.model]
        }  # fmt: skip
        if result.unseen_errors:
            found["unseen_error"] = result.unseen_errors[self.model]
        return found

    # Learning

    def can_step(self) -> bool:
        """Whether there is one more: points of one's own are all there already."""
        return self.data != "yours" and self.examples < learners.UNSEEN_FROM

    def step(self) -> Self:
        """One more example is seen."""
        return self.replace(examples=self.examples + 1) if self.can_step() else self

    def idle_controls(self) -> Collection[str]:
        """How many points of a source are seen says nothing about one's own."""
        return ("examples",) if self.data == "yours" else ()

    # Hand

    @action("Other points")
    def draw_again(self) -> Self:
        """Other points of the same source."""
        name, seed = self.origin()
        return self.replace(data=name, seed=seed + 1) if name else self

    @action("Delete point")
    def remove(self) -> Self:
        """Without the ringed point."""
        points = self.editable()
        if not 0 <= self.selected < len(points):
            return self
        left = (*points[: self.selected], *points[self.selected + 1 :])
        return self._with(left, max(min(self.selected, len(left) - 1), 0))

    @action("Delete all")
    def clear(self) -> Self:
        """No points at all, in the same view."""
        return self.replace(points=(), source=("", 0), data="yours", selected=0, view=self.limits())

    def pointer(self, event: Pointer) -> Self:
        if event.kind == "up":
            return self.replace(grabbed=False) if self.grabbed else self
        if event.axes == "board" and event.kind == "down":
            row = round(event.y)
            return self.replace(model=self.names()[row]) if 0 <= row < len(self.names()) else self
        if event.axes != "plane":
            return self
        at = (float(event.x), float(event.y))
        near = self._nearest(at)
        if event.kind == "hover":
            return self if near is None or near == self.selected else self.replace(selected=near)
        if event.kind == "double":
            return self if near is None else self.replace(selected=near).remove()
        if event.kind == "down" and near is not None:
            return self.replace(grabbed=True, selected=near)
        if event.kind == "down":
            points = self.editable()
            added = self._with((*points, (*self._inside(at), 0 if event.shift else 1)), len(points))
            return added.replace(grabbed=True)
        return self._moved(at) if self.grabbed else self

    def _nearest(self, at: tuple[float, float]) -> int | None:
        points = self.editable()
        left, right, bottom, top = self.limits()
        far = [math.hypot((x - at[0]) / (right - left), (y - at[1]) / (top - bottom)) for x, y, _ in points]
        near = int(np.argmin(far)) if far else 0
        return near if far and far[near] < 0.035 else None

    def _inside(self, at: tuple[float, float]) -> tuple[float, float]:
        left, right, bottom, top = self.limits()
        digits = 3 if right - left < 10 else 2
        x, y = min(max(at[0], left), right), min(max(at[1], bottom), top)
        return round(x, digits), round(y, digits if top - bottom < 100 else 1)

    def _with(self, points: Points, selected: int) -> Self:
        """With these points as one's own; the unseen ones of the source stay."""
        return self.replace(
            points=points, source=self.origin(), data="yours", selected=selected, view=self.limits()
        )  # fmt: skip

    def _moved(self, at: tuple[float, float]) -> Self:
        points = self.editable()
        if not 0 <= self.selected < len(points):
            return self
        x, y, flag = points[self.selected]
        place = self._inside(at)
        if place == (x, y):
            return self
        return self._with((*points[: self.selected], (*place, flag), *points[self.selected + 1 :]), self.selected)

    def key(self, key: str) -> Self:
        points = self.editable()
        left, right, bottom, top = self.limits()
        if key == "m":
            names = self.names()
            return self.replace(model=names[(names.index(self.model) + 1) % len(names)])
        if key == "a":
            return self._with((*points, (*self._inside(((left + right) / 2, (bottom + top) / 2)), 1)), len(points))
        if not points:
            return self
        if key in ("n", "p"):
            return self.replace(selected=(self.selected + (1 if key == "n" else -1)) % len(points))
        if not 0 <= self.selected < len(points):
            return self
        if key in ("Delete", "Backspace"):
            return self.remove()
        x, y, flag = points[self.selected]
        if key == "u":
            return self._with(
                (*points[: self.selected], (x, y, 1 - flag), *points[self.selected + 1 :]), self.selected
            )  # fmt: skip
        moves = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}
        if key not in moves:
            return self
        dx, dy = moves[key]
        return self._moved((x + dx * 0.02 * (right - left), y + dy * 0.02 * (top - bottom)))


@lru_cache(maxsize=128)
def _chosen(name: str, settings: tuple[int, ...], seen: tuple[tuple[float, float], ...]) -> Callable[[Array], Array]:
    """What one of the course's learners makes of these examples; kept, as the same ones are asked for often."""
    widget = FitAFunction()
    if name == "polynomial":
        widget = widget.replace(degree=settings[0])
    elif name == "network":
        widget = widget.replace(width=settings[0], steps=settings[1])
    x, y = np.array(seen).T
    return learners.call(widget.learner(name), x, y)


def _checked(points: Any) -> Points:
    """The learner's points as a tuple, or an error that says what is wrong with them."""
    array = np.asarray(points, float)
    if array.size == 0:
        return ()
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise ShapeError(
            f"FitAFunction: points should have shape (N, 2), each row x and y, not {array.shape}. "
            "np.column_stack([x, y]) joins x (N,) and y (N,). A third column may say 1 for seen and 0 for unseen."
        )
    if not np.isfinite(array).all():
        raise DataError("FitAFunction: points should be finite numbers.")
    if array.shape[1] == 2:
        array = np.column_stack([array, np.ones(len(array))])
    if not np.isin(array[:, 2], (0, 1)).all():
        raise DataError("FitAFunction: the third column of points says whether one is seen: 1 or 0.")
    return tuple((float(x), float(y), int(flag)) for x, y, flag in array)


def _view(points: Points) -> View:
    """A rectangle around the points with some air."""
    if not points:
        return VIEWS[""]
    xy = np.array(points)[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    room = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
    (left, bottom), (right, top) = low - (0.06, 0.25) * room, high + (0.06, 0.25) * room
    return float(left), float(right), float(bottom), float(top)
