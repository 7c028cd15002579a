"""Rows of lesson 23."""

import numpy as np

import dlcourse as dl
from dlcourse.live import style
from pictures.reading import colour, colours, points, same, says, words
from pictures.shown import rgb


def square_of(shown, tiles, number, name):
    """The axes of this name lie on the tile of this number."""
    left, bottom, side = (each * shown.figure.dpi / 100 for each in tiles.places[number])
    same(shown.axes(name).bbox.extents, (left, bottom, left + side, bottom + side), digits=3)


def framed(frame, rows, columns):
    """A frame lies around these rows and columns of pixels."""
    colour(frame, rgb("VERMILLION"))
    corners = points(frame)
    assert len(corners) == 5 and (corners[0] == corners[4]).all() and len(np.unique(corners, axis=0)) == 4
    same(corners.min(axis=0), (columns[0] - 0.5, rows[0] - 0.5))
    same(corners.max(axis=0), (columns[-1] + 0.5, rows[-1] + 0.5))


def pixels_of(tiles, number):
    """Colours (8, 8, 4) of a tile, the highest row first, without what its frame covers."""
    picture = np.asarray(tiles.pictures[number])
    assert picture.shape == (24, 24, 4)
    return picture[1::3, 1::3][::-1]


def greys(shown, values):
    """Paper for 0, ink for 1."""
    ends = shown.themed(lambda: [style.paper(), style.ink()])
    paper, ink = (np.array([int(end[i : i + 2], 16) for i in (1, 3, 5)]) for end in ends)
    return paper + np.asarray(values, float)[..., None] * (ink - paper)


def best(shares):
    return int(shares.argmax()), float(shares.max())


def sure(text, says_what, share):
    """What is said, and how sure: in percent, or on this side of an end."""
    assert f" {says_what}, " in words(text)
    if ">" in words(text):
        assert share >= 0.999
        says(text, says_what, 0.999)
    else:
        says(text, says_what, share)


def why_it_works(a, shown):
    state, result = shown.state, shown.result
    for number, name in enumerate(("picture", "left", "right")):
        square_of(shown, a.tiles, number, name)
    colours(pixels_of(a.tiles, 0).reshape(-1, 4), greys(shown, result.picture[:, :, 0]).reshape(-1, 3))
    assert words(a.titles[0]) == "the picture: a press inks a pixel"
    for number, one in enumerate(result.maps):
        what = {"cover": "fall under a cover"}.get(state.how, state.how)
        assert words(a.titles[number + 1]).replace("\n", " ") == f"{state.names[number]}: {what}"
        worth = np.abs(one.worth) if state.strength else one.worth
        covered = number == 1 and state.hides
        share = worth / np.abs(worth).max() if np.abs(worth).max() and not covered else 0 * worth
        wanted = shown.themed(lambda share=share: style.shades(share, 1.0))
        colours(pixels_of(a.tiles, number + 1).reshape(-1, 4), wanted.reshape(-1, 4))
        sure(a.says[number], *best(one.shares))
        if state.how == "cover":
            sure(a.under[number], *best(one.under_cover))
        else:
            assert not words(a.under[number])
        if state.hides:
            assert not words(a.reads[number])
        else:
            says(a.reads[number], one.reads, 360)
    i, j = state.at
    reach = range(8)
    wide = state.wide if state.how == "cover" else 1
    rows = [at for at in reach if i - (wide - 1) // 2 <= at <= i + wide // 2]
    columns = [at for at in reach if j - (wide - 1) // 2 <= at <= j + wide // 2]
    for number, frame in enumerate(a.frames):
        if number == 2 and state.hides:
            assert not len(points(frame))
        else:
            framed(frame, rows, columns)
    if state.how == "cover":
        changed = np.zeros((8, 8), bool)
        changed[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
        under = np.where(changed[:, :, None], 0, result.picture).astype(np.float32)
        for name, one in zip(state.names, result.maps, strict=True):
            same(dl.softmax(dl.predict(state.network(name), under[None])).data[0], one.under_cover, digits=4)
    assert bool(words(a.cover)) == state.hides
    if state.hides:
        assert not words(a.alike)
    else:
        says(a.alike, result.alike)


ROWS = {"WhyItWorks": why_it_works}
