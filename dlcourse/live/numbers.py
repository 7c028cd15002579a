"""How numbers are written in sentences and pictures: true minus signs, powers of ten, thin spaces between thousands."""

from __future__ import annotations

import math

__all__ = [
    "bracketed", "compact", "coordinate", "decimals", "factor", "four_digits", "from_log", "grouped", "lowered", "minus", "percent",
    "plus_minus", "raised", "readable", "share_from_log", "shortest", "signed", "spelled_out", "summand", "three_digits",
    "two_digits", "with_power",
]  # fmt: skip

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")


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


def coordinate(value: float) -> str:
    """Two decimals, none from 100 on; a true minus sign, and no sign before zero.

    Examples
    --------
    >>> coordinate(-1.5), coordinate(-0.001), coordinate(1234.5)
    ('−1.50', '0.00', '1234')
    """
    return signed(value) if abs(value) < 100 else decimals(value, 0)


def decimals(value: float, number: int) -> str:
    """This many decimals, and a true minus sign.

    Examples
    --------
    >>> decimals(-0.25, 3), decimals(7.0, 1)
    ('−0.250', '7.0')
    """
    return minus(f"{value:.{number}f}")


def factor(value: float) -> str:
    """Four digits at most, as a factor or a summand is written: a negative one in brackets.

    Examples
    --------
    >>> factor(1.5), factor(-2.0), factor(0.001)
    ('1.5', '(−2)', '0')
    """
    text = "0" if abs(value) < 0.005 else f"{value:.4g}"
    return f"({minus(text)})" if text.startswith("-") else text


def four_digits(value: float) -> str:
    """A number with four digits at most, and a true minus sign; far out as a power of ten.

    Examples
    --------
    >>> four_digits(-3.14159), four_digits(1e-9), four_digits(123456.0), four_digits(float("nan"))
    ('−3.142', '0', '1.23·10⁵', 'not a number')
    """
    if math.isnan(value):
        return "not a number"
    return "0" if abs(value) < 5e-7 else with_power(value, 4 if abs(value) < 1e5 else 3)


def grouped(number: int) -> str:
    r"""A whole number with thin spaces between thousands, where no line may break.

    Examples
    --------
    >>> grouped(1234567)
    '1\u202f234\u202f567'
    """
    return f"{number:,}".replace(",", "\u202f")


def plus_minus(mean: float, deviation: float) -> str:
    r"""A mean and its standard deviation, three digits each, whole numbers from 1000 on.

    Examples
    --------
    >>> plus_minus(0.12345, 0.02), plus_minus(500000.0, 500.0)
    ('0.123 ± 0.02', '500\u202f000 ± 500')
    """
    short = (grouped(round(one)) if abs(one) >= 1000 else f"{one:.3g}" for one in (mean, deviation))
    return " ± ".join(short)


def raised(number: int) -> str:
    """A whole number above the line.

    Examples
    --------
    >>> f"10{raised(-12)}"
    '10⁻¹²'
    """
    return str(number).translate(_RAISED)


def lowered(number: int) -> str:
    """A whole number below the line.

    Examples
    --------
    >>> f"w{lowered(12)}"
    'w₁₂'
    """
    return str(number).translate(_LOWERED)


def with_power(value: float, digits: int = 4) -> str:
    """This many digits that count, and a power of ten where the number is very large or small.

    Examples
    --------
    >>> with_power(-0.00012345), with_power(1.5e-9), with_power(0.0), with_power(2 / 3, 2)
    ('−0.0001234', '1.5·10⁻⁹', '0', '0.67')
    """
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}·10{raised(int(power))}"
    return minus(text)


def bracketed(value: float, digits: int = 4) -> str:
    """The same as a factor or a summand: a negative number in brackets.

    Examples
    --------
    >>> bracketed(-2.0), bracketed(2.0)
    ('(−2)', '2')
    """
    text = with_power(value, digits)
    return f"({text})" if value < 0 else text


def spelled_out(value: float) -> str:
    """Three digits, two with a power of ten where the number is small or large, and words where there is no number.

    Examples
    --------
    >>> spelled_out(-0.25), spelled_out(0.000123), spelled_out(float("nan")), spelled_out(float("inf"))
    ('−0.25', '1.2·10⁻⁴', 'not a number', 'infinite')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite"
    text = f"{value:.3g}"
    if "e" in text or 0 < abs(value) < 1e-3:
        mantissa, power = f"{value:.1e}".split("e")
        text = f"{mantissa}·10{raised(int(power))}"
    return minus(text)


def summand(value: float) -> str:
    """Two decimals with the sign as an operation, for a sum that is written out.

    Examples
    --------
    >>> summand(-0.5), summand(2.0)
    ('− 0.50', '+ 2.00')
    """
    return f"{'−' if value < 0 else '+'} {abs(value):.2f}"


def percent(share: float) -> str:
    """A share in whole percent; of nothing, a dash.

    Examples
    --------
    >>> percent(0.256), percent(float("nan"))
    ('26 %', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def from_log(log: float) -> str:
    r"""A number given by its log₁₀: in full up to a million, then as a power of ten.

    Examples
    --------
    >>> from_log(3.0), from_log(6.6)
    ('1\u202f000', '10⁷')
    """
    if log == -math.inf:
        return "0"
    return grouped(round(10**log)) if log < 6 else f"10{raised(round(log))}"


def share_from_log(log: float) -> str:
    r"""A share given by its log₁₀: percent, one in a number, or one in a power of ten.

    Examples
    --------
    >>> share_from_log(-0.3), share_from_log(-3.0), share_from_log(-30.2)
    ('50.1 %', '1 in 1\u202f000', '1 in 10³⁰')
    """
    if log == -math.inf:
        return "none"
    return f"{100 * 10**log:.3g} %" if log > -2 else f"1 in {from_log(-log)}"


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
    ('−0.123', '1.23·10³')
    """
    return with_power(value, 3)


def readable(value: float) -> str:
    """Three digits of an error or a difference, and a power of ten where there would be too many zeros.

    Examples
    --------
    >>> readable(0.0123456), readable(5.2), readable(12345.0), readable(7.3e-7), readable(-0.2973)
    ('0.012', '5.20', '12\u202f345', '7.3·10⁻⁷', '−0.297')
    """
    if value < 0:
        return f"−{readable(-value)}"
    if value and not 1e-4 <= value < 1e5:
        power = math.floor(math.log10(value))
        return f"{value / 10.0**power:.1f}·10{raised(power)}"
    if value >= 1000:
        return grouped(round(value))
    if value >= 1:
        return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
    return f"{value:.3f}" if value >= 0.01 else f"{value:.2g}"


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
