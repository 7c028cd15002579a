"""A model as a list of steps, each with the shapes before and after it: what every translation starts from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dlcourse.errors import ArgumentError, WrongTypeError, brief, check_whole
from dlcourse.layers.convolution import AvgPool2D, Conv1D, Conv2D, GlobalAvgPool2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.dropout import Dropout
from dlcourse.layers.modes import predicting
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.layers.normalization import BatchNorm, LayerNorm
from dlcourse.layers.recurrent import GRU, LSTM, Embedding, SimpleRNN
from dlcourse.tensor import Tensor
from dlcourse.translation.activations import ACTIVATIONS

__all__ = ["LAYERS", "Shape", "Step", "plan"]

Shape = tuple[int, ...]

RECURRENT = (SimpleRNN, GRU, LSTM)
# What PyTorch computes with the channels right behind the batch axis: (N, C, H, W) and (N, C, T).
CHANNELS_FIRST = (Conv2D, Conv1D, MaxPool2D, AvgPool2D, GlobalAvgPool2D, BatchNorm)
# What it computes along the last axis, as we do.
LAST_AXIS = (Dense, LayerNorm, Embedding, *RECURRENT)
LAYERS = (*CHANNELS_FIRST, *LAST_AXIS, Flatten, Dropout)


@dataclass(frozen=True)
class Step:
    """One layer or activation at its place in a model.

    Attributes
    ----------
    place : str
        How the names of its arrays begin in a file, such as "2" in "2.weight"; "" for a model that is one layer.
    layer : Module, or one of the activations
    settings : dict
        Those of an activation, such as its slope.
    before, after : tuple of int
        Shapes of one example.
    channels_first : bool
        Whether the numbers come with channels first in PyTorch.
    flattened : tuple of int
        The shape that was flattened into these features, where PyTorch does that in another order; else ().
    """

    place: str
    layer: Any
    settings: dict[str, Any]
    before: Shape = ()
    after: Shape = ()
    channels_first: bool = False
    flattened: Shape = ()

    @property
    def name(self) -> str:
        """What the layer is called in a program."""
        return "layer" + self.place.replace(".", "_")

    def key(self, array: str) -> str:
        """The name of one of its arrays in a file of `dl.save`."""
        return f"{self.place}.{array}" if self.place else array


def plan(owner: str, model: Any, input_shape: Shape | None, *, shapes: bool = True) -> list[Step]:
    """The steps of a model, in their order.

    Parameters
    ----------
    owner : str
        Who asks, for messages.
    model : Module
    input_shape : tuple of int or None
        Shape of one example; that of the last batch unless given.
    shapes : bool
        Whether shapes are needed.

    Raises
    ------
    WrongTypeError
        If the model is not one, or has classes or functions of a learner's own in it.
    ArgumentError
        If shapes are needed and the input's is not known, or weights are used in two places.
    """
    if not isinstance(model, Module):
        raise WrongTypeError(f"{owner}: expects a model, such as dl.Sequential(...), not {brief(model)}.")
    steps = list(_steps(owner, "", model, {}))
    _check_names(owner, model, steps)
    if not shapes:
        return steps
    return _with_layout(_with_shapes(steps, _input_shape(owner, model, steps, input_shape)))


def _steps(owner: str, place: str, layer: Any, settings: dict[str, Any]) -> Iterator[Step]:
    if isinstance(layer, partial) and not layer.args and _is_activation(layer.func):
        plain = {name: value.item() if hasattr(value, "item") else value for name, value in layer.keywords.items()}
        yield from _steps(owner, place, layer.func, plain)
    elif type(layer) is Sequential:
        for i, inner in enumerate(layer):
            yield from _steps(owner, f"{place}.{i}".lstrip("."), inner, {})
    elif type(layer) in LAYERS:
        yield Step(place, layer, settings)
        activation = getattr(layer, "activation", None)
        if activation is not None:
            inside = isinstance(activation, Module)
            yield from _steps(owner, f"{place}.activation".lstrip(".") if inside else place, activation, {})
    elif _is_activation(layer):
        yield Step(place, layer, ACTIVATIONS[layer].defaults | settings)
    else:
        where = f"layer {place}" if place else "the model"
        if isinstance(layer, Module):
            raise WrongTypeError(
                f"{owner}: {where} is a {type(layer).__name__}, a class of your own, and what its forward does is Python that only you "
                "can take over. Translate the parts it is made of, each dl.Sequential by itself, and write forward by hand."
            )
        raise WrongTypeError(
            f"{owner}: {where} applies {brief(layer)}, which has no known counterpart in other libraries. The activations of "
            "the course have one; settings go with them as in functools.partial(dl.leaky_relu, slope=0.2)."
        )


def _is_activation(layer: Any) -> bool:
    return isinstance(layer, Hashable) and layer in ACTIVATIONS


def _check_names(owner: str, model: Module, steps: list[Step]) -> None:
    """Each array of each step has to be in the file, under the step's own name."""
    names = model.named_parameters()
    for step in steps:
        if isinstance(step.layer, Module):
            for array in step.layer.named_parameters():
                if step.key(array) not in names:
                    raise ArgumentError(
                        f"{owner}: {step.key(array)} is used in two places and stands once in a file. Translate the model without the "
                        "second place, and let the program call the first layer twice."
                    )


def _input_shape(owner: str, model: Module, steps: list[Step], given: Any) -> Shape:
    """The shape of one example: as given, that of the last batch, or that of the first layer where one is enough."""
    if isinstance(given, (tuple, list)):
        return tuple(check_whole(owner, "a size in input_shape", size) for size in given)
    if given is not None:
        raise WrongTypeError(
            f"{owner}: input_shape is the shape of one example, a tuple such as (8, 8, 1) or (64,), not {brief(given)}."
        )
    if model._seen is not None:
        return model._seen
    for step in steps:
        if isinstance(step.layer, Dense):
            return (step.layer.inputs,)
        if isinstance(step.layer, (BatchNorm, LayerNorm)):
            return (step.layer.features,)
        if isinstance(step.layer, Module) and not isinstance(step.layer, Dropout):
            break
    raise ArgumentError(
        f"{owner}: the shape of one example is not known yet. Give it, as in input_shape=(8, 8, 1), or send one batch through "
        "the model first."
    )


def _with_shapes(steps: list[Step], shape: Shape) -> list[Step]:
    """Send one example of zeros through: a layer that does not fit says so itself."""
    x: Any = Tensor(np.zeros((1, *shape), int))  # whole numbers: symbols have to be, and layers cast the rest
    filled = []
    with predicting(*(step.layer for step in steps)):
        for step in steps:
            before = x.shape[1:]
            x = step.layer(x, **step.settings)
            filled.append(replace(step, before=before, after=x.shape[1:]))
    return filled


def _with_layout(steps: list[Step]) -> list[Step]:
    """Which order of axes PyTorch has at each step, and where features are a flattened image."""
    first = False
    flattened: Shape = ()
    placed = []
    for i, step in enumerate(steps):
        own = flattened
        if isinstance(step.layer, CHANNELS_FIRST):
            first = len(step.before) > 1
        elif isinstance(step.layer, Flatten):
            first = first and _dense_follows(steps[i + 1 :])
            if first:
                own = flattened = step.before
        elif isinstance(step.layer, LAST_AXIS) or "axis" in step.settings:
            first = False
        placed.append(replace(step, channels_first=first, flattened=own))
        if isinstance(step.layer, Dense):
            flattened = ()
        if len(step.after) < 2:
            first = False
    return placed


def _dense_follows(steps: list[Step]) -> bool:
    """Whether a Dense layer takes these features, with nothing between that asks for their order."""
    for step in steps:
        if isinstance(step.layer, Dense):
            return True
        if isinstance(step.layer, Module) and not isinstance(step.layer, (BatchNorm, LayerNorm, Dropout, Flatten)):
            return False
    return False
