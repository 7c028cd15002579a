"""How numbers are written in sentences and pictures: true minus signs, powers of ten, thin spaces between thousands."""

from __future__ import annotations

__all__ = ["grouped", "minus", "raised", "signed"]

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
