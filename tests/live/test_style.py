"""The two colour maps of the course, measured as eyes see them: in Oklab, and as colour-blind readers have it."""

import re
from pathlib import Path

import numpy as np
import pytest

import dlcourse
from dlcourse.live import style

# Ottosson, "A perceptual color space for image processing" (2020): from linear sRGB to cone responses, and on to Oklab
CONES = np.array(
    [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
)
OKLAB = np.array(
    [[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]]
)
# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency" (2009)
EYES = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def as_seen(colours, eyes="all cones"):
    """Lightness and two axes of colour, shape (…, 3)."""
    rgb = np.asarray(colours, float)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ np.array(EYES[eyes]).T, 0, 1)
    return np.cbrt(linear @ CONES.T) @ OKLAB.T


def steps(colours, eyes="all cones"):
    return np.linalg.norm(np.diff(as_seen(colours, eyes), axis=0), axis=1)


def signs(dark):
    """41 colours from −1 to 1: the arms of the map for signs."""
    return style.themed(dark, style.diverging)(np.linspace(0, 256, 41).round().astype(int))


@pytest.mark.parametrize("eyes", EYES)
def test_heights_rise_from_dark_to_light_in_even_steps_for_all_eyes(eyes):
    colours = style.heights()(np.arange(0, 256, 5))
    lightness = as_seen(colours, eyes)[:, 0]
    assert (np.diff(lightness) > 0).all()
    assert np.ptp(lightness) > 0.6  # contrast: from the page's text to nearly the page
    if eyes == "all cones":
        assert steps(colours).max() < 1.15 * steps(colours).min()


def test_heights_in_bands_can_be_told_from_their_neighbours():
    for eyes in EYES:
        assert steps(style.heights(12)(np.arange(12)), eyes).min() > 0.04


def test_heights_are_no_greys():
    _, green_red, blue_yellow = as_seen(style.heights()(np.linspace(0, 1, 33))).T
    assert np.hypot(green_red, blue_yellow).min() > 0.05


@pytest.mark.parametrize("dark", [False, True])
def test_signs_grow_away_from_the_page_evenly_and_alike(dark):
    colours = signs(dark)
    middle = len(colours) // 2
    lightness = as_seen(colours)[:, 0]
    away = 1 if dark else -1
    assert (away * np.diff(lightness[middle:]) > 0).all() and (away * np.diff(lightness[: middle + 1]) < 0).all()
    below, above = steps(colours[: middle + 1]), steps(colours[middle:])
    assert below.sum() == pytest.approx(above.sum(), rel=0.1)
    for side in (below, above):
        assert side.max() < 2.2 * side.min()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("eyes", ["all cones", "no red", "no green"])
def test_signs_are_told_apart_by_all_eyes(eyes, dark):
    below, above = (as_seen(signs(dark)[[i, -1 - i]], eyes) for i in (0, 10))
    for one, other in (below, above):
        assert np.linalg.norm(one - other) > 0.12


def test_no_widget_brings_a_map_of_its_own():
    of_its_own = re.compile(r"""cmap=["'](?!gray|Greys)|colormaps\[|get_cmap""")
    package = Path(dlcourse.__file__).parent
    for file in [*(package / "live").rglob("*.py"), *(package / "widgets").rglob("*.py")]:
        assert not of_its_own.search(file.read_text(encoding="utf-8")), file
