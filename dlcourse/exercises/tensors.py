"""Exercises of lesson 10: a quiz about shapes, the memory of a photograph, its grey version, and a batch of crops."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.checking.comparing import shown
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes, rest

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"index": "(640, 3)", "broadcast": "(4, 3)"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(10)

# --- shapes ----------------------------------------------------------------------------------------------------------

_SHAPES = '''def shapes():
    """Returns a dict: for each key the shape, a tuple.
    number: 0.45                                        pixel: [r=0.45 g=0.84 b=0.76]
    photo: in colour, 3264 pixels wide and 2448 high    red: photo[:, :, 0]
    product: a @ b, a is (32, 64) and b is (64, 10)     means: np.mean(a, axis=0), a is (32, 64)
    sum: c + d, c is (4, 1) and d is (3,)               turned: e.T, e is (2, 3, 5)"""
    return {
        "number": (),
        "pixel": (3,),
        "photo": (2448, 3264, 3),
        "red": (2448, 3264),
        "product": (32, 10),
        "means": (64,),
        "sum": (4, 3),
        "turned": (5, 3, 2),
    }
'''
_TRUTH: dict[str, tuple[int, ...]] = {
    "number": (), "pixel": (3,), "photo": (2448, 3264, 3), "red": (2448, 3264),
    "product": (32, 10), "means": (64,), "sum": (4, 3), "turned": (5, 3, 2),
}  # fmt: skip
_SAID = {
    ("number", (1,)): "(1,) is a vector with one entry. A number has no axes at all.",
    ("number", (0,)): "(0,) is a vector with no entries. A number has no axes at all, and that is written ().",
    ("pixel", (1, 3)): "(1, 3) is a matrix with one row. Three numbers in a row are a vector, one axis.",
    ("pixel", (3, 1)): "(3, 1) is a matrix with one column. Three numbers in a row are a vector, one axis.",
    ("photo", (3264, 2448, 3)): "a photo is rows of pixels, so the height comes first, and only then the width. The slide names the width first.",
    ("photo", (2448, 3264)): "that is a grey photo. Each pixel here has three colours: a third axis.",
    ("photo", (3, 2448, 3264)): "in this course, as in Matplotlib, the colours come last.",
    ("red", (2448, 3264, 1)): "a whole number as an index takes its axis away: photo[:, :, 0] has one axis less. (photo[:, :, :1] would keep it.)",
    ("red", (2448, 3264, 3)): "one of the three colours is picked out, so the last axis is gone.",
    ("product", (64, 64)): "the inner sizes, 64 and 64, must agree, and they are summed away. The outer ones stay: (N, K) @ (K, M) is (N, M).",
    ("product", (10, 32)): "the rows of a come first: (N, K) @ (K, M) is (N, M).",
    ("means", (32,)): "axis=0 is the axis that disappears: the 32 rows become one, and a mean for each column stays.",
    ("means", (1, 64)): "the axis is gone altogether, unless one says keepdims=True.",
    ("means", ()): "one mean of everything would be np.mean(a). With axis=0 only that axis disappears.",
    ("sum", (4, 1)): "d is written as (1, 3), and wherever one has 1 the other one's size counts: both are stretched.",
    ("sum", (3,)): "d is written as (1, 3), and wherever one has 1 the other one's size counts: both are stretched.",
    ("sum", (4,)): "shapes are compared from their last axis on: 1 against 3, then 4 against nothing. Both are stretched.",
    ("turned", (3, 2, 5)): "with more than two axes, .T turns the order of all of them round, not of the first two.",
    ("turned", (2, 5, 3)): "with more than two axes, .T turns the order of all of them round, not of the last two.",
    ("turned", (2, 3, 5)): ".T turns the order of the axes round. The shape that comes out is not the one that went in.",
}  # fmt: skip


def _look_at_shapes(value: Any) -> str:
    if not isinstance(value, dict):
        return f"a dict is expected, with a key for each shape, and {shown(value)} came back."
    for key, truth in _TRUTH.items():
        said = _about_shape(key, value[key], truth) if key in value else f'there is no key "{key}" in your dict.'
        if said:
            return said
    return ""


def _about_shape(key: str, shape: Any, truth: tuple[int, ...]) -> str:
    if shape is None:
        return f"{key} is still None. {len(_TRUTH)} shapes are asked for; take them one after the other."
    if isinstance(shape, (int, np.integer)) or (isinstance(shape, np.ndarray) and shape.ndim == 0):
        return f"{key}: a shape is a tuple, also with one axis, and a tuple of one needs its comma: (3,). Yours is the number {shown(shape)}."
    if not isinstance(shape, (tuple, list, np.ndarray)):
        return f"{key}: a shape is a tuple of whole numbers, and yours is {shown(shape)}."
    got = tuple(shape)
    if got == truth:
        return ""
    return f"{key}: {shown(got)} is not it; " + _SAID.get((key, got), _about_axes(len(got), len(truth)))


def _about_axes(got: int, wanted: int) -> str:
    if got == wanted:
        return f"the number of axes, {wanted}, is right. Look at the sizes, or at their order."
    return f"that is {got} ax{'i' if got == 1 else 'e'}s, and it should be {wanted}. Make one in NumPy and look at its .shape."


def _quiz(key: str, answer: str, shows: str) -> Wrong:
    return change(_SHAPES, f'"{key}": {_TRUTH[key]}', f'"{key}": {answer}', shows=shows)


shapes = Exercise(
    name="shapes",
    stub=changes(_SHAPES, *((f'"{key}": {shape}', f'"{key}": None') for key, shape in _TRUTH.items())),
    solution=_SHAPES,
    cases=[()],
    measure=lambda value: {key: str(tuple(int(size) for size in value[key])) for key in _TRUTH},
    diagnose=_look_at_shapes,
    hints=(
        "Count the axes first: how many indices does it take to arrive at a number? That is how many sizes the tuple has.",
        "Then the sizes, outermost axis first: rows before columns before colours. Whole numbers as index and axis=… take an axis away.",
        "Where you doubt, ask NumPy: np.zeros((4, 1)) + np.zeros(3) has a .shape.",
    ),
    wrong=(
        _quiz("photo", "(3264, 2448, 3)", "the height comes first, and only then the width"),
        _quiz("number", "(1,)", "A number has no axes at all."),
        _quiz("pixel", "3", "a tuple of one needs its comma"),
        _quiz("means", "(32,)", "axis=0 is the axis that disappears"),
        _quiz("sum", "(4,)", "shapes are compared from their last axis on"),
        _quiz("turned", "(3, 2, 5)", ".T turns the order of all of them round, not of the first two"),
        _quiz("red", "(2448, 3264, 1)", "a whole number as an index takes its axis away"),
        _quiz("product", "(64, 64)", "The outer ones stay"),
        _quiz("product", "(32, 64, 10)", "that is 3 axes, and it should be 2"),
        _quiz("product", "(32, 11)", "the number of axes, 2, is right. Look at the sizes"),
        _quiz("sum", '"4 x 3"', "a shape is a tuple of whole numbers, and yours is '4 x 3'"),
        _quiz("sum", "None", "sum is still None"),
        change(_SHAPES, '"turned": (5, 3, 2),', "", shows='no key "turned"'),
        change(_SHAPES, rest(_SHAPES, "{\n"), "[(), (3,)]\n", shows="a dict is expected"),
    ),
    praise="Tensors are not scary: a list of sizes, and the order in which they are asked for.",
)  # fmt: skip

# --- megabytes -------------------------------------------------------------------------------------------------------

_MEGABYTES = '''def megabytes(shape, dtype):
    """How much memory does an array of this shape take? dtype: "uint8", "float32" …
    (np.dtype(dtype).itemsize is its number of bytes). Returns megabytes: 1 MB is 1 000 000
    bytes."""
    return np.prod(shape) * np.dtype(dtype).itemsize / 1_000_000
'''

megabytes = Exercise(
    name="megabytes",
    blank_from="    return",
    solution=_MEGABYTES,
    others=('''
    numbers = 1
    for size in shape:
        numbers *= size
    return numbers * np.dtype(dtype).itemsize / 1_000_000
''',),
    cases=[
        ((2448, 3264, 3), "uint8"),
        ((2448, 3264, 3), "float32"),
        ((32, 224, 224, 3), "float64"),
        ((1000,), "int16"),
        ((1797, 8, 8, 1), "float32"),
    ],
    hints=(
        "How many numbers are in it, and how many bytes does each of them take?",
        "The sizes are multiplied: np.prod(shape). One number takes np.dtype(dtype).itemsize bytes. Then divide by a million.",
    ),
    wrong=(
        change(
            _MEGABYTES, " * np.dtype(dtype).itemsize", "",
            "You count one byte for each number. A float32 takes 4: multiply by np.dtype(dtype).itemsize.",
        ),
        change(
            _MEGABYTES, "/ 1_000_000", "",
            "{yours} is in bytes. Divided by a million it is {expected} MB.",
        ),
        change(
            _MEGABYTES, "/ 1_000_000", "/ 2**20",
            "You divide by 1024 · 1024. That is a mebibyte (MiB); a megabyte is a million bytes.",
        ),
        change(
            _MEGABYTES, "np.prod(shape)", "8 * np.prod(shape)",
            "{yours} is eight times too much: in megabits. itemsize counts bytes already.",
        ),
        change(_MEGABYTES, "/ 1_000_000", "// 1_000_000", "// cuts off what is behind the decimal point. Divide with one /."),
        change(
            _MEGABYTES, "/ 1_000_000", "/ 1000",
            "{yours} is in kilobytes. A megabyte is a thousand of them.",
        ),
        change(
            _MEGABYTES, "* np.dtype(dtype).itemsize", "* 32",
            "You count 32 for each number. A float32 has 32 bits, which are 4 bytes, and other types have others: np.dtype(dtype).itemsize.",
        ),
        change(
            _MEGABYTES, "return np.prod(shape) * np.dtype(dtype).itemsize / 1_000_000", "return round(np.prod(shape) * np.dtype(dtype).itemsize / 1_000_000)",
            "You round to whole megabytes: {yours} where it is {expected}. Leave the rounding to whoever reads it.",
        ),
        change(
            _MEGABYTES, "np.prod(shape)", "np.sum(shape)",
            "You add up the sizes. Each row has all columns, each pixel all colours: they are multiplied.",
        ),
        change(
            _MEGABYTES, "np.prod(shape)", "np.prod(shape[:2])",
            "Only the first two axes are counted. The others hold numbers too.",
        ),
        change(
            _MEGABYTES, "* np.dtype(dtype).itemsize", "* 8",
            "You count 8 bytes for each number, as a float64 has. This depends on dtype: np.dtype(dtype).itemsize.",
        ),
        change(
            _MEGABYTES, "np.prod(shape)", "len(shape)",
            "len(shape) is the number of axes. How many numbers there are is the product of the sizes.",
        ),
    ),
    praise="The slide's photo takes 24 MB as bytes and 96 MB as float32. A batch of 32 such photos is 3 GB.",
)  # fmt: skip

# --- grey ------------------------------------------------------------------------------------------------------------

_GREY = '''def grey(image):
    """image: (H, W, 3), whole numbers from 0 to 255 (uint8). Returns the mean of red, green and
    blue at each pixel, shape (H, W), not rounded."""
    return np.mean(image, axis=2)
'''


def _image(height: int, width: int) -> np.ndarray[Any, Any]:
    return _rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


grey = Exercise(
    name="grey",
    blank_from="    return",
    solution=_GREY,
    others=('''
    out = np.zeros(image.shape[:2])
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = np.mean(image[i, j])
    return out
''', '''
    red = image[:, :, 0] / 1.0
    green = image[:, :, 1] / 1.0
    blue = image[:, :, 2] / 1.0
    return (red + green + blue) / 3
'''),
    cases=[(np.array([[[115, 214, 194], [10, 20, 31]]], dtype=np.uint8),), *((_image(*s),) for s in ((1, 1), (3, 3), (5, 8), (20, 10)))],
    hints=(
        "Three numbers become one at each pixel. Which axis disappears?",
        "The last one, axis 2 (or −1). np.mean calculates with floats; adding up uint8 by hand wraps around at 256.",
    ),
    wrong=(
        change(
            _GREY, "np.mean(image, axis=2)", "(image[:, :, 0] + image[:, :, 1] + image[:, :, 2]) / 3",
            "Looks right, and bright pixels came out dark: a uint8 ends at 255, and 200 + 100 is 44 there. Turn it into floats first, or use np.mean.",
        ),
        change(
            _GREY, "np.mean(image, axis=2)", "np.sum(image, axis=2)",
            "{yours} is the sum of the three colours, up to 765. The mean is a third of it.",
        ),
        change(
            _GREY, "np.mean(image, axis=2)", "image[:, :, 1]",
            "You return the green channel alone. A red pixel would be black in it: take the mean of all three.",
        ),
        change(
            _GREY, "axis=2", "axis=0",
            "axis=0 takes away the rows: you average down each column and keep the colours. The colours are axis 2.",
        ),
        change(
            _GREY, "axis=2", "axis=1",
            "axis=1 takes away the columns: you average along each row and keep the colours. The colours are axis 2.",
        ),
        change(
            _GREY, ", axis=2", "",
            "{yours} is the mean of the whole picture, one number. One number per pixel is asked for: axis=2.",
        ),
        change(
            _GREY, "np.mean(", "np.max(",
            "You take the brightest of the three colours. Their mean is asked for.",
        ),
        change(
            _GREY, "np.mean(image, axis=2)", "np.mean(image, axis=2) / 255",
            "Yours runs from 0 to 1. Divided by 255 it is easier on a network; here it stays from 0 to 255.",
        ),
        change(
            _GREY, "np.mean(image, axis=2)", "image @ np.array([0.299, 0.587, 0.114])",
            "You weigh the colours as the eye does, green most. A good grey; here the plain mean of the three is asked for.",
        ),
        change(
            _GREY, "np.mean(image, axis=2)", "np.round(np.mean(image, axis=2))",
            "You round to whole numbers. The mean as it is: {expected}.",
        ),
        change(_GREY, "axis=2", "axis=2, keepdims=True", shows="The numbers are right, in the wrong shape"),
        change(_GREY, "np.mean(image, axis=2)", "np.mean(image, axis=2).astype(np.uint8)", shows="everything behind the decimal point was cut off"),
    ),
    praise="(H, W, 3) became (H, W): the axis that is averaged over is gone.",
)  # fmt: skip

# --- crops -----------------------------------------------------------------------------------------------------------

_CROPS = '''def crops(image, corners, size):
    """image: (H, W, C). corners: a list of (top, left), the upper left pixels of squares of
    `size` pixels. Returns the squares as one batch, shape (N, size, size, C)."""
    return np.stack([image[top : top + size, left : left + size] for top, left in corners])
'''
_SQUARE = "image[top : top + size, left : left + size]"


def _squares(height: int, width: int, size: int, n: int) -> Case:
    corners = _rng.integers(1, min(height, width) - size, (n, 2)).tolist()
    return _image(height, width) / 255, [tuple(corner) for corner in corners], size


crops = Exercise(
    name="crops",
    blank_from="    return",
    solution=_CROPS,
    others=('''
    out = []
    for top, left in corners:
        out.append(image[top : top + size, left : left + size])
    return np.stack(out)
''', '''
    out = np.zeros((len(corners), size, size, image.shape[2]))
    for n in range(len(corners)):
        top, left = corners[n]
        out[n] = image[top : top + size, left : left + size]
    return out
'''),
    cases=[
        (np.arange(30.0).reshape(5, 6, 1), [(1, 1), (2, 3)], 2),
        _squares(7, 9, 3, 1),
        _squares(20, 12, 4, 5),
        _squares(40, 40, 10, 8),
    ],
    hints=(
        "One square first. Which rows does it have, and which columns? A slice has its first index and not its last.",
        "image[top : top + size, left : left + size] is a square, and it keeps its colours. Make a list of them.",
        "np.stack(list) puts arrays of one shape behind each other along a new first axis: the batch.",
    ),
    wrong=(
        change(
            _CROPS, _SQUARE, "image[left : left + size, top : top + size]",
            "top and left are swapped. The first index counts rows, from the top; the second counts columns, from the left.",
        ),
        change(
            _CROPS, "np.stack([", "np.concatenate([",
            "The squares are laid one below the other as a single tall picture. A batch needs an axis of its own: np.stack.",
        ),
        change(
            _CROPS, "for top, left in corners])", "for top, left in corners], axis=-1)",
            "The batch axis is the last one. It belongs first: (N, size, size, C). np.stack puts it there unless told otherwise.",
        ),
        change(
            _CROPS, "for top, left in corners])", "for top, left in corners]).transpose(0, 3, 1, 2)",
            "The colours come second. In this course they come last, (N, H, W, C): leave out the transpose.",
        ),
        change(
            _CROPS, _SQUARE, "image[top - 1 : top - 1 + size, left - 1 : left - 1 + size]",
            "Your squares lie one pixel too high and too far to the left. Pixels are counted from 0, and so are top and left.",
        ),
        change(
            _CROPS, _SQUARE, "image[top : top + size + 1, left : left + size + 1]",
            "Your squares are one pixel too large: a slice ends before its second number, so top : top + size has size rows.",
        ),
        change(
            _CROPS, "for top, left in corners]", "for top, left in corners[:1] * len(corners)]",
            "All your squares are the first one. Use the corner of each.",
        ),
        change(
            _CROPS, _SQUARE, "image[top : top + size, left : left + size, 0]",
            "The colours are lost: an index 0 takes the last axis away. Two slices are enough, and the rest stays.",
        ),
        change(
            _CROPS, "return np.stack([image[top : top + size, left : left + size] for top, left in corners])",
            "for top, left in corners:\n        return np.stack([image[top : top + size, left : left + size]])",
            "Only the first square comes back: a return inside the loop ends it. Collect the squares in a list, and stack them behind the loop.",
        ),
        change(
            _CROPS, "return np.stack([image[top : top + size, left : left + size] for top, left in corners])",
            "top, left = corners[0]\n    return image[top : top + size, left : left + size]",
            "That is one square. All of them are asked for, as a batch: one for each corner, stacked along a new first axis.",
        ),
        change(_CROPS, "top : top + size, left : left + size", "top:size, left:size", shows="raised ValueError: all input arrays must have the same shape"),
        change(_CROPS, "return np.stack(", "return list(", shows="they sit in a list"),
    ),
    praise="Batch, height, width, colours: this is how pictures enter every network of this course.",
)  # fmt: skip

EXERCISES = Lesson([shapes, megabytes, grey, crops])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
