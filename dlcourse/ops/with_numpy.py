"""What NumPy's own functions and comparison signs do with a tensor.

A NumPy function that the course has too is differentiated; one that gives truth values or positions sees the bare
numbers; any other would lose the gradient in silence, and says so instead.

Examples
--------
>>> x = Tensor([0.0, 4.0], requires_grad=True)
>>> np.sqrt(x).op, np.isfinite(x), (x > 1).data
('sqrt', array([ True,  True]), array([False,  True]))
>>> try:
...     np.cumsum(x)
... except WrongTypeError as error:
...     print(error)
np.cumsum would lose the gradient. Write it with operations of dlcourse, or take x.data for the bare numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.comparison import Comparison
from dlcourse.differentiable import OPERATIONS
from dlcourse.errors import WrongTypeError
from dlcourse.ops.elementwise import check_broadcast
from dlcourse.recording import is_recording
from dlcourse.tensor import Parameter, Tensor

__all__: list[str] = []

# NumPy's names for what has another name here.
HERE = {
    "dot": "matmul",
    "amax": "max",
    "amin": "min",
    "vstack": "concatenate",
    "hstack": "concatenate",
    "add.reduce": "sum",
    "maximum.reduce": "max",
    "minimum.reduce": "min",
}
COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
COMPARABLE = (Tensor, np.ndarray, np.generic, int, float, complex, list, tuple)
# For each sign, what it asks of two parameters where a list or a condition wants yes or no.
SAME: dict[Any, Callable[[Any, Any], bool]] = {operator.eq: operator.is_, operator.ne: operator.is_not}
# These take a shape and a type from their input, and none of its numbers.
EMPTY = frozenset({"zeros_like", "ones_like", "empty_like", "full_like"})


def ufunc(self: Tensor, function: np.ufunc, method: str, *inputs: Any, **settings: Any) -> Any:
    """array + tensor is dl.add, np.exp(tensor) is dl.exp, and np.isfinite(tensor) is an array of truth values."""
    name = function.__name__
    if method == "__call__" and not settings and name in OPERATIONS:
        return OPERATIONS[name](*inputs)
    if method != "__call__":
        name = f"{name}.{method}"
    if "out" in settings and _has_gradient(inputs):
        raise WrongTypeError(
            f"np.{name}: an array cannot take in a tensor, the way back to the weights would be lost. Write total = total + x "
            "for a tensor, or total += x.data for the bare numbers."
        )
    truths = all(kind.endswith("?") for kind in function.types if "O" not in kind)
    if _has_gradient(inputs) and not truths:
        raise _lost(name)
    if truths and method == "__call__" and len(inputs) == 2:
        check_broadcast("comparison", *map(_bare, inputs))
    settings = {key: _bare(value) for key, value in settings.items()}
    result = getattr(function, method)(*map(_bare if truths else _wide, inputs), **settings)
    return Tensor(result) if name in COMPARISONS else result


def array_function(self: Tensor, function: Any, types: Any, inputs: Any, settings: Any) -> Any:
    """NumPy's other functions see the bare numbers; a result of floats would have lost the gradient."""
    name = function.__name__
    bare = _bare if name in EMPTY else _wide
    result = function(*map(bare, inputs), **{key: bare(value) for key, value in settings.items()})
    if name not in EMPTY and _has_floats(result) and _has_gradient([*inputs, *settings.values()]):
        raise _lost(name, f"{function.__module__}.{name}".replace("numpy", "np"))
    return result


def _lost(name: str, spelled: str = "") -> WrongTypeError:
    here = HERE.get(name, name)
    instead = f"Use dl.{here}" if here in OPERATIONS else "Write it with operations of dlcourse"
    return WrongTypeError(
        f"{spelled or f'np.{name}'} would lose the gradient. {instead}, or take x.data for the bare numbers."
    )


def _has_gradient(inputs: Any) -> bool:
    if not is_recording():
        return False
    parts = [part for x in inputs for part in (x if isinstance(x, (list, tuple)) else (x,))]
    return any(isinstance(part, Tensor) and part.requires_grad for part in parts)


def _has_floats(result: Any) -> bool:
    parts = result if isinstance(result, (list, tuple)) else (result,)
    return any(getattr(part, "dtype", None) is not None and np.asarray(part).dtype.kind == "f" for part in parts)


def _bare(x: Any) -> Any:
    if type(x) in (list, tuple):
        return type(x)(map(_bare, x))
    return x.data if isinstance(x, Tensor) else x


def _wide(x: Any) -> Any:
    """The bare numbers; small whole types as int64, where NumPy would let them wrap around: 200 + 100 is no byte."""
    if type(x) in (list, tuple):
        return type(x)(map(_wide, x))
    if not isinstance(x, Tensor) or x.dtype.kind not in "iu":
        return _bare(x)
    fits = x.dtype != np.uint64 or not x.size or x.data.max() <= np.iinfo(np.int64).max
    return x.data.astype(np.int64 if fits else np.float64, copy=False)


def _truth(function: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Tensor]:
    def compare(self: Tensor, other: Any) -> Any:
        if not isinstance(other, COMPARABLE) and not hasattr(other, "__array__"):
            return NotImplemented
        if function in SAME and isinstance(self, Parameter) and isinstance(other, Parameter):
            yes = SAME[function](self, other)
            try:
                return Comparison(function(self.data, other.data), yes)
            except ValueError:  # the shapes do not fit
                return Comparison(np.array(yes), yes)
        other = np.asarray(other) if isinstance(other, (list, tuple)) else _bare(other)
        check_broadcast("comparison", self.data, other)
        return Tensor(function(self.data, other))

    compare.__doc__ = "Truth values, entry by entry; they have no derivative."
    return compare


def _joined(sign: str, function: Callable[[Any, Any], Any]) -> Callable[[Tensor, Any], Tensor]:
    def join(self: Tensor, other: Any) -> Any:
        if not isinstance(other, COMPARABLE) and not hasattr(other, "__array__"):
            return NotImplemented
        a, b = _wide(self), np.asarray(other) if isinstance(other, (list, tuple)) else _wide(other)
        if any(np.asarray(part).dtype.kind not in "biu" for part in (a, b)):
            raise WrongTypeError(
                f"x {sign} y joins truth values, and one of these holds other numbers. It binds more tightly than < and >: put brackets "
                f"around each comparison, (x > 0) {sign} (x < 1)."
            )
        check_broadcast("comparison", a, b)
        return Tensor(function(a, b))

    join.__doc__ = f"Truth values of both sides, joined by {sign}."
    return join


def _of_bare_numbers(spelled: str, function: Callable[..., Any], instead: str = "") -> Callable[..., Tensor]:
    def compute(*inputs: Any) -> Tensor:
        if _has_gradient(inputs):
            raise WrongTypeError(f"{spelled} would lose the gradient. {instead}") if instead else _lost("", spelled)
        return Tensor(function(*map(_wide, inputs)))

    compute.__doc__ = f"{spelled}, of numbers that need no gradient."
    return compute


def _opposite(self: Tensor) -> Tensor:
    """False where this is true, and true where it is false."""
    return Tensor(np.logical_not(self.data))


# A __getattr__ for misspelled names would make every attribute of every tensor slower: small networks by 6 %.
for _spelling, _method in {
    "__array_ufunc__": ufunc,
    "__array_function__": array_function,
    "__invert__": _opposite,
    "__floordiv__": _of_bare_numbers("x // y", operator.floordiv),
    "__rfloordiv__": _of_bare_numbers("y // x", lambda x, y: y // x),
    "__mod__": _of_bare_numbers("x % y", operator.mod),
    "__rmod__": _of_bare_numbers("y % x", lambda x, y: y % x),
    "__round__": _of_bare_numbers(
        "round(x)", np.round, "To print one number write round(x.item(), 2), for many np.round(x.data, 2)."
    ),
    **{f"__{sign}__": _truth(getattr(operator, f"__{sign}__")) for sign in ("lt", "le", "gt", "ge", "eq", "ne")},
    **{
        f"__{side}{name}__": _joined(sign, getattr(operator, f"__{name}__"))
        for name, sign in (("and", "&"), ("or", "|"), ("xor", "^"))
        for side in ("", "r")
    },
}.items():
    setattr(Tensor, _spelling, _method)
