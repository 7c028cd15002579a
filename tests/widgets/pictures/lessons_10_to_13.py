"""Rows of lessons 10 to 13."""

import numpy as np
from matplotlib.colors import to_rgb

from dlcourse.live import style
from dlcourse.widgets.writing_names.training import BLIND
from pictures.reading import bars, colour, colours, numbers, points, same, says, segments, sits, words, xy
from pictures.shown import rgb


def tensor_explorer(a, shown):
    state, result = shown.state, shown.result
    row, column = state.place
    same(points(a.cross), [[column, row]])
    same(points(a.inner), [[column, row]])
    values = np.ravel(result.pixel)[: len(a.bars)]
    same(values, np.ravel(np.asarray(state.x)[row, column])[: len(a.bars)])
    for i, (bar, value) in enumerate(zip(a.bars, values, strict=True)):
        same(points(bar), [[0, i], [np.clip(value, 0, 1), i]])
    told = numbers(words(a.pixel))
    same([value for value, _ in told[:2]], [row, column])
    for (value, half), wanted in zip(told[2:], np.ravel(result.pixel), strict=False):
        assert abs(value - wanted) <= 1.02 * half
    assert words(a.code).replace("\n", "").replace(" ", "") == result.expression.replace(" ", "")
    options(a.options, result, state.chosen)
    told = "" if state.chosen is None else result.reasons[state.chosen]
    assert words(a.reason).replace("\n", " ") == told
    assert words(a.score) == ("" if not state.answers else told_score(state.answers))
    outcome(a, shown)
    photograph(shown)


def options(lines, result, chosen):
    for i, line in enumerate(lines):
        if i >= len(result.options):
            assert words(line) == ""
            continue
        assert words(line).endswith(f"{i + 1}:  {result.options[i]}")
        right = result.options[i] == result.answer
        mark = "" if chosen is None else "✓" if right else "✗" if i == chosen else ""
        assert words(line)[:1].strip() == mark


def outcome(a, shown):
    """What comes out is shown after a guess and not before."""
    state, result = shown.state, shown.result
    if not state.guessed:
        assert not a.image.get_visible() and words(a.title) == "" and words(a.words).startswith("Which shape")
        return
    if result.array is None:
        assert not a.image.get_visible()
        assert words(a.words).replace("\n", "").replace(" ", "") in result.message.replace("\n", "").replace(" ", "")
        return
    told = numbers(words(a.title).split("\n")[0])
    same([value for value, _ in told], result.array.shape)
    array = result.array[0] if result.array.ndim == 4 else result.array
    array = array[:, :, 0] if array.ndim == 3 and array.shape[2] == 1 else array
    if a.image.get_visible():
        assert words(a.words) == ""
        h, w = array.shape[:2]
        left, right, bottom, top = a.image.get_extent()
        at = np.array(
            [[left + u * (right - left), top + v * (bottom - top)] for u in (0.2, 0.5, 0.8) for v in (0.2, 0.5, 0.8)]
        )
        drawn = np.asarray(a.image.get_array(), float)
        same((left, right, bottom, top), (0, drawn.shape[1], drawn.shape[0], 0))
        step = max(1, max(h, w) // 240)
        same(drawn, np.clip(np.asarray(array, float)[::step, ::step], 0, 1))
        seen = shown.colours_at(a.image, at)
        assert len(seen) == 9
    elif array.size:
        corner = np.asarray(array).ravel()[0]
        assert (
            any(
                abs(value - corner) <= 1.1 * half
                for value, half in numbers(words(a.words).replace("0. ", "0 ").replace("1. ", "1 "))
            )
            or array.dtype == bool
        )


def photograph(shown):
    """The colour at a place of the photograph is the array's there."""
    x = np.asarray(shown.state.x, float)
    axes = shown.axes("photo")
    if not axes.images:
        return
    (image,) = axes.images
    step = max(1, max(x.shape[:2]) // 240)
    drawn = np.asarray(image.get_array(), float)
    same(drawn, np.clip(x[::step, ::step].reshape(drawn.shape), 0, 1))
    h, w = x.shape[:2]
    i, j = (
        one.ravel()
        for one in np.meshgrid(
            np.linspace(0.1 * h, 0.9 * h, 9).astype(int), np.linspace(0.1 * w, 0.9 * w, 9).astype(int), indexing="ij"
        )
    )
    seen = shown.colours_at(image, np.column_stack([j, i])).astype(float)[:, :3]
    wanted = np.array([x[r - 2 : r + 3, c - 2 : c + 3].mean(axis=(0, 1)) for r, c in zip(i, j, strict=True)]).reshape(
        len(i), -1
    )
    wanted = np.broadcast_to(255 * np.clip(wanted, 0, 1), seen.shape)
    assert np.median(np.abs(seen - wanted)) < 12


def broadcast(a, shown):
    state, result = shown.state, shown.result
    n = len(result.columns)
    for number, text in enumerate(a.names):
        i = number - (5 - n)
        assert words(text) == (f"axis {i - n}" if i >= 0 else "")
    for text, name in zip(a.rows, ("a", "b", "a + b"), strict=True):
        assert words(text) == name
        assert text.get_position()[0] < 5 - n + 0.05
    for place, (box, text) in enumerate(zip(a.boxes, a.texts, strict=True)):
        row, column = divmod(place, 5)
        i = column - (5 - n)
        sits(text, column + 0.5, row + 0.5)
        assert bool(words(text)) == box.get_visible()
        if i < 0:
            assert not box.get_visible()
            continue
        corners = box.get_xy()
        same(corners.min(axis=0), [column + 0.05, row + 0.12])
        size = result.columns[i][row]
        printed = [value for value, _ in numbers(words(text))]
        if row < 2:
            goal = result.columns[i][2]
            stretched = state.guessed and goal is not None and size != goal
            same(printed, [*([] if size is None else [size]), *([goal] if stretched else [])])
        elif state.guessed:
            assert printed == ([] if size is None else [size])
        else:
            assert words(text) == "?"
    options(a.options, result, state.chosen)
    assert words(a.score) == ("" if not state.answers else told_score(state.answers))
    told, result_known = words(a.words).replace("\n", " "), state.guessed and result.shape is not None
    if not state.guessed:
        assert told.startswith("Click")
    elif result.shape is None:
        assert told == " ".join(result.message.split()).split(";")[0] + "."
    else:
        assert told.startswith(result.reasons[state.chosen] or "Aligned at the right.")
    for number, title in enumerate(a.titles):
        shape = (*state.shapes, result.shape)[number]
        open_sum = number == 2 and not result_known
        assert words(title) == f"{('a', 'b', 'a + b')[number]}: " + (
            str(shape) if not open_sum else "nothing" if state.guessed else "?"
        )
        cells_of_block(a, shown, number, None if open_sum else shape, result.shape if result_known else shape)


def told_score(answers):
    return f"Right so far: {sum(answer.right for answer in answers)} of {len(answers)}"


def cells_of_block(a, shown, number, own, whole):
    """A square for each number of the last three axes, as far as there is room; copies leave the cell they come from."""
    texts = [text for text in a.values[16 * number : 16 * number + 16] if words(text)]
    paths = a.blocks[number].get_paths()
    if own is None:
        assert not paths and not texts
        return
    drawn = [min(size, most) for size, most in zip(((1, 1, 1) + whole)[-3:], (3, 4, 4), strict=True)]
    ours = [min(size, most) for size, most in zip(((1, 1, 1) + own)[-3:], (3, 4, 4), strict=True)]
    assert len(paths) == np.prod(drawn)
    corner = np.array([path.vertices[:4].min(axis=0) for path in paths])
    side = np.ptp(paths[0].vertices[:4], axis=0)
    share = shown.state.stretch if number < 2 else 1.0
    kinds = []
    left, top = 0.04 + number * (4.35 if side[0] < 0.3 else 7.0) / 3, 1.32 - side[1]
    for at in np.ndindex(*drawn):
        source = [0 if mine == 1 else here for mine, here in zip(ours, at, strict=True)]
        sheet, row, column = (1 - share) * np.array(source) + share * np.array(at)
        place = left + column * side[0] + 0.13 * sheet, top - row * side[1] + 0.13 * (sheet - 1)
        hits = np.abs(corner - place).max(axis=1) < 1e-6
        assert hits.any(), f"no cell at {place}"
        kinds.append((hits, list(at) != source))
    colours_at = [tuple(np.round(colour[:3], 3)) for colour in a.blocks[number].get_edgecolor()]
    edge = {name: to_rgb(shown.themed(lambda name=name: style.colour(name))) for name in ("GREEN", "ORANGE", "BLUE")}
    for hits, copied in kinds:
        wanted = tuple(np.round(edge["GREEN" if number == 2 else "ORANGE" if copied else "BLUE"], 3))
        assert wanted in {colours_at[i] for i in np.flatnonzero(hits)}
    if shown.result.arrays is None or shown.result.arrays[2].max(initial=0) > 999:
        assert all(words(text) == "…" for text in texts)
        return
    values = np.broadcast_to(shown.result.arrays[number], whole).reshape(-1, *((1, 1, 1) + whole)[-3:])[0, 0]
    for text in texts:
        x, y = text.get_position()
        column, row = (
            round((x - left) / side[0] - 0.5 + 1e-9),
            round((top + side[1] + 0.13 * -1 + 0.0 - y) / side[1] - 0.5),
        )
        sits(text, left + (column + 0.5) * side[0], top - 0.13 - (row - 0.5) * side[1])
        if words(text) != "…":
            rows, columns = (
                index if size <= 4 or index < 2 else size - 1
                for index, size in ((row, values.shape[0]), (column, values.shape[1]))
            )
            assert float(words(text)) == values[rows, columns]
    if share == 1:
        assert len(texts) == drawn[1] * drawn[2]


def greys(values):
    """Ink on paper in 17 steps."""
    return np.repeat((255 - np.round(np.clip(values, 0, 1) * 16) * 255 / 16)[..., None], 3, axis=-1)


def block(one, values, shown, scale, grey=False):
    """Each square of a block has the colour of its number."""
    left, bottom, width, height = (side * shown.figure.dpi / 100 for side in one.place)
    h, w = values.shape
    i, j = (index.ravel() for index in np.indices(values.shape))
    at = np.column_stack([left + (j + 0.5) * width / w, bottom + (h - i - 0.5) * height / h])
    seen = shown.colours_at_pixels(one, at).astype(float)
    wanted = values[i, j]
    there = np.isfinite(wanted)
    assert (seen[~there, 3] == 0).all(), "nothing is drawn where there is no number"
    if grey:
        colours(seen, greys(wanted), within=9)
        return
    bluer = (seen[:, 2] - seen[:, 0])[there]
    wanted = wanted[there]
    clear = np.abs(wanted) > 0.12 * scale
    assert np.array_equal(np.sign(bluer[clear]), np.sign(wanted[clear]))
    for sign in (-1, 1):  # the larger, the further from the page
        mine = seen[there][np.sign(wanted) == sign, :3].min(axis=1)
        order = np.argsort(np.abs(wanted[np.sign(wanted) == sign]))
        assert (np.diff(mine[order]) <= 3).all()


def wiring(a, shown):
    result = shown.result
    block(a.image, np.asarray(result.image, float), shown, 1, grey=True)
    block(a.digit, np.asarray(result.digit, float), shown, 1, grey=True)
    most = float(np.abs(result.says).max())
    for one, values in zip(a.units, result.says, strict=False):
        block(one, np.asarray(values, float), shown, 2 * most)
    laid = np.full(64, np.nan)
    laid[result.pixels] = result.links.weights
    block(a.weights, laid.reshape(8, 8), shown, np.nanmax(np.abs(laid)) if len(result.pixels) else 1)
    links(a, shown)
    says_words(a.words.text, shown)
    printed = numbers(words(a.title))
    assert printed and (
        result.says.shape[0] in [value for value, _ in printed]
        or result.says.shape[2] in [value for value, _ in printed]
    )
    boxes = [np.asarray(outline) for outline in a.frames.get_segments()]
    for one in (a.image, a.weights, a.digit, *a.units[: len(result.says)]):
        left, bottom, width, height = one.place
        assert any(
            np.allclose(b.min(axis=0), (left, bottom), atol=1.5)
            and np.allclose(b.max(axis=0), (left + width, bottom + height), atol=1.5)
            for b in boxes
        )


def square(one, i, j, shape):
    left, bottom, width, height = one.place
    return np.array([left + (j + 0.5) * width / shape[1], bottom + height - (i + 0.5) * height / shape[0]])


def links(a, shown):
    """A line from each linked pixel's weight to the unit, in the colour of its sign, and frames where they belong."""
    result = shown.result
    (sheet, row, column), shape = result.unit, result.says.shape
    end = square(a.units[sheet], row, column, shape[1:])
    lines = segments(a.links)
    assert len(lines) == len(result.pixels)
    if len(lines):
        same(lines[:, 1], np.broadcast_to(end, (len(lines), 2)))
        starts = np.array([square(a.weights, *divmod(int(pixel), 8), (8, 8)) for pixel in result.pixels])
        assert np.abs(lines[:, 0] - starts).max() < 0.5 * a.weights.place[2] / 8
        tints = np.broadcast_to(a.links.get_colors(), (len(lines), 4))
        blue = tints[:, 2] > tints[:, 0]
        assert np.array_equal(blue, np.asarray(result.links.weights) >= 0)
    before = segments(a.before)
    assert len(before) == len(result.links.before)
    if len(before):
        same(before[:, 1], np.broadcast_to(end, (len(before), 2)))
        same(before[:, 0], [square(a.units[sheet], row - 1, j, shape[1:]) for j in range(len(before))])
    box = a.units[sheet].place
    wide, high = box[2] / shape[2], box[3] / shape[1]
    assert a.unit.get_visible()
    same(a.unit.get_bbox().bounds, (end[0] - wide / 2 - 1, end[1] - high / 2 - 1, wide + 2, high + 2), digits=4)
    assert a.sharing.get_visible() == (result.links.shared > 1)
    if a.sharing.get_visible():
        x0, y0, w, h = a.sharing.get_bbox().bounds
        assert x0 < end[0] < x0 + w and y0 < end[1] < y0 + h
        assert w < (wide if shape[0] == 1 else box[2]) + 4 and h < box[3] + 4
    assert a.patch.get_visible() == (0 < len(result.pixels) < 64)
    if a.patch.get_visible():
        x0, y0, w, h = a.patch.get_bbox().bounds
        middles = np.array([square(a.image, *divmod(int(pixel), 8), (8, 8)) for pixel in result.pixels])
        assert (middles > [x0, y0]).all() and (middles < [x0 + w, y0 + h]).all()
        cell = a.image.place[2] / 8
        same([w / cell, h / cell], np.ptp([divmod(int(p), 8)[::-1] for p in result.pixels], axis=0) + 1, digits=4)
    letters = [(x, y) for x, y, _, _, _ in a.laid.labels]
    assert len(letters) == len(a.written.labels) == len(a.origins.get_segments())
    for x, y in letters:
        spots = np.array([square(a.weights, *divmod(int(pixel), 8), (8, 8)) for pixel in result.pixels])
        assert np.abs(spots - [x, y]).max(axis=1).min() < 1e-6
    for (x, y, *_), outline in zip(a.written.labels, a.origins.get_segments(), strict=True):
        same(
            np.asarray(outline)[:4].mean(axis=0)
            if len(outline) == 4
            else (np.min(outline, axis=0) + np.max(outline, axis=0)) / 2,
            (x, y),
            digits=4,
        )
        left, bottom, width, height = a.digit.place
        assert left < x < left + width and bottom < y < bottom + height


def says_words(text, shown):
    state, result = shown.state, shown.result
    flat = [value for value, _ in numbers(text)]
    for wanted in (result.counted, result.computed, result.answer):
        assert wanted in flat
    assert any(abs(value - result.right) < 6e-4 for value in flat)
    wanted = result.total if state.summed else result.output
    assert any(abs(value - wanted) <= 0.00501 for value in flat)
    assert len(result.pixels) in flat


def unroll(a, shown):
    state, result = shown.state, shown.result
    places, now = len(a.letters), state.read
    columns = min(places, state.letters)
    first = min(max(now - columns + 1, 0), state.letters - columns)
    for c, text in enumerate(a.letters):
        assert words(text) == (result.text[first + c] if c < columns else "")
        same(text.get_position()[0], c)
    time = shown.axes("time")
    assert time is a.image.axes
    units = result.states.shape[1]
    for c in range(columns):
        at = np.column_stack([np.full(units, c), 1 - (np.arange(units) + 0.5) / units])
        seen = shown.colours_at(a.image, at)
        if first + c < now:
            wanted = shown.themed(lambda c=c: style.shades(result.states[first + c], 1.0))
            colours(seen, wanted, within=12)
        else:
            assert (seen[:, 3] == 0).all(), "no state before its letter is read"
    frame = points(a.frame)
    assert len(frame) == 5
    same(frame[:4].mean(axis=0), [now - 1 - first, 0.5])
    arrows(a.arrows, columns)
    ticks(a.ticks, shown)
    told = [value for value, _ in numbers(words(a.title))]
    same(told, [now, state.letters, result.weights])
    assert words(a.title).startswith(state.shown)
    says(a.settings, state.scale, state.keep)
    (nudges if hasattr(a.below._record, "cover") else traces)(a.below, shown)


def arrows(a, columns):
    c = np.arange(columns)
    same(points(a.up_heads), np.column_stack([c, 0 * c - 0.055]))
    same(points(a.along_heads), np.column_stack([c - 0.3, 0 * c + 0.5]))
    same(points(a.up)[1::2], points(a.up_heads))
    same(points(a.along)[1::2], points(a.along_heads))
    same(points(a.up).reshape(-1, 2, 2)[:, :, 0], np.column_stack([c, c]))
    same(points(a.along).reshape(-1, 2, 2)[:, 1, 0], c - 0.3)
    cells = points(a.cells).reshape(-1, 5, 2)
    same(cells[:, :4].mean(axis=1), np.column_stack([c, 0 * c + 0.5]))
    for place, (along, up) in enumerate(a.weights):
        assert (words(along), words(up)) == (("Wₕ", "Wₓ") if place < columns else ("", ""))


def ticks(a, shown):
    axes = shown.axes("left")
    at = points(a.marks)[:, 0]
    same(points(a.marks)[:, 1], 0 * at)
    labels = [text for text in a.labels if words(text)]
    assert [float(words(text)) for text in labels] == list(at)
    same([text.get_position()[0] for text in labels], at)
    low, high = sorted(axes.get_xlim())
    assert (at >= low).all() and (at <= high).all() and len(at) > 2


def traces(a, shown):
    state, result = shown.state, shown.result
    for unit, line in enumerate(a.lines):
        same(points(line), np.column_stack([np.arange(1, state.read + 1), result.states[: state.read, unit]]))


def nudges(a, shown):
    state, result = shown.state, shown.result
    low, high = shown.axes("left").get_ylim()
    same(points(a.now), [[state.back, low], [state.back, high]])
    assert bool(words(a.cover)) == state.hides
    for line, dot, label, (name, left) in zip(a.lines, a.dots, a.labels, result.left.items(), strict=True):
        if state.hides:
            assert not len(points(line)) and not len(points(dot)) and not words(label)
            continue
        drawn = np.clip(left, low, high)
        same(points(line), np.column_stack([np.arange(len(left)), drawn]))
        same(points(dot), [[state.back, drawn[state.back]]])
        assert words(label).startswith(name)
        printed = numbers(words(label).removeprefix(name))
        assert not printed or abs(printed[0][0] - left[-1]) <= 1.02 * printed[0][1]
        same(label.get_position()[0], state.letters)


def name_writer(a, shown):
    state, result = shown.state, shown.result
    run = state.present()
    curve = np.array(run.curve, float).reshape(-1, 3)
    low, high = shown.axes("loss").get_ylim()
    for line, column in ((a.train, 1), (a.unseen, 2)):
        same(points(line), np.column_stack([curve[:, 0], np.clip(curve[:, column], low, high)]))
    for text, name in zip(a.names_of, ("learnt from", "unseen"), strict=True):
        assert words(text).strip() == (name if len(curve) else "")
    letters = bars(a.bars)
    same(letters[:, 0], [27, *range(26)])
    same(letters[:, 1], np.zeros(27))
    same(letters[:, 2], result.first)
    same(result.first.sum(), 1, digits=4)
    assert words(a.after) == "the next letter " + (f"after “{state.start}”" if state.start else "at the beginning")
    says(a.head, state.temperature, sum(result.new), len(result.names))
    for text, note, name, new in zip(a.written, a.notes, result.names, result.new, strict=True):
        assert words(text) == (name or "(nothing)")
        assert ("real" in words(note)) == (not new and bool(name))
        assert (
            note.get_position()[0] > text.get_position()[0] + 0.1 and note.get_position()[1] == text.get_position()[1]
        )
        ink = shown.themed(style.ink if new else style.faint)
        colour(text, to_rgb(ink))
    levels = sorted(
        xy(line)[1][0] for line in shown.axes("loss").lines if len(xy(line)[1]) == 2 and len(set(xy(line)[1])) == 1
    )
    assert any(abs(level - BLIND) < 1e-6 for level in levels) and any(
        abs(level - state.bigram) < 1e-6 for level in levels
    )


def convolution(a, shown):
    state, result = shown.state, shown.result
    fits = bool(result.y.size)
    told = numbers(words(a.title))
    if not fits:
        assert words(a.title) == "nothing fits"
        return
    same([value for value, _ in told[:2]], result.y.shape)
    assert words(a.title).endswith("brighter is more" if result.kernel.min() >= 0 else "orange below 0, blue above")
    the_map(a.map, shown)
    (i, j), (top, left), (down, across) = result.place, result.corner, state.span
    same(a.target_frame.get_bbox().bounds, (j, i, 1, 1))
    same(a.source_frame.get_bbox().bounds, (left, top, across, down))
    shown_dots = points(a.dots)
    assert len(shown_dots) == (result.kernel.size if state.dilation > 1 else 0)
    if len(shown_dots):
        rows, columns = np.indices(result.kernel.shape) * state.dilation + 0.5
        same(shown_dots, np.column_stack([(left + columns).ravel(), (top + rows).ravel()]))
    for edge in (a.source_frame, a.target_frame, *a.edges):
        assert edge.get_visible()
    kh, kw = result.kernel.shape
    for edge, bounds in zip(a.edges, [(0, 0, 1, 1)] + 3 * [(0, 0, kw, kh)], strict=True):
        same(edge.get_bbox().bounds, bounds)
    values = (result.patch, result.kernel, result.products)
    for number, (grid, labels, one) in enumerate(zip(a.grids, a.numbers, values, strict=True)):
        one = np.asarray(one, float)
        grid_colours(grid, one, shown, grey=number == 0)
        if max(one.shape) > 7:
            assert not labels.get_visible()
            continue
        assert grid.get_visible() and labels.get_visible() and len(labels.labels) == one.size
        for (x, y, text, _, _), (place, value) in zip(labels.labels, np.ndenumerate(one), strict=True):
            same((x, y), square(grid, *place, one.shape), digits=4)
            ((printed, half),) = numbers(text)
            assert abs(printed - value) <= 1.02 * half
    if 0 <= state.selected < result.kernel.size:
        u, v = divmod(state.selected, result.kernel.shape[1])
        same(a.ring.get_xy(), (v, u))
    else:
        assert not a.ring.get_visible()
    for line, axes, corner in zip(
        a.lines,
        ("input", "input", "output", "output"),
        ((left, top + down), (left + across, top + down), (j, i + 1), (j + 1, i + 1)),
        strict=True,
    ):
        start = shown.axes(axes).transData.transform(corner)
        same(line.get_transform().transform(points(line))[0], start, digits=3)
    text = [value for value, _ in numbers(a.words.text)]
    for wanted, half in (
        (result.total, 0.00501),
        (result.y[result.place], 0.00501),
        (result.kernel.size, 0),
        (result.x.size * result.summed.size, 0),
    ):
        assert any(abs(value - wanted) <= half + 1e-9 for value in text), (wanted, text)
    source(shown)


def grid_colours(grid, values, shown, grey):
    left, bottom, width, height = (side * shown.figure.dpi / 100 for side in grid.place)
    h, w = values.shape
    i, j = (index.ravel() for index in np.indices(values.shape))
    at = np.column_stack([left + (j + 0.5) * width / w, bottom + (h - i - 0.5) * height / h])
    seen = shown.colours_at_pixels(grid, at).astype(float)
    if grey:
        colours(seen, np.repeat(255 * np.clip(values[i, j], 0, 1)[:, None], 3, axis=1), within=6)
        return
    most = max(np.abs(values).max(), 1e-9)
    bluer, wanted = seen[:, 2] - seen[:, 0], values[i, j]
    clear = np.abs(wanted) > 0.08 * most
    assert np.array_equal(np.sign(bluer[clear]), np.sign(wanted[clear]))


def the_map(one, shown):
    """The map's squares: grey where a kernel only adds, else orange below 0 and blue above; white where Play has not been."""
    state, result = shown.state, shown.result
    y = np.asarray(result.y, float)
    h, w = y.shape
    i, j = (
        index.ravel()
        for index in np.meshgrid(
            np.linspace(0, h - 1, 14).astype(int), np.linspace(0, w - 1, 14).astype(int), indexing="ij"
        )
    )
    left, bottom, width, height = (round(side * shown.figure.dpi / 100) for side in one.place)
    drawn = one.pixels
    assert drawn.shape[:2] == y.shape
    seen = drawn[i, j].astype(float)
    if min(width / w, height / h) > 1.5:
        at = np.column_stack([left + (j + 0.5) * width / w, bottom + (h - i - 0.5) * height / h])
        colours(shown.colours_at_pixels(one, at), seen)
    wanted = y[i, j]
    done = (i * w + j < state.scanned) | (state.scanned < 0)
    assert (seen[~done, :3] == 255).all()
    if result.kernel.min() >= 0:
        colours(
            seen[done],
            np.repeat(255 * np.clip(wanted[done] / max(np.abs(y).max(), 1.0), 0, 1)[:, None], 3, axis=1),
            within=6,
        )
        return
    most = np.quantile(np.abs(y), 0.995)
    bluer = seen[:, 2] - seen[:, 0]
    clear = done & (np.abs(wanted) > 0.08 * most)
    assert np.array_equal(np.sign(bluer[clear]), np.sign(wanted[clear]))


def source(shown):
    """The photograph is the input."""
    x = np.asarray(shown.result.x, float)
    (image,) = shown.axes("input").images
    h, w = x.shape[:2]
    i, j = (
        index.ravel()
        for index in np.meshgrid(
            np.linspace(2, h - 3, 9).astype(int), np.linspace(2, w - 3, 9).astype(int), indexing="ij"
        )
    )
    seen = shown.colours_at(image, np.column_stack([j + 0.5, i + 0.5])).astype(float)
    near = np.abs(seen[:, 0] / 255 - np.clip(x[i, j], 0, 1)) < 0.05
    assert near.mean() > 0.9


def feature_maps(a, shown):
    state, result = shown.state, shown.result
    best = int(result.probabilities.argmax())
    for i, (bar, p) in enumerate(zip(a.bars, result.probabilities, strict=True)):
        assert bar.get_visible()
        same((bar.get_x(), bar.get_y() + bar.get_height() / 2, bar.get_width()), (0, i, p))
        colour(bar, rgb("ORANGE" if i == best else "BLUE"))
    told = words(a.says)
    assert told == f"says {state.reader.names[best]}, is {state.truth}"
    printed = [value for value, _ in numbers(a.words.text)]
    assert len(state.reader.data) in printed and any(abs(value - result.right) < 6e-4 for value in printed)
    filters = [] if state.first is None else [state.first.weight.data.mean(axis=2)]
    for row, maps in zip(a.rows, (*filters, *result.maps), strict=True):
        tiles_of(row, np.asarray(maps, float), shown)
    stage, index = state.chosen
    picture = np.asarray(result.x, float).mean(axis=2)
    large = a.large.pictures
    assert len(large) == 2
    dark = large[0][::-1][..., 0].astype(float)
    inked = padded(picture, dark.shape[0])
    order = np.argsort(inked.ravel())
    assert dark.ravel()[order[0]] >= dark.ravel()[order[-1]]
    signs(
        large[1][::-1],
        padded(np.asarray(result.maps[stage], float)[..., index], large[1].shape[0]),
        float(np.abs(result.maps[stage]).max()),
    )
    if state.kernel is not None:
        tiles_of(a.slices, np.asarray(state.kernel, float), shown)
    else:
        assert not len(a.slices.pictures)
    row = stage + state.offset
    left, bottom, side = a.rows[row].places[index]
    x0, y0, w, h = a.frames[0].get_bbox().bounds
    same((x0, y0, w, h), (left - 1.5, bottom - 1.5, side + 3, side + 3))
    assert a.frames[0].get_visible()
    if a.frames[1].get_visible():
        left, bottom, side = a.rows[0].places[index]
        same(a.frames[1].get_bbox().bounds, (left - 1.5, bottom - 1.5, side + 3, side + 3))
    assert a.frames[1].get_visible() == bool(state.offset and row == 1)


def padded(values, side):
    h, w = values.shape
    out = np.full((side, side), np.nan)
    out[(side - h) // 2 : (side - h) // 2 + h, (side - w) // 2 : (side - w) // 2 + w] = values
    return out


def signs(pixels, values, most):
    there = np.isfinite(values) & (np.abs(np.nan_to_num(values)) > 0.08 * max(most, 1e-9))
    bluer = pixels[..., 2].astype(float) - pixels[..., 0]
    assert np.array_equal(np.sign(bluer[there]), np.sign(values[there]))


def tiles_of(row, maps, shown):
    assert len(row.pictures) == len(row.places) <= maps.shape[2]
    most = float(np.abs(maps).max())
    for number, picture in enumerate(row.pictures):
        signs(picture[::-1], padded(maps[..., number], len(picture)), most)


ROWS = {
    "TensorExplorer": tensor_explorer,
    "Broadcast": broadcast,
    "Wiring": wiring,
    "Unroll": unroll,
    "NameWriter": name_writer,
    "Convolution": convolution,
    "FeatureMaps": feature_maps,
}
