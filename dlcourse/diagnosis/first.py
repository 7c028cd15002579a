"""The first pass: one minibatch forward and backward, nothing learned, and what was seen on the way."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calculus.breaking import where_it_begins, where_it_breaks
from dlcourse.diagnosis.graph import Node, leaves, nodes
from dlcourse.diagnosis.patient import Patient
from dlcourse.diagnosis.trials import OWNER, kind_of
from dlcourse.layers.module import Module
from dlcourse.objective import loss_of, output_of
from dlcourse.tensor import Tensor

__all__ = ["First", "alike", "passed"]


@dataclass
class First:
    """One forward and one backward pass on a minibatch, nothing learned.

    Attributes
    ----------
    error : Exception or None
        What ended it, in `stage`: "forward", "loss" or "backward".
    value : float
        The loss.
    output : array or None
        What the model said, while training.
    graph : list of Node
    lengths : dict of str to (float or None)
        The length of the gradient of each parameter, by name; None where there is none.
    alike : set of str
        The parameters whose gradient is the same for all units of the last axis.
    """

    error: Exception | None = None
    stage: str = ""
    value: float = float("nan")
    output: Array | None = None
    output_op: str = ""
    graph: list[Node] = field(default_factory=list)
    lengths: dict[str, float | None] = field(default_factory=dict)
    alike: set[str] = field(default_factory=set)
    constants: list[Tensor] = field(default_factory=list)
    begins: str = ""
    breaks: str = ""


def alike(array: Array | None) -> bool:
    """Whether every unit of the last axis has a twin with the same numbers: one kind of unit, or, with gates, one kind for each gate.

    Examples
    --------
    >>> alike(np.array([[1.0, 1.0], [2.0, 2.0]])), alike(np.array([[1.0, 3.0, 3.0, 1.0]])), alike(np.array([[1.0, 3.0, 3.0]]))
    (True, True, False)
    """
    if array is None or array.ndim == 0 or array.shape[-1] < 2:
        return False
    columns = array.reshape(-1, array.shape[-1])
    room = 1e-6 * float(max(columns.max(initial=0.0), -columns.min(initial=0.0)))
    alone = np.ones(columns.shape[1], bool)
    while alone.any():
        k, same = int(alone.argmax()), np.ones(len(alone), bool)
        for row in columns:
            same &= np.abs(row - row[k]) <= room
            if same.sum() < 2:  # nearly always after the first row
                return False
        alone &= ~same
    return True


def passed(patient: Patient, x: Array, y: Array) -> First:
    """Forward and backward once."""
    first = First()
    if isinstance(patient.model, Module):
        patient.model.train()
    for p in patient.named.values():
        p.zero_grad()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            first.stage = "forward"
            output = output_of(OWNER, patient.model, x)
            first.output, first.output_op, first.stage = output.data, output.op, "loss"
            loss = loss_of(OWNER, patient.loss, output, y, kind_of(patient))
            first.value, first.stage = float(loss.item()), "backward"
            if not np.isfinite(first.value):
                first.begins = where_it_begins(loss) if loss.requires_grad else ""
            loss.backward(keep_inner=True)
            first.graph = nodes(loss, patient.named)
            first.constants = [leaf for leaf in leaves(loss) if not leaf.requires_grad and leaf.ndim]
            for name, p in patient.named.items():
                first.lengths[name] = None if p._grad is None else float(np.linalg.norm(p._grad))
                if alike(p._grad):
                    first.alike.add(name)
            if not all(np.isfinite(length or 0.0) for length in first.lengths.values()):
                first.breaks = where_it_breaks(loss)
            first.stage = ""
        except Exception as error:  # whatever a model or a loss of a learner's own may raise
            first.error = error
    return first
