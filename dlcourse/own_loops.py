"""A training loop of one's own: what is said when an update makes a new tensor where a parameter was.

`w = w - lr * w.grad` computes a result, which no later backward() gives a gradient, and `w -= ...` is the same to Python.
What changes the numbers and keeps the parameter is `w.data -= lr * w.grad`.
"""

from __future__ import annotations

from typing import Any

from dlcourse.errors import GradientError, WrongTypeError
from dlcourse.tensor import Tensor

__all__: list[str] = []


def _check_updates(result: Tensor) -> None:
    """Raise an error if a result without gradient was computed from a leaf that had a gradient then."""
    waiting, visited = [result], {result}
    while waiting:
        for parent in waiting.pop().parents:
            if parent in visited:
                continue
            visited.add(parent)
            if parent.parents:
                waiting.append(parent)
            elif parent._grad is not None and parent._graded > result._born:  # the larger, the older
                raise GradientError(
                    f"grad: this tensor is a result, from {result.op}, and backward() leaves gradients at leaves. Did an update make "
                    "it, w = w - lr * w.grad? Then it is no parameter any more. Write w.data -= lr * w.grad, which changes the "
                    "numbers of the parameter. To see the gradient of a result: backward(keep_inner=True)."
                )


def _in_place(sign: str) -> Any:
    def change(self: Tensor, other: Any) -> Any:
        if self._grad is None or self.parents or isinstance(other, Tensor):
            return NotImplemented  # no update: Python makes a new tensor then, as of total = total + x
        name = self.name or "w"
        raise WrongTypeError(
            f"{name} {sign}= ... would make a new tensor and leave the parameter as it was. Its numbers are changed by "
            f"{name}.data {sign}= ..., in a training loop {name}.data -= lr * {name}.grad. For a new tensor write y = {name} {sign} ... ."
        )

    return change


Tensor._check_updates = _check_updates  # type: ignore[attr-defined]
for _method, _sign in {"isub": "-", "iadd": "+", "imul": "*", "itruediv": "/"}.items():
    setattr(Tensor, f"__{_method}__", _in_place(_sign))
