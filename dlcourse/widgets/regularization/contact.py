"""Contact: where the ellipses of the error meet the shape of a penalty, and which weight is 0 there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.numbers import coordinate, percent
from dlcourse.live.pixels import Block
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider, state

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["CELLS", "EDGE", "MOST", "Artists", "Contact", "ContactResult", "contact", "curvature", "shape_of", "zeros"]

EDGE = 2.0
"""The plane of w₁ and w₂ reaches from minus this to this."""
CELLS = 96
"""Cells of the coloured plane, across and up."""
MOST = 2.0
STRETCH = 4.0
"""The curvature of the error across its ellipses; along them it is 1."""
STRENGTHS = np.linspace(0, MOST, 81)
LEVELS = (0.05, 0.2, 0.45, 0.8, 1.25, 1.8)
"""Errors whose ellipses are drawn."""
TURN = np.linspace(0, 2 * np.pi, 121)
SHARES = {"L2": (0.0, 1.0), "L1": (1.0, 0.0), "L1+L2": (1.0, 1.0)}
"""How much of λ each part of a penalty gets, λ₁ and λ₂."""


def contact(best: Array, curvature: Array, l1: Any, l2: Any) -> Array:
    lr = 1 / np.linalg.eigvalsh(curvature)[-1]
    w = np.zeros(2)
    for _ in range(80):
        w = w - lr * (w - best) @ curvature  # a step of gradient descent on the error
        w = np.sign(w) * np.maximum(np.abs(w) - lr * l1, 0) / (1 + lr * l2)
    return w


def curvature(degrees: float) -> Array:
    """The Hessian of an error whose ellipses are stretched and turned: curvature 4 across, 1 along, shape (2, 2)."""
    turn = np.radians(degrees)
    along = np.array([np.cos(turn), np.sin(turn)])
    return STRETCH * np.eye(2) - (STRETCH - 1) * np.outer(along, along)


def zeros(best: Array, curvature: Array, l1: float, l2: float) -> Array:
    """Which weights a penalty makes exactly 0, for many places of the best point at once.

    Parameters
    ----------
    best : array, shape (…, 2)
    curvature : array, shape (2, 2)
    l1, l2 : float

    Returns
    -------
    array of bool, shape (…, 2)

    Notes
    -----
    A weight is 0 where the error's slope in its direction, with the other weight at its best, is at most λ₁.
    """
    pull = best @ curvature
    none = (np.abs(pull) <= l1).all(axis=-1)
    zero = np.empty(best.shape, bool)
    for i in range(2):
        other = 1 - i
        beyond = np.maximum(np.abs(pull[..., other]) - l1, 0)  # of the other weight, while this one is 0
        alone = np.sign(pull[..., other]) * beyond / (curvature[other, other] + l2)
        zero[..., i] = np.abs(pull[..., i] - curvature[i, other] * alone) <= l1
    return zero | none[..., None]


@lru_cache(maxsize=128)
def zones(degrees: float, l1: float, l2: float) -> Array:
    """0 where no weight becomes 0, 1 where w₁ does, 2 where w₂ does, 3 for both: (CELLS, CELLS), the lowest row first."""
    middles = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
    places = np.stack(np.meshgrid(middles, middles), axis=-1)
    return zeros(places, curvature(degrees), l1, l2) @ np.array([1, 2])


def shape_of(penalty: str, through: Array) -> Array:
    """The places where a penalty is as large as at one place, (121, 2)."""
    one, two = SHARES[penalty]
    level = one * np.abs(through).sum() + two / 2 * (through**2).sum()
    around = np.column_stack([np.cos(TURN), np.sin(TURN)])
    a = one * np.abs(around).sum(axis=1)
    radius = level / a if not two else np.sqrt(a**2 + 2 * two * level) - a
    return radius[:, None] * around


@dataclass(frozen=True)
class ContactResult:
    """Where the two meet.

    Attributes
    ----------
    w : array, shape (2,)
    path : array, shape (81, 2)
        The contact for each λ from 0 to `MOST`.
    zones : array, shape (CELLS, CELLS)
    share : float
        Of all places for the best point, the share at which a weight becomes exactly 0.
    error : float
    curvature : array, shape (2, 2)
    """

    w: Array
    path: Array
    zones: Array
    share: float
    error: float
    curvature: Array


@dataclass(frozen=True)
class Artists:
    """What moves."""

    zones: Block
    ellipses: list[Line2D]
    touching: Line2D
    shape: Line2D
    path: Line2D
    best: Line2D
    here: Line2D
    weights: list[Line2D]
    dots: list[Line2D]
    names: list[Text]


@dataclass(frozen=True, eq=False)
class Contact(Widget):
    """Two weights: drag the middle of the error's ellipses, and see where a penalty stops them.

    Examples
    --------
    >>> Contact(penalty="L1").compute().w.round(2), Contact(penalty="L2").compute().w.round(2)
    (array([0.69, 0.  ]), array([0.84, 0.13]))
    """

    title: ClassVar[str] = "Contact"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.4)
    smallest_scale: ClassVar[float] = 0.6
    steps_per_second: ClassVar[float] = 15.0

    penalty: str = choice("L1", tuple(SHARES), label="penalty")
    strength: float = slider(0.5, 0.0, MOST, step=0.025, label="λ")
    angle: float = slider(30.0, -90.0, 90.0, step=5.0, label="ellipses turned by")
    best: tuple[float, float] = state((1.2, 0.3))

    # State

    @property
    def parts(self) -> tuple[float, float]:
        """λ₁ and λ₂."""
        one, two = SHARES[self.penalty]
        return one * float(self.strength), two * float(self.strength)

    def compute(self) -> ContactResult:
        best, bend = np.array(self.best), curvature(float(self.angle))
        one, two = SHARES[self.penalty]
        strengths = np.append(STRENGTHS, self.strength)[:, None]
        *path, w = contact(best, bend, one * strengths, two * strengths)
        map_ = zones(float(self.angle), *self.parts)
        error = float((w - best) @ bend @ (w - best)) / 2
        return ContactResult(
            w=w, path=np.array(path), zones=map_, share=float((map_ > 0).mean()), error=error, curvature=bend
        )  # fmt: skip

    def can_step(self) -> bool:
        """Whether λ can grow."""
        return self.strength < MOST

    def step(self) -> Self:
        """A little more of λ."""
        return self.replace(strength=round(self.strength + 0.025, 3)) if self.can_step() else self

    def background(self) -> Hashable:
        return ()

    # Picture

    def draw(self, figure: Figure) -> Artists:
        if is_narrow(figure):
            plane, course = (
                axes_at(figure, 0.5, 2.35, 3.75, 3.75, "plane"),
                axes_at(figure, 0.5, 0.45, 3.4, 1.3, "course"),
            )
        else:
            plane, course = axes_at(figure, 0.45, 0.4, 3.3, 3.3, "plane"), axes_at(figure, 4.5, 0.5, 2.2, 2.6, "course")
        return Artists(**draw_plane(plane), **draw_course(course))

    def paint(self, artists: Artists, result: ContactResult) -> None:
        artists.zones.set_pixels(tints(result.zones)[::-1])
        best, w = np.array(self.best), result.w
        for line, level in zip(artists.ellipses, LEVELS, strict=True):
            line.set_data(*ellipse(best, result.curvature, level).T)
        artists.touching.set_data(*ellipse(best, result.curvature, result.error).T)
        artists.shape.set_data(*shape_of(self.penalty, w).T)
        artists.path.set_data(*result.path.T)
        artists.best.set_data(*best[:, None])
        artists.here.set_data(*w[:, None])
        for i in range(2):
            artists.weights[i].set_data(STRENGTHS, result.path[:, i])
            artists.dots[i].set_data([self.strength], [w[i]])
            artists.names[i].set_text(f"{'w₁w₂'[2 * i : 2 * i + 2]} {number(w[i])}")

    # Words

    def describe(self, result: ContactResult) -> str:
        (a, b), w = self.best, result.w
        gone = [name for name, value in zip(("w₁", "w₂"), w, strict=True) if value == 0]
        left = {0: "No weight is 0", 1: f"{gone[0] if gone else ''} is exactly 0", 2: "Both weights are exactly 0"}[
            len(gone)
        ]
        return (
            f"{self.penalty} with {'λ₁ = λ₂' if self.penalty == 'L1+L2' else 'λ'} = {self.strength:g}: the error alone is lowest at ({coordinate(a)}, {coordinate(b)}), "
            f"with the penalty at ({number(w[0])}, {number(w[1])}). {left}. If the middle of the ellipses could be anywhere "
            f"in the square, a weight would be exactly 0 for {percent(result.share)} of the places."
        )

    def code(self) -> str:
        l1, l2 = self.parts
        return (
            f"import numpy as np\n\n{plain_source(contact)}\n"
            f"turn = np.radians({float(self.angle)!r})\n"
            "along = np.array([np.cos(turn), np.sin(turn)])\n"
            f"curvature = {STRETCH!r} * np.eye(2) - {STRETCH - 1!r} * np.outer(along, along)\n"
            f"best = np.array({[float(one) for one in self.best]!r})\n"
            f"w = contact(best, curvature, {l1!r}, {l2!r})\nprint('weights:', w.round(3))\n"
        )

    def code_results(self, result: ContactResult) -> dict[str, Any]:
        return {"w": result.w}

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.kind not in ("down", "drag"):
            return self
        if event.axes == "plane":
            return self._moved(event.x, event.y)
        return self.replace(strength=round(event.x, 3)) if event.axes == "course" else self

    def key(self, key: str) -> Self:
        right, up = ARROWS.get(key, (0, 0))
        return self._moved(self.best[0] + 0.05 * right, self.best[1] + 0.05 * up) if right or up else self

    def _moved(self, x: float, y: float) -> Self:
        x, y = (round(min(max(one, -EDGE), EDGE), 2) for one in (x, y))
        return self if (x, y) == self.best else self.replace(best=(x, y))


def number(value: float) -> str:
    """A weight: 0 only where it is exactly 0.

    Examples
    --------
    >>> number(0.0), number(0.001), number(-0.5)
    ('0', '0.001', '−0.50')
    """
    return "0" if value == 0 else coordinate(value) if abs(value) >= 0.01 else f"{value:.1g}".replace("-", "−")


def ellipse(best: Array, bend: Array, level: float) -> Array:
    """Where the error is `level`, (121, 2)."""
    values, vectors = np.linalg.eigh(bend)
    circle = np.column_stack([np.cos(TURN), np.sin(TURN)])
    return best + np.sqrt(2 * level) * (circle / np.sqrt(values)) @ vectors.T


def tints(map_: Array) -> Array:
    """Pale colours of the zones: blue where w₁ becomes 0, orange where w₂ does, grey for both."""
    from matplotlib.colors import to_rgb

    page = np.array(to_rgb(style.paper()))
    full = [style.paper(), style.colour("BLUE"), style.colour("VERMILLION"), style.faint()]
    shades = [page + 0.28 * (np.array(to_rgb(one)) - page) for one in full]
    return np.rint(255 * np.column_stack([shades, np.ones(4)])).astype(np.uint8)[map_]


def draw_plane(axes: Axes) -> dict[str, Any]:
    """Zones, ellipses, the shape of the penalty, and the place where they touch."""
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xticks=[-2, -1, 0, 1, 2], yticks=[-2, -1, 0, 1, 2])
    axes.set_xlabel("w₁", labelpad=0)
    axes.set_title("w₂   (+ on a tint: a weight will be 0)")
    image = Block.over(axes)
    image.set_zorder(0)
    axes.plot([-EDGE, EDGE], [0, 0], color=style.faint(), lw=0.8, zorder=1)
    axes.plot([0, 0], [-EDGE, EDGE], color=style.faint(), lw=0.8, zorder=1)

    def line(*form: str, **look: Any) -> Line2D:
        return axes.plot([], [], *form, **look)[0]

    return {
        "zones": image,
        "ellipses": [line(color=style.faint(), lw=0.8, zorder=2) for _ in LEVELS],
        "touching": line(color=style.ink(), lw=1.8, zorder=3),
        "shape": line(color=style.colour("GREEN"), lw=2.4, zorder=4),
        "path": line(color=style.ink(), lw=1.2, ls=(0, (1, 1.5)), zorder=5),
        "best": line("+", color=style.ink(), ms=10, mew=2, zorder=6),
        "here": line("o", color=style.colour("GREEN"), mec=style.ink(), ms=8, zorder=7),
    }


def draw_course(axes: Axes) -> dict[str, Any]:
    """Both weights for every λ."""
    axes.set(xlim=(0, MOST), ylim=(-EDGE, EDGE), xticks=[0, 0.5, 1, 1.5, 2], yticks=[-2, -1, 0, 1, 2])
    axes.set_xlabel("λ", labelpad=0)
    axes.set_title("both weights", pad=20)
    axes.axhline(0, color=style.faint(), lw=0.8, zorder=1)
    colours = [style.colour(name) for name in ("BLUE", "VERMILLION")]
    return {
        "weights": [axes.plot([], [], color=one, lw=1.8, zorder=3 - i)[0] for i, one in enumerate(colours)],
        "dots": [axes.plot([], [], "os"[i], color=one, mec=style.ink(), ms=7, zorder=5 - i, clip_on=False)[0] for i, one in enumerate(colours)],
        "names": [axes.text(0.02 + 0.5 * i, 1.03, "", transform=axes.transAxes, color=one, fontsize=9, fontweight="bold") for i, one in enumerate(colours)],
    }  # fmt: skip
