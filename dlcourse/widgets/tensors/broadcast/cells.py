"""Which cells of an array are drawn, where, and what is in them: three sheets of four rows and columns at most."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from dlcourse.arrays import Array
from dlcourse.widgets.tensors.guessing import Shape

__all__ = ["COLUMNS", "ROWS", "SHEETS", "Cell", "cells_of"]

SHEETS, ROWS, COLUMNS = 3, 4, 4
"""The most that is drawn of the last three axes."""
GAP = "…"


@dataclass(frozen=True)
class Cell:
    """One cell of a stretched array: where it is drawn, from where it is stretched, and what it says."""

    at: tuple[int, int, int]
    """Sheet, row and column in the picture."""
    source: tuple[int, int, int]
    """Sheet, row and column of the cell that it is a copy of; itself where it is none."""
    text: str

    @property
    def copied(self) -> bool:
        """Whether the array itself has no such number."""
        return self.at != self.source


def _places(size: int, most: int) -> list[int | None]:
    """Positions along an axis that are drawn; None for all that are left out."""
    return list(range(size)) if size <= most else [*range(most - 2), None, size - 1]


def cells_of(own: Shape, whole: Shape, values: Array | None) -> list[Cell]:
    """The cells of an array of shape `own`, stretched to the shape `whole`; what lies behind comes first.

    Examples
    --------
    >>> [(cell.at, cell.copied, cell.text) for cell in cells_of((2, 1), (2, 2), np.array([[10], [20]]))]
    [((0, 0, 1), True, '10'), ((0, 1, 1), True, '20'), ((0, 0, 0), False, '10'), ((0, 1, 0), False, '20')]
    """
    last = ((1, 1, 1) + whole)[-3:]
    ours = ((1,) * (3 + len(whole) - len(own)) + own)[-3:]
    box = None if values is None else np.broadcast_to(values, whole).reshape(-1, *last)[0]
    drawn = [_places(size, most) for size, most in zip(last, (SHEETS, ROWS, COLUMNS), strict=True)]
    cells = []
    for sheet, row, column in product(*(range(len(places)) for places in drawn)):
        position = drawn[0][sheet], drawn[1][row], drawn[2][column]
        hidden = None in position
        text = "" if sheet else GAP if hidden else "" if box is None else f"{box[position]:g}"
        at = sheet, row, column
        source = tuple(0 if mine == 1 else here for mine, here in zip(ours, at, strict=True))
        cells.append(Cell(at=at, source=source, text=text))  # type: ignore[arg-type]
    return sorted(cells, key=lambda cell: (-cell.at[0], not cell.copied))
