"""Paths draws a network: circles, weights, the fan of paths from one weight to one output, and one path of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.tensor import Array
from dlcourse.widgets import style
from dlcourse.widgets import when_things_get_intense_words as words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dlcourse.widgets.when_things_get_intense import Paths
    from dlcourse.widgets.when_things_get_intense_numbers import PathsResult

Artists = dict[str, Any]
MOST_EDGES = 90
"""Above this the edges do not show their signs."""
MOST_FAN = 44
"""Above this the paths are not drawn: they are nearly all edges."""
LABELLED = 6
"""In a network with more layers or neurons than this the circles carry no numbers."""


def places(sizes: tuple[int, ...]) -> list[Array]:
    """Where the neurons stand in a square of side 1: one array of shape (neurons, 2) a layer."""
    across = np.linspace(0.15, 0.85, len(sizes))
    tallest = max(sizes)
    gap = min(0.86 / max(tallest - 1, 1), 0.24)
    return [
        np.column_stack([np.full(size, x), 0.5 + gap * ((size - 1) / 2 - np.arange(size))])
        for x, size in zip(across, sizes, strict=True)
    ]


def placed(figure: Figure, wide: tuple[float, ...], narrow: tuple[float, ...], label: str) -> Axes:
    """Axes placed in inches from the lower left, by the kind of cell."""
    width, height = figure.get_size_inches()
    left, bottom, w, h = narrow if is_narrow(figure) else wide
    return figure.add_axes((left / width, bottom / height, w / width, h / height), label=label)


def is_narrow(figure: Figure) -> bool:
    return bool(figure.get_figwidth() < 5.6)


def words_at(figure: Figure, x: float, y: float, **look: Any) -> Any:
    """Text at inches from the lower left."""
    width, height = figure.get_size_inches()
    return figure.text(x / width, y / height, "", **({"va": "top"} | look))


def draw_network(state: Paths, axes: Axes, *, size: float = 22) -> Artists:
    from matplotlib.collections import LineCollection

    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    at, sizes = places(state.sizes), state.sizes
    result = state.compute()
    segments, colours, widths = [], [], []
    for link, left, right in zip(result.chain, at, at[1:], strict=False):
        largest = float(np.abs(link.weight).max()) or 1.0
        for j, a in enumerate(left):
            for i, b in enumerate(right):
                segments.append([a, b])
                colours.append(style.colour("BLUE" if link.weight[j, i] > 0 else "VERMILLION"))
                widths.append(0.4 + 1.2 * abs(link.weight[j, i]) / largest)
    crowded = len(segments) > MOST_EDGES
    axes.add_collection(
        LineCollection(
            segments, colors=style.faint() if crowded else colours, linewidths=0.4 if crowded else widths,
            alpha=0.6 if crowded else 0.35, zorder=1, antialiaseds=not crowded,
        )
    )  # fmt: skip
    small = max(max(sizes), len(sizes)) > LABELLED
    size = 8 if small else size
    found: Artists = {
        "fan": LineCollection([], colors=style.ink(), linewidths=1.0, alpha=0.45, zorder=2),
        "path": LineCollection([], colors=style.ink(), linewidths=2.6, zorder=3),
        "weight": LineCollection([], colors=style.colour("ORANGE"), linewidths=4.0, zorder=4),
    }
    for lines in found.values():
        axes.add_collection(lines)
    every = np.concatenate(at)
    circles = axes.plot(
        every[:, 0], every[:, 1], "o", ms=size, mfc=style.paper(), mec=style.faint(), mew=1.2, ls="", zorder=5
    )
    found["circles"] = circles
    (found["goal"],) = axes.plot([], [], "o", ms=size, mfc=style.paper(), mec=style.colour("GREEN"), mew=2.4, zorder=6)
    found["values"] = []
    if not small:
        for x, y in every:
            found["values"].append(
                axes.text(x, y, "", ha="center", va="center", fontsize=6.5 if size > 16 else 5.0, zorder=7)
            )
    for letter, column, side in (("x", at[0], -1), ("s", at[-1], 1)):
        for k, place in enumerate(column):
            axes.annotate(
                letter + words.down(k), place, (side * (size / 2 + 7), 0), textcoords="offset points", ha="center", va="center",
                fontsize=8.5,
            )  # fmt: skip
    return found


def paint_network(state: Paths, artists: Artists, result: PathsResult) -> None:
    at = places(result.sizes)
    layer, j, i = result.place
    artists["weight"].set_segments([[at[layer][j], at[layer + 1][i]]])
    goal = at[-1][result.output]
    artists["goal"].set_data([goal[0]], [goal[1]])
    fan: list[Any] = []
    if result.count and not state.hides:
        for depth in range(layer + 1, len(at) - 1):
            starts = [at[depth][i]] if depth == layer + 1 else at[depth]
            ends = at[depth + 1] if depth + 1 < len(at) - 1 else [goal]
            fan += [[a, b] for a in starts for b in ends]
    artists["fan"].set_segments(fan if len(fan) <= MOST_FAN else [])
    k = state.seen if state.view == "paths" else 0
    route: list[Any] = []
    if k and result.found is not None and len(result.found):
        stops = [at[layer + 1 + depth][neuron] for depth, neuron in enumerate(result.found.neurons[k - 1])]
        route = [[a, b] for a, b in zip(stops, stops[1:], strict=False)]
    artists["path"].set_segments(route)
    numbers = np.concatenate([result.chain[0].inputs, *(link.outputs for link in result.chain)])
    for text, value in zip(artists["values"], numbers, strict=False):
        text.set_text(_short(value))


def _short(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if abs(value) < 9.995 else f"{value:.0f}".replace("-", "−")
