"""How the Playground looks, and what is painted at each frame.

Nothing but two axes stands still: a slider of a layer moves everything, and must not wait for a whole new drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.pixels import Labels, Tiles, Words
from dlcourse.widgets.more_neurons_more_layers.playground.curves import Curves, draw_curves, paint_curves
from dlcourse.widgets.more_neurons_more_layers.playground.data import FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.dots import Dots, draw_dots, paint_dots
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import GRID, PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.readout import above_map, readout
from dlcourse.widgets.more_neurons_more_layers.playground.shades import (
    LEVELS,
    class_shades,
    input_map,
    shades,
    small_maps,
    tinted,
)
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

if TYPE_CHECKING:
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

__all__ = ["Artists", "draw", "paint"]


STRONG = 1.5
"""A weight of this size has the full colour of its sign."""
FEW = 40
"""Up to so many links are drawn with smooth edges, in shades of their strength, with gaps running along them."""
VISIBLE, FRAMES = 0.35, 25
"""Gaps run along links of larger weights than this, and take so many frames from end to end."""


class Links(LineCollection):
    """The links; their ends are set anew only where they are others."""

    ends: Array | None = None

    def set_ends(self, ends: Array) -> None:
        """Both ends of every link, shape (links, 2, 2)."""
        if ends is not self.ends:
            self.ends = ends
            self.set_segments(list(ends))


@dataclass(frozen=True)
class Network:
    """Links and biases, and marks at what is chosen."""

    links: Links
    pulses: Line2D
    chosen: Line2D
    dot: Line2D
    ring: Line2D
    buttons: Line2D
    biases: PathCollection


@dataclass(frozen=True)
class Artists:
    """What moves: everything."""

    dots: Dots
    shown: Words
    curves: Curves
    network: Network
    tiles: Tiles
    header: Labels
    words: Words


def draw(state: PlaygroundState, figure: Figure) -> Artists:
    """The axes, and the artists that move."""
    layout = state.layout(not is_narrow(figure))
    network = draw_network(figure, layout)
    left, bottom, side = layout.map
    artists = Artists(
        dots=draw_dots(figure, layout), shown=Words(left, bottom + side + 36, size=8.5, color=style.ink()),
        curves=draw_curves(figure, layout), network=network, tiles=Tiles(frame=style.faint()), header=Labels(),
        words=Words(8 if layout.wide else 12, 66 if layout.wide else 140, size=8.2, color=style.ink()),
    )  # fmt: skip
    for artist in (artists.shown, artists.tiles, artists.header, artists.words):
        figure.add_artist(artist)
    return artists


def draw_network(figure: Figure, layout: Layout) -> Network:
    """Axes in hundredths of an inch, as the layout has it."""
    left, bottom, right, top = layout.network
    label = "network" if layout.wide else "narrow network"
    axes = axes_at(figure, left / 100, bottom / 100, (right - left) / 100, (top - bottom) / 100, label)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.axis("off")
    axes.patch.set_alpha(0)
    links = Links([], zorder=1, capstyle="round")
    axes.add_collection(links)
    ink = style.ink()
    (pulses,) = axes.plot(
        [], [], "o", color=style.paper(), markersize=2.8, markeredgewidth=0, zorder=1.1, antialiased=False
    )
    (chosen,) = axes.plot([], [], color=ink, linewidth=5.5, alpha=0.28, zorder=0.9, solid_capstyle="round")
    (dot,) = axes.plot([], [], "o", color=ink, markerfacecolor="none", markersize=12, zorder=4.5)
    (ring,) = axes.plot([], [], color=ink, linewidth=2, zorder=4)
    (buttons,) = axes.plot([], [], "o", color=style.faint(), markerfacecolor="none", markersize=12, zorder=3)
    biases = axes.scatter([], [], zorder=4, edgecolors=style.paper(), linewidths=0.8)
    return Network(links, pulses, chosen, dot, ring, buttons, biases)


def paint(state: PlaygroundState, artists: Artists, result: PlaygroundResult) -> None:
    """Bring everything that moves to this result."""
    figure = artists.tiles.figure
    assert isinstance(figure, Figure)
    layout = state.layout(not is_narrow(figure))
    paint_maps(state, artists.tiles, result, layout)
    paint_links(state, artists.network, result, layout)
    paint_header(state, artists, layout)
    paint_choice(state, artists.network, layout)
    paint_dots(state, artists.dots)
    paint_curves(state, artists.curves, result)
    artists.shown.set_text(above_map(state, result))
    artists.words.set_text(readout(state, result, 118 if layout.wide else 68))


def paint_maps(state: PlaygroundState, tiles: Tiles, result: PlaygroundResult, layout: Layout) -> None:
    """Every neuron's map, and the large one."""
    pictures = [input_map(i, i in state.used) for i in range(len(FEATURES))]
    for maps in (*result.hidden, result.outputs):
        pictures += small_maps(maps)
    corners = [(*layout.bias(layer, j), layout.tile) for layer, size in enumerate(layout.sizes) for j in range(size)]
    tiles.set_pictures([*pictures, large_map(state, result)], [*corners, layout.map])


def large_map(state: PlaygroundState, result: PlaygroundResult) -> Array:
    """Values by their shade, or classes by their colour, the stronger the surer."""
    if result.classes is None:
        field = np.where(result.field > 0, 0.75, -0.75) if state.discrete else result.field
        return tinted(field, shades(behind=True))
    sure = np.full((GRID, GRID), LEVELS) if state.discrete else np.rint(result.field * LEVELS)
    return np.asarray(class_shades()[result.classes, sure.astype(np.intp)])


def paint_links(state: PlaygroundState, artists: Network, result: PlaygroundResult, layout: Layout) -> None:
    """Links and biases, by sign and size of the weight or of its gradient."""
    artists.links.set_ends(layout.links(state.used)[0])
    artists.biases.set_offsets(
        [layout.bias(layer, j) for layer in range(1, len(layout.sizes)) for j in range(layout.sizes[layer])]
    )
    amounts = result.gradients if state.gradients else result.weights
    weights = np.concatenate([w.ravel() for w, _ in amounts])
    biases = np.concatenate([b for _, b in amounts])
    if state.gradients:  # their sizes differ by powers of ten from moment to moment
        largest = max(float(np.abs(weights).max()), float(np.abs(biases).max()), 1e-12)
        weights, biases = 2.5 * weights / largest, 2.5 * biases / largest
    sizes, crowded = np.abs(weights), len(weights) > FEW
    paint_pulses(state, artists, layout, np.zeros(len(sizes)) if crowded else sizes)
    # Many links are most of a frame's bytes: on a moving picture they have crisp edges, whole widths and one strength.
    figure = artists.links.figure
    artists.links.set_antialiased(not crowded or (figure is not None and figure.dpi > 120))
    widths = np.where(sizes == 0, 0, np.minimum(0.6 + 2.2 * sizes, 7.5))
    strength = np.minimum(np.ceil(4 * sizes / STRONG) / 4, 1)[:, None]
    if crowded:
        widths, strength = np.rint(np.minimum(0.4 * widths, 2)), np.ones((1, 1))
    strength = 0.25 + 0.75 * strength
    signs = np.array([to_rgb(style.colour("ORANGE")), to_rgb(style.colour("BLUE"))])
    artists.links.set_linewidth(widths.tolist())
    artists.links.set_color(strength * signs[(weights > 0).astype(int)] + (1 - strength) * to_rgb(style.paper()))
    artists.biases.set_sizes(np.minimum(8 + 30 * np.abs(biases), 70))
    artists.biases.set_facecolor(signs[(biases > 0).astype(int)])


def paint_pulses(state: PlaygroundState, artists: Network, layout: Layout, sizes: Array) -> None:
    """Gaps that run along the links from left to right while it learns: one pace further in each frame."""
    ends = layout.links(state.used)[0][sizes > VISIBLE]
    at = (state.run.steps / state.pace / FRAMES + np.array([0.0, 0.5])) % 1 if state.run.steps else np.zeros(0)
    spots = ends[:, None, 0] + at[:, None] * (ends[:, None, 1] - ends[:, None, 0])
    artists.pulses.set_data(spots[..., 0].ravel(), spots[..., 1].ravel())


def paint_header(state: PlaygroundState, artists: Artists, layout: Layout) -> None:
    """Names of the columns, − and + of every hidden layer, names of the inputs."""
    top, last = layout.network[3] - 15, len(layout.sizes) - 1
    ink = style.ink()
    labels = [(layout.column(0), top, "inputs", ink, "center"), (layout.column(last), top, "output", ink, "center")]
    for layer in range(1, last):
        x = layout.column(layer)
        labels += [
            (x + away, top, text, ink, "center")
            for away, text in ((-15, "−"), (0, str(layout.sizes[layer])), (15, "+"))
        ]
    used = set(state.used)
    for i, (name, _) in enumerate(FEATURES.values()):
        x, y = layout.place(0, i)
        labels.append((x - layout.tile / 2 - 5, y, name, ink if i in used else style.faint(), "right"))
    artists.header.set_labels(labels, 8.5)
    columns = [layout.column(layer) + away for layer in range(1, last) for away in (-15, 15)]
    artists.network.buttons.set_data(columns, [top] * len(columns))


def paint_choice(state: PlaygroundState, artists: Network, layout: Layout) -> None:
    """Marks at the chosen weight or bias, and around the neuron that is looked at."""
    layer, i, j = state.weight
    if i < 0:
        x, y = layout.bias(layer + 1, j)
        artists.dot.set_data([x], [y])
        artists.chosen.set_data([], [])
    else:
        sx, sy = layout.place(layer, state.used[i] if layer == 0 else i)
        x, y = layout.place(layer + 1, j)
        half = layout.tile / 2
        artists.chosen.set_data([sx + half, x - half], [sy, y])
        artists.dot.set_data([], [])
    focus = state.looked_at
    if focus is None:
        artists.ring.set_data([], [])
    else:
        x, y = layout.place(*focus)
        r = layout.tile / 2 + 2.5
        artists.ring.set_data([x - r, x + r, x + r, x - r, x - r], [y - r, y - r, y + r, y + r, y - r])
