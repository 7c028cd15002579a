"""How numbers are written in sentences and pictures: true minus signs, powers of ten, thin spaces between thousands."""

from __future__ import annotations

import math

__all__ = ["compact", "grouped", "minus", "raised", "shortest", "signed", "three_digits", "two_digits"]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def minus(text: str) -> str:
    """The text with true minus signs, which are as wide as a plus and are read aloud."""
    return text.replace("-", "−")


def signed(value: float) -> str:
    """Two decimals, a true minus sign, and no sign before zero.

    Examples
    --------
    >>> signed(-0.256), signed(-0.001)
    ('−0.26', '0.00')
    """
    return minus(f"{round(float(value), 2) + 0.0:.2f}")


def grouped(number: int) -> str:
    """A whole number with thin spaces between thousands, where no line may break."""
    return f"{number:,}".replace(",", "\u202f")


def raised(number: int) -> str:
    """A whole number above the line.

    Examples
    --------
    >>> f"10{raised(-12)}"
    '10⁻¹²'
    """
    return str(number).translate(_RAISED)


def shortest(value: float, decimals: int) -> str:
    """At most this many decimals, none where the rest is 0, and no 0 before the point: for numbers in small squares.

    Examples
    --------
    >>> shortest(-0.25, 2), shortest(2.0, 2), shortest(-1.333, 1), shortest(-0.001, 2)
    ('−.25', '2', '−1.3', '0')
    """
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text and float(text) == round(value) else text
    text = "0" if text in ("-0", "0", "") else text
    if 0 < decimals < 3 and abs(value) < 1:
        text = text.replace("0.", ".", 1)
    return minus(text)


def two_digits(value: float) -> str:
    """Two digits that count, of a number that is not negative.

    Examples
    --------
    >>> two_digits(0.7312), two_digits(48.3), two_digits(1.24e-5), two_digits(float("inf"))
    ('0.73', '48', '1.2·10⁻⁵', 'beyond all numbers')
    """
    if not math.isfinite(value):
        return "beyond all numbers"
    if value and not 1e-4 <= value < 1000:
        power = math.floor(math.log10(value))
        return f"{value / 10.0**power:.1f}·10{raised(power)}"
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def three_digits(value: float) -> str:
    """Three digits that count, with a true minus sign.

    Examples
    --------
    >>> three_digits(-0.12345), three_digits(1234.0)
    ('−0.123', '1.23e+03')
    """
    return minus(f"{value:.3g}")


def compact(value: float) -> str:
    """At most two decimals, or two digits where the number is smaller than they can say.

    Examples
    --------
    >>> compact(-0.3), compact(0.0123), compact(18.0)
    ('−0.3', '0.012', '18')
    """
    if value == 0 or 0.0451 <= abs(value) < 1e5:
        return minus(f"{value:.2f}".rstrip("0").rstrip("."))
    return minus(f"{value:.2g}")
