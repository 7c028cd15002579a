"""Rows of lessons 08 and 09."""

import numpy as np

from dlcourse.live.pixels import Block
from dlcourse.widgets.learning_a_new_representation.picture import CORNERS, view
from dlcourse.widgets.learning_a_new_representation.scene import MOST
from dlcourse.widgets.learning_a_new_representation.words import where
from pictures.reading import numbers, points, same, says, sits, words


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


ROWS = {"Representation": representation, "TwoViews": two_views, "PeekCounter": peek_counter}
