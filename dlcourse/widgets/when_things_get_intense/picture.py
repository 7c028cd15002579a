"""The picture of Paths, view by view; here the first one: what each path brings, and how the products add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.numbers import grouped
from dlcourse.widgets.when_things_get_intense import words
from dlcourse.widgets.when_things_get_intense.derivation import draw_derivation, paint_derivation
from dlcourse.widgets.when_things_get_intense.matrices import (
    draw_count,
    draw_hessian,
    draw_jacobian,
    paint_count,
    paint_hessian,
    paint_jacobian,
)  # fmt: skip
from dlcourse.widgets.when_things_get_intense.network import (
    Artists,
    draw_network,
    is_narrow,
    paint_network,
    placed,
    words_at,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
    from dlcourse.widgets.when_things_get_intense.state import PathsState

MOST_FACTORS = 9


def draw(state: PathsState, figure: Figure) -> Artists:
    return _DRAW[state.view](state, figure)


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    if "weight" in artists:
        paint_network(state, artists, result)
    _PAINT[state.view](state, artists, result)


# Paths


def _draw_paths(state: PathsState, figure: Figure) -> Artists:
    found = draw_network(state, placed(figure, (0.05, 1.35, 4.3, 3.75), (0.05, 4.55, 4.4, 3.6), "network"))
    axes = placed(figure, (4.75, 1.75, 2.3, 2.95), (0.5, 2.2, 3.8, 2.0), "products")
    axes.set(ylim=(-1.12, 1.12), xlim=(0, 1), yticks=[], xticks=[])
    axes.set_title("what each path brings, and the sum", fontsize=9)
    style.quiet(axes, bottom=False)
    found["zero"] = axes.axhline(0, color=style.faint(), lw=0.8)
    for name, colour, alpha in (
        ("outline", style.faint(), 0.6), ("plus", style.colour("BLUE"), 1.0), ("minus", style.colour("VERMILLION"), 1.0),
    ):  # fmt: skip
        (found[name],) = axes.plot([], [], color=colour, alpha=alpha, solid_capstyle="butt")
    (found["sum"],) = axes.plot([], [], color=style.ink(), lw=1.4, drawstyle="steps-post")
    (found["target"],) = axes.plot([], [], "--", color=style.colour("GREEN"), lw=1.6)
    found["target_name"] = axes.text(
        1, 0, "backward()", color=style.colour("GREEN"), fontsize=8, ha="right", transform=axes.transAxes
    )
    found["note"] = axes.text(
        0.5, 0.5, "", ha="center", va="center", fontsize=9.5, transform=axes.transAxes, linespacing=1.6
    )
    found["count"] = axes.text(1, -0.035, "", ha="right", va="top", fontsize=8.5, transform=axes.transAxes)
    size = 8.0 if is_narrow(figure) else 9.0
    found["product"] = words_at(figure, 0.15, 1.75 if is_narrow(figure) else 1.2, fontsize=size, linespacing=1.5)
    found["checks"] = words_at(figure, 0.15, 1.2 if is_narrow(figure) else 0.7, fontsize=size, linespacing=1.5)
    return found


def _paint_paths(state: PathsState, artists: Artists, result: PathsResult) -> None:
    shown = result.found is not None and not state.hides and result.count > 0
    products = result.found.products if shown and result.found is not None else np.zeros(0)
    number, k = len(products), state.seen
    sums = np.cumsum(products)
    scale = max(float(np.abs(np.concatenate([products, sums, [result.gradient, 1e-300]])).max()), 1e-300)
    artists["zero"].set_visible(shown)
    axes = artists["outline"].axes
    axes.set_xlim(0.2, max(number, 1) + 0.8)  # no ticks, so nothing that stands still depends on it
    order, added = np.arange(number), np.arange(number) < k
    for name, which in (("outline", ~added), ("plus", added & (products > 0)), ("minus", added & (products <= 0))):
        here, height = order[which] + 1.0, products[which] / scale
        gaps = np.full(len(here), np.nan)  # all bars are one line, interrupted
        artists[name].set_data(
            np.column_stack([here, here, gaps]).ravel(), np.column_stack([0 * height, height, gaps]).ravel()
        )
        artists[name].set_linewidth(float(np.clip(110 / max(number, 1), 0.7, 12)))
    artists["sum"].set_data(
        np.arange(k + 1) + 0.5, np.concatenate([[0.0], sums[:k] / scale]) if number else np.zeros(k + 1)
    )
    goal = result.gradient / scale
    artists["target"].set_data([0.2, number + 0.8] if shown else [], [goal, goal] if shown else [])
    artists["target_name"].set_visible(shown)
    artists["target_name"].set_position((1, (goal + 1.12) / 2.24 + (0.015 if goal > 0 or not shown else -0.06)))
    artists["count"].set_text(f"{k} of {counted(number, 'path')}" if shown else "")
    artists["note"].set_text(_note(state, result))
    artists["product"].set_text(_product(result, k) if shown else "")
    artists["checks"].set_text("" if state.hides else _checks(state, result))


def _note(state: PathsState, result: PathsResult) -> str:
    if state.hides:
        return "the paths are covered\nuntil you have chosen"
    if result.count == 0:
        return "no path:\nthe derivative is 0"
    if result.found is None:
        return f"{grouped(result.count)} paths,\ntoo many to list.\nbackward() does not list them."
    return ""


def _product(result: PathsResult, k: int) -> str:
    """The arithmetic of one path."""
    assert result.found is not None
    if not k:
        return "Step adds one path after the other.\nA path multiplies what it meets:  a · f′ · W · f′ · W · f′ …"
    factors = list(result.found.factors[k - 1])
    if factors[-1] == 1:
        factors.pop()  # the outputs have no activation
    signs = ["a" if m == 0 else "f′" if m % 2 else "W" for m in range(len(factors))]
    parts = [f"{sign} {words.n(value, 3)}" for sign, value in zip(signs, factors, strict=True)]
    if len(parts) > MOST_FACTORS:
        parts = [*parts[: MOST_FACTORS - 2], "…", parts[-1]]
    cut = (len(parts) + 1) // 2 if len(parts) > 6 else len(parts)
    listed = " · ".join(parts[:cut]) + (" ·\n      " + " · ".join(parts[cut:]) if cut < len(parts) else "")
    return f"path {k}:  {listed}  =  {words.n(float(result.found.products[k - 1]), 4)}"


def _checks(state: PathsState, result: PathsResult) -> str:
    by_paths = "too many to list" if result.found is None else words.n(result.found.total, 10)
    return (
        f"sum over paths  {by_paths}      backward()  {words.n(result.gradient, 10)}\n"
        f"central difference  {words.n(result.difference, 10)},  relatively off by {words.n(result.off, 2)}"
    )


_DRAW = {
    "paths": _draw_paths, "derivation": draw_derivation, "count": draw_count, "Jacobian": draw_jacobian, "Hessian": draw_hessian,
}  # fmt: skip
_PAINT = {
    "paths": _paint_paths, "derivation": paint_derivation, "count": paint_count, "Jacobian": paint_jacobian, "Hessian": paint_hessian,
}  # fmt: skip
