"""Rows of lessons 07 to 09."""

import numpy as np

from dlcourse.live.pixels import Block
from dlcourse.widgets.learning_a_new_representation.picture import CORNERS, view
from dlcourse.widgets.learning_a_new_representation.scene import MOST
from dlcourse.widgets.learning_a_new_representation.words import where
from dlcourse.widgets.when_things_get_intense import lines
from dlcourse.widgets.when_things_get_intense.layout import places
from pictures.reading import numbers, points, same, says, segments, sits, there, words, xy
from pictures.shown import rgb


def paths(a, shown):
    """One of several views, by the module that its artists come from."""
    VIEWS[a.kind](a, shown)


def network(a, shown, *, routes):
    """Circles with numbers, a line for each weight, and those that are set off."""
    state, result = shown.state, shown.result
    at = places(result.sizes)
    every = np.concatenate(at)
    same(points(a.circles), every)
    same(points(a.goal), [at[-1][result.output]])
    ends = segments(a.edges)
    weights = np.concatenate([link.weight.ravel() for link in result.chain])
    expected = [(start, end) for one, two in zip(at, at[1:], strict=False) for start in one for end in two]
    same(ends, expected)
    if len(weights) <= 90:
        tints = np.asarray(a.edges.get_colors())[:, :3]
        blue = np.abs(tints - rgb("BLUE")).max(axis=1) < 0.01
        assert np.array_equal(blue, weights > 0)
    layer, j, i = result.place
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
    if state.hides or not result.count:
        assert not len(fan)
    for start, end in fan:
        assert any(np.allclose(start, one) for one in every) and any(np.allclose(end, one) for one in every)
    route = segments(a.path)
    if routes and result.paths is not None and state.reached and not state.hides and result.count:
        same(route[-1, 1], at[-1][result.output])
        nodes = result.paths.nodes[state.reached - 1] if hasattr(result.paths, "nodes") else None
        assert nodes is None or len(route)


def paths_view(a, shown):
    state, result = shown.state, shown.result
    network(a.network, shown, routes=True)
    listed = result.paths is not None and not state.hides and result.count > 0
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
        says(a.checks, *expected, result.off)


def derivation_view(a, shown):
    state, result = shown.state, shown.result
    network(a.network, shown, routes=False)
    if not (state.printed and state.as_slide):
        for text, value in zip(a.results, lines.values(result), strict=True):
            says(text, value)
    for text, arithmetic in zip(a.numbers, lines.arithmetic(state, result), strict=True):
        assert words(text) == arithmetic
    last = numbers(words(a.results[-1]))[0]
    assert abs(last[0] - result.gradient) <= 1.02 * last[1] + 1e-9
    told = numbers(words(a.here))
    _, j, i = result.place
    same([told[0][0], told[1][0]], [i + 1, j + 1])
    assert any(abs(value - result.gradient) <= 1.02 * half for value, half in told)
    assert any(abs(value - result.weight) <= 1.02 * half for value, half in told)
    assert abs(told[-1][0] - result.difference) <= 1.02 * told[-1][1]
    assert a.mark.get_visible() == (state.reached > 0)
    if state.reached:
        box, line = a.mark.get_window_extent(), a.results[state.reached - 1].get_window_extent(shown.renderer)
        assert box.y0 < (line.y0 + line.y1) / 2 < box.y1


def count_view(a, shown):
    state, result = shown.state, shown.result
    depth = min(max(len(state.sizes) - 2, 1), len(result.works))
    work = result.works[depth - 1]
    expected = (work.by_paths, work.paths, work.by_backward)
    assert len(a.numbers) == (2 if state.hides else 3)
    for text, value in zip(a.numbers, expected, strict=False):
        says(text, value)
        same(text.get_position()[1], max(value, 1) * 1.12)
    same(points(a.cursor)[:, 0], [depth, depth])
    same(points(a.cursor)[:, 1], [0.7, max(work.by_paths, work.by_backward)])
    axes = a.cursor.axes
    curves = [line for line in axes.lines if line is not a.cursor and line.get_marker() == "o"]
    for line, name in zip(curves, ("by_paths", "paths", "by_backward"), strict=False):
        same(xy(line)[1], [getattr(one, name) for one in result.works])


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
    same(ends[:, 1, 1] * scale, np.where(np.abs(values) < 1e-10, 0, values))
    same(ends[:, 0, 1], np.zeros(len(values)))
    same(ends[:, :, 0], np.repeat(np.arange(1, len(values) + 1)[:, None], 2, axis=1))
    which = range(len(values)) if len(a.values) == len(values) else [0, len(values) - 1]
    for k, text in zip(which, a.values, strict=True):
        says(text, 0.0 if abs(values[k]) < 1e-10 else values[k])
        same(text.get_position()[0], k + 1)


def jacobian_view(a, shown):
    state, result = shown.state, shown.result
    full = result.jacobian
    matrix(a.matrix, full, shown)
    for text, value in zip(a.cells, full.ravel(), strict=False):
        says(text, value)
    columns, o = full.shape[1], result.output
    if not state.hides:
        same(points(a.row).min(axis=0), [-0.5, o - 0.5])
        same(points(a.row).max(axis=0), [columns - 0.5, o + 0.5])
        printed = numbers(words(a.off))
        same(printed[0][0], state.x1, digits=2)
        same(printed[1][0], state.h, digits=2)
        assert abs(printed[-1][0] - result.left) <= 1.02 * printed[-1][1]
    else:
        assert not len(points(a.row)) and not words(a.off)
    eigenvalues(a.eigenvalues, result.stretches)
    scale = max(np.abs(result.ellipse).max(), 1e-12)
    same(points(a.ellipse), result.ellipse / scale)
    same(points(a.images), result.images[::2] / scale)


def hessian_view(a, shown):
    state, result = shown.state, shown.result
    network(a.network, shown, routes=False)
    full = result.hessian
    if state.hides:
        assert not np.any(a.matrix.get_array()) and not len(points(a.pair)) and not words(a.row_name)
        assert "covered" in words(a.cover)
        assert not np.any(segments(a.eigenvalues.bars)[:, 1, 1])
        return
    assert words(a.cover) == ""
    matrix(a.matrix, full, shown)
    same(points(a.pair), [[state.pair, state.row]])
    eigenvalues(a.eigenvalues, result.curvatures)
    value = full[state.row, state.pair]
    told = numbers(words(a.row_name).split("=")[-1])
    assert abs(told[0][0] - (0.0 if abs(value) < 1e-10 else value)) <= 1.02 * told[0][1] + 1e-9
    edges = segments(a.blocks)
    assert np.allclose(edges % 1, 0.5)


VIEWS = {
    "paths": paths_view,
    "derivation": derivation_view,
    "count": count_view,
    "jacobian": jacobian_view,
    "hessian": hessian_view,
}


def representation(a, shown):
    state, result = shown.state, shown.result
    scene, data = result.scene, state.problem
    number = len(result.points)
    y = data.y[:number]
    wrong = (scene.says != data.y)[:number]
    for label, dots in enumerate(a.points):
        same(points(dots), data.x[:MOST][data.y[:MOST] == label])
    same(points(a.line), scene.boundary[0][np.isfinite(scene.boundary[0]).all(axis=1), :2])
    same(points(a.wrong), data.x[:number][wrong])
    says(a.title, result.right)
    assert words(a.place) == where(result)
    sides(a.sides, shown)
    screen, eye = view(state.turn, scene.deep)
    flat = result.points @ screen
    there = np.concatenate([points(dots) for dots in (*a.behind, *a.front)])
    assert len(there) == number
    # What is on the screen is the projection, moved and scaled alike in both directions.
    groups = [
        which & (y == label)
        for which in (behind_of(scene, eye, number), ~behind_of(scene, eye, number))
        for label in (0, 1)
    ]
    got = np.concatenate([points(dots) for dots in (*a.behind, *a.front)])
    want = np.concatenate([flat[group] for group in groups])
    scale = np.ptp(got, axis=0).max() / max(np.ptp(want, axis=0).max(), 1e-12)
    move = got.mean(axis=0) - scale * want.mean(axis=0)
    same(got, scale * want + move, digits=5)
    same(points(a.wrong_there), scale * flat[wrong] + move, digits=5)
    grid = result.grid @ screen
    same(points(a.grid), scale * grid[np.isfinite(grid).all(axis=1)] + move, digits=5)
    border = result.boundary @ screen
    same(points(a.boundary), scale * border[np.isfinite(border).all(axis=1)] + move, digits=5)
    corners = (CORNERS if len(scene.legs[result.leg].order) > 2 else CORNERS * [1, 1, 0]) @ screen * scale + move
    assert len(points(a.box)) >= 8
    for corner in points(a.box):
        assert np.abs(corners - corner).max(axis=1).min() < 1e-6
    shown_names = [words(name) for name in a.names if words(name)]
    assert all(name[0] == "h" for name in shown_names)
    if result.leg + result.share > 0.5 and np.ptp(corners, axis=0).max() > 0.4:
        assert len(shown_names) == len(scene.legs[result.leg].order)
    last = result.leg == len(scene.legs) - 1 and result.share > 0.8
    assert (a.edge.get_alpha() > 0) == (a.cut.get_alpha() > 0) == last
    assert not last or len(points(a.edge))
    outline = np.asarray(a.cut.get_xy(), float)
    same(outline[: len(points(a.edge))], points(a.edge)[: len(outline)])


def behind_of(scene, eye, number):
    return scene.says[:number] == (0 if scene.weight @ eye > 0 else 1)


def sides(block, shown):
    """The plane is orange where the network says 0 and blue where it says 1."""
    (cx, cy), half = shown.state.problem.centre, shown.state.problem.half
    plane = shown.axes("plane")
    says_one = shown.result.scene.sides
    n = len(says_one)
    assert isinstance(block, Block)
    i, j = (one.ravel() for one in np.meshgrid(np.arange(4, n, 8), np.arange(4, n, 8), indexing="ij"))
    places_at = np.column_stack([cx - half + 2 * half * (j + 0.5) / n, cy - half + 2 * half * (i + 0.5) / n])
    seen = shown.colours_at_pixels(block, plane.transData.transform(places_at)).astype(float)
    blue = seen[:, 2] > seen[:, 0]
    assert (blue == says_one[i, j]).mean() > 0.97


def two_views(a, shown):
    state, result = shown.state, shown.result
    for number, one in enumerate((result.raw, result.layer)):
        name = words(a.titles[number])
        printed = [value for value, _ in numbers(name)]
        same(printed[-1], one.size)
        for row, share in enumerate((one.all_right, one.two_right)):
            same(points(a.bars[2 * number + row]), [[0, row], [share, row]])
            says(a.shares[2 * number + row], share)
            sits(a.shares[2 * number + row], 1.03, row)
        says(a.names[2 * number], one.size)
        assert words(a.names[2 * number + 1]) == "from these two"
    labels = a.glyphs.labels
    plane, y = result.layer.plane[:400], state.run.unseen.y[:400]
    assert [text for _, _, text, _, _ in labels] == [str(int(one)) for one in y]
    at = np.array([label[:2] for label in labels])
    for axis in range(2):
        got, want = at[:, axis], plane[:, axis]
        same((got - got.min()) / np.ptp(got), (want - want.min()) / np.ptp(want), digits=5)
    left, bottom, width, height = a.glyphs.box
    assert (at >= [left, bottom]).all() and (at <= [left + width, bottom + height]).all()


def peek_counter(a, shown):
    state, result = shown.state, shown.result
    last = state.peeks - 1
    low, high = shown.axes("curve").get_ylim()
    assert shown.axes("bars").get_xlim()[0] == 0, "bars begin at 0"
    for row, part in enumerate(state.shown):
        scores = np.asarray(result.scores[part])
        share, mean, spread = scores[state.deal, last], scores.mean(axis=0), scores.std(axis=0)
        same(points(a.bars[row]), [[0, row], [share, row]])
        same(points(a.whiskers[row])[[0, 2], 0], [mean[last] - spread[last], mean[last] + spread[last]])
        same(points(a.whiskers[row])[1, 0], mean[last])
        same(points(a.whiskers[row])[:, 1], row + 0.33)
        says(a.shares[row], share)
        assert abs(a.shares[row].get_position()[1] - row) < 0.3
        x = np.arange(1, state.peeks + 1)
        same(points(a.curves[row]), np.column_stack([x, mean[: state.peeks]]))
        (band,) = a.bands[row].get_paths()
        corners = band.vertices[: 2 * state.peeks]
        same(corners[: state.peeks, 1], (mean + spread)[: state.peeks])
        same(corners[state.peeks :, 1], (mean - spread)[: state.peeks][::-1])
        same(points(a.dots[row]), [[state.peeks, mean[last]]])
        assert words(a.names[row]) == part
        assert abs(a.names[row].get_position()[1] - mean[last]) < 0.15 * (high - low)
        assert a.names[row].get_position()[0] > state.peeks
    same(points(a.now), [[state.peeks, low], [state.peeks, high]])
    says(a.title, state.deal + 1, state.peeks, len(result.scores[state.shown[0]]))


ROWS = {"Paths": paths, "Representation": representation, "TwoViews": two_views, "PeekCounter": peek_counter}
