"""Rows of lesson 23b."""

import numpy as np

import dlcourse as dl
from dlcourse.live import style
from dlcourse.widgets.how_firm.stepping import SIZES
from pictures.lesson_23 import best, framed, greys, pixels_of, square_of, sure
from pictures.reading import colour, colours, points, same, says, words


def small_step(a, shown):
    state, result = shown.state, shown.result
    assert len(a.tiles.places) == len(a.tiles.pictures) == 3
    after = np.clip(result.picture + state.by * result.signs, 0, 1)
    same(result.after, after, digits=5)
    for number, picture in ((0, result.picture), (2, after)):
        colours(pixels_of(a.tiles, number).reshape(-1, 4), greys(shown, picture[:, :, 0]).reshape(-1, 3))
    wanted = shown.themed(lambda: style.shades((after - result.picture)[:, :, 0] / 0.3, 1.0))
    colours(pixels_of(a.tiles, 1).reshape(-1, 4), wanted.reshape(-1, 4))
    for text, shares in zip(a.says, (result.shares, result.shares_after), strict=True):
        sure(text, *best(shares))
    if state.hides:
        assert not words(a.turns)
    elif result.turns is None:
        assert words(a.turns) == "does not turn"
    else:
        says(a.turns, result.turns)
    axes = shown.axes("curve")
    same(axes.get_xlim(), (0, 0.3))
    same(axes.get_ylim(), (0, 1))
    same(points(a.now), [[state.by, 0], [state.by, 1]])
    for number, reads in enumerate(result.reads):
        colour(a.curves[number], shown.themed(lambda number=number: style.colour(("VERMILLION", "BLUE")[number])))
        if number == 0 and state.hides:
            assert not len(points(a.curves[0])) and not len(points(a.dots[0])) and not words(a.names[0])
            continue
        at = np.interp(state.by, SIZES, reads)
        same(points(a.curves[number]), np.column_stack([SIZES, reads]))
        same(points(a.dots[number]), [[state.by, at]])
        assert words(a.names[number]).startswith(("against it", "by lot")[number])
        says(a.names[number], at)
        assert abs(a.names[number].get_position()[1] - at) < 0.21
    assert bool(words(a.cover)) == state.hides


def prune(a, shown):
    state, result = shown.state, shown.result
    k = state.count
    square_of(shown, a.tiles, 0, "picture")
    colours(pixels_of(a.tiles, 0).reshape(-1, 4), greys(shown, result.picture[:, :, 0]).reshape(-1, 3))
    framed(a.frame, state.at[:1], state.at[1:])
    assert words(a.title) == ("of its 300 labels right" if state.by_heart else "of 360 unseen digits right")
    assert [words(text).split(":")[0] for text in a.says] == ["with all of them", "with those left"]
    sure(a.says[0], *best(result.shares))
    sure(a.says[1], *best(result.shares_left))
    says(a.left, k - state.gone, k)
    sheet = np.asarray(a.faces.pixels)
    columns = int(np.ceil(np.sqrt(2 * k)))
    assert a.faces.get_visible() and sheet.shape == (-(-k // columns) * 9, columns * 9, 4)
    weight = next(iter(state.shown.parameters())).data
    is_dense = weight.shape == (64, k)
    faces = weight.T / np.abs(weight).max() if is_dense else np.repeat(result.size[:, None] / result.size.max(), 64, 1)
    for place, neuron in enumerate(sorted(range(k), key=lambda one: -result.size[one])):
        i, j = 9 * (place // columns), 9 * (place % columns)
        face = faces[neuron] * (neuron not in result.gone)
        wanted = shown.themed(lambda face=face: style.shades(face, 1.0))
        colours(sheet[i : i + 8, j : j + 8].reshape(-1, 4), wanted)
    axes = shown.axes("curve")
    same(axes.get_xlim(), (0, k))
    same(axes.get_ylim(), (0, 1))
    same(points(a.now), [[state.gone, 0], [state.gone, 1]])
    heights = []
    for number, order in enumerate(("smallest first", "by chance", "largest first")):
        look = shown.themed(lambda number=number: style.colour(("BLUE", "GREEN", "VERMILLION")[number]))
        for artist in (a.curves[number], a.dots[number], a.names[number]):
            colour(artist, look)
        if state.hides:
            assert not len(points(a.curves[number])) and not len(points(a.dots[number])) and not words(a.names[number])
            continue
        right = result.right[number]
        same(points(a.curves[number]), np.column_stack([np.arange(k + 1), right]))
        same(points(a.dots[number]), [[state.gone, right[state.gone]]])
        assert words(a.names[number]).split("\n")[0] == order
        says(a.names[number], right[state.gone])
        assert (a.names[number].get_fontweight() == "bold") == (order == state.order)
        assert (a.curves[number].get_linewidth() > 2) == (order == state.order)
        heights.append((right[state.gone], a.names[number].get_position()[1]))
        assert abs(heights[-1][0] - heights[-1][1]) < 0.4
    for (value, at), (other, beside) in zip(sorted(heights), sorted(heights)[1:], strict=False):
        assert beside - at > 0.149 or value == other
    assert bool(words(a.cover)) == state.hides


NAMES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight")


def neighbours(a, shown):
    state, result = shown.state, shown.result
    train = dl.data.digits().split(0.6, 0.2, 0.2, rng=np.random.default_rng(0))[0]
    square_of(shown, a.tiles, 0, "picture")
    framed(a.frame, state.at[:1], state.at[1:])
    if state.by:
        says(a.title, state.by)
    else:
        assert words(a.title) == "the picture: a press inks a pixel"
    sure(a.says, *best(result.shares_after))
    rows = [result.by_pixels, result.by_neurons]
    pictures = [result.after, *train.x[rows[0]], *(0 * train.x[rows[1]] if state.hides else train.x[rows[1]])]
    assert len(a.tiles.places) == len(a.tiles.pictures) == len(pictures) == 17
    for number, picture in enumerate(pictures):
        colours(pixels_of(a.tiles, number).reshape(-1, 4), greys(shown, picture[:, :, 0]).reshape(-1, 3))
    classes = train.y[np.concatenate(rows[: 1 if state.hides else 2])]
    assert [label[2] for label in a.classes.labels] == [str(one) for one in classes]
    for (x, y, text, look, align), (left, bottom, side) in zip(a.classes.labels, a.tiles.places[1:], strict=False):
        assert align == "center" and abs(x - left - side / 2) < 0.1 and 5 < bottom - y < 15
        wanted = "BLUE" if int(text) == result.shares_after.argmax() else "VERMILLION"
        assert look == shown.themed(lambda wanted=wanted: style.colour(wanted))
    for head, row, what in zip(a.heads, rows, ("pixels", "hidden neurons"), strict=True):
        told = ", ".join(f"{NAMES[-n]} {one}{'s' if n < -1 else ''}" for n, one in sorted(
            (-n, one) for one, n in enumerate(np.bincount(train.y[row])) if n
        ))  # fmt: skip
        assert words(head).replace("\n", " ") == f"nearest by {what}" + (
            "" if state.hides and what != "pixels" else f": {told}"
        )
    assert bool(words(a.cover)) == state.hides


ROWS = {"Prune": prune, "SmallStep": small_step, "Neighbours": neighbours}
