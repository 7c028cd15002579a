"""Convolution: lay a small kernel on every place of a photograph, and look at the arithmetic of one place at a time.

The picture is drawn in convolutional_picture.py. `FeatureMaps`, the same for a trained network, has its own module.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import relu as rectify
from dlcourse.arrays import Array
from dlcourse.data.measured import photograph
from dlcourse.errors import DataError, ShapeError, WrongTypeError, counted
from dlcourse.layers.convolution import AvgPool2D
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.ops.convolution import conv2d, max_pool2d, output_size, padding_widths

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Convolution", "ConvolutionResult", "preset"]

PRESETS = ("copy", "blur", "sharpen", "outline", "vertical edges", "horizontal edges")
WIDEST = 160
"""Larger pictures are averaged down to at most so many pixels on their longer side."""
LARGEST = 15
"""Largest own kernel, on each side."""
SCAN = 240
"""Steps in which Play fills the output."""
PER_UNIT = 0.5
"""How much a weight changes when it is dragged upwards by the height of its own square."""


def preset(name: str, size: int) -> Array:
    """One of the known kernels, shape (size, size).

    Parameters
    ----------
    name : str
        "copy", "blur", "sharpen", "outline", "vertical edges" or "horizontal edges".
    size : int
        Height and width.

    Examples
    --------
    >>> preset("vertical edges", 3)
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]], dtype=float32)
    """
    smooth = np.array([math.comb(size - 1, i) for i in range(size)], float)
    slope = np.convolve([math.comb(size - 2, i) for i in range(size - 1)], [-1.0, 1.0]) if size > 1 else np.ones(1)
    copy, middle = np.zeros((size, size)), (size - 1) // 2
    copy[middle, middle] = 1
    blur = np.outer(smooth, smooth) / smooth.sum() ** 2
    edges = np.outer(smooth, slope)
    edges /= max(float(np.abs(edges).max()) / 2, 1)
    found = {
        "copy": copy,
        "blur": blur,
        "sharpen": 2 * copy - blur,
        "outline": size**2 * copy - 1 if size > 1 else copy,
        "vertical edges": edges,
        "horizontal edges": edges.T,
    }
    return found[name].astype(np.float32)


@lru_cache(maxsize=2)
def _photograph(which: str) -> Array:
    grey = photograph(which).mean(axis=2)
    return np.asarray(AvgPool2D(4)(grey[None, :, :, None]).data[0, :, :, 0])


@dataclass(frozen=True, eq=False)
class Own:
    """The learner's picture, ready: grey, from 0 to 1, not too large."""

    x: Array
    scale: float
    window: int
    channels: bool


@dataclass(frozen=True)
class ConvolutionResult:
    """The map, and the arithmetic of the place that is looked at."""

    x: Array
    """The picture, (H, W)."""
    kernel: Array
    y: Array
    """What is shown on the right, (OH, OW): after ReLU and pooling, if they are on. Empty where nothing fits."""
    summed: Array
    """The sums before ReLU and pooling."""
    place: tuple[int, int]
    """Row and column in `y`."""
    winner: tuple[int, int]
    """Row and column in `summed`: the same, or with pooling the largest of the window."""
    corner: tuple[int, int]
    """Where in the picture the kernel's upper left entry lies; below 0 in the padding."""
    patch: Array
    products: Array
    total: float


@dataclass(frozen=True, eq=False)
class Convolution(Widget):
    """A kernel on a photograph.

    Parameters
    ----------
    image : array, shape (H, W) or (H, W, C), optional
        Your own picture, from 0 to 1 or in whole numbers to 255.
    kernel : array, shape (KH, KW), optional
        Your own kernel.

    Examples
    --------
    >>> result = Convolution(filter="blur", side=5, stride=2, padding="same").compute()
    >>> result.x.shape, result.y.shape
    ((106, 160), (53, 80))
    """

    title: ClassVar[str] = "Convolution"
    size: ClassVar[tuple[float, float]] = (7.2, 4.45)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 7.95)
    steps_per_second: ClassVar[float] = 30.0

    filter: str = choice("vertical edges", (*PRESETS, "yours"), label="kernel")
    side: int = slider(3, 1, 7, label="kernel size")
    stride: int = slider(1, 1, 8, label="stride")
    padding: str = choice("valid", ("valid", "same"), label="padding")
    dilation: int = slider(1, 1, 8, label="dilation")
    relu: bool = toggle(False, label="ReLU")
    pool: int = slider(1, 1, 4, label="max pooling, window")
    picture: str = choice("china", ("china", "flower", "yours"), label="picture", advanced=True)
    image: Any = state(None)
    kernel: Any = state(None)
    at: tuple[float, float] = state((0.13, 0.3))
    """Where one looks, as shares of the map's height and width."""
    selected: int = state(-1)
    """The weight that keys and dragging change, counted in reading order; -1 while arrows move the place."""
    grabbed: float | None = state(None)
    scanned: int = state(-1)
    """How many pixels of the map Play has filled; -1 shows all."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image is not None and not isinstance(self.image, Own):
            object.__setattr__(self, "image", _own(self.image))
            object.__setattr__(self, "picture", "yours")
        if self.kernel is not None:
            kernel = _own_kernel(self.kernel)
            object.__setattr__(self, "kernel", kernel)
            object.__setattr__(self, "filter", "yours")
            object.__setattr__(self, "side", min(max(len(kernel), len(kernel[0])), 7))

    def replace(self, **changes: Any) -> Self:
        """A copy; what is changed by hand ends the scan, and "yours" begins with the kernel that is shown."""
        if "scanned" not in changes:
            changes["scanned"] = -1
        name = changes.get("filter", self.filter)
        resized = changes.get("side", self.side) != self.side
        if name != "yours":
            changes["kernel"] = None
        elif "kernel" not in changes:
            own = resized and self.filter == "yours"
            changes["kernel"] = _resized(self.weights(), changes["side"]) if own else self.weights()
        if (resized or name != self.filter) and "selected" not in changes:
            # A ring around the middle says that the weights may be changed.
            changes["selected"] = np.size(changes["kernel"]) // 2 if name == "yours" else -1
        return super().replace(**changes)

    # Numbers

    def weights(self) -> Array:
        """The kernel, shape (KH, KW)."""
        if self.filter == "yours":
            return preset("copy", self.side) if self.kernel is None else np.array(self.kernel, np.float32)
        return preset(self.filter, self.side)

    def pixels(self) -> Array:
        """The picture, shape (H, W)."""
        if self.picture == "yours" and self.image is not None:
            return np.asarray(self.image.x)
        return _photograph("china" if self.picture == "yours" else self.picture)

    def compute(self) -> ConvolutionResult:
        x, kernel, s, d = self.pixels(), self.weights(), self.stride, self.dilation
        widths = self._padding()
        if min(self._sizes()) < self.pool:
            nothing, none = np.zeros((0, 0), np.float32), (0, 0)
            return ConvolutionResult(x, kernel, nothing, nothing, none, none, none, nothing, nothing, 0.0)
        out = conv2d(
            x[None, :, :, None], kernel[:, :, None, None], stride=(s, s), padding=self.padding, dilation=(d, d)
        )
        y = rectify(out) if self.relu else out
        if self.pool > 1:
            y = max_pool2d(y, size=(self.pool, self.pool), stride=(self.pool, self.pool))
        summed, shown = out.data[0, :, :, 0], y.data[0, :, :, 0]
        place = self.place(shown.shape)
        i, j = (p * self.pool for p in place)
        window = summed[i : i + self.pool, j : j + self.pool]
        di, dj = np.unravel_index(int(window.argmax()), window.shape)
        winner = int(i + di), int(j + dj)
        corner = winner[0] * s - widths[0][0], winner[1] * s - widths[1][0]
        patch = _patch(np.pad(x, widths), winner[0] * s, winner[1] * s, kernel.shape, d)
        products = patch * kernel
        return ConvolutionResult(
            x, kernel, shown, summed, place, winner, corner, patch, products, float(summed[winner])
        )

    def _padding(self) -> list[tuple[int, int]]:
        """Zeros above and below, and at the left and the right."""
        sides = zip(self.pixels().shape, self.weights().shape, strict=True)
        return [padding_widths(self.padding, n, k, self.stride, self.dilation) for n, k in sides]

    def _sizes(self) -> list[int]:
        """How many places the kernel has, down and across; less than 1 where it does not fit."""
        sides = zip(self.pixels().shape, self.weights().shape, self._padding(), strict=True)
        return [
            output_size(n, k, stride=self.stride, padding=sum(width), dilation=self.dilation) for n, k, width in sides
        ]

    def place(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Row and column of the map that is looked at."""
        if 0 < self.scanned <= shape[0] * shape[1]:
            return divmod(self.scanned - 1, shape[1])
        return min(int(self.at[0] * shape[0]), shape[0] - 1), min(int(self.at[1] * shape[1]), shape[1] - 1)

    def reach(self) -> tuple[int, int]:
        """How many pixels the kernel spans, down and across."""
        kh, kw = self.weights().shape
        return self.dilation * (kh - 1) + 1, self.dilation * (kw - 1) + 1

    # Picture

    def background(self) -> Hashable:
        x = self.pixels()
        return (id(x), x.shape, self.picture)

    def draw(self, figure: Figure) -> dict[str, Any]:
        from dlcourse.widgets.convolutional.picture import draw

        return draw(self, figure)

    def paint(self, artists: dict[str, Any], result: ConvolutionResult) -> None:
        from dlcourse.widgets.convolutional.picture import paint

        paint(self, artists, result)

    def describe(self, result: ConvolutionResult) -> str:
        (h, w), (kh, kw) = result.x.shape, result.kernel.shape
        name = f"Your {kh}×{kw} kernel" if self.filter == "yours" else f"The {kh}×{kw} kernel “{self.filter}”"
        head = f"{name}, stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        if not result.y.size:
            down, across = self.reach()
            return f"{head}, spans {down}×{across} pixels. The picture has {h}×{w}: there is no place for it" + (
                f" and for a pooling window of {self.pool}×{self.pool}." if self.pool > 1 else "."
            )
        oh, ow = result.y.shape
        then = (", ReLU" if self.relu else "") + (f", max pooling {self.pool}×{self.pool}" if self.pool > 1 else "")
        weights = kh * kw
        dense = h * w * result.summed.size
        text = (
            f"{head}{then}: {h}×{w} pixels become {oh}×{ow}. {weights} weight{'s serve' if weights > 1 else ' serves'} "
            f"every place; a dense layer of that size would have {grouped(dense)}. "
        )
        i, j = result.place
        text += f"At row {i}, column {j} the sum of {counted(weights, 'product')} is {signed(result.total)}"
        if self.pool > 1:
            text += f", the largest of {self.pool**2} sums"
        if self.relu:
            text += f"; after ReLU {signed(float(result.y[i, j]))}"
        if self.picture == "yours" and self.image is None:
            text += ". (Your own picture: Convolution(image=array).)"
        if self.selected >= 0:
            u, v = divmod(self.selected, kw)
            text += f". Ringed weight, row {u}, column {v}: {signed(float(result.kernel[u, v]))}"
        return text.rstrip(".") + "."

    # Code

    def code(self) -> str:
        kernel = self.weights()
        d, s = self.dilation, self.stride
        lines = "import numpy as np\nimport dlcourse as dl\n\n" + self._source()
        lines += f"kernel = np.array({_literal(kernel)}, np.float32)\n"
        widths, result = self._padding(), self.compute()
        if not result.y.size:
            return lines + "y, total = np.zeros((0, 0)), 0.0  # there is no place for this kernel and window\n"
        lines += (
            f"y = dl.conv2d(x[None, :, :, None], kernel[:, :, None, None], stride=({s}, {s}), "
            f'padding="{self.padding}", dilation=({d}, {d}))\n'
        )
        lines += "y = dl.relu(y)\n" if self.relu else ""
        p = self.pool
        lines += f"y = dl.max_pool2d(y, size=({p}, {p}), stride=({p}, {p}))\n" if p > 1 else ""
        lines += "y = y.numpy()[0, :, :, 0]\n\n"
        i, j = result.winner
        top, left = i * s, j * s
        (down, across), (kh, kw) = self.reach(), kernel.shape
        step = f":{d}" if d > 1 else ""
        padded = "x" if widths == [(0, 0), (0, 0)] else f"np.pad(x, {tuple(widths)})"
        lines += (
            f"patch = {padded}[{top}:{top + down}{step}, {left}:{left + across}{step}]  # ({kh}, {kw})\n"
            "total = (patch * kernel).sum()\nprint(y.shape, total)\n"
        )
        return lines

    def _source(self) -> str:
        """The lines that make x."""
        if self.picture != "yours" or self.image is None:
            name = "china" if self.picture == "yours" else self.picture
            return (
                f'photo = dl.data.photograph("{name}").mean(axis=2)  # grey, (427, 640)\n'
                "x = dl.AvgPool2D(4)(photo[None, :, :, None]).numpy()[0, :, :, 0]  # (106, 160)\n"
            )
        own: Own = self.image
        lines = "x = np.asarray(image, np.float32)  # your own picture\n"
        lines += "x = x[:, :, :3].mean(axis=2)\n" if own.channels else ""
        lines += f"x = x / {own.scale:g}\n" if own.scale != 1 else ""
        k = own.window
        return lines + (f"x = dl.AvgPool2D({k})(x[None, :, :, None]).numpy()[0, :, :, 0]\n" if k > 1 else "")

    def code_results(self, result: ConvolutionResult) -> dict[str, Any]:
        return {"y": result.y, "total": result.total}

    # Hand

    def _total(self) -> int:
        """Pixels of the map."""
        return math.prod(max(size // self.pool, 0) for size in self._sizes())

    def can_step(self) -> bool:
        """Whether the map is not yet full."""
        return max(self.scanned, 0) < self._total()

    def step(self) -> Self:
        """The kernel moves on, and the map is filled up to it."""
        if not self.can_step():
            return self
        done, total = max(self.scanned, 0), self._total()
        return self.replace(scanned=min(done + -(-total // SCAN), total))

    def pointer(self, event: Pointer) -> Self:
        if event.axes == "kernel":
            return self._on_kernel(event)
        if event.axes not in ("input", "output") or event.kind not in ("hover", "down", "drag"):
            return self if self.grabbed is None or event.kind != "up" else self.replace(grabbed=None)
        result = self.compute()
        if not result.y.size or (event.kind == "hover" and self.scanned >= 0):
            return self
        height, width = result.y.shape if event.axes == "output" else result.x.shape
        at = (min(max(event.y / height, 0.0), 0.9999), min(max(event.x / width, 0.0), 0.9999))
        return self.replace(at=at, selected=-1) if event.kind != "hover" else self.replace(at=at)

    def _on_kernel(self, event: Pointer) -> Self:
        weights = self.weights()
        kh, kw = weights.shape
        if event.kind == "up":
            return self if self.grabbed is None else self.replace(grabbed=None)
        if event.kind == "drag" and self.grabbed is not None and 0 <= self.selected < weights.size:
            steps = round((self.grabbed - event.y) * PER_UNIT / 0.05)
            if not steps:
                return self
            value = float(weights.flat[self.selected]) + 0.05 * steps
            return self._with(self.selected, value).replace(grabbed=self.grabbed - 0.05 * steps / PER_UNIT)
        row, column = math.floor(event.y), math.floor(event.x)
        if event.kind != "down" or not (0 <= row < kh and 0 <= column < kw):
            return self
        return self.replace(selected=row * kw + column, grabbed=event.y)

    def _with(self, index: int, value: float) -> Self:
        """The same with one weight changed."""
        weights = self.weights().copy()
        weights.flat[index] = round(min(max(value, -20.0), 20.0), 4)
        return self.replace(filter="yours", kernel=weights, selected=index)

    def key(self, key: str) -> Self:
        weights = self.weights()
        if key in ("n", "p", "k"):
            if key == "k":
                return self.replace(selected=-1 if self.selected >= 0 else weights.size // 2)
            return self.replace(selected=(self.selected + (1 if key == "n" else -1)) % weights.size)
        if 0 <= self.selected < weights.size:
            value = float(weights.flat[self.selected])
            if key.isdecimal() and len(key) == 1:
                return self._with(self.selected, float(key))
            changed = {"ArrowUp": value + 0.25, "ArrowDown": value - 0.25, "-": -value, "Delete": 0.0}
            if key in changed:
                return self._with(self.selected, changed[key])
            if key in ("ArrowLeft", "ArrowRight"):
                return self.key("n" if key == "ArrowRight" else "p")
            return self
        move = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}.get(key)
        shape = self.compute().y.shape
        if move is None or not shape[0]:
            return self
        place = self.place(shape)
        i, j = (min(max(p + m, 0), n - 1) for p, m, n in zip(place, move, shape, strict=True))
        return self.replace(at=((i + 0.5) / shape[0], (j + 0.5) / shape[1]))

    @action("Random kernel")
    def random(self) -> Self:
        """Weights drawn by chance, another draw at each press."""
        shape = self.weights().shape
        seed = int(abs(float(np.sum(self.weights() * np.arange(1, shape[0] * shape[1] + 1).reshape(shape)))) * 1000)
        drawn = np.random.default_rng(seed).normal(size=shape).round(2)
        return self.replace(filter="yours", kernel=drawn, selected=-1)


def _patch(padded: Array, top: int, left: int, shape: tuple[int, ...], d: int) -> Array:
    """The numbers under the kernel."""
    return padded[top : top + d * (shape[0] - 1) + 1 : d, left : left + d * (shape[1] - 1) + 1 : d]


def _resized(kernel: Array, side: int) -> Array:
    """The kernel cut or filled up with zeros to (side, side), its middle kept."""
    result = np.zeros((side, side), np.float32)
    for u, v in np.ndindex(kernel.shape):
        i = u - (kernel.shape[0] - 1) // 2 + (side - 1) // 2
        j = v - (kernel.shape[1] - 1) // 2 + (side - 1) // 2
        if 0 <= i < side and 0 <= j < side:
            result[i, j] = kernel[u, v]
    return result


def _own(image: Any) -> Own:
    """The learner's picture, or an error that says what is wrong with it."""
    array = np.asarray(image)
    channels = array.ndim == 3
    if array.ndim not in (2, 3) or 0 in array.shape or (channels and array.shape[2] not in (1, 3, 4)):
        raise ShapeError(
            f"Convolution: image should have shape (H, W), or (H, W, C) with 1, 3 or 4 channels, not {array.shape}."
        )
    if array.dtype.kind not in "fiub":
        raise WrongTypeError(f"Convolution: image should be an array of numbers, not of {array.dtype}.")
    grey = array.astype(np.float32)
    if not np.isfinite(grey).all():
        raise DataError("Convolution: image has entries that are not finite.")
    grey = grey[:, :, :3].mean(axis=2) if channels else grey
    scale = 255.0 if float(grey.max()) > 1.5 else 1.0
    window = -(-max(grey.shape) // WIDEST)
    window = min(window, *grey.shape)
    x = grey / np.float32(scale)
    if window > 1:
        x = AvgPool2D(window)(x[None, :, :, None]).data[0, :, :, 0]
    return Own(np.ascontiguousarray(x), scale, window, channels)


def _own_kernel(kernel: Any) -> tuple[tuple[float, ...], ...]:
    array = np.asarray(kernel)
    if array.ndim != 2 or not 0 < max(array.shape) <= LARGEST or 0 in array.shape:
        raise ShapeError(
            f"Convolution: kernel should have shape (KH, KW), each 1 to {LARGEST}, not {array.shape}. "
            "A list of rows does: [[-1, 0, 1]] is one row of three."
        )
    if array.dtype.kind not in "fiub" or not np.isfinite(array.astype(float)).all():
        raise DataError("Convolution: the kernel should be finite numbers.")
    return tuple(tuple(float(value) for value in row) for row in array)


def _literal(kernel: Array) -> str:
    """The kernel as Python writes it, with as few digits as give the same numbers."""
    return (
        "[" + ", ".join("[" + ", ".join(str(value).removesuffix(".0") for value in row) + "]" for row in kernel) + "]"
    )
