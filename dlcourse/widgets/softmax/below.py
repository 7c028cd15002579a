"""The lower half of `SoftmaxBars`: the arithmetic of both formulas, or the Jacobian and what it promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.numbers import decimals, with_power
from dlcourse.live.pixels import Labels
from dlcourse.widgets.softmax.layout import Label, on_page
from dlcourse.widgets.softmax.numbers import SoftmaxResult
from dlcourse.widgets.softmax.state import BarsState

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Arithmetic", "Jacobian", "draw_arithmetic", "draw_jacobian", "number", "paint_arithmetic", "paint_jacobian"]

LINE = 18.5
"""Hundredths of an inch from one line of a table to the next."""
FEW, APART = 4, 25.0
"""So few lines are this far apart."""
WIDE = (40.0, 118.0, 205.0, 335.0, 440.0, 575.0, 690.0)
NARROW = (30.0, 82.0, 138.0, 218.0, 284.0, 364.0, 440.0)
"""Right ends of the columns: name, x, z, eᶻ and its share, eᶻ⁻ᵐ and its share."""
HEADS = ("", "score x", "z = x/τ", "eᶻ", "share", "eᶻ⁻ᵐ", "share")
TOP = {False: 262.0, True: 312.0}
"""Where the first line of the lower half stands, in a wide and in a narrow picture."""
FULL = 0.25
"""The largest entry that a Jacobian of softmax can have at temperature 1, p (1 − p) at ½."""


@dataclass(frozen=True)
class Arithmetic:
    """A table with a row for each score."""

    table: Labels


@dataclass(frozen=True)
class Jacobian:
    """The matrix, its chosen column framed, and what that column promised beside what came."""

    matrix: AxesImage
    cells: Labels
    frame: Line2D
    table: Labels
    cover: Text


def number(value: float) -> str:
    """Four digits that count, in words where there is no number.

    Examples
    --------
    >>> number(2.6881e43), number(np.inf), number(np.nan)
    ('2.688·10⁴³', 'too large', 'no number')
    """
    if np.isnan(value):
        return "no number"
    return "too large" if np.isinf(value) else with_power(float(value), 4)


def part(p: float) -> str:
    """A share with four decimals, in words where there is none."""
    return number(p) if not np.isfinite(p) else decimals(float(p), 4)


def line_of(state: BarsState, bar: int, letter: str) -> str:
    """What stands before a row."""
    return state.names[bar] if state.digits else f"{letter}{state.names[bar]}"


# The arithmetic ---------------------------------------------------------------------------------------------------


def draw_arithmetic(state: BarsState, figure: Figure) -> Arithmetic:
    """The headings, and an empty table below them."""
    ends, top = (NARROW if is_narrow(figure) else WIDE), TOP[is_narrow(figure)]
    heads = Labels()
    ink = style.ink()
    titles: list[Label] = [
        (ends[4], top, "as the formula stands", ink, "right"),
        (ends[6], top, "largest z away first", ink, "right"),
    ]
    heads.set_labels(
        [
            *titles,
            *((x, top - LINE, head, style.ink(), "right") for x, head in zip(ends, HEADS, strict=True) if head),
        ],
        8.5,
    )
    figure.add_artist(heads)
    table = Labels()
    figure.add_artist(table)
    return Arithmetic(table)


def paint_arithmetic(state: BarsState, view: Arithmetic, result: SoftmaxResult, *, narrow: bool) -> None:
    """A row for each score, and the sums."""
    ends, top = (NARROW if narrow else WIDE), TOP[narrow] - 2 * LINE
    line = APART if state.count <= FEW else LINE
    labels: list[Label] = []
    for bar in range(state.count):
        texts = (
            line_of(state, bar, "x"),
            with_power(float(result.scores[bar]), 3 if narrow else 4),
            with_power(float(result.z[bar]), 3 if narrow else 4),
            number(result.powers[bar]),
            part(result.typed[bar]),
            number(result.held[bar]),
            part(result.shares[bar]),
        )
        labels += row(texts, ends, top - line * bar)
    with np.errstate(all="ignore"):
        sums = (
            number(result.powers.sum()),
            part(result.typed.sum()),
            number(result.held.sum()),
            part(result.shares.sum()),
        )
    labels += row(("sum", "", "", *sums), ends, top - line * state.count - 3)
    if state.count <= FEW:
        labels.append((ends[6], top - line * (state.count + 1.5), in_full(state, result), style.ink(), "right"))
    view.table.set_labels(labels, 8.5)


def in_full(state: BarsState, result: SoftmaxResult) -> str:
    """The share of the chosen score, as a quotient.

    Examples
    --------
    >>> state = BarsState()
    >>> in_full(state, state.compute())
    'p₁ = 1 / 1.553 = 0.6439'
    """
    bar = state.chosen
    over = f"{number(result.held[bar])} / {number(result.held.sum())}"
    return f"p{state.names[bar]} = {over} = {part(result.shares[bar])}"


def row(texts: tuple[str, ...], ends: tuple[float, ...], y: float) -> list[Label]:
    """One line of the table; what is no number is set off."""
    warn = ("too large", "no number")
    return [
        (x, y, text, style.colour("VERMILLION") if text in warn else style.ink(), "right")
        for x, text in zip(ends, texts, strict=True)
        if text
    ]


# The Jacobian -----------------------------------------------------------------------------------------------------


def draw_jacobian(state: BarsState, figure: Figure) -> Jacobian:
    """An empty matrix with its names, and room for the table."""
    narrow, k = is_narrow(figure), state.count
    axes = axes_at(figure, *((0.5, 0.35, 1.85, 1.85) if narrow else (0.62, 0.3, 2.0, 2.0)), label="jacobian")
    axes.set_title("∂p/∂x: rows add up to 0" if narrow else "Jacobian ∂p/∂x: rows add up to 0")
    for side in axes.spines.values():
        side.set_visible(False)
    matrix = axes.imshow(np.zeros((k, k, 4), np.uint8), aspect="auto", interpolation="nearest")
    axes.set_xticks(range(k), [f"x{n}" if not state.digits else n for n in state.names])
    axes.set_yticks(range(k), [f"p{n}" if not state.digits else n for n in state.names])
    axes.tick_params(length=0)
    (frame,) = axes.plot([], [], color=style.colour("GREEN"), lw=2.6, clip_on=False)
    cells, table = Labels(), Labels()
    figure.add_artist(cells)
    figure.add_artist(table)
    cover = axes.text((k - 1) / 2, (k - 1) / 2, "", ha="center", va="center", fontsize=9, color=style.ink())
    return Jacobian(matrix, cells, frame, table, cover)


def paint_jacobian(state: BarsState, view: Jacobian, result: SoftmaxResult, *, narrow: bool) -> None:
    """Colours in parts of the largest entry that there can be, so that a sure softmax looks as still as it is."""
    k, j, hidden = state.count, state.chosen, state.hides
    colours = result.jacobian * state.temperature / FULL
    view.matrix.set_data(style.shades(0 * colours if hidden else colours, 1.0))
    view.cells.set_labels([] if hidden or k > FEW else entries(view.frame, result.jacobian, np.abs(colours)), 8.0)
    view.frame.set_data(j + np.array([-0.5, 0.5, 0.5, -0.5, -0.5]), np.array([-0.5, -0.5, k - 0.5, k - 0.5, -0.5]))
    view.frame.set_visible(not hidden)
    view.cover.set_text("covered until\nyou have chosen" if hidden else "")
    view.table.set_labels([] if hidden else promises(state, result, narrow=narrow), 8.5)


def entries(frame: Line2D, jacobian: Array, strength: Array) -> list[Label]:
    """A number below the middle of each square, in a colour that can be read on its ground."""
    rows, columns = (one.ravel() for one in np.indices(jacobian.shape))
    places = on_page(frame, np.column_stack([columns, rows + 0.24]))
    labels: list[Label] = []
    for (x, y), value, full in zip(places, jacobian.ravel(), strength.ravel(), strict=True):
        is_light = (full <= 0.55) != style.is_dark() or (value < 0 and not style.is_dark())  # as all oranges are
        on_colour = "black" if is_light else "white"
        text = decimals(round(float(value), 3) + 0.0, 3)
        labels.append((x, y, text, on_colour if full > 0.3 else style.ink(), "center"))
    return labels


def promises(state: BarsState, result: SoftmaxResult, *, narrow: bool) -> list[Label]:
    """Share before, what the framed column promised, what came, and the factor."""
    ends = (257.0, 0.0, 318.0, 376.0, 440.0) if narrow else (320.0, 400.0, 490.0, 570.0, 660.0)  # at 0 nothing stands
    top, ink = TOP[narrow] - 40.0, style.ink()
    line = APART if state.count <= FEW else LINE
    name = state.names[state.chosen]
    head = f"{'score of ' + name if state.digits else 'x' + name} pulled by {decimals(result.pull, 2)}"
    labels: list[Label] = [(ends[4], top, head, ink, "right")]
    heads = ("", "before", "promised", "came", "factor")
    labels += [(x, top - LINE, text, style.ink(), "right") for x, text in zip(ends, heads, strict=True) if text and x]
    for bar in range(state.count):
        y = top - LINE - line * (bar + 1)
        factor = float(result.factors[bar])
        values = (result.before[bar], result.promised[bar], result.came[bar])
        times = f"× {number(round(factor, 3))}" if np.isfinite(factor) else ""
        texts = (line_of(state, bar, "p"), *(signed(float(value)) for value in values), times)
        labels += [(x, y, text, ink, "right") for x, text in zip(ends, texts, strict=True) if text and x]
    return labels


def signed(value: float) -> str:
    """Four decimals, and no sign before zero."""
    return decimals(round(value, 4) + 0.0, 4)
