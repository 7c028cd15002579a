"""From pixels to a PNG file and back."""

import io

import numpy as np
import pytest
from PIL import Image

from dlcourse.live.encoding import encode


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


@pytest.mark.parametrize("still", [False, True])
def test_a_photograph_in_colour_goes_as_it_is(still):
    pixels = page(inside=noise(channels=3))
    sent, mode = decoded(pixels, still=still)
    assert mode == "RGB" and np.array_equal(sent, pixels[..., :3])


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
