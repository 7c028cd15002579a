"""Text that moves is laid on by live/text.py; it must look and lie as Matplotlib would have it."""

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont

from dlcourse.live import text as lettering

WORDS = ["3 of 4 right", "z = w₁·x₁ + w₂·x₂ + b", "▲ 0.05", "−0.118", "says 1, truth 0\n  = 1·1 + (−0.5)\nlast"]


def page():
    figure = Figure(figsize=(4, 2), dpi=100, facecolor="white")
    return figure, FigureCanvasAgg(figure)


def both(words, **style):
    """The same text by Matplotlib and by live/text.py, as the darkness of pixels, shape (200, 400)."""
    pictures = []
    for plain in (False, True):
        figure, canvas = page()
        text = figure.text(0.5, 0.5, words, **style)
        text.set_animated(plain)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())
        if plain:
            assert (pixels[..., :3] == 255).all() and lettering.is_plain(text)
            lettering.write(text, pixels)
        pictures.append(255.0 - pixels[..., :3].mean(axis=2))
    return pictures


def middle(ink):
    y, x = np.indices(ink.shape)
    return np.array([(x * ink).sum(), (y * ink).sum()]) / ink.sum()


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("va", ["top", "center", "baseline", "bottom"])
def test_text_lies_where_matplotlib_puts_it(words, ha, va):
    spacing = {"linespacing": 1.5} if "\n" in words else {}
    if spacing and matplotlib.__version_info__ < (3, 11):
        pytest.skip(
            "Matplotlib laid lines apart by another rule before 3.11; lettering keeps to the new one everywhere"
        )
    theirs, ours = both(words, ha=ha, va=va, fontsize=9.5, **spacing)
    assert np.abs(middle(theirs) - middle(ours)).max() < 2.5
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.15)


def test_weight_colour_and_opacity_are_kept():
    figure, canvas = page()
    text = figure.text(0.1, 0.5, "blue", color="#0072B2", fontweight="bold", fontsize=30, alpha=0.5)
    canvas.draw()
    pixels = np.full((200, 400, 4), 255, np.uint8)
    lettering.write(text, pixels)
    darkest = pixels.reshape(-1, 4)[pixels[..., 0].argmin()]
    assert np.abs(darkest[:3].astype(int) - [127, 184, 216]).max() <= 2
    thin, thick = (both("words", fontweight=weight)[1].sum() for weight in ("normal", "bold"))
    assert thick > 1.2 * thin


def test_a_box_without_an_edge_is_filled_behind_the_text():
    box = {"facecolor": "#E69F00", "edgecolor": "none", "pad": 4}
    theirs, ours = both("p", bbox=box, ha="center", va="center")
    assert (ours > 0).sum() == pytest.approx((theirs > 0).sum(), rel=0.2)


def test_text_over_the_edge_of_the_picture_is_cut_and_no_text_is_no_ink():
    figure, canvas = page()
    canvas.draw()
    for place in ((-0.02, 0.5), (0.98, 0.5), (0.5, 1.0), (0.5, -0.03), (3.0, 3.0), (-2.0, -2.0)):
        pixels = np.full((200, 400, 4), 255, np.uint8)
        lettering.write(figure.text(*place, "over the edge"), pixels)
        assert (pixels[..., :3] < 200).any() == (max(map(abs, place)) < 2)
    pixels = np.full((200, 400, 4), 255, np.uint8)
    lettering.write(figure.text(0.5, 0.5, ""), pixels)
    lettering.write(figure.text(0.5, 0.5, "hidden", visible=False), pixels)
    assert (pixels == 255).all()


def test_what_is_more_than_plain_text_is_left_to_matplotlib():
    figure, _ = page()
    axes = figure.add_axes((0, 0, 1, 1))
    (line,) = axes.plot([0, 1], [0, 1])
    assert not lettering.is_plain(line)
    assert not lettering.is_plain(axes.annotate("here", (0, 0)))
    assert not lettering.is_plain(axes.text(0, 0, "$x^2$"))
    assert not lettering.is_plain(axes.text(0, 0, "up", rotation=90))
    assert not lettering.is_plain(axes.text(0, 0, "framed", bbox={"edgecolor": "black"}))
    assert lettering.is_plain(axes.text(0, 0, "plain"))


@pytest.mark.parametrize("place", [(0.5, -0.02), (0.5, -0.5), (1.01, 0.5), (-0.5, 0.5), (0.5, 1.05)])
def test_words_beside_the_picture_are_no_mistake(place):
    figure, canvas = page()
    text = figure.text(*place, "beside", va="top")
    text.set_animated(True)
    canvas.draw()
    lettering.write(text, np.asarray(canvas.buffer_rgba()))


@pytest.mark.parametrize("page_colour", [(255, 255, 255, 255), (24, 26, 31, 255), (200, 180, 20, 0)])
def test_on_an_even_page_text_is_to_the_pixel_what_it_is_on_one_with_a_speck(page_colour):
    figure, canvas = page()
    canvas.draw()
    text = figure.text(0.5, 0.5, "gradient: 0.031\nsignal: 1.2", color="#D55E00", alpha=0.7, ha="right")
    even = np.full((200, 400, 4), page_colour, np.uint8)
    lettering.write(text, even)
    corners = np.argwhere((even != np.array(page_colour, np.uint8)).any(axis=2))
    (top, left), (bottom, right) = corners.min(axis=0), corners.max(axis=0)
    specked = np.full((200, 400, 4), page_colour, np.uint8)
    specked[top : bottom + 1, left : right + 1, 3] += 1  # not seen, but the page is even no more in every second pixel
    specked[top : bottom + 1 : 2, left : right + 1, 3] -= 1
    lettering.write(text, specked)
    assert len(corners) > 300 and np.array_equal(even[..., :3], specked[..., :3])


@pytest.mark.parametrize("size", [11.1, 11.8, 13.2, 17.7, 24.0])
@pytest.mark.parametrize("words", [*WORDS, "AV, Te. “T” 7 A  two gaps", " ŝ x̂ AV̂ W ", " "])
def test_a_line_put_together_from_words_is_to_the_pixel_what_it_is_in_one_piece(words, size):
    for weight in ("normal", "bold"):
        font = lettering._font(findfont(FontProperties(weight=weight)), size)
        for line in words.split("\n"):
            mask, (left, top) = font.getmask2(line, mode="L", anchor="ls")
            whole, ours = np.zeros((2, 60, 500), np.uint8)
            width, height = mask.size
            whole[40 + top : 40 + top + height, 9 + left : 9 + left + width] = np.array(mask).reshape(height, width)
            ink, left, top, length = lettering.rendered(font.path, size, line)
            ours[40 + top : 40 + top + ink.shape[0], 9 + left : 9 + left + ink.shape[1]] = ink
            assert np.array_equal(ours, whole) and length == pytest.approx(font.getlength(line))
