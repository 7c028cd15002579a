"""Recognize the usual slips from the numbers alone: what was returned beside what was expected, on every input.

Each rule looks at one pair and says what would explain it, or "". A rule speaks only where it explains every pair.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dlcourse.checking.comparing import Array, Pair, as_numbers, close, parts_of, same, shown
from dlcourse.errors import a_kind

__all__ = ["faint_slip", "kind_slip", "number_slip", "structure_slip"]


def structure_slip(results: Sequence[tuple[Any, Any]], parts: Sequence[str]) -> str:
    """Several values are expected: are they there, and in this order? Takes pairs (yours, expected) that differ."""
    if not all(isinstance(expected, tuple) for _, expected in results):
        return ""
    split = [(parts_of(yours, expected), expected) for yours, expected in results]
    if all(ps is not None and same(ps[::-1], e) for ps, e in split):
        return "The numbers are right and in the opposite order. Swap what you return."
    for (yours, expected), (own, _) in zip(results, split, strict=True):
        if own is None:
            what = (
                f"{len(expected)} values are expected, separated by commas after return, and {shown(yours)} came back."
            )
            where = [name for name, e in zip(parts, expected, strict=False) if same(yours, e)]
            return what + (f" That is {where[0]}, and it is right." if where else "")
    return ""


def kind_slip(pair: Pair) -> str:
    """Something that is no number or array where one is expected."""
    name, yours = pair.name, pair.yours
    if yours is Ellipsis:
        return f"{name} is still …, the three dots where an answer will be."
    if yours is None:
        computed = f"{name} is None: it is still to be computed."
        return computed if pair.part else f"{name} is None. Is there a path through your function without a return?"
    if isinstance(yours, Iterator) or type(yours).__name__ in ("range", "dict_values", "dict_keys", "set"):
        return f"{name} is {a_kind(yours)}, a promise of values. list(…) collects them, np.array(list(…)) makes an array of them."
    expected = as_numbers(pair.expected)
    if expected is None:
        return _list_slip(pair) if isinstance(pair.expected, (list, tuple)) else ""
    if isinstance(yours, (list, tuple)) and expected.ndim and same(_array(yours), expected):
        kind = type(yours).__name__
        return f"{name} has the right numbers, and they sit in a {kind}. {kind.capitalize()}s do not add or multiply like arrays: return np.array(…)."
    if callable(yours):
        return f"{name} is a function, {shown(yours)}. Are its parentheses missing, f(x) instead of f?"
    if as_numbers(yours) is None:
        return f"{name} should be a number or an array, and yours is {a_kind(yours)}: {shown(yours)}"
    return ""


def _list_slip(pair: Pair) -> str:
    if not isinstance(pair.yours, (list, tuple, np.ndarray)):
        return f"{pair.name} should be a list, and yours is {a_kind(pair.yours)}: {shown(pair.yours)}"
    if parts_of(pair.yours, pair.expected) is None:
        got = len(pair.yours) if np.ndim(pair.yours) or not isinstance(pair.yours, np.ndarray) else 1
        return f"{pair.name} has {got} entries, and {len(pair.expected)} are expected."
    return ""


def _array(value: Any) -> Any:
    """The list as an array, or itself where its rows differ in length."""
    try:
        return np.asarray(value)
    except Exception:
        return value


def number_slip(pairs: Sequence[Pair]) -> str:
    """Name the slip that explains all pairs of one part, or return ""."""
    if any(as_numbers(pair.expected) is None or as_numbers(pair.yours) is None for pair in pairs):
        return ""
    shapes = [_shape(pair) for pair in pairs]
    if any(shapes):
        return _shapes(pairs, shapes) if not all(map(_axes_exchanged, pairs)) else _axes_exchanged(pairs[0])
    for rule in _RULES:
        said = [rule(pair) for pair in pairs]
        if all(said):
            return said[0]
    return ""


def faint_slip(pairs: Sequence[Pair]) -> str:
    """What can be said of the numbers where nothing explains them: always the same, off by one factor or amount, or near."""
    if any(as_numbers(pair.expected) is None or as_numbers(pair.yours) is None for pair in pairs):
        return ""
    return _constant(pairs) or _same_factor(pairs) or _near(pairs)


def _arrays(pair: Pair) -> tuple[Array, Array]:
    yours, expected = as_numbers(pair.yours), as_numbers(pair.expected)
    assert yours is not None and expected is not None
    return (yours + 0 if yours.dtype.kind == "b" else yours), (expected + 0 if expected.dtype.kind == "b" else expected)


def _seen(pair: Pair) -> str:
    return f"yours is {shown(pair.yours)}, expected {shown(pair.expected)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _not_finite(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    if np.all(np.isfinite(yours)) or not np.all(np.isfinite(expected)):
        return ""
    word = "nan (not a number)" if np.any(np.isnan(yours)) else "infinite"
    return f"{pair.name} is {word} where {shown(expected)} is expected. Look for a division by 0, a log of 0, or an exp of a large number."


def _shapes(pairs: Sequence[Pair], said: Sequence[str]) -> str:
    """What the first pair of unlike shapes says, without what would make its numbers right if that helps no other pair."""
    pair, first = next((pair, text) for pair, text in zip(pairs, said, strict=True) if text)
    shapes, _, cure = first.partition(" is expected.")
    if cure.endswith(("right.", "should stay.")) and not all(text.endswith(cure) for text in said if text):
        return f"{shapes} is expected.{_axes(*_arrays(pair))}"
    return first


def _shape(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    if yours.shape == expected.shape:
        return ""
    shapes = f"{pair.name} has shape {yours.shape}, and shape {expected.shape} is expected."
    if yours.ndim == 2 and close(yours.T, expected):
        return shapes + " The numbers are right: it is transposed."
    if yours.size == expected.size and close(yours.ravel(), expected.ravel()):
        return shapes + f" The numbers are right, in the wrong shape. {_which_shape(yours, expected)}".rstrip()
    if yours.ndim == expected.ndim - 1 and (one := _first_or_last(yours, expected)):
        return shapes + one
    for axis in range(yours.ndim) if yours.size else ():
        for word, function in (("sum", np.sum), ("mean", np.mean), ("maximum", np.max), ("minimum", np.min)):
            if close(np.asarray(function(yours, axis=axis)), expected):
                return shapes + f" A {word} over axis {axis} is still to be taken: then the numbers are right."
    for word, function in (
        (("sum", np.sum), ("mean", np.mean), ("maximum", np.max), ("minimum", np.min)) if yours.size else ()
    ):
        if yours.ndim > 1 and not expected.ndim and close(np.asarray(function(yours)), expected):
            return shapes + f" A {word} over all its numbers is still to be taken: then it is right."
        for axis in range(expected.ndim):
            if yours.ndim < expected.ndim and close(yours, np.asarray(function(expected, axis=axis))):
                return shapes + f" You took the {word} over axis {axis}, and that axis should stay."
    return shapes + _axes(yours, expected)


def _axes_exchanged(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    for a in range(expected.ndim if yours.ndim == expected.ndim > 2 else 0):
        for b in range(a):
            if close(np.swapaxes(yours, a, b), expected):
                return f"{pair.name} has the right numbers, and the axes {b} and {a} are exchanged: shape {yours.shape}, expected {expected.shape}."
    return ""


def _yes_or_no(pair: Pair) -> str:
    if np.asarray(pair.yours).dtype.kind == "b" and not np.isin(np.asarray(pair.expected), (0, 1)).all():
        return f"{pair.name} is made of True and False, the answer to a comparison. Expected are numbers: {shown(pair.expected)}."
    return ""


def _which_shape(yours: Array, expected: Array) -> str:
    if yours.ndim > expected.ndim:
        return "An axis of length 1 is too much: index it away, [0] or [:, 0], or leave keepdims out."
    if yours.ndim < expected.ndim and 1 not in expected.shape:
        return f".reshape({', '.join(map(str, expected.shape))}) lays them out."
    return "An axis of length 1 is missing: keepdims=True or [:, None] makes one." if yours.ndim < expected.ndim else ""


def _first_or_last(yours: Array, expected: Array) -> str:
    for word, place in (("first", 0), ("last", -1)):
        if len(expected) and close(yours, expected[place]):
            return f" It is the {word} one alone. Does a return stand inside the loop, or does = replace what should be collected?"
    return ""


def _axes(yours: Array, expected: Array) -> str:
    if yours.ndim > expected.ndim:
        return " An axis too many: is a sum or a mean missing?"
    if yours.ndim < expected.ndim:
        return " An axis was lost: does a sum or a mean run over too many axes?"
    if yours.ndim and len(yours) != len(expected) and yours.shape[1:] == expected.shape[1:]:
        n = min(len(yours), len(expected))
        if n and close(yours[:n], expected[:n]):
            return f" {_ends('first', n)} Does the loop end too {'early' if len(yours) < len(expected) else 'late'}?"
        if n and close(yours[-n:], expected[-n:]):
            return f" {_ends('last', n)} Does the loop begin too {'late' if len(yours) < len(expected) else 'early'}?"
    return " Is a sum or a mean taken along the wrong axis, or a matrix transposed?"


def _ends(which: str, n: int) -> str:
    return f"The {which} one is right." if n == 1 else f"The {which} {n} are right."


def _transposed(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    return f"{pair.name} has the right numbers, transposed." if yours.ndim == 2 and close(yours.T, expected) else ""


def _truncated(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    if yours.dtype.kind in "iu" and expected.dtype.kind == "f" and close(yours + 0.0, np.trunc(expected)):
        return f"{pair.name} holds whole numbers ({yours.dtype}), so everything behind the decimal point was cut off: {shown(yours)}. Make the array with floats."
    return ""


def _wrapped(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    if (
        yours.dtype.kind == "u"
        and expected.dtype.kind in "fiu"
        and close(yours + 0.0, np.mod(np.trunc(expected), 2.0 ** (8 * yours.dtype.itemsize)))
    ):
        return f"{pair.name} is of type {yours.dtype}, which ends at {np.iinfo(yours.dtype).max} and begins again at 0: larger sums wrap around. Turn the numbers into floats first."
    return ""


def _sizes(pair: Pair) -> Iterator[tuple[str, int]]:
    """Every size that occurs in the inputs, with a name."""
    for name, value in zip(pair.names, pair.case, strict=False):
        if isinstance(value, (np.ndarray, list, tuple)):
            shape = np.shape(value) if isinstance(value, np.ndarray) else (len(value),)
            for axis, size in enumerate(shape):
                yield f"the size of {name}{f' along axis {axis}' if len(shape) > 1 else ''}", size
            if len(shape) > 1:
                yield f"how many numbers {name} holds", math.prod(shape)


def _factor(pair: Pair) -> str:
    yours, expected = (array + 0.0 for array in _arrays(pair))
    if not np.any(expected):
        return ""
    seen = _seen(pair)
    if close(yours, -expected):
        return f"Close. {pair.name} has the right size and the opposite sign: {seen}. Which difference did you take, and what is its derivative?"
    if close(yours, 2 * expected):
        return f"{pair.name} is twice what it should be: {seen}. Is a factor ½ missing, or something counted twice?"
    if close(2 * yours, expected):
        return f"{pair.name} is half of what it should be: {seen}. Is a factor 2 missing, perhaps from the derivative of a square?"
    if pair.count > 1 and close(yours, pair.count * expected):
        return f"{pair.name} is {pair.count} times too large: {seen}. There are {pair.count} examples: take the mean, not the sum."
    if pair.count > 1 and close(pair.count * yours, expected):
        return f"{pair.name} is {pair.count} times too small: {seen}. A mean is taken where a sum belongs."
    return ""


def _size_factor(pair: Pair) -> str:
    yours, expected = (array + 0.0 for array in _arrays(pair))
    for what, n in _sizes(pair):
        if n < 2 or not np.any(expected):
            continue
        if close(yours, n * expected):
            return f"{pair.name} is {n} times too large, and {n} is {what}. Is a sum taken where a mean belongs?"
        if close(n * yours, expected):
            return f"{pair.name} is {n} times too small, and {n} is {what}. Is a mean taken where a sum belongs?"
        if close(yours * (n - 1), expected * n) or close(yours * n, expected * (n - 1)):
            return f"{pair.name} is off by the factor {n} / {n - 1}, and {n} is {what}. Is there an n − 1 where n belongs, or n for n − 1?"
        if n > 1 and (
            close(yours * math.sqrt(n - 1), expected * math.sqrt(n))
            or close(yours * math.sqrt(n), expected * math.sqrt(n - 1))
        ):
            return f"{pair.name} is off by the factor √({n} / {n - 1}), and {n} is {what}. Is it ddof=1, an n − 1 under the root?"
    return ""


def _rule(change: Callable[[Array], Any], said: str) -> Callable[[Pair], str]:
    """A rule for one change that turns the right numbers into the wrong ones."""

    def rule(pair: Pair) -> str:
        yours, expected = _arrays(pair)
        with np.errstate(all="ignore"):
            changed = np.asarray(change(expected + 0.0))
        if not np.all(np.isfinite(changed)) or close(changed, expected) or not close(yours + 0.0, changed):
            return ""
        return (
            f"{pair.name} {said} {_capital(_seen(pair))}."
            if said.endswith("?")
            else f"{pair.name} {said}: {_seen(pair)}."
        )

    return rule


def _everywhere_one(pair: Pair) -> str:
    yours, expected = _arrays(pair)
    if (
        expected.size > 1
        and np.any(expected != expected.flat[0])
        and yours.shape == expected.shape
        and np.all(yours == yours.flat[0])
    ):
        return f"{pair.name} holds the same number everywhere, {shown(yours.flat[0])}. Does each place get its own, or is one value written into all of them?"
    return ""


def _places(pair: Pair) -> str:
    """Right but for one end, one row or one column."""
    yours, expected = _arrays(pair)
    if yours.shape != expected.shape or expected.ndim == 0:
        return ""
    wrong = ~np.isclose(yours, expected, rtol=1e-5, atol=1e-7)
    for axis in range(expected.ndim):
        n = expected.shape[axis]
        hit = np.flatnonzero(wrong.any(axis=tuple(a for a in range(expected.ndim) if a != axis)))
        if n > 1 and len(hit) == 1 and hit[0] in (0, n - 1):
            word = "first" if hit[0] == 0 else "last"
            line = {1: "entry"}.get(expected.ndim, f"slice along axis {axis}")
            return f"{pair.name} is right but for the {word} {line}: there {_at(yours, axis, hit[0])} stands, and {_at(expected, axis, hit[0])} is expected. Does the loop leave it out?"
    return ""


def _at(array: Array, axis: int, place: int) -> str:
    return shown(np.take(array, place, axis=axis))


def _argument(pair: Pair) -> str:
    yours, _ = _arrays(pair)
    for name, value in zip(pair.names, pair.case, strict=False):
        numbers = as_numbers(value)
        if numbers is not None and numbers.size > 1 and close(yours, numbers):
            return f"{pair.name} is the argument {name}, as it came in. Something is still to be done with it."
    return ""


def _near(pairs: Sequence[Pair]) -> str:
    """Not exact, and never far from it."""
    arrays = [_arrays(pair) for pair in pairs]
    if any(yours.shape != expected.shape or not np.all(expected) for yours, expected in arrays):
        return ""
    apart = [np.max(np.abs(yours - expected) / np.abs(expected), initial=0.0) for yours, expected in arrays]
    if not max(apart) < 0.03:
        return ""
    return (
        f"{pairs[0].name} is near on every input, at most {shown(100 * max(apart))} % off, and not exact. "
        "Is something rounded, or does a search or a loop end too early?"
    )


_RULES: tuple[Callable[[Pair], str], ...] = (
    _not_finite,
    _transposed,
    _yes_or_no,
    _truncated,
    _wrapped,
    _factor,
    _argument,
    _rule(lambda e: 100 * e, "is in per cent, 100 times too large"),
    _rule(lambda e: e / 100, "is 100 times too small"),
    _rule(np.square, "is the square of what it should be, so a root is missing or a square too much"),
    _rule(lambda e: np.sqrt(np.abs(e)) if np.all(e >= 0) else np.nan, "is the root of what it should be, so a square is missing or a root too much"),
    _rule(lambda e: 1 / e, "is upside down, 1 divided by what it should be"),
    _rule(lambda e: 1 - e, "is 1 minus what it should be, as if yes and no were exchanged"),
    _rule(np.abs, "has lost its sign"),
    _rule(lambda e: e / math.log(2), "is a logarithm to base 2 where the natural one (np.log) belongs"),
    _rule(lambda e: e / math.log(10), "is a logarithm to base 10 where the natural one (np.log) belongs"),
    _rule(np.rad2deg, "is in degrees where radians are expected"),
    _rule(np.deg2rad, "was taken for degrees and turned into radians once too often"),
    _rule(np.exp, "is e to the power of what it should be"),
    _rule(np.log, "is the logarithm of what it should be"),
    _rule(np.round, "was rounded"),
    _rule(np.floor, "was rounded down, as // and int(…) do"),
    _rule(np.ceil, "was rounded up"),
    _rule(lambda e: e + 1, "is 1 too large, so it is off by one: where does counting begin, and what is counted twice?"),
    _rule(lambda e: e - 1, "is 1 too small, so it is off by one: where does counting begin, and what is left out?"),
    _rule(lambda e: np.sort(e, axis=None).reshape(e.shape) if e.ndim else e, "has the right numbers, sorted"),
    _rule(lambda e: e[::-1] if e.ndim else e, "has the right numbers, from the last to the first"),
    _rule(lambda e: e[:, ::-1] if e.ndim > 1 else e, "has the right numbers, each row from its last to its first"),
    _rule(lambda e: np.roll(e, 1, axis=0) if e.ndim else e, "has the right numbers, moved on by one place"),
    _rule(lambda e: np.roll(e, -1, axis=0) if e.ndim else e, "has the right numbers, moved back by one place"),
    _rule(np.cumsum, "is a running sum of what it should be: is something added up that should be replaced?"),
    _rule(np.zeros_like, "is 0 where it should not be: was an array of zeros made and never filled, or does something cancel?"),
    _size_factor,
    _everywhere_one,
    _places,
)  # fmt: skip


def _constant(pairs: Sequence[Pair]) -> str:
    """The same answer to different questions."""
    first = as_numbers(pairs[0].yours)
    assert first is not None
    alike = all(same(pair.yours, pairs[0].yours) for pair in pairs)
    if len(pairs) > 2 and alike and not all(same(pair.expected, pairs[0].expected) for pair in pairs):
        return f"{pairs[0].name} is always {shown(first)}, whatever comes in. Compute it from the arguments."
    return ""


def _same_factor(pairs: Sequence[Pair]) -> str:
    """One factor, or one amount, explains all pairs."""
    if len(pairs) < 3:
        return ""
    arrays = [_arrays(pair) for pair in pairs]
    yours = np.concatenate([y.ravel() + 0.0 for y, _ in arrays])
    expected = np.concatenate([e.ravel() + 0.0 for _, e in arrays])
    if len(yours) != len(expected) or not np.all(np.isfinite(yours)) or np.iscomplexobj(yours):
        return ""
    place = int(np.argmax(np.abs(expected)))
    factor = yours[place] / expected[place] if expected[place] else 0.0
    if factor and close(yours, factor * expected):
        return f"{pairs[0].name} is {shown(factor)} times what it should be, on every input: {_seen(pairs[0])}. Where does that factor come from?"
    if np.ptp(expected) and close(yours - (yours[0] - expected[0]), expected):
        return f"{pairs[0].name} is off by {shown(yours[0] - expected[0])}, the same on every input: {_seen(pairs[0])}. What is added once too often, or left out?"
    return ""
