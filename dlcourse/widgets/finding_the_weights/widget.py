"""GradientStep: the error as a landscape, the slope under one's feet, and what one update promises and really brings."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.calculus import gradient, hessian
from dlcourse.data import iris
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live.widget import Pointer, Widget, choice, slider, state
from dlcourse.tensor import Tensor
from dlcourse.widgets.finding_the_weights import picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["GradientStep", "StepResult"]

Vector = tuple[float, ...]
Past = tuple[tuple[float, float, Vector], ...]
"""Error, bound and weights before each step."""

NETWORK = (1.66, 0.66, -1.64, -0.01, 0.0)
VIEW = {"one weight": ((-1.0, 6.5), (-3.0, 30.0)), "two weights": ((-1.0, 6.5), (-3.0, 5.0))}
OWN_VIEW = ((-4.0, 8.0), (-4.0, 6.0))
EXPLODED = 1e12
MOST_PAST = 400

ERROR_CODE = {
    "one weight": "    return ((w[..., 0:1] * x + {b!r} - y) ** 2).mean(axis=-1)",
    "two weights": "    return ((w[..., 0:1] * x + w[..., 1:2] - y) ** 2).mean(axis=-1)",
    "network": "    hidden = dl.tanh(w[..., 0:4:2, None] * x + w[..., 1:4:2, None])  # two neurons, (..., 2, N)\n"
    "    miss = (w[..., 4:6, None] * hidden).sum(axis=-2) + w[..., 6:7] - y\n"
    "    return (miss * miss).mean(axis=-1)",
    "yours": "    return (w[..., 0] ** 2 - 4) ** 2 / 16 + w[..., 1] ** 2",
}


@lru_cache(maxsize=1)
def flowers() -> tuple[Array, Array]:
    """Width and length of 150 petals in cm, each of shape (150,), float64."""
    x = iris().x.astype(np.float64)
    return x[:, 3], x[:, 2]


def says(landscape: str, w: Any, x: Array, b: float) -> Any:
    """What the neuron or the network of this landscape says for x: weights (..., D) and x (N,) give (..., N)."""
    if landscape == "one weight":
        return w[..., 0:1] * x + b
    if landscape == "two weights":
        return w[..., 0:1] * x + w[..., 1:2]
    hidden = tanh(w[..., 0:4:2, None] * x + w[..., 1:4:2, None])  # two neurons, (..., 2, N)
    return (w[..., 4:6, None] * hidden).sum(axis=-2) + w[..., 6:7]


def two_wells(w: Any) -> Any:
    """The landscape of “yours” while the learner has given none: wells at w₁ = ±2."""
    return (w[..., 0] ** 2 - 4) ** 2 / 16 + w[..., 1] ** 2


@dataclass(frozen=True)
class StepResult:
    """One place in the landscape, and one update from there."""

    weights: Array
    error: float
    gradient: Array
    after: Array
    promised: float
    """Change of the error along the tangent: −step · |gradient|²."""
    real: float
    curvatures: Array
    """Eigenvalues of the Hessian, the largest last."""
    steepest: Array
    bound: float
    """2 / largest curvature; infinite where nothing bends up."""
    errors: tuple[float, ...]
    bounds: tuple[float, ...]
    path: Array
    profile: Array
    bend: float
    """gᵀHg / gᵀg, the curvature along the update."""

    @property
    def at_rest(self) -> bool:
        """Whether the update has nothing left to do."""
        return float(np.abs(self.after - self.weights).max()) < 1e-6 * max(1.0, float(np.abs(self.weights).max()))


@dataclass(frozen=True, eq=False)
class GradientStep(Widget):
    """An error, its slope, and the update w ← w − step · slope, on three landscapes made of 150 petals or on yours.

    Parameters
    ----------
    error : callable, optional
        Your own landscape: a tensor of D weights, shape (D,), to one number.
    start : array, shape (D,), optional
        Where your landscape begins; given, the widget shows it.
    covered : bool
        Curve, real change and bound stay hidden until a prediction was made.

    Examples
    --------
    >>> round(GradientStep(landscape="one weight", w=1.0).compute().bound, 3)
    0.496
    """

    title: ClassVar[str] = "Gradient step"
    size: ClassVar[tuple[float, float]] = (7.2, 4.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.4)
    steps_per_second: ClassVar[float] = 30.0

    landscape: str = choice("one weight", ("one weight", "two weights", "network", "yours"), label="landscape, made by")
    w: float = slider(0.5, -4.0, 8.0, step=0.01, label="w")
    b: float = slider(0.0, -4.0, 6.0, step=0.01, label="b")
    lr: float = slider(0.13, 0.001, 2.0, step=0.01, log=True, label="step")
    network: Vector = state(NETWORK)
    error: Callable[[Any], Any] | None = state(None)
    start: Any = state(None)
    further: Vector = state(())
    dimension: int = state(2)
    covered: bool = state(False)
    past: tuple[Any, ...] = state(())

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.error is not None and not callable(self.error):
            raise WrongTypeError(
                f"GradientStep: error should be a function from a tensor to a number, not {self.error!r}."
            )
        if self.start is not None:
            self._begin(np.atleast_1d(np.asarray(self.start, float)))

    def _begin(self, start: Array) -> None:
        if start.ndim != 1 or not start.size:
            raise ShapeError(f"GradientStep: start should have shape (D,), one number a weight, not {start.shape}.")
        if not np.isfinite(start).all():
            raise DataError("GradientStep: start should be finite numbers.")
        w, b, *further = [*map(float, start), *[0.0] * (2 - min(start.size, 2))]
        found = {
            "landscape": "yours",
            "w": w,
            "b": b,
            "further": tuple(further),
            "dimension": start.size,
            "start": None,
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)
        if self.error is None:
            raise WrongTypeError("GradientStep: start says where your own landscape begins; give error=f as well.")
        self.value(start)

    # Numbers

    @property
    def own(self) -> bool:
        return self.landscape == "yours"

    @property
    def weights(self) -> Array:
        """The weights that the update moves, shape (D,)."""
        rest = {"network": self.network, "yours": self.further}.get(self.landscape, ())
        number = {"one weight": 1, "yours": self.dimension}.get(self.landscape)
        return np.array([self.w, self.b, *rest][:number])

    @property
    def view(self) -> str:
        """ "curve" for one weight, "map" for two, "slice" along the update for more."""
        return {1: "curve", 2: "map"}.get(len(self.weights), "slice")

    def function(self) -> Callable[[Any], Any]:
        """The error of the weights: (..., D) -> (...); a learner's own takes (D,)."""
        if self.own:
            return self.error or two_wells
        x, y = flowers()

        def error(w: Any) -> Any:
            miss = says(self.landscape, w, x, self.b) - y
            return (miss * miss).mean(axis=-1)

        return error

    def value(self, weights: Array) -> float:
        """The error at these weights."""
        found = self.function()(Tensor(np.asarray(weights, float)))
        if not isinstance(found, Tensor) or found.size != 1:
            kind = f"shape {found.shape}" if isinstance(found, Tensor) else type(found).__name__
            raise ShapeError(f"GradientStep: your error should return a tensor with one number, not {kind}.")
        return float(found.item())

    def values(self, many: Array) -> Array:
        """Errors at many places: (M, D) -> (M,)."""
        with np.errstate(all="ignore"):
            if self.own and self.error is not None:
                return np.array([self.value(one) for one in many])
            return np.asarray(self.function()(Tensor(many)).data)

    @cached_property
    def measured(self) -> StepResult:
        """Everything that this place has to say, computed once."""
        weights, f = self.weights, self.function()
        with np.errstate(all="ignore"):
            value = self.value(weights)
            (slope,) = gradient(f, weights)
            curvatures, vectors = np.linalg.eigh(np.nan_to_num(hessian(f, weights)))
            after = weights - self.lr * slope
            square = float(slope @ slope)
            real = self.value(after) - value
        past = self.trail()
        top = float(curvatures[-1])
        bound = 2 / top if top > 1e-9 else math.inf
        bend = float(((vectors.T @ slope) ** 2) @ curvatures) / square if square else 0.0
        path = np.array([*(place for _, _, place in past[-60:]), tuple(weights)])
        return StepResult(
            weights, value, slope, after, -self.lr * square, real, curvatures, vectors[:, -1], bound,
            (*(one[0] for one in past), value), (*(one[1] for one in past), bound), path, self._profile(weights, slope), bend,
        )  # fmt: skip

    def _profile(self, weights: Array, slope: Array) -> Array:
        """Errors over the axis of weights, or along the update where there are three weights or more."""
        if self.view == "map":
            return np.zeros(0)
        if self.view == "slice":
            return self.values(weights - self.lr * picture.SHARES[:, None] * slope)
        left, right = self.limits()[0]
        return self.values(np.linspace(left, right, 121)[:, None])

    def heights(self) -> Array:
        """Errors over a grid of two weights, shape (M, M)."""
        return _heights(self.landscape, self.error, self.limits())

    def line(self, grid: Array) -> Array:
        """What the neuron or network says for each x of `grid`."""
        with np.errstate(all="ignore"):
            return np.asarray(says(self.landscape, Tensor(self.weights), grid, self.b).data)

    @staticmethod
    def flowers() -> tuple[Array, Array]:
        """The measured data behind the three landscapes."""
        return flowers()

    def trail(self) -> Past:
        """The steps that led here; none if the weights were moved by hand since."""
        if self.past and self.past[0] == (self.landscape, tuple(self.weights)):
            return self.past[1]
        return ()

    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The part of the landscape that is seen."""
        if not self.own:
            return VIEW.get(self.landscape, OWN_VIEW)
        if self.view == "map":
            return OWN_VIEW
        heights = _own_curve(self.error or two_wells)
        heights = heights[np.isfinite(heights)] if np.isfinite(heights).any() else np.zeros(1)
        margin = 0.1 * max(float(np.ptp(heights)), 1e-6)
        return OWN_VIEW[0], (float(heights.min()) - margin, float(heights.max()) + margin)

    def compute(self) -> StepResult:
        return self.measured

    def idle_controls(self) -> Collection[str]:
        """A landscape of one weight has no second one."""
        return ("b",) if self.own and self.dimension == 1 else ()

    def can_step(self) -> bool:
        """Whether there is a slope left, and the error has not exploded."""
        here = self.measured
        return not here.at_rest and here.error < EXPLODED and bool(np.isfinite(here.after).all())

    def step(self) -> Self:
        """One update of all weights; nothing where there is no slope left, or the error has exploded."""
        here = self.measured
        if not self.can_step():
            return self
        trail = (*self.trail(), (here.error, here.bound, tuple(map(float, here.weights))))[-MOST_PAST:]
        moved = self._at(here.after)
        return dataclasses.replace(moved, past=((self.landscape, tuple(moved.weights)), trail))

    def _at(self, weights: Array) -> Self:
        """With these weights, even where a slider ends."""
        new = [float(one) for one in weights]
        changes: dict[str, Any] = {"w": new[0]} | ({"b": new[1]} if len(new) > 1 else {})
        if len(new) > 2:
            changes["further" if self.own else "network"] = tuple(new[2:])
        return dataclasses.replace(self, **changes)

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.axes == "slice" and event.kind == "down":
            here = self.measured
            return self._at(here.weights - min(max(event.x, -0.5), 2.5) * self.lr * here.gradient)
        if event.kind not in ("down", "drag") or event.axes not in ("curve", "map"):
            return self
        w = round(event.x, 2)
        return self.replace(w=w) if event.axes == "curve" else self.replace(w=w, b=round(event.y, 2))

    def key(self, key: str) -> Self:
        if key in ("ArrowLeft", "ArrowRight"):
            return self.replace(w=round(self.w + (0.05 if key == "ArrowRight" else -0.05), 4))
        if key in ("ArrowDown", "ArrowUp"):
            return self.replace(b=round(self.b + (0.05 if key == "ArrowUp" else -0.05), 4))
        return self.step() if key in ("Enter", " ") else self

    # Words

    @property
    def hides(self) -> bool:
        """Whether the answer is still covered."""
        return self.covered and not self.prediction

    def describe(self, result: StepResult) -> str:
        place = ", ".join(f"{name} = {_n(v)}" for name, v in zip(("w", "b"), result.weights, strict=False))
        if self.landscape == "one weight":
            place += f" (b stays {_n(self.b)})"
        elif len(result.weights) > 2:
            place = f"the first two of {len(result.weights)} weights {place}"
        slope = f"slope {_n(result.gradient[0])}"
        if len(result.weights) > 1:
            slope = f"gradient of length {_n(float(np.linalg.norm(result.gradient)))}"
        head = f"Landscape of {self.landscape}, {place}: error {_n(result.error)}, {slope}. "
        if self.hides:
            return head + f"A step of {_n(self.lr)} promises {_n(result.promised)}. The curve is still covered."
        if math.isnan(result.error):
            return head + "This landscape has no height here; Reset, or another w, leads back to where it has one."
        if not result.error < EXPLODED:
            return head + f"It has exploded after {_updates(len(result.errors) - 1)} of step {_n(self.lr)}."
        change = f"A step of {_n(self.lr)} promises a change of {_n(result.promised)}; really it is {_n(result.real)}. "
        if result.at_rest:
            change = f"With step {_n(self.lr)} it is at rest. "
        steps = len(result.errors) - 1
        tail = f" {_updates(steps)} so far, the error began at {_n(result.errors[0])}." if steps else ""
        return head + change + self._rule(result) + tail

    def _rule(self, result: StepResult) -> str:
        if math.isinf(result.bound):
            return "Nothing bends up here, so no step is too large for this place."
        name = "Curvature" if len(result.weights) == 1 else "Largest curvature"
        where = " (here)" if self.view == "slice" or self.own else ""
        return f"{name} {_n(result.curvatures[-1])}{where}: the bound is 2/{_n(result.curvatures[-1])} = {_n(result.bound)}."

    def sums(self, result: StepResult) -> str:
        """The update in numbers, short: Matplotlib takes 0.07 ms a letter."""
        slopes, old = [_n(one) for one in result.gradient[:2]], [_n(one) for one in result.weights[:2]]
        if len(result.weights) == 1:
            line = f"w ← {old[0]} − {_n(self.lr)} · ({slopes[0]}) = {_n(result.after[0])}"
        elif len(result.weights) == 2:
            line = f"(w, b) ← ({', '.join(old)}) − {_n(self.lr)} · ({', '.join(slopes)})"
        else:
            line = f"w ← {old[0]} − {_n(self.lr)} · ({slopes[0]}), and so on"
        return f"{line}\npromised {_n(result.promised)}, real {'?' if self.hides else _n(result.real)}"

    # Code

    def code(self) -> str:
        lines = ["import numpy as np", "import dlcourse as dl", ""]
        name = "error"
        if not self.own:
            lines += [
                "petals = dl.data.iris().x.astype(float)",
                "x, y = petals[:, 3], petals[:, 2]  # width and length in cm",
                "",
            ]
        if self.own and self.error is not None:
            name = getattr(self.error, "__name__", "error")
            name = "error" if name == "<lambda>" else name
            lines += [f"# {name} is your own function", ""]
        else:
            lines += ["def error(w):", ERROR_CODE[self.landscape].format(b=self.b), ""]
        lines += [
            f"w = np.array({[float(one) for one in self.weights]!r})",
            f"value = {name}(dl.Tensor(w)).item()",
            f"(slope,) = dl.gradient({name}, w)",
            f"after = w - {self.lr!r} * slope                      # the update",
            f"promised = -{self.lr!r} * float(slope @ slope)       # along the tangent",
            f"real = {name}(dl.Tensor(after)).item() - value",
            f"curvatures = np.linalg.eigvalsh(dl.hessian({name}, w))",
            "bound = 2 / curvatures[-1] if curvatures[-1] > 1e-9 else np.inf",
        ]
        return "\n".join(lines) + "\n"

    def code_results(self, result: StepResult) -> dict[str, Any]:
        return {
            "value": result.error, "slope": result.gradient, "after": result.after, "promised": result.promised,
            "real": result.real, "bound": result.bound,
        }  # fmt: skip

    def background(self) -> Hashable:
        return (self.landscape, id(self.error), self.hides, self.view, *self.history_limits())

    def history_limits(self) -> tuple[int, int, int]:
        """Steps, and decades of the error, that the history shows; they grow in jumps."""
        past = self.trail()
        errors = [abs(one[0]) for one in past] + [abs(self.measured.error)]
        shown = [math.log10(one) for one in errors if 0 < one < math.inf] or [0.0]
        steps = 20
        while steps < len(past):
            steps *= 2
        return steps, min(math.floor(min(shown)), -1), max(math.ceil(max(shown)), 2)

    def draw(self, figure: Figure) -> dict[str, Any]:
        return picture.draw(self, figure)

    def paint(self, artists: dict[str, Any], result: StepResult) -> None:
        picture.paint(self, artists, result)


@lru_cache(maxsize=8)
def _heights(landscape: str, error: Any, limits: tuple[tuple[float, float], tuple[float, float]]) -> Array:
    count = 101 if error is None else 41
    (left, right), (low, high) = limits
    places = np.stack(np.meshgrid(np.linspace(left, right, count), np.linspace(low, high, count)), axis=-1)
    return GradientStep(landscape=landscape, error=error).values(places.reshape(-1, 2)).reshape(count, count)


@lru_cache(maxsize=8)
def _own_curve(error: Callable[[Any], Any]) -> Array:
    """A learner's own error of one weight, over the whole slider."""
    return np.array(
        [float(error(Tensor(np.array([w]))).item()) for w in np.linspace(OWN_VIEW[0][0], OWN_VIEW[0][1], 61)]
    )


def _updates(count: int) -> str:
    return "1 update" if count == 1 else f"{count} updates"


def _n(value: float) -> str:
    """A number with four digits at most and a true minus sign."""
    if math.isnan(value):
        return "not a number"
    text = f"{value:.2e}" if abs(value) >= 1e5 else "0" if abs(value) < 5e-7 else f"{value:.4g}"
    return text.replace("-", "−")
