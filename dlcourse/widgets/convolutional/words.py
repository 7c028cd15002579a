"""What `Convolution` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.arrays import Array
from dlcourse.errors import counted
from dlcourse.live.numbers import grouped, signed
from dlcourse.widgets.convolutional.numbers import ConvolutionResult, OwnPicture
from dlcourse.widgets.convolutional.state import ConvolutionState

__all__ = ["code", "code_results", "describe"]


def describe(state: ConvolutionState, result: ConvolutionResult) -> str:
    """Sizes, weights, and the sum at the place that is looked at."""
    (h, w), (kh, kw) = result.x.shape, result.kernel.shape
    name = f"Your {kh}×{kw} kernel" if state.filter == "yours" else f"The {kh}×{kw} kernel “{state.filter}”"
    head = f"{name}, stride {state.stride}, padding {state.padding}, dilation {state.dilation}"
    if not result.y.size:
        down, across = state.span
        return f"{head}, spans {down}×{across} pixels. The picture has {h}×{w}: there is no place for it" + (
            f" and for a pooling window of {state.pool}×{state.pool}." if state.pool > 1 else "."
        )
    oh, ow = result.y.shape
    then = (", ReLU" if state.relu else "") + (f", max pooling {state.pool}×{state.pool}" if state.pool > 1 else "")
    weights = kh * kw
    dense = h * w * result.summed.size
    text = (
        f"{head}{then}: {h}×{w} pixels become {oh}×{ow}. {counted(weights, 'weight')} {'serve' if weights > 1 else 'serves'} "
        f"every place; a dense layer of that size would have {grouped(dense)}. "
    )
    i, j = result.place
    text += f"At row {i}, column {j} the sum of {counted(weights, 'product')} is {signed(result.total)}"
    if state.pool > 1:
        text += f", the largest of {state.pool**2} sums"
    if state.relu:
        text += f"; after ReLU {signed(float(result.y[i, j]))}"
    if state.picture == "yours" and state.image is None:
        text += ". Your own picture: Convolution(image=array)"
    if state.selected >= 0:
        u, v = divmod(state.selected, kw)
        text += f". Ringed weight, row {u}, column {v}: {signed(float(result.kernel[u, v]))}"
    return text.rstrip(".") + "."


def code(state: ConvolutionState) -> str:
    """From the photograph to the map, and the sum at one place by hand."""
    kernel = state.weights
    d, s, p = state.dilation, state.stride, state.pool
    lines = "import numpy as np\nimport dlcourse as dl\n\n" + source(state)
    lines += f"kernel = np.array({literal(kernel)}, np.float32)\n"
    result = state.compute()
    if not result.y.size:
        return lines + "y, total = np.zeros((0, 0)), 0.0  # there is no place for this kernel and window\n"
    lines += (
        f"y = dl.conv2d(x[None, :, :, None], kernel[:, :, None, None], stride=({s}, {s}), "
        f'padding="{state.padding}", dilation=({d}, {d}))\n'
    )
    lines += "y = dl.relu(y)\n" if state.relu else ""
    lines += f"y = dl.max_pool2d(y, size=({p}, {p}), stride=({p}, {p}))\n" if p > 1 else ""
    lines += "y = y.numpy()[0, :, :, 0]\n\n"
    i, j = result.winner
    top, left = i * s, j * s
    (down, across), (kh, kw) = state.span, kernel.shape
    step = f":{d}" if d > 1 else ""
    widths = state.placing.widths(result.x.shape, kernel.shape)
    padded = "x" if widths == [(0, 0), (0, 0)] else f"np.pad(x, {tuple(widths)})"
    return lines + (
        f"patch = {padded}[{top}:{top + down}{step}, {left}:{left + across}{step}]  # ({kh}, {kw})\n"
        "total = (patch * kernel).sum()\nprint(y.shape, total)\n"
    )


def source(state: ConvolutionState) -> str:
    """The lines that make x."""
    if state.picture != "yours" or state.image is None:
        name = "china" if state.picture == "yours" else state.picture
        return (
            f'photo = dl.data.photograph("{name}").mean(axis=2)  # grey, (427, 640)\n'
            "x = dl.AvgPool2D(4)(photo[None, :, :, None]).numpy()[0, :, :, 0]  # (106, 160)\n"
        )
    own: OwnPicture = state.image
    lines = "x = np.asarray(image, np.float32)  # your own picture\n"
    lines += "x = x[:, :, :3].mean(axis=2)\n" if own.channels else ""
    lines += f"x = x / {own.scale:g}\n" if own.scale != 1 else ""
    k = own.window
    return lines + (f"x = dl.AvgPool2D({k})(x[None, :, :, None]).numpy()[0, :, :, 0]\n" if k > 1 else "")


def literal(kernel: Array) -> str:
    """The kernel as Python writes it, with as few digits as give the same numbers."""
    rows = (", ".join(str(value).removesuffix(".0") for value in row) for row in kernel)
    return "[" + ", ".join(f"[{row}]" for row in rows) + "]"


def code_results(state: ConvolutionState, result: ConvolutionResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"y": result.y, "total": result.total}
