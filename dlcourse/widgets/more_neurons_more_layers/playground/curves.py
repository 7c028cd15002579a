"""The panel of the curves: the error of each step of training, and of the run that was kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at
from dlcourse.live.numbers import spelled_out as n
from dlcourse.live.pixels import Words
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.readout import loss_name
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["Curves", "draw_curves", "paint_curves"]


@dataclass(frozen=True)
class Curves:
    """Lines, and texts above and inside."""

    kept_train: Line2D
    kept_test: Line2D
    objective: Line2D
    train: Line2D
    test: Line2D
    says_loss: Words
    says_train: Words
    says_test: Words
    says_top: Words
    says_penalty: Words


def draw_curves(figure: Figure, layout: Layout) -> Curves:
    """Axes from 0 to 1: what moves is scaled, so that nothing stands still that depends on it."""
    left, bottom, across, up = layout.loss
    axes = axes_at(figure, left / 100, bottom / 100, across / 100, up / 100, "loss")
    axes.set(xlim=(0, 1), ylim=(0, 1.03), xticks=[], yticks=[0])
    axes.set_yticklabels([""])
    ink, orange, purple = style.ink(), style.colour("VERMILLION"), style.colour("PURPLE")
    (kept_train,) = axes.plot([], [], color=ink, linewidth=1, linestyle=(0, (2, 2)), alpha=0.7)
    (kept_test,) = axes.plot([], [], color=orange, linewidth=1, linestyle=(0, (2, 2)), alpha=0.7)
    (objective,) = axes.plot([], [], color=purple, linewidth=1.2)
    (train,) = axes.plot([], [], color=ink, linewidth=1.8)
    (test,) = axes.plot([], [], color=orange, linewidth=1.8)
    top = bottom + up
    texts = (
        Words(left, top + 34, size=8.5, color=ink),
        Words(left, top + 17, size=8.2, color=ink),
        Words(left + 0.535 * across, top + 17, size=8.2, color=orange),
        Words(left + 4, top + 1, size=8, color=ink),
        Words(left + 0.48 * across, top + 1, size=8, color=purple),
    )
    for text in texts:
        figure.add_artist(text)
    return Curves(kept_train, kept_test, objective, train, test, *texts)


def paint_curves(state: PlaygroundState, artists: Curves, result: PlaygroundResult) -> None:
    """The curves up to now; heights in parts of a round number above them all."""
    curve, kept = rows(state.run.curve), rows(state.kept.curve if state.kept else ())
    first = curve[0, 1:] if len(curve) else np.ones(3)
    top = round_up(min(max([*curve[:, 1:].ravel(), *kept[:, 1:3].ravel(), 1e-6]), 3 * max(float(first.max()), 1e-3)))
    last = max([*curve[-1:, 0], *kept[-1:, 0], 1.0])
    penalty = state.l1 > 0 or state.l2 > 0
    for line, table, column in (
        (artists.train, curve, 1), (artists.test, curve, 2), (artists.objective, curve if penalty else curve[:0], 3),
        (artists.kept_train, kept, 1), (artists.kept_test, kept, 2),
    ):  # fmt: skip
        line.set_data(table[:, 0] / last, np.minimum(table[:, column] / top, 1.03))
    artists.says_loss.set_text(loss_name(state) + ", mean over points")
    artists.says_train.set_text(f"training {n(result.train)}")
    artists.says_test.set_text("" if math.isnan(result.test) else f"unseen {n(result.test)}")
    artists.says_top.set_text(f"{top:g}" + ("   dashed: kept run" if state.kept else ""))
    artists.says_penalty.set_text(f"with penalty {n(result.objective)}" if penalty else "")


def rows(curve: list[tuple[float, ...]] | tuple[tuple[float, ...], ...]) -> Array:
    """Step, error on the training points, on the others, and what is minimized, in columns."""
    return np.array(curve, float).reshape(-1, 4)


def round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if not (value > 0 and math.isfinite(value)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for factor in (1, 2, 5, 10):
        if value <= factor * power * 1.0001:
            return float(f"{factor * power:.6g}")
    return 10 * power
