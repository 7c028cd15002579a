"""A progress bar: tqdm on a terminal, a small widget in a notebook, nothing where nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dlcourse.meanwhile import Meanwhile
from dlcourse.streams import printable

__all__ = ["Silent", "progress_bar", "unseen"]

SECONDS_BETWEEN = 0.1


class unseen(Meanwhile):
    """A block in which no bar is shown: many runs at once would show one each.

    Examples
    --------
    >>> with unseen(), progress_bar(2) as bar:
    ...     type(bar).__name__
    'Silent'
    """


class Silent:
    """A bar that shows nothing."""

    def advance(self) -> None:
        """One step is done."""

    def say(self, text: str) -> None:
        """Show a few words beside the bar."""

    def close(self) -> None:
        """No more steps will come."""


class _Terminal(Silent):
    def __init__(self, total: int) -> None:
        from tqdm import tqdm

        self.bar: Any = tqdm(total=total, leave=True, unit="step", mininterval=SECONDS_BETWEEN)

    def advance(self) -> None:
        self.bar.update()

    def say(self, text: str) -> None:
        self.bar.set_postfix_str(printable(text), refresh=False)

    def close(self) -> None:
        self.bar.close()


class _Notebook(Silent):
    def __init__(self, total: int) -> None:
        from dlcourse.live.progress import Bar

        self.bar = Bar(total)
        self.done, self.text, self.shown = 0, "", time.perf_counter()

    def advance(self) -> None:
        self.done += 1
        now = time.perf_counter()
        if now - self.shown >= SECONDS_BETWEEN:
            self.shown = now
            self.bar.show(self.done, self.text)

    def say(self, text: str) -> None:
        self.text = text

    def close(self) -> None:
        self.bar.show(self.done, self.text)


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel."""
    if "ipykernel" not in sys.modules or "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")


@contextmanager
def progress_bar(total: int, *, show: bool = True) -> Iterator[Silent]:
    """A bar of `total` steps, closed at the end.

    Parameters
    ----------
    total : int
    show : bool
        Whether somebody should see it; it stays silent anyway where there is neither notebook nor terminal, and when `unseen`.

    Examples
    --------
    >>> with progress_bar(2, show=False) as bar:
    ...     bar.advance()
    ...     bar.say("loss 0.5")
    """
    bar: Silent
    show = show and not unseen.running()
    if show and in_notebook():
        bar = _Notebook(total)
    elif show and sys.stderr is not None and sys.stderr.isatty():
        bar = _Terminal(total)
    else:
        bar = Silent()
    try:
        yield bar
    finally:
        bar.close()
