"""Tensor: an array that remembers how it was computed, and the engine that walks back through that memory.

There is no formula in this file and no operation. An operation is a plain function of arrays that returns its result
and, for each input, the function that carries a gradient back to that input (a vector-Jacobian product). The decorator
`differentiable` makes it accept tensors; `Tensor.backward` visits the operations in reverse order.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, update_wrapper
from heapq import heappop, heappush
from itertools import count
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.calls import explain as explain_call
from dlcourse.calls import explains_its_settings, is_signature_error
from dlcourse.errors import CourseError, ForgottenZeroGrad, GradientError, ShapeError, WrongTypeError, brief, counted

__all__ = ["OPERATIONS", "Array", "Parameter", "Result", "Tensor", "differentiable", "no_grad"]

Array: TypeAlias = NDArray[Any]
VJP: TypeAlias = Callable[[Array], Any]
JointVJP: TypeAlias = Callable[[Array, tuple[bool, ...]], Sequence[Any]]
# What a kernel returns: its output, and one function an input, or one joint function for all of them.
Result: TypeAlias = tuple[Any, tuple[VJP | None, ...] | JointVJP]

# The C library of Linux gives large arrays back to the system as soon as they are freed, and gets the next step's page by
# page, which costs more than the arithmetic on them: a convolutional network takes 1.3 times as long. It keeps what it has
# freed once an array of the largest size that it watches has come and gone. This one is never touched, so it takes no memory.
np.empty(31 * 2**20, np.uint8)

OPERATIONS: dict[str, Callable[..., Tensor]] = {}
"""Every operation by its name, such as "matmul", as `differentiable` registered it."""

_ages = count(0, -1)  # downwards: the smallest number is the youngest tensor
_recording = True


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without remembering: results have no parents, and `backward` is not possible through them.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, 2.0])
    >>> with no_grad():
    ...     print((w * 2).requires_grad)
    False
    """
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before


class Tensor:
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
        The numbers.
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
        "_used",
        "_vjps",
        "data",
        "grad",
        "name",
        "op",
        "parents",
        "requires_grad",
    )
    data: Array
    grad: Array | None

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
        self.data = as_array(data)
        if requires_grad and self.data.dtype.kind != "f":
            raise WrongTypeError(
                f"Tensor(requires_grad=True): the data are of type {self.data.dtype}, but only floats have a gradient. "
                "Make them floats first, for example with .astype(np.float32)."
            )
        self.grad = None
        self.requires_grad = requires_grad
        self.name = name
        self.op = ""
        self.parents: tuple[Tensor, ...] = ()
        self._vjps: Any = ()
        self._born = next(_ages)
        self._used = False  # True once an optimizer has used `grad`

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of entries along each axis."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of each entry, such as float32."""
        return self.data.dtype

    def __len__(self) -> int:
        if self.ndim == 0:
            raise WrongTypeError("len(): this tensor is a single number, shape (), and has no axis to count along.")
        return len(self.data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise WrongTypeError(
                f"A tensor of shape {self.shape} has {self.size} truth values, not one. Use .data with .any() or .all()."
            )
        return bool(self.data)

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
        return self.data.item()

    def numpy(self) -> Array:
        """Return the array itself, not a copy."""
        return self.data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.data, dtype=dtype, copy=copy)

    def detach(self) -> Tensor:
        """Return a tensor with the same array and no memory of its making.

        Examples
        --------
        >>> w = Tensor([1.0, 2.0], requires_grad=True)
        >>> (w * 2).detach().requires_grad
        False
        """
        return Tensor(self.data, name=self.name)

    def zero_grad(self) -> None:
        """Forget the gradient: `grad` is None again."""
        self.grad = None
        self._used = False

    def __repr__(self) -> str:
        numbers = np.array2string(self.data, precision=4, threshold=20, edgeitems=3, separator=", ", prefix="Tensor(")
        origin = f", from {self.op}" if self.op else ", requires_grad" if self.requires_grad else ""
        name = f", {self.name!r}" if self.name else ""
        return f"{type(self).__name__}({numbers}, shape {self.shape}, {self.dtype}{origin}{name})"

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
            `requires_grad=True`.
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
                "differentiate. Was it made inside no_grad(), or from .data instead of the tensor?"
            )
        gradients: dict[Tensor, Array] = {self: self._seed(gradient)}
        if not self.parents:
            self._accumulate(gradients[self])
            return
        waiting = [(self._born, self)]
        while waiting:
            tensor = heappop(waiting)[1]
            g = gradients.pop(tensor)
            if keep_inner:
                tensor._accumulate(np.array(g))
            for parent, part in zip(tensor.parents, tensor._parts(g), strict=True):
                if not parent.requires_grad:
                    continue
                if part is None:
                    raise GradientError(
                        f"{tensor.op}: no derivative is known for this input. It should be a constant, or its operation needs one."
                    )
                if part.shape != parent.data.shape:
                    part = _sum_to(part, parent.data.shape, tensor.op)
                if not parent.parents:
                    if not part.shape:
                        part = np.array(part)  # NumPy computes a number where the inputs have no axes
                    elif part is g or part.base is not None:
                        part = part.copy()  # passed on unchanged, or a view: it may belong to another leaf as well
                    if parent.grad is None:
                        parent.grad = part
                    else:
                        parent._accumulate(part)
                elif parent in gradients:
                    gradients[parent] = gradients[parent] + part
                else:
                    gradients[parent] = part
                    heappush(waiting, (parent._born, parent))

    def _seed(self, gradient: Any) -> Array:
        if gradient is None:
            if self.data.size != 1:
                raise GradientError(
                    f"backward(): the loss must be one number, this tensor has shape {self.shape}. "
                    "Average over the batch first, with .mean(), or pass the gradient to start from."
                )
            return np.array(1, self.data.dtype).reshape(self.data.shape)
        seed = as_array(gradient).astype(self.dtype, copy=False)
        if seed.shape != self.shape:
            raise ShapeError(
                f"backward(): the gradient has shape {seed.shape}, but this tensor has shape {self.shape}."
            )
        return seed

    def _parts(self, g: Array) -> Sequence[Any]:
        """The gradient of each parent, from the gradient of this tensor; None where it is not needed."""
        vjps, needs = self._vjps, tuple([parent.requires_grad for parent in self.parents])
        try:
            if callable(vjps):
                return vjps(g, needs)
            parts = []
            for vjp, needed in zip(vjps, needs, strict=True):
                parts.append(vjp(g) if needed and vjp is not None else None)
            return parts
        except (TypeError, ValueError) as error:
            if callable(vjps):
                if isinstance(error, TypeError) and is_signature_error(error):
                    raise WrongTypeError(
                        f"{self.op}: derivatives stand in a tuple, one an input; a single one for all inputs is called as "
                        "joint(g, needs)."
                    ) from None
            elif len(vjps) != len(needs):
                raise GradientError(
                    f"{self.op}: it has {counted(len(needs), 'input')} and {counted(len(vjps), 'derivative')}. One each is wanted."
                ) from None
            raise

    def _accumulate(self, g: Array) -> None:
        """Add to the gradient; `g` belongs to this tensor alone from now on."""
        if self.grad is None:
            self.grad = g
            return
        if self._used:
            self._used = False
            warnings.warn(
                "backward() added to gradients that step() has already used: was zero_grad() forgotten? "
                "Call optimizer.zero_grad() before each backward().",
                ForgottenZeroGrad,
                stacklevel=3,
            )
        self.grad = np.asarray(self.grad + g)


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


def as_array(data: Any) -> Array:
    """Return `data` as an array: tensors unwrapped, arrays as they are, lists and numbers as float32.

    Raises
    ------
    WrongTypeError
        If it cannot be read as numbers.
    """
    array = data if isinstance(data, np.ndarray) else plain_array(data)
    if array.dtype.kind not in "iufb":
        raise WrongTypeError(_not_numbers(data, array))
    if array is data or isinstance(data, (Tensor, np.generic)) or array.dtype.kind == "b":
        return array
    return array.astype(np.float32)


def plain_array(data: Any) -> Array:
    """Return `data` as an array of whatever it holds; lists of whole numbers stay whole, which labels need.

    Raises
    ------
    WrongTypeError
        If it is a list of tensors, or of rows that differ in length.
    """
    if isinstance(data, np.ndarray):
        return data
    if isinstance(data, Tensor):
        return data.data
    if isinstance(data, (list, tuple)) and any(isinstance(part, Tensor) for part in data):
        raise WrongTypeError(
            "A list of tensors is no tensor: its graph would be lost. dl.stack(*tensors) or dl.concatenate(*tensors) "
            "joins them and remembers where they came from."
        )
    try:
        return np.asarray(data)
    except ValueError:
        if not isinstance(data, (list, tuple)):
            raise WrongTypeError(f"A tensor holds numbers, not {brief(data)}.") from None
        raise WrongTypeError(
            f"These numbers are ragged: the rows of {brief(data)} have different lengths. Fill the shorter ones up, or take "
            "them one by one."
        ) from None


def _not_numbers(data: object, array: Array) -> str:
    if data is None:
        return "A tensor holds numbers, not None. Did a function forget its return?"
    if array.dtype.kind in "US" and array.ndim:
        return f"A tensor holds numbers, not words, {brief(array.tolist())}. Number them: names, numbers = np.unique(words, return_inverse=True)."
    if array.dtype.kind == "O" and array.ndim:
        return f"A tensor holds numbers, and {brief(array.tolist())} holds something else too. Fill or drop what is missing."
    return f"A tensor holds numbers, not {brief(data)}."


def differentiable(
    kernel: Callable[..., Result] | None = None,
    *,
    method: str | tuple[str, ...] = (),
    constants: tuple[int, ...] = (),
    refuses: Mapping[str, str] | None = None,
    explain: Callable[..., None] | None = None,
) -> Callable[..., Any]:
    """Turn a kernel on arrays into an operation on tensors.

    The kernel takes arrays by position and settings by keyword. It returns its output and either one function an
    input, which maps the output's gradient to that input's gradient, or one joint function of the gradient and a tuple
    that says which inputs need theirs. Gradients of broadcast inputs are summed to the input's shape here.

    Parameters
    ----------
    kernel : callable
        Arrays to (output, vector-Jacobian products).
    method : str or tuple of str
        Names under which the operation becomes a method of Tensor, such as ``"__add__"``; a name that starts with
        ``__r`` gets its two inputs swapped.
    constants : tuple of int
        Positions of inputs without a derivative, such as labels; lists there keep their whole numbers.
    refuses : mapping of str to str, optional
        Operations whose result must not be the first input, each with what to say then.
    explain : callable, optional
        (name, arrays, settings) -> None, called when NumPy refuses these arrays: it raises an error that says why. A
        good call costs nothing that way.

    Returns
    -------
    callable
        Tensors, arrays or numbers to a Tensor; its arrays' version is its attribute `kernel`.

    Raises
    ------
    WrongTypeError
        When the operation is called: if its kernel returns no pair, or an input is None or no numbers.
    GradientError
        In `backward`: if a derivative has another shape than its input, or their number is wrong.

    Examples
    --------
    >>> def cube(x):
    ...     def vjp(g): return g * 3 * x**2
    ...     return x**3, (vjp,)
    >>> cube = differentiable(cube)
    >>> x = Tensor([2.0], requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    array([12.], dtype=float32)
    >>> del OPERATIONS["cube"]  # an operation of the library stays in the table, and must have tests
    """
    if kernel is None:
        return partial(differentiable, method=method, constants=constants, refuses=refuses, explain=explain)
    name = kernel.__name__

    def operation(*inputs: Any, **settings: Any) -> Tensor:
        if constants:
            inputs = tuple([plain_array(x) if i in constants else x for i, x in enumerate(inputs)])
        if refuses and inputs:
            _check_origin(name, inputs[0], refuses)
        arrays, constant, needed = [], False, False
        for x in inputs:
            if isinstance(x, Tensor):
                arrays.append(x.data)
                needed = needed or x.requires_grad
            else:
                arrays.append(_constant(x))
                constant = True
        try:
            computed = kernel(*arrays, **settings)
        except (TypeError, ValueError, AttributeError, IndexError) as error:
            if isinstance(error, TypeError) and is_signature_error(error):
                raise WrongTypeError(explain_call(name, kernel, inputs, settings)) from None
            if not isinstance(error, CourseError):
                if any(x is None for x in inputs):
                    raise WrongTypeError(
                        f"{name}: one of its inputs is None. Did a function forget its return?"
                    ) from None
                if explain is not None:
                    explain(name, *arrays, **settings)
            raise
        if type(computed) is not tuple or len(computed) != 2:
            raise WrongTypeError(
                f"{name}: its function should return a pair, the output and a tuple of derivatives, one an input; it returned "
                f"{brief(computed)}."
            )
        output, vjps = computed
        result = Tensor.__new__(Tensor)  # without the checks that a tensor made by hand needs
        result.data = output if isinstance(output, np.ndarray) else np.asarray(output)
        result.grad = None
        result.name = ""
        result.op = name
        result._born = next(_ages)
        result._used = False
        if needed and _recording:
            result.requires_grad = True
            # Constants are kept too, so that pictures of the graph show them.
            result.parents = tuple([x if isinstance(x, Tensor) else Tensor(x) for x in inputs]) if constant else inputs
            result._vjps = vjps
        else:
            result.requires_grad = False
            result.parents = ()
        return result

    if isinstance(kernel, FunctionType):
        _annotate(kernel)
    update_wrapper(operation, kernel)
    operation.kernel = kernel  # type: ignore[attr-defined]  # joint operations call the arrays' version
    OPERATIONS[name] = operation
    for spelling in (method,) if isinstance(method, str) else method:
        setattr(Tensor, spelling, _swapped(operation) if spelling.startswith("__r") else operation)
    return operation


def _annotate(kernel: FunctionType) -> None:
    """Let `help` show how an operation is used: it takes more than its kernel's arrays, and gives a tensor."""
    code = kernel.__code__
    settings = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    kept = {name: kind for name, kind in kernel.__annotations__.items() if name in settings}
    kernel.__annotations__ = kept | {"return": "Tensor"}


def _check_origin(name: str, x: Any, refuses: Mapping[str, str]) -> None:
    if isinstance(x, Tensor) and x.op in refuses:
        raise WrongTypeError(f"{name}: {refuses[x.op]}")


def _swapped(operation: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def reflected(right: Any, left: Any) -> Tensor:
        return operation(left, right)

    return reflected


def _constant(x: Any) -> Any:
    # Python numbers stay what they are: NumPy then keeps float32 arrays float32.
    return x if x is None or type(x) in (np.ndarray, float, int) else as_array(x)


def _sum_to(gradient: Array, shape: tuple[int, ...], op: str) -> Array:
    """Sum over the axes along which an input of this shape was repeated by broadcasting."""
    extra = gradient.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        extra + axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[extra + axis] != 1
    )
    summed = gradient.sum(axis=repeated, keepdims=True) if extra >= 0 else gradient
    if extra < 0 or summed.size != int(np.prod(shape)):
        raise GradientError(f"{op}: its derivative has shape {gradient.shape}, but the input has shape {shape}.")
    return summed.reshape(shape)
