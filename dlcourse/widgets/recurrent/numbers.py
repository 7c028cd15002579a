"""A text read by three recurrent cells, and by the learner's own: the states, and what is left of a nudge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS
from dlcourse.errors import ArgumentError, DataError, WrongTypeError
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.widgets.recurrent.memory import KINDS, follow, fresh_cell

__all__ = ["LONGEST_WORD", "UnrollResult", "check_layer", "check_word", "example", "unroll"]

LONGEST_WORD = 16


@dataclass(frozen=True)
class UnrollResult:
    """What the shown cell's state was after each letter, and what every cell lets through."""

    text: str
    states: Array
    """(T, H)"""
    left: dict[str, Array]
    """For each cell what is left of a nudge after 0, 1 … T steps: (T + 1,)."""
    weights: int
    """How many weights the shown cell has."""


@lru_cache(maxsize=256)
def _followed(kind: str, text: str, scale: float, keep: float, seed: int) -> tuple[Array, Array]:
    return follow(fresh_cell(kind, scale=scale, keep=keep, seed=seed), text)


@lru_cache
def example(kind: str) -> Any:
    """A cell of this kind, for its sizes."""
    return fresh_cell(kind)


def unroll(text: str, *, shown: str, layer: Any, scale: float, keep: float, seed: int) -> UnrollResult:
    """Let every cell read a text.

    Parameters
    ----------
    text : str
        Letters a to z.
    shown : str
        The cell whose states are returned: "RNN", "GRU", "LSTM" or "yours".
    layer : SimpleRNN, GRU or LSTM, or None
        The learner's own, which is followed too.
    scale, keep, seed
        As in `fresh_cell`.

    Raises
    ------
    DataError
        If the state of the learner's own becomes NaN or infinite.
    """
    followed = {
        # Each cell depends on its own setting only, and does not read again when another one is moved.
        kind: _followed(kind, text, *((scale, 1.0) if kind == "RNN" else (1.0, keep)), seed)
        for kind in KINDS
    }
    if layer is not None:
        with np.errstate(all="ignore"):
            followed["yours"] = follow(layer, text)
        if not np.isfinite(followed["yours"][0]).all():
            raise DataError("Unroll: the state of your layer is NaN or infinite. Did its training blow up?")
    cell = layer if shown == "yours" else example(shown)
    return UnrollResult(
        text=text,
        states=followed[shown][0],
        left={kind: np.nan_to_num(lengths, nan=np.inf, posinf=np.inf) for kind, (_, lengths) in followed.items()},
        weights=sum(parameter.size for parameter in cell.parameters()),
    )


def check_word(word: Any) -> None:
    """Raise an error that says what is wrong with a word.

    Raises
    ------
    ArgumentError
        If it is not made of the letters a to z, or too long.
    """
    if not isinstance(word, str) or not word or not all("a" <= c <= "z" for c in word):
        raise ArgumentError(f"Unroll: the word should be made of small letters, a to z, not {word!r}.")
    if len(word) > LONGEST_WORD:
        raise ArgumentError(f"Unroll: a word has {LONGEST_WORD} letters at most; {word!r} has {len(word)}.")


def check_layer(layer: Any) -> None:
    """Raise an error that says why a layer cannot read letters.

    Raises
    ------
    WrongTypeError
        If it is not recurrent.
    ArgumentError
        If it does not have 27 inputs.
    """
    if not isinstance(layer, (SimpleRNN, GRU, LSTM)):
        raise WrongTypeError(
            f"Unroll: layer should be a dl.SimpleRNN, dl.GRU or dl.LSTM, not {type(layer).__name__}. "
            "Of a model, take its recurrent layer: Unroll(layer=model[0], cell='yours')."
        )
    if layer.inputs != LETTERS:
        raise ArgumentError(
            f"Unroll: the layer should read {LETTERS} features, the end mark and a to z, one-hot as "
            f"dl.data.spelled makes them; yours reads {layer.inputs}."
        )
