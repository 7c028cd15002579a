"""Rows of lesson 24."""

import re

from dlcourse.live import style
from dlcourse.translation.parts import example
from pictures.reading import colour, numbers, same, words

ENDS = (208, 246, 272, 298)
"""Where the sizes of axes end."""


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
    program(a, shown)
    arrays(a.arrays, shown)


def tinted(box, line):
    """A tint behind a whole line."""
    assert box.get_visible()
    same((*box.get_xy(), box.get_width(), box.get_height()), (0, line, 1, 1))
    colour(box, style.colour("ORANGE"))


def program(a, shown):
    """The lines stand in the program, those of the chosen layer are all there, and they are lit."""
    state, lines = shown.state, [words(text) for text in a.program]
    if state.hides:
        assert lines == ["? comes with your bet"] + [""] * (len(lines) - 1)
        assert not any(box.get_visible() for box in a.lit)
        return
    count = sum(map(bool, lines))
    assert all(lines[:count]) and not any(lines[count:])
    whole = "".join(bare(line) for _, line in shown.result.program)
    assert all(line == "…" or bare(line) in whole for line in lines[:count])
    lit = [box.get_visible() for box in a.lit]
    of_layer = [line for place, line in shown.result.program if (place or "?").split(".")[0] == str(state.chosen)]
    shows = "".join(bare(line) for line, is_lit in zip(lines, lit, strict=True) if is_lit)
    assert sorted(shows) == sorted(bare("".join(of_layer)))
    for number, (box, is_lit) in enumerate(zip(a.lit, lit, strict=True)):
        if is_lit:
            tinted(box, number)


def arrays(table, shown):
    """Names and sizes, the outputs marked, and where a number stands."""
    state, rows = shown.state, shown.result.rows
    lines = {}
    for x, y, text, ink, align in table.labels:
        assert (align == "right") == (x in ENDS)
        lines.setdefault(y, []).append((x, text, ink))
    assert max(lines) == (712 if shown.narrow else 295)
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


ROWS = {"Translate": translate}
