"""What `TwoViews` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.widgets.learning_a_new_representation.two_views.numbers import ViewsResult, cut_before, default_run
from dlcourse.widgets.learning_a_new_representation.two_views.state import ViewsState

__all__ = ["code", "code_results", "describe"]

LEARN = """optimizer = dl.Adam(model.parameters(), 3e-3)
dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs={}, batch_size=32, rng=rng, progress=False)
"""
NETWORK = """rng = np.random.default_rng(0)
train, _, unseen = dl.data.digits().split(0.7, 0.1, 0.2, rng=rng, stratified=True)
model = dl.Sequential(
    dl.Flatten(),
    dl.Dense(64, 64, activation=dl.tanh, rng=rng),
    dl.Dense(64, 16, activation=dl.tanh, rng=rng),
    dl.Dense(16, 10, rng=rng),
)
"""
PROBE_CODE = {
    "straight cuts": """
def probe(h, y, h_new, y_new):
    a, a_new = (np.column_stack([part, np.ones(len(part))]) for part in (h, h_new))
    w = np.linalg.lstsq(a, np.eye(y.max() + 1)[y], rcond=None)[0]  # towards 1 for the own class, 0 for the others
    return np.mean((a_new @ w).argmax(axis=1) == y_new)
""",
    "nearest neighbour": """
def probe(h, y, h_new, y_new):
    squares = (h**2).sum(axis=1) - 2 * h_new @ h.T  # of the distances, but for what all have in common
    return np.mean(y[squares.argmin(axis=1)] == y_new)
""",
}


def describe(state: ViewsState, result: ViewsResult) -> str:
    """What the probe reads right, from all numbers and from the two that are drawn."""
    raw, layer = result.raw, result.layer
    return (
        f"{len(state.run.unseen)} unseen examples, read by {state.probe}: from all {raw.size} numbers of the input "
        f"{raw.all_right:.1%} are right, from all {layer.size} of the {state.layer} after {state.trained_for} of training "
        f"{layer.all_right:.1%}. From the two that are drawn, the principal components, {raw.two_right:.1%} and "
        f"{layer.two_right:.1%}."
    )


def code(state: ViewsState) -> str:
    """Data, network, training, and the probe on both representations."""
    own = state.run is not default_run()
    text = "import numpy as np\nimport dlcourse as dl\n\n"
    if own and state.model is not None and state.train is not None and state.unseen is not None:
        text += "rng = np.random.default_rng(0)  # model, train and unseen are your own\n"
    elif own:
        given = [name for name in ("model", "train", "unseen") if getattr(state, name) is not None]
        text += f"own = {', '.join(given)}\n" + NETWORK + f"{', '.join(given)} = own\n"
        text += "rng = np.random.default_rng(0)\n"
    else:
        text += NETWORK
    if state.epochs:
        text += LEARN.format(state.epochs)
    text += f"body = model[:{cut_before(state.network, state.layer)}]  # up to the {state.layer}\n"
    text += "raw, raw_new = (part.x.reshape(len(part), -1).astype(float) for part in (train, unseen))\n"
    text += "h, h_new = (dl.predict(body, part).reshape(len(part), -1).astype(float) for part in (train, unseen))\n"
    text += f"\n{PROBE_CODE[state.probe]}\n\n"
    text += "def two(h, h_new):\n    middle = h.mean(axis=0)\n"
    text += "    across = np.linalg.svd(h - middle, full_matrices=False)[2][:2].T  # principal components\n"
    text += "    return (h - middle) @ across, (h_new - middle) @ across\n\n\n"
    for name, new in (("raw", "raw_new"), ("h", "h_new")):
        text += f"{name}_all = probe({name}, train.y, {new}, unseen.y)\n"
        text += f"flat, flat_new = two({name}, {new})\n{name}_two = probe(flat, train.y, flat_new, unseen.y)\n"
    return text + "print(f'all {raw_all:.1%} {h_all:.1%}, two {raw_two:.1%} {h_two:.1%}')\n"


def code_results(state: ViewsState, result: ViewsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {
        "raw_all": result.raw.all_right, "raw_two": result.raw.two_right,
        "h_all": result.layer.all_right, "h_two": result.layer.two_right,
    }  # fmt: skip
