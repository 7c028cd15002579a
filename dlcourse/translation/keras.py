"""The network in Keras 3: channels last and weights as here, other names and another order of a GRU's gates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.layers.convolution import AvgPool2D, Conv1D, Conv2D, GlobalAvgPool2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.module import Flatten
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.ops.convolution import padding_widths
from dlcourse.translation.parts import Line, Part, activation, example, noted, one_or_pair, settings
from dlcourse.translation.plan import Step

__all__ = ["LAYERS", "lines"]


def _call(step: Step, arguments: str, note: str = "") -> str:
    kind, _, rest = arguments.partition("(")
    between = "" if rest == ")" else ", "
    return noted(f'x = layers.{kind}({rest[:-1]}{between}name="{step.name}")(x)', note)


def _set(step: Step, *arrays: str, note: str = "") -> str:
    """The line that fills a layer from the file, array by array in the order of Keras."""
    values = ", ".join(f'stored["{step.key(name)}"]' for name in arrays)
    return noted(f'model.get_layer("{step.name}").set_weights([{values}])', note)


def _with_bias(step: Step, kernel: str = "weight") -> tuple[str, ...]:
    return (kernel, "bias") if step.layer.bias is not None else (kernel,)


def _no_bias(step: Step) -> str:
    return settings(use_bias=None if step.layer.bias is not None else False)


def _dense(step: Step) -> Part:
    call = _call(step, f"Dense({step.layer.outputs}{_no_bias(step)})")
    return Part((call,), load=(_set(step, *_with_bias(step), note="(K, M), as in dlcourse"),))


def _conv2d(step: Step) -> Part:
    layer = step.layer
    flat = isinstance(layer, Conv1D)
    kind, kernel = ("Conv1D", layer.kernel[1]) if flat else ("Conv2D", layer.kernel)
    stride, dilation = layer.stride, layer.dilation
    both = max(stride) > 1 and max(dilation) > 1  # Keras refuses that
    padding = "same" if layer.padding == "same" and not both else None
    extra = settings(
        strides=None if both else (stride[1] if stride[1] > 1 else None) if flat else one_or_pair(stride, 1),
        padding=padding,
        dilation_rate=(dilation[1] if dilation[1] > 1 else None) if flat else one_or_pair(dilation, 1),
    )
    call = [
        _call(step, f"{kind}({layer.filters}, {kernel}{extra}{_no_bias(step)})", "channels last " + example(step.after))
    ]
    if both:
        call = [*_zeros_around(step, flat), *call]
        steps = f"::{stride[1]}" if flat else f"::{stride[0]}, ::{stride[1]}"
        call.append(f"x = x[:, {steps}]  # the stride: Keras has none beside a dilation")
    if flat:
        values = ['stored["{}"][0]'.format(step.key("weight"))]
        values += ['stored["{}"]'.format(step.key("bias"))] if layer.bias is not None else []
        load = f'model.get_layer("{step.name}").set_weights([{", ".join(values)}])  # (1, K, C, F) -> (K, C, F)'
    else:
        load = _set(step, *_with_bias(step), note="(KH, KW, C, F), as in dlcourse")
    return Part(tuple(call), load=(load,))


def _zeros_around(step: Step, flat: bool) -> list[str]:
    """The zeros of "same", where the layer itself has to do without."""
    if step.layer.padding == "valid":
        return []
    sizes = (1, step.before[0]) if flat else step.before[:2]
    axes = zip(sizes, step.layer.kernel, step.layer.stride, step.layer.dilation, strict=True)
    rows, columns = (padding_widths("same", *axis) for axis in axes)
    widths, kind = (columns, "ZeroPadding1D") if flat else ((rows, columns), "ZeroPadding2D")
    return [f'x = layers.{kind}({widths})(x)  # "same": an odd rest goes to the end']


def _pool(step: Step) -> Part:
    kind = "MaxPooling2D" if isinstance(step.layer, MaxPool2D) else "AveragePooling2D"
    stride = None if step.layer.stride == step.layer.size else step.layer.stride
    return Part((_call(step, f"{kind}({step.layer.size}{settings(strides=stride)})"),))


def _global_average(step: Step) -> Part:
    return Part((_call(step, "GlobalAveragePooling2D()"),))


def _flatten(step: Step) -> Part:
    return Part((_call(step, "Flatten()", "row by row, channels last, as in dlcourse"),))


def _batch_norm(step: Step) -> Part:
    layer = step.layer
    momentum = f"1 - {layer.momentum}"
    call = _call(
        step,
        f"BatchNormalization(momentum={momentum}, epsilon={layer.eps})",
        "momentum: the share that is kept, 1 − m",
    )
    load = (
        'names = ("scale", "shift", "running_mean", "running_variance")  # Keras divides the next ones by n, not by n − 1',
        f'model.get_layer("{step.name}").set_weights([stored[f"{step.key("{name}")}"] for name in names])',
    )
    return Part((call,), load=load)


def _layer_norm(step: Step) -> Part:
    call = _call(step, f"LayerNormalization(epsilon={step.layer.eps})", "without epsilon, Keras takes 0.001")
    return Part((call,), load=(_set(step, "scale", "shift"),))


def _dropout(step: Step) -> Part:
    return Part((_call(step, f"Dropout({step.layer.p})", "the share that is dropped"),))


def _embedding(step: Step) -> Part:
    call = _call(step, f"Embedding({step.layer.vocabulary}, {step.layer.features})")
    return Part((call,), load=(_set(step, "weight"),))


def _recurrent(step: Step) -> Part:
    layer = step.layer
    kind = type(layer).__name__
    extra = settings(return_sequences=True if layer.return_sequences else None)
    call = _call(step, f"{kind}({layer.units}{extra})")
    note = "gates i, f, c, o: the same order, g is called c" if kind == "LSTM" else ""
    return Part((call,), load=(_set(step, "weight_x", "weight_h", "bias", note=note),))


def _gru(step: Step) -> Part:
    """Keras has a second bias for every gate; only the one of n is needed, so the others are held at 0."""
    h, used = step.layer.units, step.name.replace("layer", "used")
    extra = settings(return_sequences=True if step.layer.return_sequences else None)
    call = (
        f'{used} = np.repeat([[1, 1, 1], [0, 0, 1]], {h}, axis=1).astype("float32")  # one bias is enough for z and r',
        _call(
            step,
            f"GRU({h}{extra}, bias_constraint=lambda b: ops.multiply(b, {used}))",
            "Keras resets after the product too",
        ),
    )
    weights = ", ".join(f'stored["{step.key(name)}"][:, order]' for name in ("weight_x", "weight_h"))
    load = (
        f"order = np.r_[{h}:{2 * h}, 0:{h}, {2 * h}:{3 * h}]  # gates r, z, n -> Keras' z, r, h",
        f'bias = np.stack((stored["{step.key("bias")}"][order], np.zeros({3 * h}, np.float32)))',
        noted(f'bias[1, {2 * h}:] = stored["{step.key("bias_n")}"]', "inside the reset gate's product"),
        f'model.get_layer("{step.name}").set_weights([{weights}, bias])',
    )
    return Part(call, load=load, helper="numpy")


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
    GRU: _gru,
    LSTM: _recurrent,
}


def lines(steps: list[Step]) -> list[Line]:
    """The whole program, each line with the place of its layer."""
    call: list[Line] = []
    load: list[Line] = []
    helpers = set()
    for step in steps:
        row = LAYERS.get(type(step.layer))
        part = row(step) if row else activation(step, "keras")
        call += [(step.place, "    " + line) for line in part.call]
        load += [(step.place, "    " + line) for line in part.load]
        helpers.add(part.helper)
    shape = steps[0].before if steps else ()
    whole = ', dtype="int32"' if any(isinstance(step.layer, Embedding) for step in steps) else ""
    head = ['"""A network of dlcourse in Keras 3, on whichever back end it has."""', "", "import keras"]
    head += ["import numpy as np"] if "numpy" in helpers else []
    head += ["from keras import layers, ops", "from safetensors.numpy import load_file", "", "", "def network():"]
    head += [f"    inputs = x = keras.Input({shape}{whole})  # one example; the batch axis comes by itself"]
    middle = ["    return keras.Model(inputs, x)", "", "", "def load(path):"]
    middle += ['    """The network with the weights of a file of dl.save."""']
    middle += ["    stored = load_file(path)"] if load else []
    middle += ["    model = network()"]
    return [
        *((None, line) for line in head),
        *call,
        *((None, line) for line in middle),
        *load,
        (None, "    return model"),
    ]
