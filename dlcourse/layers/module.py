"""Module, the base of everything that holds parameters, and Sequential, which runs layers one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explain, explained, explains_its_settings, is_signature_error
from dlcourse.comparison import ParameterList
from dlcourse.errors import PositionError, ShapeError, UnfinishedError, WrongTypeError, brief, joined
from dlcourse.layers.held import Held
from dlcourse.layers.modes import evaluating
from dlcourse.layers.summary import layer_name, table
from dlcourse.streams import printable
from dlcourse.tensor import Parameter, Tensor, constant

__all__ = ["Flatten", "Module", "Sequential"]


class Module:
    """Something callable from tensor to tensor that may hold parameters and other modules as attributes.

    Write your own by storing parameters and layers as attributes and defining ``forward``.

    Attributes
    ----------
    training : bool
        Whether layers that behave differently while training (dropout, batch normalization) should do so. It is True until
        `eval` or `predict` say otherwise.
    buffers : tuple of str
        Names of the attributes that hold arrays to be saved with the parameters; see `named_buffers`.

    Examples
    --------
    >>> import dlcourse as dl
    >>> class Line(dl.Module):
    ...     def __init__(self):
    ...         self.slope, self.height = dl.Parameter([2.0]), dl.Parameter([1.0])
    ...     def forward(self, x):
    ...         return self.slope * x + self.height
    >>> Line()(3.0).data
    array([7.], dtype=float32)
    >>> list(Line().named_parameters())
    ['slope', 'height']
    """

    buffers: ClassVar[tuple[str, ...]] = ()
    _seen: tuple[int, ...] | None = None  # shape of one example of the last batch, where that is noted
    _threshold: float | None = None  # above which a single output means class 1, as `fit` found it in its loss

    def __init__(self) -> None:
        pass  # a class without settings refuses what it is given; none of its own has to call this

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        explains_its_settings(cls)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(vars(self).get(name), Parameter) and not isinstance(value, Parameter) and value is not None:
            raise WrongTypeError(
                f"{self.describe()}: {name} is a Parameter, and {brief(value)} would not be learned. Change its numbers with "
                f"{name}.data[...] = ..., or put another dl.Parameter there."
            )
        object.__setattr__(self, name, value)

    @property
    def training(self) -> bool:
        """Whether the module trains now; else it predicts."""
        return bool(self._modes().get("training", True))

    @training.setter
    def training(self, mode: bool) -> None:
        self._modes()["training"] = mode

    def _modes(self) -> dict[str, Any]:
        """What holds the mode that counts now: the innermost block that switches this module, else the module itself."""
        for block in reversed(evaluating.running()):
            if id(self) in block.modes:
                return block.modes[id(self)][1]
        return vars(self)

    def forward(self, x: Any) -> Tensor:
        """Compute the output for a batch of inputs, (N, ...) -> (N, ...). Subclasses define it.

        Raises
        ------
        UnfinishedError
            If they do not.
        """
        raise UnfinishedError(f"{type(self).__name__} does not define forward(self, x) yet.")

    def __call__(self, *inputs: Any, **settings: Any) -> Any:
        try:
            if len(inputs) == 1 and not settings:  # nearly always, and a plain call is sooner made
                return self.forward(inputs[0])
            return self.forward(*inputs, **settings)
        except TypeError as error:
            if not is_signature_error(error):
                raise
            raise WrongTypeError(explain(self.describe(), type(self).forward, (self, *inputs), settings)) from None

    def members(self) -> Mapping[Any, Any]:
        """What this module holds, by name: its attributes."""
        return vars(self)

    def modules(self) -> Iterator[Module]:
        """This module and all within, each once."""
        yield self
        for _, module in Held(self, Module).modules:
            yield module

    def named_parameters(self) -> dict[str, Parameter]:
        """Parameters by name, such as "0.weight"; one that is used in two places is listed once, under its first name.

        Raises
        ------
        WrongTypeError
            If there is a tensor that asks for a gradient and is not a Parameter, or a layer that is held where it is not found.
        """
        return dict(self._held_parameters())

    def _held_parameters(self) -> list[tuple[str, Parameter]]:
        held = Held(self, Module)
        held.check()
        return held.parameters

    def named_buffers(self) -> dict[str, Array]:
        """Arrays that layers keep besides what is learned, by name: the running averages of `BatchNorm`.

        They are saved and loaded with the parameters. A layer of your own names its arrays in `buffers`.
        """
        buffers = {name: getattr(self, name) for name in self.buffers}
        for place, module in Held(self, Module).modules:
            buffers |= {f"{place}.{name}": getattr(module, name) for name in module.buffers}
        return buffers

    def parameters(self) -> ParameterList[Parameter]:
        """Return every parameter once, in the order of `named_parameters`."""
        return ParameterList([parameter for _, parameter in self._held_parameters()])

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Module:
        """Switch to training (dropout drops, batch normalization uses the batch), or back with mode=False. Returns the module."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to prediction. Returns the module."""
        return self.train(False)

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        return type(self).__name__

    def __repr__(self) -> str:
        return printable(self.describe())

    @explained
    def summary(self, input_shape: tuple[int, ...] | None = None) -> str:
        """Table of layers with output shapes and parameter counts; a layer that does not fit is named.

        Parameters
        ----------
        input_shape : tuple of int, optional
            Shape of one example, without the batch axis. A `Sequential` takes that of its last batch unless given.

        Raises
        ------
        WrongTypeError
            If that is not a tuple.

        Examples
        --------
        >>> import numpy as np, dlcourse as dl
        >>> model = dl.Sequential(dl.Flatten(), dl.Dense(64, 10, rng=np.random.default_rng(0)))
        >>> print(model.summary((8, 8, 1)))
        layer           output        parameters
        input           (N, 8, 8, 1)
        Flatten         (N, 64)                0
        Dense(64 → 10)  (N, 10)              650
        total                                650
        """
        return table(self._rows(), self._seen if input_shape is None else input_shape)

    def _rows(self) -> list[tuple[str, Any]]:
        """What stands in the table: names, and the layers themselves."""
        return [(self.describe(), self)]


explains_its_settings(Module)  # __init_subclass__ sees its subclasses only


class Flatten(Module):
    """(N, ...) -> (N, product of the rest): every entry of an example in one row.

    Raises
    ------
    ShapeError
        If the input is a single number.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 8, 8, 1))).shape
    (5, 64)
    """

    def forward(self, x: Any) -> Tensor:
        """Put every example in one row, (N, ...) -> (N, product of the rest)."""
        x = x if isinstance(x, Tensor) else constant(x)
        if x.ndim == 0:
            raise ShapeError("Flatten: needs a batch, shape (N, ...), not a single number.")
        return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))


class Sequential(Module):
    """Layers one after another: the output of each is the input of the next.

    ``model[0]`` is its first layer, ``model[:2]`` a model of the first two, and ``model[-1] = layer`` replaces the last.

    Parameters
    ----------
    *layers : callable
        Modules, or plain functions from tensor to tensor.

    Raises
    ------
    WrongTypeError
        If a layer cannot be called, or one with parameters stands in two places.

    Examples
    --------
    >>> import numpy as np
    >>> import dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Sequential(dl.Dense(2, 3, activation=dl.tanh, rng=rng), dl.Dense(3, 1, rng=rng))
    >>> model(np.zeros((5, 2), np.float32)).shape
    (5, 1)
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        if len(layers) == 1 and isinstance(layers[0], (list, tuple)):
            raise WrongTypeError(
                "Sequential: pass the layers one by one, Sequential(a, b), or with a star: Sequential(*layers)."
            )
        _check_layers(layers)
        self.layers = list(layers)

    def members(self) -> Mapping[Any, Any]:
        """The layers, named by their positions from 0."""
        return dict(enumerate(self.layers))

    def forward(self, x: Any) -> Tensor:
        """Send a batch through all layers in their order; shapes are what the first takes and the last gives."""
        x = x if isinstance(x, Tensor) else constant(x)
        shape = x._data.shape[1:]
        if shape != self._seen:
            self._seen = shape
        for layer in self.layers:
            x = layer(x)
            if not isinstance(x, Tensor):
                self._refuse(layer, x)
        return x

    def _refuse(self, layer: Any, output: Any) -> None:
        forgotten = " Did it forget its return?" if output is None else ""
        raise WrongTypeError(
            f"Sequential: layer {self.layers.index(layer)} ({layer_name(layer)}) should return a tensor, not "
            f"{brief(output)}.{forgotten}"
        )

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __getitem__(self, i: int | slice) -> Any:
        return Sequential(*self.layers[i]) if isinstance(i, slice) else self.layers[self._place(i)]

    def __setitem__(self, i: int, layer: Callable[[Any], Any]) -> None:
        """Put another layer in a place. Make the optimizer afterwards: an earlier one still holds the old parameters."""
        layers = self.layers.copy()
        layers[self._place(i)] = layer
        _check_layers(layers)
        self.layers, self._seen = layers, None

    def _place(self, i: Any) -> int:
        if not isinstance(i, (int, np.integer)):
            raise WrongTypeError(f"Sequential: a layer is named by its position, a whole number, not {brief(i)}.")
        if not -len(self) <= i < len(self):
            raise PositionError(
                f"Sequential: there is no layer {i}; there are {len(self)}, numbered 0 to {len(self) - 1}."
            )
        return int(i)

    def describe(self) -> str:
        """The names of all layers in one line."""
        return f"Sequential({joined(layer_name(layer) for layer in self.layers)})"

    def __repr__(self) -> str:
        return printable(self.summary())

    def _rows(self) -> list[tuple[str, Any]]:
        return [(layer_name(layer), layer) for layer in self.layers]


def _check_layers(layers: Sequence[Any]) -> None:
    place: dict[int, int] = {}
    for i, layer in enumerate(layers):
        if not callable(layer):
            raise WrongTypeError(f"Sequential: layer {i} should be callable from tensor to tensor, not {brief(layer)}.")
        if isinstance(layer, type):
            raise WrongTypeError(
                f"Sequential: layer {i} is the class {layer.__name__}; make one with {layer.__name__}(...)."
            )
        first = place.setdefault(id(layer), i)
        if first != i and isinstance(layer, Module) and layer.parameters():
            raise WrongTypeError(
                f"Sequential: layers {first} and {i} are one and the same {layer_name(layer)}, so they would share their "
                "weights. Make one for each place. To share on purpose, write a Module that calls it twice."
            )
