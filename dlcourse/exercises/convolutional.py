"""Exercises of lesson 13: a convolution with loops, the widths that give one map, and which kernel made a map."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"sky": "nearly zero", "work": "more than 100 million times", "one pixel": "another map"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"sky": {"filter": "vertical edges", "at": (0.08, 0.75)}}
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
            _CONVOLVE, "    height, width = kernel.shape\n",
            "    height, width = kernel.shape\n    image = np.pad(image, ((height // 2, (height - 1) // 2), (width // 2, (width - 1) // 2)))\n",
            "Your map is as large as the picture: you have laid zeros around it, as padding “same” does. Here the kernel is laid only where it fits.",
        ),
        change(
            _CONVOLVE, "image[i : i + height, j : j + width]", "image[i:height, j:width]",
            "Your patch ends at row KH and column KW, wherever it begins. It moves as a whole: from i to i + KH, from j to j + KW.",
        ),
        change(
            _CONVOLVE, "image[i : i + height, j : j + width]", "image[i : i + height + 1, j : j + width + 1]",
            "Your patch is a row and a column larger than the kernel. A slice leaves its end out: i : i + KH has KH rows.",
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

# --- widths ----------------------------------------------------------------------------------------------------------

_WIDTHS = '''def widths(places, kernel, stride, padding):
    """A kernel of `kernel` pixels moved along a row of a picture, by `stride` pixels each time,
    with `padding` zeros added at each end. It had to fit as a whole, and it did so at `places`
    places. Returns a list of all widths that the picture may have had, the smallest first."""
    smallest = (places - 1) * stride + kernel - 2 * padding
    return list(range(smallest, smallest + stride))
'''
_SMALLEST = "(places - 1) * stride + kernel - 2 * padding"
_ALL = "list(range(smallest, smallest + stride))"

widths = Exercise(
    name="widths",
    blank_from="    smallest =",
    solution=_WIDTHS,
    measure=lambda answer, *_: list(answer) if isinstance(answer, range) else answer,
    others=('''
    fitting = []
    for size in range(1, 2000):
        if (size + 2 * padding - kernel) // stride + 1 == places:
            fitting.append(size)
    return fitting
''',),
    cases=[(79, 3, 2, 0), (6, 3, 1, 0), (4, 3, 2, 1), (1, 5, 4, 1), (56, 7, 4, 3), (3, 2, 3, 0), (10, 1, 5, 0), (20, 11, 3, 2), (9, 4, 2, 1)],
    hints=(
        "Begin with the least: how many pixels lie from the first one under the kernel at its first place to the last one under it at its last place?",
        "That is (places − 1) · stride + kernel, and the zeros at both ends are among them. Now let the picture grow, pixel by pixel: when does one more place fit?",
        "The smallest is (places - 1) * stride + kernel - 2 * padding. One more place fits when `stride` pixels have been added, so there are `stride` widths.",
    ),
    wrong=(
        change(
            _WIDTHS, _ALL, "[smallest]",
            "The smallest is right, and it is not the only one. Add a pixel: does one more place fit already?",
        ),
        change(
            _WIDTHS, _ALL, "[smallest, smallest + stride - 1]",
            "These are the smallest and the largest. All widths between them fit as well.",
        ),
        change(
            _WIDTHS, "smallest + stride))", "smallest + stride + 1))",
            "Your largest width is one too large: when `stride` pixels have been added, one more place fits. (A range leaves its end out.)",
        ),
        change(
            _WIDTHS, _ALL, "list(range(smallest - stride + 1, smallest + 1))",
            "Your largest width is the smallest that fits, and on all others the kernel has a place less. The pixels that no kernel reaches come on top.",
        ),
        change(
            _WIDTHS, "2 * padding", "padding",
            "The padding is added at both ends, so 2 · padding of the pixels under the kernel are no picture.",
        ),
        change(
            _WIDTHS, "kernel - 2 * padding", "kernel + 2 * padding",
            "You have added the padding. The kernel moves over picture and zeros together, so the picture has 2 · padding less than that.",
        ),
        change(
            _WIDTHS, " - 2 * padding", "",
            "The padding is not used. Some of the pixels under the kernel are zeros from outside the picture.",
        ),
        change(
            _WIDTHS, "(places - 1) * stride", "places * stride",
            "One step too many: from the first of `places` places to the last there are places − 1 steps.",
        ),
        change(
            _WIDTHS, _SMALLEST, "places * stride - 2 * padding",
            "You count `stride` pixels for each place. At the last place the kernel covers `kernel` pixels, not `stride`.",
        ),
        change(
            _WIDTHS, "+ kernel - 2", "+ 1 - 2",
            "The kernel is not used. At its last place it reaches kernel − 1 pixels beyond its first pixel.",
        ),
        change(
            _WIDTHS, "+ kernel - 2", "+ kernel - 1 - 2",
            "Your smallest width is one too small: then the last place hangs over the edge. Try one place: how wide is the picture at least?",
        ),
        change(
            _WIDTHS, "(places - 1) * stride + kernel", "places - 1 + kernel",
            "The stride is not used for the smallest width. From place to place the kernel moves by `stride` pixels.",
        ),
        change(
            _WIDTHS, "smallest + stride))", "smallest + kernel))",
            "You have as many widths as the kernel has pixels. One more place fits as soon as `stride` pixels have been added, however wide the kernel is.",
        ),
        change(
            _WIDTHS, _ALL, "list(range(smallest, smallest + stride))[::-1]",
            "The right widths, the largest first. Asked for is the smallest first.",
        ),
        change(
            _WIDTHS, _ALL, "(places + 2 * padding - kernel) // stride + 1",
            "That is the lesson's formula, which counts the places on a picture `places` wide. Here it is the other way round: the places are known.",
        ),
        change(
            _WIDTHS, _ALL, "[(places + 2 * padding - kernel) // stride + 1]",
            "You count the places on a picture `places` wide. Here it is the other way round: the places are known, and asked for are the widths.",
        ),
        change(
            _WIDTHS, _ALL, "smallest",
            "One width came back, the smallest, and a list of all that fit is expected. Add a pixel: does one more place fit already?",
        ),
        change(
            _WIDTHS, _ALL, "smallest + stride - 1",
            "One width came back, the largest, and a list of all that fit is expected. Take a pixel away: is a place lost?",
        ),
    ),
    praise="A stride forgets how wide the picture was: with a stride of 2 the last column may be one that no kernel has ever read.",
)  # fmt: skip

# --- find_kernel -----------------------------------------------------------------------------------------------------

_FIND = '''def find_kernel(image, result):
    """image: (H, W). result: what a kernel of 3 × 3 made of it, laid wherever it fits, shape
    (H - 2, W - 2), measured not quite exactly. Returns the kernel, (3, 3), whose own map of the
    image comes closest to result: the sum of the squared differences is the least."""
    height, width = result.shape
    patches = [image[i : i + 3, j : j + 3].ravel() for i in range(height) for j in range(width)]
    weights = np.linalg.lstsq(np.array(patches), result.ravel(), rcond=None)[0]
    return weights.reshape(3, 3)
'''
_SOLVED = "np.linalg.lstsq(np.array(patches), result.ravel(), rcond=None)[0]"


def _lost(image: Any, side: int) -> Case:
    """A picture, and the noisy map that a kernel of side × side made of it."""
    rng = np.random.default_rng(image.size + side)
    kernel = rng.normal(size=(side, side)).round(1)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    result = (windows * kernel).sum(axis=(2, 3))
    return image, result + 0.05 * rng.normal(size=result.shape)


def _all_of_lstsq(value: Any, *_: Any) -> str:
    if isinstance(value, tuple) and len(value) == 4:
        return "np.linalg.lstsq gives four things back: the weights, the sum of the squares, the rank and the singular values. Take the weights: [0]."
    return ""


find_kernel = Exercise(
    name="find_kernel",
    varies=Varies(
        what="the side of the kernel",
        given="3",
        others=(("4", "3", "sixteen", "Sixteen", "16"), ("2", "1", "four", "Four", "4")),
        pieces=(
            ("3 × 3", "{0} × {0}"),
            ("(H - 2, W - 2)", "(H - {1}, W - {1})"),
            ("(3, 3)", "({0}, {0})"),
            ("i + 3", "i + {0}"),
            ("j + 3", "j + {0}"),
            ("range(3)", "range({0})"),
            (":9]", ":{4}]"),
            ("nine", "{2}"),
            ("Nine", "{3}"),
        ),
        inputs=lambda case, number: _lost(case[0], int(number)),
    ),
    blank_from="    height, width = result",
    solution=_FIND,
    diagnose=_all_of_lstsq,
    others=('''
    columns = []
    for u in range(3):
        for v in range(3):
            columns.append(image[u : u + result.shape[0], v : v + result.shape[1]].ravel())
    a = np.stack(columns, axis=1)
    return np.linalg.solve(a.T @ a, a.T @ result.ravel()).reshape(3, 3)
''',),
    cases=[_lost(_rng.random(size=size), 3) for size in ((9, 8), (12, 11), (8, 15), (20, 10), (10, 24))],
    hints=(
        "Take one place. What is known there, and what is not? The map's number is a sum of nine products: one equation, nine unknown weights.",
        "All places together are a table: a row for each place, the nine pixels of its patch, times the unknown weights, gives result.ravel(). More equations than unknowns: np.linalg.lstsq(table, numbers, rcond=None)[0].",
        "A row is image[i : i + 3, j : j + 3].ravel(), the places in the order of result.ravel(): i outside, j inside. The weights come as one row: .reshape(3, 3).",
    ),
    wrong=(
        change(
            _FIND, "return weights.reshape(3, 3)", "return weights.reshape(3, 3)[::-1, ::-1]",
            "Your kernel is turned by half a turn. In networks it lies on the picture as it is: its upper left weight on the upper left pixel of the patch.",
        ),
        change(
            _FIND, "return weights.reshape(3, 3)", "return weights.reshape(3, 3).T",
            "Rows and columns of your kernel are exchanged. Read the patch row by row, as ravel does, and put the weights back row by row.",
        ),
        change(
            _FIND, _SOLVED, "np.linalg.lstsq(np.array(patches)[:9], result.ravel()[:9], rcond=None)[0]",
            "Nine places are enough for nine unknowns only where each number is exact. These are noisy: take all places, and the noise averages out.",
        ),
        change(
            _FIND, _SOLVED, "np.array(patches).T @ result.ravel()",
            "You add up pixel times map over all places. That is what a gradient would do, one step of it. Solve for the weights: np.linalg.lstsq.",
        ),
        change(
            _FIND, _SOLVED, "np.linalg.lstsq(np.column_stack([np.array(patches), np.ones(len(patches))]), result.ravel(), rcond=None)[0][:-1]",
            "You have fitted a bias as well, and it takes its share of the noise. This kernel has none: leave the column of ones out.",
        ),
        change(
            _FIND, _SOLVED, "np.array(patches).T @ result.ravel() / len(patches)",
            "You take the mean of pixel times map over all places. That says how a pixel and the map go together, and neighbouring pixels go together, too. Solve for all weights at once: np.linalg.lstsq.",
        ),
        change(
            _FIND, _SOLVED, "np.array(patches).T @ result.ravel() / (np.array(patches) ** 2).sum(axis=0)",
            "Each of your weights is the best one if it were alone. They work together at every place: solve for all of them at once, np.linalg.lstsq.",
        ),
        Wrong(
            changes(_FIND, ("for j in range(width)", "for j in range(height)"), ("result.ravel()", "result[:, :height].ravel()")),
            "You take as many columns as there are rows. The map need not be square: height, width = result.shape.",
        ),
        change(
            _FIND, "for i in range(height) for j in range(width)]", "for j in range(width) for i in range(height)]",
            "Your patches go through the picture column by column, and result.ravel() goes row by row: each patch meets the number of another place. i outside, j inside.",
        ),
        change(
            _FIND, _SOLVED, "np.linalg.lstsq(np.array(patches), result.ravel(), rcond=None)[0] / np.sum(np.linalg.lstsq(np.array(patches), result.ravel(), rcond=None)[0])",
            "You have divided the kernel by its sum, so it has lost its size. Edges have a kernel whose sum is 0: leave it as it comes.",
        ),
        change(
            _FIND, _SOLVED, "np.linalg.lstsq(np.array(patches), result.ravel(), rcond=None)[0].round()",
            "Rounding makes whole weights, and these need not be whole. Leave them as they come.",
        ),
        change(_FIND, "return weights.reshape(3, 3)", "return weights", shows="The numbers are right, in the wrong shape"),
        change(_FIND, "rcond=None)[0]", "rcond=None)", shows="AttributeError"),
    ),
    praise="Every place is an equation. So a convolution can be found out from its pictures, if these show it enough.",
)  # fmt: skip

EXERCISES = Lesson([convolve, widths, find_kernel])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
