"""Rows of lessons 12 and 12b."""

import numpy as np
from matplotlib.colors import to_rgb

from dlcourse.live import style
from dlcourse.widgets.recurrent.gates.layout import HEIGHT, WIDTH, strips
from dlcourse.widgets.recurrent.gates.words import arithmetic, number
from dlcourse.widgets.writing_names.training import BLIND
from pictures.reading import bars, colour, colours, numbers, points, same, says, words, xy


def gates(a, shown):
    state, result = shown.state, shown.result
    now, unit = state.read - 1, state.unit - 1
    at = strips(state.cell, narrow=shown.narrow)
    assert len(a.strips) == len(at)
    for strip, (name, (x, y)) in zip(a.strips, at.items(), strict=True):
        values = getattr(result, name)[now]
        squares = y + HEIGHT * (1 - (np.arange(len(values)) + 0.5) / len(values))
        seen = np.zeros_like(values) if state.hides else values
        tints = shown.themed(lambda seen=seen: style.shades(seen, 1.0))
        same(strip.image.get_extent(), (x - WIDTH / 2, x + WIDTH / 2, y, y + HEIGHT))
        assert np.array_equal(np.asarray(strip.image.get_array())[:, 0], tints)
        colours(shown.colours_at(strip.image, np.column_stack([np.full(len(values), x), squares])), tints)
        frame = points(strip.frame)
        assert len(frame) == 5, "a frame is closed"
        same(frame[:-1].mean(axis=0), [x, squares[unit]])
        same(np.ptp(frame, axis=0), [WIDTH, HEIGHT / len(values)])
        assert words(strip.value) == ("" if state.hides else number(float(values[unit])))
        assert strip.value.get_position()[0] == x and y - 0.6 < strip.value.get_position()[1] < y
    assert words(a.title).startswith(f"{state.cell}, letter {state.read} of 30: “{result.text[now]}”")
    assert words(a.title).endswith("Blue is above 0, orange below; the fuller, the larger.")
    if state.hides:
        assert words(a.sums) == "The numbers appear when you have chosen."
    else:
        assert words(a.sums).replace("\n", "; ") == arithmetic(state, result)


def unroll(a, shown):
    state, result = shown.state, shown.result
    places, now = len(a.letters), state.read
    columns = min(places, state.letters)
    first = min(max(now - columns + 1, 0), state.letters - columns)
    for c, text in enumerate(a.letters):
        assert words(text) == (result.text[first + c] if c < columns else "")
        same(text.get_position()[0], c)
    time = shown.axes("time")
    assert time is a.image.axes
    units = result.states.shape[1]
    for c in range(columns):
        at = np.column_stack([np.full(units, c), 1 - (np.arange(units) + 0.5) / units])
        seen = shown.colours_at(a.image, at)
        if first + c < now:
            wanted = shown.themed(lambda c=c: style.shades(result.states[first + c], 1.0))
            colours(seen, wanted, within=12)
        else:
            assert (seen[:, 3] == 0).all(), "no state before its letter is read"
    frame = points(a.frame)
    assert len(frame) == 5
    same(frame[:4].mean(axis=0), [now - 1 - first, 0.5])
    arrows(a.arrows, columns)
    ticks(a.ticks, shown)
    told = [value for value, _ in numbers(words(a.title))]
    same(told, [now, state.letters, result.weights])
    assert words(a.title).startswith(state.shown)
    acting = (
        ("scale", "keep") if state.below == "nudge" else {"RNN": ("scale",), "yours": ()}.get(state.shown, ("keep",))
    )
    says(a.settings, *(getattr(state, name) for name in acting))
    (nudges if hasattr(a.below._record, "cover") else traces)(a.below, shown)


def arrows(a, columns):
    c = np.arange(columns)
    same(points(a.up_heads), np.column_stack([c, 0 * c - 0.055]))
    same(points(a.along_heads), np.column_stack([c - 0.3, 0 * c + 0.5]))
    same(points(a.up)[1::2], points(a.up_heads))
    same(points(a.along)[1::2], points(a.along_heads))
    same(points(a.up).reshape(-1, 2, 2)[:, :, 0], np.column_stack([c, c]))
    same(points(a.along).reshape(-1, 2, 2)[:, 1, 0], c - 0.3)
    cells = points(a.cells).reshape(-1, 5, 2)
    same(cells[:, :4].mean(axis=1), np.column_stack([c, 0 * c + 0.5]))
    for place, (along, up) in enumerate(a.weights):
        assert (words(along), words(up)) == (("Wₕ", "Wₓ") if place < columns else ("", ""))


def ticks(a, shown):
    axes = shown.axes("left")
    at = points(a.marks)[:, 0]
    same(points(a.marks)[:, 1], 0 * at)
    labels = [text for text in a.labels if words(text)]
    assert [float(words(text)) for text in labels] == list(at)
    same([text.get_position()[0] for text in labels], at)
    low, high = sorted(axes.get_xlim())
    assert (at >= low).all() and (at <= high).all() and len(at) > 2


def traces(a, shown):
    state, result = shown.state, shown.result
    for unit, line in enumerate(a.lines):
        same(points(line), np.column_stack([np.arange(1, state.read + 1), result.states[: state.read, unit]]))


def nudges(a, shown):
    state, result = shown.state, shown.result
    low, high = shown.axes("left").get_ylim()
    same(points(a.now), [[state.back, low], [state.back, high]])
    assert bool(words(a.cover)) == state.hides
    for line, dot, label, (name, left) in zip(a.lines, a.dots, a.labels, result.left.items(), strict=True):
        if state.hides:
            assert not len(points(line)) and not len(points(dot)) and not words(label)
            continue
        drawn = np.clip(left, low, high)
        same(points(line), np.column_stack([np.arange(len(left)), drawn]))
        same(points(dot), [[state.back, drawn[state.back]]])
        assert words(label).startswith(name)
        printed = numbers(words(label).removeprefix(name))
        assert not printed or abs(printed[0][0] - left[-1]) <= 1.02 * printed[0][1]
        same(label.get_position()[0], state.letters)


def name_writer(a, shown):
    state, result = shown.state, shown.result
    run = state.present()
    curve = np.array(run.curve, float).reshape(-1, 3)
    low, high = shown.axes("loss").get_ylim()
    for line, column in ((a.train, 1), (a.unseen, 2)):
        same(points(line), np.column_stack([curve[:, 0], np.clip(curve[:, column], low, high)]))
    for text, name in zip(a.names_of, ("learnt from", "unseen"), strict=True):
        assert words(text).strip() == (name if len(curve) else "")
    letters = bars(a.bars)
    same(letters[:, 0], [27, *range(26)])
    same(letters[:, 1], np.zeros(27))
    same(letters[:, 2], result.first)
    same(result.first.sum(), 1, digits=4)
    assert words(a.after) == "the next letter " + (f"after “{state.start}”" if state.start else "at the beginning")
    says(a.head, state.temperature, sum(result.new), len(result.names))
    for text, note, name, new in zip(a.written, a.notes, result.names, result.new, strict=True):
        assert words(text) == (name or "(nothing)")
        assert ("real" in words(note)) == (not new and bool(name))
        assert (
            note.get_position()[0] > text.get_position()[0] + 0.1 and note.get_position()[1] == text.get_position()[1]
        )
        ink = shown.themed(style.ink if new else style.faint)
        colour(text, to_rgb(ink))
    levels = sorted(
        xy(line)[1][0] for line in shown.axes("loss").lines if len(xy(line)[1]) == 2 and len(set(xy(line)[1])) == 1
    )
    assert any(abs(level - BLIND) < 1e-6 for level in levels) and any(
        abs(level - state.bigram) < 1e-6 for level in levels
    )


ROWS = {
    "Gates": gates,
    "Unroll": unroll,
    "NameWriter": name_writer,
}
