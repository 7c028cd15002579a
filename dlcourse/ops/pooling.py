"""Pooling: one number for each window of an image, channel by channel. Images are (N, H, W, C)."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.ops.convolution import Pair, check_images, check_window, in_tiles, output_size, pair

__all__ = ["avg_pool2d", "max_pool2d"]


def _check_pooling(operation: str, x: Array, size: Any, stride: Any) -> tuple[Pair, Pair]:
    """Return size and stride as pairs, if x is a batch of images and the window fits into them."""
    check_images(operation, x)
    window = pair(operation, "size", size)
    check_window(operation, x.shape, window)
    return window, pair(operation, "stride", stride)


def _shifted(x: Array, size: Pair, stride: Pair) -> list[Array]:
    """Views of x, one per entry of the window: what lies under that entry at every place, (N, OH, OW, C)."""
    oh, ow = (output_size(s, k, stride=t) for s, k, t in zip(x.shape[1:3], size, stride, strict=True))
    return [
        x[:, i : i + (oh - 1) * stride[0] + 1 : stride[0], j : j + (ow - 1) * stride[1] + 1 : stride[1]]
        for i in range(size[0])
        for j in range(size[1])
    ]


@differentiable
def max_pool2d(x: Array, *, size: int | Pair, stride: int | Pair) -> Result:
    """Largest entry in each window, (N, H, W, C) -> (N, OH, OW, C). A remainder at the bottom or right is dropped.

    The gradient goes to the largest entry; among equals, to the first in reading order.

    Parameters
    ----------
    x : array, shape (N, H, W, C)
    size, stride : int or pair of int
        Of the window, and from one window to the next, (vertical, horizontal).

    Raises
    ------
    ShapeError
        If x does not have four axes, or the window is larger than the images.
    ArgumentError
        If size or stride is less than 1.

    Examples
    --------
    >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4, 1), size=2, stride=2).data[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    size, stride = _check_pooling("max_pool2d", x, size, stride)
    tiles = in_tiles(len(x), x[:1].size)
    y = np.empty(_shifted(x, size, stride)[0].shape, x.dtype)
    for tile in tiles:
        # First down, then across: fewer comparisons.
        down = reduce(np.maximum, _shifted(x[tile], (size[0], 1), (stride[0], 1)))
        y[tile] = reduce(np.maximum, _shifted(down, (1, size[1]), (1, stride[1])))

    def vjp(g: Array) -> Array:
        spread = np.zeros(x.shape, g.dtype)
        for tile in tiles:
            waiting = np.ones(y[tile].shape, bool)  # windows whose largest entry was not met yet
            for view, target in zip(_shifted(x[tile], size, stride), _shifted(spread[tile], size, stride), strict=True):
                here = (view == y[tile]) & waiting
                waiting ^= here
                target += g[tile] * here
        return spread

    return y, (vjp,)


@differentiable
def avg_pool2d(x: Array, *, size: int | Pair, stride: int | Pair) -> Result:
    """Average of each window, (N, H, W, C) -> (N, OH, OW, C). A remainder at the bottom or right is dropped.

    Each entry of a window gets an equal share of its gradient: 1/k² of it in a window of k × k.

    Parameters
    ----------
    x : array, shape (N, H, W, C)
    size, stride : int or pair of int
        Of the window, and from one window to the next, (vertical, horizontal).

    Raises
    ------
    ShapeError
        If x does not have four axes, or the window is larger than the images.
    ArgumentError
        If size or stride is less than 1.

    Examples
    --------
    >>> avg_pool2d(np.arange(16.0).reshape(1, 4, 4, 1), size=2, stride=2).data[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    size, stride = _check_pooling("avg_pool2d", x, size, stride)
    first, *others = _shifted(x, size, stride)
    number = size[0] * size[1]

    def vjp(g: Array) -> Array:
        spread = np.zeros(x.shape, g.dtype)
        share = g / number
        for target in _shifted(spread, size, stride):
            target += share
        return spread

    return sum(others, first) / number, (vjp,)
