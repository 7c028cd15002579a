"""The picture of `Translate`: the layers as they are written here, their program elsewhere, and the arrays of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.numbers import three_digits
from dlcourse.live.pixels import Labels
from dlcourse.translation.parts import example
from dlcourse.widgets.beyond.listing import listing
from dlcourse.widgets.beyond.numbers import MOST, NEW, Held, Row, TranslateResult
from dlcourse.widgets.beyond.state import TranslateState

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["AXES", "ROOM", "WIDTH", "Artists", "draw", "paint"]

ROOM = {False: 30, True: 26}
"""Lines of the program that have room, in a wide picture and in a narrow one."""
WIDTH = {False: 58, True: 47}
"""Letters in a line of it."""
CODE: dict[str, Any] = {"family": "DejaVu Sans Mono", "fontsize": 8, "va": "center"}
AXES = (208, 246, 272, 298)
"""Where the sizes of the axes end in the table, in hundredths of an inch."""
LINE, BETWEEN = 15, 7
"""From one line of the table to the next, and between two arrays."""


@dataclass(frozen=True)
class Artists:
    """What moves."""

    layers: list[Text]
    shapes: list[Text]
    fresh: list[Text]
    mark: Rectangle
    program: list[Text]
    lit: list[Rectangle]
    arrays: Labels


def panels(figure: Figure) -> tuple[Axes, Axes, Axes]:
    """Where the layers, their arrays and the program are."""
    if is_narrow(figure):
        places = (0.1, 7.52, 3.4, 1.45), (0.1, 4.47, 3.4, 2.75), (0.1, 0.08, 3.4, 4.11)
    else:
        places = (0.1, 3.4, 2.85, 1.45), (0.1, 0.1, 2.85, 2.95), (3.1, 0.1, 4.05, 4.75)
    layers, arrays, program = (
        axes_at(figure, *place, name) for place, name in zip(places, ("layers", "arrays", "program"), strict=True)
    )
    layers.set(xlim=(0, 1), ylim=(MOST + 2, 0))
    arrays.set(xlim=(0, 1), ylim=(0, 1))
    program.set(xlim=(0, 1), ylim=(ROOM[is_narrow(figure)], 0))
    for axes in (layers, arrays, program):
        style.quiet(axes, left=False, bottom=False)
    return layers, arrays, program


def draw(state: TranslateState, figure: Figure) -> Artists:
    """Titles, and room for every line."""
    layers, arrays, program = panels(figure)
    layers.set_title("dlcourse, and the shape behind each layer")
    arrays.set_title("arrays of the lit layer, → its outputs")
    program.set_title(f"the same in {state.library}")
    mark = lit(layers, 0)
    lines = [layers.text(0.015, i + 0.5, "", **CODE) for i in range(MOST + 1)]
    shapes = [layers.text(0.985, i + 0.5, "", ha="right", **CODE) for i in range(MOST + 1)]
    fresh = [
        layers.text(x, MOST + 1.5, "", ha=side, color=style.colour("BLUE"), **CODE)
        for x, side in ((0.015, "left"), (0.985, "right"))
    ]
    room = ROOM[is_narrow(figure)]
    listed = [program.text(0.01, i + 0.5, "", **CODE) for i in range(room)]
    table = Labels()
    figure.add_artist(table)
    return Artists(lines, shapes, fresh, mark, listed, [lit(program, i) for i in range(room)], table)


def lit(axes: Axes, line: int) -> Rectangle:
    """A tint behind a line."""
    box = Rectangle((0, line), 1, 1, color=style.colour("ORANGE"), alpha=0.22, lw=0, zorder=0)
    axes.add_patch(box)
    return box


def paint(state: TranslateState, artists: Artists, result: TranslateResult) -> None:
    """Bring all lines to a result."""
    network = result.network
    first = max(0, min(state.chosen - MOST + 1, len(network.lines) - MOST))  # a long network runs past
    lines = ["one example" if first == 0 else "…", *network.lines[first : first + MOST]]
    shapes = [example(shape) for shape in network.shapes[first : first + MOST + 1]]
    for texts, words in ((artists.layers, lines), (artists.shapes, shapes)):
        for i, text in enumerate(texts):
            text.set_text(short(words[i]) if i < len(words) else "")
    for text, words_of_it in zip(artists.fresh, fresh(state), strict=True):
        text.set_text(words_of_it)
    artists.mark.set_y(state.chosen - first + 1)
    narrow = is_narrow_text(artists.layers[0])
    listed = [] if state.hides else listing(result.program, state.chosen, ROOM[narrow], WIDTH[narrow])
    for i, (text, box) in enumerate(zip(artists.program, artists.lit, strict=True)):
        text.set_text(listed[i][0] if i < len(listed) else "? comes with your bet" if state.hides and i == 0 else "")
        box.set_visible(i < len(listed) and listed[i][2])
    top = 712 if narrow else 295
    artists.arrays.set_labels(table(state, result.rows, top), 8.0)


def fresh(state: TranslateState) -> tuple[str, str]:
    """The new layer as it would be written below the lit one, and whether it fits there."""
    if state.is_own:
        return "", ""
    line = short(NEW[state.new].format(state.whole.shapes[state.chosen + 1][-1]))
    return f"+ {line}", "does not fit" if state.refusal else "fits below"


def short(line: str) -> str:
    """A layer as it has room beside its shape: every layer with weights is given the same rng."""
    return line.replace(", rng=rng)", ")").replace("(rng=rng)", "()")


def is_narrow_text(text: Text) -> bool:
    """Whether the picture is the one for a phone."""
    figure = text.get_figure(root=True)
    return figure is not None and is_narrow(figure)


def table(state: TranslateState, rows: tuple[Row, ...], top: float) -> list[tuple[float, float, str, str, str]]:
    """The arrays of a layer in three libraries: names, and the size of every axis; then where one number stands."""
    labels: list[tuple[float, float, str, str, str]] = []
    y = top
    if not rows:
        return [(10, y, "It has no arrays: nothing to take over.", style.ink(), "left")]
    for row in rows[:4]:
        for name, held in kept(state, row):
            labels += sizes(name, held, row, y)
            y -= LINE
        y -= BETWEEN
    row = rows[0]
    if row.ours.at:
        labels.append((10, y, f"the number {three_digits(row.value)} is at", style.ink(), "left"))
        for name, held in kept(state, row):
            y -= LINE
            labels.append((10, y, name, style.ink(), "left"))
            where = "?" if held is None else f"{held.name}{list(held.at)}"
            labels.append((72, y, where, style.ink(), "left"))
    return labels


def kept(state: TranslateState, row: Row) -> list[tuple[str, Held | None]]:
    """An array in each library; JAX keeps what it is given, so it stands beside ours."""
    if state.hides:
        return [("dlcourse", row.ours)]
    return [("dlcourse", row.ours), ("PyTorch", row.pytorch), ("Keras", row.keras)]


def sizes(name: str, held: Held | None, row: Row, y: float) -> list[tuple[float, float, str, str, str]]:
    """One line of the table."""
    labels = [(10.0, y, name, style.ink(), "left")]
    if held is None:
        return [*labels, (72, y, f"in its {row.keras.name}" if row.keras else "in its bias", style.ink(), "left")]
    labels.append((72, y, held.name, style.ink(), "left"))
    for axis, size in enumerate(held.shape[: len(AXES)]):
        out = axis == held.outputs
        colour = style.colour("VERMILLION") if out else style.ink()
        labels.append((AXES[axis], y, f"→{size}" if out else str(size), colour, "right"))
    return labels
