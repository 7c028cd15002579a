"""Rows of lesson 20."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.regularization import contact as two
from dlcourse.widgets.regularization import picture
from dlcourse.widgets.regularization.numbers import BASES, GRID
from dlcourse.widgets.regularization.words import SLIDE, error
from pictures.reading import colour, colours, numbers, points, same, words, xy


def regularize(a, shown):
    result = shown.result
    same(points(a.seen), np.column_stack(result.seen))
    same(points(a.unseen), np.column_stack(result.unseen))
    low, high = shown.axes("plane").get_ylim()
    same(points(a.curve), np.column_stack([GRID, np.clip(result.curve, 2 * low - high, 2 * high - low)]))
    for line, name in ((a.seen, "BLUE"), (a.unseen, "VERMILLION"), (a.curve, "BLACK"), (a.weights, "GREEN")):
        colour(line, shown.themed(lambda name=name: style.colour(name)))
    assert words(a.told) in SLIDE
    fits = result.unseen_error <= 1.5 * result.lowest
    assert (words(a.told) == "Just right?") == fits
    assert ("memorization" in words(a.told)) == (not fits and result.seen_error <= result.unseen_error / 3)
    errors(a, shown)
    weights(a, shown)


def errors(a, shown):
    state, result = shown.state, shown.result
    at = state.degree if state.against == "degree" else state.strength
    curves = (result.curves.seen, result.curves.unseen)
    now = (result.seen_error, result.unseen_error)
    for i, name in enumerate(("seen", "unseen")):
        tint = shown.themed(lambda i=i: style.colour(("BLUE", "VERMILLION")[i]))
        for artist in (a.errors[i], a.dots[i], a.values[i]):
            colour(artist, tint)
        same(points(a.errors[i]), np.column_stack([result.curves.at, np.clip(curves[i], *picture.ERRORS)]))
        same(points(a.dots[i]), [[at, np.clip(now[i], *picture.ERRORS)]])
        assert words(a.values[i]) == f"{name} {error(now[i])}"
        near = int(np.argmin(np.abs(np.log(result.curves.at / at))))
        if abs(result.curves.at[near] / at - 1) < 1e-6:  # the dot lies on its curve
            same(result.curves.seen[near], result.seen_error)
            same(result.curves.unseen[near] / result.unseen_error, 1)
    for mark in a.marks:
        x, y = xy(mark)
        same(x, [at, at])
        same(y, [0, 1])  # of the panel
    assert shown.axes("errors").get_xlim() == shown.axes("weights").get_xlim()


def weights(a, shown):
    state, result = shown.state, shown.result
    at, most = state.along, picture.WEIGHTS
    x, y = xy(a.weights)
    lines = result.curves.weights[:, : picture.SHOWN]
    drawn = y.reshape(lines.shape[1], -1)
    assert np.isnan(drawn[:, -1]).all()
    np.testing.assert_allclose(drawn[:, :-1].T, np.clip(lines, -most, most))
    np.testing.assert_allclose(x.reshape(drawn.shape)[:, :-1], np.tile(result.curves.at, (len(drawn), 1)))
    now = result.weights[: picture.SHOWN]
    awake = now[now != 0]
    same(points(a.awake), np.column_stack([np.full(len(awake), at), np.clip(awake, -most, most)]))
    same(points(a.asleep), [[at, 0]] if (now == 0).any() else np.zeros((0, 2)))
    colour(a.awake, "#009E73")
    colour(a.asleep, "#E69F00")
    told = words(a.zeros)
    assert told.startswith("λ₁ = " if state.penalty == "L1+L2" else "λ = ") == (state.penalty != "none")
    assert {axes.get_xlabel() for axes in map(shown.axes, ("errors", "weights"))} == {
        "degree" if state.against == "degree" else "λ₁" if state.penalty == "L1+L2" else "λ"
    }
    count = "none" if not (result.weights == 0).any() else str(int((result.weights == 0).sum()))
    assert told.split(", ")[-1].startswith(f"of {len(result.weights)} weight") and f" {count} " in told
    assert told.endswith("exactly 0")
    own = "" if state.basis == BASES[0] else f"weights of {state.basis}"
    assert shown.axes("weights").get_ylabel() == own
    if state.penalty != "none":
        ((value, half),) = numbers(told.split(",")[0].split("=")[1].replace("10⁻⁵", "0.00001"))
        assert abs(value - state.strength) <= 1.02 * half


def contact(a, shown):
    state, result = shown.state, shown.result
    best, w = np.array(state.best), result.w
    bend = result.curvature
    for line, level in zip(a.ellipses, two.LEVELS, strict=True):
        heights_on(line, best, bend, level)
    heights_on(a.touching, best, bend, result.error)
    one, other = two.SHARES[state.penalty]
    ring = points(a.shape)
    level = one * np.abs(w).sum() + other / 2 * (w**2).sum()
    same(one * np.abs(ring).sum(axis=1) + other / 2 * (ring**2).sum(axis=1), np.full(len(ring), level))
    same(np.unwrap(np.arctan2(ring[:, 1], ring[:, 0]))[-1] if level > 1e-9 else 2 * np.pi, 2 * np.pi)
    same(points(a.path), result.path)
    same(points(a.best), [best])
    same(points(a.here), [w])
    for i, name in enumerate(("BLUE", "VERMILLION")):
        tint = shown.themed(lambda name=name: style.colour(name))
        for artist in (a.weights[i], a.dots[i], a.names[i]):
            colour(artist, tint)
        same(points(a.weights[i]), np.column_stack([two.STRENGTHS, result.path[:, i]]))
        same(points(a.dots[i]), [[state.strength, w[i]]])
        text = words(a.names[i])
        assert text.startswith(f"w{'₁₂'[i]} ") and (text.endswith(" 0") == (w[i] == 0))
        assert abs(numbers(text[2:])[0][0] - w[i]) < 0.006
    for line, name in ((a.shape, "GREEN"), (a.here, "GREEN"), (a.touching, "BLACK"), (a.best, "BLACK"), (a.path, "BLACK")):  # fmt: skip
        colour(line, shown.themed(lambda name=name: style.colour(name)))
    zones(a, shown)


def heights_on(line, best, bend, level):
    """A whole ellipse of places where the error is so high."""
    off = points(line) - best
    same(np.einsum("ni,ij,nj->n", off, bend, off) / 2, np.full(len(off), level), digits=5)
    assert len(off) == 121
    same(off.mean(axis=0) * 121, off[0], digits=5)  # the last point is the first again


def zones(a, shown):
    state, result = shown.state, shown.result
    axes = a.zones.axes
    same((axes.get_xlim(), axes.get_ylim()), [(-two.EDGE, two.EDGE)] * 2)
    same(a.zones.place, axes.get_window_extent().bounds / np.array(shown.figure.dpi / 100))
    cells = np.array([[j, i] for j in range(4, two.CELLS, 11) for i in range(2, two.CELLS, 11)])
    middles = two.EDGE * ((2 * cells + 1) / two.CELLS - 1)
    kinds = two.zeros(middles, result.curvature, *state.parts) @ [1, 2]
    assert np.array_equal(result.zones[cells[:, 1], cells[:, 0]], kinds)
    expected = shown.themed(lambda: two.tints(kinds))
    colours(shown.colours_at(a.zones, middles), expected)


ROWS = {"Regularize": regularize, "Contact": contact}
