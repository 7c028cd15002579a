"""Rows of lessons 10 and 11."""

import numpy as np
from matplotlib.colors import to_rgb

from dlcourse.live import style
from pictures.reading import colours, numbers, points, same, segments, sits, square, words


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
    if state.trouble:
        both = f"“{state.typed_a.strip()}” and “{state.typed_b.strip()}” are no shapes. The sentence below says why."
        assert "".join(told.split()) == "".join((both if all(state.troubles) else state.trouble).split())
    elif not state.guessed:
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


ROWS = {
    "TensorExplorer": tensor_explorer,
    "Broadcast": broadcast,
    "Wiring": wiring,
}
