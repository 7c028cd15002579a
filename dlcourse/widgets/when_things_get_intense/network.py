"""Paths draws a network: circles, weights, the fan of paths from one weight to one output, and one path of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.widgets.when_things_get_intense import words
from dlcourse.widgets.when_things_get_intense.layout import places
from dlcourse.widgets.when_things_get_intense.numbers import MOST_WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
    from dlcourse.widgets.when_things_get_intense.state import PathsState

Artists = dict[str, Any]
MOST_EDGES = 90
"""Above this the edges do not show their signs."""
MOST_FAN = 44
"""Above this the paths are not drawn: they are nearly all edges."""
LABELLED = 6
"""In a network with more layers or neurons than this the circles carry no numbers."""


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


def draw_network(state: PathsState, axes: Axes) -> Artists:
    """Everything moves, so that another number of layers is drawn as quickly as another input."""
    from matplotlib.collections import LineCollection

    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    found: Artists = {
        "edges": LineCollection([], zorder=1),
        "fan": LineCollection([], colors=style.ink(), linewidths=1.0, alpha=0.45, zorder=2),
        "path": LineCollection([], colors=style.ink(), linewidths=2.6, zorder=3),
        "weight": LineCollection([], colors=style.colour("ORANGE"), linewidths=4.0, zorder=4),
    }
    for lines in found.values():
        axes.add_collection(lines)
    for name, colour, width in (("circles", style.faint(), 1.2), ("goal", style.colour("GREEN"), 2.4)):
        (found[name],) = axes.plot([], [], "o", mfc=style.paper(), mec=colour, mew=width, ls="", zorder=5)
    look: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 7}
    size = 6.5 if state.view == "paths" else 5.0
    found["values"] = [axes.text(0, 0, "", fontsize=size, **look) for _ in range(LABELLED**2)]
    found["names"] = [axes.text(0, 0, "", fontsize=8.5, **look) for _ in range(2 * MOST_WIDTH)]
    return found


def paint_network(state: PathsState, artists: Artists, result: PathsResult) -> None:
    at = places(result.sizes)
    small = max(max(result.sizes), len(result.sizes)) > LABELLED
    size = 8 if small else 22 if state.view == "paths" else 15
    _paint_edges(artists["edges"], result, at)
    _paint_ways(state, artists, result, at)
    every = np.concatenate(at)
    goal = at[-1][result.output]
    artists["circles"].set_data(every.T)
    artists["goal"].set_data([goal[0]], [goal[1]])
    for name in ("circles", "goal"):
        artists[name].set_markersize(size)
    numbers = np.concatenate([result.chain[0].inputs, *(link.outputs for link in result.chain)])
    shown = [] if small else [(place, _short(value)) for place, value in zip(every, numbers, strict=True)]
    _fill(artists["values"], shown)
    aside = np.array([(size / 2 + 7) / 72 * artists["goal"].get_figure().dpi / artists["goal"].axes.bbox.width, 0.0])
    names = [(place - aside, f"x{words.down(k)}") for k, place in enumerate(at[0])]
    _fill(artists["names"], names + [(place + aside, f"s{words.down(k)}") for k, place in enumerate(at[-1])])


def _paint_edges(edges: Any, result: PathsResult, at: list[Array]) -> None:
    """One line a weight: blue if positive, orange-red if negative, wider if larger."""
    weights = np.concatenate([link.weight.ravel() for link in result.chain])
    largest = np.concatenate([np.full(link.weight.size, np.abs(link.weight).max()) for link in result.chain])
    if edges.get_gid() != str(result.sizes):  # a thousand new lines take 10 ms, new colours less than one
        ends = [(np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1))) for a, b in zip(at, at[1:], strict=False)]
        edges.set_segments(np.concatenate([np.stack(pair, axis=1) for pair in ends]))
        edges.set_gid(str(result.sizes))
    if len(weights) > MOST_EDGES:
        edges.set(color=style.faint(), alpha=0.6, antialiased=False, linewidth=0.4)
        return
    blue, red = style.colour("BLUE"), style.colour("VERMILLION")
    widths = 0.4 + 1.2 * np.abs(weights) / np.maximum(largest, 1e-300)
    edges.set(color=[blue if weight > 0 else red for weight in weights], alpha=0.35, antialiased=True, linewidth=widths)


def _paint_ways(state: PathsState, artists: Artists, result: PathsResult, at: list[Array]) -> None:
    """The weight, all ways from it to the output, and the path that is looked at."""
    layer, j, i = result.place
    artists["weight"].set_segments([[at[layer][j], at[layer + 1][i]]])
    fan: list[Any] = []
    if result.count and not state.hides:
        for depth in range(layer + 1, len(at) - 1):
            starts = [at[depth][i]] if depth == layer + 1 else at[depth]
            ends = at[depth + 1] if depth + 1 < len(at) - 1 else [at[-1][result.output]]
            fan += [[a, b] for a in starts for b in ends]
    artists["fan"].set_segments(fan if len(fan) <= MOST_FAN else [])
    k = state.seen if state.view == "paths" else 0
    route: list[Any] = []
    if k and result.found is not None and len(result.found):
        stops = [at[layer + 1 + depth][neuron] for depth, neuron in enumerate(result.found.neurons[k - 1])]
        route = [[a, b] for a, b in zip(stops, stops[1:], strict=False)]
    artists["path"].set_segments(route)


def _fill(pool: list[Any], wanted: list[tuple[Any, str]]) -> None:
    """Put texts at places, and empty those that are left over."""
    for k, text in enumerate(pool):
        place, what = wanted[k] if k < len(wanted) else ((0.0, 0.0), "")
        text.set_position(place)
        text.set_text(what)


def _short(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if abs(value) < 9.995 else f"{value:.0f}".replace("-", "−")
