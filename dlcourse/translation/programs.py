"""dl.translate: a model as plain code of another library."""

from __future__ import annotations

from collections.abc import Callable

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, brief, closest
from dlcourse.layers.module import Module
from dlcourse.translation import jax, keras, pytorch
from dlcourse.translation.parts import Line, within
from dlcourse.translation.plan import Shape, Step, plan

__all__ = ["TARGETS", "program", "translate"]

TARGETS: dict[str, Callable[[list[Step]], list[Line]]] = {
    "pytorch": pytorch.lines,
    "keras": keras.lines,
    "jax": jax.lines,
}


@explained
def translate(model: Module, to: str = "pytorch", *, input_shape: Shape | None = None) -> str:
    """Plain code of another library that builds the same network and loads a file of `dl.save`.

    The program defines `load(path)`. In PyTorch and Keras it returns the model; in JAX the weights for `network(weights, x)`,
    with running averages beside them where there is a `BatchNorm`. Batches go in as they do here, with channels last. Where
    a convention differs, a comment on that line says how.

    Parameters
    ----------
    model : Module
        One layer, or a `Sequential` of layers and activations, nested as you like.
    to : "pytorch", "keras" or "jax"
    input_shape : tuple of int, optional
        Shape of one example; that of the model's last batch unless given.

    Returns
    -------
    str
        A program that imports nothing of dlcourse and computes in float32.

    Raises
    ------
    WrongTypeError
        If the model holds classes or functions of your own: their Python cannot be translated.
    ArgumentError
        If there is no such target, the shape of an example is not known, or weights stand in two places.
    ShapeError
        If a layer does not fit, or has more axes than its counterpart can have.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> model = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0)), dl.tanh)
    >>> for line in dl.translate(model, to="pytorch").splitlines():
    ...     if "layer0" in line:
    ...         print(line.strip())
    self.layer0 = nn.Linear(2, 1)
    x = self.layer0(x)
    model.layer0.weight.copy_(stored["0.weight"].T)  # (K, M) -> (M, K)
    model.layer0.bias.copy_(stored["0.bias"])
    """
    return "\n".join(line for _, line in program(model, to, input_shape)) + "\n"


def program(model: Module, to: str, input_shape: Shape | None = None) -> list[Line]:
    """The lines of `translate`, each with the place of the layer it belongs to, such as "2", or None.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> model = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0)), dl.tanh)
    >>> [line.strip() for place, line in program(model, "jax") if place == "1"]
    ['x = jnp.tanh(x)']
    """
    if to not in TARGETS:
        meant = closest(to, TARGETS) if isinstance(to, str) else ""
        hint = f' Did you mean "{meant}"?' if meant else ""
        raise ArgumentError(f'translate: to is "pytorch", "keras" or "jax", not {brief(to)}.{hint}')
    lines = TARGETS[to](plan("translate", model, input_shape))
    return [(place, part) for place, line in lines for part in within(line)]
