"""What may watch a training: what a callback gets to see, how it is called, and EarlyStopping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import call_user_function, explains_its_settings
from dlcourse.errors import ArgumentError, WrongTypeError, brief
from dlcourse.history import History
from dlcourse.layers.module import Module
from dlcourse.meanwhile import restored
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.optimizers.plateau import Watcher

__all__ = ["Calls", "EarlyStopping", "Training"]


@dataclass
class Training:
    """A training in progress, as a callback sees it; setting `stop` to a reason ends it after this epoch.

    Attributes
    ----------
    model, optimizer, history
        What `fit` works on.
    epochs : int
        How many were asked for.
    epoch, step : int
        Epochs begun, and steps made.
    stop : str
        "" to go on; anything else is kept as `history.stopped`.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> def enough(training):
    ...     if training.epoch == 3:
    ...         training.stop = "three are enough"
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Dense(2, 2, rng=rng)
    >>> history = dl.fit(model, dl.data.moons(20, rng=rng), loss=dl.cross_entropy, epochs=10, batch_size=10,
    ...                  optimizer=dl.SGD(model.parameters(), lr=0.1), callbacks=[enough], rng=rng)
    >>> len(history), history.stopped
    (3, 'three are enough')
    """

    model: Any
    optimizer: Optimizer
    history: History
    epochs: int
    epoch: int = 0
    step: int = 0
    stop: str = ""

    def arrays(self) -> list[Array]:
        """Everything that the training changes in the model: the optimizer's parameters, and what layers keep besides."""
        buffers = self.model.named_buffers().values() if isinstance(self.model, Module) else ()
        return [p.data for p in self.optimizer.parameters] + list(buffers)


class Calls:
    """The callbacks, called by the name of the moment."""

    MOMENTS = ("before_training", "after_step", "after_epoch", "after_training")

    def __init__(self, callbacks: Any) -> None:
        many = isinstance(callbacks, Iterable) and not isinstance(callbacks, str)
        self.callbacks = list(callbacks) if many else [callbacks]
        for callback in self.callbacks:
            if isinstance(callback, type):
                raise WrongTypeError(
                    f"fit: a callback should be made first, such as {callback.__name__}(), and this is {brief(callback)}."
                )
            if not callable(callback) and not any(hasattr(callback, moment) for moment in self.MOMENTS):
                raise WrongTypeError(
                    f"fit: a callback is a function of the training, or has one of {', '.join(self.MOMENTS)}; not {brief(callback)}."
                )

    def has(self, moment: str) -> bool:
        """Whether any callback has such a method."""
        return any(hasattr(callback, moment) for callback in self.callbacks)

    def __call__(self, moment: str, training: Training) -> None:
        for callback in self.callbacks:
            method = getattr(callback, moment, None)
            if method is not None:
                method(training)
            elif moment == "after_epoch" and callable(callback):
                call_user_function("fit", "a callback is called as callback(training).", callback, training)


class EarlyStopping(Watcher):
    """End training when the validation loss has not fallen for some epochs, and go back to the best weights.

    Parameters
    ----------
    patience : int
        Epochs to wait for a new best.
    least : float
        How much lower counts as a new best.

    Attributes
    ----------
    best, best_epoch
        The lowest validation loss, and when it was measured.

    Raises
    ------
    ArgumentError
        If patience is less than 1, or `least` is negative.
    DataError
        In `fit`, if there is no validation set to watch.

    References
    ----------
    Prechelt (1998), “Early Stopping – But When?”.

    Examples
    --------
    The validation data contradict the training data, so epoch 1 is the best:

    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> model = dl.Dense(1, 1, initializer=dl.initializers.zeros, rng=rng)
    >>> train, unseen = dl.data.Dataset([[1.0]], [[1.0]]), dl.data.Dataset([[1.0]], [[-1.0]])
    >>> history = dl.fit(model, train, loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), lr=0.1), epochs=50,
    ...                  batch_size=1, validation=unseen, callbacks=[dl.EarlyStopping(patience=3)], rng=rng)
    >>> len(history), history.stopped
    (4, 'validation loss was best in epoch 1')
    """

    def __init__(self, patience: int = 5, *, least: float = 0.0) -> None:
        super().__init__(patience, least)
        self.best_epoch, self.weights = 0, []  # type: tuple[int, list[Array]]

    def before_training(self, training: Training) -> None:
        """Forget what was kept from an earlier training, unless its state was loaded.

        Raises
        ------
        ArgumentError
            If the state belongs to another model.
        """
        shapes = [array.shape for array in training.arrays()]
        if not self._goes_on:
            self.weights = []
        elif self.weights and [array.shape for array in self.weights] != shapes:
            raise ArgumentError(
                "EarlyStopping: the best weights that were loaded have other shapes than this model's. Load the state that was "
                "kept with this model."
            )
        self.best_epoch = 0
        super().before_training(training)

    def after_epoch(self, training: Training) -> None:
        """Compare this epoch's validation loss with the best; ask the training to stop when patience runs out.

        Raises
        ------
        DataError
            If there is no validation loss.
        """
        if self.improved(training):
            self.best_epoch, self.weights = training.epoch, [array.copy() for array in training.arrays()]
        elif self.waited >= self.patience:
            when = f"in epoch {self.best_epoch}" if self.best_epoch else "before this training"
            training.stop = f"validation loss was best {when}"

    def after_training(self, training: Training) -> None:
        """Put the best weights back into the model of this training."""
        if self.weights:
            restored(lambda: None, lambda: self._put_back(training.arrays()))

    def _put_back(self, arrays: list[Array]) -> None:
        for array, best in zip(arrays, self.weights, strict=True):
            array[...] = best

    def state_dict(self) -> dict[str, Any]:
        """What the next epochs depend on: the best loss so far, the epochs waited since, and copies of the best weights."""
        return super().state_dict() | {f"weights.{i}": array.copy() for i, array in enumerate(self.weights)}

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
        number = sum(name.startswith("weights.") for name in state)
        weights = [np.array(state[f"weights.{i}"]) for i in range(number)]
        super().load_state_dict(state)
        self.weights = weights


explains_its_settings(Training)
explains_its_settings(EarlyStopping)
