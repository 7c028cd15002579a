"""The decorator that makes an operation on tensors of a function of arrays.

Such a function returns its result and, for each input, the function that carries a gradient back to that input (a
vector-Jacobian product). `Tensor.backward` visits the operations in reverse order and calls them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial, update_wrapper
from types import FunctionType
from typing import Any, TypeAlias

import numpy as np

from dlcourse.arrays import FLOAT32, as_constant, in_one_type, plain_array
from dlcourse.calls import explain as explain_call
from dlcourse.calls import is_signature_error
from dlcourse.errors import ArgumentError, CourseError, WrongTypeError, brief
from dlcourse.origin import Note, origin_of
from dlcourse.recording import begun, is_recording
from dlcourse.tensor import Tensor, ages, constant
from dlcourse.vjps import VJP, JointVJP, in_their_types

__all__ = ["OPERATIONS", "Result", "differentiable"]

# What a kernel returns: its output, and one function per input, or one joint function for all of them.
Result: TypeAlias = tuple[Any, tuple[VJP | None, ...] | JointVJP]

# Looked up here they are found sooner than in their modules: every operation asks.
ndarray, new = np.ndarray, object.__new__
AS_THEY_ARE = (np.ndarray, float, int, type(None))
FLOAT64 = np.dtype(np.float64)

OPERATIONS: dict[str, Callable[..., Tensor]] = {}
"""Every operation by its name, such as "matmul", as `differentiable` registered it; the course's own keep their names."""


def differentiable(
    kernel: Callable[..., Result] | None = None,
    *,
    method: str | tuple[str, ...] = (),
    constants: tuple[int, ...] = (),
    keep_whole: bool = False,
    refuses: Mapping[str, str] | None = None,
    explain: Callable[..., None] | None = None,
    shortcut: Callable[..., Tensor | None] | None = None,
    look: Callable[[str, tuple[Any, ...]], None] | None = None,
    note: Note | None = None,
) -> Callable[..., Any]:
    """Turn a kernel on arrays into an operation on tensors.

    The kernel takes arrays by position, all of one float type, and settings by keyword. It returns its output and either
    one function per input, which maps the output's gradient to that input's gradient, or one joint function of the
    gradient and a tuple that says which inputs need theirs. Gradients of broadcast inputs are summed to the input's shape
    here.

    Parameters
    ----------
    kernel : callable
        Arrays to (output, vector-Jacobian products).
    method : str or tuple of str
        Names under which the operation becomes a method of Tensor, such as ``"__add__"``; a name that starts with
        ``__r`` gets its two inputs swapped.
    constants : tuple of int
        Positions of inputs without a derivative, such as labels; they keep their type, and lists there their whole numbers.
    keep_whole : bool
        Whether whole numbers stay whole, as is right where entries are only moved. Else the kernel sees them as floats.
    refuses : mapping of str to str, optional
        Operations that make probabilities, whose result must not be the first input, each with what to say then.
    explain : callable, optional
        (name, arrays, settings) -> None, called when NumPy refuses these arrays: it raises an error that says why. A
        good call costs nothing that way.
    shortcut : callable, optional
        (input) -> a result that is computed in a better way, or None.
    look : callable, optional
        (name, inputs) -> None, called with the inputs as they came: it raises an error if these cannot be meant.
    note : Note, optional
        What is noted of the origin of probabilities.

    Returns
    -------
    callable
        Tensors, arrays or numbers to a Tensor; its arrays' version is its attribute `kernel`.

    Raises
    ------
    WrongTypeError
        When the operation is called: if its kernel returns no pair, or an input is None or no numbers.
    ArgumentError
        When it is called: if a Python number is too large for a float.
    GradientError
        In `backward`: if a derivative has another shape than its input, or their number is wrong.

    Examples
    --------
    >>> import dlcourse as dl
    >>> def cube(x):
    ...     def vjp(g): return g * 3 * x**2
    ...     return x**3, (vjp,)
    >>> cube = differentiable(cube)
    >>> x = dl.Tensor([2.0], requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    array([12.], dtype=float32)
    >>> del OPERATIONS["cube"]  # an operation of the library stays in the table, and must have tests
    """
    if kernel is None:
        return partial(
            differentiable, method=method, constants=constants, keep_whole=keep_whole, refuses=refuses, explain=explain,
            shortcut=shortcut, look=look, note=note,
        )  # fmt: skip
    name = kernel.__name__
    write, place = note or (None, None)
    strange, special = _is_strange(kernel), bool(constants or refuses or shortcut or look)
    alone = bool(constants) and _takes(kernel) == len(constants) + 1  # then no second type can come in

    def looked_at(inputs: tuple[Any, ...], settings: dict[str, Any]) -> tuple[tuple[Any, ...], Tensor | None]:
        """The inputs, labels among them as arrays, and the result where there is a better way to it."""
        if look is not None:
            look(name, inputs)
        better = shortcut(*inputs) if shortcut is not None and len(inputs) == 1 and not settings else None
        if constants:
            inputs = tuple([plain_array(x) if i in constants else x for i, x in enumerate(inputs)])
        if better is None and refuses and inputs and hasattr(inputs[0], "_origin"):
            _check_origin(name, inputs[0], refuses)
        return inputs, better

    def operation(*inputs: Any, **settings: Any) -> Tensor:
        if special:
            inputs, better = looked_at(inputs, settings)
            if better is not None:
                return better
        arrays, bare, needed, kind, mixed = [], 0, False, FLOAT32, False
        for x in inputs:
            if isinstance(x, Tensor):
                array = x._data
                if x._requires_grad:
                    needed = True
            else:
                bare += 1
                # Python numbers stay what they are: NumPy then keeps float32 arrays float32.
                array = x if type(x) in AS_THEY_ARE else as_constant(x)
                if array is not x:
                    mixed = True
                if alone or not isinstance(array, ndarray):
                    arrays.append(array)
                    continue
            if array.dtype is not kind:
                if arrays or array.dtype is not FLOAT64:
                    mixed = True
                kind = array.dtype
            arrays.append(array)
        try:
            if mixed or (bare and (keep_whole or bare == len(arrays))):
                arrays = _in_one_type(inputs, arrays, constants, keep_whole)
            computed = kernel(*arrays, **settings)
        except (TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            _explain_failure(error, name, kernel, explain, inputs, arrays, settings)
            raise
        if strange:
            _check_pair(name, computed)
        output, vjps = computed
        result = new(Tensor)  # without the checks that a tensor made by hand needs
        result._data = output if isinstance(output, ndarray) else np.asarray(output)
        result._grad = None
        result.name = ""
        result.op = name
        if needed and (not begun() or is_recording()):
            result._requires_grad = True
            # Constants are kept too, so that pictures of the graph show them.
            result.parents = tuple([x if isinstance(x, Tensor) else constant(x) for x in inputs]) if bare else inputs
            result._vjps = in_their_types(name, vjps, result.parents) if mixed or strange else vjps
        else:
            result._requires_grad = False
            result.parents = ()
        result._born = next(ages)  # younger than its parents
        if write is not None and (place is None or hasattr(inputs[place], "_origin")):
            write(result, inputs, settings)
        return result

    if isinstance(kernel, FunctionType):
        _annotate(kernel)
    update_wrapper(operation, kernel)
    operation.kernel = kernel  # type: ignore[attr-defined]  # joint operations call the arrays' version
    if not strange or name not in OPERATIONS or _is_strange(OPERATIONS[name]):  # np.exp never calls a learner's own exp
        OPERATIONS[name] = operation
    for spelling in (method,) if isinstance(method, str) else method:
        setattr(Tensor, spelling, _swapped(operation) if spelling.startswith("__r") else operation)
    return operation


def _explain_failure(
    error: Exception, name: str, kernel: Callable[..., Result], explain: Callable[..., None] | None,
    inputs: tuple[Any, ...], arrays: list[Any], settings: dict[str, Any],
) -> None:  # fmt: skip
    """Raise an error that says why a kernel failed, if that is known."""
    if isinstance(error, TypeError) and is_signature_error(error):
        raise WrongTypeError(explain_call(name, kernel, inputs, settings)) from None
    if isinstance(error, OverflowError):
        raise ArgumentError(f"{name}: one of its numbers is too large for a float, which ends at 1.8e308.") from None
    if not isinstance(error, CourseError):
        if any(x is None for x in inputs):
            raise WrongTypeError(f"{name}: one of its inputs is None. Did a function forget its return?") from None
        if explain is not None:
            explain(name, *arrays, **settings)


def _check_pair(name: str, computed: Any) -> None:
    if type(computed) is not tuple or len(computed) != 2:
        raise WrongTypeError(
            f"{name}: its function should return a pair, the output and a tuple of derivatives, one per input; it returned "
            f"{brief(computed)}."
        )


def _annotate(kernel: FunctionType) -> None:
    """Let `help` show how an operation is used: it takes more than its kernel's arrays, and gives a tensor."""
    code = kernel.__code__
    settings = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    kept = {name: kind for name, kind in kernel.__annotations__.items() if name in settings}
    kernel.__annotations__ = kept | {"return": "Tensor"}


def _is_strange(function: Any) -> bool:
    """Whether somebody else than the course wrote it."""
    return not str(getattr(function, "__module__", "")).startswith("dlcourse.")


def _check_origin(name: str, x: Any, refuses: Mapping[str, str]) -> None:
    origin = origin_of(x)
    if origin is not None and origin.operation in refuses:
        raise WrongTypeError(f"{name}: {refuses[origin.operation]}")


def _swapped(operation: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def reflected(right: Any, left: Any) -> Tensor:
        return operation(left, right)

    return reflected


def _takes(kernel: Callable[..., Any]) -> int:
    """How many inputs a kernel takes; 0 where it takes any number."""
    code = getattr(kernel, "__code__", None)
    return 0 if code is None or code.co_flags & inspect.CO_VARARGS else code.co_argcount


def _in_one_type(inputs: tuple[Any, ...], arrays: list[Any], constants: tuple[int, ...], keep_whole: bool) -> list[Any]:
    """The arrays in one type, but for those at the positions of constants."""
    varying = [i for i in range(len(arrays)) if i not in constants]
    if not keep_whole and all(isinstance(inputs[i], Tensor) for i in varying):
        kinds = {arrays[i].dtype for i in varying}
        if kinds == {FLOAT64}:  # as in a gradient check
            return arrays
    same = in_one_type([inputs[i] for i in varying], [arrays[i] for i in varying], keep_whole=keep_whole)
    for i, array in zip(varying, same, strict=True):
        arrays[i] = array
    return arrays
