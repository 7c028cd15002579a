"""How the slides name a weight and count neurons: from 1, and below the line."""

from __future__ import annotations

from dlcourse.live.numbers import lowered, raised
from dlcourse.widgets.when_things_get_intense.numbers import Place

__all__ = ["index", "weight_name"]


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
