"""What moves seldom, ticks and curves, is drawn onto the kept background, and anew when it shows something else."""

from dataclasses import dataclass

import numpy as np
import pytest
from matplotlib.lines import Line2D

from dlcourse.live import style
from dlcourse.live import text as lettering
from dlcourse.live.curves import Curves
from dlcourse.live.layout import axes_at
from dlcourse.live.picture import Picture
from dlcourse.live.ticks import moving_ticks
from dlcourse.live.widget import Widget, slider


@dataclass(frozen=True, eq=False)
class Ruler(Widget):
    """A dot on an axis that reaches as far as one likes."""

    size = (3.0, 2.0)
    at: float = slider(1.0, 0.0, 9.0, label="at")
    end: int = slider(4, 4, 9, label="end")
    level: float = slider(0.5, 0.0, 1.0, label="level")

    def compute(self):
        return self.at

    def draw(self, figure):
        axes = axes_at(figure, 0.5, 0.5, 2, 1.2)
        style.quiet(axes)
        axes.set(ylim=(0, 1))
        level = Curves(axes.plot([], [], color="red"))
        return {"dot": axes.plot([], [], "o")[0], "level": level, "ticks": [moving_ticks(axes, "x")]}

    def paint(self, artists, result):
        artists["ticks"][0].put((0, self.end), list(range(self.end)), [str(i) for i in range(self.end)])
        artists["level"].lines[0].set_data([0, 9], [self.level] * 2)
        artists["level"].lines[0].set_visible(self.level > 0)
        artists["dot"].set_data([result], [0.5])

    def describe(self, result):
        return f"At {result:g}."


@pytest.fixture
def written(monkeypatch):
    """The words that are written, in order."""
    words, write = [], lettering.write
    monkeypatch.setattr(lettering, "write", lambda text, pixels: (words.append(text.get_text()), write(text, pixels)))
    return words


def test_ticks_are_drawn_again_only_when_they_change(written):
    picture = Picture(3, 2)
    states = [Ruler(), Ruler(at=2.0), Ruler(at=2.0, end=6), Ruler(at=3.0, end=6), Ruler(at=1.0)]
    counts = []
    for state in states:
        written.clear()
        pixels = picture.paint(state, state.compute()).copy()
        counts.append(len([word for word in written if word]))
        alone = Picture(3, 2)
        assert np.array_equal(pixels, alone.paint(state, state.compute()))
    assert counts == [4, 0, 6, 0, 4]


def test_another_background_keeps_no_old_ticks(written, monkeypatch):
    picture = Picture(3, 2)
    picture.paint(Ruler(), 1.0)
    monkeypatch.setattr(Ruler, "background", lambda self: "another")
    written.clear()
    pixels = picture.paint(Ruler(), 1.0)
    assert written[:4] == list("0123")
    assert np.array_equal(pixels, Picture(3, 2).paint(Ruler(), 1.0))


def test_curves_are_drawn_again_only_when_they_or_the_ticks_change(written, monkeypatch):
    drawn, draw = [], Line2D.draw
    monkeypatch.setattr(Line2D, "draw", lambda line, renderer: (drawn.append(line.get_color()), draw(line, renderer)))
    picture = Picture(3, 2)
    states = [
        Ruler(),
        Ruler(at=2.0),
        Ruler(level=0.7),
        Ruler(level=0.7, at=2.0),
        Ruler(level=0.7, end=6),
        Ruler(level=0.0),
        Ruler(),
    ]
    counts = []
    for state in states:
        drawn.clear(), written.clear()
        pixels = picture.paint(state, state.compute()).copy()
        counts.append((drawn.count("red"), len([word for word in written if word])))
        assert np.array_equal(pixels, Picture(3, 2).paint(state, state.compute()))
    assert counts == [(1, 4), (0, 0), (1, 0), (0, 0), (1, 6), (0, 4), (1, 0)]
