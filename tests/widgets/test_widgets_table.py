"""The one table of widgets: what must hold for every one of them, in many states."""

import functools
import io
import re

import numpy as np
import pytest
from demo import Wave
from PIL import Image

from dlcourse import widgets
from dlcourse.live import picture, style
from dlcourse.live.encoding import encode
from tests.reading_time import BREAKABLE

TABLE = (Wave, *widgets.ALL)
STATES = 12


def random_states(kind, count=STATES, seed=0):
    """The first state, and others with every control moved at random and a few steps made."""
    rng = np.random.default_rng(seed)
    state = kind()
    yield state
    for number in range(count - 1):
        changes = {}
        for name, control in state.controls().items():
            if control.kind == "toggle":
                changes[name] = bool(rng.integers(2))
            elif control.kind == "choice":
                changes[name] = str(rng.choice(control.options))
            elif control.kind == "text":
                letters = rng.choice(list(control.letters), rng.integers(1, control.longest + 1))
                changes[name] = "".join(map(str, letters))
            elif control.log:
                changes[name] = float(10 ** rng.uniform(np.log10(control.low), np.log10(control.high)))
            else:
                steps = int((control.high - control.low) / control.step)
                value = control.low + control.step * int(rng.integers(steps + 1))
                changes[name] = value if isinstance(control.step, int) else round(float(value), 10)
        if kind is Wave:
            changes["frequency"] = min(changes["frequency"], 4.0)
        state = state.replace(**changes)
        if state.evolves() and number % 2:
            state = state.step()
        yield state


@functools.lru_cache(maxsize=1)
def states(kind):
    """The random states of a widget, each with its result: computed once for all that is asked of them."""
    return [(state, state.compute()) for state in random_states(kind)]


@functools.lru_cache(maxsize=1)
def pictures(kind):
    """Pixels of the first states by (on a dark page, number): with a kept background, and drawn anew."""
    pixels = {}
    for dark in (False, True):
        kept = picture.Picture(*kind.size, dark=dark)
        for number, (state, result) in enumerate(states(kind)[: 2 if dark else 6]):
            quick = kept.paint(state, result).copy()
            pixels[dark, number] = quick, picture.Picture(*kind.size, dark=dark).paint(state, result)
    return pixels


@pytest.fixture(scope="module", params=TABLE, ids=lambda kind: kind.__name__)
def kind(request):
    """A widget; all that is asked of it is asked before the next one's turn comes."""
    return request.param


class TestEveryWidget:
    def test_it_is_frozen_and_has_a_title(self, kind):
        assert kind.__dataclass_params__.frozen and not kind.__dataclass_params__.eq
        assert kind.title and kind().describe(kind().compute())
        with pytest.raises(AttributeError):
            kind().prediction = "x"

    def test_every_control_has_a_label(self, kind):
        for name, control in kind.controls().items():
            assert control.label, f"{kind.__name__}.{name} has no label"

    def test_sentence_is_plain_text_in_every_state(self, kind):
        for state, result in states(kind):
            sentence = state.describe(result)
            assert 10 < len(sentence) < 700
            assert not re.search(BREAKABLE, sentence), "no line may break in a number"
            assert "nan" not in sentence.lower().replace("nand", "").split()
            assert "0x" not in sentence

    def test_under_the_picture_stands_no_number_that_is_not_told_aloud(self, kind):
        for state, result in states(kind)[:4]:
            told, written = (re.findall(r"\d[\d.]*\d|\d", say(result)) for say in (state.describe, state.caption))
            assert set(written) <= set(told)

    def test_code_runs_alone_and_gives_the_same_numbers(self, kind):
        have_run = {}  # some states share their code, and training is slow
        for state, result in states(kind):
            code = state.code()
            if code not in have_run:
                have_run[code] = {"__name__": "__main__"}
                exec(compile(code, f"<code of {kind.__name__}>", "exec"), have_run[code])
            names = have_run[code]
            expected = state.code_results(result)
            assert expected
            for name, value in expected.items():
                left = names[name]
                left = getattr(left, "data", left) if type(left).__name__ in ("Tensor", "Parameter") else left
                np.testing.assert_allclose(np.asarray(left), np.asarray(value), rtol=1e-5, atol=1e-7, err_msg=name)

    def test_a_kept_background_gives_the_same_picture_as_drawing_anew(self, kind):
        for quick, anew in pictures(kind).values():
            assert np.array_equal(quick, anew), f"{kind.__name__}: paint() leaves something of the state before"

    def test_light_and_dark_pages_get_their_own_picture(self, kind):
        light = np.asarray(Image.open(io.BytesIO(picture.picture_png(kind()))).convert("RGB"))
        dark = np.asarray(Image.open(io.BytesIO(picture.picture_png(kind(), dark=True))).convert("RGB"))
        paper = style.themed(True, lambda: tuple(int(style.paper()[i : i + 2], 16) for i in (1, 3, 5)))
        assert tuple(light[0, 0]) == (255, 255, 255)
        assert tuple(dark[0, 0]) == paper
        assert light.std() > 5 and dark.std() > 5

    def test_what_is_sent_is_grey_where_the_picture_is_grey(self, kind):
        for dark, number in ((False, 0), (True, 1), (False, 2), (False, 3)):
            _, pixels = pictures(kind)[dark, number]
            grey = (pixels[..., :2] == pixels[..., 1:3]).all(axis=-1)
            drawn = pixels[grey, :3].astype(int)
            for still in (False, True):
                sent = np.asarray(Image.open(io.BytesIO(encode(pixels, still=still))).convert("RGB"))[grey]
                assert (sent[:, :1] == sent).all()
                assert abs(sent - drawn).max() <= 4

    def test_a_narrow_picture_can_be_drawn(self, kind):
        width, height, scale = picture.size_for(kind(), 360)
        assert picture.Picture(width, height, scale).paint(kind(), kind().compute()).shape[1] <= 361

    def test_nothing_that_is_done_to_it_changes_the_old_state(self, kind):
        from dlcourse.live.widget import Pointer

        state = kind()
        before = state.describe(state.compute())
        for key in ("ArrowLeft", "ArrowUp", "Delete", "Enter", " ", "a"):
            assert isinstance(state.key(key), kind)
        drawn = picture.Picture(*kind.size)
        drawn.paint(state, state.compute())
        for axes in [*(axes.get_label() for axes in drawn.figure.axes), ""]:
            for event in ("hover", "down", "drag", "up", "double"):
                moved = state.pointer(Pointer(event, axes, 0.3, 0.4))
                assert isinstance(moved, kind)
                moved.describe(moved.compute())
        for name in kind.actions():
            assert isinstance(getattr(state, name)(), kind)
        assert state.describe(state.compute()) == before

    def test_step_is_exact(self, kind):
        if not kind.evolves():
            pytest.skip("does not evolve")
        state = kind()
        once, again = state.step(), state.step()
        assert once.describe(once.compute()) == again.describe(again.compute())

    def test_what_is_grey_changes_nothing(self, kind):
        for state, result in states(kind):
            before = state.describe(result)
            for name in state.idle_controls():
                if name in kind.actions():
                    assert getattr(state, name)() is state, name
                    continue
                control = kind.controls()[name]
                for value in control.options or (
                    (True, False) if control.kind == "toggle" else (control.low, control.high)
                ):
                    moved = state.replace(**{name: value})
                    assert moved.describe(moved.compute()) == before, name
            if state.evolves() and not state.can_step():
                assert state.step() is state

    def test_sliders_whose_ends_depend_on_the_state_end_within_their_control(self, kind):
        for state, _ in states(kind):
            for name, (low, high) in state.slider_ends().items():
                control = kind.controls()[name]
                assert control.low <= low <= high <= control.high, name
