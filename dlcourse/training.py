"""fit: the loop that trains, and the callbacks that may watch it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from dlcourse.activations import sigmoid
from dlcourse.callbacks import Calls, EarlyStopping, Training
from dlcourse.calls import explained
from dlcourse.dataset import Dataset
from dlcourse.errors import DataError, ShapeError, WrongTypeError, a_kind, brief, check_whole
from dlcourse.history import History
from dlcourse.initializers import check_rng
from dlcourse.layers.module import Module, Sequential
from dlcourse.losses import binary_cross_entropy
from dlcourse.metrics import check_model
from dlcourse.objective import check_known
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.progress import progress_bar
from dlcourse.steps import Steps
from dlcourse.tensor import Tensor
from dlcourse.validation import Judge, evaluate

__all__ = ["EarlyStopping", "History", "Training", "evaluate", "fit"]


@explained
def fit(
    model: Any,
    train: Dataset,
    *,
    loss: Callable[[Tensor, Any], Tensor],
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    drop_last: bool = False,
    validation: Dataset | None = None,
    regularizer: Callable[[Any], Tensor] | None = None,
    rng: np.random.Generator,
    callbacks: Iterable[Any] = (),
    progress: bool = True,
) -> History:
    """Train a model: for every minibatch predict, measure the loss, go backward, step.

    Parameters
    ----------
    model : Module
    train : Dataset
    loss : callable
        (prediction, truth) -> scalar tensor, such as `dl.cross_entropy`.
    optimizer : Optimizer
        Made with the model's parameters.
    epochs : int
        How many times every example is used.
    batch_size : int
        Examples per step.
    drop_last : bool
        Whether to leave out the last, smaller minibatch of each epoch, for layers such as `BatchNorm` that cannot learn from
        a remainder of one. Other examples are left out in each epoch.
    validation : Dataset, optional
        Unseen examples, measured after each epoch: the loss, and the accuracy where outputs and answers are classes.
    regularizer : callable, optional
        Penalty on the model, such as `dl.L2(1e-4)`; kept apart in the history.
    rng : numpy Generator
        Shuffles the minibatches.
    callbacks : sequence
        Objects with any of the methods before_training, after_step, after_epoch, after_training, each taking a `Training`;
        a plain function is called after each epoch. An interrupt may call after_training twice.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    History
        Stopping by hand (Ctrl-C, Interrupt) returns it too, without the epoch that was cut short; the model stays usable.

    Raises
    ------
    DivergenceError
        If the loss, its gradient or a weight becomes NaN or infinite. The model keeps the weights and averages it had before.
    GradientError
        If the optimizer does not know all that the model learns with.
    DataError
        If there are no examples.
    WrongTypeError, ArgumentError, ShapeError
        If an argument is of the wrong kind or out of range, or the loss is not one number.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> moons = dl.data.moons(100, rng=rng)
    >>> model = dl.Sequential(dl.Dense(2, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 2, rng=rng))
    >>> history = dl.fit(model, moons, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), lr=0.1),
    ...                  epochs=20, batch_size=10, rng=rng)
    >>> len(history), history.loss[-1] < history.loss[0] / 2, dl.accuracy(model, moons) > 0.9
    (20, True, True)
    """
    _check_fit(model, train, validation, loss, optimizer)
    if regularizer is not None and (not callable(regularizer) or isinstance(regularizer, type)):
        raise WrongTypeError(f"fit: regularizer should be made first, such as dl.L2(1e-4), not {brief(regularizer)}.")
    check_rng("fit", rng)
    epochs = check_whole("fit", "epochs", epochs)
    batches = train.batches(batch_size, rng=rng, drop_last=drop_last)
    training = Training(model, optimizer, History(), epochs)
    calls = Calls(callbacks)
    judge = Judge(model, loss, [train.y] if validation is None else [train.y, validation.y])
    steps = Steps(training, loss, regularizer, calls, judge.look)
    start = time.perf_counter()
    if isinstance(model, Module):
        model.train()
    calls("before_training", training)
    # A loss that is not a number is found at once and explained; NumPy's warnings would come on top.
    quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")
    try:
        with progress_bar(epochs * len(batches), show=progress) as bar, quiet:
            for _ in range(epochs):
                numbers = steps.epoch(batches, bar)
                if validation is not None:
                    numbers |= judge.measured(validation)
                training.history.add(**numbers)
                calls("after_epoch", training)
                bar.say(_status(training.history))
                if training.stop:
                    training.history.stopped = training.stop
                    break
    except KeyboardInterrupt:
        training.history.interrupted = True
    _finish(calls, training)
    training.history.seconds = time.perf_counter() - start
    return training.history


def _finish(calls: Calls, training: Training) -> None:
    """Callbacks put back what they have kept; if an interrupt cuts that short, once more from its beginning."""
    try:
        calls("after_training", training)
    except KeyboardInterrupt:
        training.history.interrupted = True
        calls("after_training", training)


def _status(history: History) -> str:
    text = f"loss {history.loss[-1]:.4f}"
    if history.validation_accuracy:
        text += f", validation accuracy {history.validation_accuracy[-1]:.3f}"
    return text


def _check_fit(model: Any, train: Any, validation: Any, loss: Any, optimizer: Any) -> None:
    check_model("fit", model)
    for name, data in (("train", train), ("validation", validation)):
        if data is None and name == "validation":
            continue
        if not isinstance(data, Dataset):
            raise WrongTypeError(
                f"fit: {name} should be a dl.data.Dataset(x, y), not {brief(data) if not isinstance(data, (tuple, list)) else a_kind(data)}."
            )
        if not len(data):
            raise DataError(f"fit: the {name} set is empty. Was everything given to another part of the split?")
    if validation is not None and validation.x.shape[1:] != train.x.shape[1:]:
        raise ShapeError(
            f"fit: an example has shape {train.x.shape[1:]} in train, but {validation.x.shape[1:]} in validation."
        )
    if isinstance(optimizer, type) or not isinstance(optimizer, Optimizer):
        raise WrongTypeError(
            f"fit: optimizer should be made first, such as dl.Adam(model.parameters(), 1e-3), not {brief(optimizer)}."
        )
    if not callable(loss):
        raise WrongTypeError(f"fit: loss should be a function such as dl.cross_entropy, not {brief(loss)}.")
    if isinstance(model, Module):
        check_known("fit", model.named_parameters(), optimizer.parameters)
    last = model.layers[-1] if isinstance(model, Sequential) and len(model) else None
    if loss is binary_cross_entropy and getattr(last, "activation", None) is sigmoid:
        raise WrongTypeError(
            "fit: the last layer applies sigmoid already, and binary_cross_entropy applies it itself. Leave the sigmoid "
            "out of the layer: logits are expected."
        )
