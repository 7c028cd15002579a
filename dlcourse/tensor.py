"""Tensor: an array that remembers how it was computed, and the engine that walks back through that memory.

There is no formula in this file and no operation. Operations are made in differentiable.py, of plain functions of arrays;
what is kept of them here is the functions that carry a gradient back from the result to the inputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.array_like import ArrayLike
from dlcourse.arrays import Array, as_array, own_floats, plain_array
from dlcourse.calls import explains_its_settings
from dlcourse.errors import ForgottenZeroGrad, GradientError, ShapeError, WrongTypeError
from dlcourse.streams import printable
from dlcourse.vjps import fitted

__all__ = ["Parameter", "Tensor", "ages", "constant"]

# Looked up here they are found sooner: backward() asks for each tensor on the way.
ndarray, new = np.ndarray, object.__new__

# Every tensor gets its age when it is made.
ages = count(0, -1)  # downwards: the smallest number is the youngest tensor


class Tensor(ArrayLike):
    """An array of numbers that remembers how it was computed.

    Parameters
    ----------
    data : array_like
        Numbers in any shape. Lists and Python numbers become float32; an array keeps its type.
    requires_grad : bool
        Whether `backward` should leave a gradient here.
    name : str
        Shown in pictures of the graph.

    Attributes
    ----------
    data : ndarray
        The numbers. A leaf with a gradient has an array of its own, which `Optimizer.step` and `load` change in place: take
        ``.data.copy()`` to keep what is there now.
    grad : ndarray or None
        The gradient of the scalar on which `backward` was called, same shape as `data`; added up over calls.
    op : str
        Name of the operation that computed this tensor, "" for one that was made by hand (a leaf).
    parents : tuple of Tensor
        The tensors it was computed from.

    Raises
    ------
    WrongTypeError
        If `data` is text, ragged, or otherwise no array of numbers, or whole numbers should have a gradient.

    References
    ----------
    Baydin, Pearlmutter, Radul, Siskind (2018), “Automatic Differentiation in Machine Learning: a Survey”.

    Examples
    --------
    >>> w = Tensor([3.0, 4.0], requires_grad=True)
    >>> loss = (w * w).sum()
    >>> loss.backward()
    >>> w.grad
    array([6., 8.], dtype=float32)
    """

    __slots__ = (
        "__weakref__",
        "_born",
        "_grad",
        "_graded",
        "_origin",  # only of probabilities, see origin.py
        "_requires_grad",  # what operations and backward() look at: sooner read than the property
        "_vjps",
        "name",
        "op",
        "parents",
    )
    _origin: Any

    if TYPE_CHECKING:  # the operations attach these when they load
        T: Tensor

        def __getattr__(self, name: str) -> Any: ...
        def __getitem__(self, key: Any) -> Tensor: ...
        def __iter__(self) -> Iterator[Tensor]: ...
        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __rmatmul__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __abs__(self) -> Tensor: ...
        def __lt__(self, other: Any) -> Tensor: ...
        def __le__(self, other: Any) -> Tensor: ...
        def __gt__(self, other: Any) -> Tensor: ...
        def __ge__(self, other: Any) -> Tensor: ...

    def __init__(self, data: Any, *, requires_grad: bool = False, name: str = "") -> None:
        self._data = own_floats(as_array(data)) if requires_grad else as_array(data)
        self._grad: Array | None = None
        self._requires_grad = bool(requires_grad)
        self.name = name
        self.op = ""
        self.parents: tuple[Tensor, ...] = ()
        self._vjps: Any = ()
        self._born = next(ages)  # of a leaf: since when it has its numbers

    @property
    def data(self) -> Array:
        """The array of the numbers."""
        return self._data

    @data.setter
    def data(self, values: Any) -> None:
        if self.parents:
            raise WrongTypeError(
                f"A result, from {self.op}, cannot be given other numbers: its derivative would not notice. Make a new tensor, "
                "with dl.where or dl.multiply for example."
            )
        array = as_array(values)
        if (self._requires_grad or isinstance(self, Parameter)) and array is not self._data:
            array = own_floats(array if array.dtype.kind == "f" else array.astype(self.dtype))
        self._data = array
        self._born = next(ages)
        if hasattr(self, "_origin"):  # these numbers come from elsewhere
            del self._origin

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` leaves a gradient here. May be set to False, which freezes a parameter, and to True again."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, asks: bool) -> None:
        if asks and not self._requires_grad and not self.parents and not isinstance(self, Parameter):
            self._data = own_floats(self._data)  # a parameter has an array of its own already
            self._born = next(ages)
        self._requires_grad = bool(asks)

    def _write(self, values: Any) -> None:
        """Put other numbers into the array of a leaf. No derivative goes back through what was computed from the old ones."""
        self._data[...] = values
        self._born = next(ages)

    @property
    def grad(self) -> Array | None:
        """The gradient that `backward` left here, or None."""
        if self._grad is None and self.op:
            self._check_updates()
        return self._grad

    @grad.setter
    def grad(self, gradient: Array | None) -> None:
        if self._grad is None:
            self._graded = next(ages)  # since when it has a gradient
        self._grad = gradient

    def detach(self) -> Tensor:
        """Return a tensor with the same numbers and no memory of its making.

        A result shares its array with it; a leaf with a gradient keeps its own, for `Optimizer.step` changes that in place.

        Examples
        --------
        >>> w = Tensor([1.0, 2.0], requires_grad=True)
        >>> (w * 2).detach().requires_grad
        False
        """
        return Tensor(self._data if self.parents or not self.requires_grad else self._data.copy(), name=self.name)

    def zero_grad(self) -> None:
        """Forget the gradient: `grad` is None again."""
        self._grad = None

    def __repr__(self) -> str:
        numbers = np.array2string(self._data, precision=4, threshold=20, edgeitems=3, separator=", ", prefix="Tensor(")
        origin = f", from {self.op}" if self.op else ", requires_grad" if self.requires_grad else ""
        name = f", {self.name!r}" if self.name else ""
        return printable(f"{type(self).__name__}({numbers}, shape {self.shape}, {self.dtype}{origin}{name})")

    def backward(self, gradient: Any = None, *, keep_inner: bool = False) -> None:
        """Compute the derivative of this tensor with respect to every leaf it depends on, and add it to their `.grad`.

        Visits every tensor on the way once, the youngest first; whatever a tensor was used for is younger, so its gradient is
        complete when its turn comes.

        Parameters
        ----------
        gradient : array_like, optional
            Derivative of the final quantity with respect to this tensor, same shape. Default 1, for a scalar.
        keep_inner : bool
            Also leave the gradient at the tensors between (pictures of the graph use it).

        Raises
        ------
        GradientError
            If this tensor has more than one entry and no `gradient`, or does not depend on anything with
            `requires_grad=True`, or what it was computed from has other numbers by now. No gradient is changed then.
        ShapeError
            If `gradient` has not the shape of this tensor.

        Examples
        --------
        >>> x = Tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).backward([1.0, 10.0])  # each entry's 2 x, weighted
        >>> x.grad
        array([ 2., 40.], dtype=float32)
        """
        if not self.requires_grad:
            raise GradientError(
                "backward(): this tensor was not computed from anything with requires_grad=True, so there is nothing to "
                "differentiate. Was it made inside no_grad(), or from .data instead of the tensor? In a training loop, "
                "w = ... makes another tensor; w.data -= lr * w.grad changes the numbers of the parameter."
            )
        seed, now = self._seed(gradient), next(ages)
        before: dict[Tensor, Array | None] = {}  # who gets a gradient, each with the one it had
        try:
            if self.parents:
                self._walk_back(seed, now, before, keep_inner)
            else:
                before[self] = self._grad
                self._receive(seed, now)
        except BaseException:
            for tensor, grad in before.items():
                tensor._grad = grad
            raise

    def _walk_back(self, seed: Array, now: int, before: dict[Tensor, Array | None], keep_inner: bool) -> None:
        gradients, waiting = {self: seed}, [(self._born, self)]
        while waiting:
            born, tensor = heappop(waiting)
            g = gradients.pop(tensor)
            if keep_inner:
                before[tensor] = tensor._grad
                tensor._receive(g.copy(), now)
            needs = tuple([parent._requires_grad for parent in tensor.parents])
            vjps = tensor._vjps
            if callable(vjps):
                parts = vjps(g, needs)
            else:
                parts = [vjp(g) if vjp and needed else None for vjp, needed in zip(vjps, needs)]  # noqa: B905  # one each
            for parent, needed, part in zip(tensor.parents, needs, parts):  # noqa: B905  # as long as each other
                age = parent._born
                if age < born:
                    raise _changed_since(parent)
                if not needed:
                    continue
                data = parent._data
                if part is None or part.shape != data.shape:
                    part = fitted(part, data, tensor.op)
                if parent.parents:
                    if parent in gradients:
                        gradients[parent] = gradients[parent] + part
                    else:
                        gradients[parent] = part
                        heappush(waiting, (age, parent))
                    continue
                # A leaf gets an array of its own in its type: what was passed on, or a view, may be another's as well.
                if part is g or part.base is not None or type(part) is not ndarray or part.dtype is not data.dtype:
                    part = np.array(part, data.dtype)
                if parent in before:  # a leaf that is used in several places
                    parent._grad = np.asarray(parent._grad + part)
                    continue
                before[parent] = grad = parent._grad
                if grad is None:  # as _receive does, without a call
                    parent._grad, parent._graded = part, now
                else:
                    parent._receive(part, now)

    def _seed(self, gradient: Any) -> Array:
        if gradient is None:
            if self._data.size != 1:
                raise GradientError(
                    f"backward(): the loss must be one number, this tensor has shape {self.shape}. "
                    "Average over the batch first, with .mean(), or pass the gradient to start from."
                )
            one = np.array(1, self._data.dtype)
            return one.reshape(self._data.shape) if self._data.shape else one
        as_array(gradient)  # raises an error unless these are numbers
        seed = np.array(plain_array(gradient), self.dtype)
        if seed.shape != self.shape:
            raise ShapeError(
                f"backward(): the gradient has shape {seed.shape}, but this tensor has shape {self.shape}."
            )
        return seed

    def _receive(self, g: Array, now: int) -> None:
        """Keep a gradient, or add it to the one that is there."""
        if self._grad is None:
            self._grad = g
            self._graded = now
            return
        there = np.shape(self._grad)
        if there != self.shape:
            raise ShapeError(
                f"backward(): {repr(self.name) if self.name else 'a tensor'} of shape {self.shape} has a gradient of shape "
                f"{there} already, to which nothing of its own shape is added. Was one of the two replaced? zero_grad() forgets it."
            )
        if self._born < self._graded:  # it has got other numbers since it got this gradient
            warnings.warn(
                "backward() added to gradients that step() has already used, or that belong to other numbers: was zero_grad() "
                "forgotten? Call optimizer.zero_grad() before each backward().",
                ForgottenZeroGrad,
                stacklevel=4,
            )
        self._grad = np.asarray(self._grad + g)


class Parameter(Tensor):
    """A tensor that is learned: a leaf with `requires_grad=True`, found by `Module.parameters`.

    Parameters
    ----------
    data : array_like
        Initial values, floats, in any shape.
    name : str
        Shown in tables and pictures.

    Raises
    ------
    WrongTypeError
        If they are no floats.

    Examples
    --------
    >>> w = Parameter([1.0, 2.0], name="w")
    >>> w
    Parameter([1., 2.], shape (2,), float32, requires_grad, 'w')
    """

    __slots__ = ()

    def __init__(self, data: Any, *, name: str = "") -> None:
        super().__init__(data, requires_grad=True, name=name)


explains_its_settings(Tensor)
explains_its_settings(Parameter)


def constant(x: Any) -> Tensor:
    """The same as Tensor(x), and sooner made of an array of numbers."""
    if type(x) is not ndarray or x.dtype.kind not in "iufb":
        return Tensor(x)
    tensor = new(Tensor)
    tensor._data = x
    tensor._grad = None
    tensor._requires_grad = False
    tensor.name = tensor.op = ""
    tensor.parents = tensor._vjps = ()
    tensor._born = next(ages)
    return tensor


def _changed_since(parent: Tensor) -> GradientError:
    kind = type(parent).__name__.lower()
    name = f"{kind} {parent.name!r}" if parent.name else f"a {kind}"
    return GradientError(
        f"backward(): {name} of shape {parent.shape} was changed after this was computed from it, by step(), load() or .data, and "
        "the slope at the old numbers is lost. Compute it again after the change. Two losses and two steps, as in a GAN: the "
        "second loss after the first step, or add both up before. A hidden state kept from the last batch: state.detach()."
    )
