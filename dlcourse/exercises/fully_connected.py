"""Exercises of lesson 11: spend a budget of weights, write a convolution as a dense layer, find a lost order, and train with few numbers."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes, rest
from dlcourse.checking.judging import reads_digits

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"shuffled": "as many as before", "patches": "more than nine in ten"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"shuffled": {"shuffled": True}, "patches": {"shuffled": True}}
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
            _WIDEST, _PRICE, "budget // inputs",
            "You pay for the links from the inputs alone. Each hidden neuron has a bias and 10 links to the answers, too, and each answer has a bias.",
        ),
        change(
            _WIDEST, _PRICE, "(budget - 11) // (inputs + 1 + 10)",
            "You leave a number unspent. `budget` numbers may be learned, all of them: <=, not <.",
        ),
        change(
            _WIDEST, "max(0, ", "max(1, ",
            "You give one neuron in any case. If the budget does not pay for a single one, it is 0.",
        ),
        change(
            _WIDEST, f"max(0, {_PRICE})", "inputs * max(0, (budget - 10) // (inputs + 11)) + 11 * max(0, (budget - 10) // (inputs + 11)) + 10",
            "You return how many numbers the widest network learns. How many hidden neurons has it?",
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

# --- as_dense --------------------------------------------------------------------------------------------------------

_AS_DENSE = '''def as_dense(kernel, height, width):
    """A convolution lays kernel, (KH, KW), on a grey picture, (height, width), at each place
    where it fits, row by row: weight times pixel below it, added up. That is a dense layer too,
    one neuron a place, with many weights 0 and the others shared. Returns its weights,
    (height · width, places)."""
    kh, kw = kernel.shape
    down, across = height - kh + 1, width - kw + 1
    weight = np.zeros((height, width, down, across))
    for i in range(down):
        for j in range(across):
            weight[i : i + kh, j : j + kw, i, j] = kernel
    return weight.reshape(height * width, down * across)
'''
_LAID = "weight[i : i + kh, j : j + kw, i, j] = kernel"
_FROM_ZEROS = rest(_AS_DENSE, "    weight =")
_FLAT = """    weight = np.zeros((height * width, down * across))
    for i in range(down):
        for j in range(across):
            {}
    return weight
"""


def _kernel(kh: int, kw: int, h: int, w: int) -> Case:
    return _rng.normal(size=(kh, kw)).round(2), h, w


as_dense = Exercise(
    name="as_dense",
    blank_from="    kh, kw",
    solution=_AS_DENSE,
    others=('''
    kh, kw = kernel.shape
    columns = []
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            picture = np.zeros((height, width))
            picture[i : i + kh, j : j + kw] = kernel
            columns.append(picture.ravel())
    return np.stack(columns, axis=1)
''',),
    cases=[
        (np.array([[1.0, 2.0]]), 1, 3), (np.array([[1.0, 2.0], [3.0, 4.0]]), 2, 3),
        _kernel(2, 2, 4, 3), _kernel(3, 2, 4, 5), _kernel(1, 3, 2, 6), _kernel(3, 3, 3, 3), _kernel(3, 3, 8, 8),
    ],
    hints=(
        "One place first: lay the kernel on an empty picture of zeros, and flatten it. These are the weights of one neuron. Where do they stand in (height · width, places)?",
        "A column is a neuron. For each place: picture = np.zeros((height, width)), picture[i : i + KH, j : j + KW] = kernel, picture.ravel(). How many places are there, down and across?",
        "height − KH + 1 down, width − KW + 1 across, row by row. np.stack(columns, axis=1) makes a matrix of the columns.",
    ),
    wrong=(
        change(
            _AS_DENSE, "return weight.reshape(height * width, down * across)", "return weight.reshape(height * width, down * across).T",
            "Each row of yours is a neuron. Here a row of the weights belongs to an input, and a column to a neuron: transpose it.",
        ),
        change(
            _AS_DENSE, _LAID, "weight[i : i + kh, j : j + kw, i, j] = kernel[::-1, ::-1]",
            "You turn the kernel upside down. Its upper left weight meets the upper left pixel of the patch.",
        ),
        Wrong(
            changes(_AS_DENSE, ("height - kh + 1, width - kw + 1", "height - kh, width - kw")),
            "Of your places the last row and the last column are missing. A kernel of 3 fits into 8 pixels at 6 places: height − KH + 1.",
        ),
        Wrong(
            changes(_AS_DENSE, ("height - kh + 1, width - kw + 1", "height, width"), (_LAID, "weight[i : i + kh, j : j + kw, i, j] = kernel[: height - i, : width - j]")),
            "Your kernel hangs over the rim, at the right and at the bottom. Only places where all of it fits: height − KH + 1 down, width − KW + 1 across.",
        ),
        Wrong(
            changes(_AS_DENSE, ("np.zeros((height, width, down, across))", "np.zeros((height, width, across, down))"), (_LAID, "weight[i : i + kh, j : j + kw, j, i] = kernel")),
            "Your places go column by column. Row by row they are asked for: first all places of the uppermost row.",
        ),
        change(
            _AS_DENSE, _LAID, "weight[:kh, :kw, i, j] = kernel",
            "All your neurons look at the upper left corner. The patch goes along with the place: i : i + KH, j : j + KW.",
        ),
        change(
            _AS_DENSE, _LAID, "weight[i : i + kh, j : j + kw, i, j] = 1",
            "You mark which pixels are linked. Their weights are those of the kernel.",
        ),
        Wrong(
            changes(_AS_DENSE, ("range(down)", "range(0, down, kh)"), ("range(across)", "range(0, across, kw)")),
            "Your kernel jumps by its own size. It is laid on every place where it fits: i = 0, 1, 2 …",
        ),
        Wrong(
            changes(_AS_DENSE, ("np.zeros((height, width, down, across))", "np.zeros((width, height, down, across))"), (_LAID, "weight[j : j + kw, i : i + kh, i, j] = kernel.T")),
            "You flatten the picture column by column. Flatten goes row by row, as picture.ravel() does.",
        ),
        change(
            _AS_DENSE, "return weight.reshape(height * width, down * across)", "return weight.reshape(height * width, down * across).sum(axis=1)",
            "You add all neurons into one. Each place has a column of its own.",
        ),
        change(
            _AS_DENSE, "weight.reshape(height * width, down * across)", "weight",
            "The weights are there, with four axes. A dense layer has two: reshape(height * width, places).",
        ),
        change(
            _AS_DENSE, _FROM_ZEROS, _FLAT.format("weight[i * width + j : i * width + j + kernel.size, i * across + j] = kernel.ravel()"),
            "You write the whole kernel in one go, number after number. In the flattened picture its second row stands `width` pixels after the first one, with pixels between them that have weight 0.",
        ),
        change(
            _AS_DENSE, _FROM_ZEROS, _FLAT.format("n = i * across + j\n            weight[n : n + kernel.size, n] = kernel.ravel()"),
            "You write the whole kernel in one go, and begin one pixel later for each place. Lay it on an empty picture of zeros at i : i + KH, j : j + KW, and flatten that.",
        ),
        change(
            _AS_DENSE, _FROM_ZEROS, _FLAT.format("first = np.zeros((height, width))\n            first[:kh, :kw] = kernel\n            weight[:, i * across + j] = np.roll(first.ravel(), i * across + j)"),
            "You push the first column on by one pixel a place, and at the end of a row the kernel hangs over into the next one. After the last place of a row it goes on at the left, one row below.",
        ),
        Wrong(
            changes(_AS_DENSE, ("height - kh + 1, width - kw + 1", "height, width"), ("np.zeros((height, width, down, across))", "np.zeros((height + kh, width + kw, down, across))"), ("return weight.reshape(", "weight = weight[kh // 2 :, kw // 2 :][:height, :width]\n    return weight.reshape(")),
            "You give each pixel a place, and there the kernel hangs over the rim. Only places where all of it fits: height − KH + 1 down, width − KW + 1 across.",
        ),
        change(
            _AS_DENSE, "return weight.reshape(height * width, down * across)", "return weight[:, :, 0, 0].ravel()",
            "That is one neuron, the one of the upper left place. Each place has a column of its own.",
        ),
        change(_AS_DENSE, "kh, kw = kernel.shape", "kh, kw = kernel.shape\n    kernel *= 2", shows="changed its argument kernel"),
    ),
    praise="A 3 × 3 kernel on a digit: 2304 weights, 324 of them not 0, and nine different. So a convolution is a dense layer that has been told something.",
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


def _alike(weight: Array) -> Array:
    """Rows of the same length and the same sum, nearly."""
    weight = weight - weight.mean(axis=1, keepdims=True)
    return weight / np.linalg.norm(weight, axis=1, keepdims=True)


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
        _twins(_with(0.5, _rng.normal(size=(5, 5)))), _twins(_rng.normal(size=(64, 10))), _twins(_alike(_rng.normal(size=(8, 6)))),
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
            _ORDER, _APART, "(twin[:, None].sum(axis=2) - weight[None].sum(axis=2)) ** 2",
            "You compare the sums of the rows. Two pixels may have nearly the same sum: compare number by number, and add up the squares.",
        ),
        change(
            _ORDER, _APART, "(np.linalg.norm(twin[:, None], axis=2) - np.linalg.norm(weight[None], axis=2)) ** 2",
            "You compare the lengths of the rows. Two pixels may have nearly the same length: compare number by number, and add up the squares.",
        ),
        change(
            _ORDER, "    apart = np.sum((twin[:, None] - weight[None]) ** 2, axis=2)\n    return np.argmin(apart, axis=1)\n",
            "    order = np.zeros(len(weight), int)\n    order[np.argsort(np.sum(twin, axis=1))] = np.argsort(np.sum(weight, axis=1))\n    return order\n",
            "You sort both by the sum of a row. Where two sums are nearly the same, 0.01 is enough to exchange them: compare whole rows.",
        ),
        change(
            _ORDER, "    apart = np.sum((twin[:, None] - weight[None]) ** 2, axis=2)\n    return np.argmin(apart, axis=1)\n",
            "    order = np.zeros(len(weight), int)\n    order[np.argsort(twin[:, 0])] = np.argsort(weight[:, 0])\n    return order\n",
            "You sort both by the first column. Where two numbers in it are nearly the same, 0.01 is enough to exchange them: compare whole rows.",
        ),
        change(
            _ORDER, "    apart = np.sum((twin[:, None] - weight[None]) ** 2, axis=2)\n    return np.argmin(apart, axis=1)\n",
            "    order = np.zeros(len(weight), int)\n    order[np.lexsort(twin.T[::-1])] = np.lexsort(weight.T[::-1])\n    return order\n",
            "You sort the rows. Where two of them begin with nearly the same number, 0.01 is enough to exchange them: take the closest row for each.",
        ),
        change(
            _ORDER, "return np.argmin(apart, axis=1)", "return np.arange(len(weight))",
            "That is the order of pixels that nobody has shuffled. Compare the rows of the two.",
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

EXERCISES = Lesson([widest, as_dense, find_order, few_numbers])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
