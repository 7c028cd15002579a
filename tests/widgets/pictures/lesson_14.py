"""The row of lesson 14."""

import math

import numpy as np

from dlcourse.sweeps.spaces import label
from dlcourse.widgets.hyperparameters.state import CURVES
from pictures.reading import points, same, says, words, xy


def place_of(knob, value):
    names = [label(option) for option in getattr(knob, "options", [])]
    return names.index(label(value)) if names and not isinstance(value, (int, float)) else value


def sweep(a, shown):
    state, result = shown.state, shown.result
    runs = result.sweep.runs
    scored = [run for run in runs if math.isfinite(run.score)]
    lit = [run for run in scored if run.number in result.lit]
    ranked = result.sweep.ranked()
    best = ranked[:1]
    title(a.title, state, result, best)
    for curves in a.curves:
        same(points(curves.all), joined(scored))
        same(points(curves.lit), joined(lit))
        same(points(curves.best), joined(best))
        same(points(curves.ends), np.reshape([(run.epochs, run.score) for run in scored], (-1, 2)))
        assert (curves.all.get_alpha() < 0.5) == bool(result.lit)
        guides(curves, shown, CURVES)
    assert len(a.curves) == (state.result is None or max(run.epochs for run in runs) > 1)
    for panel, (name, knob) in zip(a.panels, result.sweep.space.items(), strict=True):
        low, high = shown.axes(name).get_ylim()
        at = {run.number: (place_of(knob, run.settings[name]), run.score) for run in runs}
        same(points(panel.dots), np.reshape([at[r.number] for r in scored if r not in lit], (-1, 2)))
        same(points(panel.lit), np.reshape([at[run.number] for run in lit], (-1, 2)))
        same(points(panel.best), np.reshape([at[run.number] for run in best], (-1, 2)))
        same(xy(panel.failed)[0], [at[run.number][0] for run in result.sweep.failed()])
        assert ((xy(panel.failed)[1] - low) / (high - low) < 0.08).all()
        hidden = state.result is not None or (state.hides and result.done < result.total)
        planned = [] if hidden else result.planned
        same(xy(panel.ticks)[0], [place_of(knob, settings[name]) for settings in planned])
        assert (np.abs((xy(panel.ticks)[1] - low) / (high - low) - 0.025) < 0.01).all()
        reach = knob.levels(2) if state.result is None else []
        same(xy(panel.range)[0], reach)
        assert (np.abs((xy(panel.range)[1] - low) / (high - low) - 0.025) < 0.01).all()
        assert (panel.dots.get_alpha() < 0.5) == bool(result.lit)
        guides(panel, shown, name)


def joined(runs):
    return np.reshape([(i + 1, score) for run in runs for i, score in enumerate(run.outcome.scores)], (-1, 2))


def title(text, state, result, best):
    numbers = [result.done, result.total, result.epochs] if state.result is None else [result.done, result.epochs]
    if state.result is None and result.done:
        numbers.append(len({run.settings["lr"] for run in result.sweep.runs}))
    if best:
        numbers.append(best[0].score)
    if state.to_beat:
        numbers.append(state.to_beat[1])
        assert f"dashed, {state.to_beat[0]}" in words(text)
    says(text, *numbers)


def guides(panel, shown, name):
    state = shown.state
    left, right = shown.axes(name).get_xlim()
    same(
        points(panel.to_beat),
        [(left, state.to_beat[1]), (right, state.to_beat[1])] if state.to_beat else np.zeros((0, 2)),
    )
    brushed = state.brush is not None and state.brush[0] == name and state.picked < 0
    assert panel.brush.get_visible() == brushed
    if brushed:
        _, x0, y0, x1, y1 = state.brush
        box = panel.brush.get_bbox()
        low, high = shown.axes(name).get_ylim()
        same([box.x0, box.x1], np.clip(sorted((x0, x1)), left, right))
        same([box.y0, box.y1], np.clip(sorted((y0, y1)), low, high))


ROWS = {"Sweep": sweep}
