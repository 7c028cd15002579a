"""The picture of `Clinic`: the list of tests with what they cost, and beside it the result of the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.widgets.it_doesnt_work_why.charts import ChartArtists, draw_chart, paint_chart
from dlcourse.widgets.it_doesnt_work_why.numbers import ClinicResult
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS
from dlcourse.widgets.it_doesnt_work_why.state import ClinicState
from dlcourse.widgets.it_doesnt_work_why.words import chart_of, heading, outlook

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "paint"]

ROWS = tuple(TESTS)


@dataclass(frozen=True)
class Artists:
    """What moves."""

    heads: list[Text]
    tests: list[Text]
    minutes: list[Text]
    fine: Line2D
    off: Line2D
    cursor: Line2D
    spent: Text
    chart: ChartArtists


def panels(figure: Figure) -> tuple[Axes, Axes, list[Text]]:
    """Where the list and the chart are, and the lines above them."""
    height = figure.get_figheight()
    if is_narrow(figure):
        tests, chart = axes_at(figure, 0.15, 4.05, 4.2, 2.5, "tests"), axes_at(figure, 0.62, 0.62, 3.7, 2.6, "chart")
    else:
        tests, chart = axes_at(figure, 0.15, 0.32, 2.75, 3.2, "tests"), axes_at(figure, 3.55, 0.62, 3.5, 2.5, "chart")
    heads = [text_at(figure, 0.15, height - 0.12 - 0.2 * row, "", fontsize=9.5 - row, va="top") for row in range(2)]
    return tests, chart, heads


def draw(state: ClinicState, figure: Figure) -> Artists:
    """The list, and the axes of the result."""
    tests, axes, heads = panels(figure)
    style.quiet(tests, left=False, bottom=False)
    tests.set(xlim=(0, 1), ylim=(len(ROWS) + 0.6, -0.6))
    size = {"fontsize": 9.0, "va": "center"}
    names = [tests.text(0.09, row, "", **size) for row in range(len(ROWS))]  # type: ignore[arg-type]
    costs = [tests.text(0.97, row, "", ha="right", **size) for row in range(len(ROWS))]  # type: ignore[arg-type]
    spent = tests.text(0.97, len(ROWS) + 0.15, "", ha="right", **size)  # type: ignore[arg-type]
    fine, off = (
        tests.plot([], [], mark, color=style.colour(name), markersize=6, clip_on=False, linestyle="none")[0]
        for mark, name in (("o", "BLUE"), ("s", "VERMILLION"))
    )
    cursor = tests.plot([], [], color=style.colour("GREEN"), linewidth=1.4, clip_on=False)[0]
    return Artists(heads, names, costs, fine, off, cursor, spent, draw_chart(chart_of(state, state.compute()), axes))


def paint(state: ClinicState, artists: Artists, result: ClinicResult) -> None:
    """Bring everything that moves to a result."""
    for head, text in zip(artists.heads, (heading(state, result), outlook(state, result)), strict=True):
        head.set_text(text)
    wrong = [row for row, test in enumerate(ROWS) if test in result.reports and result.reports[test].off]
    done = [row for row, test in enumerate(ROWS) if test in state.ordered and row not in wrong]
    artists.fine.set_data(np.full(len(done), 0.035), done)
    artists.off.set_data(np.full(len(wrong), 0.035), wrong)
    for name, cost, test in zip(artists.tests, artists.minutes, ROWS, strict=True):
        name.set_text(test)
        cost.set_text(f"{TESTS[test].minutes} min")
    at = ROWS.index(state.test)
    artists.cursor.set_data([0, 1, 1, 0, 0], [at - 0.46, at - 0.46, at + 0.46, at + 0.46, at - 0.46])
    artists.spent.set_text(f"spent: {result.minutes} min")
    paint_chart(chart_of(state, result), artists.chart, "in training …" if state.treated else "not ordered yet")
