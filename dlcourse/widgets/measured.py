"""Measured: what a cell has measured, a row for each case; what a bet is about stays covered until it is placed."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator

from dlcourse.arrays import Array
from dlcourse.errors import DataError
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.widget import ARROWS, Pointer, Widget, state

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "Measured", "MeasuredResult"]

LETTER = 0.084
"""Inches that a letter takes in a picture, on average."""
SHORTEST = 2.0
"""Inches of the axis, in a wide picture, below which names and numbers stand above their lines."""
COINS = {"a coin": (0.48, 0.53, 0.50), "a loaded coin": (0.69, 0.74, 0.72)}


@dataclass(frozen=True)
class MeasuredResult:
    """Mean, smallest and largest run of each row, all of shape (R,)."""

    names: tuple[str, ...]
    means: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each row."""

    dots: list[Line2D]
    spans: list[Line2D]
    values: list[Text]
    ring: Line2D


@dataclass(frozen=True, eq=False)
class Measured(Widget):
    """A row for each case, and a dot for what was measured; a line from the smallest to the largest of several runs.

    Parameters
    ----------
    measured : mapping from str to number or sequence of numbers
        A row for each name, of one run or of several.
    label : str
        What the numbers are.
    covers : tuple of str
        Rows that a bet is about and that stay covered until it is placed; all, if none is named.
    limits : tuple of two floats
        Where the axis begins and ends.
    written : str
        How a number is written, as in `format`.
    log : bool
        Whether the axis counts in powers of ten.
    notes : mapping from str to str
        Words behind the number of a row.
    level : tuple of float and str, optional
        A dashed line to compare with, and its name.
    several : str
        What a sentence calls the numbers of a row that has more than one.

    Raises
    ------
    DataError
        If there is no row, or a row holds something else than finite numbers.

    Examples
    --------
    >>> Measured({"once": 0.49, "twice": (0.7, 0.8)}).compute().means
    array([0.49, 0.75])
    """

    title: ClassVar[str] = "Measured"
    size: ClassVar[tuple[float, float]] = (7.2, 2.6)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 3.6)

    measured: Mapping[str, Any] = state(default_factory=lambda: COINS)
    label: str = state("share of heads")
    covers: tuple[str, ...] = state(())
    limits: tuple[float, float] = state((0.0, 1.0))
    written: str = state(".0%")
    log: bool = state(False)
    notes: Mapping[str, str] = state(default_factory=dict)
    level: tuple[float, str] | None = state(None)
    several: str = state("runs")
    chosen: int = state(0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.measured:
            raise DataError("Measured: there is no row. Give it what you measured, as in Measured({'once': 0.49}).")
        for name, runs in self.measured.items():
            numbers = np.atleast_1d(np.asarray(runs, float))
            if not numbers.size or not np.isfinite(numbers).all():
                raise DataError(f"Measured: {name!r} should be a finite number, or several, not {runs!r}.")

    # State

    def compute(self) -> MeasuredResult:
        runs = [np.atleast_1d(np.asarray(row, float)) for row in self.measured.values()]
        means, low, high = (np.array([f(row) for row in runs]) for f in (np.mean, np.min, np.max))
        return MeasuredResult(names=tuple(self.measured), means=means, low=low, high=high)

    def is_covered(self, name: str) -> bool:
        """Whether a row still keeps its number to itself."""
        return self.hides and (not self.covers or name in self.covers)

    def has_runs(self, result: MeasuredResult) -> bool:
        """Whether the chosen row shows several runs, which the sentence tells."""
        here = self.chosen
        return not self.is_covered(result.names[here]) and bool(result.low[here] < result.high[here])

    def number(self, value: float) -> str:
        """A number as the picture and the sentence write it."""
        return format(float(value), self.written).replace(",", "\u202f").replace("-", "−")

    def _longest(self) -> tuple[int, int]:
        """Letters of the longest name, and of the longest number with its note."""
        means = self.compute().means
        rows = zip(self.measured, means, strict=True)
        ends = (len(f"{self.number(mean)} {self.notes.get(name, '')}") for name, mean in rows)
        return max(map(len, self.measured)), max(ends)

    def background(self) -> Hashable:
        return tuple(self.measured)

    # Picture

    def draw(self, figure: Figure) -> Artists:
        wide, high = figure.get_size_inches()
        rows = len(self.measured)
        left, right = (0.3 + LETTER * length for length in self._longest())
        above = wide - left - right < (wide / 2 if is_narrow(figure) else SHORTEST)
        if above:
            left = right = 0.3
        across, unit = wide - left - right, (high - 0.8) / (rows + 0.3 * above)  # inches from end to end, and a row's
        axes = axes_at(figure, left, 0.4, across, high - 0.8, "rows")
        ends = rows - 0.5, -0.5 - 0.3 * above
        axes.set(xscale="log" if self.log else "linear", xlim=self.limits, ylim=ends, yticks=[])
        if self.written.endswith(".0f") and not self.log:
            axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))  # 2.5 would be written as 2
        if self.log and self.limits[1] > 1e5 * self.limits[0]:
            axes.xaxis.set_major_locator(LogLocator(1000))  # numbers in full for every power of ten would collide
        axes.xaxis.set_major_formatter(lambda value, _: self.number(value))
        title = self.label + (f" (dashed: {self.level[1]})" if self.level else "")
        axes.set_title(textwrap.fill(title, int((wide - left) / LETTER)))
        style.quiet(axes, left=False)
        beside = axes.get_yaxis_transform()  # names and numbers stand outside of the axes, or above their lines
        up = "bottom" if above else "center"
        place_of_name, place_of_value = (0.0, 1.0) if above else (-0.12 / across, 1 + 0.15 / across)
        to_name, to_value = ("left", "right") if above else ("right", "left")
        under = {"facecolor": style.paper(), "edgecolor": "none", "pad": 1.0} if above and self.level else None
        dots, spans, values = [], [], []
        for row, name in enumerate(self.measured):
            height = row - 0.08 / unit * above
            axes.axhline(row, color=style.faint(), linewidth=0.6, alpha=0.5)
            axes.text(place_of_name, height, name, ha=to_name, va=up, transform=beside, bbox=under, zorder=3)
            colour = style.colour("BLUE")
            spans.extend(axes.plot([], [], color=colour, linewidth=5, alpha=0.35, solid_capstyle="butt"))
            dots.extend(axes.plot([], [], "o", color=colour, markersize=7, clip_on=False, zorder=3))
            values.append(axes.text(place_of_value, height, "", ha=to_value, va=up, transform=beside, bbox=under))
        if self.level is not None:
            axes.axvline(self.level[0], color=style.ink(), linewidth=0.8, linestyle="--")
        (ring,) = axes.plot([], [], "o", color="none", markeredgecolor=style.ink(), markersize=13, clip_on=False)
        return Artists(dots=dots, spans=spans, values=values, ring=ring)

    def paint(self, artists: Artists, result: MeasuredResult) -> None:
        for row, name in enumerate(result.names):
            covered = self.is_covered(name)
            artists.dots[row].set_data(([], []) if covered else ([result.means[row]], [row]))
            artists.spans[row].set_data(([], []) if covered else ([result.low[row], result.high[row]], [row, row]))
            note = f" {self.notes[name]}" if name in self.notes else ""
            artists.values[row].set_text("?" if covered else self.number(result.means[row]) + note)
        here = self.chosen
        artists.ring.set_data(([result.means[here]], [here]) if self.has_runs(result) else ([], []))

    # Words

    def describe(self, result: MeasuredResult) -> str:
        told = []
        for row, name in enumerate(result.names):
            note = f" ({self.notes[name]})" if name in self.notes else ""
            value = "is covered" if self.is_covered(name) else self.number(result.means[row]) + note
            told.append(f"{name} {value}")
        sentence = f"{self.label[0].upper()}{self.label[1:]}: {', '.join(told)}."
        return f"{sentence} {self._runs(result)}".rstrip()

    def caption(self, result: MeasuredResult) -> str:
        """What the picture does not write itself."""
        covered = [name for name in result.names if self.is_covered(name)]
        cover = f"Covered until you have chosen: {', '.join(covered)}." if covered else ""
        return f"{cover} {self._runs(result)}".strip()

    def _runs(self, result: MeasuredResult) -> str:
        """Between what numbers the runs of the chosen row lie; nothing where it has but one."""
        if not self.has_runs(result):
            return ""
        here = self.chosen
        low, high = self.number(result.low[here]), self.number(result.high[here])
        return f"The {self.several} of {result.names[here]} go from {low} to {high}."

    def code(self) -> str:
        rows = {name: np.atleast_1d(np.asarray(runs, float)).tolist() for name, runs in self.measured.items()}
        return (
            "import numpy as np\n\n"
            f"measured = {rows!r}\n"
            "means = [np.mean(runs) for runs in measured.values()]\n"
            "for name, mean in zip(measured, means):\n"
            f"    print(name, format(mean, {self.written!r}))\n"
        )

    def code_results(self, result: MeasuredResult) -> dict[str, Any]:
        return {"means": result.means}

    # Hand

    def pointer(self, event: Pointer) -> Self:
        """A row is chosen by pointing at it."""
        if event.axes != "rows" or event.kind not in ("hover", "down"):
            return self
        row = min(max(round(event.y), 0), len(self.measured) - 1)
        return self if row == self.chosen else self.replace(chosen=row)

    def key(self, key: str) -> Self:
        _, up = ARROWS.get(key, (0, 0))
        row = min(max(self.chosen - up, 0), len(self.measured) - 1)
        return self if row == self.chosen else self.replace(chosen=row)
