"""Ctrl-C at every line that is executed: modes, weights, averages, recording, generators and lists are as they should be after each."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

import dlcourse as dl
from dlcourse import landscape
from dlcourse.callbacks import Calls, EarlyStopping, Training
from dlcourse.live import style
from dlcourse.recording import is_recording
from dlcourse.training import _finish
from dlcourse.validation import evaluate
from dlcourse.widgets.backpropagation.graph import named_graph
from dlcourse.widgets.when_things_get_intense import numbers

PACKAGE = str(Path(dl.__file__).parent)


class Lines:
    """Counts the lines that are executed in the package, or interrupts at one of them: (file, line, how often it was there)."""

    def __init__(self, stop=None):
        self.stop, self.counts, self.stopped = stop, Counter(), False

    def trace(self, frame, event, arg):
        if not self.is_followed(frame.f_code):
            return None
        if event == "line":
            place = frame.f_code.co_filename, frame.f_lineno
            self.counts[place] += 1
            if self.stop == (*place, self.counts[place]):
                self.stopped = True
                raise KeyboardInterrupt
        return self.trace

    def is_followed(self, code):
        """Whether lines of a function count: those of the package, or of what holds the one line to stop at."""
        if self.stop is None:
            return code.co_filename.startswith(PACKAGE)
        return code.co_filename == self.stop[0] and self.stop[1] in lines_of(code)

    def run(self, function):
        before = sys.gettrace()
        sys.settrace(self.trace)
        try:
            return next(alone(function))
        finally:
            sys.settrace(before)


@functools.cache
def lines_of(code):
    """The numbers of the lines of a function."""
    return {line for _, _, line in code.co_lines()}


def alone(function):
    """Python 3.11 forgets to take an error off its stack when a trace interrupts an `except`; a generator has its own stack."""
    yield function()


@pytest.fixture(autouse=True)
def no_error_is_left_on_the_stack():
    yield
    assert sys.exception() is None


class Setting:
    """A model with everything that has modes or is kept, data, an optimizer, and what they are like."""

    def __init__(self):
        self.rng = rng = np.random.default_rng(0)
        self.model = dl.Sequential(
            dl.Dense(2, 4, activation=dl.tanh, rng=rng), dl.BatchNorm(4), dl.Dropout(0.5, rng=rng), dl.Dense(4, 2, rng=rng),
        )  # fmt: skip
        self.model[2].eval()  # one that predicts while the others train
        self.frozen = self.model[3].bias
        self.frozen.data[...] = 1
        self.optimizer = dl.AdamW(
            self.model.parameters(), 0.1, weight_decay=0.5, biases=True
        )  # moves what is frozen, too
        self.frozen.requires_grad = False
        self.train, self.unseen = dl.data.moons(12, rng=rng), dl.data.moons(6, rng=rng)

    def modes(self):
        return [module.training for module in self.model.modules()]

    def numbers(self):
        arrays = [p.data for p in self.model.parameters()] + list(self.model.named_buffers().values())
        return [array.tobytes() for array in arrays]

    def whole(self):
        parameters = [(id(p), p.grad is None, p.requires_grad) for p in self.model.parameters()]
        state = {name: np.asarray(value).tolist() for name, value in self.optimizer.state_dict().items()}
        return self.modes(), self.numbers(), parameters, repr(state), repr(self.rng.bit_generator.state)


def predict(s):
    dl.predict(s.model, s.train.x, batch_size=7)


def accuracy(s):
    dl.accuracy(s.model, s.train)
    dl.confusion_matrix(s.model, s.train)


def evaluation(s):
    evaluate(s.model, s.unseen, dl.cross_entropy)


def random_slice(s):
    dl.random_slice(s.model, s.train, loss=dl.cross_entropy, points=3, rng=np.random.default_rng(1))


def as_function(s):
    f, w = landscape.as_function(s.model, s.train, loss=dl.cross_entropy)
    dl.gradient(f, w)


def find_lr(s):
    dl.find_lr(s.model, s.train, loss=dl.cross_entropy, optimizer=s.optimizer, batch_size=6, rng=s.rng, steps=10)


def summary(s):
    s.model.summary((2,))


def no_grad(s):
    with dl.no_grad():
        s.model[0](s.train.x)


def places(action):
    """Each line of an action, the first and the last time that it is executed."""
    lines = Lines()
    s = Setting()
    lines.run(lambda: action(s))
    return [(*place, number) for place, count in lines.counts.items() for number in sorted({1, count})]


@pytest.mark.parametrize(
    "action", [predict, accuracy, evaluation, random_slice, as_function, find_lr, summary, no_grad]
)
def test_an_interrupt_at_any_line_leaves_everything_as_it_was(action):
    stops, hits = places(action), 0
    s = Setting()
    before = s.whole()
    for stop in stops:
        lines = Lines(stop)
        try:
            lines.run(lambda: action(s))
        except KeyboardInterrupt:  # while it is still on its way: nothing is put back by chance later
            assert s.whole() == before and is_recording(), stop
            hits += 1
    assert hits > max(10, 0.9 * len(stops))  # a cache may spare a line the second time


def trained(s, watched):
    return dl.fit(
        s.model, s.train, loss=dl.cross_entropy, optimizer=s.optimizer, epochs=2, batch_size=6, validation=s.unseen, rng=s.rng,
        regularizer=dl.L2(1e-3), callbacks=[watched, EarlyStopping(1), dl.MaxNorm(10.0)],
    )  # fmt: skip


class Watched:
    """A callback that keeps what there is to look at after an interrupt."""

    training = None

    def before_training(self, training):
        self.training = training

    def after_step(self, training):
        """Here to be called after each step."""


def lengths(history):
    lists = [history.loss, history.regularization, history.lr, history.validation_loss, history.validation_accuracy]
    return {len(numbers) for numbers in lists}


def test_fit_that_is_interrupted_at_any_line_leaves_a_model_and_a_history_to_go_on_with():
    def action(s):
        trained(s, Watched())

    returned, drawn = 0, set()
    for stop in places(action):
        s = Setting()
        watched, frozen, history = Watched(), s.frozen.data.copy(), None
        begun = s.modes()
        try:
            lines = Lines(stop)
            history = lines.run(lambda s=s, watched=watched: trained(s, watched))
            assert history.interrupted == lines.stopped, stop
            returned += lines.stopped
        except KeyboardInterrupt:
            assert is_recording()
        assert is_recording(), stop
        assert all(now or not was for now, was in zip(s.modes(), begun, strict=True)), stop  # fit switches to training
        assert np.array_equal(s.frozen.data, frozen), stop
        assert all(np.isfinite(p.data).all() for p in s.model.parameters()), stop
        if watched.training is not None:
            history = watched.training.history
            assert len(lengths(history)) == 1, stop
            assert history.total is not None and repr(history)
            state = repr(history), len(history.loss)
            if state not in drawn:  # a picture takes longer than all the rest
                history.plot(Figure().subplots())
                drawn.add(state)
    assert returned > 100


def test_early_stopping_puts_all_of_the_best_weights_back_or_none():
    s = Setting()
    early, training = EarlyStopping(), Training(s.model, s.optimizer, dl.History(validation_loss=[1.0]), 1)
    early.after_epoch(training)
    best = s.numbers()

    def action(s):
        _finish(Calls([early]), training)

    stops = places(action)
    outcomes = Counter()
    for stop in stops:
        for array in training.arrays():
            array += 1
        last = s.numbers()
        try:
            Lines(stop).run(lambda: action(s))
        except KeyboardInterrupt:
            outcomes["not caught"] += 1
        assert s.numbers() in (best, last), stop
        outcomes["best" if s.numbers() == best else "last"] += 1
    assert outcomes["best"] > 0.8 * len(stops) and len(stops) > 10


def drawing(s):
    style.themed(True, lambda: Figure(figsize=(1, 1)).subplots())


def a_learners_graph(s):
    named_graph(s.loss, {"w": s.model[0].weight})


def quotients(s):
    model = s.plain
    numbers._quotients(model, s.train.x[0], (0, 1, 1), 0, 0.01)


@pytest.mark.parametrize("action", [drawing, a_learners_graph, quotients])
def test_what_pictures_and_widgets_change_for_a_while_is_as_it_was(action):
    s = Setting()
    s.plain = dl.Sequential(dl.Dense(2, 3, activation=dl.tanh, rng=s.rng), dl.Dense(3, 1, rng=s.rng))
    s.loss = dl.cross_entropy(s.model(s.train.x), s.train.y)
    s.loss.backward()

    def whole():
        gradients = [(p.name, None if p.grad is None else p.grad.tobytes()) for p in s.model.parameters()]
        weights = [p.data.tobytes() for p in s.plain.parameters()]
        return gradients, s.loss.name, s.loss.grad, weights, dict(rcParams), style.is_dark()

    lines = Lines()
    lines.run(lambda: action(s))
    before = whole()
    for place, count in lines.counts.items():
        for number in {1, count}:
            try:
                Lines((*place, number)).run(lambda: action(s))
            except KeyboardInterrupt:
                assert whole() == before, (place, number)
