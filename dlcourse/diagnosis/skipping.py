"""Skipped: what a check raises when it cannot look."""

from __future__ import annotations

__all__ = ["Skipped"]


class Skipped(Exception):
    """A check cannot look, and says why.

    Examples
    --------
    >>> str(Skipped("no optimizer was given"))
    'no optimizer was given'
    """
