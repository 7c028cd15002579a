"""What `JacobianMatrix` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.code import network
from dlcourse.widgets.chain.notation import index
from dlcourse.widgets.jacobian_and_hessian.jacobian.numbers import JacobianResult
from dlcourse.widgets.jacobian_and_hessian.jacobian.state import JacobianState

__all__ = ["code", "code_results", "describe"]


def describe(state: JacobianState, result: JacobianResult) -> str:
    """The table, how far it stretches, and how well the network keeps to it."""
    rows, columns = result.jacobian.shape
    if state.hides:
        return f"The Jacobian, ({rows}, {columns}): a row an output, a column an input. How many backward passes does it take?"
    listed = " and ".join(n(float(v), 3) for v in result.half_axes[:2])
    roots = " and ".join(n(float(v), 3) for v in result.stretches[:2])
    more = " (first two outputs)" if rows > 2 else ""
    reach = (
        f"The ellipse reaches {listed} from its middle{more}, the roots of {roots}, eigenvalues of J Jᵀ. "
        if rows > 1
        else f"A move of the input is stretched at most {listed}-fold, the root of {roots}. "
    )
    passes = f"{rows} backward pass{'es' if rows > 1 else ''} fill{'' if rows > 1 else 's'} it"
    return (
        f"The Jacobian, ({rows}, {columns}), at x₁ = {n(state.x1, 2)}: a row an output, a column an input. {passes}, one a row; "
        f"the framed row begins at s{index(state.end)}. {reach}"
        f"Moves of length {n(state.h, 2)} leave the ellipse that J promises by {n(100 * result.left, 3)} % of its longer half axis."
    )


def code(state: JacobianState) -> str:
    """Plain code that runs alone."""
    lines = [
        "J = dl.jacobian(lambda x: model(x.reshape(1, -1))[0], x)      # (outputs, inputs)",
        "eigenvalues = np.linalg.eigvalsh(J[:2] @ J[:2].T)[::-1]        # of the first two outputs",
        "half_axes = np.sqrt(np.maximum(eigenvalues, 0))",
    ]
    return "\n".join(network(state) + lines) + "\n"


def code_results(state: JacobianState, result: JacobianResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"J": result.jacobian, "eigenvalues": result.stretches, "half_axes": result.half_axes}
