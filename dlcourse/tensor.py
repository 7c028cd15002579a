"""Tensor: an array that remembers how it was computed, and the engine that walks back through that memory.

There is no formula in this file and no operation. Operations are made in differentiable.py, of plain functions of arrays;
what is kept of them here is the functions that carry a gradient back from the result to the inputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dlcourse.arrays import Array, Holder, as_array, plain_array
from dlcourse.calls import explains_its_settings, is_signature_error
from dlcourse.errors import ForgottenZeroGrad, GradientError, ShapeError, WrongTypeError, counted
from dlcourse.streams import printable

__all__ = ["VJP", "JointVJP", "Parameter", "Tensor", "ages", "foreign"]

VJP: TypeAlias = Callable[[Array], Any]
JointVJP: TypeAlias = Callable[[Array, tuple[bool, ...]], Sequence[Any]]

# Every tensor gets its age when it is made.
ages = count(0, -1)  # downwards: the smallest number is the youngest tensor

# Names of operations that were not written here. They may return an array that they keep, or one array for two inputs.
foreign: set[str] = set()


class Tensor(Holder):
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
        "_used",
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
        self._data = _own(as_array(data)) if requires_grad else as_array(data)
        self._grad: Array | None = None
        self._requires_grad = bool(requires_grad)
        self.name = name
        self.op = ""
        self.parents: tuple[Tensor, ...] = ()
        self._vjps: Any = ()
        self._born = next(ages)  # of a leaf: since when it has its numbers
        self._used = False  # True once an optimizer has used `grad`

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
            array = _own(array if array.dtype.kind == "f" else array.astype(self.dtype))
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
            self._data = _own(self._data)  # a parameter has an array of its own already
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

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of entries along each axis."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of each entry, such as float32."""
        return self._data.dtype

    def __len__(self) -> int:
        if self.ndim == 0:
            raise WrongTypeError("len(): this tensor is a single number, shape (), and has no axis to count along.")
        return len(self._data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise WrongTypeError(
                f"A tensor of shape {self.shape} has {self.size} truth values, not one. Use .data with .any() or .all()."
            )
        return bool(self._data)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise WrongTypeError(
            "A tensor's entries cannot be assigned: what was computed from them would not notice. "
            "Make a new tensor, with dl.where or dl.concatenate, or change the numbers of a leaf with x.data[...] = ... ."
        )

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __format__(self, how: str) -> str:
        return format(self.item(), how) if how else repr(self)

    def item(self) -> float:
        """Return the only entry as a Python number.

        Raises
        ------
        ShapeError
            If there is more or less than one entry.
        """
        if self.size != 1:
            raise ShapeError(
                f"item(): needs a single number, this tensor has shape {self.shape}. Take .sum() or .mean(), or index it."
            )
        return self._data.item()

    def numpy(self) -> Array:
        """Return the array itself, not a copy."""
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._data, dtype=dtype, copy=copy)

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
        self._used = False

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
        gradients: dict[Tensor, Array] = {self: self._seed(gradient)}
        waiting = [(self._born, self)] if self.parents else []
        inner: list[tuple[Tensor, Array]] = []
        while waiting:
            born, tensor = heappop(waiting)
            g = gradients.pop(tensor)
            if keep_inner:
                inner.append((tensor, g.copy()))
            for parent, part in zip(tensor.parents, tensor._parts(g)):  # noqa: B905  # as long as each other
                if parent._born < born:
                    raise _changed_since(parent)
                if not parent._requires_grad:
                    continue
                data = parent._data
                if part is None or part.shape != data.shape or part.dtype is not data.dtype:
                    part = _fitted(part, parent, tensor.op)
                if parent in gradients:
                    gradients[parent] = gradients[parent] + part
                elif parent.parents:
                    gradients[parent] = part
                    heappush(waiting, (parent._born, parent))
                else:  # a leaf keeps it: what was passed on unchanged, or a view, may belong to another leaf as well
                    gradients[parent] = part.copy() if part is g or part.base is not None else part
        now, checked = next(ages), False
        for tensor, g in [*inner, *gradients.items()]:
            if tensor._grad is None:
                tensor._grad = (
                    g if type(g) is np.ndarray else np.array(g)
                )  # NumPy computes a number where there are no axes
                tensor._graded = now
            else:
                if not checked:
                    checked = _fit_together(gradients, now)
                tensor._accumulate(g)

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

    def _parts(self, g: Array) -> Sequence[Any]:
        """The part of each parent's gradient that comes from the gradient `g` of this tensor; None where it is not needed."""
        vjps, parents, parts = self._vjps, self.parents, []
        try:
            if callable(vjps):
                parts = vjps(g, tuple([parent._requires_grad for parent in parents]))
            elif len(vjps) == len(parents):
                for parent, vjp in zip(parents, vjps):  # noqa: B905
                    parts.append(vjp(g) if parent._requires_grad and vjp is not None else None)
            else:
                parts = vjps
            if len(parts) == len(parents):
                return parts if self.op not in foreign else [part if part is None else np.array(part) for part in parts]
        except TypeError as error:
            if not callable(vjps) or not is_signature_error(error):
                raise
            raise WrongTypeError(
                f"{self.op}: derivatives stand in a tuple, one per input; a single one for all inputs is called as "
                "joint(g, needs), and returns such a tuple."
            ) from None
        raise GradientError(
            f"{self.op}: it has {counted(len(parents), 'input')} and {counted(len(parts), 'derivative')}. One each is "
            "expected."
        )

    def _accumulate(self, g: Array) -> None:
        """Add to the gradient that is there."""
        if self._used:
            self._used = False
            warnings.warn(
                "backward() added to gradients that step() has already used: was zero_grad() forgotten? "
                "Call optimizer.zero_grad() before each backward().",
                ForgottenZeroGrad,
                stacklevel=3,
            )
        assert self._grad is not None
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


explains_its_settings(Parameter)


def _own(array: Array) -> Array:
    """A copy that belongs to one leaf alone, for its numbers are changed in place."""
    if array.dtype.kind != "f":
        raise WrongTypeError(
            f"Tensor(requires_grad=True): the data are of type {array.dtype}, but only floats have a gradient. "
            "Make them floats first, for example with .astype(np.float32)."
        )
    return np.array(array, order="C")


def _changed_since(parent: Tensor) -> GradientError:
    kind = type(parent).__name__.lower()
    name = f"{kind} {parent.name!r}" if parent.name else f"a {kind}"
    return GradientError(
        f"backward(): {name} of shape {parent.shape} was changed after this was computed from it, by step(), load() or .data, and "
        "the slope at the old numbers is lost. Compute it again after the change. Two losses and two steps, as in a GAN: the "
        "second loss after the first step, or add both up before. A hidden state kept from the last batch: state.detach()."
    )


def _fit_together(gradients: dict[Tensor, Array], now: int) -> bool:
    """Raise an error if a gradient that stands at a leaf has another shape, and take back those that were left just now."""
    for tensor in gradients:
        there = tensor.shape if tensor._grad is None else np.shape(tensor._grad)
        if there != tensor.shape:
            for other in gradients:
                if other._grad is not None and other._graded == now:
                    other._grad = None
            raise ShapeError(
                f"backward(): {'a tensor' if not tensor.name else repr(tensor.name)} of shape {tensor.shape} has a gradient of shape "
                f"{there} already, to which nothing of its own shape is added. Was one of the two replaced? zero_grad() forgets it."
            )
    return True


def _fitted(part: Array | None, parent: Tensor, op: str) -> Array:
    """A part of a gradient in the shape and type of the tensor it is for."""
    if part is None:
        raise GradientError(
            f"{op}: no derivative is known for this input. It should be a constant, or its operation needs one."
        )
    return _sum_to(part, parent.shape, op).astype(parent.dtype, copy=False)


def _sum_to(gradient: Array, shape: tuple[int, ...], op: str) -> Array:
    """Sum over the axes along which an input of this shape was repeated by broadcasting."""
    if gradient.shape == shape:
        return gradient
    extra = gradient.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        extra + axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[extra + axis] != 1
    )
    summed = gradient.sum(axis=repeated, keepdims=True) if extra >= 0 else gradient
    if extra < 0 or summed.size != int(np.prod(shape)):
        raise GradientError(f"{op}: its derivative has shape {gradient.shape}, but the input has shape {shape}.")
    return summed.reshape(shape)
