"""What `Translate` knows: a network made of lines of code, and where each of its arrays stands in other libraries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import dlcourse
from dlcourse.arrays import Array
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Module, Sequential
from dlcourse.layers.summary import layer_name
from dlcourse.tensor import Tensor
from dlcourse.translation.conventions import NAMES, expected, here
from dlcourse.translation.parts import Line
from dlcourse.translation.plan import Shape, Step, plan
from dlcourse.translation.programs import program

__all__ = [
    "LIBRARIES", "MOST", "NEW", "START", "Held", "Network", "Row", "TranslateResult", "Translated", "built", "given", "is_of", "rows_of", "translated", "translated_from",
]  # fmt: skip

LIBRARIES = {"PyTorch": "pytorch", "Keras": "keras", "JAX": "jax"}
"""How they are called in the picture, and by `dl.translate`."""

MOST = 8
"""So many layers can be stacked here."""

NEW = {
    "Dense": "dl.Dense({}, 10, rng=rng)",
    "ReLU": "dl.relu",
    "GELU": "dl.gelu",
    "softmax": "dl.softmax",
    "Conv2D": "dl.Conv2D({}, 8, 3, rng=rng)",
    "MaxPool2D": "dl.MaxPool2D(2)",
    "Flatten": "dl.Flatten()",
    "BatchNorm": "dl.BatchNorm({})",
    "LayerNorm": "dl.LayerNorm({})",
    "Dropout": "dl.Dropout(0.5, rng=rng)",
    "GRU": "dl.GRU({}, 16, rng=rng)",
    "LSTM": "dl.LSTM({}, 16, rng=rng)",
}
"""What can be added, as lines of code; {} stands for the size of the last axis that comes in."""

START: dict[str, tuple[Shape, tuple[str, ...]]] = {
    "dense": ((8, 8, 1), (NEW["Flatten"], "dl.Dense({}, 128, rng=rng)", NEW["ReLU"], NEW["Dense"])),
    "convolutional": ((8, 8, 1), (NEW["Conv2D"], NEW["ReLU"], NEW["MaxPool2D"], NEW["Flatten"], NEW["Dense"])),
    "recurrent": ((12, 27), (NEW["GRU"], NEW["Dropout"], NEW["Dense"])),
}
"""The networks that one begins with: the shape of one example, and the layers."""


@dataclass(frozen=True)
class Network:
    """A network, its lines of code one by one, and shapes of one example: as it comes in, and after each line."""

    model: Module
    lines: tuple[str, ...]
    shapes: tuple[Shape, ...]

    @property
    def count(self) -> int:
        """Number of parameters."""
        return sum(parameter.size for parameter in self.model.parameters())


@dataclass(frozen=True)
class Held:
    """An array as one library holds it.

    Attributes
    ----------
    name : str
    shape : tuple of int
    outputs : int
        The axis along which the outputs of the layer lie.
    at : tuple of int
        Where the number stands that is followed; () in an array with one axis.
    """

    name: str
    shape: Shape
    outputs: int
    at: Shape = ()


@dataclass(frozen=True)
class Row:
    """An array of a layer here, in PyTorch and in Keras, and the number that is followed. None is a library without such an array."""

    ours: Held
    pytorch: Held | None
    keras: Held | None
    value: float


@dataclass(frozen=True)
class TranslateResult:
    """A network, its program in each library by name, and the arrays of the chosen layer."""

    network: Network
    programs: dict[str, tuple[Line, ...]]
    rows: tuple[Row, ...]


@lru_cache(maxsize=128)
def built(layers: tuple[str, ...], shape: Shape) -> Network:
    """The network of these lines, each made for what the one before gives; an error of the library where one does not fit."""
    rng = np.random.default_rng(0)
    made: list[Any] = []
    lines, shapes = [], [shape]
    x: Any = Tensor(np.zeros((1, *shape), np.float32))
    for template in layers:
        lines.append(template.format(shapes[-1][-1]))
        layer = eval(lines[-1], {"dl": dlcourse, "rng": rng})  # the code that is shown is the code that ran
        with predicting(layer):
            x = layer(x)
        made.append(layer)
        shapes.append(x.shape[1:])
    model = Sequential(*made)
    plan("translate", model, shape)  # what no other library can do is an error as well
    return Network(model, tuple(lines), tuple(shapes))


@dataclass(frozen=True)
class Translated:
    """The steps of a network, and its program in each library by the library's name."""

    steps: tuple[Step, ...]
    programs: dict[str, tuple[Line, ...]]


def translated(network: Network) -> Translated:
    """A network for all libraries."""
    model, shape = network.model, network.shapes[0]
    programs = {name: tuple(program(model, to, shape)) for name, to in LIBRARIES.items()}
    return Translated(tuple(plan("Translate", model, shape)), programs)


@lru_cache(maxsize=32)
def translated_from(layers: tuple[str, ...], shape: Shape) -> Translated:
    """The network of these lines for all libraries: whichever layer is looked at, it stays the same."""
    return translated(built(layers, shape))


def given(model: Module, shape: Shape | None) -> Network:
    """A network of the learner's own; its lines are the names of its layers."""
    steps = plan("Translate", model, shape)
    layers: Sequence[Any] = list(model) if isinstance(model, Sequential) else [model]
    after = [[step.after for step in steps if is_of(step.place, i)] for i in range(len(layers))]
    shapes: list[Shape] = [steps[0].before if steps else ()]
    for own in after:
        shapes.append(own[-1] if own else shapes[-1])
    return Network(model, tuple(layer_name(layer) for layer in layers), tuple(shapes))


def is_of(place: str | None, layer: int) -> bool:
    """Whether a place such as "2" or "2.0" lies in this layer; the place of a model that is one layer is "".

    Examples
    --------
    >>> is_of("2.0", 2), is_of("12", 1), is_of("", 0), is_of(None, 0)
    (True, False, True, False)
    """
    return place is not None and (place or "0").split(".")[0] == str(layer)


def rows_of(steps: Sequence[Step], layer: int) -> tuple[Row, ...]:
    """The arrays of one layer, in the order of their names here."""
    rows: list[Row] = []
    for step in steps:
        if is_of(step.place, layer) and type(step.layer) in NAMES["pytorch"]:
            pytorch, keras = elsewhere(step, "pytorch"), elsewhere(step, "keras")
            for name, array in {**step.layer.named_parameters(), **step.layer.named_buffers()}.items():
                numbers = np.asarray(getattr(array, "data", array) if isinstance(array, Tensor) else array)
                ours = Held(name, numbers.shape, numbers.ndim - 1, followed(numbers.shape))
                value = float(numbers[ours.at]) if ours.at else 0.0
                rows.append(Row(ours, pytorch.get(name), keras.get(name), value))
    return tuple(rows)


def followed(shape: Shape) -> Shape:
    """Where the number stands that is looked for elsewhere: at another index on every axis.

    Examples
    --------
    >>> followed((64, 10)), followed((3, 3, 1, 8)), followed((10,))
    ((1, 2), (1, 2, 0, 4), ())
    """
    return tuple((axis + 1) % size for axis, size in enumerate(shape)) if len(shape) > 1 else ()


def elsewhere(step: Step, source: str) -> dict[str, Held]:
    """By our name: how another library holds each array of a layer.

    All numbers there are numbered and brought here by the rules of `load_from`: so one sees where each comes from.
    """
    shapes = expected(step, source)
    numbered: dict[str, Array] = {}
    for name, shape in shapes.items():
        begin = sum(one.size for one in numbered.values())
        numbered[name] = np.arange(begin, begin + int(np.prod(shape))).reshape(shape)
    ours = here(step, source, numbered)
    held: dict[str, Held] = {}
    for theirs, name in NAMES[source][type(step.layer)].items():
        if theirs not in shapes or name not in ours:
            continue
        at = followed(ours[name].shape)
        if not at:
            held[name] = Held(theirs, shapes[theirs], len(shapes[theirs]) - 1)
            continue
        place = place_of(numbered[theirs], ours[name][at])
        beside = place_of(numbered[theirs], ours[name][(*at[:-1], 0)])  # the same input, another output
        held[name] = Held(theirs, shapes[theirs], int(np.argmax(np.not_equal(place, beside))), place)
    return held


def place_of(numbered: Array, number: Any) -> Shape:
    """Where a number stands in an array."""
    return tuple(int(axis[0]) for axis in np.nonzero(numbered == number))
