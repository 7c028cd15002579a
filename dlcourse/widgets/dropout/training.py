"""DropoutTraining: the same 300 digits, or your own examples, the same first weights, with dropout and without."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import dlcourse as dl
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import decimals
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider, state
from dlcourse.widgets.dropout.courses import EPOCHS, WRONG, Course, course, learned_from, own_data, trained

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "DropoutTraining", "TrainingResult"]

LOW, HIGH = 0.002, 4.0
"""Ends of the axis of losses."""
MOST = 40.0
"""Top of the axis of mistakes in 100."""
PLACES = ("0", "0.2", "0.5", "0.8")


@dataclass(frozen=True)
class TrainingResult:
    """With dropout, and without."""

    dropped: Course
    plain: Course

    @property
    def both(self) -> tuple[Course, Course]:
        """With dropout first."""
        return self.dropped, self.plain


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for the training with dropout and one for that without."""

    learned: list[Line2D]
    unseen: list[Line2D]
    mistakes: list[Line2D]
    learned_dots: list[Line2D]
    unseen_dots: list[Line2D]
    mistakes_dots: list[Line2D]
    losses: list[Text]
    counts: list[Text]


@dataclass(frozen=True, eq=False)
class DropoutTraining(Widget):
    """Two networks learn from the same 300 digits, from the same first weights: one with dropout, the other without.

    Parameters
    ----------
    data : Dataset, optional
        Your own examples, x of shape (N, K) or (N, H, W, C) and classes y: half of them, at most 300, are to learn from, and
        at most 500 of the others stay unseen.

    Examples
    --------
    >>> result = DropoutTraining(labels="a fifth wrong").compute()
    >>> bool(result.dropped.mistakes[-1] < result.plain.mistakes[-1] - 5)
    True
    """

    title: ClassVar[str] = "Dropout in training"
    size: ClassVar[tuple[float, float]] = (7.2, 3.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.9)
    steps_per_second: ClassVar[float] = 10.0
    chooses: ClassVar[Mapping[str, str]] = {"data": "examples"}

    epoch: int = slider(1, 1, EPOCHS, label="epochs")
    p: str = choice("0.5", PLACES, label="p of the hidden units")
    p_pixels: str = choice("0", PLACES, label="p of the pixels")
    labels: str = choice("all right", tuple(WRONG), label="labels")
    examples: str = choice("digits", ("digits", "yours"), label="examples", advanced=True)
    data: Any = state(None)
    own: dl.data.Dataset | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.own is None and self.data is not None:
            object.__setattr__(self, "own", own_data(self.data))

    @property
    def chosen(self) -> dl.data.Dataset | None:
        """The learner's own examples, where these are chosen and given."""
        return self.own if self.examples == "yours" else None

    def compute(self) -> TrainingResult:
        trainings = [course(self.chosen, *ps, self.labels) for ps in ((self.p_pixels, self.p), ("0", "0"))]
        return TrainingResult(dropped=trainings[0], plain=trainings[1])

    def idle_controls(self) -> Collection[str]:
        """Nothing to choose where nothing was given."""
        return () if self.own is not None else ("examples",)

    def can_step(self) -> bool:
        """Whether an epoch is left."""
        return self.epoch < EPOCHS

    def step(self) -> Self:
        """One epoch more."""
        return self.replace(epoch=self.epoch + 1) if self.can_step() else self

    def background(self) -> Hashable:
        return ()

    def draw(self, figure: Figure) -> Artists:
        losses, mistakes, (left, top), row = _panels(figure)
        colours = [style.colour(name) for name in ("BLUE", "VERMILLION")]
        draw_losses(losses)
        draw_mistakes(mistakes)
        dashed: dict[str, Any] = {"linestyle": (0, (3, 2)), "linewidth": 1.5}
        dot: dict[str, Any] = {"linestyle": "none", "markersize": 6, "clip_on": False, "zorder": 5}

        weight = "normal" if is_narrow(figure) else "bold"  # the narrowest cell has no room for bold letters

        def lines(axes: Axes, **look: Any) -> list[Line2D]:
            return [axes.plot([], [], color=one, **look)[0] for one in colours]

        def dots(axes: Axes, **look: Any) -> list[Line2D]:
            pairs = zip(colours, "os", strict=True)
            return [axes.plot([], [], marker, color=one, **{**dot, **look})[0] for one, marker in pairs]

        return Artists(
            learned=lines(losses, **dashed),
            unseen=lines(losses),
            mistakes=lines(mistakes),
            learned_dots=dots(losses, markerfacecolor=style.paper(), markeredgewidth=1.5),
            unseen_dots=dots(losses),
            mistakes_dots=dots(mistakes),
            losses=[
                text_at(figure, left, top - i * row, color=one, fontsize=8, fontweight=weight) for i, one in enumerate(colours)
            ],
            counts=[
                mistakes.text(0.98, 0.96 - 0.1 * i, "", color=one, fontsize=8.5, fontweight="bold", ha="right", va="top", transform=mistakes.transAxes)
                for i, one in enumerate(colours)
            ],
        )  # fmt: skip

    def paint(self, artists: Artists, result: TrainingResult) -> None:
        n = self.epoch
        epochs = np.arange(1, n + 1)
        for i, (name, one) in enumerate(zip(("with dropout", "without"), result.both, strict=True)):
            groups = (
                (artists.learned[i], artists.learned_dots[i], np.clip(one.learned, LOW, HIGH)),
                (artists.unseen[i], artists.unseen_dots[i], np.clip(one.unseen, LOW, HIGH)),
                (artists.mistakes[i], artists.mistakes_dots[i], np.clip(one.mistakes, 0, MOST)),
            )
            for line, dot, values in groups:
                line.set_data(epochs, values[:n])
                dot.set_data([n], [values[n - 1]])
            artists.losses[i].set_text(f"{name}: {self._losses(one)}")
            artists.counts[i].set_text(f"{name}: {decimals(one.mistakes[n - 1], 1)}")

    def _losses(self, one: Course) -> str:
        """Both log-losses at this epoch."""
        return f"{decimals(one.learned[self.epoch - 1], 3)} while learning, {decimals(one.unseen[self.epoch - 1], 3)} unseen"

    def describe(self, result: TrainingResult) -> str:
        inputs = "pixels" if self.chosen is None else "inputs"
        where = " and ".join(
            f"p = {p} of the {what}" for p, what in ((self.p, "hidden units"), (self.p_pixels, inputs)) if p != "0"
        )
        parts = [
            f"{name}, log-loss {self._losses(one)}, {decimals(one.mistakes[self.epoch - 1], 1)} mistakes in 100 unseen"
            for name, one in zip((f"with dropout ({where or 'nothing is dropped'})", "without"), result.both, strict=True)
        ]  # fmt: skip
        what = "digits" if self.chosen is None else "of your examples"
        return f"{learned_from(self.chosen)} {what} to learn from, labels {self.labels}, after {counted(self.epoch, 'epoch')}: {'; '.join(parts)}."

    def code(self) -> str:
        given = "" if self.chosen is None else "# data is your own data set\n"
        data = "dl.data.digits()" if self.chosen is None else "data"
        ps = f"{float(self.p_pixels)!r}, {float(self.p)!r}, {WRONG[self.labels]!r}"
        return (
            f"import numpy as np\nimport dlcourse as dl\n\n\n{plain_source(trained)}\n\n{given}"
            f"learned, unseen, mistakes = trained({data}, {ps}, {self.epoch})\n"
            "print('log-loss while learning', learned[-1].round(3), 'unseen', unseen[-1].round(3), 'mistakes in 100', mistakes[-1].round(1))\n"
        )

    def code_results(self, result: TrainingResult) -> dict[str, Any]:
        one, n = result.dropped, self.epoch
        return {"learned": one.learned[:n], "unseen": one.unseen[:n], "mistakes": one.mistakes[:n]}

    def pointer(self, event: Pointer) -> Self:
        if event.axes not in ("losses", "mistakes") or event.kind not in ("down", "drag"):
            return self
        return self.replace(epoch=round(event.x))

    def key(self, key: str) -> Self:
        right, _ = ARROWS.get(key, (0, 0))
        return self.replace(epoch=self.epoch + right) if right else self


def _panels(figure: Figure) -> tuple[Axes, Axes, tuple[float, float], float]:
    """Both axes, where the first of two lines of text begins, and how far below it the second is; in inches."""
    if is_narrow(figure):
        wide = figure.get_figwidth() - 0.9
        return (
            axes_at(figure, 0.65, 3.2, wide, 1.95, "losses"), axes_at(figure, 0.65, 0.5, wide, 1.8, "mistakes"), (0.2, 5.65), 0.19,
        )  # fmt: skip
    return (
        axes_at(figure, 0.65, 0.55, 3.15, 1.9, "losses"), axes_at(figure, 4.5, 0.55, 2.5, 1.9, "mistakes"), (0.2, 3.06), 0.19,
    )  # fmt: skip


def draw_losses(axes: Axes) -> None:
    """Log-loss on an axis of powers of ten, over the epochs."""
    style.quiet(axes)
    axes.set(xlim=(1, EPOCHS), ylim=(LOW, HIGH), yscale="log")
    axes.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    axes.minorticks_off()
    axes.set_xticks([1, 10, 20, 30, 40])
    axes.set_xlabel("epochs (dashed: while learning)", labelpad=2)
    axes.set_title("log-loss")


def draw_mistakes(axes: Axes) -> None:
    """Mistakes over the epochs."""
    style.quiet(axes)
    axes.set(xlim=(1, EPOCHS), ylim=(0, MOST), xticks=[1, 10, 20, 30, 40], yticks=[0, 10, 20, 30, 40])
    axes.set_xlabel("epochs", labelpad=2)
    axes.set_title("mistakes in 100 unseen")
