"""Rows of lesson 16."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.softmax import below as lower
from dlcourse.widgets.softmax.confidence.numbers import BINS, epochs_shown
from pictures.reading import bars, colour, colours, numbers, points, same, says, words
from pictures.shown import rgb


def softmax_bars(a, shown):
    state, result = shown.state, shown.result
    moved = bool(result.pull) and not state.hides
    p = np.asarray(result.shares, float)
    upright(shown, a.scores, np.array(state.now), result.scores, state.chosen, 0.5 if state.count > 6 else 0.05)
    upright(shown, a.shares, p, 100 * p, state.chosen, 0.05)
    says(a.base, state.shift)
    marks = points(a.before)
    assert len(marks) == (2 * state.count if moved else 0)
    if moved:
        same(marks[:, 1], np.repeat(result.before, 2))
        same(marks.reshape(-1, 2, 2)[:, :, 0].mean(axis=1), np.arange(state.count))
        heights = np.maximum(result.before, p)
        places = (
            shown.axes("shares").transData.transform(np.column_stack([0 * heights, heights])) * 100 / shown.figure.dpi
        )
        assert all(label[1] > up for label, (_, up) in zip(a.shares.values.labels, places, strict=True))
    (jacobian if hasattr(a.below._record, "matrix") else arithmetic)(a.below, shown)


def upright(shown, a, heights, printed, chosen, half):
    """Bars from 0, the chosen one set off, and the number at each."""
    x = np.arange(len(heights))
    rest = x != chosen
    drawn = bars(a.others)
    same(drawn, np.column_stack([x[rest], 0 * heights[rest], heights[rest]]))
    same(points(a.chosen), [[chosen, 0], [chosen, heights[chosen]]])
    colour(a.others, rgb("SKY"))
    colour(a.chosen, rgb("GREEN"))
    ends = a.others.axes.transData.transform(np.column_stack([x, heights])) * 100 / shown.figure.dpi
    assert a.values.size == 8
    for (across, up, text, _, align), end, number, height in zip(a.values.labels, ends, printed, heights, strict=True):
        ((value, _),) = numbers(text)
        assert abs(value - number) <= 1.02 * half and align == "center"
        assert abs(across - end[0]) < 0.5 and (up > end[1] if height >= 0 else up < end[1])


def lines_of(labels):
    """The texts of a table, a list for each line from the top, by their right ends."""
    rows = {}
    for x, y, text, _, align in labels.labels:
        assert align == "right"
        rows.setdefault(y, []).append((x, text))
    return [sorted(rows[y]) for y in sorted(rows, reverse=True)]


def table(labels, ends, top, expected):
    """Lines (y, [numbers or texts]) stand where they should, and say what they should."""
    lines = lines_of(labels)
    assert max(y for _, y, *_ in labels.labels) == top
    for line, wanted in zip(lines, expected, strict=True):
        same([x for x, _ in line], [x for x, value in zip(ends, wanted, strict=True) if value is not None])
        for (_, text), value in zip(line, [value for value in wanted if value is not None], strict=True):
            if isinstance(value, str):
                assert text == value
            elif not np.isfinite(value):
                assert text == ("no number" if np.isnan(value) else "too large")
            else:
                ((printed, half),) = numbers(text)
                assert abs(printed - value) <= 1.02 * half + 1e-6 * abs(value), f"{text} for {value}"


def names(state, letter):
    return [str(i) if state.digits else letter + "₁₂₃₄₅₆₇₈₉"[i] if i < 9 else f"{letter}₁₀" for i in range(state.count)]


def arithmetic(a, shown):
    state, result = shown.state, shown.result
    narrow = shown.narrow
    columns = result.scores, result.z, result.powers, result.typed, result.held, result.shares
    expected = [[name, *(float(one[bar]) for one in columns)] for bar, name in enumerate(names(state, "x"))]
    with np.errstate(all="ignore"):
        expected.append(["sum", None, None, *(float(one.sum()) for one in columns[2:])])
    labels = a.table.labels
    if state.count <= 4:
        *rest, (x, y, text, _, _) = labels
        held, total, share = [value for value, _ in numbers(text.split("=", 1)[1])]
        assert abs(held / total - share) < 1e-3 and abs(share - result.shares[state.chosen]) < 6e-5
        assert x == 690 if not narrow else x == 440
        assert y < min(one[1] for one in rest)
        a = type("Rest", (), {"labels": rest})
    else:
        a = a.table
    table(
        a,
        lower.NARROW if narrow else lower.WIDE,
        lower.TOP[narrow] - 2 * lower.LINE,
        expected,
    )


def jacobian(a, shown):
    state, result = shown.state, shown.result
    k = state.count
    assert bool(words(a.cover)) == state.hides
    if state.hides:
        assert not len(points(a.frame)) and not a.table.labels and not a.cells.labels
        assert np.array_equal(a.matrix.get_array(), shown.themed(lambda: style.shades(np.zeros((k, k)), 1.0)))
        return
    p = np.asarray(result.before + result.came, float)
    entries = (np.diag(p) - np.outer(p, p)) / state.temperature
    same(result.jacobian, entries, digits=5)
    strength = 4 * state.temperature * entries
    i, j = (one.ravel() for one in np.indices((k, k)))
    tints = shown.themed(lambda: style.shades(strength, 1.0))[i, j]
    corners = np.column_stack([j - 0.35, i - 0.35]) if k < 5 else np.column_stack([j, i])
    colours(shown.colours_at(a.matrix, corners), tints)
    same(a.matrix.get_extent(), (-0.5, k - 0.5, k - 0.5, -0.5))
    assert len(a.cells.labels) == (k * k if k <= 4 else 0) and (k > 4 or a.cells.size == 8)
    middles = shown.axes("jacobian").transData.transform(np.column_stack([j, i])) * 100 / shown.figure.dpi
    side = shown.axes("jacobian").bbox.height / k * 100 / shown.figure.dpi
    for (x, y, text, _, align), value, (across, up) in zip(a.cells.labels, entries.ravel(), middles, strict=False):
        assert abs(numbers(text)[0][0] - value) <= 5.1e-4 and align == "center"
        assert abs(x - across) < 0.5 and abs(y - (up - 0.24 * side)) < 1
    frame = points(a.frame)
    assert len(frame) == 5
    same(frame[:4].mean(axis=0), [state.chosen, (k - 1) / 2])
    same(np.ptp(frame, axis=0), [1, k])
    head, captions, *lines = lines_of(a.table)
    ((pull, half),) = numbers(head[0][1].rsplit("by", 1)[1])
    assert abs(pull - result.pull) <= 1.02 * half
    wanted = ["promised", "came", "factor"] if shown.narrow else ["before", "promised", "came", "factor"]
    assert [text for _, text in captions] == wanted
    same([x for x, _ in captions], [318, 376, 440] if shown.narrow else [400, 490, 570, 660])
    assert max(y for _, y, *_ in a.table.labels) == lower.TOP[shown.narrow] - 40
    for line, name, *values, factor in zip(lines, names(state, "p"), result.before, result.promised, result.came, result.factors, strict=True):  # fmt: skip
        texts = [text for _, text in line]
        assert texts[0] == name
        values = values[1:] if shown.narrow else values
        for text, value in zip(texts[1 : 1 + len(values)], values, strict=True):
            assert abs(numbers(text)[0][0] - value) <= 5.1e-5
        if np.isfinite(factor):
            assert abs(numbers(texts[-1])[0][0] - factor) <= 6e-4 * max(1, factor)


def reliability(a, shown):
    state, result = shown.state, shown.result
    assert [bool(words(text)) for text in a.cover] == [state.hides] * 2
    visible = not state.hides
    full = np.flatnonzero(result.counts)
    x, right = (full + 0.5) / BINS, result.right[full]
    if not visible:
        for line in (a.bars, a.whiskers, a.says, a.expects, a.makes, *a.dots):
            assert not len(points(line))
        assert not any(map(words, (*a.counts, *a.names)))
        return
    same(bars(a.bars), np.column_stack([x, 0 * x, right]))
    colour(a.bars, shown.themed(lambda: style.colour("BLUE")))
    spread = np.sqrt(right * (1 - right) / result.counts[full])
    same(bars(a.whiskers), np.column_stack([x, np.clip(right - spread, 0, 1), np.clip(right + spread, 0, 1)]))
    marks = points(a.says).reshape(-1, 2, 2)
    same(marks.mean(axis=1), np.column_stack([x, result.says[full]]))
    assert ((result.says[full] >= full / BINS - 1e-6) & (result.says[full] <= (full + 1) / BINS + 1e-6)).all()
    assert [words(text) for text in a.counts] == [str(int(n)) if n else "" for n in result.counts]
    same([text.get_position()[0] for text in a.counts], (np.arange(BINS) + 0.5) / BINS)
    assert shown.axes("bins").get_xlim() == (0, 1) and shown.axes("bins").get_ylim()[0] == 0
    low, high = shown.axes("course").get_ylim()
    epochs = epochs_shown(len(state.answers.unseen))
    for line, values in ((a.expects, result.course[1]), (a.makes, result.course[2])):
        if state.own is None:
            same(points(line), np.column_stack([epochs, np.clip(values, low, high)]))
        else:
            assert not len(points(line))
    at = 50 if state.own is not None else state.epochs
    for dot, name, value, word in zip(
        a.dots, a.names, (result.expects, result.makes), ("expects", "makes"), strict=True
    ):
        same(points(dot), [[at, np.clip(value, low, high)]])
        assert words(name).startswith(word)
        says(name, value)
        assert abs(np.log10(name.get_position()[1] / np.clip(value, low, high))) < 0.08


ROWS = {"SoftmaxBars": softmax_bars, "ReliabilityDiagram": reliability}
