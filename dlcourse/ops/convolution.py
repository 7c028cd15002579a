"""Convolution, and how a window fits into an image. Images are (N, H, W, C): batch, height, width, channels; kernels (KH, KW, C, F), not flipped.

A convolution is a matrix product in disguise: lay the patch under each output pixel into one row, (KH·KW·C) numbers
long, and multiply the rows with the kernel, written as one column per filter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ArgumentError, ShapeError, brief, check_whole, counted
from dlcourse.ops.matrix import column_sums, explain_activation

__all__ = ["Pair", "check_images", "check_window", "conv2d", "in_tiles", "output_size", "padding_widths", "pair"]

Pair = tuple[int, int]

# Numbers at a time: so few that they stay in the processor's cache between being laid out and being multiplied.
TILE = 2**18


def in_tiles(n: int, numbers: int) -> list[slice]:
    """Parts of a batch of n images, if each image takes this many numbers to work on."""
    images = max(TILE // max(numbers, 1), 1)
    return [slice(start, start + images) for start in range(0, n, images)]


def pair(owner: str, name: str, value: Any) -> Pair:
    """Return one whole number, or two, as (vertical, horizontal).

    Raises
    ------
    WrongTypeError
        If a number is not whole.
    ArgumentError
        If it is less than 1, or there are not one or two of them.

    Examples
    --------
    >>> pair("conv2d", "stride", 2), pair("conv2d", "stride", (1, 2))
    ((2, 2), (1, 2))
    """
    values = value if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2:
        raise ArgumentError(
            f"{owner}: {name} should be one whole number or two, (vertical, horizontal), not {brief(value)}."
        )
    return check_whole(owner, name, values[0]), check_whole(owner, name, values[1])


def check_images(operation: str, x: Array) -> None:
    """Raise ShapeError unless x has the axes of a batch of images."""
    if np.ndim(x) != 4:
        raise ShapeError(f"{operation}: images are expected, shape (N, H, W, C); these have shape {np.shape(x)}.")


def check_window(
    owner: str, shape: tuple[int, ...], window: Pair, dilation: Pair = (1, 1), padding: str | None = None
) -> None:
    """Raise an error unless a window finds at least one place in images of this shape. Pooling has no padding.

    Raises
    ------
    ShapeError
        If the window is larger than the images.
    ArgumentError
        If the padding has another name.

    Examples
    --------
    >>> check_window("conv2d", (1, 8, 8, 1), (3, 3), padding="valid")  # fits, so nothing happens
    """
    if padding not in (None, "valid", "same"):
        raise ArgumentError(f'{owner}: padding is "valid" or "same", not {brief(padding)}.')
    for side, size, k, d in zip(("high", "wide"), shape[1:3], window, dilation, strict=True):
        reach = d * (k - 1) + 1
        if size == 0 or (padding != "same" and reach > size):
            advice = "Pool less before, or in smaller windows."
            raise ShapeError(
                f"{owner}: the images are {counted(size, 'pixel')} {side}, shape (N, H, W, C) = {shape}, but the window needs "
                f"{reach}. " + (advice if padding is None else 'Pad with padding="same", or pool less before.')
            )


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

    Examples
    --------
    >>> padding_widths("same", 28, 3, 1, 1), padding_widths("same", 28, 3, 2, 1)
    ((1, 1), (0, 1))
    """
    if padding == "valid":
        return 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def _frame(image: Pair, kernel: Pair, stride: Pair, dilation: Pair, padding: str) -> tuple[list[Pair], Pair]:
    """Zeros before and after both axes of an image, and height and width of the output."""
    axes = list(zip(image, kernel, stride, dilation, strict=True))
    widths = [padding_widths(padding, size, k, s, d) for size, k, s, d in axes]
    oh, ow = (
        output_size(size, k, stride=s, padding=sum(width), dilation=d)
        for (size, k, s, d), width in zip(axes, widths, strict=True)
    )
    return widths, (oh, ow)


def _pad(x: Array, rows: Pair, columns: Pair) -> Array:
    if rows == (0, 0) == columns:
        return np.ascontiguousarray(x)
    n, h, w, c = x.shape
    padded = np.zeros((n, h + sum(rows), w + sum(columns), c), x.dtype)
    padded[:, rows[0] : rows[0] + h, columns[0] : columns[0] + w] = x
    return padded


def _rows(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Array:
    """What the kernel sees at each output pixel of a padded batch, one row per pixel: (N, OH·OW, KH·KW·C)."""
    n, h, w, c = x.shape
    (kh, kw), (sn, sh, sw, sc) = kernel, x.strides  # NumPy's strides: bytes from one entry to the next, along each axis
    oh, ow = (
        output_size(s, k, stride=t, dilation=d) for s, k, t, d in zip((h, w), kernel, stride, dilation, strict=True)
    )
    strides = (sn, sh * stride[0], sw * stride[1], sh * dilation[0], sw * dilation[1], sc)
    windows: Array = np.ndarray((n, oh, ow, kh, kw, c), x.dtype, x, strides=strides)  # a view, nothing is copied yet
    if kw * c < ow:  # NumPy copies long runs faster: here along the row of pixels, else along the row of numbers
        rows = np.empty((kh, kw, c, n, oh, ow), x.dtype).transpose(3, 4, 5, 0, 1, 2)
    else:
        rows = np.empty(windows.shape, x.dtype)
    rows[...] = windows
    return rows.reshape(n, oh * ow, kh * kw * c)


def _input_gradient(
    g: Array, weight: Array, shape: tuple[int, ...], before: Pair, stride: Pair, dilation: Pair
) -> Array:
    """Every input pixel collects from the outputs that saw it: g, convolved with the flipped kernel.

    Between the entries of g stand stride − 1 zeros, and around them so many that the result has the input's shape.
    """
    kh, kw, c, f = weight.shape
    edge = dilation[0] * (kh - 1), dilation[1] * (kw - 1)
    spread = np.zeros((len(g), shape[1] + edge[0], shape[2] + edge[1], f), g.dtype)
    where = [
        slice(e - b, e - b + (size - 1) * s + 1, s)
        for e, b, size, s in zip(edge, before, g.shape[1:3], stride, strict=True)
    ]
    spread[:, where[0], where[1]] = g
    flipped = np.ascontiguousarray(weight[::-1, ::-1].transpose(0, 1, 3, 2)).reshape(-1, c)
    return np.matmul(_rows(spread, (kh, kw), (1, 1), dilation), flipped).reshape(len(g), *shape[1:])


def _check_kernel(x: Array, weight: Array, bias: Any) -> None:
    kernel = np.shape(weight)
    if len(kernel) != 4 or kernel[2] != x.shape[3] or (bias is not None and np.shape(bias) != kernel[3:]):
        beside = "" if bias is None else f" and a bias of shape {np.shape(bias)}"
        raise ShapeError(
            f"conv2d: images (N, H, W, C) need a kernel (KH, KW, C, F) with the same C, and a bias (F,); these are images of "
            f"shape {x.shape} with a kernel of shape {kernel}{beside}."
        )


@differentiable(explain=explain_activation)
def conv2d(
    x: Array,
    weight: Array,
    bias: Any = None,
    *,
    stride: int | Pair = 1,
    padding: str = "valid",
    dilation: int | Pair = 1,
    activation: Any = None,
) -> Result:
    """Convolution, (N, H, W, C) and (KH, KW, C, F) -> (N, OH, OW, F), with bias and activation in one operation.

    Goes through the batch a few images at a time, forward and backward.

    Parameters
    ----------
    x : array, shape (N, H, W, C)
    weight : array, shape (KH, KW, C, F)
        Not flipped: out[n, i, j, f] = Σ x[n, i·s + u·d, j·s + v·d, c] · weight[u, v, c, f].
    bias : array, shape (F,), or None
    stride, dilation : int or pair of int
        Steps between outputs, and between the kernel's entries.
    padding : "valid" or "same"
    activation : operation, optional

    Raises
    ------
    ShapeError
        If the axes do not fit, or a kernel without padding is larger than the images.
    ArgumentError
        If stride or dilation is less than 1, or the padding has another name.
    WrongTypeError
        If the activation is not an operation of the course.

    Notes
    -----
    The weights' gradient is the same sum with the roles changed, rowsᵀ @ g. The input's gradient is again a convolution:
    of g with the flipped kernel.

    References
    ----------
    Dumoulin, Visin (2016), “A guide to convolution arithmetic for deep learning”.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> conv2d(x, np.ones((2, 2, 1, 1))).data[0, :, :, 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    check_images("conv2d", x)
    _check_kernel(x, weight, bias)
    stride, dilation = pair("conv2d", "stride", stride), pair("conv2d", "dilation", dilation)
    kh, kw, _, f = weight.shape
    check_window("conv2d", x.shape, (kh, kw), dilation, padding)
    widths, (oh, ow) = _frame(x.shape[1:3], (kh, kw), stride, dilation, padding)
    columns = weight.reshape(-1, f)
    bias_of_row = None if bias is None else np.tile(bias, ow)  # for a whole row of pixels: long additions are faster
    tiles, slopes = in_tiles(len(x), oh * ow * max(columns.shape)), []

    def rows_of(tile: slice) -> Array:
        return _rows(_pad(x[tile], *widths), (kh, kw), stride, dilation)

    y = np.empty((len(x), oh, ow, f), np.result_type(x, weight))
    for tile in tiles:
        z = np.matmul(rows_of(tile), columns)  # (B, OH·OW, KH·KW·C) (KH·KW·C, F) -> (B, OH·OW, F)
        z = z.reshape(-1, oh, ow, f)
        if bias_of_row is not None:
            z.reshape(-1, ow * f)[...] += bias_of_row
        if activation is not None:
            z, (vjp,) = activation.kernel(z)
            slopes.append(vjp)
        y[tile] = z

    def joint(g: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:  # B images at a time, of N
        g_x = np.empty(x.shape, y.dtype) if needs[0] else None  # (N, H, W, C)
        g_columns = np.zeros_like(columns, y.dtype)  # (KH·KW·C, F)
        g_bias = np.zeros(f, y.dtype)  # (F,)
        for i, tile in enumerate(tiles):
            g_z = slopes[i](g[tile]) if slopes else g[tile]  # (B, OH, OW, F)
            g_rows = g_z.reshape(-1, oh * ow, f)  # (B, OH·OW, F)
            if g_x is not None:  # (B, H, W, C)
                g_x[tile] = _input_gradient(g_z, weight, x.shape, (widths[0][0], widths[1][0]), stride, dilation)
            if needs[1]:
                rows = rows_of(tile)  # (B, OH·OW, KH·KW·C)
                of_images = np.matmul(rows.swapaxes(1, 2), g_rows)  # (KH·KW·C, OH·OW) (OH·OW, F), for each of B
                g_columns += of_images.sum(axis=0)
            g_bias += column_sums(g_z.reshape(-1, f))  # (B·OH·OW, F) -> (F,)
        return (g_x, g_columns.reshape(weight.shape), g_bias)[: 2 if bias is None else 3]

    return y, joint
