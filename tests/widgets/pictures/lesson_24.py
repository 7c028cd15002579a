"""Rows of lesson 24."""

import re

import numpy as np
from matplotlib.colors import to_rgba

from dlcourse.live import style
from dlcourse.translation.parts import example
from dlcourse.widgets.beyond.numbers import LIBRARIES
from pictures.reading import colour, numbers, same, words

ENDS = (208, 246, 272, 298)
"""Where the sizes of axes end in a narrow table."""
LEFTS = (292, 444, 588)
"""Where the columns of a wide one begin."""


NAMES = {"ReLU": "relu", "GELU": "gelu", "softmax": "softmax"}
"""New layers that are functions."""


def bare(text):
    """What is written, without spaces and the signs that a note may have or not."""
    return re.sub(r"[\s#]", "", text)


def translate(a, shown):
    state, result = shown.state, shown.result
    network, first = result.network, max(0, min(state.chosen - 7, len(result.network.lines) - 8))
    rows = ["one example" if first == 0 else "…", *network.lines[first : first + 8]]
    rows = [re.sub(r",? ?rng=rng\)", ")", row) for row in rows]
    assert [words(text) for text in a.layers] == rows + [""] * (9 - len(rows))
    shapes = [example(shape) for shape in network.shapes[first : first + 9]]
    assert [words(text) for text in a.shapes] == shapes + [""] * (9 - len(shapes))
    tinted(a.mark, state.chosen - first + 1)
    written, fits = (words(text) for text in a.fresh)
    assert written.startswith(f"+ dl.{NAMES.get(state.new, state.new)}") if not state.is_own else not written + fits
    assert state.is_own or fits == ("does not fit" if state.refusal else "fits below")
    assert state.is_own or written[-1] == ")" or state.new in NAMES
    if "(" in written and not state.is_own and state.new not in ("MaxPool2D", "Dropout", "Flatten"):
        assert numbers(written.split("(")[1])[0][0] == network.shapes[state.chosen + 1][-1]
    assert [text.get_text() for text in a.fresh] == [written, fits]
    programs(a, shown)
    arrays(a.arrays, shown)


def tinted(box, line):
    """A tint behind a whole line."""
    assert box.get_visible()
    same((*box.get_xy(), box.get_width(), box.get_height()), (0, line, 1, 1))
    colour(box, style.colour("ORANGE"))


def programs(a, shown):
    """The lines stand in their program, those of the chosen layer are all there, and they are lit."""
    state, result = shown.state, shown.result
    names = [state.library] if shown.narrow else list(LIBRARIES)
    assert [axes.get_label() for axes in shown.figure.axes[2:]] == (["program"] if shown.narrow else names)
    rooms = [round(shown.axes(label).get_ylim()[0]) for label in (["program"] if shown.narrow else names)]
    for name, lines, tint, room in zip(names, a.programs, a.lit, rooms, strict=True):
        axes = shown.axes("program" if shown.narrow else name)
        box = np.array(axes.bbox.extents) * 100 / shown.figure.dpi
        same(tint.place, (box[0], box[1], box[2] - box[0], box[3] - box[1]))
        same([lines.left - 2, lines.pitch * room, lines.top - 1], [box[0], box[3] - box[1], box[3]])
        assert tint.get_visible() and lines.get_visible() and lines.size == 8 and lines.color == shown.themed(style.ink)
        program(lines.text.split("\n"), tint.pixels, shown, result.programs[name], room)
    if not shown.narrow and not state.hides:
        beside(a, state.chosen)


def program(lines, tint, shown, whole, room):
    state, own = shown.state, re.compile(rf"{shown.state.chosen}(\.|$)")
    assert len(lines) <= room == len(tint)
    colours = np.round(255 * np.array(to_rgba(style.colour("ORANGE"), 0.22)))
    lit = [bool(row[0].any()) for row in tint]
    assert all((row[0] == (colours if is_lit else 0)).all() for row, is_lit in zip(tint, lit, strict=True))
    if state.hides:
        assert lines[0] == "? comes with your bet" and set("".join(lines[1:])) <= set("░ ") and not any(lit)
        return
    text = "".join(bare(line) for _, line in whole)
    assert all(bare(line).rstrip("…") in text for line in lines)
    of_layer = [line for place, line in whole if place is not None and own.match(place or "0")]
    shows = "".join(bare(line) for line, is_lit in zip(lines, lit, strict=False) if is_lit)
    assert sorted(shows) == sorted(bare("".join(of_layer))) and shows
    assert not any(lit[len(lines) :])


def beside(a, chosen):
    """In the function that calls the network, the lit layer begins in the same row of all programs."""
    begins = set()
    for lines, tint in zip(a.programs, a.lit, strict=True):
        rows = lines.text.split("\n")
        lit = [i for i, row in enumerate(tint.pixels) if row[0].any()]
        starts = [i for i in lit if i - 1 not in lit]
        heads = [i for i in starts if "self.layer" in rows[i] and " = nn." in rows[i]]
        begins.add(frozenset(starts) - frozenset(heads))
    assert frozenset.intersection(*begins), begins


def arrays(table, shown):
    """Names and sizes, the outputs marked, and where a number stands."""
    if not shown.narrow:
        wide_arrays(table, shown)
        return
    state, rows = shown.state, shown.result.rows
    lines = {}
    for x, y, text, ink, align in table.labels:
        assert (align == "right") == (x in ENDS)
        lines.setdefault(y, []).append((x, text, ink))
    assert max(lines) == 712
    got = [sorted(lines[y]) for y in sorted(lines, reverse=True)]
    libraries = ["dlcourse"] if state.hides else ["dlcourse", "PyTorch", "Keras"]
    expected = [
        (name, held)
        for row in rows[:4]
        for name, held in zip(libraries, (row.ours, row.pytorch, row.keras), strict=False)
    ]
    for line, (name, held) in zip(got, expected, strict=False):
        assert line[0][:2] == (10, name)
        if held is None:
            assert line[1][1].startswith("in its")
            continue
        assert line[1][:2] == (72, held.name)
        sizes = [f"→{size}" if axis == held.outputs else str(size) for axis, size in enumerate(held.shape)]
        assert [(x, text) for x, text, _ in line[2:]] == list(zip(ENDS, sizes, strict=False))
        out = shown.themed(lambda: style.colour("VERMILLION"))
        assert [ink == out for _, _, ink in line[2:]] == [text.startswith("→") for _, text, _ in line[2:]]
    rest = got[len(expected) :]
    if not rows:
        assert got == [[(10, "It has no arrays: nothing to take over.", got[0][0][2])]]
    elif rows[0].ours.at:
        ((value, half),) = numbers(rest[0][0][1])
        assert abs(value - rows[0].value) <= 1.02 * half
        places = [held for name, held in expected[: len(libraries)]]
        assert [line[1][1] for line in rest[1:]] == [f"{held.name}{list(held.at)}" for held in places]
    else:
        assert not rest


def wide_arrays(table, shown):
    """The same, a line for each array: whatever stands in a line belongs to one of three columns."""
    state, rows = shown.state, shown.result.rows
    if not rows:
        assert [text for _, _, text, _, _ in table.labels] == ["It has no arrays: nothing to take over."]
        return
    libraries = ["dlcourse"] if state.hides else ["dlcourse, and JAX", "PyTorch", "Keras"]
    out = shown.themed(lambda: style.colour("VERMILLION"))
    cells, marked = {}, {}
    for x, y, text, ink, _ in table.labels:
        column = sum(x >= left - 0.1 for left in LEFTS) - 1
        cells[y, column] = cells.get((y, column), "") + text
        if ink == out:
            marked[y, column] = text
    heights = sorted({y for y, _ in cells}, reverse=True)
    assert heights[0] == 628 and np.allclose(-np.diff(heights)[: len(rows[:4])], 13.5)
    assert [cells[heights[0], i] for i in range(len(libraries))] == libraries
    shows = rows if len(rows) <= 5 else rows[:4]
    for y, row in zip(heights[1:], shows, strict=False):
        for column, held in enumerate((row.ours, row.pytorch, row.keras)[: len(libraries)]):
            if held is None:
                assert cells[y, column].startswith("in its")
                continue
            assert cells[y, column].replace("→", "") == f"{held.name} {held.shape}"
            assert marked[y, column] == f"→{held.shape[held.outputs]}"
            before = cells[y, column].split("→")[0]
            assert before.count(",") == held.outputs
    rest = heights[1 + len(shows) :]
    if len(rows) > len(shows):
        assert cells[rest.pop(0), 0] == f"… and {len(rows) - len(shows)} more"
    if not rows[0].ours.at:
        assert not rest
        return
    ((value, half),) = numbers(cells[rest[0], 0])
    assert abs(value - rows[0].value) <= 1.02 * half and len(rest) == 2
    places = (rows[0].ours, rows[0].pytorch, rows[0].keras)[: len(libraries)]
    assert [cells[rest[1], i] for i in range(len(libraries))] == [f"{held.name}{list(held.at)}" for held in places]


ROWS = {"Translate": translate}
