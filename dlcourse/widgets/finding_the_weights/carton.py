"""EggCarton: a landscape of wells in 1 to 1 000 000 dimensions, what its flat places are, and where dropped balls end."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.widget import Widget, action, slider, state, toggle
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor
from dlcourse.widgets.finding_the_weights import balls

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["EggCarton", "EggResult"]

DRAWN = 300
"""The picture shows the first of the balls; the numbers count all."""
HIGHEST = 1.65


@dataclass(frozen=True)
class EggResult:
    """What was measured, each with what the formula says. Shares are given as log₁₀, for 2⁻ᵈ soon underflows."""

    sample: balls.Sample
    places: Array
    heights: Array
    """Height of each ball, mean over its axes."""
    arrived: int
    """Balls that are in a deepest well, on every axis."""
    minima: float
    minima_formula: float
    count: float
    count_formula: float
    index_formula: tuple[float, float]
    deepest: float
    deepest_formula: float
    rest_formula: tuple[float, float]
    caught: float
    """Share of all axes of all balls that hang over a deep well, measured when they were dropped."""


@dataclass(frozen=True, eq=False)
class EggCarton(Widget):
    """The sum of d equal axes, each with a deep and a shallow well: an egg carton in d dimensions.

    Parameters
    ----------
    dimensions : float
        d, from 1 to 1 000 000 (rounded).
    q : float
        Share of an axis from which a ball rolls into the deep well; 0.5 makes all wells equal.
    covered : bool
        Everything but the carton stays hidden until a prediction was made.

    Examples
    --------
    >>> round(EggCarton(dimensions=10.0).compute().count_formula, 2)  # log₁₀ of 2¹⁰ minima
    3.01
    """

    title: ClassVar[str] = "Egg carton"
    size: ClassVar[tuple[float, float]] = (7.2, 4.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.2)
    steps_per_second: ClassVar[float] = 30.0

    dimensions: float = slider(2.0, 1.0, 1e6, log=True, label="dimensions d")
    q: float = slider(0.67, 0.5, 0.8, step=0.01, label="q, the deep well's share of an axis")
    rest: bool = toggle(False, label="balls at rest")
    seed: int = state(0)
    rolling: tuple[Any, ...] = state(())
    covered: bool = state(False)

    @property
    def d(self) -> int:
        """The number of dimensions."""
        return round(self.dimensions)

    @property
    def equal(self) -> bool:
        """Whether all wells are equally deep."""
        return balls.axis(self.q).tilt < 1e-9

    @property
    def steps(self) -> int:
        """Updates since the balls were dropped; another carton drops them again."""
        return int(self.rolling[1]) if self.rolling and self.rolling[0] == (self.d, self.q, self.seed) else 0

    # Numbers

    def places(self) -> Array:
        """Where the balls are, shape (balls, d)."""
        if not self.rest:
            return balls.rolled(self.d, self.q, self.seed, self.steps)
        w = balls.dropped(self.d, self.seed)
        return np.where(balls.over_deep(w, self.q), np.float32(0.5), np.float32(1.5))

    @cached_property
    def measured(self) -> EggResult:
        """All numbers, computed once a state."""
        d, one = self.d, balls.axis(self.q)
        found = balls.sample(d, self.seed, tuple(bool(c < 0) for c in one.curvatures))
        w = self.places()
        with no_grad():
            heights = np.asarray(balls.height(Tensor(w), one.tilt).data)
        arrived = int((heights.max(axis=1) < 0.05).sum())
        caught = 1.0 if self.equal else balls.caught(d, self.q, self.seed)
        up, hit = found.bends_up, 1.0 if self.equal else self.q
        if d <= balls.COUNTED:
            minima, deepest = _log(found.minima / found.size), _log(arrived / len(w))
        else:
            minima, deepest = d * math.log10(up), d * _log(caught)
        spread = (one.heights[1] - one.heights[0]) * math.sqrt(self.q * (1 - self.q) / d)
        return EggResult(
            found, w[:, :2] % 2, heights.mean(axis=1, dtype=np.float64), arrived, minima, -d * math.log10(2),
            minima + d * math.log10(4), d * math.log10(2), (d / 2, math.sqrt(d) / 2), deepest, d * math.log10(hit),
            (float((1 - self.q) * one.heights[1]), float(spread)), caught,
        )  # fmt: skip

    def compute(self) -> EggResult:
        return self.measured

    def can_step(self) -> bool:
        """Whether the balls roll at all; whether they still do costs an update to find out."""
        return not self.rest

    def step(self) -> Self:
        """All balls roll one update further."""
        if self.rest:
            return self
        now, following = self.places(), balls.rolled(self.d, self.q, self.seed, self.steps + 1)
        if float(np.abs(following - now).max()) < balls.REST:
            return self
        return self.replace(rolling=((self.d, self.q, self.seed), self.steps + 1))

    @action("Drop new balls")
    def drop(self) -> Self:
        """Other balls, and another sample of critical points."""
        return self.replace(seed=self.seed + 1, rolling=())

    def key(self, key: str) -> Self:
        if key in ("ArrowRight", "ArrowUp"):
            return self.replace(dimensions=float(max(self.d + 1, round(1.2 * self.d))))
        if key in ("ArrowLeft", "ArrowDown"):
            return self.replace(dimensions=float(min(self.d - 1, round(self.d / 1.2))))
        if key == "d":
            return self.drop()
        return self.step() if key in ("Enter", " ") else self

    # Words

    @property
    def hides(self) -> bool:
        """Whether the answer is still covered."""
        return self.covered and not self.prediction

    def describe(self, result: EggResult) -> str:
        wells = "all wells equally deep" if self.equal else f"deep wells that catch {100 * self.q:.0f} % of each axis"
        head = f"A carton in {_whole(self.d)} dimension{'s' * (self.d > 1)}, {wells}. "
        if self.hides:
            return head + f"{_whole(len(result.heights))} balls hang over it; the rest is covered."
        found = result.sample
        saddles = (found.size - found.minima - found.maxima) / found.size
        mean, spread = float(result.heights.mean()), float(result.heights.std())
        makes = (
            f"that makes {_power(result.count)} minima"
            if result.count > -math.inf
            else f"{_whole(found.size)} were looked at, none of them one of the minima"
        )
        arrived = f"{result.arrived} {'is' if result.arrived == 1 else 'are'} in a deepest well"
        where = (
            "at rest" if self.rest else f"after {counted(self.steps, 'update')}" if self.steps else "before they roll"
        )
        return (
            f"{head}Of its critical points {_share(result.minima)} are minima (2⁻ᵈ: {_share(result.minima_formula)}), "
            f"{_share(_log(saddles))} are saddles; {makes} (2ᵈ: {_power(result.count_formula)}). "
            f"Axes that bend down: {_pair(found.mean, found.deviation)} (formula {_pair(*result.index_formula)}). "
            f"Of {_whole(len(result.heights))} balls, {where}, {arrived}"
            f" (qᵈ: {_share(result.deepest_formula)}{self._pooled(result)}); their height is {_pair(mean, spread)} "
            f"(at rest: {_pair(*result.rest_formula)}), 1 being the average."
        )  # fmt: skip

    def _pooled(self, result: EggResult) -> str:
        return (
            f", from the axes of these balls: {_share(result.deepest)}"
            if self.d > balls.COUNTED and not self.equal
            else ""
        )

    # Code

    def code(self) -> str:
        down = [bool(c < 0) for c in balls.axis(self.q).curvatures]
        roll = (
            f"deep = np.abs((w + 0.5) % 2 - 1) < {self.q!r}              # the basin of the deep well\n"
            "w = np.where(deep, np.float32(0.5), np.float32(1.5))   # at rest\n"
            if self.rest
            else f"for _ in range({self.steps}):                                # gradient descent, step 1 / largest curvature\n"
            "    places = dl.Tensor(w, requires_grad=True)\n"
            "    height(places).sum().backward()\n"
            f"    w = w - {balls.pace(self.q)!r} * places.grad\n"
        )
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"d, tilt = {self.d}, {balls.axis(self.q).tilt!r}\n\n"
            "def height(w):                                    # of each axis: 0 the deepest well, 1 the average\n"
            "    return (dl.cos(2 * np.pi * w) - tilt * dl.sin(np.pi * w) + (1 + tilt)) * (1 / (1 + tilt))\n\n"
            f"w = 2 * np.random.default_rng({self.seed}).random(({len(self.places())}, d), dtype=np.float32)\n"
            f"{roll}"
            "heights = height(dl.Tensor(w)).data.mean(axis=1, dtype=float)\n\n"
            f"bends_down = np.array({down})   # deep well, shallow well, top, top\n"
            f"kinds = np.random.default_rng([{self.seed}, 1]).integers(0, 4, (d, {self.measured.sample.size}), dtype=np.uint8)\n"
            "index = bends_down[kinds].sum(axis=0)\n"
            "minima, mean, deviation = int((index == 0).sum()), index.mean(), index.std()\n"
        )  # fmt: skip

    def code_results(self, result: EggResult) -> dict[str, Any]:
        found = result.sample
        return {
            "heights": result.heights, "minima": found.minima, "mean": found.mean, "deviation": found.deviation,
        }  # fmt: skip

    # Picture

    def background(self) -> Hashable:
        return (self.d == 1, self.hides)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height_ = figure.get_size_inches()
        wide = width >= 5.6
        side = 2.55 if wide else min(3.3, 0.82 * width)
        if wide:
            boxes = ((0.055, 1 - (side + 0.3) / height_, side / width, side / height_), (0.50, 0.71, 0.47, 0.225), (0.50, 0.40, 0.47, 0.165))  # fmt: skip
            table, columns, rows, size = 0.235, (0.02, 0.44, 0.70), 0.052, 9.0
        else:
            boxes = ((0.14, 1 - (side + 0.3) / height_, side / width, side / height_), (0.06, 0.33, 0.88, 0.085), (0.06, 0.205, 0.88, 0.06))  # fmt: skip
            table, columns, rows, size = 0.143, (0.02, 0.475, 0.745), 0.031, 7.5
        carton, index, strip = (
            figure.add_axes(box, label=name) for box, name in zip(boxes, ("carton", "index", "heights"), strict=True)
        )
        found = self._draw_carton(carton) | self._draw_index(index) | self._draw_heights(strip)
        for x, text in zip(columns[1:], ("measured", "formula"), strict=True):
            figure.text(x, table, text, fontsize=size, color=style.colour("BLUE" if x == columns[1] else "GREEN"))
        found["cells"] = []
        for row, label in enumerate(
            ("minima among the critical points", "axes that bend down, of d", "balls in the deepest well", "height of the balls; at rest")
        ):  # fmt: skip
            y = table - (row + 1) * rows
            figure.text(columns[0], y, label, fontsize=size)
            found["cells"] += [figure.text(x, y, "", fontsize=size) for x in columns[1:]]
        return found

    def _draw_carton(self, axes: Axes) -> dict[str, Any]:
        axes.set(xlim=(0, 2), xticks=[0.5, 1.5], xlabel="w₁")
        axes.xaxis.labelpad = 0
        ball: dict[str, Any] = {"color": style.colour("VERMILLION"), "mew": 0, "ls": ""}
        if self.d == 1:
            axes.set(ylim=(-0.1, 2.1), yticks=[0, 1, 2])
            axes.set_title("height", fontsize=9)
            (curve,) = axes.plot([], [], color=style.colour("BLUE"))
            (dots,) = axes.plot([], [], "o", ms=5, alpha=0.5, **ball)
            return {"curve": curve, "balls": dots}
        axes.set(ylim=(0, 2), yticks=[0.5, 1.5], yticklabels=["deep", "shallow"], xticklabels=["deep", "shallow"])
        axes.set_title("two of the axes, w₁ and w₂; dark is deep", fontsize=9)
        image = axes.imshow(
            np.zeros((40, 40)), origin="lower", extent=(0, 2, 0, 2), vmin=0, vmax=2, aspect="auto", cmap=style.SEQUENTIAL,
            alpha=0.8, interpolation="bilinear", zorder=0,
        )  # fmt: skip
        axes.tick_params(axis="y", rotation=90)
        (dots,) = axes.plot([], [], "o", ms=3.6, **ball)
        return {"image": image, "balls": dots}

    def _draw_index(self, axes: Axes) -> dict[str, Any]:
        axes.set(xlim=(-0.03, 1.03), ylim=(0, 1.08), xticks=[0, 0.5, 1], yticks=[])
        axes.set_xticklabels(["0: minimum", "half: saddle", "1: maximum"])
        axes.tick_params(labelsize=7.5)
        axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.get_xticklabels()[2].set_horizontalalignment("right")
        axes.set_title("critical points by their share of axes that bend down", fontsize=9)
        if self.hides:
            axes.text(0.5, 0.5, "covered", ha="center", va="center", color=style.faint())
        edges = (np.arange(balls.BARS + 1) - 0.5) / (balls.BARS - 1)
        bars = axes.stairs(np.zeros(balls.BARS), edges, fill=True, color=style.colour("BLUE"), alpha=0.7)
        (dots,) = axes.plot([], [], "o", mfc="none", mec=style.colour("GREEN"), ms=5, mew=1.4)
        return {"bars": bars, "dots": dots}

    def _draw_heights(self, axes: Axes) -> dict[str, Any]:
        axes.set(xlim=(-0.04, HIGHEST), ylim=(-0.3, 1.05), xticks=[0, 1], yticks=[])
        axes.set_xticklabels(["0: the deepest", "1: the average"])
        axes.get_xticklabels()[0].set_horizontalalignment("left")
        axes.tick_params(labelsize=7.5)
        axes.set_title("height of each ball, per dimension", fontsize=9)
        axes.axvline(0, color=style.faint(), lw=0.8)
        (dots,) = axes.plot([], [], ".", color=style.colour("VERMILLION"), ms=4, alpha=0.8)
        (band,) = axes.plot([], [], color=style.colour("GREEN"), lw=4, solid_capstyle="butt")
        (middle,) = axes.plot([], [], "|", color=style.colour("GREEN"), ms=9, mew=2)
        return {"heights": dots, "band": band, "middle": middle}

    def paint(self, artists: dict[str, Any], result: EggResult) -> None:
        one = balls.axis(self.q)
        grid = np.linspace(0, 2, 121 if self.d == 1 else 40)
        profile = np.asarray(balls.height(Tensor(grid), one.tilt).data)
        if self.d == 1:
            artists["curve"].set_data(grid, profile)
            artists["balls"].set_data(result.places[:DRAWN, 0], result.heights[:DRAWN])
        else:
            artists["image"].set_data((profile[:, None] + profile) / 2)
            artists["balls"].set_data(result.places[:DRAWN, 0], result.places[:DRAWN, 1])
        formula, shares = (one / balls.crowd(self.d) for one in (balls.binomial(self.d), result.sample.shares))
        top = max(float(formula.max()), float(shares.max()))
        seen = np.flatnonzero(formula > 1e-3 * top)
        artists["bars"].set_data(shares / top)
        artists["dots"].set_data(seen / (balls.BARS - 1), formula[seen] / top)
        shown = result.heights[:DRAWN]
        artists["heights"].set_data(shown, np.arange(len(shown)) * 0.618034 % 1)
        mean, spread = result.rest_formula
        artists["band"].set_data([mean - 2 * spread, mean + 2 * spread], [-0.18, -0.18])
        artists["middle"].set_data([mean], [-0.18])
        for name in ("bars", "dots", "heights", "band", "middle"):
            artists[name].set_visible(not self.hides)
        for cell, text in zip(artists["cells"], self._cells(result), strict=True):
            cell.set_text("" if self.hides else text)

    def _cells(self, result: EggResult) -> list[str]:
        found = result.sample
        return [
            _share(result.minima), _share(result.minima_formula),
            _pair(found.mean, found.deviation), _pair(*result.index_formula),
            f"{result.arrived} of {len(result.heights)}", _share(result.deepest_formula),
            _pair(float(result.heights.mean()), float(result.heights.std())), _pair(*result.rest_formula),
        ]  # fmt: skip


def _log(share: float) -> float:
    """log₁₀, minus infinity of nothing."""
    return math.log10(share) if share > 0 else -math.inf


def _whole(number: float) -> str:
    return f"{round(number):,}".replace(",", " ")


def _power(log: float) -> str:
    """A number given by its log₁₀: in full up to a million, then as a power of ten."""
    if log == -math.inf:
        return "0"
    return _whole(10**log) if log < 6 else "10" + f"{log:.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _share(log: float) -> str:
    """A share given by its log₁₀: percent, 1 in so many, or a power of ten."""
    if log == -math.inf:
        return "none"
    if log > -2:
        return f"{100 * 10**log:.3g} %"
    return f"1 in {_power(-log)}"


def _pair(mean: float, deviation: float) -> str:
    def short(value: float) -> str:
        return _whole(value) if abs(value) >= 1000 else f"{value:.3g}"

    return f"{short(mean)} ± {short(deviation)}"
