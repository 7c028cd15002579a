"""Three programs beside each other: what becomes of a layer begins at the same height in all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dlcourse.translation.parts import Line
from dlcourse.widgets.beyond.listing import GAP, ROOM, WIDTH, Shown, kept, listing, shown
from dlcourse.widgets.beyond.numbers import TranslateResult
from dlcourse.widgets.beyond.state import TranslateState

__all__ = ["EMPTY", "columns", "listed"]

EMPTY: Shown = ("", None, False)
"""Stands beside lines that another program needs, and this one does not."""

BEFORE, AFTER = -1, 1_000_000
"""Bands of lines that belong to no layer: before those of all layers, and after them."""

Bands = Mapping[int, list[Shown]]
"""The lines of each layer, by its number."""

LOADS, MAKES, SHORT, READS, FAR, CALLS, FRAME, LEVEL = range(1, 9)
"""What is left out, step by step, of the layers that are not lit: their weights, what makes them, all but the beginning of
their calls; of the frame, how the file is read; the calls of layers that are no neighbours, and of all; the frame. At last
the weights of the lit layer follow its call in each program at once, and are not at one height."""


def listed(state: TranslateState, result: TranslateResult, narrow: bool) -> list[list[Shown]]:
    """The lines of each program that have room: of all libraries, in a narrow picture of the chosen one."""
    if narrow:
        lines = [listing(result.programs[state.library], state.chosen, ROOM[True], WIDTH[True])]
    else:
        lines = columns(list(result.programs.values()), state.chosen, ROOM[False], WIDTH[False])
    return list(map(_covered, lines)) if state.hides else lines


def _covered(lines: Sequence[Shown]) -> list[Shown]:
    """A question, and below it so much of the lines as one sees of a page that is covered: where words stand."""
    veiled = [(re.sub(r"\S", "░", text), None, False) for text, *_ in lines[2:]]
    return [("? comes with your bet", None, False), EMPTY, *veiled]


def columns(programs: Sequence[Sequence[Line]], layer: int, room: int, width: int) -> list[list[Shown]]:
    """The lines of each program, all equally many: a line, and in the same row what stands beside it elsewhere.

    Parameters
    ----------
    programs : sequences of (place, line)
    layer : int
        The one that is lit. Its lines are whole, with their notes above them where they are long.
    room : int
        So many lines at most. Where there are more, those of the other layers are folded to "…", in all programs.
    width : int
        Letters in a line.
    """
    parts = [_parts(program) for program in programs]
    calls, loads = ([_bands(part[i], layer, width) for part in parts] for i in (1, 2))
    rows: list[list[Shown]] = []
    for step in range(LEVEL + 1):
        open_calls = {layer} | (_near(layer) if step < CALLS else set()) | (_all(calls) if step < FAR else set())
        open_loads = {layer} | (_all(loads) if step < LOADS else set()) | ({BEFORE} if step < FRAME else set())
        blocks = [
            _heads([head for head, _, _ in parts], layer, width, step),
            _laid(
                [_short(one, layer, width) for one in calls] if step >= SHORT else calls,
                open_calls | ({BEFORE, AFTER} if step < FRAME else set()),
            ),
            _laid(
                [_begun(one) for one in loads] if step >= READS else loads,
                open_loads | ({AFTER} if step < READS else set()),
            ),
        ]
        rows = _joined(blocks, apart=step < FRAME)
        if len(rows[0]) > room:
            rows = _joined(blocks, apart=False)
        if step == LEVEL:
            height = len(blocks[0][0])
            rows = [_tight(column, height) for column in rows]
            _level(rows)
        if len(rows[0]) <= room:
            return rows
    return [[*column[: room - 1], GAP] for column in rows]


def _joined(blocks: Sequence[list[list[Shown]]], apart: bool) -> list[list[Shown]]:
    """Blocks one below the other, with an empty row between them or without; two rows of nothing but "…" become one."""
    rows = [list(column) for column in blocks[0]]
    for block in blocks[1:]:
        if apart:
            for column in rows:
                column.append(EMPTY)
        skip = 0
        if all(column and column[-1] in (GAP, EMPTY) for column in rows) and all(
            column and column[0] in (GAP, EMPTY) for column in block
        ):
            skip = not apart
        for column, more in zip(rows, block, strict=True):
            if skip:
                column[-1] = GAP if GAP in (column[-1], more[0]) else EMPTY
            column += more[skip:]
    return rows


def _tight(column: list[Shown], height: int) -> list[Shown]:
    """A program below its head without the lines that are empty, and without "…" twice or at its end."""
    tight = column[:height]
    for line in column[height:]:
        if line != EMPTY and not (line == GAP and tight[-1:] == [GAP]):
            tight.append(line)
    return tight[:-1] if tight[-1:] == [GAP] else tight


def _begun(bands: Bands) -> Bands:
    """How a file is read, with its first line alone."""
    begin = bands.get(BEFORE, [])
    return {**bands, BEFORE: [begin[0], GAP]} if len(begin) > 1 else bands


def _near(layer: int) -> set[int]:
    return {max(layer - 1, 0), layer + 1}


def _all(bands: Sequence[Bands]) -> set[int]:
    return {key for one in bands for key in one}


def _parts(program: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """What comes before the network is called, its call, and how weights are read."""
    head, call, load = parts = [], [], []  # type: tuple[list[Line], list[Line], list[Line]]
    now = head
    for place, line in program:
        if line.lstrip().startswith(("def forward", "def network")):
            now = call
        elif line.startswith("def load"):
            now = load
        if '"""' not in line:
            now.append((place, line))
    return parts


def _bands(lines: Sequence[Line], layer: int, width: int) -> Bands:
    bands: dict[int, list[Shown]] = {}
    band = BEFORE
    for line in lines:
        pieces = shown(line, layer, width)
        owners = [owner for _, owner, _ in pieces if owner is not None]
        band = owners[0] if owners else band if band == BEFORE else AFTER
        bands.setdefault(band, []).extend(pieces)
    return bands


def _short(bands: Bands, layer: int, width: int) -> Bands:
    """The layers that are not lit, each with its first line; "…" at its end, where it goes on."""
    short = {}
    for key, lines in bands.items():
        (text, owner, lit), *more = lines
        cut = bool(more) and key not in (BEFORE, AFTER, layer)
        short[key] = [(text[: width - 1] + "…", owner, lit)] if cut else lines
    return short


def _laid(bands: Sequence[Bands], kept_open: set[int]) -> list[list[Shown]]:
    """Bands of all programs, each at one height; a program that has none for its layers runs down at its own pace."""
    free = [set(one) <= {BEFORE} for one in bands]
    bound = [one for one, runs in zip(bands, free, strict=True) if not runs]
    laid: list[list[Shown]] = [[] for _ in bound]
    folded: list[bool] = []
    for key in sorted(_all(bound)):
        opened = key in kept_open
        if opened or not folded:
            _level(laid)
            folded = []
        for column, one in zip(laid, bound, strict=True):
            lines = one.get(key, [])
            column += lines if opened else [GAP] * bool(lines and (not column or column[-1] != GAP))
        folded += [True] * (not opened)
    _level(laid)
    rest = iter(laid)
    whole = [
        next(rest) if not runs else lines if BEFORE in kept_open else [GAP] * bool(lines)
        for runs, lines in zip(free, (one.get(BEFORE, []) for one in bands), strict=True)
    ]
    _level(whole)
    return whole


def _level(columns: Sequence[list[Shown]]) -> None:
    """Make columns equally long."""
    height = max(map(len, columns), default=0)
    for column in columns:
        column += [EMPTY] * (height - len(column))


def _heads(heads: Sequence[Sequence[Line]], layer: int, width: int, step: int) -> list[list[Shown]]:
    """What makes the layers, where a program does that first; beside it as much as has room of what others begin with."""
    makers = [_maker(head, layer, width, step) for head in heads]
    height = max(map(len, makers))
    laid = [
        maker or _fitting(_paragraphs(head, layer, width), height) for head, maker in zip(heads, makers, strict=True)
    ]
    _level(laid)
    return laid


def _maker(head: Sequence[Line], layer: int, width: int, step: int) -> list[Shown]:
    """The class of a network from its name on; [] where there is none."""
    begin = next((i for i, (_, line) in enumerate(head) if line.startswith("class ")), len(head))
    lines = [shown(line, layer, width) for line in head[begin:]]

    def keep(line: Shown) -> bool:
        _, owner, lit = line
        return lit or (step < FRAME if owner is None else step < MAKES)

    return [GAP, *kept(lines, keep, after_gap=True)] if lines else []


def _paragraphs(head: Sequence[Line], layer: int, width: int) -> list[list[Shown]]:
    paragraphs: list[list[Shown]] = [[]]
    for line in head:
        pieces = shown(line, layer, width)
        if pieces:
            paragraphs[-1] += pieces
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


def _fitting(paragraphs: Sequence[list[Shown]], height: int) -> list[Shown]:
    """So many whole paragraphs as have room, and "…" for the others."""
    rows: list[Shown] = []
    for number, paragraph in enumerate(paragraphs):
        more = [EMPTY] * bool(rows) + paragraph
        if len(rows) + len(more) + (number < len(paragraphs) - 1) > height:
            return [*rows, GAP][:height]
        rows += more
    return rows
