"""Exercises of lesson 13b: how far a number sees, a kernel that never looks ahead, and digits anywhere on a sheet."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes
from dlcourse.checking.judging import deal, look, operations

__all__ = ["BETS", "EXERCISES", "SHOWS", "check", "hint", "solution"]

BETS = {"field": "10 pixels", "shift": "between half and nine in ten", "last year": "below zero"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""
SHOWS = {"shift": {"right": 1}}
"""Where the picture goes after a bet, to show what came."""

_rng = np.random.default_rng(14)

# --- receptive_field -------------------------------------------------------------------------------------------------

_FIELD = '''def receptive_field(layers):
    """layers: for each layer, from the picture on, (kernel, stride, dilation) along one side; a
    pooling has a kernel and a stride, too. Returns how many pixels wide the stretch of the
    picture is, from its first pixel to its last, that one number of the last layer sees."""
    field, apart = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * apart
        apart *= stride
    return field
'''
_ADDED = "field += (kernel - 1) * dilation * apart"

receptive_field = Exercise(
    name="receptive_field",
    blank_from="    field, apart",
    solution=_FIELD,
    others=('''
    field = 1
    for kernel, stride, dilation in layers[::-1]:
        field = (field - 1) * stride + (kernel - 1) * dilation + 1
    return field
''',),
    cases=[
        ([(3, 1, 1), (3, 1, 1)],),
        ([(5, 1, 1)],),
        ([(3, 1, 1), (3, 1, 1), (2, 2, 1), (3, 1, 1)],),
        ([(3, 2, 1), (3, 2, 1), (3, 2, 1)],),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4), (3, 1, 8)],),
        ([(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 1), (3, 2, 1)],),
        ([(2, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 1), (2, 2, 1)],),
        ([(3, 1, 3), (2, 2, 1), (3, 1, 2), (1, 1, 1), (1, 3, 1), (4, 1, 1), (2, 1, 5)],),
    ],
    hints=(
        "One layer first: a kernel of 3 with dilation 2 spans 5 pixels. How many of them are new, beside the one in the middle?",
        "A kernel adds (kernel − 1) · dilation steps. How far apart on the picture are two neighbours of the map on which it lies? Each stride before it has moved them apart.",
        "Begin with field = 1 and apart = 1. For each layer: field += (kernel - 1) * dilation * apart, and after that apart *= stride.",
    ),
    wrong=(
        change(
            _FIELD, _ADDED, "field += (kernel - 1) * dilation",
            "You count steps as if neighbours were always one pixel apart. Behind a stride or a pooling of 2 they are 2 apart, and behind two of these 4.",
        ),
        Wrong(
            changes(_FIELD, (f"        {_ADDED}\n        apart *= stride\n", f"        apart *= stride\n        {_ADDED}\n")),
            "You let a layer's stride count for its own kernel. Its kernel lies on the map before it: add first, then multiply by the stride.",
        ),
        change(
            _FIELD, "apart *= stride", "apart = stride",
            "You keep the last stride only. Two strides of 2, one behind the other, move neighbours 4 pixels apart: they are multiplied.",
        ),
        change(
            _FIELD, "apart *= stride", "apart += stride - 1",
            "You add the strides up. Each makes the distance so many times larger: they are multiplied, 2 · 2 · 2 = 8.",
        ),
        change(
            _FIELD, "(kernel - 1) * dilation * apart", "kernel * dilation * apart",
            "Each layer adds a pixel too many: {yours} and not {expected}. One weight of the kernel lies on what was there before, so kernel − 1 are new.",
        ),
        change(
            _FIELD, "field, apart = 1, 1", "field, apart = 0, 1",
            "One too few: {yours} and not {expected}. Without any layer a number sees one pixel, itself, so begin with 1.",
        ),
        change(
            _FIELD, "(kernel - 1) * dilation * apart", "(kernel - 1) * apart",
            "The dilation is not used. With dilation 2 a kernel of 3 spans 5 pixels.",
        ),
        change(
            _FIELD, "(kernel - 1) * dilation * apart", "(kernel * dilation - 1) * apart",
            "A kernel of 3 with dilation 2 has two gaps of 2, so it spans (3 − 1) · 2 + 1 = 5 pixels, and not 3 · 2.",
        ),
        change(
            _FIELD, _ADDED, "field *= (kernel - 1) * dilation + 1",
            "You multiply the spans. Neighbours see nearly the same pixels: two kernels of 3 see 5 pixels, not 9.",
        ),
        change(
            _FIELD, _ADDED, "field *= kernel",
            "You multiply the kernels. Neighbours see nearly the same pixels: two kernels of 3 see 5 pixels, not 9.",
        ),
        Wrong(
            changes(_FIELD, ("field, apart = 1, 1", "field, apart = 0, 1"), (_ADDED, "field += kernel")),
            "You add the kernels up, as if they lay side by side. They overlap: behind a kernel of 3, another one adds 2 pixels.",
        ),
        change(
            _FIELD, _ADDED, "field += 2 * apart",
            "Each layer adds 2 steps in yours. That is right for a kernel of 3, which takes in a neighbour on each side. How many does one of 5 add, or of 2?",
        ),
        change(
            _FIELD, _ADDED, "field = (kernel - 1) * dilation + 1",
            "Your last layer alone counts. What lies before it has made its pixels see more than one pixel each.",
        ),
        Wrong(
            changes(_FIELD, ("in layers:", "in layers[::-1]:"), (_ADDED, "field = field * stride + (kernel - 1) * dilation")),
            "You go back from the last layer, which works. But n neighbours have n − 1 gaps of `stride` pixels between them, not n.",
        ),
        Wrong(
            changes(
                _FIELD, ("field, apart = 1, 1", "places = {0}"), ("in layers:", "in layers[::-1]:"),
                (_ADDED, "places = {p * stride + k * dilation for p in places for k in range(kernel)}"), ("        apart *= stride\n", ""),
                ("return field", "return len(places)"),
            ),
            "You count the pixels that have a say. A dilated kernel leaves some out between them: asked for is the stretch from the first to the last.",
        ),
        change(
            _FIELD, "in layers:", "in layers[::-1]:",
            "You begin with the last layer. A stride moves apart what lies behind it, so go from the picture on.",
        ),
        change(
            _FIELD, "return field", "return field**2",
            "That is the number of pixels in the square. Asked for is its width, along one side.",
        ),
        change(
            _FIELD, "return field", "return apart",
            "That is how far apart two neighbours of the last layer are on the picture. Asked for is how wide one of them sees.",
        ),
        change(
            _FIELD, "(kernel - 1) * dilation * apart", "(kernel - 1) * (dilation + 1) * apart",
            "Dilation 1 means next to each other, with no gap: the weights are `dilation` apart, not one more.",
        ),
    ),
    praise="Small kernels, large sight: what strides multiply, kernels only add to.",
)  # fmt: skip

# --- causal ----------------------------------------------------------------------------------------------------------

_CAUSAL = '''def causal(x, w, dilation):
    """x: (T,), a number for each day. w: (K,), a kernel that never sees the future: its last
    weight lies on day t itself, the one before it `dilation` days earlier, and so on. Before
    the first day x counts as 0. Returns shape (T,): for each day t the sum of the products."""
    reach = (len(w) - 1) * dilation
    longer = np.concatenate([np.full(reach, 0), x])
    return sum(w[k] * longer[k * dilation : k * dilation + len(x)] for k in range(len(w)))
'''
_LONGER = "np.concatenate([np.full(reach, 0), x])"
_SUM = "sum(w[k] * longer[k * dilation : k * dilation + len(x)] for k in range(len(w)))"

_IN_DAYS = """for t in range(len(x)):
        for k in range(len(w)):
            day = t - (len(w) - 1 - k) * dilation
            y[t] += w[k] * (x[day] if day >= 0 else 0)
    return y"""


def _days(t: int, k: int, dilation: int) -> Case:
    return _rng.normal(size=t).round(2) + 1, _rng.normal(size=k).round(2), dilation


causal = Exercise(
    name="causal",
    varies=Varies(
        what="the number before the first day",
        given="0",
        others=(("1",), ("2",), ("5",)),
        pieces=(
            ("x counts as 0.", "x counts as {0}."),
            ("np.full(reach, 0)", "np.full(reach, {0})"),
            ("if day >= 0 else 0)", "if day >= 0 else {0})"),
            ("with as many zeros as", "with {0} as often as"),
            ("reach zeros", "reach times {0}"),
        ),
    ),
    blank_from="    reach",
    solution=_CAUSAL,
    others=(f"\n    y = np.zeros(len(x))\n    {_IN_DAYS}\n",),
    cases=[
        (np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.0, 10.0]), 1),
        *(_days(*sizes) for sizes in ((6, 3, 1), (8, 2, 2), (9, 3, 2), (12, 4, 3), (5, 3, 4), (7, 1, 2))),
        (np.array([3, 0, 5, 2, 7]), np.array([0.5, -0.25]), 1),
    ],
    hints=(
        "One day first. For day t the last weight meets x[t]. Which day does the one before it meet, and what if there is no such day?",
        "Weight k meets day t − (K − 1 − k) · dilation. Two loops will do. Or lengthen x in front with as many zeros as the kernel reaches back, (K − 1) · dilation.",
        "With reach zeros in front, weight k meets longer[k * dilation : k * dilation + len(x)], for all days at once. Add up w[k] times that.",
    ),
    wrong=(
        change(
            _CAUSAL, "sum(w[k] *", "sum(w[::-1][k] *",
            "Your kernel lies the other way round. The last weight belongs to day t itself, and the first one looks back the farthest.",
        ),
        change(
            _CAUSAL, _LONGER, "np.concatenate([x, np.full(reach, 0)])",
            "Your kernel sees the future: you have lengthened x at its end, so the last weight lies on a day after t. Lengthen it in front.",
        ),
        change(
            _CAUSAL, _LONGER, "np.concatenate([np.full(reach // 2, 0), x, np.full(reach - reach // 2, 0)])",
            "Your kernel lies with its middle on day t, as with padding “same”, so half of it sees the future. Lengthen x in front only.",
        ),
        Wrong(
            changes(_CAUSAL, (_LONGER, "x"), ("k * dilation + len(x)]", "k * dilation + len(x) - reach]")),
            "Days are missing at the beginning, where the kernel hangs over the first day. Each day has its sum: before the first one x counts as 0.",
        ),
        Wrong(
            changes(_CAUSAL, ("(len(w) - 1) * dilation", "len(w) - 1"), ("longer[k * dilation : k * dilation + len(x)]", "longer[k : k + len(x)]")),
            "The dilation is not used: your weights lie on days that follow each other. They are `dilation` days apart.",
        ),
        change(
            _CAUSAL, _SUM, "sum(w[k] * np.roll(x, (len(w) - 1 - k) * dilation) for k in range(len(w)))",
            "Your first days see the last ones: np.roll, like a negative index, comes in again at the other end. Before the first day x counts as 0.",
        ),
        change(
            _CAUSAL, _LONGER, "np.concatenate([np.full(reach, x[0]), x])",
            "You let the first day go on backwards for ever. Before it x counts as 0.",
        ),
        Wrong(
            changes(_CAUSAL, (_LONGER, "np.concatenate([np.full(reach + 1, 0), x])")),
            "Your last weight lies on the day before t. It may use day t itself; what comes after t is the future.",
        ),
        change(
            _CAUSAL, "reach = (len(w) - 1) * dilation", "reach = len(w) * dilation",
            "Your kernel lies `dilation` days too early: K weights have K − 1 gaps, so it reaches back (K − 1) · dilation days.",
        ),
        change(
            _CAUSAL, _SUM, "sum(longer[k * dilation : k * dilation + len(x)] for k in range(len(w))) * np.mean(w)",
            "Every day counts the same in yours. Each has a weight of its own: multiply first, then add.",
        ),
        change(
            _CAUSAL, "return sum(w[k]", "return 1 / len(w) * sum(w[k]",
            "You take the mean of the products. A convolution adds them up.",
        ),
        change(
            _CAUSAL, f"return {_SUM}", f"y = {_SUM}\n    y[:reach] = 0\n    return y",
            "Your first days are 0: you wait until the whole kernel fits. Before the first day x counts as 0, and the weights that lie on days have their say.",
        ),
        Wrong(
            changes(
                _CAUSAL, ("(len(w) - 1) * dilation", "len(w) - 1"), ("longer[k * dilation : k * dilation + len(x)]", "longer[k : k + len(x)]"),
                (" for k in range(len(w)))", " for k in range(len(w)))[::dilation]"),
            ),
            "Days are missing: you keep every `dilation`-th sum, which is a stride. Each day has its sum; the weights are what lies `dilation` days apart.",
        ),
        Wrong(
            changes(
                _CAUSAL, ("    reach = (len(w) - 1) * dilation\n", ""), (f"longer = {_LONGER}", "y = np.zeros_like(x)"),
                (f"return {_SUM}", _IN_DAYS),
            ),
            "With whole numbers in x, np.zeros_like(x) holds whole numbers too, and what stands behind the decimal point is cut off. np.zeros(len(x)) holds floats.",
        ),
        Wrong(
            changes(_CAUSAL, (_LONGER, "np.concatenate([np.full(reach, 0), x, np.full(reach, 0)])"), ("len(x)]", "len(x) + reach]")),
            "There are days too many at the end: there the kernel hangs over the last day. Keep the first T sums.",
        ),
        change(
            _CAUSAL, "x])\n", "x])[1:]\n", shows="raised ValueError: operands could not be broadcast",
        ),
    ),
    praise="Stacked with dilations 1, 2, 4, 8 … such kernels reach far back with few weights, and never ahead.",
)  # fmt: skip

# --- train_anywhere --------------------------------------------------------------------------------------------------

_ANYWHERE = '''def train_anywhere(train, rng):
    """train: a dl.data.Dataset, x (N, 12, 12, 1), y (N,), digits in the middle of frames.
    Builds a network, trains it and returns it. It reads at least 90 % of unseen digits in
    such frames, and at least 90 % as well when they lie anywhere on sheets, x (N, 16, 16, 1),
    two pixels or more from the edge."""
    model = dl.Sequential(
        dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng),
        dl.Conv2D(16, 48, 3, padding="same", activation=dl.relu, rng=rng),
        lambda maps: maps.max(axis=(1, 2)),
        dl.Dense(48, 10, rng=rng),
    )
    optimizer = dl.Adam(model.parameters(), 5e-3)
    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=4, batch_size=32, rng=rng, progress=False)
    return model
'''
_GOAL, _PAPER = 0.9, 2


def _framed(x: Any) -> Array:
    """Digits in the middle of larger frames: (N, 8, 8, 1) -> (N, 12, 12, 1), whatever they came as."""
    around = (_PAPER, _PAPER)
    return np.pad(x.data if isinstance(x, dl.Tensor) else x, ((0, 0), around, around, (0, 0)))


@functools.cache
def _sheets() -> tuple[Array, Array]:
    """The unseen digits, each somewhere on a sheet of 16 × 16 pixels, and what they are."""
    test = deal(0)[2]
    rng = np.random.default_rng(0)
    sheets = np.zeros((len(test), 16, 16, 1), test.x.dtype)
    for sheet, digit, (top, left) in zip(sheets, test.x, rng.integers(_PAPER, 7, (len(test), 2)), strict=True):
        sheet[top : top + 8, left : left + 8] = digit
    return sheets, test.y


def _cases() -> list[Case]:
    train = deal(0)[0]
    return [(dl.data.Dataset(_framed(train.x), train.y), np.random.default_rng(0))]


def _read(model: Any) -> float:
    """The share of sheets that are read rightly."""
    sheets, y = _sheets()
    return float((np.asarray(dl.predict(model, sheets)).argmax(axis=1) == y).mean())


def _look(model: Any, *_: Any) -> str:
    if isinstance(model, (tuple, list)) and any(map(callable, model)):
        return "the model is one of several things that came back. Return it alone: the check asks it for digits by itself."
    if isinstance(model, dl.History) or not callable(model):
        return look(model, 0, _GOAL)
    on_frames = dl.Sequential(lambda x: dl.Tensor(_framed(x)), model)
    used = operations(on_frames)
    if used and not any("conv" in name for name in used):
        return "there is no convolution in your network. Begin with dl.Conv2D(1, 16, 3, padding='same', activation=dl.relu, rng=rng)."
    said = look(on_frames, 0, _GOAL).replace("(N, 8, 8, 1)", "(N, 12, 12, 1)")
    if said:
        return said
    try:
        share = _read(model)
    except Exception as error:
        return (
            f"digits in their frames are read, but a sheet of 16 × 16 pixels is not taken: {type(error).__name__}: {error}\n"
            "Behind a Flatten each weight belongs to one place, and there are as many as one size of picture needs. "
            "What could be kept of each map, whatever its size, and wherever on it the digit lies?"
        )
    if share >= _GOAL:
        return ""
    return (
        f"digits in their frames are read, but anywhere on a sheet only {share:.0%} are. Something still depends on the place or on the "
        "size: a mean over 256 places is smaller than over 144, and a pooling of 2 does not follow every shift. The largest number of a map does."
    )


train_anywhere = Exercise(
    name="train_anywhere",
    blank_from="    model = ",
    solution=_ANYWHERE,
    cases=_cases,
    measure=lambda model, *_: not _look(model),
    diagnose=_look,
    goal=True,
    seconds=60,
    hints=(
        "A digit moved by some pixels gives maps moved by some pixels, with the same numbers in them. What of a map stays the same when it is moved?",
        "Its largest number. A plain function is a layer: lambda maps: maps.max(axis=(1, 2)) makes (N, F) of (N, H, W, F), for every H and W. Put it in place of pooling and Flatten.",
        'Two layers dl.Conv2D(…, 3, padding="same", activation=dl.relu), with 16 and 48 filters, then the largest of each map, then dl.Dense(48, 10). dl.Adam(…, 5e-3) and 4 epochs.',
    ),
    wrong=(
        Wrong(
            changes(_ANYWHERE, ("lambda maps: maps.max(axis=(1, 2))", "dl.Flatten()"), ("dl.Dense(48, 10", "dl.Dense(144 * 48, 10"), ("5e-3", "1e-3")),
            shows="Behind a Flatten each weight belongs to one place",
        ),
        Wrong(
            changes(_ANYWHERE, ("lambda maps: maps.max(axis=(1, 2))", "lambda maps: maps[:, 4:8, 4:8].reshape(len(maps), 16 * 48)"), ("dl.Dense(48, 10", "dl.Dense(16 * 48, 10"), ("5e-3", "2e-3")),
            shows="anywhere on a sheet only",
        ),
        change(_ANYWHERE, "5e-3", "5e-8", shows="about as good as guessing"),
        change(_ANYWHERE, "        lambda maps: maps.max(axis=(1, 2)),\n", "", shows="cross_entropy"),
        change(_ANYWHERE, "5e-3", "5.0", shows="It says the same of every digit"),
        change(_ANYWHERE, "    dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=4, batch_size=32, rng=rng, progress=False)\n    return model\n", "    return train\n", shows="a trained model is expected, and this came back: Dataset("),
        Wrong(
            changes(
                _ANYWHERE, ('        dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng),\n', ""),
                ('        dl.Conv2D(16, 48, 3, padding="same", activation=dl.relu, rng=rng),\n', ""),
                ("lambda maps: maps.max(axis=(1, 2))", "dl.Flatten()"), ("dl.Dense(48, 10", "dl.Dense(144, 10"),
            ),
            shows="there is no convolution in your network",
        ),
        change(_ANYWHERE, "axis=(1, 2)", "axis=(1, 3)", shows="but the layer was made for 48"),
    ),
    praise="The answer stays where the digit does not, and that by the wiring: it no longer knows where, and need not.",
)  # fmt: skip

EXERCISES = Lesson([receptive_field, causal, train_anywhere])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
