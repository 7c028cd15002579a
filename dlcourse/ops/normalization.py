"""Normalization: numbers brought to mean 0 and variance 1 along some axes, with a derivative of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import DataError, ShapeError
from dlcourse.ops.elementwise import check_broadcast
from dlcourse.ops.reduction import Axis, adding_type, check_axis

__all__ = ["normalize"]


@differentiable(explain=check_broadcast)
def normalize(x: Array, scale: Array, shift: Array, *, axis: Axis, eps: float = 1e-5) -> Result:
    """scale · (x − mean) / √(variance + eps) + shift, mean and variance taken along `axis` (divided by n, not n − 1).

    Parameters
    ----------
    x : array
    scale, shift : array
        That broadcast against x.
    axis : int or tuple of int
        (0,) for a batch of rows, (0, 1, 2) for a batch of images, −1 within each example.
    eps : float
        Keeps the root away from 0.

    Raises
    ------
    DataError
        If there is nothing to average.
    ShapeError
        If scale or shift do not broadcast against x, or would change its shape.

    Notes
    -----
    With x̂ the normalized numbers, s their common factor 1/√(variance + eps) and G = g · scale, the gradient of x̂:
    ∂/∂x = s (G − mean(G) − x̂ · mean(G · x̂)). Moving all x together changes nothing, and neither does stretching them:
    those two parts of the gradient are taken out.

    References
    ----------
    Ioffe, Szegedy (2015), “Batch Normalization”. Ba, Kiros, Hinton (2016), “Layer Normalization”.

    Examples
    --------
    >>> np.round(normalize([[1.0, 3.0]], 10.0, 5.0, axis=-1).data, 2)
    array([[-5., 15.]], dtype=float32)
    """
    x = np.asarray(x)
    axes = check_axis("normalize", axis, x.ndim)
    if any(x.shape[a] == 0 for a in axes):
        raise DataError(
            f"normalize: there is nothing to average along axis {axis}, shape {x.shape}. Is the batch empty?"
        )
    if np.broadcast_shapes(x.shape, np.shape(scale), np.shape(shift)) != x.shape:
        raise ShapeError(
            f"normalize: the result has the shape of x, {x.shape}, and scale {np.shape(scale)} and shift {np.shape(shift)} would make "
            "it larger. One number for each feature is expected."
        )
    wide = adding_type(x, axes)
    centred = x - x.mean(axis=axes, keepdims=True, dtype=wide).astype(x.dtype, copy=False)
    variance = np.square(centred).mean(axis=axes, keepdims=True, dtype=wide).astype(x.dtype, copy=False)
    factor = 1 / np.sqrt(variance + float(eps))
    standard = centred * factor

    def joint(g: Array, needs: tuple[bool, ...]) -> tuple[Any, ...]:
        g_x = None
        if needs[0]:
            g_standard = g * scale
            mean = g_standard.mean(axis=axes, keepdims=True, dtype=wide).astype(x.dtype, copy=False)
            along = (g_standard * standard).mean(axis=axes, keepdims=True, dtype=wide).astype(x.dtype, copy=False)
            g_x = factor * (g_standard - mean - standard * along)
        return g_x, g * standard, g

    return standard * scale + shift, joint
