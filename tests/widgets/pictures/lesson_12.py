"""Rows of lesson 12: the gates (Unroll stands with its neighbours)."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.recurrent.gates.layout import HEIGHT, WIDTH, strips
from dlcourse.widgets.recurrent.gates.words import arithmetic, number
from pictures.reading import colours, points, same, words


def gates(a, shown):
    state, result = shown.state, shown.result
    now, unit = state.read - 1, state.unit - 1
    at = strips(state.cell, narrow=shown.narrow)
    assert len(a.strips) == len(at)
    for strip, (name, (x, y)) in zip(a.strips, at.items(), strict=True):
        values = getattr(result, name)[now]
        squares = y + HEIGHT * (1 - (np.arange(len(values)) + 0.5) / len(values))
        seen = np.zeros_like(values) if state.hides else values
        tints = shown.themed(lambda seen=seen: style.shades(seen, 1.0))
        same(strip.image.get_extent(), (x - WIDTH / 2, x + WIDTH / 2, y, y + HEIGHT))
        assert np.array_equal(np.asarray(strip.image.get_array())[:, 0], tints)
        colours(shown.colours_at(strip.image, np.column_stack([np.full(len(values), x), squares])), tints)
        frame = points(strip.frame)
        same(frame.mean(axis=0)[1] if len(frame) == 4 else frame[:-1].mean(axis=0), [x, squares[unit]])
        same(np.ptp(frame, axis=0), [WIDTH, HEIGHT / len(values)])
        assert words(strip.value) == ("" if state.hides else number(float(values[unit])))
        assert strip.value.get_position()[0] == x and y - 0.6 < strip.value.get_position()[1] < y
    assert words(a.title).startswith(f"{state.cell}, letter {state.read} of 30: “{result.text[now]}”")
    assert words(a.title).endswith("Blue is above 0, orange below; the fuller, the larger.")
    if state.hides:
        assert words(a.sums) == "The numbers appear when you have chosen."
    else:
        assert words(a.sums).replace("\n", ";  ") == arithmetic(state, result)


ROWS = {"Gates": gates}
