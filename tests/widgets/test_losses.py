"""LossExplorer and BestAnswer: what lesson 19 describes really happens, and the numbers are those of plain NumPy."""

import re
from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize

import dlcourse as dl
from dlcourse.errors import DataError, GradientError, WrongTypeError
from dlcourse.exercises.losses import BETS
from dlcourse.live.picture import Picture, picture_png
from dlcourse.live.widget import Pointer
from dlcourse.widgets import BestAnswer, LossExplorer
from dlcourse.widgets.losses.fits import flowers
from dlcourse.widgets.losses.numbers import LOSSES, SCORES, STEPS, curves, walk


def sentence(widget):
    return widget.describe(widget.compute())


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def row(name, **state):
    (one,) = [one for one in LossExplorer(**state).compute().rows if one.name == name]
    return one


def chosen(name, **state):
    return LossExplorer(loss=name, beside="none", **state).compute().chosen[0]


# LossExplorer: what the lesson says one will see


def test_squared_error_pushes_two_hundred_times_less_and_takes_thirty_times_the_steps():
    assert BETS["confidently wrong"] == "about 200"
    ours, theirs = LossExplorer(steps=STEPS).compute().chosen
    assert (ours.name, theirs.name) == ("cross-entropy", "squared error")
    p = sigmoid(-6.0)
    assert ours.row.at_score / theirs.row.at_score == pytest.approx(1 / (2 * p * (1 - p)), rel=1e-6)
    assert 200 < ours.row.at_score / theirs.row.at_score < 205
    assert (ours.crossed, theirs.crossed) == (7, 214) and 30 < 214 / 7 < 31
    for x, (few, many) in {-2.0: (3, 8), -3.0: (4, 17), -4.0: (5, 36), -5.0: (6, 85)}.items():
        assert [one.crossed for one in LossExplorer(x=x, steps=STEPS).compute().chosen] == [few, many]


def test_the_push_is_p_minus_y_for_every_score_and_truth():
    for truth in (0.0, 0.3, 1.0):
        one = chosen("cross-entropy", truth=truth)
        assert one.slopes == pytest.approx(sigmoid(SCORES) - truth, abs=1e-9)
        ten = chosen("cross-entropy of 10", truth=truth)
        assert ten.slopes == pytest.approx(np.exp(SCORES) / (np.exp(SCORES) + 9) - truth, abs=1e-9)


FORMULAS = {  # of a score and a truth of 0 or 1
    "squared error": lambda x, y: (sigmoid(x) - y) ** 2,
    "absolute error": lambda x, y: abs(sigmoid(x) - y),
    "Huber": lambda x, y: np.where(abs(sigmoid(x) - y) < 0.25, (sigmoid(x) - y) ** 2 / 2, 0.25 * (abs(sigmoid(x) - y) - 0.125)),
    "hinge": lambda x, y: np.maximum(0, 1 - (2 * y - 1) * x),
    "cross-entropy": lambda x, y: -y * np.log(sigmoid(x)) - (1 - y) * np.log(1 - sigmoid(x)),
    "cross-entropy of 10": lambda x, y: np.log(9 + np.exp(x)) - y * x,
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_values_and_slopes_are_those_of_plain_numpy(name):
    values, slopes = curves(LOSSES[name])
    for truth in (0, 1):
        assert values[truth] == pytest.approx(FORMULAS[name](SCORES, truth), abs=1e-9)
        away = np.abs(np.abs(SCORES) - 1) > 0.05 if name == "hinge" else np.ones(len(SCORES), bool)
        measured = (FORMULAS[name](SCORES + 1e-5, truth) - FORMULAS[name](SCORES - 1e-5, truth)) / 2e-5
        assert slopes[truth][away] == pytest.approx(measured[away], abs=2e-5)
    mixed = row(name, x=1.5, truth=0.7)
    assert mixed.value == pytest.approx(0.7 * FORMULAS[name](1.5, 1) + 0.3 * FORMULAS[name](1.5, 0))
    p = mixed.probability
    assert mixed.at_probability * p * (1 - p) == pytest.approx(mixed.at_score)
    by_score, by_share = (chosen(name, truth=0.7, over=over) for over in ("score", "probability"))
    there = np.abs(SCORES) < 0.8
    measured = np.gradient(by_share.values, by_share.across)[there]
    assert (
        by_share.slopes[there] == pytest.approx(measured, rel=0.01, abs=0.02)
        and (by_share.values == by_score.values).all()
    )


@pytest.mark.parametrize("name", LOSSES)
def test_a_walk_does_not_depend_on_those_that_walk_beside_it(name):
    alone = walk(LOSSES[name], np.array([-3.7]), 0.8, 60)[:, 0]
    assert chosen(name, x=-3.7, truth=0.8, steps=60).path == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize("truth", [0.1, 0.2, 0.4, 0.6, 0.7, 0.9])
def test_some_losses_ask_for_the_share_and_some_for_the_majority(truth):
    def cheapest(name):
        return SCORES[np.argmin(chosen(name, truth=truth).values)]

    share = np.log(truth / (1 - truth))
    assert abs(cheapest("squared error") - share) < 0.051 and abs(cheapest("cross-entropy") - share) < 0.051
    assert abs(cheapest("cross-entropy of 10") - share - np.log(9)) < 0.051
    side = 1 if truth > 0.5 else -1
    assert cheapest("absolute error") == 8 * side and cheapest("hinge") == side
    assert side * share < side * cheapest("Huber") < 8


def test_under_cross_entropy_a_boaster_pays_more_and_under_absolute_error_less():
    def pays(name, x):
        return row(name, x=x, truth=0.9).value

    assert pays("cross-entropy", 4.6) == pytest.approx(0.470, abs=1e-3) and pays("cross-entropy", 2.2) == pytest.approx(
        0.325, abs=1e-3
    )
    assert pays("squared error", 4.6) > pays("squared error", 2.2)
    assert pays("absolute error", 4.6) < pays("absolute error", 2.2)


def test_things_to_try_say_on_screen_what_the_lesson_says():
    first = LossExplorer()
    text = sentence(first)
    assert "A score of −6.0, so p = 0.0025. The truth is yes." in text
    assert "cross-entropy 6.00, slope at the score −0.998; squared error 0.995, slope at the score −0.0049" in text
    assert row("cross-entropy").at_probability == pytest.approx(-404.4, abs=0.1)
    assert row("squared error").at_probability == pytest.approx(-2.0, abs=0.01)
    for name, strongest in (("squared error", 2), ("cross-entropy", np.exp(8))):
        push = -chosen(name, over="probability").slopes
        assert push.argmax() == 0 and push[0] == pytest.approx(strongest, rel=2e-3)  # at p = 0.0003; 1/p has no end
    p = sigmoid(-6)
    assert p * (1 - p) == pytest.approx(1 / 405, rel=2e-3) and np.log(10) == pytest.approx(2.3, abs=0.01)
    played = sentence(first.replace(steps=220))
    assert "past 0 after 7 steps" in played and "past 0 after 214 steps" in played
    speed = np.diff(LossExplorer(steps=STEPS).compute().chosen[1].path)
    assert 200 < speed.argmax() < 225 and speed[:150].max() < 0.03  # it creeps, and runs at the end

    by_share = sentence(first.replace(over="probability"))
    assert "cross-entropy 6.00, slope at the probability −404; squared error" in by_share
    assert "hinge 7.00, no probability" in sentence(first.replace(over="probability", beside="hinge"))

    far = LossExplorer(x=-8.0, steps=STEPS)
    assert "past 0 after 9 steps; squared error score −7.8" in sentence(far)
    hinge = LossExplorer(beside="hinge", steps=STEPS).compute().chosen[1]
    assert (hinge.slopes[SCORES < 1] == -1).all() and (hinge.slopes[SCORES > 1] == 0).all() and hinge.path[-1] == 1
    assert hinge.crossed == 7 and hinge.path[6] == 0

    nine = LossExplorer(truth=0.9, x=2.2, loss="absolute error", beside="cross-entropy")
    assert "The truth is yes in 9 of 10." in sentence(nine) and "p = 0.900" in sentence(nine)
    assert "absolute error score 5.3" in sentence(nine.replace(steps=STEPS))
    assert "cross-entropy score 2.2" in sentence(nine.replace(steps=STEPS))
    even, less = (nine.replace(truth=truth).compute().chosen for truth in (0.5, 0.4))
    assert np.ptp(even[0].values) < 1e-9 and SCORES[even[1].values.argmin()] == 0  # flat: any p is as good
    assert SCORES[less[0].values.argmin()] == -8 and SCORES[less[1].values.argmin()] == -0.4


# LossExplorer: cover, steps, hand, yours


def test_nothing_tells_the_slopes_before_the_bet():
    covered = LossExplorer(covered=True)
    assert "stay covered until you have made your choice" in sentence(covered) and "−0.998" not in sentence(covered)
    told = covered.replace(prediction="about 20")
    assert "slope at the score −0.0049" in sentence(told)
    artists = covered.draw(Picture(*LossExplorer.size).figure)
    covered.paint(artists, covered.compute())
    for line in (*artists.slopes, *artists.slope_dots, *artists.paths, *artists.ends):
        assert not len(line.get_xdata())
    assert {cell.get_text() for cell in artists.at_score[:6]} == {"?"}


def test_play_walks_to_the_last_step():
    explorer = LossExplorer(steps=STEPS - 1)
    assert explorer.step().steps == STEPS and explorer.step().step().steps == STEPS and not explorer.step().can_step()


def test_hand_and_keys_move_score_truth_and_steps_and_stay_in_range():
    explorer = LossExplorer()
    assert explorer.pointer(Pointer("drag", "curves", 1.234, 0.0)).x == pytest.approx(1.2)
    assert explorer.pointer(Pointer("down", "slopes", -9.0, 0.0)).x == -8
    assert explorer.pointer(Pointer("drag", "walk", 33.2, -3.0)).steps == 33
    assert explorer.pointer(Pointer("hover", "curves", 1.0, 0.0)) is explorer
    assert explorer.key("ArrowRight").x == pytest.approx(-5.9) and explorer.key("ArrowDown").truth == pytest.approx(0.9)
    assert explorer.key("ArrowUp").truth == 1 and explorer.key("a") is explorer
    by_share = LossExplorer(over="probability")
    assert by_share.pointer(Pointer("drag", "curves", 0.9, 0.0)).x == pytest.approx(2.2)
    assert by_share.pointer(Pointer("drag", "curves", 0.0, 0.0)).x == -8
    ten = by_share.replace(loss="cross-entropy of 10").pointer(Pointer("drag", "curves", 0.1, 0.0))
    assert ten.x == 0 and ten.compute().chosen[0].row.probability == pytest.approx(0.1)
    assert LossExplorer(x=0.1234, truth=0.77).x == 0.1 and LossExplorer(truth=0.77).truth == 0.8


def test_the_same_loss_twice_is_one_and_yours_is_a_row_of_its_own():
    assert LossExplorer(loss="hinge", beside="hinge").names == ("hinge",)
    assert len(LossExplorer().compute().rows) == 6
    own = LossExplorer(function=lambda x, y: dl.binary_cross_entropy(x, y))
    assert own.loss == "yours" and own.compute().rows[-1].at_score == pytest.approx(row("cross-entropy").at_score)
    assert "your loss 6.00" in sentence(own)
    assert "give yours" in sentence(LossExplorer(loss="yours"))


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        (3, WrongTypeError, "such as dl.binary_cross_entropy, called with (scores, truths), not 3"),
        (lambda x: x.mean(), WrongTypeError, "could not answer"),
        (lambda x, y: (x - y) ** 2, WrongTypeError, "Is a .mean() missing at the end?"),
        (lambda x, y: [1.0, 2.0, 3.0], WrongTypeError, "it returned shape (3,)"),
        (lambda x, y: ((x - y) ** 2).sum(), DataError, ".mean() at the end, not .sum()"),
        (lambda x, y: 1.0, GradientError, "no slope comes back"),
        (lambda x, y: dl.mean(dl.log(x)), DataError, "NaN or infinite for some of the scores −1.5, 0.5, 2. Scores"),
        (lambda x, y: dl.mean(dl.log(x + 4)), DataError, "NaN or infinite for some score between −8 and 8"),
    ],
    ids=["no function", "one argument", "no mean", "a list", "a sum", "a number", "a logarithm", "far out"],
)
def test_other_losses_are_refused_in_words(function, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        LossExplorer(function=function)


def test_a_walk_that_explodes_is_shown_as_far_as_there_are_numbers():
    explorer = LossExplorer(function=lambda x, y: dl.mean((x - y) ** 4), steps=STEPS)
    assert "has left all numbers" in sentence(explorer) and picture_png(explorer)


# BestAnswer


def answers(**state):
    return {answer.name: answer for answer in BestAnswer(**state).compute().answers}


def test_a_slip_of_the_pen_moves_the_line_of_squared_error_alone():
    assert BETS["slip of the pen"] == "not at all"
    right, wrong = answers(width=2.3), answers(width=7.3)
    assert np.array_equal(right["absolute error"].weights, wrong["absolute error"].weights)
    assert wrong["squared error"].fitted[-1] - right["squared error"].fitted[-1] == pytest.approx(0.85, abs=0.005)
    assert 0.03 < wrong["Huber"].fitted[-1] - right["Huber"].fitted[-1] < 0.1


def test_nothing_tells_how_a_flower_pulls_before_the_bet():
    covered = BestAnswer(covered=True)
    assert "pulls" not in sentence(covered) and "1.99 at the flower" in sentence(covered)
    assert "which pulls with 1.00" in sentence(covered.replace(prediction="about as far"))
    artists = covered.draw(Picture(*BestAnswer.size).figure)
    covered.paint(artists, covered.compute())
    assert not any(len(line.get_xdata()) for line in (*artists.pulls, *artists.outlier_pulls))
    (pull,) = [axes for axes in artists.lines[0].figure.axes if axes.get_label() == "pull"]
    assert len(pull.lines) == 1 + 2 * 3  # the axis, and marks without a place


def total(loss, weights, x, y, fit):
    prediction = weights[0] + (weights[1] * x if fit == "line" else 0 * x)
    return loss(prediction, y).item()


@pytest.mark.parametrize("fit", ["line", "constant"])
@pytest.mark.parametrize("place", [(5.7, 2.3), (5.7, 7.3), (0.0, 8.0), (8.0, -1.0), (3.1, 4.4)])
def test_no_other_answer_has_a_lower_loss(fit, place):
    widget = BestAnswer(
        fit=fit, length=place[0], width=place[1], function=lambda p, y: dl.mean(dl.sqrt(1 + (p - y) ** 2))
    )
    result = widget.compute()
    for answer, loss in zip(result.answers, widget.losses, strict=True):
        reached = total(loss, answer.weights, result.x, result.y, fit)
        start = answer.weights + 0.3
        judged = partial(total, loss, x=result.x, y=result.y, fit=fit)
        other = minimize(judged, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10})
        assert reached <= other.fun + 1e-6, answer.name


@pytest.mark.parametrize("width", [2.0, 4.4, 8.0])
def test_pulls_are_in_balance(width):
    for name, answer in answers(width=width).items():
        if name == "absolute error":  # those that the line goes through hold what is left
            through = np.isclose(answer.pulls, 0).sum()
            assert through >= 2 and abs(answer.pulls.sum()) <= through
        else:
            assert answer.pulls.sum() == pytest.approx(0, abs=2e-3)
    constant = answers(fit="constant", width=width)
    y = [*flowers()[:, 1], width]
    assert constant["squared error"].weights[0] == pytest.approx(np.mean(y))
    assert constant["absolute error"].weights[0] == pytest.approx(np.median(y))


def test_things_to_try_with_flowers_say_on_screen_what_the_lesson_says():
    high = [answers(width=width) for width in (5.3, 6.3, 7.3)]
    squared = [one["squared error"].fitted[-1] for one in high]
    assert np.diff(squared) == pytest.approx([0.17, 0.17], abs=0.002)
    assert {round(float(one["absolute error"].fitted[-1]), 2) for one in high} == {1.99}
    assert {round(float(one["Huber"].fitted[-1]), 2) for one in high} == {2.14}
    assert answers(width=2.3)["Huber"].fitted[-1] < 2.1
    for width in (2.0, 2.3, 8.0):
        assert "absolute error 0.41 x − 0.33, 1.99 at the flower" in sentence(BestAnswer(width=width))
    for width in (-1.0, 0.0, 1.0, 1.8):
        assert "1.90 at the flower" in sentence(BestAnswer(width=width))
    for width, mean in ((2.3, "1.35"), (7.3, "1.80")):
        text = sentence(BestAnswer(width=width, fit="constant"))
        assert f"squared error {mean}," in text and "absolute error 1.40," in text
    for delta, height in ((0.1, "2.04"), (3.0, "2.65")):
        huber = sentence(BestAnswer(width=7.3, delta=delta)).split("Huber")[1]
        assert huber.startswith(f" (δ = {delta:g}) ") and f", {height} at the flower" in huber
    assert answers()["absolute error"].pulls[-1] == answers(width=7.3)["absolute error"].pulls[-1] == 1
    assert (answers()["absolute error"].fitted == answers(width=7.3)["absolute error"].fitted).all()


def test_hand_and_keys_move_the_flower_and_stay_in_range():
    widget = BestAnswer()
    moved = widget.pointer(Pointer("drag", "plane", 4.44, 9.9))
    assert (moved.length, moved.width) == (4.4, 8.0)
    assert widget.pointer(Pointer("hover", "plane", 4.4, 4.4)) is widget
    assert widget.pointer(Pointer("down", "pull", 4.4, 4.4)) is widget
    assert widget.key("ArrowUp").width == pytest.approx(2.4) and widget.key("ArrowLeft").length == pytest.approx(5.6)
    assert widget.key("x") is widget


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        ("x", WrongTypeError, "such as dl.absolute_error, called with (predictions, truths), not 'x'"),
        (lambda x: x.mean(), WrongTypeError, "could not answer"),
        (lambda x, y: (x - y) ** 2, WrongTypeError, "Is a .mean() missing at the end?"),
        (lambda x, y: [1.0, 2.0, 3.0], WrongTypeError, "it returned shape (3,)"),
        (lambda x, y: ((x - y) ** 2).sum(), DataError, ".mean() at the end, not .sum()"),
        (lambda x, y: 1.0, GradientError, "nothing can be learned by it"),
        (lambda x, y: dl.mean(dl.log(x - y)), DataError, "your loss or its slope is NaN or infinite"),
    ],
    ids=["no function", "one argument", "no mean", "a list", "a sum", "a number", "a logarithm"],
)
def test_other_losses_are_refused_in_words_by_the_flowers_too(function, kind, message):
    with np.errstate(all="ignore"), pytest.raises(kind, match=re.escape(message)):
        BestAnswer(function=function)


@pytest.mark.parametrize("dark", [False, True])
def test_frames_are_small(dark):
    for widget in (LossExplorer(steps=STEPS), BestAnswer(width=7.3)):
        assert len(picture_png(widget, dark=dark)) < 30_000


# What the lesson's cells claim of tumours, for other splits than its own


def test_class_weights_buy_recall_with_false_alarms_and_do_what_a_shift_does():
    for seed in (3, 4):
        rng = np.random.default_rng(seed)
        learn, others = dl.data.breast_cancer().split(0.5, 0.5, rng=rng)
        mean, deviation = learn.x[:, :2].mean(axis=0), learn.x[:, :2].std(axis=0)
        x, new = ((part.x[:, :2] - mean) / deviation for part in (learn, others))
        counts = {}
        for weight in (1, 10):
            layer = dl.Dense(2, 2, rng=np.random.default_rng(seed))
            optimizer = dl.Adam(layer.parameters(), 0.03)
            for _ in range(200):
                optimizer.zero_grad()
                dl.cross_entropy(layer(x), learn.y, class_weights=[weight, 1]).backward()
                optimizer.step()
            scores = layer(new).numpy()
            for shift in (0, np.log(10)):
                says = (scores + [shift, 0]).argmax(axis=1)
                counts[weight, bool(shift)] = (
                    ((says == 1) & (others.y == 0)).sum(),
                    ((says == 0) & (others.y == 1)).sum(),
                )
        (missed, frightened), (few, many) = counts[1, False], counts[10, False]
        assert few < missed / 2 and many > 50 and many > 3 * frightened
        assert np.abs(np.subtract(counts[10, False], counts[1, True])).max() <= 10
