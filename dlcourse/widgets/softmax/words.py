"""What `SoftmaxBars` says, and the code that computes the same numbers."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from dlcourse.live.numbers import decimals, with_power
from dlcourse.widgets.softmax import digit
from dlcourse.widgets.softmax.numbers import SoftmaxResult
from dlcourse.widgets.softmax.state import BarsState

__all__ = ["code", "code_results", "describe", "name_of", "share"]


def share(p: float) -> str:
    """A share in percent, one decimal; one that would look like all or nothing and is not says so.

    Examples
    --------
    >>> share(0.6439), share(0.00001), share(0.99999), share(0.0), share(1.0)
    ('64.4 %', 'less than 0.1 %', 'more than 99.9 %', '0.0 %', '100.0 %')
    """
    if 0 < p < 0.0005:
        return "less than 0.1 %"
    return "more than 99.9 %" if 0.9995 <= p < 1 else f"{100 * p:.1f} %"


def name_of(state: BarsState, bar: int) -> str:
    """How a sentence calls a score."""
    return f"the score of {state.names[bar]}" if state.digits else f"x{state.names[bar]}"


def describe(state: BarsState, result: SoftmaxResult) -> str:
    """The scores, the shares, where float32 ends, and what a pull did."""
    text = f"Scores {', '.join(decimals(round(float(x), 1) + 0.0, 1) for x in result.scores)}"
    if state.temperature != 1:
        text += f" at temperature {with_power(state.temperature, 3)}"
    if state.digits:
        best = int(np.argmax(result.shares))
        text += f": the network says {best}, and gives it {share(float(result.shares[best]))} of the whole. "
    else:
        text += f" have the shares {', '.join(share(float(p)) for p in result.shares)}. "
    if state.count == 2:
        difference = float(result.scores[0] - result.scores[1]) / state.temperature
        text += f"The first is the sigmoid of the difference, σ({with_power(difference, 3)}). "
    text += _ends(result) if state.look == "arithmetic" else ""
    if result.pull and not state.hides:
        text += _pulled(state, result)
    return text.strip()


def _ends(result: SoftmaxResult) -> str:
    if not result.breaks:
        return "The formula as it stands says the same. "
    top = decimals(float(result.z.max()), 1)
    if not np.isfinite(result.total):
        what = "the sum of the powers" if np.isfinite(result.powers).all() else f"e to the {top}"
        return f"The formula as it stands breaks: {what} is more than a float32 can hold. "
    return f"The formula as it stands breaks: e to the {top} is next to nothing in float32, and so is the sum. "


def _pulled(state: BarsState, result: SoftmaxResult) -> str:
    bar = state.chosen
    before, now = float(result.before[bar]), float(result.before[bar] + result.came[bar])
    others = np.delete(result.factors, bar)
    factor = float(others[np.isfinite(others)][0]) if np.isfinite(others).any() else 1.0
    rose = "rose" if now >= before else "fell"
    return (
        f"You pulled {name_of(state, bar)} by {decimals(result.pull, 2)}: its share {rose} from {share(before)} to {share(now)}, "
        f"and every other share is {with_power(factor, 3)} times what it was."
    )


def code(state: BarsState) -> str:
    """The same shares by the formula, by the stable one, and by the library."""
    lines = ["import numpy as np", "import dlcourse as dl", ""]
    if state.digits and not state.pulled:
        if state.own is None:
            lines += [inspect.getsource(digit.digit_network), "", "model, _ = digit_network()"]
        else:
            lines += ["# model: your own network"]
        picture = (digit.picture_of(state.example)[:, :, 0] * 16).round().astype(int).tolist()
        rows = ",\n    ".join(map(str, picture))
        lines += [f"picture = np.array([\n    {rows},\n])[:, :, None].astype(np.float32) / 16"]
        lines += ["scores = dl.predict(model, picture[None])[0].astype(float)"]
    else:
        lines += [f"scores = np.array({list(state.now)!r})"]
    lines += [
        f"temperature, shift = {state.temperature!r}, {state.shift!r}",
        "z = ((scores + shift) / temperature).astype(np.float32)   # (K,)",
        "with np.errstate(all='ignore'):",
        "    typed = np.exp(z) / np.exp(z).sum()                   # as the formula stands",
        "held = np.exp(z - z.max())                                # the largest power is 1",
        "shares = held / held.sum()",
        "with_dl = dl.softmax(z).data",
        "p = dl.softmax(scores / temperature).data",
        "jacobian = (np.diag(p) - np.outer(p, p)) / temperature    # (K, K)",
        "print(shares.round(3))",
    ]
    return "\n".join(lines) + "\n"


def code_results(state: BarsState, result: SoftmaxResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {
        "typed": result.typed, "shares": result.shares, "with_dl": result.shares, "jacobian": result.jacobian,
    }  # fmt: skip
