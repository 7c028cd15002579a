"""NeuronExplorer: one neuron on two inputs, its line, its surface, and the arithmetic of one point at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import ZOO, identity
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state
from dlcourse.losses import binary_cross_entropy, squared_error
from dlcourse.ops.elementwise import exp
from dlcourse.ops.matrix import matmul
from dlcourse.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NeuronExplorer", "NeuronResult"]

Points = tuple[tuple[float, float, int], ...]
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
TRUTH = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
SQUARE = (-0.5, 1.5, -0.5, 1.5)
PIXELS = 90
LINES = 6
AXIS = np.linspace(-6, 6, 241)
"""Where the activation is drawn."""
LINE = -1
"""The value of `selected` when the line, and no point, is moved by the arrow keys."""


def bump(z: Any) -> Tensor:
    """f(z) = e^(−z²): up and down again, so not monotone."""
    z = z if isinstance(z, Tensor) else Tensor(z)
    return exp(-z * z)


@dataclass(frozen=True)
class NeuronResult:
    """What the neuron says of each point, and of the whole plane."""

    z: Array
    output: Array
    says: Array
    truth: Array
    right: int
    surface: Array
    threshold: float
    levels: tuple[float, ...]
    """Where the output crosses the threshold, as values of z: one for every line that is drawn."""


@dataclass(frozen=True, eq=False)
class NeuronExplorer(Widget):
    """One neuron, f(w₁x₁ + w₂x₂ + b), in the plane of its two inputs.

    Parameters
    ----------
    points : array, shape (N, 3), optional
        Your own points: x₁, x₂ and a class, 0 or 1. They are shown with ``data="yours"``.
    function : callable, optional
        Your own activation, from tensor to tensor, shown with ``activation="yours"``.
    threshold : float, optional
        The neuron says 1 where its output is above this: f(0) unless given, 0.5 for bump and your own function.

    Examples
    --------
    >>> NeuronExplorer(w1=1.0, w2=1.0, b=-1.5, data="AND").compute().right
    4
    """

    title: ClassVar[str] = "Neuron explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 3.7)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

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
    view: tuple[float, float, float, float] | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None and not callable(self.function):
            raise WrongTypeError(
                f"NeuronExplorer: function should be a function such as dl.tanh, not {self.function!r}."
            )
        if self.activation == "yours" and self.function is not None:
            with np.errstate(all="ignore"):
                if not np.isfinite(self._on_axis(AXIS)).all():
                    raise DataError(
                        "NeuronExplorer: your function gives NaN or infinity somewhere between −6 and 6. What comes into an "
                        "activation may be any number, so it should have an answer to each."
                    )
        if not (isinstance(self.points, tuple) and self.view is not None):
            points = _checked(self.points)
            object.__setattr__(self, "points", points)
            object.__setattr__(self, "view", _view(points))

    # Numbers

    def shown(self) -> Points:
        """The points in the picture: x₁, x₂, class."""
        if self.data == "yours":
            return self.points
        return tuple((x, y, label) for (x, y), label in zip(CORNERS, TRUTH[self.data], strict=True))

    def limits(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of the picture."""
        return self.view if self.data == "yours" and self.view is not None else SQUARE

    def curve(self) -> Callable[[Any], Any]:
        """The activation as a function."""
        if self.activation == "yours":
            return self.function or identity
        return bump if self.activation == "bump" else ZOO[self.activation]

    def neuron(self, x: Array) -> tuple[Array, Array]:
        """Return z = x @ w + b and f(z) for points x of shape (N, 2), each of shape (N,)."""
        z = matmul(x, np.array([[self.w1], [self.w2]])) + self.b
        out = self.curve()(z)
        values = np.asarray(out.data if isinstance(out, Tensor) else out, float)
        if values.shape != z.shape:
            raise ShapeError(f"Your activation turned shape {z.shape} into {values.shape}; f should act on each entry.")
        return z.numpy()[:, 0], values[:, 0]

    def _threshold(self) -> float:
        if self.threshold is not None:
            return float(self.threshold)
        if self.activation == "bump" or (self.activation == "yours" and self.function is not None):
            return 0.5
        return float(self._on_axis(np.zeros(1))[0])

    def _on_axis(self, z: Array) -> Array:
        out = self.curve()(Tensor(z))
        return np.asarray(out.data if isinstance(out, Tensor) else out, float)

    def compute(self) -> NeuronResult:
        shown = self.shown()
        x = np.array([point[:2] for point in shown], float).reshape(-1, 2)
        truth = np.array([point[2] for point in shown], int)
        z, output = self.neuron(x)
        left, right, bottom, top = self.limits()
        gx, gy = np.meshgrid(np.linspace(left, right, PIXELS), np.linspace(bottom, top, PIXELS))
        plane_z, surface = self.neuron(np.column_stack([gx.ravel(), gy.ravel()]))
        threshold = self._threshold()
        says = (output > threshold).astype(int)
        levels = self._levels(float(plane_z.min()), float(plane_z.max()), threshold)
        return NeuronResult(
            z, output, says, truth, int((says == truth).sum()), surface.reshape(PIXELS, PIXELS), threshold, levels
        )

    def _levels(self, low: float, high: float, threshold: float) -> tuple[float, ...]:
        if self.activation in ZOO and self.threshold is None:
            return (0.0,)
        z = np.linspace(low, high, 801)
        above = self._on_axis(z) - threshold
        found = []
        for i in np.flatnonzero((above[:-1] > 0) != (above[1:] > 0)):
            share = above[i] / (above[i] - above[i + 1])
            found.append(float(z[i] + share * (z[i + 1] - z[i])))
        return tuple(found[:LINES])

    # Picture

    def background(self) -> Hashable:
        return (self.limits(), self.activation, id(self.function), self.data)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        if width < 5.5:
            side = 0.84 * width
            plane = figure.add_axes((0.12, 1 - (side + 0.32) / height, side / width, side / height), label="plane")
            curve = figure.add_axes((0.12, 0.36 / height, side / width, 1.1 / height), label="curve")
            at, size = (0.04, 1 - (side + 0.8) / height), 9.0
        else:
            side = height - 0.78
            plane = figure.add_axes((0.065, 0.44 / height, side / width, side / height), label="plane")
            curve = figure.add_axes((0.58, 0.44 / height, 0.38, 0.36), label="curve")
            at, size = (0.545, 0.93), 9.5
        left, right, bottom, top = self.limits()
        plane.set(xlim=(left, right), ylim=(bottom, top), xlabel="x₁", ylabel="x₂")
        plane.xaxis.labelpad = plane.yaxis.labelpad = 1
        if self.limits() == SQUARE:
            plane.set(xticks=[0, 1], yticks=[0, 1])
        image = plane.imshow(
            style.shades(np.zeros((PIXELS, PIXELS))), origin="lower", extent=(left, right, bottom, top), aspect="auto",
            zorder=0, interpolation="nearest",
        )  # fmt: skip
        lines = [plane.plot([], [], color=style.ink(), linewidth=2.2, zorder=3)[0] for _ in range(LINES)]
        (arrow,) = plane.plot([], [], color=style.ink(), linewidth=1.4, marker=".", markevery=[1], zorder=3)
        (handle,) = plane.plot([], [], "o", color=style.ink(), markerfacecolor=style.paper(), markersize=10, zorder=4)
        common: dict[str, Any] = {
            "linestyle": "none",
            "markeredgecolor": style.ink(),
            "markeredgewidth": 1.2,
            "zorder": 5,
        }
        marker = 11 if len(self.shown()) <= 12 else 5
        zeros = plane.plot([], [], marker="o", markerfacecolor=style.ORANGE, markersize=marker, **common)[0]
        ones = plane.plot([], [], marker="s", markerfacecolor=style.BLUE, markersize=marker, **common)[0]
        (wrong,) = plane.plot(
            [],
            [],
            "x",
            color=style.ink(),
            markersize=marker + (6 if marker > 5 else 4),
            markeredgewidth=1 + marker / 11,
            zorder=6,
        )
        (chosen,) = plane.plot(
            [], [], "o", markerfacecolor="none", markeredgecolor=style.ink(), markersize=marker + 11, zorder=6
        )
        count = plane.text(0, 1.03, "", transform=plane.transAxes, fontsize=10.5, fontweight="bold")
        f = self._on_axis(AXIS)
        curve.plot(AXIS, f, color=style.colour("BLUE"))
        low, high = float(min(f.min(), 0)), float(max(f.max(), 1))
        margin = 0.12 * (high - low)
        curve.set(xlim=(-6, 6), ylim=(low - margin, high + margin), xlabel="z", xticks=[-5, 0, 5])
        curve.xaxis.labelpad = 0
        curve.set_title(f"f = {self.activation}", fontsize=9)
        pace = plane.text(1, 1.03, "", transform=plane.transAxes, ha="right", fontsize=8)
        (ticks,) = curve.plot([], [], "|", color=style.faint(), markersize=7)
        (dot,) = curve.plot([], [], "o", color=style.colour("VERMILLION"), markersize=8, zorder=5)
        sums = figure.text(*at, "", va="top", linespacing=1.55, fontsize=size)
        return {
            "image": image, "lines": lines, "arrow": arrow, "handle": handle, "zeros": zeros, "ones": ones,
            "wrong": wrong, "chosen": chosen, "count": count, "ticks": ticks, "dot": dot, "sums": sums,
            "pace": pace,
        }  # fmt: skip

    def paint(self, artists: dict[str, Any], result: NeuronResult) -> None:
        difference = result.surface - result.threshold
        artists["image"].set_data(style.shades(difference / max(float(np.abs(difference).max()), 1e-9)))
        shown = np.array(self.shown(), float).reshape(-1, 3)
        for name, keep in (
            ("zeros", result.truth == 0), ("ones", result.truth == 1), ("wrong", result.says != result.truth)
        ):  # fmt: skip
            artists[name].set_data(shown[keep, 0], shown[keep, 1])
        self._paint_lines(artists, result)
        one = 0 <= self.selected < len(shown)
        place = shown[self.selected : self.selected + 1] if one else shown[:0]
        artists["chosen"].set_data(place[:, 0], place[:, 1])
        low, high = artists["dot"].axes.get_ylim()
        artists["ticks"].set_data(np.clip(result.z, -6, 6), np.full(len(result.z), low + 0.06 * (high - low)))
        if one:
            z, out = result.z[self.selected], result.output[self.selected]
            artists["dot"].set_data([np.clip(z, -6, 6)], [np.clip(out, low, high)])
        else:
            artists["dot"].set_data([], [])
        artists["count"].set_text(f"{result.right} of {len(shown)} right" if len(shown) else "click to add a point")
        artists["pace"].set_text(f"step of Play: {self.lr:.2g}")
        artists["sums"].set_text(self._sums(result))

    def _paint_lines(self, artists: dict[str, Any], result: NeuronResult) -> None:
        ends = [_segment(self.w1, self.w2, self.b - level, self.limits()) for level in result.levels]
        for i, line in enumerate(artists["lines"]):
            segment = ends[i] if i < len(ends) else None
            line.set_data(*(([], []) if segment is None else segment))
            line.set_linewidth(3.4 if self.selected == LINE else 2.2)
        place = self._handle()
        for name in ("handle", "arrow"):
            artists[name].set_visible(place is not None)
        if place is not None:
            (px, py), (hx, hy), (ax, ay) = place
            artists["handle"].set_data([hx], [hy])
            artists["arrow"].set_data([px, ax], [py, ay])

    def _handle(self) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]] | None:
        """Pivot, handle for turning, and the tip of the arrow along w; None while w is zero."""
        length = math.hypot(self.w1, self.w2)
        if length < 1e-9:
            return None
        left, right, bottom, top = self.limits()
        cx, cy, reach = (left + right) / 2, (bottom + top) / 2, 0.3 * (right - left)
        nx, ny = self.w1 / length, self.w2 / length
        off = nx * cx + ny * cy + self.b / length
        px, py = cx - off * nx, cy - off * ny
        return (px, py), (px - reach * ny, py + reach * nx), (px + 0.4 * reach * nx, py + 0.4 * reach * ny)

    def _sums(self, result: NeuronResult) -> str:
        if not 0 <= self.selected < len(result.z):
            return f"w₁·x₁ + w₂·x₂ + b = 0 is the line:\n{_n(self.w1)}·x₁ + {_n(self.w2)}·x₂ + {_n(self.b)} = 0"
        x1, x2, truth = self.shown()[self.selected]
        z, out = result.z[self.selected], result.output[self.selected]
        verdict = "above" if out > result.threshold else "not above"
        return (
            f"ringed point: x₁ = {_n(x1)}, x₂ = {_n(x2)}\n"
            f"z = w₁·x₁ + w₂·x₂ + b\n"
            f"  = {_n(self.w1)}·{_n(x1)} + {_n(self.w2)}·{_n(x2)} + {_n(self.b)}\n"
            f"  = {_fixed(z, 2)}\n"
            f"f(z) = {_fixed(out, 3)}, {verdict} {_fixed(result.threshold, 2)}:\n"
            f"says {result.says[self.selected]}, truth {truth}"
        )

    def describe(self, result: NeuronResult) -> str:
        total = len(result.z)
        name = self.activation
        if name == "yours":
            name = "your function" if self.function else "identity (give yours: NeuronExplorer(function=f))"
        head = f"The neuron {name}({_n(self.w1)}·x₁ + {_n(self.w2)}·x₂ + {_n(self.b)}), training step {self.lr:.2g}, "
        if not total:
            return head + "has no points yet. Click in the plane, or press a, to add one."
        lines = len(result.levels)
        border = "one line" if lines == 1 else f"{lines} parallel lines" if lines else "nowhere in the picture"
        if math.hypot(self.w1, self.w2) < 1e-9:
            border = "no line at all, as both weights are 0"
        tail = f"gets {result.right} of {total} {'of your' if self.data == 'yours' else self.data} points right; its border is {border}."
        if 0 <= self.selected < total:
            x1, x2, truth = self.shown()[self.selected]
            tail += (
                f" At the ringed point ({_n(x1)}, {_n(x2)}) z = {_fixed(result.z[self.selected], 2)} and the output is "
                f"{_fixed(result.output[self.selected], 3)}: it says {result.says[self.selected]}, the truth is {truth}."
            )
        return head + tail

    # Code

    def code(self) -> str:
        shown = self.shown()
        x, truth = [list(point[:2]) for point in shown], [point[2] for point in shown]
        name = getattr(self.function, "__name__", "f") if self.function else "dl.identity"
        name = "f" if name == "<lambda>" else name
        given = f"  # {name} is your own function" if self.activation == "yours" and self.function else ""
        if self.activation in ZOO:
            name = f"dl.{ZOO[self.activation].__name__}"
        call = "dl.exp(-z * z)" if self.activation == "bump" else f"{name}(z)"
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"x = np.array({x!r}).reshape(-1, 2)\ntruth = np.array({truth!r}, int)\n"
            f"w = np.array([[{self.w1!r}], [{self.w2!r}]])\nb = {self.b!r}\n"
            "z = dl.matmul(x, w) + b\n"
            f"output = np.asarray({call}.data)[:, 0]{given}\n"
            f"says = (output > {self._threshold()!r}).astype(int)\n"
            "right = int((says == truth).sum())\nprint(right, 'of', len(truth), 'right')\n"
        )

    def code_results(self, result: NeuronResult) -> dict[str, Any]:
        return {"output": result.output, "says": result.says, "right": result.right}

    # Learning

    def can_step(self) -> bool:
        """Whether there is anything to learn from."""
        return bool(self.shown())

    def step(self) -> Self:
        """One step of gradient descent on all points: cross-entropy for the sigmoid; for the others squared
        error, half a unit above the threshold being the aim for class 1 and half a unit below for class 0.
        """
        shown = self.shown()
        if not shown:
            return self
        x, truth = np.array([p[:2] for p in shown], float), np.array([[p[2]] for p in shown], float)
        w = Tensor(np.array([[self.w1], [self.w2]]), requires_grad=True)
        b = Tensor(np.array([self.b]), requires_grad=True)
        z = matmul(x, w) + b
        sigmoid = self.activation == "sigmoid"
        aim = truth if sigmoid else truth - 0.5 + self._threshold()
        loss = binary_cross_entropy(z, aim) if sigmoid else squared_error(self.curve()(z), aim)
        loss.backward()
        if w.grad is None or b.grad is None:
            return self
        new = np.array([self.w1, self.w2, self.b]) - self.lr * np.array([*w.grad[:, 0], b.grad[0]])
        if not np.isfinite(new).all() or np.abs(new - [self.w1, self.w2, self.b]).max() < 1e-7:
            return self
        return self.replace(w1=float(new[0]), w2=float(new[1]), b=float(new[2]))

    # Hand

    def _placed(self, w1: float, w2: float, b: float) -> Self:
        """With this line; all three are shrunk together where one would leave its slider."""
        shrink = min(1.0, *(5.0 / max(abs(w), 5.0) for w in (w1, w2)), 10.0 / max(abs(b), 10.0))
        return self.replace(w1=round(w1 * shrink, 3), w2=round(w2 * shrink, 3), b=round(b * shrink, 3))

    def pointer(self, event: Pointer) -> Self:
        if event.kind == "up":
            return self.replace(grabbed="") if self.grabbed else self
        if event.axes != "plane":
            return self
        at = (float(event.x), float(event.y))
        if event.kind == "hover":
            near = self._nearest(at)
            return self if near is None or near == self.selected else self.replace(selected=near)
        if event.kind == "double":
            near = self._nearest(at)
            return self if near is None else self.replace(selected=near).flip()
        if event.kind == "down":
            return self._grab(at, 0 if event.shift else 1)
        return self._drag(at)

    def _nearest(self, at: tuple[float, float]) -> int | None:
        shown = np.array(self.shown(), float).reshape(-1, 3)
        if not len(shown):
            return None
        distance = np.hypot(shown[:, 0] - at[0], shown[:, 1] - at[1])
        return int(distance.argmin()) if distance.min() < self._reach() else None

    def _reach(self) -> float:
        left, right, _, _ = self.limits()
        return 0.045 * (right - left)

    def _grab(self, at: tuple[float, float], label: int) -> Self:
        place, near = self._handle(), self._nearest(at)
        if place is not None and math.dist(at, place[1]) < self._reach():
            return self.replace(grabbed="turn", selected=LINE)
        if near is not None:
            return self.replace(grabbed="point", selected=near)
        length = math.hypot(self.w1, self.w2)
        if length > 1e-9 and abs(self.w1 * at[0] + self.w2 * at[1] + self.b) / length < self._reach():
            return self.replace(grabbed="line", selected=LINE)
        return self._with((*self.shown(), (*_round(at), label)), len(self.shown())).replace(grabbed="point")

    def _drag(self, at: tuple[float, float]) -> Self:
        if self.grabbed == "point":
            return self._moved(at)
        if self.grabbed == "line":
            return self._placed(self.w1, self.w2, -(self.w1 * at[0] + self.w2 * at[1]))
        place = self._handle()
        if self.grabbed == "turn" and place is not None:
            (px, py), _, _ = place
            along = math.dist(at, (px, py))
            if along > 1e-6:
                length = math.hypot(self.w1, self.w2)
                w1, w2 = length * (at[1] - py) / along, -length * (at[0] - px) / along
                return self._placed(w1, w2, -(w1 * px + w2 * py))
        return self

    def _with(self, points: Points, selected: int) -> Self:
        """With these points as the learner's own, in the view of now."""
        return self.replace(points=points, data="yours", selected=selected, view=self.limits())

    def _moved(self, at: tuple[float, float]) -> Self:
        shown, left_right = self.shown(), self.limits()
        if not 0 <= self.selected < len(shown):
            return self
        left, right, bottom, top = left_right
        x, y = _round((min(max(at[0], left), right), min(max(at[1], bottom), top)))
        old = shown[self.selected]
        if (x, y) == old[:2]:
            return self
        return self._with((*shown[: self.selected], (x, y, old[2]), *shown[self.selected + 1 :]), self.selected)

    def key(self, key: str) -> Self:
        shown = self.shown()
        if key == "l":
            return self.replace(selected=LINE)
        if key in ("n", "p") and shown:
            move = 1 if key == "n" else -1
            return self.replace(selected=(max(self.selected, 0 if move < 0 else -1) + move) % len(shown))
        if key == "a":
            left, right, bottom, top = self.limits()
            return self._with((*shown, ((left + right) / 2, (bottom + top) / 2, 1)), len(shown))
        if key in ("Enter", " "):
            return self.flip()
        if key in ("Delete", "Backspace"):
            return self.remove()
        moves = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}
        if key not in moves:
            return self
        dx, dy = moves[key]
        if 0 <= self.selected < len(shown):
            x, y, _ = shown[self.selected]
            size = 0.025 * (self.limits()[1] - self.limits()[0])
            return self._moved((x + dx * size, y + dy * size))
        return self._nudged(dx, dy)

    def _nudged(self, turn: int, shift: int) -> Self:
        """The line turned by steps of 5 degrees clockwise, or shifted along the arrow of w."""
        place = self._handle()
        if place is None:
            return self
        (px, py), _, _ = place
        angle = -math.radians(5 * turn)
        w1 = self.w1 * math.cos(angle) - self.w2 * math.sin(angle)
        w2 = self.w1 * math.sin(angle) + self.w2 * math.cos(angle)
        size = 0.025 * (self.limits()[1] - self.limits()[0]) * shift * math.hypot(w1, w2)
        return self._placed(w1, w2, -(w1 * px + w2 * py) - size)

    @action("Flip class")
    def flip(self) -> Self:
        """The ringed point in the other class."""
        shown = self.shown()
        if not 0 <= self.selected < len(shown):
            return self
        x, y, label = shown[self.selected]
        return self._with((*shown[: self.selected], (x, y, 1 - label), *shown[self.selected + 1 :]), self.selected)

    @action("Delete point")
    def remove(self) -> Self:
        """Without the ringed point."""
        shown = self.shown()
        if not 0 <= self.selected < len(shown):
            return self
        left = (*shown[: self.selected], *shown[self.selected + 1 :])
        return self._with(left, min(self.selected, len(left) - 1))


def _checked(points: Any) -> Points:
    """The learner's points as a tuple, or an error that says what is wrong with them."""
    array = np.asarray(points, float)
    if array.size == 0:
        return ()
    if array.ndim != 2 or array.shape[1] != 3:
        raise ShapeError(
            f"NeuronExplorer: points should have shape (N, 3), each row x₁, x₂ and a class, not {array.shape}. "
            "np.column_stack([x, y]) joins x (N, 2) and classes y (N,)."
        )
    if not np.isfinite(array).all() or not np.isin(array[:, 2], (0, 1)).all():
        raise DataError("NeuronExplorer: points should be finite numbers, and their third column 0 or 1.")
    return tuple((float(x), float(y), int(label)) for x, y, label in array)


def _view(points: Points) -> tuple[float, float, float, float]:
    """A square around the points with some air, or the square of the gates."""
    if not points:
        return SQUARE
    xy = np.array(points)[:, :2]
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = 0.6 * max(float((high - low).max()), 1e-3)
    (cx, cy) = (low + high) / 2
    return float(cx - half), float(cx + half), float(cy - half), float(cy + half)


def _segment(w1: float, w2: float, b: float, view: tuple[float, float, float, float]) -> Any:
    """The line w₁x + w₂y + b = 0 as two points far enough apart to cross the view; None while w is zero."""
    length = math.hypot(w1, w2)
    if length < 1e-9:
        return None
    cx, cy, far = (view[0] + view[1]) / 2, (view[2] + view[3]) / 2, 1.5 * (view[1] - view[0])
    nx, ny = w1 / length, w2 / length
    off = nx * cx + ny * cy + b / length
    px, py = cx - off * nx, cy - off * ny
    return [px - far * ny, px + far * ny], [py + far * nx, py - far * nx]


def _round(at: tuple[float, float]) -> tuple[float, float]:
    return round(at[0], 3), round(at[1], 3)


def _n(value: float) -> str:
    """A number as short as it may be, negative ones in brackets."""
    text = "0" if abs(value) < 0.005 else f"{value:.4g}"
    return f"(−{text[1:]})" if text.startswith("-") else text


def _fixed(value: float, digits: int) -> str:
    """A number with so many decimals and a minus sign that is one."""
    return f"{value:.{digits}f}".replace("-", "−")
