"""Tools that look at derivatives: is a gradient right, how do all outputs depend on all inputs, how does a slope bend.

Examples
--------
>>> import dlcourse as dl
>>> gradient(lambda w: dl.squared_error(w * 3.0, np.array([6.0])), np.array([1.0]))  # 2 · (3 − 6) · 3
[array([-18.])]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array, plain_array
from dlcourse.calls import call_user_function, explained
from dlcourse.errors import DataError, GradientError, ShapeError, WrongTypeError, brief, counted
from dlcourse.initializers import check_rng
from dlcourse.recording import is_recording
from dlcourse.tensor import Tensor

__all__ = ["gradcheck", "gradient", "hessian", "hessian_vector_product", "jacobian"]


def _point(x: Any) -> Array:
    """A copy in float64, with all digits that x has."""
    as_array(x)  # raises an error unless these are numbers
    return np.array(plain_array(x), dtype=np.float64)


def _leaves(inputs: tuple[Any, ...]) -> list[Tensor]:
    """Copies in float64 that need a gradient."""
    if not is_recording():
        raise GradientError(
            "A derivative was asked for inside no_grad(), where nothing is remembered that it could go back through. Take it "
            "outside of that block."
        )
    leaves = []
    for x in inputs:
        array = _point(x)
        if not np.isfinite(array).all():
            raise DataError("A derivative at NaN or infinity was asked for; check the inputs with np.isfinite.")
        leaves.append(Tensor(array, requires_grad=True))
    return leaves


def _output(f: Callable[..., Any], leaves: list[Tensor]) -> Tensor:
    if not callable(f):
        raise WrongTypeError(
            f"The function comes first, such as dl.tanh, and then where to look; the first was {brief(f)}."
        )
    many = len(leaves)
    y = call_user_function("The function", f"it is called with {counted(many, 'input')}.", f, *leaves)
    if not isinstance(y, Tensor):
        raise WrongTypeError(
            f"The function should return a tensor, not {brief(y)}: use the operations of dlcourse inside."
        )
    _check_digits(y)
    return y


def _check_digits(y: Tensor) -> None:
    """Raise an error if float64 input is turned into float32 on the way: the digits lost there are needed here."""
    waiting, met = [y], {id(y)}
    while waiting:
        tensor = waiting.pop()
        if tensor.op == "astype" and tensor.parents and tensor.dtype.itemsize < tensor.parents[0].dtype.itemsize:
            raise WrongTypeError(
                f"The function goes on in {tensor.dtype}, as a layer with such parameters does, and derivatives are looked at in "
                "float64. Make the parameters float64: p.data = p.data.astype(np.float64)."
            )
        for parent in tensor.parents:
            if id(parent) not in met:
                met.add(id(parent))
                waiting.append(parent)


@explained
def gradient(f: Callable[..., Any], *inputs: Any) -> list[Array]:
    """Return the gradient of a scalar function with respect to each input, in float64.

    Parameters
    ----------
    f : callable
        Takes tensors and returns one number, as a tensor.
    *inputs : array_like
        Where.

    Returns
    -------
    list of ndarray
        One per input, each in the input's shape; zeros where f does not depend on it.

    Raises
    ------
    ShapeError
        If f returns more than one number.
    WrongTypeError
        If f does not return a tensor.
    DataError
        If an input has NaN or infinity.
    GradientError
        Inside `no_grad`.

    Examples
    --------
    >>> gradient(lambda x: (x * x).sum(), np.array([1.0, 3.0]))
    [array([2., 6.])]
    """
    leaves = _leaves(inputs)
    y = _output(f, leaves)
    if y.size != 1:
        raise ShapeError(f"gradient: the function should return one number; it returned shape {y.shape}. See jacobian.")
    if y.requires_grad:
        y.backward()
    return [np.zeros(leaf.shape) if leaf.grad is None else leaf.grad for leaf in leaves]


@explained
def gradcheck(
    f: Callable[..., Any],
    *inputs: Any,
    tolerance: float = 1e-6,
    step: float = 1e-5,
    directions: int = 3,
    rng: np.random.Generator | None = None,
) -> float:
    """Compare backpropagation with central differences, along random directions, in float64.

    Along a direction v the slope of s(x) = Σ c·f(x), c random, is (s(x + h v) − s(x − h v)) / 2h up to h². It
    must equal Σ v·∇s.

    Parameters
    ----------
    f : callable
        Takes tensors and returns a tensor of any shape.
    *inputs : array_like
        Where to check. Stay away from kinks, such as ReLU at 0.
    tolerance : float
        Largest difference allowed, relative to max(1, |gradient|).
    step : float
        h.
    directions : int
        How many random directions.
    rng : numpy Generator, optional
        Source of c and of the directions; by default one that always starts the same.

    Returns
    -------
    float
        The largest relative difference.

    Raises
    ------
    GradientError
        If the difference is larger than `tolerance`, and inside `no_grad`.
    DataError
        If an input has NaN or infinity.
    WrongTypeError
        If f does not return a tensor, or rng is not a generator.

    Examples
    --------
    >>> import dlcourse as dl
    >>> gradcheck(dl.tanh, np.array([0.5, -1.0])) < 1e-6
    True
    """
    rng = np.random.default_rng(0) if rng is None else check_rng("gradcheck", rng)
    leaves = _leaves(inputs)
    y = _output(f, leaves)
    c = rng.normal(size=y.shape)
    if y.requires_grad:
        y.backward(c)  # the gradient of Σ c·f(x)

    def s(v: list[Array], h: float) -> float:
        """Σ c·f(x + h v)."""
        moved = [Tensor(np.asarray(leaf.data + h * d)) for leaf, d in zip(leaves, v, strict=True)]
        return float((_output(f, moved).data * c).sum())

    worst = 0.0
    for _ in range(directions):
        v = [rng.normal(size=leaf.shape) for leaf in leaves]
        numeric = (s(v, step) - s(v, -step)) / (2 * step)
        exact = float(sum((leaf.grad * d).sum() for leaf, d in zip(leaves, v, strict=True) if leaf.grad is not None))
        difference = abs(numeric - exact) / max(1.0, abs(exact))
        worst = max(worst, difference)
        if not difference <= tolerance:
            raise GradientError(
                f"gradcheck: along a random direction backward() gives the slope {exact:.8g}, a central difference {numeric:.8g}. "
                "Either the derivative is wrong, or the point lies within the step of a kink."
            )
    return worst


@explained
def jacobian(f: Callable[[Tensor], Any], x: Any) -> Array:
    """All partial derivatives ∂fᵢ/∂xⱼ, one backward pass per output, in float64.

    Parameters
    ----------
    f : callable
        Takes a tensor and returns a tensor of any shape.
    x : array_like
        Where.

    Returns
    -------
    ndarray
        Its shape is that of f(x), followed by that of x.

    Raises
    ------
    WrongTypeError
        If f does not return a tensor.
    DataError
        If x has NaN or infinity.
    GradientError
        Inside `no_grad`.

    Examples
    --------
    >>> import dlcourse as dl
    >>> jacobian(lambda x: dl.stack(x[0] * x[1], x[0] + x[1]), np.array([2.0, 3.0]))
    array([[3., 2.],
           [1., 1.]])
    """
    (leaf,) = _leaves((x,))
    y = _output(f, [leaf])
    rows = np.zeros((y.size, *leaf.shape))
    for i in range(y.size if y.requires_grad else 0):
        seed = np.zeros(y.size)
        seed[i] = 1
        leaf.zero_grad()
        y.backward(seed.reshape(y.shape))
        if leaf.grad is not None:
            rows[i] = leaf.grad
    return rows.reshape((*y.shape, *leaf.shape))


@explained
def hessian_vector_product(f: Callable[[Tensor], Any], x: Any, v: Any, *, step: float = 1e-3) -> Array:
    """H v for the Hessian H of a scalar function: how the gradient changes along v.

    A fourth-order difference of exact gradients, (8 (g₁ − g₋₁) − (g₂ − g₋₂)) / 12h with gₖ = ∇f(x + k h v/|v|), so the
    error is of order h⁴ and no second backward pass through derivatives is needed.

    Parameters
    ----------
    f : callable
        Takes a tensor and returns one number, as a tensor.
    x : array_like
        Where.
    v : array_like, shape of x
        Direction; of any length.
    step : float
        h, relative to max(1, the largest |xᵢ|).

    Returns
    -------
    ndarray, shape of x

    Raises
    ------
    ShapeError
        If v does not have the shape of x, or f returns more than one number.
    GradientError
        Inside `no_grad`.

    References
    ----------
    Pearlmutter (1994), “Fast Exact Multiplication by the Hessian”, which also shows the way without differences.

    Examples
    --------
    >>> Hv = hessian_vector_product(lambda x: x[0] * x[0] * x[1], np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    >>> np.round(Hv, 6)  # H = [[4, 2], [2, 0]]
    array([6., 2.])
    """
    x, v = _point(x), _point(v)
    if v.shape != x.shape:
        raise ShapeError(
            f"hessian_vector_product: x has shape {x.shape}, v has {v.shape}; a direction has the shape of x."
        )
    length = float(np.linalg.norm(v))
    if length == 0:
        return np.zeros_like(x)
    h = step * max(1.0, float(np.abs(x).max(initial=0.0)))
    g = {k: gradient(f, x + k * h * v / length)[0] for k in (-2, -1, 1, 2)}
    return np.asarray((8 * (g[1] - g[-1]) - (g[2] - g[-2])) / (12 * h) * length)


@explained
def hessian(f: Callable[[Tensor], Any], x: Any, *, step: float = 1e-3) -> Array:
    """All second derivatives ∂²f/∂xᵢ∂xⱼ of a scalar function, by differences of exact gradients, made symmetric.

    Parameters
    ----------
    f : callable
        Takes a tensor and returns one number, as a tensor.
    x : array_like
        Where.
    step : float
        See `hessian_vector_product`, which is called once per entry of x.

    Returns
    -------
    ndarray, shape (size of x, size of x)

    Raises
    ------
    ShapeError
        If f returns more than one number.
    GradientError
        Inside `no_grad`.

    Examples
    --------
    >>> np.round(hessian(lambda x: x[0] * x[0] * x[1], np.array([1.0, 2.0])), 6)
    array([[4., 2.],
           [2., 0.]])
    """
    x = _point(x)
    rows = [
        hessian_vector_product(f, x, direction.reshape(x.shape), step=step).reshape(-1) for direction in np.eye(x.size)
    ]
    full = np.array(rows).reshape(x.size, x.size)
    return np.asarray((full + full.T) / 2)
