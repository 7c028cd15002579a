"""LossSlice: the loss of any network on a random plane through its weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import tanh
from dlcourse.data import moons
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.landscape import Slice, random_slice
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Sequential
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import grouped, signed, three_digits
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import ARROWS, Pointer, Widget, action, slider, state, toggle
from dlcourse.losses import cross_entropy
from dlcourse.optimizers import Adam
from dlcourse.training import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["HALF", "Artists", "LossSlice", "SliceResult", "example"]

POINTS = 13
HALF = POINTS // 2
EXAMPLE = """rng = np.random.default_rng(0)
data = dl.data.moons(100, rng=rng)
model = dl.Sequential(dl.Dense(2, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 2, rng=rng))
dl.fit(model, data, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 0.05), epochs=60, batch_size=100, rng=rng, progress=False)
"""


@lru_cache(maxsize=1)
def example() -> tuple[Any, Any]:
    """A small trained network and its data, for learners who have none yet; the same as in `EXAMPLE`."""
    rng = np.random.default_rng(0)
    data = moons(100, rng=rng)
    model = Sequential(Dense(2, 8, activation=tanh, rng=rng), Dense(8, 2, rng=rng))
    optimizer = Adam(model.parameters(), 0.05)
    fit(model, data, loss=cross_entropy, optimizer=optimizer, epochs=60, batch_size=100, rng=rng, progress=False)
    return model, data


class Same:
    """A key for anything: equal only to a key for the very same thing."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


@lru_cache(maxsize=16)
def _cut(model: Same, data: Same, loss: Same, reach: float, pair: int, normalized: bool) -> Slice:
    """The slice; the model is a copy that nobody trains, so its weights are those of the first time."""
    return random_slice(
        model.thing, data.thing, loss=loss.thing, reach=reach, points=POINTS, normalized=normalized,
        rng=np.random.default_rng(pair),
    )  # fmt: skip


@dataclass(frozen=True)
class SliceResult:
    """A slice, and what there is to say about it."""

    cut: Slice
    marked: float
    lowest: float
    at: tuple[float, float]
    """Where the lowest loss is, in lengths of the directions."""
    weights: int
    """Number of the network's weights."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    image: AxesImage
    marker: Line2D
    first: Line2D
    second: Line2D
    dot: Line2D
    top: Text


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """Where the plane and the two cuts through it are."""
    width, height = figure.get_size_inches()
    narrow = is_narrow(figure)
    side = min(3.5, 0.82 * width) if narrow else 2.75
    left, cuts_at = (0.14, (0.14, 0.075, 0.8, 0.24)) if narrow else (0.065, (0.57, 0.14, 0.41, 0.77))
    plane = figure.add_axes((left, 1 - (side + 0.35) / height, side / width, side / height), label="slice")
    return plane, figure.add_axes(cuts_at, label="cuts")


@dataclass(frozen=True, eq=False)
class LossSlice(Widget):
    """The loss of a network at its weights + a · first + b · second random direction, after Li et al. (2018).

    Parameters
    ----------
    model, data : Module and Dataset, optional
        Your own network and the data on which its loss is computed; a small trained one unless given.
    loss : callable
        (prediction, truth) -> scalar.

    Examples
    --------
    >>> LossSlice().compute().at  # a trained network stands at the lowest point of its slice
    (0.0, 0.0)
    """

    title: ClassVar[str] = "Loss slice"
    size: ClassVar[tuple[float, float]] = (7.2, 3.6)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.4)

    reach: float = slider(1.0, 0.1, 3.0, step=0.05, label="reach")
    pair: int = slider(0, 0, 99, label="pair of directions")
    normalized: bool = toggle(True, label="filter-normalized")
    model: Any = state(None)
    data: Any = state(None)
    loss: Callable[[Any, Any], Any] = state(cross_entropy)
    marker: tuple[int, int] = state((HALF, HALF))

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.model is None) != (self.data is None):
            raise WrongTypeError(
                "LossSlice: give both or neither, LossSlice(model=…, data=…): a loss needs a network and data."
            )
        if self.model is not None:
            object.__setattr__(self, "model", as_it_is_now(self.model, owner="LossSlice"))

    # Numbers

    @property
    def network(self) -> tuple[Any, Any]:
        """The learner's network and data, or the example."""
        return example() if self.model is None else (self.model, self.data)

    def compute(self) -> SliceResult:
        model, data = self.network
        cut = _cut(Same(model), Same(data), Same(self.loss), self.reach, self.pair, self.normalized)
        if not np.isfinite(cut.losses).any():
            raise DataError(
                "LossSlice: no loss on this plane is a number. Did the training of the network blow up? Make it anew, and "
                "try a learning rate ten times smaller."
            )
        row, column = np.unravel_index(int(np.nanargmin(cut.losses)), cut.losses.shape)
        return SliceResult(
            cut=cut,
            marked=float(cut.losses[self.marker]),
            lowest=float(cut.losses[row, column]),
            at=(float(cut.a[column]), float(cut.b[row])),
            weights=sum(p.size for p in model.parameters()),
        )

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "slice" or event.kind not in ("down", "drag"):
            return self
        at = [round(place * HALF) + HALF for place in (event.y, event.x)]
        return self._marked(at[0], at[1])

    def key(self, key: str) -> Self:
        if key not in ARROWS:
            return self.fresh() if key in ("Enter", " ") else self
        right, up = ARROWS[key]
        return self._marked(self.marker[0] + up, self.marker[1] + right)

    def _marked(self, i: int, j: int) -> Self:
        at = (min(max(i, 0), POINTS - 1), min(max(j, 0), POINTS - 1))
        return self if at == self.marker else self.replace(marker=at)

    @action("New directions")
    def fresh(self) -> Self:
        """Another plane through the same weights."""
        return self.replace(pair=(self.pair + 1) % 100)

    # Words

    def describe(self, result: SliceResult) -> str:
        cut, (a, b) = result.cut, result.at
        where = "where the network stands" if (a, b) == (0.0, 0.0) else f"at ({signed(a)}, {signed(b)})"
        kind = "filter-normalized" if self.normalized else "plain"
        if self.hides:
            return f"A plane through {grouped(result.weights)} weights, along two {kind} random directions; its losses are covered."
        corners = cut.losses[[0, 0, -1, -1], [0, -1, 0, -1]]
        x, y = float(cut.a[self.marker[1]]), float(cut.b[self.marker[0]])
        return (
            f"A plane through {grouped(result.weights)} weights, pair {self.pair} of {kind} random directions, {self.reach:.2f} "
            f"lengths to each side. The loss in the middle is {three_digits(cut.centre)}; the lowest of {POINTS * POINTS} is {three_digits(result.lowest)}, "
            f"{where}. The marker, at ({signed(x)}, {signed(y)}), reads {three_digits(result.marked)}; the corners read "
            f"{three_digits(float(np.nanmin(corners)))} to {three_digits(float(np.nanmax(corners)))}."
        )  # fmt: skip

    # Code

    def code(self) -> str:
        own = "# model and data are your own\n" if self.model is not None else EXAMPLE
        name = "loss" if self.loss is not cross_entropy else "dl.cross_entropy"
        return (
            f"import numpy as np\nimport dlcourse as dl\n\n{own}\n"
            f"cut = dl.random_slice(model, data, loss={name}, reach={self.reach!r}, points={POINTS},\n"
            f"                      normalized={self.normalized}, rng=np.random.default_rng({self.pair}))\n"
            f"losses, centre = cut.losses, cut.centre\nmarked = losses[{self.marker[0]}, {self.marker[1]}]\n"
        )

    def code_results(self, result: SliceResult) -> dict[str, Any]:
        return {"losses": result.cut.losses, "centre": result.cut.centre, "marked": result.marked}

    # Picture

    def draw(self, figure: Figure) -> Artists:
        plane, cuts = panels(figure)
        edge = 1 + 0.5 / HALF
        image = plane.imshow(
            np.zeros((POINTS, POINTS)), origin="lower", extent=(-edge, edge, -edge, edge), vmin=0, vmax=1, aspect="auto",
            cmap=style.heights(12), interpolation="catrom", interpolation_stage="data", zorder=0,
        )  # fmt: skip
        plane.set(xlabel="a, along the first direction", xlim=(-1, 1), ylim=(-1, 1))
        plane.set_xticks([-1, 0, 1], ["− reach", "0", "reach"])
        plane.set_yticks([-1, 0, 1], ["− reach", "0", "reach"], rotation=90)
        plane.set_title("b     bands of equal loss, dark is low", fontsize=9)
        plane.xaxis.labelpad = 0
        style.haloed(plane.plot([0], [0], "+", color=style.ink(), ms=9, mew=1.5)[0])
        marker = style.haloed(plane.plot([], [], "o", mfc="none", mec=style.colour("VERMILLION"), mew=2, ms=11)[0])
        cuts.set(xlim=(-1, 1), ylim=(0, 1.04), yticks=[0])
        cuts.set_xticks([-1, 0, 1], ["− reach", "0: the network", "reach"])
        cuts.set_title("loss along each direction alone", fontsize=9)
        _inward(plane.get_xticklabels(), plane.get_yticklabels(), cuts.get_xticklabels())
        (first,) = cuts.plot([], [], color=style.colour("BLUE"))
        (second,) = cuts.plot([], [], "--", color=style.colour("ORANGE"))
        for x, name, colour in ((0.42, "first", "BLUE"), (0.58, "second", "ORANGE")):
            look: dict[str, Any] = {"transform": cuts.transAxes, "ha": "center", "va": "top", "fontsize": 9}
            cuts.text(x, 0.96, name, color=style.colour(colour), **look)
        (dot,) = cuts.plot([], [], "o", color=style.colour("VERMILLION"), ms=7)
        top = cuts.text(-1.02, 1, "", ha="right", va="center", fontsize=8)
        return Artists(image=image, marker=marker, first=first, second=second, dot=dot, top=top)

    def paint(self, artists: Artists, result: SliceResult) -> None:
        cut = result.cut
        high = float(np.nanmax(np.where(np.isfinite(cut.losses), cut.losses, np.nan)))
        losses = np.nan_to_num(cut.losses, nan=high, posinf=high)
        ranks = np.log10(losses - losses.min() + 0.02 * max(float(np.ptp(losses)), 1e-12))
        artists.image.set_data((ranks - ranks.min()) / max(float(np.ptp(ranks)), 1e-12))
        places = np.linspace(-1, 1, POINTS)
        artists.marker.set_data([places[self.marker[1]]], [places[self.marker[0]]])
        top = max(float(losses[HALF].max()), float(losses[:, HALF].max()), 1e-12)
        artists.first.set_data(places, losses[HALF] / top)
        artists.second.set_data(places, losses[:, HALF] / top)
        artists.dot.set_data([0], [cut.centre / top])
        artists.top.set_text("" if self.hides else three_digits(top))
        for artist in (artists.image, artists.marker, artists.first, artists.second, artists.dot):
            artist.set_visible(not self.hides)


def _inward(*axes: Any) -> None:
    """The outer labels of each axis begin and end with it."""
    for labels in axes:
        vertical = labels[0].get_rotation() == 90
        for label, side in (
            (labels[0], "bottom" if vertical else "left"),
            (labels[-1], "top" if vertical else "right"),
        ):
            (label.set_va if vertical else label.set_ha)(side)
