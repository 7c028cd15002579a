"""Watching the validation loss for a new best, and what to do when none comes: OnPlateau lowers the rate."""

from __future__ import annotations

import math
from typing import Any

from dlcourse.calls import explains_its_settings
from dlcourse.errors import ArgumentError, DataError, brief, check_positive, check_whole
from dlcourse.streams import printable

__all__ = ["OnPlateau", "Watcher"]


class Watcher:
    """Base of callbacks that wait for a lower validation loss.

    Parameters
    ----------
    patience : int
        Epochs to wait for a new best.
    least : float
        How much lower counts as a new best.

    Attributes
    ----------
    best : float
        The lowest validation loss.
    waited : int
        Epochs since then.
    """

    def __init__(self, patience: int, least: float = 0.0) -> None:
        owner = type(self).__name__
        self.patience = check_whole(owner, "patience", patience)
        self.least = check_positive(owner, "least", least, zero=True)
        self.best, self.waited = math.inf, 0
        self._goes_on = False

    def before_training(self, training: Any) -> None:
        """Forget what was measured in an earlier training, unless its state was loaded."""
        if not self._goes_on:
            self.best, self.waited = math.inf, 0
        self._goes_on = False

    def improved(self, training: Any) -> bool:
        """Compare the validation loss of the training's last epoch with the best, and say whether it is a new best.

        Raises
        ------
        DataError
            If there is no validation loss.
        """
        if not training.history.validation_loss:
            raise DataError(f"{type(self).__name__}: watches the validation loss, so fit needs validation=... .")
        loss = training.history.validation_loss[-1]
        better = loss < self.best - self.least
        self.best, self.waited = (loss, 0) if better else (self.best, self.waited + 1)
        return better

    def state_dict(self) -> dict[str, Any]:
        """What the next epochs depend on: the best loss so far, and the epochs waited since."""
        return {"rule": type(self).__name__, "best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` returned: the next `fit` goes on waiting where the last one stopped.

        Parameters
        ----------
        state : dict

        Raises
        ------
        ArgumentError
            If it was kept by something else.
        """
        if state.get("rule") != type(self).__name__:
            raise ArgumentError(
                f"{type(self).__name__}: this state was kept by {state.get('rule')}. Give it back to a callback of the same kind."
            )
        self.best, self.waited, self._goes_on = float(state["best"]), int(state["waited"]), True

    def __repr__(self) -> str:
        return printable(f"{type(self).__name__}(patience={self.patience}, least={self.least:g})")


class OnPlateau(Watcher):
    """Lower the rate when the validation loss has not fallen for some epochs; a callback of `fit`.

    A schedule goes on, and what it says is multiplied by the factor.

    Parameters
    ----------
    factor : float between 0 and 1
        What the rate is multiplied by.
    patience : int
        Epochs to wait for a new best.

    Raises
    ------
    ArgumentError
        If a setting is out of range.
    DataError
        In `fit`, if there is no validation set to watch.

    Examples
    --------
    The validation data contradict the training data, so their loss never falls after epoch 1:

    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Dense(1, 1, initializer=dl.initializers.zeros, rng=rng)
    >>> optimizer = dl.SGD(model.parameters(), lr=0.1)
    >>> train, unseen = dl.data.Dataset([[1.0]], [[1.0]]), dl.data.Dataset([[1.0]], [[-1.0]])
    >>> history = dl.fit(model, train, loss=dl.squared_error, optimizer=optimizer, epochs=5, batch_size=1,
    ...                  validation=unseen, callbacks=[dl.OnPlateau(patience=2)], rng=rng)
    >>> history.lr
    [0.1, 0.1, 0.1, 0.05, 0.05]
    """

    def __init__(self, factor: float = 0.5, patience: int = 3) -> None:
        if not check_positive("OnPlateau", "factor", factor) < 1:
            raise ArgumentError(
                f"OnPlateau: factor should be between 0 and 1, not {brief(factor)}; the rate is multiplied by it."
            )
        super().__init__(patience)
        self.factor = float(factor)

    def after_epoch(self, training: Any) -> None:
        """Look at the validation loss of this epoch, and lower the optimizer's rate when patience runs out.

        Parameters
        ----------
        training : Training
            Passed by `fit`.

        Raises
        ------
        DataError
            If there is no validation loss.
        """
        if not self.improved(training) and self.waited >= self.patience:
            self.waited = 0
            training.optimizer.scale_lr(self.factor)

    def __repr__(self) -> str:
        return printable(f"OnPlateau(factor={self.factor:g}, patience={self.patience})")


explains_its_settings(OnPlateau)
