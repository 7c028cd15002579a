"""The table of arrays in the picture of `Translate`: their names and shapes in each library, and where one number stands."""

from __future__ import annotations

from dlcourse.live import style
from dlcourse.live.numbers import three_digits
from dlcourse.live.pixels import width_of
from dlcourse.widgets.beyond.numbers import Held, Row
from dlcourse.widgets.beyond.state import TranslateState

__all__ = ["AXES", "HELD", "SIZE", "Label", "narrow_table", "wide_table"]

SIZE = 8.0
"""Of letters in the table and in programs, in points."""
AXES = (208, 246, 272, 298)
"""Where the sizes of the axes end in a narrow table, in hundredths of an inch."""
HELD = (292, 444, 588)
"""Where the arrays of a library begin in a wide table."""
LINE, BETWEEN = 15, 7
"""From one line of a narrow table to the next, and between two arrays."""
PITCH = 13.5
"""From one line of a wide table to the next."""
EMPTY = "It has no arrays: nothing to take over."

Label = tuple[float, float, str, str, str]
"""Place, words, colour and alignment."""


def narrow_table(state: TranslateState, rows: tuple[Row, ...], top: float) -> list[Label]:
    """The arrays of a layer in three libraries, one below the other; then where one number stands."""
    labels: list[Label] = []
    y = top
    if not rows:
        return [(10, y, EMPTY, style.ink(), "left")]
    for row in rows[:4]:
        for name, held in kept(state, row):
            labels += sizes(name, held, row, y)
            y -= LINE
        y -= BETWEEN
    row = rows[0]
    if row.ours.at:
        labels.append((10, y, followed(row), style.ink(), "left"))
        for name, held in kept(state, row):
            y -= LINE
            labels.append((10, y, name, style.ink(), "left"))
            labels.append((72, y, place(held), style.ink(), "left"))
    return labels


def followed(row: Row) -> str:
    """The number that is looked for everywhere."""
    return f"the number {three_digits(row.value)} is at"


def place(held: Held | None) -> str:
    """Where it stands."""
    return "?" if held is None else f"{held.name}{list(held.at)}"


def wide_table(state: TranslateState, rows: tuple[Row, ...], top: float) -> list[Label]:
    """The same with the libraries beside each other."""
    if not rows:
        return [(HELD[0], top, EMPTY, style.ink(), "left")]
    labels: list[Label] = []
    for left, (name, _) in zip(HELD, kept(state, rows[0]), strict=False):
        labels.append((left, top, name if left > HELD[0] or state.hides else f"{name}, and JAX", style.faint(), "left"))
    shown = rows[: 5 if len(rows) == 5 else 4]
    for i, row in enumerate(shown, 1):
        for left, (_, held) in zip(HELD, kept(state, row), strict=False):
            labels += beside(held, row, left, top - i * PITCH)
    y = top - (len(shown) + 1) * PITCH
    if len(rows) > len(shown):
        labels.append((HELD[0], y, f"… and {len(rows) - len(shown)} more", style.faint(), "left"))
    row = rows[0]
    if row.ours.at:
        labels.append((HELD[0], y - PITCH, followed(row), style.ink(), "left"))
        for left, (_, held) in zip(HELD, kept(state, row), strict=False):
            labels.append((left, y - 2 * PITCH, place(held), style.ink(), "left"))
    return labels


def beside(held: Held | None, row: Row, left: float, y: float) -> list[Label]:
    """An array as "weight (64, →128)", the size along its outputs in colour."""
    if held is None:
        return [(left, y, missing(row), style.ink(), "left")]
    before, out = ", ".join(map(str, held.shape[: held.outputs])), f"→{held.shape[held.outputs]}"
    after = "".join(f", {size}" for size in held.shape[held.outputs + 1 :])
    after += ",)" if len(held.shape) == 1 else ")"
    labels: list[Label] = []
    for text, ink in (
        (f"{held.name} ({before}{', ' if before else ''}", style.ink()),
        (out, style.colour("VERMILLION")),
        (after, style.ink()),
    ):
        labels.append((left, y, text, ink, "left"))
        left += width_of(text, SIZE)
    return labels


def missing(row: Row) -> str:
    """What a library has instead of an array of ours."""
    return f"in its {row.keras.name}" if row.keras else "in its bias"


def kept(state: TranslateState, row: Row) -> list[tuple[str, Held | None]]:
    """An array in each library; JAX keeps what it is given, so it stands beside ours."""
    if state.hides:
        return [("dlcourse", row.ours)]
    return [("dlcourse", row.ours), ("PyTorch", row.pytorch), ("Keras", row.keras)]


def sizes(name: str, held: Held | None, row: Row, y: float) -> list[Label]:
    """One line of a narrow table."""
    labels = [(10.0, y, name, style.ink(), "left")]
    if held is None:
        return [*labels, (72, y, missing(row), style.ink(), "left")]
    labels.append((72, y, held.name, style.ink(), "left"))
    for axis, size in enumerate(held.shape[: len(AXES)]):
        out = axis == held.outputs
        colour = style.colour("VERMILLION") if out else style.ink()
        labels.append((AXES[axis], y, f"→{size}" if out else str(size), colour, "right"))
    return labels
