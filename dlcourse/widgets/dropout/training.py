"""DropoutTraining: the same 300 digits, the same first weights, with dropout and without."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import decimals
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["EPOCHS", "Artists", "Course", "DropoutTraining", "TrainingResult", "trained"]

EPOCHS = 40
DIGITS = 300
LOW, HIGH = 0.002, 4.0
"""Ends of the axis of losses."""
MOST = 40.0
"""Top of the axis of mistakes in 100."""
PLACES = ("0", "0.2", "0.5", "0.8")
WRONG = {"all right": 0, "60 of 300 wrong": 60}


def trained(p_pixels: float, p: float, wrong: int, epochs: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    digits = dl.data.digits()
    order = rng.permutation(len(digits))
    train, unseen = digits[order[:300]], digits[order[-500:]]
    labels, others = train.y.copy(), rng.choice(300, wrong, replace=False)
    labels[others] = (labels[others] + rng.integers(1, 10, wrong)) % 10  # another digit, whichever
    train = dl.data.Dataset(train.x, labels, classes=train.classes)

    first, second = dl.Dense(64, 100, activation=dl.relu, rng=rng), dl.Dense(100, 10, rng=rng)
    pixels, units = (dl.Dropout(one, rng=np.random.default_rng(seed)) for seed, one in enumerate((p_pixels, p)))
    model = dl.Sequential(dl.Flatten(), pixels, first, units, second)
    history = dl.fit(
        model, train, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 1e-2),
        epochs=epochs, batch_size=30, validation=unseen, rng=rng, progress=False,
    )  # fmt: skip
    mistakes = 100 * (1 - np.array(history.validation_accuracy))
    return np.array(history.loss), np.array(history.validation_loss), mistakes


@dataclass(frozen=True)
class Course:
    """One training: arrays of shape (EPOCHS,).

    Attributes
    ----------
    learned : array
        Log-loss of the digits that it learns from, averaged over each epoch while it learns: with masks, where there are any.
    unseen : array
        Log-loss of the unseen digits after each epoch, with no mask.
    mistakes : array
        Of 100 unseen digits, so many are read as another one.
    """

    learned: Array
    unseen: Array
    mistakes: Array


@lru_cache(maxsize=24)
def course(p_pixels: str, p: str, labels: str) -> Course:
    """A training to its end."""
    learned, unseen, mistakes = trained(float(p_pixels), float(p), WRONG[labels], EPOCHS)
    return Course(learned=learned, unseen=unseen, mistakes=mistakes)


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

    Examples
    --------
    >>> result = DropoutTraining(labels="60 of 300 wrong").compute()
    >>> bool(result.dropped.mistakes[-1] < result.plain.mistakes[-1] - 5)
    True
    """

    title: ClassVar[str] = "Dropout in training"
    size: ClassVar[tuple[float, float]] = (7.2, 3.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.9)
    steps_per_second: ClassVar[float] = 10.0

    epoch: int = slider(1, 1, EPOCHS, label="epochs")
    p: str = choice("0.5", PLACES, label="p of the hidden units")
    p_pixels: str = choice("0", PLACES, label="p of the pixels")
    labels: str = choice("all right", tuple(WRONG), label="labels")

    def compute(self) -> TrainingResult:
        return TrainingResult(dropped=course(self.p_pixels, self.p, self.labels), plain=course("0", "0", self.labels))

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
        where = " and ".join(
            f"p = {p} of the {what}" for p, what in ((self.p, "hidden units"), (self.p_pixels, "pixels")) if p != "0"
        )
        parts = [
            f"{name}, log-loss {self._losses(one)}, {decimals(one.mistakes[self.epoch - 1], 1)} mistakes in 100 unseen"
            for name, one in zip((f"with dropout ({where or 'nothing is dropped'})", "without"), result.both, strict=True)
        ]  # fmt: skip
        return f"{DIGITS} digits to learn from, labels {self.labels}, after {counted(self.epoch, 'epoch')}: {'; '.join(parts)}."

    def code(self) -> str:
        return (
            f"import numpy as np\nimport dlcourse as dl\n\n\n{plain_source(trained)}\n\n"
            f"learned, unseen, mistakes = trained({float(self.p_pixels)!r}, {float(self.p)!r}, {WRONG[self.labels]}, {self.epoch})\n"
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
