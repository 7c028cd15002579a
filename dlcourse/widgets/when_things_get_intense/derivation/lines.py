"""The derivation of the slide, line by line: what each says, as a formula, in numbers, and what it comes to."""

from __future__ import annotations

from dlcourse.live.numbers import bracketed
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.when_things_get_intense.derivation.state import DerivationState
from dlcourse.widgets.when_things_get_intense.numbers import PathsResult

__all__ = ["RULES", "SAID", "SLIPS", "arithmetic", "formulas", "quotient", "values"]

RULES = (
    "sum over paths",
    "partial derivatives: only k = i contains Wᵢⱼ",
    "chain rule",
    "local gradient",
    "what zᵢ is",
    "the same sum, written short",
    "partial derivatives: only k = j contains Wᵢⱼ",
    "δ, the blame of neuron i",
)
SAID = (
    "Sum over paths: the score is a sum over the neurons before it. Its derivative, measured: move the weight by ±h, divide by 2h.",
    "Partial derivatives: Wᵢⱼ feeds neuron i alone. Every other term of the sum stands still, and its derivative is 0.",
    "Chain rule: Wᵢⱼ moves zᵢ, zᵢ moves aᵢ. Multiply the two rates.",
    "Local gradient of the activation: aᵢ = σ(zᵢ), so ∂aᵢ/∂zᵢ is σ′(zᵢ). From here on σ′ is exact, no longer measured.",
    "What is zᵢ? A bias and a sum of inputs times weights. From here on nothing is measured.",
    "The same sum, written short.",
    "Partial derivatives: only the term with k = j contains Wᵢⱼ, and its derivative is aⱼ.",
    "Everything but aⱼ belongs to neuron i, not to this weight. It is called δᵢ and is computed once for all weights into i.",
)
SLIPS = {
    0: "Printed, twice: Wᵢaᵢ. It is one term of s, and not s: the sum over k is missing.",
    2: "Printed: ⇒, and the line before once more. The two sides are equal, so = it is; nothing follows from anything.",
    3: "Printed: σ′(zᵢ) over ∂zᵢ. Either ∂σ(zᵢ)/∂zᵢ or σ′(zᵢ), not both. Read as it stands, it grows without limit as h shrinks.",
}


def values(result: PathsResult) -> list[float]:
    """What each line of the derivation comes to: four by differences (in the fourth only ∂z/∂W), four exactly."""
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


def formulas(state: DerivationState) -> list[str]:
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
    if state.with_slips:
        term = rf"\dfrac{{\partial W_i^{{({high})}} a_i^{{({high})}}}}{{{by}}}"
        lines[0] = rf"\dfrac{{\partial s}}{{{by}}}={term}={term}"
        lines[2] = rf"\Rightarrow {lines[1][1:]}{lines[2]}"
        lines[3] = rf"={blame}\,\dfrac{{\sigma'({z})}}{{\partial {z}}}\,{arrives}"
    return [f"${line}$" for line in lines]


def arithmetic(state: DerivationState, result: PathsResult) -> list[str]:
    """The same lines in numbers of the chosen network."""
    r, h = result, state.h
    rate = r.da / r.dz if r.dz else r.slope
    blame, slope, a = n(r.blame), n(r.slope), bracketed(r.source)
    inputs = len(r.chain[r.place[0]].inputs)
    terms = ["0"] * (inputs + 1)
    terms[r.place[1] + 1] = a
    kept = "+".join(terms) if inputs <= 4 else f"0+…+{a}+…+0"
    half = r.difference * h
    lines = [
        f"[{n(r.score + half, 7)} − {bracketed(r.score - half, 7)}] / (2 · {n(h)})",
        f"{blame} · {bracketed(r.da)}",
        f"{blame} · {bracketed(rate)} · {bracketed(r.dz)}",
        f"{blame} · {slope} · {bracketed(r.dz)}",
        f"{blame} · {slope} · ({kept})",
        f"{blame} · {slope} · {a}, the term k = j",
        f"{blame} · {slope} · {a}",
        f"{n(r.delta)} · {a}",
    ]
    if state.with_slips:
        i = r.place[2]
        term = r.chain[-1].weight[i, r.output] * r.chain[-1].inputs[i]
        lines[0] = f"slip: Wᵢaᵢ is {n(term)}, s is {n(r.score)}"
        lines[2] = "slip: ⇒ where = belongs"
        lines[3] = f"slip: {blame} · {slope} / {bracketed(h * r.source)} · {a}"
    return lines
