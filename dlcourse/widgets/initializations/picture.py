"""The picture of `InitExplorer`: spreads layer by layer, what the neurons say to one digit, and the bars of one layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from dlcourse.live import style
from dlcourse.live.curves import Curves
from dlcourse.live.layout import axes_at, in_lines, is_narrow, text_at
from dlcourse.live.numbers import raised, two_digits
from dlcourse.live.pixels import Block
from dlcourse.live.ticks import Ticks, moving_ticks
from dlcourse.widgets.initializations.numbers import BARS, SHOWN, UNSEEN, InitResult
from dlcourse.widgets.initializations.state import InitState
from dlcourse.widgets.initializations.words import differ, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

COLOURS = ("BLUE", "VERMILLION")
"""Of the signal, and of the gradient."""


@dataclass(frozen=True)
class Artists:
    """What moves; pairs are of signal and gradient."""

    image: Block
    before: Curves
    foretold: Curves
    now: list[Line2D]
    mark: Curves
    """Of the layer that is looked at, among the spreads."""
    unit_mark: Line2D
    bars: list[Line2D]
    bar_names: list[Text]
    heads: list[Text]
    cover: Text
    title: Text
    powers: Ticks
    layers: list[Ticks]
    """Below both panels that have the layers across."""


@dataclass(frozen=True)
class Panels:
    """Where everything is."""

    spread: Axes
    units: Axes
    bars: list[Axes]
    heads: list[Text]
    title: Text
    bar: float
    """Width of a bar in points."""


def panels(figure: Figure) -> Panels:
    """The four panels and the texts above them."""
    height = figure.get_figheight()
    if is_narrow(figure):
        wide = figure.get_figwidth() - 0.8
        half = (wide - 0.3) / 2
        spread = axes_at(figure, 0.62, 3.72, wide, 2.1, "spread")
        units = axes_at(figure, 0.62, 1.75, wide, 1.2, "units")
        lefts = {"signal": 0.62, "gradient": 0.92 + half}
        bars = [axes_at(figure, left, 0.35, half, 0.7, name) for name, left in lefts.items()]
        across, top = half, 6.12
    else:
        spread = axes_at(figure, 0.62, 0.62, 3.05, 2.25, "spread")
        units = axes_at(figure, 4.2, 1.78, 2.8, 1.42, "units")
        bars = [axes_at(figure, left, 0.38, 1.3, 0.7, name) for left, name in ((4.2, "signal"), (5.7, "gradient"))]
        across, top = 1.3, 3.18
    looks = [{"color": style.colour(name), "fontsize": 8.5, "va": "center"} for name in COLOURS]
    heads = [text_at(figure, 0.2, top - 0.19 * row, "", **look) for row, look in enumerate(looks)]
    title = text_at(figure, 0.2, height - 0.14, "", fontsize=9.5, va="top")
    return Panels(spread, units, bars, heads, title, 72 * across / (len(BARS) + 1) * 0.8)


def draw(state: InitState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    at = panels(figure)
    powers = draw_spread(at.spread)
    image = draw_units(at.units)
    layers = [moving_ticks(axes, "x") for axes in (at.spread, at.units)]
    for axes in at.bars:
        axes.set(xlim=(BARS[0] - 0.2, BARS[-1] + 0.2), ylim=(0, 1.05), xticks=[-2, -1, 0, 1, 2])
        axes.set_xticklabels(["≤−2", "−1", "0", "1", "≥2"])
        style.quiet(axes, left=False)
    pairs = list(zip((style.colour(name) for name in COLOURS), at.bars, strict=True))
    style_of = {"linewidth": at.bar, "solid_capstyle": "butt"}
    return Artists(
        image=image,
        before=Curves([at.spread.plot([], [], color=c, linewidth=1, alpha=0.45)[0] for c, _ in pairs]),
        foretold=Curves([at.spread.plot([], [], color=c, linewidth=1, linestyle=(0, (4, 3)))[0] for c, _ in pairs]),
        now=[
            at.spread.plot([], [], m, color=c, linewidth=1.5, markersize=3)[0]
            for (c, _), m in zip(pairs, ("o-", "s-"), strict=True)
        ],
        mark=Curves(at.spread.plot([], [], color=style.ink(), linewidth=0.9)),
        unit_mark=at.units.plot([], [], color=style.ink(), linewidth=0.9)[0],
        bars=[axes.plot([], [], color=c, **style_of)[0] for c, axes in pairs],  # type: ignore[arg-type]
        bar_names=[axes.text(0, 1.12, "", transform=axes.transAxes, fontsize=9) for axes in at.bars],
        heads=at.heads,
        cover=at.spread.text(0.5, 0.88, "", transform=at.spread.transAxes, fontsize=9, ha="center", va="center"),
        title=at.title,
        powers=powers,
        layers=layers,
    )


def draw_spread(axes: Axes) -> Ticks:
    """Axes of the spreads; returns the ticks of its powers of ten."""
    axes.set(xlim=(0.5, 1.5), ylim=(0.1, 10), yscale="log")
    axes.minorticks_off()
    axes.axhline(1, color=style.faint(), linewidth=0.8, zorder=0)
    axes.set_xlabel("layer (dashed: by the formula; pale: untrained)", labelpad=2, fontsize=8.5)
    style.quiet(axes)
    return moving_ticks(axes, "y")


def draw_units(axes: Axes) -> Block:
    """Room for what the neurons say, from corner to corner of the axes."""
    axes.set(xlim=(0.5, 1.5), ylim=(0, 1))
    style.quiet(axes, left=False)
    axes.set_title("what neurons say to one digit, layer by layer", fontsize=9, x=0)
    return Block.over(axes)


def ticks(depth: int) -> list[int]:
    """The first layer, the last, and some between."""
    step = 1 if depth <= 10 else 10 if depth > 25 else 5
    return sorted({1, depth, *(layer for layer in range(step, depth, step) if depth - layer >= 0.4 * step)})


def paint_axes(state: InitState, artists: Artists, ends: tuple[float, float]) -> None:
    """The layers across, the powers of ten upwards."""
    across = (0.5, state.depth + 0.5)
    layers = ticks(state.depth)
    for panel in artists.layers:
        panel.put(across, layers, [str(layer) for layer in layers])
    powers = np.log10(ends[1]) * np.array([-1, -0.5, 0, 0.5, 1])
    first, *middle, last = (f"10{raised(round(power))}" if power else "1" for power in powers)
    artists.powers.put(ends, (10.0**powers).tolist(), [f"≤{first}", *middle, f"≥{last}"])


def paint(state: InitState, artists: Artists, result: InitResult) -> None:
    """Bring everything that moves to a result."""
    shown = 1 if state.hides_spread else state.depth
    ends = 10.0**-state.powers, 10.0**state.powers
    paint_axes(state, artists, ends)
    layers = np.arange(1, state.depth + 1)
    updates = state.present.updates
    foretold = result.foretold if result.foretold is not None else (np.zeros(0), np.zeros(0))
    pairs = (
        (artists.now, (result.signal, result.gradient), True),
        (artists.before.lines, (result.signal_before, result.gradient_before), updates > 0),
        (artists.foretold.lines, foretold, shown == state.depth and result.foretold is not None),
    )
    for lines, curves, visible in pairs:
        for line, curve in zip(lines, curves, strict=True):
            line.set_visible(visible)
            line.set_data(layers[: len(curve)], np.clip(curve, *ends))  # what is beyond the picture lies on its edge
    if state.hides_spread:
        artists.now[0].set_data(layers[:1], np.clip(result.signal[:1], *ends))
        artists.now[1].set_data([], [])
    artists.cover.set_text("The other layers appear\nwhen you have chosen." if state.hides_spread else "")
    pixels = np.zeros((SHOWN, state.depth, 4), np.uint8)
    rows = np.arange(SHOWN) * len(result.units) // SHOWN  # fewer neurons have wider rows
    pixels[:, :shown] = style.shades(np.clip(result.units[rows, :shown], -1, 1), 1.0)
    artists.image.set_pixels(pixels)
    paint_layer(state, artists, result, ends)
    paint_texts(state, artists, result)


def paint_layer(state: InitState, artists: Artists, result: InitResult, ends: tuple[float, float]) -> None:
    """The layer that is looked at, and its bars."""
    shown = not state.hides_spread or state.layer == 1
    for mark, reach in zip((*artists.mark.lines, artists.unit_mark), (ends, (0, 1)), strict=True):
        mark.set_data([state.layer] * 2, reach)
        mark.set_visible(shown)
    kinds = (("signal", result.signal_bars), ("gradient", result.gradient_bars))
    for line, name, (kind, shares) in zip(artists.bars, artists.bar_names, kinds, strict=True):
        line.set_visible(shown)
        tall = shares / shares.max()
        line.set_data(np.repeat(BARS, 3), np.column_stack([0 * tall, tall, np.nan + tall]).ravel())
        name.set_text(f"{kind}, layer {state.layer}")


def paint_texts(state: InitState, artists: Artists, result: InitResult) -> None:
    """Title, and the spreads in numbers."""
    run, depth = state.present, state.depth
    kind = "no activation" if state.activation == "none" else state.activation
    head = f"{depth} × {state.width} neurons, {kind}, {drawn(state)}"
    if state.hides_spread:
        tail = ""
    elif run.updates:
        right = f"reads {result.right:.0%} of {UNSEEN} unseen digits"
        tail = f"{run.updates} updates; at {run.reader.updates}: loss {result.loss:.2f}, {right}"
    else:
        tail = "Not trained yet"
    burst = "; the next updates burst" if run.burst else ""
    alike = "" if state.hides_spread else f"Layer {state.layer}: {differ(state, result)}"
    room = cast("Figure", artists.title.figure).get_figwidth() - 0.3
    artists.title.set_text("\n".join(in_lines(line, room, 9.5) for line in (head, alike, tail + burst)))
    if state.hides_spread:
        artists.heads[0].set_text(f"signal: {two_digits(result.signal[0])} in layer 1")
        artists.heads[1].set_text("")
        return
    ends = ((result.signal, 1, depth), (result.gradient, depth, 1))
    for text, name, (curve, start, end) in zip(artists.heads, ("signal", "gradient"), ends, strict=True):
        first, last = (two_digits(float(curve[layer - 1])) for layer in (start, end))
        text.set_text(f"{name}: {first} in layer {start}, {last} in layer {end}")
