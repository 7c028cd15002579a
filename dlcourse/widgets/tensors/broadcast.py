"""Broadcast: how two shapes are brought together, and which axis forbids it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np

from dlcourse.errors import ArgumentError, CourseError, counted
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.widget import Pointer, Widget, action, choice, state
from dlcourse.ops.elementwise import add
from dlcourse.widgets.tensors.guessing import ERROR, Shape, draw_options, listed, paint_options, verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon
    from matplotlib.text import Text

__all__ = ["Artists", "Broadcast", "BroadcastResult"]

Sizes = tuple[int | None, int | None, int | None]
"""Sizes of one axis of a, of b, and of the sum; None where there is no axis, or no sum."""
MOST = 5
"""Axes of the longest shape."""
SHAPES: dict[str, Shape] = {
    str(shape): shape
    for shape in (
        (), (3,), (4,), (4, 1), (1, 3), (4, 3), (3, 4), (2, 4, 3), (2, 1, 3), (64,), (32, 64), (32, 1), (32,),
        (640, 3), (427, 1, 1), (427,), (427, 640, 3),
    )
}  # fmt: skip
PAIRS = (
    ("(4, 1)", "(3,)"), ("(427, 640, 3)", "(3,)"), ("(427, 640, 3)", "(427,)"), ("(427, 640, 3)", "(427, 1, 1)"),
    ("(32, 64)", "(64,)"), ("(32, 64)", "(32,)"), ("(32, 64)", "(32, 1)"), ("(32, 1)", "(32,)"),
    ("(2, 1, 3)", "(4, 3)"), ("(2, 4, 3)", "(4,)"), ("(4, 3)", "()"),
)  # fmt: skip
"""What "Next pair" goes through."""


@dataclass(frozen=True)
class BroadcastResult:
    """The common shape, or the library's own error, and for each axis from the left what happens to it."""

    shape: Shape | None
    message: str
    columns: tuple[Sizes, ...]
    options: tuple[Any, ...]
    """Answers to choose from."""

    @property
    def answer(self) -> Any:
        """The right one of the options."""
        return ERROR if self.shape is None else self.shape


def bring_together(a: Shape, b: Shape) -> BroadcastResult:
    """Add two arrays of these shapes, and say what happens to each axis.

    Examples
    --------
    >>> bring_together((4, 1), (3,)).columns
    ((4, None, 4), (1, 3, 3))
    """
    shape, message = None, ""
    try:
        shape = add(np.zeros(a, np.uint8), np.zeros(b, np.uint8)).shape
    except CourseError as error:
        message = f"{type(error).__name__}: {error}"
    axes = max(len(a), len(b))
    columns = []
    for i in range(axes):
        sizes = [s[i - axes + len(s)] if i - axes + len(s) >= 0 else None for s in (a, b)]
        columns.append((sizes[0], sizes[1], None if shape is None else shape[i]))
    options = _options(a, b, ERROR if shape is None else shape)
    return BroadcastResult(shape=shape, message=message, columns=tuple(columns), options=options)


def _options(a: Shape, b: Shape, answer: Any) -> tuple[Any, ...]:
    """Four answers, the right one and the error among them, in an order that gives nothing away."""
    tempting = [_from_the_left(a, b), (*a, *b), a, b, (*a[:-1], *b[-1:]), (1,), (2,)]
    wrong = [shape for shape in dict.fromkeys(tempting) if shape != answer and shape is not None and len(shape) <= MOST]
    options = [*wrong[: 3 if answer == ERROR else 2], *([] if answer == ERROR else [ERROR])]
    options.insert((sum(a) + 2 * sum(b) + len(a)) % (len(options) + 1), answer)
    return tuple(options)


def _from_the_left(a: Shape, b: Shape) -> Shape | None:
    """What would come out if shapes were aligned at their first axes: what many expect."""
    n = max(len(a), len(b))
    pairs = list(zip(a + (1,) * (n - len(a)), b + (1,) * (n - len(b)), strict=True))
    fits = all(i == j or 1 in (i, j) for i, j in pairs)
    return tuple(j if i == 1 else i for i, j in pairs) if fits else None


@dataclass(frozen=True)
class Artists:
    """What moves; boxes and texts have a row of five for a, for b, and for the sum."""

    boxes: list[Polygon]
    texts: list[Text]
    rows: list[Text]
    names: list[Text]
    options: list[Text]
    words: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Text]:
    """Where the boxes, the answers and the words are."""
    narrow = is_narrow(figure)
    boxes = figure.add_axes((0.03, 0.50, 0.95, 0.49) if narrow else (0.31, 0.26, 0.68, 0.73), label="boxes")
    guess = figure.add_axes((0.03, 0.22, 0.94, 0.24) if narrow else (0.015, 0.24, 0.28, 0.62), label="guess")
    if not narrow:
        figure.text(0.02, 0.9, "The shape of a + b?", fontsize=9.5, fontweight="bold")
    return boxes, guess, figure.text(0.03, 0.19 if narrow else 0.20, "", fontsize=9, va="top", linespacing=1.3)


@dataclass(frozen=True, eq=False)
class Broadcast(Widget):
    """Guess the shape of a sum, then see two shapes aligned at their last axes: what is stretched, and what cannot be.

    Parameters
    ----------
    own_a, own_b : tuple of int, optional
        Your own shapes, chosen with ``a="yours"`` and ``b="yours"``.

    Examples
    --------
    >>> Broadcast(a="(4, 1)", b="(3,)").compute().shape
    (4, 3)
    """

    title: ClassVar[str] = "Broadcast"
    size: ClassVar[tuple[float, float]] = (7.2, 2.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 4.5)

    a: str = choice("(4, 1)", (*SHAPES, "yours"), label="shape of a")
    b: str = choice("(3,)", (*SHAPES, "yours"), label="shape of b")
    guess: tuple[Shape, Shape, int] | None = state(None)
    """For which two shapes an answer was given, and its number, counted from 0."""
    own_a: Shape = state((6, 1))
    own_b: Shape = state((5,))

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("own_a", "own_b"):
            shape = getattr(self, name)
            whole = isinstance(shape, tuple) and all(isinstance(n, (int, np.integer)) and 0 < n < 10_000 for n in shape)
            if not whole or len(shape) > MOST or int(np.prod(shape)) > 2_000_000:
                raise ArgumentError(
                    f"Broadcast: {name} should be a shape, a tuple of up to five whole numbers such as (4, 1), not {shape!r}."
                )
        if self.prediction and self.guess is None:
            options = [str(option) for option in self.compute().options]
            if self.prediction in options:
                object.__setattr__(self, "guess", (*self.shapes, options.index(self.prediction)))

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        """The two shapes."""
        a = self.own_a if self.a == "yours" else SHAPES[self.a]
        b = self.own_b if self.b == "yours" else SHAPES[self.b]
        return a, b

    @property
    def chosen(self) -> int | None:
        """Number of the option that was chosen for these two shapes."""
        return self.guess[2] if self.guess is not None and self.guess[:2] == self.shapes else None

    @property
    def guessed(self) -> bool:
        """Whether an answer was given for these two shapes."""
        return self.chosen is not None

    def compute(self) -> BroadcastResult:
        return bring_together(*self.shapes)

    # Picture

    def draw(self, figure: Figure) -> Artists:
        axes, guess, words = panels(figure)
        axes.set(xlim=(-1.15, 5.02), ylim=(3, -0.35), xticks=[], yticks=[])
        options = draw_options(guess)
        for panel in (axes, guess):
            style.quiet(panel, left=False, bottom=False)
        boxes, texts = [], []
        for row in range(3):
            for column in range(MOST):
                x = np.array([0.05, 0.95, 0.95, 0.05, 0.05]) + column
                y = np.array([0.12, 0.12, 0.88, 0.88, 0.12]) + row
                boxes.extend(axes.fill(x, y, linewidth=1.5))
                texts.append(axes.text(column + 0.5, row + 0.5, "", ha="center", va="center", fontsize=11))
        return Artists(
            boxes=boxes,
            texts=texts,
            rows=[
                axes.text(0, i + 0.5, name, ha="right", va="center", fontsize=11, fontweight="bold")
                for i, name in enumerate(("a", "b", "a + b"))
            ],
            names=[axes.text(i + 0.5, -0.1, "", ha="center", va="center", fontsize=8) for i in range(MOST)],
            options=options,
            words=words,
        )

    def paint(self, artists: Artists, result: BroadcastResult) -> None:
        axes = len(result.columns)
        for text in artists.rows:
            text.set_x(MOST - axes - 0.15)
        for column in range(MOST):
            i = column - (MOST - axes)
            artists.names[column].set_text(f"axis {i - axes}" if i >= 0 else "")
            sizes = result.columns[i] if i >= 0 else None
            for row in range(3):
                place = MOST * row + column
                _paint_box(artists.boxes[place], artists.texts[place], row, sizes, known=self.guessed)
        paint_options(artists.options, result.options, result.answer, self.chosen)
        width = 60 if is_narrow(cast("Figure", artists.words.figure)) else 100
        artists.words.set_text("\n".join(textwrap.wrap(self._explained(result), width)))

    def _explained(self, result: BroadcastResult) -> str:
        if not self.guessed:
            return "Click the line of your answer, or press its number."
        if result.shape is None:
            return result.message
        return "Aligned at the right. A 1, or a missing axis, is stretched (orange); equal sizes stay."

    def describe(self, result: BroadcastResult) -> str:
        a, b = self.shapes
        head = f"a has shape {a}, b has shape {b}"
        if self.chosen is None:
            return f"{head}. Which shape has a + b? {listed(result.options)}."
        head += f". {verdict(result.options, result.answer, self.chosen)}: "
        if result.shape is None:
            return f"{head}they do not fit. {result.message}"
        return f"{head}a + b has shape {result.shape}, {counted(int(np.prod(result.shape)), 'number')}."

    def code(self) -> str:
        a, b = self.shapes
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"a, b = np.zeros({a}, np.uint8), np.zeros({b}, np.uint8)\nfits = True\n"
            "try:\n    shape = dl.add(a, b).shape\n    print(shape)\n"
            "except dl.errors.CourseError as error:\n"
            "    fits = False\n    print(f'{type(error).__name__}: {error}')\n"
        )

    def code_results(self, result: BroadcastResult) -> dict[str, Any]:
        return {"fits": False} if result.shape is None else {"fits": True, "shape": result.shape}

    # Hand

    def answered(self, number: int) -> Self:
        """With the option of this number chosen, counted from 0; the first answer for a pair counts."""
        if self.guessed or not 0 <= number < len(self.compute().options):
            return self
        return self.replace(guess=(*self.shapes, number))

    @action("Next pair")
    def next_pair(self) -> Self:
        """Two other shapes to guess."""
        here = PAIRS.index((self.a, self.b)) if (self.a, self.b) in PAIRS else -1
        a, b = PAIRS[(here + 1) % len(PAIRS)]
        return self.replace(a=a, b=b)

    @action("Swap")
    def swap(self) -> Self:
        """Exchange the two shapes."""
        return self.replace(a=self.b, b=self.a, own_a=self.own_b, own_b=self.own_a)

    def pointer(self, event: Pointer) -> Self:
        return self.answered(int(event.y)) if event.axes == "guess" and event.kind == "down" else self

    def key(self, key: str) -> Self:
        return self.answered(int(key) - 1) if key in ("1", "2", "3", "4") else self


def _paint_box(box: Polygon, text: Text, row: int, sizes: Sizes | None, *, known: bool) -> None:
    """One square: the size of an axis, what it is stretched to, or the clash; nothing where there is no axis."""
    if sizes is None:
        box.set_visible(False)
        text.set_text("")
        return
    given = [size for size in sizes[:2] if size is not None]
    clash = len(given) == 2 and given[0] != given[1] and 1 not in given
    size, goal = sizes[row], sizes[2]
    label, edge = "" if size is None else str(size), style.colour("BLUE")
    if row == 2:
        label = "?" if not known else "✗" if clash else label
        edge = style.faint() if not known or size is None else style.colour("GREEN")
    elif known and clash:
        label, edge = f"{size} ≠", style.colour("VERMILLION")
    elif known and goal is not None and size != goal:
        label, edge = (f"+ {goal}" if size is None else f"{size} → {goal}"), style.colour("ORANGE")
    box.set(edgecolor=edge, facecolor="none", visible=bool(label))
    text.set_text(label)
