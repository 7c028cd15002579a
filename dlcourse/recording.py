"""no_grad, the switch that says whether operations remember how their results were computed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["is_recording", "no_grad"]

_recording = True


def is_recording() -> bool:
    """Whether results remember how they were computed."""
    return _recording


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without remembering: results have no parents, and `backward` is not possible through them.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, 2.0])
    >>> with no_grad():
    ...     print((w * 2).requires_grad)
    False
    """
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before
