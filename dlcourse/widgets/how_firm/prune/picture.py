"""The picture of `Prune`: the picture that is asked about, a face of each neuron, and what is right without the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.pixels import Block, Tiles
from dlcourse.widgets.how_firm.prune.numbers import ORDERS, PruneResult, faces
from dlcourse.widgets.how_firm.prune.state import PruneState
from dlcourse.widgets.it_works_why.picture import draw_frame, greys, paint_frame, tile
from dlcourse.widgets.it_works_why.words import answer, percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "apart", "crowd", "draw", "paint", "places"]

LOOKS = (("BLUE", "o"), ("GREEN", "D"), ("VERMILLION", "s"))
FACE = 9
"""Pixels of a face, with the gap to the next one."""
GAP = 0.15
"""Between two names beside the curves, in shares of the axis."""


@dataclass(frozen=True)
class Artists:
    """What moves; lists of three have an entry for each order."""

    tiles: Tiles
    frame: Line2D
    faces: Block
    says: list[Text]
    """What the whole network says, and what is left of it."""
    left: Text
    title: Text
    now: Line2D
    curves: list[Line2D]
    dots: list[Line2D]
    names: list[Text]
    cover: Text


def places(figure: Figure) -> dict[str, tuple[float, float, float, float]]:
    """Left, bottom, width and height of the parts, in inches."""
    if is_narrow(figure):
        across = figure.get_figwidth()
        return {
            "faces": (0.15, 4.55, across - 0.3, (across - 0.3) * 73 / 145),
            "picture": (0.15, 2.95, 1.3, 1.3),
            "curve": (0.6, 0.5, across - 1.85, 2.1),
        }
    return {"faces": (0.15, 2.0, 2.9, 1.46), "picture": (0.15, 0.25, 1.4, 1.4), "curve": (3.75, 0.5, 2.15, 2.96)}


def draw(state: PruneState, figure: Figure) -> Artists:
    """Titles and axes, and what moves, still empty."""
    at = places(figure)
    left, bottom, side, _ = at["picture"]
    tiles = Tiles(frame=style.faint())
    tiles.places = [(100 * left, 100 * bottom, 100 * side)]
    block = Block(*(100 * one for one in at["faces"]))
    for artist in (tiles, block):
        figure.add_artist(artist)
    frame = draw_frame(axes_at(figure, left, bottom, side, side, "picture"))
    text_at(figure, left, bottom + side + 0.07, "a press inks a pixel", fontsize=style.TITLE)
    beside = left + side + 0.15
    says = [text_at(figure, beside, bottom + up, "", fontsize=8.5, va="top") for up in (side, side - 0.48)]
    faces_left, faces_bottom, _, faces_height = at["faces"]
    axes = axes_at(figure, *at["curve"], "curve")
    box = {"facecolor": style.paper(), "edgecolor": "none", "pad": 2.0}
    look: dict[str, Any] = {"bbox": box, "zorder": 7, "ha": "center", "va": "center", "fontsize": 8.5, "color": style.faint()}  # fmt: skip
    artists = Artists(
        tiles=tiles, frame=frame, faces=block, says=says,
        left=text_at(figure, faces_left, faces_bottom + faces_height + 0.07, "", fontsize=style.TITLE),
        title=text_at(figure, at["curve"][0], at["curve"][1] + at["curve"][3] + 0.07, "", fontsize=style.TITLE),
        now=axes.plot([], [], color=style.faint(), linewidth=0.9, zorder=2)[0],
        curves=[], dots=[], names=[], cover=axes.text(0.5, 0.5, "", transform=axes.transAxes, **look),
    )  # fmt: skip
    draw_curves(state, axes, artists)
    return artists


def draw_curves(state: PruneState, axes: Axes, artists: Artists) -> None:
    """What is right without the first 0 … K neurons of each order."""
    style.quiet(axes)
    marks = [0, 0.25, 0.5, 0.75, 1]
    axes.set(
        xlim=(0, state.count),
        ylim=(0, 1),
        yticks=marks,
        yticklabels=[f"{mark:.0%}".replace("%", " %") for mark in marks],
    )
    axes.set_xticks([round(state.count * share) for share in (0, 0.25, 0.5, 0.75, 1)])
    axes.set_xlabel("neurons removed", labelpad=1)
    for colour, mark in LOOKS:
        look: dict[str, Any] = {"color": style.colour(colour)}
        artists.curves.extend(axes.plot([], [], zorder=3, **look))
        artists.dots.extend(axes.plot([], [], mark, markersize=6, zorder=5, clip_on=False, **look))
        beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 8.5}
        artists.names.append(axes.text(1.05, 0, "", **beside, **look))


def crowd(state: PruneState, result: PruneResult) -> Array:
    """The faces side by side, colours (H, W, 4) of bytes, the largest neuron first; those that are gone are blank."""
    columns = int(np.ceil(np.sqrt(2 * state.count)))
    rows = -(-state.count // columns)
    values = np.array(faces(state.shown))
    values[result.gone] = 0
    sheet = np.zeros((rows * columns, FACE, FACE), np.float32)
    sheet[: state.count, : FACE - 1, : FACE - 1] = values[np.argsort(-result.size, kind="stable")]
    side_by_side = sheet.reshape(rows, columns, FACE, FACE).transpose(0, 2, 1, 3)
    return style.shades(side_by_side.reshape(rows * FACE, columns * FACE), 1.0)


def apart(values: Array) -> list[float]:
    """Where names stand beside the axis: each near its value, and none nearer to the next than `GAP`.

    Examples
    --------
    >>> [round(at, 2) for at in apart(np.array([0.5, 1.0, 0.98]))]
    [0.5, 0.93, 0.78]
    """
    order = np.argsort(-values, kind="stable")
    at = np.clip(values[order], GAP / 2, 1 - GAP / 2)
    for number in range(1, len(at)):
        at[number] = min(at[number], at[number - 1] - GAP)
    at[-1] = max(at[-1], GAP / 2)
    for number in range(len(at) - 2, -1, -1):
        at[number] = max(at[number], at[number + 1] + GAP)
    return [float(at[np.flatnonzero(order == one)[0]]) for one in range(len(at))]


def paint(state: PruneState, artists: Artists, result: PruneResult) -> None:
    """Bring everything that moves to a result; while a question stands, the curves stay covered."""
    artists.tiles.set_pictures([tile(greys(result.picture[:, :, 0]))], artists.tiles.places)
    paint_frame(artists.frame, state.at, 1)
    artists.faces.set_pixels(crowd(state, result))
    for text, what, shares in zip(
        artists.says, ("with all of them", "with those left"), (result.shares, result.shares_left), strict=True
    ):
        says, sure = answer(shares)
        text.set_text(f"{what}:\nsays {says}, {short(sure)}")
    artists.left.set_text(f"{state.count - state.gone} of {state.count} neurons left, the largest on top")
    artists.title.set_text("of its 300 labels right" if state.by_heart else "of 360 unseen digits right")
    artists.now.set_data([state.gone] * 2, [0, 1])
    values = result.right[:, state.gone]
    for number, at in enumerate(apart(values)):
        shown = slice(0, 0 if state.hides else None)
        chosen = ORDERS[number] == state.order
        artists.curves[number].set_data(np.arange(state.count + 1)[shown], result.right[number][shown])
        artists.curves[number].set_linewidth(2.6 if chosen else 1.2)
        artists.dots[number].set_data([state.gone][shown], [values[number]][shown])
        artists.names[number].set_text("" if state.hides else f"{ORDERS[number]}\n{percent(float(values[number]))}")
        artists.names[number].set_fontweight("bold" if chosen else "normal")
        artists.names[number].set_y(at)
    artists.cover.set_text("? comes with your bet" if state.hides else "")
