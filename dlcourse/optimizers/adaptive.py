"""Optimizers that give every weight a rate of its own: Adagrad, Adadelta, RMSprop, Adam, AdamW, Nadam.

In the formulas g is the gradient, t the number of the step from 1, and products, squares and roots are entry by entry.
In the code `scratch` is room for intermediate results, so that a step makes no new arrays.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import WrongTypeError, brief, check_positive
from dlcourse.optimizers.flat import Flat
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.optimizers.sgd import check_share

__all__ = ["Adadelta", "Adagrad", "Adam", "AdamW", "Nadam", "RMSprop"]


class Adagrad(Optimizer):
    """s ← s + g²,  w ← w − lr · g / (√s + ε): weights that moved much move less.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float or schedule
    eps : float
        ε, keeps the quotient finite.
    clip_value, clip_norm : float, optional
        See `Optimizer`.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    References
    ----------
    Duchi, Hazan, Singer (2011), “Adaptive Subgradient Methods for Online Learning and Stochastic Optimization”.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> w = dl.Parameter([1.0])
    >>> optimizer = dl.Adagrad([w], lr=0.5)
    >>> for _ in range(2):
    ...     w.grad = np.array([2.0], np.float32)
    ...     optimizer.step()
    ...     print(f"{w.item():.3f}")  # the same gradient: 0.5 · 2 / √4, then 0.5 · 2 / √8
    0.500
    0.146
    """

    state_names: ClassVar[tuple[str, ...]] = ("squares",)

    def __init__(self, parameters: Any, lr: Any = 1e-2, eps: float = 1e-10, **clipping: Any) -> None:
        super().__init__(parameters, lr, **clipping)
        self.eps = check_positive("Adagrad", "eps", eps)

    def update(self, flat: Flat, lr: float) -> None:
        """Add g² to the squares of each weight, and move by −lr · g / (√s + ε); changes `flat.w`, shape (D,), in place."""
        (squares,) = flat.state
        squares += np.square(flat.g, out=flat.scratch)
        _step_scaled(flat, squares, self.eps, lr)


class RMSprop(Optimizer):
    """s ← ρ s + (1 − ρ) g²,  w ← w − lr · g / (√s + ε): Adagrad that forgets.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float or schedule
    rho : float in [0, 1)
        ρ, the share kept of the average of squares.
    eps : float
        ε, keeps the quotient finite.
    clip_value, clip_norm : float, optional
        See `Optimizer`.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    References
    ----------
    Tieleman, Hinton (2012), “Lecture 6.5: rmsprop”, Neural Networks for Machine Learning.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> dl.RMSprop([w], lr=0.1).step()
    >>> w.data.round(3)  # each moved by 0.1 / √(1 − 0.9), whatever its gradient
    array([ 0.684, -1.684], dtype=float32)
    """

    state_names: ClassVar[tuple[str, ...]] = ("squares",)

    def __init__(self, parameters: Any, lr: Any = 1e-3, rho: float = 0.9, eps: float = 1e-8, **clipping: Any) -> None:
        super().__init__(parameters, lr, **clipping)
        self.rho = check_share("RMSprop", "rho", rho)
        self.eps = check_positive("RMSprop", "eps", eps)

    def update(self, flat: Flat, lr: float) -> None:
        """Average g² into s with the share 1 − ρ, and move by −lr · g / (√s + ε); changes `flat.w`, shape (D,), in place."""
        (squares,) = flat.state
        _average(squares, np.square(flat.g, out=flat.scratch), self.rho, flat.scratch)
        _step_scaled(flat, squares, self.eps, lr)


class Adadelta(Optimizer):
    """s ← ρ s + (1 − ρ) g²,  d = √(u + ε) / √(s + ε) · g,  u ← ρ u + (1 − ρ) d²,  w ← w − lr · d.

    The step has the unit of the weight; the paper needs no rate (lr = 1).

    Parameters
    ----------
    parameters : list of Parameter
    lr : float or schedule
    rho : float in [0, 1)
        ρ, the share kept of both averages, s of squared gradients and u of squared steps.
    eps : float
        ε; as u starts at 0, it sets the length of the first steps.
    clip_value, clip_norm : float, optional
        See `Optimizer`.

    Raises
    ------
    ArgumentError
        If a setting is out of range.

    References
    ----------
    Zeiler (2012), “ADADELTA: An Adaptive Learning Rate Method”, algorithm 1.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> dl.Adadelta([w]).step()
    >>> w.data.round(4)  # a careful start: √ε / √(1 − ρ)
    array([ 0.9955, -1.9955], dtype=float32)
    """

    state_names: ClassVar[tuple[str, ...]] = ("squares", "changes")

    def __init__(self, parameters: Any, lr: Any = 1.0, rho: float = 0.95, eps: float = 1e-6, **clipping: Any) -> None:
        super().__init__(parameters, lr, **clipping)
        self.rho = check_share("Adadelta", "rho", rho)
        self.eps = check_positive("Adadelta", "eps", eps)

    def update(self, flat: Flat, lr: float) -> None:
        """Move by −lr · √(u + ε) / √(s + ε) · g, and average the squared step into u; changes `flat.w`, shape (D,), in place."""
        squares, changes = flat.state
        _average(squares, np.square(flat.g, out=flat.scratch), self.rho, flat.scratch)
        ratio = np.divide(changes + self.eps, squares + self.eps, out=flat.scratch)
        flat.g *= np.sqrt(ratio, out=ratio)
        _average(changes, np.square(flat.g, out=flat.scratch), self.rho, flat.scratch)
        flat.g *= lr
        flat.w -= flat.g


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − lr · m̂ / (√ŝ + ε).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) make up for the start at zero.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float or schedule
    betas : (float, float), each in [0, 1)
        β₁ and β₂, the shares kept of the averages of the gradient and of its square.
    eps : float
        ε, keeps the quotient finite.
    clip_value, clip_norm : float, optional
        See `Optimizer`.

    Raises
    ------
    WrongTypeError
        If betas are not two.
    ArgumentError
        If a setting is out of range.

    References
    ----------
    Kingma, Ba (2015), “Adam: A Method for Stochastic Optimization”, algorithm 1.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> Adam([w], lr=0.5).step()
    >>> w.data  # the first step has length lr, whatever the gradient
    array([ 0.5, -1.5], dtype=float32)
    """

    state_names: ClassVar[tuple[str, ...]] = ("mean", "squares")

    def __init__(
        self,
        parameters: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        **clipping: Any,
    ) -> None:
        super().__init__(parameters, lr, **clipping)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise WrongTypeError(f"{self.owner}: betas should be two shares, such as (0.9, 0.999), not {brief(betas)}.")
        beta1, beta2 = betas
        self.betas = check_share(self.owner, "betas[0]", beta1), check_share(self.owner, "betas[1]", beta2)
        self.eps = check_positive(self.owner, "eps", eps)

    def update(self, flat: Flat, lr: float) -> None:
        """Average g into m and g² into s, and move by −lr · m̂ / (√ŝ + ε); changes `flat.w`, shape (D,), in place."""
        beta1, beta2 = self.betas
        mean, squares = flat.state
        _average(squares, np.square(flat.g, out=flat.scratch), beta2, flat.scratch)
        _average(mean, flat.g, beta1, flat.scratch)
        self._move(flat, mean, lr / (1 - beta1**self.steps))

    def _move(self, flat: Flat, direction: Array, rate: float) -> None:
        """w ← w − rate · direction / (√ŝ + ε), where √ŝ = c √s; both sides of the fraction are divided by c."""
        c = (1 - self.betas[1] ** self.steps) ** -0.5
        root = np.sqrt(flat.state[1], out=flat.scratch)
        root += self.eps / c
        step = np.divide(direction, root, out=flat.scratch)
        step *= rate / c
        flat.w -= step


class AdamW(Adam):
    """Adam, and before each step w ← w − lr · λ · w: the weights shrink, untouched by Adam's scaling.

    Parameters
    ----------
    parameters, lr, betas, eps, clip_value, clip_norm
        As for `Adam`.
    weight_decay : float
        λ. Weights (two axes or more) shrink; biases only if `biases` is True.
    biases : bool

    Raises
    ------
    ArgumentError
        If weight_decay is negative, or another setting is out of range.
    WrongTypeError
        If betas are not two.

    Notes
    -----
    L2 in the loss is not the same: Adam divides its gradient by √ŝ, so weights with large gradients shrink less.

    References
    ----------
    Loshchilov, Hutter (2019), “Decoupled Weight Decay Regularization”, algorithm 2.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> w, b = dl.Parameter([[1.0]]), dl.Parameter([1.0])
    >>> w.grad, b.grad = np.zeros((1, 1), np.float32), np.zeros(1, np.float32)
    >>> dl.AdamW([w, b], lr=0.1, weight_decay=0.5).step()
    >>> f"{w.item():.2f}, {b.item():.2f}"  # no gradient: the weight shrinks by 0.1 · 0.5, the bias stays
    '0.95, 1.00'
    """

    def __init__(
        self,
        parameters: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        weight_decay: float = 1e-2,
        biases: bool = False,
        **clipping: Any,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, **clipping)
        self.weight_decay = check_positive("AdamW", "weight_decay", weight_decay, zero=True)
        self.biases = biases

    def update(self, flat: Flat, lr: float) -> None:
        """Multiply the weights by 1 − lr · λ, then take Adam's step; changes `flat.w`, shape (D,), in place."""
        for p, w, _ in flat.pairs:
            if self.biases or p.ndim > 1:
                w *= 1 - lr * self.weight_decay
        super().update(flat, lr)


class Nadam(Adam):
    """Adam with Nesterov's momentum: m̂ becomes β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ).

    Parameters
    ----------
    parameters, lr, betas, eps, clip_value, clip_norm
        As for `Adam`.

    Raises
    ------
    WrongTypeError, ArgumentError
        As `Adam`.

    References
    ----------
    Dozat (2016), “Incorporating Nesterov Momentum into Adam”, algorithm 2 with a constant β₁.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> dl.Nadam([w], lr=0.1).step()
    >>> w.data.round(3)  # 0.147 where Adam's first step is 0.1: it looks one step ahead
    array([ 0.853, -1.853], dtype=float32)
    """

    def update(self, flat: Flat, lr: float) -> None:
        """Move as Adam does, with the m̂ of one step ahead, by −lr · m̂ / (√ŝ + ε); changes `flat.w`, shape (D,), in place."""
        beta1, beta2 = self.betas
        mean, squares = flat.state
        _average(squares, np.square(flat.g, out=flat.scratch), beta2, flat.scratch)
        _average(mean, flat.g, beta1, flat.scratch)
        flat.g *= (1 - beta1) / (1 - beta1**self.steps)
        flat.g += np.multiply(mean, beta1 / (1 - beta1 ** (self.steps + 1)), out=flat.scratch)
        self._move(flat, flat.g, lr)


def _average(average: Array, new: Array, share: float, scratch: Array) -> None:
    """average ← share · average + (1 − share) · new, in place."""
    average *= share
    average += np.multiply(new, 1 - share, out=scratch)


def _step_scaled(flat: Flat, squares: Array, eps: float, lr: float) -> None:
    """w ← w − lr · g / (√squares + ε)."""
    root = np.sqrt(squares, out=flat.scratch)
    root += eps
    step = np.divide(flat.g, root, out=flat.scratch)
    step *= lr
    flat.w -= step
