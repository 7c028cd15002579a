"""Operations that act on each entry alone: arithmetic, powers, exponentials, comparisons that choose.

Inputs are arrays, tensors, numbers or lists of any shape; they broadcast as in NumPy, and ShapeError names the axis if they
cannot. The engine sums each gradient back to its input's shape. In every kernel, `g` is the derivative of the final
scalar with respect to the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.differentiable import OPERATIONS, Result, differentiable
from dlcourse.errors import ArgumentError, ShapeError, WrongTypeError, brief
from dlcourse.origin import COMPLEMENT, LOGARITHMS, PASSED_ON, Move, Origin, origin_of
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor

__all__ = [
    "absolute",
    "add",
    "astype",
    "check_broadcast",
    "clip",
    "cos",
    "divide",
    "exp",
    "log",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "power",
    "sin",
    "sqrt",
    "subtract",
    "where",
]


def check_broadcast(operation: str, *arrays: Any, **settings: Any) -> None:
    """Raise an error that names the axis, if these arrays do not broadcast.

    Raises
    ------
    ShapeError
        If two sizes of one axis differ and neither is 1.

    Examples
    --------
    >>> check_broadcast("add", np.zeros((2, 3)), np.zeros(3))  # these fit, so nothing happens
    """
    shapes = [getattr(array, "shape", ()) for array in arrays]
    if shapes.count(shapes[0]) == len(shapes):
        return
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        deepest = max(len(shape) for shape in shapes)
        for axis in range(1, deepest + 1):
            sizes = [shape[-axis] for shape in shapes if len(shape) >= axis]
            if len({size for size in sizes if size != 1}) > 1:
                break
        texts = " and ".join(str(shape) for shape in shapes)
        raise ShapeError(
            f"{operation}: the shapes {texts} do not fit. Counted from the right, axis -{axis} has sizes "
            f"{' and '.join(map(str, sizes))}; two sizes fit if they are equal or one of them is 1. "
            "A reshape that adds an axis of size 1 in the right place often mends it."
        ) from None


def _where_used(g: Array, part: Array) -> Array:
    """`part`, but 0 where g is 0: what is not used gets no gradient, even where the slope is infinite and 0 · ∞ is NaN."""
    return part if np.isfinite(part).all() else np.where(np.equal(g, 0), np.zeros_like(part), part)


@differentiable(keep_whole=True, note=PASSED_ON)
def astype(x: Array, *, dtype: Any) -> Result:
    """The same numbers in another type of float; the gradient goes back in the type of x.

    Parameters
    ----------
    x : array, any shape
        Whole numbers too.
    dtype : float type, such as np.float32

    Raises
    ------
    WrongTypeError
        If that is not a float type.

    Examples
    --------
    >>> astype(np.array([1, 2]), dtype=np.float64).data  # x.astype(np.float64) says the same of a tensor x
    array([1., 2.])
    """
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    if dtype is None or kind is None or kind.kind != "f":
        raise WrongTypeError(
            f"astype: a type of floats is expected, such as np.float32, not {brief(dtype)}. Whole numbers have no gradient: "
            "x.data.astype(int) gives them as a bare array."
        )

    x = np.asarray(x)

    def vjp(g: Array) -> Array:
        return g.astype(x.dtype)

    return x.astype(kind), (vjp,)


@differentiable(method=("__add__", "__radd__"), explain=check_broadcast)
def add(a: Array, b: Array) -> Result:
    """Sum, a + b, with broadcasting. Both derivatives are 1.

    Examples
    --------
    >>> add([1.0, 2.0], 10.0).data
    array([11., 12.], dtype=float32)
    """

    def vjp_a(g: Array) -> Array:
        return g

    return a + b, (vjp_a, vjp_a)


@differentiable(method=("__sub__", "__rsub__"), explain=check_broadcast, note=COMPLEMENT)
def subtract(a: Array, b: Array) -> Result:
    """Difference, a − b, with broadcasting: ∂/∂a = 1, ∂/∂b = −1.

    Examples
    --------
    >>> subtract([5.0, 2.0], 1.0).data
    array([4., 1.], dtype=float32)
    """

    def vjp_a(g: Array) -> Array:
        return g

    def vjp_b(g: Array) -> Array:
        return -g

    return a - b, (vjp_a, vjp_b)


@differentiable(method=("__mul__", "__rmul__"), explain=check_broadcast)
def multiply(a: Array, b: Array) -> Result:
    """Product entry by entry, a · b, with broadcasting. Each factor's derivative is the other factor.

    Examples
    --------
    >>> multiply([2.0, 3.0], [10.0, 100.0]).data
    array([ 20., 300.], dtype=float32)
    """

    def vjp_a(g: Array) -> Array:
        return g * b

    def vjp_b(g: Array) -> Array:
        return g * a

    return a * b, (vjp_a, vjp_b)


@differentiable(method=("__truediv__", "__rtruediv__"), explain=check_broadcast)
def divide(a: Array, b: Array) -> Result:
    """Quotient, a / b, with broadcasting: ∂/∂a = 1/b, ∂/∂b = −a/b². Division by zero gives ±inf or NaN, as in IEEE 754.

    A gradient of 0 stays 0 there.

    Examples
    --------
    >>> divide([1.0, 3.0], 2.0).data
    array([0.5, 1.5], dtype=float32)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.true_divide(a, b)

    def vjp_a(g: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _where_used(g, g / b)

    def vjp_b(g: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _where_used(g, -g * quotient / b)

    return quotient, (vjp_a, vjp_b)


@differentiable(method="__neg__")
def negative(x: Array) -> Result:
    """The number with the opposite sign, −x; derivative −1.

    Examples
    --------
    >>> negative([1.0, -2.0]).data
    array([-1.,  2.], dtype=float32)
    """

    def vjp(g: Array) -> Array:
        return -g

    return -x, (vjp,)


@differentiable(method=("__pow__", "__rpow__"), explain=check_broadcast)
def power(x: Array, exponent: Array) -> Result:
    """xⁿ, with ∂/∂x = n·xⁿ⁻¹ and, for x > 0, ∂/∂n = xⁿ·log x.

    At x = 0 the derivative for the exponent is taken as 0, the limit for n > 0; for x it is infinite if 0 < n < 1, and a
    gradient of 0 stays 0. A negative number to a power that is not whole is NaN.

    Examples
    --------
    >>> power([2.0, 3.0], 2).data
    array([4., 9.], dtype=float32)
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        result = np.power(x, exponent)

    def vjp_x(g: Array) -> Array:
        if isinstance(exponent, (int, float)) and exponent == 2:  # squares are everywhere, and need no power
            return g * 2.0 * x
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = exponent * np.power(x, exponent - 1)
            # n = 0 is constant, also where x is 0 and 0·0⁻¹ would be NaN.
            return _where_used(g, g * np.where(np.equal(exponent, 0), np.zeros_like(slope), slope))

    def vjp_exponent(g: Array) -> Array:
        safe = np.where(np.equal(x, 0), np.ones_like(x), x)
        with np.errstate(invalid="ignore", over="ignore"):
            return _where_used(g, g * result * np.where(np.equal(x, 0), np.zeros_like(safe), np.log(safe)))

    return result, (vjp_x, vjp_exponent)


@differentiable(method="exp")
def exp(x: Array) -> Result:
    """eˣ for each entry of x; its own derivative. Overflows to inf above 88 in float32 and 709 in float64.

    Examples
    --------
    >>> np.round(exp([0.0, 1.0]).data, 4)
    array([1.    , 2.7183], dtype=float32)
    """
    with np.errstate(over="ignore"):
        y = np.exp(x)

    def vjp(g: Array) -> Array:
        return g * y

    return y, (vjp,)


def _log_of_probabilities(x: Any) -> Tensor | None:
    """The logarithm computed from the logits, where x comes from there."""
    origin = origin_of(x)
    if origin is None or origin.operation not in LOGARITHMS:
        return None
    if not origin.logits and origin.move is None:
        return None
    before = origin.move.inputs if origin.move is not None else origin.logits
    if any(isinstance(tensor, Tensor) and tensor._born < x._born for tensor in before):
        return None  # weights that were changed since, by step() for example: the logits of then are gone
    if origin.move is not None:
        return _log_before_move(origin.move, origin.complement)
    if not x.requires_grad:
        with no_grad():
            return _log_of_logits(origin)
    return _log_of_logits(origin)


def _log_of_logits(origin: Origin) -> Tensor:
    first, *others = origin.logits
    logits = first(*others) if others else first
    return LOGARITHMS[origin.operation](negative(logits) if origin.complement else logits, **origin.settings)


def _log_before_move(move: Move, complement: bool) -> Tensor:
    """The same for probabilities of which some were picked, or that were put in another shape."""
    before = [subtract(1.0, p) for p in move.inputs] if complement else move.inputs
    return OPERATIONS[move.operation](*[log(p) for p in before], **move.settings)


@differentiable(method="log", shortcut=_log_of_probabilities)
def log(x: Array) -> Result:
    """Natural logarithm, derivative 1/x. log 0 = −inf, and NaN below; a gradient of 0 stays 0 there.

    The logarithm of sigmoid(z), 1 − sigmoid(z) or softmax(z) is computed from z, by `log_sigmoid` or `log_softmax`: it is
    finite and has its slope even where the probability has become 0 or 1 to the last digit. The same holds for some of
    them, such as softmax(z)[rows, labels].

    Examples
    --------
    >>> np.round(log([1.0, 10.0]).data, 4)
    array([0.    , 2.3026], dtype=float32)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)

    def vjp(g: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _where_used(g, g / x)

    return y, (vjp,)


@differentiable(method="sqrt")
def sqrt(x: Array) -> Result:
    """Square root, derivative 1/(2√x), infinite at 0. NaN below 0; a gradient of 0 stays 0 everywhere.

    Examples
    --------
    >>> sqrt([4.0, 9.0]).data
    array([2., 3.], dtype=float32)
    """
    with np.errstate(invalid="ignore"):
        y = np.sqrt(x)

    def vjp(g: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return _where_used(g, g / (2.0 * y))

    return y, (vjp,)


@differentiable(method="sin")
def sin(x: Array) -> Result:
    """Sine of an angle in radians; derivative cos x.

    Examples
    --------
    >>> np.round(sin([0.0, np.pi / 2]).data, 4)
    array([0., 1.], dtype=float32)
    """

    def vjp(g: Array) -> Array:
        return g * np.cos(x)

    return np.sin(x), (vjp,)


@differentiable(method="cos")
def cos(x: Array) -> Result:
    """Cosine of an angle in radians; derivative −sin x.

    Examples
    --------
    >>> np.round(cos([0.0, np.pi]).data, 4)
    array([ 1., -1.], dtype=float32)
    """

    def vjp(g: Array) -> Array:
        return -g * np.sin(x)

    return np.cos(x), (vjp,)


@differentiable(method="__abs__")
def absolute(x: Array) -> Result:
    """|x|, derivative the sign of x. At the kink, x = 0, the derivative is taken as 0.

    Examples
    --------
    >>> absolute([-3.0, 2.0]).data
    array([3., 2.], dtype=float32)
    """

    def vjp(g: Array) -> Array:
        return g * np.sign(x)

    return np.abs(x), (vjp,)


@differentiable(explain=check_broadcast, note=PASSED_ON)
def maximum(a: Array, b: Array) -> Result:
    """The larger of a and b, entry by entry. Where they are equal, the gradient goes to the first.

    Examples
    --------
    >>> maximum([1.0, 5.0], 2.0).data
    array([2., 5.], dtype=float32)
    """

    def vjp_a(g: Array) -> Array:
        return g * np.greater_equal(a, b)

    def vjp_b(g: Array) -> Array:
        return g * np.less(a, b)

    return np.maximum(a, b), (vjp_a, vjp_b)


@differentiable(explain=check_broadcast, note=PASSED_ON)
def minimum(a: Array, b: Array) -> Result:
    """The smaller of a and b, entry by entry. Where they are equal, the gradient goes to the first.

    Examples
    --------
    >>> minimum([1.0, 5.0], 2.0).data
    array([1., 2.], dtype=float32)
    """

    def vjp_a(g: Array) -> Array:
        return g * np.less_equal(a, b)

    def vjp_b(g: Array) -> Array:
        return g * np.greater(a, b)

    return np.minimum(a, b), (vjp_a, vjp_b)


@differentiable(note=PASSED_ON)
def clip(x: Array, *, low: float, high: float) -> Result:
    """x held between `low` and `high`; the derivative is 1 inside, both ends included, and 0 outside.

    Raises
    ------
    ArgumentError
        If `low` is above `high`.
    WrongTypeError
        If one of them is not a number.

    Examples
    --------
    >>> clip([-2.0, 0.5, 7.0], low=0.0, high=1.0).data
    array([0. , 0.5, 1. ], dtype=float32)
    """
    try:
        swapped = np.any(np.greater(low, high))
    except TypeError:
        raise WrongTypeError(
            f"clip: low and high are numbers, not {brief(low)} and {brief(high)}. An infinite one, float('inf'), leaves its "
            "side open."
        ) from None
    if swapped:
        raise ArgumentError(f"clip: low, {brief(low)}, is above high, {brief(high)}. Were they swapped?")
    least, most = np.asarray(low, x.dtype), np.asarray(high, x.dtype)

    def vjp(g: Array) -> Array:
        return g * ((x >= least) & (x <= most))

    return np.clip(x, least, most), (vjp,)


@differentiable(constants=(0,), explain=check_broadcast)
def where(condition: Array, a: Array, b: Array) -> Result:
    """a where the condition holds, b elsewhere. The gradient goes to the one that was chosen.

    Examples
    --------
    >>> where(np.array([True, False]), [1.0, 1.0], 5.0).data
    array([1., 5.], dtype=float32)
    """
    chosen = np.asarray(condition, dtype=bool)

    def vjp_a(g: Array) -> Array:
        return np.where(chosen, g, np.zeros((), g.dtype))

    def vjp_b(g: Array) -> Array:
        return np.where(chosen, np.zeros((), g.dtype), g)

    return np.where(chosen, a, b), (None, vjp_a, vjp_b)


def _astype_method(self: Tensor, dtype: Any) -> Tensor:
    """The same numbers in another type of float, a `dtype` such as np.float64; the gradient goes back in the type of x."""
    return astype(self, dtype=dtype)


setattr(Tensor, "astype", _astype_method)  # noqa: B010  # to mypy a class has the methods that stand in it
