"""What NameWriter shows, in numbers: names that a network writes, and which of them are new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS, spelled
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.layers.module import Module
from dlcourse.recording import no_grad
from dlcourse.widgets.writing_names.training import Run, corpus, decoded, write

__all__ = ["NamesResult", "check_network", "check_split", "compose", "own_names"]


@dataclass(frozen=True)
class NamesResult:
    """What the network writes now."""

    numbers: Array
    """The letters of each name, (COUNT, LONGEST)."""
    names: list[str]
    new: list[bool]
    """Whether each is a name at all, and in none of the lists used for learning and measuring."""
    first: Array
    """Probabilities of the letter after the beginning, (27,); entry 0 is the end."""
    bigram: float


def compose(run: Run, *, temperature: float, start: str, seed: int) -> NamesResult:
    """Let a network write names, and look each of them up."""
    dealt = corpus(run.plan)
    numbers, first = write(run.model, temperature=temperature, start=start, seed=seed)
    names = decoded(numbers)
    new = [bool(name) and name not in dealt.known for name in names]
    return NamesResult(numbers=numbers, names=names, new=new, first=first, bigram=dealt.bigram)


# What a learner gives


def check_network(model: Any) -> None:
    """Raise an error that says why a network cannot write names.

    Raises
    ------
    WrongTypeError
        If it is not a network.
    ShapeError
        If it does not make logits of the next letter from letters.
    """
    if not isinstance(model, Module):
        raise WrongTypeError(
            f"NameWriter: model should be a network such as dl.Sequential(...), not {type(model).__name__}."
        )
    with no_grad():
        shape = model(np.zeros((2, 3, LETTERS), np.float32)).shape
    if shape != (2, 3, LETTERS):
        raise ShapeError(
            f"NameWriter: from letters of shape (N, T, {LETTERS}) the model should make logits of the same shape; from "
            f"(2, 3, {LETTERS}) yours makes {shape}. Has its recurrent layer return_sequences=True?"
        )


def own_names(field: str, words: Any) -> tuple[str, ...]:
    """The learner's names as a tuple, or an error that says what is wrong with them.

    Raises
    ------
    WrongTypeError
        If they are a single text.
    DataError
        If they hold anything but small letters.
    """
    if isinstance(words, str):
        raise WrongTypeError(f"NameWriter: {field} should be a list of names, ['anna', 'otto'], not one text.")
    checked: tuple[str, ...] = tuple(words)
    spelled(checked)
    return checked


def check_split(names: tuple[str, ...], unseen: tuple[str, ...]) -> None:
    """Raise an error that says what is missing, if these names cannot be learned and measured with.

    Raises
    ------
    ArgumentError
        If there are unseen names only.
    DataError
        If there are too few to keep some unseen.
    """
    if unseen and not names:
        raise ArgumentError("NameWriter: unseen names without names to learn from: give names=... too.")
    if names and not unseen and len(names) < 10:
        raise DataError(f"NameWriter: a tenth is kept unseen, so at least ten names are needed, not {len(names)}.")
