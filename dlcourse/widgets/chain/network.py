"""The picture of a chain: circles, weights, the fan of paths from one weight to one output, and one path of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse.arrays import Array
from dlcourse.calculus import Link
from dlcourse.live import style
from dlcourse.live.numbers import minus
from dlcourse.widgets.chain.layout import places
from dlcourse.widgets.chain.notation import index
from dlcourse.widgets.chain.numbers import MOST_WIDTH, Place

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Network", "draw_network", "paint_network"]

Route = Sequence[int]
"""The neuron that a path visits in each layer, from the one behind the weight to the output."""

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


def draw_network(axes: Axes, *, values: bool = True) -> Network:
    """Everything moves, so that another number of layers is drawn as quickly as another input.

    With `values` there is room for what each neuron says.
    """
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
    numbers = [axes.text(0, 0, "", fontsize=8, **look) for _ in range(LABELLED**2 if values else 0)]
    names = [axes.text(0, 0, "", fontsize=8.5, **look) for _ in range(2 * MOST_WIDTH)]
    return Network(*lines, circles, goal, numbers, names)


def paint_network(
    artists: Network, chain: list[Link], place: Place, output: int, *, fan: bool, route: Route = ()
) -> None:
    """Bring the network to a result; the ways from the weight to the output as a fan, and one of them as a route."""
    sizes = (len(chain[0].inputs), *(len(link.bias) for link in chain))
    at = places(sizes)
    small = max(max(sizes), len(sizes)) > LABELLED
    size = 8 if small else 25 if artists.values else 14
    paint_edges(artists.edges, chain, at)
    paint_ways(artists, at, place, output, fan=fan, route=route)
    every = np.concatenate(at)
    artists.circles.set_data(every.T)
    artists.goal.set_data(at[-1][[output]].T)
    for circles in (artists.circles, artists.goal):
        circles.set_markersize(size)
    numbers = np.concatenate([chain[0].inputs, *(link.outputs for link in chain)])
    fill(artists.values, [] if small else [(spot, short(value)) for spot, value in zip(every, numbers, strict=True)])
    axes = artists.goal.axes
    assert axes is not None
    aside = np.array([(size / 2 + 8) / 72 * axes.figure.dpi / axes.bbox.width, 0.0])
    names = [(spot - aside, f"x{index(k)}") for k, spot in enumerate(at[0])]
    fill(artists.names, names + [(spot + aside, f"s{index(k)}") for k, spot in enumerate(at[-1])])


def paint_edges(edges: LineCollection, chain: list[Link], at: list[Array]) -> None:
    """One line a weight: blue if positive, orange-red if negative, wider if larger."""
    weights = np.concatenate([link.weight.ravel() for link in chain])
    largest = np.concatenate([np.full(link.weight.size, np.abs(link.weight).max()) for link in chain])
    sizes = str([len(layer) for layer in at])
    if edges.get_gid() != sizes:  # a thousand new lines take 10 ms, new colours less than one
        ends = [(np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1))) for a, b in zip(at, at[1:], strict=False)]
        edges.set_segments(list(np.concatenate([np.stack(pair, axis=1) for pair in ends])))
        edges.set_gid(sizes)
    if len(weights) > MOST_EDGES:
        edges.set(color=style.faint(), alpha=0.6, antialiased=False, linewidth=0.4)
        return
    blue, red = style.colour("BLUE"), style.colour("VERMILLION")
    widths = 0.4 + 1.2 * np.abs(weights) / np.maximum(largest, 1e-300)
    edges.set(color=[blue if weight > 0 else red for weight in weights], alpha=0.35, antialiased=True, linewidth=widths)


def paint_ways(artists: Network, at: list[Array], place: Place, output: int, *, fan: bool, route: Route) -> None:
    """The weight, all ways from it to the output, and the path that is looked at."""
    layer, j, i = place
    artists.weight.set_segments([[at[layer][j], at[layer + 1][i]]])
    ways: list[list[Array]] = []
    for depth in range(layer + 1, len(at) - 1) if fan else ():
        starts = [at[depth][i]] if depth == layer + 1 else at[depth]
        ends = at[depth + 1] if depth + 1 < len(at) - 1 else [at[-1][output]]
        ways += [[a, b] for a in starts for b in ends]
    artists.fan.set_segments(ways if len(ways) <= MOST_FAN else [])
    stops = [at[layer + 1 + depth][neuron] for depth, neuron in enumerate(route)]
    artists.path.set_segments([[a, b] for a, b in zip(stops, stops[1:], strict=False)])


def fill(texts: list[Text], labels: list[tuple[Array, str]]) -> None:
    """Put labels at their places, and empty the texts that are left over."""
    for k, text in enumerate(texts):
        place, label = labels[k] if k < len(labels) else (np.zeros(2), "")
        text.set_position((place[0], place[1]))
        text.set_text(label)


def short(value: float) -> str:
    """What fits in a circle."""
    return minus(f"{value:.2f}" if abs(value) < 9.995 else f"{value:.0f}")
