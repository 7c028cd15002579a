"""Rows of lesson 15."""

import numpy as np

from dlcourse.widgets.activations.silence import UNITS
from pictures.reading import points, power, same, says, ticked, words


def activation_zoo(a, shown):
    state, result = shown.state, shown.result
    assert len(a.curves) == len(result.chosen) == len(state.names)
    far = state.far
    for i, curve in enumerate(result.chosen):
        same(points(a.curves[i]), np.column_stack([curve.x, curve.f]))
        same(points(a.slopes[i]), np.column_stack([curve.x, curve.slope]))
        if -0.4 * far <= curve.at <= far:
            same(points(a.dots[i]), [[state.x, curve.at]])
        else:
            assert not len(points(a.dots[i]))
        same(
            points(a.slope_dots[i]),
            [[state.x, curve.slope_at]] if -0.25 <= curve.slope_at <= 1.25 else np.zeros((0, 2)),
        )
        start, end = points(a.tangents[i])
        same((end[1] - start[1]) / (end[0] - start[0]), curve.slope_at)
        same((start + end) / 2, [state.x, curve.at])
        if "yours" not in state.names:
            assert words(a.values[i]).startswith(f"{state.names[i]}: f(x) = ")
        says(a.values[i], curve.at, curve.slope_at)
        if state.hides:
            assert not len(points(a.signals[i])) and not len(points(a.gradients[i])) and not words(a.left[i])
            continue
        layers = np.arange(state.layers + 1)
        for line, ends, values, at in (
            (a.signals[i], a.signal_ends[i], curve.signal, state.layers), (a.gradients[i], a.gradient_ends[i], curve.gradient, 0),
        ):  # fmt: skip
            fits = np.isfinite(values) & (values > 0)
            same(points(line), np.column_stack([layers, np.log10(np.where(fits, values, 1))])[fits])
            low, high = shown.axes("signal").get_ylim()
            inside = fits[at] and low <= np.log10(values[at]) <= high
            same(points(ends), [[at, np.log10(values[at])]] if inside else np.zeros((0, 2)))
        if np.isfinite([curve.signal[-1], curve.gradient[0]]).all():
            says(a.left[i], state.layers, curve.signal[-1], curve.gradient[0])
    for ticks, label in zip(a.powers, ("signal", "gradient"), strict=True):
        at, names = ticked(ticks, shown.axes(label), "y")
        same(np.log10([power(name) for name in names]), at)
        low, high = shown.axes(label).get_ylim()
        assert at[0] == low and 0 in at and at[-1] <= high
    for i, (f, slope) in enumerate(result.others):
        same(points(a.others[i]), np.column_stack([result.chosen[0].x, f]))
        same(points(a.others[len(a.others) // 2 + i]), np.column_stack([result.chosen[0].x, slope]))
    for line, name in zip(a.now, ("curves", "slopes"), strict=True):
        same(points(line), [[state.x, end] for end in shown.axes(name).get_ylim()])


def silent_units(a, shown):
    state, result = shown.state, shown.result
    assert len(a.units.pictures) == len(a.units.places) == 2 * UNITS
    for i, awake in enumerate(result.awake):
        silent = awake[state.update] == 0
        row, column = np.divmod(np.flatnonzero(silent), 8)
        same(points(a.crosses[i]), np.column_stack([column, row]).reshape(-1, 2))
        assert words(a.counts[i]).startswith(state.names[i])
        says(a.counts[i], silent.sum())
        many = (awake[: state.update + 1] == 0).sum(axis=1)
        same(points(a.curves[i]), np.column_stack([np.arange(state.update + 1), many]))
        same(points(a.dots[i]), [[state.update, many[-1]]])
        pixels = np.array(a.units.pictures[UNITS * i : UNITS * (i + 1)])[:, 0, 0, :3].astype(int)
        empty, full = pixels[silent], pixels[awake[state.update] > 0.9]
        assert not len(empty) or np.ptp(empty, axis=0).max() == 0
        assert not len(full) or not len(empty) or np.abs(full - empty[0]).sum(axis=1).min() > 60
        axes = shown.axes(f"units {i}")
        box = axes.get_window_extent()
        scale = shown.figure.dpi / 100
        for unit in np.flatnonzero(silent):  # each cross stands in the middle of its square
            left, bottom, side = (scale * each for each in a.units.places[UNITS * i + unit])
            at = axes.transData.transform((unit % 8, unit // 8))
            same(at, (left + side / 2, bottom + side / 2), digits=3)
            assert box.x0 <= at[0] <= box.x1 and box.y0 <= at[1] <= box.y1


ROWS = {"ActivationZoo": activation_zoo, "SilentUnits": silent_units}
