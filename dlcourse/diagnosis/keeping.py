"""Kept: what a training step could change, noted bit for bit, so that it can be put back as often as one likes.

A learner's own step is a function that closes over the model, the optimizer and whatever else it was written with. So this
walks from object to object as Python would when it runs the function: attributes, lists and dictionaries, closures, defaults,
bound objects, and the names that the function reads or sets in its own module.
"""

from __future__ import annotations

import collections
import copy
import random
import types
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from dlcourse.optimizers.flat import Flat
from dlcourse.tensor import Tensor

__all__ = ["Kept"]

PLAIN = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    np.generic,
    np.dtype,
    type,
    types.ModuleType,
    types.CodeType,
)
MISSING = object()
LARGE = 2**25  # bytes


class Kept:
    """Everything that can be reached from some objects, as it is now.

    Parameters
    ----------
    *roots : object
        A model, an optimizer, a function, a generator, arrays.
    copies : bool
        Whether arrays are copied, so that they can be put back; else this only finds what can be reached.

    Attributes
    ----------
    reached : list of object
        What was walked through, each once: models, optimizers and parameters are found in it.

    Examples
    --------
    >>> w, rng = np.zeros(2), np.random.default_rng(0)
    >>> def step(w=w, rng=rng):
    ...     w[0] += rng.normal()
    >>> kept = Kept(step)
    >>> step()
    >>> kept.put_back()
    >>> w, rng.normal() == np.random.default_rng(0).normal()
    (array([0., 0.]), True)
    """

    def __init__(self, *roots: Any, copies: bool = True) -> None:
        self.copies = copies
        self._locked: list[np.ndarray[Any, Any]] = []
        self._gradients: list[tuple[Tensor, Any]] = []
        self._numbers: dict[int, np.ndarray[Any, Any]] = {}
        self.reached: list[Any] = []
        self._undo: list[Callable[[], None]] = []
        self._known: set[int] = set()
        self._keep_shared_generators()
        waiting = list(roots)
        while waiting:
            value = waiting.pop()
            if isinstance(value, PLAIN) or id(value) in self._known:
                continue
            self._known.add(id(value))
            self.reached.append(value)  # also keeps it alive, so that its id stays its own
            waiting += [part for part in self._kept(value) if not isinstance(part, PLAIN)]

    def put_back(self) -> None:
        """Make everything as it was; calling it again does no harm."""
        for array in sorted(
            self._locked, key=lambda array: array.base is not None
        ):  # what others are a view of comes first
            array.flags.writeable = True
        for undo in self._undo:
            undo()

    def lend(self) -> None:
        """Give every tensor a copy of its gradient in place of it, so that the gradient itself needs no copy to be kept; lock large data."""
        for tensor, gradient in self._gradients:
            tensor._grad = gradient.copy()
        for array in self._locked:
            array.flags.writeable = False

    def numbers(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """What stood in an array, to be read only."""
        return self._numbers[id(array)]

    def _keep_shared_generators(self) -> None:
        everyones, numpys = random.getstate(), np.random.get_state()  # noqa: NPY002  # a learner's loss may draw from it
        self._undo += [lambda: random.setstate(everyones), lambda: np.random.set_state(numpys)]  # noqa: NPY002

    def _kept(self, value: Any) -> Iterator[Any]:
        """Note what can change in one object; give what it leads to."""
        if isinstance(value, Tensor):
            list(self._slots(value, _slots_of(type(value))))  # what it was computed from never changes
            self._known.add(id(value.data))
            self.reached.append(value.data)
            yield from self._array(value.data, always=True)
            if value._grad is not None:
                self._gradients.append((value, value._grad))
        elif isinstance(value, np.ndarray):
            yield from self._array(value)
        elif isinstance(value, Flat):  # its weights are the parameters' own arrays, and the rest is room to compute in
            list(self._dictionary(vars(value)))
            yield from (value.parameters, value.state)
        elif isinstance(value, (np.random.Generator, np.random.BitGenerator, np.random.RandomState)):
            self._generator(value)
        elif isinstance(value, random.Random):
            state = value.getstate()
            self._undo.append(lambda: value.setstate(state))
        elif isinstance(value, dict):
            yield from self._dictionary(value)
        elif isinstance(value, (list, set, bytearray, collections.deque)):
            yield from self._collection(value)
        elif isinstance(value, (tuple, frozenset)):
            yield from value
        else:
            yield from self._code_or_object(value)

    def _code_or_object(self, value: Any) -> Iterator[Any]:
        if isinstance(value, types.FunctionType):
            yield from self._function(value)
        elif isinstance(value, types.CellType):
            yield from self._slots(value, ("cell_contents",))
        elif isinstance(value, types.MethodType):
            yield from (value.__self__, value.__func__)
        elif isinstance(value, types.BuiltinMethodType):
            yield value.__self__
        elif isinstance(value, partial):
            yield from (value.func, value.args, value.keywords)
        else:
            yield from self._slots(value, _slots_of(type(value)))
            if isinstance(getattr(value, "__dict__", None), dict):
                yield from self._dictionary(vars(value))
            for kind in type(value).__mro__:
                if not _is_of_a_library(kind):  # methods that a learner wrote read names of their module
                    yield from (part for part in vars(kind).values() if isinstance(part, types.FunctionType))

    def _array(self, array: np.ndarray[Any, Any], *, always: bool = False) -> Iterator[Any]:
        if array.dtype == object:
            yield from array.ravel().tolist()
        if not array.flags.writeable or not self.copies:
            return
        if array.nbytes > LARGE and not always:  # a large data set: it is locked instead of copied
            self._locked.append(array)
        else:
            numbers = self._numbers[id(array)] = array.copy()
            self._undo.append(lambda: array.__setitem__(..., numbers))

    def _generator(self, generator: Any) -> None:
        if isinstance(generator, np.random.RandomState):
            everything = generator.get_state()
            self._undo.append(lambda: generator.set_state(everything))
            return
        source = getattr(generator, "bit_generator", generator)
        state = copy.deepcopy(source.state)
        self._undo.append(lambda: setattr(source, "state", state))

    def _dictionary(self, there: dict[Any, Any]) -> Iterator[Any]:
        items = dict(there)

        def undo() -> None:
            if len(there) != len(items) or any(there.get(key, MISSING) is not items[key] for key in items):
                there.clear()
                there.update(items)

        self._undo.append(undo)
        yield from items.values()

    def _collection(self, there: Any) -> Iterator[Any]:
        items = there.copy()

        def undo() -> None:
            if isinstance(there, (list, bytearray)):
                there[:] = items
            else:
                there.clear()
                there.update(items) if isinstance(there, set) else there.extend(items)

        self._undo.append(undo)
        yield from () if isinstance(there, bytearray) else items

    def _slots(self, owner: Any, names: Any) -> Iterator[Any]:
        values = {}
        for name in names:
            try:
                values[name] = getattr(owner, name, MISSING)
            except ValueError:  # a cell that is empty
                continue

        def undo() -> None:
            for name, value in values.items():
                if value is not MISSING:
                    if getattr(owner, name, MISSING) is not value:
                        object.__setattr__(owner, name, value)
                elif hasattr(owner, name):
                    object.__delattr__(owner, name)

        self._undo.append(undo)
        yield from (value for value in values.values() if value is not MISSING)

    def _function(self, function: types.FunctionType) -> Iterator[Any]:
        yield from function.__closure__ or ()
        yield from (function.__defaults__, function.__kwdefaults__, function.__dict__)
        if _is_of_a_library(function):  # what these read at the top of their modules never changes
            return
        space = function.__globals__
        for name in _names_read(function.__code__):
            if name in space:
                yield from self._binding(space, name)

    def _binding(self, space: dict[str, Any], name: str) -> Iterator[Any]:
        value = space[name]

        def undo() -> None:
            if space.get(name, MISSING) is not value:
                space[name] = value

        self._undo.append(undo)
        yield value


def _is_of_a_library(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).split(".")[0] in ("dlcourse", "numpy", "builtins")


def _slots_of(kind: type) -> list[str]:
    """The slots that objects of a class have, those of its base classes too."""
    every = [vars(base).get("__slots__", ()) for base in kind.__mro__]
    names = [name for slots in every for name in ([slots] if isinstance(slots, str) else slots)]
    return [name for name in names if name not in ("__dict__", "__weakref__")]


def _names_read(code: types.CodeType) -> set[str]:
    """The names that a function and those defined in it look up outside of themselves."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names_read(constant)
    return names
