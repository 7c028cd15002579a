"""Batch normalization and layer normalization."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dlcourse.errors import ArgumentError, DataError, ShapeError, check_positive, check_whole
from dlcourse.layers.dense import cast_input
from dlcourse.layers.module import Module
from dlcourse.ops.normalization import normalize
from dlcourse.ops.reduction import adding_type
from dlcourse.tensor import Parameter, Tensor

__all__ = ["BatchNorm", "LayerNorm"]


class _Norm(Module):
    """What both share: a learned scale, starting at 1, and a learned shift, starting at 0, for each feature."""

    def __init__(self, features: int, *, eps: float = 1e-5) -> None:
        owner = type(self).__name__
        self.features = check_whole(owner, "features", features)
        self.eps = check_positive(owner, "eps", eps)
        self.scale = Parameter(np.ones(self.features, np.float32), name="scale")
        self.shift = Parameter(np.zeros(self.features, np.float32), name="shift")

    def _checked(self, x: Any) -> Tensor:
        x = cast_input(x, self.scale)
        if x.ndim < 2 or x.shape[-1] != self.features:
            raise ShapeError(
                f"{self.describe()}: the last axis should have {self.features} features, and a batch axis should come first; the input has shape {x.shape}."
            )
        return x

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        return f"{type(self).__name__}({self.features})"


class LayerNorm(_Norm):
    """Mean 0 and variance 1 over the features of each example, then scaled and shifted; no example sees another.

    y = scale · (x − mean) / √(variance + ε) + shift, on (..., F) -> (..., F).

    Parameters
    ----------
    features : int
        F, size of the last axis.
    eps : float
        ε, added to the variance.

    Attributes
    ----------
    scale, shift : Parameter, shape (F,)
        Start at 1 and 0.

    Raises
    ------
    ShapeError
        If the last axis does not have F entries, or there is no batch axis.

    References
    ----------
    Ba, Kiros, Hinton (2016), “Layer Normalization”.

    Examples
    --------
    >>> LayerNorm(2)([[1.0, 3.0]]).data.round(3)
    array([[-1.,  1.]], dtype=float32)
    """

    def forward(self, x: Any) -> Tensor:
        """Normalize the last axis of each example, (..., F) -> (..., F), then scale and shift."""
        return normalize(self._checked(x), self.scale, self.shift, axis=-1, eps=self.eps)


class BatchNorm(_Norm):
    """Mean 0 and variance 1 of each feature over the batch (and over the pixels of images), then scaled and shifted.

    While training, the batch's own statistics are used and a running average of them is kept; while predicting, the
    running average is used: y = scale · (x − mean) / √(variance + ε) + shift, on (N, ..., F) -> (N, ..., F).

    Parameters
    ----------
    features : int
        F, size of the last axis: features or channels.
    momentum : float in (0, 1]
        Share of the new batch in the running average.
    eps : float
        ε, added to the variance.

    Attributes
    ----------
    scale, shift : Parameter, shape (F,)
        Start at 1 and 0.
    running_mean, running_variance : ndarray, shape (F,)
        The variance is the unbiased one, divided by n − 1.

    Raises
    ------
    ArgumentError
        If momentum or eps is out of range.
    DataError
        If a training batch holds at most one number for each feature: it has no variance.
    ShapeError
        If the last axis does not have F entries, or there is no batch axis.

    References
    ----------
    Ioffe, Szegedy (2015), “Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift”.

    Examples
    --------
    >>> BatchNorm(1)([[1.0], [3.0]]).data.round(3)
    array([[-1.],
           [ 1.]], dtype=float32)
    """

    buffers: ClassVar[tuple[str, ...]] = ("running_mean", "running_variance")

    def __init__(self, features: int, *, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__(features, eps=eps)
        self.momentum = check_positive("BatchNorm", "momentum", momentum)
        if self.momentum > 1:
            raise ArgumentError(
                f"BatchNorm: momentum is the share of the new batch in the running average, at most 1, not {momentum!r}."
            )
        self.running_mean = np.zeros(self.features, np.float32)
        self.running_variance = np.ones(self.features, np.float32)

    def forward(self, x: Any) -> Tensor:
        """Normalize each feature, (N, ..., F) -> (N, ..., F), then scale and shift; while training, update the averages."""
        x = self._checked(x)
        if not self.training:
            factor = self.scale / np.sqrt(self.running_variance + np.float32(self.eps))
            return (x - self.running_mean) * factor + self.shift
        axes = tuple(range(x.ndim - 1))
        number = x.size // self.features
        if number < 2:
            raise DataError(f"{self.describe()}: {_too_few(number, x.ndim)}")
        m = np.float32(self.momentum)
        mean, variance = self.running_mean, self.running_variance
        wide = adding_type(x.data, axes)
        mean += m * (x.data.mean(axis=axes, dtype=wide) - mean)
        variance += m * (x.data.var(axis=axes, ddof=1, dtype=wide) - variance)
        return normalize(x, self.scale, self.shift, axis=axes, eps=self.eps)


def _too_few(number: int, axes: int) -> str:
    """What to say of a training batch without variance."""
    if not number:
        return "the batch is empty, so it has neither mean nor variance."
    example = "one example" if axes == 2 else "one example of one pixel or step"
    return (
        f"this batch has {example}, and one number per feature has no variance. Is it the rest in the last minibatch? Then "
        "drop_last=True in fit or batches leaves it out, or choose another batch_size. To predict one example, call "
        "model.eval() first."
    )
