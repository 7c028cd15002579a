"""Folds: ReLU units on one input, their sum, and where it bends; the same layer again and again, and how bends multiply."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import relu
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError, joined
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.losses import squared_error
from dlcourse.ops.matrix import affine

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Folds", "FoldsResult"]

MOST = 8
LEFT, RIGHT = -0.15, 1.15
GRID = 521
STEEPEST = 6.0
REACH = 0.16
"""How far from its kink, along x, the handle sits that changes a unit's slope."""
SPARE = (
    (0.2, 2.0, False), (0.5, -4.0, False), (0.8, 2.0, False), (0.35, 1.0, False),
    (0.65, -1.0, False), (0.1, 1.5, True), (0.9, -2.0, False), (0.45, -1.5, True),
)  # fmt: skip
COLOURS = ("BLUE", "ORANGE", "GREEN", "VERMILLION", "PURPLE", "SKY", "YELLOW", "BLACK")
TARGETS: dict[str, tuple[tuple[float, float], ...]] = {
    "none": (),
    "hat": ((0.2, 0.0), (0.5, 1.0), (0.8, 0.0)),
    "table": ((0.15, 0.0), (0.35, 1.0), (0.65, 1.0), (0.85, 0.0)),
    "letter M": ((0.1, 0.0), (0.3, 1.0), (0.5, 0.4), (0.7, 1.0), (0.9, 0.0)),
    "wave": tuple((float(t), float(0.5 - 0.5 * np.cos(2 * np.pi * t))) for t in np.linspace(0, 1, 61)),
}
"""Corners of what one may try to reach; beyond the first and the last it goes on level."""

Unit = tuple[float, float, bool]


@dataclass(frozen=True)
class FoldsResult:
    """What the units say along the line, and what their sum does."""

    x: Array
    units: Array
    total: Array
    bends: Array
    heights: Array
    bound: int
    error: float | None


@dataclass(frozen=True, eq=False)
class Folds(Widget):
    """ReLU units on one input x: each is flat up to its kink and a ramp from there, and the network is their sum.

    Parameters
    ----------
    folds : sequence of (kink, slope) or (kink, slope, opens_left), optional
        Your own units; `units` is then their number, unless you say it.
    layers : int
        The sum is sent through the same units again, so often in all.
    bound : bool
        Whether to say from the start how many bends are possible, or only after a prediction.

    Examples
    --------
    >>> hat = Folds(folds=[(0.0, 2.0), (0.5, -4.0)])
    >>> len(hat.compute().bends), len(hat.replace(layers=3).compute().bends)
    (2, 9)
    """

    title: ClassVar[str] = "Folds"
    size: ClassVar[tuple[float, float]] = (7.2, 4.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 4.6)

    units: int = slider(3, 1, MOST, label="units")
    layers: int = slider(1, 1, 5, label="layers")
    unit: int = slider(1, 1, MOST, label="chosen unit")
    kink: float = slider(0.2, 0.0, 1.0, step=0.01, label="its kink")
    slope: float = slider(2.0, -STEEPEST, STEEPEST, step=0.1, label="its slope")
    left: bool = toggle(False, label="it opens to the left")
    base: float = slider(0.0, -1.0, 1.0, step=0.01, label="output bias", advanced=True)
    target: str = choice("none", tuple(TARGETS), label="try to reach", advanced=True)
    bound: bool = state(True)
    folds: Any = state(())
    grabbed: str = state("")

    def __post_init__(self) -> None:
        super().__post_init__()
        folds = self.folds
        if not (isinstance(folds, tuple) and len(folds) == MOST):
            given = _checked(folds)
            folds = (*given, *SPARE[len(given) :])
            if given:
                object.__setattr__(self, "units", len(given))
            object.__setattr__(self, "folds", folds)
        unit = min(self.unit, self.units)
        kink, slope, left = folds[unit - 1]
        for name, value in (("unit", unit), ("kink", kink), ("slope", slope), ("left", left)):
            object.__setattr__(self, name, value)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; kink, slope and left are those of the chosen unit."""
        unit = min(int(changes.get("unit", self.unit)), int(changes.get("units", self.units)))
        own = {name: changes.pop(name) for name in ("kink", "slope", "left") if name in changes}
        if own and "folds" not in changes:
            controls = self.controls()
            kink, slope, left = self.folds[unit - 1]
            new = (
                controls["kink"].clip(own.get("kink", kink)),
                controls["slope"].clip(own.get("slope", slope)),
                bool(own.get("left", left)),
            )
            changes["folds"] = (*self.folds[: unit - 1], new, *self.folds[unit:])
        return super().replace(**changes)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """There are so many units to choose from, and no more."""
        return {"unit": (1, self.units)}

    # Numbers

    def weights(self) -> tuple[Array, Array, Array]:
        """Return w (1, K), b (K,) and v (K, 1): each unit is v · relu(w · x + b), with w = 1 or −1."""
        used = self.folds[: self.units]
        direction = np.array([-1.0 if left else 1.0 for _, _, left in used])
        kinks = np.array([kink for kink, _, _ in used], float)
        v = np.array([slope for _, slope, _ in used], float)[:, None]
        return direction[None, :], -direction * kinks + 0.0, v

    def network(self, x: Array) -> Array:
        """The output for inputs x of shape (N,): as many layers as there are."""
        w, b, v = self.weights()
        y = np.asarray(x, float)[:, None]
        for _ in range(self.layers):
            y = affine(affine(y, w, b, activation=relu), v, np.array([self.base])).numpy()
        return y[:, 0]

    def compute(self) -> FoldsResult:
        x = np.linspace(LEFT, RIGHT, GRID)
        w, b, v = self.weights()
        ramps = affine(x[:, None], w, b, activation=relu).numpy() * v[:, 0]
        total = self.network(x)
        bends = self._bends()
        error = None
        if TARGETS[self.target]:
            inside = (x >= 0) & (x <= 1)
            error = squared_error(total[inside], self.aim(x[inside])).item()
        return FoldsResult(x, ramps, total, bends, self.network(bends), (self.units + 1) ** self.layers - 1, error)

    def aim(self, x: Array) -> Array:
        """The curve that one may try to reach."""
        corners = np.array(TARGETS[self.target])
        return np.interp(x, corners[:, 0], corners[:, 1])

    def _bends(self) -> Array:
        """Where the output bends, on the whole line. It can bend only where some layer's input is at a kink: these
        places are found layer by layer, and the slopes on both sides of each are compared.
        """
        kinks = np.unique([kink for kink, _, _ in self.folds[: self.units]])
        places = kinks
        for depth in range(1, self.layers):
            places = _where(self.replace(layers=depth).network, places, kinks)
        ends = np.concatenate([[places[0] - 1], places, [places[-1] + 1]])
        slopes = np.diff(self.network(ends)) / np.diff(ends)
        turns = np.abs(np.diff(slopes))
        return places[turns > 1e-6 * np.maximum(1, np.abs(slopes[1:]))]

    # Picture

    def background(self) -> Hashable:
        return (self.target, self._tells())

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, _ = figure.get_size_inches()
        across = (0.075, 0.905) if width > 5.5 else (0.115, 0.865)
        ramps = figure.add_axes((across[0], 0.56, across[1], 0.37), label="units")
        total = figure.add_axes((across[0], 0.085, across[1], 0.385), label="sum")
        for axes, low, high in ((ramps, -1.5, 1.5), (total, -0.55, 1.55)):
            axes.set(xlim=(LEFT, RIGHT), ylim=(low, high), xticks=[0, 0.5, 1])
            axes.axhline(0, color=style.faint(), linewidth=0.8)
        ramps.set_xticklabels([])
        ramps.set_title("each unit", fontsize=9.5)
        total.text(RIGHT, -0.02, "x", ha="right", va="top")
        total.set_yticks([0, 1])
        ramps.set_yticks([-1, 0, 1])
        if TARGETS[self.target]:
            x = np.linspace(LEFT, RIGHT, 261)
            total.plot(x, self.aim(x), color=style.faint(), linewidth=5, alpha=0.6, solid_capstyle="round")
        lines, knobs, names = [], [], []
        for number, name in enumerate(COLOURS):
            colour, above = style.colour(name), 5 + 0.1 * number
            lines.append(ramps.plot([], [], color=colour, linewidth=1.8)[0])
            knobs.append(ramps.plot([], [], "o", color=colour, markersize=13, zorder=above)[0])
            names.append(
                ramps.text(0, 0, "", color=style.paper(), ha="center", va="center", fontsize=8, zorder=above + 0.05)
            )
        (arm,) = ramps.plot([], [], "s", color=style.ink(), markerfacecolor=style.paper(), markersize=8, zorder=7)
        (once,) = total.plot([], [], color=style.faint(), linewidth=1.2, linestyle=(0, (4, 3)))
        (curve,) = total.plot([], [], color=style.ink(), linewidth=2.4, zorder=3)
        (dots,) = total.plot([], [], "o", color=style.colour("VERMILLION"), markersize=6, zorder=4)
        (guides,) = total.plot([], [], ":", color=style.faint(), linewidth=1, zorder=1)
        count = total.text(0, 1.04, "", transform=total.transAxes, fontsize=10.5, fontweight="bold")
        away = total.text(1, 1.04, "", transform=total.transAxes, ha="right", fontsize=9)
        return {
            "lines": lines, "knobs": knobs, "names": names, "arm": arm, "once": once, "curve": curve, "dots": dots,
            "guides": guides, "count": count, "away": away,
        }  # fmt: skip

    def paint(self, artists: dict[str, Any], result: FoldsResult) -> None:
        for i, (line, knob, name) in enumerate(zip(artists["lines"], artists["knobs"], artists["names"], strict=True)):
            used = i < self.units
            for artist in (line, knob, name):
                artist.set_visible(used)
            if used:
                kink = self.folds[i][0]
                line.set_data(result.x, result.units[:, i])
                line.set_linewidth(3.4 if i + 1 == self.unit else 1.6)
                line.set_zorder(4 if i + 1 == self.unit else 3)
                knob.set_data([kink], [0])
                knob.set_markersize(16 if i + 1 == self.unit else 12)
                name.set_position((kink, -0.03))
                name.set_text(str(i + 1))
        artists["arm"].set_data(*([value] for value in self._arm()))
        artists["curve"].set_data(result.x, result.total)
        once = self.replace(layers=1).network(result.x) if self.layers > 1 else result.total[:0]
        artists["once"].set_data(result.x[: len(once)], once)
        artists["dots"].set_data(result.bends, result.heights)
        artists["dots"].set_markersize(6 if len(result.bends) < 40 else 3)
        kinks = [kink for kink, _, _ in self.folds[: self.units]]
        artists["guides"].set_data(np.repeat(kinks, 3), np.tile([-0.55, 1.55, np.nan], len(kinks)))
        text = (
            f"their sum: {_count(result.bends)}"
            if self.layers == 1
            else f"{self.layers} layers: {_count(result.bends)}"
        )
        if self._tells():
            text += f", at most {result.bound:,} possible"
        artists["count"].set_text(text)
        artists["away"].set_text("" if result.error is None else f"error {result.error:.4f}")

    def _tells(self) -> bool:
        return self.bound or bool(self.prediction)

    def _arm(self) -> tuple[float, float]:
        """The handle that changes the chosen unit's slope."""
        return self.kink + (-REACH if self.left else REACH), self.slope * REACH

    def describe(self, result: FoldsResult) -> str:
        units = "1 ReLU unit" if self.units == 1 else f"{self.units} ReLU units"
        where = "in one layer" if self.layers == 1 else f"in each of {self.layers} equal layers"
        text = f"{units} {where}: the output has {_count(result.bends)}"
        if 0 < len(result.bends) <= 6:
            text += f", at x = {joined(f'{x:.2f}' for x in result.bends)}"
        if self._tells():
            text += f"; more than {result.bound:,} it can never have"
        side = "left" if self.left else "right"
        text += (
            f". Unit {self.unit} is flat up to its kink at {self.kink:.2f} and opens to the {side} with slope "
            f"{self.slope:.2f}. The output bias is {self.base:.2f}."
        )
        if result.error is not None:
            text += f" Mean squared distance to the {self.target}: {result.error:.4f}."
        return text.replace("-", "−")

    # Code

    def code(self) -> str:
        w, b, v = self.weights()
        text = (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"w = np.array({w.tolist()})  # (1, K)\nb = np.array({b.tolist()})  # (K,)\n"
            f"v = np.array({v.tolist()})  # (K, 1)\nc = {float(self.base)!r}\n"
            f"x = np.linspace({LEFT}, {RIGHT}, {GRID})[:, None]  # (N, 1)\n"
            "y = x\n"
            f"for layer in range({self.layers}):\n"
            "    h = dl.relu(dl.matmul(y, w) + b)  # (N, K)\n"
            "    y = dl.matmul(h, v) + c  # (N, 1)\n"
            "total = y.numpy()[:, 0]\n"
        )
        if TARGETS[self.target]:
            corners = np.round(TARGETS[self.target], 6).T.tolist()
            text += (
                f"inside = (x[:, 0] >= 0) & (x[:, 0] <= 1)\naim = np.interp(x[inside, 0], {corners[0]}, {corners[1]})\n"
                "error = dl.squared_error(total[inside], aim).item()\nprint(error)\n"
            )
        return text

    def code_results(self, result: FoldsResult) -> dict[str, Any]:
        return {"total": result.total} | ({} if result.error is None else {"error": result.error})

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.kind == "up":
            return self.replace(grabbed="") if self.grabbed else self
        if event.axes != "units" or event.kind == "hover":
            return self
        if event.kind == "double":
            near = self._near(event)
            return self if near is None else self.replace(unit=near).flip()
        if event.kind == "down":
            return self._grab(event)
        if self.grabbed == "kink":
            return self.replace(kink=round(event.x, 3))
        if self.grabbed == "slope":
            away = (self.kink - event.x) if self.left else (event.x - self.kink)
            return self.replace(slope=round(event.y / max(away, REACH), 3))
        return self

    def _near(self, event: Pointer) -> int | None:
        """The number of the unit whose kink is under the pointer."""
        apart = [abs(event.x - kink) for kink, _, _ in self.folds[: self.units]]
        apart[self.unit - 1] -= 0.01  # where kinks lie together, the chosen one is taken
        best = int(np.argmin(apart))
        return best + 1 if apart[best] < 0.035 and abs(event.y) < 0.3 else None

    def _grab(self, event: Pointer) -> Self:
        arm = self._arm()
        if abs(event.x - arm[0]) < 0.03 and abs(event.y - arm[1]) < 0.25:
            return self.replace(grabbed="slope")
        near = self._near(event)
        if near is not None:
            return self.replace(unit=near, grabbed="kink")
        if self.units == MOST:
            return self
        return self._added(event.x, 2.0 if event.y >= 0 else -2.0).replace(grabbed="kink")

    def _added(self, kink: float, slope: float) -> Self:
        new = (min(max(round(kink, 3), 0.0), 1.0), slope, False)
        folds = (*self.folds[: self.units], new, *self.folds[self.units :])[:MOST]
        return self.replace(folds=folds, units=self.units + 1, unit=self.units + 1)

    def key(self, key: str) -> Self:
        if key in ("n", "p"):
            return self.replace(unit=(self.unit - 1 + (1 if key == "n" else -1)) % self.units + 1)
        if key == "a":
            return self.add()
        if key in ("Delete", "Backspace"):
            return self.remove()
        if key in ("Enter", " "):
            return self.flip()
        moves = {
            "ArrowLeft": ("kink", -0.01),
            "ArrowRight": ("kink", 0.01),
            "ArrowUp": ("slope", 0.1),
            "ArrowDown": ("slope", -0.1),
        }
        if key not in moves:
            return self
        name, by = moves[key]
        return self.replace(**{name: round(getattr(self, name) + by, 3)})

    @action("Add unit")
    def add(self) -> Self:
        """One more unit, in the middle of the widest gap between kinks."""
        if self.units == MOST:
            return self
        places = np.sort([0.0, *(kink for kink, _, _ in self.folds[: self.units]), 1.0])
        gap = int(np.argmax(np.diff(places)))
        return self._added(float(places[gap] + places[gap + 1]) / 2, 2.0)

    @action("Delete unit")
    def remove(self) -> Self:
        """Without the chosen unit; the last one stays."""
        if self.units == 1:
            return self
        unit = self.folds[self.unit - 1]
        folds = (*self.folds[: self.unit - 1], *self.folds[self.unit :], unit)
        return self.replace(folds=folds, units=self.units - 1)

    def flip(self) -> Self:
        """The chosen unit, opening to the other side."""
        return self.replace(left=not self.left)


def _checked(folds: Any) -> tuple[Unit, ...]:
    """The learner's units, or an error that says what is wrong with them."""
    try:
        rows = [tuple(row) for row in folds]
    except TypeError:
        raise WrongTypeError(f"Folds: folds should be a list of (kink, slope), not {folds!r}.") from None
    if len(rows) > MOST or any(len(row) not in (2, 3) for row in rows):
        raise ShapeError(
            f"Folds: folds should be at most {MOST} rows of kink and slope (and opens_left), not {rows!r}."
        )
    units = tuple((float(row[0]), float(row[1]), bool(row[2]) if len(row) == 3 else False) for row in rows)
    if any(not (0 <= kink <= 1 and abs(slope) <= STEEPEST) for kink, slope, _ in units):
        raise DataError(
            f"Folds: a kink lies between 0 and 1, a slope between −{STEEPEST:g} and {STEEPEST:g}; got {rows!r}."
        )
    return units


def _where(f: Callable[[Array], Array], places: Array, kinks: Array) -> Array:
    """The places where f, straight between `places` and beyond them, takes a value of `kinks`, and `places` themselves."""
    ends = np.concatenate([[places[0] - 1], places, [places[-1] + 1]])
    values = f(ends)
    slopes = np.diff(values) / np.diff(ends)
    low = np.concatenate([[-np.inf], places])
    high = np.concatenate([places, [np.inf]])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = ends[:-1, None] + (kinks[None, :] - values[:-1, None]) / slopes[:, None]
    found = x[(x > low[:, None]) & (x < high[:, None]) & (np.abs(slopes) > 1e-12)[:, None]]
    together = np.sort(np.concatenate([places, found]))
    return together[np.concatenate([[True], np.diff(together) > 1e-12])]


def _count(bends: Array) -> str:
    return "no bend" if len(bends) == 0 else "1 bend" if len(bends) == 1 else f"{len(bends):,} bends"
