"""Rows of lesson 22."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.it_doesnt_work_why import charts
from dlcourse.widgets.it_doesnt_work_why.layout import ceiling, decades
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS
from dlcourse.widgets.it_doesnt_work_why.words import chart_of
from pictures.reading import bars, colour, colours, numbers, points, same, sits, words

COSTS = {"look at the data": 1, "loss at the start": 1, "train against eval": 1, "gradients per layer": 2, "updates against weights": 2,
         "activations": 2, "overfit one batch": 3, "predictions": 5, "learning curve": 5, "shuffle the labels": 10}  # fmt: skip


def clinic(a, shown):
    state, result = shown.state, shown.result
    rows = list(COSTS)
    assert rows == list(TESTS)
    who, sizes = words(a.heads[0]).rsplit(", ", 1)
    assert who == ("Your network" if state.yours else f"Patient {state.number}: {result.patient.title}")
    assert units(sizes) == [p.shape[i] for i, p in inside_out(result.patient.parameters())]
    if state.suspected:
        assert words(a.heads[1]) == f"not treated yet: {state.diagnosis}"
    percents = [value for value, _ in numbers(words(a.heads[1]).replace("%", "")) if "now" not in words(a.heads[1])]
    if state.suspected:
        expected = []
    elif result.treated is not None:
        expected = [result.treated.right, result.sick.right, result.well.right]
    else:
        expected = [] if result.sick is None else [result.sick.right, result.well.right, result.sick.told]
    assert len(percents) == len(expected)
    same(percents, [round(100 * max(one, 0)) for one in expected])
    for row, (name, minutes, test) in enumerate(zip(a.tests, a.minutes, rows, strict=True)):
        assert words(name) == test and words(minutes) == f"{COSTS[test]} min"
        sits(name, 0.09, row)
        sits(minutes, 0.97, row)
    off = [rows.index(test) for test, report in result.reports.items() if report.off]
    fine = [rows.index(test) for test in state.ordered if rows.index(test) not in off]
    assert state.solved or not off
    same(points(a.fine), [[0.035, row] for row in sorted(fine)] or np.zeros((0, 2)))
    same(points(a.off), [[0.035, row] for row in sorted(off)] or np.zeros((0, 2)))
    for marks, name in ((a.fine, "BLUE"), (a.off, "VERMILLION")):
        colour(marks, shown.themed(lambda name=name: style.colour(name)))
    frame = points(a.cursor)
    same(
        [frame.min(axis=0), frame.max(axis=0)], [[0, rows.index(state.test) - 0.46], [1, rows.index(state.test) + 0.46]]
    )
    assert len(frame) == 5
    assert numbers(words(a.spent)) == [(sum(COSTS[test] for test in state.ordered), 0.5)]
    chart(a.chart, chart_of(state, result), shown)


def units(text):
    """64 → 2 × 32 → 10 as [64, 32, 32, 10]."""
    runs = [[int(number) for number in part.split(" × ")] for part in text.split(" → ")]
    return [width for *times, width in runs for _ in range(times[0] if times else 1)]


def inside_out(parameters):
    """For each number of units, the axis of a weight matrix that has it."""
    matrices = [p for p in parameters if p.ndim == 2]
    return [(0, matrices[0]), *((1, p) for p in matrices)]


def chart(a, wanted, shown):
    kind = "" if wanted is None else wanted.kind
    values = () if wanted is None else wanted.values
    names = () if wanted is None else wanted.names
    level = wanted.level if kind == "lines" else None
    printed = [*names, *(["- -  knows nothing"] if level is not None else [])]
    assert [words(text) for text in a.names] == printed + [""] * (3 - len(printed))
    finite = any(np.isfinite(one).any() for one in values)
    assert words(a.note) == ("not ordered yet" if not kind else "" if finite else "not a number")
    lines(a, wanted if kind == "lines" else None)
    if kind == "points":
        same(points(a.dots), np.column_stack(values)[np.isfinite(np.sum(values, axis=0))])
    else:
        assert not len(points(a.dots))
    groups(a, wanted if kind == "bars" else None, shown)
    examples(a, wanted if kind == "examples" else None, shown)


def lines(a, wanted):
    low, high = (10.0**power for power in decades(wanted)) if wanted is not None else (1, 1)
    for number, line in enumerate(a.lines):
        if wanted is None or number >= len(wanted.values):
            assert not len(points(line))
            continue
        expected = np.asarray(wanted.values[number], float)
        there = np.flatnonzero(~np.isnan(expected))
        same(points(line), np.column_stack([there + 1, np.clip(expected[there], low, high)]).reshape(-1, 2))
        colour(line, a.names[number].get_color())
        assert line.axes.get_ylim() == (low, high) and line.axes.get_xlim() == (0.5, len(expected) + 0.5)
    if wanted is None or wanted.level is None:
        assert not len(points(a.level))
    else:
        same(points(a.level), [[0.5, wanted.level], [len(wanted.values[0]) + 0.5, wanted.level]])


def groups(a, wanted, shown):
    for number, line in enumerate(a.bars):
        if wanted is None or number >= len(wanted.values):
            assert not len(points(line))
            continue
        heights = np.nan_to_num(np.asarray(wanted.values[number], float), posinf=0.0)
        kinds = len(wanted.values)
        x = np.arange(len(heights)) + 0.8 * (number + 0.5) / kinds - 0.4
        same(bars(line), np.column_stack([x, 0 * heights, heights]))
        colour(line, a.names[number].get_color())
        assert line.axes.get_ylim() == (0, ceiling(wanted)) and ceiling(wanted) > heights.max()
    if wanted is None or np.size(wanted.values) > 9:
        assert not a.values.labels
        return
    flat = np.concatenate(wanted.values)
    assert len(a.values.labels) == len(flat)
    tops = np.concatenate([bars(line)[:, [0, 2]] for line in a.bars[: len(wanted.values)]])
    places = shown.axes("chart").transData.transform(tops) * 100 / shown.figure.dpi
    for (x, y, text, _, align), value, (across, up) in zip(a.values.labels, flat, places, strict=True):
        assert align == "center" and abs(x - across) < 0.5 and abs(y - up - 9) < 0.5
        if np.isfinite(value):
            ((said, half),) = numbers(text)
            assert abs(said - value) <= 1.02 * half + 0.05 * (value >= 10)
        else:
            assert text == "none"


def examples(a, wanted, shown):
    if wanted is None:
        assert not len(a.tiles.pictures) and not a.answers.labels and not a.block.get_visible()
        return
    assert [label[2] for label in a.answers.labels] == list(wanted.groups)
    x = wanted.values[0]
    box = shown.axes("chart").get_window_extent().extents * 100 / shown.figure.dpi
    if x.shape[1] == 64:
        assert not a.block.get_visible() and len(a.tiles.pictures) == len(x)
        for tile, values, place, label in zip(a.tiles.pictures, x, a.tiles.places, a.answers.labels, strict=True):
            assert np.array_equal(tile, shown.themed(lambda values=values: charts.picture(values)))
            darkest = np.unravel_index(np.nan_to_num(values).argmax(), (8, 8))
            strength = np.abs(
                tile[..., :3].astype(int) - tile[0, 0, :3].astype(int) * 0 - np.array(shown.pixels[0, 0, :3], int)
            ).sum(axis=-1)
            assert strength[::-1][darkest] == strength.max()
            left, bottom, side = place
            assert (
                box[0] - 1 < left
                and left + side < box[2] + 1
                and box[1] - 1 < bottom - 14
                and bottom + side < box[3] + 1
            )
            assert abs(label[0] - left - side / 2) < 0.5 and bottom - 12 < label[1] < bottom
        return
    assert not len(a.tiles.pictures) and a.block.get_visible()
    left, bottom, width, height = a.block.place
    same([left, bottom, bottom + height], [box[0], box[1], box[3]], digits=3)
    numbers_ = np.nan_to_num(x, posinf=0.0, neginf=0.0)
    tints = shown.themed(lambda: style.shades(numbers_ / np.abs(numbers_).max(), 1.0))
    assert np.array_equal(a.block.pixels, tints)
    i, j = (one.ravel() for one in np.indices(x.shape))
    middles = np.column_stack([left + (j + 0.5) * width / x.shape[1], bottom + height - (i + 0.5) * height / len(x)])
    colours(shown.colours_at_pixels(a.block, middles * shown.figure.dpi / 100), tints[i, j])
    for row, (across, up, _, _, align) in enumerate(a.answers.labels):
        assert align == "left" and abs(across - left - width - 8) < 0.5
        assert abs(up - (bottom + height - (row + 0.5) * height / len(x))) < 0.5


ROWS = {"Clinic": clinic}
