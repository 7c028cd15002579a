"""TensorExplorer: what indexing, reshaping and arithmetic do to a photograph. Two shapes alone: tensors_broadcast.py."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.measured import photograph
from dlcourse.errors import ArgumentError, CourseError
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state
from dlcourse.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ERROR", "TensorExplorer", "TensorResult"]

Shape = tuple[int, ...]
ERROR = "an error"
"""What an option says where there is no shape."""


@dataclass(frozen=True)
class Operation:
    """One thing to do with the array: its code, and shapes that one might think come out."""

    code: Callable[[Shape, int, int], str]
    """From the array's shape and a chosen row and column to an expression in x and np."""
    wrong: Callable[[Shape], list[Any]]
    """Tempting wrong answers for an array of this shape, (H, W, …)."""


def _sizes(shape: Shape) -> tuple[int, int, int]:
    """Height, width and channels; 1 where there is no such axis."""
    h, w, c = (*shape, 1, 1, 1)[:3]
    return h, w, c


LINES = 10
"""Lines of numbers for which there is room."""
OPERATIONS: dict[str, Operation] = {
    "one pixel": Operation(
        lambda s, r, c: f"x[{r}, {c}]", lambda s: [(1, 1, *s[2:]), (), (*s[:1], *s[2:]), ERROR]
    ),
    "one row": Operation(lambda s, r, c: f"x[{r}]", lambda s: [(1, *s[1:]), (s[0], *s[2:]), s, ERROR]),
    "one colour": Operation(lambda s, r, c: "x[:, :, 0]", lambda s: [(*s[:2], 1), s, (*s[2:], *s[:1]), ERROR]),
    "every 4th pixel": Operation(
        lambda s, r, c: "x[::4, ::4]", lambda s: [(s[0] // 4, *[n // 4 for n in s[1:2]], *s[2:]), (4, 4, *s[2:]), s]
    ),
    "a new axis in front": Operation(lambda s, r, c: "x[None]", lambda s: [s, (*s, 1), (0, *s), ERROR]),
    "pixels as rows": Operation(
        lambda s, r, c: f"x.reshape(-1, {_sizes(s)[2]})",
        lambda s: [(s[0], int(np.prod(s[1:]))), (_sizes(s)[2], int(np.prod(s[:2]))), (-1, _sizes(s)[2]), ERROR],
    ),
    "reshape, width first": Operation(
        lambda s, r, c: f"x.reshape{(_sizes(s)[1], _sizes(s)[0], *s[2:])}", lambda s: [s, tuple(reversed(s)), ERROR]
    ),
    "transpose, width first": Operation(
        lambda s, r, c: f"x.transpose{(1, 0, *range(2, len(s)))}", lambda s: [s, tuple(reversed(s)), ERROR]
    ),
    "all axes turned round": Operation(
        lambda s, r, c: "x.T", lambda s: [s, (*s[1:2], *s[:1], *s[2:]), (*s[-1:], *s[:-1]), ERROR]
    ),
    "reshape without a third axis": Operation(
        lambda s, r, c: f"x.reshape{_sizes(s)[:2]}", lambda s: [s[:2], s, (*s[:2], 1), ERROR]
    ),
    "mean colour": Operation(
        lambda s, r, c: "x.mean(axis=(0, 1))", lambda s: [s[:2], (), (1, 1, *s[2:]), ERROR]
    ),
    "mean of the colours": Operation(lambda s, r, c: "x.mean(axis=2)", lambda s: [(*s[:2], 1), s[2:], s, ERROR]),
    "minus the mean colour": Operation(
        lambda s, r, c: "x - x.mean(axis=(0, 1))", lambda s: [s[2:], (*s, *s[2:]), s[:2], ERROR]
    ),
    "times a ramp": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)",
        lambda s: [s, (*s, *s[:1]), s[:1], ERROR],
    ),
    "times a ramp with axes": Operation(
        lambda s, r, c: f"x * np.linspace(0, 1, {s[0] if s else 1}, dtype=np.float32)[:, None, None]",
        lambda s: [(*s[:1], 1, 1), (*s, 1, 1), s[:1], ERROR],
    ),
}  # fmt: skip


@lru_cache(maxsize=1)
def _photo() -> Array:
    return photograph("china")


@dataclass(frozen=True)
class TensorResult:
    """What the operation gave: an array, or the library's own error."""

    expression: str
    pixel: Array
    array: Array | None
    message: str
    view: bool
    """Whether the result is a view: it shows the same memory, and takes none of its own."""
    options: tuple[Any, ...]

    @property
    def answer(self) -> Any:
        """The right one of the options."""
        return ERROR if self.array is None else self.array.shape


@dataclass(frozen=True, eq=False)
class TensorExplorer(Widget):
    """Guess the shape of an expression, then see it.

    Parameters
    ----------
    array : array, optional
        Your own, with at least two axes; a photograph of shape (427, 640, 3) otherwise.

    Examples
    --------
    >>> TensorExplorer(operation="pixels as rows").compute().answer
    (273280, 3)
    """

    title: ClassVar[str] = "Tensor explorer"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.2)

    operation: str = choice("one row", tuple(OPERATIONS), label="operation")
    down: int = slider(60, 0, 99, label="% down")
    across: int = slider(50, 0, 99, label="% across")
    guess: tuple[str, int] = state(("", 0))
    array: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.array is not None:
            own = Tensor(self.array).data
            if own.ndim < 2 or not own.size:
                raise ArgumentError(
                    f"TensorExplorer: an array with at least two axes is wanted, (H, W) or (H, W, C); yours has shape {own.shape}."
                )
            object.__setattr__(self, "array", own)
        if self.prediction and self.guess == ("", 0):
            said = [str(option) for option in self.compute().options]
            if self.prediction in said:
                object.__setattr__(self, "guess", (self.operation, said.index(self.prediction)))

    def x(self) -> Array:
        """The array that is explored."""
        return _photo() if self.array is None else self.array

    def place(self) -> tuple[int, int]:
        """Row and column of the chosen pixel."""
        h, w = self.x().shape[:2]
        return self.down * h // 100, self.across * w // 100

    def expression(self) -> str:
        """The operation as code, x being the array."""
        return OPERATIONS[self.operation].code(self.x().shape, *self.place())

    def guessed(self) -> bool:
        """Whether the shape of this operation has been guessed."""
        return self.guess[0] == self.operation

    def compute(self) -> TensorResult:
        x, expression = self.x(), self.expression()
        array, message = None, ""
        try:
            # The expressions are those of OPERATIONS, and nothing else.
            array = eval(expression, {"__builtins__": {}}, {"x": Tensor(x), "np": np}).data
        except CourseError as error:
            message = f"{type(error).__name__}: {error}"
        view = array is not None and bool(np.shares_memory(array, x))
        answer: Any = ERROR if array is None else array.shape
        return TensorResult(expression, x[self.place()], array, message, view, self._options(answer))

    def _options(self, answer: Any) -> tuple[Any, ...]:
        """Four answers, the right one among them, in an order that tells nothing."""
        wrong = [
            option for option in dict.fromkeys(OPERATIONS[self.operation].wrong(self.x().shape)) if option != answer
        ]
        options = [*wrong[:3]]
        options.insert(sum(map(ord, self.operation)) % (len(options) + 1), answer)
        return tuple(options)

    # Picture

    def background(self) -> Hashable:
        return id(self.array)

    def draw(self, figure: Figure) -> dict[str, Any]:
        narrow = figure.get_figwidth() < 5.5
        places = {
            "photo": (0.03, 0.655, 0.50, 0.29) if narrow else (0.015, 0.45, 0.33, 0.46),
            "pixel": (0.60, 0.70, 0.36, 0.17) if narrow else (0.06, 0.10, 0.28, 0.21),
            "guess": (0.03, 0.375, 0.94, 0.21) if narrow else (0.37, 0.06, 0.26, 0.70),
            "result": (0.20, 0.02, 0.60, 0.27) if narrow else (0.66, 0.10, 0.325, 0.66),
        }
        photo, pixel, guess, result = (figure.add_axes(place, label=name) for name, place in places.items())
        x = self.x()
        shown = _picture(x)
        height, width = x.shape[:2]
        if shown is not None:
            # Shown thinned out, and pointed at in pixels of the whole.
            extent = (-0.5, width - 0.5, height - 0.5, -0.5)
            photo.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="antialiased", extent=extent)
            photo.set_anchor("NW")
        photo.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
        name = "the photograph" if self.array is None else "your array"
        photo.set_title(f"x: {name}, shape {x.shape}", fontsize=8.5 if narrow else 9)
        for axes in (photo, guess, result):
            axes.set(xticks=[], yticks=[])
        for axes in (guess, result):
            style.quiet(axes, left=False, bottom=False)
        guess.set(xlim=(0, 1), ylim=(4, 0))
        bars = []
        channels = min(_sizes(x.shape)[2], 3)
        names, colours = ("r", "g", "b")[:channels], ("VERMILLION", "GREEN", "BLUE")
        for row in range(channels):
            bars.append(pixel.plot([], [], color=style.colour(colours[row]), linewidth=9, solid_capstyle="butt")[0])
        pixel.set(xlim=(0, 1), ylim=(channels - 0.4, -0.6), xticks=[0, 0.5, 1])
        style.quiet(pixel, left=False)
        pixel.set_yticks(range(channels), names if channels == 3 else [""] * channels)
        pixel.tick_params(axis="y", length=0)
        (cross,) = photo.plot([], [], "+", color="white", markersize=15, markeredgewidth=3.2)
        (inner,) = photo.plot([], [], "+", color="black", markersize=13, markeredgewidth=1.2)
        image = result.imshow(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
        head = (0.03, 0.635) if narrow else (0.37, 0.935)
        return {
            "bars": bars, "cross": cross, "inner": inner, "image": image,
            "pixel": pixel.text(0, 1.08, "", transform=pixel.transAxes, fontsize=8, va="bottom"),
            "code": figure.text(*head, "", va="top", family="DejaVu Sans Mono", fontsize=9.5, fontweight="bold"),
            "options": [guess.text(0.02, row + 0.5, "", fontsize=9.5, va="center") for row in range(4)],
            "title": result.text(0, 1.04, "", transform=result.transAxes, fontsize=8.5, va="bottom", linespacing=1.3),
            "words": result.text(0.5, 0.5, "", transform=result.transAxes, fontsize=8.5, ha="center", va="center"),
        }  # fmt: skip

    def paint(self, artists: dict[str, Any], result: TensorResult) -> None:
        row, column = self.place()
        for name in ("cross", "inner"):
            artists[name].set_data([column], [row])
        values = np.ravel(result.pixel)[: len(artists["bars"])]
        for i, (bar, value) in enumerate(zip(artists["bars"], values, strict=True)):
            bar.set_data([0, np.clip(value, 0, 1)], [i, i])
        gap = " " if artists["pixel"].figure.get_figwidth() > 5.5 else "\n"
        artists["pixel"].set_text(f"x[{row}, {column}] ={gap}{_pixel(result.pixel)}")
        width = 25 if artists["code"].figure.get_figwidth() > 5.5 else 42
        artists["code"].set_text("\n".join(textwrap.wrap(result.expression, width)))
        for i, text in enumerate(artists["options"]):
            text.set_text(self._option_text(result, i))
            right = self.guessed() and i < len(result.options) and result.options[i] == result.answer
            text.set_fontweight("bold" if right else "normal")
        self._paint_result(artists, result)

    def _option_text(self, result: TensorResult, i: int) -> str:
        if i >= len(result.options):
            return ""
        mark = "   "
        if self.guessed():
            chosen = i == self.guess[1]
            right = result.options[i] == result.answer
            mark = "✓ " if right else "✗ " if chosen else "   "
        return f"{mark}{i + 1}:  {result.options[i]}"

    def _paint_result(self, artists: dict[str, Any], result: TensorResult) -> None:
        shown = None if result.array is None or not self.guessed() else _picture(_one_of_a_batch(result.array))
        artists["image"].set_visible(shown is not None)
        if shown is not None:
            artists["image"].set_data(shown)
            artists["image"].set_extent((0, shown.shape[1], shown.shape[0], 0))
            _letterbox(artists["image"].axes, *shown.shape[:2])
        artists["title"].set_text("")
        if not self.guessed():
            artists["words"].set_text("Which shape comes out?\n\nClick a line,\nor press its number.")
        elif result.array is None:
            artists["words"].set_text("\n".join(textwrap.wrap(result.message, 34)))
        else:
            artists["title"].set_text(f"{result.array.shape}\n{_memory(result)}")
            artists["words"].set_text("" if shown is not None else _numbers(result.array))

    def describe(self, result: TensorResult) -> str:
        row, column = self.place()
        name = "The photograph" if self.array is None else "Your array"
        head = f"{name} x has shape {self.x().shape}; pixel x[{row}, {column}] is {_pixel(result.pixel)}. "
        options = ", ".join(f"{i + 1}: {option}" for i, option in enumerate(result.options))
        if not self.guessed():
            return head + f"What is the shape of {result.expression}? {options}."
        said = result.options[min(self.guess[1], len(result.options) - 1)]
        verdict = "Right" if said == result.answer else f"You said {said}"
        if result.array is None:
            return head + f"{verdict}: {result.expression} is an error. {result.message[:330]}"
        return head + f"{verdict}: {result.expression} has shape {result.answer}, {_memory(result)}."

    # Code

    def code(self) -> str:
        x = 'dl.data.photograph("china")' if self.array is None else "array"
        expression = self.expression()
        lines = f"import numpy as np\nimport dlcourse as dl\n\nx = dl.Tensor({x})\n"
        if self.compute().array is None:
            return lines + (
                "failed = False\ntry:\n"
                f"    {expression}\n"
                "except dl.errors.CourseError as error:\n"
                "    failed = True\n    print(f'{type(error).__name__}: {error}')\n"
            )
        return lines + (
            f"y = {expression}\nshape, megabytes = y.shape, y.data.nbytes / 1_000_000\n"
            "view = np.shares_memory(x.data, y.data)  # the same memory, seen in another way?\n"
            "print(shape, round(megabytes, 3), 'MB', 'a view' if view else 'its own memory')\n"
        )

    def code_results(self, result: TensorResult) -> dict[str, Any]:
        if result.array is None:
            return {"failed": True}
        return {"shape": result.array.shape, "megabytes": result.array.nbytes / 1_000_000, "view": result.view}

    # Hand

    def answered(self, number: int) -> Self:
        """With the option of this number chosen, counted from 0."""
        if self.guessed() or not 0 <= number < len(self.compute().options):
            return self
        return self.replace(guess=(self.operation, number))

    def pointer(self, event: Pointer) -> Self:
        if event.axes == "guess" and event.kind == "down":
            return self.answered(int(event.y))
        if event.axes == "photo" and event.kind in ("down", "drag"):
            h, w = self.x().shape[:2]
            return self.replace(down=int(100 * (event.y + 0.5) / h), across=int(100 * (event.x + 0.5) / w))
        return self

    def key(self, key: str) -> Self:
        if key in ("1", "2", "3", "4"):
            return self.answered(int(key) - 1)
        step = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}.get(key)
        return self if step is None else self.replace(down=self.down + step[0], across=self.across + step[1])

    @action("Next operation")
    def next_operation(self) -> Self:
        """Go on to the next one in the list."""
        names = list(OPERATIONS)
        return self.replace(operation=names[(names.index(self.operation) + 1) % len(names)])


def _picture(array: Array) -> Array | None:
    """What can be shown as an image: (H, W), or (H, W, 3); None for anything else. Large ones are thinned out."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    image = (array.ndim == 3 and array.shape[2] == 3) or array.ndim == 2
    if not image or min(array.shape[:2]) < 8 or max(array.shape[:2]) > 12 * min(array.shape[:2]):
        return None
    thin = max(1, max(array.shape[:2]) // 240)
    return np.clip(array[::thin, ::thin], 0, 1)


def _one_of_a_batch(array: Array) -> Array:
    """The picture in a batch of one."""
    return array[0] if array.ndim == 4 and len(array) == 1 else array


def _letterbox(axes: Any, height: int, width: int) -> None:
    """Limits that show an image of this size whole and undistorted, at the top of the axes."""
    box = axes.get_window_extent()
    scale = min(box.width / width, box.height / height)
    axes.set(xlim=(0, box.width / scale), ylim=(box.height / scale, 0))


def _pixel(pixel: Array) -> str:
    """As on the slide: [r=0.45 g=0.84 b=0.76]."""
    values = np.ravel(pixel)
    if values.size == 3:
        return "[" + " ".join(f"{name}={value:.2f}" for name, value in zip("rgb", values, strict=True)) + "]"
    return np.array2string(values[:4], precision=2, threshold=4)


def _numbers(array: Array) -> str:
    """The corners of an array, in as many lines as there is room for."""
    lines = np.array2string(array, precision=2, threshold=6, edgeitems=2, max_line_width=34).split("\n")
    return "\n".join(lines if len(lines) <= LINES else [*lines[: LINES - 5], "", "…", "", *lines[-2:]])


def _memory(result: TensorResult) -> str:
    if result.array is None:
        return ""
    if result.view:
        return "a view: no memory of its own"
    size = result.array.nbytes
    return f"{size / 1e6:.2f} MB of its own" if size >= 10_000 else f"{size} bytes of its own"
