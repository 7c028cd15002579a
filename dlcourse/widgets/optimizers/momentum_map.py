"""MomentumMap: how many steps momentum needs on a long bowl, for every learning rate and every μ."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider
from dlcourse.optimizers import SGD
from dlcourse.tensor import Parameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = [
    "GOAL",
    "MOMENTA",
    "MOST",
    "RATES",
    "Artists",
    "MapResult",
    "MomentumMap",
    "descend",
    "map_of",
    "steps_needed",
    "theory",
]

RATES = np.geomspace(0.05, 4, 41)
PLAIN = np.round(np.arange(1, 2, 0.01), 2)
"""Learning rates among which plain descent has its best: it lies between 1 and 2, close to the bound."""
MOMENTA = np.arange(25) * 0.04
MOST = 400
"""Steps that are made; who has not arrived by then is not counted further."""
GOAL = 1e-3
"""Arrived: no weight is further from the bottom than this share of where it began."""
FAR = 1e6


def theory(kappa: float) -> tuple[float, float]:
    """The learning rate and μ with which momentum is fastest on a bowl with curvatures 1/κ and 1, after Goh (2017).

    Examples
    --------
    >>> theory(9.0)
    (2.25, 0.25)
    """
    root = math.sqrt(kappa)
    return (2 / (1 + 1 / root)) ** 2, ((root - 1) / (root + 1)) ** 2


def descend(kappa: float, rates: Array, momentum: float, most: int = MOST) -> Array:
    """How far the worse weight of ½ (w₁²/κ + w₂²) is from the bottom, for each learning rate, step by step.

    Parameters
    ----------
    kappa : float
    rates : array, shape (R,)
    momentum : float in [0, 1)
    most : int

    Returns
    -------
    array, shape (most + 1, R)
        Distances, 1 at the start (1, 1).

    Notes
    -----
    All rates go at once: v ← μ v + lr · g, w ← w − v makes the same places as v ← μ v + g, w ← w − lr · v.
    """
    w = Parameter(np.ones((len(rates), 2)))
    optimizer = SGD([w], lr=1.0, momentum=momentum)
    slope = rates[:, None] * np.array([1 / kappa, 1.0])
    distances = np.ones((most + 1, len(rates)))
    for t in range(1, most + 1):
        gradient = slope * w.data
        gradient[distances[t - 1] > FAR] = 0  # exploded: it need not go on
        w.grad = gradient
        optimizer.step()
        distances[t] = np.abs(w.data).max(axis=1)
    return distances


def steps_needed(distances: Array) -> Array:
    """The step from which on a distance is at most `GOAL`, for each column; one more than all where there is none."""
    above = distances > GOAL
    last = len(distances) - 1 - above[::-1].argmax(axis=0)
    return np.where(above.any(axis=0), last + 1, 0)


@lru_cache(maxsize=8)
def map_of(kappa: float) -> Array:
    """Steps needed, shape (μ, rates); NaN where it explodes."""
    ways = [descend(kappa, RATES, float(mu)) for mu in MOMENTA]
    return np.array([np.where(way.max(axis=0) > FAR, math.nan, steps_needed(way)) for way in ways])


@lru_cache(maxsize=8)
def plain_steps(kappa: float) -> int:
    """Steps that plain descent needs with its best learning rate."""
    return int(steps_needed(descend(kappa, PLAIN, 0.0)).min())


@lru_cache(maxsize=64)
def one(kappa: float, lr: float, momentum: float) -> Array:
    """The distances of one pair of settings, shape (steps + 1,)."""
    return descend(kappa, np.array([lr]), momentum)[:, 0]


@dataclass(frozen=True)
class MapResult:
    """The map, its best place, the place at hand and its way down.

    Attributes
    ----------
    steps : array, shape (μ, rates)
    best : (float, float, int)
        Learning rate, μ and steps of the fastest place of the map.
    plain : int
        Steps without momentum, at its best learning rate.
    distances : array, shape (MOST + 1,)
        At the place at hand.
    needed : int
        Steps at the place at hand, MOST + 1 if they do not suffice.
    exploded : bool
    """

    steps: Array
    best: tuple[float, float, int]
    plain: int
    distances: Array
    needed: int
    exploded: bool


@dataclass(frozen=True)
class Artists:
    """What moves."""

    here: Line2D
    star: Line2D
    curve: Line2D
    arrival: Line2D
    arrived: Text


@dataclass(frozen=True, eq=False)
class MomentumMap(Widget):
    """Every place of the map is a pair of settings; click one and see its way to the bottom.

    Examples
    --------
    >>> result = MomentumMap(kappa="100").compute()
    >>> lr, mu, steps = result.best
    >>> bool(0.6 < mu < 0.75) and result.plain > 6 * steps
    True
    """

    title: ClassVar[str] = "Momentum map"
    size: ClassVar[tuple[float, float]] = (7.2, 3.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.4)

    kappa: str = choice("100", ("4", "10", "25", "100"), label="κ, length of the bowl")
    lr: float = slider(1.0, 0.05, 4.0, step=0.01, log=True, label="learning rate")
    momentum: float = slider(0.0, 0.0, 0.98, step=0.01, label="μ")

    # State

    def compute(self) -> MapResult:
        kappa = float(self.kappa)
        steps = map_of(kappa)
        i, j = np.unravel_index(int(np.nanargmin(steps)), steps.shape)
        distances = one(kappa, float(self.lr), float(self.momentum))
        return MapResult(
            steps=steps, best=(float(RATES[j]), float(MOMENTA[i]), int(steps[i, j])), plain=plain_steps(kappa),
            distances=distances, needed=int(steps_needed(distances[:, None])[0]), exploded=bool(distances.max() > FAR),
        )  # fmt: skip

    def background(self) -> Hashable:
        return (self.kappa, self.hides)

    # Picture

    def draw(self, figure: Figure) -> Artists:
        if is_narrow(figure):
            wide = figure.get_figwidth() - 0.9
            table = axes_at(figure, 0.65, 2.45, wide, 2.6, "map")
            way = axes_at(figure, 0.65, 0.45, wide, 1.2, "way")
        else:
            table, way = axes_at(figure, 0.65, 0.5, 3.3, 2.6, "map"), axes_at(figure, 4.75, 0.5, 2.2, 2.6, "way")
        self._draw_map(table)
        (here,) = table.plot(
            [], [], "o", mfc="none", mec=style.colour("VERMILLION"), mew=2.4, ms=10, zorder=5, clip_on=False
        )
        (star,) = table.plot([], [], "*", color=style.colour("ORANGE"), mec=style.ink(), ms=13, zorder=4)
        way.set(xlim=(0, MOST), ylim=(1e-6, 1e3), yscale="log", xlabel="step", yticks=[1e-6, 1e-3, 1, 1e3])
        way.set_yticklabels(["10⁻⁶", "0.001", "1", "1000"])
        way.minorticks_off()
        way.set_title("distance from the bottom", fontsize=9)
        way.axhline(GOAL, color=style.faint(), lw=0.8, ls=(0, (4, 3)))
        (curve,) = way.plot([], [], color=style.colour("VERMILLION"), lw=1.4)
        (arrival,) = way.plot([], [], "o", color=style.colour("VERMILLION"), mec=style.ink(), ms=6, zorder=4)
        arrived = way.text(0.97, 0.97, "", transform=way.transAxes, ha="right", va="top", fontsize=9)
        return Artists(here=style.haloed(here), star=star, curve=curve, arrival=arrival, arrived=arrived)

    def _draw_map(self, axes: Axes) -> None:
        """Steps needed, dark where they are few, blank where it explodes; covered, an empty frame."""
        across, up = np.log10(RATES[1] / RATES[0]) / 2, (MOMENTA[1] - MOMENTA[0]) / 2
        low, high = math.log10(RATES[0]), math.log10(RATES[-1])
        axes.set(xlim=(low - across, high + across), ylim=(MOMENTA[0] - up, MOMENTA[-1] + up))
        ticks = (0.05, 0.1, 0.2, 0.5, 1, 2, 4)
        axes.set_xticks([math.log10(tick) for tick in ticks], [f"{tick:g}" for tick in ticks])
        axes.set(yticks=[0, 0.2, 0.4, 0.6, 0.8], xlabel="learning rate")
        axes.set_title("μ   (dark: few steps, blank: explodes)", fontsize=9)
        if self.hides:
            axes.text(0.5, 0.5, "covered until you choose", transform=axes.transAxes, ha="center", fontsize=9)
            return
        steps = map_of(float(self.kappa))
        axes.imshow(
            np.log10(steps), origin="lower", aspect="auto", cmap=style.heights(12), vmin=math.log10(np.nanmin(steps)),
            vmax=math.log10(MOST + 1), extent=(low - across, high + across, MOMENTA[0] - up, MOMENTA[-1] + up),
        )  # fmt: skip

    def paint(self, artists: Artists, result: MapResult) -> None:
        artists.here.set_data([math.log10(self.lr)], [self.momentum])
        lr, mu = theory(float(self.kappa))
        artists.star.set_data([math.log10(lr)], [mu])
        artists.star.set_visible(not self.hides)
        artists.curve.set_data(np.arange(MOST + 1), np.clip(result.distances, 1e-6, 1e3))
        there = result.needed <= MOST
        artists.arrival.set_data([result.needed if there else math.nan], [result.distances[min(result.needed, MOST)]])
        artists.arrived.set_text(
            f"arrived: {result.needed}" if there else "exploded" if result.exploded else "not arrived"
        )

    # Words

    def describe(self, result: MapResult) -> str:
        needed = (
            f"{result.needed} steps"
            if result.needed <= MOST
            else "explodes"
            if result.exploded
            else f"more than {MOST} steps"
        )
        here = f"Bowl with κ = {self.kappa}, learning rate {self.lr:.3g}, μ {self.momentum:.2g}: {needed} to a thousandth of the distance. "
        if self.hides:
            return here + "The map is covered."
        lr, mu, steps = result.best
        rate, share = theory(float(self.kappa))
        return here + (
            f"Fastest on the map: {steps} steps, at {lr:.2g} and μ {mu:.2g}; without momentum {result.plain} at best. "
            f"The star is what theory says: {rate:.3g} and μ {share:.2g}."
        )

    def code(self) -> str:
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"curvature = np.array([1 / {self.kappa}, 1.0])\n"
            "w = dl.Parameter(np.ones(2))\n"
            f"optimizer = dl.SGD([w], lr={float(self.lr)!r}, momentum={float(self.momentum)!r})\n"
            "distances = [1.0]\n"
            f"for _ in range({MOST}):\n"
            f"    w.grad = curvature * w.data if distances[-1] <= {FAR:g} else np.zeros(2)\n"
            "    optimizer.step()\n"
            "    distances.append(np.abs(w.data).max())\n"
            f"above = np.flatnonzero(np.array(distances) > {GOAL})\n"
            "needed = above[-1] + 1\n"
        )

    def code_results(self, result: MapResult) -> dict[str, Any]:
        return {"needed": result.needed}

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.kind not in ("down", "drag") or event.axes != "map":
            return self
        return self.replace(lr=float(f"{10 ** min(event.x, 1.0):.3g}"), momentum=round(event.y, 2))

    def key(self, key: str) -> Self:
        right, up = ARROWS.get(key, (0, 0))
        if not right and not up:
            return self
        return self.replace(
            lr=float(f"{self.lr * 10 ** (0.05 * right):.3g}"), momentum=round(self.momentum + 0.02 * up, 2)
        )
