"""What `NameWriter` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.data.names import LETTERS
from dlcourse.widgets.writing_names.numbers import NamesResult
from dlcourse.widgets.writing_names.state import NamesState
from dlcourse.widgets.writing_names.training import BATCH, COUNT, KINDS, LONGEST, LR, UNITS

__all__ = ["code", "code_results", "describe"]


def describe(state: NamesState, result: NamesResult) -> str:
    """How well the network has learned, what it writes, and the likeliest letter."""
    name = "Your network" if state.own is not None else f"The {state.kind}"
    if state.cell == "yours" and state.model is None:
        name += " (give yours: model=…)"
    likely = int(result.first.argmax())
    letter = "the end" if likely == 0 else f"“{chr(96 + likely)}”"
    begin = f" after “{state.start}”" if state.start else " at the beginning"
    return (
        f"{name} {learnt(state, result)}. At temperature {state.temperature:.2g} it writes {', '.join(n or '(nothing)' for n in result.names)}: "
        f"{sum(result.new)} of {COUNT} {'is' if sum(result.new) == 1 else 'are'} new. The likeliest letter{begin} is {letter}, {result.first[likely]:.0%}."
    )


def learnt(state: NamesState, result: NamesResult) -> str:
    """Log-loss beside that of the bigram table."""
    run = state.present()
    lists = {"given": "given names", "capitals": "capitals", "elements": "elements", "yours": "names"}
    what = lists[state.words] if state.words != "yours" or state.names else "given names (give yours: names=…)"
    if not run.curve:
        return f"has not learned anything yet; a bigram table has log-loss {result.bigram:.2f} on the unseen {what}"
    updates, _, unseen = run.curve[-1]
    more = "more " if state.own is not None else ""
    return (
        f"has log-loss {unseen:.2f} on unseen {what} after {updates} {more}updates, a bigram table {result.bigram:.2f}"
    )


def code(state: NamesState) -> str:
    """From the names to the trained network, its loss on unseen names, and the names that it writes."""
    own = state.words == "yours" and bool(state.names)
    source = "names  # your own" if own else f"dl.data.names({state.words if state.words != 'yours' else 'given'!r})"
    deal = (
        "train = list(words)\n"
        if own and state.unseen
        else "order, cut = rng.permutation(len(words)), max(len(words) // 10, 1)\n"
        "unseen, train = [words[i] for i in order[:cut]], [words[i] for i in order[cut:]]\n"
    )
    model = (
        "model = copy.deepcopy(model)  # a copy of your own\n"
        if state.own is not None
        else f"layer = dl.{KINDS[state.kind].__name__}({LETTERS}, {UNITS}, return_sequences=True, rng=rng)\n"
        f"model = dl.Sequential(layer, dl.Dense({UNITS}, {LETTERS}, rng=rng))\n"
    )
    imports = ("import copy\n" if state.own is not None else "") + "import numpy as np\nimport dlcourse as dl\n\n"
    return (
        f"{imports}words = {source}\nrng = np.random.default_rng({state.seed})\n{deal}"
        "steps = 1 + max(len(word) for word in (*train, *unseen))\n"
        "pairs, test = dl.data.spelled(train, length=steps), dl.data.spelled(unseen, length=steps)\n"
        f"{model}optimizer = dl.Adam(model.parameters(), {LR})\n\n"
        "def loss(logits, y):\n    return dl.cross_entropy(logits, y, mask=y >= 0)\n\n"
        f"for _ in range({state.present().updates}):\n"
        f"    batch = rng.choice(len(pairs), min({BATCH}, len(pairs)), replace=False)\n"
        "    optimizer.zero_grad()\n    loss(model(pairs.x[batch]), pairs.y[batch]).backward()\n    optimizer.step()\n"
        "unseen_loss = loss(dl.predict(model, test), test.y).item()\n\n" + writing(state)
    )


def writing(state: NamesState) -> str:
    """The lines that draw names letter by letter."""
    return (
        f"draws = np.random.default_rng({state.draw_again}).random(({LONGEST}, {COUNT}, 1))\n"
        f"read = np.tile([0, *(ord(letter) - 96 for letter in {state.start!r})], ({COUNT}, 1))\n"
        f"ended, first = np.zeros({COUNT}, bool), None\n"
        f"while read.shape[1] <= {LONGEST} and not ended.all():\n"
        f"    logits = dl.predict(model, np.eye({LETTERS}, dtype=np.float32)[read])[:, -1]\n"
        f"    p = dl.softmax(logits.astype(float) / {state.temperature!r}).data\n"
        "    first = p[0] if first is None else first\n"
        f"    letter = np.minimum((draws[read.shape[1] - 1] > p.cumsum(axis=1)).sum(axis=1), {LETTERS - 1})\n"
        "    ended |= letter == 0\n    read = np.column_stack([read, np.where(ended, 0, letter)])\n"
        f"numbers = np.pad(read[:, 1:], ((0, 0), (0, {LONGEST + 1} - read.shape[1])))\n"
        "print([''.join(chr(96 + number) for number in row if number) for row in numbers])\n"
    )


def code_results(state: NamesState, result: NamesResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    run = state.present()
    looked = {"unseen_loss": run.curve[-1][2]} if run.curve and run.curve[-1][0] == run.updates else {}
    return {"numbers": result.numbers, "first": result.first, **looked}
