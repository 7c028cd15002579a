"""How the slides name a weight and count neurons: from 1, and below the line."""

from __future__ import annotations

from dlcourse.live.numbers import lowered, raised, with_power
from dlcourse.widgets.chain.numbers import Place

__all__ = ["index", "off_by", "weight_name"]


def index(number: int) -> str:
    """An index counted from 0, as the slides write it.

    Examples
    --------
    >>> f"s{index(0)}", f"x{index(11)}"
    ('s₁', 'x₁₂')
    """
    return lowered(number + 1)


def weight_name(place: Place) -> str:
    """W⁽ˡ⁾ᵢⱼ as the slides write it: to neuron i, from neuron j.

    Examples
    --------
    >>> weight_name((0, 2, 1)), weight_name((1, 9, 1))
    ('W⁽¹⁾₂₃', 'W⁽²⁾₂,₁₀')
    """
    layer, j, i = place
    comma = "," if max(i, j) > 8 else ""
    return f"W⁽{raised(layer + 1)}⁾{index(i)}{comma}{index(j)}"


def off_by(share: float) -> str:
    """A relative error: in percent, where that is a number one can read.

    Examples
    --------
    >>> off_by(0.0812), off_by(7.8e-8)
    ('8.1 %', '7.8·10⁻⁸ of it')
    """
    return f"{with_power(100 * share, 2)} %" if share > 1e-4 else f"{with_power(share, 2)} of it"
