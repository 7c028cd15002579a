"""Exercises of lesson 18b: read a finder's table, write a schedule, and let a noisy descent end quietly."""

from __future__ import annotations

import numpy as np

from dlcourse.checking.exercise import Case, Exercise, Lesson, Varies, Wrong, change, changes

__all__ = ["BETS", "EXERCISES", "check", "hint", "solution"]

BETS = {
    "lowest": "more than five times the least",
    "length": "at one about four times smaller",
    "both": "about 0.09",
    "trick": "centre",
}
"""What comes in each bet of the lesson: kept here, for a cell that told it would spoil the bet."""

_rng = np.random.default_rng(182)

# --- steepest --------------------------------------------------------------------------------------------------------

_STEEPEST = '''def steepest(rates, losses):
    """A finder's table. rates: (R,), rising, not evenly spaced. losses: (R,), the smoothed loss
    at each. Look at the stretches between neighbours, from the first rate to the one with the
    lowest loss. On which does the loss fall most for each power of ten of the rate? Returns the
    rate in its middle, as it is seen on a logarithmic axis, a number."""
    lowest = np.argmin(losses)
    logs, fall = np.log10(rates[: lowest + 1]), losses[: lowest + 1]
    slopes = np.diff(fall) / np.diff(logs)
    i = np.argmin(slopes)
    return 10 ** ((logs[i] + logs[i + 1]) / 2)
'''
_CUT = "np.log10(rates[: lowest + 1]), losses[: lowest + 1]"
_MIDDLE = "10 ** ((logs[i] + logs[i + 1]) / 2)"


def _table(size: int) -> Case:
    """A loss that stays, falls with bumps, and flies off."""
    logs = np.sort(_rng.uniform(-4, 0.5, size))
    fall = 2.3 - 1.8 / (1 + np.exp(-3 * (logs + 1.5))) + _rng.normal(size=size) * 0.1
    lowest = int(np.argmin(fall))
    late = np.array([3.0, 5.0, 1.0])  # after the lowest, what flies off may fall again
    rates = 10 ** np.concatenate([logs[: lowest + 1], logs[lowest] + np.array([0.2, 0.4, 0.5])])
    return rates, np.concatenate([fall[: lowest + 1], late])


steepest = Exercise(
    name="steepest",
    blank_from="    lowest = np",
    solution=_STEEPEST,
    cases=[
        (np.array([0.001, 0.01, 0.1, 0.2, 1.0, 10.0]), np.array([2.3, 2.2, 1.4, 1.0, 0.7, 4.0])),
        (np.array([0.001, 0.01, 0.02, 0.1, 1.0, 2.0, 4.0]), np.array([2.0, 2.1, 2.9, 1.5, 0.5, 6.0, 1.0])),
        (np.array([0.01, 0.02, 0.2, 0.3]), np.array([2.0, 1.9, 1.7, 1.0])),
        *(_table(size) for size in (12, 20, 30)),
    ],
    hints=(
        "Draw the table on a logarithmic axis: how wide is each stretch there, and how far does the loss fall on it?",
        "Cut both arrays behind np.argmin(losses). np.diff(losses) / np.diff(np.log10(rates)) has the slope of each stretch.",
        "i = np.argmin(slopes), for a fall is negative. The middle of two logarithms is their mean, and 10 ** mean is the rate.",
    ),
    wrong=(
        change(
            _STEEPEST, "np.diff(fall) / np.diff(logs)", "np.diff(fall)",
            "You take the largest fall between neighbours. The stretches are not equally wide: divide each fall by np.diff(np.log10(rates))."),
        change(
            _STEEPEST, "np.diff(fall) / np.diff(logs)", "np.diff(fall) / np.diff(rates[: lowest + 1])",
            "You divide by the difference of the rates, so a fall among the smallest ones looks steepest. For each power of ten: divide by the difference of their logarithms."),
        change(
            _STEEPEST, "np.argmin(slopes)", "np.argmax(slopes)",
            "You found where the loss rises most, or falls least: a fall is negative, so the steepest fall is the minimum."),
        change(
            _STEEPEST, "np.argmin(slopes)", "np.argmax(np.abs(slopes))",
            "np.abs takes a steep rise for a fall. Keep the sign, and take the minimum."),
        change(
            _STEEPEST, _CUT, "np.log10(rates), losses",
            "Your stretch lies behind the lowest loss, where the training has blown up already and the loss jumps up and down. Cut the table at its lowest loss."),
        change(
            _STEEPEST, _CUT, "np.log10(rates[:lowest]), losses[:lowest]",
            "The last stretch, the one that ends at the lowest loss, is missing: [: lowest + 1]."),
        change(
            _STEEPEST, _MIDDLE, "(rates[i] + rates[i + 1]) / 2",
            "The right stretch. Its middle on a logarithmic axis is not the mean of both rates, but of their logarithms."),
        change(
            _STEEPEST, _MIDDLE, "rates[i]",
            "The right stretch, and you give its left end. Asked for is its middle, on a logarithmic axis."),
        change(
            _STEEPEST, _MIDDLE, "rates[i + 1]",
            "The right stretch, and you give its right end. Asked for is its middle, on a logarithmic axis."),
        change(
            _STEEPEST, _MIDDLE, "(logs[i] + logs[i + 1]) / 2",
            "{yours} is the logarithm of the rate. Asked for is the rate: 10 ** of it."),
        change(
            _STEEPEST, _MIDDLE, "np.exp((logs[i] + logs[i + 1]) / 2)",
            "np.exp undoes np.log. What undoes np.log10 is 10 ** …"),
        change(
            _STEEPEST, _MIDDLE, "rates[lowest]",
            "{yours} is the rate with the lowest loss. There the next step may already be too long; the steepest fall lies before it."),
        change(
            _STEEPEST, _MIDDLE, "i",
            "{yours} is the number of the stretch in the table. Asked for is a rate."),
        change(
            _STEEPEST, _MIDDLE, "slopes[i]",
            "{yours} is how steep it is. Asked for is the rate at which it is so."),
    ),
    praise="A table of numbers, and no eye needed. dl.find_lr does it with falls over a fifth of the rates, because real curves are noisy.",
)  # fmt: skip

# --- warm_cosine -----------------------------------------------------------------------------------------------------

_WARM = '''def warm_cosine(step, lr, warm, steps):
    """The learning rate of update number `step`; the first is 0. The first `warm` updates rise
    in a straight line: lr / warm, 2 · lr / warm … up to lr. From update `warm` on it falls
    along half a cosine wave: lr at update `warm`, lr / 2 midway, 0 at update `steps` and
    after it."""
    if step < warm:
        return lr * (step + 1) / warm
    share = min((step - warm) / (steps - warm), 1)
    return lr * (1 + np.cos(np.pi * share)) / 2
'''
_RISE, _SHARE, _FALL = (
    "lr * (step + 1) / warm",
    "min((step - warm) / (steps - warm), 1)",
    "lr * (1 + np.cos(np.pi * share)) / 2",
)

warm_cosine = Exercise(
    name="warm_cosine",
    blank_from="    if step < warm",
    solution=_WARM,
    cases=[
        (0, 0.4, 4, 10), (3, 0.4, 4, 10), (4, 0.4, 4, 10), (7, 0.4, 4, 10), (10, 0.4, 4, 10), (14, 0.4, 4, 10),
        (1, 0.3, 3, 20), (9, 0.3, 3, 20), (19, 0.3, 3, 20), (0, 1.0, 0, 8), (2, 1.0, 0, 8), (25, 0.3, 3, 20),
    ],
    hints=(
        "Two pieces. What should come out for step 0, step warm − 1, step warm and step steps? Begin with these four.",
        "While step < warm: lr * (step + 1) / warm. After that, which share of the way from warm to steps is done? Not more than 1.",
        "share = min((step - warm) / (steps - warm), 1), and half a cosine wave from 1 to 0 is (1 + np.cos(np.pi * share)) / 2.",
    ),
    wrong=(
        change(
            _WARM, _RISE, "lr * step / warm",
            "Your first update has the rate 0, so it is wasted: the rise begins at lr / warm. Count step + 1."),
        change(
            _WARM, _RISE, "lr",
            "There is no rise: the first updates have the full rate already."),
        change(
            _WARM, _RISE, "lr / warm",
            "The first `warm` updates all have lr / warm. It should rise with each of them: times step + 1."),
        change(
            _WARM, _RISE, "lr * (1 - np.cos(np.pi * (step + 1) / warm)) / 2",
            "Your rise follows a cosine wave, as in one_cycle. Asked for is a straight line."),
        change(
            _WARM, _SHARE, "min(step / steps, 1)",
            "Your wave has begun at step 0, under the rise, so behind it the rate jumps down. It begins at update `warm`: step − warm."),
        change(
            _WARM, _SHARE, "min((step - warm) / steps, 1)",
            "Your wave takes `steps` updates, but only steps − warm are left for it, so it does not reach 0 in time."),
        change(
            _WARM, _SHARE, "(step - warm) / steps if step < steps else 1",
            "Your wave is not over when 0 comes, so the rate falls off a cliff at update `steps`. It has steps − warm updates, not `steps`."),
        Wrong(
            changes(_WARM, ("    if step < warm:\n        return lr * (step + 1) / warm\n", ""), (_SHARE, "min(step / steps, 1)"), (_FALL, "lr * min((step + 1) / max(warm, 1), 1) * (1 + np.cos(np.pi * share)) / 2")),
            "You multiply the rise by a wave that begins at step 0, so the rate never gets up to lr. One comes after the other: the wave begins at update `warm`.",
        ),
        change(
            _WARM, _SHARE, "(step - warm) / (steps - warm)",
            "Behind update `steps` your wave comes up again. The share of the way that is done is at most 1."),
        change(
            _WARM, _FALL, "lr * (1 + np.cos(2 * np.pi * share)) / 2",
            "That is a whole wave: down to 0 midway, and up to lr again at the end. Half a wave ends at π."),
        change(
            _WARM, _FALL, "lr * np.cos(np.pi * share)",
            "np.cos goes from 1 to −1, and your rate becomes negative. (1 + cos) / 2 goes from 1 to 0."),
        change(
            _WARM, _FALL, "lr * np.cos(np.pi * share / 2)",
            "Your rate does reach 0, along a quarter of a wave, and falls fastest at the end. (1 + np.cos(np.pi * share)) / 2 ends gently."),
        change(
            _WARM, _FALL, "lr * (1 + np.cos(np.pi * share))",
            "Twice too high: at update `warm` it should be lr, and 1 + cos(0) is 2."),
        change(
            _WARM, _FALL, "lr * (1 + np.cos(share)) / 2",
            "The π is missing: np.cos counts in radians, and half a wave is π."),
        change(
            _WARM, _FALL, "lr * (1 + np.cos(180 * share)) / 2",
            "np.cos counts in radians, not in degrees: half a wave is np.pi."),
        change(
            _WARM, _FALL, "lr * (1 - np.cos(np.pi * share)) / 2",
            "Your wave goes up. At share 0 it should be lr, at share 1 nothing: 1 + cos."),
        change(
            _WARM, _FALL, "lr * (1 - share)",
            "A straight line down. It has the right ends and the right middle, but half a cosine wave is asked for."),
        change(
            _WARM, _FALL, "lr * (1 + np.cos(np.pi * share)) / 2 if share < 1 else lr",
            "Your wave comes down well, and at update `steps` the rate jumps up to lr. It is 0 there, and after it."),
        change(
            _WARM, _FALL, "lr",
            "Behind the rise your rate stays at lr. From update `warm` on it falls."),
    ),
    praise="dl.schedules.warm_up(dl.schedules.cosine(lr, steps=steps - warm), steps=warm) is the same, and most large models are trained with it.",
)  # fmt: skip

# --- averaged --------------------------------------------------------------------------------------------------------

_AVERAGED = '''def averaged(hessian, w, noise, lr, last):
    """A noisy descent on ½ wᵀ H w: update t takes the gradient H w + noise[t], and w moves by
    −lr times it. hessian: H, (D, D), w: the start, (D,), noise: (T, D), a row for each of T
    updates. Returns the mean of the weights that the last `last` updates have led to, (D,)."""
    places = []
    for each in noise:
        w = w - lr * (hessian @ w + each)
        places.append(w)
    return np.mean(places[-last:], axis=0)
'''
_END = "np.mean(places[-last:], axis=0)"


def _noisy(size: int, updates: int, last: int) -> Case:
    """A bowl whose axes lie across the weights, and noise."""
    a = _rng.normal(size=(size, size))
    hessian = a @ a.T / size + 0.2 * np.eye(size)
    return (
        hessian,
        _rng.normal(size=size),
        _rng.normal(size=(updates, size)),
        0.5 / float(np.linalg.eigvalsh(hessian)[-1]),
        last,
    )


averaged = Exercise(
    name="averaged",
    varies=Varies(
        what="the factor in the loss",
        given="½",
        others=(("2", "4"), ("3", "6"), ("4", "8")),
        pieces=(
            ("A noisy descent on ½ wᵀ H w", "A noisy descent on {0} wᵀ H w"),
            ("gradient H w + noise[t]", "gradient {1} H w + noise[t]"),
            ("(hessian @ w + each)", "({1} * hessian @ w + each)"),
            ("lr * (H w + noise[t])", "lr * ({1} H w + noise[t])"),
        ),
    ),
    blank_from="    places = []",
    solution=_AVERAGED,
    cases=[
        (np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([4.0, 2.0]), np.array([[0.0, 0.0], [1.0, -1.0], [0.0, 2.0]]), 0.25, 2),
        (np.array([[2.0]]), np.array([1.0]), np.array([[0.5], [-0.5]]), 0.1, 1),
        *(_noisy(*sizes) for sizes in ((3, 9, 4), (2, 12, 7), (4, 6, 6))),
    ],
    hints=(
        "One line more in a plain loop, and another one after it. What must be kept from each update?",
        "Keep the weights of each update in a list, and take the mean of the last entries when the loop is over: places[-last:].",
        "np.mean(places[-last:], axis=0) averages over the updates and leaves one number for each weight.",
    ),
    wrong=(
        change(
            _AVERAGED, _END, "w",
            "{yours} are the last weights, with all of their noise. Asked for is the mean of the last `last`. If you keep them in a list: w −= … changes the array that is in it already, w = w − … makes a new one."),
        change(
            _AVERAGED, _END, "np.mean(places, axis=0)",
            "You average over all updates, the way down included. Only the last ones count: places[-last:]."),
        change(
            _AVERAGED, _END, "np.mean(places[:last], axis=0)",
            "You average the first updates, the way down. places[-last:] are the last ones."),
        change(
            _AVERAGED, _END, "np.mean(places[-last:])",
            "One number for all weights: the mean over both axes. Average over the updates only, axis=0."),
        change(
            _AVERAGED, _END, "np.sum(places[-last:], axis=0)",
            "The sum of the last weights, not their mean: divide by their number."),
        change(
            _AVERAGED, _END, "np.sum(places[-last:], axis=0) / len(noise)",
            "You divide by the number of all updates, and have added up only the last `last`."),
        change(
            _AVERAGED, _END, "np.mean(places[-last - 1 :], axis=0)",
            "One too many: places[-last:] has `last` entries already."),
        Wrong(
            changes(_AVERAGED, ("        w = w - lr * (hessian @ w + each)\n        places.append(w)\n", "        places.append(w)\n        w = w - lr * (hessian @ w + each)\n")),
            "You keep the weights before each update, so the start is among them and the last weights are not. Keep them after it.",
        ),
        change(
            _AVERAGED, "places.append(w)", "places.append(w)\n        w = np.mean(places[-last:], axis=0)",
            "You descend from the mean, so that it changes the way itself. Let w go its own way, and average once, behind the loop."),
        change(
            _AVERAGED, "w - lr *", "w + lr *",
            "Uphill: subtract."),
        change(
            _AVERAGED, "hessian @ w + each", "hessian @ w",
            "The noise is missing: update t takes the gradient H w + noise[t]."),
        change(
            _AVERAGED, "hessian @ w + each", "each",
            "The bowl is missing: update t takes the gradient H w + noise[t]."),
        change(
            _AVERAGED, "lr * (hessian @ w + each)", "lr * hessian @ w + each",
            "The learning rate belongs to the noise as well: lr * (H w + noise[t])."),
        change(
            _AVERAGED, "lr * (hessian @ w + each)", "lr * hessian @ w - each",
            "You subtract the whole noise, and lr times the slope of the bowl. lr belongs to both: lr * (H w + noise[t])."),
        Wrong(
            changes(_AVERAGED, ("places = []", "places = [w]"), (_END, "np.mean(places, axis=0)")),
            "You average over the start and all updates. Only the last ones count: places[-last:]."),
        change(
            _AVERAGED, "places.append(w)", "places.append(hessian @ w + each)",
            "You keep the gradients. Asked for is the mean of the weights."),
        change(_AVERAGED, "w = w - lr", "w -= lr", shows="changed its argument w"),
    ),
    praise="The noise of single updates cancels in the mean, and the rate need not fall for it.",
)  # fmt: skip

EXERCISES = Lesson([steepest, warm_cosine, averaged])
check, hint, solution = EXERCISES.check, EXERCISES.hint, EXERCISES.solution
