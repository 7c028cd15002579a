"""Training or predicting: blocks during which models predict."""

from __future__ import annotations

from typing import Any

from dlcourse.meanwhile import Meanwhile
from dlcourse.recording import no_grad

__all__ = ["evaluating", "predicting"]


class evaluating(Meanwhile):  # read as `with evaluating(model):`
    """While the block runs, models predict, and every module in them; plain functions stay as they are."""

    def __init__(self, *models: Any) -> None:
        modules = [module for model in models if hasattr(model, "modules") for module in model.modules()]
        self.modes = {id(module): (module, {"training": False}) for module in modules}


class predicting(evaluating, no_grad):
    """Switch models to prediction, without a record for `backward`; afterwards they are what they were."""
