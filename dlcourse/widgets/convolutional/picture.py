"""The picture of `Convolution`: photograph and map above, and below the patch, times the kernel, gives the products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.pixels import Block, Labels, Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dlcourse.widgets.convolutional.widget import Convolution, ConvolutionResult

__all__ = ["draw", "paint"]

GRIDS = ("patch", "kernel", "products")
FRAME: dict[str, Any] = {"fill": False, "linewidth": 0.8, "clip_on": False, "zorder": 3}
WRITTEN = 7
"""Kernels up to this size have their numbers written in their squares."""
ROOMY = 41.0
"""Squares narrower than this many hundredths of an inch have no room for −1.33, only for −1.3 and −.67."""
PALE = 1.9
"""Squares with numbers are coloured as if the largest number were this many times as large: ink stays readable."""


class Grid(Block):
    """A block of squares in the middle of a larger square, with its frame."""

    def __init__(self, axes: Any, left: float, bottom: float, side: float) -> None:
        super().__init__(left, bottom, side, side)
        self.corner, self.side = (left, bottom), side
        self.frame = axes.add_patch(Rectangle((0, 0), 1, 1, **FRAME, edgecolor=style.faint()))

    def set_pixels(self, pixels: Array) -> None:
        """Colours (KH, KW, 4); axes and frame follow."""
        kh, kw = pixels.shape[:2]
        reach = max(kh, kw)
        cell = self.side / reach
        left, bottom = self.corner
        self.place = (left + (reach - kw) * cell / 2, bottom + (reach - kh) * cell / 2, kw * cell, kh * cell)
        self.frame.set_bounds(0, 0, kw, kh)
        self.frame.axes.set(xlim=((kw - reach) / 2, (kw + reach) / 2), ylim=((kh + reach) / 2, (kh - reach) / 2))
        super().set_pixels(pixels)


class Numbers(Labels):
    """One number in each square of a grid whose corner and side are in hundredths of an inch."""

    def __init__(self, left: float, bottom: float, side: float) -> None:
        super().__init__()
        self.left, self.bottom, self.side = left, bottom, side

    def set_numbers(self, values: Array, digits: int, squares: Array) -> None:
        """Show a number a square, black on bright colours and white on dark ones."""
        bright = squares[..., :3] @ (0.3, 0.59, 0.11) > 110
        kh, kw = values.shape
        cell = self.side / max(kh, kw)
        left = self.left + (self.side - kw * cell) / 2
        top = self.bottom + self.side - (self.side - kh * cell) / 2
        labels = []
        for (i, j), value in np.ndenumerate(values):
            colour = "#000000" if bright[i, j] else "#FFFFFF"
            x, y = left + (j + 0.5) * cell, top - (i + 0.5) * cell
            fitting = 1 if cell < ROOMY and abs(value) >= 1 else digits
            labels.append((x, y, _short(float(value), fitting), colour, "center"))
        self.set_labels(labels, min(9.5, cell * 0.27))


def draw(widget: Convolution, figure: Figure) -> dict[str, Any]:
    """The photograph, the frames of the three grids, and the artists that move."""
    width, height = figure.get_size_inches()
    x = widget.pixels()
    narrow = width < 5.5
    if narrow:
        box_w, box_h, side = min(3.2, width - 0.4), 2.12, min(1.22, (width - 0.84) / 3)
    else:
        box_w, box_h, side = 3.2, 2.12, 1.4
    tall, wide = _within(x.shape, box_h, box_w)
    if narrow:
        lefts = [(width - wide) / 2] * 2
        bottoms = [height - 0.3 - tall, height - 0.3 - box_h - 0.36 - tall]
        grid_bottom, grid_lefts = bottoms[1] - 0.5 - side, [0.12 + i * (side + 0.3) for i in range(3)]
        words_at, size = (14.0, 100 * (grid_bottom - 0.12)), 8.5
    else:
        lefts, bottoms = [0.2, 3.78], [height - 0.3 - tall] * 2
        grid_bottom, grid_lefts = 0.12, [0.2 + i * (side + 0.36) for i in range(3)]
        words_at, size = (558.0, 100 * (grid_bottom + side) + 4), 8.5

    def axes(left: float, bottom: float, w: float, h: float, label: str) -> Any:
        made = figure.add_axes((left / width, bottom / height, w / width, h / height), label=label)
        made.set(xticks=[], yticks=[])
        return made

    source = axes(lefts[0], bottoms[0], wide, tall, "input")
    target = axes(lefts[1], bottoms[1], wide, tall, "output")
    for one in (source, target):
        for spine in one.spines.values():
            spine.set_visible(True)
    shown = np.clip(np.round(np.clip(x, 0, 1) * 30) / 30, 0, 1)
    source.imshow(
        shown,
        cmap="gray",
        vmin=0,
        vmax=1,
        extent=(0, x.shape[1], x.shape[0], 0),
        aspect="auto",
        interpolation="nearest",
    )
    name = "for yours: Convolution(image=array)" if widget.picture == "yours" and widget.image is None else "picture"
    source.set_title(f"{name}, {x.shape[0]} × {x.shape[1]}", fontsize=9, pad=3)
    artists: dict[str, Any] = {
        "title": target.text(0, 1.03, "", transform=target.transAxes, fontsize=9),
        "map": Block(100 * lefts[1], 100 * bottoms[1], 100 * wide, 100 * tall),
        "seen": source.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.VERMILLION, linewidth=1.6, zorder=4)),
        "made": target.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.VERMILLION, linewidth=1.6, zorder=4)),
        "dots": source.plot([], [], ".", color=style.VERMILLION, markersize=2.2)[0],
        "lines": [_guide(figure) for _ in range(4)],
    }  # fmt: skip
    source.set(xlim=(0, x.shape[1]), ylim=(x.shape[0], 0))
    for one in ("seen", "made", "dots"):
        artists[one].set_clip_on(False)
    target.add_artist(artists["map"])
    edge = Rectangle((0, 0), 1, 1, transform=target.transAxes, **FRAME, edgecolor=style.faint())
    artists["edges"] = [target.add_patch(edge)]
    for name, left in zip(GRIDS, grid_lefts, strict=True):
        grid = axes(left, grid_bottom, side, side, name)
        grid.axis("off")
        artists[name] = Grid(grid, 100 * left, 100 * grid_bottom, 100 * side)
        artists[name + " numbers"] = Numbers(100 * left, 100 * grid_bottom, 100 * side)
        artists["edges"].append(artists[name].frame)
        for one in (artists[name], artists[name + " numbers"]):
            figure.add_artist(one)
    for sign, left in zip("×=", grid_lefts[1:], strict=True):
        figure.text(
            (left - (0.15 if narrow else 0.18)) / width,
            (grid_bottom + side / 2) / height,
            sign,
            ha="center",
            va="center",
            fontsize=13,
        )
    ring = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.ink(), linewidth=2.2, clip_on=False, zorder=4)
    artists["ring"] = artists["kernel"].frame.axes.add_patch(ring)
    words = Words(*words_at, size=size, color=style.ink())
    figure.add_artist(words)
    return artists | {"words": words}


def _within(shape: tuple[int, ...], tall: float, wide: float) -> tuple[float, float]:
    """Height and width in inches of a picture as large as fits into the box."""
    scale = min(tall / shape[0], wide / shape[1])
    return shape[0] * scale, shape[1] * scale


def _guide(figure: Figure) -> Line2D:
    """A thin line from a place in a picture to a grid."""
    line = Line2D([], [], color=style.VERMILLION, linewidth=0.7, alpha=0.7, transform=figure.transFigure, zorder=5)
    figure.add_artist(line)
    return line


def _short(value: float, digits: int) -> str:
    """As short as a square of a grid asks for."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text and float(text) == round(value) else text
    text = "0" if text in ("-0", "0", "") else text
    if digits and digits < 3 and abs(value) < 1:
        text = text.replace("0.", ".", 1)
    return text.replace("-", "−")


def _colours(values: Array, largest: float) -> Array:
    """Numbers as colours of the diverging map, four bytes each."""
    scaled = 0.5 + 0.5 * values / max(largest, 1e-9)
    return np.asarray(_map(style.is_dark())[np.clip(np.round(scaled * 40), 0, 40).astype(int)])


_MAPS: dict[bool, Array] = {}


def _map(dark: bool) -> Array:
    """41 colours from negative to positive: few, so that frames are small."""
    if dark not in _MAPS:
        _MAPS[dark] = np.round(255 * style.diverging()(np.linspace(0, 1, 41))).astype(np.uint8)
    return _MAPS[dark]


def _greys(values: Array) -> Array:
    level = np.round(np.clip(values, 0, 1) * 30) * (255 / 30)
    colours = np.full((*values.shape, 4), 255, np.uint8)
    colours[..., :3] = level[..., None]
    return colours


def paint(widget: Convolution, artists: dict[str, Any], result: ConvolutionResult) -> None:
    """Bring the moving artists to a result."""
    fits = bool(result.y.size)
    _paint_map(widget, artists, result)
    kh, kw = result.kernel.shape
    for name in ("seen", "made", "dots"):
        artists[name].set_visible(fits)
    for line in artists["lines"]:
        line.set_visible(fits)
    artists["ring"].set_visible(0 <= widget.selected < kh * kw)
    if widget.selected >= 0:
        u, v = divmod(widget.selected, kw)
        artists["ring"].set_xy((v, u))
    blank = np.zeros((kh, kw), np.float32)
    patch, products = (result.patch, result.products) if fits else (blank, blank)
    artists["patch"].set_pixels(_greys(patch))
    for name, values in (("kernel", result.kernel), ("products", products)):
        artists[name].set_pixels(_colours(values, PALE * float(np.abs(values).max())))
    for name, values in (("patch", patch), ("kernel", result.kernel), ("products", products)):
        digits = 1 if name == "products" and max(kh, kw) >= WRITTEN else 2
        artists[name + " numbers"].set_visible(max(kh, kw) <= WRITTEN and (fits or name == "kernel"))
        artists[name + " numbers"].set_numbers(values, digits, artists[name].pixels)
    if fits:
        _paint_place(widget, artists, result)
    artists["words"].set_text(_sums(widget, artists, result) if fits else "no place for the kernel")


def _paint_map(widget: Convolution, artists: dict[str, Any], result: ConvolutionResult) -> None:
    y = result.y
    if not y.size:
        artists["map"].set_pixels(_colours(np.zeros((1, 1)), 1.0))
        artists["title"].set_text("nothing fits")
        return
    largest = float(np.abs(y).max())
    positive = float(result.kernel.min()) >= 0
    colours = _greys(y / max(largest, 1.0)) if positive else _colours(y, float(np.quantile(np.abs(y), 0.995)))
    if widget.scanned >= 0:
        hidden = np.arange(y.size).reshape(y.shape) >= widget.scanned
        colours = np.where(hidden[..., None], _colours(np.zeros((1, 1)), 1.0), colours)
    artists["map"].set_pixels(colours)
    artists["made"].axes.set(xlim=(0, y.shape[1]), ylim=(y.shape[0], 0))
    key = "brighter is more" if positive else "orange below 0, blue above"
    artists["title"].set_text(f"map, {y.shape[0]} × {y.shape[1]}   {key}")


def _paint_place(widget: Convolution, artists: dict[str, Any], result: ConvolutionResult) -> None:
    (top, left), (i, j), (down, across) = result.corner, result.place, widget.reach()
    artists["seen"].set_bounds(left, top, across, down)
    artists["made"].set_bounds(j, i, 1, 1)
    d = widget.dilation
    rows, columns = np.meshgrid(*(np.arange(n) * d + 0.5 for n in result.kernel.shape), indexing="ij")
    artists["dots"].set_data((columns + left).ravel() if d > 1 else [], (rows + top).ravel() if d > 1 else [])
    source, target = artists["seen"].axes, artists["made"].axes
    (kh, kw) = result.kernel.shape
    ends = [
        (artists[name].frame.axes, (x, y))
        for name, x, y in (("patch", 0, 0), ("patch", kw, 0), ("products", 0, 0), ("products", kw, 0))
    ]
    starts = [
        (source, (left, top + down)),
        (source, (left + across, top + down)),
        (target, (j, i + 1)),
        (target, (j + 1, i + 1)),
    ]
    figure = source.figure
    for line, (axes, at), (grid, corner) in zip(artists["lines"], starts, ends, strict=True):
        points = figure.transFigure.inverted().transform(
            [axes.transData.transform(at), grid.transData.transform(corner)]
        )
        line.set_data(points[:, 0], points[:, 1])


def _sums(widget: Convolution, artists: dict[str, Any], result: ConvolutionResult) -> str:
    weights = result.kernel.size
    lines = [f"{counted(weights, 'product')}, added up:", f"sum = {signed(result.total)}"]
    if widget.pool > 1:
        lines += [f"largest of {widget.pool} × {widget.pool} sums"]
    if widget.relu:
        lines += [f"ReLU: {signed(float(result.y[result.place]))}"]
    lines += [f"map[{result.place[0]}, {result.place[1]}] = {signed(float(result.y[result.place]))}"]
    dense = grouped(result.x.size * result.summed.size)
    if artists["words"].left < 100:  # below the squares, where there is room for long lines and none for many
        return "\n".join([*lines, f"weights: {weights}, a dense layer would have {dense}"])
    return "\n".join([*lines, "", f"weights: {weights}", "a dense layer:", dense])
