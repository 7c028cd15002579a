"""Rows of lessons 07 and 07b."""

import numpy as np

from dlcourse.widgets.chain.layout import places
from dlcourse.widgets.when_things_get_intense.derivation import lines
from pictures.reading import colour, numbers, points, same, says, segments, sits, there, words, xy
from pictures.shown import rgb


def network(a, shown, *, count=None, route=None):
    """Circles with numbers, a line for each weight, and those that are set off."""
    state, result = shown.state, shown.result
    at = places(state.sizes)
    every = np.concatenate(at)
    same(points(a.circles), every)
    same(points(a.goal), [at[-1][state.end]])
    ends = segments(a.edges)
    weights = np.concatenate([link.weight.ravel() for link in result.chain])
    expected = [(start, end) for one, two in zip(at, at[1:], strict=False) for start in one for end in two]
    same(ends, expected)
    if len(weights) <= 90:
        tints = np.asarray(a.edges.get_colors())[:, :3]
        blue = np.abs(tints - rgb("BLUE")).max(axis=1) < 0.01
        assert np.array_equal(blue, weights > 0)
    layer, j, i = state.place
    same(segments(a.weight), [[at[layer][j], at[layer + 1][i]]])
    values = [text for text in a.values if words(text)]
    numbers_in = np.concatenate([result.chain[0].inputs, *(link.outputs for link in result.chain)])
    if values:
        for text, place, value in zip(values, every, numbers_in, strict=True):
            same(text.get_position(), place)
            printed = numbers(words(text))
            assert abs(printed[0][0] - value) <= 1.02 * printed[0][1]
    names = [words(text) for text in a.names if words(text)]
    assert len(names) == len(at[0]) + len(at[-1])
    assert [name[0] for name in names] == ["x"] * len(at[0]) + ["s"] * len(at[-1])
    fan = segments(a.fan)
    if state.hides or count == 0:
        assert not len(fan)
    for start, end in fan:
        assert any(np.allclose(start, one) for one in every) and any(np.allclose(end, one) for one in every)
    stops = [] if route is None else [at[layer + 1 + depth][neuron] for depth, neuron in enumerate(route)]
    same(segments(a.path), [[one, two] for one, two in zip(stops, stops[1:], strict=False)] or np.zeros((0, 2, 2)))


def paths(a, shown):
    state, result = shown.state, shown.result
    listed = result.paths is not None and not state.hides and result.count > 0
    route = result.paths.neurons[state.reached - 1] if listed and state.reached else None
    network(a.network, shown, count=result.count, route=route)
    chart, k = a.chart, state.reached
    products = np.asarray(result.paths.products) if listed else np.zeros(0)
    sums = np.cumsum(products)
    scale = max(float(np.abs(np.concatenate([products, sums, [result.gradient, 1e-300]])).max()), 1e-300)
    order = np.arange(len(products))
    groups = {"outline": order >= k, "plus": (order < k) & (products > 0), "minus": (order < k) & (products <= 0)}
    for name, which in groups.items():
        got = points(getattr(chart, name)).reshape(-1, 2, 2)
        same(got[:, 1, 0], order[which] + 1.0)
        same(got[:, 1, 1] * scale, products[which], digits=5)
        same(got[:, 0, 1], np.zeros(which.sum()))
    same(there(chart.sum)[0], np.arange(k + 1) + 0.5)
    same(there(chart.sum)[1] * scale, [0, *(sums[:k] if len(sums) else np.zeros(k))])
    assert bool(len(points(chart.zero))) == listed
    if listed:
        same(points(chart.zero), [[0, 0], [1, 0]])
    same(points(chart.target)[:, 1] * scale, [result.gradient] * 2 if listed else [])
    same(points(chart.target)[:, 0], chart.target.axes.get_xlim() if listed else [])
    assert (words(chart.target_name) == "backward()") == listed
    says(chart.count, *([k, len(products)] if listed else []))
    assert bool(words(chart.note)) == (not listed)
    if not listed:
        says(chart.note, *([] if state.hides else [result.count] if result.count else [0]))
    if listed:
        if k:
            told = numbers(words(a.product).split("=")[-1])
            assert abs(told[0][0] - products[k - 1]) <= 1.02 * told[0][1] + 1e-12
            assert f"path {k}:" in words(a.product)
    else:
        assert words(a.product) == ""
    if state.hides:
        assert words(a.checks) == ""
    else:
        expected = [*([result.paths.total] if result.paths is not None else []), result.gradient, result.difference]
        says(a.checks, *expected, result.off, *([state.x1, state.h] if state.model is None else []))


def derivation(a, shown):
    state, result = shown.state, shown.result
    network(a.network, shown, count=result.count)
    expected = lines.values(result)
    if state.with_slips:
        expected[3] = lines.quotient(result, state.h)
    slips = lines.SLIPS if state.with_slips and not state.hides else {}
    for k, (text, value) in enumerate(zip(a.results, expected, strict=True)):
        if state.hides:
            assert words(text) == "?"
        else:
            says(text, value)
        colour(text, rgb("VERMILLION" if k in slips else "BLUE"))
    for k, (text, arithmetic) in enumerate(zip(a.numbers, lines.arithmetic(state, result), strict=True)):
        assert words(text) == ("" if state.hides else arithmetic)
        colour(text, rgb("VERMILLION" if k in slips else "BLUE"))
        assert a.results[k].get_position()[1] < text.get_position()[1] < k + 1
        assert k < a.results[k].get_position()[1] < k + 1
    told = numbers(words(a.here))
    _, j, i = result.place
    same([told[0][0], told[1][0]], [i + 1, j + 1])
    assert any(abs(value - result.weight) <= 1.02 * half for value, half in told)
    if not state.hides:
        assert abs(told[-1][0] - result.gradient) <= 1.02 * told[-1][1] and told[-2][0] == result.count
    assert a.mark.get_visible() == (state.shown > 0)
    if state.shown:
        box, line = a.mark.get_window_extent(), a.results[state.shown - 1].get_window_extent(shown.renderer)
        assert box.y0 < (line.y0 + line.y1) / 2 < box.y1
        same([a.mark.get_x(), a.mark.get_width(), a.mark.get_height()], [0, 1, 0.94])


def path_count(a, shown):
    state, works = shown.state, shown.result
    work = works[state.depth - 1]
    expected = (work.by_paths, work.paths, work.by_backward)
    assert len(a.numbers) == len(a.dots) == (2 if state.hides else 3)
    for text, dot, value, tint in zip(a.numbers, a.dots, expected, ("VERMILLION", "ORANGE", "BLUE"), strict=False):
        says(text, value)
        colour(text, rgb(tint))
        colour(dot, rgb(tint))
        same(points(dot), [[state.depth, value]])
    same(points(a.cursor)[:, 0], [state.depth, state.depth])
    same(points(a.cursor)[:, 1], [0.7, max(work.by_paths, work.by_backward)])
    curves = [line for line in a.cursor.axes.lines if len(xy(line)[0]) == len(works)]
    assert len(curves) == len(a.numbers)
    for line, name in zip(curves, ("by_paths", "paths", "by_backward"), strict=False):
        same(xy(line)[1], [getattr(one, name) for one in works])


def matrix(image, full, shown):
    """Every entry in its square, orange below 0 and blue above."""
    rows, columns = full.shape
    i, j = (one.ravel() for one in np.indices(full.shape))
    seen = shown.colours_at(image, np.column_stack([j, i])).astype(float)
    bluer = seen[:, 2] - seen[:, 0]
    values = full[i, j]
    clear = np.abs(values) > 0.08 * max(np.abs(full).max(), 1e-12)
    assert np.array_equal(np.sign(bluer[clear]), np.sign(values[clear]))
    pale = seen[:, :3].min(axis=1)
    order = np.argsort(np.abs(values))
    assert not clear.any() or pale[order[-1]] <= pale[order[0]] + 1
    same(image.get_array(), full / max(np.abs(full).max(), 1e-12) * float(np.abs(image.get_array()).max()), digits=5)


def eigenvalues(a, values):
    ends = segments(a.bars)
    scale = max(np.abs(values).max(), 1e-12)
    same(ends[:, 1, 1] * scale, values)
    same(ends[:, 0, 1], np.zeros(len(values)))
    same(ends[:, :, 0], np.repeat(np.arange(1, len(values) + 1)[:, None], 2, axis=1))
    which = range(len(values)) if len(a.values) == len(values) else [0, len(values) - 1]
    for k, text in zip(which, a.values, strict=True):
        says(text, values[k])
        same(text.get_position()[0], k + 1)


def jacobian(a, shown):
    state, result = shown.state, shown.result
    full = result.jacobian
    matrix(a.matrix, full, shown)
    for text, value in zip(a.cells, full.ravel(), strict=False):
        says(text, value)
    columns, o = full.shape[1], state.end
    if state.hides:
        assert not len(points(a.row))
    else:
        same(points(a.row).min(axis=0), [-0.5, o - 0.5])
        same(points(a.row).max(axis=0), [columns - 0.5, o + 0.5])
    printed = numbers(words(a.off))
    same(printed[0][0], state.x1, digits=2)
    same(printed[1][0], state.h, digits=2)
    assert abs(printed[-1][0] - result.left) <= 1.02 * printed[-1][1]
    scale = max(np.abs(result.ellipse).max(), 1e-12)
    same(points(a.plane.ellipse), result.ellipse / scale)
    same(points(a.plane.images), result.images[::2] / scale)
    lengths = [*result.half_axes, 0.0][:2]
    for line, text, end, length in zip(a.plane.half_axes, a.plane.lengths, result.ends / scale, lengths, strict=True):
        same(points(line), [[0, 0], end])
        same(np.linalg.norm(points(line)[1]) * scale, length, digits=4)
        says(text, *([length] if length > 1e-9 else []))
        sits(text, *(0.6 * end))


def hessian(a, shown):
    state, result = shown.state, shown.result
    leads = state.place[0] < len(state.sizes) - 2 or state.place[2] == state.end
    network(a.network, shown, count=int(leads))
    layer, at = state.place[0], places(state.sizes)
    second = at[layer][state.pair % state.sizes[layer]], at[layer + 1][state.pair // state.sizes[layer]]
    same(segments(a.second), [second])
    full = result.hessian
    bars = a.eigenvalues.values
    if state.hides:
        assert not np.any(a.matrix.get_array()) and not len(points(a.pair)) and not words(a.row_name)
        assert "covered" in words(a.cover)
        assert (
            not len(segments(a.eigenvalues.bars))
            and not len(segments(a.blocks))
            and not any(words(text) for text in bars)
        )
        return
    assert words(a.cover) == ""
    matrix(a.matrix, full, shown)
    same(points(a.pair), [[state.pair, state.row]])
    eigenvalues(a.eigenvalues, result.curvatures)
    told = numbers(words(a.row_name).split("=")[-1])
    assert abs(told[0][0] - full[state.row, state.pair]) <= 1.02 * told[0][1]
    assert np.allclose(segments(a.blocks) % 1, 0.5)


ROWS = {
    "Paths": paths, "Derivation": derivation, "PathCount": path_count, "JacobianMatrix": jacobian, "HessianMatrix": hessian
}  # fmt: skip
