"""What Paths says: the derivation line by line, the live sentence, and the code."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.calculus import work
from dlcourse.errors import counted
from dlcourse.live.numbers import grouped, minus, raised
from dlcourse.widgets.when_things_get_intense.numbers import MOST_PATHS, PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

RULES = (
    "sum over paths", "local gradient", "chain rule", "local gradient", "partial derivatives", "partial derivatives", "", "blame",
)  # fmt: skip
LINES = (
    "The score is a sum over the neurons before it. Its derivative, measured: move the weight by ±h, divide by 2h.",
    "Wᵢⱼ feeds neuron i alone. Every other term of the sum stands still, and its derivative is 0.",
    "The chain rule: Wᵢⱼ moves zᵢ, zᵢ moves aᵢ. Multiply the two rates.",
    "The local gradient of the activation: aᵢ = σ(zᵢ), so ∂aᵢ/∂zᵢ is σ′(zᵢ). From here on nothing is measured, all is exact.",
    "What is zᵢ? A bias and a sum of inputs times weights.",
    "The same sum, written short.",
    "Only the term with k = j contains Wᵢⱼ, and its derivative is aⱼ.",
    "Everything but aⱼ belongs to neuron i, not to this weight. It is called δᵢ and is computed once for all weights into i.",
)
SLIPS = {
    0: "Printed, twice: Wᵢaᵢ. It is one term of s, and not s: the sum over k is missing.",
    2: "Printed: ⇒, and the line before once more. The two sides are equal, so = it is; nothing follows from anything.",
    3: "Printed: σ′(zᵢ) over ∂zᵢ. Either ∂σ(zᵢ)/∂zᵢ or σ′(zᵢ), not both. Read as it stands, it grows without limit as h shrinks.",
}
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def n(value: float, digits: int = 4) -> str:
    """A number with a true minus sign."""
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}·10{raised(int(power))}"
    return minus(text)


def p(value: float, digits: int = 4) -> str:
    """The same as a factor: in parentheses if negative."""
    return f"({n(value, digits)})" if value < 0 else n(value, digits)


def down(index: int) -> str:
    """An index counted from 0 as the slides write it, from 1 and below the line."""
    return str(index + 1).translate(_DOWN)


def name(place: tuple[int, int, int]) -> str:
    """W⁽ˡ⁾ᵢⱼ as the slides write it: to neuron i, from neuron j."""
    layer, j, i = place
    comma = "," if max(i, j) > 8 else ""
    return f"W⁽{raised(layer + 1)}⁾{down(i)}{comma}{down(j)}"


# The derivation


def values(result: PathsResult) -> list[float]:
    """What each line of the derivation comes to: three by differences, five exactly."""
    r = result
    rate = r.da / r.dz if r.dz else r.slope
    exact = r.blame * r.slope * r.source
    return [
        r.difference,
        r.blame * r.da,
        r.blame * rate * r.dz,
        r.blame * r.slope * r.dz,
        exact,
        exact,
        exact,
        r.delta * r.source,
    ]


def quotient(result: PathsResult, h: float) -> float:
    """The printed fourth line read as it stands: σ′(zᵢ) is divided by what zᵢ moves when Wᵢⱼ moves by h."""
    return result.blame * result.slope / h


def formulas(state: PathsState) -> list[str]:
    """The lines in mathematical notation; on the slide l is 1."""
    low, high = state.place[0] + 1, state.place[0] + 2
    w, a, z = rf"W_{{ij}}^{{({low})}}", rf"a_i^{{({high})}}", rf"z_i^{{({high})}}"
    by = rf"\partial {w}"
    if state.as_slide:
        total = rf"\dfrac{{\partial}}{{{by}}}\;\sum_k W_k^{{({high})}} a_k^{{({high})}}"
        blame = rf"W_i^{{({high})}}"
    else:
        total = (
            rf"\sum_k \dfrac{{\partial s}}{{\partial a_k^{{({high})}}}}\,\dfrac{{\partial a_k^{{({high})}}}}{{{by}}}"
        )
        blame = rf"\dfrac{{\partial s}}{{\partial {a}}}"
    arrives = rf"\dfrac{{\partial {z}}}{{{by}}}"
    steep = rf"{blame}\,\sigma'({z})"
    inputs = state.sizes[state.place[0]]
    first = [rf"a_{{{k}}}W_{{i{k}}}" for k in range(1, inputs + 1)]
    listed = "+".join(first if inputs <= 4 else [*first[:2], r"\ldots", first[-1]])
    lines = [
        rf"\dfrac{{\partial s}}{{{by}}}={total}",
        rf"={blame}\,\dfrac{{\partial {a}}}{{{by}}}",
        rf"={blame}\,\dfrac{{\partial {a}}}{{\partial {z}}}\,{arrives}",
        rf"={steep}\,{arrives}",
        rf"={steep}\,\dfrac{{\partial}}{{{by}}}\left(b_i+{listed}\right)",
        rf"={steep}\,\dfrac{{\partial}}{{{by}}}\left(b_i+\sum_k a_k W_{{ik}}\right)",
        rf"={steep}\,a_j^{{({low})}}",
        rf"=\delta_i^{{({high})}}\cdot a_j^{{({low})}}",
    ]
    if state.printed and state.as_slide:
        term = rf"\dfrac{{\partial W_i^{{({high})}} a_i^{{({high})}}}}{{{by}}}"
        lines[0] = rf"\dfrac{{\partial s}}{{{by}}}={term}={term}"
        lines[2] = rf"\Rightarrow {lines[1][1:]}{lines[2]}"
        lines[3] = rf"={blame}\,\dfrac{{\sigma'({z})}}{{\partial {z}}}\,{arrives}"
    return [f"${line}$" for line in lines]


def arithmetic(state: PathsState, result: PathsResult) -> list[str]:
    """The same lines in numbers of the chosen network."""
    r, h = result, state.h
    rate = r.da / r.dz if r.dz else r.slope
    blame, slope, a = n(r.blame), n(r.slope), p(r.source)
    inputs = len(r.chain[r.place[0]].inputs)
    terms = ["0"] * (inputs + 1)
    terms[r.place[1] + 1] = a
    kept = "+".join(terms) if inputs <= 4 else f"0+…+{a}+…+0"
    half = r.difference * h
    lines = [
        f"[{n(r.score + half, 7)} − {p(r.score - half, 7)}] / (2 · {n(h)})",
        f"{blame} · {p(r.da)}",
        f"{blame} · {p(rate)} · {p(r.dz)}",
        f"{blame} · {slope} · {p(r.dz)}",
        f"{blame} · {slope} · ({kept})",
        f"{blame} · {slope} · {a}, the term k = j",
        f"{blame} · {slope} · {a}",
        f"{n(r.delta)} · {a}",
    ]
    if state.printed and state.as_slide:
        i = r.place[2]
        term = r.chain[-1].weight[i, r.output] * r.chain[-1].inputs[i]
        lines[0] = f"slip: Wᵢaᵢ is {n(term)}, s is {n(r.score)}"
        lines[2] = "slip: ⇒ where = belongs"
        lines[3] = f"slip: {blame} · {slope} / {p(h * r.source)} · {a}"
    return lines


# The sentence


def describe(state: PathsState, result: PathsResult) -> str:
    return _SENTENCES[state.view](state, result)


def _who(state: PathsState, r: PathsResult) -> str:
    return f"{name(r.place)} = {n(r.weight)}, from neuron {r.place[1] + 1} to neuron {r.place[2] + 1}, and s{down(r.output)} = {n(r.score)}"


def _paths(state: PathsState, r: PathsResult) -> str:
    if state.hides:
        return f"{_who(state, r)} of a network with the layers {', '.join(map(str, r.sizes))}. How many paths lead from one to the other?"
    if r.count == 0:
        return f"{_who(state, r)}: no path leads from one to the other, so the derivative is 0."
    ways = "1 path leads" if r.count == 1 else f"{grouped(r.count)} paths lead"
    head = f"{_who(state, r)}: {ways} from one to the other. "
    if r.found is None:
        cost = work(r.sizes[r.place[0] :])
        return (
            head
            + f"Too many to list (up to {grouped(MOST_PATHS)} are): {grouped(cost.by_paths)} multiplications. Backpropagation "
            f"needs {grouped(work(r.sizes).by_backward)} for all weights, and finds {n(r.gradient)}; a central difference says {n(r.difference)}."
        )
    k = state.seen
    if k:
        route = " → ".join(str(one + 1) for one in r.found.neurons[k - 1])
        share, so_far = r.found.products[k - 1], float(r.found.products[:k].sum())
        head += f"Path {k}, by the neurons {route}, brings {n(share)}; {k} of {r.count} sum to {n(so_far)}. "
    return head + (
        f"Sum over all paths {n(r.found.total, 6)}, backpropagation {n(r.gradient, 6)}, "
        f"central difference with h = {n(state.h, 2)}: {n(r.difference, 6)}."
    )


def _derivation(state: PathsState, r: PathsResult) -> str:
    k = state.seen
    if not k:
        sigma = "" if state.model is not None else f"σ is {state.activation}, "
        return (
            f"∂s{down(r.output)}/∂{name(r.place)} in eight lines, each with its numbers: {n(r.gradient, 6)}. Here {sigma}"
            f"i = {r.place[2] + 1}, j = {r.place[1] + 1}; δ = {n(r.delta)} and a = {n(r.source)}. The first three lines are "
            f"measured with h = {n(state.h, 2)}. Step goes through the lines."
        )
    text = LINES[k - 1]
    if state.printed and state.as_slide and k - 1 in SLIPS:
        text = SLIPS[k - 1]
        if k == 4:
            text += f" With h = {n(state.h, 2)}: {n(quotient(r, state.h))} instead of {n(r.gradient)}."
    return f"Line {k} of {len(LINES)}: {text} Value {n(values(r)[k - 1], 6)}, backpropagation {n(r.gradient, 6)}."


def _count(state: PathsState, r: PathsResult) -> str:
    d = min(len(state.sizes) - 2, len(r.works))
    one = r.works[max(d, 1) - 1]
    what = (
        f"{counted(d, 'hidden layer')} of {state.width}"
        if state.model is None
        else f"Layers {', '.join(map(str, state.sizes))}"
    )
    head = f"{what}: {grouped(one.paths)} path{'s' if one.paths != 1 else ''} from one weight of the first layer to one output"
    if state.hides:
        return head + ". What backpropagation needs is still covered."
    weights = sum(a * b for a, b in zip(r.sizes, r.sizes[1:], strict=False))
    return head + (
        f", {grouped(one.by_paths)} multiplications along them, for this one derivative. Backpropagation has the derivatives "
        f"by all {grouped(weights)} weights after {grouped(one.by_backward)}."
    )


def _jacobian(state: PathsState, r: PathsResult) -> str:
    assert r.jacobian is not None and r.stretches is not None
    rows, columns = r.jacobian.shape
    if state.hides:
        return f"The Jacobian, ({rows}, {columns}): a row an output, a column an input. How many backward passes does it take?"
    listed = " and ".join(n(v, 3) for v in r.stretches[:2])
    more = f" (the two largest of {rows})" if rows > 2 else ""
    return (
        f"The Jacobian, ({rows}, {columns}), at x₁ = {n(state.x1, 2)}: a row an output, a column an input; row {r.output + 1} is one backward pass from s{down(r.output)}. "
        f"J Jᵀ has the eigenvalue{'s' if rows > 1 else ''} {listed}{more}: a move of the input is stretched at most "
        f"{n(float(np.sqrt(max(r.stretches[0], 0))), 3)}-fold. Moves of length {n(state.h, 2)} leave the ellipse that J promises by {n(100 * r.left, 2)} %."
    )


def _hessian(state: PathsState, r: PathsResult) -> str:
    layer, j, i = r.place
    inputs, neurons = r.chain[layer].weight.shape
    second = (layer, state.pair % inputs, state.pair // inputs)
    head = f"Second derivatives of s{down(r.output)} by the {inputs * neurons} weights of layer {layer + 1}, row {name(r.place)}, column {name(second)}"
    if state.hides:
        return head + ". What stands there is still covered."
    assert r.hessian is not None and r.curvatures is not None
    where = "both lead into one neuron" if second[2] == i else "they lead into different neurons"
    ends = f", from {n(r.curvatures[-1], 3)} to {n(r.curvatures[0], 3)}" if r.bent else f": {_straight(state)}"
    found = float(r.hessian[state.row, state.pair])
    found = 0.0 if abs(found) < 1e-10 else found
    return (
        f"{head}: {n(found)} ({where}). {r.bent} of {inputs * neurons} eigenvalues are not 0{ends}; "
        f"the layer has {neurons} neuron{'s' if neurons > 1 else ''}."
    )


def _straight(state: PathsState) -> str:
    """Why nothing bends."""
    if state.place[0] == len(state.sizes) - 2:
        return "the score is a straight function of the last weights"
    if state.model is not None:
        return "nothing bends here"
    return "a ReLU has kinks and no bend" if state.activation == "ReLU" else f"{state.activation} does not bend here"


_SENTENCES = {"paths": _paths, "derivation": _derivation, "count": _count, "Jacobian": _jacobian, "Hessian": _hessian}


# The code


def code(state: PathsState) -> str:
    lines = ["import numpy as np", "import dlcourse as dl"]
    if state.view == "count":
        d = "[:d + 1]" if state.model is not None else None
        sizes = (
            f"(*{state.sizes[:-1]!r}{d}, {state.sizes[-1]})"
            if d
            else f"({state.sizes[0]}, *[{state.width}] * d, {state.sizes[-1]})"
        )
        return "\n".join([
            "from dlcourse.calculus import work", "",
            f"works = [work({sizes}) for d in range(1, {len(state.works) + 1})]  # d hidden layers",
            "counts = [(w.paths, w.by_paths, w.by_backward) for w in works]", "",
        ])  # fmt: skip
    lines += ["", *_network(state), f"x = np.array({[float(v) for v in state.example]!r})", ""]
    return "\n".join(lines + _VIEW_CODE[state.view](state)) + "\n"


def _network(state: PathsState) -> list[str]:
    if state.model is not None:
        lines = [
            "from copy import deepcopy",
            "model = deepcopy(model)                 # your own, in float64",
            "for p in model.parameters():",
            "    p.data = p.data.astype(np.float64)",
        ]
    else:
        called = {"ReLU": "relu"}.get(state.activation, state.activation)
        lines = [
            f"rng, layers = np.random.default_rng({state.seed}), []",
            f"sizes = {state.sizes!r}",
            "for k, m in zip(sizes, sizes[1:]):",
            f"    layers += [dl.Dense(k, m, rng=rng), dl.{called}]",
            "model = dl.Sequential(*layers[:-1])        # the outputs stay as they are",
            "for p in model.parameters():",
            "    p.data = np.round(rng.normal(size=p.shape), 1)",
        ]
    lines.append("dense = [layer for layer in model if isinstance(layer, dl.Dense)]")
    return lines + [f"dense[{layer}].weight.data[{j}, {i}] += {change!r}" for (layer, j, i), change in state.edits]


def _by_paths(state: PathsState) -> list[str]:
    layer, j, i = state.place
    entry = f"dense[{layer}].weight"
    lines = [
        f"by_paths = dl.paths(model, x, weight=({layer}, {j}, {i}), output={state.end}).total",
        f"model(x[None])[0, {state.end}].backward()",
        f"by_backward = {entry}.grad[{j}, {i}]                 # δᵢ · aⱼ",
        "",
        f"h, w, s = {state.h!r}, {entry}.data[{j}, {i}], []",
        "for sign in (1, -1):",
        f"    {entry}.data[{j}, {i}] = w + sign * h",
        f"    s.append(model(x[None]).data[0, {state.end}])",
        f"{entry}.data[{j}, {i}] = w",
        "by_difference = (s[0] - s[1]) / (2 * h)",
    ]
    return lines if state.compute().found is not None else lines[1:]


def _jacobian_code(state: PathsState) -> list[str]:
    return [
        "J = dl.jacobian(lambda x: model(x.reshape(1, -1))[0], x)      # (outputs, inputs)",
        "eigenvalues = np.linalg.eigvalsh(J @ J.T)[::-1]",
    ]


def _hessian_code(state: PathsState) -> list[str]:
    own = state.model is not None
    neurons, inputs = state.sizes[state.place[0] + 1], state.sizes[state.place[0]]
    bias = "(0 if layer.bias is None else layer.bias.data)" if own else "layer.bias.data"
    return [
        f"layer = dense[{state.place[0]}]",
        "at = list(model).index(layer)",
        "a = model[:at](x[None]).data                    # what comes into the layer, (1, K)",
        "def score(w):                                   # all weights into neuron 1 first, as on the slides",
        f"    z = a @ w.reshape({neurons}, {inputs}).T + {bias}",
        *(["    z = z if layer.activation is None else layer.activation(z)"] if own else []),
        f"    return model[at + 1:](z)[0, {state.end}]",
        "H = dl.hessian(score, layer.weight.data.T.ravel())",
    ]


_VIEW_CODE = {"paths": _by_paths, "derivation": _by_paths, "Jacobian": _jacobian_code, "Hessian": _hessian_code}


def code_results(state: PathsState, result: PathsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    if state.view == "count":
        return {"counts": [(w.paths, w.by_paths, w.by_backward) for w in result.works]}
    if state.view == "Jacobian":
        return {"J": result.jacobian, "eigenvalues": result.stretches}
    if state.view == "Hessian":
        return {"H": result.hessian}
    numbers: dict[str, Any] = {"by_backward": result.gradient, "by_difference": result.difference}
    if result.found is not None:
        numbers["by_paths"] = result.found.total
    return numbers
