"""Rows of lessons 04 to 06."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.egg_carton.numbers import profile
from dlcourse.widgets.sgd_and_minibatch.numbers import ARROWS
from pictures.reading import colour, colours, points, same, says, sits, there, words, xy


def gradient_step(a, shown):
    state, result = shown.state, shown.result
    view = {"curve": curve_view, "map": map_view, "slice": slice_view}[state.view]
    view(a.view, shown)
    for line in a.lines:
        x, y = there(line)
        slope = result.weights[0]
        if len(result.weights) <= 2:
            shift = result.weights[1] if len(result.weights) == 2 else state.b
            same(y, slope * x + shift, digits=4)
        else:
            assert len(points(line)) > 10
    steps = np.arange(len(result.errors))
    same(xy(a.errors)[0], steps)
    same(xy(a.errors)[1], np.clip(np.nan_to_num(result.errors, nan=1e15, posinf=1e15), 1e-12, 1e15))
    last = state.history_limits[0]
    same(shown.axes("history").get_xlim(), (0, last))
    if not state.tells_bound:
        assert not len(points(a.limit))
    else:
        bound = np.clip(result.bounds, 0.001, 4)
        same(xy(a.limit)[1], [bound[0], bound[0]] if len(bound) == 1 else bound)
        same(xy(a.limit)[0], [0, last] if len(bound) == 1 else steps)
    same(points(a.pace), [[0, state.lr], [last, state.lr]])
    low, high = shown.axes("bound").get_ylim()
    told = [state.lr, *(bound if state.tells_bound else ())]
    assert low < min(told) and max(told) < high
    assert low > min(told) / 3 and high < 3 * max(told), "what is drawn fills the strip"
    first = [result.weights[0], state.lr, result.gradient[0], result.after[0]]
    if len(result.weights) == 2:
        first = [*result.weights, state.lr, *result.gradient]
    elif len(result.weights) > 2:
        first = first[:3]
    says(a.sums, *first, result.promised, *([] if state.hides else [result.real]))


def markers_hide(markers, state):
    for artist in (markers.landing, markers.gap):
        assert not state.hides or not len(points(artist))
    assert not state.hides or not words(markers.real_text)


def curve_view(view, shown):
    state, result, m = shown.state, shown.result, view.markers
    (left, right), (low, high) = state.limits
    if state.hides:
        assert not len(points(view.curve))
    else:
        x, y = xy(view.curve)
        errors = np.array([state.terrain.value(np.array([w])) for w in x[::12]])
        same(x[[0, -1]], (left, right))
        same(y[::12], errors, digits=5)
    w, after = result.weights[0], result.after[0]
    same(points(m.ball), [[w, result.error]])
    same(points(m.path), np.column_stack([result.path[:, 0], result.errors[-len(result.path) :]]))
    ends = points(m.tangent)
    same(ends[:, 1], result.error + result.gradient[0] * (ends[:, 0] - w))
    assert ends[:, 0].min() < min(w, after) and ends[:, 0].max() > max(w, after)
    markers_hide(m, state)
    if left <= after <= right:
        promise, real = (result.error + change for change in (result.promised, result.real))
        same(points(m.promise), [[after, np.clip(promise, low, high)]])
        if not state.hides:
            same(points(m.gap), [[after, np.clip(promise, low, high)], [after, np.clip(real, low, high)]])
            same(points(m.landing), [[after, max(real, low)]] if real <= high else np.zeros((0, 2)))
        for text, word, y in ((m.promise_text, "promise", promise), (m.real_text, "real", real)):
            apart = abs(result.promised - result.real) > 0.031 * (high - low)
            assert bool(words(text)) or not apart or (state.hides and word == "real")
            if words(text):
                assert words(text) in (word, f"{word} ↓")
                assert abs(text.get_position()[0] - after) < 0.05 * (right - left)
                assert abs(text.get_position()[1] - np.clip(y, low, high)) < 0.09 * (high - low)
    else:
        assert not len(points(m.promise))


def map_view(view, shown):
    state, result, m = shown.state, shown.result, view.markers
    (left, right), (low, high) = state.limits
    axes = shown.axes("map")
    same(axes.get_xlim(), (left, right))
    same(axes.get_ylim(), (low, high))
    if state.hides:
        assert not axes.images
    else:
        (image,) = axes.images
        height_map(image, shown)
    assert len(view.bends) == len(view.curvatures) == 2
    for line, text, curvature in zip(view.bends, view.curvatures, result.curvatures[::-1], strict=True):
        assert line.get_visible() == state.tells_bound
        inside = left <= result.weights[0] <= right and low <= result.weights[1] <= high
        assert text.get_visible() == (state.tells_bound and inside), "a label without its line"
        if state.tells_bound:
            if inside:
                says(text, curvature)
            one, other = points(line)
            same((one + other) / 2, result.weights)
            same(np.linalg.norm(other - one), 2.4)
            along = (other - one) / 2.4
            steep = along @ result.steepest
            same(steep**2, 1 if line is view.bends[0] else 0)
    same(points(m.ball), [result.weights])
    same(points(m.path), result.path)
    same(points(m.tangent), [result.weights, result.after])
    markers_hide(m, state)
    if not state.hides:
        same(points(m.landing), [result.after])
    assert not len(points(m.promise)) and not len(points(m.gap))
    assert not words(m.promise_text) and not words(m.real_text)


def height_map(image, shown):
    """The band in which a place lies is that of the error at that place, between the lowest and the highest in view."""
    state = shown.state
    (left, right), (low, high) = state.limits
    grid = np.column_stack(
        [one.ravel() for one in np.meshgrid(np.linspace(left, right, 27), np.linspace(low, high, 27))]
    )
    errors = np.asarray(state.terrain.values(grid), float)
    finite = np.isfinite(errors)
    least, most = np.nanmin(state.heights), np.nanmax(state.heights)
    ranks = np.log10(errors[finite] - least + 1e-3 * (most - least)).clip(np.log10(1e-3 * (most - least)))
    bottom, top = np.log10(1e-3 * (most - least)), np.log10(1.001 * (most - least))
    shares = 12 * (ranks - bottom) / (top - bottom)
    sure = (np.abs(shares % 1 - 0.5) < 0.2) & (
        np.abs(grid[finite] - [(left + right) / 2, (low + high) / 2]) < 0.49 * np.array([right - left, high - low])
    ).all(axis=1)
    assert sure.sum() > 60 and len(set(shares[sure].astype(int))) > 3
    colours(shown.colours_at(image, grid[finite][sure]), 255 * style.heights(12)(shares[sure].astype(int)), within=8)


def slice_view(view, shown):
    state, result, m = shown.state, shown.result, view.markers
    if state.hides:
        assert not len(points(view.curve)) and not len(points(view.bowl))
    else:
        share, change = there(view.curve)
        move = state.lr * result.gradient
        errors = np.array([state.terrain.value(result.weights - s * move) for s in share[::10]])
        unit = -result.promised or 1.0
        same(change[::10], np.clip((errors - result.error) / unit, -1e3, 1e3), digits=3)
        s, bowl = there(view.bowl)
        same(bowl, -s + 0.5 * s**2 * state.lr * result.bend)
    same(points(m.tangent), [[-0.5, 0.5], [1.5, -1.5]])
    same(points(m.ball), [[0, 0]])
    markers_hide(m, state)
    same(points(m.promise), [[1, -1]])
    if not state.hides and len(points(m.landing)):
        same(points(m.landing), [[1, np.clip(result.real / (-result.promised or 1.0), -1.5, 1.5)]])
        assert len(points(m.gap)) == 2
    assert not len(points(m.path))
    for text, word in ((m.promise_text, "promise"), (m.real_text, "real")):
        assert words(text) == "" or words(text).startswith(word)


def egg_carton(a, shown):
    state, result = shown.state, shown.result
    balls = points(a.balls)
    count = min(300, len(result.places))
    same(balls[:, 0], result.places[:count, 0], digits=4)
    for curve in a.curves:
        w, height = there(curve)
        same(height, profile(state.q, w), digits=5)
        same(balls[:, 1], result.heights[:count], digits=4)
    for image in a.images:
        same(balls[:, 1], result.places[:count, 1], digits=4)
        places = np.column_stack(
            [one.ravel() for one in np.meshgrid(np.linspace(0.1, 1.9, 15), np.linspace(0.1, 1.9, 15))]
        )
        heights = profile(state.q, places).mean(axis=1)
        most = profile(state.q, np.linspace(0, 2, 400)).max()
        colours(shown.colours_at(image, places), 255 * style.heights()(heights / most), within=9)
    assert bool(a.curves) == (state.d == 1) and bool(a.images) == (state.d > 1)
    bars_and_dots(a, shown)
    if state.hides:
        assert not any(words(cell) for cell in a.cells)
        return
    same(points(a.heights)[:, 0], result.heights[:count], digits=4)
    assert points(a.heights)[:, 1].min() >= 0 and points(a.heights)[:, 1].max() <= 1
    mean, spread = result.rest_formula
    left, right = shown.axes("heights").get_xlim()
    same(points(a.band)[:, 0], np.clip([mean - 2 * spread, mean + 2 * spread], left, right))
    same(points(a.middle)[:, 0], [mean])
    same(points(a.band)[:, 1], points(a.middle)[0, 1])
    table(a.cells, result)


def bars_and_dots(a, shown):
    state, result = shown.state, shown.result
    heights, edges, _ = a.bars.get_data()
    middles = (edges[1:] + edges[:-1]) / 2
    same(middles, np.linspace(0, 1, len(middles)))
    if state.hides:
        assert not a.bars.get_visible() and not len(points(a.dots)) and not len(points(a.heights))
        return
    assert a.bars.get_visible()
    shares = result.sample.shares
    if state.d < len(shares):  # as many bars as there can be axes that bend down
        where = np.flatnonzero(heights)
        same(middles[where] * state.d, np.round(middles[where] * state.d), digits=4)
        same(heights / heights.max(), shares / shares.max(), digits=4)
        dots = points(a.dots)
        same(dots[:, 0] * state.d, np.round(dots[:, 0] * state.d), digits=4)
    else:
        same(np.argmax(heights), np.argmax(shares))
        same(heights / heights.sum(), shares / shares.sum(), digits=2)
    for x, y in points(a.dots):
        assert y <= 1.0001 and 0 <= x <= 1
    assert abs(points(a.dots)[:, 1].max() - heights.max()) < 0.2, "measured and formula are drawn in one scale"


def table(cells, result):
    sample = result.sample
    expected = [
        [result.minima], [result.minima_formula], [sample.mean, sample.deviation], result.index_formula,
        [result.arrived, len(result.heights)], [result.deepest_formula],
        [result.heights.mean(), result.heights.std()], result.rest_formula,
    ]  # fmt: skip
    for number, (cell, values) in enumerate(zip(cells, expected, strict=True)):
        if number not in (0, 1, 5):
            says(cell, *values)
        elif (
            words(cell).startswith("1 in 10") and words(cell)[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
        ):  # the rest are shares, given as logarithms
            power = words(cell).removeprefix("1 in 10").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
            assert abs(int(power) + values[0]) <= 0.51
        elif " in " in words(cell):
            says(cell, 1, 10.0 ** -values[0])
        elif words(cell) == "none":
            assert values[0] == -np.inf
        else:
            says(cell, 10.0 ** values[0])


def loss_slice(a, shown):
    state, result = shown.state, shown.result
    hidden = [a.image, a.marker, a.first, a.second, a.dot]
    if state.hides:
        assert not any(one.get_visible() for one in hidden) and not words(a.top)
        return
    losses = result.cut.losses
    n = len(losses)
    places = np.linspace(-1, 1, n)
    i, j = (one.ravel() for one in np.meshgrid(np.arange(1, n - 1), np.arange(1, n - 1), indexing="ij"))
    ranks = np.log10(losses - losses.min() + 0.02 * np.ptp(losses))
    shares = 12 * (ranks - ranks.min()) / np.ptp(ranks)
    sure = np.abs(shares[i, j] % 1 - 0.5) < 0.35
    seen = shown.colours_at(a.image, np.column_stack([places[j], places[i]])[sure])
    colours(seen, 255 * style.heights(12)(np.minimum(shares[i, j][sure].astype(int), 11)), within=8)
    row, column = state.marker
    same(points(a.marker), [[places[column], places[row]]])
    same(losses[row, column], result.marked)
    middle = n // 2
    top = max(losses[middle].max(), losses[:, middle].max())
    says(a.top, top)
    same(points(a.first), np.column_stack([places, losses[middle] / top]))
    same(points(a.second), np.column_stack([places, losses[:, middle] / top]))
    same(points(a.dot), [[0, result.cut.centre / top]], digits=4)
    sits(a.top, a.top.get_position()[0], 1)


def blame(a, shown):
    state, result = shown.state, shown.result
    nodes = [n for n, node in enumerate(result.graph.nodes) if node.kind != "constant"]
    reached = set(state.order[: state.revealed])
    for number, value, change, ring in zip(nodes, a.values, a.blames, a.rings, strict=True):
        tensor = result.after[number]
        if tensor.size == 1:
            says(value, float(tensor.reshape(())))
        else:
            assert words(value) == "×".join(map(str, tensor.shape))
        promised = result.changes[number]
        if number not in reached:
            assert words(change) == ""
        elif state.gradients:
            says(change, result.graph.slope(number))
        elif promised is None:
            assert words(change) == "0"
        else:
            says(change, abs(promised))
            assert words(change)[0] == ("▲" if promised > 0 else "▼")
            colour(
                change, shown.themed(lambda promised=promised: style.colour("BLUE" if promised > 0 else "VERMILLION"))
            )
        assert ring.get_visible() == (number == state.selected)
        x, y = ring.get_data()
        same(value.get_position(), (x[0], y[0]))
        same(change.get_position()[0], x[0])
    says(a.wish, *([] if state.gradients else [result.loss, state.amount]))
    asked = [state.amount] if state.gradients else []
    says(a.promise, *([result.promised, result.real] if state.nudged else asked))


def minibatch_fan(a, shown):
    state, result = shown.state, shown.result
    tips = np.clip(result.arrows, [-1.2, -2.2], [3.2, 2.2])
    same(points(a.tips), tips)
    rays = np.column_stack(xy(a.rays)).reshape(-1, 3, 2)
    same(rays[:, 0], np.zeros((len(tips), 2)))
    same(rays[:, 1], tips)
    law = shown.axes("law")
    low, high = law.get_ylim()
    real = result.measured > low  # a noise of 0 has no place on a logarithmic axis
    same(
        points(a.dots), np.column_stack([result.sizes, result.measured])[real] if not state.hides else np.zeros((0, 2))
    )
    same(points(a.here), [[state.b, max(result.noise, low)]])
    same(points(a.line), [[state.b, low], [state.b, max(result.noise, low)]])
    says(a.count, (result.arrows[:, 0] < 0).sum() if "uphill" not in words(a.count) else result.uphill, ARROWS)


def batch_race(a, shown):
    state, result = shown.state, shown.result
    axes = shown.axes("race")
    low, high = axes.get_xlim()
    now = low * (high / low) ** (state.progress / 100)
    same(points(a.now), [[now, y] for y in axes.get_ylim()])
    for batch, curve, name, plan in zip((1, 8, 64, 1024), a.curves, a.names, a.plans, strict=True):
        if state.progress:
            assert not words(plan)
        else:
            says(plan, batch, result.steps[batch][-1], batch)
        x = {"steps": result.steps[batch], "examples": result.steps[batch] * batch, "seconds": result.seconds[batch]}[
            state.axis
        ]
        there = x <= now * (1 + 1e-9)
        waits = [[low, result.start], [min(x[0], now), result.start]]
        same(points(curve), [*waits, *np.column_stack([x, result.losses[batch]])[there]], digits=4)
        says(name, batch)
        end = result.losses[batch][there][-1] if there.any() else result.start
        x, y = name.get_transform().transform(name.get_position())
        assert x > axes.bbox.x1, "names stand beside the race, where nothing runs through them"
        assert abs(axes.transData.inverted().transform((x, y))[1] - end) < 0.75, "and as high as their curves"


ROWS = {
    "GradientStep": gradient_step,
    "EggCarton": egg_carton,
    "LossSlice": loss_slice,
    "Blame": blame,
    "MinibatchFan": minibatch_fan,
    "BatchRace": batch_race,
}
