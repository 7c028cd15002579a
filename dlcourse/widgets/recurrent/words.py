"""What `Unroll` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.data.names import LETTERS
from dlcourse.errors import counted
from dlcourse.live.numbers import minus, signed, two_digits
from dlcourse.widgets.recurrent.memory import UNITS
from dlcourse.widgets.recurrent.numbers import UnrollResult
from dlcourse.widgets.recurrent.state import UnrollState

__all__ = ["code", "code_results", "describe", "last_letters"]

FOLLOW = '''def follow(layer):
    """States after each letter, and what is left of a nudge after 0, 1 … T steps."""
    copies = np.broadcast_to(x, (layer.units, *x.shape))  # copy i asks for the gradient of unit i
    memory = [dl.Tensor(np.zeros((layer.units, layer.units), np.float32), requires_grad=True)]
    h, states = memory[0], []
    for t in range(len(text)):
        if isinstance(layer, dl.LSTM):
            _, (h, cell) = layer.run(copies[:, t : t + 1], (h, memory[-1]))
        else:
            h = cell = layer(copies[:, t : t + 1], h).reshape(layer.units, layer.units)
        memory.append(cell)
        states.append(h.data[0])
    memory[-1].backward(np.eye(layer.units, dtype=np.float32), keep_inner=True)
    left = [np.linalg.norm(m.grad.astype(float)) / np.sqrt(layer.units) for m in reversed(memory)]
    return np.array(states), np.array(left)

'''


def last_letters(text: str, read: int) -> str:
    """The letters that were read, the last twelve of many.

    Examples
    --------
    >>> last_letters("recurrentrecurrent", 4), last_letters("recurrentrecurrent", 14)
    ('recu', '…currentrecur')
    """
    return "…" * (read > 12) + text[max(read - 12, 0) : read]


def describe(state: UnrollState, result: UnrollResult) -> str:
    """How far the text has been read, the state there, and what is left of a nudge."""
    own = state.shown == "yours"
    name = f"Your {type(state.layer).__name__}" if own else f"The {state.shown}"
    numbers = result.states[state.read - 1]
    missing = " (For yours, give it: Unroll(layer=model[0]).)" if state.cell != state.shown else ""
    return (
        f"{name} has read {state.read} of {counted(state.letters, 'letter')}, "
        f"“{last_letters(result.text, state.read)}”.{missing} "
        f"Its state is {len(numbers)} numbers from {signed(numbers.min())} to {signed(numbers.max())}, made by the same "
        f"{result.weights} weights at every step. {settings(state)}"
        + (left(state, result) if state.below == "nudge" else moved(state, result))
    )


def settings(state: UnrollState) -> str:
    """The settings of the cells that are shown."""
    told = {"scale": f"RNN: scale of Wₕ {state.scale:g}", "keep": f"gates: bias {minus(f'{state.keep:g}')}"}
    named = "; ".join(told[name] for name in state.acting)
    return f"{named[0].upper()}{named[1:]}. " if named else ""


def left(state: UnrollState, result: UnrollResult) -> str:
    """What is left at the end of a nudge given now, and of one given before the first letter."""
    if state.hides:
        return "What is left of a nudge stays hidden until you have made your choice."
    parts, whole = (
        ", ".join(f"{kind} {two_digits(lengths[k])}" for kind, lengths in result.left.items()) for k in (state.back, -1)
    )
    return (
        f"Of a nudge of 1 given to the state now, this is left {counted(state.back, 'letter')} later, at the end: {parts}. "
        f"Of one before the first letter: {whole}."
    )


def moved(state: UnrollState, result: UnrollResult) -> str:
    """How much the last letter changed the state."""
    now = result.states[state.read - 1]
    before = result.states[state.read - 2] if state.read > 1 else np.zeros_like(now)
    share = float(np.linalg.norm(now - before) / max(float(np.linalg.norm(now)), 1e-12))
    return f"This letter changed it by {share:.0%} of its length."


def code(state: UnrollState) -> str:
    """The three cells, the function that follows one, and its states and nudges."""
    own = state.layer is not None
    shown = "layer" if state.shown == "yours" else state.shown.lower()
    seed = [f"np.random.default_rng([{state.seed}, {i}])" for i in range(3)]
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"text, H = {state.text!r}, {UNITS}\n"
        f"x = np.eye({LETTERS}, dtype=np.float32)[[ord(letter) - 96 for letter in text]]  # (T, {LETTERS})\n"
        f"rng = {seed[0]}\nrnn = dl.SimpleRNN({LETTERS}, H, rng=rng)\n"
        f"rnn.weight_h.data[:] = {state.scale!r} * dl.orthogonal((H, H), rng=rng).astype(np.float32)\n"
        f"gru = dl.GRU({LETTERS}, H, rng={seed[1]})\ngru.bias.data[H : 2 * H] = {state.keep!r}\n"
        f"lstm = dl.LSTM({LETTERS}, H, rng={seed[2]})\nlstm.bias.data[H : 2 * H] = {state.keep!r}\n\n{FOLLOW}"
        f"state = follow({shown})[0][{state.read - 1}]{'  # layer is your own' if shown == 'layer' else ''}\n"
        "left_rnn, left_gru, left_lstm = (follow(layer)[1] for layer in (rnn, gru, lstm))\n"
        + ("left_yours = follow(layer)[1]\n" if own else "")
        + "print(state.round(2))\nprint(left_rnn[-1], left_gru[-1], left_lstm[-1])\n"
    )


def code_results(state: UnrollState, result: UnrollResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    lefts = {f"left_{name.lower()}": lengths for name, lengths in result.left.items()}
    return {"state": result.states[state.read - 1], **lefts}
