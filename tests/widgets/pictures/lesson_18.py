"""Rows of lesson 18."""

import math

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.optimizers.momentum_map import GOAL, MOMENTA, MOST, RATES, theory
from dlcourse.widgets.optimizers.numbers import RING
from dlcourse.widgets.optimizers.picture import COLOURS, HEIGHTS, rows
from dlcourse.widgets.optimizers.picture import RATES as OWN_RATES
from pictures.reading import colour, points, same, says, ticked, words, xy


def optimizer_race(a, shown):
    state, result = shown.state, shown.result
    shown_paths = [(state.name, result.path, result.at), *((one.name, one.path, one.at) for one in state.rivals)]
    for i in range(len(COLOURS)):
        if i >= len(shown_paths):
            assert (
                not len(points(a.paths[i]))
                and not len(points(a.rims[i]))
                and not len(points(a.curves[i]))
                and not words(a.names[i])
            )
            continue
        name, path, at = shown_paths[i]
        same(points(a.paths[i]), np.clip(path.places[: at + 1], -1e4, 1e4))
        same(points(a.rims[i]), points(a.paths[i]))
        same(xy(a.curves[i])[0], np.arange(at + 1))
        same(xy(a.curves[i])[1], np.clip(path.heights[: at + 1] - state.floor, *HEIGHTS))
        assert words(a.names[i]) == name
        for artist in (a.paths[i], a.curves[i]):
            assert artist.get_color() == shown.themed(lambda i=i: style.colour(COLOURS[i]))
    here = np.clip(result.place, -1e4, 1e4)
    same(points(a.ball), [here])
    for line, way in ((a.downhill, -result.gradient), (a.next_step, result.step)):
        length = np.linalg.norm(way)
        if length > 1e-12:
            same(points(line), [here, here + way / length])
        else:
            assert len(points(line)) < 2
    at, names = ticked(a.steps, shown.axes("heights"), "x")
    assert names == [f"{step:.0f}" for step in at]
    longest = max([state.steps, *(one.at for one in state.rivals)])
    same(shown.axes("heights").get_xlim(), (0, at[-1]))
    same(at, [0, at[-1] // 2, at[-1]])
    assert longest <= at[-1] <= max(2 * longest, 20)
    rates(a, shown)
    table(a, shown)
    surface(shown)


def rates(a, shown):
    state, result = shown.state, shown.result
    for mark, y, rate in zip(a.rates, (1, 0), result.rates, strict=True):
        if not np.isfinite(rate):
            assert not len(points(mark))
            continue
        same(points(mark), [[np.clip(abs(rate), *OWN_RATES), y]])
        fill = shown.themed(lambda rate=rate: style.paper() if rate < 0 else style.colour("BLUE"))
        assert mark.get_markerfacecolor() == fill
    ends = [] if state.optimizer == "yours" else [[state.lr, -0.6], [state.lr, 1.6]]
    same(points(a.pace), np.array(ends).reshape(-1, 2))


def table(a, shown):
    lines = rows(shown.state, shown.result)
    for i, head in enumerate(a.heads):
        assert words(head) == (lines[i][0] if i < len(lines) else "")
        for j in range(2):
            cell = a.cells[2 * i + j]
            if i < len(lines) and np.isfinite(lines[i][1][j]):
                says(cell, lines[i][1][j])
            else:
                assert not words(cell)


def surface(shown):
    """The map is of the heights, and around each lowest place there is a ring."""
    state = shown.state
    axes = shown.axes("surface")
    (image,) = axes.images
    grid = state.heights
    assert np.array_equal(np.argsort(np.asarray(image.get_array()).ravel()[::97]), np.argsort(grid.ravel()[::97]))
    middles = [np.mean(points(line), axis=0) for line in axes.lines if len(points(line)) == 40]
    lines = [line for line in axes.lines if len(points(line)) == 40 and line.get_zorder() == 3]
    assert len(lines) == len(state.course.lowest) and len(middles) >= len(lines)
    for line, place in zip(lines, state.course.lowest, strict=True):
        same(np.linalg.norm(points(line) - place, axis=1), RING)


def momentum_map(a, shown):
    state, result = shown.state, shown.result
    axes = shown.axes("map")
    same(points(a.here), [[math.log10(state.lr), state.momentum]])
    lr, mu = theory(float(state.kappa))
    if state.hides:
        assert not axes.images and not len(points(a.star))
    else:
        same(points(a.star), [[math.log10(lr), mu]])
        (image,) = axes.images
        same(image.get_array().filled(np.nan), np.log10(result.steps))
        left, right, low, high = image.get_extent()
        rows_, columns = result.steps.shape
        same([left + (right - left) * (j + 0.5) / columns for j in (0, columns - 1)], np.log10(RATES[[0, -1]]))
        same([low + (high - low) * (i + 0.5) / rows_ for i in (0, rows_ - 1)], MOMENTA[[0, -1]])
    same(xy(a.curve)[0], np.arange(MOST + 1))
    same(xy(a.curve)[1], np.clip(result.distances, 1e-6, 1e3))
    colour(a.curve, shown.themed(lambda: style.colour("VERMILLION")))
    if result.needed <= MOST:
        ((x, y),) = points(a.arrival)
        assert x == result.needed and y == result.distances[result.needed] <= GOAL < result.distances[result.needed - 1]
        says(a.arrived, result.needed)
    else:
        assert not len(points(a.arrival))
        assert words(a.arrived) == ("exploded" if result.exploded else "not arrived")


ROWS = {"OptimizerRace": optimizer_race, "MomentumMap": momentum_map}
