"""The view “derivation”, line by line: formula on the left, the numbers of the chosen network on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.live import style
from dlcourse.live.layout import is_narrow, text_at
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.when_things_get_intense import lines
from dlcourse.widgets.when_things_get_intense.layout import panel, text_below
from dlcourse.widgets.when_things_get_intense.notation import index, weight_name
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState
from dlcourse.widgets.when_things_get_intense.views.network import Network, draw_network, paint_network

if TYPE_CHECKING:
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


def grid(figure: Figure) -> tuple[float, float, float]:
    """Inches from the left and from the bottom to the first line, and from line to line."""
    return (0.15, 5.65, 0.725) if is_narrow(figure) else (1.98, 4.9, 0.64)


def draw(state: PathsState, figure: Figure) -> Artists:
    """The network small, and the eight lines."""
    network = draw_network(state, panel(figure, "network", wide=(0.0, 2.85, 1.95, 2.2), narrow=(0.0, 6.1, 2.5, 2.0)))
    here = text_below(figure, *((2.65, 7.9) if is_narrow(figure) else (0.12, 2.65)), fontsize=8, linespacing=1.55)
    left, _, pitch = grid(figure)
    width, height = figure.get_size_inches()
    mark = Rectangle(
        (0, 0), (width - left + 0.08) / width, (pitch - 0.02) / height, transform=figure.transFigure,
        color=style.colour("ORANGE"), alpha=0.16, lw=0, zorder=0,
    )  # fmt: skip
    artists = Artists(network, here, [], [], mark)
    draw_lines(state, figure, artists)
    figure.add_artist(mark)
    return artists


def draw_lines(state: PathsState, figure: Figure, artists: Artists) -> None:
    """A formula and its rule for each line, and room for its numbers."""
    left, top, pitch = grid(figure)
    right = figure.get_figwidth() - 0.12
    slips = lines.SLIPS if state.printed and state.as_slide else {}
    for k, (formula, rule) in enumerate(zip(lines.formulas(state), lines.RULES, strict=True)):
        y = top - pitch * k
        text_at(figure, left, y, formula, va="center", fontsize=8.5)
        look = {"va": "center", "ha": "right", "color": style.colour("VERMILLION" if k in slips else "BLUE")}
        artists.results.append(text_at(figure, right, y + 0.03, fontsize=8.5, **look))
        artists.numbers.append(text_at(figure, right, y - 0.17, fontsize=7.5, **look))
        text_at(figure, left + 0.1, y - 0.255, rule, va="center", fontsize=6.5, style="italic", color=style.faint())


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    """Bring the numbers of all lines to a result, and mark the line that one has come to."""
    paint_network(state, artists.network, result)
    paint_mark(artists.mark, state.reached)
    values = lines.values(result)
    if state.printed and state.as_slide:
        values[3] = lines.quotient(result, state.h)
    for text, arithmetic in zip(artists.numbers, lines.arithmetic(state, result), strict=True):
        text.set_text(arithmetic)
    for text, value in zip(artists.results, values, strict=True):
        text.set_text(n(value, 8))
    by_paths = n(result.paths.total, 8) if result.paths is not None else "too many"
    _, j, i = result.place
    artists.here.set_text(
        f"i = {i + 1},  j = {j + 1},  s is s{index(result.output)}\n"
        f"{weight_name(result.place)} = {n(result.weight)},  h = {n(state.h, 2)}\n"
        + ("" if state.model is not None else f"σ is {state.activation}\n")
        + f"paths  {by_paths}\nback    {n(result.gradient, 8)}\ndiff.    {n(result.difference, 8)}"
    )


def paint_mark(mark: Rectangle, k: int) -> None:
    """The stripe behind line k, counted from 1; none at 0."""
    figure = mark.figure
    assert isinstance(figure, Figure)
    width, height = figure.get_size_inches()
    left, top, pitch = grid(figure)
    mark.set_visible(k > 0)
    mark.set_xy(((left - 0.08) / width, (top - pitch * k + 0.3) / height))
