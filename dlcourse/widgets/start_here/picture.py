"""The picture of `DigitPad`: the pad, what the network sees of it, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.widgets.start_here.ink import SIDE, ink_from_image, picture_from_ink
from dlcourse.widgets.start_here.numbers import DigitPadResult
from dlcourse.widgets.start_here.state import PadState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves; a box and a number for each of the ten digits."""

    under: AxesImage
    image: AxesImage
    lines: Line2D
    pixel: Line2D
    """As large as a pixel of the pad; nothing to see."""
    pen: Line2D
    hint: Text
    boxes: list[Rectangle]
    frames: list[Rectangle]
    numbers: list[Text]


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    """The pad, what the network sees, and what it says."""
    width, height = figure.get_size_inches()
    if is_narrow(figure):
        side = 0.86 * width
        pad = figure.add_axes((0.07, 1 - (side + 0.3) / height, 0.86, side / height), label="pad")
        image = figure.add_axes((0.07, 0.5 / height, 0.34, 0.34 * width / height), label="image")
        bars = figure.add_axes((0.57, 0.16 / height, 0.3, 1.75 / height), label="bars")
    else:
        tall = 0.84
        pad = figure.add_axes((0.015, 0.06, tall * height / width, tall), label="pad")
        image = figure.add_axes((0.455, 0.3, 0.2, 0.2 * width / height), label="image")
        bars = figure.add_axes((0.71, 0.06, 0.2, tall), label="bars")
    return pad, image, bars


def draw(state: PadState, figure: Figure) -> Artists:
    """Draw the three panels, and return what moves in them."""
    pad, image, bars = panels(figure)
    pad.set(xlim=(0, SIDE), ylim=(SIDE, 0), xticks=[], yticks=[], aspect="equal")
    pad.set_title("draw here")
    frames = [_frame(axes) for axes in (pad, image)]
    for place in (8, 16, 24):
        pad.axhline(place, color=style.faint(), alpha=0.25, linewidth=0.6)
        pad.axvline(place, color=style.faint(), alpha=0.25, linewidth=0.6)
    image.set(xticks=[], yticks=[])
    image.set_title("what the network sees")
    boxes, numbers = draw_bars(bars)
    pixels = pad.get_window_extent().height / SIDE * 72 / figure.dpi  # points per pixel of the pad
    shades = LinearSegmentedColormap.from_list("ink", [style.paper(), style.ink()])
    empty, whole = np.zeros((8, 8)), (0, SIDE, SIDE, 0)
    under = pad.imshow(empty, cmap=shades, vmin=0, vmax=1.6, extent=whole, interpolation="nearest")
    under.set_zorder(0)
    (lines,) = pad.plot([], [], color=style.ink(), solid_capstyle="round")
    lines.set_solid_joinstyle("round")
    artists = Artists(
        under=under,
        image=image.imshow(empty, cmap=shades, vmin=0, vmax=1, interpolation="nearest"),
        lines=lines,
        pixel=pad.plot([], [], "s", markersize=pixels)[0],
        pen=pad.plot([], [], "o", markeredgecolor=style.colour("VERMILLION"), markeredgewidth=1.5)[0],
        hint=pad.text(16, 16, "", ha="center", va="center", color=style.faint(), fontsize=10),
        boxes=boxes,
        frames=frames,
        numbers=numbers,
    )
    pad.set(xlim=(0, SIDE), ylim=(SIDE, 0))
    return artists


def _frame(axes: Axes) -> Rectangle:
    """A frame over an image that moves, and would cover the axes' own."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    box = Rectangle((0, 0), 1, 1, transform=axes.transAxes, fill=False, edgecolor=style.faint(), clip_on=False)
    box.set_zorder(5)
    axes.add_patch(box)
    return box


def draw_bars(axes: Axes) -> tuple[list[Rectangle], list[Text]]:
    """A bar from 0 to 1 for each digit, and its number."""
    axes.set(xlim=(0, 1), ylim=(9.6, -0.6), xticks=[], yticks=range(10))
    axes.set_title("what it says")
    axes.tick_params(length=0, labelsize=10)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    sky = style.colour("SKY")
    boxes = [Rectangle((0, digit - 0.36), 0.0, 0.72, color=sky) for digit in range(10)]
    for box in boxes:
        axes.add_patch(box)
    return boxes, [axes.text(0.0, digit, "", va="center", fontsize=9, clip_on=False) for digit in range(10)]


def paint(state: PadState, artists: Artists, result: DigitPadResult) -> None:
    """Bring everything that moves to a result."""
    under = state.loaded
    artists.under.set_data(np.zeros((8, 8)) if under is None else picture_from_ink(ink_from_image(under))[:, :, 0])
    artists.under.set_visible(under is not None)
    gap = ((np.nan, np.nan),)
    points = np.array([point for stroke in state.strokes for point in (*stroke, stroke[-1], *gap)]).reshape(-1, 2)
    thick = artists.pixel.get_markersize() * 3 * state.thickness
    artists.lines.set_data(points[:, 0], points[:, 1])
    artists.lines.set_linewidth(thick)
    artists.pen.set_data([state.pen[0]], [state.pen[1]])
    artists.pen.set_markersize(thick)
    artists.pen.set_markerfacecolor(style.colour("VERMILLION") if state.writing else "none")
    empty = not result.ink.any()
    artists.hint.set_text("an empty pad\n\ndraw with mouse, finger, or\narrow keys and space" if empty else "")
    artists.image.set_data(result.picture[:, :, 0])
    paint_bars(artists, result)


def paint_bars(artists: Artists, result: DigitPadResult) -> None:
    """How likely the network finds each digit; the likeliest is set off."""
    p = result.probabilities
    best = -1 if p is None else int(np.argmax(p))
    for digit, (box, number) in enumerate(zip(artists.boxes, artists.numbers, strict=True)):
        value = 0.0 if p is None else float(p[digit])
        box.set_width(value)
        box.set_color(style.colour("BLUE") if digit == best else style.colour("SKY"))
        number.set_x(value + 0.04)
        number.set_text(f"{value:.2f}" if value >= 0.005 else "")
        number.set_fontweight("bold" if digit == best else "normal")
