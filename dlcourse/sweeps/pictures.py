"""The picture of a sweep: a panel per setting, and all runs as lines through the settings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlcourse.sweeps.runs import Run
from dlcourse.sweeps.spaces import Space, is_number, label

__all__ = ["draw", "has_names", "place"]

BEST, FAILED = "#D55E00", "#000000"


def draw(ranked: list[Run], failed: list[Run], space: dict[str, Space], direction: str) -> list[Any]:
    """Draw all runs in a new Matplotlib figure; returns its axes.

    Parameters
    ----------
    ranked, failed : list of Run
        Those with a score, the best first, and those without.
    space : dict
        Each setting's name with its space.
    direction : str
        "maximize" or "minimize".
    """
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(max(6.0, 2.4 * len(space)), 5.2), layout="constrained")
    grid = figure.add_gridspec(2, len(space))
    first: Any = None
    for i, (name, knob) in enumerate(space.items()):
        axes = figure.add_subplot(grid[0, i], sharey=first)
        _panel(axes, ranked, failed, knob, name)
        first = first or axes
        axes.tick_params(labelleft=i == 0)
    first.set_ylabel("score")
    _lines(figure.add_subplot(grid[1, :]), ranked, space, direction)
    return list(figure.axes)


def _panel(axes: Any, ranked: list[Run], failed: list[Run], knob: Space, name: str) -> None:
    """The score of each run against one setting; the best stands out, and crosses at the foot failed."""
    at = [place(knob, run.settings[name]) for run in ranked]
    axes.plot(at, [run.score for run in ranked], "o", color="#0072B2", alpha=0.7)
    axes.plot(at[:1], [run.score for run in ranked[:1]], "o", color=BEST, markersize=9)
    lost = [place(knob, run.settings[name]) for run in failed]
    axes.plot(lost, [0.02] * len(lost), "x", color=FAILED, transform=axes.get_xaxis_transform())
    if knob.log:
        axes.set_xscale("log")
    if has_names(knob):
        axes.set_xticks(range(len(knob.options)), [label(option) for option in knob.options])
    axes.set_xlabel(name)
    axes.spines[["top", "right"]].set_visible(False)


def _lines(axes: Any, ranked: list[Run], space: dict[str, Space], direction: str) -> None:
    """Parallel coordinates: one upright axis per setting and one for the score, each from the lowest to the highest."""
    from matplotlib import colormaps

    columns = {name: [_height(knob, run.settings[name]) for run in ranked] for name, knob in space.items()}
    columns["score"] = [run.score for run in ranked]
    shares = np.array([_from_0_to_1(column) for column in columns.values()]).T.reshape(len(ranked), len(columns))
    for place in range(len(ranked) - 1, -1, -1):  # the best is drawn last, on top
        good = shares[place, -1] if direction == "maximize" else 1 - shares[place, -1]
        if place:
            axes.plot(shares[place], color=colormaps["cividis"](good), linewidth=1, alpha=0.6)
        else:
            axes.plot(shares[place], color=BEST, linewidth=2.5)
    for i, (name, column) in enumerate(columns.items()):
        axes.axvline(i, color="#888888", linewidth=0.8, zorder=0)
        for end, at, offset, side in ((np.argmin, 0, -4, "top"), (np.argmax, 1, 4, "bottom")):
            run = ranked[int(end(column))] if ranked else None
            text = "" if run is None else label(run.score if name == "score" else run.settings[name])
            axes.annotate(text, (i, at), (0, offset), textcoords="offset points", ha="center", va=side)
    axes.set_xticks(range(len(columns)), list(columns))
    axes.tick_params(axis="x", length=0, pad=16)
    axes.set(yticks=[], ylim=(-0.05, 1.05))
    axes.spines[:].set_visible(False)


def has_names(knob: Space) -> bool:
    """Whether its options are no numbers, and stand side by side."""
    return not all(map(is_number, getattr(knob, "options", ())))


def place(knob: Space, value: Any) -> float:
    """Where a value stands on the axis of its setting."""
    return [label(option) for option in knob.options].index(label(value)) if has_names(knob) else value


def _height(knob: Space, value: Any) -> float:
    return math.log(value) if knob.log else place(knob, value)


def _from_0_to_1(column: list[float]) -> list[float]:
    low, high = (min(column), max(column)) if column else (0.0, 1.0)
    return [(value - low) / (high - low) if high > low else 0.5 for value in column]
