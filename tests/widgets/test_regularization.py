"""Regularize and Contact: what lesson 20 says of penalties, zeros and far too many weights is what is computed."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import DataError, ShapeError
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Contact, Regularize
from dlcourse.widgets.regularization import contact as two
from dlcourse.widgets.regularization import curves as course
from dlcourse.widgets.regularization import numbers

WAVE = np.column_stack([np.arange(24.0), np.sin(np.arange(24) / 4)])


def sentence(widget):
    return widget.describe(widget.compute())


# Weights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degree", [3, 14, 40])
@pytest.mark.parametrize("lam", [0.3, 0.01, 0.0005])
def test_weights_agree_with_scikit_learn(degree, lam):
    linear = pytest.importorskip("sklearn.linear_model")
    settings = {"degree": degree, "strength": lam, "second": 2 * lam, "seed": 3, "examples": 20}
    table = Regularize(**settings).table
    h, y = numbers.swings(table.x, degree, numbers.BASES[0])[~table.unseen], table.y[~table.unseen]
    slow = {"tol": 1e-13, "max_iter": 10**6}
    known = {
        "L2": linear.Ridge(alpha=len(y) * lam / 2), "L1": linear.Lasso(alpha=lam / 2, **slow),
        "L1+L2": linear.ElasticNet(alpha=3 * lam / 2, l1_ratio=1 / 3, **slow),
    }  # fmt: skip
    for penalty, estimator in known.items():
        result = Regularize(penalty=penalty, **settings).compute()
        np.testing.assert_allclose(result.weights, estimator.fit(h, y).coef_, atol=1e-4)
        assert ((result.weights == 0) == (estimator.coef_ == 0)).all()
        off = estimator.predict(h) - y
        assert result.seen_error == pytest.approx((off**2).mean(), abs=1e-5)


@pytest.mark.parametrize("basis", numbers.BASES)
def test_the_short_way_to_the_weights_ends_where_the_whole_way_ends(basis):
    """What is drawn begins at the neighbour's weights, what Code shows at none."""
    for penalty, examples in (("L1", 15), ("L1+L2", 15), ("L1", 40)):
        state = Regularize(degree=40, basis=basis, examples=examples, penalty=penalty)
        table, other = state.table, state.parts[1]
        y = table.y[~table.unseen]
        drawn = [
            (40, lam, w)
            for lam, w in zip(numbers.STRENGTHS, state.replace(against="λ").compute().curves.weights, strict=True)
        ][::6]
        for lam in (0.03, 1e-4):
            curves = state.replace(strength=lam).compute().curves
            drawn += [(int(at), lam, w[: int(at)]) for at, w in zip(curves.at, curves.weights, strict=True)][::7]
        for degree, lam, w in drawn:
            h = numbers.swings(table.x, degree, basis)
            whole = numbers.fitted_with_l1(h[~table.unseen], y, lam, other)
            assert np.abs(w - whole).max() < 1e-6 * max(1, np.abs(whole).max()), (penalty, degree, lam)
            assert ((w == 0) == (whole == 0)).all()
            both = [(h - h[~table.unseen].mean(axis=0)) @ each + y.mean() - table.y for each in (w, whole)]
            np.testing.assert_allclose(*both, atol=1e-7)


def test_a_guess_that_leads_nowhere_is_given_up(monkeypatch):
    """Then the whole way is gone, to the same weights."""
    state = Regularize(degree=24, penalty="L1", strength=1e-4)
    quick = state.compute().weights
    monkeypatch.setattr(course, "settled", lambda *given: None)
    for cached in (course.along_degrees, course.problem_of):
        cached.cache_clear()
    assert np.abs(state.compute().weights - quick).max() < 1e-8
    for cached in (course.along_degrees, course.problem_of):
        cached.cache_clear()


@pytest.mark.parametrize("degree", [5, 24, 50])
@pytest.mark.parametrize(("penalty", "strength"), [("L1", 0.03), ("L1", 1e-3), ("L1+L2", 1e-4)])
def test_a_search_ends_at_the_same_weights_from_any_guess(penalty, strength, degree):
    state = Regularize(degree=degree, penalty=penalty, strength=strength, examples=30)
    one, two = state.parts
    problem = course.problem_of(state.table, 50, state.basis)
    gram, pull = problem.gram[:degree, :degree], problem.pull[:degree]
    whole = numbers.fitted_with_l1(problem.seen[:, :degree], problem.answers, one, two)
    for guess in (np.zeros(degree), -whole, np.random.default_rng(0).normal(size=degree)):
        w = course.searched(gram, pull, one, two, guess)
        assert np.abs(w - whole).max() < 1e-8 and ((w == 0) == (whole == 0)).all()


@pytest.mark.parametrize(
    ("changes", "most"),
    [({"penalty": "L1+L2"}, 200), ({"penalty": "L1"}, 1500), ({"penalty": "L1", "degree": 14, "beyond": False}, 200)],
)
def test_a_move_at_the_smallest_strength_solves_few_systems(monkeypatch, changes, most):
    """At 60 points and up to degree 300 it were 2500 for L1+L2, some 0.4 s."""
    state = Regularize(**({"degree": 300, "examples": 60, "strength": 1e-5} | changes))
    course._latest.cache_clear()
    state.compute()
    solve, systems = np.linalg.solve, []
    monkeypatch.setattr(np.linalg, "solve", lambda *given: systems.append(given) or solve(*given))
    state.replace(strength=1.26e-5).compute()
    assert 0 < len(systems) <= most


@pytest.mark.parametrize("basis", numbers.BASES)
@pytest.mark.parametrize("strength", [0.1, 0.003, 1e-5])
def test_no_weight_wants_to_move_where_l1_has_stopped(basis, strength):
    for degree in (1, 14, 300):
        state = Regularize(degree=degree, basis=basis, penalty="L1", strength=strength)
        table, result = state.table, state.compute()
        h, y = numbers.swings(table.x, degree, basis)[~table.unseen], table.y[~table.unseen]
        w, n = result.weights, len(y)
        off = (h - h.mean(axis=0)) @ w - (y - y.mean())
        slope = 2 / n * (h - h.mean(axis=0)).T @ off
        assert np.abs(slope[w == 0]).max(initial=0) <= strength * (1 + 1e-6)
        assert slope[w != 0] == pytest.approx(-strength * np.sign(w[w != 0]), abs=1e-7)


def test_the_penalty_is_that_of_the_library_and_the_errors_are_without_it():
    for penalty, regularizer in (("L2", dl.L2(0.02)), ("L1", dl.L1(0.02)), ("L1+L2", dl.L1L2(0.02, 0.05))):
        result = Regularize(penalty=penalty, strength=0.02, second=0.05).compute()
        assert result.penalty == pytest.approx(regularizer(dl.Parameter(result.weights)).item(), rel=1e-6)
    assert Regularize().compute().penalty == 0


def test_twelve_points_are_those_of_lesson_01():
    from dlcourse.widgets.supervised_learning.learners import table as wave

    x, y = wave("wave", 4)
    ours = numbers.noisy_wave(0.25, 4)
    assert np.array_equal(ours[0], x) and np.allclose(ours[1], y)


# Held back --------------------------------------------------------------------------------------------------------


def test_the_slides_three_pictures_are_three_degrees():
    told = [sentence(Regularize(degree=degree)) for degree in (1, 5, 14)]
    assert (
        told[0].startswith("Very simple. Might not predict well.")
        and "0.339 on 15" in told[0]
        and "0.568 on 200" in told[0]
    )
    assert told[1].startswith("Just right?") and "0.019 on 15" in told[1] and "0.098 on 200" in told[1]
    assert (
        told[2].startswith("Overfitting. Rote memorization.")
        and "error 0 on 15" in told[2]
        and "3.8·10⁷ on 200" in told[2]
    )
    assert "The largest weight is 58\u202f043" in told[2]
    assert "at degree 5." in told[2] and told[2].endswith(Regularize().caption(Regularize().compute()))


def test_degree_14_held_back_is_as_good_as_the_best_degree():
    plain = Regularize().compute()
    held = Regularize(penalty="L2", strength=0.0025).compute()
    assert 3.7e7 < plain.unseen_error < 3.9e7 and plain.lowest == pytest.approx(0.098, abs=5e-4)
    assert held.unseen_error == pytest.approx(0.0899, abs=1e-4) and held.zeros == 0
    assert np.abs(held.weights).max() == pytest.approx(2.03, abs=0.01)
    flat = held.curves.unseen[4:]
    assert flat.min() > 0.087 and flat.max() < 0.096
    against = Regularize(penalty="L2", strength=0.0025, against="λ")
    assert "Lowest error on unseen points: 0.090, at λ = 0.0025." in sentence(against)
    far = against.replace(strength=10.0)
    assert (
        sentence(far).startswith("Very simple. Might not predict well.")
        and "of 14 weights none" in sentence(far).lower()
    )
    assert "The largest weight is 0.023" in sentence(far)


@pytest.mark.parametrize("seed", range(20, 30))
def test_on_other_points_the_error_on_seen_points_only_rises_with_the_penalty(seed):
    for penalty in ("L2", "L1", "L1+L2"):
        course = Regularize(penalty=penalty, against="λ", seed=seed).compute()
        assert (np.diff(course.curves.seen) >= -1e-12).all()
        assert course.best > 0 and course.curves.unseen.min() < 4 * course.lowest


# Zeros ------------------------------------------------------------------------------------------------------------


def test_l1_leaves_the_odd_swings_of_an_odd_wave():
    one, other = (Regularize(penalty=penalty, against="λ") for penalty in ("L1", "L2"))
    assert np.flatnonzero(one.compute().weights).tolist() == [0, 2, 4]
    assert "Of 14 weights 11 are exactly 0" in sentence(one) and "Of 14 weights none is exactly 0" in sentence(other)
    both = Regularize(penalty="L1+L2")
    assert np.flatnonzero(both.compute().weights).tolist() == [0, 2, 4]
    assert both.replace(second=10.0).compute().zeros == 14 - (3 + 5)  # five have woken
    assert "The largest weight is 0.023" in sentence(both.replace(second=10.0))
    zeros = [(w == 0).sum() for w in one.compute().curves.weights]
    dead = numbers.STRENGTHS[zeros.index(14)]
    assert dead == pytest.approx(0.251, abs=1e-3) and zeros[-1] == 14 and zeros[0] == 2
    assert (other.compute().curves.weights != 0).all()
    draws = [Regularize(penalty="L1", seed=seed).compute().zeros for seed in range(2, 12)]
    assert min(draws) == 8 and max(draws) == 10


# Past the end -----------------------------------------------------------------------------------------------------


def test_past_the_end_the_error_comes_down_again():
    errors = {degree: Regularize(degree=degree).compute().unseen_error for degree in (14, 20, 28, 40, 300)}
    assert (
        errors[14] > 3e7 and errors[20] == pytest.approx(671, abs=0.5) and errors[28] == pytest.approx(2.81, abs=0.01)
    )
    assert errors[40] == pytest.approx(0.185, abs=1e-3) and errors[300] == pytest.approx(0.106, abs=1e-3)
    far = Regularize(degree=300).compute()
    assert sentence(Regularize(degree=300)).startswith("Just right?")
    assert "memorization" in sentence(Regularize(degree=300, basis="Tₖ"))
    dead = [sentence(Regularize(penalty="L1", strength=10.0, basis=basis)) for basis in numbers.BASES]
    assert len(set(dead)) == 3 and "Degree 14 in xᵏ with L1" in dead[2]
    assert (far.curves.seen[far.curves.at >= 14] < 1e-18).all() and far.zeros == 0


@pytest.mark.parametrize("seed", range(30, 36))
def test_what_comes_of_300_weights_depends_on_what_they_are_weights_of(seed):
    gentle, plain, powers = (Regularize(degree=300, basis=basis, seed=seed).compute() for basis in numbers.BASES)
    for result in (gentle, plain, powers):
        assert result.seen_error < 1e-15  # rote memorization, all three
    y = gentle.seen[1]
    mean = ((gentle.unseen[1] - y.mean()) ** 2).mean()
    assert gentle.unseen_error < 0.8 * plain.unseen_error
    assert 0.7 * mean < plain.unseen_error < 1.7 * mean
    assert powers.unseen_error > 1e3


def test_the_weights_past_the_end_are_the_shortest():
    state = Regularize(degree=40)
    table, w = state.table, state.compute().weights
    h = numbers.swings(table.x, 40, state.basis)[~table.unseen]
    h = h - h.mean(axis=0)
    rest = np.linalg.svd(h)[2][14:]  # directions that change nothing at the seen points
    assert np.abs(rest @ w).max() < 1e-7 * np.linalg.norm(w)


# Its hand ---------------------------------------------------------------------------------------------------------


def test_hand_keys_and_play_go_along_the_axis():
    state = Regularize(degree=5)
    assert state.pointer(Pointer("drag", "errors", 8.3, 1.0)).degree == 8
    assert state.pointer(Pointer("down", "weights", 99.0, 1.0)).degree == 14
    assert (
        state.pointer(Pointer("down", "plane", 0.3, 1.0))
        is state
        is state.pointer(Pointer("hover", "errors", 8.0, 1.0))
    )
    assert state.key("ArrowRight").degree == 6 and state.key("ArrowUp") is state is state.key("q")
    assert state.step().degree == 6 and not Regularize().can_step() and Regularize().step().degree == 14
    held = Regularize(penalty="L2", against="λ")
    assert held.pointer(Pointer("down", "errors", 0.3, 1.0)).strength == pytest.approx(10**-0.5, rel=1e-3)
    assert held.key("ArrowRight").strength == pytest.approx(10**-1.9, rel=1e-3) == held.key("ArrowUp").strength
    assert held.step().strength == numbers.STRENGTHS[16] and not held.replace(strength=10.0).can_step()
    assert not Regularize(against="λ").can_step() and "λ changes nothing" in sentence(Regularize(against="λ"))
    assert set(Regularize().idle_controls()) == {"strength", "data"} and held.idle_controls() == ("data", "beyond")


def test_the_second_strength_is_there_where_two_penalties_are():
    both = Regularize(penalty="L1+L2", against="λ", strength=0.01, second=0.1)
    assert both.parts == (0.01, 0.1) and both.absent_controls() == ()
    assert "with L1+L2, λ₁ = 0.01, λ₂ = 0.1: error" in sentence(both) and "at λ₁ = " in sentence(both)
    assert both.key("ArrowUp").second == pytest.approx(10**-0.9, rel=1e-3) and both.key("ArrowUp").strength == 0.01
    assert both.key("ArrowRight").strength == pytest.approx(10**-1.9, rel=1e-3)
    assert both.replace(against="degree").key("ArrowUp").parts == (pytest.approx(10**-1.9, rel=1e-3), 0.1)
    course = both.compute().curves
    for at, weights in zip(course.at[::10], course.weights[::10], strict=True):
        assert np.array_equal(both.replace(strength=at).compute().weights, weights)  # λ₂ stays along the axis
    assert (course.weights == 0).all(axis=1).any() and Regularize(penalty="L1+L2", second=0.5).compute().zeros > 0
    for penalty, parts in (("none", (0, 0)), ("L2", (0, 0.3)), ("L1", (0.3, 0))):
        one = Regularize(penalty=penalty, strength=0.3, second=0.7)
        assert one.parts == parts and one.absent_controls() == ("second",) and "λ₂" not in sentence(one)


def test_high_degrees_come_only_where_they_are_asked_for():
    assert Regularize().slider_ends() == {"degree": (1, 14)} and Regularize(degree=15).beyond
    far = Regularize(degree=200)
    assert far.slider_ends() == {"degree": (1, 300)} and far.step().degree == 300
    assert far.replace(beyond=False).degree == 14 and Regularize().replace(beyond=True).step().degree == 15


def test_own_points_are_split_and_taken():
    own = Regularize(points=WAVE, degree=4)
    result = own.compute()
    assert np.array_equal(result.unseen[1], WAVE[2::3, 1]) and result.seen[0][[0, -1]].tolist() == [
        -1,
        pytest.approx(22 / 11.5 - 1),
    ]
    assert len(result.seen[0]) == 16 and len(result.unseen[0]) == 8 and result.unseen_error < 0.3
    assert own.replace(noise=0.7).compute().seen_error == result.seen_error and "noise" in own.idle_controls()
    assert Regularize(data="yours").compute().seen_error == Regularize().compute().seen_error


@pytest.mark.parametrize(
    ("points", "kind", "message"),
    [
        (WAVE[:5], ShapeError, r"at least 9 rows, not \(5, 2\)"),
        (WAVE.T, ShapeError, r"np.column_stack"),
        (WAVE * np.nan, DataError, "finite"),
        (np.column_stack([np.ones(12), np.arange(12.0)]), DataError, "x = 1.00"),
    ],
    ids=["few", "transposed", "no numbers", "one place"],
)
def test_other_points_are_refused_in_words(points, kind, message):
    with pytest.raises(kind, match=message):
        Regularize(points=points)


# Contact ----------------------------------------------------------------------------------------------------------


def test_the_dot_has_the_lowest_sum():
    rng = np.random.default_rng(0)
    for penalty in two.SHARES:
        for angle in (0.0, 30.0, -65.0):
            state = Contact(penalty=penalty, angle=angle, best=tuple(rng.uniform(-2, 2, 2)), strength=0.6)
            (one, other), w, bend = state.parts, state.compute().w, two.curvature(angle)

            def loss(places, state=state, one=one, other=other, bend=bend):
                off = places - state.best
                error = np.einsum("...i,ij,...j", off, bend, off) / 2
                return error + one * np.abs(places).sum(axis=-1) + other / 2 * (places**2).sum(axis=-1)

            around = w + rng.normal(size=(2000, 2)) * np.geomspace(1e-4, 1, 2000)[:, None]
            assert (loss(around) >= loss(w) - 1e-12).all()


@pytest.mark.parametrize("angle", [0.0, 30.0, -50.0, 90.0])
def test_the_colours_foretell_which_weight_becomes_zero(angle):
    rng = np.random.default_rng(1)
    for penalty in two.SHARES:
        state = Contact(penalty=penalty, angle=angle, strength=0.7)
        places = rng.uniform(-2, 2, (400, 2))
        steps = two.contact(places, two.curvature(angle), *state.parts)
        foretold = two.zeros(places, two.curvature(angle), *state.parts)
        assert ((steps == 0) == foretold).mean() > 0.995  # at the very edge the steps have not arrived
        assert foretold.any() == (penalty != "L2")


def test_things_to_try_with_the_contact_say_on_screen_what_the_lesson_says():
    first = Contact()
    assert "w₂ is exactly 0" in sentence(first) and "for 28 % of the places" in sentence(first)
    circle = first.replace(penalty="L2")
    assert (
        "No weight is 0" in sentence(circle)
        and "for 0 % of the places" in sentence(circle)
        and "0.13)" in sentence(circle)
    )
    for best in ((0.9, 0.2), (1.7, 0.2), (1.4, 0.35)):  # on orange, in a corner
        assert first.replace(best=best).compute().w[1] == 0
    assert first.replace(best=(0.2, 1.5)).compute().w[0] == 0  # on blue
    path = first.compute().path
    on_axis = path[:, 1] == 0
    assert not on_axis[0] and on_axis[-1] and (np.diff(on_axis.astype(int)) >= 0).all()  # to the axis, and along it
    round_path = circle.compute().path
    assert (round_path != 0).all() and (circle.replace(strength=2.0).compute().w != 0).all()
    assert "0.002). No weight is 0" in sentence(circle.replace(strength=2.0))
    assert first.replace(penalty="L1+L2").compute().w[1] == 0
    assert sentence(first.replace(penalty="L1+L2")).startswith("L1+L2 with λ₁ = λ₂ = 0.5: ")


def test_hand_keys_and_play_move_the_contact():
    first = Contact()
    assert first.pointer(Pointer("drag", "plane", 0.5, -3.0)).best == (0.5, -2.0)
    assert first.pointer(Pointer("down", "course", 1.25, 0.0)).strength == 1.25
    assert first.pointer(Pointer("hover", "plane", 0.5, 0.5)) is first is first.key("q")
    assert first.key("ArrowLeft").best == (1.15, 0.3) and first.key("ArrowUp").best == (1.2, 0.35)
    assert first.step().strength == 0.525 and not Contact(strength=2.0).can_step()
    assert Contact(strength=2.0).step().strength == 2.0
