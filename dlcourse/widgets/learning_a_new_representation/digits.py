"""TwoViews: the same unseen digits as pixels and as a hidden layer says them, seen from the same kind of side.

“The same kind of side” is the plane of the two principal components of the training digits, by SVD, for both views. Two
probes put a number on “better represented”: straight cuts, fitted by least squares, and the nearest training digit.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.data.measured import digits
from dlcourse.errors import CourseError, DataError, ShapeError, WrongTypeError
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.live import style
from dlcourse.live.pixels import Labels
from dlcourse.live.widget import Widget, choice, slider, state
from dlcourse.losses import cross_entropy
from dlcourse.metrics import predict
from dlcourse.optimizers import Adam
from dlcourse.training import fit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TwoViews", "ViewsResult", "nearest", "principal_plane", "straight_cuts"]

EPOCHS = 30
LAYERS = ("first hidden layer", "last hidden layer", "output")
COLOURS = ("BLUE", "ORANGE", "GREEN", "VERMILLION", "PURPLE", "SKY", "BLACK")
MOST = 400
"""So many unseen examples are drawn."""
LEARN = """optimizer = dl.Adam(model.parameters(), 3e-3)
dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs={}, batch_size=32, rng=rng, progress=False)
"""
NETWORK = """rng = np.random.default_rng(0)
train, _, unseen = dl.data.digits().split(0.7, 0.1, 0.2, rng=rng, stratified=True)
model = dl.Sequential(
    dl.Flatten(),
    dl.Dense(64, 64, activation=dl.tanh, rng=rng),
    dl.Dense(64, 16, activation=dl.tanh, rng=rng),
    dl.Dense(16, 10, rng=rng),
)
"""
PROBES = {
    "straight cuts": """
def probe(h, y, h_new, y_new):
    a, a_new = (np.column_stack([part, np.ones(len(part))]) for part in (h, h_new))
    w = np.linalg.lstsq(a, np.eye(y.max() + 1)[y], rcond=None)[0]  # towards 1 for the own class, 0 for the others
    return np.mean((a_new @ w).argmax(axis=1) == y_new)
""",
    "nearest neighbour": """
def probe(h, y, h_new, y_new):
    squares = (h**2).sum(axis=1) - 2 * h_new @ h.T  # of the distances, but for what all have in common
    return np.mean(y[squares.argmin(axis=1)] == y_new)
""",
}


def straight_cuts(h: Array, y: Array, h_new: Array, y_new: Array) -> float:
    """Share of new examples that one straight function a class, fitted by least squares, reads right.

    Parameters
    ----------
    h, h_new : array, shape (N, K) and (M, K)
        The same layer, for examples to fit on and for new ones.
    y, y_new : array of int, shape (N,) and (M,)
        Their classes.

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> straight_cuts(x, np.array([0, 0, 1, 1]), np.array([[4.0], [6.0]]), np.array([0, 1]))
    1.0
    """
    a, a_new = (np.column_stack([part, np.ones(len(part))]) for part in (h, h_new))
    w = np.linalg.lstsq(a, np.eye(int(y.max()) + 1)[y], rcond=None)[0]
    return float(np.mean((a_new @ w).argmax(axis=1) == y_new))


def nearest(h: Array, y: Array, h_new: Array, y_new: Array) -> float:
    """Share of new examples whose nearest neighbour in `h` is of their class; shapes as in `straight_cuts`."""
    squares = (h**2).sum(axis=1) - 2 * h_new @ h.T
    return float(np.mean(y[squares.argmin(axis=1)] == y_new))


def principal_plane(h: Array) -> tuple[Array, Array]:
    """Where h (N, K) has its middle, (K,), and the two directions in which it spreads most, (K, 2)."""
    middle = h.mean(axis=0)
    return middle, np.linalg.svd(h - middle, full_matrices=False)[2][:2].T


class Glyphs(Labels):
    """Examples as the names of their classes, in a rectangle: left, bottom, width, height in hundredths of an inch."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        super().__init__()
        self.box = box

    def put(self, places: Array, y: Array) -> None:
        """Places (N, 2) in any unit, and classes (N,)."""
        left, bottom, width, height = self.box
        low, high = places.min(axis=0), places.max(axis=0)
        scaled = (places - low) / np.maximum(high - low, 1e-12)
        x = left + 6 + scaled[:, 0] * (width - 12)
        up = bottom + 6 + scaled[:, 1] * (height - 12)
        colours = [style.colour(name) for name in COLOURS]
        self.set_labels(
            [
                (float(a), float(b), str(int(c)), colours[int(c) % len(colours)], "center")
                for a, b, c in zip(x, up, y, strict=True)
            ],
            7.5,
        )


@dataclass(frozen=True, eq=False)
class View:
    """One representation of the unseen examples, and how good it is."""

    plane: Array
    """The two drawn numbers of each unseen example, (N, 2)."""
    size: int
    """How many numbers there are in all."""
    all_right: float
    two_right: float
    """Shares right of the probe on unseen examples, from all numbers and from the two drawn."""


@dataclass(frozen=True, eq=False)
class ViewsResult:
    """Both views."""

    raw: View
    layer: View


class _Run:
    """A copy of the learner's network and its training, epoch after epoch, as far as anybody has asked."""

    def __init__(self, model: Sequential, train: Dataset, unseen: Dataset, rng: np.random.Generator) -> None:
        self.train, self.unseen = train, unseen
        self.models = [copy.deepcopy(model)]
        self._live = copy.deepcopy(model)
        self._optimizer = Adam(self._live.parameters(), 3e-3)
        self._rng = rng
        self.views: dict[tuple[int, str, str], View] = {}

    def after(self, epochs: int) -> Sequential:
        """The network after so many epochs of training."""
        while len(self.models) <= epochs:
            fit(self._live, self.train, loss=cross_entropy, optimizer=self._optimizer, epochs=1, batch_size=32,
                rng=self._rng, progress=False)  # fmt: skip
            self.models.append(copy.deepcopy(self._live))
        return self.models[epochs]

    def view(self, epochs: int, layer: str, probe: str) -> View:
        """What a layer makes of the digits; "" for the pixels themselves."""
        key = (epochs if layer else 0, layer, probe)
        if key not in self.views:
            network = self.after(epochs)
            body = network[: cut_before(network, layer)] if layer else Sequential()
            h, h_new = (_rows(predict(body, part.x)) for part in (self.train, self.unseen))
            self.views[key] = _seen(h, self.train.y, h_new, self.unseen.y, PROBE[probe])
        return self.views[key]


PROBE: dict[str, Callable[..., float]] = {"straight cuts": straight_cuts, "nearest neighbour": nearest}


def _seen(h: Array, y: Array, h_new: Array, y_new: Array, probe: Callable[..., float]) -> View:
    middle, across = principal_plane(h)
    # SVD leaves open which end of a direction is up. Class 0 lies to the right and above, so that nothing flips over.
    across = across * np.where((h[y == y.min()].mean(axis=0) - middle) @ across < 0, -1.0, 1.0)
    flat, flat_new = (h - middle) @ across, (h_new - middle) @ across
    return View(flat_new, h.shape[1], probe(h, y, h_new, y_new), probe(flat, y, flat_new, y_new))


def _rows(x: Array) -> Array:
    return x.reshape(len(x), -1).astype(np.float64)


def cut_before(model: Sequential, layer: str) -> int:
    """How many of the model's parts come before one reads off the layer."""
    weighted = [i for i, part in enumerate(model) if isinstance(part, Module) and part.parameters()]
    return {"first hidden layer": weighted[1], "last hidden layer": weighted[-1], "output": len(model)}[layer]


@lru_cache(maxsize=1)
def _default() -> _Run:
    rng = np.random.default_rng(0)
    train, _, unseen = digits().split(0.7, 0.1, 0.2, rng=rng, stratified=True)
    model = Sequential(
        Flatten(),
        Dense(64, 64, activation=tanh, rng=rng),
        Dense(64, 16, activation=tanh, rng=rng),
        Dense(16, 10, rng=rng),
    )
    return _Run(model, train, unseen, rng)


@dataclass(frozen=True, eq=False)
class TwoViews(Widget):
    """Unseen digits as pixels, and as a layer of a network says them.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, as it is now, with at least one hidden layer. Play trains a copy of it further.
    train, unseen : Dataset, optional
        What it learns from and what it is asked about; 1258 and 359 digits unless given.

    Examples
    --------
    >>> result = TwoViews(epochs=20).compute()
    >>> result.raw.size, result.layer.size, result.layer.all_right > result.raw.all_right
    (64, 16, True)
    """

    title: ClassVar[str] = "Two views"
    size: ClassVar[tuple[float, float]] = (7.2, 4.2)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 8.4)
    steps_per_second: ClassVar[float] = 6.0

    epochs: int = slider(0, 0, EPOCHS, label="epochs of training")
    layer: str = choice("last hidden layer", LAYERS, label="layer on the right")
    probe: str = choice("straight cuts", tuple(PROBES), label="probe")
    model: Any = state(None)
    train: Any = state(None)
    unseen: Any = state(None)
    run: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.run is not None:
            return
        if self.model is None and self.train is None and self.unseen is None:
            object.__setattr__(self, "run", _default())
            return
        default = _default()
        model = default.models[0] if self.model is None else self.model
        train = default.train if self.train is None else self.train
        unseen = default.unseen if self.unseen is None else self.unseen
        _check(model, train, unseen)
        object.__setattr__(self, "run", _Run(model, train, unseen, np.random.default_rng(0)))

    def network(self) -> Sequential:
        """The network after the chosen number of epochs."""
        found: Sequential = self.run.after(self.epochs)
        return found

    def compute(self) -> ViewsResult:
        run: _Run = self.run
        return ViewsResult(run.view(0, "", self.probe), run.view(self.epochs, self.layer, self.probe))

    # Picture

    def background(self) -> Hashable:
        return (id(self.run),)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        narrow = width < 5.5
        across = width - 0.4 if narrow else 3.3
        tall = 2.85
        places = [(0.2, height - 0.35 - tall), (0.2, 1.0)] if narrow else [(0.2, 1.0), (3.7, 1.0)]
        artists: dict[str, Any] = {"titles": [], "glyphs": [], "bars": [], "numbers": [], "names": []}
        for left, bottom in places:
            frame = figure.add_axes((left / width, bottom / height, across / width, tall / height))
            frame.set(xticks=[], yticks=[])
            style.quiet(frame, left=False, bottom=False)
            frame.set_facecolor(style.paper())
            artists["titles"].append(frame.text(0, 1.03, "", transform=frame.transAxes, fontsize=9.5))
            glyphs = Glyphs((100 * left, 100 * bottom, 100 * across, 100 * tall))
            figure.add_artist(glyphs)
            if artists["bars"]:
                artists["glyphs"].append(glyphs)
            else:  # the pixels stand still
                glyphs.put(self.compute().raw.plane[:MOST], self.run.unseen.y[:MOST])
            bars = figure.add_axes((
                (left + 1.22) / width, (bottom - 0.75) / height, (across - 1.8) / width, 0.62 / height
            ))  # fmt: skip
            bars.set(xlim=(0, 1), ylim=(1.6, -0.6))
            bars.axis("off")
            for row in range(2):
                bars.plot([0, 1], [row, row], color=style.faint(), linewidth=0.8, zorder=1)
                line = bars.plot([], [], linewidth=8, color=style.colour("BLUE"), solid_capstyle="butt", zorder=2)
                artists["bars"] += line
                artists["numbers"].append(bars.text(1.03, row, "", fontsize=9, va="center"))
                artists["names"].append(bars.text(-0.03, row, "", fontsize=9, va="center", ha="right"))
        return artists

    def paint(self, artists: dict[str, Any], result: ViewsResult) -> None:
        artists["glyphs"][0].put(result.layer.plane[:MOST], self.run.unseen.y[:MOST])
        raw = "raw pixels" if self.run.unseen.x.ndim > 2 else "the input"
        titles = (raw, f"{self.layer}, after {self.trained_for()}")
        for number, view in enumerate((result.raw, result.layer)):
            artists["titles"][number].set_text(f"{titles[number]}: {view.size} numbers")
            for row, (share, name) in enumerate((
                (view.all_right, f"from all {view.size}"), (view.two_right, "from these two")
            )):  # fmt: skip
                artists["bars"][2 * number + row].set_data([0, share], [row, row])
                artists["numbers"][2 * number + row].set_text(f"{share:.1%}")
                artists["names"][2 * number + row].set_text(name)

    def trained_for(self) -> str:
        """How long the network has been trained here."""
        return "1 epoch" if self.epochs == 1 else f"{self.epochs} epochs"

    def describe(self, result: ViewsResult) -> str:
        raw, layer = result.raw, result.layer
        return (
            f"{len(self.run.unseen)} unseen examples, read by {self.probe}: from all {raw.size} numbers of the input "
            f"{raw.all_right:.1%} are right, from all {layer.size} of the {self.layer} after {self.trained_for()} of training "
            f"{layer.all_right:.1%}. From the two that are drawn, the principal components, {raw.two_right:.1%} and "
            f"{layer.two_right:.1%}."
        )

    # Code

    def code(self) -> str:
        own = self.run is not _default()
        text = "import numpy as np\nimport dlcourse as dl\n\n"
        if own and self.model is not None and self.train is not None and self.unseen is not None:
            text += "rng = np.random.default_rng(0)  # model, train and unseen are your own\n"
        elif own:
            given = [name for name in ("model", "train", "unseen") if getattr(self, name) is not None]
            text += f"own = {', '.join(given)}\n" + NETWORK + f"{', '.join(given)} = own\n"
            text += "rng = np.random.default_rng(0)\n"
        else:
            text += NETWORK
        if self.epochs:
            text += LEARN.format(self.epochs)
        text += f"body = model[:{cut_before(self.network(), self.layer)}]  # up to the {self.layer}\n"
        text += "raw, raw_new = (part.x.reshape(len(part), -1).astype(float) for part in (train, unseen))\n"
        text += "h, h_new = (dl.predict(body, part).reshape(len(part), -1).astype(float) for part in (train, unseen))\n"
        text += f"\n{PROBES[self.probe]}\n\n"
        text += "def two(h, h_new):\n    middle = h.mean(axis=0)\n"
        text += "    across = np.linalg.svd(h - middle, full_matrices=False)[2][:2].T  # principal components\n"
        text += "    return (h - middle) @ across, (h_new - middle) @ across\n\n\n"
        for name, new in (("raw", "raw_new"), ("h", "h_new")):
            text += f"{name}_all = probe({name}, train.y, {new}, unseen.y)\n"
            text += f"flat, flat_new = two({name}, {new})\n{name}_two = probe(flat, train.y, flat_new, unseen.y)\n"
        return text + "print(f'all {raw_all:.1%} {h_all:.1%}, two {raw_two:.1%} {h_two:.1%}')\n"

    def code_results(self, result: ViewsResult) -> dict[str, Any]:
        return {
            "raw_all": result.raw.all_right, "raw_two": result.raw.two_right,
            "h_all": result.layer.all_right, "h_two": result.layer.two_right,
        }  # fmt: skip

    def can_step(self) -> bool:
        """Whether there is one epoch more."""
        return self.epochs < EPOCHS

    def step(self) -> Self:
        """One epoch more."""
        return self.replace(epochs=self.epochs + 1) if self.can_step() else self


def _check(model: Any, train: Any, unseen: Any) -> None:
    for name, data in (("train", train), ("unseen", unseen)):
        if not isinstance(data, Dataset):
            raise WrongTypeError(
                f"TwoViews: {name} should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
            )
        if data.y.ndim != 1 or not np.issubdtype(data.y.dtype, np.integer):
            raise DataError(f"TwoViews: {name} should have one class, a whole number from 0, for each example.")
    if train.x.shape[1:] != unseen.x.shape[1:]:
        raise ShapeError(
            f"TwoViews: train and unseen should have examples of one shape, not {train.x.shape[1:]} and {unseen.x.shape[1:]}."
        )
    if not isinstance(model, Sequential):
        raise WrongTypeError(f"TwoViews: model should be a dl.Sequential, not {type(model).__name__}.")
    if sum(isinstance(part, Module) and bool(part.parameters()) for part in model) < 2:
        raise WrongTypeError("TwoViews: the model has no hidden layer. At least two layers with weights are needed.")
    classes = int(max(train.y.max(), unseen.y.max())) + 1
    try:
        shape = predict(model, train.x[:2]).shape
    except CourseError as error:
        raise ShapeError(f"TwoViews: the model does not take these examples. It says: {error}") from error
    if len(shape) != 2 or shape[1] < classes:
        raise ShapeError(f"TwoViews: there are {classes} classes, so the output should be (N, {classes}), not {shape}.")
