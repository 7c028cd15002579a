"""fit: the loop that trains, and the callbacks that may watch it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.activations import sigmoid
from dlcourse.arrays import Array
from dlcourse.calls import call_user_function, explained, explains_its_settings
from dlcourse.data.dataset import Dataset
from dlcourse.errors import DataError, GradientError, ShapeError, WrongTypeError, brief, check_positive, check_whole
from dlcourse.history import History
from dlcourse.initializers import check_rng
from dlcourse.layers.module import Module, Sequential
from dlcourse.losses import binary_cross_entropy
from dlcourse.metrics import check_model, class_numbers, predict, predicted_classes, predicting
from dlcourse.optimizers.optimizer import Optimizer
from dlcourse.progress import progress_bar
from dlcourse.tensor import Tensor

__all__ = ["EarlyStopping", "History", "Training", "evaluate", "fit"]


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


_LOSS = "the loss is called as loss(prediction, truth)."


@explained
def fit(
    model: Any,
    train: Dataset,
    *,
    loss: Callable[[Tensor, Any], Tensor],
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
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
        How often every example is used.
    batch_size : int
        Examples a step.
    validation : Dataset, optional
        Unseen examples, measured after each epoch.
    regularizer : callable, optional
        Penalty on the model, such as `dl.L2(1e-4)`; kept apart in the history.
    rng : numpy Generator
        Shuffles the minibatches.
    callbacks : sequence
        Objects with any of the methods before_training, after_step, after_epoch, after_training, each taking a `Training`;
        a plain function is called after each epoch.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    History
        Stopping by hand (Ctrl-C, Interrupt) returns it too; the model stays usable.

    Raises
    ------
    GradientError
        If the loss becomes NaN or infinite (the model keeps the weights it had before), or the optimizer does not know
        all of the model's parameters.
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
    batches = train.batches(batch_size, rng=rng)
    training = Training(model, optimizer, History(), epochs)
    calls = _Calls(callbacks)
    start = time.perf_counter()
    if isinstance(model, Module):
        model.train()
    calls("before_training", training)
    # A loss that is no number is found at once and explained; NumPy's warnings would come on top.
    quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")
    with progress_bar(epochs * len(batches), show=progress) as bar, quiet:
        try:
            for _ in range(epochs):
                _one_epoch(training, batches, loss, regularizer, calls, bar)
                if validation is not None:
                    _validate(training, validation, loss)
                calls("after_epoch", training)
                bar.say(_status(training.history))
                if training.stop:
                    training.history.stopped = training.stop
                    break
        except KeyboardInterrupt:
            training.history.interrupted = True
    calls("after_training", training)
    training.history.seconds = time.perf_counter() - start
    return training.history


def _one_epoch(training: Training, batches: Any, loss: Any, regularizer: Any, calls: _Calls, bar: Any) -> None:
    model, optimizer, history = training.model, training.optimizer, training.history
    after_step = calls.wanted("after_step")
    error_sum, penalty_sum, examples, steps = 0.0, 0.0, 0, 0
    kind = optimizer.parameters[0].dtype
    training.epoch += 1
    for x, y in batches:
        rate = optimizer.lr
        optimizer.zero_grad()
        prediction = _checked_output(model(Tensor(x)))
        error = call_user_function("fit", _LOSS, loss, prediction, _cast(y, kind))
        value = _checked_loss(error)
        if regularizer is None:
            total, penalty = error, 0.0
        else:
            extra = regularizer(model)
            total, penalty = error + extra, extra.item()
        if not math.isfinite(value + penalty):
            raise _diverged(training, value, rate)
        total.backward()
        optimizer.step()
        error_sum += value * len(x)
        penalty_sum += penalty
        examples += len(x)
        steps += 1
        training.step += 1
        history.batch_losses.append(value)
        if after_step:
            calls("after_step", training)
        bar.advance()
    history.loss.append(error_sum / examples)
    history.regularization.append(penalty_sum / steps)
    history.lr.append(rate)


def _checked_output(output: Any) -> Tensor:
    if not isinstance(output, Tensor):
        forgotten = " Did forward forget its return?" if output is None else ""
        raise WrongTypeError(f"fit: the model should return a tensor, not {brief(output)}.{forgotten}")
    return output


def _checked_loss(error: Any) -> float:
    if not isinstance(error, Tensor):
        raise WrongTypeError(
            f"fit: the loss should be a tensor, computed from the prediction by operations of dlcourse, not {brief(error)}. "
            "From .data or by NumPy's functions there is no way back to the weights."
        )
    if error.size != 1:
        raise ShapeError(
            f"fit: the loss should be one number, this one has shape {error.shape}. Average over the batch, with .mean()."
        )
    return error.item()


def _cast(y: Array, kind: Any) -> Array:
    """Measured answers in the type of the parameters; labels as they are."""
    return y.astype(kind) if y.dtype.kind == "f" and y.dtype != kind else y


def _diverged(training: Training, value: float, rate: float) -> GradientError:
    error = GradientError(
        f"fit: the loss became {value:g} in epoch {training.epoch}, step {training.step + 1}. Usually the learning rate is too "
        f"large (it is {rate:g}; try a tenth), or the inputs are unscaled. The weights of before this step are kept."
    )
    error.add_note("What happened before is in this error's .history.")
    error.history = training.history  # type: ignore[attr-defined]
    return error


def evaluate(model: Any, data: Dataset, loss: Callable[[Tensor, Any], Tensor]) -> tuple[float, float | None]:
    """Return the loss over a data set, and the accuracy (None where y holds no classes).

    Parameters
    ----------
    model : callable
    data : Dataset
    loss : callable
        (prediction, truth) -> scalar tensor.

    Examples
    --------
    >>> import dlcourse as dl
    >>> loss, share = evaluate(lambda x: x, dl.data.Dataset([[2.0, 0.0], [0.0, 2.0]], [0, 0]), dl.cross_entropy)
    >>> round(loss, 3), share
    (1.127, 0.5)
    """
    outputs = predict(model, data)
    with predicting(model):
        value = loss(Tensor(outputs), _cast(data.y, outputs.dtype)).item()
    truth, guess = class_numbers(data.y), predicted_classes(outputs)
    if truth is None or guess.shape != truth.shape:
        return value, None
    return value, float((guess == truth).mean())


def _validate(training: Training, validation: Dataset, loss: Any) -> None:
    value, share = evaluate(training.model, validation, loss)
    training.history.validation_loss.append(value)
    if share is not None:
        training.history.validation_accuracy.append(share)


def _status(history: History) -> str:
    text = f"loss {history.loss[-1]:.4f}"
    if history.validation_accuracy:
        text += f", validation accuracy {history.validation_accuracy[-1]:.3f}"
    return text


class _Calls:
    """The callbacks, asked by the name of the moment."""

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

    def wanted(self, moment: str) -> bool:
        return any(hasattr(callback, moment) for callback in self.callbacks)

    def __call__(self, moment: str, training: Training) -> None:
        for callback in self.callbacks:
            method = getattr(callback, moment, None)
            if method is not None:
                method(training)
            elif moment == "after_epoch" and callable(callback):
                call_user_function("fit", "a callback is called as callback(training).", callback, training)


class EarlyStopping:
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
        self.patience = check_whole("EarlyStopping", "patience", patience)
        self.least = check_positive("EarlyStopping", "least", least, zero=True)
        self.best, self.best_epoch, self.weights = math.inf, 0, []  # type: tuple[float, int, list[Array]]

    def before_training(self, training: Training) -> None:
        """Forget what was kept from an earlier training."""
        self.best, self.best_epoch, self.weights = math.inf, 0, []

    def after_epoch(self, training: Training) -> None:
        """Compare this epoch's validation loss with the best; ask the training to stop when patience is over.

        Raises
        ------
        DataError
            If there is no validation loss.
        """
        if not training.history.validation_loss:
            raise DataError("EarlyStopping: watches the validation loss, so fit needs validation=... .")
        loss = training.history.validation_loss[-1]
        if loss < self.best - self.least:
            self.best, self.best_epoch = loss, training.epoch
            self.weights = [array.copy() for array in _arrays(training.model)]
        elif training.epoch - self.best_epoch >= self.patience:
            training.stop = f"validation loss was best in epoch {self.best_epoch}"

    def after_training(self, training: Training) -> None:
        """Put the best weights back into the model of this training."""
        if self.weights:
            for array, best in zip(_arrays(training.model), self.weights, strict=True):
                array[...] = best


explains_its_settings(EarlyStopping)


def _arrays(model: Any) -> list[Array]:
    """Everything that training changes in a model."""
    buffers = model.named_buffers().values() if isinstance(model, Module) else ()
    return [p.data for p in model.parameters()] + list(buffers)


def _check_fit(model: Any, train: Any, validation: Any, loss: Any, optimizer: Any) -> None:
    check_model("fit", model)
    for name, data in (("train", train), ("validation", validation)):
        if data is None and name == "validation":
            continue
        if not isinstance(data, Dataset):
            raise WrongTypeError(
                f"fit: {name} should be a dl.data.Dataset(x, y), not {brief(data) if not isinstance(data, (tuple, list)) else type(data).__name__}."
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
        _check_known(model, optimizer)
    last = model.layers[-1] if isinstance(model, Sequential) and len(model) else None
    if loss is binary_cross_entropy and getattr(last, "activation", None) is sigmoid:
        raise WrongTypeError(
            "fit: the last layer applies sigmoid already, and binary_cross_entropy applies it itself. Leave the sigmoid "
            "out of the layer: logits are wanted."
        )


def _check_known(model: Module, optimizer: Optimizer) -> None:
    known = {id(p) for p in optimizer.parameters}
    named = model.named_parameters()
    strangers = [name for name, p in named.items() if id(p) not in known and p.requires_grad]
    if not named:
        raise GradientError(
            "fit: the model has no parameters, so there is nothing to learn. Does it hold its layers as attributes?"
        )
    if not any(p.requires_grad for p in named.values()):
        raise GradientError(
            "fit: every parameter of the model is frozen, requires_grad is False, so there is nothing to learn."
        )
    if strangers:
        raise GradientError(
            f"fit: the optimizer does not know the model's {', '.join(strangers)}. Was a layer replaced or added after the "
            "optimizer was made? Make it again: optimizer = dl.Adam(model.parameters(), ...)."
        )
