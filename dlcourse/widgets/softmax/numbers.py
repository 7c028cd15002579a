"""Scores and shares: softmax as it stands and with the largest taken away, its Jacobian, and what a pull does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError

__all__ = ["LARGEST_POWER", "MOST", "SoftmaxResult", "as_scores", "shares_of"]

MOST = 10
"""Most scores that the picture has room for."""
LARGEST_POWER = float(np.log(np.finfo(np.float32).max))
"""e to this is the largest float32, 88.72…"""


@dataclass(frozen=True)
class SoftmaxResult:
    """What becomes of K scores.

    Attributes
    ----------
    scores : array of float64, shape (K,)
        With what was added to all of them.
    z : array of float32, shape (K,)
        The scores over the temperature: what goes into the powers.
    powers, typed : arrays of float32, shape (K,)
        eᶻ, and the shares by the formula as it stands; infinite, or no numbers, where float32 ends.
    held, shares : arrays of float32, shape (K,)
        eᶻ⁻ᵐ with m the largest z, and the shares, from `dl.softmax`.
    jacobian : array, shape (K, K)
        ∂ share i / ∂ score j.
    before, came, promised : arrays, shape (K,)
        The shares before the chosen score was pulled, how far each has moved since, and how far the Jacobian at the
        beginning said it would.
    pull : float
        How far the chosen score was pulled.
    """

    scores: Array
    z: Array
    powers: Array
    typed: Array
    held: Array
    shares: Array
    jacobian: Array
    before: Array
    came: Array
    promised: Array
    pull: float

    @property
    def total(self) -> float:
        """The sum of the powers, infinite where float32 ends."""
        with np.errstate(over="ignore"):
            return float(self.powers.sum())

    @property
    def breaks(self) -> bool:
        """Whether the formula as it stands gives no shares: no numbers, or numbers that do not add up to 1."""
        return not abs(float(self.typed.sum()) - 1) < 1e-3

    @property
    def factors(self) -> Array:
        """What each share was multiplied by, shape (K,); no number where there was none."""
        with np.errstate(all="ignore"):
            return np.asarray((self.before + self.came) / self.before)


def shares_of(scores: Array, before: Array, *, shift: float, temperature: float, chosen: int) -> SoftmaxResult:
    """Softmax of (scores + shift) / temperature, in float32, by both ways; its Jacobian in float64.

    Parameters
    ----------
    scores, before : arrays of float64, shape (K,)
        Now, and before the chosen one was pulled.
    shift : float
        Added to all.
    temperature : float
        Above 0.
    chosen : int
        Which one was pulled.
    """
    z = ((scores + shift) / temperature).astype(np.float32)
    with np.errstate(all="ignore"):
        powers = np.exp(z)
        typed = powers / powers.sum()
    first = np.asarray(softmax(before / temperature).data)
    now = np.asarray(softmax(scores / temperature).data)
    pull = float(scores[chosen] - before[chosen])
    return SoftmaxResult(
        scores=scores + shift,
        z=z,
        powers=powers,
        typed=typed,
        held=np.exp(z - z.max()),
        shares=np.asarray(softmax(z).data),
        jacobian=_jacobian(now, temperature),
        before=first,
        came=now - first,
        promised=_jacobian(first, temperature)[:, chosen] * pull,
        pull=pull,
    )


def _jacobian(p: Array, temperature: float) -> Array:
    """∂pᵢ/∂xⱼ = (pᵢ [i = j] − pᵢ pⱼ) / τ."""
    return np.asarray((np.diag(p) - np.outer(p, p)) / temperature)


def as_scores(given: Any) -> tuple[float, ...]:
    """A learner's own scores, or an error that says what is missing.

    Raises
    ------
    ShapeError
        If they are not 2 to 10 numbers in a row.
    DataError
        If one of them is no finite number.
    """
    scores = np.asarray(getattr(given, "data", given) if not isinstance(given, np.ndarray) else given, float)
    if scores.ndim == 2 and len(scores) == 1:
        scores = scores[0]
    if scores.ndim != 1 or not 2 <= len(scores) <= MOST:
        raise ShapeError(
            f"SoftmaxBars: scores should be 2 to {MOST} numbers for one example, shape (K,), not {scores.shape}. "
            "Of a batch, take one row: logits[0]."
        )
    if not np.isfinite(scores).all():
        raise DataError("SoftmaxBars: one of the scores is not a finite number. Did the training blow up?")
    return tuple(float(score) for score in scores)
