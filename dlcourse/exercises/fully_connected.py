"""Exercises of lesson 11: count the weights, build the layer, shuffle the pixels, and train on digits."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest
from dlcourse.checking.judging import reads_digits

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"shuffled": "as many as before", "costs most": "convolutional network"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"shuffled": {"shuffled": True}, "costs most": {"shuffled": True}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(11)

# --- parameters ------------------------------------------------------------------------------------------------------

_PARAMETERS = '''def parameters(shape, widths):
    """shape: of one picture, (height, width, channels). widths: neurons in each dense layer,
    the first after a Flatten. Returns how many weights and biases the network has."""
    inputs, count = np.prod(shape), 0
    for neurons in widths:
        count = count + inputs * neurons + neurons
        inputs = neurons
    return count
'''
_COUNTED = rest(_PARAMETERS, "    inputs, count")
_ADD = "count + inputs * neurons + neurons"

parameters = Exercise(
    name="parameters",
    blank_from="    inputs, count",
    solution=_PARAMETERS,
    others=('''
    sizes = [np.prod(shape), *widths]
    count = 0
    for i in range(len(sizes) - 1):
        count += (sizes[i] + 1) * sizes[i + 1]
    return count
''',),
    cases=[((8, 8, 1), (32, 10)), ((2, 3, 3), (1,)), ((28, 28, 1), (300, 100, 10)), ((2448, 3264, 3), (1000, 10))],
    hints=(
        "Flatten makes one long row of the picture. How many numbers are in it? Every one is connected to every neuron of the first layer.",
        "A layer has inputs · neurons weights and one bias a neuron. Its neurons are the inputs of the next.",
        "Start with inputs = np.prod(shape), and for each layer add inputs * neurons + neurons; then inputs = neurons.",
    ),
    wrong=(
        change(_PARAMETERS, " + neurons\n", "\n", "{yours} counts the weights. Each neuron has a bias besides: {expected}."),
        change(_PARAMETERS, " + neurons\n", " + 1\n", "You give each layer one bias. Each of its neurons has its own."),
        change(
            _PARAMETERS, " + neurons\n", " + inputs\n",
            "You count a bias for each input. The bias belongs to the neuron that adds it: {expected}.",
        ),
        change(
            _PARAMETERS, _COUNTED, "    return np.prod(shape) * np.prod(widths)\n",
            "You multiply everything. That counts the paths through the network; each layer has inputs · neurons weights, and the layers are added.",
        ),
        change(
            _PARAMETERS, _COUNTED, "    return np.prod(shape) * widths[0] + widths[0]\n",
            "{yours} is the first layer alone. The others are added, each connected to the one before it.",
        ),
        change(
            _PARAMETERS, "np.prod(shape)", "shape[0] * shape[1]",
            "Right for grey pictures. A colour picture has three numbers a pixel, and each of them has its weights: multiply by the channels.",
        ),
        change(
            _PARAMETERS, "np.prod(shape)", "np.sum(shape)",
            "You add up height, width and channels. The picture holds height · width · channels numbers.",
        ),
        change(
            _PARAMETERS, "np.prod(shape)", "shape[-1]",
            "You connect the channels of one pixel. After a Flatten the layer sees all pixels at once.",
        ),
        change(
            _PARAMETERS, "        inputs = neurons\n", "",
            "Your later layers get the picture again. Each layer is connected to the one before it: inputs = neurons.",
        ),
        change(
            _PARAMETERS, _ADD, "inputs * neurons + neurons",
            "{yours} is the last layer alone. Add to what you have counted so far.",
        ),
        change(
            _PARAMETERS, "np.prod(shape), 0", "np.prod(shape), np.prod(shape)",
            "You count the pixels too. They arrive, and nothing about them is learned: begin with 0.",
        ),
    ),
    praise="The last one, on the slide's photo, has 24 billion. That is one reason why lesson 13 exists.",
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

# --- shuffled --------------------------------------------------------------------------------------------------------

_SHUFFLED = '''def shuffled(weight, order):
    """A dense layer computes x @ weight, x: (N, K), weight: (K, M). From now on the inputs come
    in another order, x[:, order], with order a permutation of 0 … K - 1. Returns weights, shape
    (K, M), with which the layer says the same as before: x[:, order] @ shuffled(weight, order)
    equals x @ weight."""
    return weight[order]
'''


def _order(k: int, m: int) -> Case:
    order = np.roll(np.arange(k), 1)  # no permutation that is its own inverse
    order[1:3] = order[[2, 1]] if k > 4 else order[1:3]
    return _rng.normal(size=(k, m)), order


shuffled = Exercise(
    name="shuffled",
    blank_from="    return",
    solution=_SHUFFLED,
    others=('''
    out = np.zeros(weight.shape)
    for i in range(len(order)):
        out[i] = weight[order[i]]
    return out
''',),
    cases=[
        (np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 200.0], [3.0, 30.0, 300.0]]), np.array([2, 0, 1])),
        *(_order(k, m) for k, m in ((3, 3), (6, 6), (5, 2), (4, 7), (64, 10))),
    ],
    hints=(
        "Input number 0 is now what used to be input number order[0]. Which row of weights should it meet?",
        "Row i of the new weights is row order[i] of the old ones, for all i at once.",
    ),
    wrong=(
        change(
            _SHUFFLED, "weight[order]", "weight[np.argsort(order)]",
            "You sort the rows back with the inverse. The inputs are shuffled with order, and the weights go with them, the same way.",
        ),
        change(
            _SHUFFLED, "weight[order]", "weight[:, order]",
            "You shuffle the columns, and they belong to the neurons. A row belongs to an input.",
        ),
        change(
            _SHUFFLED, "weight[order]", "weight[:, np.argsort(order)]",
            "You shuffle the columns, and back at that. Rows belong to the inputs, and they go the same way as these.",
        ),
        change(
            _SHUFFLED, "weight[order]", "weight",
            "The weights are as they were. Each pixel would meet the weights of another one.",
        ),
        change(
            _SHUFFLED, "weight[order]", "weight[::-1]",
            "You turn the order of the rows round, whatever order says. Use it as an index.",
        ),
        change(
            _SHUFFLED, "weight[order]", "weight[order][:, order]",
            "The rows are right. The columns are shuffled too, and they belong to the neurons, which stay where they are.",
        ),
        change(_SHUFFLED, "weight[order]", "weight[order].T", shows="transposed"),
        change(_SHUFFLED, "return weight[order]", "weight[:] = weight[order]\n    return weight", shows="changed its argument weight"),
    ),
    praise="So to a dense network any order of the pixels is as good as any other. It never knew which were neighbours.",
)  # fmt: skip

# --- train_digits ----------------------------------------------------------------------------------------------------

_TRAIN = '''def train_digits(train, validation, rng):
    """train, validation: digits as dl.data.Dataset, x (N, 8, 8, 1), y (N,). Builds a network of
    dense layers, trains it with dl.fit and returns it, the model. Of digits that it has never
    seen it should read at least 95 %."""
    model = dl.Sequential(
        dl.Flatten(),
        dl.Dense(64, 64, activation=dl.relu, rng=rng),
        dl.Dense(64, 10, rng=rng),
    )
    optimizer = dl.Adam(model.parameters(), 3e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=20, batch_size=32, rng=rng, progress=False)
    return model
'''


def _only_dense(operations: set[str]) -> str:
    if any("conv" in name for name in operations) or operations & {"simple_rnn", "gru", "lstm"}:
        return "there is a convolution in your network, or a cell that reads step by step. Here dense layers alone are asked for: Flatten, then Dense layers."
    return ""


train_digits = Exercise(
    name="train_digits",
    blank_from="    model = ",
    solution=_TRAIN,
    **reads_digits(seed=3, goal=0.95, wiring=_only_dense),
    seconds=30,
    hints=(
        "A picture must become a row, dl.Flatten(), then come dense layers. How many numbers go in, and how many must come out?",
        "64 in, 10 out, and a hidden layer with activation=dl.relu in between. The last layer has no activation: dl.cross_entropy wants logits.",
        "dl.Adam(model.parameters(), 3e-3), 20 epochs, batches of 32, and 64 hidden neurons are enough.",
    ),
    wrong=(
        change(_TRAIN, "        dl.Dense(64, 64, activation=dl.relu, rng=rng),\n", "", shows="one layer of weights, from the pixels straight to the answers"),
        Wrong(
            changes(_TRAIN, ("        dl.Flatten(),\n        dl.Dense(64, 64, activation=dl.relu, rng=rng),\n        dl.Dense(64, 10", "        dl.Conv2D(1, 8, 3, activation=dl.relu, rng=rng),\n        dl.Flatten(),\n        dl.Dense(288, 10"), ("epochs=20", "epochs=1")),
            shows="there is a convolution in your network",
        ),
        change(_TRAIN, "        dl.Flatten(),\n", "", shows="Put a Flatten() before this layer"),
        change(_TRAIN, "dl.Dense(64, 10, rng=rng)", "dl.Dense(64, 10, activation=dl.relu, rng=rng)", shows="is there a relu on the last layer?"),
        Wrong(
            changes(_TRAIN, ("dl.Dense(64, 10, rng=rng)", "dl.Dense(64, 10, rng=rng), dl.softmax"), ("epochs=20", "epochs=5")),
            shows="Leave the softmax out",
        ),
        Wrong(
            changes(_TRAIN, ("dl.Dense(64, 64,", "dl.Dense(64, 3,"), ("dl.Dense(64, 10,", "dl.Dense(3, 10,")),
            shows="Its narrowest layer has 3 neurons",
        ),
        change(_TRAIN, "model, train,", "model, validation,", shows="which of the two did you train on?"),
        change(_TRAIN, "epochs=20", "epochs=1", shows="it has not learned enough yet"),
        change(_TRAIN, "3e-3", "3.0", shows="It says the same of every digit"),
        change(_TRAIN, "3e-3", "3e-7", shows="about as good as guessing"),
        change(_TRAIN, "return model\n", "return optimizer\n", shows="a trained model is expected, and this came back: <Adam("),
        change(_TRAIN, "    dl.fit(", "    return dl.fit(", shows="Return the model itself"),
        change(_TRAIN, "dl.Dense(64, 10, rng=rng)", "dl.Dense(64, 1, rng=rng)", shows="raised LabelError"),
    ),
    praise="On digits that neither you nor the network had seen.",
)  # fmt: skip

EXERCISES = Lesson([parameters, dense, shuffled, train_digits])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
