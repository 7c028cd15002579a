"""Batches: the examples of a data set, dealt out in minibatches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import explains_its_settings
from dlcourse.errors import ArgumentError, DataError, WrongTypeError, check_whole, counted
from dlcourse.initializers import check_rng
from dlcourse.streams import printable

__all__ = ["Batches"]


class Batches:
    """The minibatches of a data set: iterate over it for pairs (x, y); `len` is their number.

    Parameters
    ----------
    data : Dataset
    batch_size : int
        Examples per minibatch; the last one may be smaller.
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
    >>> from dlcourse.data import Dataset
    >>> batches = Dataset(np.arange(5.0)[:, None], [0, 1, 0, 1, 0]).batches(2)
    >>> len(batches)
    3
    >>> for x, y in batches:
    ...     print(x.ravel(), y)
    [0. 1.] [0 1]
    [2. 3.] [0 1]
    [4.] [0]
    """

    def __init__(self, data: Any, batch_size: int, rng: np.random.Generator | None, drop_last: bool) -> None:
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

    def __repr__(self) -> str:
        return printable(f"<{counted(len(self.data), 'example')} in batches of {self.batch_size}>")

    def __len__(self) -> int:
        full, rest = divmod(len(self.data), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __next__(self) -> NoReturn:
        raise WrongTypeError("batches: the first minibatch is next(iter(batches)); each loop over them begins anew.")

    def __getitem__(self, which: Any) -> NoReturn:
        raise WrongTypeError(
            "batches: they are dealt out in a loop, for x, y in batches, and have no numbers. next(iter(batches)) is the first."
        )

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


explains_its_settings(Batches)
