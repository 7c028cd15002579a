"""The progress bar of `fit` in a notebook. Its text alternative never changes, so a notebook test sees no difference."""

from __future__ import annotations

from typing import Any

__all__ = ["Bar"]

TEXT = "Progress of the training"


class Bar:
    """A bar with a few words beside it, shown at once.

    Parameters
    ----------
    total : int
        Steps until it is full.
    """

    def __init__(self, total: int) -> None:
        import ipywidgets
        from IPython.display import display

        self.total = total
        self.bar: Any = ipywidgets.FloatProgress(0.0, min=0.0, max=1.0, layout={"width": "40%"}, tooltip=TEXT)
        self.words: Any = ipywidgets.Label("")
        box = ipywidgets.HBox([self.bar, self.words])
        # The plain text of a widget is its repr, which would change from run to run.
        view = {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": box.model_id,
            }
        }
        alone = {"dlcourse": {"stands_alone": True}}  # the words are saved without the bar: see canvas.js
        display({**view, "text/plain": TEXT}, raw=True, metadata=alone)  # type: ignore[no-untyped-call]
        self.box = box

    def show(self, done: int, text: str) -> None:
        """Move the bar to `done` steps and write the words beside it."""
        self.bar.value = done / self.total
        self.words.value = f"{done / self.total:.0%}  {text}"
