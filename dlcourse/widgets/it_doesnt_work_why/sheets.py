"""A patient's sheet: all that its training was written with, what can be wrong with it, and what each medicine changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["CAUSES", "Sheet", "cause_of", "sheet_of", "treated"]


@dataclass(frozen=True)
class Sheet:
    """How a network is made and trained. The first fields are drawn; each of the others is right as it stands."""

    data: str
    hidden: tuple[int, ...]
    activation: str
    optimizer: str
    seed: int
    times: float = 1.0
    """What the learning rate is multiplied by."""
    bias: float = 0.0
    start: str = "Glorot"
    shuffled: bool = False
    softmax: bool = False
    axis: bool = False
    scaled: bool = True
    zeroed: bool = True
    leaked: bool = False
    dropout: str = ""
    unfit: bool = False
    sign: float = -1.0
    remade: bool = False
    by_class: bool = False
    once: bool = False
    few: bool = False
    relu_out: bool = False


ALL = ("digits", "wines", "tumours", "diabetes", "names")
CLASSES = ("digits", "wines", "tumours", "names")


@dataclass(frozen=True)
class Cause:
    """What can be wrong: in which data it is met, what it changes on a sheet, and what its medicine does to any sheet."""

    data: tuple[str, ...]
    fault: Callable[[Sheet], dict[str, Any]]
    medicine: Callable[[Sheet], dict[str, Any]]


def _is(**fields: Any) -> Callable[[Sheet], dict[str, Any]]:
    return lambda sheet: fields


def _sound(*names: str) -> Callable[[Sheet], dict[str, Any]]:
    """The fields as they should be."""
    right = {field.name: field.default for field in dataclasses.fields(Sheet)}
    return lambda sheet: {name: right[name] for name in names}


CAUSES: dict[str, Cause] = {
    "softmax twice": Cause(("digits", "wines", "names"), _is(softmax=True), _sound("softmax")),
    "labels shuffled against inputs": Cause(
        ("digits", "wines", "tumours", "diabetes"), _is(shuffled=True), _sound("shuffled")
    ),
    "dead ReLUs": Cause(("digits", "wines", "tumours", "diabetes"), _is(bias=-30.0, activation="ReLU"), _sound("bias")),
    "gradients not zeroed": Cause(ALL, _is(zeroed=False, optimizer="by hand"), _sound("zeroed")),
    "learning rate far too low": Cause(ALL, _is(times=1e-4), lambda sheet: {"times": sheet.times * 1e4}),
    "inputs not scaled": Cause(("wines", "tumours"), _is(scaled=False), _sound("scaled")),
    "validation data leaked into training": Cause(("digits",), _is(leaked=True, few=True), _sound("leaked", "few")),
    "all weights equal at the start": Cause(("digits", "wines"), _is(start="equal"), _sound("start")),
    "NaN or infinity": Cause(("digits", "tumours"), _is(unfit=True, optimizer="by hand"), _sound("unfit")),
    "wrong axis": Cause(("digits", "wines", "diabetes"), _is(axis=True), _sound("axis")),
    "dropout or batch normalization left in training mode": Cause(
        ("digits", "names"), _is(dropout="left on"), lambda sheet: {"dropout": "on" if sheet.dropout else ""}
    ),
    "learning rate too high": Cause(
        ("digits", "wines", "diabetes", "names"), _is(times=300.0), lambda sheet: {"times": sheet.times / 300}
    ),
    "optimizer holds other parameters than the model": Cause(
        ALL, _is(remade=True, optimizer="by hand"), _sound("remade")
    ),
    "batches sorted by class": Cause(("digits", "wines"), _is(by_class=True, optimizer="by hand"), _sound("by_class")),
    "vanishing gradient": Cause(
        ("digits", "wines"), _is(hidden=(24,) * 6, activation="sigmoid", optimizer="by hand"), _is(activation="ReLU")
    ),
    "update in the wrong direction": Cause(ALL, _is(sign=1.0, optimizer="by hand"), _sound("sign")),
    "weights far too large at the start": Cause(("digits", "tumours", "diabetes"), _is(start="large"), _sound("start")),
    "the same batch every time": Cause(("digits", "names", "diabetes"), _is(once=True), _sound("once")),
    "overfits": Cause(("digits", "names"), _is(few=True), _sound("few")),
    "activation on the output cannot reach the targets": Cause(("diabetes",), _is(relu_out=True), _sound("relu_out")),
}
"""What can be wrong, called as `dl.diagnose` calls it. The first patients come in this order, all others in another one."""

NAMES = tuple(CAUSES)


@lru_cache(maxsize=64)
def cause_of(number: int) -> str:
    """What is wrong with patient 1, 2 …: each cause once among twenty, in an order that changes every twenty."""
    turn, place = divmod(number - 1, len(NAMES))
    order = np.arange(len(NAMES)) if turn == 0 else np.random.default_rng([22, turn]).permutation(len(NAMES))
    return NAMES[order[place]]


def sheet_of(number: int) -> Sheet:
    """The sheet of a patient, with what is wrong with it."""
    rng = np.random.default_rng([2, number])
    cause = CAUSES[cause_of(number)]
    drawn = Sheet(
        data=str(rng.choice(cause.data)),
        hidden=tuple(int(width) for width in rng.choice([16, 24, 32], size=rng.integers(1, 3))),
        activation=str(rng.choice(["ReLU", "tanh"])),
        optimizer=str(rng.choice(["Adam", "momentum", "by hand"])),
        seed=int(rng.integers(1000)),
    )
    return dataclasses.replace(drawn, **cause.fault(drawn))


def treated(sheet: Sheet, cause: str) -> Sheet:
    """The sheet after the medicine against a cause, whether it is the right one or not."""
    return dataclasses.replace(sheet, **CAUSES[cause].medicine(sheet))
