"""Sunspots as data: 176 yearly means, written down here, so no network is needed."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explained

__all__ = ["sunspots"]

FIRST = 1749
_COUNTS = """
81 83 48 48 31 12 10 10 32 48 54 63 86 61 45 36 21 11 38 70 106 101 82 67 35 31 7 20 93 154 126 85 68 39 23 10 24
83 132 131 118 90 67 60 47 41 21 16 6 4 7 15 34 45 43 48 42 28 10 8 3 0 1 5 12 14 35 46 41 30 24 16 7 4 2 9 17 36
50 64 67 71 48 28 9 13 57 122 138 103 86 65 37 24 11 15 40 62 99 125 96 67 65 54 39 21 7 4 23 55 94 96 77 59 44 47
31 16 7 38 74 139 111 102 66 45 17 11 12 3 6 32 54 60 64 64 52 25 13 7 6 7 36 73 85 78 64 42 26 27 12 10 3 5 24
42 64 54 62 49 44 19 6 4 1 10 47 57 104 81 64 38 26 14 6 17
"""


@explained
def sunspots() -> tuple[Array, Array]:
    """Years 1749 to 1924, (176,) whole numbers, and the mean number of sunspots in each, (176,) float32, rounded to one.

    References
    ----------
    Wolfer's numbers, as used by Yule (1927), “On a Method of Investigating Periodicities in Disturbed Series”.

    Examples
    --------
    >>> years, spots = sunspots()
    >>> int(years[spots.argmax()]), float(spots.max())
    (1778, 154.0)
    """
    spots = np.array(_COUNTS.split(), np.float32)
    return np.arange(FIRST, FIRST + len(spots)), spots
