"""Exercises of lesson 24: a network taken over by hand, the matrix that nobody transposed, and the way home."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, change

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "outputs": "(128, 64)",
    "taken over": "about 10",
    "late": "about 15",
    "processor": "less than twice",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(24)


def _numbers(*shape: int) -> np.ndarray:
    return _rng.normal(size=shape).round(2)


# --- take_over -------------------------------------------------------------------------------------------------------

_TAKE_OVER = '''def take_over(weights):
    """weights: a dict with the arrays of a dense network: "0.weight", (K, M), "0.bias", (M,),
    "2.weight", (M, L) … in no order. The other library has no biases: it appends a 1 to each
    input, and multiplies by (outputs, inputs + 1), where the last column is for the 1.
    Returns the list of these matrices, layer by layer."""
    layers = sorted({int(name.split(".")[0]) for name in weights})
    return [np.column_stack([weights[f"{i}.weight"].T, weights[f"{i}.bias"]]) for i in layers]
'''


def _dense(places: tuple[int, ...], sizes: tuple[int, ...], order: int) -> Case:
    """A network with layers at these places, its names in another order."""
    weights = {}
    for place, inputs, outputs in zip(places, sizes, sizes[1:], strict=False):
        weights[f"{place}.weight"], weights[f"{place}.bias"] = _numbers(inputs, outputs), _numbers(outputs)
    names = list(weights)
    return ({name: weights[name] for name in names[order:] + names[:order]},)


take_over = Exercise(
    name="take_over",
    blank_from="    layers = sorted(",
    solution=_TAKE_OVER,
    others=('''
    taken = {}
    for name, array in weights.items():
        place, kind = name.split(".")
        if kind == "weight":
            bias = weights[place + ".bias"]
            taken[int(place)] = np.concatenate([array.T, bias[:, None]], axis=1)
    return [taken[place] for place in sorted(taken)]
''',),
    cases=[
        _dense((0,), (3, 2), 0),
        _dense((0, 2), (4, 3, 2), 2),
        _dense((1, 3, 10), (5, 4, 3, 2), 3),
        _dense((0, 2, 4, 11), (3, 5, 2, 6, 1), 4),
    ],
    hints=(
        "The other library computes [x, 1] @ matrix.T. Which numbers must stand in row j of the matrix, so that it is output j of x @ weight + bias?",
        "Row j is column j of the weight, and then bias j: np.column_stack([weight.T, bias]). The order of the layers is that of their numbers, and 10 comes after 2.",
        'for i in sorted({int(name.split(".")[0]) for name in weights}): np.column_stack([weights[f"{i}.weight"].T, weights[f"{i}.bias"]])',
    ),
    wrong=(
        change(
            _TAKE_OVER, 'np.column_stack([weights[f"{i}.weight"].T, weights[f"{i}.bias"]])',
            'np.vstack([weights[f"{i}.weight"], weights[f"{i}.bias"]])',
            "All numbers are there, and the outputs lie along the columns. The other library wants them along the rows: transpose.",
        ),
        change(
            _TAKE_OVER, '[weights[f"{i}.weight"].T, weights[f"{i}.bias"]]', '[weights[f"{i}.bias"], weights[f"{i}.weight"].T]',
            "Your bias is the first column. The 1 is appended to the input, behind everything else, so its weights are the last one.",
        ),
        change(
            _TAKE_OVER, 'weights[f"{i}.weight"].T', 'weights[f"{i}.weight"].reshape(len(weights[f"{i}.bias"]), -1)',
            "The shape is right and the numbers are not: reshape writes them down in the order in which they lie. Transposing, .T, changes rows for columns.",
        ),
        change(
            _TAKE_OVER, 'np.column_stack([weights[f"{i}.weight"].T, weights[f"{i}.bias"]])', 'weights[f"{i}.weight"].T',
            "The weights are right, and the biases are lost. Each matrix has one more column, for the 1.",
        ),
        change(
            _TAKE_OVER, ', weights[f"{i}.bias"]]', ', np.ones(len(weights[f"{i}.bias"]))]',
            "You appended a 1 to the weights. The library appends it to the input, and multiplies it by the bias: that belongs there.",
        ),
        change(
            _TAKE_OVER, ', weights[f"{i}.bias"]]', ', np.zeros(len(weights[f"{i}.bias"]))]',
            "The last column is 0, so the 1 changes nothing, and the biases are lost.",
        ),
        change(
            _TAKE_OVER, ', weights[f"{i}.bias"]]', ', -weights[f"{i}.bias"]]',
            "The last column has the wrong sign: the product with the 1 is added, as the bias is.",
        ),
        change(
            _TAKE_OVER, 'sorted({int(name.split(".")[0]) for name in weights})',
            'sorted({name.split(".")[0] for name in weights})',
            "You sort the numbers as texts, and there 10 comes before 3. Make them whole numbers first: int(…).",
        ),
        change(
            _TAKE_OVER, 'sorted({int(name.split(".")[0]) for name in weights})',
            'dict.fromkeys(int(name.split(".")[0]) for name in weights)',
            "Your layers come in the order of the dict. A dict from a file has any order: sort by the numbers.",
        ),
        change(
            _TAKE_OVER, 'int(name.split(".")[0])', 'int(name[0])',
            "You read the first digit of a name only, and layer 10 becomes layer 1. Cut the name at its dot: name.split(\".\")[0].",
        ),
        change(
            _TAKE_OVER, 'for name in weights})', 'for name in weights}, reverse=True)',
            "Your layers come from the last to the first.",
        ),
        change(
            _TAKE_OVER, 'for name in weights})', 'for name in weights})[:1]',
            "The first layer is right. There may be more: one matrix for each number among the names.",
        ),
    ),
    praise="Many libraries keep the bias so. The trick has a name, homogeneous coordinates, and lesson 02 could have drawn its line with it.",
)  # fmt: skip

# --- find_transposed -------------------------------------------------------------------------------------------------

_FIND = '''def find_transposed(matrices, x, states):
    """matrices: a list of (K, K), the weights of layers tanh(h @ W) without biases.
    Somebody took them over, and may have forgotten to transpose one. x: (N, K), what went
    in there. states: a list of (N, K), what came out of each layer there, in float32.
    Returns the index of the layer that is wrong there, or -1."""
    for i, (matrix, state) in enumerate(zip(matrices, states)):
        if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4):
            return i
        x = state
    return -1
'''


def _stack(layers: int, size: int, wrong: int, symmetric: int = -1) -> Case:
    """A stack whose layer `wrong` was taken over as it lies."""
    matrices = [_numbers(size, size) for _ in range(layers)]
    if symmetric >= 0:
        matrices[symmetric] = (matrices[symmetric] + matrices[symmetric].T) / 2
    x = h = _numbers(size + 2, size)
    states = []
    for i, matrix in enumerate(matrices):
        h = np.tanh(h @ (matrix.T if i == wrong else matrix)).astype(np.float32)
        states.append(h)
    return matrices, x, states


find_transposed = Exercise(
    name="find_transposed",
    blank_from="    for i, (matrix,",
    solution=_FIND,
    others=('''
    h = x
    for i in range(len(matrices)):
        h = np.tanh(h @ matrices[i])
        if np.abs(h - states[i]).max() > 1e-3:
            return i
    return -1
''',),
    cases=[_stack(3, 2, 1), _stack(4, 3, -1), _stack(5, 4, 4), _stack(2, 5, 0), _stack(4, 3, 2, 0), _stack(3, 3, 1, 1)],
    hints=(
        "Send x through the layers as they should be, and compare with what came out there. Which difference is the first?",
        "After the wrong layer everything differs, so the first one counts. The states are float32: compare with np.allclose(…, atol=1e-4), not with ==.",
        "for i, (matrix, state) in enumerate(zip(matrices, states)): if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4): return i. Then x = state; behind the loop return -1.",
    ),
    wrong=(
        change(
            _FIND, "np.allclose(np.tanh(x @ matrix), state, atol=1e-4)", "(np.tanh(x @ matrix) == state).all()",
            "The first layer looks wrong to you whenever there is one. Is your tanh there? And float32 rounds: compare with np.allclose(…, atol=1e-4), not with ==.",
        ),
        change(
            _FIND, "        x = state\n", "",
            "You send the first x through every layer. What goes into a layer is what came out of the one before.",
        ),
        change(
            _FIND, "return i\n", "return i + 1\n",
            "You count from 1. An index begins at 0.",
        ),
        change(
            _FIND, "x @ matrix", "x @ matrix.T",
            "You look for the first layer that was *not* forgotten: x @ matrix.T is the mistake itself.",
        ),
        change(
            _FIND, "return -1", "return len(matrices)",
            "Where all are right, -1 is asked for.",
        ),
        change(
            _FIND, "return -1", "return 0",
            "Where all are right, you return 0, and that is the first layer. -1 is asked for.",
        ),
        change(
            _FIND, "if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4)", "if not np.allclose(matrix, matrix.T)",
            "You look for a matrix that is not symmetric. Such a one may still have been transposed as it should: the states tell.",
        ),
        change(
            _FIND, "        if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4):\n            return i\n        x = state\n    return -1",
            "        x = np.tanh(x @ matrix)\n        if not np.allclose(x, state, atol=1e-4):\n            last = i\n        else:\n            last = -1\n    return last",
            "You return the last layer that differs. Behind a wrong one all are: the first counts.",
        ),
        change(
            _FIND, "    for i, (matrix, state) in enumerate(zip(matrices, states)):\n        if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4):\n            return i\n        x = state\n    return -1",
            "    gaps = []\n    for matrix, state in zip(matrices, states):\n        x = np.tanh(x @ matrix)\n        gaps.append(np.abs(x - state).max())\n    return int(np.argmax(gaps)) if max(gaps) > 1e-3 else -1",
            "You return the layer that differs most. Behind a wrong one all differ, and a later one may differ more: the first counts.",
        ),
        change(
            _FIND, "if not np.allclose(np.tanh(x @ matrix), state, atol=1e-4)", "if np.allclose(np.tanh(x @ matrix.T), state, atol=1e-4)",
            "You return the first layer that fits when it is transposed. A symmetric matrix fits either way and is right: ask which one does not fit as it is.",
        ),
        change(
            _FIND, "return i\n", "return True\n",
            "The index of the layer is asked for, not whether there is one.",
        ),
    ),
    praise="A symmetric matrix that nobody transposed is not found, and need not be. Comparing state by state is how networks are taken over in earnest.",
)  # fmt: skip

# --- bring_home ------------------------------------------------------------------------------------------------------

_HOME = '''def bring_home(x, kernel, dense, size):
    """From a library with channels first. x: images, (N, C, H, W). kernel: (F, C, KH, KW).
    dense: (M, F * P * Q), the layer behind a Flatten of maps (F, P, Q). size: (P, Q).
    Returns x, kernel and dense as dlcourse has them: (N, H, W, C), (KH, KW, C, F), and
    (P * Q * F, M), behind a Flatten of maps (P, Q, F)."""
    maps = dense.reshape(len(dense), len(kernel), *size)
    home = maps.transpose(2, 3, 1, 0).reshape(-1, len(dense))
    return x.transpose(0, 2, 3, 1), kernel.transpose(2, 3, 1, 0), home
'''


def _abroad(n: int, c: int, h: int, w: int, f: int, kh: int, kw: int, m: int) -> Case:
    p, q = h - kh + 1, w - kw + 1
    return _numbers(n, c, h, w), _numbers(f, c, kh, kw), _numbers(m, f * p * q), (p, q)


bring_home = Exercise(
    name="bring_home",
    blank_from="    maps = dense.reshape(",
    blank="    return None, None, None\n",
    solution=_HOME,
    others=('''
    p, q = size
    f, m = len(kernel), len(dense)
    home = np.zeros((p * q * f, m))
    for i in range(p):
        for j in range(q):
            for k in range(f):
                home[(i * q + j) * f + k] = dense[:, (k * p + i) * q + j]
    return np.moveaxis(x, 1, -1), np.moveaxis(kernel, (0, 1), (3, 2)), home
''', '''
    parts = np.split(dense.T, len(kernel))
    return np.einsum("nchw->nhwc", x), np.einsum("fcuv->uvcf", kernel), np.stack(parts, axis=1).reshape(dense.T.shape)
'''),
    cases=[
        _abroad(1, 2, 3, 4, 3, 2, 2, 2), _abroad(2, 3, 5, 4, 2, 3, 2, 4), _abroad(3, 1, 4, 6, 5, 2, 4, 3), _abroad(2, 4, 6, 5, 3, 1, 3, 5),
    ],
    parts=("the images", "the kernel", "the dense matrix"),
    hints=(
        "transpose takes the old axes in their new order. For the dense matrix: what do its columns say, if you cut them into maps again?",
        "x.transpose(0, 2, 3, 1) and kernel.transpose(2, 3, 1, 0). dense.reshape(M, F, P, Q) has an axis for each; bring it to (P, Q, F, M), and flatten all but M.",
        "dense.reshape(len(dense), len(kernel), *size).transpose(2, 3, 1, 0).reshape(-1, len(dense))",
    ),
    wrong=(
        change(
            _HOME, "x.transpose(0, 2, 3, 1)", "x.reshape(len(x), x.shape[2], x.shape[3], x.shape[1])",
            "The images have the right shape, and reshape has not moved a number: channels and places are mixed. transpose moves axes.",
        ),
        change(
            _HOME, "x.transpose(0, 2, 3, 1)", "x.transpose(0, 3, 2, 1)",
            "Your images lie on their side: height and width have changed places. (N, C, H, W) becomes (N, H, W, C).",
        ),
        change(
            _HOME, "x.transpose(0, 2, 3, 1)", "x",
            "The images still have their channels first. (N, C, H, W) becomes (N, H, W, C).",
        ),
        change(
            _HOME, "x.transpose(0, 2, 3, 1)", "x.transpose(0, 3, 1, 2)",
            "That is the way there, from channels last to first. You are on the way home: transpose(0, 2, 3, 1).",
        ),
        change(
            _HOME, "kernel.transpose(2, 3, 1, 0)", "kernel.transpose(3, 2, 1, 0)",
            "Your kernel lies on its side: KH and KW have changed places.",
        ),
        change(
            _HOME, "kernel.transpose(2, 3, 1, 0)", "kernel.transpose(2, 3, 0, 1)",
            "In your kernel the filters come before the channels. dlcourse has (KH, KW, C, F), the outputs last.",
        ),
        change(
            _HOME, "kernel.transpose(2, 3, 1, 0)", "kernel.transpose(2, 3, 1, 0)[::-1, ::-1]",
            "You turned the kernel by half a turn. Neither library does that: both slide it as it stands.",
        ),
        change(
            _HOME, "kernel.transpose(2, 3, 1, 0)", "kernel.transpose(0, 2, 3, 1)",
            "The kernel has moved its channels only. Its filters come last of all: (KH, KW, C, F).",
        ),
        change(
            _HOME, "maps.transpose(2, 3, 1, 0).reshape(-1, len(dense))", "dense.T",
            "The dense matrix is transposed, and its rows are in the order of the other Flatten: channel by channel. Here they come place by place.",
        ),
        change(
            _HOME, "maps.transpose(2, 3, 1, 0).reshape(-1, len(dense))", "maps.transpose(3, 2, 1, 0).reshape(-1, len(dense))",
            "The dense matrix runs down the columns of each map. Flatten runs along the rows: P before Q.",
        ),
        change(
            _HOME, "maps.transpose(2, 3, 1, 0).reshape(-1, len(dense))", "maps.transpose(0, 2, 3, 1).reshape(len(dense), -1)",
            "The places of the dense matrix are right, and its outputs still come first. It should be (P · Q · F, M).",
        ),
        change(
            _HOME, "maps.transpose(2, 3, 1, 0).reshape(-1, len(dense))", "maps.transpose(2, 3, 1, 0)",
            "The dense matrix is in order, and still has four axes. Flatten all but the last: reshape(-1, M).",
        ),
    ),
    praise="dl.load_from does this for every layer of the library, and raises an error before it changes anything if a shape does not fit.",
)  # fmt: skip

EXERCISES = Lesson([take_over, find_transposed, bring_home])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
