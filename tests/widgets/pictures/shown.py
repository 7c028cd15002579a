"""A state of a widget as it is drawn: its figure, its artists, and the pixels of each of them alone."""

import dataclasses

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb

from dlcourse.live import style
from dlcourse.live.picture import Picture
from dlcourse.live.pixels import Block


class Shown:
    """A state drawn the way a learner gets it.

    Attributes
    ----------
    state, result : the widget and what it computes
    artists : its record of what moves
    figure : Matplotlib's figure
    pixels : array (height, width, 4), the whole picture
    """

    def __init__(self, state, *, narrow=False, dark=False):
        self.state, self.result, self.narrow, self.dark = state, state.compute(), narrow, dark
        size = state.narrow_size if narrow and state.narrow_size else state.size
        self.picture = Picture(*size, dark=dark)
        self.pixels = np.array(self.picture.paint(state, self.result))
        self.figure, self.artists = self.picture.figure, self.picture._artists
        self.renderer = self.picture.canvas.get_renderer()
        self.prints = None
        self.blocks = self.figure.findobj(Block)

    def __repr__(self):
        return f"{type(self.state).__name__}{' narrow' if self.narrow else ''}: {self.state.describe(self.result)[:90]}"

    def axes(self, label):
        """The axes of this name; there is one."""
        (one,) = [axes for axes in self.figure.axes if axes.get_label() == label]
        return one

    def alone(self, artist):
        """Pixels (height, width, 4) of one artist on nothing."""
        renderer = RendererAgg(*(round(float(side)) for side in self.figure.bbox.size), self.figure.dpi)
        renderer.clear()
        if artist.get_visible():
            style.themed(self.dark, lambda: artist.draw(renderer))
        return np.array(renderer.buffer_rgba())

    def colours_at(self, artist, places):
        """Colours (N, 4) of bytes of one artist drawn alone, at places (N, 2) in the data coordinates of its axes."""
        return self.colours_at_pixels(artist, artist.axes.transData.transform(places))

    def colours_at_pixels(self, artist, points):
        """The same at pixels (N, 2) from the lower left."""
        pixels = self.alone(artist)
        x, y = np.floor(np.asarray(points)).astype(int).T
        inside = (x >= 0) & (x < pixels.shape[1]) & (y >= 0) & (y < pixels.shape[0])
        assert inside.all(), f"{(~inside).sum()} places of {artist} lie outside of the picture"
        return pixels[len(pixels) - 1 - y, x]

    def themed(self, colour):
        """What a function of style.py returns for this page."""
        return style.themed(self.dark, colour)


def leaves(record, path=""):
    """Every artist in a record, with its name: ("rows[].bar", artist)."""
    if dataclasses.is_dataclass(record):
        return [leaf for field in dataclasses.fields(record)
                for leaf in leaves(getattr(record, field.name), f"{path}.{field.name}" if path else field.name)]  # fmt: skip
    if isinstance(record, (list, tuple)):
        return [leaf for one in record for leaf in leaves(one, f"{path}[]")]
    return [(path, record)]


class Watched:
    """A record that notes which of its artists were asked for."""

    def __init__(self, record, asked, path=""):
        self._record, self._asked, self._path = record, asked, path

    def __getattr__(self, name):
        path = f"{self._path}.{name}" if self._path else name
        return self._wrapped(getattr(self._record, name), path)

    def _wrapped(self, value, path):
        if dataclasses.is_dataclass(value):
            return Watched(value, self._asked, path)
        if isinstance(value, (list, tuple)):
            return [self._wrapped(one, f"{path}[]") for one in value]
        self._asked.add(path)
        return value

    @property
    def kind(self):
        """The name of the record's module and class: pictures with several views have one for each."""
        return type(self._record).__module__.rsplit(".", 1)[-1]


def rgb(name):
    """A colour of style.py as three numbers, on a light page."""
    return np.array(to_rgb(style.colour(name)))
