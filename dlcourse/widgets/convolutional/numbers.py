"""A kernel on a photograph, in numbers: the known kernels, the map, and the arithmetic of one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from dlcourse.activations import relu as rectify
from dlcourse.arrays import Array
from dlcourse.data.measured import photograph
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.layers.convolution import AvgPool2D
from dlcourse.ops.convolution import conv2d, output_size, padding_widths
from dlcourse.ops.pooling import max_pool2d

__all__ = [
    "PRESETS", "ConvolutionResult", "OwnPicture", "Placing", "convolve", "grey_photograph", "own_kernel", "own_picture",
    "preset", "resized",
]  # fmt: skip

PRESETS = ("copy", "blur", "sharpen", "outline", "vertical edges", "horizontal edges")
WIDEST = 160
"""Larger pictures are averaged down to at most this many pixels on their longer side."""
LARGEST = 15
"""Largest own kernel, on each side."""


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
    kernels = {
        "copy": copy,
        "blur": blur,
        "sharpen": 2 * copy - blur,
        "outline": size**2 * copy - 1 if size > 1 else copy,
        "vertical edges": edges,
        "horizontal edges": edges.T,
    }
    return kernels[name].astype(np.float32)


@lru_cache(maxsize=2)
def grey_photograph(which: str) -> Array:
    """One of the two photographs, grey and averaged down: shape (106, 160)."""
    grey = photograph(which).mean(axis=2)
    return np.asarray(AvgPool2D(4)(grey[None, :, :, None]).data[0, :, :, 0])


class Placing(NamedTuple):
    """How a kernel is laid on a picture."""

    stride: int
    padding: str
    dilation: int

    def widths(self, picture: tuple[int, ...], kernel: tuple[int, ...]) -> list[tuple[int, int]]:
        """Zeros above and below, and at the left and the right."""
        sides = zip(picture, kernel, strict=True)
        return [padding_widths(self.padding, n, k, self.stride, self.dilation) for n, k in sides]

    def places(self, picture: tuple[int, ...], kernel: tuple[int, ...]) -> list[int]:
        """How many places the kernel has, down and across; less than 1 where it does not fit."""
        sides = zip(picture, kernel, self.widths(picture, kernel), strict=True)
        return [
            output_size(n, k, stride=self.stride, padding=sum(width), dilation=self.dilation) for n, k, width in sides
        ]


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


def convolve(
    x: Array, kernel: Array, placing: Placing, *, relu: bool, pool: int, place: tuple[int, int]
) -> ConvolutionResult:
    """Lay the kernel on every place of the picture, and look at one of them.

    Parameters
    ----------
    x : array, shape (H, W)
    kernel : array, shape (KH, KW)
    placing : Placing
    relu : bool
        Whether ReLU follows.
    pool : int
        Side of the max pooling's window; 1 for none.
    place : (int, int)
        Row and column of the map; not used where nothing fits.
    """
    if min(placing.places(x.shape, kernel.shape)) < pool:
        nothing, none = np.zeros((0, 0), np.float32), (0, 0)
        return ConvolutionResult(
            x=x, kernel=kernel, y=nothing, summed=nothing, place=none, winner=none, corner=none, patch=nothing,
            products=nothing, total=0.0,
        )  # fmt: skip
    s, d = placing.stride, placing.dilation
    out = conv2d(x[None, :, :, None], kernel[:, :, None, None], stride=(s, s), padding=placing.padding, dilation=(d, d))
    y = rectify(out) if relu else out
    if pool > 1:
        y = max_pool2d(y, size=(pool, pool), stride=(pool, pool))
    summed, shown = out.data[0, :, :, 0], y.data[0, :, :, 0]
    i, j = (p * pool for p in place)
    window = summed[i : i + pool, j : j + pool]
    di, dj = np.unravel_index(int(window.argmax()), window.shape)
    winner = int(i + di), int(j + dj)
    widths = placing.widths(x.shape, kernel.shape)
    patch = _patch(np.pad(x, widths), winner[0] * s, winner[1] * s, kernel.shape, d)
    return ConvolutionResult(
        x=x,
        kernel=kernel,
        y=shown,
        summed=summed,
        place=place,
        winner=winner,
        corner=(winner[0] * s - widths[0][0], winner[1] * s - widths[1][0]),
        patch=patch,
        products=patch * kernel,
        total=float(summed[winner]),
    )


def _patch(padded: Array, top: int, left: int, shape: tuple[int, ...], d: int) -> Array:
    """The numbers under the kernel."""
    return padded[top : top + d * (shape[0] - 1) + 1 : d, left : left + d * (shape[1] - 1) + 1 : d]


def resized(kernel: Array, side: int) -> Array:
    """The kernel cut or filled up with zeros to (side, side), its middle kept."""
    result = np.zeros((side, side), np.float32)
    for u, v in np.ndindex(kernel.shape):
        i = u - (kernel.shape[0] - 1) // 2 + (side - 1) // 2
        j = v - (kernel.shape[1] - 1) // 2 + (side - 1) // 2
        if 0 <= i < side and 0 <= j < side:
            result[i, j] = kernel[u, v]
    return result


# What a learner gives


@dataclass(frozen=True, eq=False)
class OwnPicture:
    """The learner's picture, ready: grey, from 0 to 1, not too large."""

    x: Array
    scale: float
    """What its numbers were divided by."""
    window: int
    """Side of the squares that were averaged."""
    channels: bool
    """Whether it had a colour axis."""


def own_picture(image: Any) -> OwnPicture:
    """The learner's picture, or an error that says what is wrong with it.

    Raises
    ------
    ShapeError
        If it is not a picture.
    WrongTypeError
        If it holds anything but numbers.
    DataError
        If there is NaN or infinity in it.
    """
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
    return OwnPicture(x=np.ascontiguousarray(x), scale=scale, window=window, channels=channels)


def own_kernel(kernel: Any) -> tuple[tuple[float, ...], ...]:
    """The learner's kernel as rows of numbers, or an error that says what is wrong with it.

    Raises
    ------
    ShapeError
        If it does not have two axes, or is too large.
    DataError
        If its entries are not finite numbers.
    """
    array = np.asarray(kernel)
    if array.ndim != 2 or not 0 < max(array.shape) <= LARGEST or 0 in array.shape:
        raise ShapeError(
            f"Convolution: kernel should have shape (KH, KW), each 1 to {LARGEST}, not {array.shape}. "
            "A list of rows does: [[-1, 0, 1]] is one row of three."
        )
    if array.dtype.kind not in "fiub" or not np.isfinite(array.astype(float)).all():
        raise DataError("Convolution: the kernel should be finite numbers.")
    return tuple(tuple(float(value) for value in row) for row in array)
