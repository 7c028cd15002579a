"""The network in PyTorch: images with channels first, weights transposed. One row a layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.errors import ShapeError
from dlcourse.layers.convolution import AvgPool2D, Conv1D, Conv2D, GlobalAvgPool2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.module import Flatten
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.ops.convolution import padding_widths
from dlcourse.translation.parts import Line, Part, activation, example, listed, noted, one_or_pair, settings
from dlcourse.translation.plan import Step

__all__ = ["LAYERS", "lines"]


def _copy(step: Step, theirs: str, ours: str, turned: str = "", note: str = "") -> str:
    """The line that fills one array of a layer from the file."""
    return noted(f'model.{step.name}.{theirs}.copy_(stored["{step.key(ours)}"]{turned})', note)


def _features_first(step: Step) -> tuple[str, str]:
    """How one number for each flattened feature is put in PyTorch's order, and why."""
    if not step.flattened:
        return "", ""
    axes = (len(step.flattened) - 1, *range(len(step.flattened) - 1))
    return f".reshape({listed(step.flattened)}).permute({listed(axes)}).flatten()", "channels first"


def _dense(step: Step) -> Part:
    layer = step.layer
    turned, note = ".T", "(K, M) -> (M, K)"
    if step.flattened:
        rank = len(step.flattened)
        axes = (rank, rank - 1, *range(rank - 1))
        turned = f".reshape({listed(step.flattened, layer.outputs)}).permute({listed(axes)}).flatten(1)"
        note = (
            "(H·W·C, M) -> (M, C·H·W): flattened channels first"
            if rank == 3
            else "(T·C, M) -> (M, C·T): flattened channels first"
        )
    load = [_copy(step, "weight", "weight", turned, note)]
    if layer.bias is not None:
        load.append(_copy(step, "bias", "bias"))
    bias = None if layer.bias is not None else False
    make = f"self.{step.name} = nn.Linear({layer.inputs}, {layer.outputs}{settings(bias=bias)})"
    return Part((f"x = self.{step.name}(x)",), (make,), tuple(load))


def _conv2d(step: Step) -> Part:
    layer, size = step.layer, step.before[:2]
    flat = isinstance(layer, Conv1D)
    call = []
    padding = None
    if layer.padding == "same" and max(layer.stride) == 1:
        padding = "same"
    elif layer.padding == "same":
        around = zip((1, *size[:1]) if flat else size, layer.kernel, layer.stride, layer.dilation, strict=True)
        (top, bottom), (left, right) = (padding_widths("same", *axis) for axis in around)
        widths = (left, right) if flat else (left, right, top, bottom)
        if any(widths):
            why = '"same" works with stride 1 only; an odd rest goes to the end'
            call.append(f"x = F.pad(x, {widths})  # {why}")
    stride, dilation, kernel = layer.stride, layer.dilation, layer.kernel
    extra = settings(
        stride=(stride[1] if stride[1] > 1 else None) if flat else one_or_pair(stride, 1),
        padding=padding,
        dilation=(dilation[1] if dilation[1] > 1 else None) if flat else one_or_pair(dilation, 1),
        bias=None if layer.bias is not None else False,
    )
    kind, window = ("Conv1d", kernel[1]) if flat else ("Conv2d", kernel)
    make = f"self.{step.name} = nn.{kind}({layer.channels}, {layer.filters}, {window}{extra})"
    if flat:
        load = [_copy(step, "weight", "weight", "[0].permute(2, 1, 0)", "(1, K, C, F) -> (F, C, K)")]
    else:
        load = [_copy(step, "weight", "weight", ".permute(3, 2, 0, 1)", "(KH, KW, C, F) -> (F, C, KH, KW)")]
    if layer.bias is not None:
        load.append(_copy(step, "bias", "bias"))
    return Part((*call, f"x = self.{step.name}(x)"), (make,), tuple(load))


def _pool(step: Step) -> Part:
    name = "max_pool2d" if isinstance(step.layer, MaxPool2D) else "avg_pool2d"
    stride = None if step.layer.stride == step.layer.size else step.layer.stride
    return Part((f"x = F.{name}(x, {step.layer.size}{settings(stride=stride)})",))


def _global_average(step: Step) -> Part:
    return Part(("x = x.mean((2, 3))  # over height and width, (N, C, H, W) -> (N, C)",))


def _flatten(step: Step) -> Part:
    note = (
        f"channels first here: the rows of the next weights move too, {example(step.after)}" if step.flattened else ""
    )
    return Part((noted("x = x.reshape(len(x), -1)", note),))


def _batch_norm(step: Step) -> Part:
    layer = step.layer
    axes = len(step.before) + 1
    if axes > 5:
        raise ShapeError(
            f"translate: {layer.describe()} has an input with {axes} axes, and PyTorch's batch normalization stops at five, "
            "(N, C, D, H, W). Reshape to fewer axes before it."
        )
    kind = f"BatchNorm{max(axes - 2, 1)}d"
    make = f"self.{step.name} = nn.{kind}({layer.features}, eps={layer.eps}, momentum={layer.momentum})"
    turned, note = _features_first(step)
    pairs = {"weight": "scale", "bias": "shift", "running_mean": "running_mean", "running_var": "running_variance"}
    return Part(
        (f"x = self.{step.name}(x)",),
        (noted(make, "momentum: the share of the new batch, as in dlcourse"),),
        tuple(_copy(step, theirs, ours, turned, note) for theirs, ours in pairs.items()),
    )


def _layer_norm(step: Step) -> Part:
    make = f"self.{step.name} = nn.LayerNorm({step.layer.features}, eps={step.layer.eps})"
    turned, note = _features_first(step)
    load = (_copy(step, "weight", "scale", turned, note), _copy(step, "bias", "shift", turned, note))
    return Part((f"x = self.{step.name}(x)",), (make,), load)


def _dropout(step: Step) -> Part:
    make = noted(f"self.{step.name} = nn.Dropout({step.layer.p})", "p: the share that is dropped")
    return Part((f"x = self.{step.name}(x)",), (make,))


def _embedding(step: Step) -> Part:
    make = f"self.{step.name} = nn.Embedding({step.layer.vocabulary}, {step.layer.features})"
    return Part((f"x = self.{step.name}(x)",), (make,), (_copy(step, "weight", "weight"),))


def _recurrent(step: Step) -> Part:
    layer, name = step.layer, step.name
    kind = {SimpleRNN: "RNN", GRU: "GRU", LSTM: "LSTM"}[type(layer)]
    second = f"self.{name}.bias_hh_l0"
    make = [
        f"self.{name} = nn.{kind}({layer.inputs}, {layer.units}, batch_first=True)  # (N, T, F), time in the middle"
    ]
    gates = {SimpleRNN: "(F, H) -> (H, F)", GRU: "gates r, z, n as here", LSTM: "gates i, f, g, o as here"}[type(layer)]
    load = [
        _copy(step, "weight_ih_l0", "weight_x", ".T", gates),
        _copy(step, "weight_hh_l0", "weight_h", ".T"),
        _copy(step, "bias_ih_l0", "bias"),
        f"model.{name}.bias_hh_l0.zero_()",
    ]
    if isinstance(layer, GRU):
        both = 2 * layer.units
        make.append(
            f"{second}.register_hook(lambda g: torch.cat((0 * g[:{both}], g[{both}:])))  # one bias is enough for r and z"
        )
        load.append(
            noted(
                f'model.{name}.bias_hh_l0[{both}:] = stored["{step.key("bias_n")}"]', "inside the reset gate's product"
            )
        )
    else:
        make.append(f"{second}.requires_grad_(False)  # PyTorch adds a second bias; two would learn twice as fast")
    part = "" if layer.return_sequences else "[:, -1]"
    call = noted(
        f"x = self.{name}(x)[0]{part}", "[0]: the states of all steps" + (", [:, -1]: the last" if part else "")
    )
    return Part((call,), tuple(make), tuple(load))


LAYERS: dict[Any, Callable[[Step], Part]] = {
    Dense: _dense,
    Conv2D: _conv2d,
    Conv1D: _conv2d,
    MaxPool2D: _pool,
    AvgPool2D: _pool,
    GlobalAvgPool2D: _global_average,
    Flatten: _flatten,
    BatchNorm: _batch_norm,
    LayerNorm: _layer_norm,
    Dropout: _dropout,
    Embedding: _embedding,
    SimpleRNN: _recurrent,
    GRU: _recurrent,
    LSTM: _recurrent,
}


def _turn(step: Step, first: bool, rank: int) -> list[str]:
    """The line that moves the channels, where the next layer wants them elsewhere."""
    if first == step.channels_first or rank < 2:
        return []
    letters = {2: "T", 3: "H, W"}.get(rank, "…")
    if step.channels_first:
        return [f"x = x.movedim(-1, 1)  # PyTorch wants channels first: (N, {letters}, C) -> (N, C, {letters})"]
    return [f"x = x.movedim(1, -1)  # back to channels last: (N, C, {letters}) -> (N, {letters}, C)"]


def lines(steps: list[Step]) -> list[Line]:
    """The whole program, each line with the place of its layer."""
    make: list[Line] = []
    call: list[Line] = []
    load: list[Line] = []
    first = False
    for step in steps:
        row = LAYERS.get(type(step.layer))
        part = row(step) if row else activation(step, "pytorch")
        call += [(step.place, " " * 8 + line) for line in (*_turn(step, first, len(step.before)), *part.call)]
        make += [(step.place, " " * 8 + line) for line in part.make]
        load += [(step.place, " " * 8 + line) for line in part.load]
        first = step.channels_first and len(step.after) > 1
    if first:
        call.append((None, " " * 8 + "x = x.movedim(1, -1)  # out with channels last, as in dlcourse"))
    weights: list[Line] = [(None, "    with torch.no_grad():"), *load]
    text = HEAD.splitlines()
    between = ["", "    def forward(self, x):"]
    end = [
        "        return x",
        "",
        "",
        "def load(path):",
        '    """The network with the weights of a file of dl.save."""',
    ]
    return [
        *((None, line) for line in text),
        *make,
        *((None, line) for line in between),
        *call,
        *((None, line) for line in end),
        *([(None, "    stored = load_file(path)")] if load else []),
        (None, "    model = Network()"),
        *(weights if load else []),
        (None, "    return model  # it trains; model.eval() before predicting"),
    ]


HEAD = '''"""A network of dlcourse in PyTorch. Batches go in as there, with channels last."""

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    def __init__(self):
        super().__init__()'''
