"""Convolutional layers and pooling, channels last: (N, H, W, C)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dlcourse.errors import ArgumentError, ShapeError, WrongTypeError, brief, check_whole, counted
from dlcourse.initializers import check_rng, drawn, glorot_uniform
from dlcourse.layers.dense import OWN, cast_input
from dlcourse.layers.module import Module
from dlcourse.ops.convolution import Pair, check_window, conv2d, pair
from dlcourse.ops.pooling import avg_pool2d, max_pool2d
from dlcourse.origin import remember
from dlcourse.tensor import Parameter, Tensor

__all__ = ["AvgPool2D", "Conv1D", "Conv2D", "GlobalAvgPool2D", "MaxPool2D"]


def check_images(owner: str, x: Tensor, channels: int | None) -> None:
    """Raise ShapeError unless x is a batch of images, channels last."""
    shape = x.shape
    if x.ndim != 4:
        if x.ndim == 3 and channels in (None, 1, shape[2]):
            advice = (
                "Is the batch axis missing? x[None] adds it."
                if shape[2] == channels
                else "For grey images add the channel axis: x[..., None]."
            )
        else:
            advice = "Reshape to batch, height, width, channels."
        raise ShapeError(
            f"{owner}: images are expected, shape (N, H, W, C); the input has {counted(x.ndim, 'axis')}, shape {shape}. {advice}"
        )
    if channels is not None:
        _check_channels(owner, shape, "N, H, W, C", channels)


def _check_channels(owner: str, shape: tuple[int, ...], letters: str, channels: int) -> None:
    """Raise ShapeError unless the last axis is as long as the layer has channels."""
    if shape[-1] == channels:
        return
    places = ", ".join(map(str, (0, *range(2, len(shape)), 1)))
    advice = (
        f"These look like channels first; here they come last: x.transpose({places})."
        if shape[1] == channels
        else "The number of channels is set by the data, or by the filters of the layer before."
    )
    raise ShapeError(
        f"{owner}: the input has {counted(shape[-1], 'channel')} in its last axis, shape ({letters}) = {shape}, but the layer was made for {channels}. {advice}"
    )


class Conv2D(Module):
    """Convolution: the same small kernel at every place, (N, H, W, C) -> (N, OH, OW, F).

    y[n, i, j, f] = Σ over u, v, c of x[n, i + u, j + v, c] · weight[u, v, c, f] + bias[f], with stride 1; the kernel is
    not flipped.

    Parameters
    ----------
    channels, filters : int
        C and F.
    kernel : int or pair of int
        Height and width of the kernel.
    stride, dilation : int or pair of int
        Steps between outputs, and between the kernel's entries.
    padding : "valid" or "same"
        No zeros around the image, or so many that the output has ceil(H / stride) rows; an odd rest at the bottom and right.
    activation, bias, initializer, rng
        As for `Dense`.

    Attributes
    ----------
    weight : Parameter, shape (KH, KW, C, F)
    bias : Parameter, shape (F,), or None

    Raises
    ------
    ShapeError
        If the input is not a batch of images with C channels, or is smaller than the kernel.
    ArgumentError
        If a size is less than 1, or padding is neither "valid" nor "same".
    WrongTypeError
        If the activation is not a function, or a setting is of the wrong kind.

    References
    ----------
    LeCun et al. (1989), “Backpropagation Applied to Handwritten Zip Code Recognition”.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Conv2D(1, 8, 3, rng=np.random.default_rng(0))
    >>> layer(np.zeros((5, 8, 8, 1), np.float32)).shape
    (5, 6, 6, 8)
    """

    def __init__(
        self,
        channels: int,
        filters: int,
        kernel: int | Pair,
        *,
        stride: int | Pair = 1,
        padding: str = "valid",
        dilation: int | Pair = 1,
        activation: Callable[..., Any] | None = None,
        bias: bool = True,
        initializer: Callable[..., Any] = glorot_uniform,
        rng: np.random.Generator | None = None,
    ) -> None:
        owner = type(self).__name__
        self.channels, self.filters = check_whole(owner, "channels", channels), check_whole(owner, "filters", filters)
        self.kernel, self.stride = pair(owner, "kernel", kernel), pair(owner, "stride", stride)
        self.dilation = pair(owner, "dilation", dilation)
        if padding not in ("valid", "same"):
            raise ArgumentError(f'{owner}: padding is "valid" or "same", not {brief(padding)}.')
        if activation is not None and not callable(activation):
            raise WrongTypeError(f"{owner}: activation should be a function such as dl.relu, not {brief(activation)}.")
        rng = check_rng(owner, rng)
        self.padding, self.activation = padding, activation
        shape = (*self.kernel, self.channels, self.filters)
        self.weight = Parameter(drawn(owner, initializer, shape, rng), name="weight")
        self.bias = Parameter(np.zeros(self.filters, np.float32), name="bias") if bias else None

    def forward(self, x: Any) -> Tensor:
        """Convolve a batch of images, (N, H, W, C) -> (N, OH, OW, F), add the bias, apply the activation."""
        x = cast_input(x, self.weight)
        check_images(self.describe(), x, self.channels)
        check_window(self.describe(), x.shape, self.kernel, self.dilation, self.padding)
        operands = (x, self.weight) if self.bias is None else (x, self.weight, self.bias)
        settings: dict[str, Any] = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        probable = OWN.get(id(self.activation))
        if probable is None and self.activation is not None:
            return self.activation(conv2d(*operands, **settings))
        result = conv2d(*operands, activation=self.activation, **settings)
        if probable:
            remember(result, probable, partial(conv2d, **settings), *operands)
        return result

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        extra = [f"stride {self._side_by_side(self.stride)}"] if max(self.stride) > 1 else []
        extra += ["same"] if self.padding == "same" else []
        extra += [f"dilation {self._side_by_side(self.dilation)}"] if max(self.dilation) > 1 else []
        extra += [getattr(self.activation, "__name__", "activation")] if self.activation is not None else []
        sizes = [f"{self.channels} → {self.filters}", self._side_by_side(self.kernel)]
        return f"{type(self).__name__}({', '.join(sizes + extra)})"

    def _side_by_side(self, sizes: Pair) -> str:
        return f"{sizes[0]}×{sizes[1]}"


class Conv1D(Conv2D):
    """Convolution along time, (N, T, C) -> (N, OT, F): an image one pixel high.

    Parameters
    ----------
    channels, filters, kernel : int
        C, F, and how many steps of time the kernel spans.
    stride, padding, dilation, activation, bias, initializer, rng
        As for `Conv2D`, whole numbers.

    Attributes
    ----------
    weight : Parameter, shape (1, K, C, F)
        K is the kernel's length.
    bias : Parameter, shape (F,), or None

    Raises
    ------
    ShapeError
        If the input is not a batch of sequences with C features, or is shorter than the kernel.

    Examples
    --------
    >>> import numpy as np
    >>> Conv1D(2, 4, 3, padding="same", rng=np.random.default_rng(0))(np.zeros((5, 10, 2), np.float32)).shape
    (5, 10, 4)
    """

    def __init__(
        self, channels: int, filters: int, kernel: int, *, stride: int = 1, dilation: int = 1, **settings: Any
    ) -> None:
        super().__init__(channels, filters, (1, kernel), stride=(1, stride), dilation=(1, dilation), **settings)

    def _side_by_side(self, sizes: Pair) -> str:
        return str(sizes[1])  # along time; across it, the size is always 1

    def forward(self, x: Any) -> Tensor:
        """Convolve a batch of sequences, (N, T, C) -> (N, OT, F), add the bias, apply the activation."""
        x = cast_input(x, self.weight)
        if x.ndim != 3:
            raise ShapeError(
                f"{self.describe()}: sequences are expected, shape (N, T, C); the input has {counted(x.ndim, 'axis')}, shape {x.shape}. "
                "Features come last; one feature needs its axis: x[..., None]."
            )
        _check_channels(self.describe(), x.shape, "N, T, C", self.channels)
        n, t, c = x.shape
        reach = self.dilation[1] * (self.kernel[1] - 1) + 1
        if t == 0 or (self.padding == "valid" and reach > t):
            raise ShapeError(
                f"{self.describe()}: the sequences have {t} steps, shape (N, T, C) = {x.shape}, but the window needs {reach}. "
                'Pad with padding="same".'
            )
        y = super().forward(x.reshape(n, 1, t, c))
        return y.reshape(n, y.shape[2], self.filters)


class _Pool2D(Module):
    """What both poolings share: a window that moves by `stride`, by default its own size."""

    operation: Any

    def __init__(self, size: int | Pair = 2, *, stride: int | Pair | None = None) -> None:
        owner = type(self).__name__
        self.size = pair(owner, "size", size)
        self.stride = self.size if stride is None else pair(owner, "stride", stride)

    def forward(self, x: Any) -> Tensor:
        """Pool a batch of images, (N, H, W, C) -> (N, OH, OW, C), each channel by itself."""
        x = x if isinstance(x, Tensor) else Tensor(x)
        check_images(self.describe(), x, None)
        check_window(self.describe(), x.shape, self.size)
        return type(self).operation(x, size=self.size, stride=self.stride)

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        stride = "" if self.stride == self.size else f", stride {self.stride[0]}×{self.stride[1]}"
        return f"{type(self).__name__}({self.size[0]}×{self.size[1]}{stride})"


class MaxPool2D(_Pool2D):
    """Largest entry in each window; a remainder at the bottom or right is dropped.

    Parameters
    ----------
    size : int or pair of int
        Height and width of the window.
    stride : int or pair of int, optional
        Steps between windows; the window's size unless given.

    Raises
    ------
    ShapeError
        If the input is not a batch of images (N, H, W, C), or is smaller than the window.

    Notes
    -----
    The gradient goes to the largest entry of a window alone; among equals, to the first.

    Examples
    --------
    >>> import numpy as np
    >>> MaxPool2D(2)(np.zeros((5, 7, 8, 3), np.float32)).shape
    (5, 3, 4, 3)
    """

    operation = staticmethod(max_pool2d)


class AvgPool2D(_Pool2D):
    """Average of each window; a remainder at the bottom or right is dropped.

    Parameters
    ----------
    size, stride
        As for `MaxPool2D`.

    Raises
    ------
    ShapeError
        If the input is not a batch of images (N, H, W, C), or is smaller than the window.

    Examples
    --------
    >>> import numpy as np
    >>> AvgPool2D(2)(np.arange(4.0).reshape(1, 2, 2, 1)).data.reshape(-1)
    array([1.5])
    """

    operation = staticmethod(avg_pool2d)


class GlobalAvgPool2D(Module):
    """Average over the whole image, one number per channel: (N, H, W, C) -> (N, C).

    Raises
    ------
    ShapeError
        If the input is not a batch of images.

    References
    ----------
    Lin, Chen, Yan (2014), “Network In Network”, section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> GlobalAvgPool2D()(np.ones((5, 7, 8, 3), np.float32)).shape
    (5, 3)
    """

    def forward(self, x: Any) -> Tensor:
        """Average each channel of each image, (N, H, W, C) -> (N, C)."""
        x = x if isinstance(x, Tensor) else Tensor(x)
        check_images("GlobalAvgPool2D", x, None)
        return x.mean(axis=(1, 2))
