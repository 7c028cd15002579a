"""A few short questions in a notebook, folded into one line: live by a view of their own, and as HTML and text without a kernel."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from dlcourse.live.jupyter import browser_half, receive_quietly, running_cell, view_bundle

__all__ = ["Asking", "View"]

_alive: dict[str, weakref.ref[Asking]] = {}
"""What each notebook cell asks, so that running it again ends the old one."""


class View(anywidget.AnyWidget):
    """The browser's half; see questions.js.

    Attributes
    ----------
    questions : list of dict
        Each with id, context, asks, choices, answer, why, lesson and file.
    given : dict of str to str
        By id: the choice, or "" for a question that stands on the screen or was skipped.
    title, farewell : str
        The line that is seen first, and the last one.
    """

    _esm = browser_half("page.js", "questions.js")
    _css = browser_half("questions.css")
    questions: Any = traitlets.List().tag(sync=True)
    given: Any = traitlets.Dict().tag(sync=True)
    title: Any = traitlets.Unicode().tag(sync=True)
    farewell: Any = traitlets.Unicode().tag(sync=True)


class Asking:
    """Questions with a few choices each, shown as the last line of a cell.

    Parameters
    ----------
    questions : sequence of mapping
        As `View` has them.
    title, farewell : str
    given : callable
        (id, choice) -> None, called once for each question that is asked, with "", and once when it is answered.
    """

    def __init__(
        self,
        questions: Sequence[Mapping[str, Any]],
        *,
        title: str,
        farewell: str,
        given: Callable[[str, str], None],
    ) -> None:
        self._heard: dict[str, str] = {}
        self._given = given
        self.view: View | None = View(questions=[dict(one) for one in questions], title=title, farewell=farewell)
        self.view.observe(self._hear, "given")
        receive_quietly(self.view.comm)
        cell, _ = running_cell()
        before = _alive.get(cell, lambda: None)()
        if before is not None:
            before.close()
        _alive[cell] = weakref.ref(self)

    def close(self) -> None:
        """Take it off the page, and give back its memory."""
        view, self.view = self.view, None
        if view is not None:
            view.unobserve_all()
            layout = view.layout
            view.close()
            layout.close()

    def bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live view, as Jupyter names it in an output, and what is said about it there; empty once it is closed."""
        return ({}, {}) if self.view is None else view_bundle(self.view)

    def _hear(self, change: Any) -> None:
        for name, choice in change["new"].items():
            if name not in self._heard or (choice and not self._heard[name]):  # an answer counts once
                self._heard[name] = choice
                self._given(name, choice)
