"""The row of the widget that shows what a cell has measured."""

import numpy as np

from dlcourse.live import style
from pictures.reading import colour, numbers, points, same, words


def measured(a, shown):
    state, result = shown.state, shown.result
    axes = shown.axes("rows")
    same(axes.get_xlim(), state.limits)
    for row, runs in enumerate(state.measured.values()):
        runs = np.atleast_1d(np.asarray(runs, float))
        name = result.names[row]
        hidden = state.hides and (not state.covers or name in state.covers)
        for artist in (a.dots[row], a.spans[row]):
            colour(artist, shown.themed(lambda: style.colour("BLUE")))
        same(points(a.dots[row]), np.zeros((0, 2)) if hidden else [[runs.mean(), row]])
        same(points(a.spans[row]), np.zeros((0, 2)) if hidden else [[runs.min(), row], [runs.max(), row]])
        x, y = a.values[row].get_position()
        beside, above = x > 1 and y == row, x == 1 and row - 0.5 < y < row
        assert beside or above and shown.narrow, "numbers stand beside the axes, or above the end of their line"
        if hidden:
            assert words(a.values[row]) == "?"
        else:
            note = f" {state.notes[name]}" if name in state.notes else ""
            assert words(a.values[row]).endswith(note)
            ((value, half),) = numbers(words(a.values[row])[: len(words(a.values[row])) - len(note)])
            assert abs(value - runs.mean()) <= 1.02 * half
        if row == state.chosen:
            ringed = not hidden and runs.min() < runs.max()
            same(points(a.ring), [[runs.mean(), row]] if ringed else np.zeros((0, 2)))


ROWS = {"Measured": measured}
