"""The picture of `Derivation`: a small network, and the eight lines, formula on the left and numbers on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from dlcourse.errors import counted
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.layout import panel, text_below
from dlcourse.widgets.chain.network import Network, draw_network, paint_network
from dlcourse.widgets.chain.notation import index, weight_name
from dlcourse.widgets.when_things_get_intense.derivation import lines
from dlcourse.widgets.when_things_get_intense.derivation.state import LINES, DerivationState
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each line."""

    network: Network
    here: Text
    numbers: list[Text]
    results: list[Text]
    mark: Rectangle


def draw(state: DerivationState, figure: Figure) -> Artists:
    """The network small, and the eight lines."""
    small = panel(figure, "network", wide=(0.0, 3.35, 1.95, 2.2), narrow=(0.0, 6.35, 2.5, 1.95))
    network = draw_network(small, values=False)
    here = text_below(figure, *((2.55, 8.05) if is_narrow(figure) else (0.12, 3.15)), fontsize=8.5, linespacing=1.6)
    axes = panel(figure, "lines", wide=(1.95, 0.08, 5.2, 5.54), narrow=(0.05, 0.08, 4.4, 6.2))
    axes.set(xlim=(0, 1), ylim=(LINES, 0))
    axes.axis("off")
    mark = Rectangle((0, 0.04), 1, 0.94, color=style.colour("ORANGE"), alpha=0.16, lw=0, zorder=0)
    axes.add_patch(mark)
    return Artists(network, here, *draw_lines(state, figure, axes), mark)


def draw_lines(state: DerivationState, figure: Figure, axes: Axes) -> tuple[list[Text], list[Text]]:
    """A number, a formula and its rule for each line, and room for what it comes to and its arithmetic."""
    slips = lines.SLIPS if state.with_slips and not state.hides else {}
    numbers, results = [], []
    narrow = is_narrow(figure)
    left, right = (0.065, 0.985) if narrow else (0.055, 0.99)
    for k, (formula, rule) in enumerate(zip(lines.formulas(state), lines.RULES, strict=True)):
        colour = style.colour("VERMILLION") if k in slips else style.ink()
        axes.text(0.012, k + 0.36, str(k + 1), va="center", fontsize=9, color=style.faint(), fontweight="bold")
        axes.text(left, k + 0.36, formula, va="center", fontsize=8.2 if narrow else 9, color=colour)
        axes.text(left, k + 0.82, rule, va="center", fontsize=8, style="italic", color=style.faint())
        look: dict[str, Any] = {
            "va": "center",
            "ha": "right",
            "color": style.colour("VERMILLION" if k in slips else "BLUE"),
        }
        results.append(axes.text(right, k + 0.36, "", fontsize=9, **look))
        numbers.append(axes.text(right, k + 0.82, "", fontsize=8, **look))
    return numbers, results


def paint(state: DerivationState, artists: Artists, result: PathsResult) -> None:
    """Bring the numbers of all lines to a result, and mark the line that one has come to."""
    fan = bool(result.count) and not state.hides
    paint_network(artists.network, result.chain, result.place, result.output, fan=fan)
    artists.mark.set_visible(state.shown > 0)
    artists.mark.set_y(max(state.shown, 1) - 1 + 0.04)
    values = lines.values(result)
    if state.with_slips:
        values[3] = lines.quotient(result, state.h)
    for text, arithmetic in zip(artists.numbers, lines.arithmetic(state, result), strict=True):
        text.set_text("" if state.hides else arithmetic)
    for text, value in zip(artists.results, values, strict=True):
        text.set_text("?" if state.hides else n(value, 6))
    artists.here.set_text(here(state, result))


def here(state: DerivationState, result: PathsResult) -> str:
    """What the letters stand for in this network, and the derivative by two other ways."""
    _, j, i = result.place
    known = [
        f"i = {i + 1},  j = {j + 1},  s is s{index(result.output)}",
        f"{weight_name(result.place)} = {n(result.weight)}",
        f"h = {n(state.h, 2)}",
        *([] if state.model is not None else [f"σ is {state.activation}"]),
        *([] if state.hides else [counted(result.count, "path"), f"backward(): {n(result.gradient, 6)}"]),
    ]
    return "\n".join(known)
