"""Rows of lesson 17."""

import re

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.numbers import two_digits
from dlcourse.widgets.initializations.numbers import BARS, SHOWN, UNSEEN
from pictures.reading import bars, colour, colours, points, power, same, square, ticked, words


def init_explorer(a, shown):
    state, result = shown.state, shown.result
    layers = np.arange(1, state.depth + 1)
    spread = shown.axes("spread")
    low, high = spread.get_ylim()
    trained = state.present.updates > 0
    pairs = ((result.signal, result.signal_before), (result.gradient, result.gradient_before))
    for number, (now, before) in enumerate(pairs):
        name = ("BLUE", "VERMILLION")[number]
        for line in (a.now[number], a.before.lines[number], a.foretold.lines[number], a.bars[number], a.heads[number]):
            colour(line, shown.themed(lambda name=name: style.colour(name)))
        if state.hides_spread:
            same(points(a.now[number]), [[1, now[0]]] if number == 0 else np.zeros((0, 2)))
            assert not len(points(a.foretold.lines[number]))
        else:
            same(points(a.now[number]), np.column_stack([layers, np.clip(now, low, high)]))
            curve = result.foretold[number] if result.foretold is not None else np.zeros(0)
            same(points(a.foretold.lines[number]), np.column_stack([layers[: len(curve)], np.clip(curve, low, high)]))
        pale = np.column_stack([layers, np.clip(before, low, high)]) if trained else np.zeros((0, 2))
        same(points(a.before.lines[number]), pale)
        start, end = (1, state.depth) if number == 0 else (state.depth, 1)
        kind = ("signal", "gradient")[number]
        first, last = (two_digits(now[layer - 1]) for layer in (start, end))
        told = f"{kind}: {first} in layer {start}, {last} in layer {end}"
        covered = (f"signal: {two_digits(now[0])} in layer 1", "")[number]
        assert words(a.heads[number]) == (covered if state.hides_spread else told)
        shares = (result.signal_bars, result.gradient_bars)[number]
        same(shares.sum(), 1)
        if state.hides_spread and state.layer > 1:
            assert not len(points(a.bars[number]))
        else:
            drawn = bars(a.bars[number])
            same(drawn[:, 0], BARS)
            same(drawn[:, 1], 0 * shares)
            same(drawn[:, 2], shares / shares.max())
        assert words(a.bar_names[number]) == f"{kind}, layer {state.layer}"
    assert bool(words(a.cover)) == state.hides_spread
    marked = not state.hides_spread or state.layer == 1
    same(points(a.mark.lines[0]), [[state.layer, low], [state.layer, high]] if marked else np.zeros((0, 2)))
    same(points(a.unit_mark), [[state.layer, 0], [state.layer, 1]] if marked else np.zeros((0, 2)))
    axes(a, shown)
    units(a, shown)
    title(a, shown)


def axes(a, shown):
    """Ticks below both panels are layers, the first and the last among them; beside the spreads stand powers of ten."""
    depth = shown.state.depth
    for ticks, label in zip(a.layers, ("spread", "units"), strict=True):
        same(shown.axes(label).get_xlim(), (0.5, depth + 0.5))
        at, names = ticked(ticks, shown.axes(label), "x")
        assert names == [f"{layer:.0f}" for layer in at] and {1, depth} <= set(at) and len(at) <= 8
    at, names = ticked(a.powers, shown.axes("spread"), "y")
    assert names[0][0] == "≤" and names[-1][0] == "≥"
    same([power(name.strip("≤≥")) for name in names], at)
    same(np.log10(at), np.log10(at[-1]) * np.array([-1, -0.5, 0, 0.5, 1]))
    same(shown.axes("spread").get_ylim(), (at[0], at[-1]))


def units(a, shown):
    """Each neuron's square has the colour of what it says: blue above 0, orange below."""
    state, result = shown.state, shown.result
    scale = shown.figure.dpi / 100
    left, bottom, width, height = (scale * each for each in a.image.place)
    same([left, bottom, left + width, bottom + height], shown.axes("units").bbox.extents, digits=3)
    number = len(result.units)
    rows = np.arange(SHOWN) * number // SHOWN
    for layer in {1, state.depth, (state.depth + 1) // 2}:
        middles = [scale * square(a.image, i, layer - 1, (SHOWN, state.depth)) for i in range(SHOWN)]
        seen = shown.colours_at_pixels(a.image, middles)
        if state.hides_spread and layer > 1:
            assert (seen[:, 3] == 0).all()
        else:
            said = np.clip(result.units[rows, layer - 1], -1, 1)
            colours(seen, shown.themed(lambda said=said: style.shades(said, 1.0)))


def title(a, shown):
    state, result = shown.state, shown.result
    told = re.split(r"\n(?=Layer \d|\d+ updates; |Not trained|\n|$)", words(a.title))
    assert all("\n" not in line for line in told) or is_narrow(shown.figure)
    head, alike, tail = (line.replace("\n", " ") for line in told)
    assert head.startswith(f"{state.depth} × {state.width} neurons, ")
    if state.hides_spread:
        assert alike == tail == ""
        return
    at = state.layer - 1
    assert alike.startswith(f"Layer {state.layer}: {result.different[at]} different neuron")
    assert f" of {state.width}" in alike and (f"{result.silent[at]} silent" in alike) == bool(result.silent[at])
    run = state.present
    if run.updates:
        right = f"{100 * result.right:.0f}% of {UNSEEN} unseen digits"
        assert tail.startswith(f"{run.updates} updates; at {run.reader.updates}: loss {result.loss:.2f}, reads {right}")
    else:
        assert tail.startswith("Not trained yet")
    assert ("burst" in tail) == run.burst


ROWS = {"InitExplorer": init_explorer}
