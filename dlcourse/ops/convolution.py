"""Convolution and pooling. Images are (N, H, W, C): batch, height, width, channels; kernels (KH, KW, C, F), not flipped.

A convolution is a matrix product in disguise: lay the patch under each output pixel into one row, (KH·KW·C) numbers
long, and multiply the rows with the kernel, written as one column a filter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlcourse.tensor import Array, Result, differentiable

__all__ = ["avg_pool2d", "conv2d", "max_pool2d", "output_size", "padding_widths"]

Pair = tuple[int, int]

# Patches of this many images at a time stay in the processor's cache between being laid out and being multiplied.
TILE = 8


def output_size(size: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Number of positions of a kernel along one axis, floor((size + padding − reach) / stride) + 1.

    `padding` counts both sides together; reach = dilation · (kernel − 1) + 1.

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 3, stride=2, padding=1)
    (26, 14)
    """
    return max((size + padding - dilation * (kernel - 1) - 1) // stride + 1, 0)


def padding_widths(padding: str, size: int, kernel: int, stride: int, dilation: int) -> Pair:
    """Zeros before and after one axis: none for "valid"; for "same" so many that the output has ceil(size / stride).

    An odd rest goes behind, to the bottom and the right.
    """
    if padding == "valid":
        return 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def _pad(x: Array, rows: Pair, columns: Pair) -> Array:
    if rows == (0, 0) == columns:
        return np.ascontiguousarray(x)
    n, h, w, c = x.shape
    padded = np.zeros((n, h + sum(rows), w + sum(columns), c), x.dtype)
    padded[:, rows[0] : rows[0] + h, columns[0] : columns[0] + w] = x
    return padded


def _patches(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Array:
    """View of a padded batch as (N, OH, OW, KH, KW, C): at each output pixel, what the kernel sees. Nothing is copied."""
    n, h, w, c = x.shape
    (kh, kw), (sn, sh, sw, sc) = kernel, x.strides
    oh, ow = (
        output_size(s, k, stride=t, dilation=d) for s, k, t, d in zip((h, w), kernel, stride, dilation, strict=True)
    )
    outer, outer_strides = (n, oh, ow, kh), (sn, sh * stride[0], sw * stride[1], sh * dilation[0])
    if dilation[1] == 1:  # neighbours in a row lie next to each other in memory: one run of KW·C numbers copies faster
        # (not `sc`, which is 0 where the axis of channels was added by x[..., None])
        return as_strided(x, (*outer, kw * c), (*outer_strides, x.itemsize), writeable=False)
    return as_strided(x, (*outer, kw, c), (*outer_strides, sw * dilation[1], sc), writeable=False)


def _tiles(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Any:
    """Yield slices of the batch with their patches as rows, shape (images · OH · OW, KH·KW·C)."""
    view = _patches(x, kernel, stride, dilation)
    width = kernel[0] * kernel[1] * x.shape[3]
    height = view.shape[1] * view.shape[2]
    rows = np.empty((min(TILE, len(x)), *view.shape[1:]), x.dtype)  # one work array for all tiles
    for start in range(0, len(x), TILE):
        part = view[start : start + TILE]
        np.copyto(rows[: len(part)], part)
        yield slice(start, start + len(part)), rows[: len(part)].reshape(len(part), height, width)


def _correlate(x: Array, weight: Array, stride: Pair, dilation: Pair) -> Array:
    """Slide the kernel over a padded batch, (N, H, W, C) and (KH, KW, C, F) -> (N, OH, OW, F)."""
    kh, kw, c, f = weight.shape
    oh, ow = (
        output_size(s, k, stride=t, dilation=d)
        for s, k, t, d in zip(x.shape[1:3], (kh, kw), stride, dilation, strict=True)
    )
    out = np.empty((len(x), oh * ow, f), x.dtype)
    columns = weight.reshape(kh * kw * c, f)
    for where, rows in _tiles(x, (kh, kw), stride, dilation):
        np.matmul(rows, columns, out=out[where])
    return out.reshape(len(x), oh, ow, f)


def _weight_gradient(x: Array, g: Array, shape: tuple[int, ...], stride: Pair, dilation: Pair) -> Array:
    """Each weight meets one number of every patch: rowsᵀ @ g, summed over the batch."""
    total = np.zeros((shape[0] * shape[1] * shape[2], shape[3]), x.dtype)
    g = g.reshape(len(g), g.shape[1] * g.shape[2], shape[3])
    for where, rows in _tiles(x, (shape[0], shape[1]), stride, dilation):
        total += np.dot(rows.reshape(-1, rows.shape[2]).T, g[where].reshape(-1, shape[3]))
    return total.reshape(shape)


def _input_gradient(g: Array, weight: Array, padded: tuple[int, ...], stride: Pair, dilation: Pair) -> Array:
    """Every input pixel collects from the outputs that saw it: g correlated with the flipped kernel.

    Between the entries of g stand stride − 1 zeros, and around them dilation · (K − 1), so that one formula serves all.
    """
    kh, kw, c, f = weight.shape
    edge = dilation[0] * (kh - 1), dilation[1] * (kw - 1)
    spread = np.zeros((len(g), padded[1] + edge[0], padded[2] + edge[1], f), g.dtype)
    rows = slice(edge[0], edge[0] + (g.shape[1] - 1) * stride[0] + 1, stride[0])
    columns = slice(edge[1], edge[1] + (g.shape[2] - 1) * stride[1] + 1, stride[1])
    spread[:, rows, columns] = g
    flipped = np.ascontiguousarray(weight[::-1, ::-1].transpose(0, 1, 3, 2))
    return _correlate(spread, flipped, (1, 1), dilation)


@differentiable
def conv2d(
    x: Array,
    weight: Array,
    bias: Any = None,
    *,
    stride: Pair = (1, 1),
    padding: str = "valid",
    dilation: Pair = (1, 1),
    activation: Any = None,
) -> Result:
    """Convolution, (N, H, W, C) and (KH, KW, C, F) -> (N, OH, OW, F), with bias and activation in one operation.

    Parameters
    ----------
    x : array, shape (N, H, W, C)
    weight : array, shape (KH, KW, C, F)
        Not flipped: out[n, i, j, f] = Σ x[n, i·s + u·d, j·s + v·d, c] · weight[u, v, c, f].
    bias : array, shape (F,), or None
    stride, dilation : pair of int
        Steps between outputs, and between the kernel's entries.
    padding : "valid" or "same"
    activation : operation, optional

    Notes
    -----
    The weights' gradient is the same sum with the roles changed, rowsᵀ @ g. The input's gradient is again a convolution:
    of g with the flipped kernel.

    References
    ----------
    Dumoulin, Visin (2016), “A guide to convolution arithmetic for deep learning”.
    """
    kh, kw = weight.shape[:2]
    rows = padding_widths(padding, x.shape[1], kh, stride[0], dilation[0])
    columns = padding_widths(padding, x.shape[2], kw, stride[1], dilation[1])
    padded = _pad(x, rows, columns)
    z = _correlate(padded, weight, stride, dilation)
    if bias is not None:
        z += bias
    y, vjp_z = z, None
    if activation is not None:
        y, (vjp_z,) = activation.kernel(z)

    def joint(g: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:
        g_z = g if vjp_z is None else vjp_z(g)
        g_x = None
        if needs[0]:
            g_x = _input_gradient(g_z, weight, padded.shape, stride, dilation)
            g_x = g_x[:, rows[0] : rows[0] + x.shape[1], columns[0] : columns[0] + x.shape[2]]
        g_weight = _weight_gradient(padded, g_z, weight.shape, stride, dilation) if needs[1] else None
        if bias is None:
            return g_x, g_weight
        flat = g_z.reshape(-1, weight.shape[3])
        return g_x, g_weight, np.dot(np.ones(len(flat), flat.dtype), flat) if needs[2] else None

    return y, joint


def _shifted(x: Array, size: Pair, stride: Pair) -> list[Array]:
    """The k² views of x that stand under the window's entries, each (N, OH, OW, C)."""
    oh, ow = (output_size(s, k, stride=t) for s, k, t in zip(x.shape[1:3], size, stride, strict=True))
    return [
        x[:, i : i + (oh - 1) * stride[0] + 1 : stride[0], j : j + (ow - 1) * stride[1] + 1 : stride[1]]
        for i in range(size[0])
        for j in range(size[1])
    ]


@differentiable
def max_pool2d(x: Array, *, size: Pair, stride: Pair) -> Result:
    """Largest entry in each window, (N, H, W, C) -> (N, OH, OW, C). A remainder at the bottom or right is dropped.

    The gradient goes to the largest entry; among equals, to the first in reading order.
    """
    views = _shifted(x, size, stride)
    y = views[0].copy()
    for view in views[1:]:
        np.maximum(y, view, out=y)

    def vjp(g: Array) -> Array:
        spread = np.zeros(x.shape, g.dtype)
        left = g.copy()  # what no entry of the window has taken yet
        for view, target in zip(views, _shifted(spread, size, stride), strict=True):
            part = left * (view == y)
            target += part
            left -= part
        return spread

    return y, (vjp,)


@differentiable
def avg_pool2d(x: Array, *, size: Pair, stride: Pair) -> Result:
    """Average of each window, (N, H, W, C) -> (N, OH, OW, C). A remainder is dropped. Each entry gets 1/k² of the gradient."""
    number = size[0] * size[1]
    y = sum(_shifted(x, size, stride)[1:], _shifted(x, size, stride)[0].copy()) / number

    def vjp(g: Array) -> Array:
        spread = np.zeros(x.shape, g.dtype)
        share = g / number
        for target in _shifted(spread, size, stride):
            target += share
        return spread

    return y, (vjp,)
