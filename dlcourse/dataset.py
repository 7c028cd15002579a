"""Dataset: examples and their answers, how to split them and how to deal them out in minibatches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import numpy as np

from dlcourse.arrays import Array, as_array, is_slice_of_numbers, plain_array
from dlcourse.batches import Batches
from dlcourse.calls import explained
from dlcourse.errors import (
    ArgumentError,
    DataError,
    PositionError,
    ShapeError,
    WrongTypeError,
    brief,
    check_positive,
    counted,
)
from dlcourse.initializers import check_rng
from dlcourse.streams import printable

__all__ = ["Dataset"]

PAIR = (
    "Dataset: it is neither a pair nor a list. X, y = data.x, data.y are its arrays; minibatches come by for x, y in data.batches(32), "
    "single examples by for x, y in zip(data.x, data.y)."
)


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
        If they are not numbers, or the classes are not names.

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
                f"Dataset: classes are names, one per class, such as ('no', 'yes'), not {brief(classes)}."
            )
        self.classes = tuple(classes)
        self.name = name
        for letter, array in (("x", self.x), ("y", self.y)):
            if array.ndim == 0:
                raise ShapeError(
                    f"Dataset: {letter} is a single number; an axis of examples is expected, shape (N, ...)."
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

    def __iter__(self) -> NoReturn:
        raise WrongTypeError(PAIR)

    def __reversed__(self) -> NoReturn:
        raise WrongTypeError(PAIR)

    def __contains__(self, example: Any) -> NoReturn:
        raise WrongTypeError(PAIR)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise WrongTypeError(
            "Dataset: it is not an array, it holds two. Take data.x for the examples, or data.y for their answers."
        )

    def __getitem__(self, which: Any) -> Dataset:
        """Return the chosen examples as a data set (a single number gives a data set of one)."""
        chosen = which if isinstance(which, slice) and is_slice_of_numbers(which) else self._numbers(which)
        return self._with(self.x[chosen], self.y[chosen])

    def _numbers(self, which: Any) -> Array:
        """A key as numbers of examples or as truth values, shape (M,)."""
        if isinstance(which, (int, np.integer)) and not isinstance(which, bool):
            which = [which]
        try:
            numbers = np.asarray(which)
        except ValueError:  # ragged
            numbers = np.empty(())
        if numbers.size == 0 and numbers.ndim == 1:
            numbers = numbers.astype(int)
        if numbers.ndim != 1 or numbers.dtype.kind not in "iub" or isinstance(which, tuple):
            raise PositionError(
                f"Dataset: {brief(which)} chooses none of {len(self)} examples. A number, a slice, a list of numbers, or one "
                "truth value per example is expected."
            )
        if numbers.dtype.kind == "b" and len(numbers) != len(self):
            raise PositionError(
                f"Dataset: there are {len(self)} examples and {counted(len(numbers), 'truth value')}, and one per example is expected. Were they "
                "computed from another data set?"
            )
        if numbers.dtype.kind != "b" and len(numbers):
            wrong = numbers[(numbers < -len(self)) | (numbers >= len(self))]
            if len(wrong):
                raise PositionError(
                    f"Dataset: there is no example {wrong[0]}; there are {len(self)}, numbered 0 to {len(self) - 1}."
                )
        return numbers

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
            If the split is stratified and the answers are not classes, or `rng` is not a generator.

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
                f"split: stratified=True needs one class number per example; y has shape {self.y.shape} and type {self.y.dtype}."
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
            Examples per minibatch.
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


def _say_not_finite(letter: str, array: Array) -> str:
    bad = ~np.isfinite(array)
    row = int(np.argmax(bad.reshape(len(array), -1).any(axis=1)))
    number = int(bad.sum())
    return (
        f"Dataset: {letter} holds {number} value{'s' if number > 1 else ''} that {'are' if number > 1 else 'is'} NaN or "
        f"infinite, the first in example {row}. One is enough to turn every weight into NaN. "
        f"Drop or fill them, for example keep = np.isfinite({letter}).reshape(len({letter}), -1).all(axis=1)."
    )
