"""Ticks that move look like Matplotlib's own."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dlcourse.live import style
from dlcourse.live.layout import axes_at
from dlcourse.live.ticks import moving_ticks


def pixels(along, draw, dark):
    """A panel with a label beside the ticks that `draw` puts there."""

    def drawn():
        figure = Figure(figsize=(3, 2))
        canvas = FigureCanvasAgg(figure)
        axes = axes_at(figure, 0.7, 0.6, 2, 1.2)
        style.quiet(axes)
        draw(axes)
        axes.set_xlabel("layer")
        canvas.draw()
        return np.array(canvas.buffer_rgba())

    return style.themed(dark, drawn)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("along", ["x", "y"])
def test_they_stand_where_matplotlibs_own_stand_and_look_the_same(along, dark):
    places, names = [0.0, 2.0, 5.0], ["0", "two", "5"]

    def own(axes):
        axes.set(**{f"{along}lim": (0, 5)})
        (axes.set_xticks if along == "x" else axes.set_yticks)(places, names)

    def moving(axes):
        axes.set(**{f"{along}lim": (3, 4)})
        moving_ticks(axes, along).put((0, 5), places, names)

    assert np.array_equal(pixels(along, own, dark), pixels(along, moving, dark))


def test_what_was_put_before_is_gone():
    def twice(axes):
        ticks = moving_ticks(axes, "x")
        ticks.put((0, 50), [0, 10, 20, 30, 40, 50], list("abcdef"))
        ticks.put((0, 1), [1], ["1"])

    def once(axes):
        moving_ticks(axes, "x").put((0, 1), [1], ["1"])

    assert np.array_equal(pixels("x", twice, False), pixels("x", once, False))
