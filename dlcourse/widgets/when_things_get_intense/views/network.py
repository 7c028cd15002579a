"""The network of three views: circles, weights, the fan of paths from one weight to one output, and one path of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import minus
from dlcourse.widgets.when_things_get_intense.layout import places
from dlcourse.widgets.when_things_get_intense.notation import index
from dlcourse.widgets.when_things_get_intense.numbers import MOST_WIDTH, PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Network", "draw_network", "paint_network"]

MOST_EDGES = 90
"""Above this the edges do not show their signs."""
MOST_FAN = 44
"""Above this the paths are not drawn: they are nearly all edges."""
LABELLED = 6
"""In a network with more layers or neurons than this the circles carry no numbers."""


@dataclass(frozen=True)
class Network:
    """Lines under circles under texts; all of them move, the texts are more than one network needs."""

    edges: LineCollection
    fan: LineCollection
    path: LineCollection
    weight: LineCollection
    circles: Line2D
    goal: Line2D
    values: list[Text]
    names: list[Text]


def draw_network(state: PathsState, axes: Axes) -> Network:
    """Everything moves, so that another number of layers is drawn as quickly as another input."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    lines = (
        LineCollection([], zorder=1),
        LineCollection([], colors=style.ink(), linewidths=1.0, alpha=0.45, zorder=2),
        LineCollection([], colors=style.ink(), linewidths=2.6, zorder=3),
        LineCollection([], colors=style.colour("ORANGE"), linewidths=4.0, zorder=4),
    )
    for line in lines:
        axes.add_collection(line)
    circle: dict[str, Any] = {"mfc": style.paper(), "ls": "", "zorder": 5}
    (circles,) = axes.plot([], [], "o", mec=style.faint(), mew=1.2, **circle)
    (goal,) = axes.plot([], [], "o", mec=style.colour("GREEN"), mew=2.4, **circle)
    look: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 7}
    size = 6.5 if state.view == "paths" else 5.0
    values = [axes.text(0, 0, "", fontsize=size, **look) for _ in range(LABELLED**2)]
    names = [axes.text(0, 0, "", fontsize=8.5, **look) for _ in range(2 * MOST_WIDTH)]
    return Network(*lines, circles, goal, values, names)


def paint_network(state: PathsState, artists: Network, result: PathsResult) -> None:
    """Bring the network to a result."""
    at = places(result.sizes)
    small = max(max(result.sizes), len(result.sizes)) > LABELLED
    size = 8 if small else 22 if state.view == "paths" else 15
    paint_edges(artists.edges, result, at)
    paint_ways(state, artists, result, at)
    every = np.concatenate(at)
    goal = at[-1][result.output]
    artists.circles.set_data(every.T)
    artists.goal.set_data([goal[0]], [goal[1]])
    for circles in (artists.circles, artists.goal):
        circles.set_markersize(size)
    numbers = np.concatenate([result.chain[0].inputs, *(link.outputs for link in result.chain)])
    fill(artists.values, [] if small else [(place, short(value)) for place, value in zip(every, numbers, strict=True)])
    axes = artists.goal.axes
    assert axes is not None
    aside = np.array([(size / 2 + 7) / 72 * axes.figure.dpi / axes.bbox.width, 0.0])
    names = [(place - aside, f"x{index(k)}") for k, place in enumerate(at[0])]
    fill(artists.names, names + [(place + aside, f"s{index(k)}") for k, place in enumerate(at[-1])])


def paint_edges(edges: LineCollection, result: PathsResult, at: list[Array]) -> None:
    """One line a weight: blue if positive, orange-red if negative, wider if larger."""
    weights = np.concatenate([link.weight.ravel() for link in result.chain])
    largest = np.concatenate([np.full(link.weight.size, np.abs(link.weight).max()) for link in result.chain])
    if edges.get_gid() != str(result.sizes):  # a thousand new lines take 10 ms, new colours less than one
        ends = [(np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1))) for a, b in zip(at, at[1:], strict=False)]
        edges.set_segments(list(np.concatenate([np.stack(pair, axis=1) for pair in ends])))
        edges.set_gid(str(result.sizes))
    if len(weights) > MOST_EDGES:
        edges.set(color=style.faint(), alpha=0.6, antialiased=False, linewidth=0.4)
        return
    blue, red = style.colour("BLUE"), style.colour("VERMILLION")
    widths = 0.4 + 1.2 * np.abs(weights) / np.maximum(largest, 1e-300)
    edges.set(color=[blue if weight > 0 else red for weight in weights], alpha=0.35, antialiased=True, linewidth=widths)


def paint_ways(state: PathsState, artists: Network, result: PathsResult, at: list[Array]) -> None:
    """The weight, all ways from it to the output, and the path that is looked at."""
    layer, j, i = result.place
    artists.weight.set_segments([[at[layer][j], at[layer + 1][i]]])
    fan: list[list[Array]] = []
    if result.count and not state.hides:
        for depth in range(layer + 1, len(at) - 1):
            starts = [at[depth][i]] if depth == layer + 1 else at[depth]
            ends = at[depth + 1] if depth + 1 < len(at) - 1 else [at[-1][result.output]]
            fan += [[a, b] for a in starts for b in ends]
    artists.fan.set_segments(fan if len(fan) <= MOST_FAN else [])
    k = state.reached if state.view == "paths" else 0
    route: list[list[Array]] = []
    if k and result.paths is not None and len(result.paths):
        stops = [at[layer + 1 + depth][neuron] for depth, neuron in enumerate(result.paths.neurons[k - 1])]
        route = [[a, b] for a, b in zip(stops, stops[1:], strict=False)]
    artists.path.set_segments(route)


def fill(texts: list[Text], labels: list[tuple[Array, str]]) -> None:
    """Put labels at their places, and empty the texts that are left over."""
    for k, text in enumerate(texts):
        place, label = labels[k] if k < len(labels) else (np.zeros(2), "")
        text.set_position((place[0], place[1]))
        text.set_text(label)


def short(value: float) -> str:
    """What fits in a circle."""
    return minus(f"{value:.2f}" if abs(value) < 9.995 else f"{value:.0f}")
