"""What in the picture of Unroll depends on how long the text is: the arrows, the outlines of the states, and the ticks.

They are among the artists that move: were they in the background, a slider that makes the text longer would have the
whole picture drawn anew, some 100 ms each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from dlcourse.arrays import Array

__all__ = ["TICKS", "draw_arrows", "draw_ticks", "paint_arrows", "paint_ticks"]

TICKS = {10: 2, 20: 5, 30: 5, 60: 10}
"""How far the lower picture may reach, and the distance of its ticks."""


def draw_arrows(time: Axes, columns: int) -> dict[str, Any]:
    """Where each letter and each state goes, and the outlines of the states."""
    blue, orange, faint = style.colour("BLUE"), style.colour("ORANGE"), style.faint()
    shaft: dict[str, Any] = {"linewidth": 1.6, "solid_capstyle": "butt"}
    heads: dict[str, Any] = {"linestyle": "", "markersize": 6, "markeredgewidth": 0}
    return {
        "cells": time.plot([], [], color=faint, linewidth=0.6, zorder=1.5)[0],
        "up": time.plot([], [], color=blue, **shaft)[0],
        "up heads": time.plot([], [], marker="^", color=blue, **heads)[0],
        "along": time.plot([], [], color=orange, **shaft)[0],
        "along heads": time.plot([], [], marker=">", color=orange, **heads)[0],
        "weights": [
            (
                time.text(c - 0.5, 0.56, "Wₕ", color=orange, fontsize=9, ha="center", fontstyle="italic"),
                time.text(c + 0.07, -0.16, "Wₓ", color=blue, fontsize=9, fontstyle="italic"),
            )
            for c in range(columns)
        ],
    }


def paint_arrows(artists: dict[str, Any], columns: int) -> None:
    """Show as many as there are letters in the picture."""
    c = np.arange(columns, dtype=float)
    artists["up"].set_data(_paths([c, c], [-0.17, -0.055]))
    artists["up heads"].set_data(c, np.full(columns, -0.055))
    artists["along"].set_data(_paths([c - 0.76, c - 0.3], [0.5, 0.5]))
    artists["along heads"].set_data(c - 0.3, np.full(columns, 0.5))
    left, right = c - 0.2, c + 0.2
    artists["cells"].set_data(_paths([left, right, right, left, left], [0, 0, 1, 1, 0]))
    for place, labels in enumerate(artists["weights"]):
        for label in labels:
            label.set_visible(place < columns)


def _paths(x: list[Array], y: list[float]) -> tuple[Array, Array]:
    """One line through the corners x, each with a place for every column, at heights y; cut between the columns."""
    across = np.column_stack([*x, np.full(len(x[0]), np.nan)])
    return across.ravel(), np.tile([*y, np.nan], len(across))


def draw_ticks(axes: Axes) -> dict[str, Any]:
    """Ticks under the lower picture, made of a line and words."""
    from matplotlib import rcParams
    from matplotlib.markers import TICKDOWN
    from matplotlib.transforms import ScaledTranslation

    length, pad, size = rcParams["xtick.major.size"], rcParams["xtick.major.pad"], rcParams["xtick.labelsize"]
    axes.set_xticks([])
    axes.xaxis.labelpad = length + pad + 1.16 * size
    edge = axes.get_xaxis_transform()
    below = edge + ScaledTranslation(0, -(length + pad) / 72, axes.figure.dpi_scale_trans)
    (marks,) = axes.plot(
        [], [], linestyle="", marker=TICKDOWN, markersize=length, markeredgewidth=0.8, color=style.faint(), transform=edge, clip_on=False, zorder=0
    )  # fmt: skip
    most = 1 + max(reach // step for reach, step in TICKS.items())
    return {
        "ticks": marks,
        "tick labels": [
            axes.text(0, 0, "", transform=below, fontsize=size, color=style.ink(), ha="center", va="top")
            for _ in range(most)
        ],
    }


def paint_ticks(artists: dict[str, Any], reach: int, *, back: bool) -> None:
    """Let the lower picture reach so many letters: `back` from the end at its right, or on from the first."""
    marks, labels = artists["ticks"], artists["tick labels"]
    places = range(0 if back else TICKS[reach], reach + 1, TICKS[reach])
    marks.axes.set_xlim((reach, 0) if back else (0.5, reach + 0.5))
    marks.set_data(places, np.zeros(len(places)))
    for number, label in enumerate(labels):
        label.set_visible(number < len(places))
        if number < len(places):
            label.set_text(str(places[number]))
            label.set_x(places[number])
