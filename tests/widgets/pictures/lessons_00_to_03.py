"""Rows of lessons 00 to 03: what each artist must show, worked out anew from state and result."""

import numpy as np
from matplotlib.colors import to_rgb

import dlcourse as dl
from dlcourse.live import style
from dlcourse.widgets.more_neurons_more_layers.folds.numbers import aim
from pictures.reading import blend, colours, numbers, points, same, says, segments, sits, words, xy


def digit_pad(a, shown):
    state, result = shown.state, shown.result
    paper, ink = to_rgb("white"), to_rgb(shown.themed(style.ink))
    i, j = (one.ravel() for one in np.indices((8, 8)))
    seen = shown.colours_at(a.image, np.column_stack([j, i]))
    colours(seen, blend(result.picture[i, j, 0], paper, ink))
    assert a.under.get_visible() == (state.loaded is not None)
    if a.under.get_visible():
        below = shown.colours_at(a.under, np.column_stack([4 * j + 2, 4 * i + 2]))
        if not state.strokes:
            colours(below, blend(result.picture[i, j, 0] / 1.6, paper, ink))
    drawn = [point for stroke in state.strokes for point in (*stroke, stroke[-1])]
    same(points(a.lines), np.array(drawn, float).reshape(-1, 2))
    pad = shown.axes("pad")
    same(a.pixel.get_markersize(), pad.bbox.height / 32 * 72 / shown.figure.dpi, digits=4)
    same(a.lines.get_linewidth(), 3 * state.thickness * a.pixel.get_markersize(), digits=4)
    same(points(a.pen), [state.pen])
    assert words(a.hint).split("\n")[0] == ("" if result.ink.any() else "an empty pad")
    p = np.zeros(10) if result.probabilities is None else result.probabilities
    for digit, (box, number) in enumerate(zip(a.boxes, a.numbers, strict=True)):
        assert box.get_visible()
        same((box.get_x(), box.get_y() + box.get_height() / 2, box.get_width()), (0, digit, p[digit]))
        sits(number, p[digit] + 0.04, digit)
        says(number, *([p[digit]] if p[digit] >= 0.005 else []))
    for frame, label in zip(a.frames, ("pad", "image"), strict=True):
        assert frame.get_visible()
        same(frame.get_window_extent().extents, shown.axes(label).bbox.extents, digits=3)


def fit_a_function(a, shown):
    state, result = shown.state, shown.result
    left, right, bottom, top = state.limits
    table = np.array(state.editable, float).reshape(-1, 3)
    seen = table[table[:, 2] > 0, :2]
    same(points(a.seen), seen)
    unseen = table[table[:, 2] == 0, :2] if state.unseen and not state.hides else table[:0, :2]
    same(points(a.own_unseen), unseen)
    chosen = result.curves.get(state.model)
    high = top - bottom
    if chosen is None:
        assert not len(points(a.curve)) and not len(points(a.sticks))
    else:
        x, y = xy(a.curve)
        same(x, result.grid)
        there = (chosen > bottom) & (chosen < top)
        same(y[there], chosen[there])
        assert ((y[~there] >= top) | (y[~there] <= bottom)).all()
        predict = state.predictor(state.model, tuple(map(tuple, seen)))
        with np.errstate(all="ignore"):
            same(chosen[::40], np.asarray(predict(result.grid), float)[::40], digits=3)
        ends = points(a.sticks).reshape(-1, 2, 2)
        same(ends[:, 0], seen)
        same(ends[:, 1, 0], seen[:, 0])
        same(ends[:, 1, 1], np.clip(result.told, bottom - high, top + high))
    for line, name in zip(a.others, ("nearest neighbour", "line", "polynomial", "network", "yours"), strict=True):
        if state.everyone and name != state.model and name in result.curves:
            same(xy(line)[0], result.grid)
            inside = np.abs(result.curves[name]) < 1e6
            near = inside & (result.curves[name] > bottom) & (result.curves[name] < top)
            same(xy(line)[1][near], result.curves[name][near])
        else:
            assert not len(points(line))
    row = state.editor.row
    same(points(a.ring), [row[:2]] if row is not None and (row[2] or state.shows_unseen) else np.zeros((0, 2)))
    says(a.title, len(seen), *([len(result.unseen[0])] if state.shows_unseen else []))
    board(a, shown)


def board(a, shown):
    """Names, errors and dots of all learners; an error is drawn where the axis has that number."""
    state, result = shown.state, shown.result
    low, high = shown.axes("board").get_xlim()
    for at, (name, row) in enumerate(zip(state.names, a.rows, strict=True)):
        settings = {"polynomial": [state.degree], "network": [state.width, state.steps]}.get(name, [])
        says(row.name, *settings)
        assert name in ("polynomial", "network", "yours") or words(row.name) == name
        ends = []
        for text, dot, errors in (
            (row.seen, row.seen_dot, result.seen_errors), (row.unseen, row.unseen_dot, result.unseen_errors)
        ):  # fmt: skip
            error = errors.get(name)
            if error is None:
                assert words(text) == "?" and not len(points(dot))
                continue
            printed = numbers(words(text))
            assert len(printed) == 1 and abs(printed[0][0] - error) <= 1.02 * printed[0][1]
            ((x, y),) = points(dot)
            ends.append((x, y))
            same(y, at + 0.24)
            if low * 1.1 < error < high / 1.1:
                same(x, error)
            else:
                assert (x < low * 1.2) == (error <= low * 1.1)
        same(points(row.bar), ends if len(ends) == 2 else np.zeros((0, 2)))


def neuron_explorer(a, shown):
    state, result = shown.state, shown.result
    table = np.array(state.shown, float).reshape(-1, 3)
    w, b = np.array([state.w1, state.w2]), state.b
    z = table[:, :2] @ w + b
    with np.errstate(all="ignore"):
        says_one = np.asarray(state.curve(dl.Tensor(z)).data if len(z) else z) > state.cutoff
    truth = table[:, 2] == 1
    same(points(a.zeros), table[~truth, :2])
    same(points(a.ones), table[truth, :2])
    same(points(a.wrong), table[says_one != truth, :2])
    if len(table):
        says(a.count, (says_one == truth).sum(), len(table))
    else:
        assert words(a.count) == "click to add a point"
    row = state.editor.row
    same(points(a.chosen), [row[:2]] if row is not None else np.zeros((0, 2)))
    for line, level in zip(a.lines, [*result.levels, *[None] * len(a.lines)], strict=False):
        ends = points(line)
        if level is None or not w.any():
            assert not len(ends)
        else:
            same(ends @ w + b - level, np.zeros(len(ends)), digits=5)
            assert np.ptp(ends, axis=0).max() >= np.ptp(state.limits[:2])
    if state.handle is None:
        assert not len(points(a.handle)) and not len(points(a.arrow))
    else:
        ((hx, hy),) = points(a.handle)
        same(np.array([hx, hy]) @ w + b, 0, digits=5)
        same(points(a.arrow), [state.handle.pivot, state.handle.tip])
        foot, tip = points(a.arrow)
        assert (tip - foot) @ w > 0, "the arrow points to where the sum grows"
    plane(a, shown)
    inside = np.clip(z, -6, 6)
    low, high = shown.axes("curve").get_ylim()
    same(xy(a.ticks)[0], inside)
    same(xy(a.ticks)[1], np.full(len(z), low + 0.06 * (high - low)))
    if row is None:
        assert not len(points(a.dot))
        says(a.sums, 0, state.w1, state.w2, b, 0)
    else:
        k = state.selected
        same(points(a.dot), [[inside[k], np.clip(result.output[k], low, high)]])
        x1, x2, label = row
        says(
            a.sums, x1, x2, state.w1, x1, state.w2, x2, b, z[k], result.output[k], result.threshold, says_one[k], label
        )
    says(a.pace, *([result.error] if len(table) else []), state.steps or float(f"{state.lr:.2g}"))


def plane(a, shown):
    """The colour of each square of the plane is the neuron's own answer in its middle, above or below the threshold."""
    state, side = shown.state, len(shown.result.surface)
    left, right, bottom, top = state.limits
    x = left + (np.arange(side) + 0.5) / side * (right - left)
    y = bottom + (np.arange(side) + 0.5) / side * (top - bottom)
    places = np.stack(np.meshgrid(x, y), axis=-1)
    with np.errstate(all="ignore"):
        answers = np.asarray(state.curve(dl.Tensor(places @ [state.w1, state.w2] + state.b)).data)
    difference = answers - state.cutoff
    few = (slice(4, -4, 9), slice(4, -4, 9))
    expected = shown.themed(lambda: style.shades(difference[few] / max(np.abs(difference).max(), 1e-9)))
    colours(shown.colours_at(a.image, places[few].reshape(-1, 2)), expected.reshape(-1, 4), within=3)


def folds(a, shown):
    state, result = shown.state, shown.result
    x = result.x
    for i, (line, knob, name) in enumerate(zip(a.lines, a.knobs, a.names, strict=True)):
        if i >= state.units:
            assert not len(points(line)) and not len(points(knob)) and not words(name)
            continue
        kink, slope, left = state.folds[i]
        ramp = slope * np.maximum((kink - x) if left else (x - kink), 0)
        same(points(line), np.column_stack([x, ramp]), digits=5)
        same(points(knob), [[kink, 0]])
        sits(name, kink, -0.03)
        says(name, i + 1)
    y = x
    for depth in range(state.layers):
        y = state.base + sum(s * np.maximum((k - y) if left else (y - k), 0) for k, s, left in state.used)
        if depth == 0:
            first = y
    same(points(a.curve), np.column_stack([x, y]), digits=4)
    if state.layers > 1:
        same(points(a.once), np.column_stack([x, first]), digits=4)
    else:
        assert not len(points(a.once))
    same(points(a.dots), np.column_stack([result.bends, result.heights]))
    inside = (result.bends > x[0]) & (result.bends < x[-1])
    if state.layers == 1:
        same(result.heights[inside], np.interp(result.bends[inside], x, y), digits=2)
    kinks = [kink for kink, _, _ in state.used]
    low, high = shown.axes("sum").get_ylim()
    same(points(a.guides), [[kink, y] for kink in kinks for y in (low, high)])
    slopes = (state.slope, state.left)
    same(points(a.arm), [[state.kink + (-0.16 if slopes[1] else 0.16), slopes[0] * 0.16]])
    expected = [state.layers] if state.layers > 1 else []
    many = len(result.bends)
    told = numbers(words(a.count))
    same([value for value, _ in told], [*expected, *([many] if many else []), *([result.bound] if state.tells else [])])
    if result.error is None:
        assert words(a.away) == ""
    else:
        grid = (x >= 0) & (x <= 1)
        says(a.away, np.mean((y[grid] - aim(state.target, x[grid])) ** 2))


def playground(a, shown):
    state, result = shown.state, shown.result
    layout = state.layout(not shown.narrow)
    marks(a.dots, state)
    tiles(a, shown, layout)
    links(a.network, shown, layout)
    error_curves(a.curves, shown)
    if result.right is not None:
        printed = numbers(words_of(a.shown))
        same([value for value, _ in printed[-len(result.right) :]], [r for r in result.right if r == r], digits=2)
    assert words_of(a.shown)
    told = [value for value, _ in numbers(words_of(a.words).replace(",", ""))]
    assert told[0] == state.run.steps
    same(told[3], state.lr, digits=2)
    if "chosen:" in words_of(a.words):
        *_, value, gradient = numbers(" ".join(words_of(a.words).split()).split("chosen:")[1].split(" · ")[0])
        for (printed, half), amounts in ((value, result.weights), (gradient, result.gradients)):
            layer, i, k = state.weight
            matrix, bias = amounts[layer]
            wanted = bias[k] if i < 0 else matrix[i, k]
            assert abs(printed - wanted) <= 1.02 * half + 1e-12
    names = {text for _, _, text, _, _ in a.header.labels}
    assert {"inputs", "output"} <= names
    columns = {round(x) for x, y, text, _, _ in a.header.labels if text.isdigit() for x in [x]}
    assert columns == {round(layout.column(layer)) for layer in range(1, len(layout.sizes) - 1)}
    widths = [int(text) for _, _, text, _, _ in a.header.labels if text.isdigit()]
    assert widths == list(layout.sizes[1:-1])


def words_of(artist):
    return artist.text if artist.get_visible() else ""


def marks(dots, state):
    """Every point stands where it is, as what it is."""
    shown = state.shown
    for markers, visible in ((dots.train, shown.seen), (dots.test, ~shown.seen & state.show_test)):
        for label, marker in enumerate(markers):
            keep = visible & (shown.y == label) if shown.classes else np.zeros(len(shown.x), bool)
            same(points(marker), shown.x[keep])
    offsets = np.asarray(dots.measured.get_offsets(), float).reshape(-1, 2)
    same(offsets, shown.x[:0] if shown.classes else shown.x[shown.seen | state.show_test])
    same(points(dots.picked), shown.x[state.picked : state.picked + 1] if state.picked >= 0 else shown.x[:0])


def tiles(a, shown, layout):
    """The large map has the colour of the network's answer, and each neuron's map the sign of what it says there."""
    result = shown.result
    assert len(a.tiles.pictures) == sum(layout.sizes) + 1 == len(a.tiles.places)
    same(a.tiles.places[-1], layout.map)
    left, bottom, side = (length * shown.figure.dpi / 100 for length in layout.map)
    grid = result.field.shape[0]
    i, j = (one.ravel() for one in np.meshgrid(np.arange(6, grid - 6, 12), np.arange(6, grid - 6, 12), indexing="ij"))
    middles = np.column_stack(
        [round(left) + (j + 0.5) * round(side) / grid, round(bottom) + (i + 0.5) * round(side) / grid]
    )
    seen = shown.colours_at_pixels(a.tiles, middles).astype(float)
    if result.classes is None:
        field = np.clip(result.field[i, j], -1, 1)
        bluer = seen[:, 2] - seen[:, 0]
        clear = np.abs(field) > 0.1
        assert not clear.any() or (np.sign(bluer[clear]) == np.sign(field[clear])).mean() > 0.95
    maps = [*result.hidden, result.outputs]
    first = layout.sizes[0]
    pictures = a.tiles.pictures[first:-1]
    values = [one[:, k].reshape(grid, grid) for one in maps for k in range(one.shape[1])]
    for picture, value in zip(pictures, values, strict=True):
        step = grid // len(picture)
        small = value[::step, ::step]
        strong = np.abs(small) > 0.3 * np.abs(small).max()
        bluer = picture[..., 2].astype(float) - picture[..., 0]
        assert not strong.any() or (np.sign(bluer[strong]) == np.sign(small[strong])).mean() > 0.95
    corners = [(*layout.bias(layer, k), layout.tile) for layer, size in enumerate(layout.sizes) for k in range(size)]
    same(a.tiles.places[:-1], corners)


def links(network, shown, layout):
    """A link for each weight, from its input to its neuron, blue above 0 and orange below, the thicker the larger."""
    state, result = shown.state, shown.result
    amounts = result.gradients if state.gradients else result.weights
    weights = np.concatenate([w.ravel() for w, _ in amounts])
    biases = np.concatenate([b for _, b in amounts])
    ends = segments(network.links)
    assert len(ends) == len(weights)
    expected = []
    for layer, (matrix, _) in enumerate(amounts):
        sources = state.used if layer == 0 else range(len(matrix))
        for source in sources:
            for target in range(matrix.shape[1]):
                expected.append((layout.place(layer, source), layout.place(layer + 1, target)))
    expected = np.array(expected)
    same(ends[:, :, 1], expected[:, :, 1])
    assert (ends[:, 0, 0] > expected[:, 0, 0]).all() and (ends[:, 1, 0] < expected[:, 1, 0]).all()
    widths = np.broadcast_to(network.links.get_linewidths(), len(weights))
    order = np.argsort(np.abs(weights))
    assert (np.diff(widths[order]) >= -1e-9).all()
    for artist, values in ((network.links, weights), (network.biases, biases)):
        tints = artist.get_colors() if artist is network.links else artist.get_facecolor()
        blue = np.broadcast_to(tints, (len(values), 4))[:, 2] > np.broadcast_to(tints, (len(values), 4))[:, 0]
        clear = values != 0
        assert np.array_equal(blue[clear], values[clear] > 0)
    pulses = points(network.pulses)
    moving = state.run.steps and len(weights) <= 40
    assert len(pulses) == (2 * int((np.abs(shown_sizes(state, weights, biases)) > 0.35).sum()) if moving else 0)
    for spot in pulses:
        along, across = ends[:, 1] - ends[:, 0], spot - ends[:, 0]
        share = (across * along).sum(axis=1) / (along**2).sum(axis=1)
        assert (np.hypot(*(across - share[:, None] * along).T)[(share >= 0) & (share <= 1)] < 1e-6).any()
    spots = [layout.bias(layer, k) for layer in range(1, len(layout.sizes)) for k in range(layout.sizes[layer])]
    same(np.asarray(network.biases.get_offsets(), float), spots)
    layer, i, k = state.weight
    chosen, dot = points(network.chosen), points(network.dot)
    if i < 0:
        same(dot, [layout.bias(layer + 1, k)])
        assert not len(chosen)
    else:
        assert not len(dot) and len(chosen) == 2
        half = layout.tile / 2
        same(chosen[:, 0], [layout.column(layer) + half, layout.column(layer + 1) - half])
        same(chosen[:, 1], [layout.place(layer, state.used[i] if layer == 0 else i)[1], layout.place(layer + 1, k)[1]])
    ring = points(network.ring)
    if state.looked_at is None:
        assert not len(ring)
    else:
        same(ring[:4].mean(axis=0), layout.place(*state.looked_at))
    buttons = points(network.buttons)
    signs = {(x, y) for x, y, text, _, _ in shown.artists.header.labels if text in "−+"}
    assert len(buttons) == 2 * (len(layout.sizes) - 2) == len(signs)
    assert all(min(abs(x - sx) + abs(y - sy) for sx, sy in signs) < 1e-6 for x, y in buttons)


def shown_sizes(state, weights, biases):
    """Weights as they are; of gradients the largest, a bias's among them, is shown as 2.5."""
    return 2.5 * weights / max(np.abs(weights).max(), np.abs(biases).max(), 1e-12) if state.gradients else weights


def error_curves(curves, shown):
    """Heights are errors in parts of the number that is written at the top."""
    state, result = shown.state, shown.result
    top = numbers(words_of(curves.says_top))[0][0]
    curve = np.array(state.run.curve, float).reshape(-1, 4)
    last = max([*curve[-1:, 0], *([state.kept.curve[-1][0]] if state.kept and len(state.kept.curve) else []), 1.0])
    penalty = state.l1 > 0 or state.l2 > 0
    for line, column in ((curves.train, 1), (curves.test, 2), (curves.objective, 3)):
        if column == 3 and not penalty:
            assert not len(points(line))
            continue
        x, y = xy(line)
        same(x * last, curve[:, 0])
        low = curve[:, column] < 1.03 * top
        same((y * top)[low], curve[low, column], digits=4)
    for line, column in ((curves.kept_train, 1), (curves.kept_test, 2)):
        kept = np.array(state.kept.curve if state.kept else (), float).reshape(-1, 4)
        same(xy(line)[0] * last, kept[:, 0])
        low = kept[:, column] < 1.03 * top
        same((xy(line)[1] * top)[low], kept[low, column], digits=4)
    assert words_of(curves.says_loss) in (f"{name}, mean over points" for name in (state.loss, "squared error"))
    for text, value in ((curves.says_train, result.train), (curves.says_test, result.test)):
        printed = numbers(words_of(text))
        assert not printed if value != value else abs(printed[0][0] - value) <= 1.02 * printed[0][1]
    printed = numbers(words_of(curves.says_penalty))
    assert bool(words_of(curves.says_penalty)) == penalty
    if penalty and np.isfinite(result.train):
        assert abs(printed[0][0] - result.train - result.penalty) <= 1.02 * printed[0][1]


ROWS = {
    "DigitPad": digit_pad,
    "FitAFunction": fit_a_function,
    "NeuronExplorer": neuron_explorer,
    "Folds": folds,
    "Playground": playground,
}
