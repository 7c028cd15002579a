"""The picture of GradientStep: landscape, data, and what happened update by update."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dlcourse.widgets.finding_the_weights.widget import GradientStep, StepResult

WIDE = 5.6
SHARES = np.linspace(-0.5, 2.5, 41)
"""Where the profile along the update is computed, 1 being the whole update."""


def draw(state: GradientStep, figure: Figure) -> dict[str, Any]:
    width, height = figure.get_size_inches()
    if width < WIDE:
        boxes = (
            (0.12, 0.50, 0.84, 0.46),
            (0.12, 0.055, 0.36, 0.22),
            (0.60, 0.20, 0.36, 0.085),
            (0.60, 0.055, 0.36, 0.085),
        )
        at, size = (0.02, 0.445), 8.5
    else:
        boxes = (
            (0.075, 0.295, 0.50, 0.655),
            (0.675, 0.65, 0.305, 0.30),
            (0.675, 0.345, 0.305, 0.20),
            (0.675, 0.09, 0.305, 0.17),
        )
        at, size = (0.02, 0.175), 9.0
    main = figure.add_axes(boxes[0], label=state.view)
    data, history, bounds = (
        figure.add_axes(box, label=name) for box, name in zip(boxes[1:], ("data", "history", "bound"), strict=True)
    )
    found = _DRAW[state.view](state, main)
    found |= _draw_data(state, data) | _draw_history(state, history, bounds)
    found["sums"] = figure.text(*at, "", va="top", linespacing=1.5, fontsize=size)
    return found


def _draw_curve(state: GradientStep, axes: Axes) -> dict[str, Any]:
    (left, right), (low, high) = state.limits()
    axes.set(xlim=(left, right), ylim=(low, high), xlabel="w")
    axes.set_title("error", fontsize=9)
    axes.xaxis.labelpad = 0
    if low < 0 and not state.own:
        axes.axhline(0, color=style.faint(), lw=0.8)
    (curve,) = axes.plot([], [], color=style.colour("BLUE"))
    return {"curve": curve} | _markers(axes)


def _draw_map(state: GradientStep, axes: Axes) -> dict[str, Any]:
    (left, right), (low, high) = state.limits()
    axes.set(xlim=(left, right), ylim=(low, high), xlabel="w")
    axes.set_title("b   (bands of equal error)", fontsize=9)
    axes.xaxis.labelpad = 0
    if not state.hides:
        heights = state.heights()
        heights = np.where(np.isfinite(heights), heights, np.nan)
        least, most = (np.nanmin(heights), np.nanmax(heights)) if not np.isnan(heights).all() else (0.0, 1.0)
        ranks = np.log10(heights - least + max(1e-3 * (most - least), 1e-12))
        across, up = ((end - start) / (len(heights) - 1) / 2 for start, end in ((left, right), (low, high)))
        axes.imshow(
            ranks, origin="lower", extent=(left - across, right + across, low - up, high + up), aspect="auto",
            cmap=bands(), alpha=0.8, interpolation="bicubic", interpolation_stage="data",
        )  # fmt: skip
    (bend,) = axes.plot([], [], "--", color=style.ink(), lw=1.2)
    return {"bend": bend} | _markers(axes)


def _draw_slice(state: GradientStep, axes: Axes) -> dict[str, Any]:
    axes.set(xlim=(-0.5, 2.5), ylim=(-1.5, 1.5), xticks=[0, 1, 2], xlabel="share of the update", yticks=[-1, 0, 1])
    axes.set_yticklabels(["−1\npromise", "0\nhere", "+1"])
    axes.set_title("change of the error along the update", fontsize=9)
    axes.xaxis.labelpad = 0
    axes.tick_params(axis="y", labelsize=6.5, pad=1)
    axes.axhline(0, color=style.faint(), lw=0.8)
    (curve,) = axes.plot([], [], color=style.colour("BLUE"))
    (bowl,) = axes.plot([], [], ":", color=style.colour("GREEN"))
    axes.text(
        2.45, 1.38, "⋯ parabola of the Hessian here", color=style.colour("GREEN"), ha="right", va="top", fontsize=8
    )
    axes.text(2.45, 1.2, "— the error itself", color=style.colour("BLUE"), ha="right", va="top", fontsize=8)
    return {"curve": curve, "bowl": bowl} | _markers(axes)


def _draw_data(state: GradientStep, axes: Axes) -> dict[str, Any]:
    if state.own:
        axes.axis("off")
        formula = "(w² − 4)² / 16 + b²\ngive yours: error=f, start=[…]"
        axes.text(0, 0.5, "a landscape of your own" if state.error else formula, fontsize=8.5, va="center")
        return {}
    x, y = state.flowers()
    axes.plot(x, y, ".", color=style.faint(), ms=4)
    axes.set(xlim=(0, 2.7), ylim=(0, 7.5), yticks=[0, 5])
    axes.set_title("petals: length by width, cm" if is_wide(axes) else "length by width, cm", fontsize=9)
    axes.tick_params(labelsize=7, pad=1)
    (line,) = axes.plot([], [], color=style.colour("VERMILLION"))
    return {"line": line}


def is_wide(axes: Axes) -> bool:
    """Whether the figure around these axes is laid out for a wide cell."""
    figure = axes.figure
    return figure is not None and figure.bbox.width / figure.dpi > WIDE - 0.01


def _draw_history(state: GradientStep, history: Axes, bounds: Axes) -> dict[str, Any]:
    steps, low, high = state.history_limits()
    history.set(xlim=(0, steps), ylim=(10.0**low, 10.0**high), yscale="log", xticks=[0, steps // 2, steps])
    history.set_title("error, update by update" if is_wide(history) else "error by update", fontsize=9)
    bounds.set(xlim=(0, steps), ylim=(0.02, 4), yscale="log", xticks=[0, steps // 2, steps], yticks=[0.1, 1])
    bounds.set_yticklabels(["0.1", "1"])
    bounds.text(0, 1.07, "step", color=style.colour("VERMILLION"), fontsize=9, transform=bounds.transAxes)
    name = "bound: covered" if state.hides else "bound: 2 / curvature"
    name = name if is_wide(bounds) else name[:5]
    bounds.text(1, 1.07, name, color=style.colour("GREEN"), fontsize=9, ha="right", transform=bounds.transAxes)
    for axes in (history, bounds):
        axes.minorticks_off()
        axes.tick_params(labelsize=7, pad=1)
    if high - low > 4:
        history.set_yticks([10.0**low, 10.0 ** ((low + high) // 2), 10.0**high])
    (errors,) = history.plot([], [], ".-", color=style.colour("BLUE"), lw=1.2, ms=4)
    (limit,) = bounds.plot([], [], ".-", color=style.colour("GREEN"), lw=1.4, ms=4)
    (pace,) = bounds.plot([], [], color=style.colour("VERMILLION"), lw=1.6)
    return {"errors": errors, "limit": limit, "pace": pace}


def paint(state: GradientStep, artists: dict[str, Any], result: StepResult) -> None:
    _PAINT[state.view](state, artists, result)
    for name in ("landing", "gap", "real_text"):
        artists[name].set_visible(not state.hides)
    if "line" in artists:
        grid = np.linspace(0, 2.7, 40)
        artists["line"].set_data(grid, np.clip(state.line(grid), -1e3, 1e3))
    errors = np.clip(np.nan_to_num(np.array(result.errors), nan=1e15, posinf=1e15), 1e-12, 1e15)
    artists["errors"].set_data(np.arange(len(errors)), errors)
    steps = state.history_limits()[0]
    limit = np.clip(np.array(result.bounds), 0.02, 4)
    if len(limit) == 1:  # not yet a history: the bound as a line
        artists["limit"].set_data([0, steps], [limit[0], limit[0]])
    else:
        artists["limit"].set_data(np.arange(len(limit)), limit)
    artists["limit"].set_visible(not state.hides)
    artists["pace"].set_data([0, steps], [state.lr, state.lr])
    artists["sums"].set_text(state.sums(result))


def _paint_curve(state: GradientStep, artists: dict[str, Any], result: StepResult) -> None:
    (left, right), (low, high) = state.limits()
    grid = np.linspace(left, right, len(result.profile))
    artists["curve"].set_data(grid, result.profile)
    artists["curve"].set_visible(not state.hides)
    w, new, slope = float(result.weights[0]), float(result.after[0]), float(result.gradient[0])
    ends = np.array([min(w, new) - 0.4, max(w, new) + 0.4])
    artists["tangent"].set_data(ends, result.error + slope * (ends - w))
    artists["ball"].set_data([w], [result.error])
    artists["path"].set_data(result.path[:, 0], result.errors[-len(result.path) :])
    ends_at = (result.error + result.promised, result.error + result.real)
    _paint_change(artists, (w, new), ends_at, (left, right), (low, high), real_lift=0.035)


def _paint_slice(state: GradientStep, artists: dict[str, Any], result: StepResult) -> None:
    unit = -result.promised or 1.0
    artists["curve"].set_data(SHARES, np.clip((result.profile - result.error) / unit, -1e3, 1e3))
    artists["curve"].set_visible(not state.hides)
    artists["bowl"].set_data(SHARES, -SHARES + 0.5 * SHARES**2 * state.lr * result.bend)
    artists["bowl"].set_visible(not state.hides)
    artists["tangent"].set_data([-0.5, 1.5], [0.5, -1.5])
    artists["ball"].set_data([0], [0])
    artists["path"].set_data([], [])
    real = float(np.clip(result.real / unit, -1e3, 1e3))
    _paint_change(artists, (0.0, 1.0), (-1.0, real), (-0.5, 2.5), (-1.5, 1.5), real_lift=-0.05)


def _paint_change(
    artists: dict[str, Any],
    move: tuple[float, float],
    ends: tuple[float, float],
    wide: Any,
    tall: Any,
    *,
    real_lift: float,
) -> None:
    """The promise on the tangent, what really comes, and the gap between them, as far as the picture goes."""
    (start, x), (promise, real) = move, ends
    width, height = wide[1] - wide[0], tall[1] - tall[0]
    inside = wide[0] <= x <= wide[1]
    shown = [float(np.clip(one, tall[0], tall[1])) for one in ends]
    artists["promise"].set_data([x], [shown[0]] if inside else [math.nan])
    artists["landing"].set_data([x], [shown[1]] if inside and real <= tall[1] else [math.nan])
    artists["gap"].set_data([x, x], shown if inside else [math.nan] * 2)
    # The words stand where no line passes: the promise under the tangent, on the side it comes from.
    share = (x - wide[0]) / width
    under = (1 if x < start else -1) if 0.25 < share < 0.75 else (1 if share < 0.5 else -1)
    places = {"promise_text": (under, shown[0], -0.05), "real_text": (1 if share < 0.6 else -1, shown[1], real_lift)}
    for name, (side, y, lift) in places.items():
        y = float(np.clip(y + lift * height, tall[0] + 0.035 * height, tall[1] - 0.035 * height))
        artists[name].set_position((x + 0.025 * side * width, y))
        artists[name].set_ha("left" if side > 0 else "right")
        below = " ↓" if name == "promise_text" and promise < tall[0] else ""
        apart = abs(promise - real) > 0.03 * height  # at the bottom of a valley both words would stand on one place
        artists[name].set_text(name[:-5] + below if inside and apart else "")


def _paint_map(state: GradientStep, artists: dict[str, Any], result: StepResult) -> None:
    (w, b), (new, new_b) = result.weights, result.after
    size = 1.2 * result.steepest
    artists["bend"].set_data([w - size[0], w + size[0]], [b - size[1], b + size[1]])
    artists["bend"].set_visible(not state.hides)
    artists["tangent"].set_data([w, new], [b, new_b])
    artists["ball"].set_data([w], [b])
    artists["landing"].set_data([new], [new_b])
    artists["path"].set_data(result.path[:, 0], result.path[:, 1])
    for name in ("promise", "gap"):
        artists[name].set_data([], [])
    artists["promise_text"].set_text("")
    artists["real_text"].set_text("")


def _markers(axes: Axes) -> dict[str, Any]:
    """Ball, tangent, promise and landing, the same in every view."""
    vermillion, green = style.colour("VERMILLION"), style.colour("GREEN")
    (path,) = axes.plot([], [], ".-", color=style.ink(), lw=0.8, ms=5, alpha=0.7, zorder=3)
    (tangent,) = axes.plot([], [], color=style.colour("ORANGE"), lw=1.8, zorder=4)
    (gap,) = axes.plot([], [], ":", color=style.ink(), lw=1.5, zorder=4)
    (promise,) = axes.plot([], [], "x", color=style.colour("ORANGE"), ms=8, mew=2.2, zorder=5)
    (landing,) = axes.plot([], [], "o", mfc=style.paper(), mec=vermillion, mew=2, ms=9, zorder=5)
    (ball,) = axes.plot([], [], "o", color=vermillion, mec=style.ink(), ms=10, zorder=6)
    texts = [
        axes.text(0, 0, "", fontsize=8, va="center", color=c, zorder=6, clip_on=True) for c in (style.ink(), green)
    ]
    return {
        "path": path, "tangent": tangent, "gap": gap, "promise": promise, "landing": landing, "ball": ball,
        "promise_text": texts[0], "real_text": texts[1],
    }  # fmt: skip


def bands() -> Any:
    """Twelve shades, so that the borders between them are lines of equal error."""
    import matplotlib

    return matplotlib.colormaps[style.SEQUENTIAL].resampled(12)


_DRAW = {"curve": _draw_curve, "map": _draw_map, "slice": _draw_slice}
_PAINT = {"curve": _paint_curve, "map": _paint_map, "slice": _paint_slice}
