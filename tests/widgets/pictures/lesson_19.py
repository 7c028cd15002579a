"""Rows of lesson 19."""

import numpy as np

from dlcourse.live import style
from pictures.reading import colour, numbers, points, same, says, there, words

NONE = np.zeros((0, 2))


def within(x, y, low, high):
    """A mark where it fits into the axes, else none."""
    return [[x, y]] if np.isfinite(y) and low <= y <= high else NONE


def loss_explorer(a, shown):
    state, result = shown.state, shown.result
    p = 1 / (1 + np.exp(-state.x))
    tenths = [10 * state.truth, 10] if 0 < state.truth < 1 else []
    if state.names[0] != "cross-entropy of 10":
        says(a.here, state.x, p, *tenths)
    by_score = state.over == "score"
    steepest = 1.15 if by_score else 12
    for i, one in enumerate(result.chosen):
        across = state.x if by_score else one.row.probability
        finite = np.isfinite(one.values)
        same(points(a.curves[i]), np.column_stack([one.across, one.values])[finite])
        same(points(a.dots[i]), within(across, one.row.value, 0, 8))
        if state.hides:
            for line in (a.slopes[i], a.slope_dots[i], a.paths[i], a.ends[i]):
                assert not len(points(line))
            continue
        same(points(a.slopes[i]), np.column_stack([one.across, one.slopes]))
        slope = one.row.at_score if by_score else one.row.at_probability
        same(points(a.slope_dots[i]), within(across, slope, -steepest, steepest))
        steps = np.arange(state.steps + 1)
        same(points(a.paths[i]), np.column_stack([steps, one.path])[np.isfinite(one.path)])
        same(points(a.ends[i]), within(state.steps, one.path[-1], -9, 9))
    first = state.x if by_score else result.chosen[0].row.probability
    for line, name in zip(a.now, ("curves", "slopes"), strict=True):
        same(points(line), [[first, end] for end in shown.axes(name).get_ylim()])
    table(a, state, result)


def table(a, state, result):
    cells = (a.names, a.values, a.at_probability, a.at_score)
    for i, row in enumerate(result.rows):
        assert words(a.names[i]) == row.name
        says(a.values[i], row.value)
        if state.hides:
            assert words(a.at_score[i]) == "?" and words(a.at_probability[i]) == ("–" if row.name == "hinge" else "?")
        else:
            says(a.at_score[i], row.at_score)
            if row.name == "hinge":
                assert words(a.at_probability[i]) == "–"
            else:
                says(a.at_probability[i], row.at_probability)
        chosen = row.name in state.names
        wanted = ("BLUE", "VERMILLION")[state.names.index(row.name)] if chosen else "BLACK"
        for column in cells:
            assert column[i].get_fontweight() == ("bold" if chosen else "normal")
            if not shown_dark(column[i]):
                colour(column[i], style.OKABE_ITO[wanted] if chosen else "#1F2328")
    for column in cells:
        assert not any(words(cell) for cell in column[len(result.rows) :])


def shown_dark(text):
    """Whether the page is dark: its colours are asked for elsewhere."""
    return text.get_color() in ("#E6E6E6", "#3D9BDC")


def best_answer(a, shown):
    state, result = shown.state, shown.result
    x, y = there(a.flowers)
    same(np.column_stack([x, y]), np.column_stack([result.x, result.y])[:-1])
    same(points(a.handle), [[state.length, state.width]])
    for i, (name, answer) in enumerate(zip(state.names, result.answers, strict=True)):
        assert words(a.names[i]) == name == answer.name
        start, slope = (*answer.weights, 0.0)[:2]
        same(points(a.lines[i]), [[end, start + slope * end] for end in shown.axes("plane").get_xlim()])
        marks = np.column_stack([result.y - answer.fitted, answer.pulls])
        same(points(a.pulls[i]), NONE if state.hides else marks[:-1])
        same(points(a.outlier_pulls[i]), NONE if state.hides else marks[-1:])
        says(a.heights[i], start + slope * state.length)
        if state.hides:
            assert words(a.strengths[i]) == "?"
        else:
            says(a.strengths[i], answer.pulls[-1])
        colours = {line.get_color() for line in (a.lines[i], a.pulls[i], a.outlier_pulls[i])}
        assert colours == {a.names[i].get_color()} == {a.heights[i].get_color()} == {a.strengths[i].get_color()}
    looks = {(line.get_color(), str(line.get_linestyle()), str(line._dash_pattern)) for line in a.lines}
    assert len(looks) == len(a.lines) and len({one.get_marker() for one in a.outlier_pulls}) == len(a.lines)
    assert all(numbers(words(cell)) for cell in a.heights)


ROWS = {"LossExplorer": loss_explorer, "BestAnswer": best_answer}
