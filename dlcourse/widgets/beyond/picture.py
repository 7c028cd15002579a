"""The picture of `Translate`: the layers as they are written here, the arrays of one of them, and the programs elsewhere.

A wide picture has all programs beside each other, a narrow one that of the chosen library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.pixels import FIXED, Block, Labels, Words
from dlcourse.translation.parts import example
from dlcourse.widgets.beyond.arrays import SIZE, narrow_table, wide_table
from dlcourse.widgets.beyond.columns import listed
from dlcourse.widgets.beyond.listing import ROOM, Shown
from dlcourse.widgets.beyond.numbers import LIBRARIES, MOST, NEW, TranslateResult
from dlcourse.widgets.beyond.state import TranslateState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

CODE: dict[str, Any] = {"family": FIXED, "fontsize": 8, "va": "center"}
COLUMNS = (3, 254, 505)
"""Where programs begin."""

TINT = 0.22
"""How strong the colour behind a lit line is."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    layers: list[Text]
    shapes: list[Text]
    fresh: list[Text]
    mark: Rectangle
    programs: list[Words]
    lit: list[Block]
    arrays: Labels


def panels(figure: Figure) -> tuple[Axes, Axes, list[Axes]]:
    """Where the layers, their arrays and the programs are."""
    narrow = is_narrow(figure)
    if narrow:
        layers, arrays = (0.1, 7.52, 3.4, 1.45), (0.1, 4.47, 3.4, 2.75)
        places = {"program": (0.1, 0.08, 3.4, 4.11)}
    else:
        layers, arrays = (0.03, 5.0, 2.79, 1.35), (2.92, 5.0, 4.6, 1.35)
        places = {name: (left / 100, 0.08, 2.48, 4.59) for name, left in zip(LIBRARIES, COLUMNS, strict=True)}
    panel = {
        name: axes_at(figure, *place, name) for name, place in {"layers": layers, "arrays": arrays, **places}.items()
    }
    for name, axes in panel.items():
        height = {"layers": MOST + 2, "arrays": 1}.get(name, ROOM[narrow])
        axes.set(xlim=(0, 1), ylim=(height, 0))
        style.quiet(axes, left=False, bottom=False)
    return panel["layers"], panel["arrays"], [panel[name] for name in places]


def draw(state: TranslateState, figure: Figure) -> Artists:
    """Titles, and room for every line."""
    layers, arrays, programs = panels(figure)
    layers.set_title("dlcourse, and the shape behind each layer")
    arrays.set_title("arrays of the lit layer, → its outputs")
    for axes in programs:
        name = axes.get_label()
        here = " · as Code writes it" if name == state.library else ""
        axes.set_title(f"{name}{here}" if name in LIBRARIES else f"the same in {state.library}")
    mark = lit(layers, 0)
    lines = [layers.text(0.015, i + 0.5, "", **CODE) for i in range(MOST + 1)]
    shapes = [layers.text(0.985, i + 0.5, "", ha="right", **CODE) for i in range(MOST + 1)]
    fresh = [
        layers.text(x, MOST + 1.5, "", ha=side, color=style.colour("BLUE"), **CODE)
        for x, side in ((0.015, "left"), (0.985, "right"))
    ]
    table = Labels()
    figure.add_artist(table)
    return Artists(
        lines,
        shapes,
        fresh,
        mark,
        [words(figure, axes) for axes in programs],
        [Block.over(axes) for axes in programs],
        table,
    )


def words(figure: Figure, axes: Axes) -> Words:
    """Room for the lines of a program."""
    left, bottom, _, height = axes.get_position().bounds
    across, up = 100 * figure.get_size_inches()
    pitch = height * up / axes.get_ylim()[0]
    lines = Words(
        left * across + 2, (bottom + height) * up + 1, size=SIZE, color=style.ink(), family=FIXED, pitch=pitch
    )
    axes.add_artist(lines)
    return lines


def lit(axes: Axes, line: int) -> Rectangle:
    """A tint behind a line."""
    box = Rectangle((0, line), 1, 1, color=style.colour("ORANGE"), alpha=TINT, lw=0, zorder=0)
    axes.add_patch(box)
    return box


def paint(state: TranslateState, artists: Artists, result: TranslateResult) -> None:
    """Bring all lines to a result."""
    network = result.network
    first = max(0, min(state.chosen - MOST + 1, len(network.lines) - MOST))  # a long network runs past
    lines = ["one example" if first == 0 else "…", *network.lines[first : first + MOST]]
    shapes = [example(shape) for shape in network.shapes[first : first + MOST + 1]]
    for texts, contents in ((artists.layers, lines), (artists.shapes, shapes)):
        for i, text in enumerate(texts):
            text.set_text(short(contents[i]) if i < len(contents) else "")
    for text, words_of_it in zip(artists.fresh, fresh(state), strict=True):
        text.set_text(words_of_it)
    artists.mark.set_y(state.chosen - first + 1)
    narrow = is_narrow(cast("Figure", artists.layers[0].figure))
    shown = listed(state, result, narrow)
    for program, tint, column in zip(artists.programs, artists.lit, shown, strict=True):
        program.set_text("\n".join(text for text, _, _ in column))
        tint.set_pixels(tints(column, ROOM[narrow]))
    table = narrow_table(state, result.rows, 712) if narrow else wide_table(state, result.rows, 628)
    artists.arrays.set_labels(table, SIZE)


def tints(column: list[Shown], room: int) -> Array:
    """A tint behind each lit line of a program, and nothing behind the others: pixels (room, 1, 4)."""
    pixels = np.zeros((room, 1, 4), np.uint8)
    lit = [is_lit for _, _, is_lit in column]
    pixels[: len(lit)][lit] = np.round(255 * np.array(to_rgba(style.colour("ORANGE"), TINT)))
    return pixels


def fresh(state: TranslateState) -> tuple[str, str]:
    """The new layer as it would be written below the lit one, and whether it fits there."""
    if state.is_own:
        return "", ""
    line = short(NEW[state.new].format(state.whole.shapes[state.chosen + 1][-1]))
    return f"+ {line}", "does not fit" if state.refusal else "fits below"


def short(line: str) -> str:
    """A layer as it has room beside its shape: every layer with weights is given the same rng."""
    return line.replace(", rng=rng)", ")").replace("(rng=rng)", "()")
