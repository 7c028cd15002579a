"""The landscape of a model's loss: as a function of one long vector of weights, and on a random slice of two directions.

No data set is known here: data are whatever has `x` and `y`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, DataError, WrongTypeError, brief, check_positive, check_whole
from dlcourse.initializers import check_rng
from dlcourse.layers.modes import evaluating
from dlcourse.meanwhile import restored
from dlcourse.recording import no_grad
from dlcourse.tensor import Parameter, Tensor

__all__ = ["Slice", "as_function", "random_direction", "random_slice"]

BATCH = 1024  # examples at a time


class Slice(NamedTuple):
    """Losses on a plane through the weights: at [i, j] those of weights + b[i] · second + a[j] · first direction.

    Attributes
    ----------
    a, b : array, shape (P,)
        Coordinates along the two directions; the middle one is 0, where the model stands.
    losses : array, shape (P, P)
        Rows follow b, columns a.
    directions : two lists of arrays
        One array per parameter, in its shape.

    Examples
    --------
    >>> plane = Slice(np.arange(-1, 2), np.arange(-1, 2), np.array([[2, 1, 2], [1, 0, 1], [2, 1, 2]]), ([], []))
    >>> plane.centre
    0.0
    """

    a: Array
    b: Array
    losses: Array
    directions: tuple[list[Array], list[Array]]

    @property
    def centre(self) -> float:
        """The loss where the model stands."""
        return float(self.losses[len(self.b) // 2, len(self.a) // 2])


@explained
def random_direction(model: Any, *, rng: np.random.Generator, normalized: bool = True) -> list[Array]:
    """Draw a random direction in the space of a model's weights, one array per parameter.

    Parameters
    ----------
    model : Module
    rng : numpy Generator
    normalized : bool
        Give each filter of the direction (the weights into one neuron: all axes but the last) the length of the
        model's own filter, and leave biases and scales (parameters with one axis) where they are. Otherwise the direction
        is plain normal noise, with the length of all weights together.

    Returns
    -------
    list of array, in the shapes and types of the parameters

    Raises
    ------
    WrongTypeError
        If the model has no parameters, or rng is not a generator.

    Notes
    -----
    A ReLU layer times 10 and the next one divided by 10 compute the same, so a step of length 1 means nothing by itself.
    Measured in lengths of filters, slices of two models can be compared.

    References
    ----------
    Li, Xu, Taylor, Studer, Goldstein (2018), “Visualizing the Loss Landscape of Neural Nets”, section 4.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> layer = dl.Dense(3, 2, rng=np.random.default_rng(0))
    >>> weight, bias = random_direction(layer, rng=np.random.default_rng(1))
    >>> length = lambda w: np.sqrt((w**2).sum(axis=0))
    >>> bool(np.allclose(length(weight), length(layer.weight.data))), bias.tolist()
    (True, [0.0, 0.0])
    """
    parameters = _parameters(model)
    check_rng("random_direction", rng)
    direction = [rng.normal(size=p.shape) for p in parameters]
    if not normalized:
        ratio = _length([p.data for p in parameters]) / _length(direction)
        return [(ratio * d).astype(p.dtype) for d, p in zip(direction, parameters, strict=True)]
    plain = all(p.ndim < 2 for p in parameters)  # a model of single numbers: each array counts as one filter
    scaled = []
    for d, p in zip(direction, parameters, strict=True):
        if p.ndim < 2 and not plain:
            scaled.append(np.zeros_like(p.data))
            continue
        axes = tuple(range(p.ndim)) if plain else tuple(range(p.ndim - 1))
        lengths = np.sqrt((d**2).sum(axis=axes, keepdims=True))
        own = np.sqrt((p.data.astype(np.float64) ** 2).sum(axis=axes, keepdims=True))
        scaled.append((d * (own / np.maximum(lengths, 1e-300))).astype(p.dtype))
    return scaled


@explained
def random_slice(
    model: Any,
    data: Any,
    *,
    loss: Callable[[Any, Any], Tensor],
    reach: float = 1.0,
    points: int = 21,
    normalized: bool = True,
    rng: np.random.Generator,
) -> Slice:
    """Compute the loss of any model on a random plane through its weights; the weights are put back afterwards.

    Parameters
    ----------
    model : Module
        Evaluated as it predicts (dropout off), not as it trains.
    data : Dataset
        All of it goes into each loss of the slice.
    loss : callable
        (prediction, truth) -> scalar, a mean over the batch.
    reach : float
        How far the slice extends to each side, in lengths of the directions.
    points : int
        Along each side; an even number is raised by one, so that the middle is the model itself.
    normalized : bool
        See `random_direction`.
    rng : numpy Generator
        Same seed, same slice.

    Raises
    ------
    WrongTypeError
        If the model has no parameters, the loss is not a function, the data are not a Dataset, or rng is not a generator.
    DataError
        If there are no data.
    ArgumentError
        If `reach` is not more than 0, or there are fewer than three points.

    References
    ----------
    Li, Xu, Taylor, Studer, Goldstein (2018), “Visualizing the Loss Landscape of Neural Nets”.

    Examples
    --------
    >>> import dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model, data = dl.Dense(2, 2, rng=rng), dl.data.moons(20, rng=rng)
    >>> random_slice(model, data, loss=dl.cross_entropy, points=5, rng=rng).losses.shape
    (5, 5)
    """
    reach = check_positive("random_slice", "reach", reach)
    half = check_whole("random_slice", "points", points, least=3) // 2
    if not callable(loss):
        raise WrongTypeError(f"random_slice: loss should be a function such as dl.cross_entropy, not {brief(loss)}.")
    parameters = _parameters(model)
    _check_data("random_slice", data)
    check_rng("random_slice", rng)
    directions = tuple(random_direction(model, rng=rng, normalized=normalized) for _ in range(2))
    steps = np.arange(-half, half + 1) * (reach / half)
    start = [p.data.copy() for p in parameters]
    with evaluating(model), no_grad():
        losses = restored(
            lambda: _losses(parameters, steps, directions, lambda: _mean_loss(model, data, loss)),
            lambda: _set(parameters, start),
        )
    first, second = directions
    return Slice(steps, steps.copy(), losses, (first, second))


@explained
def as_function(model: Any, data: Any, *, loss: Callable[[Any, Any], Tensor]) -> tuple[Callable[[Tensor], Any], Array]:
    """Return a model's loss as a function of one vector of all its weights, and its present value.

    What works on functions (`dl.gradient`, `dl.hessian`, `dl.gradcheck`) then works on any model whose parameters are
    attributes of modules or stand in lists there. The model predicts (dropout off) and keeps its weights.

    Parameters
    ----------
    model : Module
    data : Dataset
        x and y, all of them in one batch.
    loss : callable
        (prediction, truth) -> scalar tensor.

    Returns
    -------
    f : callable
        Tensor of shape (D,) -> scalar tensor.
    weights : array, shape (D,), float64
        In the order of `model.parameters()`.

    Raises
    ------
    DataError
        If there are no data.
    WrongTypeError
        If the model has no parameters, the data are not a Dataset, or f is called and a parameter stands in a tuple.
    ArgumentError
        If f is called with a vector of another length.

    Examples
    --------
    >>> import dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> f, w = as_function(dl.Dense(2, 1, rng=rng), dl.data.Dataset(np.eye(2), np.ones((2, 1))), loss=dl.squared_error)
    >>> dl.hessian(f, w).shape
    (3, 3)
    """
    parameters = _parameters(model)
    _check_data("as_function", data)
    bounds = np.cumsum([0, *(p.size for p in parameters)])

    def f(weights: Any) -> Any:
        w = weights if isinstance(weights, Tensor) else Tensor(np.asarray(weights, np.float64))
        if w.shape != (int(bounds[-1]),):
            raise ArgumentError(
                f"as_function: the model has {bounds[-1]} weights, shape ({bounds[-1]},), not {w.shape}."
            )
        pieces = {
            id(p): w[int(low) : int(high)].reshape(p.shape)
            for p, low, high in zip(parameters, bounds[:-1], bounds[1:], strict=True)
        }
        places = _places_of(model, pieces)

        def at_the_weights() -> Any:
            _put(places, pieces)
            return loss(model(Tensor(data.x)), data.y)

        with evaluating(model):
            return restored(at_the_weights, lambda: _put(places, {}))

    return f, np.concatenate([p.data.reshape(-1).astype(np.float64) for p in parameters])


def _parameters(model: Any) -> list[Parameter]:
    if isinstance(model, type) or not callable(getattr(model, "parameters", None)) or not model.parameters():
        raise WrongTypeError(
            f"A landscape needs a model with parameters, such as dl.Sequential(...), not {brief(model)}."
        )
    return list(model.parameters())


def _check_data(owner: str, data: Any) -> None:
    if not (hasattr(data, "x") and hasattr(data, "y")):
        raise WrongTypeError(f"{owner}: data should be a dl.data.Dataset(x, y), not {brief(data)}.")
    if len(data.y) == 0:
        raise DataError(f"{owner}: the data set is empty; the mean of nothing is not a number.")


def _length(arrays: list[Array]) -> float:
    return float(np.sqrt(sum(float((a.astype(np.float64) ** 2).sum()) for a in arrays)))


def _mean_loss(model: Any, data: Any, loss: Callable[[Any, Any], Tensor]) -> float:
    number, total = len(data.y), 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, number, BATCH):
            x, y = data.x[start : start + BATCH], data.y[start : start + BATCH]
            total += float(loss(model(Tensor(x)), y).item()) * len(y)
    return total / number


def _losses(
    parameters: list[Parameter], steps: Array, directions: tuple[list[Array], ...], measure: Callable[[], float]
) -> Array:
    """The loss at each point of the plane, shape (P, P). The parameters stay at the last one."""
    start = [p.data.copy() for p in parameters]
    first, second = directions
    losses = np.empty((len(steps), len(steps)))
    for i, b in enumerate(steps):
        row = [w + p.dtype.type(b) * s for w, s, p in zip(start, second, parameters, strict=True)]
        for j, a in enumerate(steps):
            _set(parameters, [w + p.dtype.type(a) * f for w, f, p in zip(row, first, parameters, strict=True)])
            losses[i, j] = measure()
    return losses


def _set(parameters: list[Parameter], weights: list[Array]) -> None:
    for p, w in zip(parameters, weights, strict=True):
        p.data[...] = w


Place = tuple[Any, Any, Any]  # what holds a parameter, under which name or number, and the parameter


def _places_of(model: Any, pieces: dict[int, Tensor]) -> list[Place]:
    """Where the model's parameters stand, wherever modules hold them."""
    places = [place for module in model.modules() for place in _places(vars(module), pieces)]
    if {id(value) for _, _, value in places} != set(pieces):
        raise WrongTypeError(
            "as_function: a parameter is held neither as an attribute of a module nor in a list or dictionary of one. A tuple "
            "cannot be changed; make it a list."
        )
    return places


def _places(holder: Any, pieces: dict[int, Tensor]) -> Iterator[Place]:
    for place, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
        if id(value) in pieces:
            yield holder, place, value
        elif isinstance(value, (list, dict)):
            yield from _places(value, pieces)


def _put(places: list[Place], pieces: dict[int, Tensor]) -> None:
    """Put tensors in the places of parameters; without a tensor for it, the parameter itself."""
    for holder, place, parameter in places:
        holder[place] = pieces.get(id(parameter), parameter)
