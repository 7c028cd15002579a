"""What a picture says is what the result says, for every widget, in many states; and planted errors are found.

The walks (pictures/walks.py) hold for any figure: images fill their axes and have the colours of their numbers, texts are
whole, apart and large enough, what moves stays in its axes. The rows (pictures/lesson….py), one for each widget, work
out from state and result what each artist must show, and compare colours with the rendered pixels.
"""

import pytest
from pictures import spoiled, table, walks
from pictures.shown import Shown, Watched, leaves
from pictures.states import states

from dlcourse import widgets

MOST_ALIKE = 2
"""Of the artists in one list so many are spoiled."""


def test_every_widget_has_its_row():
    assert set(table.ROWS) == set(widgets.WIDGETS)


@pytest.mark.parametrize("name", widgets.WIDGETS)
def test_a_picture_says_what_its_result_says(name):
    row, asked, shows, planted, narrowest = table.ROWS[name], set(), set(), {}, walks.NarrowestWindow()
    for label, shown in states(getattr(widgets, name)):
        assert not list(table.complaints(name, shown)), label
        assert not list(narrowest.cut_off(shown.state, shown.result)), label
        row(Watched(shown.artists, asked), shown)
        shows |= {path for path, _ in leaves(shown.artists)}
        if label not in ("covered", "narrow", "touched", "random 1"):
            plant_errors(row, shown, planted)
    assert not shows - asked, "nobody looks at these artists"
    missed = [error for error, found in planted.items() if not found]
    assert planted and not missed


def plant_errors(row, shown, planted):
    """Spoil one artist after the other, and note which errors the row finds; those that it has found are not planted again."""
    alike = {}
    for path, artist in leaves(shown.artists):
        alike[path] = alike.get(path, 0) + 1
        for what, plant in spoiled.spoiled(artist) if alike[path] <= MOST_ALIKE else ():
            error = path, alike[path], what
            if not planted.get(error):
                take_back = plant(artist)
                planted[error] = finds_an_error(row, shown)
                take_back()


def finds_an_error(row, shown):
    try:
        row(Watched(shown.artists, set()), shown)
    except (AssertionError, ValueError, IndexError, ZeroDivisionError):
        return True
    return False


# Errors in whole pictures, each as it was made once or could be -------------------------------------------------


def complains(name, state, **look):
    """Whether a walk or the row finds something in the picture of a state."""
    shown = Shown(state, **look)
    return bool(list(table.complaints(name, shown))) or finds_an_error(table.ROWS[name], shown)


def test_a_map_whose_extent_has_the_errors_for_limits_is_found(monkeypatch):
    """Made once: `low, high` were the axis's limits first, then the smallest and the largest error, then the extent."""
    from matplotlib.axes import Axes

    state = widgets.GradientStep(landscape="two weights")
    assert not complains("GradientStep", state)
    drawn = Axes.imshow
    least, most = state.heights.min(), state.heights.max()

    def wrong(self, values, *, extent, **look):
        return drawn(self, values, extent=(*extent[:2], least, most), **look)

    monkeypatch.setattr(Axes, "imshow", wrong)
    assert complains("GradientStep", state)


@pytest.mark.parametrize(
    "name, settings",
    [("GradientStep", {"landscape": "two weights"}), ("EggCarton", {}), ("LossSlice", {}), ("NeuronExplorer", {}), ("Unroll", {})],
)  # fmt: skip
def test_colours_of_other_numbers_are_found(monkeypatch, name, settings):
    from dlcourse.live import style

    state = getattr(widgets, name)(**settings)
    assert not complains(name, state)
    heights, shades, table_of_shades = style.heights, style.shades, table.ROWS[name]
    with monkeypatch.context() as patch:
        patch.setattr(style, "heights", lambda bands=256: heights(bands).reversed())
        patch.setattr(style, "shades", lambda values, strength=0.75: shades(-values, strength))
        shown = Shown(state)
    assert finds_an_error(table_of_shades, shown)


def test_a_curve_that_comes_from_elsewhere_is_found(monkeypatch):
    from dlcourse.widgets.supervised_learning import picture

    paint = picture.paint

    def wrong(state, artists, result):
        paint(state, artists, result)
        x, y = artists.curve.get_data()
        artists.curve.set_data(x, y[::-1])

    monkeypatch.setattr(picture, "paint", wrong)
    assert complains("FitAFunction", widgets.FitAFunction(model="line"))


def test_an_artist_that_nobody_asks_for_is_noticed():
    shown, asked = Shown(widgets.Folds()), set()
    table.ROWS["Folds"](Watched(shown.artists, asked), shown)
    assert {path for path, _ in leaves(shown.artists)} - (asked - {"arm"}) == {"arm"}


def change(shown, draw):
    """The picture with something more in it, looked at by one walk."""
    draw(shown)
    shown.prints = None
    return shown


@pytest.mark.parametrize(
    "walk, draw",
    [
        (walks.texts_inside, lambda s: s.figure.text(0.97, 0.5, "cut off at the edge")),
        (walks.texts_inside, lambda s: s.figure.text(0.5, 0.995, "half of it above the picture")),
        (walks.texts_large_enough, lambda s: s.figure.text(0.5, 0.01, "small", fontsize=7.5)),
        (walks.titles_alike, lambda s: s.axes("race").set_title("large", fontsize=10)),
        (walks.texts_apart, lambda s: [s.figure.text(0.7 + 0.01 * i, 0.02, "twice") for i in range(2)]),
        (walks.texts_off_lines, lambda s: s.axes("race").plot([1, 8000], [1.5, 1.5]) and s.axes("race").text(50, 1.5, "struck out", va="center")),
        (walks.texts_off_lines, lambda s: s.axes("race").text(1, 1.2, "on the axis", ha="center", va="center")),
        (walks.inside_axes, lambda s: s.artists.now.set_data([1e9, 1e9], [0, 1])),
        (walks.inside_axes, lambda s: s.artists.curves[0].set_data([10.0, 20.0], [1.0, -3.0])),
        (walks.extents, lambda s: s.axes("race").imshow([[0.0, 1.0]], extent=(1, 10, 0, 1), aspect="auto") and s.axes("race").set(xlim=(1, 20))),
    ],
    ids=["cut at the right", "cut at the top", "small", "a large title", "one on the other", "on a line", "on an axis", "a line beyond", "a point below", "an image in part"],
)  # fmt: skip
def test_each_walk_finds_its_error(walk, draw):
    shown = Shown(widgets.BatchRace())
    assert not list(walk(shown))
    assert list(walk(change(shown, draw)))


def test_what_a_narrow_window_cuts_off_is_found(monkeypatch):
    """Made once: the name of a dashed line made a title longer than the window."""
    state = widgets.Measured({"a": 1.0}, label="temperature", level=(0.5, "as it was before"))
    assert not list(walks.NarrowestWindow().cut_off(state, state.compute()))
    monkeypatch.setattr("textwrap.fill", lambda text, width: text + " and is not any more")
    (complaint,) = walks.NarrowestWindow().cut_off(state, state.compute())
    assert "not any more" in complaint


def test_squares_that_do_not_have_the_colour_of_their_numbers_are_found():
    shown = Shown(widgets.DigitPad(example="3"))
    assert not list(walks.colours(shown))
    shown.pixels = 255 - shown.pixels
    assert list(walks.colours(shown))


def test_labels_that_touch_are_found(monkeypatch):
    """Made once: the blame of a node stood on the name of the node below it, in a picture two thirds empty."""
    from dlcourse.widgets.backpropagation.layout import EXTENT

    state = widgets.Blame(revealed=14)
    assert not list(walks.labels_with_room(Shown(state)))
    monkeypatch.setitem(EXTENT, "wide", (7.2, 4.0))
    monkeypatch.setattr(widgets.Blame, "size", (7.2, 4.0))
    assert list(walks.labels_with_room(Shown(state)))
