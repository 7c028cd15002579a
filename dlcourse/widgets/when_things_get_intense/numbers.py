"""The numbers of Paths: a network one can check by hand, and what its derivatives are by every way there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from dlcourse.activations import ZOO
from dlcourse.arrays import Array
from dlcourse.calculus import Link, PathSum, Work, hessian, jacobian, links, paths, work
from dlcourse.errors import ArgumentError
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Sequential
from dlcourse.meanwhile import restored
from dlcourse.tensor import Tensor

MOST_PATHS = 10_000
MOST_WIDTH = 12
DEEPEST = 12
DERIVATION_LINES = 8
ACTIVATIONS = ("sigmoid", "tanh", "softplus", "ReLU", "identity")
Place = tuple[int, int, int]
Edits = tuple[tuple[Place, float], ...]
"""What was added to which weights by hand."""


@dataclass(frozen=True, eq=False)
class Own:
    """A learner's network as it was when the widget was made; training it on does not change the picture."""

    links: tuple[Link, ...]

    @classmethod
    def of(cls, model: Any, x: Any) -> Own:
        chain = tuple(links(model, x))
        widest = max(max(link.weight.shape) for link in chain)
        if widest > MOST_WIDTH:
            raise ArgumentError(
                f"Paths: a layer with {widest} neurons does not fit in the picture, {MOST_WIDTH} do. dl.paths works for any width."
            )
        return cls(chain)


@lru_cache(maxsize=64)
def built(sizes: tuple[int, ...], activation: str, seed: int, own: Own | None, edits: Edits) -> Sequential:
    """The network in float64, weights rounded to one decimal so that the arithmetic can be followed by hand."""
    rng = np.random.default_rng(seed)
    layers: list[Any] = []
    for number, (k, m) in enumerate(zip(sizes, sizes[1:], strict=False)):
        f = own.links[number].activation if own else ZOO[activation]
        layers += [Dense(k, m, rng=rng)] + ([f] if f is not None else [])
    model = Sequential(*(layers if own else layers[:-1]))
    for number, layer in enumerate(dense(model)):
        for name, parameter in layer.named_parameters().items():
            kept = getattr(own.links[number], name).copy() if own else None
            parameter.data = np.round(rng.normal(size=parameter.shape), 1) if kept is None else kept
    for (number, j, i), change in edits:
        dense(model)[number].weight.data[j, i] += change
    return model


def dense(model: Sequential) -> list[Dense]:
    """Its dense layers."""
    return [layer for layer in model if isinstance(layer, Dense)]


@dataclass(frozen=True)
class PathsResult:
    """A weight, an output, and the derivative of one by the other.

    Attributes
    ----------
    paths : PathSum or None
        None where there are too many paths to list.
    gradient, difference : float
        ∂s/∂W by `backward()`, and by (s(W + h) − s(W − h)) / 2h.
    blame : float
        ∂s/∂a of the neuron behind the weight; `slope` its f′, `delta` the product of both, `source` what comes into the weight.
    da, dz : float
        Difference quotients of that neuron's a and z by the weight.
    """

    chain: list[Link]
    place: Place
    output: int
    count: int
    paths: PathSum | None
    score: float
    weight: float
    gradient: float
    difference: float
    da: float
    dz: float
    blame: float
    slope: float
    delta: float
    source: float
    works: tuple[Work, ...] = ()
    jacobian: Array | None = None
    stretches: Array | None = None
    ellipse: Array | None = None
    images: Array | None = None
    hessian: Array | None = None
    curvatures: Array | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, inputs first."""
        return (len(self.chain[0].inputs), *(len(link.bias) for link in self.chain))

    @property
    def off(self) -> float:
        """How far the central difference is from the derivative, relative to it."""
        return abs(self.difference - self.gradient) / max(abs(self.gradient), 1e-300) if self.gradient else 0.0

    @property
    def left(self) -> float:
        """How far the network's own answers leave the ellipse of the Jacobian, relative to its longer half axis."""
        if self.images is None or self.ellipse is None or not np.any(self.ellipse):
            return 0.0
        away = np.linalg.norm(self.images - self.ellipse, axis=1).max()
        return float(away / np.linalg.norm(self.ellipse, axis=1).max())

    @property
    def bent(self) -> int:
        """Number of eigenvalues of the Hessian that are not 0."""
        if self.curvatures is None:
            return 0
        sizes = np.abs(self.curvatures)
        return int((sizes > max(1e-10, 1e-6 * float(sizes.max()))).sum())


def measured(model: Sequential, x: Array, place: Place, output: int, h: float, view: str) -> PathsResult:
    """Everything that one view tells."""
    chain = links(model, x)
    layer, j, i = place
    count = prod(len(link.bias) for link in chain[layer + 1 : -1]) if layer < len(chain) - 1 else int(i == output)
    listed = paths(model, x, weight=place, output=output) if count <= MOST_PATHS else None
    model.zero_grad()
    score = model(x[None])[0, output]
    score.backward()
    layers = dense(model)
    deltas = [_delta(part) for part in layers]
    blame = float(chain[layer + 1].weight[i] @ deltas[layer + 1]) if layer + 1 < len(chain) else float(i == output)
    difference, da, dz = _quotients(model, x, place, output, h)
    result = PathsResult(
        chain=chain, place=place, output=output, count=count, paths=listed, score=score.item(),
        weight=float(chain[layer].weight[j, i]), gradient=_entry(layers[layer], j, i), difference=difference, da=da, dz=dz,
        blame=blame, slope=float(chain[layer].slopes[i]), delta=float(deltas[layer][i]), source=float(chain[layer].inputs[j]),
    )  # fmt: skip
    if view == "Jacobian":
        return _with_jacobian(result, model, x, h)
    return _with_hessian(result) if view == "Hessian" else result


@lru_cache(maxsize=32)
def works_by_depth(sizes: tuple[int, ...], deepest: int | None) -> tuple[Work, ...]:
    """The work for 1, 2, … hidden layers like those of the network, or for its first 1, 2, … hidden layers if it is the learner's."""
    hidden = sizes[1:-1]
    if not hidden:
        return (work(sizes),)
    if deepest is None:
        return tuple(work((sizes[0], *hidden[:d], sizes[-1])) for d in range(1, len(hidden) + 1))
    return tuple(work((sizes[0], *hidden[:1] * d, sizes[-1])) for d in range(1, deepest + 1))


def _delta(layer: Dense) -> Array:
    """∂s/∂z: z is the bias plus something, so it is the bias's gradient."""
    bias = layer.bias
    assert bias is not None
    return np.zeros(bias.shape) if bias.grad is None else bias.grad


def _entry(layer: Dense, j: int, i: int) -> float:
    return 0.0 if layer.weight.grad is None else float(layer.weight.grad[j, i])


def _quotients(model: Sequential, x: Array, place: Place, output: int, h: float) -> tuple[float, float, float]:
    """Central differences of s, and of a and z of the neuron behind the weight."""
    layer, j, i = place
    weights = dense(model)[layer].weight.data
    before = weights[j, i]

    def moved(change: float) -> Array:
        weights[j, i] = before + change
        chain = links(model, x)
        return np.array([chain[-1].outputs[output], chain[layer].outputs[i], chain[layer].z[i]])

    ends = restored(lambda: [moved(h), moved(-h)], lambda: weights.__setitem__((j, i), before))
    ds, da, dz = (ends[0] - ends[1]) / (2 * h)
    return float(ds), float(da), float(dz)


def _with_jacobian(result: PathsResult, model: Sequential, x: Array, h: float) -> PathsResult:
    """J at x, the eigenvalues of J Jᵀ, and where moves of length h in the plane that stretches most take two outputs."""
    full = jacobian(lambda leaf: model(leaf.reshape(1, -1))[0], x)
    stretches = np.linalg.eigvalsh(full @ full.T)[::-1]
    rows = full[:2] if len(full) > 1 else np.vstack([full, np.zeros_like(full)])
    _, _, directions = np.linalg.svd(rows)
    t = np.linspace(0, 2 * np.pi, 49)
    second = directions[1] if len(directions) > 1 else np.zeros(len(x))
    moves = np.outer(np.cos(t), directions[0]) + np.outer(np.sin(t), second)  # (49, K), each of length 1
    answers = (model(x + h * moves).data - model(x[None]).data) / h
    images = answers[:, :2] if answers.shape[1] > 1 else np.column_stack([answers[:, 0], np.zeros(len(t))])
    return replace(result, jacobian=full, stretches=stretches, ellipse=moves @ rows.T, images=images)


def behind(chain: list[Link], layer: int, output: int) -> Callable[[Tensor], Any]:
    """One output as a function of z, the sums that arrive in one layer."""

    def score(z: Any) -> Any:
        a = _passed(chain[layer], z)
        for link in chain[layer + 1 :]:
            a = _passed(link, a @ link.weight + link.bias)
        return a[output]

    return score


def _passed(link: Link, z: Any) -> Any:
    return z if link.activation is None else link.activation(z)


def _with_hessian(result: PathsResult) -> PathsResult:
    """Second derivatives by the weights of one layer, in the slides' order: all weights into neuron 1 first.

    W_ij acts through z_i alone, and ∂z_i/∂W_ij = a_j, so ∂²s/∂W_ij∂W_kl = ∂²s/∂z_i∂z_k · a_j a_l: a few second
    derivatives instead of one for each pair of weights.
    """
    layer = result.place[0]
    link = result.chain[layer]
    score = behind(result.chain, layer, result.output)
    full = np.kron(hessian(score, link.z), np.outer(link.inputs, link.inputs))
    return replace(result, hessian=full, curvatures=np.linalg.eigvalsh(full)[::-1])
