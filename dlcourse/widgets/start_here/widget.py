"""Lesson 00: DigitPad, a pad to draw digits on, read by a network that the learner trained.

The picture that the network sees is made as the digits of `dl.data.digits()` were made: ink on 32×32 pixels, scaled to
full height, centred horizontally, counted in blocks of 4×4 pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DigitPad", "ink_from_image", "ink_from_strokes", "picture_from_ink", "picture_from_strokes"]

Array = NDArray[Any]
Stroke = tuple[tuple[float, float], ...]
Strokes = tuple[Stroke, ...]

SIDE = 32
"""Pixels on each side of the pad."""
WIDEST = 24.0
"""Wider drawings are squeezed: nearly all digits of the data set stay inside their middle 24 columns."""
INKED = 345
"""Pixels of 1024 that the pen inks. In the data set it is 313 on average, whatever the digit (so a 1 is very bold)."""
PEN = (3.0, 9.0)
"""Thinnest and boldest pen, in pixels, that may be taken to get there."""


# From strokes to the picture that the network sees ---------------------------------------------------------------


def ink_from_strokes(strokes: Sequence[Sequence[tuple[float, float]]], *, thickness: float = 1.0) -> Array:
    """Scale the strokes to full height, centre them, and ink them with a pen that makes them as bold as the data set.

    Parameters
    ----------
    strokes : sequence of strokes
        Each a sequence of (x, y), y downwards, in any unit.
    thickness : float
        The pen is this many times as wide as the data set asks for.

    Returns
    -------
    array of bool, shape (32, 32)
        Without strokes all False.

    Examples
    --------
    >>> ink_from_strokes([[(3, 1), (3, 5)]]).any(axis=1).all()  # full height
    np.True_
    """
    lines = [np.asarray(stroke, float).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not lines:
        return np.zeros((SIDE, SIDE), bool)
    points = np.vstack(lines)
    low, high = points.min(0), points.max(0)
    pen = 5.0
    for attempt in range(3):
        scale = _scale(high - low, pen)
        distance = _distance([(line - (low + high) / 2) * scale + SIDE / 2 for line in lines])
        if attempt < 2:
            enough = 2 * float(np.partition(distance.ravel(), INKED - 1)[INKED - 1])
            pen = float(np.clip(enough, *PEN)) * thickness
    return distance <= pen / 2


def _scale(size: Array, pen: float) -> Array:
    """How much wider and higher: to full height, 24 columns wide at most, and a flat line does not become a square."""
    width, height = float(size[0]), float(size[1])
    if max(width, height) < 0.5:  # a dot stays a dot
        return np.ones(2)
    across = (WIDEST - pen) / max(width, 1e-9)
    up = min((SIDE - pen) / max(height, 1e-9), 3 * across)
    return np.array([min(up, across), up])


def _distance(lines: list[Array]) -> Array:
    """Distance of each pixel's centre from the nearest line, shape (32, 32)."""
    thinned = []
    for line in lines:
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        keep = np.flatnonzero(np.diff(np.floor(length / 0.7), prepend=-1.0))
        thinned.append(line[np.append(keep, len(line) - 1)])
    start = np.vstack([line[:-1] for line in thinned])
    along = np.vstack([np.diff(line, axis=0) for line in thinned])
    centre = np.arange(SIDE) + 0.5
    x, y = centre[None, :, None] - start[:, 0], centre[:, None, None] - start[:, 1]  # (1, 32, S), (32, 1, S)
    share = (x * along[:, 0] + y * along[:, 1]) / np.maximum((along**2).sum(1), 1e-12)
    share = np.clip(share, 0, 1)
    squared = (x - share * along[:, 0]) ** 2 + (y - share * along[:, 1]) ** 2
    return np.asarray(np.sqrt(squared.min(axis=2)))


def ink_from_image(image: Any) -> Array:
    """32×32 pixels of ink for an image of 8×8 counts, or for a larger one.

    An image of 8×8 is taken to be of the data set's kind, finished, and is inked so that counting gives it back. A
    larger one is inked where it is above half of its largest value, cut out, scaled to full height and centred.

    Parameters
    ----------
    image : array, shape (8, 8), (8, 8, 1) or larger
        Brighter is more ink; 0…1 or, for 8×8, counts 0…16.

    Raises
    ------
    ShapeError
        If it is not one image.
    DataError
        If it has values below 0 or that are not finite.

    Examples
    --------
    >>> image = np.linspace(0, 16, 64).round().reshape(8, 8)
    >>> bool((picture_from_ink(ink_from_image(image))[:, :, 0] * 16 == image).all())
    True
    """
    values = np.asarray(image, float)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim != 2 or min(values.shape) < 8:
        raise ShapeError(
            f"DigitPad: an image has shape (H, W) = (8, 8) or larger, or (H, W, 1), not {np.shape(image)}. "
            "Is it a whole batch? digits.x[0] is one image."
        )
    if not np.isfinite(values).all() or (values < 0).any():
        raise DataError("DigitPad: the image has values below 0 or that are not numbers; it should be within 0…1.")
    if values.shape == (8, 8):
        counts = np.rint(values * (16 if values.max() <= 1 else 1)).astype(int)
        if counts.max() > 16:
            raise DataError(
                f"DigitPad: the image goes up to {values.max():g}; it should be within 0…1, or counts 0…16."
            )
        order = np.arange(16).reshape(4, 4)
        return np.asarray(order[None, :, None, :] < counts[:, None, :, None]).reshape(SIDE, SIDE)
    ink = values > values.max() / 2
    if not ink.any():
        return np.zeros((SIDE, SIDE), bool)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = min(max(round(ink.shape[1] * SIDE / ink.shape[0]), 1), SIDE)
    ink = ink[np.arange(SIDE) * ink.shape[0] // SIDE][:, np.arange(width) * ink.shape[1] // width]
    left = (SIDE - width) // 2
    return np.pad(ink, ((0, 0), (left, SIDE - width - left)))


def picture_from_ink(ink: Array) -> Array:
    """Count inked pixels in blocks of 4×4: bool (32, 32) -> float32 (8, 8, 1) in 0…1, 16 pixels being 1."""
    counts = ink.reshape(8, 4, 8, 4).sum(axis=(1, 3), dtype=np.float32)
    return np.asarray(counts / np.float32(16))[:, :, None]


def picture_from_strokes(strokes: Sequence[Sequence[tuple[float, float]]], *, thickness: float = 1.0) -> Array:
    """What the network sees of a drawing: strokes -> float32 (8, 8, 1) in 0…1, as in `dl.data.digits()`."""
    return picture_from_ink(ink_from_strokes(strokes, thickness=thickness))


# The pad ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DigitPadResult:
    """What the network sees and says."""

    ink: Array
    """bool (32, 32)"""
    picture: Array
    """float32 (8, 8, 1)"""
    probabilities: Array | None
    """(10,), None for an empty pad or where there is no network"""
    logits: bool
    """Whether the network gave logits (and not probabilities)."""


@dataclass(frozen=True, eq=False)
class DigitPad(Widget):
    """Draw a digit; a network that you trained says what it sees.

    Parameters
    ----------
    model : callable
        From images (N, 8, 8, 1) to logits, or probabilities, (N, 10): a trained model, or any function of yours.
    examples : Dataset, optional
        Where the real digits come from, `dl.data.digits()` if None.
    """

    title: ClassVar[str] = "Digit pad"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.8, 5.9)

    model: Callable[..., Any] | None = state(None)
    examples: Any = state(None)
    example: str = choice("none", ("none", *"0123456789"), label="load a real digit")
    which: int = slider(1, 1, 20, step=1, label="which of its kind", advanced=True)
    thickness: float = slider(1.0, 0.5, 1.6, step=0.05, label="pen thickness", advanced=True)
    strokes: Strokes = state(())
    image: Any = state(None)
    pen: tuple[float, float] = state((16.0, 4.0))
    writing: bool = state(False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and not callable(self.model):
            raise WrongTypeError(
                f"DigitPad: the model should be a network or a function from images (N, 8, 8, 1) to (N, 10), "
                f"not {self.model!r}. DigitPad(model) takes the one that you trained."
            )
        if self.image is not None:
            ink_from_image(self.image)

    def idle_controls(self) -> Collection[str]:
        """Without a digit of the data set there is none to choose from."""
        return ("which",) if self.example == "none" else ()

    # Numbers

    def loaded(self) -> Array | None:
        """The image under the strokes: 8×8 of the data set, or the learner's own."""
        if self.example == "none":
            return None if self.image is None else np.asarray(self.image)
        import dlcourse as dl

        data = dl.data.digits() if self.examples is None else self.examples
        found = np.flatnonzero(np.asarray(data.y) == int(self.example))
        if not len(found):
            raise DataError(f"DigitPad: the examples have no {self.example}. Give it a whole data set: examples=test.")
        return np.asarray(data.x[found[(self.which - 1) % len(found)]])

    def compute(self) -> DigitPadResult:
        under = self.loaded()
        if under is None:
            ink = ink_from_strokes(self.strokes, thickness=self.thickness)
        else:  # drawn over an image that has its size and place already
            ink = ink_from_image(under)
            lines = [np.asarray(stroke, float) for stroke in self.strokes]
            if lines:
                ink = ink | (_distance(lines) <= 2.0 * self.thickness)
        picture = picture_from_ink(ink)
        if self.model is None or not ink.any():
            return DigitPadResult(ink, picture, None, True)
        return DigitPadResult(ink, picture, *_ask(self.model, picture))

    # Picture

    def draw(self, figure: Figure) -> dict[str, Any]:
        from matplotlib.patches import Rectangle

        width, height = figure.get_size_inches()
        narrow = width < 5.5
        if narrow:
            side = 0.86 * width
            pad = figure.add_axes((0.07, 1 - (side + 0.3) / height, 0.86, side / height), label="pad")
            seen = figure.add_axes((0.07, 0.5 / height, 0.34, 0.34 * width / height), label="seen")
            bars = figure.add_axes((0.57, 0.16 / height, 0.3, 1.75 / height), label="bars")
        else:
            tall = 0.84
            pad = figure.add_axes((0.015, 0.06, tall * height / width, tall), label="pad")
            seen = figure.add_axes((0.455, 0.3, 0.2, 0.2 * width / height), label="seen")
            bars = figure.add_axes((0.71, 0.06, 0.2, tall), label="bars")
        pad.set(xlim=(0, SIDE), ylim=(SIDE, 0), xticks=[], yticks=[], aspect="equal")
        pad.set_title("draw here")
        frames = []
        for axes in (pad, seen):  # drawn over the images, which move and would cover the axes' own frame
            for spine in axes.spines.values():
                spine.set_visible(False)
            box = Rectangle((0, 0), 1, 1, transform=axes.transAxes, fill=False, edgecolor=style.faint(), clip_on=False)
            frames.append(axes.add_patch(box))
            box.set_zorder(5)
        for place in (8, 16, 24):
            pad.axhline(place, color=style.faint(), alpha=0.25, linewidth=0.6)
            pad.axvline(place, color=style.faint(), alpha=0.25, linewidth=0.6)
        seen.set(xticks=[], yticks=[])
        seen.set_title("what the network sees")
        bars.set(xlim=(0, 1), ylim=(9.6, -0.6), xticks=[], yticks=range(10))
        bars.set_title("what it says")
        bars.tick_params(length=0, labelsize=10)
        for side_name in ("top", "right", "bottom"):
            bars.spines[side_name].set_visible(False)

        pixels = pad.get_window_extent().height / SIDE * 72 / figure.dpi  # points per pixel of the pad
        from matplotlib.colors import LinearSegmentedColormap

        shades = LinearSegmentedColormap.from_list("ink", [style.paper(), style.ink()])
        under = pad.imshow(
            np.zeros((8, 8)), cmap=shades, vmin=0, vmax=1.6, extent=(0, SIDE, SIDE, 0), interpolation="nearest"
        )
        under.set_zorder(0)
        seen_image = seen.imshow(np.zeros((8, 8)), cmap=shades, vmin=0, vmax=1, interpolation="nearest")
        (lines,) = pad.plot([], [], color=style.ink(), solid_capstyle="round")
        lines.set_solid_joinstyle("round")
        (pen,) = pad.plot([], [], "o", markeredgecolor=style.colour("VERMILLION"), markeredgewidth=1.5)
        (pixel,) = pad.plot([], [], "s", markersize=pixels)  # how large a pixel of the pad is; nothing to see
        hint = pad.text(16, 16, "", ha="center", va="center", color=style.faint(), fontsize=10)
        boxes = [
            bars.add_patch(Rectangle((0, digit - 0.36), 0.0, 0.72, color=style.colour("SKY"))) for digit in range(10)
        ]
        numbers = [bars.text(0.0, digit, "", va="center", fontsize=9, clip_on=False) for digit in range(10)]
        pad.set(xlim=(0, SIDE), ylim=(SIDE, 0))
        return {
            "under": under, "seen": seen_image, "lines": lines, "pixel": pixel, "pen": pen, "hint": hint, "boxes": boxes, "frames": frames,
            "numbers": numbers,
        }  # fmt: skip

    def paint(self, artists: dict[str, Any], result: DigitPadResult) -> None:
        under = self.loaded()
        artists["under"].set_data(
            np.zeros((8, 8)) if under is None else picture_from_ink(ink_from_image(under))[:, :, 0]
        )
        artists["under"].set_visible(under is not None)
        gap = ((np.nan, np.nan),)
        points = np.array([point for stroke in self.strokes for point in (*stroke, stroke[-1], *gap)]).reshape(-1, 2)
        artists["lines"].set_data(points[:, 0], points[:, 1])
        artists["lines"].set_linewidth(artists["pixel"].get_markersize() * 3 * self.thickness)
        artists["pen"].set_data([self.pen[0]], [self.pen[1]])
        artists["pen"].set_markersize(artists["pixel"].get_markersize() * 3 * self.thickness)
        artists["pen"].set_markerfacecolor(style.colour("VERMILLION") if self.writing else "none")
        empty = not result.ink.any()
        artists["hint"].set_text("an empty pad\n\ndraw with mouse, finger, or\narrow keys and space" if empty else "")
        artists["seen"].set_data(result.picture[:, :, 0])
        p = result.probabilities
        best = -1 if p is None else int(np.argmax(p))
        for digit, (box, number) in enumerate(zip(artists["boxes"], artists["numbers"], strict=True)):
            value = 0.0 if p is None else float(p[digit])
            box.set_width(value)
            box.set_color(style.colour("BLUE") if digit == best else style.colour("SKY"))
            number.set_x(value + 0.04)
            number.set_text(f"{value:.2f}" if value >= 0.005 else "")
            number.set_fontweight("bold" if digit == best else "normal")

    def describe(self, result: DigitPadResult) -> str:
        pen = " The pen is down." if self.writing else ""
        if self.thickness != 1:
            pen += f" The pen is {self.thickness:.2f} times as thick as the data set's."
        if not result.ink.any():
            return (
                "The pad is empty, so there is nothing to recognize and no probability to give. "
                f"Draw a digit with mouse or finger, or with the arrow keys and the space bar.{pen}"
            )
        drawn = f"{len(self.strokes)} stroke{'' if len(self.strokes) == 1 else 's'}"
        if self.loaded() is not None:
            what = "your image" if self.example == "none" else f"a real {self.example} (number {self.which})"
            drawn = f"{what} and {drawn} over it" if self.strokes else what
        if result.probabilities is None:
            return (
                f"On the pad: {drawn}. There is no network to read it: DigitPad(model) takes the one you trained.{pen}"
            )
        order = np.argsort(result.probabilities)[::-1]
        first, second = result.probabilities[order[0]], result.probabilities[order[1]]
        return (
            f"On the pad: {drawn}. The network says {order[0]}, with probability {first:.2f}; "
            f"its second choice is {order[1]}, with {second:.2f}.{pen}"
        )

    # Code

    def code(self) -> str:
        result = self.compute()
        lines = ["import dlcourse as dl", "import numpy as np"]
        under = self.loaded()
        if under is None:
            lines += [
                "from dlcourse.widgets.start_here.widget import picture_from_strokes", "",
                f"strokes = {self.strokes!r}",
                f"picture = picture_from_strokes(strokes, thickness={self.thickness!r})",
            ]  # fmt: skip
        else:
            counts = np.rint(result.picture[:, :, 0] * 16).astype(int).tolist()
            rows = ",\n    ".join(str(row) for row in counts)
            lines += [
                "", f"picture = np.array([\n    {rows},\n], np.float32)[:, :, None] / 16",
            ]  # fmt: skip
        if self.model is not None and result.ink.any():
            answer = "dl.predict(model, picture[None])"
            lines.append(f"probabilities = dl.softmax({answer}).numpy()[0]" if result.logits else
                         f"probabilities = np.asarray({answer})[0]")  # fmt: skip
            lines.append("print(probabilities.round(2))")
        else:
            lines.append("print((16 * picture[:, :, 0]).astype(int))")
        return "\n".join(lines) + "\n"

    def code_results(self, result: DigitPadResult) -> dict[str, Any]:
        found: dict[str, Any] = {"picture": result.picture}
        if result.probabilities is not None:
            found["probabilities"] = result.probabilities
        return found

    # Hand

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; loading another digit takes the strokes off the pad."""
        if changes.get("example", self.example) != self.example:
            changes.setdefault("strokes", ())
            changes.setdefault("writing", False)
        return super().replace(**changes)

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "pad" or event.kind not in ("down", "drag"):
            return self
        at = _on_pad(event.x, event.y)
        if event.kind == "down":
            return self.replace(strokes=(*self.strokes, (at,)), pen=at, writing=False)
        return self._extended(at)

    def key(self, key: str) -> Self:
        moves = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
        if key in moves:
            at = _on_pad(self.pen[0] + moves[key][0], self.pen[1] + moves[key][1])
            return self._extended(at) if self.writing else self.replace(pen=at)
        if key == " ":
            if self.writing:
                return self.replace(writing=False)
            return self.replace(writing=True, strokes=(*self.strokes, (self.pen,)))
        if key == "Backspace":
            return self.undo()
        return self.clear() if key == "Delete" else self

    def _extended(self, at: tuple[float, float]) -> Self:
        if not self.strokes or self.strokes[-1][-1] == at:
            return self
        return self.replace(strokes=(*self.strokes[:-1], (*self.strokes[-1], at)), pen=at)

    @action("Undo stroke")
    def undo(self) -> Self:
        """Without the last stroke."""
        return self.replace(strokes=self.strokes[:-1], writing=False) if self.strokes else self

    @action("Clear")
    def clear(self) -> Self:
        """An empty pad."""
        return self.replace(strokes=(), image=None, example="none", writing=False)

    def from_image(self, image: Any) -> Self:
        """A pad with your own image on it: 8×8 like the data set, or larger (see `ink_from_image`)."""
        return self.replace(image=image, strokes=(), example="none", writing=False)


def _on_pad(x: float, y: float) -> tuple[float, float]:
    """Inside the pad, to a tenth of a pixel, so that the shown code is short and exact."""
    return round(min(max(float(x), 0.0), SIDE), 1), round(min(max(float(y), 0.0), SIDE), 1)


def _ask(model: Callable[..., Any], picture: Array) -> tuple[Array, bool]:
    """What the model says of one picture: probabilities (10,), and whether they come from logits."""
    from dlcourse.activations import softmax
    from dlcourse.metrics import predict

    answer = predict(model, picture[None])
    values = np.asarray(getattr(answer, "data", answer) if not isinstance(answer, np.ndarray) else answer)
    if values.shape != (1, 10):
        raise ShapeError(
            f"DigitPad: for one picture, (N, H, W, C) = (1, 8, 8, 1), the model should give (N, 10) = (1, 10), one number "
            f"a digit, but gave {values.shape}. Is the last layer Dense(…, 10), and is there a Flatten before the first?"
        )
    if not np.isfinite(values).all():
        raise DataError("DigitPad: the model's output has NaN or inf. Did its training blow up? Try a smaller lr.")
    if (values >= 0).all() and abs(float(values.sum()) - 1) < 1e-5:
        return values[0], False
    return np.asarray(softmax(values).numpy())[0], True
