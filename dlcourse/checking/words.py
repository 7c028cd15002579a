"""Say what a change of a program is about: which slip makes the wrong text of the right one."""

from __future__ import annotations

import ast
from collections.abc import Callable

__all__ = ["alike", "slip_of"]


def slip_of(kind: str, wrong: ast.AST, right: ast.AST) -> str:
    """One sentence that names the slip, quoting what is wrong and not what would be right."""
    say = _SAY.get(kind)
    return say(wrong, right) if say else f"`{_short(wrong)}` is not what belongs there."


def alike(said: str, places: int) -> str:
    """The sentence, and at how many places it is so."""
    return said if places == 1 else f"{said} So it is at {places} places."


def _short(node: ast.AST, limit: int = 60) -> str:
    if isinstance(node, ast.For | ast.While):
        return "the loop"
    text = ast.unparse(node).splitlines()[0]
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _longer(wrong: ast.AST, right: ast.AST) -> bool:
    return len(ast.unparse(wrong)) > len(ast.unparse(right))


def _quote(text: str) -> Callable[[ast.AST, ast.AST], str]:
    return lambda wrong, right: text.format(w=_short(wrong))


def _piece(whole: ast.AST, part: ast.AST) -> str:
    """What a sum or a product has besides one of its sides."""
    if isinstance(whole, ast.BinOp):
        symbol = ast.unparse(ast.BinOp(ast.Name("a"), whole.op, ast.Name("b")))[2:-2]
        if ast.dump(part) == ast.dump(whole.left):
            return f"{symbol} {_short(_bracketed(whole.right))}"
        return f"{_short(_bracketed(whole.left))} {symbol}"
    return _short(whole)


def _bracketed(node: ast.expr) -> ast.AST:
    return ast.Name(f"({ast.unparse(node)})") if isinstance(node, ast.BinOp) else node


def _term(wrong: ast.AST, right: ast.AST) -> str:
    if _longer(wrong, right):
        return f"`{_piece(wrong, right)}` is too much in `{_short(wrong)}`."
    return f"`{_piece(right, wrong)}` is missing: that is what gives `{_short(wrong)}` alone."


def _square(wrong: ast.AST, right: ast.AST) -> str:
    if _longer(wrong, right):
        return f"`{_short(wrong)}`: the power (**) is too much."
    return (
        f"A square (** 2) is missing at `{_short(wrong)}`."
        if "** 2" in ast.unparse(right)
        else f"A power (**) is missing at `{_short(wrong)}`."
    )


def _doubled(wrong: ast.AST, right: ast.AST) -> str:
    if "**" in ast.unparse(right) and "**" not in ast.unparse(wrong):
        return f"`{_short(wrong)}` doubles. A square is ** 2."
    return f"`{_short(wrong)}` squares where it should double, * 2."


def _product(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.BinOp) and isinstance(wrong.op, ast.Mult):
        return f"`{_short(wrong)}`: * multiplies place by place and adds nothing up. A product that adds up is @."
    return f"`{_short(wrong)}`: @ multiplies and adds up along an axis. Place by place is *."


def _divide(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.BinOp) and isinstance(wrong.op, ast.Div):
        return f"`{_short(wrong)}` divides where it should multiply."
    return f"`{_short(wrong)}` multiplies where it should divide."


def _whole(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.BinOp) and isinstance(wrong.op, ast.FloorDiv):
        return f"`{_short(wrong)}`: // is the whole division, it cuts off what is behind the decimal point. Divide with one /."
    return f"`{_short(wrong)}`: / gives a fraction, and a whole number is meant: whole division is //."


def _regrouped(node: ast.AST) -> str:
    """How Python reads an expression, with all brackets written."""
    if isinstance(node, ast.BinOp):
        symbol = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[2:-2]
        sides = [f"({_regrouped(s)})" if isinstance(s, ast.BinOp) else _regrouped(s) for s in (node.left, node.right)]
        return f"{sides[0]} {symbol} {sides[1]}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return (
            f"-({_regrouped(node.operand)})" if isinstance(node.operand, ast.BinOp) else f"-{_regrouped(node.operand)}"
        )
    return ast.unparse(node)


def _brackets(wrong: ast.AST, right: ast.AST) -> str:
    return f"Brackets: `{_short(wrong)}` is read as {_regrouped(wrong)}, and something else is meant."


def _function(call: ast.AST) -> str:
    return ast.unparse(call.func) if isinstance(call, ast.Call) else ast.unparse(call)


_NOUNS = {"sum": "a sum", "mean": "a mean", "max": "the largest", "min": "the smallest", "argmax": "the place of the largest",
    "argmin": "the place of the smallest", "std": "a standard deviation", "var": "a variance", "median": "a median", "prod": "a product",
    "any": "any (is one True?)", "all": "all (is each True?)", "argsort": "the order of the places"}  # fmt: skip


def _noun(call: ast.AST) -> str:
    name = _function(call)
    return _NOUNS.get(name.split(".")[-1], name)


def _functions(wrong: ast.AST, right: ast.AST) -> str:
    return f"`{_short(wrong)}`: {_noun(wrong)} where {_noun(right)} belongs."


def _call(wrong: ast.AST, right: ast.AST) -> str:
    if _longer(wrong, right):
        return f"{_function(wrong)} is too much in `{_short(wrong)}`."
    return f"{_function(right)} is missing: `{_short(wrong)}` is taken as it is."


def _close(wrong: ast.AST, right: ast.AST) -> str:
    call = wrong if isinstance(wrong, ast.Call) else right
    early = "too late, around too much" if isinstance(wrong, ast.Call) else "too early"
    return f"Brackets: those of {_function(call)} close {early}: `{_short(wrong)}`."


def _axis(wrong: ast.AST, right: ast.AST) -> str:
    axis = {k.arg: ast.unparse(k.value) for k in getattr(wrong, "keywords", [])}.get("axis")
    if axis in (None, "None"):
        return f"`{_short(wrong)}` runs over all axes at once. Say along which one: axis=…."
    return (
        f"`{_short(wrong)}`: the axis is wrong. Axis {axis} is the one that disappears there, and another one should."
    )


def _keyword(wrong: ast.AST, right: ast.AST) -> str:
    def settings(call: ast.AST) -> set[str]:
        return {f"{k.arg}={ast.unparse(k.value)}" for k in getattr(call, "keywords", [])}

    extra, lacking = settings(wrong) - settings(right), settings(right) - settings(wrong)
    if "ddof=1" in extra:
        return "ddof=1 divides by n − 1, an estimate for a larger crowd. Here all n count: leave it out."
    if extra:
        return f"{', '.join(sorted(extra))} is too much in `{_short(wrong)}`."
    return f"{', '.join(sorted(lacking))} is missing in `{_short(wrong)}`."


def _transposed(wrong: ast.AST, right: ast.AST) -> str:
    if ast.unparse(wrong).count(".T") > ast.unparse(right).count(".T"):
        return f"`{_short(wrong)}`: transposed once too often. Look at the .T."
    return f"`{_short(wrong)}`: a .T is missing, rows and columns are exchanged."


def _minus(wrong: ast.AST, right: ast.AST) -> str:
    return (
        f"The minus of `{_short(wrong)}` is too much."
        if _longer(wrong, right)
        else f"A minus is missing before `{_short(wrong)}`."
    )


def _compare(wrong: ast.AST, right: ast.AST) -> str:
    symbols = [
        ast.unparse(ast.Compare(ast.Name("a"), [c.ops[0]], [ast.Name("b")]))[2:-2]
        for c in (wrong, right)
        if isinstance(c, ast.Compare)
    ]
    if {*symbols} in ({">", ">="}, {"<", "<="}):
        return f"`{_short(wrong)}`: {symbols[0]} and {symbols[1]} differ where both sides are equal, and there yours answers wrongly."
    return f"`{_short(wrong)}`: the comparison is the wrong way round."


def _one(wrong: ast.AST, right: ast.AST) -> str:
    return f"Off by one: {'the number ' if isinstance(wrong, ast.Constant) else ''}`{_short(wrong)}`."


def _sign(wrong: ast.AST, right: ast.AST) -> str:
    signs = [f"{ast.unparse(n)[len(ast.unparse(n.target)) :].split('=')[0].strip()}=" for n in (wrong, right) if isinstance(n, ast.AugAssign)]  # fmt: skip
    if len(signs) == 2 and {*signs} != {"+=", "-="}:
        return f"`{_short(wrong)}`: {signs[0]} where {signs[1]} belongs."
    return f"`{_short(wrong)}`: plus and minus are exchanged."


def _one_more(wrong: ast.AST, right: ast.AST) -> str:
    return _one(wrong, right) if _longer(wrong, right) else _term(wrong, right)


def _power(wrong: ast.AST, right: ast.AST) -> str:
    if "**" in ast.unparse(wrong):
        return f"`{_short(wrong)}`: ** raises to a power. To multiply is *."
    return f"`{_short(wrong)}` multiplies where a power (**) belongs."


def _name(wrong: ast.AST, right: ast.AST) -> str:
    return f"`{_short(wrong)}` stands where `{_short(right)}` belongs."


def _range(wrong: ast.AST, right: ast.AST) -> str:
    w, r = ([ast.unparse(a) for a in call.args] if isinstance(call, ast.Call) else [] for call in (wrong, right))
    starts, stops = ([a[0] if len(a) > 1 else "0" for a in (w, r)], [a[min(1, len(a) - 1)] for a in (w, r)])
    said = []
    if starts[0] != starts[1]:
        said.append(
            f"it begins at {starts[0]}, and Python counts from 0"
            if starts[0] == "1"
            else f"it begins at {starts[0]}, the wrong place"
        )
    if stops[0] != stops[1]:
        short = stops[0].endswith("- 1") or stops[1].endswith("+ 1")
        said.append("it is one short: range ends before its last number by itself" if short else "it goes one too far")
    if len(w) != len(r) and max(len(w), len(r)) == 3:
        said.append("the step is missing" if len(w) < 3 else "the step is too much")
    return f"The loop is not over all: `{_short(wrong)}`, {' and '.join(said)}."


def _operator(wrong: ast.AST, right: ast.AST) -> str:
    return f"`{_short(wrong)}`: one of the signs of calculation (+ − * / @) is another."


def _gather(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.AugAssign) and isinstance(wrong.op, ast.Mult):
        return f"`{_short(wrong)}` multiplies. Here it is added up: +=, beginning at 0."
    return f"`{_short(wrong)}` adds up. Here it is multiplied: *=, beginning at 1."


def _exchange(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.Name):
        return f"`{_short(wrong)}` and `{_short(right)}` are exchanged."
    return f"`{_short(wrong)}`: two of the names are exchanged."


def _sides(wrong: ast.AST, right: ast.AST) -> str:
    return f"`{_short(wrong)}`: the two sides are exchanged."


def _unfinished(wrong: ast.AST, right: ast.AST) -> str:
    return f"What comes back is `{_short(wrong)}`, a step on the way. Something is still to be done with it."


def _assign(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.AugAssign):
        does = "multiplies" if isinstance(wrong.op, ast.Mult) else "adds to"
        return f"`{_short(wrong)}` {does} what was there. Here it is replaced: =."
    op = right.op if isinstance(right, ast.AugAssign) else ast.Add()
    symbol = "*=" if isinstance(op, ast.Mult) else "+="
    return f"`{_short(wrong)}` replaces what was there, in every round. To collect, {symbol} instead of =."


def _statement(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(right, ast.Pass):
        return f"`{_short(wrong)}` is too much: without it the numbers are right."
    return f"`{_short(right)}` is missing."


def _degrees(wrong: ast.AST, right: ast.AST) -> str:
    if "radians" in ast.unparse(wrong) + ast.unparse(right) and not _longer(wrong, right):
        return f"`{_short(wrong)}` is in degrees, and sin and cos take radians: 180° are π. np.radians(…) converts."
    return f"`{_short(wrong)}`: degrees and radians are exchanged."


def _subscript(wrong: ast.AST, right: ast.AST) -> str:
    if _longer(wrong, right):
        return f"The index of `{_short(wrong)}` is too much: all of it is meant."
    return f"`{_short(wrong)}` is taken whole. An index is missing: which part of it belongs there?"


def _maximum(wrong: ast.AST, right: ast.AST) -> str:
    if _function(wrong) in ("max", "min", "np.max", "np.min", "np.amax", "np.amin"):
        return f"`{_short(wrong)}`: {_function(wrong)} looks for one {'largest' if 'max' in _function(wrong) else 'smallest'} number. Entry by entry is np.{'maximum' if 'max' in _function(wrong) else 'minimum'}."
    return _functions(wrong, right)


def _condition(wrong: ast.AST, right: ast.AST) -> str:
    if isinstance(wrong, ast.If):
        return f"The condition `{_short(wrong)}` is too much."
    return f"`{_short(wrong)}` is done always. A condition (if …) is missing before it."


_IN_LOOP = "`{w}` stands inside the loop, so every round does it. It belongs behind the loop: move it to the left."
_SAY: dict[str, Callable[[ast.AST, ast.AST], str]] = {
    "return": lambda w, r: "The return stands inside the loop, so the first round ends it. Move it to the left, behind the loop.",
    "return behind": lambda w, r: "Only the first round of the loop counts: does the return stand inside the loop? Move it to the left, behind the loop.",
    "assign": _assign, "range": _range, "sign": _sign, "order": _sides, "swapped": _sides,
    "arguments": _quote("`{w}`: the arguments are exchanged."), "product": _product, "outer": _product, "divide": _divide, "whole": _whole,
    "term": _term, "factor": _term, "divisor": _term, "complement": _term, "operation": _quote("`{w}`: + and * are exchanged."),
    "square": _square, "doubled": _doubled, "brackets": _brackets, "close": _close, "function": _functions, "call": _call,
    "axis": _axis, "keyword": _keyword, "transposed": _transposed, "minus": _minus, "compare": _compare, "one": _one, "one more": _one_more, "power": _power, "name": _name,
    "index": _quote("`{w}`: another index belongs there."), "slice": _quote("`{w}`: the slice begins or ends at another place."),
    "subscript": _subscript, "number": _quote("The number {w}: another one belongs there."), "logic": _quote("`{w}`: and/or, or yes and no, are exchanged."),
    "branches": _quote("`{w}`: the two branches are exchanged."), "maximum": _maximum, "degrees": _degrees,
    "exchange": _exchange, "gather": _gather, "operator": _operator, "unfinished": _unfinished,
    "statement": _statement, "statements": lambda w, r: f"`{_short(w)}` and `{_short(r)}` stand in the wrong order.",
    "inside": _quote(_IN_LOOP), "behind": _quote("`{w}` stands behind the loop, so it is done once. It belongs inside: move it to the right."),
    "reset": _quote("`{w}` stands inside the loop, so every round begins anew. Move it before the loop."),
    "anew": _quote("`{w}` is done once, before the loop. Every round needs it anew: move it inside."),
    "break": _quote("`{w}`: break ends the loop, continue goes on with the next round."), "condition": _condition,
}  # fmt: skip
