"""Exercises of lesson 12: a whole sequence, one step for a batch of names, and a gradient that must not explode."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "aaaa": "different at first, then they settle",
    "rotation": "a few hundredths",
    "price": "about 0.03, a seventh",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(12)

# --- rnn_step --------------------------------------------------------------------------------------------------------

_STEP = '''def rnn_step(x, h, going, weight_x, weight_h, bias):
    """One step for a batch of names, of which some are over already. x: letters, (N, F).
    h: states of before, (N, H). going: (N,), True where the name still goes on.
    weight_x: (F, H), weight_h: (H, H), bias: (H,). Returns the new states, (N, H); the state
    of a name that is over stays what it was."""
    new = np.tanh(x @ weight_x + h @ weight_h + bias)
    return np.where(going[:, None], new, h)
'''
_NEW = "np.tanh(x @ weight_x + h @ weight_h + bias)"


def _cell(n: int, f: int, h: int) -> Case:
    """Random letters and weights; every third name is over."""
    x, state, *weights = (_rng.normal(size=shape) for shape in ((n, f), (n, h), (f, h), (h, h), (h,)))
    return (x, state, np.arange(n) % 3 != 1, *weights)


rnn_step = Exercise(
    name="rnn_step",
    blank_from="    new = ",
    solution=_STEP,
    others=('''
    out = np.array(h, float)
    for n in range(len(x)):
        if going[n]:
            out[n] = np.tanh(x[n] @ weight_x + h[n] @ weight_h + bias)
    return out
''', '''
    g = going[:, None]
    return g * np.tanh(np.hstack([x, h]) @ np.vstack([weight_x, weight_h]) + bias) + (1 - g) * h
'''),
    cases=[
        (np.array([[1.0]]), np.array([[0.5]]), np.array([True]), np.array([[1.5]]), np.array([[-0.8]]), np.array([0.1])),
        *(_cell(*sizes) for sizes in ((1, 2, 2), (4, 3, 5), (3, 2, 3), (16, 8, 8))),
    ],
    hints=(
        "Two things arrive at a neuron of the state: the input of now, and the state of before. Each has its own weights.",
        "x @ weight_x is (N, H), h @ weight_h is (N, H) too. Add both, add the bias, and squeeze with tanh: the step of all names.",
        "Then choose, name by name: np.where(going, new, h). But going is (N,) and the states are (N, H): going[:, None] makes a column, (N, 1), which serves all H numbers of a name.",
    ),
    wrong=(
        change(
            _STEP, "np.where(going[:, None], new, h)", "new",
            "Every name takes the step, also those that are over: behind their end come zeros, and the state would wander on. Where going is False, h stays.",
        ),
        change(
            _STEP, "np.where(going[:, None], new, h)", "np.where(going[:, None], h, new)",
            "The two are exchanged: yours keeps the state of the names that go on. np.where takes the first where it is True.",
        ),
        change(
            _STEP, "np.where(going[:, None], new, h)", "np.where(going[:, None], new, 0)",
            "The state of a name that is over becomes 0 in yours: nobody could ask any more what it has read. It stays h.",
        ),
        change(
            _STEP, "going[:, None]", "going",
            "going is (N,), and lies along the last axis, where the H numbers of a state are (lesson 10). It goes by names: going[:, None], a column.",
        ),
        change(
            _STEP, "return np.where(going[:, None], new, h)", "return new[going]",
            "Yours returns the names that go on, and only those. The batch keeps its N rows; the state of the others stays.",
        ),
        change(
            _STEP, "np.where(going[:, None], new, h)", "np.where(going[:, None], new, np.tanh(h))",
            "You squeeze the state of a name that is over once more. It stays what it was.",
        ),
        change(_STEP, " + h @ weight_h", "", "The state of before has no say in yours: it forgets everything at each step. Add h @ weight_h."),
        change(_STEP, "x @ weight_x + ", "", "The input is not used: x @ weight_x is missing."),
        change(_STEP, " + bias", "", "The bias is missing. Add it once, inside tanh."),
        change(
            _STEP, _NEW, "x @ weight_x + h @ weight_h + bias",
            "tanh is missing. Without it the state can grow at every step, without end: yours is {yours}, expected {expected}.",
        ),
        change(
            _STEP, "h @ weight_h", "h @ weight_h.T",
            "weight_h is transposed in yours. It is square, so nobody complains: (N, H) @ (H, H) needs no T.",
        ),
        change(
            _STEP, "h @ weight_h", "h",
            "You add h as it is. Its way from step to step leads through weight_h.",
        ),
        change(
            _STEP, _NEW, "np.tanh(x @ weight_x) + np.tanh(h @ weight_h + bias)",
            "You squeeze twice and add then, so the state can leave −1 … 1. Add first, then one tanh.",
        ),
        change(
            _STEP, _NEW, "np.tanh(x @ weight_x + bias) + h @ weight_h",
            "Your h @ weight_h stands outside of tanh, so the state can leave −1 … 1. Add all three first, then one tanh.",
        ),
        change(
            _STEP, _NEW, "np.tanh(x @ weight_x) + h @ weight_h + bias",
            "Only what the input brings goes through your tanh. Add all three first, then one tanh.",
        ),
        change(
            _STEP, _NEW, "h + np.tanh(x @ weight_x + h @ weight_h + bias)",
            "You add the new state to the old one. Here the old one is replaced; that it survives in part is what LSTM and GRU bring.",
        ),
        change(
            _STEP, _NEW, "1 / (1 + np.exp(-(x @ weight_x + h @ weight_h + bias)))",
            "That is a sigmoid, from 0 to 1. This cell squeezes with tanh.",
        ),
        change(_STEP, _NEW, "np.tanh(x @ weight_x + h @ weight_h) + bias", "The bias is added after tanh, so the state can leave −1 … 1. It belongs inside."),
        change(_STEP, "+ bias", "+ 2 * bias", "The bias counts twice. Each unit has one, added once."),
        change(_STEP, "+ bias", "- bias", "The bias is taken away. Everything that arrives is added."),
        change(
            _STEP, _NEW, "np.tanh((x @ weight_x) * (h @ weight_h) + bias)",
            "You multiply what the input brings with what the state brings. In this cell they are added; products come with the gates.",
        ),
        change(
            _STEP, _NEW, "np.maximum(x @ weight_x + h @ weight_h + bias, 0)",
            "That is a ReLU, which lets a state grow from step to step. This cell squeezes with tanh.",
        ),
        change(
            _STEP, _NEW, "np.tanh(np.tanh(x @ weight_x) + np.tanh(h @ weight_h) + bias)",
            "You squeeze each part, and then their sum. Add first, then one tanh.",
        ),
        change(_STEP, "np.tanh", "np.tan", "tan is the tangent of an angle. The squeezing one is tanh, np.tanh."),
        change(
            _STEP, "h @ weight_h", "np.tanh(h) @ weight_h",
            "You squeeze h once more before it is used. It is the state of before, and has been through tanh already.",
        ),
        change(
            _STEP, _NEW, "0.5 * h + 0.5 * np.tanh(x @ weight_x + h @ weight_h + bias)",
            "Half of the old state stays in yours. That is what a GRU does with a gate; here the old state is replaced.",
        ),
        change(
            _STEP, "return np.where(going[:, None], new, h)", "h[going] = new[going]\n    return h",
            shows="changed its argument h",
        ),
    ),
    praise="The same three arrays at every step, however long the names, and short ones wait for the long ones.",
)  # fmt: skip

# --- unroll ----------------------------------------------------------------------------------------------------------

_UNROLL = '''def unroll(x, weight_x, weight_h, bias):
    """An RNN reads one sequence x, (T, F), from the first step on; its state is 0 before.
    weight_x: (F, H), weight_h: (H, H), bias: (H,).
    Returns the states after each step, shape (T, H)."""
    h = np.zeros(len(bias))
    states = []
    for t in range(len(x)):
        h = np.tanh(x[t] @ weight_x + h @ weight_h + bias)
        states.append(h)
    return np.array(states)
'''


def _sequence(t: int, f: int, h: int) -> Case:
    return tuple(_rng.normal(size=shape) for shape in ((t, f), (f, h), (h, h), (h,)))


unroll = Exercise(
    name="unroll",
    varies=Varies(
        what="the state at the beginning",
        given="0",
        others=(("0.5",), ("0.25",), ("-0.5",)),
        pieces=(
            ("its state is 0 before", "its state is {0} before"),
            ("np.zeros(len(bias))", "np.full(len(bias), {0})"),
            ("Keep one state h, zeros at first.", "Keep one state h, {0} everywhere at first."),
            ("The state is 0 again before every step, so nothing is remembered. Zeros once, before the loop.", "The state begins anew before every step, so nothing is remembered. Set it once, before the loop."),
            ("Before the first step it is 0", "Before the first step it is {0}"),
            ("begins with the zeros of before", "begins with the state of before"),
            ("Begin with zeros.", "Begin with {0}."),
        ),
    ),
    blank_from="    h = np.zeros",
    solution=_UNROLL,
    others=('''
    states = np.zeros((len(x), len(bias)))
    h = np.zeros(len(bias))
    for t in range(len(x)):
        h = np.tanh(x[t] @ weight_x + h @ weight_h + bias)
        states[t] = h
    return states
''',),
    cases=[
        (np.array([[1.0], [0.0], [0.0]]), np.array([[1.0]]), np.array([[0.9]]), np.array([0.0])),
        *(_sequence(*sizes) for sizes in ((1, 2, 3), (5, 3, 3), (12, 4, 6))),
    ],
    hints=(
        "What is one step? The lesson's formula, for one letter and with no batch: which of the arrays has a row for it?",
        "Keep one state h, zeros at first. At each step it is replaced, and a copy of it is kept in a list.",
        "for t in range(len(x)): h = np.tanh(x[t] @ weight_x + h @ weight_h + bias), and append h. At the end np.array(list).",
    ),
    wrong=(
        change(
            _UNROLL, "np.array(states)", "h",
            "You return the last state. All of them are asked for, one row per step.",
        ),
        change(
            _UNROLL, "        states.append(h)\n", "        states.append(h)\n        h = np.zeros(len(bias))\n",
            "The state is 0 again before every step, so nothing is remembered. Zeros once, before the loop.",
        ),
        change(
            _UNROLL, "range(len(x))", "reversed(range(len(x)))",
            "You read from the end to the beginning. The state after step t may know x[0] … x[t], and nothing that comes later.",
        ),
        Wrong(
            changes(_UNROLL, ("        states.append(h)\n", ""), ("        h = np.tanh", "        states.append(h)\n        h = np.tanh")),
            "You keep the state before each step. Append it after it has been renewed.",
        ),
        change(
            _UNROLL, "h = np.zeros(len(bias))", "h = np.ones(len(bias))",
            "Your state starts with ones. Before the first step it is 0: nothing has been read.",
        ),
        change(
            _UNROLL, "h = np.tanh(x[t] @ weight_x + h @ weight_h + bias)", "h = x[t] @ weight_x + h @ weight_h + bias",
            "tanh is missing: a state may then double at every step.",
        ),
        change(
            _UNROLL, "h @ weight_h + bias)\n", "h @ weight_h.T + bias)\n",
            "weight_h is transposed in yours. It is square, so nobody complains.",
        ),
        Wrong(
            changes(_UNROLL, ("h = np.tanh(x[t] @ weight_x + h @ weight_h + bias)", "z = x[t] @ weight_x + h @ weight_h + bias\n        h = np.tanh(z)"), ("append(h)", "append(z)")),
            "You keep what arrives, before tanh. The state is what comes out of tanh.",
        ),
        change(
            _UNROLL, "np.tanh(x[t]", "np.tanh(x[0]",
            "You read the first letter again and again: x[t].",
        ),
        change(
            _UNROLL, "states = []", "states = [h]",
            "Your list begins with the zeros of before the first step: T + 1 rows. Asked for are the states after each step, T of them.",
        ),
        change(
            _UNROLL, "h @ weight_h + bias)\n", "h @ weight_h)\n",
            "The bias is missing. It is added at each step, inside tanh.",
        ),
        change(
            _UNROLL, "h = np.zeros(len(bias))", "h = bias",
            "Your state starts as the bias. Before the first step it is 0; the bias is added within each step.",
        ),
        change(
            _UNROLL, "h = np.zeros(len(bias))", "h = x[0] @ weight_x",
            "Your state has seen x[0] before the first step, and sees it again in it. Begin with zeros.",
        ),
        change(
            _UNROLL, "h = np.tanh(", "h = h + np.tanh(",
            "You add each new state to the one before. Here it is replaced: h = np.tanh(…).",
        ),
        change(
            _UNROLL, "np.array(states)", "np.array(states[::-1])",
            "The right states, the last one first. Row t is the state after x[t].",
        ),
        Wrong(
            changes(_UNROLL, ("    states = []\n", "    states = [h]\n"), ("range(len(x))", "range(1, len(x))")),
            "Your loop leaves out x[0]. Python counts from 0: range(len(x)).",
        ),
        change(
            _UNROLL, "        states.append(h)\n", "        states.append(h)\n        return np.array(states)\n",
            "Only the first state came back. Does the return stand inside the loop?",
        ),
        change(
            _UNROLL, "range(len(x))", "range(len(x) - 1)",
            "The last letter is never read: range(len(x)) ends before len(x) by itself.",
        ),
        change(_UNROLL, "np.array(states)", "np.array(states).T", shows="it is transposed"),
        Wrong(
            changes(_UNROLL, ("h = np.tanh(", "h[:] = np.tanh(")),
            "All your rows are the last state: the list holds one and the same array many times, and it was overwritten. Make a new array each step, or append h.copy().",
        ),
    ),
    praise="This is what “unrolled in time” means: one cell, drawn T times.",
)  # fmt: skip

# --- clip ------------------------------------------------------------------------------------------------------------

_CLIP = '''def clip(gradients, limit):
    """gradients: a list of arrays, one for each parameter. Their common length is the root
    of the sum of the squares of all numbers in all of them. Where it is above `limit`, scales
    all by one factor so that it is limit. Returns the list."""
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = min(1, limit / length)
    return [g * factor for g in gradients]
'''
_CLIPPED = rest(_CLIP, "    length = np")


def _gradients(size: float, *shapes: tuple[int, ...]) -> list[Any]:
    return [size * _rng.normal(size=shape) for shape in shapes]


clip = Exercise(
    name="clip",
    blank_from="    length = np",
    solution=_CLIP,
    others=('''
    total = 0
    for g in gradients:
        total += np.sum(g**2)
    length = np.sqrt(total)
    out = []
    for g in gradients:
        if length > limit:
            out.append(g * limit / length)
        else:
            out.append(g)
    return out
''',),
    cases=[
        ([np.array([3.0, 0.0]), np.array([[4.0]])], 1.0),
        ([np.array([0.3, 0.0]), np.array([[0.4]])], 1.0),
        (_gradients(100.0, (3, 4), (4, 4), (4,)), 5.0),
        (_gradients(0.01, (3, 4), (4,)), 5.0),
        (_gradients(2.0, (10,)), 1.5),
    ],
    hints=(
        "First one number: how long is the gradient, all arrays taken together? Then one factor for all of them.",
        "length = np.sqrt(sum(np.sum(g**2) for g in gradients)). The factor is limit / length where that is below 1, and else 1.",
        "[g * min(1, limit / length) for g in gradients]",
    ),
    wrong=(
        Wrong(
            changes(_CLIP, (_CLIPPED, "    return [np.clip(g, -limit, limit) for g in gradients]\n")),
            "You cut every number by itself, and that changes the direction. One factor for all keeps it.",
        ),
        Wrong(
            changes(_CLIP, (_CLIPPED, "    return [g * min(1, limit / np.sqrt(np.sum(g**2))) for g in gradients]\n")),
            "Each array is clipped by itself, so parameters with large gradients are held back more than others: the direction changes. One length for all.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "limit / length",
            "You make every gradient exactly as long as the limit, small ones too. Below the limit it stays as it is.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "max(1, limit / length)",
            "You make short gradients longer and leave the long ones: min, not max.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "min(1, length / limit)",
            "The fraction is upside down: a gradient twice as long as the limit needs the factor ½.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "sum(np.sum(g**2) for g in gradients)",
            "The root is missing: what you call length is its square, so long gradients become much too short.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "sum(np.sqrt(np.sum(g**2)) for g in gradients)",
            "You add the lengths of the arrays. Lengths add like the sides of a right angle: squares first, one root at the end.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "max(np.max(np.abs(g)) for g in gradients)",
            "You measure by the largest number. Its direction is kept, its length is another: the root of the sum of all squares.",
        ),
        Wrong(
            changes(_CLIP, ("    factor = min(1, limit / length)\n", ""), ("[g * factor for g in gradients]", "[g if length <= limit else 0 * g for g in gradients]")),
            "A gradient that is too long is thrown away. Its direction was right: make it shorter and keep it.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "1", "You give the gradients back as they are. Above the limit they need one factor, limit / length.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "1 / length",
            "You make every gradient 1 long. It should be limit long, and only where it was longer.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "1 / limit if length > limit else 1",
            "Dividing by the limit leaves a gradient 100 times too long 100 / limit too long. The factor must know the length: limit / length.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "limit if length > limit else 1",
            "Multiplying by the limit leaves a long gradient as much too long as it was. The factor must know the length: limit / length.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "min(1, limit / length) ** 2",
            "Your factor is squared, so long gradients become too short. The root is taken already: limit / length.",
        ),
        Wrong(
            changes(_CLIP, (_CLIPPED, "    return [np.clip(g, 0, limit) for g in gradients]\n")),
            "You cut every number to 0 … limit: what is negative is lost, and the direction changes. One factor for all keeps it.",
        ),
        change(
            _CLIP, "min(1, limit / length)", "1 / length if length > limit else 1",
            "Long gradients become 1 long. They should be limit long: limit / length.",
        ),
        change(
            _CLIP, "g * factor for", "g - max(length - limit, 0) for",
            "You take the same amount away from every number, and that turns the gradient elsewhere. Multiply by one factor.",
        ),
        change(
            _CLIP, "np.sum(g**2) for", "np.mean(g**2) for",
            "You take the mean of the squares in each array. A length adds them all: np.sum.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "sum(np.sum(np.abs(g)) for g in gradients)",
            "You add up the numbers without their signs, as taxis measure. The length is the root of the sum of the squares.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "np.sqrt(np.sum(gradients[0]**2))",
            "You measure the first array alone. The length is that of all arrays together.",
        ),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "np.sqrt(sum(np.sum(g**2) for g in gradients) / sum(g.size for g in gradients))",
            "You divide by how many numbers there are. That is a root mean square; a length has no such division.",
        ),
        Wrong(
            changes(_CLIP, (_CLIPPED, "    return [np.minimum(g, limit) for g in gradients]\n")),
            "You cut large positive numbers one by one; negative ones stay as long as they like, and the direction changes. One factor for all.",
        ),
        change(
            _CLIP, "[g * factor for g in gradients]", "np.concatenate([(g * factor).ravel() for g in gradients])",
            "The numbers are right, and lie in one long array. The optimizer needs a list, one array for each parameter, in its shape.",
        ),
        change(
            _CLIP, "[g * factor for g in gradients]", "factor",
            "You return the factor. Multiply each array by it, and return the list.",
        ),
        change(_CLIP, "return [g * factor for g in gradients]", "for g in gradients:\n        g *= factor\n    return gradients", shows="changed its argument gradients"),
        change(
            _CLIP, "np.sqrt(sum(np.sum(g**2) for g in gradients))", "np.linalg.norm(gradients)",
            shows="take out one at a time",
        ),
    ),
    praise="The direction stays, and no single step can throw the weights away.",
)  # fmt: skip

EXERCISES = Lesson([unroll, rnn_step, clip])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
