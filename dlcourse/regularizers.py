"""Regularizers: Loss = Error(prediction, truth) + L(keep the solution simple).

``dl.fit(…, regularizer=dl.L2(1e-4))`` adds the penalty to the loss of each batch; in a loop of one's own it is
``loss + dl.L2(1e-4)(model)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explains_its_settings
from dlcourse.differentiable import Result, differentiable
from dlcourse.errors import ArgumentError, UnfinishedError, WrongTypeError, brief, check_positive
from dlcourse.layers.module import Module
from dlcourse.streams import printable
from dlcourse.tensor import Tensor

__all__ = ["L1", "L2", "L1L2", "MaxNorm", "Regularizer", "absolute_penalty", "square_penalty"]


@differentiable
def square_penalty(*weights: Array, strength: float) -> Result:
    """λ/2 Σw², over all entries of all weights. The derivative is λ w: a pull in proportion.

    Parameters
    ----------
    *weights : Tensor, any shapes
    strength : float
        λ.

    Returns
    -------
    Tensor, shape ()

    Examples
    --------
    >>> square_penalty([[3.0, -4.0]], strength=2.0).item()
    25.0
    """

    def joint(g: Array, needs: tuple[bool, ...]) -> list[Array]:
        pull = np.asarray(float(g) * strength, weights[0].dtype)
        return [w * pull for w in weights]

    total = sum([float(np.vdot(w, w)) for w in weights])
    return np.asarray(strength / 2 * total, weights[0].dtype), joint


@differentiable
def absolute_penalty(*weights: Array, strength: float) -> Result:
    """λ Σ|w|, over all entries of all weights. The derivative is λ sign(w), and 0 at 0: a pull of equal force.

    Parameters
    ----------
    *weights : Tensor, any shapes
    strength : float
        λ.

    Returns
    -------
    Tensor, shape ()

    Examples
    --------
    >>> absolute_penalty([[3.0, -4.0]], strength=2.0).item()
    14.0
    """

    def joint(g: Array, needs: tuple[bool, ...]) -> list[Array]:
        pull = float(g) * strength
        return [np.sign(w) * pull for w in weights]

    total = sum([float(np.abs(w).sum()) for w in weights])
    return np.asarray(strength * total, weights[0].dtype), joint


def _parameters(owner: str, model: Any) -> list[Any]:
    """What to act on, in a model, a layer, or a list of parameters."""
    if isinstance(model, Module):
        return list(model.parameters())
    if isinstance(model, Tensor):
        return [model]
    if not isinstance(model, (list, tuple)):
        raise WrongTypeError(f"{owner}: expects a model, a layer or a list of parameters, not {brief(model)}.")
    for p in model:
        if not isinstance(p, Tensor):
            raise WrongTypeError(f"{owner}: a parameter is a dl.Parameter, not {brief(p)}.")
    return list(model)


class Regularizer:
    """Base: a penalty on the weights of a model, a layer, or a list of parameters.

    Biases (parameters with one axis) are left alone unless `biases` is True.

    Examples
    --------
    >>> import dlcourse as dl
    >>> class Fourth(Regularizer):
    ...     def __call__(self, model):
    ...         return sum((w**4).sum() for w in self.weights(model))
    >>> Fourth()([dl.Parameter([[1.0, 2.0]])]).item()
    17.0
    """

    biases: bool = False

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        explains_its_settings(cls)

    def weights(self, model: Any) -> list[Tensor]:
        """The parameters that are penalized.

        Parameters
        ----------
        model : Module, Tensor, or list of Tensor

        Returns
        -------
        list of Tensor

        Raises
        ------
        ArgumentError
            If there are none, or only biases.
        WrongTypeError
            If there is something else among them.
        """
        parameters = _parameters(type(self).__name__, model)
        chosen = [p for p in parameters if self.biases or p.data.ndim > 1 or p is model]
        if not chosen:
            raise ArgumentError(
                f"{type(self).__name__}: there are no weights to keep small, only biases, or nothing. "
                "biases=True includes biases."
            )
        return chosen

    def __call__(self, model: Any) -> Tensor:
        """The penalty of a model, a layer or a list of parameters, a tensor of shape ()."""
        raise UnfinishedError(f"{type(self).__name__} does not define __call__(self, model) yet.")


class L2(Regularizer):
    """λ/2 Σw²: many weights of medium size.

    Parameters
    ----------
    strength : float
        λ, 0 or more.
    biases : bool
        Whether biases are penalized too.

    Raises
    ------
    ArgumentError
        If λ is negative, or (when called) there are no weights, only biases.

    Notes
    -----
    The derivative is λw: each step takes the same share of every weight, so large ones shrink most and none gets to 0.

    References
    ----------
    Krogh, Hertz (1992), “A Simple Weight Decay Can Improve Generalization”.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([[3.0, -4.0]])
    >>> penalty = L2(0.1)([w])
    >>> penalty.backward()
    >>> round(penalty.item(), 4), w.grad
    (1.25, array([[ 0.3, -0.4]], dtype=float32))
    """

    def __init__(self, strength: float, *, biases: bool = False) -> None:
        self.strength = _check("L2", "strength", strength)
        self.biases = biases

    def __call__(self, model: Any) -> Tensor:
        """λ/2 Σw² of a model, a layer or a list of parameters, a tensor of shape ()."""
        return square_penalty(*self.weights(model), strength=self.strength)

    def __repr__(self) -> str:
        return printable(f"L2({self.strength:g})")


class L1(Regularizer):
    """λ Σ|w|: pulls small weights to zero as strongly as large ones.

    Parameters
    ----------
    strength : float
        λ, 0 or more.
    biases : bool

    Raises
    ------
    ArgumentError
        If λ is negative, or (when called) there are no weights, only biases.

    Notes
    -----
    The derivative is λ sign(w), 0 at 0. Gradient descent on it hovers around zero; `shrink` (soft thresholding) after a
    step without it reaches zero exactly.

    References
    ----------
    Tibshirani (1996), “Regression Shrinkage and Selection via the Lasso”.

    Examples
    --------
    >>> import dlcourse as dl
    >>> L1(0.5)([dl.Parameter([[3.0, -4.0]])]).item()
    3.5
    """

    def __init__(self, strength: float, *, biases: bool = False) -> None:
        self.strength = _check("L1", "strength", strength)
        self.biases = biases

    def __call__(self, model: Any) -> Tensor:
        """λ Σ|w| of a model, a layer or a list of parameters, a tensor of shape ()."""
        return absolute_penalty(*self.weights(model), strength=self.strength)

    def shrink(self, model: Any, lr: float) -> None:
        """Proximal step: move every weight by lr·λ towards zero, and stop there.

        Parameters
        ----------
        model : Module, Tensor, or list of Tensor
            Its weights change in place.
        lr : float
            Size of the step, as the optimizer has it.

        References
        ----------
        Beck, Teboulle (2009), “A Fast Iterative Shrinkage-Thresholding Algorithm for Linear Inverse Problems”.

        Examples
        --------
        >>> import dlcourse as dl
        >>> w = dl.Parameter([[3.0, -0.25]])
        >>> L1(1.0).shrink([w], lr=0.5)
        >>> np.abs(w.data)
        array([[2.5, 0. ]], dtype=float32)
        """
        step = _check("L1", "lr", lr) * self.strength
        for p in self.weights(model):
            p._write(_nearer(p.data, step))

    def __repr__(self) -> str:
        return printable(f"L1({self.strength:g})")


class L1L2(Regularizer):
    """λ₁ Σ|w| + λ₂/2 Σw²: the elastic net, zeros from the first and moderation from the second.

    Parameters
    ----------
    l1, l2 : float
        λ₁ and λ₂, 0 or more.
    biases : bool

    Raises
    ------
    ArgumentError
        If λ₁ or λ₂ is negative, or (when called) there are no weights, only biases.

    References
    ----------
    Zou, Hastie (2005), “Regularization and Variable Selection via the Elastic Net” (which has λ₂ Σw², without the ½).

    Examples
    --------
    >>> import dlcourse as dl
    >>> L1L2(0.5, 2.0)([dl.Parameter([[3.0, -4.0]])]).item()  # 0.5 · 7 + 25
    28.5
    """

    def __init__(self, l1: float, l2: float, *, biases: bool = False) -> None:
        self.l1, self.l2 = _check("L1L2", "l1", l1), _check("L1L2", "l2", l2)
        self.biases = biases

    def __call__(self, model: Any) -> Tensor:
        """The penalty of a model, a layer or a list of parameters, a tensor of shape ()."""
        weights = self.weights(model)
        return absolute_penalty(*weights, strength=self.l1) + square_penalty(*weights, strength=self.l2)

    def shrink(self, model: Any, lr: float) -> None:
        """Proximal step: move every weight by lr·λ₁ towards zero and stop there, then divide it by 1 + lr·λ₂.

        Parameters
        ----------
        model : Module, Tensor, or list of Tensor
            Its weights change in place.
        lr : float
            Size of the step, as the optimizer has it.

        Notes
        -----
        A step of gradient descent on the error alone has led to v. The weight w that is asked for stays near v and has a
        small penalty: ½ (w − v)² + lr (λ₁ |w| + λ₂/2 w²) is lowest. Where w ≠ 0 the slope w − v + lr λ₁ sign(w) + lr λ₂ w
        is 0, so w (1 + lr λ₂) = v − lr λ₁ sign(w); for |v| ≤ lr λ₁ no such w has its own sign, and w = 0 is lowest.

        References
        ----------
        Parikh, Boyd (2014), “Proximal Algorithms”, section 6.5.2.

        Examples
        --------
        >>> import dlcourse as dl
        >>> w = dl.Parameter([[3.0, -0.25]])
        >>> L1L2(1.0, 2.0).shrink([w], lr=0.5)
        >>> np.abs(w.data)
        array([[1.25, 0.  ]], dtype=float32)
        """
        lr = _check("L1L2", "lr", lr)
        for p in self.weights(model):
            p._write(_nearer(p.data, lr * self.l1) / (1 + lr * self.l2))

    def __repr__(self) -> str:
        return printable(f"L1L2({self.l1:g}, {self.l2:g})")


class MaxNorm:
    """After each step, shorten what feeds a neuron to at most `limit`; a callback of `fit`.

    Parameters
    ----------
    limit : float
        Greatest length of the weights into one neuron (all axes but the last).

    Raises
    ------
    ArgumentError
        If the limit is not more than 0.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), “Dropout: A Simple Way to Prevent Neural Networks
    from Overfitting”, section 5.1.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([[3.0, 0.3], [4.0, 0.4]])
    >>> MaxNorm(1.0).apply([w])
    >>> w.data
    array([[0.6, 0.3],
           [0.8, 0.4]], dtype=float32)
    """

    def __init__(self, limit: float) -> None:
        self.limit = check_positive("MaxNorm", "limit", limit)

    def apply(self, model: Any) -> None:
        """Shorten the weights of a model or of a list of parameters, in place."""
        for p in _parameters("MaxNorm", model):
            if p.ndim > 1:
                norms = np.sqrt(np.square(p.data).sum(axis=tuple(range(p.ndim - 1)), keepdims=True))
                p.data *= np.minimum(1, self.limit / np.maximum(norms, self.limit))

    def after_step(self, training: Any) -> None:
        """Shorten the weights of the model in training; called by `fit` after each step."""
        model = training.model  # a plain function shows no parameters: then what is learned is shortened
        self.apply(model if isinstance(model, Module) else training.optimizer.parameters)

    def __repr__(self) -> str:
        return printable(f"MaxNorm({self.limit:g})")


explains_its_settings(MaxNorm)


def _nearer(w: Array, step: float) -> Array:
    """Every weight by a step nearer to zero, and none beyond it."""
    return np.asarray(np.sign(w) * np.maximum(np.abs(w) - step, 0))


def _check(owner: str, name: str, value: Any) -> float:
    return check_positive(owner, name, value, zero=True, why="A negative one would reward large weights.")
