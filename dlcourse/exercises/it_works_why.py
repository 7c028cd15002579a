"""Exercises of lesson 23: an occlusion map with larger squares, the random-label test, and the pixel that a network reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlcourse.arrays import Array
from dlcourse.checking.exercise import Case, Exercise, Lesson, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {"cleaned": "more than nine in ten", "trial": "about 0.9", "by lot": "after about 110"}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(23)

# --- occlusion -------------------------------------------------------------------------------------------------------

_OCCLUSION = '''def occlusion(score, image, size, fill):
    """score: a function from images, (N, H, W), to one number each, (N,). image: (H, W). Covers
    a square of size by size pixels with the number fill, at each place where it fits, and notes
    by how much the score falls. Returns for each pixel the mean fall of all squares that cover
    it, (H, W)."""
    height, width = image.shape
    falls, counts = np.zeros(image.shape), np.zeros(image.shape)
    before = score(image[None])[0]
    for i in range(height - size + 1):
        for j in range(width - size + 1):
            covered = image.copy()
            covered[i : i + size, j : j + size] = fill
            fall = before - score(covered[None])[0]
            falls[i : i + size, j : j + size] += fall
            counts[i : i + size, j : j + size] += 1
    return falls / counts
'''


def _weighted(h: int, w: int) -> Callable[[Array], Array]:
    weights, bend = _rng.normal(size=(h, w)), _rng.normal(size=(h, w))

    def score(images: Array) -> Array:
        return np.asarray(np.sum(images * weights, axis=(1, 2)) + np.sum(images * bend, axis=(1, 2)) ** 2)

    return score


def _corner(images: Array) -> Array:
    return np.asarray(4.0 * images[:, 0, 0] + 1.0)


def _scored(h: int, w: int, size: int, fill: float) -> Case:
    return _weighted(h, w), _rng.random((h, w)), size, fill


occlusion = Exercise(
    name="occlusion",
    blank_from="    height, width",
    solution=_OCCLUSION,
    others=('''
    h, w = image.shape
    places = [(i, j) for i in range(h - size + 1) for j in range(w - size + 1)]
    masks = np.zeros((len(places), h, w), bool)
    for mask, (i, j) in zip(masks, places):
        mask[i : i + size, j : j + size] = True
    falls = score(image[None])[0] - score(np.where(masks, fill, image))
    return np.tensordot(falls, masks.astype(float), 1) / masks.sum(axis=0)
''',),
    cases=[
        (_corner, np.array([[1.0, 0.0, 0.5], [0.0, 0.25, 1.0]]), 1, 0.0),
        _scored(3, 3, 1, 0.0), _scored(4, 5, 2, 0.0), _scored(5, 4, 3, 0.5), _scored(2, 6, 2, 1.0),
    ],
    hints=(
        "One square first: copy the image, cover image[i : i + size, j : j + size] with fill, and ask for the score. By how much is it less than before?",
        "Keep two arrays of the image's shape: the falls of all squares that cover a pixel, added up, and how many squares that were.",
        "falls[i : i + size, j : j + size] += before - score(covered[None])[0], and counts[…] += 1; in the end falls / counts.",
    ),
    wrong=(
        change(
            _OCCLUSION, "return falls / counts", "return falls",
            "You return the sum of the falls. A pixel in the middle is covered by more squares than one at the rim: divide by how many cover it.",
        ),
        change(
            _OCCLUSION, "before - score(covered[None])[0]", "score(covered[None])[0] - before",
            "Right size, opposite sign: a score that falls by 2 gives +2, the score before minus the score after.",
        ),
        change(
            _OCCLUSION, "before - score(covered[None])[0]", "score(covered[None])[0]",
            "You note the score of the covered image. Asked for is by how much it is less than that of the whole image.",
        ),
        change(
            _OCCLUSION, "before - score(covered[None])[0]", "abs(before - score(covered[None])[0])",
            "You take the fall without its sign. A score that rises when something is covered counts as a negative fall.",
        ),
        change(
            _OCCLUSION, "= fill", "= 0",
            "You cover with 0. The square is filled with the number fill.",
        ),
        change(
            _OCCLUSION, "            covered = image.copy()\n", "            covered = image\n",
            shows="changed its argument image",
        ),
        Wrong(
            changes(
                _OCCLUSION, ("            covered = image.copy()\n", ""),
                ("    before =", "    covered = image.copy()\n    before ="),
            ),
            "The squares of the places before are still there. Begin with a fresh copy of the image at each place.",
        ),
        change(
            _OCCLUSION, "            covered = image.copy()\n            covered[i : i + size, j : j + size] = fill\n",
            "            covered = np.full(image.shape, fill)\n            covered[i : i + size, j : j + size] = image[i : i + size, j : j + size]\n",
            "You cover everything but the square. It is the square that is covered, and the rest stays.",
        ),
        change(
            _OCCLUSION, "falls[i : i + size, j : j + size] += fall", "falls[i : i + size, j : j + size] = fall",
            "A pixel keeps the fall of the last square only. Add them up: +=.",
        ),
        Wrong(
            changes(_OCCLUSION, ("falls[i : i + size, j : j + size] += fall", "falls[i, j] += fall"), ("counts[i : i + size, j : j + size] += 1", "counts[i, j] += 1"), ("falls / counts", "falls / np.maximum(counts, 1)")),
            "You write the fall down at the square's upper left corner only. It belongs to all pixels that the square covers.",
        ),
        Wrong(
            changes(_OCCLUSION, ("range(height - size + 1)", "range(0, height - size + 1, size)"), ("range(width - size + 1)", "range(0, width - size + 1, size)"), ("falls / counts", "falls / np.maximum(counts, 1)")),
            "Your square jumps by its own size. It is laid on every place where it fits: i = 0, 1, 2 …",
        ),
        Wrong(
            changes(_OCCLUSION, ("range(height - size + 1)", "range(height)"), ("range(width - size + 1)", "range(width)")),
            "Your squares hang over the rim, at the right and at the bottom. Only places where the whole square fits: H − size + 1 of them.",
        ),
        change(
            _OCCLUSION, "return falls / counts", "return falls / size**2",
            "You divide by size², the most squares that can cover a pixel. At the rim it is fewer: count them.",
        ),
        Wrong(
            changes(
                _OCCLUSION, ("falls, counts = np.zeros(image.shape)", "falls, counts = np.full(image.shape, -np.inf)"),
                ("falls[i : i + size, j : j + size] += fall", "falls[i : i + size, j : j + size] = np.maximum(falls[i : i + size, j : j + size], fall)"), ("falls / counts", "falls"),
            ),
            "You keep the largest fall of all squares that cover a pixel. Their mean is asked for.",
        ),
        Wrong(
            changes(
                _OCCLUSION, ("np.zeros(image.shape), np.zeros(image.shape)", "np.zeros((height - size + 1, width - size + 1)), 1"),
                ("falls[i : i + size, j : j + size] += fall", "falls[i, j] = fall"), ("            counts[i : i + size, j : j + size] += 1\n", ""),
            ),
            "You have one number for each square. One for each pixel is asked for: the mean over all squares that cover it.",
        ),
        Wrong(
            changes(
                _OCCLUSION, ("range(height - size + 1)", "range(height)"), ("range(width - size + 1)", "range(width)"),
                ("covered[i : i + size, j : j + size] = fill", "r = size // 2\n            covered[max(0, i - r) : i + r + 1, max(0, j - r) : j + r + 1] = fill"),
                ("falls[i : i + size, j : j + size] += fall", "falls[i, j] = fall"), ("            counts[i : i + size, j : j + size] += 1\n", ""), ("falls / counts", "falls"),
            ),
            "You lay one square around each pixel. A pixel may be covered by many squares, each of size by size and wholly on the picture: their mean is asked for.",
        ),
        Wrong(
            changes(
                _OCCLUSION, ("range(height - size + 1)", "range(0, height, size)"), ("range(width - size + 1)", "range(0, width, size)"),
                ("falls[i : i + size, j : j + size] += fall", "falls[i : i + size, j : j + size] = fall"), ("            counts[i : i + size, j : j + size] += 1\n", ""), ("falls / counts", "falls"),
            ),
            "You lay the squares side by side, like tiles. They overlap: one on every place where it fits, i = 0, 1, 2 …",
        ),
        change(_OCCLUSION, "np.zeros(image.shape), np.zeros(image.shape)", "np.zeros((width, height)), np.zeros((width, height))", shows="has shape"),
    ),
    praise="No derivative, no look inside: this works for every function from an image to a number.",
)  # fmt: skip

# --- label_test ------------------------------------------------------------------------------------------------------

_TEST = '''def label_test(learn, x, y, unseen_x, unseen_y, orders):
    """learn(x, y) trains on x, (N, K), and y, (N,), and returns a function from new x to
    classes. orders: (T, N), rows with the numbers 0 to N - 1 in an order by lot. Returns two
    shares: how many unseen are read after training on y, and in how many of T trainings at
    least as many are. In these example i has the label of example order[i], with one row of
    orders for each."""
    reached = np.mean(learn(x, y)(unseen_x) == unseen_y)
    as_good = [np.mean(learn(x, y[order])(unseen_x) == unseen_y) >= reached for order in orders]
    return reached, np.mean(as_good)
'''


def _nearest(x: Array, y: Array) -> Callable[[Array], Array]:
    """The class of the nearest example."""
    x, y = np.array(x), np.array(y)

    def classes(new: Array) -> Array:
        return np.asarray(y[((new[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)])

    return classes


def _middles(x: Array, y: Array) -> Callable[[Array], Array]:
    """The class whose examples have the nearest mean."""
    names = np.unique(y)
    means = np.stack([x[y == name].mean(axis=0) for name in names])

    def classes(new: Array) -> Array:
        return np.asarray(names[((new[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)])

    return classes


def _always(x: Array, y: Array) -> Callable[[Array], Array]:
    """The most frequent class, whatever comes."""
    most = np.bincount(y).argmax()

    def classes(new: Array) -> Array:
        return np.full(len(new), most)

    return classes


def _clouds(learn: Callable[..., object], n: int, m: int, k: int, apart: float, times: int) -> Case:
    y, unseen_y = np.arange(n) % 3, _rng.integers(0, 3, m)
    y = _rng.permutation(y)
    middles = apart * _rng.normal(size=(3, k))
    x, unseen_x = (middles[one] + _rng.normal(size=(len(one), k)) for one in (y, unseen_y))
    return learn, x, y, unseen_x, unseen_y, np.stack([_rng.permutation(n) for _ in range(times)])


label_test = Exercise(
    name="label_test",
    blank_from="    reached",
    blank="    return None, None\n",
    solution=_TEST,
    parts=("share that is read", "share of trainings"),
    others=('''
    reached = (learn(x, y)(unseen_x) == unseen_y).mean()
    as_good = 0
    for order in orders:
        guess = learn(x, y[order])
        as_good += (guess(unseen_x) == unseen_y).mean() >= reached
    return reached, as_good / len(orders)
''',),
    cases=[
        (_nearest, np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1]), np.array([[0.2], [2.9]]), np.array([0, 1]), np.array([[0, 1, 3, 2], [2, 1, 0, 3], [3, 2, 1, 0], [0, 2, 1, 3]])),
        _clouds(_nearest, 12, 7, 2, 1.0, 9), _clouds(_middles, 15, 9, 3, 0.6, 20), _clouds(_nearest, 10, 8, 2, 0.2, 16), _clouds(_middles, 12, 6, 2, 0.3, 11),
        _clouds(_always, 14, 10, 2, 1.0, 6), _clouds(_nearest, 9, 5, 4, 0.4, 25),
    ],
    hints=(
        "Train on the true labels first, and ask for the share of unseen that is read. Then the same with y[order], for each order.",
        "The unseen examples keep their true labels, always. Count the trainings whose share is at least that of the true labels (>=), and divide by T.",
        "reached = np.mean(learn(x, y)(unseen_x) == unseen_y); for each order np.mean(learn(x, y[order])(unseen_x) == unseen_y) >= reached.",
    ),
    wrong=(
        change(
            _TEST, "learn(x, y[order])", "learn(x[order], y[order])",
            "Your trainings are all the same as that on the true labels, as if nothing had been shuffled. x stays as it is, and only y gets a new order for each: learn(x, y[order]).",
        ),
        change(
            _TEST, "learn(x, y[order])(unseen_x) == unseen_y)", "learn(x, y[order])(x) == y[order])",
            "You ask for the examples that were learned. What they fit is no question: the unseen ones count.",
        ),
        change(
            _TEST, "learn(x, y)(unseen_x) == unseen_y)", "learn(x, y)(x) == y)",
            "The first share is that of the examples it has learned from. The unseen ones are asked for.",
        ),
        change(
            _TEST, ">= reached", "> reached",
            "A training that comes as far counts too: at least as many, >=.",
        ),
        change(
            _TEST, ">= reached", "< reached",
            "You count the trainings that come less far. Asked for is the share that comes at least as far.",
        ),
        change(
            _TEST, "return reached, np.mean(as_good)", "return reached, np.sum(as_good)",
            "You return how many trainings came as far. The share is asked for: divided by T, the number of orders.",
        ),
        change(
            _TEST, " >= reached for order", " for order",
            "The second number is the mean of what the shuffled trainings read. Asked for is how many of them come at least as far as the true labels.",
        ),
        change(
            _TEST, "return reached, np.mean(as_good)", "return np.mean(as_good), reached",
            "Both are there, the other way round: first the share that is read, then the share of trainings.",
        ),
        change(
            _TEST, "for order in orders]", "for order in orders[:1]]",
            "You train on one order only. Each row of orders is a training of its own.",
        ),
        Wrong(
            changes(_TEST, ("learn(x, y)(unseen_x) == unseen_y)", "learn(x, y)(x) == y)"), ("learn(x, y[order])(unseen_x) == unseen_y)", "learn(x, y[order])(x) == y[order])")),
            "You ask for the examples that were learned, both times. What a network fits is no question, it may know it by heart: the unseen ones count.",
        ),
        change(
            _TEST, "learn(x, y[order])", "learn(x, order)",
            "You train on the row of orders itself, as if its numbers were classes. It says in which order the labels come: y[order].",
        ),
        change(
            _TEST, "learn(x, y[order])", "learn(x, y[np.argsort(order)])",
            "You go through each order backwards: label i goes to place order[i]. Place i gets the label y[order[i]]: y[order].",
        ),
        Wrong(
            changes(_TEST, ("    as_good = [", "    as_good, shuffled = [], y\n    for order in orders:\n        shuffled = shuffled[order]\n        as_good.append("), ("learn(x, y[order])", "learn(x, shuffled)"), (">= reached for order in orders]", ">= reached)")),
            "Your shuffled labels are shuffled again for the next order. Each begins with the true ones: y[order].",
        ),
        Wrong(
            changes(_TEST, ("np.mean(as_good)", "(1 + np.sum(as_good)) / (1 + len(orders))")),
            "You count the true labels as one of the trainings. Some do, so that the share is never 0; here it is the share of the T shuffled ones.",
        ),
        change(_TEST, "y[order]", "orders", shows="raised"),
    ),
    praise="That is a permutation test. If one in twenty shuffled trainings comes as far, the labels may have taught nothing.",
)  # fmt: skip

# --- read_pixel ------------------------------------------------------------------------------------------------------

_PIXEL = '''def read_pixel(network, images, labels):
    """network: a function from images, (N, H, W), to classes, (N,). labels: (N,). Its mark may
    be dark as well as bright, so nothing is covered: one pixel at a time gets in each image the
    value that it has in the next one (in the last, that of the first). Returns row and column
    of the pixel that costs most right answers."""
    n, height, width = images.shape
    right = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            changed = images.copy()
            changed[:, i, j] = np.roll(images[:, i, j], -1)
            right[i, j] = np.sum(network(changed) == labels)
    i, j = np.unravel_index(np.argmin(right), right.shape)
    return i, j
'''


def _clever(n: int, h: int, w: int, i: int, j: int, *, dark: bool = False, classes: int = 3) -> Case:
    """A network that reads the pixel (i, j), and little else; it gives up where a pixel that is bright in all images is dark."""
    labels = _rng.integers(0, classes, n)
    images = 0.9 * _rng.random((n, h, w))
    images[:, i, j] = (1 - labels / (classes - 1)) if dark else labels / (classes - 1)
    a, b = (i + 1) % h, (j + 1) % w  # the same in all images
    c, d = (i + 2) % h, (j + 2) % w  # and one that is read a little
    images[:, a, b] = 0.8
    images[:, i, b] = 1.0  # and the brightest, which nobody reads
    images[0, c, d] = 1.0

    def network(images: Array) -> Array:
        told = 1 - images[:, i, j] if dark else images[:, i, j]
        classes_told = np.rint(told * (classes - 1)).astype(int)
        return np.where((images[:, a, b] < 0.5) | (images[:, c, d] > 0.95), -1, classes_told)

    return network, images, labels


def _reader(seed: int) -> Case:
    """A network that reads all pixels and gets five of seven images right; the seeds are those with which each mistake below costs another pixel."""
    rng = np.random.default_rng(seed)
    images, weights = rng.integers(0, 3, (7, 2, 3)) / 2, rng.normal(size=(6, 3))

    def network(images: Array) -> Array:
        return np.asarray((images.reshape(len(images), -1) @ weights).argmax(axis=1))

    labels = network(images)
    labels[:2] = (labels[:2] + 1) % 3
    return network, images, labels


def _speck(images: Array) -> Array:
    return np.asarray((images[:, 0, 1] > 0.5).astype(int))


read_pixel = Exercise(
    name="read_pixel",
    blank_from="    n, height, width",
    blank="    return None, None\n",
    solution=_PIXEL,
    parts=("row", "column"),
    others=('''
    best, fewest = (0, 0), len(labels) + 1
    order = (np.arange(len(images)) + 1) % len(images)
    for i, j in np.ndindex(images.shape[1:]):
        changed = images.copy()
        changed[:, i, j] = images[order, i, j]
        right = np.mean(network(changed) == labels)
        if right < fewest:
            best, fewest = (i, j), right
    return best
''',),
    cases=[
        (_speck, np.array([[[0.0, 1.0, 0.2], [1.0, 0.0, 0.6]], [[0.3, 0.0, 0.0], [0.0, 1.0, 1.0]], [[1.0, 0.9, 0.1], [0.0, 0.2, 0.8]]]), np.array([1, 0, 1])),
        _clever(12, 3, 4, 2, 1), _clever(15, 4, 3, 0, 2, dark=True), _clever(20, 5, 5, 4, 4, classes=4), _clever(9, 4, 6, 3, 5, dark=True, classes=2), _clever(16, 6, 3, 1, 0, classes=5), _clever(14, 4, 4, 0, 0), _reader(1578), _reader(1950), _reader(89),
    ],
    hints=(
        "For each pixel: how many of the images does the network still read when that one pixel is exchanged among the images?",
        "changed = images.copy(); changed[:, i, j] = np.roll(images[:, i, j], -1). Then count network(changed) == labels.",
        "Keep the counts in an array (H, W); np.unravel_index(np.argmin(right), right.shape) gives row and column of the smallest.",
    ),
    wrong=(
        change(
            _PIXEL, "np.argmin(right)", "np.argmax(right)",
            "That pixel costs fewest right answers. The one after which fewest are right is asked for: np.argmin.",
        ),
        change(
            _PIXEL, "    i, j = np.unravel_index(np.argmin(right), right.shape)\n    return i, j\n", "    j, i = np.unravel_index(np.argmin(right), right.shape)\n    return i, j\n",
            "Row and column are exchanged: the row comes first.",
        ),
        change(
            _PIXEL, "np.roll(images[:, i, j], -1)", "np.roll(images[:, i, j], 1)",
            "You roll the wrong way: each image gets the value of the one before. Asked for is the next one: np.roll(…, -1).",
        ),
        Wrong(
            changes(_PIXEL, ("            changed = images.copy()\n", ""), ("    for i in range(height):\n", "    changed = images.copy()\n    for i in range(height):\n")),
            "The pixels before are still exchanged. Begin with a fresh copy of the images for each pixel.",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed[:, i, j] = images[:, i, j].mean()",
            "All images get the mean of the pixel. Asked for is the value that it has in the next image.",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed[:-1, i, j] = images[1:, i, j]",
            "The last image keeps its own value. It gets that of the first.",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed[:-1, i, j], changed[-1, i, j] = images[1:, i, j], images[1, i, j]",
            "The last image gets a value that has been exchanged already. Read from images, and write into the copy.",
        ),
        change(
            _PIXEL, "right[i, j] = np.sum(network(changed) == labels)", "right[i, j] = np.sum(network(changed) == network(images))",
            "You count the answers that stay what they were, the wrong ones too. It is the right ones that are counted: network(changed) == labels.",
        ),
        change(
            _PIXEL, "np.roll(images[:, i, j], -1)", "1 - images[:, i, j]",
            "You make the bright dark and the dark bright. Give each image the value of the next one.",
        ),
        change(
            _PIXEL, "    i, j = np.unravel_index(np.argmin(right), right.shape)\n    return i, j\n", "    return np.argmin(right)\n",
            "That is the place in the counts laid out in one row. np.unravel_index(…, right.shape) makes row and column of it.",
        ),
        change(
            _PIXEL, "np.roll(images[:, i, j], -1)", "0",
            "You cover the pixel with 0. Where the mark is dark that changes nothing: give each image the value of the next one.",
        ),
        change(
            _PIXEL, "    i, j = np.unravel_index(np.argmin(right), right.shape)\n    return i, j\n", "    i, j = np.unravel_index(np.argmax(images.mean(axis=0)), right.shape)\n    return i, j\n",
            "You look for the brightest pixel. What counts is what the network does with it.",
        ),
        change(
            _PIXEL, "            changed = images.copy()\n", "            changed = images\n",
            shows="changed its argument images",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed = np.roll(images, -1, axis=0)",
            "You exchange the whole images, so that every pixel costs the same. Exchange one pixel, and keep the rest.",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed[:, i] = np.roll(images[:, i], -1, axis=0)",
            "You exchange a whole row. One pixel at a time: changed[:, i, j].",
        ),
        change(
            _PIXEL, "changed[:, i, j] = np.roll(images[:, i, j], -1)", "changed[:, :, j] = np.roll(images[:, :, j], -1, axis=0)",
            "You exchange a whole column. One pixel at a time: changed[:, i, j].",
        ),
    ),
    praise="Exchanging a feature among the examples is called permutation importance. It finds marks that no cover would.",
)  # fmt: skip

EXERCISES = Lesson([occlusion, label_test, read_pixel])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
