"""Exercises of lesson 11: spend a budget of weights, build the layer, find a lost order, and train with few numbers."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes
from dlcourse.checking.judging import reads_digits

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"shuffled": "as many as before", "costs most": "convolutional network"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"shuffled": {"shuffled": True}, "costs most": {"shuffled": True}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(11)

# --- widest ----------------------------------------------------------------------------------------------------------

_WIDEST = '''def widest(shape, budget):
    """A network reads pictures of a shape (height, width, channels): Flatten, a hidden dense
    layer, and a dense layer with 10 neurons, one for each answer. It may have `budget` numbers
    to learn, and no more. Returns how many hidden neurons it can have; 0 if not even one."""
    inputs = np.prod(shape)
    return max(0, (budget - 10) // (inputs + 1 + 10))
'''
_PRICE = "(budget - 10) // (inputs + 1 + 10)"

widest = Exercise(
    name="widest",
    varies=Varies(
        what="the number of answers",
        given="10",
        others=(("5",), ("7",), ("12",)),
        pieces=(
            ("layer with 10 neurons", "layer with {0} neurons"),
            ("budget - 10", "budget - {0}"),
            ("inputs + 1 + 10", "inputs + 1 + {0}"),
            ("(hidden + 2) * 10", "(hidden + 2) * {0}"),
            ("the 10 weights that lead", "the {0} weights that lead"),
            ("The 10 biases", "The {0} biases"),
        ),
    ),
    blank_from="    inputs =",
    solution=_WIDEST,
    others=('''
    inputs, hidden = np.prod(shape), 0
    while inputs * (hidden + 1) + (hidden + 1) + (hidden + 2) * 10 <= budget:
        hidden += 1
    return hidden
''',),
    cases=[
        ((8, 8, 1), 2410), ((8, 8, 1), 2409), ((8, 8, 1), 1000), ((2, 3, 3), 100), ((28, 28, 1), 100_000),
        ((2448, 3264, 3), 10**9), ((8, 8, 1), 60), ((8, 8, 1), 3), ((4, 5, 1), 995), ((1, 4, 1), 980), ((2, 2, 1), 985), ((32, 32, 3), 1_000_000),
    ],
    hints=(
        "Say what a network with one hidden neuron has to learn, and then what every further one adds. What is there in any case?",
        "A hidden neuron costs a weight for each input, one bias, and the 10 weights that lead away from it. The 10 biases at the end are there in any case.",
        "So (budget - 10) // (inputs + 1 + 10), with inputs = np.prod(shape), and never less than 0.",
    ),
    wrong=(
        change(
            _WIDEST, "budget - 10", "budget",
            "You forget the biases of the last layer. They are paid once, however many hidden neurons there are.",
        ),
        change(
            _WIDEST, "inputs + 1 + 10", "inputs + 10",
            "You pay for the weights of a hidden neuron and not for its bias.",
        ),
        change(
            _WIDEST, "inputs + 1 + 10", "inputs + 1",
            "A hidden neuron also costs the weights that lead away from it, one to each answer.",
        ),
        change(
            _WIDEST, _PRICE, "budget // (inputs + 10)",
            "You count weights alone. Each neuron has a bias besides, those of the last layer as well.",
        ),
        change(
            _WIDEST, _PRICE, "budget // (inputs + 1)",
            "You count the hidden layer alone. The last one has weights and biases, too.",
        ),
        change(
            _WIDEST, _PRICE, "(budget - 2) // (inputs + 10)",
            "You give each layer one bias. Each of its neurons has its own.",
        ),
        change(
            _WIDEST, " // (", " / (",
            "{yours} neurons: a part of a neuron cannot be had. Round down: //.",
        ),
        change(
            _WIDEST, _PRICE, "-(-(budget - 10) // (inputs + 1 + 10))",
            "You round up, and then the network learns more numbers than it may. Round down: //.",
        ),
        change(
            _WIDEST, f"max(0, {_PRICE})", _PRICE,
            "{yours} neurons. Where the budget does not even pay for the biases of the last layer, it is 0.",
        ),
        change(
            _WIDEST, "np.prod(shape)", "shape[0] * shape[1]",
            "Right for grey pictures. A colour picture has three numbers a pixel, and each of them has its weights: multiply by the channels.",
        ),
        change(
            _WIDEST, "np.prod(shape)", "np.sum(shape)",
            "You add up height, width and channels. The picture holds height · width · channels numbers.",
        ),
        change(
            _WIDEST, f"max(0, {_PRICE})", "(inputs + 1) * budget + (budget + 1) * 10",
            "You count what a network with `budget` hidden neurons learns. It is the other way round: so many numbers may be learned, how many neurons?",
        ),
    ),
    praise="A billion numbers for the slide's photo, and 41 neurons use them up. That is one reason why lesson 13 exists.",
)  # fmt: skip

# --- dense -----------------------------------------------------------------------------------------------------------

_DENSE = '''def dense(images, weight, bias):
    """Flatten and a dense layer with ReLU. images: (N, H, W, C), weight: (H · W · C, M), bias:
    (M,). Returns (N, M)."""
    x = images.reshape(len(images), -1)
    return np.maximum(x @ weight + bias, 0)
'''


def _pictures(n: int, h: int, w: int, c: int, m: int) -> Case:
    return _rng.normal(size=(n, h, w, c)), _rng.normal(size=(h * w * c, m)), _rng.normal(size=m)


dense = Exercise(
    name="dense",
    blank_from="    x =",
    solution=_DENSE,
    others=('''
    out = np.zeros((len(images), len(bias)))
    for i in range(len(images)):
        for j in range(len(bias)):
            out[i, j] = max(0, images[i].ravel() @ weight[:, j] + bias[j])
    return out
''',),
    cases=[
        (np.array([[[[1.0], [2.0]]], [[[0.0], [-1.0]]]]), np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.25, 0.5])),
        _pictures(3, 2, 2, 1, 4),
        _pictures(5, 3, 2, 2, 1),
        _pictures(4, 3, 5, 2, 6),
        _pictures(16, 4, 4, 3, 10),
    ],
    hints=(
        "First lay each picture out as one row, and keep the pictures apart. What shape should x have?",
        "images.reshape(len(images), -1) is (N, H · W · C). Then all neurons of all pictures at once: x @ weight + bias.",
        "np.maximum(x @ weight + bias, 0)",
    ),
    wrong=(
        change(_DENSE, "np.maximum(x @ weight + bias, 0)", "x @ weight + bias", "The ReLU is missing: what is negative becomes 0."),
        change(_DENSE, "x @ weight + bias, 0", "x @ weight, 0", "The bias is missing. Add it before the ReLU."),
        change(_DENSE, "x @ weight + bias, 0", "x @ weight - bias, 0", "You subtract the bias. It is added: x @ weight + bias."),
        change(_DENSE, "np.maximum(x @ weight + bias, 0)", "np.tanh(x @ weight + bias)", "That is tanh, from −1 to 1. ReLU keeps what is positive as it is, and makes the rest 0."),
        change(
            _DENSE, "np.maximum(x @ weight + bias, 0)", "np.maximum(x @ weight, 0) + bias",
            "The bias is added behind the ReLU. Inside it decides when the neuron wakes up; outside it only lifts what comes out.",
        ),
        change(
            _DENSE, "reshape(len(images), -1)", "reshape(-1, len(images)).T",
            "The shape is right and the pictures are mixed: reshape deals the numbers out in rows. Pictures first: reshape(len(images), -1).",
        ),
        change(
            _DENSE, "np.maximum(x @ weight + bias, 0)", "np.abs(x @ weight + bias)",
            "You turn the sign of what is negative. ReLU makes it 0.",
        ),
        change(
            _DENSE, "images.reshape(", "images.transpose(0, 3, 1, 2).reshape(",
            "The channels come first in yours, so with more than one each number meets the weight of another. Flatten takes the axes as they are.",
        ),
        change(
            _DENSE, "reshape(len(images), -1)", 'reshape(len(images), -1, order="F")',
            'order="F" lays the pixels out column by column, so each meets the weight of another. Leave it out.',
        ),
        change(
            _DENSE, "np.maximum(x @ weight + bias, 0)", "1 / (1 + np.exp(-(x @ weight + bias)))",
            "That is a sigmoid. Asked for is ReLU, max(z, 0).",
        ),
        change(_DENSE, "np.maximum(", "np.minimum(", "You keep what is negative. ReLU keeps what is positive: np.maximum."),
        change(_DENSE, "reshape(len(images), -1)", "ravel()", shows="raised ValueError: matmul"),
        change(_DENSE, "np.maximum(x @ weight + bias, 0)", "np.maximum(x @ weight + bias, 0).T", shows="transposed"),
        change(_DENSE, "x = images.reshape(len(images), -1)", "images -= 0.5\n    x = images.reshape(len(images), -1) + 0.5", shows="changed its argument images"),
    ),
    praise="Every input connects to every neuron: that is what the matrix says.",
)  # fmt: skip

# --- find_order ------------------------------------------------------------------------------------------------------

_ORDER = '''def find_order(weight, twin):
    """A dense layer has learned from digits, its weights are `weight`, (K, M). Its twin learned
    from the same digits with their pixels shuffled, x[:, order], and nobody has kept `order`.
    Twins agree to 0.01: no number of twin is further than that from weight[order]. Any two rows
    of weight lie much further apart. Returns order, (K,), whole numbers."""
    apart = np.sum((twin[:, None] - weight[None]) ** 2, axis=2)
    return np.argmin(apart, axis=1)
'''
_APART = "np.sum((twin[:, None] - weight[None]) ** 2, axis=2)"


def _twins(weight: Array) -> Case:
    order = np.roll(np.arange(len(weight)), 1)  # no permutation that is its own inverse
    order[1:3] = order[[2, 1]] if len(weight) > 4 else order[1:3]
    return weight, weight[order] + _rng.uniform(-0.01, 0.01, weight.shape)


def _with(first: float, weight: Array) -> Array:
    """The same with one number for all in the first column."""
    return np.concatenate([np.full((len(weight), 1), first), weight[:, 1:]], axis=1)


find_order = Exercise(
    name="find_order",
    blank_from="    apart",
    solution=_ORDER,
    others=('''
    order = np.zeros(len(twin), int)
    for i in range(len(twin)):
        apart = np.sum(np.abs(weight - twin[i]), axis=1)
        order[i] = np.argmin(apart)
    return order
''',),
    cases=[
        (np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]), np.array([[3.0, 30.0], [1.0, 10.0], [2.0, 20.0]])),
        _twins(np.array([[1.0, 2.0, 0.0], [-1.0, 4.0, 0.5], [4.0, -1.0, 0.0]])), _twins(_rng.normal(size=(6, 6))), _twins(_rng.normal(size=(4, 7))),
        _twins(_with(0.5, _rng.normal(size=(5, 5)))), _twins(_rng.normal(size=(64, 10))),
    ],
    hints=(
        "Pixel number 0 of the shuffled digits used to be pixel order[0], and its weights went along with it. Which row of weight looks like row 0 of twin?",
        "Two rows are close if the sum of their squared differences is small. For each row of twin, take the place of the closest row of weight.",
        "twin[:, None] - weight[None] has the shape (K, K, M). Square it, add up over the last axis, and np.argmin(…, axis=1).",
    ),
    wrong=(
        change(
            _ORDER, "np.argmin(apart, axis=1)", "np.argmin(apart, axis=0)",
            "That is the way back: where each pixel went. order[i] says where pixel number i came from.",
        ),
        change(
            _ORDER, _APART, "1.0 * np.any(twin[:, None] != weight[None], axis=2)",
            "You look for rows that are exactly equal. Twins agree to 0.01 only: take the row that is closest.",
        ),
        change(
            _ORDER, "return np.argmin(apart, axis=1)", "return np.where(apart.min(axis=1) == 0, apart.argmin(axis=1), -1)",
            "You wait for a row that is exactly equal, and there is none: twins agree to 0.01. The closest row is the one.",
        ),
        change(
            _ORDER, "np.argmin(", "np.argmax(",
            "You take the row that is furthest away. The closest one is the same pixel's.",
        ),
        change(
            _ORDER, _APART, "np.sum(twin[:, None] - weight[None], axis=2)",
            "Differences below 0 count as very close in your sum, and cancel others. Square them first.",
        ),
        change(
            _ORDER, _APART, "np.abs(np.sum(twin[:, None] - weight[None], axis=2))",
            "In your sum, differences above and below 0 cancel. Square each of them before you add up.",
        ),
        change(
            _ORDER, _APART, "-(twin @ weight.T)",
            "You take the row with the largest product, and a long row has a large product with everybody. Compare by distance.",
        ),
        change(
            _ORDER, _APART, "(twin[:, None, 0] - weight[None, :, 0]) ** 2",
            "You compare the first column alone, and there two pixels may be alike. Add up over all neurons.",
        ),
        change(
            _ORDER, "return np.argmin(apart, axis=1)", "return weight[np.argmin(apart, axis=1)]",
            "You give back rows of weights. Where they stand in weight is asked for: whole numbers, (K,).",
        ),
        change(
            _ORDER, "return np.argmin(apart, axis=1)", "return np.min(apart, axis=1)",
            "You give back how far the closest row is. Which one it is, is asked for: np.argmin.",
        ),
        change(
            _ORDER, "return np.argmin(apart, axis=1)", "return np.argsort(np.argsort(np.sum(twin, axis=1)))",
            "You rank the rows of twin. Where each of them stands in weight, is asked for.",
        ),
        change(
            _ORDER, "(twin[:, None] - weight[None]) ** 2, axis=2)", "(twin.T[:, None] - weight.T[None]) ** 2, axis=2)",
            "You compare columns, and they belong to the neurons. A row belongs to a pixel.",
        ),
    ),
    praise="So weights tell how the pixels were shuffled. np.argsort(order) puts the pictures back.",
)  # fmt: skip

# --- few_numbers -----------------------------------------------------------------------------------------------------

_FEW = '''def train_small(train, validation, rng):
    """train, validation: digits as dl.data.Dataset, x (N, 8, 8, 1), y (N,). Builds a network of
    dense layers that has at most 500 numbers to learn, trains it with dl.fit and returns it,
    the model. Of digits that it has never seen it should read at least 90 %."""
    model = dl.Sequential(
        dl.Flatten(),
        dl.Dense(64, 6, activation=dl.tanh, rng=rng),
        dl.Dense(6, 10, rng=rng),
    )
    optimizer = dl.Adam(model.parameters(), 5e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=40, batch_size=32, rng=rng, progress=False)
    return model
'''
_HIDDEN, _LAST = "dl.Dense(64, 6, activation=dl.tanh, rng=rng)", "dl.Dense(6, 10, rng=rng)"


def _only_dense(operations: set[str]) -> str:
    if any("conv" in name for name in operations) or operations & {"simple_rnn", "gru", "lstm"}:
        return "there is a convolution in your network, or a cell that reads step by step. Here dense layers alone are asked for: Flatten, then Dense layers."
    return ""


few_numbers = Exercise(
    name="few_numbers",
    blank_from="    model = ",
    solution=_FEW,
    **reads_digits(seed=3, goal=0.9, wiring=_only_dense, budget=500),
    seconds=30,
    hints=(
        "How many hidden neurons can you pay for? widest((8, 8, 1), 500), your first exercise, knows.",
        "Six: 64 · 6 + 6 + 6 · 10 + 10 = 460. All that is known of a digit passes through these six. A ReLU that is 0 for all digits is one of six lost; tanh does not fall silent.",
        "dl.Dense(64, 6, activation=dl.tanh, rng=rng), then dl.Dense(6, 10, rng=rng) without an activation. dl.Adam(model.parameters(), 5e-3), 40 epochs and batches of 32 are enough.",
    ),
    wrong=(
        Wrong(changes(_FEW, ("dl.Dense(64, 6,", "dl.Dense(64, 64,"), ("dl.Dense(6, 10,", "dl.Dense(64, 10,"), ("epochs=40", "epochs=1")), shows="your network learns 4810 numbers"),
        Wrong(changes(_FEW, ("dl.Dense(64, 6,", "dl.Dense(64, 7,"), ("dl.Dense(6, 10,", "dl.Dense(7, 10,"), ("epochs=40", "epochs=1")), shows="your network learns 535 numbers"),
        Wrong(changes(_FEW, (f"        {_HIDDEN},\n", ""), ("dl.Dense(6, 10,", "dl.Dense(64, 10,"), ("epochs=40", "epochs=1")), shows="your network learns 650 numbers"),
        Wrong(
            changes(_FEW, (f"        dl.Flatten(),\n        {_HIDDEN},\n        dl.Dense(6, 10", "        dl.Conv2D(1, 1, 3, activation=dl.relu, rng=rng),\n        dl.Flatten(),\n        dl.Dense(36, 10"), ("epochs=40", "epochs=1")),
            shows="there is a convolution in your network",
        ),
        change(_FEW, "        dl.Flatten(),\n", "", shows="Put a Flatten() before this layer"),
        Wrong(changes(_FEW, (_LAST, f"{_LAST}, dl.softmax"), ("epochs=40", "epochs=5")), shows="Leave the softmax out"),
        Wrong(changes(_FEW, ("dl.Dense(64, 6,", "dl.Dense(64, 2,"), ("dl.Dense(6, 10,", "dl.Dense(2, 10,")), shows="or more neurons"),
        Wrong(changes(_FEW, ("model, train,", "model, validation,"), ("epochs=40", "epochs=80")), shows="which of the two did you train on?"),
        change(_FEW, "epochs=40", "epochs=1", shows="it has not learned enough yet"),
        change(_FEW, "5e-3", "5e-7", shows="about as good as guessing"),
        change(_FEW, "return model\n", "return optimizer\n", shows="a trained model is expected, and this came back: <Adam("),
        Wrong(changes(_FEW, ("    dl.fit(", "    return dl.fit("), ("epochs=40", "epochs=1")), shows="Return the model itself"),
        change(_FEW, _LAST, "dl.Dense(6, 1, rng=rng)", shows="raised LabelError"),
    ),
    praise="Ten digits, told apart by what six neurons say. The network of the lesson learned five times as many numbers.",
)  # fmt: skip

EXERCISES = Lesson([widest, dense, find_order, few_numbers])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
