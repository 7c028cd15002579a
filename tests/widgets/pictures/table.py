"""The table: a row for each widget by its name, and what the walks let pass."""

from pictures import (
    course_map,
    lesson_14,
    lesson_15,
    lesson_16,
    lesson_17,
    lesson_18,
    lesson_18b,
    lesson_19,
    lesson_20,
    lesson_21,
    lesson_22,
    lesson_23,
    lesson_23b,
    lesson_24,
    lessons_00_to_03,
    lessons_04_to_06,
    lessons_07_and_07b,
    lessons_08_and_09,
    lessons_10_and_11,
    lessons_12_and_12b,
    lessons_13_and_13b,
    measured,
    walks,
)

ROWS = {
    **lessons_00_to_03.ROWS,
    **lessons_04_to_06.ROWS,
    **lessons_07_and_07b.ROWS,
    **lessons_08_and_09.ROWS,
    **lessons_10_and_11.ROWS,
    **lessons_12_and_12b.ROWS,
    **lessons_13_and_13b.ROWS,
    **lesson_14.ROWS,
    **lesson_15.ROWS,
    **lesson_16.ROWS,
    **lesson_17.ROWS,
    **lesson_18.ROWS,
    **lesson_18b.ROWS,
    **lesson_19.ROWS,
    **lesson_20.ROWS,
    **lesson_21.ROWS,
    **lesson_22.ROWS,
    **lesson_23.ROWS,
    **lesson_23b.ROWS,
    **lesson_24.ROWS,
    **measured.ROWS,
    **course_map.ROWS,
}

IMAGE_IN_PART = {
    "GradientStep": ("map",),  # the errors on its limits are middles of cells
    "LossSlice": ("slice",),  # its outermost values stand on the limits, in the middle of cells
    "TensorExplorer": ("result",),  # which keeps the proportions of what comes out
    "OptimizerRace": ("surface",),  # its outermost values stand on the limits, in the middle of cells
    "Gates": ("wide", "narrow"),  # each strip has its place in one large picture
    "Unroll": ("time",),  # the states stand above their letters
}
"""Axes in which an image is not as large as its axes."""

MAY_LEAVE = {
    "NeuronExplorer": ("lines[]", "handle", "arrow"),  # a border has no ends, and may pass the picture by
    "FitAFunction": ("curve", "others[]", "sticks"),  # a polynomial goes where it wants
    "Folds": ("lines[]", "curve", "once", "dots", "arm"),
    "GradientStep": (
        "view.curve",
        "view.bowl",
        "view.markers.tangent",
        "view.markers.path",
        "view.bends[]",
        "lines[]",
        "view.markers.ball",
        "view.markers.landing",
    ),
    "Representation": ("grid", "boundary"),
    "ActivationZoo": (
        "curves[]",
        "slopes[]",
        "others[]",
        "tangents[]",
        "signals[]",
        "gradients[]",
    ),  # they go where they want
    "OptimizerRace": ("paths[]", "rims[]", "ball", "downhill", "next_step"),  # a path may leave the picture, or explode
    "LossExplorer": ("curves[]", "slopes[]", "paths[]"),  # they go where they want
    "BestAnswer": (
        "lines[]",
        "pulls[]",
        "outlier_pulls[]",
    ),  # a line has no ends, and a learner's own loss may pull at will
    "Regularize": ("curve", "unseen"),  # a polynomial goes where it wants, and so does noise
    "Contact": ("ellipses[]", "touching", "shape"),  # an ellipse around a place at the edge
    "Convolution": ("source_frame", "dots"),  # a padded picture is larger than what is drawn of it
}
"""Lines that may run out of their axes."""


MARKS = {
    "TwoViews": ("Glyphs",),  # each digit is a point
    "Folds": ("names[]",),
}
"""Texts that stand where their data are, even if these meet."""


def complaints(name, shown):
    """Everything that the walks find in a picture."""
    yield from walks.extents(shown, IMAGE_IN_PART.get(name, ()))
    yield from walks.colours(shown)
    yield from walks.texts_inside(shown)
    yield from walks.texts_large_enough(shown)
    yield from walks.titles_alike(shown)
    yield from walks.texts_apart(shown, MARKS.get(name, ()))
    yield from walks.labels_with_room(shown, MARKS.get(name, ()))
    yield from walks.texts_off_lines(shown, MARKS.get(name, ()))
    yield from walks.inside_axes(shown, MAY_LEAVE.get(name, ()))
