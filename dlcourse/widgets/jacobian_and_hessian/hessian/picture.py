"""The picture of `HessianMatrix`: the network, the table block by block, and its eigenvalues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.layout import panel, places, text_below
from dlcourse.widgets.chain.network import Network, draw_network, paint_network
from dlcourse.widgets.chain.notation import index, weight_name
from dlcourse.widgets.jacobian_and_hessian.hessian.numbers import HessianResult
from dlcourse.widgets.jacobian_and_hessian.hessian.state import HessianState
from dlcourse.widgets.jacobian_and_hessian.matrix import (
    Eigenvalues,
    draw_eigenvalues,
    draw_matrix,
    paint_eigenvalues,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves."""

    network: Network
    second: LineCollection
    """The second weight, in the network: the one of the column, in the colour of the framed entry."""
    matrix: AxesImage
    blocks: LineCollection
    pair: Line2D
    cover: Text
    eigenvalues: Eigenvalues
    row_name: Text


def draw(state: HessianState, figure: Figure) -> Artists:
    """The network, the matrix with a block for each pair of neurons, and its eigenvalues."""
    links = panel(figure, "network", wide=(0.0, 2.7, 2.85, 2.4), narrow=(0.3, 6.15, 3.8, 2.0))
    network = draw_network(links, values=False)
    second = LineCollection([], colors=style.colour("GREEN"), linewidths=2.4, zorder=4)
    links.add_collection(second)
    axes = panel(figure, "hessian", wide=(3.4, 0.95, 3.65, 3.8), narrow=(0.75, 2.3, 3.5, 3.4))
    layer = state.place[0]
    inputs, neurons = state.sizes[layer], state.sizes[layer + 1]
    number = inputs * neurons
    title = f"second derivatives, weights of layer {layer + 1}"
    matrix = draw_matrix(axes, np.zeros((number, number)), title)
    axes.set(xlim=(-0.5, number - 0.5), ylim=(number - 0.5, -0.5))
    blocks = draw_blocks(axes, inputs, neurons)
    (pair,) = axes.plot(
        [], [], "s", mfc="none", mec=style.colour("GREEN"), mew=2.0, ms=float(np.clip(200 / number, 4, 20))
    )
    covered = "covered until you have chosen" if state.hides else ""
    cover = axes.text(0.5, 0.5, covered, ha="center", va="center", fontsize=9.5, transform=axes.transAxes)
    bars = panel(figure, "eigenvalues", wide=(0.3, 0.75, 2.5, 1.45), narrow=(0.6, 0.4, 3.6, 1.1))
    eigenvalues = draw_eigenvalues(bars, number, "its eigenvalues")
    row_name = text_below(figure, *((0.75, 2.02) if is_narrow(figure) else (3.4, 0.6)), fontsize=8.5)
    return Artists(network, second, matrix, blocks, pair, cover, eigenvalues, row_name)


def draw_blocks(axes: Axes, inputs: int, neurons: int) -> LineCollection:
    """Lines around the weights into each neuron, and the neurons' names."""
    low, high = -0.5, inputs * neurons - 0.5
    edges = [edge * inputs - 0.5 for edge in range(neurons + 1)]
    lines = [[(e, low), (e, high)] for e in edges] + [[(low, e), (high, e)] for e in edges]
    blocks = LineCollection(lines, colors=style.faint(), linewidths=0.6, zorder=3, clip_on=False)
    axes.add_collection(blocks)
    middles = [(i + 0.5) * inputs - 0.5 for i in range(neurons)]
    names = [f"into {i + 1}" if neurons < 7 else str(i + 1) for i in range(neurons)]
    axes.set_xticks(middles, names)
    axes.set_yticks(middles, names, rotation=90, va="center")
    axes.tick_params(length=0, labelsize=8.5)
    return blocks


def paint(state: HessianState, artists: Artists, result: HessianResult) -> None:
    """Bring everything that moves to a result; nothing of the matrix shows while it is covered."""
    paint_network(artists.network, result.chain, state.place, state.end, fan=not state.hides and ways(state))
    at, (layer, j, i) = places(state.sizes), state.second
    artists.second.set_segments([[at[layer][j], at[layer + 1][i]]])
    full = np.zeros_like(result.hessian) if state.hides else result.hessian
    artists.matrix.set_data(full / max(float(np.abs(full).max()), 1e-10))
    artists.pair.set_data([state.pair], [state.row])
    for part in (artists.pair, artists.blocks):
        part.set_visible(not state.hides)
    paint_eigenvalues(artists.eigenvalues, result.curvatures, hidden=state.hides)
    second = weight_name(state.second)
    entry = f"∂²s{index(state.end)} / ∂{weight_name(state.place)} ∂{second}  =  {n(float(full[state.row, state.pair]))}"
    where = "" if state.model is not None else f"{state.activation}, x₁ = {n(state.x1, 2)}:  "
    artists.row_name.set_text("" if state.hides else where + entry)


def ways(state: HessianState) -> bool:
    """Whether any path leads from the chosen weight to the output."""
    return state.place[0] < len(state.sizes) - 2 or state.place[2] == state.end
