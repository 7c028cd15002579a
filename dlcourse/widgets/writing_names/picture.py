"""The picture of `NameWriter`: log-loss over the updates, the next letter, and the names that are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.data.names import LETTERS
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.widgets.writing_names.numbers import NamesResult
from dlcourse.widgets.writing_names.state import NamesState
from dlcourse.widgets.writing_names.training import BLIND, COUNT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

TOP, BOTTOM = 4.0, 0.0
"""Range of log-losses in the picture; beyond it they are drawn at the edge."""


@dataclass(frozen=True)
class Artists:
    """What moves; `written` and `notes` have one entry for each name."""

    train: Line2D
    unseen: Line2D
    names_of: list[Text]
    """The names of the two curves."""
    bars: Line2D
    after: Text
    head: Text
    written: list[Text]
    notes: list[Text]


@dataclass(frozen=True)
class Panels:
    """Where everything is."""

    loss: Axes
    after: Axes
    bar: float
    """Width of a letter's bar, in points."""
    head: tuple[float, float]
    names: list[tuple[float, float]]


def panels(figure: Figure) -> Panels:
    """Where the curves, the next letter and the names are; on a phone the names below."""
    width, height = figure.get_size_inches()
    narrow = is_narrow(figure)
    across = 0.84 if narrow else 0.49
    left = 0.1 if narrow else 0.065
    short = across - 0.76 / width  # the levels are named at its right
    x, y = (0.06, 1 - 4.25 / height) if narrow else (0.64, 1 - 0.62 / height)
    rows, pitch = (6, 0.3) if narrow else (COUNT, 0.27)
    return Panels(
        loss=figure.add_axes((left, 1 - 1.85 / height, short, 1.45 / height), label="loss"),
        after=figure.add_axes((left, 1 - 3.62 / height, across, 1.15 / height), label="after"),
        bar=72 * across * width / (LETTERS + 1.4) * 0.7,
        head=(x, y + 0.3 / height),
        names=[(x + 0.48 * (i // rows), y - (i % rows) * pitch / height) for i in range(COUNT)],
    )


def draw(state: NamesState, figure: Figure) -> Artists:
    """Draw both panels, and return what moves in them."""
    at = panels(figure)
    draw_loss(state, at.loss)
    draw_letters(at.after)
    plate = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
    curves = (("  learnt from", style.colour("ORANGE")), ("  unseen", style.colour("BLUE")))
    return Artists(
        train=at.loss.plot([], [], ".-", color=style.colour("ORANGE"), linewidth=1, markersize=3)[0],
        unseen=at.loss.plot([], [], ".-", color=style.colour("BLUE"), markersize=5)[0],
        names_of=[
            at.loss.text(0, 0, name, color=colour, fontsize=8.5, fontweight="bold", va="center", zorder=5, bbox=plate)
            for name, colour in curves
        ],
        bars=at.after.plot([], [], color=style.colour("BLUE"), linewidth=at.bar, solid_capstyle="butt")[0],
        after=at.after.text(0, 1.12, "", transform=at.after.transAxes, fontsize=9),
        head=figure.text(*at.head, "", fontsize=9),
        written=[figure.text(*place, "", fontsize=11.5, va="center") for place in at.names],
        notes=[figure.text(*place, "", fontsize=8, va="center", color=style.faint()) for place in at.names],
    )


def draw_loss(state: NamesState, axes: Axes) -> None:
    """Axes of the log-losses, with the levels to beat."""
    axes.set(xlim=(0, state.reach), ylim=(BOTTOM, TOP), yticks=[0, 1, 2, 3, 4])
    axes.set_title("log-loss per letter", fontsize=9)
    axes.set_xlabel("updates", labelpad=1, loc="right")
    side = axes.get_yaxis_transform()
    for level, name in ((BLIND, "blind guess"), (state.bigram, "bigram table")):
        axes.axhline(level, color=style.faint(), linewidth=1, linestyle=(0, (4, 3)), zorder=0)
        axes.text(1.02, level, f"{name}\n{level:.2f}", transform=side, fontsize=8, va="center", color=style.ink())
    style.quiet(axes)


def draw_letters(axes: Axes) -> None:
    """Axes of the next letter's probabilities."""
    axes.set(xlim=(-0.7, LETTERS + 0.7), ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=["0", "", "1"])
    axes.set_xticks([*range(LETTERS - 1), LETTERS], [*(chr(97 + i) for i in range(26)), "end"], fontsize=8)
    axes.tick_params(axis="x", length=0)
    style.quiet(axes)


def paint(state: NamesState, artists: Artists, result: NamesResult) -> None:
    """Bring everything that moves to a result."""
    paint_loss(state, artists)
    x = np.repeat([LETTERS, *range(LETTERS - 1)], 3).astype(float)
    artists.bars.set_data(x, np.column_stack([0 * result.first, result.first, np.nan + result.first]).ravel())
    begin = f"after “{state.start}”" if state.start else "at the beginning"
    artists.after.set_text(f"the next letter {begin}")
    paint_names(state, artists, result)


def paint_loss(state: NamesState, artists: Artists) -> None:
    """The curves, and their names at the ends, a little apart."""
    run = state.present()
    curve = np.array(run.curve, float).reshape(-1, 3)
    drawn = np.clip(curve, BOTTOM, TOP)
    artists.train.set_data(curve[:, 0], drawn[:, 1])
    artists.unseen.set_data(curve[:, 0], drawn[:, 2])
    ends = drawn[-1, 1:] if len(curve) else np.array([np.nan, np.nan])
    if len(curve) and abs(ends[0] - ends[1]) < 0.4:
        ends = ends.mean() + np.array([-0.2, 0.2]) * (1 if ends[0] <= ends[1] else -1)
    for text, y in zip(artists.names_of, ends, strict=True):
        text.set_visible(bool(len(curve)))
        text.set_position((run.updates, float(y) if len(curve) else 0.0))


def paint_names(state: NamesState, artists: Artists, result: NamesResult) -> None:
    """What was written; names that exist are faint and have a note."""
    figure = artists.head.figure
    assert figure is not None
    inch = figure.dpi / figure.bbox.width
    artists.head.set_text(f"at temperature {state.temperature:.2g}, {sum(result.new)} of {COUNT} new")
    for text, note, name, new in zip(artists.written, artists.notes, result.names, result.new, strict=True):
        text.set_text(name or "(nothing)")
        text.set_color(style.ink() if new else style.faint())
        note.set_text("" if new or not name else "a real one")
        note.set_x(text.get_position()[0] + (0.14 + 0.108 * max(len(name), 7)) * inch)
