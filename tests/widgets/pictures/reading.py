"""Reading artists back: places, bars, and the numbers that are printed."""

import re

import numpy as np

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(
    r"(?P<sign>[−-]?)(?P<digits>(?:\d{1,3}(?:[\u202f,\u00a0 ]\d{3}(?!\d))+|\d+)?(?:\.\d+)?)(?:e(?P<e>[+−-]?\d+))?(?:·10(?P<power>[⁻⁰¹²³⁴-⁹]+))?"
    r"(?P<percent> ?%)?"
)


def xy(line):
    """x and y of a line as floats; nothing of one that is not shown."""
    if not line.get_visible():
        return np.zeros(0), np.zeros(0)
    x, y = line.get_data(orig=False)
    return np.asarray(x, float), np.asarray(y, float)


def there(line):
    """x and y of a line that must be shown."""
    x, y = xy(line)
    assert len(x), f"{line} shows nothing"
    return x, y


def points(line):
    """Points (N, 2) of a line, without its gaps."""
    both = np.column_stack(xy(line)).reshape(-1, 2)
    return both[np.isfinite(both).all(axis=1)]


def bars(line):
    """Upright bars drawn as one interrupted line: x, and both ends of each, shape (N, 3)."""
    x, y = (one.reshape(-1, 3) for one in xy(line))
    assert np.isnan(y[:, 2]).all() and np.array_equal(x[:, 0], x[:, 1])
    return np.column_stack([x[:, 0], y[:, :2]])


def segments(collection):
    """Ends of lines, shape (N, 2, 2); nothing of a collection that is not shown."""
    if not collection.get_visible():
        return np.zeros((0, 2, 2))
    return np.array([np.asarray(one)[:, :2] for one in collection.get_segments() if len(one)], float).reshape(-1, 2, 2)


def words(text):
    """What is written; nothing where it is not shown."""
    return text.get_text() if text.get_visible() else ""


def same(got, expected, what="", digits=6):
    """Equal up to rounding."""
    np.testing.assert_allclose(
        np.asarray(got, float), np.asarray(expected, float), rtol=10.0**-digits, atol=10.0**-digits, err_msg=what
    )


def sits(artist, x, y):
    """A text stands at a place."""
    same(artist.get_position(), (x, y), f"place of {artist.get_text()!r}")


def numbers(text):
    """The numbers in a text, with half of what their last digit is worth.

    >>> numbers("−1.5 of 2·10⁻³, 25 %")
    [(-1.5, 0.05), (0.002, 0.0005), (0.25, 0.005)]
    """
    out = []
    for match in NUMBER.finditer(text):
        digits = match["digits"]
        if not digits or digits == ".":
            continue
        if match.start() and text[match.start() - 1].isalpha() and text[match.start() - 1] not in "eB=":
            continue
        plain = re.sub("[\u202f,\u00a0 ]", "", digits)
        decimals = len(plain.split(".")[1]) if "." in plain else 0
        scale = 10.0 ** int(match["e"].replace("−", "-")) if match["e"] else 1.0
        scale *= 10.0 ** int(match["power"].translate(RAISED)) if match["power"] else 1.0
        scale *= 0.01 if match["percent"] else 1.0
        value = float(plain) * (-1 if match["sign"] else 1)
        out.append((value * scale, 0.5 * 10.0**-decimals * scale))
    return out


def says(text, *expected, text_of=None):
    """The numbers printed are these, in this order, each as exactly as its digits say; and there are no others."""
    printed = numbers(words(text) if text_of is None else text_of)
    assert len(printed) == len(expected), f"{words(text)!r} has {len(printed)} numbers, not {len(expected)}"
    for (value, half), wanted in zip(printed, expected, strict=True):
        assert abs(value - wanted) <= half * 1.02 + 1e-9 * abs(wanted), f"{words(text)!r} says {value}, it is {wanted}"


def blend(share, below, above):
    """A colour (…, 3) between two, as bytes."""
    share = np.asarray(share, float)[..., None]
    return 255 * ((1 - share) * np.asarray(below) + share * np.asarray(above))


def colours(got, expected, within=6.0):
    """Colours of bytes (N, 3 or 4) are these, up to rounding."""
    got = np.asarray(got, float)
    assert got.shape[-1] == 3 or (got[..., 3] > 250).all(), "something is not drawn"
    off = np.abs(got[..., :3] - np.asarray(expected, float)[..., :3]).max(axis=-1)
    assert (off <= within).mean() > 0.97, (
        f"{(off > within).sum()} of {off.size} colours are off, by up to {off.max():.0f}"
    )


def colour(artist, name_or_rgb, within=0.02):
    """A line, bar or text has this colour."""
    from matplotlib.colors import to_rgb

    got = artist.get_facecolor() if hasattr(artist, "get_facecolor") else artist.get_color()
    same(to_rgb(got), to_rgb(name_or_rgb), "colour", digits=2)


def ticked(ticks, axes, along):
    """Places and names of the ticks that move along an axis, "x" or "y": each name stands beside its mark."""
    across = along == "x"
    at = points(ticks.marks)
    same(at[:, int(across)], 0)
    names = [text for text in ticks.names if words(text)]
    low, high = sorted(axes.get_xlim() if across else axes.get_ylim())
    for text, place in zip(names, at[:, int(not across)], strict=True):
        assert low <= place <= high and text.axes is axes
        sits(text, *((place, 0) if across else (0, place)))
    return at[:, int(not across)], [words(text) for text in names]


def power(name):
    """What 10⁻⁴ is, and 1.

    >>> power("10⁻⁴"), power("1")
    (0.0001, 1.0)
    """
    assert name == "1" or name.startswith("10")
    return 10.0 ** int(name[2:].translate(RAISED) or "1") if name != "1" else 1.0


def square(one, i, j, shape):
    """The middle of a square of a block, in hundredths of an inch."""
    left, bottom, width, height = one.place
    return np.array([left + (j + 0.5) * width / shape[1], bottom + height - (i + 0.5) * height / shape[0]])
