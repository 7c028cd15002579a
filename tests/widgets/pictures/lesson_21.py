"""Rows of lesson 21."""

import numpy as np

from dlcourse.live import style
from dlcourse.widgets.dropout.numbers import MOST, points_drawn
from dlcourse.widgets.dropout.training import HIGH, LOW
from dlcourse.widgets.dropout.training import MOST as MOST_MISTAKES
from pictures.reading import bars, colour, colours, numbers, points, same, says, words


def dropout_masks(a, shown):
    state, result = shown.state, shown.result
    sheets(a, shown)
    digits, now = np.arange(10), result.latest[-1]
    same(bars(a.bars), np.column_stack([digits, 0 * now, now]))
    same(points(a.others), np.column_stack([np.tile(digits, len(result.latest)), result.latest.ravel()]))
    same(points(a.mean), np.column_stack([digits, result.mean]))
    masks = points_drawn(state.n)
    assert masks[0] == 1 and masks[-1] == state.n
    same(points(a.course), np.column_stack([masks, result.course[masks - 1]]))
    same(points(a.head), [[state.n, result.course[-1]]])
    full = result.full[result.answer]
    if state.hides:
        assert not len(points(a.full)) and not len(points(a.level))
        assert words(a.names[2]) == "□ full network: covered"
    else:
        same(points(a.full), np.column_stack([digits, result.full]))
        same(points(a.level), [[1, full], [MOST, full]])
        says(a.names[2], result.answer, full)
    first = (state.n,) if state.n > 1 else ()
    says(a.names[0], state.n, result.answer, now[result.answer])
    says(a.names[1], *first, result.answer, result.course[-1])
    names = ("SKY", "BLUE", "VERMILLION")
    for artists, name in zip(
        ((a.bars,), (a.mean, a.course, a.head, a.names[1]), (a.full, a.level, a.names[2])),
        names,
        strict=True,
    ):
        for artist in artists:
            colour(artist, shown.themed(lambda name=name: style.colour(name)))
    answers, course = shown.axes("answers"), shown.axes("course")
    assert course.get_xlim() == (1, MOST)
    for axes, values in ((answers, np.append(result.latest, result.full)), (course, np.append(result.course, full))):
        assert axes.get_ylim()[0] <= values.min() and values.max() <= axes.get_ylim()[1]
    assert answers.get_ylim()[0] <= 0 <= answers.get_ylim()[1] and course.get_ylim()[0] <= 0
    assert str(result.answer) in course.get_title(loc="left")
    for axes, texts in ((answers, a.scale), (course, a.course_scale)):
        assert bool(texts) == (state.look == "scores")
        for text, value in zip(texts, np.linspace(*axes.get_ylim(), len(texts)) if texts else (), strict=True):
            same([*text.get_position(), numbers(words(text))[0][0]], [0, value, value])
            colour(text, shown.themed(style.ink))


def sheets(a, shown):
    """Every pixel and unit has its square, and what is ignored has a cross in the middle of it, and no colour."""
    result = shown.result
    scale = shown.figure.dpi / 100
    for i, (kept, across, name) in enumerate(((result.kept_pixels, 8, "digit"), (result.kept, 10, "units"))):
        row, column = np.divmod(np.flatnonzero(~kept), across)
        same(points(a.crosses[i]), np.column_stack([column, row]).reshape(-1, 2))
        says(a.counts[i], kept.sum(), len(kept))
        axes = shown.axes(name)
        if name == "units":
            middles = np.array([(left + side / 2, bottom + side / 2) for left, bottom, side in a.units.places])
            at = axes.transData.transform(np.column_stack([np.arange(100) % 10, np.arange(100) // 10])) / scale
            same(middles, at, digits=3)
        else:
            ((left, bottom, side),) = a.digit.places
            box = axes.get_window_extent()
            same(np.array([left, bottom, side]) * scale, [box.x0, box.y0, box.width], digits=3)
    said = result.units * result.kept
    expected = shown.themed(lambda: style.shades(said / max(result.units.max(), 1e-9), 1.0))
    colours(np.array(a.units.pictures)[:, 1, 1], expected, within=1)
    seen = (result.picture * result.kept_pixels).reshape(8, 8)[::-1]
    colours(
        np.array(a.digit.pictures[0]).reshape(-1, 4), shown.themed(lambda: style.shades(seen.ravel(), 1.0)), within=1
    )


def dropout_training(a, shown):
    state, result = shown.state, shown.result
    n = state.epoch
    epochs = np.arange(1, n + 1)
    for i, (one, name) in enumerate(zip(result.both, ("BLUE", "VERMILLION"), strict=True)):
        groups = (
            (a.learned[i], a.learned_dots[i], np.clip(one.learned, LOW, HIGH)),
            (a.unseen[i], a.unseen_dots[i], np.clip(one.unseen, LOW, HIGH)),
            (a.mistakes[i], a.mistakes_dots[i], np.clip(one.mistakes, 0, MOST_MISTAKES)),
        )
        for line, dot, values in groups:
            same(points(line), np.column_stack([epochs, values[:n]]))
            same(points(dot), [[n, values[n - 1]]])
            for artist in (line, dot):
                colour(artist, shown.themed(lambda name=name: style.colour(name)))
        says(a.losses[i], one.learned[n - 1], one.unseen[n - 1])
        says(a.counts[i], one.mistakes[n - 1])
        for text in (a.losses[i], a.counts[i]):
            colour(text, shown.themed(lambda name=name: style.colour(name)))
            assert words(text).startswith(("with dropout", "without:")[i])
        assert a.learned[i].get_linestyle() == "--" and a.unseen[i].get_linestyle() == "-"
    assert len(numbers(words(a.losses[0]))) == 2


ROWS = {"DropoutMasks": dropout_masks, "DropoutTraining": dropout_training}
