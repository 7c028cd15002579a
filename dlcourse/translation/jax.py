"""The network in JAX: plain functions and a dict of arrays, in the very layout of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.layers.convolution import AvgPool2D, Conv1D, Conv2D, GlobalAvgPool2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.module import Flatten
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.translation.jax_loops import LOOPS
from dlcourse.translation.parts import Line, Part, activation, noted, settings
from dlcourse.translation.plan import Step

__all__ = ["LAYERS", "lines"]


def _weight(step: Step, name: str) -> str:
    return f'weights["{step.key(name)}"]'


def _plus_bias(step: Step) -> str:
    return f" + {_weight(step, 'bias')}" if step.layer.bias is not None else ""


def _dense(step: Step) -> Part:
    return Part((f"x = x @ {_weight(step, 'weight')}{_plus_bias(step)}",))


def _conv2d(step: Step) -> Part:
    layer = step.layer
    flat = isinstance(layer, Conv1D)
    axes = ("NWC", "WIO", "NWC") if flat else ("NHWC", "HWIO", "NHWC")
    stride, dilation = (layer.stride[1:], layer.dilation[1:]) if flat else (layer.stride, layer.dilation)
    extra = settings(rhs_dilation=dilation if max(dilation) > 1 else None)
    kernel = _weight(step, "weight") + ("[0]" if flat else "")
    note = f"{axes[0]}: channels last, {'W is time' if flat else 'as in dlcourse'}"
    call = [
        noted(f'layout = ("{axes[0]}", "{axes[1]}", "{axes[2]}")', note),
        f'x = lax.conv_general_dilated(x, {kernel}, {stride}, "{layer.padding.upper()}"{extra}, dimension_numbers=layout)',
        *([f"x = x{_plus_bias(step)}"] if layer.bias is not None else []),
    ]
    return Part(tuple(call))


def _pool(step: Step) -> Part:
    window, stride = (1, *step.layer.size, 1), (1, *step.layer.stride, 1)
    if isinstance(step.layer, MaxPool2D):
        return Part((f'x = lax.reduce_window(x, -jnp.inf, lax.max, {window}, {stride}, "VALID")',))
    number = step.layer.size[0] * step.layer.size[1]
    return Part((f'x = lax.reduce_window(x, 0.0, lax.add, {window}, {stride}, "VALID") / {number}',))


def _global_average(step: Step) -> Part:
    return Part(("x = x.mean((1, 2))  # over height and width",))


def _flatten(step: Step) -> Part:
    return Part(("x = x.reshape(len(x), -1)  # row by row, channels last, as in dlcourse",))


def _normalized(step: Step) -> str:
    return (
        f"x = (x - mean) / jnp.sqrt(variance + {step.layer.eps}) * {_weight(step, 'scale')} + {_weight(step, 'shift')}"
    )


def _batch_norm(step: Step) -> Part:
    m = step.layer.momentum
    mean, variance = (f'"{step.key(name)}"' for name in ("running_mean", "running_variance"))
    axes = tuple(range(len(step.before)))
    number = "len(x)" if len(step.before) == 1 else f"(x.size // {step.layer.features})"
    return Part(
        (
            f"mean, variance = averages[{mean}], averages[{variance}]",
            "if training:",
            f"    mean, variance, n = x.mean({axes}), x.var({axes}), {number}",
            "    averages = averages | {  # m is the share of the new batch; its variance is divided by n − 1",
            f"        {mean}: (1 - {m}) * averages[{mean}] + {m} * mean,",
            f"        {variance}: (1 - {m}) * averages[{variance}] + {m} * variance * n / (n - 1),",
            "    }",
            _normalized(step),
        )
    )


def _layer_norm(step: Step) -> Part:
    return Part(("mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)", _normalized(step)))


def _dropout(step: Step) -> Part:
    p = step.layer.p
    return Part(
        (
            "if training:",
            "    key, now = jax.random.split(key)",
            f"    kept = jax.random.bernoulli(now, 1 - {p}, x.shape)  # the share that is kept, 1 − p",
            f"    x = jnp.where(kept, x / (1 - {p}), 0)",
        )
    )


def _embedding(step: Step) -> Part:
    return Part((f"x = {_weight(step, 'weight')}[x]",))


def _recurrent(step: Step) -> Part:
    names = ["weight_x", "weight_h", "bias"] + (["bias_n"] if isinstance(step.layer, GRU) else [])
    helper = {SimpleRNN: "simple_rnn", GRU: "gru", LSTM: "lstm"}[type(step.layer)]
    part = "" if step.layer.return_sequences else "[:, -1]"
    note = "" if step.layer.return_sequences else "the last state"
    call = f"x = {helper}(x, {', '.join(_weight(step, name) for name in names)}){part}"
    return Part((noted(call, note),), helper=helper)


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


def lines(steps: list[Step]) -> list[Line]:
    """The whole program, each line with the place of its layer."""
    call: list[Line] = []
    helpers = []
    for step in steps:
        row = LAYERS.get(type(step.layer))
        part = row(step) if row else activation(step, "jax")
        call += [(step.place, "    " + line) for line in part.call]
        helpers.append(part.helper)
    kinds = {type(step.layer) for step in steps}
    head = ['"""A network of dlcourse in JAX: functions, and a dict of arrays."""', "", "import jax"]
    head += ["import jax.numpy as jnp", "from jax import lax", "from safetensors.numpy import load_file", "", ""]
    for helper in dict.fromkeys(name for name in helpers if name):
        head += [*LOOPS[helper].splitlines(), "", ""]
    inputs = ["weights", *(["averages"] if BatchNorm in kinds else []), "x"]
    inputs += ["training=False"] if kinds & {BatchNorm, Dropout} else []
    inputs += ["key=None"] if Dropout in kinds else []
    head += [f"def network({', '.join(inputs)}):"]
    end = ["    return x, averages" if BatchNorm in kinds else "    return x", "", "", *_loading(steps)]
    return [*((None, line) for line in head), *call, *((None, line) for line in end)]


def _loading(steps: list[Step]) -> list[str]:
    """The function that reads the file: the arrays stay as they are."""
    averages = any(isinstance(step.layer, BatchNorm) for step in steps)
    what = "weights, which are learned, and running averages" if averages else "weights"
    text = ["def load(path):", f'    """Read {what} from a file of dl.save, which has the same layout."""']
    text += ['    stored = {name: jnp.asarray(array) for name, array in load_file(path).items() if "/" not in name}']
    text += ["    # Names with a / belong to an optimizer that was saved too."]
    if not averages:
        return [*text, "    return stored"]
    return [
        *text,
        '    averages = {name: stored.pop(name) for name in list(stored) if "running_" in name}',
        "    return stored, averages",
    ]
