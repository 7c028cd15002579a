"""The points on the large map: a marker for each class, a shade for each measured number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import axes_at
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, Points
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.shades import CLASS_COLOURS, shades, tinted
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

if TYPE_CHECKING:
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["Dots", "draw_dots", "paint_dots"]

MARKERS = ("o", "s", "^", "D")
FEW, MANY = 60, 260
"""Up to these numbers of points they are large, and have an edge."""


@dataclass(frozen=True)
class Dots:
    """The lists have one entry for each class."""

    train: list[Line2D]
    test: list[Line2D]
    measured: PathCollection
    picked: Line2D


def draw_dots(figure: Figure, layout: Layout) -> Dots:
    """The plane, and no points in it yet."""
    left, bottom, side = (length / 100 for length in layout.map)
    plane = axes_at(figure, left, bottom, side, side, "map")
    plane.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xticks=[], yticks=[])
    plane.patch.set_alpha(0)
    for spine in plane.spines.values():
        spine.set_visible(False)
    train, test = (
        [
            plane.plot(
                [], [], marker, linestyle="none", markerfacecolor=style.colour(name), markeredgecolor=edge,
                markeredgewidth=0.6, zorder=5,
            )[0]
            for name, marker in zip(CLASS_COLOURS, MARKERS, strict=True)
        ]
        for edge in (style.paper(), style.ink())
    )  # fmt: skip
    measured = plane.scatter([], [], s=18, zorder=5, linewidths=0.7, antialiased=False)
    (picked,) = plane.plot([], [], "o", markerfacecolor="none", markeredgecolor=style.ink(), markersize=15, zorder=6)
    return Dots(train, test, measured, picked)


def paint_dots(state: PlaygroundState, artists: Dots) -> None:
    """The points of now, the unseen ones if they are to be shown."""
    points = state.shown
    few = len(points.x) <= MANY
    for markers, visible, edge in (
        (artists.train, points.seen, 0.6 if few else 0.0),
        (artists.test, ~points.seen & state.show_test, 1.0 if few else 0.7),
    ):
        for label, marker in enumerate(markers):
            keep = visible & (points.y == label) if points.classes else np.zeros(len(points.x), bool)
            marker.set_data(points.x[keep, 0], points.x[keep, 1])
            marker.set_markersize(4.2 if not few else 5.5 if len(points.x) > FEW else 7.5)
            marker.set_markeredgewidth(edge)
    paint_measured(state, artists, points)
    picked = points.x[state.picked : state.picked + 1] if state.picked >= 0 else points.x[:0]
    artists.picked.set_data(picked[:, 0], picked[:, 1])


def paint_measured(state: PlaygroundState, artists: Dots, points: Points) -> None:
    """Measured numbers by their shade; classes have none."""
    if points.classes:
        artists.measured.set_offsets(points.x[:0])
        return
    keep = points.seen | state.show_test
    artists.measured.set_offsets(points.x[keep])
    artists.measured.set_facecolor(list(tinted(points.y[keep], shades()) / 255))
    artists.measured.set_edgecolor(list(np.where(points.seen[keep], style.paper(), style.ink())))
