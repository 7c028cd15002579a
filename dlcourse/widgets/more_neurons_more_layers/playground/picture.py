"""How the Playground looks, and what is painted at each frame.

Nothing but two axes stands still: a slider of a layer moves everything, and must not wait for a whole new drawing.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.pixels import Labels, Tiles, Words
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import GRID, plane, scaled, written

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CLASS_COLOURS", "CLASS_WORDS", "MARKERS", "draw", "paint"]

COARSE = 6
LEVELS = 10
"""Shades on each side of the middle; more make the PNG larger and nobody sees them."""
BEHIND = 0.62
"""How strong colours are behind points."""
CLASS_COLOURS = ("ORANGE", "BLUE", "GREEN", "PURPLE")
MARKERS = ("o", "s", "^", "D")
CLASS_WORDS = ("an orange circle", "a blue square", "a green triangle", "a purple diamond")


def shades(strength: float = 0.8) -> Array:
    """Bytes of the diverging map, shape (2 · LEVELS + 1, 4), softened towards the page."""
    return _shades(style.is_dark(), strength)


@lru_cache(maxsize=8)
def _shades(dark: bool, strength: float) -> Array:
    colours = style.diverging()(np.linspace(0, 1, 2 * LEVELS + 1))
    paper = np.array([*to_rgb(style.paper()), 1.0])
    return np.asarray(np.round(255 * (strength * colours + (1 - strength) * paper)), np.uint8)


def class_shades() -> Array:
    """Bytes from the page to each class's colour, shape (4, LEVELS + 1, 4)."""
    return _class_shades(style.is_dark())


@lru_cache(maxsize=2)
def _class_shades(dark: bool) -> Array:
    paper = np.array([*to_rgb(style.paper()), 1.0])
    share = np.linspace(0.1, BEHIND, LEVELS + 1)[:, None]
    colours = [np.array([*to_rgb(style.colour(name)), 1.0]) for name in CLASS_COLOURS]
    return np.asarray(np.round(255 * np.stack([share * c + (1 - share) * paper for c in colours])), np.uint8)


def tinted(values: Array, palette: Array) -> Array:
    """Colours of values from −1 to 1."""
    level = np.rint(np.clip(values, -1, 1) * LEVELS).astype(np.intp)
    return np.asarray(palette[level + LEVELS])


@lru_cache(maxsize=256)
def input_map(feature: int, used: bool, dark: bool) -> Array:
    """The map of an input, pale where it is not used."""
    values = list(FEATURES.values())[feature][1](plane())
    picture = tinted(scaled(values).reshape(GRID, GRID)[::COARSE, ::COARSE], shades())
    if used:
        return picture
    paper = np.array([*to_rgb(style.paper()), 1.0]) * 255
    return np.asarray(0.28 * picture + 0.72 * paper, np.uint8)


class Links(LineCollection):
    """The links; their ends are set anew only where they are others."""

    ends: Any = None

    def set_ends(self, ends: Array) -> None:
        """Both ends of every link, shape (links, 2, 2)."""
        if ends is not self.ends:
            self.ends = ends
            self.set_segments(list(ends))


def draw(figure: Figure, state: Any) -> dict[str, Any]:
    """The axes, and the artists that move."""
    layout = state.layout(figure.get_figwidth() > 5.5)
    width, height = layout.figure
    left, bottom, right, top = layout.network
    network = figure.add_axes(
        (left / width, bottom / height, (right - left) / width, (top - bottom) / height),
        label="network" if layout.wide else "narrow network",
    )
    network.set(xlim=(left, right), ylim=(bottom, top))
    network.axis("off")
    network.patch.set_alpha(0)
    links = Links([], zorder=1, capstyle="round")
    network.add_collection(links)
    (chosen,) = network.plot([], [], color=style.ink(), linewidth=5.5, alpha=0.28, zorder=0.9, solid_capstyle="round")
    (dot,) = network.plot([], [], "o", color=style.ink(), markerfacecolor="none", markersize=12, zorder=4.5)
    (ring,) = network.plot([], [], color=style.ink(), linewidth=2, zorder=4)
    (buttons,) = network.plot([], [], "o", color=style.faint(), markerfacecolor="none", markersize=12, zorder=3)
    return _draw_map(figure, layout) | _draw_curves(figure, layout) | {
        "links": links, "chosen": chosen, "dot": dot, "ring": ring, "buttons": buttons,
        "dots": network.scatter([], [], zorder=4, edgecolors=style.paper(), linewidths=0.8),
        "tiles": figure.add_artist(Tiles(frame=style.faint())), "header": figure.add_artist(Labels()),
        "words": figure.add_artist(Words(8 if layout.wide else 12, 88 if layout.wide else 148, size=8.2, color=style.ink())),
    }  # fmt: skip


def _draw_map(figure: Figure, layout: Layout) -> dict[str, Any]:
    width, height = layout.figure
    left, bottom, side = layout.map
    plane_axes = figure.add_axes((left / width, bottom / height, side / width, side / height), label="map")
    plane_axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xticks=[], yticks=[])
    plane_axes.patch.set_alpha(0)
    for spine in plane_axes.spines.values():
        spine.set_visible(False)
    artists: dict[str, Any] = {}
    for seen, edge in ((True, style.paper()), (False, style.ink())):
        artists["train" if seen else "test"] = [
            plane_axes.plot(
                [], [], marker, linestyle="none", markerfacecolor=style.colour(name), markeredgecolor=edge,
                markeredgewidth=0.6 if seen else 1.0, zorder=5,
            )[0]
            for name, marker in zip(CLASS_COLOURS, MARKERS, strict=True)
        ]  # fmt: skip
    artists["measured"] = plane_axes.scatter([], [], s=18, zorder=5, linewidths=0.7, antialiased=False)
    (picked,) = plane_axes.plot(
        [], [], "o", markerfacecolor="none", markeredgecolor=style.ink(), markersize=15, zorder=6
    )
    artists["picked"] = picked
    artists["shown"] = figure.add_artist(Words(left, bottom + side + 33, size=8.2, color=style.ink()))
    return artists


def _draw_curves(figure: Figure, layout: Layout) -> dict[str, Any]:
    width, height = layout.figure
    left, bottom, across, up = layout.loss
    axes = figure.add_axes((left / width, bottom / height, across / width, up / height), label="loss")
    axes.set(xlim=(0, 1), ylim=(0, 1.03), xticks=[], yticks=[0])
    axes.set_yticklabels([""])
    (kept_train,) = axes.plot([], [], color=style.ink(), linewidth=1, linestyle=(0, (2, 2)), alpha=0.7)
    (kept_test,) = axes.plot([], [], color=style.colour("VERMILLION"), linewidth=1, linestyle=(0, (2, 2)), alpha=0.7)
    (objective,) = axes.plot([], [], color=style.colour("PURPLE"), linewidth=1.2)
    (train,) = axes.plot([], [], color=style.ink(), linewidth=1.8)
    (test,) = axes.plot([], [], color=style.colour("VERMILLION"), linewidth=1.8)
    orange, purple = style.colour("VERMILLION"), style.colour("PURPLE")
    says: dict[str, Any] = {
        "says_loss": Words(left, bottom + up + 34, size=8.5, color=style.ink()),
        "says_train": Words(left, bottom + up + 17, size=8.2, color=style.ink()),
        "says_test": Words(left + 0.535 * across, bottom + up + 17, size=8.2, color=orange),
        "says_top": Words(left + 4, bottom + up + 1, size=7.5, color=style.ink()),
        "says_penalty": Words(left + 0.3 * across, bottom + up - 12, size=7.5, color=purple),
    }
    for one in says.values():
        figure.add_artist(one)
    return {
        "kept_train": kept_train, "kept_test": kept_test, "objective": objective, "curve_train": train,
        "curve_test": test,
    } | says  # fmt: skip


def paint(artists: dict[str, Any], state: Any, result: Any) -> None:
    """Bring everything that moves to this result."""
    layout = state.layout(artists["tiles"].figure.get_figwidth() > 5.5)
    _paint_maps(artists, layout, state, result)
    _paint_links(artists, layout, state, result)
    _paint_header(artists, layout, state)
    _paint_choice(artists, layout, state)
    _paint_points(artists, state)
    _paint_curves(artists, state, result)
    artists["shown"].set_text(state.words_of_map(result))
    artists["words"].set_text(state.words(result, layout.wide))


def _paint_header(artists: dict[str, Any], layout: Layout, state: Any) -> None:
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
    used = set(state.used())
    for i, (name, _, _) in enumerate(FEATURES.values()):
        x, y = layout.place(0, i)
        labels.append((x - layout.tile / 2 - 5, y, name, ink if i in used else style.faint(), "right"))
    artists["header"].set_labels(labels, 8.5)
    columns = [layout.column(layer) + away for layer in range(1, last) for away in (-15, 15)]
    artists["buttons"].set_data(columns, [top] * len(columns))


def _paint_maps(artists: dict[str, Any], layout: Layout, state: Any, result: Any) -> None:
    """Every neuron's map, and the large one."""
    palette = shades()
    dark, used = style.is_dark(), set(state.used())
    pictures = [input_map(i, i in used, dark) for i in range(len(FEATURES))]
    for maps in (*result.hidden, result.outputs):
        small = maps.reshape(GRID, GRID, -1)[::COARSE, ::COARSE]
        small = small / np.maximum(np.abs(small).max(axis=(0, 1)), 1e-12)
        coloured = tinted(small, palette)
        pictures += [coloured[:, :, j] for j in range(coloured.shape[2])]
    corners = [(*layout.bias(layer, j), layout.tile) for layer, size in enumerate(layout.sizes) for j in range(size)]
    if result.classes is None:
        field = result.field
        if state.discrete:
            field = np.where(field > 0, 0.75, -0.75)
        large = tinted(field, shades(BEHIND))
    else:
        sure = np.full((GRID, GRID), LEVELS) if state.discrete else np.rint(result.field * LEVELS)
        large = class_shades()[result.classes, sure.astype(np.intp)]
    artists["tiles"].set_pictures([*pictures, large], [*corners, layout.map])


def _paint_links(artists: dict[str, Any], layout: Layout, state: Any, result: Any) -> None:
    """Links and biases, by sign and size of the weight or of its gradient."""
    artists["links"].set_ends(layout.links(state.used())[0])
    artists["dots"].set_offsets(
        [layout.bias(layer, j) for layer in range(1, len(layout.sizes)) for j in range(layout.sizes[layer])]
    )
    amounts = result.gradients if state.gradients else result.weights
    weights = np.concatenate([w.ravel() for w, _ in amounts])
    biases = np.concatenate([b for _, b in amounts])
    if state.gradients:  # their sizes differ by powers of ten from moment to moment
        largest = max(float(np.abs(weights).max()), float(np.abs(biases).max()), 1e-12)
        weights, biases = 2.5 * weights / largest, 2.5 * biases / largest
    # Smooth edges of many thin lines are most of a frame's bytes: crisp ones do on a moving picture.
    artists["links"].set_antialiased(len(weights) <= 40 or artists["tiles"].figure.dpi > 120)
    signs = np.array([to_rgb(style.colour("ORANGE")), to_rgb(style.colour("BLUE"))])
    artists["links"].set_linewidths(np.where(weights == 0, 0, np.minimum(0.35 + 1.5 * np.abs(weights), 4.5)))
    artists["links"].set_color(signs[(weights > 0).astype(int)])
    artists["dots"].set_sizes(np.minimum(8 + 30 * np.abs(biases), 70))
    artists["dots"].set_facecolor(signs[(biases > 0).astype(int)])


def _paint_choice(artists: dict[str, Any], layout: Layout, state: Any) -> None:
    layer, i, j = state.weight
    if i < 0:
        x, y = layout.bias(layer + 1, j)
        artists["dot"].set_data([x], [y])
        artists["chosen"].set_data([], [])
    else:
        sx, sy = layout.place(layer, state.used()[i] if layer == 0 else i)
        x, y = layout.place(layer + 1, j)
        half = layout.tile / 2
        artists["chosen"].set_data([sx + half, x - half], [sy, y])
        artists["dot"].set_data([], [])
    focus = state.looked_at()
    if focus is None:
        artists["ring"].set_data([], [])
    else:
        x, y = layout.place(*focus)
        r = layout.tile / 2 + 2.5
        artists["ring"].set_data([x - r, x + r, x + r, x - r, x - r], [y - r, y - r, y + r, y + r, y - r])


def _paint_points(artists: dict[str, Any], state: Any) -> None:
    points = state.points_shown()
    size = 4.2 if len(points.x) > 260 else 5.5 if len(points.x) > 60 else 7.5
    for name, seen in (("train", True), ("test", False)):
        visible = points.seen == seen
        if not points.classes or (name == "test" and not state.show_test):
            visible = np.zeros(len(points.x), bool)
        for label, artist in enumerate(artists[name]):
            keep = visible & (points.y == label)
            artist.set_data(points.x[keep, 0], points.x[keep, 1])
            artist.set_markersize(size)
            few = len(points.x) <= 260
            artist.set_markeredgewidth((0.6 if few else 0.0) if name == "train" else (1.0 if few else 0.7))
    numbers = not points.classes
    keep = points.seen | state.show_test if numbers else np.zeros(len(points.x), bool)
    artists["measured"].set_offsets(points.x[keep])
    if numbers:
        artists["measured"].set_facecolor(tinted(points.y[keep], shades()) / 255)
        edges = np.where(points.seen[keep], style.paper(), style.ink())
        artists["measured"].set_edgecolor(list(edges))
    picked = points.x[state.picked : state.picked + 1] if state.picked >= 0 else points.x[:0]
    artists["picked"].set_data(picked[:, 0], picked[:, 1])


def _paint_curves(artists: dict[str, Any], state: Any, result: Any) -> None:
    curve = np.array(state.run.curve, float).reshape(-1, 4)
    kept = np.array(state.kept.curve if state.kept else (), float).reshape(-1, 4)
    first = curve[0, 1:] if len(curve) else np.ones(3)
    top = _round_up(min(max([*curve[:, 1:].ravel(), *kept[:, 1:3].ravel(), 1e-6]), 3 * max(float(first.max()), 1e-3)))
    last = max([*curve[-1:, 0], *kept[-1:, 0], 1.0])
    penalty = state.l1 > 0 or state.l2 > 0
    for name, table, column, on in (
        ("curve_train", curve, 1, True), ("curve_test", curve, 2, True), ("objective", curve, 3, penalty),
        ("kept_train", kept, 1, True), ("kept_test", kept, 2, True),
    ):  # fmt: skip
        table = table if on else table[:0]
        artists[name].set_data(table[:, 0] / last, np.minimum(table[:, column] / top, 1.03))
    artists["says_loss"].set_text(result.loss_name + ", mean over points")
    artists["says_train"].set_text(f"training {written(result.train)}")
    artists["says_test"].set_text("" if math.isnan(result.test) else f"unseen {written(result.test)}")
    artists["says_top"].set_text(f"{top:g}" + ("   dashed: kept run" if state.kept else ""))
    artists["says_penalty"].set_text(f"training + penalty {written(result.objective)}" if penalty else "")


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if not (value > 0 and math.isfinite(value)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for factor in (1, 2, 5, 10):
        if value <= factor * power * 1.0001:
            return float(f"{factor * power:.6g}")
    return 10 * power
