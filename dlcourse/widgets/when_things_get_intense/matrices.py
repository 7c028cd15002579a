"""Paths counted by depth, and the two matrices: the Jacobian of a network and the Hessian of one of its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.numbers import grouped
from dlcourse.widgets.when_things_get_intense import words
from dlcourse.widgets.when_things_get_intense.network import Artists, draw_network, is_narrow, placed, words_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
    from dlcourse.widgets.when_things_get_intense.state import PathsState


# The count


def draw_count(state: PathsState, figure: Figure) -> Artists:
    narrow = is_narrow(figure)
    axes = placed(figure, (0.75, 0.75, 6.2, 4.1), (0.7, 1.6, 3.6, 6.1), "count")
    works = state.works
    depths = np.arange(1, len(works) + 1)
    rows = {
        "by_paths": ("multiplications along the paths,\nfor one derivative", "VERMILLION", [w.by_paths for w in works]),
        "paths": ("paths from one weight\nto one output", "ORANGE", [w.paths for w in works]),
        "by_backward": (
            "multiplications of backpropagation,\nfor all derivatives",
            "BLUE",
            [w.by_backward for w in works],
        ),
    }
    top = max(max(row[2]) for row in rows.values()) * 3.0
    axes.set(xlim=(0.6, len(works) + 0.4), ylim=(0.7, max(top, 100)), yscale="log", xlabel="hidden layers")
    axes.set_xticks(depths)
    axes.minorticks_off()
    axes.grid(axis="y")
    neurons = (
        "your own layers"
        if state.model is not None
        else f"layers of {state.width} neuron{'s' if state.width > 1 else ''}"
    )
    axes.set_title(f"{neurons}: how many?", fontsize=10)
    found: Artists = {}
    for number, (name, (label, colour, values)) in enumerate(rows.items()):
        if state.hides and name == "by_backward":
            continue
        axes.plot(depths, values, "o-", color=style.colour(colour), ms=4, lw=1.8)
        axes.text(
            0.02, 0.985 - number * (0.05 if narrow else 0.07), label.replace("\n", " "), color=style.colour(colour),
            fontsize=8 if narrow else 9, va="top", transform=axes.transAxes, zorder=5,
            bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
        found[name] = axes.text(
            0, 0, "", color=style.colour(colour), fontsize=8.5, ha="left", va="bottom", fontweight="bold"
        )
        found[name].set_bbox({"facecolor": style.paper(), "edgecolor": "none", "pad": 0.8, "alpha": 0.8})
    (found["cursor"],) = axes.plot([], [], color=style.ink(), lw=1.0, ls=":")
    return found


def paint_count(state: PathsState, artists: Artists, result: PathsResult) -> None:
    d = min(max(len(state.sizes) - 2, 1), len(result.works))
    one = result.works[d - 1]
    artists["cursor"].set_data([d, d], [0.7, max(one.by_paths, one.by_backward)])
    late = d > 0.6 * len(result.works)
    for name in ("paths", "by_paths", "by_backward"):
        if name in artists:
            value = getattr(one, name)
            artists[name].set_text(grouped(value))
            artists[name].set_position((d - 0.12 if late else d + 0.12, max(value, 1) * 1.12))
            artists[name].set_ha("right" if late else "left")


# Jacobian and Hessian


def _matrix(axes: Axes, full: Array, title: str) -> Artists:
    from matplotlib.colors import Normalize

    axes.set_title(title, fontsize=9)
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
    image = axes.imshow(full, cmap=style.diverging(), norm=Normalize(-1, 1), aspect="auto", interpolation="nearest")
    return {"matrix": image}


def draw_jacobian(state: PathsState, figure: Figure) -> Artists:
    axes = placed(figure, (0.5, 2.75, 3.3, 1.95), (0.5, 5.9, 3.8, 1.8), "jacobian")
    full = state.compute().jacobian
    assert full is not None
    rows, columns = full.shape
    found = _matrix(axes, full, "J: ∂ output / ∂ input")
    axes.set_xticks(range(columns), [f"x{words.down(c)}" for c in range(columns)])
    axes.set_yticks(range(rows), [f"s{words.down(r)}" for r in range(rows)])
    axes.tick_params(length=0)
    (found["row"],) = axes.plot([], [], color=style.colour("GREEN"), lw=2.2, clip_on=False)
    found["cells"] = []
    if rows <= 4 and columns <= 6:
        for r in range(rows):
            for c in range(columns):
                found["cells"].append(axes.text(c, r, "", ha="center", va="center", fontsize=8.5))
    found |= _eigenvalues(
        placed(figure, (0.5, 0.7, 3.3, 1.25), (0.5, 4.1, 3.8, 1.1), "eigenvalues"),
        rows,
        "eigenvalues of J Jᵀ",
        low=-0.1,
    )
    plane = placed(figure, (4.35, 1.2, 2.7, 2.7), (0.9, 0.5, 2.7, 2.7), "plane")
    plane.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[0], yticks=[0], xlabel="change of s₁", aspect="equal")
    plane.set_ylabel("change of s₂" if rows > 1 else "", labelpad=0)
    plane.xaxis.labelpad = 0
    plane.set_title("where input moves of length h lead", fontsize=9, pad=18)
    (found["ellipse"],) = plane.plot([], [], color=style.colour("BLUE"), lw=1.6)
    (found["images"],) = plane.plot([], [], ".", color=style.colour("VERMILLION"), ms=5)
    plane.text(0, 1.03, "— J promises", color=style.colour("BLUE"), fontsize=8, transform=plane.transAxes)
    answers = plane.text(1, 1.03, "· the network answers", fontsize=8, ha="right", transform=plane.transAxes)
    answers.set_color(style.colour("VERMILLION"))
    found["off"] = plane.text(0.02, 0.02, "", fontsize=8, transform=plane.transAxes)
    return found


def _eigenvalues(axes: Axes, number: int, title: str, low: float = -1.25) -> Artists:
    axes.set_title(title, fontsize=9)
    style.quiet(axes, bottom=False)
    axes.set(xlim=(0.3, number + 0.7), ylim=(low, 1.25), yticks=[0], yticklabels=["0"])
    axes.axhline(0, color=style.faint(), lw=0.8)
    from matplotlib.collections import LineCollection

    bars = LineCollection([], colors=style.colour("BLUE"), linewidths=float(np.clip(150 / number, 2, 12)))
    axes.add_collection(bars)
    texts = [axes.text(0, 0, "", fontsize=7.5, ha="center", va="center") for _ in range(number if number < 6 else 2)]
    return {"bars": bars, "bar_values": texts}


def _paint_eigenvalues(artists: Artists, values: Array) -> None:
    scale = max(float(np.abs(values).max()), 1e-12)
    clean = np.where(np.abs(values) < 1e-10, 0.0, values)
    x = np.arange(1, len(values) + 1)
    artists["bars"].set_segments([[(k, 0), (k, v / scale)] for k, v in zip(x, clean, strict=True)])
    labelled = list(range(len(values))) if len(values) < 6 else [0, len(values) - 1]  # the ends
    for k, text in zip(labelled, artists["bar_values"], strict=True):
        v = float(clean[k])
        text.set_text(words.n(v, 2))
        text.set_position((k + 1, v / scale + (0.17 if v >= 0 else -0.17)))


def paint_jacobian(state: PathsState, artists: Artists, result: PathsResult) -> None:
    full = result.jacobian
    assert (
        full is not None and result.stretches is not None and result.ellipse is not None and result.images is not None
    )
    largest = max(float(np.abs(full).max()), 1e-12)
    artists["matrix"].set_data(0.75 * full / largest)
    for text, value in zip(artists["cells"], full.ravel(), strict=False):
        text.set_text(words.n(float(value), 3))
        red, green, blue, _ = artists["matrix"].to_rgba(0.75 * float(value) / largest)
        text.set_color("black" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.2 else "white")
    columns, o = full.shape[1], result.output
    artists["row"].set_data(np.array([0, columns, columns, 0, 0]) - 0.5, np.array([o, o, o + 1, o + 1, o]) - 0.5)
    artists["row"].set_visible(not state.hides)
    _paint_eigenvalues(artists, result.stretches)
    scale = max(float(np.abs(result.ellipse).max()), 1e-12)
    artists["ellipse"].set_data(*(result.ellipse / scale).T)
    artists["images"].set_data(*(result.images[::2] / scale).T)
    artists["off"].set_text(
        f"x₁ = {words.n(state.x1, 2)}, h = {words.n(state.h, 3)}\noff by {words.n(100 * result.left, 2)} %"
    )
    artists["off"].set_visible(not state.hides)


def draw_hessian(state: PathsState, figure: Figure) -> Artists:
    from matplotlib.collections import LineCollection

    found = draw_network(state, placed(figure, (0.0, 2.7, 2.85, 2.4), (0.3, 6.15, 3.8, 2.0), "network"))
    axes = placed(figure, (3.4, 0.95, 3.65, 3.8), (0.75, 2.3, 3.5, 3.4), "hessian")
    layer = state.place[0]
    inputs, neurons = state.sizes[layer], state.sizes[layer + 1]
    number = inputs * neurons
    found |= _matrix(axes, np.zeros((number, number)), f"second derivatives by the weights of layer {layer + 1}")
    axes.set(xlim=(-0.5, number - 0.5), ylim=(number - 0.5, -0.5))
    edges = [edge * inputs - 0.5 for edge in range(neurons + 1)]
    ends = (-0.5, number - 0.5)
    blocks = [[(e, ends[0]), (e, ends[1])] for e in edges] + [[(ends[0], e), (ends[1], e)] for e in edges]
    found["blocks"] = axes.add_collection(
        LineCollection(blocks, colors=style.faint(), linewidths=0.6, zorder=3, clip_on=False)
    )
    middles = [(i + 0.5) * inputs - 0.5 for i in range(neurons)]
    names = [f"into {i + 1}" if neurons < 7 else str(i + 1) for i in range(neurons)]
    axes.set_xticks(middles, names)
    axes.set_yticks(middles, names, rotation=90, va="center")
    axes.tick_params(length=0, labelsize=7.5)
    (found["pair"],) = axes.plot(
        [], [], "s", mfc="none", mec=style.colour("GREEN"), mew=2.0, ms=float(np.clip(200 / number, 4, 20))
    )
    found["cover"] = axes.text(
        0.5,
        0.5,
        "covered until you have chosen" if state.hides else "",
        ha="center",
        va="center",
        fontsize=9.5,
        transform=axes.transAxes,
    )
    found |= _eigenvalues(
        placed(figure, (0.3, 0.75, 2.5, 1.45), (0.6, 0.4, 3.6, 1.1), "eigenvalues"), number, "its eigenvalues"
    )
    found["row_name"] = words_at(figure, *((0.75, 2.02) if is_narrow(figure) else (3.4, 0.6)), fontsize=8.5)
    return found


def paint_hessian(state: PathsState, artists: Artists, result: PathsResult) -> None:
    assert result.hessian is not None and result.curvatures is not None
    full = np.zeros_like(result.hessian) if state.hides else result.hessian
    largest = max(float(np.abs(full).max()), 1e-10)
    artists["matrix"].set_data(full / largest)
    artists["pair"].set_data([state.pair], [state.row])
    artists["pair"].set_visible(not state.hides)
    _paint_eigenvalues(artists, result.curvatures * (not state.hides))
    value = float(full[state.row, state.pair])
    inputs = result.sizes[result.place[0]]
    second = words.name((result.place[0], state.pair % inputs, state.pair // inputs))
    value = 0.0 if abs(value) < 1e-10 else value
    artists["row_name"].set_text(
        ""
        if state.hides
        else f"∂²s{words.down(result.output)} / ∂{words.name(result.place)} ∂{second}  =  {words.n(value)}"
    )
