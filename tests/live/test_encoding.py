"""From pixels to a PNG file and back."""

import io

import numpy as np
import pytest
from PIL import Image

from dlcourse.live.encoding import LONGEST, encode
from dlcourse.live.picture import Picture
from dlcourse.widgets import TensorExplorer
from dlcourse.widgets.tensors.operations import OPERATIONS


def page(*, inside, paper=(255, 255, 255)):
    """A page with something on it, as Matplotlib gives its pixels."""
    pixels = np.full((200, 300, 4), 255, np.uint8)
    pixels[..., :3] = paper
    pixels[20 : 20 + len(inside), 20 : 20 + len(inside[0]), :3] = inside
    return pixels


def decoded(pixels, **options):
    png = Image.open(io.BytesIO(encode(pixels, **options)))
    return np.asarray(png.convert("RGB")).astype(int), png.mode


def noise(*, channels):
    """As many different levels, or colours, as a photograph has."""
    return np.random.default_rng(0).integers(0, 256, (150, 200, channels), dtype=np.uint8)


def test_a_photograph_in_colour_goes_as_it_is_where_it_stands_still():
    pixels = page(inside=noise(channels=3))
    sent, mode = decoded(pixels, still=True)
    assert mode == "RGB" and np.array_equal(sent, pixels[..., :3])


def test_beside_what_moves_only_the_noise_of_a_photograph_is_smoothed():
    rng = np.random.default_rng(0)
    inside = np.full((150, 200, 3), (90, 120, 200)) + rng.integers(-40, 40, (150, 200, 3))
    inside[40:44] = (10, 200, 30)  # an edge of 4 pixels
    pixels = page(inside=inside)
    pixels[180:, :, :3] = (0, 114, 178)
    sent, mode = decoded(pixels)
    assert mode == "P" and len(encode(pixels)) < LONGEST < len(encode(pixels, still=True))
    sky, true = sent[70:165, 25:215], inside[50:145, 5:195]
    assert abs(sky.mean(axis=(0, 1)) - true.mean(axis=(0, 1))).max() < 3  # no tint
    assert abs(sent[60:64, 25:215] - (10, 200, 30)).mean() < 8 and abs(sent[185:] - (0, 114, 178)).max() < 8
    assert np.array_equal(sent[:20], pixels[:20, :, :3])  # the page


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [TensorExplorer.size, TensorExplorer.narrow_size])
def test_every_moving_frame_of_lesson_10_keeps_the_bound_its_colours_and_its_greys(size, dark):
    for operation in OPERATIONS:
        state = TensorExplorer(operation=operation).key("1")
        pixels = np.array(Picture(*size, dark=dark).paint(state, state.compute()))
        true, (sent, _) = pixels[..., :3].astype(int), decoded(pixels)
        grey = np.ptp(true, axis=-1) == 0
        assert len(encode(pixels)) <= 30_720, operation
        assert np.ptp(sent[grey], axis=-1).max() == 0 and abs(sent - true)[grey].max() <= 4, operation
        assert abs((sent - true)[~grey].mean(axis=0)).max() < 2, operation  # no tint
        assert abs(sent - true)[~grey].mean() < 18, operation


@pytest.mark.parametrize("still", [False, True])
def test_a_photograph_in_grey_stays_grey_beside_colours_and_is_off_by_four_levels_at_most(still):
    pixels = page(inside=noise(channels=1))
    pixels[:, 250:, :3] = np.random.default_rng(1).integers(0, 256, (200, 50, 3))
    sent, mode = decoded(pixels, still=still)
    assert mode == "P"
    assert np.ptp(sent[:, :250], axis=-1).max() == 0
    assert abs(sent - pixels[..., :3])[:, :250].max() <= 4


@pytest.mark.parametrize("paper", [(255, 255, 255), (17, 17, 17), (17, 18, 24)])
def test_the_page_keeps_its_colour(paper):
    sent, _ = decoded(page(inside=noise(channels=3)[:80, :80], paper=paper))
    assert tuple(sent[0, 0]) == paper


def test_few_greys_and_few_colours_are_exact():
    inside = np.repeat(np.arange(0, 240, 4, dtype=np.uint8), 3).reshape(1, 60, 3).repeat(9, axis=0)
    pixels = page(inside=inside)
    pixels[150:, :, :3] = (0, 114, 178)
    for still in (False, True):
        assert np.array_equal(decoded(pixels, still=still)[0], pixels[..., :3])


def test_pictures_of_one_kind_only_are_encoded():
    assert np.array_equal(decoded(page(inside=[[[0, 0, 0]]]))[0], page(inside=[[[0, 0, 0]]])[..., :3])
    colour = page(inside=[[[9, 99, 0]]], paper=(9, 99, 0))
    assert np.array_equal(decoded(colour)[0], colour[..., :3])
