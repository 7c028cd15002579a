"""BestAnswer: a flower with a slip of the pen on a handle, and where each loss puts its best line or its best constant."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import decimals
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider, state
from dlcourse.widgets.losses import fits
from dlcourse.widgets.losses.fits import Answer, FitResult
from dlcourse.widgets.losses.picture import covered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "BestAnswer"]

LOOKS = (("BLUE", "-", "o"), ("VERMILLION", (0, (5, 2)), "s"), ("GREEN", (0, (1.5, 1.2)), "^"), ("PURPLE", "-.", "D"))
"""Colour, dashes and mark of each loss."""
LONGEST, LOWEST, WIDEST = 8.0, -1.0, 8.0
"""Ends of the axes of lengths and widths."""
STRONGEST = 13.0
"""Ends of the axis of pulls."""


@dataclass(frozen=True)
class Artists:
    """What moves; lists have one entry for each loss."""

    lines: list[Line2D]
    flowers: Line2D
    handle: Line2D
    pulls: list[Line2D]
    outlier_pulls: list[Line2D]
    names: list[Text]
    heights: list[Text]
    strengths: list[Text]


@dataclass(frozen=True, eq=False)
class BestAnswer(Widget):
    """Eleven irises, the width of a petal to be told from its length, and the best answer under each loss.

    Ten flowers stay where they are, the eleventh is on a handle. At a best fit all pulls hold each other in balance; how
    strongly a flower pulls is the slope of the loss at its distance.

    Parameters
    ----------
    function : callable, optional
        Your own loss: (predictions (N,), truths (N,)) -> one number, the mean, written with operations of dlcourse.

    Examples
    --------
    >>> typed = [BestAnswer(width=width).compute().answers for width in (2.3, 7.3)]
    >>> [bool(np.allclose(before.weights, after.weights)) for before, after in zip(*typed)]  # squared, absolute, Huber
    [False, True, False]
    """

    title: ClassVar[str] = "Best answer"
    size: ClassVar[tuple[float, float]] = (7.2, 3.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.6)

    fit: str = choice("line", ("line", "constant"), label="best")
    length: float = slider(5.7, 0.0, LONGEST, step=0.1, label="length of the flower's petal")
    width: float = slider(2.3, LOWEST, WIDEST, step=0.1, label="its width, as typed")
    delta: float = slider(0.5, 0.1, 3.0, step=0.1, label="Huber's δ")
    function: Callable[[Any, Any], Any] | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None:
            fits.check(self.function)

    @property
    def names(self) -> tuple[str, ...]:
        """The losses that are compared."""
        return ("squared error", "absolute error", "Huber", *(["yours"] if self.function else []))

    @property
    def losses(self) -> tuple[Callable[[Any, Any], Any], ...]:
        """The losses themselves, in the order of their names."""
        own = [self.function] if self.function else []
        return (dl.squared_error, dl.absolute_error, partial(dl.huber, delta=self.delta), *own)

    @property
    def bend(self) -> str:
        """Huber's δ, which the sentence has where it is not the one that the widget begins with."""
        return "" if self.delta == type(self).delta else f" (δ = {self.delta:g})"

    def compute(self) -> FitResult:
        x, y = np.vstack([fits.flowers(), [self.length, self.width]]).T
        a = fits.columns(x, self.fit)
        answers = []
        for name, loss in zip(self.names, self.losses, strict=True):
            if name == "squared error":
                weights = fits.squared_fit(a, y)
            elif name == "absolute error":
                weights = fits.absolute_fit(a, y)
            else:
                weights = fits.reweighted_fit(loss, a, y)
            fitted = np.where(np.abs(a @ weights - y) < 1e-6, y, a @ weights)  # it goes through this point
            answers.append(Answer(name=name, weights=weights, fitted=fitted, pulls=fits.pulls(loss, fitted, y)))
        return FitResult(x=x, y=y, answers=tuple(answers))

    def background(self) -> Hashable:
        return (self.fit, self.delta, self.function, self.hides)

    def draw(self, figure: Figure) -> Artists:
        plane, pull = panels(figure)
        draw_plane(plane)
        draw_pulls(self, pull)
        lines, dots, strong = [], [], []
        for name, dashes, mark in LOOKS[: len(self.names)]:
            look: dict[str, Any] = {"color": style.colour(name)}
            lines.extend(plane.plot([], [], linestyle=dashes, linewidth=2, zorder=3, **look))
            dots.extend(pull.plot([], [], mark, markersize=4.5, zorder=4, **look))
            strong.extend(pull.plot([], [], mark, markersize=9, mew=2, fillstyle="none", zorder=5, **look))
        (flowers,) = plane.plot([], [], "o", color=style.ink(), markersize=5, zorder=4)
        (handle,) = plane.plot([], [], "o", color=style.paper(), mec=style.ink(), mew=2, markersize=10, zorder=5)
        names, heights, strengths = draw_table(self, figure)
        return Artists(
            lines=lines, flowers=flowers, handle=handle, pulls=dots, outlier_pulls=strong,
            names=names, heights=heights, strengths=strengths,
        )  # fmt: skip

    def paint(self, artists: Artists, result: FitResult) -> None:
        artists.flowers.set_data(result.x[:-1], result.y[:-1])
        artists.handle.set_data(result.x[-1:], result.y[-1:])
        ends = np.array([0.0, LONGEST])
        for i, answer in enumerate(result.answers):
            artists.lines[i].set_data(ends, fits.columns(ends, self.fit) @ answer.weights)
            apart = result.y - answer.fitted
            if not self.hides:
                artists.pulls[i].set_data(apart[:-1], answer.pulls[:-1])
                artists.outlier_pulls[i].set_data(apart[-1:], answer.pulls[-1:])
            artists.names[i].set_text(answer.name)
            artists.heights[i].set_text(decimals(answer.fitted[-1], 2))
            artists.strengths[i].set_text("?" if self.hides else decimals(answer.pulls[-1] + 0.0, 2))

    def describe(self, result: FitResult) -> str:
        each = "; ".join(
            f"{answer.name}{self.bend if answer.name == 'Huber' else ''} {told(self, answer)}, {decimals(answer.fitted[-1], 2)} at the flower"
            + ("" if self.hides else f", which pulls with {decimals(answer.pulls[-1] + 0.0, 2)}")
            for answer in result.answers
        )
        return f"The flower's petal is {self.length:g} cm long and typed as {decimals(self.width, 1)} cm wide. The best {self.fit} by each loss: {each}."

    def code(self) -> str:
        losses = ["dl.squared_error", "dl.absolute_error", f"partial(dl.huber, delta={self.delta!r})"]
        lines = ["squared_fit(a, y)", "absolute_fit(a, y)", f"reweighted_fit({losses[2]}, a, y)"]
        own = ""
        if self.function is not None:
            name = getattr(self.function, "__name__", "f").replace("<lambda>", "f")
            own = f"# {name} is your own loss\n"
            lines.append(f"reweighted_fit({name}, a, y)")
        parts = (fits.columns, fits.squared_fit, fits.absolute_fit, fits.pulls, fits.reweighted_fit)
        source = "\n".join(plain_source(part) for part in parts)
        return (
            "from functools import partial\nfrom itertools import combinations\nimport numpy as np\nimport dlcourse as dl\n\n"
            f"{source}\n{own}"
            f"ten = {fits.flowers().tolist()!r}\n"
            f"x, y = np.array([*ten, [{self.length!r}, {self.width!r}]]).T\n"
            f"a = columns(x, {self.fit!r})\n"
            f"weights = [{', '.join(lines)}]\nprint(weights)\n"
        )

    def code_results(self, result: FitResult) -> dict[str, Any]:
        return {"weights": [answer.weights for answer in result.answers]}

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "plane" or event.kind not in ("down", "drag"):
            return self
        return self.replace(length=round(event.x, 1), width=round(event.y, 1))

    def key(self, key: str) -> Self:
        right, up = ARROWS.get(key, (0, 0))
        if not (right or up):
            return self
        return self.replace(length=round(self.length + 0.1 * right, 1), width=round(self.width + 0.1 * up, 1))


def told(widget: BestAnswer, answer: Answer) -> str:
    """The constant, or the line as a formula."""
    if widget.fit == "constant":
        return decimals(answer.weights[0], 2)
    start, slope = answer.weights
    return f"{decimals(slope, 2)} x {'−' if start < 0 else '+'} {abs(start):.2f}"


def panels(figure: Figure) -> tuple[Axes, Axes]:
    """Where the flowers are, and where the pulls."""
    if is_narrow(figure):
        wide = figure.get_figwidth() - 0.75
        return axes_at(figure, 0.55, 2.55, wide, 2.55, "plane"), axes_at(figure, 0.55, 0.5, wide, 1.3, "pull")
    return axes_at(figure, 0.45, 0.5, 3.6, 3.1, "plane"), axes_at(figure, 4.75, 0.5, 2.25, 2.05, "pull")


def draw_plane(axes: Axes) -> None:
    """Lengths across, widths up."""
    style.quiet(axes)
    axes.set(xlim=(0, LONGEST), ylim=(LOWEST, WIDEST), xticks=[0, 2, 4, 6, 8], yticks=[0, 2, 4, 6, 8])
    axes.set_xlabel("length of a petal, cm", labelpad=1)
    axes.set_title("width of a petal, cm, and the best answers", pad=3)
    axes.axhline(0, color=style.faint(), linewidth=0.6, zorder=0)


def slope_of(loss: Callable[[Any, Any], Any], apart: Array) -> Array:
    """How a point at these distances above the prediction pulls."""
    return np.asarray(fits.pulls(loss, np.zeros(len(apart)), apart))


def draw_pulls(widget: BestAnswer, axes: Axes) -> None:
    """The slope of each loss over the distance."""
    style.quiet(axes)
    axes.set(xlim=(-4, LONGEST), ylim=(-STRONGEST / 2, STRONGEST), xticks=[-4, 0, 4, 8], yticks=[-6, 0, 6, 12])
    axes.set_xlabel("a flower's distance above the line, cm", labelpad=1)
    axes.set_title("how strongly it pulls", pad=3)
    axes.axhline(0, color=style.faint(), linewidth=0.6, zorder=0)
    if widget.hides:
        covered(axes)
        return
    apart = np.linspace(-4, LONGEST, 241)
    for loss, (name, dashes, _) in zip(widget.losses, LOOKS, strict=False):
        axes.plot(apart, slope_of(loss, apart), color=style.colour(name), linestyle=dashes, linewidth=1.2, zorder=2)


def draw_table(widget: BestAnswer, figure: Figure) -> tuple[list[Text], list[Text], list[Text]]:
    """A row for each loss: its name, what it answers at the flower on the handle, and how that pulls."""
    across, up = figure.get_size_inches()
    left, top = (0.3, up - 0.28) if is_narrow(figure) else (4.4, up - 0.28)
    columns = (left, across - 1.05, across - 0.2)
    for x, head in zip(columns[1:], ("best at ○", "○ pulls"), strict=True):
        text_at(figure, x, top, head, fontsize=8.5, ha="right")
    looks: list[dict[str, Any]] = [
        {"color": style.colour(name), "fontsize": 8.5, "fontweight": "bold"} for name, *_ in LOOKS[: len(widget.names)]
    ]
    names, heights, strengths = (
        [text_at(figure, x, top - 0.2 * (i + 1), "", ha=align, **look) for i, look in enumerate(looks)]
        for x, align in zip(columns, ("left", "right", "right"), strict=True)
    )
    return names, heights, strengths
