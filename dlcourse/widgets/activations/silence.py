"""SilentUnits: one step that is too long, the hidden units that fall silent, and which of them ever speak again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import readable
from dlcourse.live.pixels import Tiles
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["LAST", "UNITS", "Artists", "SilentResult", "SilentUnits", "trained"]

LAST = 100
UNITS = 48
ROWS, COLUMNS = 6, 8
KINDS: dict[str, Callable[..., Any]] = {"ReLU": dl.relu, "ELU": dl.elu, "leaky ReLU": dl.leaky_relu}
THEN: dict[str, Callable[..., Any]] = {"Adam": dl.Adam, "SGD": dl.SGD}
RATES = {"Adam": 0.01, "SGD": 0.3}
MOST = 36
"""Top of the curves' axis."""
Place = tuple[float, float, float, float]
COLOURS = ("BLUE", "VERMILLION")


def trained(activation: Any, first_rate: float, then: Any, rate: float, updates: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    train, _ = dl.data.digits().split(1 / 3, 2 / 3, rng=rng)
    x = train.x.reshape(-1, 64)  # (599, 64)
    hidden = dl.Dense(64, 48, activation=activation, rng=rng)
    model = dl.Sequential(hidden, dl.Dense(48, 10, rng=rng))
    optimizer = dl.SGD(model.parameters(), lr=first_rate)
    awake, weights = [], []
    for update in range(updates + 1):
        awake.append((hidden(x).data > 0).mean(axis=0))  # of (599, 48)
        weights.append(hidden.weight.data.copy())
        batch = rng.integers(0, len(x), 64)
        optimizer.zero_grad()
        dl.cross_entropy(model(x[batch]), train.y[batch]).backward()
        optimizer.step()
        if update == 0:
            optimizer = then(model.parameters(), lr=rate)
    return np.array(awake), np.array(weights)


@dataclass(frozen=True)
class SilentResult:
    """One network with ReLU, and one with the other activation, from the same beginning, with the same digits."""

    awake: tuple[Array, Array]
    """The share of the 599 digits that bring each unit above zero: (LAST + 1, UNITS) each."""
    moved: tuple[Array, Array]
    """How far the weights of the units that update 1 silenced are from where it left them; their mean: (LAST + 1,) each."""


@lru_cache(maxsize=24)
def _course(name: str, first_rate: float, then: str) -> tuple[Array, Array]:
    awake, weights = trained(KINDS[name], first_rate, THEN[then], RATES[then], LAST)
    silenced = awake[1] == 0
    moved = np.linalg.norm(weights - weights[1], axis=1)[:, silenced]
    return awake, moved.mean(axis=1) if silenced.any() else np.zeros(LAST + 1)


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for ReLU and one for the other."""

    units: Tiles
    crosses: list[Line2D]
    curves: list[Line2D]
    dots: list[Line2D]
    counts: list[Text]


@dataclass(frozen=True, eq=False)
class SilentUnits(Widget):
    """48 hidden units on handwritten digits, a first step that is too long, and what becomes of those that it silences.

    A unit is silent if it is at or below zero for every one of the 599 digits that the network learns from.

    Examples
    --------
    >>> result = SilentUnits(rate="10").compute()
    >>> silent = result.awake[0] == 0  # of ReLU: (101, 48)
    >>> bool(silent[1].sum() > 10), bool(silent[100][silent[1]].all())
    (True, True)
    """

    title: ClassVar[str] = "Silent units"
    size: ClassVar[tuple[float, float]] = (7.2, 2.8)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.0)
    steps_per_second: ClassVar[float] = 15.0

    update: int = slider(0, 0, LAST, label="updates")
    rate: str = choice("10", ("0.3", "3", "10", "30"), label="rate of update 1")
    then: str = choice("Adam", tuple(THEN), label="afterwards")
    beside: str = choice("leaky ReLU", ("leaky ReLU", "ELU"), label="beside ReLU")

    @property
    def names(self) -> tuple[str, str]:
        """Both activations."""
        return "ReLU", self.beside

    def compute(self) -> SilentResult:
        one, other = (_course(name, float(self.rate), self.then) for name in self.names)
        return SilentResult(awake=(one[0], other[0]), moved=(one[1], other[1]))

    def can_step(self) -> bool:
        """Whether an update is left."""
        return self.update < LAST

    def step(self) -> Self:
        """One update more."""
        return self.replace(update=self.update + 1) if self.can_step() else self

    def background(self) -> Hashable:
        return (self.beside, self.rate, self.then)

    def draw(self, figure: Figure) -> Artists:
        artists = Artists(units=Tiles(frame=style.faint()), crosses=[], curves=[], dots=[], counts=[])
        figure.add_artist(artists.units)
        sheets, curve = _panels(figure)
        for i, sheet in enumerate(sheets):
            draw_units(figure, sheet, artists, i)
        draw_curve(self, axes_at(figure, *curve, "curve"), artists)
        return artists

    def paint(self, artists: Artists, result: SilentResult) -> None:
        pictures: list[Array] = []
        for i in range(2):
            awake = result.awake[i][self.update]
            silent = awake == 0
            pixels = style.shades(np.where(silent, 0, 0.15 + 0.85 * awake))
            pictures += [np.broadcast_to(pixel, (3, 3, 4)) for pixel in pixels]  # with room for a frame
            row, column = np.divmod(np.flatnonzero(silent), COLUMNS)
            artists.crosses[i].set_data(column, row)
            counts = (result.awake[i][: self.update + 1] == 0).sum(axis=1)
            artists.curves[i].set_data(np.arange(self.update + 1), counts)
            artists.dots[i].set_data([self.update], [counts[-1]])
            artists.counts[i].set_text(f"{self.names[i]}: {counts[-1]} silent")
        artists.units.set_pictures(pictures, artists.units.places)

    def describe(self, result: SilentResult) -> str:
        parts = [self._told(i, result.awake[i], result.moved[i]) for i in range(2)]
        when = "Before any update"
        if self.update:
            when = f"After {counted(self.update, 'update')}, the first of rate {self.rate} by SGD"
            when += f" and the others of {RATES[self.then]:g} by {self.then}" if self.update > 1 else ""
        return f"{when}: {'; '.join(parts)}. Silent: not above zero for any of 599 digits."

    def _told(self, i: int, awake: Array, moved: Array) -> str:
        """How many are silent, and what became of those that were so after the first update."""
        silent, first = awake[self.update] == 0, awake[1] == 0
        text = f"of {UNITS} {self.names[i]} units {int(silent.sum())} are silent"
        if self.update < 2 or not first.any():
            return text
        return text + (
            f" ({int((first & ~silent).sum())} of the {int(first.sum())} that were silent after update 1 speak again; "
            f"the weights of these {int(first.sum())} have moved by {_amount(moved[self.update])})"
        )

    def code(self) -> str:
        functions = ", ".join(f"dl.{KINDS[name].__name__}" for name in self.names)
        return (
            f"import numpy as np\nimport dlcourse as dl\n\n{plain_source(trained)}\n"
            f"silent = []\nfor activation in ({functions}):\n"
            f"    awake, _ = trained(activation, {float(self.rate)!r}, dl.{self.then}, {RATES[self.then]!r}, {self.update})\n"
            "    silent.append((awake[-1] == 0).sum())\nprint('silent units:', silent)\n"
        )

    def code_results(self, result: SilentResult) -> dict[str, Any]:
        return {"silent": [int((awake[self.update] == 0).sum()) for awake in result.awake]}

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "curve" or event.kind not in ("down", "drag"):
            return self
        return self.replace(update=round(event.x))

    def key(self, key: str) -> Self:
        right, _ = ARROWS.get(key, (0, 0))
        return self.replace(update=self.update + right) if right else self


def _amount(value: float) -> str:
    return "0, exactly" if value == 0 else readable(float(value))


def _panels(figure: Figure) -> tuple[tuple[Place, Place], Place]:
    """Where both sheets of units and the curve are: left, bottom, width and height in inches."""
    if is_narrow(figure):
        across, up = figure.get_size_inches()
        wide = (across - 0.5) / 2
        high = wide * ROWS / COLUMNS
        below = up - high - 0.5
        return ((0.15, below, wide, high), (0.35 + wide, below, wide, high)), (0.5, 0.5, across - 0.7, 1.6)
    return ((0.15, 0.65, 2.1, 1.575), (2.45, 0.65, 2.1, 1.575)), (5.0, 0.5, 2.0, 1.9)


def _squares(sheet: Place) -> list[tuple[float, float, float]]:
    """Left, bottom and side of each unit's square, in hundredths of an inch."""
    left, bottom, width, height = (100 * side for side in sheet)
    pitch = width / COLUMNS
    gap = 0.07 * pitch
    return [
        (left + column * pitch + gap, bottom + height - (row + 1) * pitch + gap, pitch - 2 * gap)
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def draw_units(figure: Figure, sheet: Place, artists: Artists, i: int) -> None:
    """A sheet of squares, and the crosses of those that are silent."""
    axes = axes_at(figure, *sheet, f"units {i}")
    style.quiet(axes, left=False, bottom=False)
    axes.set(xlim=(-0.5, COLUMNS - 0.5), ylim=(ROWS - 0.5, -0.5))
    colour = style.colour(COLOURS[i])
    artists.units.places = [*artists.units.places, *_squares(sheet)]
    artists.crosses.extend(axes.plot([], [], "x", color=colour, markersize=11, markeredgewidth=2.4, zorder=5))
    left, bottom, _, height = sheet
    artists.counts.append(text_at(figure, left, bottom + height + 0.12, color=colour, fontsize=9, fontweight="bold"))
    if i == 0:
        gap = "\n" if is_narrow(figure) else " "
        key = f"a square is one of {UNITS} units: the bluer,{gap}the more digits wake it; ×: silent"
        text_at(figure, left, bottom - 0.12, key, fontsize=8, va="top")


def draw_curve(state: SilentUnits, axes: Axes, artists: Artists) -> None:
    """How many are silent over the updates."""
    style.quiet(axes)
    axes.set(xlim=(0, LAST), ylim=(0, MOST), xticks=[0, 20, 40, 60, 80, 100], yticks=[0, 12, 24, 36])
    axes.set_xlabel("updates", labelpad=1)
    axes.set_title("silent units")
    axes.axvline(1, color=style.faint(), linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    axes.text(
        4, MOST, f"update 1: rate {state.rate}, SGD\nthen {RATES[state.then]:g}, {state.then}", fontsize=8, va="top"
    )
    for i, name in enumerate(COLOURS):
        artists.curves.extend(axes.plot([], [], color=style.colour(name), zorder=4 - i, drawstyle="steps-post"))
        artists.dots.extend(
            axes.plot([], [], "os"[i], color=style.colour(name), markersize=6, clip_on=False, zorder=6 - i)
        )
