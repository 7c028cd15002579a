"""Pictures of states, for what a view looks like."""

import io

import pytest
from demo import Wave
from PIL import Image

from dlcourse.live.studio import CANVASES, Studio


def size(png):
    return Image.open(io.BytesIO(png)).size


def test_what_is_still_is_drawn_at_the_ratio_of_the_screen_and_what_moves_at_one():
    studio = Studio()
    studio.look({"ratio": 2, "width": 720, "dark": False})
    assert size(studio.draw(Wave(), still=True)[0]) == (1440, 720)
    assert size(studio.draw(Wave(), still=False)[0]) == (720, 360)


def test_a_result_is_computed_once_for_each_state(monkeypatch):
    computed = []
    compute = Wave.compute
    monkeypatch.setattr(Wave, "compute", lambda wave: (computed.append(wave), compute(wave))[1])
    studio, wave = Studio(), Wave()
    studio.draw(wave, still=False)
    studio.draw(wave, still=True)
    studio.result(wave)
    assert computed == [wave]


def test_only_a_few_canvases_are_kept():
    studio = Studio()
    for width in range(400, 400 + 10 * (CANVASES + 2), 10):
        studio.look({"width": width})
        studio.draw(Wave(), still=True)
        assert len(studio._canvases) <= CANVASES
    studio.clear()
    assert not studio._canvases


def test_nonsense_about_a_view_is_brought_into_bounds():
    studio = Studio()
    studio.look({"ratio": 99, "width": -5})
    assert size(studio.draw(Wave(), still=True)[0])[0] <= 200 * 3


def test_a_drag_stays_in_the_axes_that_it_began_in():
    studio = Studio()
    assert studio.locate({"kind": "down", "x": 0.5, "y": 0.5}) is None  # nothing is shown yet
    studio.draw(Wave(), still=True)
    assert studio.locate({"kind": "down", "x": 0.5, "y": 0.5}).axes == "wave"
    outside = {"x": 0.01, "y": 0.01}
    assert studio.locate({"kind": "drag", **outside}).axes == "wave"
    assert studio.locate({"kind": "hover", **outside}).axes == ""
    with pytest.raises(KeyError):
        studio.locate({"kind": "down"})
