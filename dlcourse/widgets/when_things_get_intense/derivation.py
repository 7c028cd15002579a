"""The derivation of the slide, line by line: formula on the left, the numbers of the chosen network on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlcourse.live import style
from dlcourse.widgets.when_things_get_intense import words
from dlcourse.widgets.when_things_get_intense.network import Artists, draw_network, is_narrow, placed, words_at

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
    from dlcourse.widgets.when_things_get_intense.state import PathsState

LINES_AT = {False: (1.98, 4.9, 0.64), True: (0.15, 5.65, 0.725)}
"""Inches from the left and the bottom to the first line, and from line to line; by narrow or not."""


def draw_derivation(state: PathsState, figure: Figure) -> Artists:
    narrow = is_narrow(figure)
    found = draw_network(state, placed(figure, (0.0, 2.85, 1.95, 2.2), (0.0, 6.1, 2.5, 2.0), "network"))
    found["here"] = words_at(figure, *((2.65, 7.9) if narrow else (0.12, 2.65)), fontsize=8, linespacing=1.55)
    left, top, pitch = LINES_AT[narrow]
    width, height = figure.get_size_inches()
    right = width - 0.12
    slips = words.SLIPS if state.printed and state.as_slide else {}
    found["numbers"], found["results"] = [], []
    for k, formula in enumerate(words.formulas(state)):
        y = top - pitch * k
        figure.text(left / width, y / height, formula, va="center", fontsize=8.5)
        colour = style.colour("VERMILLION" if k in slips else "BLUE")
        found["results"].append(words_at(figure, right, y + 0.03, va="center", ha="right", fontsize=8.5, color=colour))
        found["numbers"].append(words_at(figure, right, y - 0.17, va="center", ha="right", fontsize=7.5, color=colour))
        rule = words_at(figure, left + 0.1, y - 0.255, va="center", fontsize=6.5, style="italic", color=style.faint())
        rule.set_text(words.RULES[k])
    from matplotlib.patches import Rectangle

    found["mark"] = Rectangle(
        (0, 0), (width - left + 0.08) / width, (pitch - 0.02) / height, transform=figure.transFigure,
        color=style.colour("ORANGE"), alpha=0.16, lw=0, zorder=0,
    )  # fmt: skip
    figure.add_artist(found["mark"])
    return found


def paint_derivation(state: PathsState, artists: Artists, result: PathsResult) -> None:
    figure = artists["mark"].get_figure()
    width, height = figure.get_size_inches()
    left, top, pitch = LINES_AT[is_narrow(figure)]
    k = state.seen
    artists["mark"].set_visible(k > 0)
    artists["mark"].set_xy(((left - 0.08) / width, (top - pitch * k + 0.3) / height))
    found = words.values(result)
    slip = state.printed and state.as_slide
    if slip:
        found[3] = words.quotient(result, state.h)
    for text, arithmetic in zip(artists["numbers"], words.arithmetic(state, result), strict=True):
        text.set_text(arithmetic)
    for text, value in zip(artists["results"], found, strict=True):
        text.set_text(f"{words.n(value, 8)}")
    by_paths = words.n(result.found.total, 8) if result.found is not None else "too many"
    layer, j, i = result.place
    artists["here"].set_text(
        f"i = {i + 1},  j = {j + 1},  s is s{words.down(result.output)}\n{words.name(result.place)} = {words.n(result.weight)},  h = {words.n(state.h, 2)}\n"
        + ("" if state.model is not None else f"σ is {state.activation}\n")
        + f"paths  {by_paths}\nback    {words.n(result.gradient, 8)}\ndiff.    {words.n(result.difference, 8)}"
    )
