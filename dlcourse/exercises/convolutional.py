"""Exercises of lesson 13: a convolution with loops, the size of its output, pooling, and digits above 98 %."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes
from dlcourse.checking.judging import reads_digits

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"sky": "nearly zero", "shift": "between half and nine in ten"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"sky": {"filter": "vertical edges", "at": (0.08, 0.75)}, "shift": {"right": 1}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(13)

# --- convolve --------------------------------------------------------------------------------------------------------

_CONVOLVE = '''def convolve(image, kernel):
    """image: (H, W), kernel: (KH, KW), not larger. Lays the kernel on every place where it
    fits; each time the sum of kernel times the patch under it. Returns shape
    (H - KH + 1, W - KW + 1)."""
    height, width = kernel.shape
    result = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = np.sum(image[i : i + height, j : j + width] * kernel)
    return result
'''
_AT = "np.sum(image[i : i + height, j : j + width] * kernel)"


def _picture(h: int, w: int, kh: int, kw: int) -> Case:
    return _rng.normal(size=(h, w)), _rng.normal(size=(kh, kw))


convolve = Exercise(
    name="convolve",
    blank_from="    height, width",
    solution=_CONVOLVE,
    others=('''
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(height):
                for b in range(width):
                    out[i, j] += image[i + a, j + b] * kernel[a, b]
    return out
''',),
    cases=[
        (np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 2.0, 1.0, 1.0]]), np.array([[-1.0, 1.0]])),
        *(_picture(*sizes) for sizes in ((3, 3, 3, 3), (5, 5, 2, 2), (6, 6, 3, 3), (4, 9, 3, 3), (7, 5, 1, 1), (8, 6, 2, 3), (5, 7, 4, 2))),
        (np.arange(20).reshape(4, 5) % 7, np.array([[1, -2], [0, 3], [4, 1]])),
    ],
    hints=(
        "One output pixel first. For the upper left one the kernel lies on image[:KH, :KW]. Multiply place by place, and add up.",
        "For output pixel (i, j) the patch is image[i : i + KH, j : j + KW]. Two loops fill the result, np.zeros of the right shape.",
        "result[i, j] = np.sum(image[i : i + KH, j : j + KW] * kernel)",
    ),
    wrong=(
        change(
            _CONVOLVE, "* kernel)", "* kernel[::-1, ::-1])",
            "You turn the kernel by 180°. In mathematics a convolution does that; in networks the kernel lies on the picture as it is.",
        ),
        change(
            _CONVOLVE, "* kernel)", "* kernel[:, ::-1])",
            "Your kernel is mirrored left to right. It lies on the picture as it is.",
        ),
        change(_CONVOLVE, "np.sum(", "np.mean(", "You take the mean of the products. A convolution adds them up."),
        change(_CONVOLVE, "np.sum(", "np.max(", "You take the largest of the products. A convolution adds them up; the largest is for pooling."),
        change(
            _CONVOLVE, _AT, "image[i, j] * np.sum(kernel)",
            "You multiply one pixel with the whole kernel. The kernel lies on a patch as large as itself: image[i : i + KH, j : j + KW].",
        ),
        change(
            _CONVOLVE, "+ width] * kernel)", "+ width]) * np.sum(kernel)",
            "You add up the patch and the kernel apart from each other. Multiply place by place first, then add.",
        ),
        Wrong(
            changes(_CONVOLVE, ("image.shape[0] - height + 1, image.shape[1] - width + 1", "max(image.shape[0] - height, 1), max(image.shape[1] - width, 1)")),
            "The last row and the last column of places are missing: a kernel of 3 fits 3 times on 5 pixels, 5 − 3 + 1.",
        ),
        Wrong(
            changes(_CONVOLVE, ("image.shape[0] - height + 1, image.shape[1] - width + 1", "image.shape[0] - height, image.shape[1] - width")),
            "One row and one column of places are missing: where the kernel is as large as the picture it fits once, and H − KH is 0.",
        ),
        change(
            _CONVOLVE, "    height, width = kernel.shape\n", "    image = np.pad(image, 1)\n    height, width = kernel.shape\n",
            "You have laid a rim of zeros around the picture. Here the kernel is laid only where it fits.",
        ),
        Wrong(
            changes(
                _CONVOLVE, ("np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))", "np.zeros(image.shape)"),
                ("range(result.shape[0])", "range(image.shape[0] - height + 1)"), ("range(result.shape[1])", "range(image.shape[1] - width + 1)"),
            ),
            "The numbers are right, and zeros stand behind them: your result is as large as the image. There are only H − KH + 1 by W − KW + 1 places.",
        ),
        Wrong(
            changes(_CONVOLVE, ("range(result.shape[0])", "range(0, result.shape[0], height)"), ("range(result.shape[1])", "range(0, result.shape[1], width)")),
            "Your kernel jumps by its own size and leaves places out, which stay 0. It is laid on every place: i = 0, 1, 2 …",
        ),
        change(
            _CONVOLVE, "height, width = kernel.shape", "height = width = kernel.shape[0]",
            "You take the height of the kernel for its width too. Kernels need not be square: KH, KW = kernel.shape.",
        ),
        change(_CONVOLVE, "(image.shape[0] - height + 1, image.shape[1] - width + 1)", "image.shape", shows="raised ValueError: operands could not be broadcast"),
        change(_CONVOLVE, "result[i, j] =", "result[j, i] =", shows="raised IndexError"),
        change(_CONVOLVE, "    return result\n", "    return result.T\n", shows="transposed"),
        change(_CONVOLVE, "return result\n", "image[0, 0] = 0\n    return result\n", shows="changed its argument image"),
    ),
    praise="One small kernel, the same at every place: dl.conv2d does this for many pictures, channels and filters at once.",
)  # fmt: skip

# --- output_size -----------------------------------------------------------------------------------------------------

_SIZE = '''def output_size(size, kernel, stride, padding):
    """How many places has a kernel of `kernel` pixels on a row of `size` pixels, with `padding`
    zeros added at each end, when it moves by `stride` pixels and must fit as a whole? Returns a
    whole number."""
    return (size + 2 * padding - kernel) // stride + 1
'''

output_size = Exercise(
    name="output_size",
    blank_from="    return",
    solution=_SIZE,
    others=('''
    places = 0
    start = 0
    while start + kernel <= size + 2 * padding:
        places += 1
        start += stride
    return places
''',),
    cases=[(8, 3, 1, 0), (8, 3, 2, 1), (5, 5, 1, 0), (28, 5, 1, 2), (7, 3, 3, 0), (224, 7, 2, 3), (10, 2, 2, 0), (427, 11, 4, 2), (9, 2, 4, 0), (11, 3, 3, 1)],
    hints=(
        "How far can the kernel move before its end leaves the row? And how many steps of `stride` is that?",
        "The row has size + 2 · padding pixels, and the kernel can move by that minus kernel. Whole steps: // stride. The first place counts too.",
        "(size + 2 * padding - kernel) // stride + 1",
    ),
    wrong=(
        change(
            _SIZE, "// stride + 1", "// stride",
            "One too few: {yours} is the number of steps. The place where it starts counts too, so {expected}.",
        ),
        change(
            _SIZE, "2 * padding", "padding",
            "The padding is added at both ends: 2 · padding.",
        ),
        change(
            _SIZE, "size + 2 * padding - kernel", "size - kernel",
            "The padding is not used. It makes the row longer, at both ends.",
        ),
        change(
            _SIZE, "// stride + 1", "+ 1",
            "The stride is not used. With stride 2 only every second place is visited.",
        ),
        change(
            _SIZE, "(size + 2 * padding - kernel) // stride + 1", "(size + 2 * padding - kernel + 1) // stride",
            "The + 1 belongs behind the division. The places are the first one, and one more for each whole step.",
        ),
        change(
            _SIZE, "(size + 2 * padding - kernel) // stride + 1", "(size + 2 * padding - kernel) / stride + 1",
            "{call} gives {yours}. Elsewhere yours has a fraction: a step that does not fit as a whole is not made, so // and not /.",
        ),
        change(
            _SIZE, "(size + 2 * padding - kernel) // stride + 1", "-(-(size + 2 * padding - kernel) // stride) + 1",
            "You round up, so at the end the kernel hangs over the edge. It must fit as a whole: round down, //.",
        ),
        change(
            _SIZE, "2 * padding - kernel", "2 * padding",
            "The kernel is not used: it starts within the row and must end within it.",
        ),
        change(
            _SIZE, "(size + 2 * padding - kernel) // stride + 1", "round((size + 2 * padding - kernel) / stride) + 1",
            "You round to the nearest, so sometimes there is a place where the kernel hangs over the edge. Round down, //.",
        ),
        change(
            _SIZE, "(size + 2 * padding - kernel) // stride + 1", "size // stride",
            "size // stride is what a padding of “same” is about. Here the padding is given, and the kernel must fit as a whole.",
        ),
        change(
            _SIZE, "size + 2 * padding", "size - 2 * padding",
            "You take the padding away. It makes the row longer, at both ends: + 2 · padding.",
        ),
        change(
            _SIZE, "2 * padding - kernel", "2 * padding - kernel // 2",
            "You take away half a kernel. The whole of it must fit: at the last place its end lies on the last pixel.",
        ),
    ),
    praise="The same for height and for width, and for pooling: there the stride is usually the window.",
)  # fmt: skip

# --- max_pool --------------------------------------------------------------------------------------------------------

_POOL = '''def max_pool(images, size):
    """images: (N, H, W, C). Returns the largest number in each window of size × size pixels,
    windows side by side, channels apart, shape (N, H // size, W // size, C); a rest at the
    bottom or right that fills no window is left out."""
    n, height, width, channels = images.shape
    rows, columns = height // size, width // size
    whole = images[:, : rows * size, : columns * size]
    return whole.reshape(n, rows, size, columns, size, channels).max(axis=(2, 4))
'''
_WINDOWS = "whole.reshape(n, rows, size, columns, size, channels)"


def _batch(n: int, h: int, w: int, c: int, size: int) -> Case:
    return _rng.normal(size=(n, h, w, c)) - 1, size


max_pool = Exercise(
    name="max_pool",
    blank_from="    n, height",
    solution=_POOL,
    others=('''
    n, h, w, c = images.shape
    out = np.zeros((n, h // size, w // size, c))
    for i in range(h // size):
        for j in range(w // size):
            out[:, i, j] = images[:, i * size : (i + 1) * size, j * size : (j + 1) * size].max(axis=(1, 2))
    return out
''',),
    cases=[
        (np.array([[1.0, 2.0, 0.0, 4.0], [3.0, -1.0, 5.0, 1.0]]).reshape(1, 2, 4, 1), 2),
        *(_batch(*sizes) for sizes in ((1, 4, 4, 1, 2), (2, 6, 6, 2, 2), (3, 9, 9, 2, 3), (2, 8, 4, 4, 4), (2, 7, 5, 3, 2))),
    ],
    hints=(
        "Two loops over the windows will do: window (i, j) is images[:, i * size : (i + 1) * size, j * size : (j + 1) * size].",
        "The largest of a window, for each picture and channel by itself, is .max(axis=(1, 2)).",
        "Without loops: cut off the rest, reshape to (N, rows, size, columns, size, C), and .max(axis=(2, 4)).",
    ),
    wrong=(
        change(_POOL, ".max(axis", ".mean(axis", "You take the mean of each window. That is average pooling; here the largest wins."),
        change(_POOL, ".max(axis", ".min(axis", "You keep the smallest of each window. The largest is asked for."),
        change(
            _POOL, ".max(axis=(2, 4))", ".max(axis=(2, 4), initial=0)",
            "A window of negative numbers gives 0 in yours. Its largest is negative: do not start from 0.",
        ),
        change(
            _POOL, "return whole.reshape(n, rows, size, columns, size, channels).max(axis=(2, 4))",
            "result = whole.reshape(n, rows, size, columns, size, channels).max(axis=(2, 4))\n    return np.broadcast_to(result.max(axis=3, keepdims=True), result.shape)",
            "Every channel gets the largest of all channels. They have nothing to do with each other: pool each by itself.",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))", "whole[:, ::size, ::size]",
            "You take the upper left pixel of each window. The largest of all size × size is asked for.",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))", "images[:, ::size, ::size]",
            "images[:, ::size, ::size] takes one pixel of each window, and of the rest, too. The largest of all size × size is asked for.",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))",
            "np.stack([np.stack([images[:, i : i + size, j : j + size].max(axis=(1, 2)) for j in range(0, width, size)], 1) for i in range(0, height, size)], 1)",
            "You pool the rest at the bottom and right as well. It fills no window and is left out: H // size by W // size of them.",
        ),
        change(
            _POOL, ".max(axis=(2, 4))", ".max(axis=(2, 4)).max(axis=3, keepdims=True)",
            "One channel is left, the largest of all. They have nothing to do with each other: pool each by itself, C of them.",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))", "whole.reshape(n, size, rows, size, columns, channels).max(axis=(1, 3))",
            "Your windows are not side by side: they gather pixels that lie far apart. In reshape the outer axis comes first: (N, rows, size, columns, size, C).",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))",
            "np.stack([np.stack([images[:, i : i + size, j : j + size].max(axis=(1, 2)) for j in range(columns)], 1) for i in range(rows)], 1)",
            "Your windows move by one pixel and overlap. They lie side by side: window i starts at i · size.",
        ),
        change(
            _POOL, _WINDOWS + ".max(axis=(2, 4))", "images.max(axis=(1, 2))",
            "One number is left of each picture: the window is as large as the picture. It is size × size, and there are H // size by W // size of them.",
        ),
        change(
            _POOL, ".max(axis=(2, 4))", ".max(axis=(1, 3))",
            "You take the largest over the windows and keep the places within a window. After the reshape the windows are axes 1 and 3, the pixels in them 2 and 4.",
        ),
        change(
            _POOL, "return whole.reshape(n, rows, size, columns, size, channels).max(axis=(2, 4))",
            "across = range(width - size + 1)\n    return np.stack([np.stack([images[:, i : i + size, j : j + size].max(axis=(1, 2)) for j in across], 1) for i in range(height - size + 1)], 1)",
            "Your windows overlap, one for every pixel, as a kernel with stride 1. They lie side by side: H // size by W // size of them.",
        ),
        change(_POOL, "whole = images[:, : rows * size, : columns * size]", "whole = images", shows="raised ValueError: cannot reshape"),
        change(_POOL, ".max(axis=(2, 4))", ".max(axis=(2, 4), keepdims=True)", shows="The numbers are right, in the wrong shape"),
        change(
            _POOL, ".max(axis=(2, 4))", ".max(axis=(2, 4, 5))",
            "The axis of the channels is gone: you take the largest over them too. Each channel is pooled by itself.",
        ),
    ),
    praise="Each number says how strong, and no longer where in its window. Which window still counts: "
    "one pixel aside, and the network above lost three digits in ten.",
)  # fmt: skip

# --- train_digits ----------------------------------------------------------------------------------------------------

_TRAIN = '''def train_digits(train, validation, rng):
    """train, validation: digits as dl.data.Dataset, x (N, 8, 8, 1), y (N,). Builds a network
    with at least one dl.Conv2D, trains it and returns it, the model. Of digits that it has
    never seen it should read at least 98 %."""
    model = dl.Sequential(
        dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng),
        dl.Conv2D(16, 32, 3, padding="same", activation=dl.relu, rng=rng),
        dl.MaxPool2D(2),
        dl.Flatten(),
        dl.Dense(512, 64, activation=dl.relu, rng=rng),
        dl.Dense(64, 10, rng=rng),
    )
    optimizer = dl.Adam(model.parameters(), 2e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=15, batch_size=32, rng=rng, progress=False)
    return model
'''


def _a_convolution(operations: set[str]) -> str:
    if operations and not any("conv" in name for name in operations):
        return "there is no convolution in your network. Put a dl.Conv2D before the Flatten: dl.Conv2D(1, 16, 3, rng=rng) takes one channel and has 16 filters of 3 × 3."
    return ""


train_digits = Exercise(
    name="train_digits",
    blank_from="    model = ",
    solution=_TRAIN,
    **reads_digits(seed=0, goal=0.98, wiring=_a_convolution),
    seconds=60,
    hints=(
        "Convolutions first, then pooling, Flatten, dense layers. Which shape arrives at the Flatten? model.summary((8, 8, 1)) tells.",
        'Two layers dl.Conv2D(…, 3, padding="same", activation=dl.relu), with 16 and 32 filters, then MaxPool2D(2), Flatten, Dense(512, 64), Dense(64, 10).',
        "dl.Adam(model.parameters(), 2e-3) and 15 epochs with batches of 32 do it in seconds.",
    ),
    wrong=(
        Wrong(
            changes(_TRAIN, ('        dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng),\n', ""), ('        dl.Conv2D(16, 32, 3, padding="same", activation=dl.relu, rng=rng),\n        dl.MaxPool2D(2),\n', ""), ("dl.Dense(512,", "dl.Dense(64,")),
            shows="there is no convolution in your network",
        ),
        change(_TRAIN, "epochs=15", "epochs=1", shows="it has not learned enough yet"),
        change(_TRAIN, "model, train,", "model, validation,", shows="of unseen digits are right, and 98% are asked for."),
        change(_TRAIN, "dl.Dense(64, 10, rng=rng)", "dl.Dense(64, 10, activation=dl.relu, rng=rng)", shows="is there a relu on the last layer?"),
        change(_TRAIN, "        dl.MaxPool2D(2),\n", "", shows="Did a Flatten or a pooling change the size?"),
        change(_TRAIN, "dl.Conv2D(1, 16,", "dl.Conv2D(3, 16,", shows="but the layer was made for 3"),
        change(_TRAIN, "2e-3", "2.0", shows="It says the same of every digit"),
        change(_TRAIN, "return model\n", "return validation\n", shows="a trained model is expected, and this came back: Dataset("),
    ),
    praise="With filters that it found itself, the same at every place.",
)  # fmt: skip

EXERCISES = Lesson([convolve, output_size, max_pool, train_digits])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
