"""Module, the base of everything that holds parameters, and Sequential, which runs layers one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explain, explained, explains_its_settings, is_signature_error
from dlcourse.errors import PositionError, ShapeError, UnfinishedError, WrongTypeError, brief, joined
from dlcourse.meanwhile import Meanwhile
from dlcourse.recording import no_grad
from dlcourse.streams import printable
from dlcourse.tensor import Parameter, Tensor

__all__ = ["Flatten", "Module", "Sequential", "evaluating", "predicting"]


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
        """Where the mode stands that counts now: in the innermost block that switches this module, else in the module."""
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
        for _, module in self._held()[1]:
            yield module

    def named_parameters(self) -> dict[str, Parameter]:
        """Parameters by name, such as "0.weight"; one that is used in two places stands once, under its first name."""
        return dict(self._held()[0])

    def _held(self) -> tuple[list[tuple[str, Parameter]], list[tuple[str, Module]]]:
        """Names of all parameters and of all modules within, each once, however deep in lists and dictionaries."""
        parameters: list[tuple[str, Parameter]] = []
        modules: list[tuple[str, Module]] = []
        _search(self.members(), "", parameters, modules, {id(self)})
        return parameters, modules

    def named_buffers(self) -> dict[str, Array]:
        """Arrays that layers keep besides what is learned, by name: the running averages of `BatchNorm`.

        They are saved and loaded with the parameters. A layer of your own names its arrays in `buffers`.
        """
        found = {name: getattr(self, name) for name in self.buffers}
        for place, module in self._held()[1]:
            found |= {f"{place}.{name}": getattr(module, name) for name in module.buffers}
        return found

    def parameters(self) -> list[Parameter]:
        """Return every parameter once, in the order of `named_parameters`."""
        return [parameter for _, parameter in self._held()[0]]

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
            If that is no tuple.

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


def _search(
    members: Mapping[Any, Any],
    prefix: str,
    parameters: list[tuple[str, Parameter]],
    modules: list[tuple[str, Module]],
    seen: set[int],
) -> None:
    """Append to the two lists whatever these members hold and nobody has seen yet, each with its name."""
    for name, value in members.items():
        if isinstance(value, Parameter):
            if id(value) not in seen:
                seen.add(id(value))
                parameters.append((f"{prefix}{name}", value))
        elif isinstance(value, Module):
            if id(value) not in seen:
                seen.add(id(value))
                modules.append((f"{prefix}{name}", value))
                _search(value.members(), f"{prefix}{name}.", parameters, modules, seen)
        elif isinstance(value, (list, tuple, dict)):
            parts = value if isinstance(value, dict) else dict(enumerate(value))
            _search(parts, f"{prefix}{name}.", parameters, modules, seen)


class evaluating(Meanwhile):  # read as `with evaluating(model):`
    """While the block runs, models predict, and every module in them; plain functions stay as they are."""

    def __init__(self, *models: Any) -> None:
        modules = [module for model in models if isinstance(model, Module) for module in model.modules()]
        self.modes = {id(module): (module, {"training": False}) for module in modules}


class predicting(evaluating, no_grad):
    """Switch models to prediction, without a record for `backward`; afterwards they are what they were."""


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
        x = x if isinstance(x, Tensor) else Tensor(x)
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
        x = x if isinstance(x, Tensor) else Tensor(x)
        if x.shape[1:] != self._seen:
            self._seen = x.shape[1:]
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
        """Put another layer in a place. Make the optimizer after that: it knows the parameters of before."""
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


def layer_name(layer: Any) -> str:
    """Return what a layer is called in a table."""
    return layer.describe() if isinstance(layer, Module) else getattr(layer, "__name__", repr(layer))


def table(rows: list[tuple[str, Any]], input_shape: tuple[int, ...] | None) -> str:
    """Layers, output shapes (with N for the batch) and parameter counts, as text. Unknown shapes are "?"."""
    lines = [("layer", "output", "parameters")]
    if not isinstance(input_shape, (tuple, list, type(None))):
        raise WrongTypeError(
            f"summary: the shape of one example is a tuple, such as (8, 8, 1) or (64,), not {brief(input_shape)}."
        )
    if input_shape is not None:
        lines.append(("input", _batch_shape(input_shape), ""))
    total = 0
    for (name, layer), shape in zip(rows, _output_shapes([layer for _, layer in rows], input_shape), strict=True):
        number = sum(parameter.size for parameter in layer.parameters()) if isinstance(layer, Module) else 0
        total += number
        lines.append((printable(name), shape, f"{number:,}"))
    lines.append(("total", "", f"{total:,}"))
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in lines)


def _output_shapes(layers: list[Any], input_shape: tuple[int, ...] | None) -> list[str]:
    """Shape after each layer, found by sending one example of zeros through, as far as it gets."""
    shapes: list[str] = []
    if input_shape is not None:
        x = Tensor(np.zeros((1, *input_shape), int))  # whole numbers: symbols have to be, and layers cast the rest
        with predicting(*layers):
            for layer in layers:
                try:
                    x = layer(x)
                    shapes.append(_batch_shape(x.shape[1:]))
                except Exception as error:  # a table that shows where it stops helps more than the error once more
                    shapes.append("does not fit" if isinstance(error, ShapeError) else "fails")
                    break
    return shapes + ["?"] * (len(layers) - len(shapes))


def _batch_shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(['N', *map(str, shape)])})" if shape else "(N,)"
