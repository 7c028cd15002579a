"""What `Gates` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.data.names import LETTERS
from dlcourse.live.numbers import decimals, minus
from dlcourse.widgets.recurrent.gates.numbers import GatesResult
from dlcourse.widgets.recurrent.gates.state import LETTERS_READ, GatesState
from dlcourse.widgets.recurrent.memory import UNITS
from dlcourse.widgets.recurrent.words import last_letters

__all__ = ["NAMES", "ROLES", "arithmetic", "code", "code_results", "describe", "number"]

NAMES = {
    "LSTM": {"before": "c", "keep": "f", "write": "i", "new": "g", "after": "c", "show": "o", "state": "h"},
    "GRU": {"before": "h", "keep": "z", "write": "1 − z", "new": "n", "after": "h"},
}
"""What the formulas call each strip."""
ROLES = {
    "before": "before", "keep": "keeps", "write": "lets in", "new": "the new", "after": "after", "show": "shows", "state": "state",
}  # fmt: skip
"""What each strip does."""

LSTM_STEP = """def step(x, h, c):
    i, f, g, o = np.split(x @ layer.weight_x.data + h @ layer.weight_h.data + layer.bias.data, 4)
    keep, write, new, show = sigmoid(f), sigmoid(i), np.tanh(g), sigmoid(o)
    c = keep * c + write * new
    return show * np.tanh(c), c, keep, write, new

"""
GRU_STEP = """def step(x, h, c):
    xr, xz, xn = np.split(x @ layer.weight_x.data + layer.bias.data, 3)
    hr, hz, hn = np.split(h @ layer.weight_h.data, 3)
    keep, new = sigmoid(xz + hz), np.tanh(xn + sigmoid(xr + hr) * (hn + layer.bias_n.data))
    write = 1 - keep
    h = keep * h + write * new
    return h, h, keep, write, new

"""


def describe(state: GatesState, result: GatesResult) -> str:
    """How far the gates are open, and how large the memory has become."""
    now, names = state.read - 1, NAMES[state.cell]
    head = (
        f"The {state.cell} has read {state.read} of {LETTERS_READ} letters, “{last_letters(result.text, state.read)}”; "
        f"the bias of its keeping gate {names['keep']} is {minus(f'{state.keep:g}')}. "
    )
    if state.hides:
        return head + "What is in its memory stays hidden until you have made your choice."
    keep, write = (float(part[now].mean()) for part in (result.keep, result.write))
    largest = float(np.abs(result.after[now]).max())
    return (
        f"{head}On average {names['keep']} keeps {keep:.3f} of the memory and {names['write']} lets in {write:.3f} of the new. "
        f"The largest number in the memory is {largest:.3f}. Number {state.unit}: {arithmetic(state, result)}."
    )


def arithmetic(state: GatesState, result: GatesResult) -> str:
    """What happened to the chosen number at this letter, in full."""
    now, unit = state.read - 1, state.unit - 1
    kept, before, write, new, after = (
        float(part[now, unit]) for part in (result.keep, result.before, result.write, result.new, result.after)
    )
    name = NAMES[state.cell]["after"]
    total = f"{name} = {number(kept)} · {bracket(before)} + {number(write)} · {bracket(new)} = {number(after)}"
    if state.cell == "GRU":
        return total
    show, out = float(result.show[now, unit]), float(result.state[now, unit])
    return f"{total}; h = {number(show)} · tanh({number(after)}) = {number(out)}"


def number(value: float) -> str:
    """Three decimals, and no sign before zero.

    Examples
    --------
    >>> number(-0.2416), number(-0.0001)
    ('−0.242', '0.000')
    """
    return decimals(round(value, 3) + 0.0, 3)


def bracket(value: float) -> str:
    """The same; a negative number in brackets."""
    return f"({number(value)})" if number(value).startswith("−") else number(value)


def code(state: GatesState) -> str:
    """The cell by hand, letter by letter."""
    lstm = state.cell == "LSTM"
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"text, H = {state.text!r}, {UNITS}\n"
        f"layer = dl.{state.cell}({LETTERS}, H, rng=np.random.default_rng([{state.seed}, {2 if lstm else 1}]))\n"
        f"layer.bias.data[H : 2 * H] = {state.keep!r}           # the keeping gate\n\n"
        "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n"
        f"{LSTM_STEP if lstm else GRU_STEP}"
        "h, c = np.zeros(H), np.zeros(H)\n"
        f"for letter in text[:{state.read}]:\n"
        f"    h, c, keep, write, new = step(np.eye({LETTERS})[ord(letter) - 96], h, c)\n"
        "print(keep.mean().round(3), write.mean().round(3), np.abs(c).max().round(3))\n"
    )


def code_results(state: GatesState, result: GatesResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    now = state.read - 1
    return {
        "keep": result.keep[now], "write": result.write[now], "new": result.new[now], "c": result.after[now],
        "h": result.state[now],
    }  # fmt: skip
