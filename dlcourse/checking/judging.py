"""Look at a network that an answer has trained on digits: how good it is on unseen ones, and if not good enough, why."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.checking.comparing import shown
from dlcourse.checking.running import Case

__all__ = ["deal", "learned", "look", "operations", "reads_digits"]


@functools.cache
def deal(seed: int) -> tuple[Any, Any, Any]:
    """Digits to train on, to validate with, and to test with: 70 %, 10 % and 20 %."""
    parts = dl.data.digits().split(0.7, 0.1, 0.2, rng=np.random.default_rng(seed), stratified=True)
    return parts[0], parts[1], parts[2]


def reads_digits(
    seed: int, goal: float, wiring: Callable[[set[str]], str], budget: int | None = None
) -> dict[str, Any]:
    """What every exercise needs in which a network is trained on digits: cases, what is measured, and what is looked at.

    Parameters
    ----------
    goal : the share of unseen digits that must be right
    wiring : takes the names of the operations in the network, gives what is wrong with them, or ""
    budget : how many numbers it may learn; None for any number
    """

    def cases() -> list[Case]:
        train, validation, _ = deal(seed)
        return [(train, validation, np.random.default_rng(seed))]

    def diagnose(model: Any, *_: Any) -> str:
        return wiring(operations(model)) or _costs(model, budget) or look(model, seed, goal, budget)

    def measure(model: Any, *_: Any) -> bool:
        return dl.accuracy(model, deal(seed)[2]) >= goal

    return {"cases": cases, "measure": measure, "diagnose": diagnose, "goal": True}


def operations(model: Any) -> set[str]:
    """The names of all operations that a model uses on a digit, whatever it is made of; none if it cannot take one."""
    return {tensor.op for tensor in _graph(model)}


def learned(model: Any) -> int:
    """How many numbers of a model are learned, whatever it is made of; 0 if it cannot take a digit."""
    return sum(tensor.size for tensor in _graph(model) if tensor.requires_grad and not tensor.parents)


def _graph(model: Any) -> list[Any]:
    """All tensors between a digit and what a model says of it; none if it cannot take one."""
    try:
        waiting = [model(dl.Tensor(deal(0)[0].x[:1]))]
        done: dict[int, Any] = {}
        while waiting:
            tensor = waiting.pop()
            if id(tensor) not in done:
                done[id(tensor)] = tensor
                waiting += [parent for parent in tensor.parents if parent is not None]
        return list(done.values())
    except Exception:  # what is wrong with it is said by `look`
        return []


def _costs(model: Any, budget: int | None) -> str:
    count = learned(model)
    if budget is None or count <= budget:
        return ""
    return f"your network learns {count} numbers, and no more than {budget} may be learned. Which layer costs most? Fewer neurons."


def look(model: Any, seed: int, goal: float, budget: int | None = None) -> str:
    """Say what keeps a trained model from its goal, or "" if it reaches it."""
    train, validation, test = deal(seed)
    if isinstance(model, dl.History):
        return "the model is expected, and what dl.fit returns came back: the history of the training. Return the model itself."
    if not callable(model):
        return f"a trained model is expected, and this came back: {shown(model)}."
    try:
        logits = np.asarray(dl.predict(model, test))
    except Exception as error:
        return f"the model does not take digits, x of shape (N, 8, 8, 1): {type(error).__name__}: {error}"
    if logits.ndim != 2 or logits.shape[1] != 10:
        return f"for {len(test)} digits the model gives shape {logits.shape}, and ({len(test)}, 10) is expected: one number for each of the ten digits."
    if not np.isfinite(logits).all():
        return "the model gives NaN or infinity: it flew apart in training. Make the learning rate ten times smaller."
    share = dl.accuracy(model, test)
    if share >= goal:
        return ""
    return f"{share:.1%} of unseen digits are right, and {goal:.0%} are asked for. {_why(model, logits, seed, goal, budget)}"


def _why(model: Any, logits: Any, seed: int, goal: float, budget: int | None) -> str:
    """What most likely holds it back: the output, the wiring, the training, or the data, in this order."""
    train, validation, _ = deal(seed)
    trained, validated = dl.accuracy(model, train), dl.accuracy(model, validation)
    if np.allclose(logits, logits[0]):
        return (
            "It says the same of every digit: its hidden neurons give the same for all of them. A learning rate that is much too large "
            "kills them in the first steps; try a hundredth."
        )
    if np.allclose(logits.sum(axis=1), 1, atol=1e-3) and (logits >= 0).all():
        return "Its outputs are probabilities already, and dl.cross_entropy makes probabilities of them once more. Leave the softmax out: it wants logits."
    if (logits >= 0).all():
        return "Its outputs are never negative: is there a relu on the last layer? Logits may be anything, and the last layer has no activation."
    weights = [p.shape for p in getattr(model, "parameters", list)() if p.ndim > 1]
    if len(weights) == 1:
        return "It has one layer of weights, from the pixels straight to the answers. Put a hidden layer with an activation in between."
    narrowest = min((shape[1] for shape in weights if len(shape) == 2), default=10)
    if narrowest < 10 and budget is None:
        return f"Its narrowest layer has {narrowest} neurons, and everything must pass through there. Make it wider."
    if validated > trained + 0.05:
        return "It knows the digits of validation better than those of train: which of the two did you train on?"
    if trained < 0.25:
        return (
            f"On the training digits it is right in {trained:.0%}, about as good as guessing. Was it trained at all, by an optimizer that was "
            "given model.parameters()? Or is the learning rate much too small, or so large that it jumped about?"
        )
    if trained < goal:
        return f"Also on the training digits, only {trained:.1%} are right: it has not learned enough yet. More epochs, a larger learning rate, or more neurons."
    return f"On the training digits it is {trained:.1%}, so it has learned some of them by heart. Another width, fewer epochs, a regularizer, or moved digits (dl.data.augment) may help."
