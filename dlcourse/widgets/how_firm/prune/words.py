"""What `Prune` says, and the code that computes the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.live.source import plain_source
from dlcourse.widgets.how_firm.hidden_layer import hidden
from dlcourse.widgets.how_firm.prune import numbers
from dlcourse.widgets.how_firm.prune.numbers import ORDERS, PruneResult
from dlcourse.widgets.how_firm.prune.state import PruneState
from dlcourse.widgets.it_works_why import networks
from dlcourse.widgets.it_works_why.words import answer, percent, written_out

__all__ = ["code", "code_results", "describe"]


def describe(state: PruneState, result: PruneResult) -> str:
    """How many are gone, what is still right, how far each order goes, and what is said of the picture."""
    own = "Your network" if state.model is not None else "A (give yours: Prune(model=…))"
    name = {"A": "A", "by heart": "The network that knows labels by heart"}.get(state.network, own)
    now, whole = (percent(float(row)) for row in (result.now, result.right[0][0]))
    asked = "it gives {} of its 300 labels" if state.by_heart else "it reads {} of the 360 unseen digits"
    if state.hides:
        text = f"{name} has {state.count} hidden neurons. With all of them {asked.format(whole)}. And without some?"
    else:
        small, lot, large = result.holds
        text = (
            f"{name} without {state.gone} of its {state.count} hidden neurons, {state.order}: {asked.format(now)}, with all of "
            f"them {whole}. Nine in ten of these stay right until {small} are gone smallest first, {lot} by chance, {large} "
            "largest first."
        )
    (says, sure), (then, left) = answer(result.shares), answer(result.shares_left)
    return f"{text} {state.kind}{state.changed}: the whole network says {says} ({sure}), what is left of it {then} ({left})."


def code(state: PruneState) -> str:
    """The network, the order in which neurons go, and what is right after each."""
    functions: list[Callable[..., Any]] = [networks.parts]
    made = "# model is your own network"
    if state.by_heart:
        functions += [networks.learned, networks.few_by_lot, networks.by_heart]
        made = "model = by_heart()"
    elif state.network == "A" or state.model is None:
        functions += [networks.learned, networks.specked, networks.taught]
        made = "model = taught(specks=False)"
    functions += [hidden, numbers.sizes, numbers.order_of, numbers.scores_left, numbers.right_after]
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        + "\n".join(plain_source(function) for function in functions)
        + f"\n{made}\n"
        f"data = {'few_by_lot()' if state.by_heart else 'parts(np.random.default_rng(0))[1]'}\n"
        f"picture = {written_out(state.image)}\n"
        f"order = order_of(sizes(model), {state.order!r}, {state.draw_number})\n"
        f"shares = dl.softmax(scores_left(model, picture[None], order[:{state.gone}])).data[0]\n"
        "right = right_after(model, data.x, data.y, order)\n"
        f"print(shares.round(2), right[{state.gone}])\n"
    )


def code_results(state: PruneState, result: PruneResult) -> dict[str, Any]:
    """What the code leaves behind."""
    return {"shares": result.shares_left, "right": result.right[ORDERS.index(state.order)]}
