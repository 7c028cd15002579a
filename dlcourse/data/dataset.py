"""Dataset: examples and their answers, how to split them and how to deal them out in minibatches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from dlcourse.arrays import Array, as_array, plain_array
from dlcourse.calls import explained
from dlcourse.errors import (
    ArgumentError,
    DataError,
    PositionError,
    ShapeError,
    WrongTypeError,
    brief,
    check_positive,
    check_whole,
)
from dlcourse.initializers import check_rng
from dlcourse.streams import printable

__all__ = ["Batches", "Dataset"]


class Dataset:
    """Examples x and their answers y.

    Parameters
    ----------
    x : array, shape (N, ...)
        One example along the first axis. Floats become float32 unless they are float64 arrays; all must be finite.
    y : array, shape (N,) or (N, ...)
        Class numbers 0 … C − 1 as whole numbers, or measured values as floats.
    classes : sequence of str
        Names of the classes, or empty.
    name : str
        Shown in its `repr`.

    Raises
    ------
    ShapeError
        If x and y differ in length.
    DataError
        If there is NaN or infinity in them.
    WrongTypeError
        If they are no numbers, or the classes are no names.

    Examples
    --------
    >>> points = Dataset([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 1], classes=("no", "yes"))
    >>> len(points), points.x.dtype, points[2].y
    (3, dtype('float32'), array([1]))
    """

    @explained
    def __init__(self, x: Any, y: Any, *, classes: Sequence[str] = (), name: str = "") -> None:
        self.x = as_array(x)
        self.y = as_array(plain_array(y))  # labels in a list stay whole numbers
        if not isinstance(classes, Iterable) or isinstance(classes, str):
            raise WrongTypeError(
                f"Dataset: classes are names, one a class, such as ('no', 'yes'), not {brief(classes)}."
            )
        self.classes = tuple(classes)
        self.name = name
        for letter, array in (("x", self.x), ("y", self.y)):
            if array.ndim == 0:
                raise ShapeError(
                    f"Dataset: {letter} is a single number; an axis of examples is wanted, shape (N, ...)."
                )
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise DataError(_say_not_finite(letter, array))
        if self.y.dtype == np.float64:
            self.y = self.y.astype(np.float32) if self.x.dtype == np.float32 else self.y
        if len(self.x) != len(self.y):
            raise ShapeError(
                f"Dataset: x has {len(self.x)} examples, y has {len(self.y)} answers. Each example needs one answer; "
                "was one of them filtered or shuffled without the other?"
            )

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, which: Any) -> Dataset:
        """Return the chosen examples as a data set (a single number gives a data set of one)."""
        if isinstance(which, (int, np.integer)):
            if not -len(self) <= which < len(self):
                raise PositionError(
                    f"Dataset: there is no example {which}; there are {len(self)}, numbered 0 to {len(self) - 1}."
                )
            which = [which]
        try:
            return self._with(self.x[which], self.y[which])
        except IndexError:
            raise PositionError(
                f"Dataset: {brief(which)} chooses none of {len(self)} examples. A number, a slice, a list of numbers, or one "
                "truth value an example is wanted."
            ) from None

    def _with(self, x: Array, y: Array) -> Dataset:
        chosen = object.__new__(Dataset)  # already checked
        chosen.x, chosen.y, chosen.classes, chosen.name = x, y, self.classes, self.name
        return chosen

    def __repr__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        examples = "example" if len(self) == 1 else "examples"
        text = f"{name}{len(self)} {examples}, x {self.x.shape} {self.x.dtype}"
        if self.x.size and self.x.dtype.kind == "f":
            text += f" from {self.x.min():.4g} to {self.x.max():.4g}"
        text += f", y {self.y.shape} {self.y.dtype}"
        return printable(f"Dataset({text}, {len(self.classes)} classes)" if self.classes else f"Dataset({text})")

    @explained
    def split(self, *shares: float, rng: np.random.Generator, stratified: bool = False) -> tuple[Dataset, ...]:
        """Deal the examples into parts at random; each example lands in exactly one part.

        Parameters
        ----------
        *shares : float
            Share of each part, such as 0.6, 0.2, 0.2; together 1.
        rng : numpy Generator
            Same seed, same parts.
        stratified : bool
            Whether every part gets its share of every class, as nearly as whole examples allow.

        Raises
        ------
        ArgumentError
            If the shares are not positive or do not sum to 1.
        DataError
            If a part would be empty.
        WrongTypeError
            If a stratified split is asked of answers that are no classes, or `rng` is no generator.

        Examples
        --------
        >>> points = Dataset(np.arange(10.0)[:, None], np.arange(10) % 2)
        >>> [len(part) for part in points.split(0.6, 0.2, 0.2, rng=np.random.default_rng(0))]
        [6, 2, 2]
        """
        if len(shares) == 1 and isinstance(shares[0], (list, tuple)):
            raise WrongTypeError(
                "split: pass the shares one by one, such as split(0.6, 0.2, 0.2, rng=rng), not in a list."
            )
        sizes = [check_positive("split", f"share {i + 1}", share) for i, share in enumerate(shares)]
        if not sizes or abs(sum(sizes) - 1) > 1e-6:
            raise ArgumentError(f"split: the shares {shares} sum to {sum(sizes):g}; together they should be 1.")
        check_rng("split", rng)
        bounds = [0, *np.rint(np.cumsum(sizes) * len(self)).astype(int).tolist()]
        bounds[-1] = len(self)
        for i, share in enumerate(sizes):
            if bounds[i] == bounds[i + 1]:
                raise DataError(
                    f"split: part {i + 1} would be empty: {share:g} of {len(self)} examples is less than one. "
                    "Give it a larger share or bring more data."
                )
        order = self._mixed_by_class(rng) if stratified else rng.permutation(len(self))
        return tuple(self[order[start:stop]] for start, stop in zip(bounds, bounds[1:], strict=False))

    def _mixed_by_class(self, rng: np.random.Generator) -> Array:
        """Return a random order in which every stretch holds the classes in the proportions of the whole."""
        if self.y.ndim != 1 or self.y.dtype.kind not in "iub":
            raise WrongTypeError(
                f"split: stratified=True needs one class number an example; y has shape {self.y.shape} and type {self.y.dtype}."
            )
        order = rng.permutation(len(self))
        place = np.empty(len(self))
        for label in np.unique(self.y):
            members = np.flatnonzero(self.y[order] == label)
            place[members] = (np.arange(len(members)) + 0.5) / len(members)
        return order[np.argsort(place, kind="stable")]

    @explained
    def batches(self, batch_size: int, *, rng: np.random.Generator | None = None, drop_last: bool = False) -> Batches:
        """Deal out the examples in minibatches, for one pass (each new loop shuffles again).

        Parameters
        ----------
        batch_size : int
            Examples a minibatch.
        rng : numpy Generator, optional
            Shuffles; without it the examples come in their order.
        drop_last : bool
            Whether to leave out the last, smaller minibatch.

        Raises
        ------
        ArgumentError
            If the batch size is less than 1, or drop_last leaves nothing.
        DataError
            If there are no examples.

        Examples
        --------
        >>> points = Dataset(np.zeros((5, 2), np.float32), [0, 1, 0, 1, 0])
        >>> [x.shape for x, y in points.batches(2)]
        [(2, 2), (2, 2), (1, 2)]
        """
        return Batches(self, batch_size, rng, drop_last)


class Batches:
    """The minibatches of a data set: iterate over it for pairs (x, y); `len` is their number.

    Parameters
    ----------
    data : Dataset
    batch_size : int
        Examples a minibatch; the last one may be smaller.
    rng : numpy Generator or None
        Shuffles anew in each loop; with None the examples come in their order.
    drop_last : bool
        Whether to leave out the last, smaller minibatch.

    Raises
    ------
    ArgumentError
        If the batch size is less than 1, or drop_last leaves nothing.
    DataError
        If there are no examples.

    Examples
    --------
    >>> batches = Dataset(np.arange(5.0)[:, None], [0, 1, 0, 1, 0]).batches(2)
    >>> len(batches)
    3
    >>> for x, y in batches:
    ...     print(x.ravel(), y)
    [0. 1.] [0 1]
    [2. 3.] [0 1]
    [4.] [0]
    """

    def __init__(self, data: Dataset, batch_size: int, rng: np.random.Generator | None, drop_last: bool) -> None:
        self.data = data
        self.batch_size = check_whole(
            "batches", "batch_size", batch_size, why="A batch of no examples has no mean gradient."
        )
        self.rng = rng if rng is None else check_rng("batches", rng)
        self.drop_last = drop_last
        if not len(data):
            raise DataError("batches: the data set is empty, there is nothing to deal out.")
        if drop_last and self.batch_size > len(data):
            raise ArgumentError(
                f"batches: drop_last=True with batch_size {self.batch_size} leaves nothing of {len(data)} examples."
            )

    def __len__(self) -> int:
        full, rest = divmod(len(self.data), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[Array, Array]]:
        x, y, size = self.data.x, self.data.y, self.batch_size
        starts = range(0, len(self) * size, size)
        if self.rng is None:
            for start in starts:
                yield x[start : start + size], y[start : start + size]
            return
        order = self.rng.permutation(len(self.data))
        for start in starts:
            chosen = order[start : start + size]
            yield x[chosen], y[chosen]


def _say_not_finite(letter: str, array: Array) -> str:
    bad = ~np.isfinite(array)
    row = int(np.argmax(bad.reshape(len(array), -1).any(axis=1)))
    number = int(bad.sum())
    return (
        f"Dataset: {letter} holds {number} value{'s' if number > 1 else ''} that {'are' if number > 1 else 'is'} NaN or "
        f"infinite, the first in example {row}. One is enough to turn every weight into NaN. "
        f"Drop or fill them, for example keep = np.isfinite({letter}).reshape(len({letter}), -1).all(axis=1)."
    )
