"""Confidence against accuracy: in ten bins, as mistakes expected and made, and the temperature that brings them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.errors import ArgumentError, ShapeError, WrongTypeError
from dlcourse.metrics import predict
from dlcourse.widgets.softmax.confidence.training import Answers

__all__ = ["BINS", "SURE", "ReliabilityResult", "best_temperature", "compared", "epochs_shown", "own_answers"]

BINS = 10
SURE = 0.99
"""A confidence from which on an answer counts as sure."""
DRAWN = 22
"""For about so many epochs the course of the training is drawn, the first ones and then fewer and fewer."""


@dataclass(frozen=True)
class ReliabilityResult:
    """What the network expects of itself, and what came.

    Attributes
    ----------
    says, right : arrays, shape (BINS,)
        Mean confidence, and share of right answers, of the answers in each bin; no numbers in an empty one.
    counts : array of int, shape (BINS,)
    expects, makes : float
        Mistakes in 1000 answers: the mean of 1 − confidence, and the share of wrong ones.
    sure, sure_expects, sure_makes : float
        How many answers have a confidence of 0.99 and more, the mistakes that these expect, and the mistakes among them.
    loss : float
        Mean of −log p of the true class.
    course : array, shape (3, E)
        Epochs, mistakes in 1000 expected, and made, in the course of the training.
    """

    says: Array
    right: Array
    counts: Array
    expects: float
    makes: float
    sure: int
    sure_expects: float
    sure_makes: int
    loss: float
    course: Array


def epochs_shown(total: int) -> Array:
    """For which epochs the course is drawn, counted from 1."""
    return np.unique(np.geomspace(1, total, DRAWN).round().astype(int))


@lru_cache(maxsize=2)
def _below_the_largest(answers: Answers) -> tuple[Array, Array]:
    """Scores minus the largest of each, shape (E, N, K), and mistakes in 1000, (E,), for the epochs that are drawn."""
    scores = answers.unseen[epochs_shown(len(answers.unseen)) - 1]
    wrong = scores.argmax(axis=2) != answers.unseen_y
    return scores - scores.max(axis=2, keepdims=True), 1000 * wrong.mean(axis=1)


def compared(answers: Answers, *, epoch: int, temperature: float) -> ReliabilityResult:
    """Confidence and accuracy on unseen examples.

    Parameters
    ----------
    answers : Answers
    epoch : int
        Counted from 1.
    temperature : float
        Divides the scores.
    """
    p = np.asarray(softmax(answers.unseen[epoch - 1] / np.float32(temperature)).data)  # (N, K)
    confidence, correct = p.max(axis=1).astype(float), p.argmax(axis=1) == answers.unseen_y
    place = np.minimum((BINS * confidence).astype(int), BINS - 1)
    counts = np.bincount(place, minlength=BINS)
    with np.errstate(invalid="ignore"):
        says = np.bincount(place, confidence, BINS) / counts
        right = np.bincount(place, correct, BINS) / counts
    sure = confidence >= SURE
    below, made = _below_the_largest(answers)
    # the largest of the powers is 1, so the largest share is 1 over their sum
    expected = 1000 * (1 - 1 / np.exp(below / np.float32(temperature)).sum(axis=2)).mean(axis=1)
    true = p[np.arange(len(p)), answers.unseen_y]
    return ReliabilityResult(
        says=says,
        right=right,
        counts=counts,
        expects=float(1000 * (1 - confidence).mean()),
        makes=float(1000 * (~correct).mean()),
        sure=int(sure.sum()),
        sure_expects=float((1 - confidence[sure]).sum()),
        sure_makes=int((~correct[sure]).sum()),
        loss=float(-np.log(np.maximum(true, 1e-30)).mean()),
        course=np.stack([epochs_shown(len(answers.unseen)), expected, made]),
    )


@lru_cache(maxsize=256)
def best_temperature(answers: Answers, epoch: int) -> float:
    """The temperature with the lowest mean −log p of the true class on the validation part, from 0.2 to 5.

    Seen from 1/τ the loss has one valley only; its slope there is the mean of expected minus true score. Bisection finds 0.
    """
    scores = answers.validation[epoch - 1].astype(float)
    true = scores[np.arange(len(scores)), answers.validation_y]
    low, high = 1 / 5.0, 1 / 0.2
    for _ in range(40):
        inverse = (low + high) / 2
        p = np.asarray(softmax(scores * inverse).data)
        if ((p * scores).sum(axis=1) - true).mean() > 0:
            high = inverse
        else:
            low = inverse
    return round(2 / (low + high), 2)


def own_answers(model: Callable[..., Any], validation: Any, unseen: Any) -> Answers:
    """A learner's own network, asked once.

    Raises
    ------
    WrongTypeError
        If the model cannot be called.
    ArgumentError
        If one of the two data sets is missing.
    ShapeError
        If it does not give one score for each class.
    """
    if not callable(model):
        raise WrongTypeError(f"ReliabilityDiagram: the model should be a network or a function, not {model!r}.")
    if not isinstance(validation, Dataset) or not isinstance(unseen, Dataset):
        raise ArgumentError(
            "ReliabilityDiagram: with a model of your own, give validation=… and unseen=…, two dl.data.Dataset that it has not learned from."
        )
    scores = [np.asarray(predict(model, data)) for data in (validation, unseen)]
    for given, data in zip(scores, (validation, unseen), strict=True):
        if given.ndim != 2 or data.y.ndim != 1 or given.shape[1] <= int(data.y.max()):
            raise ShapeError(
                f"ReliabilityDiagram: the model should give a score for each class, (N, K), and gave {given.shape} for classes up "
                f"to {data.y.max()}, y of shape {data.y.shape}."
            )
    return Answers(scores[0][None], validation.y, scores[1][None], unseen.y, np.zeros(0))
