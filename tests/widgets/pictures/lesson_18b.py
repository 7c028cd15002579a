"""Rows of lesson 18b."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.learning_the_learning_rate.numbers import BUDGET, RATES, smoothed
from dlcourse.widgets.learning_the_learning_rate.picture import limits
from pictures.reading import colour, points, same, says, words, xy


def rate_finder(a, shown):
    state, result = shown.state, shown.result
    low, high = limits(result.first)
    same(points(a.curve), np.column_stack([result.rates, result.losses]))
    same(points(a.other), np.column_stack(result.hundred) if state.length != "100" else np.zeros((0, 2)))
    same(points(a.lowest), [[result.lowest, result.losses.min()]])
    top = shown.axes("finder").get_ylim()[1]
    assert 1 < top / max(*result.losses, *result.hundred[1]) < 1.2
    same(points(a.suggestion), [[result.suggestion, 0], [result.suggestion, top]])
    for line, name in zip(a.chosen, ("finder", "all"), strict=True):
        same(points(line), [[state.chosen, end] for end in shown.axes(name).get_ylim()])
        colour(line, shown.themed(lambda: style.colour("VERMILLION")))
    same(points(a.here), [[state.chosen, result.here]] if np.isfinite(result.here) else np.zeros((0, 2)))
    same(
        points(a.left),
        np.column_stack([RATES, np.clip(result.left, low, high)]) if state.shows_all else np.zeros((0, 2)),
    )
    same(points(a.best), [[RATES[result.best], result.left.min()]] if state.shows_all else np.zeros((0, 2)))
    same(xy(a.schedule)[0], np.arange(BUDGET))
    same(xy(a.schedule)[1] * state.chosen, result.schedule)
    same(points(a.now), [[state.at, result.schedule[min(state.at, BUDGET - 1)] / state.chosen]])
    losses = np.nan_to_num(result.run.losses[: state.at], nan=high, posinf=high)
    same(points(a.raw), np.column_stack([np.arange(state.at), np.clip(losses, low, high)]))
    mean = np.nan_to_num(smoothed(result.run.losses[: state.at]), nan=high, posinf=high)
    same(points(a.training), np.column_stack([np.arange(state.at), np.clip(mean, low, high)]))
    left = np.clip(result.run.left, low, high)
    same(points(a.mine), [[state.chosen, left]] if state.ended else np.zeros((0, 2)))
    same(points(a.end), [[state.at, left]] if state.ended else np.zeros((0, 2)))
    if state.ended and np.isfinite(result.run.left):
        says(a.told, state.chosen, result.run.left)
    else:
        assert words(a.told).startswith(f"rate {state.chosen:g}")
    if state.hides:
        assert not state.ended and not state.shows_all


ROWS = {"RateFinder": rate_finder}
