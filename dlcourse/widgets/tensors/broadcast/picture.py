"""The picture of `Broadcast`: the answers, the axes aligned at the right, and the cells, stretched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, in_lines, is_narrow, text_at
from dlcourse.widgets.tensors.broadcast.cells import COLUMNS, ROWS, Cell, cells_of
from dlcourse.widgets.tensors.broadcast.numbers import MOST, BroadcastResult, Sizes
from dlcourse.widgets.tensors.broadcast.state import BroadcastState
from dlcourse.widgets.tensors.broadcast.words import explained
from dlcourse.widgets.tensors.guessing import draw_options, paint_options, score

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

NAMES = ("a", "b", "a + b")
CELL = {False: (0.37, 0.25), True: (0.265, 0.25)}
"""Width and height of a cell in inches, wide and narrow; texts of four digits fit in."""
BEHIND = 0.13
"""Inches by which a sheet is drawn to the right of, and above, the one before it."""
DEEP = 1.32
"""Inches of the cells' axes from the first row up to the last one down."""


@dataclass(frozen=True)
class Artists:
    """What moves; boxes and texts have a row of five for a, for b, and for the sum."""

    boxes: list[Polygon]
    texts: list[Text]
    rows: list[Text]
    names: list[Text]
    blocks: list[PolyCollection]
    """The cells of a, of b and of the sum."""
    values: list[Text]
    """What is written into the front sheets, sixteen places for each."""
    titles: list[Text]
    options: list[Text]
    score: Text
    words: Text


def draw(state: BroadcastState, figure: Figure) -> Artists:
    """Draw what stands still, and return what moves."""
    narrow = is_narrow(figure)
    axes = axes_at(figure, 0.1, 3.55, 4.3, 1.95, "boxes") if narrow else axes_at(figure, 2.75, 2.1, 4.4, 2.1, "boxes")
    guess = axes_at(figure, 0.13, 2.35, 4.2, 1.1, "guess") if narrow else axes_at(figure, 0.1, 2.4, 2.3, 1.4, "guess")
    cells = axes_at(figure, 0.08, 0.72, 4.35, 1.6, "cells") if narrow else axes_at(figure, 0.1, 0.5, 7.0, 1.6, "cells")
    boxes, texts = _draw_boxes(axes)
    rows = [
        axes.text(0, i + 0.5, name, ha="right", va="center", fontsize=11, fontweight="bold")
        for i, name in enumerate(NAMES)
    ]
    names = [axes.text(i + 0.5, -0.12, "", ha="center", va="center", fontsize=8) for i in range(MOST)]
    blocks, values, titles = _draw_cells(cells)
    options = draw_options(guess)
    for panel in (axes, guess, cells):
        style.quiet(panel, left=False, bottom=False)
    if not narrow:
        text_at(figure, 0.14, 4.0, "The shape of a + b?", fontsize=9.5, fontweight="bold")
    return Artists(
        boxes=boxes,
        texts=texts,
        rows=rows,
        names=names,
        blocks=blocks,
        values=values,
        titles=titles,
        options=options,
        score=text_at(figure, *((2.7, 3.3) if narrow else (0.14, 2.2)), fontsize=8.5, fontweight="bold"),
        words=text_at(figure, 0.13, 0.62 if narrow else 0.46, fontsize=9, va="top", linespacing=1.25),
    )


def _draw_boxes(axes: Axes) -> tuple[list[Polygon], list[Text]]:
    """A square for each axis of a, of b and of the sum, and what is written into it."""
    axes.set(xlim=(-1.15, 5.02), ylim=(3, -0.35))
    boxes, texts = [], []
    for row in range(3):
        for column in range(MOST):
            x = np.array([0.05, 0.95, 0.95, 0.05, 0.05]) + column
            y = np.array([0.12, 0.12, 0.88, 0.88, 0.12]) + row
            boxes.extend(axes.fill(x, y, linewidth=1.5))
            texts.append(axes.text(column + 0.5, row + 0.5, "", ha="center", va="center", fontsize=11))
    return boxes, texts


def _draw_cells(axes: Axes) -> tuple[list[PolyCollection], list[Text], list[Text]]:
    """Three blocks of cells side by side, measured in inches, with what is written into and above them."""
    from matplotlib.collections import PolyCollection

    window, dpi = axes.get_window_extent(), axes.figure.dpi
    width, height = float(window.width) / dpi, float(window.height) / dpi
    axes.set(xlim=(0, width), ylim=(0, height))
    blocks = [cast("PolyCollection", axes.add_collection(PolyCollection([], linewidths=1))) for _ in NAMES]
    values = [axes.text(0, 0, "", ha="center", va="center", fontsize=8) for _ in range(3 * ROWS * COLUMNS)]
    titles = [axes.text(_left(i, width), height - 0.08, "", va="center", fontsize=8.5) for i in range(3)]
    return blocks, values, titles


def _left(block: int, width: float) -> float:
    """Left end of a block, where three share a width."""
    return 0.04 + block * width / 3


def paint(state: BroadcastState, artists: Artists, result: BroadcastResult) -> None:
    """Bring everything that moves to a result."""
    axes = len(result.columns)
    for text in artists.rows:
        text.set_x(MOST - axes - 0.15)
    for column in range(MOST):
        i = column - (MOST - axes)
        artists.names[column].set_text(f"axis {i - axes}" if i >= 0 else "")
        sizes = result.columns[i] if i >= 0 else None
        for row in range(3):
            place = MOST * row + column
            _paint_box(artists.boxes[place], artists.texts[place], row, sizes, known=state.guessed)
    paint_options(artists.options, result.options, result.answer, state.chosen)
    artists.score.set_text(score(state.answers) if state.answers else "")
    for block in range(3):
        _paint_block(state, artists, result, block)
    width = cast("Figure", artists.words.figure).get_figwidth()
    artists.words.set_text(in_lines(explained(state, result), width - 0.26, 9.0))


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
        label, edge = (f"→ {goal}" if size is None else f"{size} → {goal}"), style.colour("ORANGE")
    box.set(edgecolor=edge, facecolor="none", visible=bool(label))
    text.set_text(label)
    text.set_fontsize(11 if len(label) <= 5 else 8.5)


def _paint_block(state: BroadcastState, artists: Artists, result: BroadcastResult, block: int) -> None:
    """The cells of a, of b or of the sum: the own ones at first, with their copies after the answer."""
    known = state.guessed and result.shape is not None
    texts = artists.values[block * ROWS * COLUMNS : (block + 1) * ROWS * COLUMNS]
    for text in texts:
        text.set_text("")
    artists.titles[block].set_text(_title(state, result, block))
    if block == 2 and not known:
        artists.blocks[block].set_verts([])
        return
    own = (*state.shapes, result.shape)[block]
    assert own is not None
    cells = cells_of(own, result.shape if known and result.shape is not None else own, _values(result, block))
    share = state.stretch if block < 2 else 1.0
    figure = cast("Figure", artists.words.figure)
    corners = [_corners(cell, block, share, narrow=is_narrow(figure)) for cell in cells]
    artists.blocks[block].set_verts(corners)
    colours = [style.colour("GREEN" if block == 2 else "ORANGE" if cell.copied else "BLUE") for cell in cells]
    artists.blocks[block].set(edgecolors=colours, facecolors=[_tint(colour) for colour in colours])
    written = [
        (cell, at) for cell, at in zip(cells, corners, strict=True) if cell.text and (share == 1 or not cell.copied)
    ]
    for text, (cell, at) in zip(texts, written, strict=False):
        text.set_position(tuple(at.mean(axis=0)))
        text.set_text(cell.text)


def _values(result: BroadcastResult, block: int) -> Array | None:
    """What is written into the cells: numbers where there are few and none is long."""
    return None if result.arrays is None or result.arrays[2].max(initial=0) > 999 else result.arrays[block]


def _title(state: BroadcastState, result: BroadcastResult, block: int) -> str:
    """The name of a block and its shape."""
    own = (*state.shapes, result.shape)[block]
    if block == 2 and not (state.guessed and own is not None):
        return f"{NAMES[block]}: " + ("nothing" if state.guessed else "?")
    return f"{NAMES[block]}: {own}"


def _corners(cell: Cell, block: int, share: float, *, narrow: bool) -> Array:
    """The four corners of a cell that has gone so far from where it is a copy of, shape (4, 2), in inches."""
    wide, high = CELL[narrow]
    sheet, row, column = (1 - share) * np.array(cell.source) + share * np.array(cell.at)
    left = _left(block, 4.35 if narrow else 7.0) + column * wide + sheet * BEHIND
    top = DEEP - row * high + (sheet - 1) * BEHIND
    return np.array([[left, top], [left + wide, top], [left + wide, top - high], [left, top - high]])


def _tint(colour: str) -> tuple[float, ...]:
    """The page with a little of a colour."""
    from matplotlib.colors import to_rgb

    return tuple(np.asarray(to_rgb(style.paper())) * 0.8 + np.asarray(to_rgb(colour)) * 0.2)
