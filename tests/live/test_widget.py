"""The base of all widgets, with no Jupyter."""

import ast
import importlib
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from demo import Wave
from PIL import Image

from dlcourse import widgets
from dlcourse.errors import ArgumentError, WrongTypeError
from dlcourse.live.picture import STILL, Picture, picture_png, size_for
from dlcourse.live.widget import Predict, Widget, choice, slider


def test_fields_say_how_they_are_controlled():
    controls = Wave.controls()
    assert list(controls) == ["frequency", "damping", "cycles", "shape", "grid"]
    assert (controls["frequency"].low, controls["frequency"].high, controls["frequency"].step) == (0.1, 5.0, 0.1)
    assert controls["damping"].log and controls["damping"].advanced
    assert controls["shape"].options == ("sine", "square")
    assert Wave.actions() == {"clear": "Clear points"}
    assert Wave.evolves() and not Widget.evolves()


def test_a_slider_of_whole_numbers_steps_by_one():
    assert Wave.controls()["cycles"].step == 1


def test_replace_brings_sliders_into_their_range_and_leaves_the_old_state():
    wave = Wave()
    assert wave.replace(frequency=77.0).frequency == 5.0
    assert wave.frequency == 1.0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "three", None])
def test_a_slider_wants_a_finite_number(value):
    with pytest.raises(WrongTypeError, match=r"Wave: frequency should be a finite number, not"):
        Wave(frequency=value)


def test_a_choice_names_its_options():
    with pytest.raises(ArgumentError, match=r"Wave: shape='round' is not one of sine, square"):
        Wave(shape="round")


def test_impossible_controls_are_refused():
    with pytest.raises(ArgumentError, match="the range 2 to 1 is empty"):
        slider(1, 2, 1)
    with pytest.raises(ArgumentError, match="not positive"):
        slider(1, 0, 1, log=True)
    with pytest.raises(ArgumentError, match="'c' is not one of a, b"):
        choice("c", ("a", "b"))
    with pytest.raises(ArgumentError, match="at least two choices"):
        Predict("?", ("only",))


def test_a_subclass_without_a_step_does_not_evolve():
    @dataclass(frozen=True, eq=False)
    class Still(Widget):
        pass

    assert not Still.evolves()


def test_the_picture_has_the_size_that_was_asked_for():
    pixels = Picture(7.2, 3.6, 2.0).paint(Wave(), Wave().compute())
    assert pixels.shape == (720, 1440, 4)
    assert picture_png(Wave())[:4] == b"\x89PNG"


def test_a_caption_makes_the_picture_higher():
    plain = Image.open(BytesIO(picture_png(Wave())))
    captioned = Image.open(BytesIO(picture_png(Wave(), caption=True)))
    assert plain.mode == captioned.mode == "P"
    assert captioned.width == plain.width and captioned.height > plain.height


@pytest.mark.parametrize("width", [360, 500, 720, 1200])
def test_a_picture_is_never_wider_than_its_cell(width):
    w, _, scale = size_for(Wave(), width)
    assert w * 100 * scale <= width + 1e-9
    assert scale >= 0.8


def test_a_pointer_event_comes_in_data_coordinates():
    picture = Picture(7.2, 3.6)
    wave = Wave()
    picture.paint(wave, wave.compute())
    event = picture.locate("down", 0.09 + 0.44, 1 - (0.16 + 0.38), False)
    assert event.axes == "wave"
    np.testing.assert_allclose((event.x, event.y), (1.5, 0.0), atol=1e-9)
    assert picture.locate("down", 0.01, 0.01, False).axes == ""
    dragged_out = picture.locate("drag", 0.0, 0.5, False, within="wave")
    assert dragged_out.axes == "wave" and dragged_out.x < 0


def test_a_stored_picture_says_what_brings_it_to_life_and_a_live_one_does_not():
    def blue_at_the_top(png):
        top = np.asarray(Image.open(BytesIO(png)).convert("RGB"))[:24].reshape(-1, 3).astype(int)
        return (top[:, 2] - top[:, 0] > 100).mean()

    assert STILL.endswith("run this cell (Shift+Enter), and it comes alive.")
    assert blue_at_the_top(picture_png(Wave(), caption=True)) > 0.02 and blue_at_the_top(picture_png(Wave())) == 0


def test_what_is_stored_stands_alone_without_its_view():
    for shown in (Wave(), Wave().show()):
        _, about = shown._repr_mimebundle_()
        assert about["dlcourse"] == {"stands_alone": True}


def test_all_widgets_can_be_imported_by_a_star_and_are_listed_before_they_are_loaded():
    names = {}
    exec("from dlcourse.widgets import *", names)
    parts = {"Widget", "Pointer", "Predict", "bets", "picture_png", "ALL"}
    assert {kind.__name__ for kind in widgets.ALL} | parts == set(names) - {"__builtins__"}
    assert all(names[kind.__name__] is kind for kind in widgets.ALL)
    code = "import sys, dlcourse.widgets as w; print('Playground' in dir(w) and 'Blame' in w.__all__, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_the_table_names_every_widget_and_editors_see_the_same():
    root = Path(widgets.__file__).parent
    classes = {}
    for path in root.rglob("*.py"):
        home = ".".join(path.relative_to(root).with_suffix("").parts)
        module = importlib.import_module(f"dlcourse.widgets.{home}")
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Widget) and value.__module__ == module.__name__:
                classes[name] = home
    assert {name: home for name, home in classes.items() if not name.endswith("State")} == widgets.WIDGETS
    typed = {
        node.names[0].asname: node.module
        for node in ast.walk(ast.parse((root / "__init__.py").read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("dlcourse")
    }
    assert typed == {name: f"dlcourse.widgets.{home}" for name, home in widgets.WIDGETS.items()} | widgets.PARTS
