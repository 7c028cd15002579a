"""Rows of lessons 13 and 13b."""

import numpy as np

from pictures.reading import colour, colours, numbers, points, same, square, words
from pictures.shown import rgb


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
    "Convolution": convolution,
    "FeatureMaps": feature_maps,
}
