"""The picture of `TensorExplorer`: the array, one pixel of it, the answers, and what comes out."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import in_lines, is_narrow
from dlcourse.widgets.tensors.guessing import draw_options, paint_options, score
from dlcourse.widgets.tensors.numbers import TensorResult, channels, memory, pixel_text
from dlcourse.widgets.tensors.state import TensorState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

REASON = {False: (0.385, 0.34), True: (0.03, 0.42)}
SCORE = {False: (0.385, 0.05), True: (0.62, 0.665)}
"""Where they stand in a wide and in a narrow picture."""
LINES = 10
"""Lines of numbers for which there is room."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    bars: list[Line2D]
    """One for each colour of the pixel."""
    cross: Line2D
    inner: Line2D
    image: AxesImage
    pixel: Text
    code: Text
    options: list[Text]
    reason: Text
    score: Text
    title: Text
    words: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Axes, Axes, Text]:
    """Where the array, the pixel, the answers, the result and the expression are."""
    narrow = is_narrow(figure)
    photo = figure.add_axes((0.03, 0.69, 0.50, 0.265) if narrow else (0.015, 0.45, 0.33, 0.46), label="photo")
    pixel = figure.add_axes((0.60, 0.73, 0.36, 0.155) if narrow else (0.06, 0.10, 0.28, 0.21), label="pixel")
    guess = figure.add_axes((0.03, 0.435, 0.94, 0.19) if narrow else (0.37, 0.40, 0.26, 0.38), label="guess")
    result = figure.add_axes((0.20, 0.02, 0.60, 0.245) if narrow else (0.66, 0.10, 0.325, 0.66), label="result")
    head = (0.03, 0.665) if narrow else (0.37, 0.935)
    code = figure.text(*head, "", va="top", family="DejaVu Sans Mono", fontsize=9.5, fontweight="bold")
    return photo, pixel, guess, result, code


def draw(state: TensorState, figure: Figure) -> Artists:
    """Draw all panels, and return what moves in them."""
    photo, pixel, guess, result, code = panels(figure)
    narrow = is_narrow(figure)
    cross, inner = draw_photo(state, photo)
    options = draw_options(guess)
    style.quiet(guess, left=False, bottom=False)
    image, title, words = draw_result(result)
    return Artists(
        bars=draw_pixel(state, pixel),
        cross=cross,
        inner=inner,
        image=image,
        pixel=pixel.text(0, 1.08, "", transform=pixel.transAxes, fontsize=8, va="bottom"),
        code=code,
        options=options,
        reason=figure.text(*REASON[narrow], "", va="top", fontsize=8.5, linespacing=1.3),
        score=figure.text(*SCORE[narrow], "", fontsize=8.5, fontweight="bold"),
        title=title,
        words=words,
    )


def draw_photo(state: TensorState, axes: Axes) -> tuple[Line2D, Line2D]:
    """The array as a picture, if it can be one, and the cross at the chosen pixel."""
    image = _picture(state.x)
    height, width = state.x.shape[:2]
    if image is not None:
        # Shown thinned out, and pointed at in pixels of the whole.
        extent = (-0.5, width - 0.5, height - 0.5, -0.5)
        axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="antialiased", extent=extent)
        axes.set_anchor("NW")
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xticks=[], yticks=[])
    axes.set_title(f"x, shape {state.x.shape}", fontsize=9)
    (cross,) = axes.plot([], [], "+", color="white", markersize=15, markeredgewidth=3.2)
    (inner,) = axes.plot([], [], "+", color="black", markersize=13, markeredgewidth=1.2)
    return cross, inner


def draw_pixel(state: TensorState, axes: Axes) -> list[Line2D]:
    """A bar for each colour of the pixel."""
    count = channels(state.x.shape)
    bars = []
    for name in ("VERMILLION", "GREEN", "BLUE")[:count]:
        bars.extend(axes.plot([], [], color=style.colour(name), linewidth=9, solid_capstyle="butt"))
    axes.set(xlim=(0, 1), ylim=(count - 0.4, -0.6), xticks=[0, 0.5, 1])
    style.quiet(axes, left=False)
    axes.set_yticks(range(count), ("r", "g", "b") if count == 3 else [""] * count)
    axes.tick_params(axis="y", length=0)
    return bars


def draw_result(axes: Axes) -> tuple[AxesImage, Text, Text]:
    """Room for what comes out: an image, its title, or words and numbers."""
    style.quiet(axes, left=False, bottom=False)
    image = axes.imshow(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    axes.set(xticks=[], yticks=[])
    title = axes.text(0, 1.04, "", transform=axes.transAxes, fontsize=8.5, va="bottom", linespacing=1.3)
    words = axes.text(0.5, 0.5, "", transform=axes.transAxes, fontsize=8.5, ha="center", va="center")
    return image, title, words


def paint(state: TensorState, artists: Artists, result: TensorResult) -> None:
    """Bring everything that moves to a result."""
    figure = cast("Figure", artists.code.figure)
    narrow, width = is_narrow(figure), figure.get_figwidth()
    row, column = state.place
    for line in (artists.cross, artists.inner):
        line.set_data([column], [row])
    values = np.ravel(result.pixel)[: len(artists.bars)]
    for i, (bar, value) in enumerate(zip(artists.bars, values, strict=True)):
        bar.set_data([0, np.clip(value, 0, 1)], [i, i])
    gap = "\n" if narrow else " "
    artists.pixel.set_text(f"x[{row}, {column}] ={gap}{pixel_text(result.pixel)}")
    artists.code.set_text("\n".join(textwrap.wrap(result.expression, 42 if narrow else 25)))
    paint_options(artists.options, result.options, result.answer, state.chosen)
    told = "" if state.chosen is None else result.reasons[state.chosen]
    artists.reason.set_text(in_lines(told, 0.94 * width if narrow else 1.93))
    artists.score.set_text(score(state.answers) if state.answers else "")
    paint_result(state, artists, result)


def paint_result(state: TensorState, artists: Artists, result: TensorResult) -> None:
    """What comes out, once a guess has been made."""
    image = None if result.array is None or not state.guessed else _picture(_one_of_a_batch(result.array))
    artists.image.set_visible(image is not None)
    if image is not None:
        artists.image.set_data(image)
        artists.image.set_extent((0, image.shape[1], image.shape[0], 0))
        assert artists.image.axes is not None
        _letterbox(artists.image.axes, *image.shape[:2])
    artists.title.set_text("")
    if not state.guessed:
        artists.words.set_text("Which shape comes out?\n\nClick a line,\nor press its number.")
    elif result.array is None:
        artists.words.set_text("\n".join(textwrap.wrap(result.message, 34)))
    else:
        artists.title.set_text(f"{result.array.shape}\n{memory(result)}")
        artists.words.set_text("" if image is not None else _numbers(result.array))


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


def _letterbox(axes: Axes, height: int, width: int) -> None:
    """Limits that show an image of this size whole and undistorted, at the top of the axes."""
    box = axes.get_window_extent()
    scale = min(box.width / width, box.height / height)
    axes.set(xlim=(0, box.width / scale), ylim=(box.height / scale, 0))


def _numbers(array: Array) -> str:
    """The corners of an array, in as many lines as there is room for."""
    lines = np.array2string(array, precision=2, threshold=6, edgeitems=2, max_line_width=34).split("\n")
    return "\n".join(lines if len(lines) <= LINES else [*lines[: LINES - 5], "", "…", "", *lines[-2:]])
